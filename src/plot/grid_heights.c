/* Catmull and Rom's cubic in each direction. Where all heights are above zero, as losses are, it is drawn
 * through their logarithms: a cubic through heights that differ by powers of ten swings below zero. */
#include "grid_heights.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

typedef struct GridHeights {
    HeightSource source; /* first: a pointer to it is one to all */
    int n_workers, cols, rows;
    Box box;
    bool logarithmic;
    double *values; /* (rows, cols): heights, or their logarithms */
    double *lines;  /* (n_workers, cols): the values along one y */
} GridHeights;

/* A place among n points: between index and index + 1, and how far. */
typedef struct Place {
    int index;
    double share;
} Place;

static Place place_of(double x, double min, double max, int n) {
    double at = (x - min) / (max - min) * (n - 1);
    at = fmin(fmax(at, 0), n - 1);
    int index = at < n - 2 ? (int)at : n - 2;
    return (Place){index, at - index};
}

/* Between b and c, with a before and d behind them; what is not finite on the outside is left out. */
static double cubic(double a, double b, double c, double d, double share) {
    if (!isfinite(a)) a = 2 * b - c;
    if (!isfinite(d)) d = 2 * c - b;
    double slope = 0.5 * (c - a), curve = a - 2.5 * b + 2 * c - 0.5 * d, rest = 0.5 * (d - a) + 1.5 * (b - c);
    return b + share * (slope + share * (curve + share * rest));
}

/* Of values with a stride; beyond the ends they go on straight. */
static double between(const double *values, size_t stride, Place place, int n) {
    const double *at = values + (size_t)place.index * stride;
    double b = at[0], c = at[stride];
    if (place.share == 0) return b;
    double a = place.index > 0 ? *(at - stride) : NAN, d = place.index + 2 < n ? at[2 * stride] : NAN;
    return cubic(a, b, c, d, place.share);
}

static void row(
    const HeightSource *source, int worker, const double *x, double y, size_t n, double *heights) {
    const GridHeights *self = (const GridHeights *)source;
    double *line = self->lines + (size_t)worker * (size_t)self->cols;
    Place up = {0, 0};
    if (self->values) up = place_of(y, self->box.y_min, self->box.y_max, self->rows);
    for (int i = 0; i < self->cols; i++)
        line[i] = between(self->values + i, (size_t)self->cols, up, self->rows);
    for (size_t i = 0; i < n; i++) {
        heights[i] = NAN;
        if (!self->values) continue;
        double value =
            between(line, 1, place_of(x[i], self->box.x_min, self->box.x_max, self->cols), self->cols);
        heights[i] = self->logarithmic ? exp(value) : value;
    }
}

static void destroy(HeightSource *source) {
    GridHeights *self = (GridHeights *)source;
    free(self->values);
    free(self->lines);
    free(self);
}

HeightSource *grid_heights_create(int n_workers) {
    GridHeights *self = malloc(sizeof *self);
    if (!self) return NULL;
    *self =
        (GridHeights){.source = {.row = row, .destroy = destroy, .log_colour = true}, .n_workers = n_workers};
    return &self->source;
}

bool grid_heights_set(HeightSource *source, const double *heights, int cols, int rows, Box box) {
    assert(cols >= 2 && rows >= 2 && box.x_min < box.x_max && box.y_min < box.y_max);
    GridHeights *self = (GridHeights *)source;
    size_t n = (size_t)cols * (size_t)rows;
    double *values = malloc(n * sizeof *values);
    double *lines = malloc((size_t)self->n_workers * (size_t)cols * sizeof *lines);
    if (!values || !lines) {
        free(values);
        free(lines);
        return false;
    }
    free(self->values);
    free(self->lines);
    self->values = values;
    self->lines = lines;
    self->cols = cols;
    self->rows = rows;
    self->box = box;
    self->logarithmic = true;
    for (size_t i = 0; i < n; i++) self->logarithmic &= !(heights[i] <= 0);
    for (size_t i = 0; i < n; i++) values[i] = self->logarithmic ? log(heights[i]) : heights[i];
    return true;
}
