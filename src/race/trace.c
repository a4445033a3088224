/* The record of a racer: its memory and its rows. What is worth a row is decided in race.c and apart.c. */
#include "race_inner.h"

#include "text.h"

#include <math.h>
#include <stdlib.h>

bool racer_averages(const RacerSpec *spec) {
    return spec->devices[DEVICE_POLYAK] > 0 || spec->devices[DEVICE_EMA] > 0;
}

double racer_average_weight(const RacerSpec *spec, int64_t n) {
    return spec->devices[DEVICE_POLYAK] > 0 ? 1 / (double)(n > 0 ? n : 1) : 1 - spec->devices[DEVICE_EMA];
}

/* What one racer's rows take, the rates of its schedule included. */
static double trace_bytes(const Objective *objective, const RacerSpec *spec, int64_t n_steps, bool has_path) {
    const size_t points = !has_path ? 0 : racer_averages(spec) ? 2 : 1;
    const size_t numbers = has_path && objective->type->whole ? 5 : 4;
    double row =
        (double)((points * objective->dim + numbers) * sizeof(double) + sizeof(uint64_t) + sizeof(uint8_t));
    return row * ((double)n_steps + 1);
}

bool trace_check_size(const Objective *objective, const RacerSpec *specs, int n_racers, int64_t n_steps,
    bool has_path, Status *status) {
    double bytes = 0, row = 0;
    for (int i = 0; i < n_racers; i++) {
        bytes += trace_bytes(objective, &specs[i], n_steps, has_path);
        row += trace_bytes(objective, &specs[i], 0, has_path);
    }
    if (bytes <= RACE_TRACE_BYTES_MAX) return true;
    char would[32], limit[32];
    text_format_bytes(would, sizeof would, bytes);
    text_format_bytes(limit, sizeof limit, RACE_TRACE_BYTES_MAX);
    return status_fail(status, STATUS_BAD_INPUT,
        "%lld steps of %d racer%s would take %s of memory; a race may take %s, which is %.0f steps",
        (long long)n_steps, n_racers, n_racers == 1 ? "" : "s", would, limit,
        floor(RACE_TRACE_BYTES_MAX / row) - 1);
}

bool trace_create(
    Trace *trace, const Objective *objective, const RacerSpec *spec, int64_t n_steps, bool has_path) {
    const size_t rows = (size_t)n_steps + 1, dim = objective->dim;
    const bool averaged = has_path && racer_averages(spec), batches = has_path && objective->type->whole;
    trace->x = has_path ? malloc(rows * dim * sizeof *trace->x) : NULL;
    trace->average = averaged ? malloc(rows * dim * sizeof *trace->average) : NULL;
    trace->batch_loss = batches ? malloc(rows * sizeof *trace->batch_loss) : NULL;
    trace->loss = malloc(rows * sizeof *trace->loss);
    trace->grad_norm = malloc(rows * sizeof *trace->grad_norm);
    trace->lr = malloc(rows * sizeof *trace->lr);
    trace->evaluations = malloc(rows * sizeof *trace->evaluations);
    trace->status = malloc(rows * sizeof *trace->status);
    return (trace->x || !has_path) && (trace->average || !averaged) && (trace->batch_loss || !batches) &&
           trace->loss && trace->grad_norm && trace->lr && trace->evaluations && trace->status;
}

void trace_destroy(Trace *trace) {
    free(trace->x);
    free(trace->average);
    free(trace->loss);
    free(trace->batch_loss);
    free(trace->grad_norm);
    free(trace->lr);
    free(trace->evaluations);
    free(trace->status);
}

/* Writing rows. */

/* Polyak's mean of the iterates after the start, or the moving average from the start on. */
static void write_average(Racer *racer, int64_t row) {
    Trace *trace = &racer->trace;
    size_t dim = racer->x.n;
    const double *x = trace->x + (size_t)row * dim;
    double *average = trace->average + (size_t)row * dim, *before = row > 0 ? average - dim : NULL;
    double weight = racer_average_weight(&racer->spec, row);
    for (size_t i = 0; i < dim; i++) average[i] = before ? before[i] + weight * (x[i] - before[i]) : x[i];
}

void trace_write_row(Racer *racer, int64_t row, double grad_norm, double lr, RacerStatus status) {
    Trace *trace = &racer->trace;
    if (trace->x) vec_read(&racer->x, trace->x + (size_t)row * racer->x.n);
    trace->loss[row] = racer->shown;
    if (trace->batch_loss) trace->batch_loss[row] = racer->loss;
    trace->grad_norm[row] = grad_norm;
    trace->lr[row] = lr;
    trace->evaluations[row] = racer->evaluations;
    trace->status[row] = (uint8_t)status;
    trace->last = row;
    if (trace->average) write_average(racer, row);
}

/* The row of a racer that diverged on its way from the row before: its last finite point again. */
void trace_write_diverged(Racer *racer, int64_t row, double lr) {
    Trace *trace = &racer->trace;
    vec_write(&racer->x, trace->x + (size_t)(row - 1) * racer->x.n);
    racer->shown = trace->loss[row - 1];
    racer->loss = trace->batch_loss ? trace->batch_loss[row - 1] : racer->shown;
    trace_write_row(racer, row, trace->grad_norm[row - 1], lr, RACER_DIVERGED);
}
