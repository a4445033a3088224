/* Lines of equal height as whole curves: what heatmap.h's contour_segments leaves as pieces, joined, for
 * pictures that are enlarged and for numbers. */
#ifndef SLALOM_CURVES_H
#define SLALOM_CURVES_H

#include <stdbool.h>

typedef struct CurvePoint {
    double x, y; /* in grid coordinates (column, row): (0, 0) is the centre of the first cell */
} CurvePoint;

/* Curve i is points[ends[i - 1]] (or points[0]) up to before points[ends[i]]; a closed one ends where it
 * begins. Start from {0}; grows and is used again. */
typedef struct Curves {
    CurvePoint *points;
    int n_points, points_room;
    int *ends;
    int n, room;
    int *links; /* scratch: */
    int links_room;
} Curves;
void curves_finish(Curves *curves);

/* The curves of one level on a grid (height, width) of heights, in place of those that were there. Each has a
 * point on every edge between two neighbouring cells that the level crosses, interpolated on the heights, so
 * that no point is farther from the true curve than the length of that edge, and on smooth ground far less.
 * Saddle squares are decided by the mean of their corners; squares with a height that is not finite have no
 * curve. False where memory is out. */
bool curves_trace(Curves *curves, const double *heights, int width, int height, double level);

#endif
