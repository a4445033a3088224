/* What the parts of a training share; only training*.c include this. */
#ifndef SLALOM_TRAINING_INNER_H
#define SLALOM_TRAINING_INNER_H

#include "training.h"

#include <stdatomic.h>

/* What a thread needs to train any of the racers. */
typedef struct Worker {
    Mlp *mlp;
    Sampler *sampler;
} Worker;

/* A racer with what is known of it. */
typedef struct Runner {
    Trainee trainee;
    TrainingReport report, best;
    bool is_news;
    int64_t since_best;    /* reports */
    Vec best_weights;      /* n is 0 where they are not kept; owned */
    TrainingLayer *layers; /* (n_layers); owned */
} Runner;

struct Training {
    TrainingSpec spec;
    char *data_text; /* owned */
    const Data *data;
    Pool *pool;
    Dataset *drawn;   /* training examples to score; NULL: the training part itself */
    Worker *workers;  /* (n_workers) */
    Runner *runners;  /* (spec.n_racers) */
    float *losses[2]; /* (training part): for hardest-first; NULL for the other kinds */
    int n_workers;
    int64_t n_steps, every;
    int64_t reported; /* the step of the last report; -1: none yet */
    int64_t target;   /* of the advance under way */
    uint64_t epoch_steps;
    atomic_bool leaves;
    atomic_llong work_done; /* steps of all racers, while they train to within a few */
    int64_t work_all;
    TrainingTick *tick;
    void *tick_context;
};

/* Counts what there is to do, by those who have not ended. */
void training_count_work(Training *training);

#endif
