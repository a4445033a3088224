/* Errors of classes, minibatches against the population, and units in another order. The reports are
 * training.c's. */
#include "training_probe.h"

#include "training_inner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static Runner *usable(Training *training, int racer) {
    assert(racer >= 0 && racer < training->spec.n_racers);
    Runner *runner = &training->runners[racer];
    return runner->status == TRAINING_DIVERGED ? NULL : runner;
}

double training_class_error(Training *training, int racer, int label) {
    Runner *runner = usable(training, racer);
    const Dataset *dataset = training->data->dataset;
    const Split *split = &training->data->split;
    const Part part = split->validation.n > 0 ? split->validation : split->training;
    if (!runner || !dataset->labels) return NAN;
    const Vec *average = race_average(training->race, racer);
    const Vec *x = average ? average : race_x(training->race, racer);
    size_t n = 0;
    double wrong = 0;
    for (size_t i = part.first; i < part.first + part.n;) {
        /* Examples of the class that lie together are judged together. */
        size_t end = i;
        while (end < part.first + part.n && dataset->labels[end] == label) end++;
        if (end > i) {
            const Batch batch = dataset_batch(dataset, i, end - i);
            wrong += mlp_score(runner->mlp, x, &batch).error * (double)(end - i);
            n += end - i;
        }
        i = end > i ? end : i + 1;
    }
    return n > 0 ? wrong / (double)n : NAN;
}

/* Gradients of several batches, one after the other. */
typedef struct Gather {
    Training *training;
    int racer;
    int n;
    double weight;  /* examples so far */
    Vec mean;       /* of their examples; owned */
    double scatter; /* the sum of their squared distances from the mean */
} Gather;

/* Welford's way, for a vector. */
static void gather(Gather *gather, const Batch *batch, uint64_t step) {
    Training *training = gather->training;
    mlp_set_batch(training->runners[gather->racer].mlp, batch, step);
    race_look(training->race, gather->racer);
    const Vec *gradient = race_gradient(training->race, gather->racer);
    gather->n++;
    gather->weight += batch->size;
    const double weight = batch->size / gather->weight;
    double off = 0;
    for (size_t i = 0; i < gradient->n; i++) {
        const double before = gather->mean.f64[i], delta = vec_get(gradient, i) - before;
        gather->mean.f64[i] = before + weight * delta;
        off += delta * (vec_get(gradient, i) - gather->mean.f64[i]);
    }
    gather->scatter += off;
}

/* The variance of the mean, summed over all coordinates. */
static double variance_of_mean(const Gather *gather) {
    return gather->scatter / (gather->n - 1.0) / gather->n;
}

enum { MINIBATCHES = 400, POPULATION_BATCHES = 100, POPULATION_BATCH = 256 };

/* n minibatches from a step on. */
static void gather_minibatches(Gather *minibatches, int64_t first, int64_t n) {
    for (int64_t i = first; i < first + n; i++) {
        Batch batch;
        sampler_take(minibatches->training->sampler, (uint64_t)i, &batch);
        gather(minibatches, &batch, (uint64_t)i);
    }
}

/* Steps from now on whose minibatches are known: hardest-first has an order for this epoch only. */
static int64_t known_steps(const Training *training, int64_t wanted) {
    const int64_t left = training->epoch_steps - race_steps_done(training->race) % training->epoch_steps;
    return training->spec.sampling.kind == SAMPLING_HARDEST && left < wanted ? left : wanted;
}

/* Examples of a stream that nobody has seen: of another seed than any that trains. */
static bool gather_population(Gather *population) {
    static const uint64_t unseen = UINT64_C(0x5eed0fb0b5e55ed5);
    Training *training = population->training;
    Generator *generator = training->data->generator;
    Status ignored = status_ok();
    Dataset *fresh = dataset_create(POPULATION_BATCH, generator_inputs(generator),
        generator_outputs(generator), generator_is_regression(generator), &ignored);
    if (!fresh) return false;
    for (uint64_t i = 0; i < POPULATION_BATCHES; i++) {
        for (size_t j = 0; j < POPULATION_BATCH; j++)
            generator_example(generator, training->spec.seed ^ unseen, i * POPULATION_BATCH + j,
                fresh->inputs + j * (size_t)fresh->n_in, fresh->labels ? fresh->labels + j : NULL,
                fresh->targets ? fresh->targets + j * (size_t)fresh->n_out : NULL);
        const Batch batch = dataset_batch(fresh, 0, POPULATION_BATCH);
        gather(population, &batch, (uint64_t)race_steps_done(training->race) + i);
    }
    dataset_destroy(fresh);
    return true;
}

static double gap_between(const Gather *a, const Gather *b) {
    double squares = 0;
    if (a->n < 2 || b->n < 2) return NAN;
    for (size_t i = 0; i < a->mean.n; i++) {
        const double off = a->mean.f64[i] - b->mean.f64[i];
        squares += off * off;
    }
    return sqrt(squares / (variance_of_mean(a) + variance_of_mean(b)));
}

/* Two means side by side, (dim) each; false where memory is out. */
static bool begin(Gather gathers[2], Training *training, int racer) {
    const size_t dim = race_dim(training->race);
    double *means = calloc(2 * dim, sizeof *means);
    for (size_t i = 0; means && i < 2; i++)
        gathers[i] = (Gather){.training = training, .racer = racer, .mean = vec_of_f64(means + i * dim, dim)};
    return means != NULL;
}

/* The network has its next step's batch once more. */
static void end(Gather gathers[2]) {
    Training *training = gathers->training;
    Objective *network = mlp_objective(training->runners[gathers->racer].mlp);
    network->type->resample(network, (uint64_t)race_steps_done(training->race));
    free(gathers[0].mean.data);
}

double training_gradient_gap(Training *training, int racer) {
    Gather gathers[2];
    double gap = NAN;
    if (!usable(training, racer) || !training->data->generator || !begin(gathers, training, racer))
        return gap;
    gather_minibatches(&gathers[0], race_steps_done(training->race), known_steps(training, MINIBATCHES));
    if (gather_population(&gathers[1])) gap = gap_between(&gathers[0], &gathers[1]);
    end(gathers);
    return gap;
}

/* Where the number at (row, col) of a block goes when its rows, its columns or both are turned round. */
static size_t turned_place(const LayoutBlock *block, size_t row, size_t col, bool rows, bool cols) {
    const size_t to_row = rows ? block->rows - 1 - row : row, to_col = cols ? block->cols - 1 - col : col;
    return block->offset + to_row * block->cols + to_col;
}

/* Rows of a layer's weights are what comes in, columns the units themselves. */
static void turn_units(const Layout *layout, const Vec *from, const Vec *to) {
    for (int i = 0; i < layout->n_blocks; i++) {
        const LayoutBlock *block = &layout->blocks[i];
        const bool weights = i % 2 == 0; /* the biases follow */
        const bool rows = weights && i > 0, cols = i < layout->n_blocks - 2;
        for (size_t row = 0; row < block->rows; row++)
            for (size_t col = 0; col < block->cols; col++)
                vec_set(to, turned_place(block, row, col, rows, cols),
                    vec_get(from, block->offset + row * block->cols + col));
    }
}

double training_permuted_loss(Training *training, int racer) {
    Runner *runner = usable(training, racer);
    if (!runner) return NAN;
    const Vec *average = race_average(training->race, racer);
    const Vec *x = average ? average : race_x(training->race, racer);
    Vec turned = {.n = x->n, .precision = x->precision, .data = malloc(x->n * precision_bytes(x->precision))};
    if (!turned.data) return NAN;
    turn_units(mlp_objective(runner->mlp)->layout, x, &turned);
    const Dataset *scored = training->drawn ? training->drawn : training->data->dataset;
    const Part part = training->drawn ? (Part){0, training->drawn->n} : training->data->split.training;
    const Batch batch = dataset_batch(scored, part.first, part.n);
    const double loss = mlp_score(runner->mlp, &turned, &batch).loss;
    free(turned.data);
    return loss;
}

double training_barrier(Training *training, int racer, int other) {
    Runner *runner = usable(training, racer);
    if (!runner || other < 0 || other >= training_racer_count(training) || !usable(training, other))
        return NAN;
    const Vec *from = training_weights(training, racer), *to = training_weights(training, other);
    Vec between = {.n = from->n,
        .precision = from->precision,
        .data = malloc(from->n * precision_bytes(from->precision))};
    if (!between.data) return NAN;
    const Part part = training->data->split.training;
    const Batch batch = dataset_batch(training->data->dataset, part.first, part.n);
    const double end =
        fmax(mlp_score(runner->mlp, from, &batch).loss, mlp_score(runner->mlp, to, &batch).loss);
    double barrier = 0;
    for (int i = 1; i <= TRAINING_BARRIER_POINTS; i++) {
        const double share = (double)i / (TRAINING_BARRIER_POINTS + 1);
        vec_combine(&between, 1 - share, from, share, to);
        barrier = fmax(barrier, mlp_score(runner->mlp, &between, &batch).loss - end);
    }
    free(between.data);
    return barrier;
}

HessianExtremes training_curvature(Training *training, int racer) {
    const HessianExtremes none = {NAN, NAN, NAN, NAN};
    Status ignored = status_ok();
    if (!usable(training, racer)) return none;
    const Part part = training->data->split.training;
    const Batch all = dataset_batch(training->data->dataset, part.first, part.n);
    Hessian *hessian = hessian_create(training_network(training), &all, &ignored);
    if (!hessian) return none;
    vec_copy(hessian_at(hessian), training_weights(training, racer));
    hessian_begin(hessian, HESSIAN_EXTREMES);
    while (hessian_advance(hessian)) continue;
    const HessianExtremes extremes = hessian_extremes(hessian);
    hessian_destroy(hessian);
    return extremes;
}

/* So many epochs where what one of them takes is left to chance. */
enum { EPOCHS_OF_CHANCE = 20 };

double training_gradient_bias(Training *training, int racer) {
    Gather gathers[2];
    const SamplingKind kind = training->spec.sampling.kind;
    const bool chance = kind == SAMPLING_REPLACEMENT || kind == SAMPLING_BALANCED;
    const int64_t steps = training->epoch_steps * (chance ? EPOCHS_OF_CHANCE : 1);
    const int64_t done = race_steps_done(training->race);
    const int64_t first = kind == SAMPLING_HARDEST ? done
                                                   : (done + training->epoch_steps - 1) /
                                                         training->epoch_steps * training->epoch_steps;
    if (!usable(training, racer) || kind == SAMPLING_ENDLESS || known_steps(training, steps) < steps ||
        !begin(gathers, training, racer))
        return NAN;
    const Part part = training->data->split.training;
    const Batch all = dataset_batch(training->data->dataset, part.first, part.n);
    gather_minibatches(&gathers[0], first, steps);
    gather(&gathers[1], &all, (uint64_t)done);
    double apart = 0, length = 0;
    for (size_t i = 0; i < gathers[0].mean.n; i++) {
        const double off = gathers[0].mean.f64[i] - gathers[1].mean.f64[i];
        apart += off * off;
        length += gathers[1].mean.f64[i] * gathers[1].mean.f64[i];
    }
    end(gathers);
    return sqrt(apart / length);
}
