/* The table of quantities, and a series filled level by level. What a chart makes of the numbers is up to it.
 */
#include "series.h"

#include "clock.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Quantities. */

static const double *loss_of(const Trace *trace) {
    return trace->loss;
}

static const double *gradient_of(const Trace *trace) {
    return trace->grad_norm;
}

static const double *rate_of(const Trace *trace) {
    return trace->lr;
}

static void compute_excess(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    for (int i = 0; i < n; i++) values[i] = trace->loss[rows[i]] - source->lowest;
}

static void compute_distance(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    const Surface *surface = source->surface;
    for (int i = 0; i < n; i++) values[i] = NAN;
    for (int k = 0; k < surface->n_stationary; k++) {
        const StationaryPoint *point = &surface->stationary[k];
        if (point->kind != STATIONARY_MINIMUM) continue;
        for (int i = 0; i < n; i++) {
            const double *x = trace->x + 2 * rows[i];
            values[i] = fmin(values[i], hypot(x[0] - point->x, x[1] - point->y));
        }
    }
}

/* Whether there is a step that led to the row, in numbers. */
static bool has_step(const Trace *trace, int64_t row, size_t dim) {
    if (row == 0) return false;
    if (trace->status[row] != RACER_DIVERGED) return true;
    const double *x = trace->x + (size_t)row * dim;
    return memcmp(x, x - dim, dim * sizeof *x) != 0; /* the last finite point again: there is none */
}

static double step_length(const Trace *trace, int64_t row, size_t dim) {
    if (!has_step(trace, row, dim)) return NAN;
    const double *x = trace->x + (size_t)row * dim;
    double sum = 0;
    if (dim == 2) return hypot(x[0] - x[-2], x[1] - x[-1]);
    for (size_t i = 0; i < dim; i++) {
        double by = x[i] - x[(ptrdiff_t)i - (ptrdiff_t)dim];
        sum += by * by;
    }
    return sqrt(sum);
}

static void compute_step(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    size_t dim = race_dim(source->race);
    for (int i = 0; i < n; i++) values[i] = step_length(trace, rows[i], dim);
}

static double ratio(double step, double gradient) {
    return gradient != 0 ? step / gradient : NAN;
}

static void compute_effective(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    size_t dim = race_dim(source->race);
    for (int i = 0; i < n; i++) {
        values[i] = step_length(trace, rows[i], dim);
        if (rows[i] > 0) values[i] = ratio(values[i], trace->grad_norm[rows[i] - 1]);
    }
}

/* The derivatives of the surface at some rows. */
typedef struct Jets {
    double values[SURFACE_OUTPUTS][SERIES_BATCH];
} Jets;

/* At the rows `before` those given; the start counts as the row before itself. */
static void find_jets(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, int64_t before, Jets *jets) {
    double x[SERIES_BATCH], y[SERIES_BATCH], *outputs[SURFACE_OUTPUTS];
    assert(n <= SERIES_BATCH);
    for (int i = 0; i < n; i++) {
        int64_t row = rows[i] >= before ? rows[i] - before : 0;
        x[i] = trace->x[2 * row];
        y[i] = trace->x[2 * row + 1];
    }
    for (int k = 0; k < SURFACE_OUTPUTS; k++) outputs[k] = jets->values[k];
    surface_evaluate_many(source->surface, x, y, (size_t)n, outputs);
}

static void compute_effective_along(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, int axis, double *values) {
    Jets jets;
    find_jets(source, trace, rows, n, 1, &jets);
    const double *gradient = jets.values[axis == 0 ? SURFACE_FX : SURFACE_FY];
    for (int i = 0; i < n; i++) {
        const double *x = trace->x + 2 * rows[i] + axis;
        values[i] = has_step(trace, rows[i], 2) ? ratio(x[-2] - x[0], gradient[i]) : NAN;
    }
}

static void compute_effective_x(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    compute_effective_along(source, trace, rows, n, 0, values);
}

static void compute_effective_y(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    compute_effective_along(source, trace, rows, n, 1, values);
}

/* Of a unit vector along the gradient, so that no square is too large or too small for a number. */
static double curvature_along(double gx, double gy, double fxx, double fxy, double fyy) {
    double size = fmax(fabs(gx), fabs(gy)), u = gx / size, v = gy / size;
    return (fxx * u * u + 2 * fxy * u * v + fyy * v * v) / (u * u + v * v);
}

static void compute_curvature(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    Jets jets;
    find_jets(source, trace, rows, n, 0, &jets);
    for (int i = 0; i < n; i++)
        values[i] = curvature_along(jets.values[SURFACE_FX][i], jets.values[SURFACE_FY][i],
            jets.values[SURFACE_FXX][i], jets.values[SURFACE_FXY][i], jets.values[SURFACE_FYY][i]);
}

static void compute_eigenvalue(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, int which, double *values) {
    Jets jets;
    find_jets(source, trace, rows, n, 0, &jets);
    for (int i = 0; i < n; i++) {
        double eigenvalues[2];
        symmetric_eigenvalues(
            (double[]){jets.values[SURFACE_FXX][i], jets.values[SURFACE_FXY][i], jets.values[SURFACE_FYY][i]},
            eigenvalues);
        values[i] = eigenvalues[which];
    }
}

static void compute_smallest(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    compute_eigenvalue(source, trace, rows, n, 0, values);
}

static void compute_largest(
    const SeriesSource *source, const Trace *trace, const int64_t *rows, int n, double *values) {
    compute_eigenvalue(source, trace, rows, n, 1, values);
}

const Quantity quantity_table[] = {
    {.name = "excess",
        .title = "loss − min",
        .tip = "the loss above the lowest known one",
        .need = NEEDS_LOWEST,
        .logarithmic = true,
        .compute = compute_excess},
    {.name = "loss",
        .title = "loss",
        .tip = "the loss at x",
        .need = NEEDS_TRACE,
        .logarithmic = true,
        .array = loss_of},
    {.name = "gradient",
        .title = "gradient norm",
        .tip = "how steep it is: the length of the gradient",
        .need = NEEDS_TRACE,
        .logarithmic = true,
        .array = gradient_of},
    {.name = "distance",
        .title = "distance to min",
        .tip = "from x to the nearest known minimum",
        .need = NEEDS_MINIMUM,
        .logarithmic = true,
        .compute = compute_distance},
    {.name = "step",
        .title = "step length",
        .tip = "how far the last step went",
        .need = NEEDS_PATH,
        .logarithmic = true,
        .compute = compute_step},
    {.name = "rate",
        .title = "learning rate",
        .tip = "the rate of the last step, as its schedule has it",
        .need = NEEDS_TRACE,
        .logarithmic = true,
        .bounded = true,
        .array = rate_of},
    {.name = "effective",
        .title = "effective rate",
        .tip = "step length over gradient norm: what gradient descent would need for such a step",
        .need = NEEDS_PATH,
        .logarithmic = true,
        .compute = compute_effective},
    {.name = "effective_x",
        .title = "rate of x",
        .tip = "the effective rate of the first coordinate: its step over minus its gradient",
        .need = NEEDS_SURFACE,
        .compute = compute_effective_x},
    {.name = "effective_y",
        .title = "rate of y",
        .tip = "the effective rate of the second coordinate: its step over minus its gradient",
        .need = NEEDS_SURFACE,
        .compute = compute_effective_y},
    {.name = "curvature",
        .title = "curvature along g",
        .tip = "gᵀHg/gᵀg: how the slope changes along the gradient",
        .need = NEEDS_SURFACE,
        .compute = compute_curvature},
    {.name = "largest",
        .title = "largest curvature",
        .tip = "the largest eigenvalue of the Hessian; descent diverges beyond 2/λ",
        .need = NEEDS_SURFACE,
        .compute = compute_largest},
    {.name = "smallest",
        .title = "smallest curvature",
        .tip = "the smallest eigenvalue of the Hessian; below 0 at saddles",
        .need = NEEDS_SURFACE,
        .compute = compute_smallest},
    {.name = "error",
        .title = "share of wrong classes",
        .tip = "how many of the examples are taken for another class",
        .need = NEEDS_DATA,
        .bounded = true},
    {.name = "gap",
        .title = "gap in loss: validation − training",
        .tip = "how much worse it does on examples that it has not learned from",
        .need = NEEDS_DATA},
    {.name = "error_gap",
        .title = "gap in wrong classes: validation − training",
        .tip = "how many more classes are wrong among examples that it has not learned from",
        .need = NEEDS_DATA,
        .bounded = true},
};
const int quantity_count = (int)(sizeof quantity_table / sizeof *quantity_table);

int quantity_find(const char *name) {
    for (int i = 0; i < quantity_count; i++)
        if (strcmp(quantity_table[i].name, name) == 0) return i;
    return -1;
}

static bool has_minimum(const Surface *surface) {
    for (int i = 0; surface && i < surface->n_stationary; i++)
        if (surface->stationary[i].kind == STATIONARY_MINIMUM) return true;
    return false;
}

bool quantity_exists(const Quantity *quantity, const SeriesSource *source) {
    switch (quantity->need) {
    case NEEDS_PATH: return race_racer_count(source->race) > 0 && race_trace(source->race, 0)->x;
    case NEEDS_LOWEST: return isfinite(source->lowest);
    case NEEDS_MINIMUM: return has_minimum(source->surface);
    case NEEDS_SURFACE: return source->surface != NULL;
    case NEEDS_DATA: return false;
    default: return true;
    }
}

/* Series. */

void series_finish(Series *series) {
    free(series->values);
    *series = (Series){0};
}

static bool make_room(Series *series, int n_racers, int64_t rows) {
    size_t room = (size_t)n_racers * (size_t)rows;
    if (room <= series->room) return true;
    double *values = malloc(room * sizeof *values);
    if (!values) return false;
    free(series->values);
    series->values = values;
    series->room = room;
    return true;
}

bool series_want(Series *series, const SeriesSource *source, const Quantity *quantity, uint64_t version) {
    int64_t rows = race_step_count(source->race) + 1;
    bool same = series->quantity == quantity && series->race == source->race && series->version == version &&
                series->rows == rows;
    if (!same) {
        memset(series->done, 0, sizeof series->done);
        series->quantity = NULL;
        if (!quantity->array && !make_room(series, race_racer_count(source->race), rows)) return false;
        series->quantity = quantity;
        series->race = source->race;
        series->version = version;
        series->rows = rows;
    }
    if (quantity->array)
        for (int level = 0; level < SERIES_LEVELS; level++)
            series->done[level] = race_steps_done(source->race) + 1;
    return true;
}

/* The first batch of rows of a level that are not filled: for every racer that has them. */
static void fill_batch(Series *series, const SeriesSource *source, int level, int64_t end) {
    int64_t rows[SERIES_BATCH], stride = 1 << (SERIES_LEVELS - 1 - level);
    double values[SERIES_BATCH];
    int n = 0;
    int64_t row = (series->done[level] + stride - 1) / stride * stride;
    for (; row < end && n < SERIES_BATCH; row += stride)
        if (level == 0 || row % (2 * stride) != 0) rows[n++] = row;
    for (int racer = 0; racer < race_racer_count(source->race); racer++) {
        const Trace *trace = race_trace(source->race, racer);
        int has = n;
        while (has > 0 && rows[has - 1] > trace->last) has--;
        if (has == 0) continue;
        series->quantity->compute(source, trace, rows, has, values);
        double *to = series->values + racer * series->rows;
        for (int i = 0; i < has; i++) to[rows[i]] = values[i];
    }
    series->done[level] = row < end ? row : end;
}

bool series_fill(Series *series, const SeriesSource *source, double budget_s) {
    if (!series->quantity) return true;
    double until_s = clock_now_s() + budget_s;
    int64_t end = race_steps_done(source->race) + 1;
    for (int level = 0; level < SERIES_LEVELS; level++) {
        while (series->done[level] < end) {
            fill_batch(series, source, level, end);
            if (clock_now_s() >= until_s) return series_is_finished(series);
        }
    }
    return true;
}

bool series_is_finished(const Series *series) {
    if (!series->quantity) return true;
    for (int level = 0; level < SERIES_LEVELS; level++)
        if (series->done[level] <= race_steps_done(series->race)) return false;
    return true;
}

const double *series_values(const Series *series, int racer) {
    if (series->quantity->array) return series->quantity->array(race_trace(series->race, racer));
    return series->values + racer * series->rows;
}

double series_value(const Series *series, const SeriesSource *source, int racer, int64_t row) {
    double value;
    if (series_has(series, row)) return series_values(series, racer)[row];
    series->quantity->compute(source, race_trace(source->race, racer), &row, 1, &value);
    return value;
}
