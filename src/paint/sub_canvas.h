/* A part of another canvas as a canvas of its own: its corner is at (0, 0), and what is drawn on it may be
 * smaller. */
#ifndef SLALOM_SUB_CANVAS_H
#define SLALOM_SUB_CANVAS_H

#include "canvas.h"

typedef struct SubCanvas {
    Canvas canvas; /* first: the methods get a pointer to it */
    Canvas *whole; /* borrowed */
    Rect part;     /* of the whole */
    float zoom;    /* lengths of the whole to one here */
    Point *points; /* owned: of the line under work */
    int room;
} SubCanvas;

/* The part `rect` of `whole`, its edges between device pixels; zoom 1: nothing is smaller. */
Canvas *sub_canvas_init(SubCanvas *sub, Canvas *whole, Rect rect, float zoom);
void sub_canvas_finish(SubCanvas *sub); /* the whole's clip is reset */

#endif
