/* One optimizer in training. When it steps, on what and how far is left to training.c. */
#include "trainee.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

const char *trainee_status_name(TraineeStatus status) {
    static const char *const names[TRAINEE_STATUS_COUNT] = {"running", "stopped", "diverged"};
    return names[status];
}

static bool averages(const RacerSpec *spec) {
    return spec->devices[DEVICE_POLYAK] > 0 || spec->devices[DEVICE_EMA] > 0;
}

static bool allocate_vec(Vec *vec, const Vec *like) {
    *vec = (Vec){.n = like->n, .precision = like->precision};
    vec->data = aligned_alloc(64, (like->n * precision_bytes(like->precision) + 63) / 64 * 64);
    return vec->data != NULL;
}

static bool fill_rates(Trainee *trainee, Status *status) {
    const RacerSpec *spec = &trainee->spec;
    trainee->rates = malloc(((size_t)trainee->n_steps + 1) * sizeof *trainee->rates);
    if (!trainee->rates) return status_fail(status, STATUS_FAILED, "out of memory");
    trainee->rates[0] = spec->values[0];
    bool good = schedule_fill(&spec->schedule, spec->values[0], 0, trainee->n_steps, trainee->rates, status);
    for (int i = 0; good && i < spec->n_changes; i++)
        good = schedule_fill(&spec->schedule, spec->changes[i].values[0], spec->changes[i].step,
            trainee->n_steps, trainee->rates, status);
    return good;
}

bool trainee_init(Trainee *trainee, const RacerSpec *spec, const Vec *start, int number, int64_t n_steps,
    uint64_t seed, Status *status) {
    *trainee = (Trainee){.spec = *spec, .n_steps = n_steps, .seed = seed, .reason = ""};
    trainee->stream = spec->devices[DEVICE_OWN_NOISE] > 0 ? (uint64_t)number + 1 : 0;
    trainee->changes_gradient = devices_change_gradient(spec->devices);
    if (spec->devices[DEVICE_ACCUMULATE] > 1)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s: a training has no accumulate: the same is a larger batch", spec->label);
    if (!fill_rates(trainee, status)) return status_prefix(status, "%s", spec->label);
    if (!allocate_vec(&trainee->x, start) || !allocate_vec(&trainee->gradient, start) ||
        (averages(spec) && !allocate_vec(&trainee->average, start)))
        return status_fail(status, STATUS_FAILED, "%s: out of memory", spec->label);
    trainee->run = optimizer_run_create(spec->optimizer, spec->values, start->n, start->precision, status);
    if (!trainee->run) return false;
    optimizer_run_seed(trainee->run, noise_stream(seed, trainee->stream, 0));
    optimizer_run_reset(trainee->run, spec->values);
    vec_copy(&trainee->x, start);
    if (averages(spec)) vec_copy(&trainee->average, start);
    trainee->far = RACE_FAR * (1 + vec_largest(start));
    return true;
}

void trainee_finish(Trainee *trainee) {
    optimizer_run_destroy(trainee->run);
    free(trainee->x.data);
    free(trainee->gradient.data);
    free(trainee->average.data);
    free(trainee->rates);
    *trainee = (Trainee){0};
}

static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    Trainee *trainee = context;
    trainee->evaluations++;
    double loss = trainee->objective->type->evaluate(trainee->objective, x, &trainee->gradient);
    *gradient = &trainee->gradient;
    if (trainee->changes_gradient)
        loss += devices_apply(trainee->spec.devices, x, &trainee->gradient,
            noise_stream(trainee->seed, trainee->stream, (uint64_t)trainee->done));
    trainee->loss = loss;
    return loss;
}

static void evaluate_hessian(void *context, const Vec *x, double *hessian) {
    Trainee *trainee = context;
    trainee->objective->type->hessian(trainee->objective, x, hessian);
    for (size_t i = 0; i < x->n; i++) hessian[i * x->n + i] += trainee->spec.devices[DEVICE_L2];
}

/* Polyak's mean of the iterates after the start, or the moving average from the start on. */
static void take_average(Trainee *trainee) {
    double decay = trainee->spec.devices[DEVICE_EMA];
    double weight = trainee->spec.devices[DEVICE_POLYAK] > 0 ? 1 / (double)trainee->done : 1 - decay;
    vec_combine(&trainee->average, 1 - weight, &trainee->average, weight, &trainee->x);
}

static void make_changes(Trainee *trainee) {
    const RacerSpec *spec = &trainee->spec;
    while (trainee->changed < spec->n_changes && spec->changes[trainee->changed].step <= trainee->done)
        optimizer_run_set_values(trainee->run, spec->changes[trainee->changed++].values);
}

static void diverge(Trainee *trainee, const char *reason) {
    trainee->status = TRAINEE_DIVERGED;
    trainee->reason = reason;
}

void trainee_step(Trainee *trainee, Objective *network) {
    assert(trainee->status == TRAINEE_RUNNING && trainee->done < trainee->n_steps);
    const Evaluator evaluator = {
        .evaluate = evaluate,
        .hessian = network->type->hessian ? evaluate_hessian : NULL,
        .noisy = true,
        .context = trainee,
    };
    trainee->objective = network;
    make_changes(trainee);
    double rate = trainee->rates[trainee->done];
    if (optimizer_run_step(trainee->run, &trainee->x, &evaluator, rate)) trainee->failed++;
    trainee->done++;
    if (trainee->average.n) take_average(trainee);
    if (!isfinite(trainee->loss)) diverge(trainee, "the loss is not finite");
}

void trainee_look(Trainee *trainee) {
    if (trainee->status != TRAINEE_RUNNING) return;
    double largest = vec_largest(&trainee->x);
    if (!isfinite(largest))
        diverge(trainee, "a weight is not finite");
    else if (largest > trainee->far)
        diverge(trainee, "the weights have left for infinity");
}

const Vec *trainee_weights(const Trainee *trainee) {
    return trainee->average.n ? &trainee->average : &trainee->x;
}

double trainee_rate(const Trainee *trainee) {
    return trainee->rates[trainee->done > 0 ? trainee->done - 1 : 0];
}
