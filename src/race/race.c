/* Racers in lockstep: one optimizer each, the same objective, the same start, a complete record. What an
 * optimizer does is its own affair; how a race is shown or written is left to others. */
#include "race.h"

#include "text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STILL_STEPS = 10 }; /* so many steps without moving: stalled */

/* Why a racer has its status. */
typedef enum Reason {
    REASON_NONE,
    REASON_AT_MINIMUM,
    REASON_AT_SADDLE,
    REASON_ON_PLATEAU,
    REASON_STILL,
    REASON_LOSS,
    REASON_GRADIENT,
    REASON_POSITION,
    REASON_FAR,
    REASON_FAILURE,
} Reason;

static const char *const reasons[] = {
    [REASON_NONE] = "",
    [REASON_AT_MINIMUM] = "the gradient has vanished",
    [REASON_AT_SADDLE] = "the gradient has vanished where the surface still curves down",
    [REASON_ON_PLATEAU] = "the gradient has vanished on a plateau",
    [REASON_STILL] = "its steps are too small to move it",
    [REASON_LOSS] = "the loss is not finite",
    [REASON_GRADIENT] = "the gradient is not finite",
    [REASON_POSITION] = "the position is not finite",
    [REASON_FAR] = "it has left for infinity",
};

typedef struct Racer {
    const Race *race;
    Objective *objective;
    RacerSpec spec;
    OptimizerRun *run;
    Evaluator evaluator;
    Vec x, gradient;    /* where it is, and the gradient there; (dim) */
    Vec given;          /* the gradient as the optimizer sees it, where that is another; (dim) */
    double *rates;      /* (n_steps): the schedule's rate of each step */
    double loss, shown; /* at x: as the optimizer sees it, and of the whole objective */
    uint64_t evaluations;
    int changed;    /* so many changes of its hyperparameters have come about */
    uint64_t noise; /* which noise stream it has: 0 the shared one */
    bool changes_gradient;
    double seconds; /* in its steps, where time is measured */
    int still;      /* steps in a row that did not move it */
    Reason reason;
    const char *failure; /* what an iteration that failed said of itself; NULL: none did */
    Trace trace;
} Racer;

struct Race {
    Objective *objective;
    uint64_t seed;
    bool measures_time;
    int n_racers;
    int64_t n_steps, done;
    double *start; /* (dim) */
    double far;    /* beyond this largest coordinate a racer has left */
    void *block;   /* owns start and every racer's vectors */
    Racer racers[RACE_RACERS_MAX];
};

const char *racer_status_name(RacerStatus status) {
    static const char *const names[] = {"running", "converged", "stalled", "diverged"};
    return names[status];
}

const double *racer_values(const RacerSpec *spec, int64_t step) {
    const double *values = spec->values;
    for (int i = 0; i < spec->n_changes && spec->changes[i].step <= step; i++)
        values = spec->changes[i].values;
    return values;
}

/* Making one. */

static bool averages(const RacerSpec *spec) {
    return spec->devices[DEVICE_POLYAK] > 0 || spec->devices[DEVICE_EMA] > 0;
}

/* What one racer's rows take, the rates of its schedule included. */
static double trace_bytes(const Objective *objective, const RacerSpec *spec, int64_t n_steps) {
    size_t points = averages(spec) ? 2 : 1, numbers = objective->type->whole ? 5 : 4;
    double row =
        (double)((points * objective->dim + numbers) * sizeof(double) + sizeof(uint64_t) + sizeof(uint8_t));
    return row * ((double)n_steps + 1);
}

static bool check_size(
    const Objective *objective, const RacerSpec *specs, int n_racers, int64_t n_steps, Status *status) {
    double bytes = 0, row = 0;
    for (int i = 0; i < n_racers; i++) {
        bytes += trace_bytes(objective, &specs[i], n_steps);
        row += trace_bytes(objective, &specs[i], 0);
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

static bool trace_create(Trace *trace, int64_t n_steps, size_t dim, bool averaged, bool batches) {
    size_t rows = (size_t)n_steps + 1;
    trace->x = malloc(rows * dim * sizeof *trace->x);
    trace->average = averaged ? malloc(rows * dim * sizeof *trace->average) : NULL;
    if (averaged && !trace->average) return false;
    trace->batch_loss = batches ? malloc(rows * sizeof *trace->batch_loss) : NULL;
    if (batches && !trace->batch_loss) return false;
    trace->loss = malloc(rows * sizeof *trace->loss);
    trace->grad_norm = malloc(rows * sizeof *trace->grad_norm);
    trace->lr = malloc(rows * sizeof *trace->lr);
    trace->evaluations = malloc(rows * sizeof *trace->evaluations);
    trace->status = malloc(rows * sizeof *trace->status);
    return trace->x && trace->loss && trace->grad_norm && trace->lr && trace->evaluations && trace->status;
}

static void trace_destroy(Trace *trace) {
    free(trace->x);
    free(trace->average);
    free(trace->loss);
    free(trace->batch_loss);
    free(trace->grad_norm);
    free(trace->lr);
    free(trace->evaluations);
    free(trace->status);
}

static double evaluate_for_optimizer(void *context, const Vec *x, const Vec **gradient);
static void evaluate_hessian(void *context, const Vec *x, double *hessian);

/* The rate of each step. One that a change has given is scheduled as if it had held from the start. */
static bool fill_rates(const RacerSpec *spec, int64_t n_steps, double *rates, Status *status) {
    bool good = schedule_fill(&spec->schedule, spec->values[0], 0, n_steps, rates, status);
    for (int i = 0; good && i < spec->n_changes; i++)
        good = schedule_fill(
            &spec->schedule, spec->changes[i].values[0], spec->changes[i].step, n_steps, rates, status);
    return good || status_prefix(status, "%s", spec->label);
}

/* Everything of a racer but its vectors, which are a part of the race's block. */
static bool create_racer(Race *race, Racer *racer, const RacerSpec *spec, Status *status) {
    Objective *objective = race->objective;
    racer->race = race;
    racer->objective = objective;
    racer->spec = *spec;
    racer->noise = (uint64_t)(racer - race->racers) + 1;
    racer->evaluator = (Evaluator){
        .evaluate = evaluate_for_optimizer,
        .hessian = objective->type->hessian ? evaluate_hessian : NULL,
        .context = racer,
    };
    racer->run =
        optimizer_run_create(spec->optimizer, spec->values, objective->dim, objective->precision, status);
    if (!racer->run) return false;
    racer->rates = malloc(((size_t)race->n_steps + 1) * sizeof *racer->rates);
    if (!racer->rates || !trace_create(&racer->trace, race->n_steps, objective->dim, averages(spec),
                             objective->type->whole != NULL))
        return status_fail(
            status, STATUS_FAILED, "out of memory for a trace of %lld steps", (long long)race->n_steps);
    uint64_t stream = spec->devices[DEVICE_OWN_NOISE] > 0 ? racer->noise : 0;
    optimizer_run_seed(racer->run, noise_stream(race->seed, stream, 0));
    return fill_rates(spec, race->n_steps, racer->rates, status);
}

static void place_vectors(Race *race, char *next, size_t vec_bytes) {
    const Vec vec = {.n = race->objective->dim, .precision = race->objective->precision};
    for (int i = 0; i < race->n_racers; i++) {
        Vec *vectors[] = {&race->racers[i].x, &race->racers[i].gradient, &race->racers[i].given};
        for (int j = 0; j < 3; j++, next += vec_bytes) {
            *vectors[j] = vec;
            vectors[j]->data = next;
        }
    }
}

Race *race_create(Objective *objective, const RacerSpec *specs, int n_racers, const double *start,
    int64_t n_steps, uint64_t seed, Status *status) {
    assert(n_racers >= 0 && n_racers <= RACE_RACERS_MAX && n_steps >= 0);
    size_t dim = objective->dim;
    if (!check_size(objective, specs, n_racers, n_steps, status)) return NULL;
    Race *race = calloc(1, sizeof *race);
    size_t start_bytes = (dim * sizeof(double) + 63) / 64 * 64;
    size_t vec_bytes = (dim * precision_bytes(objective->precision) + 63) / 64 * 64;
    if (race) race->block = aligned_alloc(64, start_bytes + 3 * vec_bytes * (size_t)n_racers);
    if (!race || !race->block) {
        free(race);
        status_fail(status, STATUS_FAILED, "out of memory for a race of %d racers", n_racers);
        return NULL;
    }
    race->objective = objective;
    race->n_steps = n_steps;
    race->seed = seed;
    race->start = race->block;
    for (int i = 0; i < n_racers; i++) {
        race->n_racers++;
        if (create_racer(race, &race->racers[i], &specs[i], status)) continue;
        race_destroy(race);
        return NULL;
    }
    place_vectors(race, (char *)race->block + start_bytes, vec_bytes);
    race_restart(race, start);
    return race;
}

void race_destroy(Race *race) {
    if (!race) return;
    for (int i = 0; i < race->n_racers; i++) {
        optimizer_run_destroy(race->racers[i].run);
        free(race->racers[i].rates);
        trace_destroy(&race->racers[i].trace);
    }
    free(race->block);
    free(race);
}

/* Judging where a racer is. */

/* x_size is the largest coordinate. */
static bool diverges(const Race *race, Racer *racer, double x_size, double grad_norm) {
    if (!isfinite(x_size))
        racer->reason = REASON_POSITION;
    else if (!isfinite(racer->loss) || !isfinite(racer->shown))
        racer->reason = REASON_LOSS;
    else if (!isfinite(grad_norm))
        racer->reason = REASON_GRADIENT;
    else if (x_size > race->far)
        racer->reason = REASON_FAR;
    else
        return false;
    return true;
}

/* The gradient is as good as zero: is this a minimum? */
static RacerStatus judge_stationary(Racer *racer) {
    const ObjectiveType *type = racer->objective->type;
    double smallest = 0, largest = 1;
    if (type->curvature) type->curvature(racer->objective, &racer->x, &smallest, &largest);
    double zero = RACE_VANISHED * fmax(1, fabs(largest));
    racer->reason = smallest < -zero           ? REASON_AT_SADDLE
                    : largest <= RACE_VANISHED ? REASON_ON_PLATEAU
                                               : REASON_AT_MINIMUM;
    return racer->reason == REASON_AT_MINIMUM ? RACER_CONVERGED : RACER_STALLED;
}

static RacerStatus judge(Racer *racer, double x_size, double grad_norm, double step_size) {
    racer->still = step_size <= 1e-14 * (1 + x_size) ? racer->still + 1 : 0;
    racer->reason = REASON_NONE;
    if (grad_norm <= RACE_VANISHED && step_size <= RACE_VANISHED * (1 + x_size))
        return judge_stationary(racer);
    if (racer->still < STILL_STEPS && !racer->failure) return RACER_RUNNING;
    racer->reason = racer->failure ? REASON_FAILURE : REASON_STILL;
    return RACER_STALLED;
}

/* Writing rows. */

/* Polyak's mean of the iterates after the start, or the moving average from the start on. */
static void write_average(Racer *racer, int64_t row) {
    Trace *trace = &racer->trace;
    size_t dim = racer->x.n;
    const double *x = trace->x + (size_t)row * dim;
    double *average = trace->average + (size_t)row * dim, *before = row > 0 ? average - dim : NULL;
    double decay = racer->spec.devices[DEVICE_EMA];
    double weight = racer->spec.devices[DEVICE_POLYAK] > 0 ? 1 / (double)(row > 0 ? row : 1) : 1 - decay;
    for (size_t i = 0; i < dim; i++) average[i] = before ? before[i] + weight * (x[i] - before[i]) : x[i];
}

static void write_row(Racer *racer, int64_t row, double grad_norm, double lr, RacerStatus status) {
    Trace *trace = &racer->trace;
    vec_read(&racer->x, trace->x + (size_t)row * racer->x.n);
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
static void write_diverged(Racer *racer, int64_t row, double lr) {
    Trace *trace = &racer->trace;
    vec_write(&racer->x, trace->x + (size_t)(row - 1) * racer->x.n);
    racer->shown = trace->loss[row - 1];
    racer->loss = trace->batch_loss ? trace->batch_loss[row - 1] : racer->shown;
    write_row(racer, row, trace->grad_norm[row - 1], lr, RACER_DIVERGED);
}

/* The objective of the steps to come: for all racers the same minibatch, of which the row before a step and
 * the step itself share one gradient. */
static void resample(Race *race) {
    const ObjectiveType *type = race->objective->type;
    if (type->resample) type->resample(race->objective, (uint64_t)race->done);
}

/* The losses and gradients at x; returns the gradient that is shown. */
static const Vec *evaluate_here(Racer *racer) {
    Objective *objective = racer->objective;
    racer->shown = racer->loss = objective->type->evaluate(objective, &racer->x, &racer->gradient);
    if (!objective->type->whole) return &racer->gradient;
    racer->shown = objective->type->whole(objective, &racer->x, &racer->given);
    return &racer->given; /* free between two steps */
}

static void start_racer(const Race *race, Racer *racer) {
    const RacerSpec *spec = &racer->spec;
    optimizer_run_reset(racer->run, spec->values);
    racer->changes_gradient = devices_change_gradient(spec->devices);
    racer->evaluator.noisy = devices_are_noisy(spec->devices) || race->objective->type->resample != NULL;
    racer->seconds = 0;
    vec_write(&racer->x, race->start);
    racer->evaluations = 0;
    racer->changed = 0;
    racer->still = 0;
    racer->failure = NULL;
    double grad_norm = vec_norm(evaluate_here(racer)), x_size = vec_largest(&racer->x);
    RacerStatus status =
        diverges(race, racer, x_size, grad_norm) ? RACER_DIVERGED : judge(racer, x_size, grad_norm, 0);
    write_row(racer, 0, grad_norm, race->n_steps > 0 ? racer->rates[0] : spec->values[0], status);
}

void race_restart(Race *race, const double *start) {
    Vec own = vec_of_f64(race->start, race->objective->dim);
    if (start) vec_write(&own, start);
    race->far = RACE_FAR * (1 + vec_largest(&own));
    race->done = 0;
    resample(race);
    for (int i = 0; i < race->n_racers; i++) start_racer(race, &race->racers[i]);
}

bool race_set_racer(Race *race, int racer, const RacerSpec *spec, Status *status) {
    assert(racer >= 0 && racer < race->n_racers);
    Racer *changed = &race->racers[racer];
    assert(spec->optimizer == changed->spec.optimizer && averages(spec) == averages(&changed->spec));
    double *rates = malloc(((size_t)race->n_steps + 1) * sizeof *rates);
    if (!rates) return status_fail(status, STATUS_FAILED, "out of memory");
    if (!fill_rates(spec, race->n_steps, rates, status)) {
        free(rates);
        return false;
    }
    free(changed->rates);
    changed->rates = rates;
    changed->spec = *spec;
    race_restart(race, NULL);
    return true;
}

/* Stepping. */

/* The objective's gradient at the racer's own position is known already, but counts: the optimizer asked for
 * it. Elsewhere, and where a device stands in between, it is computed into `given`. */
static double evaluate_for_optimizer(void *context, const Vec *x, const Vec **gradient) {
    Racer *racer = context;
    racer->evaluations++;
    bool here = x == &racer->x;
    *gradient = here && !racer->changes_gradient ? &racer->gradient : &racer->given;
    double loss = racer->loss;
    if (!here) loss = racer->objective->type->evaluate(racer->objective, x, &racer->given);
    if (!racer->changes_gradient) return loss;
    if (here) vec_copy(&racer->given, &racer->gradient);
    const double *devices = racer->spec.devices;
    uint64_t racer_stream = devices[DEVICE_OWN_NOISE] > 0 ? racer->noise : 0;
    uint64_t stream = noise_stream(racer->race->seed, racer_stream, (uint64_t)racer->race->done);
    return loss + devices_apply(devices, x, &racer->given, stream);
}

static void evaluate_hessian(void *context, const Vec *x, double *hessian) {
    Racer *racer = context;
    racer->objective->type->hessian(racer->objective, x, hessian);
    double l2 = racer->spec.devices[DEVICE_L2];
    for (size_t i = 0; i < x->n; i++) hessian[i * x->n + i] += l2;
}

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool has_diverged(const Racer *racer) {
    return racer->trace.status[racer->trace.last] == RACER_DIVERGED;
}

static void make_changes(const Race *race, Racer *racer) {
    const RacerSpec *spec = &racer->spec;
    while (racer->changed < spec->n_changes && spec->changes[racer->changed].step <= race->done)
        optimizer_run_set_values(racer->run, spec->changes[racer->changed++].values);
}

static void step_racer(const Race *race, Racer *racer) {
    double begin = race->measures_time ? now_s() : 0;
    if (racer->changed < racer->spec.n_changes) make_changes(race, racer);
    racer->failure = optimizer_run_step(racer->run, &racer->x, &racer->evaluator, racer->rates[race->done]);
    if (race->measures_time) racer->seconds += now_s() - begin;
}

/* The row of the step just done: `race->done` counts it already. */
static void observe_racer(const Race *race, Racer *racer) {
    int64_t row = race->done;
    double lr = racer->rates[row - 1];
    double begin = race->measures_time ? now_s() : 0;
    const Vec *gradient = evaluate_here(racer);
    const double *before = racer->trace.x + (size_t)(row - 1) * racer->x.n;
    double x_size, step_size, grad_norm;
    vec_measure_step(&racer->x, before, gradient, &x_size, &step_size, &grad_norm);
    if (!diverges(race, racer, x_size, grad_norm))
        write_row(racer, row, grad_norm, lr, judge(racer, x_size, grad_norm, step_size));
    else if (racer->reason == REASON_FAR)
        write_row(racer, row, grad_norm, lr, RACER_DIVERGED);
    else
        write_diverged(racer, row, lr);
    if (race->measures_time) racer->seconds += now_s() - begin;
}

bool race_step(Race *race) {
    if (race->done >= race->n_steps) return false;
    for (int i = 0; i < race->n_racers; i++)
        if (!has_diverged(&race->racers[i])) step_racer(race, &race->racers[i]);
    race->done++;
    resample(race);
    for (int i = 0; i < race->n_racers; i++)
        if (!has_diverged(&race->racers[i])) observe_racer(race, &race->racers[i]);
    return true;
}

void race_run(Race *race) {
    while (race_step(race)) {
    }
}

/* Reading. */

int race_racer_count(const Race *race) {
    return race->n_racers;
}

int64_t race_step_count(const Race *race) {
    return race->n_steps;
}

int64_t race_steps_done(const Race *race) {
    return race->done;
}

const RacerSpec *race_spec(const Race *race, int racer) {
    assert(racer >= 0 && racer < race->n_racers);
    return &race->racers[racer].spec;
}

const Trace *race_trace(const Race *race, int racer) {
    assert(racer >= 0 && racer < race->n_racers);
    return &race->racers[racer].trace;
}

size_t race_dim(const Race *race) {
    return race->objective->dim;
}

bool race_state(const Race *race, int racer, int i, Vec *state) {
    assert(racer >= 0 && racer < race->n_racers);
    const OptimizerRun *run = race->racers[racer].run;
    if (i < 0 || i >= optimizer_run_state_count(run)) return false;
    *state = optimizer_run_state(run, i);
    return true;
}

void race_measure_time(Race *race, bool measured) {
    race->measures_time = measured;
}

double race_seconds(const Race *race, int racer) {
    assert(racer >= 0 && racer < race->n_racers);
    return race->racers[racer].seconds;
}

int64_t trace_row(const Trace *trace, int64_t step) {
    return step < trace->last ? step : trace->last;
}

const char *race_reason(const Race *race, int racer) {
    assert(racer >= 0 && racer < race->n_racers);
    const Racer *of = &race->racers[racer];
    return of->reason == REASON_FAILURE ? of->failure : reasons[of->reason];
}
