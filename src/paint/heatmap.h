/* Heights to pixels, and to lines of equal height. A grid is (height, width) float64, row 0 at the top;
 * non-finite heights are allowed and left without lines. */
#ifndef SLALOM_HEATMAP_H
#define SLALOM_HEATMAP_H

#include "canvas.h"
#include "theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How heights become positions on the colour map and levels of contours. */
typedef struct HeightScale {
    bool logarithmic;
    double low, high; /* the heights at the two ends of the map; low < high */
    double softness; /* logarithmic: added to height - low before the logarithm, so that low itself has one */
} HeightScale;

/* The scale over the finite heights of a grid. `floor` is the known lowest height of the whole surface, or
 * NAN: a logarithmic scale then measures from it, so that lines stay put while the view moves. */
HeightScale height_scale_of(const double *grid, int width, int height, bool logarithmic, double floor);

/* Position of a height on the map: 0 at low, 1 at high, monotone, not clamped. */
double height_scale_position(const HeightScale *scale, double height);

/* Rows [row_begin, row_end) of the picture. Heights that are not finite take the colour of the top. */
void heatmap_shade(const double *grid, int width, int row_begin, int row_end, const HeightScale *scale,
    const Theme *theme, uint32_t *pixels);

enum { CONTOUR_LEVELS_MAX = 48 };

/* Heights of contour lines, evenly spaced on the scale at round heights (1, 2, 5 times powers of ten on a
 * linear one, whole fractions of decades on a logarithmic one), about `wanted` of them. strong[i]: every
 * fifth on a linear scale, whole decades on a logarithmic one. Returns how many. */
int contour_levels(
    const HeightScale *scale, int wanted, double levels[CONTOUR_LEVELS_MAX], bool strong[CONTOUR_LEVELS_MAX]);

/* Marching squares: appends to `points` the ends of the segments (pairs) of one level, in grid coordinates
 * (column, row; (0, 0) is the centre of the first cell), interpolated on the heights; saddle squares are
 * decided by the mean of the corners. Never more than max_points; returns how many points. */
int contour_segments(const double *grid, int width, int height, double level, Point *points, int max_points);

#endif
