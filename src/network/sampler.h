/* In which order examples are learned: the minibatch of every step, from a seed and the number of the step
 * alone. One sampler serves all racers of a race, so that they see the same. */
#ifndef SLALOM_SAMPLER_H
#define SLALOM_SAMPLER_H

#include "batch.h"
#include "dataset.h"
#include "generator.h"
#include "pool.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum SamplingKind {
    SAMPLING_SHUFFLE,     /* each example once an epoch, in a new order each time */
    SAMPLING_ONCE,        /* in one random order, the same in every epoch */
    SAMPLING_NEVER,       /* in the order of the data */
    SAMPLING_REPLACEMENT, /* each example drawn by itself from all, as often as it comes */
    SAMPLING_BALANCED,    /* the same from those of one class, the classes in turn */
    SAMPLING_HARDEST,     /* each epoch the half with the largest losses, the largest first */
    SAMPLING_ENDLESS,     /* new examples from a generator: none comes twice */
    SAMPLING_COUNT,
} SamplingKind;

typedef struct SamplingRow {
    const char *name;    /* on the command line */
    const char *meaning; /* for people */
} SamplingRow;
extern const SamplingRow sampling_table[SAMPLING_COUNT]; /* by kind */

/* The share of the examples that hardest-first learns from. */
#define SAMPLING_HARDEST_SHARE 0.5

typedef struct SamplerSpec {
    SamplingKind kind;
    size_t batch;  /* examples in a minibatch; 0: all of them */
    uint64_t seed; /* an endless stream of the data's own seed goes on behind them; another is another one */
} SamplerSpec;

typedef struct Sampler Sampler;

/* The data are borrowed. generator: of an endless stream, borrowed, else NULL; an epoch of it is as many
 * examples as the training part has. Fails where a batch is larger than the part, where there are no classes
 * to balance, and where memory is out. */
Sampler *sampler_create(
    const Dataset *dataset, Part training, Generator *generator, const SamplerSpec *spec, Status *status);
void sampler_destroy(Sampler *sampler);

/* Threads to bring the rows of a large batch together with; NULL, as at first: none. Borrowed. A batch that
 * is new is then not to be asked for from inside a task of the same pool. */
void sampler_set_pool(Sampler *sampler, Pool *pool);

/* The order of hardest-first in an epoch, by each training example's loss: to be said before a batch of that
 * epoch is taken. losses: (examples of the training part). */
void sampler_rank(Sampler *sampler, uint64_t epoch, const float *losses);

size_t sampler_batch_max(const Sampler *sampler); /* the size of all batches but the last of an epoch */
uint64_t sampler_epoch_steps(const Sampler *sampler);
/* Examples that the first `steps` steps are made of; the last batch of an epoch may be smaller. */
uint64_t sampler_examples(const Sampler *sampler, uint64_t steps);

/* The minibatch of a step: see BatchSource. */
void sampler_take(Sampler *sampler, uint64_t step, Batch *batch);
BatchSource sampler_source(Sampler *sampler);

/* The order that a rank has made, for another sampler of the same data or a later time; its epoch and how
 * many there are. NULL for the other kinds. */
const uint32_t *sampler_order(const Sampler *sampler, uint64_t *epoch, size_t *n);
void sampler_set_order(Sampler *sampler, uint64_t epoch, const uint32_t *order);

#endif
