/* Racers in lockstep: one optimizer each, the same objective, the same start, a complete record. What an
 * optimizer does is its own affair; how a race is shown or written is left to others. */
#include "race_inner.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STILL_STEPS = 10 }; /* so many steps without moving: stalled */

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

static double evaluate_for_optimizer(void *context, const Vec *x, const Vec **gradient);
static void evaluate_hessian(void *context, const Vec *x, double *hessian);
static void evaluate_hessian_vector(void *context, const Vec *x, const Vec *v, const Vec *product);

/* The rate of each step. One that a change has given is scheduled as if it had held from the start. */
static bool fill_rates(const RacerSpec *spec, int64_t n_steps, double *rates, Status *status) {
    bool good = schedule_fill(&spec->schedule, spec->values[0], 0, n_steps, rates, status);
    for (int i = 0; good && i < spec->n_changes; i++)
        good = schedule_fill(
            &spec->schedule, spec->changes[i].values[0], spec->changes[i].step, n_steps, rates, status);
    return good || status_prefix(status, "%s", spec->label);
}

/* Whether an optimizer asks for products with the Hessian, or all of it. */
static bool takes_curvature(const Optimizer *optimizer) {
    return optimizer->direction || (optimizer->method && optimizer->method->takes_curvature);
}

/* So many gradients are averaged for one that the optimizer asks for. */
static uint64_t accumulated(const RacerSpec *spec) {
    double count = spec->devices[DEVICE_ACCUMULATE];
    return count > 1 ? (uint64_t)count : 1;
}

static void take_batch(const Racer *racer, uint64_t number) {
    const ObjectiveType *type = racer->objective->type;
    if (type->resample) type->resample(racer->objective, number);
}

/* The average of several gradients at x. What is known there is of the step's own batch, so that with batches
 * each is worked out: for the racer's position too, under another address. */
static double evaluate_average(void *context, const Vec *x, const Vec **gradient) {
    Racer *racer = context;
    const uint64_t count = accumulated(&racer->spec), step = (uint64_t)racer_step_at(racer);
    const Vec elsewhere = *x, *at = racer->objective->type->resample ? &elsewhere : x;
    double loss = 0;
    for (uint64_t i = 0; i < count; i++) {
        const Vec *one;
        const double weight = 1 / (double)(i + 1);
        racer->draw = step * count + i;
        take_batch(racer, racer->draw);
        loss += weight * (racer->evaluate_once(racer, at, &one) - loss);
        vec_combine(&racer->mean, weight, one, 1 - weight, i ? &racer->mean : one);
    }
    take_batch(racer, step);
    *gradient = &racer->mean;
    return loss + devices_shape(racer->spec.devices, x, &racer->mean);
}

/* Sets the racer up for a spec's number of gradients. */
static bool prepare_average(Racer *racer, const RacerSpec *spec, Status *status) {
    const bool averages = accumulated(spec) > 1;
    if (averages && !racer->mean.data) {
        racer->mean = (Vec){.n = racer->objective->dim, .precision = racer->objective->precision};
        racer->mean.data = malloc(racer->mean.n * precision_bytes(racer->mean.precision));
        if (!racer->mean.data)
            return status_fail(status, STATUS_FAILED, "out of memory for the gradients of %s", spec->label);
    }
    racer->evaluator.evaluate = averages ? evaluate_average : racer->evaluate_once;
    return true;
}

bool racer_init(Race *race, Racer *racer, Objective *objective, const RacerSpec *spec, Evaluate *evaluate,
    Status *status) {
    const ObjectiveType *type = objective->type;
    racer->race = race;
    racer->objective = objective;
    racer->spec = *spec;
    racer->noise = (uint64_t)(racer - race->racers) + 1;
    racer->evaluate_once = evaluate;
    racer->evaluator = (Evaluator){
        .hessian = type->hessian ? evaluate_hessian : NULL,
        .hessian_vector = type->hessian_vector ? evaluate_hessian_vector : NULL,
        .context = racer,
    };
    if (!prepare_average(racer, spec, status)) return false;
    const Space space = {.n = objective->dim, .precision = objective->precision, .layout = objective->layout};
    racer->run = optimizer_run_create_on(spec->optimizer, spec->values, &space, status);
    if (!racer->run) return false;
    if (takes_curvature(spec->optimizer) && type->reserve_curvature &&
        !type->reserve_curvature(objective, status))
        return status_prefix(status, "%s", spec->label);
    racer->rates = malloc(((size_t)race->n_steps + 1) * sizeof *racer->rates);
    if (!racer->rates || !trace_create(&racer->trace, objective, spec, race->n_steps, !race->is_apart))
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
    if (!trace_check_size(objective, specs, n_racers, n_steps, true, status)) return NULL;
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
        if (racer_init(race, &race->racers[i], objective, &specs[i], evaluate_for_optimizer, status))
            continue;
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
        free(race->racers[i].mean.data);
        trace_destroy(&race->racers[i].trace);
        Vec *const own[] = {
            &race->racers[i].x, &race->racers[i].gradient, &race->racers[i].given, &race->racers[i].average};
        for (int k = 0; k < 4 && race->is_apart; k++) free(own[k]->data);
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

void racer_restart(Racer *racer) {
    const RacerSpec *spec = &racer->spec;
    optimizer_run_reset(racer->run, spec->values);
    racer->changes_gradient = devices_change_gradient(spec->devices);
    racer->evaluator.noisy = devices_are_noisy(spec->devices) || racer->objective->type->resample != NULL;
    racer->seconds = 0;
    racer->evaluations = 0;
    racer->changed = 0;
    racer->still = 0;
    racer->retired = false;
    racer->failure = NULL;
    racer->failures = 0;
    racer->reason = REASON_NONE;
}

static void start_racer(const Race *race, Racer *racer) {
    const RacerSpec *spec = &racer->spec;
    racer_restart(racer);
    vec_write(&racer->x, race->start);
    double grad_norm = vec_norm(evaluate_here(racer)), x_size = vec_largest(&racer->x);
    RacerStatus status =
        diverges(race, racer, x_size, grad_norm) ? RACER_DIVERGED : judge(racer, x_size, grad_norm, 0);
    trace_write_row(racer, 0, grad_norm, race->n_steps > 0 ? racer->rates[0] : spec->values[0], status);
}

void race_restart(Race *race, const double *start) {
    assert(!race->is_apart);
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
    assert(
        spec->optimizer == changed->spec.optimizer && racer_averages(spec) == racer_averages(&changed->spec));
    double *rates = malloc(((size_t)race->n_steps + 1) * sizeof *rates);
    if (!rates) return status_fail(status, STATUS_FAILED, "out of memory");
    if (!fill_rates(spec, race->n_steps, rates, status) || !prepare_average(changed, spec, status)) {
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

double racer_apply_devices(Racer *racer, const Vec *x) {
    const double *devices = racer->spec.devices;
    uint64_t racer_stream = devices[DEVICE_OWN_NOISE] > 0 ? racer->noise : 0;
    bool averages = accumulated(&racer->spec) > 1;
    uint64_t draw = averages ? racer->draw : (uint64_t)racer_step_at(racer);
    uint64_t stream = noise_stream(racer->race->seed, racer_stream, draw);
    if (!averages) return devices_apply(devices, x, &racer->given, stream);
    devices_add_noise(devices, &racer->given, stream);
    return 0;
}

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
    return loss + racer_apply_devices(racer, x);
}

static void evaluate_hessian(void *context, const Vec *x, double *hessian) {
    Racer *racer = context;
    racer->objective->type->hessian(racer->objective, x, hessian);
    double l2 = racer->spec.devices[DEVICE_L2];
    for (size_t i = 0; i < x->n; i++) hessian[i * x->n + i] += l2;
}

static void evaluate_hessian_vector(void *context, const Vec *x, const Vec *v, const Vec *product) {
    Racer *racer = context;
    racer->evaluations++;
    racer->objective->type->hessian_vector(racer->objective, x, v, product);
    double l2 = racer->spec.devices[DEVICE_L2];
    if (l2 > 0) vec_combine(product, 1, product, l2, v);
}

double race_now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool racer_has_diverged(const Racer *racer) {
    return racer->trace.status[racer->trace.last] == RACER_DIVERGED;
}

static void make_changes(Racer *racer) {
    const RacerSpec *spec = &racer->spec;
    while (racer->changed < spec->n_changes && spec->changes[racer->changed].step <= racer_step_at(racer))
        optimizer_run_set_values(racer->run, spec->changes[racer->changed++].values);
}

void racer_step(Racer *racer) {
    const Race *race = racer->race;
    double begin = race->measures_time ? race_now_s() : 0;
    if (racer->changed < racer->spec.n_changes) make_changes(racer);
    racer->failure =
        optimizer_run_step(racer->run, &racer->x, &racer->evaluator, racer->rates[racer_step_at(racer)]);
    racer->failures = racer->failure ? racer->failures + 1 : 0;
    if (race->measures_time) racer->seconds += race_now_s() - begin;
}

/* Whether nothing would come of a method's next iteration: it is at a minimum, or it has failed from here at
 * this rate, the last time with nothing left to forget, and chance has no part in it. */
static bool rests(const Racer *racer) {
    const Trace *trace = &racer->trace;
    const int64_t row = racer->race->done;
    if (!racer->spec.optimizer->method || racer->evaluator.noisy || row == 0) return false;
    if (racer->changed < racer->spec.n_changes && racer->spec.changes[racer->changed].step <= row)
        return false;
    return trace->status[row] == RACER_CONVERGED ||
           (racer->failures > 1 && racer->rates[row] == trace->lr[row]);
}

/* The row of the step just done: `race->done` counts it already. */
static void observe_racer(const Race *race, Racer *racer) {
    int64_t row = race->done;
    double lr = racer->rates[row - 1];
    double begin = race->measures_time ? race_now_s() : 0;
    const Vec *gradient = evaluate_here(racer);
    const double *before = racer->trace.x + (size_t)(row - 1) * racer->x.n;
    double x_size, step_size, grad_norm;
    vec_measure_step(&racer->x, before, gradient, &x_size, &step_size, &grad_norm);
    if (!diverges(race, racer, x_size, grad_norm))
        trace_write_row(racer, row, grad_norm, lr, judge(racer, x_size, grad_norm, step_size));
    else if (racer->reason == REASON_FAR)
        trace_write_row(racer, row, grad_norm, lr, RACER_DIVERGED);
    else
        trace_write_diverged(racer, row, lr);
    if (race->measures_time) racer->seconds += race_now_s() - begin;
}

bool race_step(Race *race) {
    if (race->done >= race->n_steps) return false;
    if (race->is_apart) {
        apart_advance(race, race->done + 1);
        return true;
    }
    for (int i = 0; i < race->n_racers; i++)
        if (!racer_has_diverged(&race->racers[i]) && !rests(&race->racers[i])) racer_step(&race->racers[i]);
    race->done++;
    resample(race);
    for (int i = 0; i < race->n_racers; i++)
        if (!racer_has_diverged(&race->racers[i])) observe_racer(race, &race->racers[i]);
    return true;
}

void race_advance(Race *race, int64_t step) {
    assert(step > race->done && step <= race->n_steps);
    if (race->is_apart)
        apart_advance(race, step);
    else
        race_step(race);
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

uint64_t race_seed(const Race *race) {
    return race->seed;
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

double race_rate(const Race *race, int racer, int64_t step) {
    assert(racer >= 0 && racer < race->n_racers && step >= 0);
    const Racer *of = &race->racers[racer];
    if (race->n_steps == 0) return of->spec.values[0];
    return of->rates[step < race->n_steps ? step : race->n_steps - 1];
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

bool race_measures_time(const Race *race) {
    return race->measures_time;
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
