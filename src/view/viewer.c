/* The viewer's life: what it is made of, what a picture consists of, and what time does. What actions do is
 * in controls.c; what each part looks like, in the part's own file. */
#include "viewer_state.h"

#include "record_mark.h"
#include "timeline_view.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const double viewer_speeds[] = {0.25, 0.5, 1, 2, 4, 8, 16, 32, 64};
const int viewer_speed_count = sizeof viewer_speeds / sizeof *viewer_speeds;
enum { STEPS_PER_LOOK = 32 };

static const double RACE_SLICE_S = 0.008;  /* of a frame; what is left comes in the next */
static const double THINK_SLICE_S = 0.002; /* of the same */
static const double NOTICE_S = 4;
static const float NOTICE_HEIGHT = 30, NOTICE_PADDING = 14, COUNTDOWN_SIZE = 160;

static double now_s(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The surface or its parameters are others: what is known of it, and what was drawn of it. */
static void follow_surface(Viewer *viewer) {
    Subject *subject = &viewer->subject;
    double lowest;
    subject->lowest = surface_lowest(viewer->running.surface, &lowest) ? lowest : NAN;
    relief_surface_changed(viewer->plane.relief, subject->lowest);
}

static void follow_race(Viewer *viewer) {
    Subject *subject = &viewer->subject;
    subject->surface = viewer->running.surface;
    subject->race = viewer->running.race;
    subject->race_version++;
    memcpy(subject->start, race_trace(subject->race, 0)->x, sizeof subject->start);
    double end = (double)race_step_count(subject->race);
    if (viewer->position > end) viewer->position = end;
}

Viewer *viewer_create(const Scene *scene, Pool *pool, Status *status) {
    Viewer *viewer = calloc(1, sizeof *viewer);
    if (!viewer) {
        status_fail(status, STATUS_FAILED, "not enough memory for the window");
        return NULL;
    }
    viewer->speed = VIEWER_SPEED_OF_ONE;
    viewer->text_size = TEXT_SIZE_USUAL;
    viewer->rng = rng_seed(scene->seed);
    viewer->pool = pool;
    viewer->subject = (Subject){.lowest = NAN, .selected = -1};
    viewer->lesson = -1;
    ui_init(&viewer->ui);
    chart_view_init(&viewer->chart, "chart");
    Renewal renewal;
    if (!think_view_init(&viewer->think, status) || !editor_init(&viewer->editor, scene, status) ||
        !running_apply(&viewer->running, &viewer->editor.scene, &renewal, status) ||
        !viewer_show_surface(viewer, status)) {
        viewer_destroy(viewer);
        return NULL;
    }
    viewer_show_look(viewer, &scene->look);
    follow_surface(viewer);
    follow_race(viewer);
    memcpy(viewer->first_start, viewer->subject.start, sizeof viewer->first_start);
    return viewer;
}

void viewer_destroy(Viewer *viewer) {
    if (!viewer) return;
    terrain_view_finish(&viewer->space);
    surface_view_finish(&viewer->plane);
    think_view_finish(&viewer->think);
    working_view_finish(&viewer->working);
    chart_view_finish(&viewer->chart);
    running_finish(&viewer->running);
    editor_finish(&viewer->editor);
    palette_finish(&viewer->palette);
    viewer_leave_lesson(viewer);
    lesson_view_finish(&viewer->lesson_view);
    browser_finish(&viewer->browser);
    ui_finish(&viewer->ui);
    text_finish(&viewer->copied);
    text_finish(&viewer->path);
    free(viewer);
}

bool viewer_apply(Viewer *viewer) {
    if (viewer->editor.version == viewer->applied_version) return true;
    Status status = status_ok();
    Renewal renewal;
    bool good = running_apply(&viewer->running, &viewer->editor.scene, &renewal, &status);
    if (!good) {
        viewer_notify(viewer, status.message);
        editor_withdraw(&viewer->editor);
        renewal = RENEWAL_NONE;
    }
    viewer->applied_version = viewer->editor.version;
    if (renewal == RENEWAL_NONE) return good;
    if (renewal == RENEWAL_SURFACE) {
        Camera camera = viewer->plane.camera;
        if (!viewer_show_surface(viewer, &status)) viewer_notify(viewer, status.message);
        /* While a formula is typed the picture stays where it is. */
        if (viewer->ui.edit.name[0]) viewer->plane.camera = camera;
    }
    if (renewal >= RENEWAL_PARAMETERS) follow_surface(viewer);
    follow_race(viewer);
    if (renewal == RENEWAL_SURFACE)
        memcpy(viewer->first_start, viewer->running.surface->start, sizeof viewer->first_start);
    return good;
}

static bool race_is_finished(const Viewer *viewer) {
    return race_steps_done(viewer->running.race) == race_step_count(viewer->running.race);
}

/* Runs the race on, to its end or until the slice is over: a race too long for one frame comes in over
 * several, its beginning first. */
static void work_on_race(Viewer *viewer) {
    double end_s = now_s() + RACE_SLICE_S;
    while (!race_is_finished(viewer)) {
        for (int i = 0; i < STEPS_PER_LOOK && race_step(viewer->running.race); i++) continue;
        if (!viewer->subject.still && now_s() >= end_s) break;
    }
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

/* Where the notice will be; without width where there is none. */
static Rect notice_rect(const Viewer *viewer, Canvas *canvas, char text[FITTED_BYTES]) {
    Rect plot = viewer->layout.plot;
    if ((viewer->notice_s <= 0 && !viewer->told) || viewer->subject.still) return (Rect){0, 0, 0, 0};
    const char *message = viewer->notice_s > 0 ? viewer->notice : viewer->told_text;
    float width = text_fit(canvas, FONT_TEXT, SIZE_NAME, message, plot.width - 4 * NOTICE_PADDING, text) +
                  2 * NOTICE_PADDING;
    return (Rect){
        roundf(plot.x + 0.5f * (plot.width - width)), plot.y + NOTICE_PADDING, width, NOTICE_HEIGHT};
}

static void draw_notice(Canvas *canvas, const Theme *theme, Rect rect, const char *text) {
    if (rect.width <= 0) return;
    canvas_fill_rect(canvas, rect, 6, theme->raised);
    canvas_stroke_rect(canvas, rect, 6, 1, theme->line);
    canvas_text(canvas, rect.x + 0.5f * rect.width, text_baseline(rect.y + 0.5f * rect.height, SIZE_NAME),
        ALIGN_CENTRE, FONT_TEXT, SIZE_NAME, theme->text, text);
}

/* Where 3, 2, 1 will be; without width where there is no countdown. */
static Rect countdown_rect(const Viewer *viewer) {
    Rect plot = viewer->layout.plot;
    if (viewer->countdown_s <= 0) return (Rect){0, 0, 0, 0};
    float side = 1.24f * fminf(COUNTDOWN_SIZE, 0.6f * plot.height);
    return (Rect){plot.x + 0.5f * (plot.width - side), plot.y + 0.5f * (plot.height - side), side, side};
}

static void draw_countdown(const Viewer *viewer, Canvas *canvas, Rect rect) {
    const Theme *theme = viewer->subject.theme;
    char digit[NUMBER_BYTES];
    snprintf(digit, sizeof digit, "%.0f", ceil(viewer->countdown_s));
    float size = rect.width / 1.24f;
    canvas_fill_rect(canvas, rect, 0.5f * rect.width, theme->panel);
    canvas_text(canvas, rect.x + 0.5f * rect.width, text_baseline(rect.y + 0.5f * rect.height, size),
        ALIGN_CENTRE, FONT_STRONG, size, theme->text, digit);
}

static void handle_timeline(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    int64_t step = viewer_step(viewer);
    if (timeline_view(ui, viewer->layout.timeline, &step, race_step_count(viewer->running.race)))
        viewer_set_step(viewer, step);
    const Event *event = ui->event;
    if (!event || event->type != EVENT_WHEEL || !rect_contains(viewer->layout.timeline, event->x, event->y))
        return;
    viewer_act(viewer, event->scroll > 0 ? ACTION_STEP_FORWARD : ACTION_STEP_BACK);
    ui_take(ui);
}

/* The panel that works a step out takes its room from the plot. */
static void place_working(Viewer *viewer, const Canvas *canvas) {
    viewer->working_rect = (Rect){0, 0, 0, 0};
    if (!viewer->thinks) return;
    viewer->working.plays = viewer->playing;
    viewer->working_rect = working_view_place(canvas, &viewer->layout.plot);
}

static void prepare_subject(Viewer *viewer) {
    viewer->subject.step = viewer->editor.step = viewer_step(viewer);
    viewer->subject.selected = viewer->editor.selected;
    viewer->subject.read_racer = viewer->subject.still ? -1 : viewer->chart.hovered_racer;
    viewer->subject.read_row = viewer->chart.hovered_row;
    viewer->subject.seen = camera_box(&viewer->plane.camera);
}

/* What stands around the plot. */
static void pass_panels(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    const WindowLayout *layout = &viewer->layout;
    const Subject *subject = &viewer->subject;
    BarState bar = {
        .playing = viewer->playing,
        .branches = viewer->editor.branches,
        .help_open = viewer->help_open,
        .panel_hidden = layout->panel.width <= 0,
        .speed = viewer_speeds[viewer->speed],
        .mode = viewer->mode,
    };
    bar_view(ui, layout->bar, subject, &bar);
    chart_view(&viewer->chart, ui, layout->chart, subject);
    cards_view(&viewer->cards, ui, layout->cards, subject, &viewer->editor);
    handle_timeline(viewer);
}

/* All parts of the window, drawn or asked what an event means to them. */
static void pass_parts(Viewer *viewer, Canvas *canvas) {
    Ui *ui = &viewer->ui;
    const WindowLayout *layout = &viewer->layout;
    const Subject *subject = &viewer->subject;
    if (ui->draws) {
        char notice[FITTED_BYTES];
        Rect covered = notice_rect(viewer, canvas, notice), countdown = countdown_rect(viewer);
        canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0, ui->theme->background);
        viewer_draw_plot(viewer, canvas, countdown.width > 0 ? countdown : covered);
        viewer->subject.seen = camera_box(&viewer->plane.camera); /* the plot may have another size now */
        draw_notice(canvas, ui->theme, covered, notice);
        if (countdown.width > 0) draw_countdown(viewer, canvas, countdown);
        canvas_fill_rect(canvas, layout->panel, 0, ui->theme->panel);
    }
    if (!viewer->bare) pass_panels(viewer);
    working_view(&viewer->working, ui, viewer->working_rect, subject, &viewer->think);
    if (viewer_is_in_lesson(viewer))
        lesson_view(&viewer->lesson_view, ui, viewer->lesson_rect, &viewer->course,
            viewer->lesson < 0 ? 0 : viewer->lessons.n);
    viewer_handle_plot(viewer);
}

void viewer_prepare(Viewer *viewer, Canvas *canvas) {
    measure_time(viewer);
    work_on_race(viewer);
    viewer->canvas = canvas;
    prepare_subject(viewer);
    if (viewer->thinks)
        think_view_update(&viewer->think, &viewer->subject, viewer->subject.still ? INFINITY : THINK_SLICE_S);
    if (viewer->subject.still) {
        camera_settle(&viewer->plane.camera);
        orbit_settle(&viewer->space.orbit);
        surface_view_forget_labels(&viewer->plane);
        terrain_view_forget_labels(&viewer->space);
    }
    canvas_reset_clip(canvas);
}

void viewer_draw(Viewer *viewer, Canvas *canvas) {
    viewer->layout = viewer->bare ? (WindowLayout){.plot = {0, 0, canvas->width, canvas->height}}
                                  : window_layout(canvas, viewer->panel);
    viewer_place_lesson(viewer, canvas);
    viewer_prepare(viewer, canvas);
    place_working(viewer, canvas);
    ui_begin(&viewer->ui, canvas, viewer->subject.theme, NULL);
    pass_parts(viewer, canvas);
    viewer_draw_mark(viewer, canvas);
    if (viewer->browser.open)
        browser_view(&viewer->browser, &viewer->ui, &viewer->lessons);
    else if (viewer->palette.open)
        palette_view(&viewer->palette, &viewer->ui);
    else if (viewer->help_open)
        help_view(&viewer->help, &viewer->ui);
    ui_end(&viewer->ui);
    viewer->draws_again = viewer->ui.changed || (viewer->thinks && viewer->think.behind);
}

void viewer_draw_finished(Viewer *viewer, Canvas *canvas) {
    viewer->subject.still = true;
    viewer_draw(viewer, canvas);
    viewer->subject.still = false;
}

/* Of an event that no part of the picture took; NULL: there is none left. */
static Action action_of(const Viewer *viewer, const Event *event) {
    if (!event) return ACTION_NONE;
    return event->type == EVENT_PASTE ? ACTION_PASTE : key_action(event, viewer_is_in_lesson(viewer));
}

bool viewer_handle(Viewer *viewer, const Event *event) {
    if (!viewer->canvas) return true;
    Ui *ui = &viewer->ui;
    prepare_subject(viewer);
    ui_begin(ui, viewer->canvas, viewer->subject.theme, event);
    PaletteItem choice = {.kind = PALETTE_NONE};
    int lesson = -1;
    if (viewer->browser.open)
        lesson = browser_view(&viewer->browser, ui, &viewer->lessons);
    else if (viewer->palette.open)
        choice = palette_view(&viewer->palette, ui);
    else if (!viewer->help_open)
        pass_parts(viewer, ui->canvas);
    else if (help_view(&viewer->help, ui))
        viewer->help_open = false;
    ui_end(ui);
    Action action = ui->posted != ACTION_NONE ? ui->posted : action_of(viewer, ui->event);
    if (ui->copied.length > 0) viewer_copy(viewer, text_string(&ui->copied));
    bool changed = ui->changed || event->type == EVENT_RESIZE;
    if (action != ACTION_NONE) changed |= viewer_act(viewer, action);
    if (viewer->editor.asks_for_box) camera_show(&viewer->plane.camera, viewer->editor.box);
    viewer->editor.asks_for_box = false;
    if (ui->told[0]) viewer_notify(viewer, ui->told);
    if (choice.kind != PALETTE_NONE) viewer_choose(viewer, &choice);
    if (lesson >= 0) viewer_open_lesson(viewer, lesson);
    viewer_apply(viewer);
    return changed;
}

static bool advance_race(Viewer *viewer, double seconds) {
    int64_t before = (int64_t)viewer->position;
    int64_t last = race_step_count(viewer->running.race);
    double end = (double)(viewer->play_end < last ? viewer->play_end : last);
    viewer->position += seconds * VIEWER_STEPS_PER_SECOND * viewer_speeds[viewer->speed];
    if (viewer->position < end) return (int64_t)viewer->position != before;
    viewer->position = end;
    viewer->playing = false;
    return true;
}

bool viewer_advance(Viewer *viewer, double seconds) {
    working_view_advance(&viewer->working, seconds);
    bool changed = !race_is_finished(viewer) || viewer->draws_again;
    changed |= viewer_advance_plot(viewer, seconds);
    changed |= ui_advance(&viewer->ui, seconds);
    changed |= viewer_advance_lesson(viewer, seconds);
    if (viewer->notice_s > 0) {
        viewer->notice_s -= seconds;
        changed |= viewer->notice_s <= 0;
    }
    if (viewer->countdown_s > 0) {
        double before = ceil(viewer->countdown_s);
        viewer->countdown_s = fmax(viewer->countdown_s - seconds, 0);
        if (viewer->countdown_s == 0) viewer_play(viewer, true);
        changed |= ceil(viewer->countdown_s) != before;
    }
    if (viewer->playing) changed |= advance_race(viewer, seconds);
    return changed;
}

bool viewer_is_animating(const Viewer *viewer) {
    return viewer->playing || viewer->notice_s > 0 || viewer->countdown_s > 0 || viewer->draws_again ||
           viewer_plot_is_moving(viewer) || viewer_lesson_is_moving(viewer) || ui_is_waiting(&viewer->ui) ||
           !race_is_finished(viewer);
}

void viewer_set_bare(Viewer *viewer, bool bare) {
    viewer->bare = bare;
}

void viewer_set_backdrop(Viewer *viewer, Colour colour) {
    Theme *theme = &viewer->backdrop[viewer->subject.theme == &viewer->backdrop[0]];
    *theme = *viewer->subject.theme;
    theme->background = colour;
    viewer->subject.theme = theme;
}

void viewer_set_step(Viewer *viewer, int64_t step) {
    int64_t end = race_step_count(viewer->running.race);
    viewer->position = (double)(step < 0 ? 0 : step > end ? end : step);
    viewer->playing = false;
    viewer->countdown_s = 0;
}

int64_t viewer_step(const Viewer *viewer) {
    return (int64_t)viewer->position;
}

void viewer_play(Viewer *viewer, bool playing) {
    if (playing && viewer_step(viewer) == race_step_count(viewer->running.race)) viewer->position = 0;
    viewer->playing = playing;
    viewer->play_end = INT64_MAX;
}

ViewerRequest viewer_take_request(Viewer *viewer) {
    ViewerRequest request = viewer->request;
    viewer->request = VIEWER_REQUEST_NONE;
    return request;
}

void viewer_copy(Viewer *viewer, const char *text) {
    text_clear(&viewer->copied);
    text_append(&viewer->copied, "%s", text);
    viewer->request = VIEWER_REQUEST_COPY;
}

const char *viewer_copied(const Viewer *viewer) {
    return text_string(&viewer->copied);
}

int viewer_text_size(const Viewer *viewer) {
    return viewer->text_size;
}

void viewer_draw_record_mark(const Viewer *viewer, Canvas *canvas, double seconds) {
    const Rect *plot = &viewer->layout.plot;
    record_mark_draw(canvas, plot->x + plot->width, plot->y, seconds);
}

void viewer_tell(Viewer *viewer, const char *message) {
    viewer->told = message != NULL;
    viewer->notice_s = 0;
    if (message) snprintf(viewer->told_text, sizeof viewer->told_text, "%s", message);
}

void viewer_notify(Viewer *viewer, const char *message) {
    snprintf(viewer->notice, sizeof viewer->notice, "%s", message);
    viewer->notice_s = NOTICE_S;
}

const char *viewer_title(const Viewer *viewer) {
    return subject_surface_title(&viewer->subject);
}
