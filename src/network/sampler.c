/* Orders of examples, and their rows brought together. */
#include "sampler.h"

#include "rng.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const SamplingRow sampling_table[SAMPLING_COUNT] = {
    [SAMPLING_SHUFFLE] = {"shuffle", "each example once an epoch, in a new order each time"},
    [SAMPLING_ONCE] = {"once", "shuffled once: the same order in every epoch"},
    [SAMPLING_NEVER] = {"never", "in the order of the data"},
    [SAMPLING_REPLACEMENT] = {"replacement", "drawn with replacement"},
    [SAMPLING_BALANCED] = {"balanced", "drawn with replacement, the classes in turn"},
    [SAMPLING_HARDEST] = {"hardest", "each epoch the half with the largest losses, the largest first"},
    [SAMPLING_ENDLESS] = {"endless", "new examples from a generator: none comes twice"},
};

static const uint64_t none = UINT64_MAX;

/* Minibatches that are kept together: at most so many, in at most so much memory. */
enum { AHEAD_MAX = 64, AHEAD_BYTES_MAX = 65536 };

/* A minibatch that is kept. */
typedef struct Slot {
    uint64_t step; /* none */
    Batch batch;
} Slot;

struct Sampler {
    const Dataset *dataset;
    Part part;
    Generator *generator;
    SamplerSpec spec;
    size_t n; /* examples of an epoch */
    uint64_t epoch_steps;
    uint64_t epoch; /* of what is in order; none */
    int n_slots;
    Slot slots[AHEAD_MAX]; /* that of a step is the step's remainder */
    uint32_t *order;       /* (part.n): the epoch's; balanced: members of each class, class by class */
    uint32_t *class_start; /* (n_out + 1): in order; NULL unless balanced */
    int32_t *classes;      /* (n_classes): those that have members */
    int n_classes;
    uint32_t *drawn; /* (batch): the examples of one, where they are drawn with replacement; else NULL */
    Pool *pool;
    float *inputs; /* (n_slots, batch, n_in): the batches, where their rows do not lie together */
    int32_t *labels;
    float *targets;
};

/* Making one. */

static bool is_contiguous(const Sampler *sampler) {
    return sampler->spec.kind == SAMPLING_NEVER;
}

static void sort_by_class(Sampler *sampler) {
    const int32_t *labels = sampler->dataset->labels + sampler->part.first;
    int n_out = sampler->dataset->n_out;
    uint32_t at = 0;
    for (int32_t k = 0; k < n_out; k++) {
        sampler->class_start[k] = at;
        for (size_t i = 0; i < sampler->part.n; i++)
            if (labels[i] == k) sampler->order[at++] = (uint32_t)i;
        if (at > sampler->class_start[k]) sampler->classes[sampler->n_classes++] = k;
    }
    sampler->class_start[n_out] = at;
}

static bool allocate(Sampler *sampler) {
    const Dataset *dataset = sampler->dataset;
    size_t batch = sampler->spec.batch * (size_t)sampler->n_slots, n = sampler->part.n;
    bool good = true;
    sampler->order = malloc(n * sizeof *sampler->order);
    if (!is_contiguous(sampler)) {
        sampler->inputs = malloc(batch * (size_t)dataset->n_in * sizeof *sampler->inputs);
        if (dataset->labels) sampler->labels = malloc(batch * sizeof *sampler->labels);
        if (dataset->targets)
            sampler->targets = malloc(batch * (size_t)dataset->n_out * sizeof *sampler->targets);
        good = sampler->inputs && (sampler->labels || sampler->targets);
    }
    if (sampler->spec.kind == SAMPLING_BALANCED || sampler->spec.kind == SAMPLING_REPLACEMENT) {
        sampler->drawn = malloc(sampler->spec.batch * sizeof *sampler->drawn);
        good = good && sampler->drawn;
    }
    if (sampler->spec.kind == SAMPLING_BALANCED) {
        sampler->class_start = malloc(((size_t)dataset->n_out + 1) * sizeof *sampler->class_start);
        sampler->classes = malloc((size_t)dataset->n_out * sizeof *sampler->classes);
        good = good && sampler->class_start && sampler->classes;
    }
    return good && sampler->order;
}

/* By what a batch takes, also where it is not copied: large ones take long. */
static int count_slots(const Sampler *sampler) {
    const Dataset *dataset = sampler->dataset;
    size_t row = (size_t)dataset->n_in * sizeof(float) +
                 (dataset->targets ? (size_t)dataset->n_out * sizeof(float) : sizeof(int32_t));
    size_t fit = AHEAD_BYTES_MAX / (sampler->spec.batch * row);
    return fit > AHEAD_MAX ? AHEAD_MAX : fit > 1 ? (int)fit : 1;
}

static void forget_batches(Sampler *sampler) {
    for (int i = 0; i < sampler->n_slots; i++) sampler->slots[i].step = none;
}

static bool check(
    const Dataset *dataset, Part part, const Generator *generator, const SamplerSpec *spec, Status *status) {
    if (spec->batch > part.n)
        return status_fail(status, STATUS_BAD_INPUT,
            "a batch of %zu is larger than the %zu examples to train with", spec->batch, part.n);
    if (spec->kind == SAMPLING_BALANCED && !dataset->labels)
        return status_fail(status, STATUS_BAD_INPUT, "balanced sampling needs classes; these data have none");
    if (spec->kind == SAMPLING_ENDLESS && !generator)
        return status_fail(
            status, STATUS_BAD_INPUT, "endless sampling needs data that are made, such as moons");
    return true;
}

Sampler *sampler_create(
    const Dataset *dataset, Part training, Generator *generator, const SamplerSpec *spec, Status *status) {
    assert(training.n > 0 && training.first + training.n <= dataset->n);
    if (!check(dataset, training, generator, spec, status)) return NULL;
    Sampler *sampler = calloc(1, sizeof *sampler);
    if (!sampler) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    *sampler = (Sampler){.dataset = dataset,
        .part = training,
        .generator = generator,
        .spec = *spec,
        .n = training.n,
        .epoch = none};
    if (spec->kind == SAMPLING_HARDEST)
        sampler->n = (size_t)ceil(SAMPLING_HARDEST_SHARE * (double)training.n);
    if (spec->batch == 0 || spec->batch > sampler->n) sampler->spec.batch = sampler->n;
    /* All of the data at once: their order makes no difference, and they need not be copied. */
    bool whole = sampler->spec.batch == training.n;
    if (whole && (spec->kind == SAMPLING_SHUFFLE || spec->kind == SAMPLING_ONCE))
        sampler->spec.kind = SAMPLING_NEVER;
    sampler->epoch_steps = (sampler->n + sampler->spec.batch - 1) / sampler->spec.batch;
    sampler->n_slots = count_slots(sampler);
    forget_batches(sampler);
    if (!allocate(sampler)) {
        status_fail(status, STATUS_FAILED, "out of memory for batches of %zu", sampler->spec.batch);
        sampler_destroy(sampler);
        return NULL;
    }
    if (spec->kind == SAMPLING_BALANCED) sort_by_class(sampler);
    return sampler;
}

void sampler_destroy(Sampler *sampler) {
    if (!sampler) return;
    free(sampler->order);
    free(sampler->class_start);
    free(sampler->classes);
    free(sampler->drawn);
    free(sampler->inputs);
    free(sampler->labels);
    free(sampler->targets);
    free(sampler);
}

void sampler_set_pool(Sampler *sampler, Pool *pool) {
    sampler->pool = pool;
}

size_t sampler_batch_max(const Sampler *sampler) {
    return sampler->spec.batch;
}

uint64_t sampler_epoch_steps(const Sampler *sampler) {
    return sampler->epoch_steps;
}

uint64_t sampler_examples(const Sampler *sampler, uint64_t steps) {
    return steps / sampler->epoch_steps * sampler->n + steps % sampler->epoch_steps * sampler->spec.batch;
}

/* The order of an epoch. */

enum { STREAM_ORDER = 2, STREAM_DRAWS = 3 };

/* Fisher & Yates. */
static void shuffle(Sampler *sampler, uint64_t epoch) {
    Rng rng = rng_stream(sampler->spec.seed, STREAM_ORDER, epoch);
    uint32_t *order = sampler->order;
    for (size_t i = 0; i < sampler->part.n; i++) order[i] = (uint32_t)i;
    for (size_t i = sampler->part.n; i > 1; i--) {
        size_t j = (size_t)rng_below(&rng, i);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* Whether a is harder than b; equal losses in the order of the data, and what is no number last. */
static bool is_harder(const float *losses, uint32_t a, uint32_t b) {
    float x = losses[a], y = losses[b];
    if (x != x || y != y) return x == x || (y != y && a < b);
    return x > y || (x == y && a < b);
}

/* Heapsort: it needs no memory and no context of a comparison. */
static void sink(uint32_t *order, const float *losses, size_t at, size_t n) {
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_harder(losses, order[child], order[child + 1])) child++;
        if (!is_harder(losses, order[at], order[child])) return;
        uint32_t kept = order[at];
        order[at] = order[child];
        order[child] = kept;
    }
}

static void sort_by_loss(Sampler *sampler, const float *losses) {
    uint32_t *order = sampler->order;
    size_t n = sampler->part.n;
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    for (size_t i = n / 2; i-- > 0;) sink(order, losses, i, n);
    for (size_t i = n; i-- > 1;) {
        uint32_t kept = order[0];
        order[0] = order[i];
        order[i] = kept;
        sink(order, losses, 0, i);
    }
}

static void begin_epoch(Sampler *sampler, uint64_t epoch) {
    if (sampler->spec.kind == SAMPLING_ONCE) epoch = 0;
    if (sampler->epoch == epoch) return;
    assert(sampler->spec.kind != SAMPLING_HARDEST);
    sampler->epoch = epoch;
    shuffle(sampler, epoch);
}

void sampler_rank(Sampler *sampler, uint64_t epoch, const float *losses) {
    assert(sampler->spec.kind == SAMPLING_HARDEST);
    sort_by_loss(sampler, losses);
    sampler->epoch = epoch;
    forget_batches(sampler);
}

/* Bringing rows together. */

static void copy_row(Sampler *sampler, size_t to, size_t example) {
    const Dataset *dataset = sampler->dataset;
    size_t n_in = (size_t)dataset->n_in, n_out = (size_t)dataset->n_out, from = sampler->part.first + example;
    memcpy(sampler->inputs + to * n_in, dataset->inputs + from * n_in, n_in * sizeof(float));
    if (sampler->labels) sampler->labels[to] = dataset->labels[from];
    if (sampler->targets)
        memcpy(sampler->targets + to * n_out, dataset->targets + from * n_out, n_out * sizeof(float));
}

/* Rows of images lie far apart: the memory is asked for one while another is copied. */
static void expect_row(const Sampler *sampler, size_t example) {
#if defined(__GNUC__)
    enum { CACHE_LINE = 64 };
    size_t bytes = (size_t)sampler->dataset->n_in * sizeof(float);
    const char *row = (const char *)sampler->dataset->inputs + (sampler->part.first + example) * bytes;
    for (size_t i = 0; i < bytes; i += CACHE_LINE) __builtin_prefetch(row + i);
#else
    (void)sampler, (void)example;
#endif
}

/* Which examples become the rows from `to` on. */
typedef struct Rows {
    Sampler *sampler;
    const uint32_t *examples;
    size_t to, size;
} Rows;

/* So many rows are one thread's, where there are more and they are long. */
enum { ROWS_TOGETHER = 32, ROWS_BYTES_MIN = 1 << 17 };

static void copy_share(void *context, int index, int worker) {
    (void)worker;
    const Rows *rows = context;
    size_t i = (size_t)index * ROWS_TOGETHER;
    size_t end = rows->size - i < ROWS_TOGETHER ? rows->size : i + ROWS_TOGETHER;
    for (; i < end; i++) {
        if (i + 1 < end) expect_row(rows->sampler, rows->examples[i + 1]);
        copy_row(rows->sampler, rows->to + i, rows->examples[i]);
    }
}

static void copy_rows(Sampler *sampler, const uint32_t *examples, size_t to, size_t size) {
    Rows rows = {.sampler = sampler, .examples = examples, .to = to, .size = size};
    size_t bytes = size * (size_t)sampler->dataset->n_in * sizeof(float);
    int n = (int)((size + ROWS_TOGETHER - 1) / ROWS_TOGETHER);
    if (sampler->pool && bytes >= ROWS_BYTES_MIN)
        pool_run(sampler->pool, n, copy_share, &rows);
    else
        for (int i = 0; i < n; i++) copy_share(&rows, i, 0);
}

/* `to`: the first row. */
static void draw(Sampler *sampler, uint64_t step, size_t to, size_t size) {
    Rng rng = rng_stream(sampler->spec.seed, STREAM_DRAWS, step);
    size_t turn = sampler->n_classes ? (size_t)rng_below(&rng, (uint64_t)sampler->n_classes) : 0;
    for (size_t i = 0; i < size; i++) {
        if (!sampler->class_start) {
            sampler->drawn[i] = (uint32_t)rng_below(&rng, sampler->part.n);
            continue;
        }
        int32_t k = sampler->classes[(turn + i) % (size_t)sampler->n_classes];
        uint32_t start = sampler->class_start[k], members = sampler->class_start[k + 1] - start;
        sampler->drawn[i] = sampler->order[start + rng_below(&rng, members)];
    }
    copy_rows(sampler, sampler->drawn, to, size);
}

/* The data set has the stream's first examples; what is learned comes after them. */
static void generate(Sampler *sampler, uint64_t step, size_t to, size_t size) {
    uint64_t first = sampler->dataset->n + sampler_examples(sampler, step);
    size_t n_in = (size_t)sampler->dataset->n_in, n_out = (size_t)sampler->dataset->n_out;
    for (size_t i = 0; i < size; i++, to++)
        generator_example(sampler->generator, sampler->spec.seed, first + i, sampler->inputs + to * n_in,
            sampler->labels ? sampler->labels + to : NULL,
            sampler->targets ? sampler->targets + to * n_out : NULL);
}

static void gather(Sampler *sampler, uint64_t step, size_t first, size_t to, size_t size) {
    switch (sampler->spec.kind) {
    case SAMPLING_REPLACEMENT:
    case SAMPLING_BALANCED: draw(sampler, step, to, size); return;
    case SAMPLING_ENDLESS: generate(sampler, step, to, size); return;
    default: break;
    }
    begin_epoch(sampler, step / sampler->epoch_steps);
    copy_rows(sampler, sampler->order + first, to, size);
}

static void fill(Sampler *sampler, Slot *slot, uint64_t step) {
    const Dataset *dataset = sampler->dataset;
    size_t first = (size_t)(step % sampler->epoch_steps) * sampler->spec.batch;
    size_t size = sampler->n - first < sampler->spec.batch ? sampler->n - first : sampler->spec.batch;
    slot->step = step;
    if (is_contiguous(sampler)) {
        slot->batch = dataset_batch(dataset, sampler->part.first + first, size);
        return;
    }
    size_t to = (size_t)(slot - sampler->slots) * sampler->spec.batch;
    gather(sampler, step, first, to, size);
    slot->batch = (Batch){.size = (int)size,
        .n_in = dataset->n_in,
        .inputs = sampler->inputs + to * (size_t)dataset->n_in,
        .labels = sampler->labels ? sampler->labels + to : NULL,
        .targets = sampler->targets ? sampler->targets + to * (size_t)dataset->n_out : NULL};
}

void sampler_take(Sampler *sampler, uint64_t step, Batch *batch) {
    Slot *slot = &sampler->slots[step % (uint64_t)sampler->n_slots];
    if (slot->step != step) fill(sampler, slot, step);
    *batch = slot->batch;
}

static void take_for_source(void *context, uint64_t step, Batch *batch) {
    sampler_take(context, step, batch);
}

BatchSource sampler_source(Sampler *sampler) {
    return (BatchSource){.take = take_for_source, .context = sampler, .ahead = sampler->n_slots};
}

const uint32_t *sampler_order(const Sampler *sampler, uint64_t *epoch, size_t *n) {
    if (sampler->spec.kind != SAMPLING_HARDEST) return NULL;
    *epoch = sampler->epoch;
    *n = sampler->part.n;
    return sampler->order;
}

void sampler_set_order(Sampler *sampler, uint64_t epoch, const uint32_t *order) {
    assert(sampler->spec.kind == SAMPLING_HARDEST);
    memcpy(sampler->order, order, sampler->part.n * sizeof *order);
    sampler->epoch = epoch;
    forget_batches(sampler);
}
