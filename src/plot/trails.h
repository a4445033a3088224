/* The ways of the racers over the plane: positions to pixels, cut to what can be seen. */
#ifndef SLALOM_TRAILS_H
#define SLALOM_TRAILS_H

#include "camera.h"
#include "canvas.h"
#include "dash.h"

#include <stdbool.h>
#include <stdint.h>

/* A line in pieces: where a trail leaves what can be seen and comes back, a new piece begins. Grows once and
 * is used again for each trail. Start from {0}. */
typedef struct TrailBuffer {
    Point *points;
    int n_points, points_room;
    int *ends; /* where each piece ends in points */
    int n_pieces, pieces_room;
} TrailBuffer;
void trail_buffer_finish(TrailBuffer *buffer);

void trail_clear(TrailBuffer *buffer);
void trail_add_point(TrailBuffer *buffer, double x, double y); /* where memory is out the trail ends early */
void trail_end_piece(TrailBuffer *buffer);

/* The positions x (rows, 2) up to `row` as the camera sees them: steps of less than half a device
 * pixel are left out, and what is outside of the plot by more than a few pixels is cut off. */
void trail_project(TrailBuffer *buffer, const double *x, int64_t row, const Camera *camera, float scale);

/* The same behind what the buffer has already. */
void trail_add(TrailBuffer *buffer, const double *x, int64_t row, const Camera *camera, float scale);

/* The last point of the trail inside the plot; false where there is none. */
bool trail_last_point(const TrailBuffer *buffer, Rect plot, Point *point);

/* Every piece as a line. */
void trail_draw_pieces(const TrailBuffer *buffer, Canvas *canvas, float width, Colour colour);
/* A line of `width` in `colour`, with an edge around it. */
typedef struct TrailLook {
    float width;
    Dash dash;
    Colour colour, edge;
} TrailLook;
void trail_draw(const TrailBuffer *buffer, Canvas *canvas, const TrailLook *look);

#endif
