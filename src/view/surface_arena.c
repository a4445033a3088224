/* The arena of surfaces: the race is run to its end as soon as there is time, and then played. What the plot
 * shows is plot.c's. */
#include "clock.h"
#include "timeline_view.h"
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STEPS_PER_S(speed) (30.0 * (speed))
static const ArenaSpeed speeds[] = {
    {STEPS_PER_S(0.25), "speed ×¼"},
    {STEPS_PER_S(0.5), "speed ×½"},
    {STEPS_PER_S(1), "speed ×1"},
    {STEPS_PER_S(2), "speed ×2"},
    {STEPS_PER_S(4), "speed ×4"},
    {STEPS_PER_S(8), "speed ×8"},
    {STEPS_PER_S(16), "speed ×16"},
    {STEPS_PER_S(32), "speed ×32"},
    {STEPS_PER_S(64), "speed ×64"},
};
enum { SPEEDS = sizeof speeds / sizeof *speeds, SPEED_OF_ONE = 2, STEPS_PER_LOOK = 32 };

static const double RACE_SLICE_S = 0.008;  /* of a frame; what is left comes in the next */
static const double THINK_SLICE_S = 0.002; /* of the same */

/* Following the scene. */

/* The surface or its parameters are others: what is known of it, and what was drawn of it. */
static void follow_surface(Viewer *viewer) {
    Subject *subject = &viewer->subject;
    double lowest;
    subject->lowest = surface_lowest(viewer->running.surface, &lowest) ? lowest : NAN;
    relief_heights_changed(viewer->ground.plane.relief, subject->lowest);
}

static void follow_race(Viewer *viewer) {
    viewer->subject.race_version++;
    memcpy(viewer->subject.start, race_trace(viewer->running.race, 0)->x, sizeof viewer->subject.start);
}

static bool apply(Viewer *viewer, Status *status) {
    Renewal renewal;
    if (!running_apply(&viewer->running, &viewer->editor.scene, &renewal, status)) return false;
    if (renewal == RENEWAL_NONE) return true;
    if (renewal == RENEWAL_SURFACE) {
        bool is_first = !viewer->ground.plane.relief;
        Camera camera = viewer->ground.plane.camera;
        if (!viewer_show_surface(viewer, status)) return false;
        /* While a formula is typed the picture stays where it is. */
        if (!is_first && viewer->ui.edit.name[0]) viewer->ground.plane.camera = camera;
    }
    if (renewal >= RENEWAL_PARAMETERS) follow_surface(viewer);
    follow_race(viewer);
    if (renewal == RENEWAL_SURFACE)
        memcpy(viewer->first_start, viewer->running.surface->start, sizeof viewer->first_start);
    return true;
}

/* The race stays: an undo may bring it back. */
static void leave(Viewer *viewer) {
    viewer->thinks = false;
    viewer->subject.veiled = false;
    viewer->chart.hovered_racer = -1;
}

/* Looks. */

static void tell_look(const Viewer *viewer, Look *look) {
    ground_view_tell_look(&viewer->ground, look);
    look->cloud = viewer->cloud;
    look->basins = viewer->basins;
    if (viewer->thinks) look->think = viewer->editor.selected + 1;
}

static void show_look(Viewer *viewer, const Look *look) {
    viewer->cloud = look->cloud;
    viewer->basins = look->basins;
    viewer->thinks = look->think > 0;
    if (viewer->thinks) viewer->editor.selected = look->think - 1;
    ground_view_show_look(&viewer->ground, look);
}

/* Time. */

static bool race_is_finished(const Viewer *viewer) {
    return race_steps_done(viewer->running.race) == race_step_count(viewer->running.race);
}

/* A chart by time needs it measured from the start on. */
static void measure_time(Viewer *viewer) {
    Race *race = viewer->running.race;
    bool wanted = viewer->chart.settings.axis == CHART_TIME;
    if (wanted == race_measures_time(race)) return;
    race_measure_time(race, wanted);
    if (!wanted) return;
    race_restart(race, NULL);
    viewer->subject.race_version++;
}

/* To its end or until the slice is over: a race too long for one frame comes in over several, its beginning
 * first. */
static void work(Viewer *viewer) {
    measure_time(viewer);
    double end_s = clock_now_s() + RACE_SLICE_S;
    while (!race_is_finished(viewer)) {
        for (int i = 0; i < STEPS_PER_LOOK && race_step(viewer->running.race); i++) continue;
        if (!viewer->subject.still && clock_now_s() >= end_s) break;
    }
}

static int64_t step_count(const Viewer *viewer) {
    return race_step_count(viewer->running.race);
}

static double pace(const Viewer *viewer) {
    return speeds[viewer->speed].steps_per_s;
}

static int usual_speed(const Viewer *viewer) {
    (void)viewer;
    return SPEED_OF_ONE;
}

static bool is_behind(const Viewer *viewer) {
    return !race_is_finished(viewer) || (viewer->thinks && viewer->think.behind);
}

static bool advance(Viewer *viewer, double seconds) {
    working_view_advance(&viewer->working, seconds);
    bool changed = is_behind(viewer);
    changed |= ground_view_advance(&viewer->ground, &viewer->subject, seconds);
    return changed;
}

static bool is_moving(const Viewer *viewer) {
    return is_behind(viewer) || ground_view_is_moving(&viewer->ground, &viewer->subject);
}

/* Pictures. */

static void prepare(Viewer *viewer) {
    Subject *subject = &viewer->subject;
    subject->surface = viewer->running.surface;
    subject->race = viewer->running.race;
    subject->read_racer = subject->still ? -1 : viewer->chart.hovered_racer;
    subject->read_row = viewer->chart.hovered_row;
    subject->seen = camera_box(&viewer->ground.plane.camera);
}

static void settle(Viewer *viewer) {
    bool still = viewer->subject.still;
    if (viewer->thinks) think_view_update(&viewer->think, &viewer->subject, still ? INFINITY : THINK_SLICE_S);
    if (still) ground_view_settle(&viewer->ground);
}

/* The panel that works a step out takes its room from the plot. */
static void lay_out(Viewer *viewer, const Canvas *canvas) {
    viewer->working_rect = (Rect){0, 0, 0, 0};
    if (!viewer->thinks) return;
    viewer->working.plays = viewer->playing;
    viewer->working_rect = working_view_place(canvas, &viewer->layout.plot);
}

static void draw_plot(Viewer *viewer, Canvas *canvas, Rect covered) {
    viewer_draw_plot(viewer, canvas, covered);
    viewer->subject.seen = camera_box(&viewer->ground.plane.camera); /* the plot may have another size now */
}

static void pass_panel(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    const Subject *subject = &viewer->subject;
    chart_view(&viewer->chart, ui, viewer->layout.chart, subject);
    cards_view(&viewer->cards, ui, viewer->layout.cards, subject, &viewer->editor);
}

static void pass_plot(Viewer *viewer) {
    working_view(&viewer->working, &viewer->ui, viewer->working_rect, &viewer->subject, &viewer->think);
    viewer_handle_plot(viewer);
}

static bool pass_timeline(Viewer *viewer, int64_t *step) {
    return timeline_view(&viewer->ui, viewer->layout.timeline, step, step_count(viewer), "");
}

static const char *title(const Viewer *viewer) {
    return subject_surface_title(&viewer->subject);
}

/* What actions do. */

void viewer_move_start(Viewer *viewer, const double start[2]) {
    Scene *scene = editor_change(&viewer->editor, "start", viewer->ui.gesture);
    scene->has_start = true;
    memcpy(scene->start, start, sizeof scene->start);
    viewer->ground.plane.start_touched = true;
    viewer_apply(viewer);
}

/* The start may lie anywhere in the surface's own box, whatever part of it is in sight. */
static void start_at_random(Viewer *viewer) {
    const Box *box = &viewer->running.surface->box;
    double x = rng_uniform(&viewer->rng, box->x_min, box->x_max);
    double y = rng_uniform(&viewer->rng, box->y_min, box->y_max);
    viewer_move_start(viewer, (double[]){x, y});
}

/* Of the first racer, where none is chosen. */
static void toggle_thinking(Viewer *viewer) {
    viewer->thinks = !viewer->thinks;
    if (viewer->thinks && viewer->editor.selected < 0) viewer->editor.selected = 0;
}

/* The map of the chosen racer, or of the first; none where it is shown already. */
static void toggle_basins(Viewer *viewer) {
    const int chosen = viewer->editor.selected < 0 ? 1 : viewer->editor.selected + 1;
    viewer->basins = viewer->basins == chosen ? 0 : chosen;
}

static void toggle_cloud(Viewer *viewer) {
    enum { GRADIENTS = 200 };
    bool any = false;
    for (int i = 0; i < race_racer_count(viewer->running.race); i++)
        any |= cloud_exists(viewer->running.race, i);
    viewer->cloud = viewer->cloud > 0 ? 0 : GRADIENTS;
    if (viewer->cloud > 0 && !any)
        viewer_notify(viewer, "no racer has a gradient that depends on chance: noise, or batches");
}

static void next_surface(Viewer *viewer) {
    const SurfaceRow *row = viewer->running.surface->row;
    int i = row ? (int)(row - surface_table) : -1;
    viewer_choose_surface(viewer, surface_table[(i + 1) % surface_count].name);
}

void viewer_choose_surface(Viewer *viewer, const char *name_or_formula) {
    char *copy = strdup(name_or_formula);
    if (!copy) return;
    Scene *scene = editor_change(&viewer->editor, "surface", ++viewer->ui.gesture);
    scene_set_surface(scene, copy);
    scene->n_settings = 0;
    scene->has_start = false;
    network_scene_turn_off(&scene->network);
    viewer_apply(viewer);
}

static const GroundView *ground(const Viewer *viewer) {
    return &viewer->ground;
}

static bool act(Viewer *viewer, Action action) {
    switch (action) {
    case ACTION_RANDOM_START: start_at_random(viewer); break;
    case ACTION_OWN_START: viewer_move_start(viewer, viewer->first_start); break;
    /* Of the surface as it is now: it may have been typed since the picture was laid out. */
    case ACTION_RESET_VIEW: ground_view_reset(&viewer->ground, viewer->running.surface->box); break;
    case ACTION_CHART_QUANTITY: chart_view_next_quantity(&viewer->chart, &viewer->subject, 1); break;
    case ACTION_CHART_BACK: chart_view_next_quantity(&viewer->chart, &viewer->subject, -1); break;
    case ACTION_CHART_AXIS: chart_view_next_axis(&viewer->chart); break;
    case ACTION_CHART_SCALE: chart_view_next_scale(&viewer->chart); break;
    case ACTION_THINK: toggle_thinking(viewer); break;
    case ACTION_BASINS: toggle_basins(viewer); break;
    case ACTION_CLOUD: toggle_cloud(viewer); break;
    case ACTION_NEXT_SURFACE: next_surface(viewer); break;
    case ACTION_FORMULA: viewer_edit_formula(viewer); break;
    default: return ground_view_act(&viewer->ground, action);
    }
    return true;
}

const Arena surface_arena = {
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
    .reached = step_count,
    .advance = advance,
    .is_moving = is_moving,
    .prepare = prepare,
    .settle = settle,
    .lay_out = lay_out,
    .draw_plot = draw_plot,
    .pass_panel = pass_panel,
    .pass_timeline = pass_timeline,
    .pass_plot = pass_plot,
    .draw_figure = viewer_draw_surface_figure,
    .ground = ground,
    .act = act,
    .title = title,
};
