/* What the parts of a training share; only training*.c include this. */
#ifndef SLALOM_TRAINING_INNER_H
#define SLALOM_TRAINING_INNER_H

#include "training.h"

#include <stdatomic.h>

/* What is known of a racer beside the race. */
typedef struct Runner {
    Mlp *mlp; /* its network; owned, like all that follows */
    TrainingReport report, best;
    TrainingStatus status;
    const char *reason; /* why, in a few words; "" while running */
    bool is_news;
    int64_t since_best;    /* reports */
    Vec best_weights;      /* no numbers where they are not kept */
    Vec before;            /* its weights one step before a report */
    TrainingLayer *layers; /* (n_layers) */
} Runner;

struct Training {
    TrainingSpec spec;
    char *data_text; /* owned */
    const Data *data;
    Pool *pool;
    Race *race;
    Sampler *sampler;
    Dataset *drawn;   /* training examples to score; NULL: the training part itself */
    Runner *runners;  /* (spec.n_racers) */
    float *losses[2]; /* (training part): for hardest-first; NULL for the other kinds */
    int64_t n_steps, every;
    int64_t reported; /* the step of the last report; -1: none yet */
    int64_t kept;     /* the step of what the runners have as `before`; -1: none yet */
    int64_t epoch_steps;
    int64_t resumed; /* the step that it was gone on with from; 0: it began here */
    atomic_bool leaves;
    TrainingTick *tick;
    void *tick_context;
};

/* Everybody's weights, as they are before the step that leads to a report. */
void training_keep_weights(Training *training);
/* A racer's layers, where it is now and has looked. */
void training_measure_layers(Training *training, int racer);

#endif
