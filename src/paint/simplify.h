/* Lines with fewer points that look the same. */
#ifndef SLALOM_SIMPLIFY_H
#define SLALOM_SIMPLIFY_H

#include "canvas.h"

/* What no eye and no printer tells apart: a fiftieth of a logical pixel, about 5 micrometres on paper. */
#define SIMPLIFY_TOLERANCE 0.02f

/* Keeps some of the n points, in place, so that each that is dropped lies within `tolerance` of the line that
 * is left, and no turn back is lost. The first and the last stay. Points that are not finite break the line
 * and stay. Returns how many there are then. */
int simplify(Point *points, int n, float tolerance);

#endif
