/* Examples as a network takes them: what every reader, generator and sampler delivers in the end. */
#ifndef SLALOM_BATCH_H
#define SLALOM_BATCH_H

#include <stdint.h>

/* Does not own its numbers. */
typedef struct Batch {
    int size, n_in;
    const float *inputs;   /* (size, n_in), contiguous, row-major */
    const int32_t *labels; /* (size): the class, from 0; NULL for regression */
    const float *targets;  /* (size, n_out), row-major; NULL for classes */
} Batch;

/* Where the minibatches of a race come from. One source serves all racers, so that they see the same. */
typedef struct BatchSource {
    /* Sets *batch to that of a step, from 0. The same step gives the same batch, whatever was asked for
     * before; asked for the step of the call before, it gives the same at no cost. The numbers stay as they
     * are until another step is asked for. Called by one thread at a time. */
    void (*take)(void *context, uint64_t step, Batch *batch);
    void *context;
    /* At least 1: so many steps in a row that were asked for stay together, and until another one is asked
     * for, several threads may ask for these once more. */
    int ahead;
} BatchSource;

#endif
