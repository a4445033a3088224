/* Puts the picture in space together, and turns the pointer's doings into moves of the camera and the start.
 */
#include "terrain_view.h"

#include "label_placer.h"
#include "marker.h"
#include "points.h"
#include "terrain_axes.h"

#include <math.h>

static const float TRAIL_WIDTH = 2.2f, HIDDEN_WIDTH = 1.6f, AVERAGE_WIDTH = 1.4f;
static const float HIDDEN_ALPHA = 0.28f; /* of what lies behind a hill */
static const float BALL_RADIUS = 6.5f, EDGE_WIDTH = 1.5f;
static const float ZOOM_PER_NOTCH = 1.15f;

void terrain_view_forget_labels(TerrainView *view) {
    view->start_choice = -1;
    for (int i = 0; i < RACE_RACERS_MAX; i++) view->label_choices[i] = -1;
}

bool terrain_view_init(TerrainView *view, SurfaceView *flat, Pool *pool, Status *status) {
    *view = (TerrainView){.flat = flat, .pool = pool};
    terrain_view_forget_labels(view);
    orbit_init(&view->orbit);
    view->terrain = terrain_create(pool);
    return view->terrain || status_fail(status, STATUS_FAILED, "not enough memory for the terrain");
}

void terrain_view_finish(TerrainView *view) {
    terrain_destroy(view->terrain);
    for (int i = 0; i < RACE_RACERS_MAX; i++) drape_finish(&view->drapes[i]);
}

static bool same_rect(Rect a, Rect b) {
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

/* Gives the terrain the heights of what the flat camera shows. */
static bool update_heights(TerrainView *view, const Canvas *canvas, const Subject *subject, double budget_s) {
    Camera *camera = &view->flat->camera;
    Relief *relief = view->flat->relief;
    if (!view->beside) {
        if (!same_rect(camera->plot, view->plot)) camera_resize(camera, view->plot);
        ReliefView wanted = {camera_box(camera), camera->plot, canvas->scale, subject->theme, true};
        relief_update(relief, &wanted, budget_s);
    }
    ReliefGrid grid;
    if (!relief_grid(relief, &grid) || grid.width < 2 || grid.height < 2) return false;
    if (grid.version == view->grid_version) return true;
    TerrainGrid heights = {
        .heights = grid.heights,
        .columns = grid.width,
        .rows = grid.height,
        .cell = grid.cell,
        .width = camera->plot.width,
        .depth = camera->plot.height,
        .scale = *grid.scale,
        .n_levels = grid.lines->n_levels,
    };
    for (int i = 0; i < heights.n_levels; i++) {
        heights.levels[i] = grid.lines->levels[i];
        heights.strong[i] = grid.lines->strong[i];
    }
    if (!terrain_set_grid(view->terrain, &heights)) return view->grid_version != 0;
    view->grid_version = grid.version;
    return true;
}

static bool draw_terrain(TerrainView *view, Canvas *canvas, const Subject *subject) {
    double lift = orbit_lift(&view->orbit);
    view->projection = orbit_projection(&view->orbit, &view->flat->camera, view->plot);
    TerrainLook look = {
        .projection = view->projection,
        .plot = view->plot,
        .scale = canvas->scale,
        .height = lift * orbit_height(&view->orbit),
        .base = lift * orbit_base(&view->orbit),
        .light = (float)lift,
        .theme = subject->theme,
    };
    if (!terrain_draw(view->terrain, &look)) return false;
    int width_px, height_px;
    const uint32_t *pixels = terrain_pixels(view->terrain, &width_px, &height_px);
    canvas_image(canvas, pixels, width_px, height_px, view->plot);
    return true;
}

static Draped place(const TerrainView *view, double x, double y, double above_px) {
    return drape_point(
        x, y, above_px / view->projection.scale, &view->flat->camera, &view->projection, view->terrain);
}

static Point point_of(const Draped *draped) {
    return (Point){(float)draped->at.x, (float)draped->at.y};
}

static void draw_stationary(const TerrainView *view, Canvas *canvas, const Subject *subject) {
    const Surface *surface = subject->surface;
    for (int i = 0; surface && i < surface->n_stationary; i++) {
        const StationaryPoint *stationary = &surface->stationary[i];
        Draped at = place(view, stationary->x, stationary->y, 1);
        if (at.inside)
            point_draw_stationary(
                canvas, subject->theme, stationary->kind, point_of(&at), at.visible ? 1 : HIDDEN_ALPHA);
    }
}

/* One turn of the pool for each racer. */
typedef struct Draping {
    TerrainView *view;
    const Subject *subject;
    float scale;
} Draping;

static void drape_racer(void *context, int racer, int worker) {
    (void)worker;
    const Draping *draping = context;
    TerrainView *view = draping->view;
    SubjectPath path = subject_path(draping->subject, racer);
    if (!path.x || !subject_racer_visible(draping->subject, racer)) return;
    drape_project(&view->drapes[racer], path.x, path.row, &view->flat->camera, &view->projection,
        view->terrain, draping->scale);
}

static void drape_all(TerrainView *view, const Subject *subject, float scale) {
    Draping draping = {view, subject, scale};
    int n = subject_racer_count(subject);
    if (view->pool)
        pool_run(view->pool, n, drape_racer, &draping);
    else
        for (int i = 0; i < n; i++) drape_racer(&draping, i, 0);
}

static void draw_drape(const Drape *drape, Canvas *canvas, const TrailLook *look) {
    trail_draw_pieces(&drape->hidden, canvas, HIDDEN_WIDTH, colour_with_alpha(look->colour, HIDDEN_ALPHA));
    trail_draw(&drape->visible, canvas, look);
}

/* A racer that has diverged ends where it was seen last. */
static Head find_head(const TerrainView *view, const Subject *subject, int racer) {
    SubjectPath path = subject_path(subject, racer);
    Draped at = place(view, path.x[2 * path.row], path.x[2 * path.row + 1], BALL_RADIUS);
    Head head = {.point = point_of(&at), .visible = at.inside, .hidden = !at.visible};
    head.diverged = subject_racer_status(subject, racer) == RACER_DIVERGED;
    const TrailBuffer *trail = &view->drapes[racer].visible;
    if (!at.inside && head.diverged && trail->n_points > 0) {
        head.point = trail->points[trail->n_points - 1];
        head.visible = rect_contains(view->plot, head.point.x, head.point.y);
        head.hidden = false;
    }
    return head;
}

static void draw_trails(TerrainView *view, Canvas *canvas, const Subject *subject) {
    drape_all(view, subject, canvas->scale);
    for (int i = 0; i < subject_racer_count(subject); i++) {
        view->heads[i].visible = false;
        if (!subject_path(subject, i).x || !subject_racer_visible(subject, i)) continue;
        Colour colour = subject_racer_colour(subject, i);
        const TrailLook look = {subject_racer_width(subject, i, TRAIL_WIDTH), subject_trail_dash(subject, i),
            colour, subject_trail_edge(subject, (float)colour.a / 255)};
        draw_drape(&view->drapes[i], canvas, &look);
        view->heads[i] = find_head(view, subject, i);
    }
}

static Colour blend(Colour from, Colour to, float share) {
    return (Colour){
        (uint8_t)lrintf((float)from.r + ((float)to.r - (float)from.r) * share),
        (uint8_t)lrintf((float)from.g + ((float)to.g - (float)from.g) * share),
        (uint8_t)lrintf((float)from.b + ((float)to.b - (float)from.b) * share),
        from.a,
    };
}

/* Shaded by discs that move towards the light and grow brighter. */
static void draw_ball(Canvas *canvas, Point centre, Colour colour, Colour edge, float alpha) {
    enum { DISCS = 5 };
    static const Colour black = {0, 0, 0, 255}, white = {255, 255, 255, 255};
    canvas_circle(canvas, centre, BALL_RADIUS + EDGE_WIDTH, colour_with_alpha(edge, alpha));
    for (int i = 0; i < DISCS; i++) {
        float share = (float)i / (DISCS - 1), off = -0.36f * BALL_RADIUS * share;
        Colour shade = share < 0.5f ? blend(colour, black, 0.34f * (1 - 2 * share))
                                    : blend(colour, white, 0.62f * (2 * share - 1));
        canvas_circle(canvas, (Point){centre.x + off, centre.y + off}, BALL_RADIUS * (1 - 0.84f * share),
            colour_with_alpha(shade, alpha));
    }
}

static void draw_heads(const TerrainView *view, Canvas *canvas, const Subject *subject) {
    for (int i = 0; i < subject_racer_count(subject); i++) {
        const Head *head = &view->heads[i];
        if (!head->visible) continue;
        float alpha = head->hidden ? HIDDEN_ALPHA : 1;
        Colour colour = subject_racer_colour(subject, i), edge = subject->theme->marker_edge;
        if (head->diverged)
            marker_draw(canvas, MARKER_CROSS, head->point, POINT_HEAD_RADIUS,
                colour_with_alpha(colour, alpha), EDGE_WIDTH, colour_with_alpha(edge, alpha));
        else
            draw_ball(canvas, head->point, colour, edge, alpha);
    }
}

static void draw_read(const TerrainView *view, Canvas *canvas, const Subject *subject) {
    const double *x = subject_read_point(subject);
    if (!x) return;
    Draped at = place(view, x[0], x[1], 1);
    if (at.inside) point_draw_read(canvas, subject, point_of(&at), at.visible ? 1 : HIDDEN_ALPHA);
}

/* The averaged iterates: a thin line beside the trail, and a ring at its head. */
static void draw_averages(TerrainView *view, Canvas *canvas, const Subject *subject) {
    for (int i = 0; i < subject_racer_count(subject); i++) {
        SubjectPath path = subject_path(subject, i);
        if (!path.average || !subject_racer_visible(subject, i)) continue;
        const double *average = path.average;
        int64_t row = path.row;
        Colour colour = subject_racer_colour(subject, i);
        Drape *drape = &view->drapes[i]; /* the trail itself is drawn by now */
        drape_project(
            drape, average, row, &view->flat->camera, &view->projection, view->terrain, canvas->scale);
        const TrailLook look = {subject_racer_width(subject, i, AVERAGE_WIDTH), DASH_SOLID,
            colour_with_alpha(colour, 0.7f), subject_trail_edge(subject, 0.5f)};
        draw_drape(drape, canvas, &look);
        Draped at = place(view, average[2 * row], average[2 * row + 1], 1);
        if (!at.inside || !at.visible) continue;
        float radius = POINT_HEAD_RADIUS;
        Rect ring = {(float)at.at.x - radius, (float)at.at.y - radius, 2 * radius, 2 * radius};
        canvas_stroke_rect(canvas, ring, radius, 3.5f, subject->theme->marker_edge);
        canvas_stroke_rect(canvas, ring, radius, 2, colour);
    }
}

static void draw_labels(
    TerrainView *view, Canvas *canvas, const Subject *subject, const Draped *start, LabelPlacer *placer) {
    Point ring = point_of(start);
    for (int i = 0; i < subject_racer_count(subject); i++) {
        Point head = view->heads[i].point;
        if (view->heads[i].visible) placer_block(placer, (Rect){head.x - 8, head.y - 8, 16, 16});
    }
    if (start->inside) placer_block(placer, (Rect){ring.x - 10, ring.y - 10, 20, 20});
    if (start->inside && !view->flat->start_touched)
        point_label_start(canvas, placer, subject, ring, &view->start_choice);
    for (int i = 0; i < subject_racer_count(subject); i++) {
        const Head *head = &view->heads[i];
        if (head->visible)
            point_label_racer(
                canvas, placer, subject, i, head->point, head->diverged, &view->label_choices[i]);
    }
}

void terrain_view_draw(
    TerrainView *view, Canvas *canvas, Rect plot, const Subject *subject, Rect covered, double budget_s) {
    view->drawn = false;
    if (plot.width <= 0 || plot.height <= 0) return;
    view->plot = plot;
    canvas_set_clip(canvas, plot);
    if (update_heights(view, canvas, subject, budget_s) && draw_terrain(view, canvas, subject)) {
        view->drawn = true;
        LabelPlacer placer;
        placer_start(&placer, (Rect){plot.x + 2, plot.y + 2, plot.width - 4, plot.height - 4});
        if (covered.width > 0) placer_block(&placer, covered);
        TerrainAxes axes = {
            .projection = view->projection,
            .plot = plot,
            .flat = &view->flat->camera,
            .height = orbit_lift(&view->orbit) * orbit_height(&view->orbit),
            .base = orbit_lift(&view->orbit) * orbit_base(&view->orbit),
            .alpha = (float)orbit_lift(&view->orbit),
            .names = subject_axes(subject),
        };
        ReliefGrid grid;
        if (relief_grid(view->flat->relief, &grid)) axes.scale = *grid.scale;
        draw_stationary(view, canvas, subject);
        draw_trails(view, canvas, subject);
        draw_averages(view, canvas, subject);
        terrain_axes_draw(&axes, canvas, subject->theme, &placer);
        Draped start = place(view, subject->start[0], subject->start[1], 1);
        if (start.inside)
            point_draw_start(
                canvas, subject, point_of(&start), view->start_hovered || view->drag == TERRAIN_DRAG_START);
        draw_heads(view, canvas, subject);
        draw_labels(view, canvas, subject, &start, &placer);
        draw_read(view, canvas, subject);
    }
    canvas_reset_clip(canvas);
}

static bool is_on_start(const TerrainView *view, const Subject *subject, float x, float y) {
    if (!view->drawn || !subject_start_moves(subject)) return false;
    Draped start = place(view, subject->start[0], subject->start[1], 1);
    return start.inside && hypot(start.at.x - x, start.at.y - y) <= POINT_START_GRIP;
}

/* Where the line of sight through a place of the canvas meets the level z. */
static void meet_level(const Projection *projection, double x, double y, double z, double point[3]) {
    double near[3], far[3];
    unproject(projection, &(Projected){x, y, 0}, near);
    unproject(projection, &(Projected){x, y, 1}, far);
    double share = (z - near[2]) / (far[2] - near[2]);
    for (int i = 0; i < 3; i++) point[i] = near[i] + share * (far[i] - near[i]);
}

/* The start goes where the pointer is: onto the surface that is seen there, beside the block to its edge. */
static SurfaceResponse move_start(TerrainView *view, const Event *event) {
    Projected seen = {(double)event->x + view->grip_x, (double)event->y + view->grip_y, 0};
    double point[3];
    if (terrain_depth(view->terrain, seen.x, seen.y, &seen.depth))
        unproject(&view->projection, &seen, point);
    else
        meet_level(&view->projection, seen.x, seen.y, 0, point);
    const Camera *flat = &view->flat->camera;
    double right = 0.5 * flat->plot.width - 1, up = 0.5 * flat->plot.height - 1;
    view->flat->start_touched = true;
    return (SurfaceResponse){
        .redraw = true,
        .start_moved = true,
        .start = {orbit_plane_x(flat, fmin(fmax(point[0], -right), right)),
            orbit_plane_y(flat, fmin(fmax(point[1], -up), up))},
    };
}

static SurfaceResponse press(TerrainView *view, const Event *event, const Subject *subject) {
    if (!view->drawn || event->button > 3 || !rect_contains(view->plot, event->x, event->y))
        return (SurfaceResponse){false};
    view->pointer_x = event->x;
    view->pointer_y = event->y;
    view->grip_x = view->grip_y = 0;
    bool left = event->button == 1, on_start = left && is_on_start(view, subject, event->x, event->y);
    double depth;
    bool to_here = subject_start_moves(subject) && left && event->clicks == 2 && !on_start &&
                   terrain_depth(view->terrain, event->x, event->y, &depth);
    bool turn = left && !event->shift;
    view->drag = on_start || to_here ? TERRAIN_DRAG_START : turn ? TERRAIN_DRAG_TURN : TERRAIN_DRAG_PAN;
    if (to_here) return move_start(view, event);
    if (on_start) {
        Draped start = place(view, subject->start[0], subject->start[1], 1);
        view->grip_x = (float)start.at.x - event->x;
        view->grip_y = (float)start.at.y - event->y;
    }
    return (SurfaceResponse){.redraw = on_start};
}

static SurfaceResponse move(TerrainView *view, const Event *event, const Subject *subject) {
    if (view->drag == TERRAIN_DRAG_START) return move_start(view, event);
    if (view->drag == TERRAIN_DRAG_NONE) {
        bool hovered = is_on_start(view, subject, event->x, event->y),
             changed = hovered != view->start_hovered;
        view->start_hovered = hovered;
        return (SurfaceResponse){.redraw = changed};
    }
    double dx = (double)event->x - view->pointer_x, dy = (double)event->y - view->pointer_y;
    if (view->drag == TERRAIN_DRAG_TURN)
        orbit_turn(&view->orbit, dx, dy);
    else
        orbit_pan(&view->orbit, &view->projection, dx, dy);
    view->pointer_x = event->x;
    view->pointer_y = event->y;
    return (SurfaceResponse){.redraw = true};
}

SurfaceResponse terrain_view_handle(TerrainView *view, const Event *event, const Subject *subject) {
    switch (event->type) {
    case EVENT_POINTER_DOWN: return press(view, event, subject);
    case EVENT_POINTER_MOVE: return move(view, event, subject);
    case EVENT_POINTER_UP: {
        bool dragged = view->drag != TERRAIN_DRAG_NONE;
        view->drag = TERRAIN_DRAG_NONE;
        return (SurfaceResponse){.redraw = dragged};
    }
    case EVENT_WHEEL:
        orbit_zoom(&view->orbit, powf(ZOOM_PER_NOTCH, event->scroll));
        return (SurfaceResponse){.redraw = true};
    default: return (SurfaceResponse){false};
    }
}

bool terrain_view_advance(TerrainView *view, const Subject *subject, double seconds) {
    double leader[2];
    if (view->follow && subject_leader(subject, leader)) {
        const Camera *flat = &view->flat->camera;
        orbit_look_at(&view->orbit, orbit_x(flat, leader[0]), orbit_y(flat, leader[1]));
    }
    return orbit_advance(&view->orbit, seconds);
}
