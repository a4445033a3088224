/* The viewer's life: what it is made of, what a picture consists of, and what time does. What actions do is
 * in controls.c; what each part looks like, in the part's own file. */
#include "viewer_state.h"

#include "record_mark.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double NOTICE_S = 4;
static const float NOTICE_HEIGHT = 30, NOTICE_PADDING = 14, COUNTDOWN_SIZE = 160;

/* What runs follows the editor's scene, which may be of another kind. */
static bool follow_scene(Viewer *viewer, Status *status) {
    const Arena *arena = arena_of(&viewer->editor.scene), *before = viewer->arena;
    if (!arena->apply(viewer, status)) return false;
    if (arena != before) {
        if (before) before->leave(viewer);
        viewer->arena = arena;
        viewer->speed = arena->usual_speed(viewer);
    }
    arena->prepare(viewer);
    return true;
}

Viewer *viewer_create(const Scene *scene, Pool *pool, Status *status) {
    Viewer *viewer = calloc(1, sizeof *viewer);
    if (!viewer) {
        status_fail(status, STATUS_FAILED, "not enough memory for the window");
        return NULL;
    }
    viewer->text_size = TEXT_SIZE_USUAL;
    viewer->rng = rng_seed(scene->seed);
    viewer->pool = pool;
    viewer->subject = (Subject){.lowest = NAN, .selected = -1};
    viewer->lesson = -1;
    ui_init(&viewer->ui);
    chart_view_init(&viewer->chart, "chart");
    if (!think_view_init(&viewer->think, status) || !editor_init(&viewer->editor, scene, status) ||
        !follow_scene(viewer, status)) {
        viewer_destroy(viewer);
        return NULL;
    }
    viewer_show_look(viewer, &scene->look);
    return viewer;
}

void viewer_destroy(Viewer *viewer) {
    if (!viewer) return;
    ground_view_finish(&viewer->ground);
    think_view_finish(&viewer->think);
    working_view_finish(&viewer->working);
    chart_view_finish(&viewer->chart);
    running_finish(&viewer->running);
    network_stage_destroy(viewer->network);
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
    bool good = follow_scene(viewer, &status);
    if (!good) {
        viewer_notify(viewer, status.message);
        editor_withdraw(&viewer->editor);
    }
    viewer->applied_version = viewer->editor.version;
    viewer->refresh.is_stale = true;
    double end = (double)viewer_step_count(viewer);
    if (viewer->position > end) viewer->position = end;
    return good;
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
    if (viewer->arena->pass_timeline(viewer, &step)) viewer_set_step(viewer, step);
    const Event *event = ui->event;
    if (!event || event->type != EVENT_WHEEL || !rect_contains(viewer->layout.timeline, event->x, event->y))
        return;
    viewer_act(viewer, event->scroll > 0 ? ACTION_STEP_FORWARD : ACTION_STEP_BACK);
    ui_take(ui);
}

static void prepare_subject(Viewer *viewer) {
    viewer->subject.step = viewer->editor.step = viewer_step(viewer);
    viewer->subject.selected = viewer->editor.selected;
    viewer->arena->prepare(viewer);
}

/* What stands around the plot. */
static void pass_panels(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    const WindowLayout *layout = &viewer->layout;
    const GroundView *ground = viewer->arena->ground(viewer);
    BarState bar = {
        .playing = viewer->playing,
        .branches = viewer->editor.branches,
        .help_open = viewer->help_open,
        .panel_hidden = layout->panel.width <= 0,
        .speed = viewer->arena->speeds[viewer->speed].text,
        .title = viewer_title(viewer),
        .mode = ground ? ground->mode : VIEW_PLANE,
        .has_mode = ground != NULL,
        .trains = viewer->arena == &network_arena,
    };
    bar_view(ui, layout->bar, &bar);
    viewer->arena->pass_panel(viewer);
    handle_timeline(viewer);
}

/* All parts of the window, drawn or asked what an event means to them. */
static void pass_parts(Viewer *viewer, Canvas *canvas) {
    Ui *ui = &viewer->ui;
    const WindowLayout *layout = &viewer->layout;
    if (ui->draws) {
        char notice[FITTED_BYTES];
        Rect covered = notice_rect(viewer, canvas, notice), countdown = countdown_rect(viewer);
        canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0, ui->theme->background);
        viewer->arena->draw_plot(viewer, canvas, countdown.width > 0 ? countdown : covered);
        draw_notice(canvas, ui->theme, covered, notice);
        if (countdown.width > 0) draw_countdown(viewer, canvas, countdown);
        canvas_fill_rect(canvas, layout->panel, 0, ui->theme->panel);
    }
    if (!viewer->bare) pass_panels(viewer);
    if (viewer_is_in_lesson(viewer))
        lesson_view(&viewer->lesson_view, ui, viewer->lesson_rect, &viewer->course,
            viewer->lesson < 0 ? 0 : viewer->lessons.n);
    viewer->arena->pass_plot(viewer);
}

void viewer_prepare(Viewer *viewer, Canvas *canvas) {
    viewer->arena->work(viewer);
    viewer->canvas = canvas;
    prepare_subject(viewer);
    viewer->arena->settle(viewer);
    canvas_reset_clip(canvas);
}

void viewer_draw(Viewer *viewer, Canvas *canvas) {
    viewer->layout = viewer->bare ? (WindowLayout){.plot = {0, 0, canvas->width, canvas->height}}
                                  : window_layout(canvas, viewer->panel);
    viewer_place_lesson(viewer, canvas);
    viewer_prepare(viewer, canvas);
    viewer->arena->lay_out(viewer, canvas);
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
    refresh_is_whole(&viewer->refresh, canvas);
    viewer->draws_again = viewer->ui.changed;
}

void viewer_draw_finished(Viewer *viewer, Canvas *canvas) {
    viewer->subject.still = true;
    viewer_draw(viewer, canvas);
    viewer->subject.still = false;
    viewer->refresh.is_stale = true;
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
    if (viewer->editor.asks_for_box) camera_show(&viewer->ground.plane.camera, viewer->editor.box);
    viewer->editor.asks_for_box = false;
    if (ui->told[0]) viewer_notify(viewer, ui->told);
    if (choice.kind != PALETTE_NONE) viewer_choose(viewer, &choice);
    if (lesson >= 0) viewer_open_lesson(viewer, lesson);
    viewer_apply(viewer);
    viewer->refresh.is_stale |= changed;
    return changed;
}

/* Plays on, up to what there is of the race. */
static bool play_on(Viewer *viewer, double seconds) {
    int64_t before = viewer_step(viewer), last = viewer_step_count(viewer);
    int64_t end = viewer->play_end < last ? viewer->play_end : last;
    double reached = fmin((double)viewer->arena->reached(viewer), (double)end);
    viewer->position += seconds * viewer->arena->pace(viewer);
    viewer->position = fmin(viewer->position, fmax(reached, (double)before));
    if (viewer_step(viewer) < end) return viewer_step(viewer) != before;
    viewer->playing = false;
    return true;
}

/* True where the picture changes. */
static bool advance_parts(Viewer *viewer, double seconds) {
    bool changed = viewer->draws_again;
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
    viewer->refresh.is_stale |= changed;
    changed |= viewer->arena->advance(viewer, seconds);
    if (viewer->playing) changed |= play_on(viewer, seconds);
    return changed;
}

bool viewer_advance(Viewer *viewer, double seconds) {
    bool changed = advance_parts(viewer, seconds);
    double share = viewer->arena->share ? viewer->arena->share(viewer) : 1;
    return refresh_is_due(&viewer->refresh, changed, seconds, share);
}

bool viewer_is_animating(const Viewer *viewer) {
    return viewer->playing || viewer->notice_s > 0 || viewer->countdown_s > 0 || viewer->draws_again ||
           viewer->refresh.waits || ui_is_waiting(&viewer->ui) || viewer_lesson_is_moving(viewer) ||
           viewer->arena->is_moving(viewer);
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
    int64_t end = viewer_step_count(viewer);
    viewer->position = (double)(step < 0 ? 0 : step > end ? end : step);
    viewer->playing = false;
    viewer->countdown_s = 0;
}

int64_t viewer_step(const Viewer *viewer) {
    return (int64_t)viewer->position;
}

int64_t viewer_step_count(const Viewer *viewer) {
    return viewer->arena->step_count(viewer);
}

void viewer_play(Viewer *viewer, bool playing) {
    if (playing && viewer_step(viewer) == viewer_step_count(viewer)) viewer->position = 0;
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
    viewer->refresh.is_stale = true;
    if (message) snprintf(viewer->told_text, sizeof viewer->told_text, "%s", message);
}

void viewer_notify(Viewer *viewer, const char *message) {
    snprintf(viewer->notice, sizeof viewer->notice, "%s", message);
    viewer->notice_s = NOTICE_S;
    viewer->refresh.is_stale = true;
}

const char *viewer_title(const Viewer *viewer) {
    return viewer->arena->title(viewer);
}
