/* A racer that trains a network: one optimizer with its schedule and devices, on the minibatches of a
 * sampler. It keeps no trace, only what a step needs, so that its memory is that of a few vectors. */
#ifndef SLALOM_TRAINEE_H
#define SLALOM_TRAINEE_H

#include "mlp.h"
#include "race.h"
#include "sampler.h"
#include "status.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum TraineeStatus {
    TRAINEE_RUNNING,
    TRAINEE_STOPPED,  /* early: validation no longer improved */
    TRAINEE_DIVERGED, /* the loss, its gradient or a weight is not finite, or the weights have left */
} TraineeStatus;
enum { TRAINEE_STATUS_COUNT = TRAINEE_DIVERGED + 1 };
const char *trainee_status_name(TraineeStatus status); /* "running", ... */

typedef struct Trainee {
    RacerSpec spec;
    OptimizerRun *run; /* owned, like the numbers of all vectors and rates */
    Vec x, gradient;   /* the weights, and room for a gradient */
    Vec average;       /* of the weights, where a device averages them; otherwise n is 0 */
    double *rates;     /* (n_steps): of the schedule */
    int64_t n_steps, done;
    int changed;           /* so many changes of its hyperparameters have come about */
    uint64_t seed, stream; /* of noise; stream 0 is the shared one */
    double far;            /* beyond this largest weight it has left */
    TraineeStatus status;
    const char *reason;    /* why, in a few words; "" while running */
    double loss;           /* of the last minibatch, as the optimizer saw it */
    uint64_t evaluations;  /* gradients that it has taken */
    uint64_t failed;       /* iterations that came to nothing, of a method that searches */
    double seconds;        /* in its steps */
    bool changes_gradient; /* a device stands in between */
    Objective *objective;  /* the network that it is on now; borrowed */
} Trainee;

/* start: like the network's weights. race: number of the trainee in its race, from 0. Fails where memory is
 * out or a schedule gives a rate that is none. */
bool trainee_init(Trainee *trainee, const RacerSpec *spec, const Vec *start, int number, int64_t n_steps,
    uint64_t seed, Status *status);
void trainee_finish(Trainee *trainee);

/* One step on the network, which has been given the batch. Nothing is allocated. */
void trainee_step(Trainee *trainee, Objective *network);

/* Looks at the weights, which a step does not: whether they are finite and near. */
void trainee_look(Trainee *trainee);

/* What is used of it: the averaged weights where it averages, otherwise the weights. */
const Vec *trainee_weights(const Trainee *trainee);

/* The rate of the step that led here; the first rate at the start. */
double trainee_rate(const Trainee *trainee);

#endif
