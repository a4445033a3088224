/* The arena of networks: they train behind the window up to the step that is shown, and what was kept on the
 * way is shown again where a person goes back. */
#include "network_view.h"
#include "timeline_view.h"
#include "view_tabs.h"
#include "viewer_state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const ArenaSpeed speeds[] = {
    {1, "1/s"},
    {3, "3/s"},
    {10, "10/s"},
    {30, "30/s"},
    {100, "100/s"},
    {300, "300/s"},
    {1000, "1000/s"},
    {INFINITY, "full speed"},
};
enum { SPEEDS = sizeof speeds / sizeof *speeds };

static const double RACE_S = 25;    /* a race is opened with a speed that it takes about so long with */
static const double REPLAY_S = 5;   /* at full speed what was trained already is shown again in so long */
static const double AHEAD_S = 0.05; /* so far playing goes ahead of the training */
static const double WORK_SLICE_S = 0.008; /* of a frame, without threads */
/* Of a frame, for what its view computes; and of a processor's time, for all that pictures take. */
static const double VIEW_SLICE_S = 0.004, STRAINED_SLICE_S = 0.00075, STRAINED_SHARE = 0.125;
static const float CURVES_SHARE = 0.46f, CURVES_HEIGHT_MIN = 220;

static const NetworkView *view_of(const Viewer *viewer) {
    return network_views[network_view_shown(viewer->network)];
}

static LiveTraining *live_of(const Viewer *viewer) {
    return viewer->network->live;
}

/* Following the scene. */

static bool apply(Viewer *viewer, Status *status) {
    int threads = viewer->pool ? pool_width(viewer->pool) - 1 : 0;
    const LiveTraining *before = viewer->network ? viewer->network->live : NULL;
    if (!network_stage_follow(&viewer->network, &viewer->editor.scene, threads, status)) return false;
    viewer->subject.race_version += viewer->network->live != before;
    return true;
}

static void leave(Viewer *viewer) {
    network_stage_destroy(viewer->network);
    viewer->network = NULL;
    viewer->subject.networks = NULL;
}

static void show_look(Viewer *viewer, const Look *look) {
    viewer->network->picture = look->picture;
    for (int i = 0; i < NETWORK_PICTURES; i++)
        if (network_views[i] && network_views[i]->show_look)
            network_views[i]->show_look(viewer->network, look);
}

static void tell_look(const Viewer *viewer, Look *look) {
    look->picture = viewer->network->picture;
    for (int i = 0; i < NETWORK_PICTURES; i++)
        if (network_views[i] && network_views[i]->tell_look)
            network_views[i]->tell_look(viewer->network, look);
}

/* Time. */

static int64_t step_count(const Viewer *viewer) {
    return viewer->network->steps;
}

static int usual_speed(const Viewer *viewer) {
    int speed = 0;
    while (speed + 1 < SPEEDS && (double)step_count(viewer) / speeds[speed].steps_per_s > RACE_S) speed++;
    return speed;
}

static bool is_flat_out(const Viewer *viewer) {
    return viewer->playing && speeds[viewer->speed].steps_per_s == INFINITY;
}

static double pace(const Viewer *viewer) {
    if (!is_flat_out(viewer)) return speeds[viewer->speed].steps_per_s;
    return fmax((double)live_training_done(live_of(viewer)) / REPLAY_S, 1);
}

static int64_t reached(const Viewer *viewer) {
    int64_t done = live_training_done(live_of(viewer)), end = step_count(viewer);
    if (is_flat_out(viewer)) return done;
    int64_t ahead = done + (int64_t)fmax(AHEAD_S * speeds[viewer->speed].steps_per_s, 1);
    return ahead < end ? ahead : end;
}

/* At full speed the step that is shown is that of the newest state. */
static void follow_newest(Viewer *viewer) {
    LiveTraining *live = live_of(viewer);
    live_training_aim(live, viewer->play_end);
    live_training_look(live, INT64_MAX);
    const LiveState *state = live_training_state(live);
    if (state && (double)state->step > viewer->position) viewer->position = (double)state->step;
}

static void work(Viewer *viewer) {
    NetworkStage *stage = viewer->network;
    int64_t step = viewer_step(viewer);
    stage->strains = stage->pool && live_training_is_busy(stage->live);
    if (!is_flat_out(viewer)) stage->follows = false;
    if (is_flat_out(viewer) && step >= live_training_done(stage->live)) stage->follows = true;
    const NetworkView *view = view_of(viewer);
    const bool to_end = view->needs_all && view->needs_all(stage);
    if (viewer->subject.still)
        live_training_reach(stage->live, to_end ? live_training_steps(stage->live) : step);
    if (stage->follows && !viewer->subject.still) {
        follow_newest(viewer);
    } else {
        live_training_aim(stage->live, step);
        live_training_look(stage->live, step);
    }
    live_training_work(stage->live, WORK_SLICE_S);
    network_stage_train_seeds(
        stage, step, viewer->subject.still, live_training_is_busy(stage->live) ? 0 : WORK_SLICE_S);
    network_stage_measure(stage);
    /* Playing went ahead of the training, or a hand did, to where it will not come any more. */
    viewer->position = fmin(viewer->position, (double)stage->steps);
    network_stage_report(stage, viewer_step(viewer));
}

static bool is_behind(const Viewer *viewer) {
    const NetworkStage *stage = viewer->network;
    const LiveState *state = live_training_state(stage->live);
    return live_training_is_busy(stage->live) || (stage->runs && seed_runs_are_busy(stage->runs)) || !state ||
           view_of(viewer)->is_behind(viewer) ||
           (state->step < viewer_step(viewer) && state->step < live_training_done(stage->live));
}

static bool advance(Viewer *viewer, double seconds) {
    const NetworkView *view = view_of(viewer);
    const bool moved = view->advance && view->advance(viewer, seconds);
    return is_behind(viewer) || moved;
}

/* Pictures. */

static double share(const Viewer *viewer) {
    return viewer->network->strains ? STRAINED_SHARE : 1;
}

static double slice_s(const Viewer *viewer) {
    if (viewer->subject.still) return INFINITY;
    return viewer->network->strains ? STRAINED_SLICE_S : VIEW_SLICE_S;
}

static bool refreshes(const Viewer *viewer) {
    return view_of(viewer)->refresh != NULL;
}

static void refresh(Viewer *viewer, Canvas *canvas) {
    view_of(viewer)->refresh(viewer, canvas, viewer->layout.plot, slice_s(viewer));
}

static void prepare(Viewer *viewer) {
    Subject *subject = &viewer->subject;
    subject->surface = NULL;
    subject->race = NULL;
    subject->networks = &viewer->network->networks;
    subject->read_racer = -1;
}

static void settle(Viewer *viewer) {
    if (viewer->subject.still) viewer->network->curves.read_place = -1;
}

/* The tabs take their room from the plot. Where the curves fill the plot the panel has the cards alone. */
static void lay_out(Viewer *viewer, const Canvas *canvas) {
    WindowLayout *layout = &viewer->layout;
    Rect *plot = &layout->plot, *tabs = &viewer->network->tabs;
    *tabs = (Rect){plot->x, plot->y, viewer->bare ? 0 : plot->width, viewer->bare ? 0 : VIEW_TABS_HEIGHT};
    tabs->height = roundf(fminf(tabs->height, 0.25f * plot->height) * canvas->scale) / canvas->scale;
    plot->y += tabs->height;
    plot->height -= tabs->height;
    float height = layout->panel.height;
    float curves = fminf(fmaxf(CURVES_SHARE * height, CURVES_HEIGHT_MIN), height);
    curves = view_of(viewer)->has_curves ? 0 : roundf(curves * canvas->scale) / canvas->scale;
    layout->chart.height = layout->panel.width > 0 ? curves : 0;
    layout->cards.y = layout->panel.y + layout->chart.height;
    layout->cards.height = layout->panel.width > 0 ? height - layout->chart.height : 0;
}

static void draw_plot(Viewer *viewer, Canvas *canvas, Rect covered) {
    (void)covered;
    const NetworkView *view = view_of(viewer);
    if (view->draw) view->draw(viewer, canvas, viewer->layout.plot, slice_s(viewer));
}

static void pass_panel(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    if (!view_of(viewer)->has_curves) network_curves_pass(viewer, viewer->layout.chart, false);
    cards_view(&viewer->cards, ui, viewer->layout.cards, &viewer->subject, &viewer->editor);
}

static bool pass_timeline(Viewer *viewer, int64_t *step) {
    int64_t steps = step_count(viewer), epoch = live_training_epoch_steps(live_of(viewer));
    char prefix[64], last[32];
    int digits = snprintf(last, sizeof last, "%" PRId64, steps / epoch);
    snprintf(prefix, sizeof prefix, "epoch %*" PRId64 " · ", digits, *step / epoch);
    return timeline_view(&viewer->ui, viewer->layout.timeline, step, steps, prefix);
}

static void pass_plot(Viewer *viewer) {
    const Rect *tabs = &viewer->network->tabs, *plot = &viewer->layout.plot;
    Rect tools = {plot->x, plot->y, 0, 0};
    if (tabs->width > 0) tools = view_tabs(&viewer->ui, *tabs, viewer->network);
    view_of(viewer)->pass(viewer, *plot, tools);
}

static void draw_figure(Viewer *viewer, Canvas *canvas, Figure figure, Rect rect) {
    bool is_plot = figure == FIGURE_PLOT;
    viewer->layout.plot = rect;
    if (is_plot) draw_plot(viewer, canvas, (Rect){0, 0, 0, 0});
    ui_begin(&viewer->ui, canvas, viewer->subject.theme, NULL);
    if (is_plot)
        view_of(viewer)->pass(viewer, rect, (Rect){rect.x, rect.y, 0, 0});
    else
        network_curves_pass(viewer, rect, false);
    ui_end(&viewer->ui);
}

static const char *title(const Viewer *viewer) {
    return viewer->network->title;
}

static void change_seed(Viewer *viewer, uint64_t seed) {
    editor_change(&viewer->editor, "seed", ++viewer->ui.gesture)->seed = seed;
}

static const GroundView *ground(const Viewer *viewer) {
    const NetworkView *view = view_of(viewer);
    return view->ground ? view->ground(viewer->network) : NULL;
}

static bool act(Viewer *viewer, Action action) {
    const NetworkView *view = view_of(viewer);
    if (view->act && view->act(viewer, action)) return true;
    switch (action) {
    case ACTION_NEXT_VIEW: network_view_go(viewer->network, 1); break;
    case ACTION_PREVIOUS_VIEW: network_view_go(viewer->network, -1); break;
    case ACTION_RANDOM_START: change_seed(viewer, viewer->editor.scene.seed + 1); break;
    case ACTION_OWN_START: change_seed(viewer, 1); break;
    case ACTION_CHART_AXIS: curves_view_next_axis(&viewer->network->curves); break;
    case ACTION_CHART_QUANTITY: curves_view_next_lower(&viewer->network->curves, 1); break;
    case ACTION_CHART_BACK: curves_view_next_lower(&viewer->network->curves, -1); break;
    case ACTION_CHART_SCALE: curves_view_next_scale(&viewer->network->curves, CURVES_UPPER); break;
    default: return false;
    }
    return true;
}

const Arena network_arena = {
    .speeds = speeds,
    .n_speeds = SPEEDS,
    .usual_speed = usual_speed,
    .apply = apply,
    .leave = leave,
    .show_look = show_look,
    .tell_look = tell_look,
    .work = work,
    .step_count = step_count,
    .pace = pace,
    .reached = reached,
    .advance = advance,
    .is_moving = is_behind,
    .share = share,
    .refreshes = refreshes,
    .refresh = refresh,
    .prepare = prepare,
    .settle = settle,
    .lay_out = lay_out,
    .draw_plot = draw_plot,
    .pass_panel = pass_panel,
    .pass_timeline = pass_timeline,
    .pass_plot = pass_plot,
    .draw_figure = draw_figure,
    .ground = ground,
    .act = act,
    .title = title,
};
