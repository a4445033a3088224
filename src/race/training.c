/* From report to report: racers over threads, scores, early stopping. A step is trainee.c's; the file of a
 * training is training_file.c's. */
#include "training_inner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static bool create_worker(Training *training, Worker *worker, Status *status) {
    const Data *data = training->data;
    worker->sampler = sampler_create(
        data->dataset, data->split.training, data->generator, &training->spec.sampling, status);
    if (!worker->sampler) return false;
    MlpSpec network = training->spec.network;
    network.batch_max = (int)sampler_batch_max(worker->sampler);
    network.seed = training->spec.seed;
    worker->mlp = mlp_create(&network, status);
    return worker->mlp != NULL;
}

static bool create_workers(Training *training, Status *status) {
    int n = training->pool && training->spec.n_racers > 1 ? pool_width(training->pool) : 1;
    training->workers = calloc((size_t)n, sizeof *training->workers);
    if (!training->workers) return status_fail(status, STATUS_FAILED, "out of memory");
    for (; training->n_workers < n; training->n_workers++)
        if (!create_worker(training, &training->workers[training->n_workers], status)) {
            training->n_workers++;
            return false;
        }
    return true;
}

/* How many steps there are, and how many from report to report. */
static bool count_steps(Training *training, Status *status) {
    const TrainingSpec *spec = &training->spec;
    static const double steps_max = 1e9;
    training->epoch_steps = sampler_epoch_steps(training->workers[0].sampler);
    double steps =
        spec->steps > 0 ? (double)spec->steps : round(spec->epochs * (double)training->epoch_steps);
    if (!(steps <= steps_max))
        return status_fail(status, STATUS_BAD_INPUT, "%.0f steps are more than %.0f", steps, steps_max);
    training->n_steps = (int64_t)steps;
    training->every = spec->every > 0 ? spec->every : (int64_t)training->epoch_steps;
    training->reported = -1;
    return true;
}

static bool create_runner(Training *training, int i, const Vec *start, Status *status) {
    Runner *runner = &training->runners[i];
    const TrainingSpec *spec = &training->spec;
    runner->layers = calloc((size_t)spec->network.n_layers, sizeof *runner->layers);
    runner->best.validation = runner->best.training = (MlpScore){.loss = INFINITY, .error = INFINITY};
    if (!runner->layers) return status_fail(status, STATUS_FAILED, "out of memory");
    if (!trainee_init(&runner->trainee, &spec->racers[i], start, i, training->n_steps, spec->seed, status))
        return false;
    if (spec->stop == STOP_NEVER) return true;
    runner->best_weights = *start;
    runner->best_weights.data =
        aligned_alloc(64, (start->n * precision_bytes(start->precision) + 63) / 64 * 64);
    if (!runner->best_weights.data) return status_fail(status, STATUS_FAILED, "out of memory");
    vec_copy(&runner->best_weights, start);
    return true;
}

/* The weights that all racers begin with. */
static bool create_runners(Training *training, Status *status) {
    Mlp *mlp = training->workers[0].mlp;
    const Objective *objective = mlp_objective(mlp);
    Vec start = {.n = objective->dim, .precision = objective->precision};
    start.data = aligned_alloc(64, (start.n * precision_bytes(start.precision) + 63) / 64 * 64);
    training->runners = calloc((size_t)training->spec.n_racers + 1, sizeof *training->runners);
    bool good = start.data && training->runners;
    if (!good) status_fail(status, STATUS_FAILED, "out of memory for the weights");
    Part part = training->data->split.training;
    const size_t shown = part.n < 1024 ? part.n : 1024; /* what an initialisation may look at */
    Batch batch = dataset_batch(training->data->dataset, part.first, shown);
    mlp_set_batch(mlp, &batch, 0);
    good = good && init_fill(&training->spec.init, mlp, &start, training->spec.seed, status);
    for (int i = 0; good && i < training->spec.n_racers; i++)
        good = create_runner(training, i, &start, status);
    free(start.data);
    return good;
}

static bool allocate_losses(Training *training, Status *status) {
    if (training->spec.sampling.kind != SAMPLING_HARDEST) return true;
    for (int i = 0; i < 2; i++) {
        training->losses[i] = malloc(training->data->split.training.n * sizeof(float));
        if (!training->losses[i]) return status_fail(status, STATUS_FAILED, "out of memory");
    }
    return true;
}

Training *training_create(const TrainingSpec *spec, const Data *data, Pool *pool, Status *status) {
    assert(spec->n_racers >= 0 && spec->n_racers <= RACE_RACERS_MAX);
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
    atomic_init(&training->work_done, 0);
    training->data_text = strdup(spec->data_text);
    training->spec.data_text = training->data_text;
    bool good = training->data_text || status_fail(status, STATUS_FAILED, "out of memory");
    if (good && create_workers(training, status) && count_steps(training, status) &&
        draw_scored(training, status) && allocate_losses(training, status) &&
        create_runners(training, status)) {
        training->spec.racers = NULL; /* each runner has its own */
        return training;
    }
    training_destroy(training);
    return NULL;
}

void training_destroy(Training *training) {
    if (!training) return;
    for (int i = 0; training->runners && i < training->spec.n_racers; i++) {
        trainee_finish(&training->runners[i].trainee);
        free(training->runners[i].best_weights.data);
        free(training->runners[i].layers);
    }
    for (int i = 0; i < training->n_workers; i++) {
        mlp_destroy(training->workers[i].mlp);
        sampler_destroy(training->workers[i].sampler);
    }
    for (int i = 0; i < 2; i++) free(training->losses[i]);
    free(training->runners);
    free(training->workers);
    free(training->data_text);
    dataset_destroy(training->drawn);
    free(training);
}

/* Racers over threads. */

typedef void RunnerTask(Training *training, Runner *runner, Worker *worker);

typedef struct Share {
    Training *training;
    RunnerTask *task;
    int active[RACE_RACERS_MAX];
} Share;

static void run_share(void *context, int index, int worker) {
    const Share *share = context;
    Training *training = share->training;
    share->task(training, &training->runners[share->active[index]], &training->workers[worker]);
}

/* The task for every racer that has not ended. One alone has all threads for its batches. */
static void for_each_active(Training *training, RunnerTask *task) {
    Share share = {.training = training, .task = task};
    int n = 0;
    for (int i = 0; i < training->spec.n_racers; i++)
        if (training->runners[i].trainee.status == TRAINEE_RUNNING) share.active[n++] = i;
    if (n > 1 && training->pool) {
        pool_run(training->pool, n, run_share, &share);
        return;
    }
    mlp_set_pool(training->workers[0].mlp, n == 1 ? training->pool : NULL);
    for (int i = 0; i < n; i++) run_share(&share, i, 0);
    mlp_set_pool(training->workers[0].mlp, NULL);
}

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void take_steps(Training *training, Runner *runner, Worker *worker) {
    enum { STEPS_A_TICK = 16 };
    Trainee *trainee = &runner->trainee;
    const double begin = now_s();
    bool ticks = training->tick && worker == training->workers; /* the calling thread is the first */
    while (trainee->done < training->target && trainee->status == TRAINEE_RUNNING) {
        if (atomic_load_explicit(&training->leaves, memory_order_relaxed)) break;
        Batch batch;
        sampler_take(worker->sampler, (uint64_t)trainee->done, &batch);
        mlp_set_batch(worker->mlp, &batch, (uint64_t)trainee->done);
        trainee_step(trainee, mlp_objective(worker->mlp));
        if (trainee->done % STEPS_A_TICK != 0) continue;
        atomic_fetch_add_explicit(&training->work_done, STEPS_A_TICK, memory_order_relaxed);
        if (ticks) training->tick(training->tick_context);
    }
    trainee->seconds += now_s() - begin;
}

/* Hardest-first: the order of the epoch that begins now, by the mean loss of those who train. */
static void rank(Training *training) {
    Part part = training->data->split.training;
    Batch batch = dataset_batch(training->data->dataset, part.first, part.n);
    float *sum = training->losses[0], *one = training->losses[1];
    memset(sum, 0, part.n * sizeof *sum);
    for (int i = 0; i < training->spec.n_racers; i++) {
        const Trainee *trainee = &training->runners[i].trainee;
        if (trainee->status != TRAINEE_RUNNING) continue;
        mlp_examples(training->workers[0].mlp, &trainee->x, &batch, NULL, one);
        for (size_t j = 0; j < part.n; j++) sum[j] += one[j];
    }
    uint64_t epoch = (uint64_t)training->target / training->epoch_steps;
    size_t n;
    sampler_rank(training->workers[0].sampler, epoch, sum);
    const uint32_t *order = sampler_order(training->workers[0].sampler, &epoch, &n);
    for (int i = 1; i < training->n_workers; i++)
        sampler_set_order(training->workers[i].sampler, epoch, order);
}

/* Reports. */

static void measure_layers(Training *training, Runner *runner, Mlp *mlp) {
    const Trainee *trainee = &runner->trainee;
    const Layout *layout = mlp_objective(mlp)->layout;
    for (int l = 0; l < training->spec.network.n_layers; l++) {
        const LayoutBlock *block = &layout->blocks[2 * l]; /* the weights; the biases follow */
        const size_t skipped = block->offset * precision_bytes(trainee->x.precision);
        Vec weights = trainee->x, slope = trainee->gradient;
        weights.n = slope.n = block->rows * block->cols;
        weights.data = (char *)trainee->x.data + skipped;
        slope.data = (char *)trainee->gradient.data + skipped;
        runner->layers[l] = (TrainingLayer){
            .weight_norm = vec_norm(&weights),
            .grad_norm = vec_norm(&slope),
            .activation_rms = mlp_activation_rms(mlp, l),
        };
    }
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

static void compare(Training *training, Runner *runner) {
    Trainee *trainee = &runner->trainee;
    if (is_better(training, &runner->report, &runner->best)) {
        runner->best = runner->report;
        runner->since_best = 0;
        if (runner->best_weights.n) vec_copy(&runner->best_weights, trainee_weights(trainee));
        return;
    }
    runner->since_best++;
    if (training->spec.stop == STOP_NEVER || runner->since_best < training->spec.patience) return;
    trainee->status = TRAINEE_STOPPED;
    trainee->reason = training->spec.stop == STOP_LOSS ? "the validation loss no longer falls"
                                                       : "the validation error no longer falls";
}

static void report(Training *training, Runner *runner, Worker *worker) {
    Trainee *trainee = &runner->trainee;
    const Data *data = training->data;
    Batch batch;
    sampler_take(worker->sampler, (uint64_t)trainee->done, &batch);
    mlp_set_batch(worker->mlp, &batch, (uint64_t)trainee->done);
    Objective *network = mlp_objective(worker->mlp);
    network->type->evaluate(network, &trainee->x, &trainee->gradient);
    measure_layers(training, runner, worker->mlp);
    const Dataset *scored = training->drawn ? training->drawn : data->dataset;
    Part part = training->drawn ? (Part){0, training->drawn->n} : data->split.training;
    const Vec *x = trainee_weights(trainee);
    runner->report.training = score(worker->mlp, x, scored, part);
    runner->report.validation = score(worker->mlp, x, data->dataset, data->split.validation);
    runner->report.grad_norm = vec_norm(&trainee->gradient);
    trainee_look(trainee);
    if (trainee->status == TRAINEE_RUNNING && !isfinite(runner->report.training.loss)) {
        trainee->status = TRAINEE_DIVERGED;
        trainee->reason = "the loss is not finite";
    }
}

/* Of one that was active in this advance, whether it still is or not. */
static void write_report(Training *training, Runner *runner) {
    Trainee *trainee = &runner->trainee;
    TrainingReport *report = &runner->report;
    if (trainee->status == TRAINEE_DIVERGED)
        report->training = report->validation = (MlpScore){.loss = NAN, .error = NAN};
    if (trainee->status == TRAINEE_DIVERGED) report->grad_norm = NAN;
    report->step = trainee->done;
    report->epoch = (double)trainee->done / (double)training->epoch_steps;
    report->examples = sampler_examples(training->workers[0].sampler, (uint64_t)trainee->done);
    report->lr = trainee_rate(trainee);
    if (trainee->status == TRAINEE_RUNNING) compare(training, runner);
    report->status = trainee->status;
    report->reason = trainee->reason;
    runner->is_news = true;
}

/* Advancing. */

void training_count_work(Training *training) {
    int64_t done = 0, left = 0;
    for (int i = 0; i < training->spec.n_racers; i++) {
        const Trainee *trainee = &training->runners[i].trainee;
        done += trainee->done;
        if (trainee->status == TRAINEE_RUNNING) left += training->n_steps - trainee->done;
    }
    training->work_all = done + left;
    atomic_store(&training->work_done, done);
}

/* To a step; false where a racer left off before. */
static bool reach(Training *training, int64_t step) {
    training->target = step;
    for_each_active(training, take_steps);
    for (int i = 0; i < training->spec.n_racers; i++) {
        const Trainee *trainee = &training->runners[i].trainee;
        if (trainee->status == TRAINEE_RUNNING && trainee->done < step) return false;
    }
    bool begins = step % (int64_t)training->epoch_steps == 0;
    if (training->spec.sampling.kind == SAMPLING_HARDEST && begins) rank(training);
    return true;
}

/* The least step that an active racer has come to: they differ after leaving off. */
static int64_t slowest(const Training *training) {
    int64_t least = training->n_steps;
    for (int i = 0; i < training->spec.n_racers; i++) {
        const Trainee *trainee = &training->runners[i].trainee;
        if (trainee->status == TRAINEE_RUNNING && trainee->done < least) least = trainee->done;
    }
    return least;
}

TrainingProgress training_advance(Training *training) {
    bool active[RACE_RACERS_MAX], any = false;
    for (int i = 0; i < training->spec.n_racers; i++) {
        training->runners[i].is_news = false;
        /* One that has diverged since the last report has yet to say so. */
        const Runner *runner = &training->runners[i];
        active[i] = training->reported < 0 || runner->report.status == TRAINEE_RUNNING;
        any = any || active[i];
    }
    if (!any || training->reported >= training->n_steps) return TRAINING_ENDED;
    atomic_store(&training->leaves, false);
    int64_t next = training->reported < 0 ? 0 : training->reported + training->every;
    if (next > training->n_steps) next = training->n_steps;
    const int64_t epoch = (int64_t)training->epoch_steps;
    for (int64_t at = training->reported < 0 ? -1 : slowest(training); at < next;) {
        int64_t stop = at < 0 ? 0 : (at / epoch + 1) * epoch;
        if (training->spec.sampling.kind != SAMPLING_HARDEST || stop > next) stop = next;
        if (!reach(training, stop)) return TRAINING_LEFT_OFF;
        at = stop;
    }
    training->reported = next;
    for_each_active(training, report);
    for (int i = 0; i < training->spec.n_racers; i++)
        if (active[i]) write_report(training, &training->runners[i]);
    training_count_work(training);
    return TRAINING_REPORTED;
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
    return &runner_of(training, racer)->trainee.spec;
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
    const Vec *x = runner->best_weights.n ? &runner->best_weights : trainee_weights(&runner->trainee);
    if (runner->trainee.status == TRAINEE_DIVERGED) return (MlpScore){.loss = NAN, .error = NAN};
    return score(training->workers[0].mlp, x, training->data->dataset, training->data->split.test);
}

int64_t training_steps(const Training *training) {
    return training->n_steps;
}

int64_t training_work_done(const Training *training) {
    return atomic_load_explicit(&training->work_done, memory_order_relaxed);
}

int64_t training_work_all(const Training *training) {
    return training->work_all;
}

uint64_t training_epoch_steps(const Training *training) {
    return training->epoch_steps;
}

size_t training_parameters(const Training *training) {
    return mlp_objective(training->workers[0].mlp)->dim;
}

double training_seconds(const Training *training, int racer) {
    return runner_of(training, racer)->trainee.seconds;
}

uint64_t training_failures(const Training *training, int racer) {
    return runner_of(training, racer)->trainee.failed;
}
