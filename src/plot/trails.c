/* Projection and clipping of trails, in doubles: a racer that has left for infinity is many screens away. */
#include "trails.h"

#include <math.h>
#include <stdlib.h>

static const double MARGIN_PX = 12; /* what is drawn beyond the plot: room for width and joins */
static const double FAR_PX = 1e12;  /* farther away than this only the direction counts */

typedef struct Segment {
    double x0, y0, x1, y1;
} Segment;

void trail_buffer_finish(TrailBuffer *buffer) {
    free(buffer->points);
    free(buffer->ends);
    *buffer = (TrailBuffer){0};
}

void trail_clear(TrailBuffer *buffer) {
    buffer->n_points = buffer->n_pieces = 0;
}

void trail_add_point(TrailBuffer *buffer, double x, double y) {
    if (buffer->n_points == buffer->points_room) {
        int room = buffer->points_room ? 2 * buffer->points_room : 4096;
        Point *points = realloc(buffer->points, (size_t)room * sizeof *points);
        if (!points) return;
        buffer->points = points;
        buffer->points_room = room;
    }
    buffer->points[buffer->n_points++] = (Point){(float)x, (float)y};
}

void trail_end_piece(TrailBuffer *buffer) {
    int begin = buffer->n_pieces ? buffer->ends[buffer->n_pieces - 1] : 0;
    if (buffer->n_points == begin) return;
    if (buffer->n_pieces == buffer->pieces_room) {
        int room = buffer->pieces_room ? 2 * buffer->pieces_room : 256;
        int *ends = realloc(buffer->ends, (size_t)room * sizeof *ends);
        if (!ends) return;
        buffer->ends = ends;
        buffer->pieces_room = room;
    }
    buffer->ends[buffer->n_pieces++] = buffer->n_points;
}

/* One side of Liang and Barsky: the part [*t0, *t1] of a segment where t * step <= room. */
static bool clip_side(double step, double room, double *t0, double *t1) {
    if (step == 0) return room >= 0;
    double t = room / step;
    if (step < 0)
        *t0 = fmax(*t0, t);
    else
        *t1 = fmin(*t1, t);
    return *t0 <= *t1;
}

/* The part [*t0, *t1] of a segment inside the plot with a margin. */
static bool clip(const Segment *s, Rect plot, double margin, double *t0, double *t1) {
    double x_min = plot.x - margin, x_max = (double)plot.x + plot.width + margin;
    double y_min = plot.y - margin, y_max = (double)plot.y + plot.height + margin;
    double dx = s->x1 - s->x0, dy = s->y1 - s->y0;
    *t0 = 0;
    *t1 = 1;
    return clip_side(-dx, s->x0 - x_min, t0, t1) && clip_side(dx, x_max - s->x0, t0, t1) &&
           clip_side(-dy, s->y0 - y_min, t0, t1) && clip_side(dy, y_max - s->y0, t0, t1);
}

static double near_px(double px) {
    return fmin(fmax(px, -FAR_PX), FAR_PX);
}

/* Adds what can be seen of a segment; `open`: a piece is under way and ends where the segment begins. Returns
 * whether one is afterwards. */
static bool add_segment(TrailBuffer *buffer, const Segment *s, Rect plot, bool open) {
    double t0, t1, dx = s->x1 - s->x0, dy = s->y1 - s->y0;
    if (!clip(s, plot, MARGIN_PX, &t0, &t1)) {
        trail_end_piece(buffer);
        return false;
    }
    if (!open || t0 > 0) {
        trail_end_piece(buffer);
        trail_add_point(buffer, s->x0 + t0 * dx, s->y0 + t0 * dy);
    }
    trail_add_point(buffer, s->x0 + t1 * dx, s->y0 + t1 * dy);
    if (t1 == 1) return true;
    trail_end_piece(buffer);
    return false;
}

void trail_project(TrailBuffer *buffer, const double *x, int64_t row, const Camera *camera, float scale) {
    trail_clear(buffer);
    trail_add(buffer, x, row, camera, scale);
}

void trail_add(TrailBuffer *buffer, const double *x, int64_t row, const Camera *camera, float scale) {
    double least_px = 0.5 / scale;
    bool open = false;
    Segment s = {.x1 = near_px(camera_x_px(camera, x[0])), .y1 = near_px(camera_y_px(camera, x[1]))};
    s.x0 = s.x1;
    s.y0 = s.y1;
    for (int64_t i = 1; i <= row; i++) {
        s.x1 = near_px(camera_x_px(camera, x[2 * i]));
        s.y1 = near_px(camera_y_px(camera, x[2 * i + 1]));
        if (i < row && fabs(s.x1 - s.x0) < least_px && fabs(s.y1 - s.y0) < least_px) continue;
        open = add_segment(buffer, &s, camera->plot, open);
        s.x0 = s.x1;
        s.y0 = s.y1;
    }
    trail_end_piece(buffer);
}

bool trail_last_point(const TrailBuffer *buffer, Rect plot, Point *point) {
    for (int piece = buffer->n_pieces - 1; piece >= 0; piece--) {
        int begin = piece ? buffer->ends[piece - 1] : 0;
        for (int i = buffer->ends[piece] - 1; i > begin; i--) {
            const Point *from = &buffer->points[i - 1], *to = &buffer->points[i];
            Segment s = {from->x, from->y, to->x, to->y};
            double t0, t1;
            if (!clip(&s, plot, 0, &t0, &t1)) continue;
            *point = (Point){(float)(s.x0 + t1 * (s.x1 - s.x0)), (float)(s.y0 + t1 * (s.y1 - s.y0))};
            return true;
        }
    }
    return false;
}

void trail_draw_pieces(const TrailBuffer *buffer, Canvas *canvas, float width, Colour colour) {
    int begin = 0;
    for (int i = 0; i < buffer->n_pieces; i++) {
        canvas_polyline(canvas, buffer->points + begin, buffer->ends[i] - begin, width, colour);
        begin = buffer->ends[i];
    }
}

void trail_draw(const TrailBuffer *buffer, Canvas *canvas, const TrailLook *look) {
    trail_draw_pieces(buffer, canvas, look->width + 2, look->edge);
    for (int i = 0, begin = 0; i < buffer->n_pieces; begin = buffer->ends[i++])
        dash_polyline(
            canvas, buffer->points + begin, buffer->ends[i] - begin, look->width, look->dash, look->colour);
}
