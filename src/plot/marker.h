/* Small shapes that tell racers apart without colour, and name the points of a surface. */
#ifndef SLALOM_MARKER_H
#define SLALOM_MARKER_H

#include "canvas.h"

typedef enum Marker {
    MARKER_CIRCLE,
    MARKER_SQUARE,
    MARKER_TRIANGLE,
    MARKER_DIAMOND,
    MARKER_TRIANGLE_DOWN,
    MARKER_PENTAGON,
    MARKER_PLUS,
    MARKER_STAR,
    MARKER_HEXAGON,
    MARKER_COUNT, /* odd, so that no two of MARKER_COUNT * RACER_COLOURS racers share shape and colour */
    MARKER_CROSS = MARKER_COUNT, /* not a racer's: where one diverged, and saddles */
} Marker;

/* style: 1 is the first, as in RacerLook. */
Marker marker_of_style(int style);

/* Filled, with an edge of `edge_width` around it (0: none). Shapes of one radius cover about the same area.
 */
void marker_draw(
    Canvas *canvas, Marker marker, Point centre, float radius, Colour fill, float edge_width, Colour edge);

#endif
