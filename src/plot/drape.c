/* A trail is cut to the block as the flat camera cuts it to its plot, then walked in small steps, each with
 * its height and looked up in the depths of the picture. Strokes are left to trails.c. */
#include "drape.h"

#include "orbit.h"

#include <math.h>

static const double STEP_PX = 3;       /* of a walk along a line */
static const double SAMPLES = 24000;   /* along one trail at most, about: a longer one takes longer steps */
static const double TRAIL_MARGIN = 12; /* what trail_project leaves around a plot */
static const double LIFT = 1.2;        /* how far a trail lies above the surface, in space */

void drape_finish(Drape *drape) {
    trail_buffer_finish(&drape->flat);
    trail_buffer_finish(&drape->visible);
    trail_buffer_finish(&drape->hidden);
}

/* The flat camera with its plot made smaller on all sides, so that what it cuts off is what is beyond the
 * block. */
static Camera camera_of_block(const Camera *flat) {
    Camera camera = *flat;
    camera.plot.x += (float)TRAIL_MARGIN;
    camera.plot.y += (float)TRAIL_MARGIN;
    camera.plot.width -= 2 * (float)TRAIL_MARGIN;
    camera.plot.height -= 2 * (float)TRAIL_MARGIN;
    return camera;
}

static double length_of(const TrailBuffer *trail) {
    double length = 0;
    int begin = 0;
    for (int piece = 0; piece < trail->n_pieces; piece++) {
        for (int i = begin + 1; i < trail->ends[piece]; i++)
            length += hypot((double)trail->points[i].x - trail->points[i - 1].x,
                (double)trail->points[i].y - trail->points[i - 1].y);
        begin = trail->ends[piece];
    }
    return length;
}

/* A walk over the terrain. */
typedef struct Walk {
    Drape *drape;
    const Projection *projection;
    const Terrain *terrain;
    double middle_x, middle_y; /* of the flat plot */
    double step;               /* in space */
    bool begun, visible;       /* of the point before: */
    Projected last;
} Walk;

static TrailBuffer *side_of(const Walk *walk, bool visible) {
    return visible ? &walk->drape->visible : &walk->drape->hidden;
}

static void walk_to(Walk *walk, double x, double y) {
    double z = terrain_z(walk->terrain, x, y);
    Projected at = project(walk->projection, x, y, (isnan(z) ? 0 : z) + LIFT);
    bool visible = terrain_shows(walk->terrain, &at);
    if (!walk->begun || visible != walk->visible) {
        if (walk->begun) trail_end_piece(side_of(walk, walk->visible));
        if (walk->begun) trail_add_point(side_of(walk, visible), walk->last.x, walk->last.y);
    }
    trail_add_point(side_of(walk, visible), at.x, at.y);
    walk->begun = true;
    walk->visible = visible;
    walk->last = at;
}

static void walk_line(Walk *walk, Point from, Point to) {
    double x = from.x - walk->middle_x, y = walk->middle_y - from.y;
    double dx = (double)to.x - from.x, dy = (double)from.y - to.y;
    int n = (int)ceil(hypot(dx, dy) / walk->step);
    for (int i = 1; i <= n; i++) walk_to(walk, x + dx * i / n, y + dy * i / n);
}

static void walk_piece(Walk *walk, const Point *points, int n) {
    walk->begun = false;
    walk_to(walk, points[0].x - walk->middle_x, walk->middle_y - points[0].y);
    for (int i = 1; i < n; i++) walk_line(walk, points[i - 1], points[i]);
    trail_end_piece(side_of(walk, walk->visible));
}

void drape_project(Drape *drape, const double *x, int64_t row, const Camera *flat,
    const Projection *projection, const Terrain *terrain, float scale) {
    Camera camera = camera_of_block(flat);
    trail_clear(&drape->visible);
    trail_clear(&drape->hidden);
    if (camera.plot.width <= 0 || camera.plot.height <= 0) return;
    trail_project(&drape->flat, x, row, &camera, scale * (float)fmax(projection->scale, 0.5));
    Walk walk = {
        .drape = drape,
        .projection = projection,
        .terrain = terrain,
        .middle_x = (double)flat->plot.x + 0.5 * flat->plot.width,
        .middle_y = (double)flat->plot.y + 0.5 * flat->plot.height,
        .step = fmax(STEP_PX / projection->scale, length_of(&drape->flat) / SAMPLES),
    };
    int begin = 0;
    for (int piece = 0; piece < drape->flat.n_pieces; piece++) {
        int end = drape->flat.ends[piece];
        walk_piece(&walk, drape->flat.points + begin, end - begin);
        begin = end;
    }
}

Draped drape_point(double x, double y, double above, const Camera *flat, const Projection *projection,
    const Terrain *terrain) {
    double across = orbit_x(flat, x), along = orbit_y(flat, y), z = terrain_z(terrain, across, along);
    Draped draped = {
        .inside = fabs(across) <= 0.5 * flat->plot.width && fabs(along) <= 0.5 * flat->plot.height};
    if (!draped.inside) return draped;
    draped.at = project(projection, across, along, (isnan(z) ? 0 : z) + above);
    draped.visible = terrain_shows(terrain, &draped.at);
    return draped;
}
