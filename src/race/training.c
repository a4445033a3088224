/* From report to report: scores, early stopping. Steps are the race's, layers training_layers.c's; the file
 * of a training is training_file.c's. */
#include "training_inner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *training_status_name(TrainingStatus status) {
    static const char *const names[] = {"running", "stopped", "diverged"};
    return names[status];
}

/* Making one. */

static bool is_classification(const TrainingSpec *spec) {
    return spec->network.loss->target == LOSS_TARGET_LABEL;
}

static bool check(const TrainingSpec *spec, const Data *data, Status *status) {
    const Dataset *dataset = data->dataset;
    if (!mlp_check_data(&spec->network, dataset->n_in, dataset->n_out, spec->data_text, status)) return false;
    if (is_classification(spec) != (dataset->labels != NULL))
        return status_fail(status, STATUS_BAD_INPUT, "the loss %s is for %s, and %s has %s",
            spec->network.loss->name, is_classification(spec) ? "classes" : "numbers", spec->data_text,
            dataset->labels ? "classes" : "numbers");
    for (int i = 0; i < spec->n_racers; i++)
        if (spec->racers[i].devices[DEVICE_ACCUMULATE] > 1)
            return status_fail(status, STATUS_BAD_INPUT,
                "%s: a training has no accumulate: the same is a larger batch", spec->racers[i].label);
    if (spec->stop != STOP_NEVER && data->split.validation.n == 0)
        return status_fail(status, STATUS_BAD_INPUT, "stopping early needs validation examples");
    if (spec->stop == STOP_ERROR && !is_classification(spec))
        return status_fail(status, STATUS_BAD_INPUT, "there is no error of classes to stop by; stop by loss");
    return true;
}

/* Training examples to score, where there are too many to score all. */
static bool draw_scored(Training *training, Status *status) {
    const Dataset *dataset = training->data->dataset;
    Part part = training->data->split.training;
    if (part.n <= TRAINING_SCORED_MAX) return true;
    training->drawn =
        dataset_create(TRAINING_SCORED_MAX, dataset->n_in, dataset->n_out, dataset->targets != NULL, status);
    const SamplerSpec spec = {.kind = SAMPLING_ONCE,
        .batch = TRAINING_SCORED_MAX,
        .seed = training->spec.seed ^ UINT64_C(0x5c03ed)};
    Sampler *sampler = training->drawn ? sampler_create(dataset, part, NULL, &spec, status) : NULL;
    if (!sampler) return false;
    Batch batch;
    sampler_take(sampler, 0, &batch);
    size_t n = (size_t)batch.size;
    memcpy(training->drawn->inputs, batch.inputs, n * (size_t)batch.n_in * sizeof(float));
    if (batch.labels) memcpy(training->drawn->labels, batch.labels, n * sizeof(int32_t));
    if (batch.targets)
        memcpy(training->drawn->targets, batch.targets, n * (size_t)dataset->n_out * sizeof(float));
    sampler_destroy(sampler);
    return true;
}

/* How many steps there are, and how many from report to report. */
static bool count_steps(Training *training, Status *status) {
    const TrainingSpec *spec = &training->spec;
    static const double steps_max = 1e9;
    training->epoch_steps = (int64_t)sampler_epoch_steps(training->sampler);
    double steps =
        spec->steps > 0 ? (double)spec->steps : round(spec->epochs * (double)training->epoch_steps);
    if (!(steps <= steps_max))
        return status_fail(status, STATUS_BAD_INPUT, "%.0f steps are more than %.0f", steps, steps_max);
    training->n_steps = (int64_t)steps;
    training->every = spec->every > 0 ? spec->every : training->epoch_steps;
    training->reported = training->kept = -1;
    return true;
}

static bool create_runner(Training *training, Runner *runner, Status *status) {
    MlpSpec network = training->spec.network;
    network.batch_max = (int)sampler_batch_max(training->sampler);
    network.seed = training->spec.seed;
    runner->reason = "";
    runner->best.validation = runner->best.training = (MlpScore){.loss = INFINITY, .error = INFINITY};
    runner->layers = calloc((size_t)network.n_layers, sizeof *runner->layers);
    if (!runner->layers) return status_fail(status, STATUS_FAILED, "out of memory");
    runner->mlp = mlp_create(&network, status);
    if (!runner->mlp) return false;
    mlp_set_source(runner->mlp, sampler_source(training->sampler));
    return true;
}

static bool allocate_vec(Vec *vec, const Objective *objective, Status *status) {
    *vec = (Vec){.n = objective->dim, .precision = objective->precision};
    vec->data = aligned_alloc(64, (vec->n * precision_bytes(vec->precision) + 63) / 64 * 64);
    return vec->data || status_fail(status, STATUS_FAILED, "out of memory for %zu weights", vec->n);
}

/* The race, all from the same initial weights. */
static bool create_race(Training *training, Status *status) {
    const TrainingSpec *spec = &training->spec;
    Objective *objectives[RACE_RACERS_MAX];
    for (int i = 0; i < spec->n_racers; i++) objectives[i] = mlp_objective(training->runners[i].mlp);
    Mlp *first = training->runners[0].mlp;
    Part part = training->data->split.training;
    Batch batch = dataset_batch(training->data->dataset, part.first, part.n < 1024 ? part.n : 1024);
    mlp_set_batch(first, &batch, 0); /* what an initialisation may look at */
    Vec start;
    if (!allocate_vec(&start, objectives[0], status)) return false;
    if (init_fill(&spec->init, first, &start, spec->seed, status))
        training->race = race_create_apart(objectives, spec->racers, spec->n_racers, &start,
            training->n_steps, spec->seed, training->pool, status);
    free(start.data);
    if (!training->race) return false;
    race_measure_time(training->race, true);
    return true;
}

static bool create_runners(Training *training, Status *status) {
    const TrainingSpec *spec = &training->spec;
    training->runners = calloc((size_t)spec->n_racers, sizeof *training->runners);
    if (!training->runners) return status_fail(status, STATUS_FAILED, "out of memory");
    for (int i = 0; i < spec->n_racers; i++) {
        Runner *runner = &training->runners[i];
        if (!create_runner(training, runner, status)) return false;
        if (!allocate_vec(&runner->before, mlp_objective(runner->mlp), status)) return false;
        if (spec->stop == STOP_NEVER) continue;
        if (!allocate_vec(&runner->best_weights, mlp_objective(runner->mlp), status)) return false;
    }
    return true;
}

static bool allocate_losses(Training *training, Status *status) {
    if (training->spec.sampling.kind != SAMPLING_HARDEST) return true;
    for (int i = 0; i < 2; i++) {
        training->losses[i] = malloc(training->data->split.training.n * sizeof(float));
        if (!training->losses[i]) return status_fail(status, STATUS_FAILED, "out of memory");
    }
    return true;
}

static bool set_up(Training *training, Status *status) {
    const Data *data = training->data;
    training->data_text = strdup(training->spec.data_text);
    if (!training->data_text) return status_fail(status, STATUS_FAILED, "out of memory");
    training->spec.data_text = training->data_text;
    training->sampler = sampler_create(
        data->dataset, data->split.training, data->generator, &training->spec.sampling, status);
    if (training->sampler) sampler_set_pool(training->sampler, training->pool);
    return training->sampler && count_steps(training, status) && draw_scored(training, status) &&
           allocate_losses(training, status) && create_runners(training, status) &&
           create_race(training, status);
}

Training *training_create(const TrainingSpec *spec, const Data *data, Pool *pool, Status *status) {
    assert(spec->n_racers >= 1 && spec->n_racers <= RACE_RACERS_MAX);
    if (!check(spec, data, status)) return NULL;
    Training *training = calloc(1, sizeof *training);
    if (!training) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    training->spec = *spec;
    training->data = data;
    training->pool = pool;
    atomic_init(&training->leaves, false);
    bool good = set_up(training, status);
    training->spec.racers = NULL; /* the race has its own */
    if (good) return training;
    training_destroy(training);
    return NULL;
}

void training_destroy(Training *training) {
    if (!training) return;
    race_destroy(training->race);
    for (int i = 0; training->runners && i < training->spec.n_racers; i++) {
        mlp_destroy(training->runners[i].mlp);
        free(training->runners[i].best_weights.data);
        free(training->runners[i].before.data);
        free(training->runners[i].layers);
    }
    for (int i = 0; i < 2; i++) free(training->losses[i]);
    free(training->runners);
    free(training->data_text);
    sampler_destroy(training->sampler);
    dataset_destroy(training->drawn);
    free(training);
}

/* Hardest-first: the order of the epoch that begins now, by the mean loss of those who train. */
static void rank(Training *training) {
    Part part = training->data->split.training;
    Batch batch = dataset_batch(training->data->dataset, part.first, part.n);
    float *sum = training->losses[0], *one = training->losses[1];
    memset(sum, 0, part.n * sizeof *sum);
    for (int i = 0; i < training->spec.n_racers; i++) {
        if (!race_is_running(training->race, i)) continue;
        mlp_examples(training->runners[i].mlp, race_x(training->race, i), &batch, NULL, one);
        for (size_t j = 0; j < part.n; j++) sum[j] += one[j];
    }
    sampler_rank(training->sampler, (uint64_t)(race_steps_done(training->race) / training->epoch_steps), sum);
}

/* Before a batch of the next step is asked for. */
static void rank_where_due(Training *training) {
    bool begins = race_steps_done(training->race) % training->epoch_steps == 0;
    if (begins && training->spec.sampling.kind == SAMPLING_HARDEST) rank(training);
}

/* Reports. */

/* What is used of a racer. */
static const Vec *weights_of(const Training *training, int racer) {
    const Vec *average = race_average(training->race, racer);
    return average ? average : race_x(training->race, racer);
}

static MlpScore score(Mlp *mlp, const Vec *x, const Dataset *dataset, Part part) {
    if (part.n == 0) return (MlpScore){.loss = NAN, .error = NAN};
    Batch batch = dataset_batch(dataset, part.first, part.n);
    return mlp_score(mlp, x, &batch);
}

/* Whether a report is better than the best before. */
static bool is_better(const Training *training, const TrainingReport *report, const TrainingReport *best) {
    if (training->spec.stop == STOP_ERROR) return report->validation.error < best->validation.error;
    if (training->data->split.validation.n > 0) return report->validation.loss < best->validation.loss;
    return report->training.loss < best->training.loss;
}

static void end(Training *training, int racer, TrainingStatus status, const char *reason) {
    training->runners[racer].status = status;
    training->runners[racer].reason = reason;
    race_retire(training->race, racer);
}

static void compare(Training *training, int racer) {
    Runner *runner = &training->runners[racer];
    if (is_better(training, &runner->report, &runner->best)) {
        runner->best = runner->report;
        runner->since_best = 0;
        if (runner->best_weights.data) vec_copy(&runner->best_weights, weights_of(training, racer));
        return;
    }
    runner->since_best++;
    if (training->spec.stop == STOP_NEVER || runner->since_best < training->spec.patience) return;
    end(training, racer, TRAINING_STOPPED,
        training->spec.stop == STOP_LOSS ? "the validation loss no longer falls"
                                         : "the validation error no longer falls");
}

/* Loss, gradient and scores where a racer is; of several at once, each on its own network. */
static void measure(void *context, int racer, int worker) {
    (void)worker;
    Training *training = context;
    Runner *runner = &training->runners[racer];
    if (runner->status != TRAINING_RUNNING || !race_is_running(training->race, racer)) return;
    const Data *data = training->data;
    const Dataset *scored = training->drawn ? training->drawn : data->dataset;
    Part part = training->drawn ? (Part){0, training->drawn->n} : data->split.training;
    const Vec *x = weights_of(training, racer);
    mlp_note_errors(runner->mlp, true);
    race_look(training->race, racer);
    mlp_note_errors(runner->mlp, false);
    training_measure_layers(training, racer);
    runner->report.grad_norm = vec_norm(race_gradient(training->race, racer));
    runner->report.training = score(runner->mlp, x, scored, part);
    runner->report.validation = score(runner->mlp, x, data->dataset, data->split.validation);
}

/* Of one that was in training until now, whether it still is or not. */
static void write_report(Training *training, int racer) {
    Runner *runner = &training->runners[racer];
    TrainingReport *report = &runner->report;
    const Trace *trace = race_trace(training->race, racer);
    if (!race_is_running(training->race, racer))
        end(training, racer, TRAINING_DIVERGED, race_reason(training->race, racer));
    else if (!isfinite(report->training.loss))
        end(training, racer, TRAINING_DIVERGED, "the loss is not finite");
    if (runner->status == TRAINING_DIVERGED) {
        report->training = report->validation = (MlpScore){.loss = NAN, .error = NAN};
        report->grad_norm = NAN;
    }
    report->step = trace->last;
    report->epoch = (double)trace->last / (double)training->epoch_steps;
    report->examples = sampler_examples(training->sampler, (uint64_t)trace->last);
    report->lr = trace->lr[trace->last];
    if (runner->status == TRAINING_RUNNING) compare(training, racer);
    report->status = runner->status;
    report->reason = runner->reason;
    runner->is_news = true;
}

static void report(Training *training) {
    const int n = training->spec.n_racers;
    const uint64_t step = (uint64_t)race_steps_done(training->race);
    for (int i = 0; i < n; i++) {
        Objective *network = mlp_objective(training->runners[i].mlp);
        network->type->resample(network, step); /* of one after the other: they share the sampler */
        network->type->share(network, n == 1 ? training->pool : NULL);
    }
    if (training->pool && n > 1)
        pool_run(training->pool, n, measure, training);
    else
        for (int i = 0; i < n; i++) measure(training, i, 0);
    for (int i = 0; i < n; i++)
        if (training->runners[i].status == TRAINING_RUNNING) write_report(training, i);
}

/* Advancing. */

static bool any_runs(const Training *training) {
    for (int i = 0; i < training->spec.n_racers; i++)
        if (race_is_running(training->race, i)) return true;
    return false;
}

enum { STEPS_A_TICK = 16 };

/* To a step, stopping where something is due: weights are kept before a report, examples ranked before an
 * epoch; and where it can be left off. */
static int64_t leg_end(const Training *training, int64_t done, int64_t step, int64_t report) {
    const int64_t epoch = (done / training->epoch_steps + 1) * training->epoch_steps;
    const int64_t tick = (done / STEPS_A_TICK + 1) * STEPS_A_TICK;
    int64_t end = step < tick ? step : tick;
    if (done < report - 1 && end > report - 1) end = report - 1;
    if (training->spec.sampling.kind == SAMPLING_HARDEST && end > epoch) end = epoch;
    return end;
}

/* To a step, or until nobody runs; false where it left off before. report: the step of the next one. */
static bool reach(Training *training, int64_t step, int64_t report) {
    while (race_steps_done(training->race) < step && any_runs(training)) {
        if (atomic_load_explicit(&training->leaves, memory_order_relaxed)) return false;
        const int64_t done = race_steps_done(training->race);
        if (done == report - 1) training_keep_weights(training);
        race_advance(training->race, leg_end(training, done, step, report));
        rank_where_due(training);
        if (training->tick && race_steps_done(training->race) / STEPS_A_TICK != done / STEPS_A_TICK)
            training->tick(training->tick_context);
    }
    return true;
}

TrainingProgress training_advance_within(Training *training, int64_t step) {
    bool any = false;
    for (int i = 0; i < training->spec.n_racers; i++) {
        training->runners[i].is_news = false;
        any = any || training->runners[i].status == TRAINING_RUNNING;
    }
    if (!any || training->reported >= training->n_steps) return TRAINING_ENDED;
    int64_t next = training->reported < 0 ? 0 : training->reported + training->every;
    if (next > training->n_steps) next = training->n_steps;
    if (training->reported < 0) rank_where_due(training);
    if (!reach(training, step < next ? step : next, next)) {
        atomic_store(&training->leaves, false); /* only now: it may have been asked for between two reports */
        return TRAINING_LEFT_OFF;
    }
    if (step < next && any_runs(training)) return TRAINING_LEFT_OFF;
    training->reported = next;
    report(training);
    return TRAINING_REPORTED;
}

TrainingProgress training_advance(Training *training) {
    return training_advance_within(training, training->n_steps);
}

void training_leave_off(Training *training) {
    atomic_store_explicit(&training->leaves, true, memory_order_relaxed);
}

void training_on_tick(Training *training, TrainingTick *tick, void *context) {
    training->tick = tick;
    training->tick_context = context;
}

/* Reading. */

static Runner *runner_of(const Training *training, int racer) {
    assert(racer >= 0 && racer < training->spec.n_racers);
    return &training->runners[racer];
}

int training_racer_count(const Training *training) {
    return training->spec.n_racers;
}

const RacerSpec *training_racer(const Training *training, int racer) {
    return race_spec(training->race, racer);
}

const TrainingReport *training_report(const Training *training, int racer) {
    return &runner_of(training, racer)->report;
}

bool training_is_news(const Training *training, int racer) {
    return runner_of(training, racer)->is_news;
}

int training_layer_count(const Training *training) {
    return training->spec.network.n_layers;
}

TrainingLayer training_layer(const Training *training, int racer, int layer) {
    assert(layer >= 0 && layer < training->spec.network.n_layers);
    return runner_of(training, racer)->layers[layer];
}

const TrainingReport *training_best(const Training *training, int racer) {
    return &runner_of(training, racer)->best;
}

MlpScore training_test(Training *training, int racer) {
    const Runner *runner = runner_of(training, racer);
    const Vec *x = runner->best_weights.data ? &runner->best_weights : weights_of(training, racer);
    if (runner->status == TRAINING_DIVERGED) return (MlpScore){.loss = NAN, .error = NAN};
    return score(runner->mlp, x, training->data->dataset, training->data->split.test);
}

int64_t training_steps(const Training *training) {
    return training->n_steps;
}

int64_t training_steps_done(const Training *training) {
    return race_steps_done(training->race);
}

int64_t training_epoch_steps(const Training *training) {
    return training->epoch_steps;
}

size_t training_parameters(const Training *training) {
    return race_dim(training->race);
}

double training_seconds(const Training *training, int racer) {
    return race_seconds(training->race, racer);
}

int64_t training_failures(const Training *training, int racer) {
    const Trace *trace = race_trace(training->race, racer);
    int64_t n = 0;
    for (int64_t row = training->resumed + 1; row <= trace->last; row++)
        n += trace->status[row] == RACER_STALLED;
    return n;
}

uint64_t training_evaluations(const Training *training, int racer) {
    const Trace *trace = race_trace(training->race, racer);
    return trace->evaluations[trace->last];
}

const Vec *training_weights(const Training *training, int racer) {
    return weights_of(training, racer);
}

bool training_scaling(const Training *training, int racer, const Vec *out) {
    return race_scaling(training->race, racer, out);
}

void training_batch(Training *training, Batch *batch) {
    if (training->reported < 0) rank_where_due(training); /* nothing has been asked for yet */
    sampler_take(training->sampler, (uint64_t)race_steps_done(training->race), batch);
}

const MlpSpec *training_network(const Training *training) {
    return mlp_spec(training->runners[0].mlp);
}
