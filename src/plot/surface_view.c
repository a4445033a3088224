/* Puts the plane together in the right order, and turns the pointer's doings into moves of the camera and the
 * start. Running the race again from the new start is left to the viewer. */
#include "surface_view.h"

#include "axes.h"
#include "label_placer.h"
#include "marker.h"
#include "points.h"

#include <math.h>

static const float TRAIL_WIDTH = 2.2f, AVERAGE_WIDTH = 1.4f, EDGE_WIDTH = 1.5f;
static const float ZOOM_PER_NOTCH = 1.2f;

void surface_view_forget_labels(SurfaceView *view) {
    view->start_choice = -1;
    for (int i = 0; i < RACE_RACERS_MAX; i++) view->label_choices[i] = -1;
}

bool surface_view_init(SurfaceView *view, HeightSource *source, Box home, Pool *pool, Status *status) {
    *view = (SurfaceView){0};
    surface_view_forget_labels(view);
    camera_init(&view->camera, home);
    basins_view_init(&view->basins, pool);
    cloud_view_init(&view->cloud);
    view->relief = relief_create(source, pool, status);
    return view->relief != NULL;
}

void surface_view_finish(SurfaceView *view) {
    relief_destroy(view->relief);
    basins_view_finish(&view->basins);
    cloud_view_finish(&view->cloud);
    trail_buffer_finish(&view->trail);
    level_curves_finish(&view->curves);
}

static Point point_of(const Camera *camera, double x, double y) {
    return (Point){(float)camera_x_px(camera, x), (float)camera_y_px(camera, y)};
}

static Rect around(Point point, float reach) {
    return (Rect){point.x - reach, point.y - reach, 2 * reach, 2 * reach};
}

static void draw_stationary(const SurfaceView *view, Canvas *canvas, const Subject *subject) {
    const Surface *surface = subject->surface;
    for (int i = 0; surface && i < surface->n_stationary; i++) {
        const StationaryPoint *stationary = &surface->stationary[i];
        Point point = point_of(&view->camera, stationary->x, stationary->y);
        if (rect_contains(view->camera.plot, point.x, point.y))
            point_draw_stationary(canvas, subject->theme, stationary->kind, point, 1);
    }
}

static Point into(Rect rect, Point point, float inset) {
    return (Point){
        fminf(fmaxf(point.x, rect.x + inset), rect.x + rect.width - inset),
        fminf(fmaxf(point.y, rect.y + inset), rect.y + rect.height - inset),
    };
}

/* A racer that has diverged ends where it was seen last, be it at the edge of the plot. */
static Head find_head(const SurfaceView *view, const Subject *subject, int racer) {
    SubjectPath path = subject_path(subject, racer);
    const double *x = path.x + 2 * path.row;
    Head head = {.point = point_of(&view->camera, x[0], x[1])};
    head.visible = rect_contains(view->camera.plot, head.point.x, head.point.y);
    head.diverged = subject_racer_status(subject, racer) == RACER_DIVERGED;
    Point last;
    if (!head.visible && head.diverged && trail_last_point(&view->trail, view->camera.plot, &last)) {
        head.point = into(view->camera.plot, last, POINT_HEAD_RADIUS + 3);
        head.visible = true;
    }
    return head;
}

/* The averaged iterates: a thin line beside the trail, and a ring at its head. */
static void draw_averages(SurfaceView *view, Canvas *canvas, const Subject *subject) {
    for (int i = 0; i < subject_racer_count(subject); i++) {
        SubjectPath path = subject_path(subject, i);
        if (!path.average || !subject_racer_visible(subject, i)) continue;
        const double *average = path.average;
        int64_t row = path.row;
        Colour colour = subject_racer_colour(subject, i);
        trail_project(&view->trail, average, row, &view->camera, canvas->scale);
        const TrailLook look = {subject_racer_width(subject, i, AVERAGE_WIDTH), DASH_SOLID,
            colour_with_alpha(colour, 0.7f), subject_trail_edge(subject, 0.5f)};
        trail_draw(&view->trail, canvas, &look);
        Point at = point_of(&view->camera, average[2 * row], average[2 * row + 1]);
        if (!rect_contains(view->camera.plot, at.x, at.y)) continue;
        Rect ring = {
            at.x - POINT_HEAD_RADIUS, at.y - POINT_HEAD_RADIUS, 2 * POINT_HEAD_RADIUS, 2 * POINT_HEAD_RADIUS};
        canvas_stroke_rect(canvas, ring, POINT_HEAD_RADIUS, 3.5f, subject->theme->marker_edge);
        canvas_stroke_rect(canvas, ring, POINT_HEAD_RADIUS, 2, colour);
    }
}

static void draw_trails(SurfaceView *view, Canvas *canvas, const Subject *subject) {
    for (int i = 0; i < subject_racer_count(subject); i++) {
        view->heads[i].visible = false;
        SubjectPath path = subject_path(subject, i);
        if (!path.x || !subject_racer_visible(subject, i)) continue;
        trail_project(&view->trail, path.x, path.row, &view->camera, canvas->scale);
        Colour colour = subject_racer_colour(subject, i);
        const TrailLook look = {subject_racer_width(subject, i, TRAIL_WIDTH), subject_trail_dash(subject, i),
            colour, subject_trail_edge(subject, (float)colour.a / 255)};
        trail_draw(&view->trail, canvas, &look);
        view->heads[i] = find_head(view, subject, i);
    }
}

static void draw_heads(const SurfaceView *view, Canvas *canvas, const Subject *subject) {
    for (int i = 0; i < subject_racer_count(subject); i++) {
        const Head *head = &view->heads[i];
        if (!head->visible) continue;
        marker_draw(canvas, subject_racer_marker(subject, i), head->point, POINT_HEAD_RADIUS,
            subject_racer_colour(subject, i), EDGE_WIDTH, subject->theme->marker_edge);
    }
}

static void draw_read(const SurfaceView *view, Canvas *canvas, const Subject *subject) {
    const double *x = subject_read_point(subject);
    if (!x) return;
    Point point = point_of(&view->camera, x[0], x[1]);
    if (rect_contains(view->camera.plot, point.x, point.y)) point_draw_read(canvas, subject, point, 1);
}

static void draw_start(const SurfaceView *view, Canvas *canvas, const Subject *subject) {
    point_draw_start(canvas, subject, point_of(&view->camera, subject->start[0], subject->start[1]),
        view->start_hovered || view->drag == SURFACE_DRAG_START);
}

static void draw_labels(SurfaceView *view, Canvas *canvas, const Subject *subject, LabelPlacer *placer) {
    Rect plot = view->camera.plot;
    Point start = point_of(&view->camera, subject->start[0], subject->start[1]);
    bool start_visible = rect_contains(plot, start.x, start.y);
    for (int i = 0; i < subject_racer_count(subject); i++) {
        Point head = view->heads[i].point;
        if (view->heads[i].visible) placer_block(placer, (Rect){head.x - 8, head.y - 8, 16, 16});
    }
    if (start_visible) placer_block(placer, (Rect){start.x - 10, start.y - 10, 20, 20});
    if (view->think) think_view_draw_labels(view->think, canvas, placer, subject);
    if (start_visible && !view->start_touched)
        point_label_start(canvas, placer, subject, start, &view->start_choice);
    for (int i = 0; i < subject_racer_count(subject); i++) {
        const Head *head = &view->heads[i];
        if (head->visible)
            point_label_racer(
                canvas, placer, subject, i, head->point, head->diverged, &view->label_choices[i]);
    }
}

/* What level labels keep out of: the start, the heads and all trails. */
static void block_race(SurfaceView *view, LabelPlacer *placer, const Subject *subject, float scale) {
    const Camera *camera = &view->camera;
    trail_clear(&view->trail);
    for (int i = 0; i < subject_racer_count(subject); i++) {
        SubjectPath path = subject_path(subject, i);
        if (!path.x || !subject_racer_visible(subject, i)) continue;
        trail_add(&view->trail, path.x, path.row, camera, scale);
        Point head = point_of(camera, path.x[2 * path.row], path.x[2 * path.row + 1]);
        placer_block(placer, around(head, POINT_HEAD_RADIUS + 6));
    }
    placer_block(placer, around(point_of(camera, subject->start[0], subject->start[1]), 14));
    for (int i = 0; subject->surface && i < subject->surface->n_stationary; i++) {
        const StationaryPoint *stationary = &subject->surface->stationary[i];
        placer_block(placer, around(point_of(camera, stationary->x, stationary->y), 8));
    }
}

/* As a picture, or where lines are worth something as the colours with curves over them. */
static void draw_relief(SurfaceView *view, Canvas *canvas, const Subject *subject, LabelPlacer *placer) {
    bool curves = subject->printed || canvas->keeps_shapes;
    if (!curves || !level_curves_trace(&view->curves, view->relief)) {
        relief_draw(view->relief, canvas);
        return;
    }
    relief_draw_colours(view->relief, canvas);
    if (subject->printed) {
        LabelPlacer labels = *placer;
        block_race(view, &labels, subject, canvas->scale);
        level_curves_label(&view->curves, canvas, &labels, &view->trail);
        level_curves_block(&view->curves, placer);
    }
    level_curves_draw(&view->curves, canvas, subject->theme, subject->printed);
}

void surface_view_draw(
    SurfaceView *view, Canvas *canvas, Rect plot, const Subject *subject, Rect covered, double budget_s) {
    if (plot.width <= 0 || plot.height <= 0) return;
    Rect old = view->camera.plot;
    if (old.x != plot.x || old.y != plot.y || old.width != plot.width || old.height != plot.height)
        camera_resize(&view->camera, plot);
    ReliefView relief = {camera_box(&view->camera), plot, canvas->scale, subject->theme, false};
    relief_update(view->relief, &relief, budget_s);

    LabelPlacer placer;
    placer_start(&placer, (Rect){plot.x + 2, plot.y + 2, plot.width - 4, plot.height - 4});
    if (covered.width > 0) placer_block(&placer, covered);
    canvas_set_clip(canvas, plot);
    draw_relief(view, canvas, subject, &placer);
    if (subject->race) basins_view_draw(&view->basins, canvas, &view->camera, subject, budget_s);
    draw_stationary(view, canvas, subject);
    draw_trails(view, canvas, subject);
    draw_averages(view, canvas, subject);
    if (subject->race) cloud_view_draw(&view->cloud, canvas, &view->camera, subject);
    if (!subject->printed) axes_draw(canvas, &view->camera, subject->theme, subject_axes(subject), &placer);
    draw_start(view, canvas, subject);
    if (view->think) think_view_draw(view->think, canvas, &view->camera, subject);
    draw_heads(view, canvas, subject);
    draw_labels(view, canvas, subject, &placer);
    draw_read(view, canvas, subject);
    canvas_reset_clip(canvas);
}

static bool is_on_start(const SurfaceView *view, const Subject *subject, float x, float y) {
    if (!subject_start_moves(subject)) return false;
    Point start = point_of(&view->camera, subject->start[0], subject->start[1]);
    return hypotf(start.x - x, start.y - y) <= POINT_START_GRIP;
}

/* The start goes where the pointer is, but not out of sight. */
static SurfaceResponse move_start(SurfaceView *view, const Event *event) {
    Point point = {event->x + view->grip_x, event->y + view->grip_y};
    point = into(view->camera.plot, point, 1);
    view->start_touched = true;
    return (SurfaceResponse){
        .redraw = true,
        .start_moved = true,
        .start = {camera_x(&view->camera, point.x), camera_y(&view->camera, point.y)},
    };
}

static SurfaceResponse press(SurfaceView *view, const Event *event, const Subject *subject) {
    if (event->button > 2 || !rect_contains(view->camera.plot, event->x, event->y))
        return (SurfaceResponse){false};
    view->pointer_x = event->x;
    view->pointer_y = event->y;
    bool on_start = event->button == 1 && is_on_start(view, subject, event->x, event->y);
    bool to_here = subject_start_moves(subject) && event->button == 1 && event->clicks == 2 && !on_start;
    view->drag = on_start || to_here ? SURFACE_DRAG_START : SURFACE_DRAG_PAN;
    view->grip_x = view->grip_y = 0;
    if (to_here) return move_start(view, event);
    if (on_start) {
        Point start = point_of(&view->camera, subject->start[0], subject->start[1]);
        view->grip_x = start.x - event->x;
        view->grip_y = start.y - event->y;
    }
    return (SurfaceResponse){.redraw = on_start};
}

static SurfaceResponse move(SurfaceView *view, const Event *event, const Subject *subject) {
    if (view->drag == SURFACE_DRAG_START) return move_start(view, event);
    if (view->drag == SURFACE_DRAG_PAN) {
        camera_pan(&view->camera, (double)event->x - view->pointer_x, (double)event->y - view->pointer_y);
        view->pointer_x = event->x;
        view->pointer_y = event->y;
        return (SurfaceResponse){.redraw = true};
    }
    bool hovered = is_on_start(view, subject, event->x, event->y);
    bool changed = hovered != view->start_hovered;
    view->start_hovered = hovered;
    return (SurfaceResponse){.redraw = changed};
}

SurfaceResponse surface_view_handle(SurfaceView *view, const Event *event, const Subject *subject) {
    switch (event->type) {
    case EVENT_POINTER_DOWN: return press(view, event, subject);
    case EVENT_POINTER_MOVE: return move(view, event, subject);
    case EVENT_POINTER_UP: {
        bool dragged = view->drag != SURFACE_DRAG_NONE;
        view->drag = SURFACE_DRAG_NONE;
        return (SurfaceResponse){.redraw = dragged};
    }
    case EVENT_WHEEL:
        camera_zoom(&view->camera, powf(ZOOM_PER_NOTCH, event->scroll), event->x, event->y);
        return (SurfaceResponse){.redraw = true};
    default: return (SurfaceResponse){false};
    }
}
