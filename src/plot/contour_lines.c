/* Contour lines from marching squares to strokes; the tracing itself is in paint/contour.c. */
#include "contour_lines.h"

#include <stdlib.h>

enum { LEVELS_WANTED = 14, LEVEL_POINTS_MAX = 1 << 16 };

bool contour_lines_init(ContourLines *lines) {
    *lines = (ContourLines){.n_levels = 0};
    Point *points = malloc(sizeof *points * CONTOUR_LEVELS_MAX * LEVEL_POINTS_MAX);
    if (!points) return false;
    for (int i = 0; i < CONTOUR_LEVELS_MAX; i++) lines->points[i] = points + (size_t)i * LEVEL_POINTS_MAX;
    return true;
}

void contour_lines_finish(ContourLines *lines) {
    free(lines->points[0]);
}

void contour_lines_choose(ContourLines *lines, const HeightScale *scale) {
    lines->n_levels = contour_levels(scale, LEVELS_WANTED, lines->levels, lines->strong);
}

typedef struct Tracing {
    ContourLines *lines;
    const double *heights;
    int width, height;
    float cell;
} Tracing;

static void trace_level(void *context, int level, int worker) {
    (void)worker;
    const Tracing *tracing = context;
    ContourLines *lines = tracing->lines;
    Point *points = lines->points[level];
    int n = contour_segments(
        tracing->heights, tracing->width, tracing->height, lines->levels[level], points, LEVEL_POINTS_MAX);
    for (int i = 0; i < n; i++)
        points[i] = (Point){(points[i].x + 0.5f) * tracing->cell, (points[i].y + 0.5f) * tracing->cell};
    lines->n_points[level] = n;
}

void contour_lines_trace(
    ContourLines *lines, Pool *pool, const double *heights, int width, int height, float cell) {
    Tracing tracing = {lines, heights, width, height, cell};
    if (pool) {
        pool_run(pool, lines->n_levels, trace_level, &tracing);
        return;
    }
    for (int i = 0; i < lines->n_levels; i++) trace_level(&tracing, i, 0);
}

void contour_lines_draw(const ContourLines *lines, Raster *raster, const Theme *theme) {
    for (int i = 0; i < lines->n_levels; i++) {
        Colour colour = lines->strong[i] ? theme->contour_strong : theme->contour;
        raster_segments(raster, lines->points[i], lines->n_points[i] / 2,
            lines->strong[i] ? CONTOUR_STRONG_WIDTH : CONTOUR_WIDTH, colour);
    }
}
