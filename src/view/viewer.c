/* The viewer's life: what it is made of, what a picture consists of, and what time does. What the person does
 * is in controls.c; what each part looks like, in the part's own file. */
#include "viewer_state.h"

#include "help_view.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const double viewer_speeds[] = {0.25, 0.5, 1, 2, 4, 8, 16, 32, 64};
const int viewer_speed_count = sizeof viewer_speeds / sizeof *viewer_speeds;
enum { SPEED_OF_ONE = 2, STEPS_PER_LOOK = 32 };

static const double STEPS_PER_SECOND = 30; /* at speed 1 */
static const double RACE_SLICE_S = 0.008,
                    RELIEF_SLICE_S = 0.008; /* of a frame; what is left comes in the next */
static const double NOTICE_S = 4;
static const float NOTICE_HEIGHT = 30, NOTICE_PADDING = 14;

static double now_s(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

Viewer *viewer_create(const Scene *scene, const Theme *theme, Pool *pool, Status *status) {
    Viewer *viewer = calloc(1, sizeof *viewer);
    if (!viewer) {
        status_fail(status, STATUS_FAILED, "not enough memory for the window");
        return NULL;
    }
    viewer->speed = SPEED_OF_ONE;
    viewer->rng = rng_seed(scene->seed);
    viewer->surface = scene_surface(scene, status);
    if (viewer->surface) viewer->race = scene_race(scene, viewer->surface, status);
    if (!viewer->race || !surface_view_init(&viewer->plane, viewer->surface, pool, status) ||
        !terrain_view_init(&viewer->space, &viewer->plane, pool, status)) {
        viewer_destroy(viewer);
        return NULL;
    }
    const Look *look = &scene->look;
    if (look->has_orbit) orbit_set(&viewer->space.orbit, look->azimuth, look->elevation);
    viewer_set_mode(viewer, look->view);
    viewer->space.orbit.rise = viewer->space.orbit.rise_target;
    Subject *subject = &viewer->subject;
    *subject = (Subject){.theme = theme, .surface = viewer->surface, .race = viewer->race, .lowest = NAN};
    double lowest;
    if (surface_lowest(viewer->surface, &lowest)) subject->lowest = lowest;
    relief_surface_changed(viewer->plane.relief, subject->lowest);
    const Trace *trace = race_trace(viewer->race, 0);
    for (int i = 0; i < 2; i++) subject->start[i] = viewer->first_start[i] = trace->x[i];
    return viewer;
}

void viewer_destroy(Viewer *viewer) {
    if (!viewer) return;
    terrain_view_finish(&viewer->space);
    surface_view_finish(&viewer->plane);
    race_destroy(viewer->race);
    surface_destroy(viewer->surface);
    free(viewer);
}

void viewer_move_start(Viewer *viewer, const double start[2]) {
    memcpy(viewer->subject.start, start, sizeof viewer->subject.start);
    viewer->plane.start_touched = true;
    race_restart(viewer->race, start);
    viewer->subject.race_version++;
}

static bool race_is_finished(const Viewer *viewer) {
    return race_steps_done(viewer->race) == race_step_count(viewer->race);
}

/* Runs the race on, to its end or until the slice is over: a race too long for one frame comes in over
 * several, its beginning first. */
static void work_on_race(Viewer *viewer) {
    double end_s = now_s() + RACE_SLICE_S;
    while (!race_is_finished(viewer)) {
        for (int i = 0; i < STEPS_PER_LOOK && race_step(viewer->race); i++) continue;
        if (!viewer->subject.still && now_s() >= end_s) break;
    }
}

/* Where the notice will be; without width where there is none. */
static Rect notice_rect(const Viewer *viewer, Canvas *canvas, char text[FITTED_BYTES]) {
    Rect plot = viewer->layout.plot;
    if (viewer->notice_s <= 0 || viewer->subject.still) return (Rect){0, 0, 0, 0};
    float width =
        text_fit(canvas, FONT_TEXT, SIZE_NAME, viewer->notice, plot.width - 4 * NOTICE_PADDING, text) +
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

void viewer_set_mode(Viewer *viewer, ViewMode mode) {
    /* What stood beside the flat picture does not come out of it. */
    if (viewer->mode == VIEW_BOTH || mode == VIEW_BOTH) viewer->space.orbit.rise = mode != VIEW_PLANE;
    viewer->mode = mode;
    viewer->space.beside = mode == VIEW_BOTH;
    orbit_rise(&viewer->space.orbit, mode != VIEW_PLANE);
}

/* Divides the plot between the flat picture and the one in space. */
static void lay_out_plot(Viewer *viewer, const Canvas *canvas) {
    Rect plot = viewer->layout.plot, none = {plot.x, plot.y, 0, 0};
    viewer->flat_plot = viewer->space_plot = plot;
    if (viewer->mode == VIEW_BOTH) {
        float half = roundf(0.5f * plot.width * canvas->scale) / canvas->scale;
        viewer->flat_plot.width = half;
        viewer->space_plot.x += half;
        viewer->space_plot.width -= half;
    } else if (orbit_is_flat(&viewer->space.orbit)) {
        viewer->space_plot = none;
    } else {
        viewer->flat_plot = none;
    }
}

static void draw_surface(Viewer *viewer, Canvas *canvas, Rect covered) {
    const Subject *subject = &viewer->subject;
    double budget_s = subject->still ? INFINITY : RELIEF_SLICE_S;
    lay_out_plot(viewer, canvas);
    Rect space = viewer->space_plot;
    surface_view_draw(&viewer->plane, canvas, viewer->flat_plot, subject, covered, budget_s);
    terrain_view_draw(&viewer->space, canvas, space, subject, covered, budget_s);
    if (viewer->mode == VIEW_BOTH)
        canvas_segments(canvas, (Point[]){{space.x, space.y}, {space.x, space.y + space.height}}, 1, 1,
            subject->theme->line);
}

void viewer_draw(Viewer *viewer, Canvas *canvas) {
    work_on_race(viewer);
    viewer->layout = layout_of(canvas);
    const Layout *layout = &viewer->layout;
    Subject *subject = &viewer->subject;
    const Theme *theme = subject->theme;
    subject->step = (int64_t)viewer->position;
    if (subject->still) {
        camera_settle(&viewer->plane.camera);
        orbit_settle(&viewer->space.orbit);
    }

    char notice[FITTED_BYTES];
    Rect covered = notice_rect(viewer, canvas, notice);
    canvas_reset_clip(canvas);
    canvas_fill_rect(canvas, (Rect){0, 0, canvas->width, canvas->height}, 0, theme->background);
    draw_surface(viewer, canvas, covered);
    canvas_fill_rect(canvas, layout->panel, 0, theme->panel);
    chart_view_draw(&viewer->chart, canvas, layout->chart, subject);
    cards_view_draw(&viewer->cards, canvas, layout->cards, subject);
    timeline_view_draw(
        &viewer->timeline, canvas, layout->timeline, theme, subject->step, race_step_count(viewer->race));
    BarState bar = {viewer->playing, viewer->help_open, viewer_speeds[viewer->speed]};
    bar_view_draw(&viewer->bar, canvas, layout->bar, subject, &bar);
    draw_notice(canvas, theme, covered, notice);
    if (viewer->help_open) help_view_draw(canvas, theme);
}

void viewer_draw_finished(Viewer *viewer, Canvas *canvas) {
    viewer->subject.still = true;
    viewer_draw(viewer, canvas);
    viewer->subject.still = false;
}

/* The relief of the flat picture, or as much of it as the one in space needs. */
static bool surface_is_finished(const Viewer *viewer) {
    const Relief *relief = viewer->plane.relief;
    return viewer->mode == VIEW_TERRAIN || !orbit_is_flat(&viewer->space.orbit) ? relief_grid_is_final(relief)
                                                                                : relief_is_finished(relief);
}

static bool advance_surface(Viewer *viewer, double seconds) {
    Camera *camera = &viewer->plane.camera;
    bool changed = !surface_is_finished(viewer);
    changed |= camera_advance(camera, seconds);
    changed |= terrain_view_advance(&viewer->space, &viewer->subject, seconds);
    double leader[2];
    if (viewer->space.follow && viewer->mode != VIEW_TERRAIN && subject_leader(&viewer->subject, leader))
        changed |= camera_follow(camera, leader[0], leader[1], seconds);
    return changed;
}

bool viewer_advance(Viewer *viewer, double seconds) {
    bool changed = !race_is_finished(viewer) || advance_surface(viewer, seconds);
    if (viewer->notice_s > 0) {
        viewer->notice_s -= seconds;
        changed |= viewer->notice_s <= 0;
    }
    if (viewer->playing) {
        int64_t before = (int64_t)viewer->position;
        double end = (double)race_step_count(viewer->race);
        viewer->position += seconds * STEPS_PER_SECOND * viewer_speeds[viewer->speed];
        if (viewer->position >= end) {
            viewer->position = end;
            viewer->playing = false;
            changed = true;
        }
        changed |= (int64_t)viewer->position != before;
    }
    return changed;
}

bool viewer_is_animating(const Viewer *viewer) {
    return viewer->playing || viewer->notice_s > 0 || camera_is_moving(&viewer->plane.camera) ||
           orbit_is_moving(&viewer->space.orbit) || !race_is_finished(viewer) || !surface_is_finished(viewer);
}

void viewer_set_step(Viewer *viewer, int64_t step) {
    int64_t end = race_step_count(viewer->race);
    viewer->position = (double)(step < 0 ? 0 : step > end ? end : step);
    viewer->playing = false;
}

int64_t viewer_step(const Viewer *viewer) {
    return (int64_t)viewer->position;
}

void viewer_play(Viewer *viewer, bool playing) {
    if (playing && viewer_step(viewer) == race_step_count(viewer->race)) viewer->position = 0;
    viewer->playing = playing;
}

ViewerRequest viewer_take_request(Viewer *viewer) {
    ViewerRequest request = viewer->request;
    viewer->request = VIEWER_REQUEST_NONE;
    return request;
}

void viewer_notify(Viewer *viewer, const char *message) {
    snprintf(viewer->notice, sizeof viewer->notice, "%s", message);
    viewer->notice_s = NOTICE_S;
}

const char *viewer_title(const Viewer *viewer) {
    return subject_surface_title(&viewer->subject);
}
