/* The lines of equal height of one grid: traced once, drawn over the colours. */
#ifndef SLALOM_CONTOUR_LINES_H
#define SLALOM_CONTOUR_LINES_H

#include "heatmap.h"
#include "pool.h"
#include "raster.h"
#include "theme.h"

#include <stdbool.h>

/* Of the lines, in logical pixels. */
#define CONTOUR_WIDTH 1.0f
#define CONTOUR_STRONG_WIDTH 1.3f

typedef struct ContourLines {
    Point
        *points[CONTOUR_LEVELS_MAX]; /* room for LEVEL_POINTS_MAX each, one block that begins at points[0] */
    int n_points[CONTOUR_LEVELS_MAX];
    double levels[CONTOUR_LEVELS_MAX];
    bool strong[CONTOUR_LEVELS_MAX];
    int n_levels;
} ContourLines;

bool contour_lines_init(ContourLines *lines); /* false where memory is out */
void contour_lines_finish(ContourLines *lines);

/* Chooses the heights of the lines. */
void contour_lines_choose(ContourLines *lines, const HeightScale *scale);

/* Traces them on a grid whose cells are `cell` logical pixels wide, the first one in the corner (0, 0). The
 * pool may be NULL. */
void contour_lines_trace(
    ContourLines *lines, Pool *pool, const double *heights, int width, int height, float cell);

void contour_lines_draw(const ContourLines *lines, Raster *raster, const Theme *theme);

#endif
