/* Networks in training: several optimizers from the same weights on the same minibatches, from report to
 * report. They are a race apart (race.h): racers train on threads, and nothing depends on how many. */
#ifndef SLALOM_TRAINING_H
#define SLALOM_TRAINING_H

#include "data.h"
#include "init.h"
#include "mlp.h"
#include "pool.h"
#include "race.h"
#include "sampler.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* What early stopping watches: that of the validation part. */
typedef enum StopKind { STOP_NEVER, STOP_LOSS, STOP_ERROR } StopKind;

typedef struct TrainingSpec {
    MlpSpec network; /* batch_max and seed are the training's to set */
    InitSpec init;
    SamplerSpec sampling;
    const RacerSpec *racers;
    int n_racers;
    double epochs; /* how long; a part of one is whole steps */
    int64_t steps; /* the same in steps, where it is not 0 */
    int64_t every; /* steps from report to report; 0: an epoch */
    StopKind stop;
    int patience; /* a racer stops after so many reports without a better one */
    uint64_t seed;
    const char *data_text; /* what the data are called, for the checkpoint */
} TrainingSpec;

/* Training losses are of at most so many training examples, drawn by the seed. */
enum { TRAINING_SCORED_MAX = 10000 };

typedef enum TrainingStatus {
    TRAINING_RUNNING,
    TRAINING_STOPPED,  /* early: validation no longer got better */
    TRAINING_DIVERGED, /* a loss, a gradient or a weight is not finite */
} TrainingStatus;
const char *training_status_name(TrainingStatus status); /* "running", ... */

/* How one racer does. Losses are means without penalties, dropout or label noise; an error is the share of
 * wrong classes, NAN for regression. Where there is no such part of the data both are NAN. They are of the
 * averaged weights where the racer averages them. */
typedef struct TrainingReport {
    int64_t step;
    double epoch;
    uint64_t examples; /* learned from so far */
    MlpScore training, validation;
    double grad_norm; /* of the minibatch that the next step sees */
    double lr;
    TrainingStatus status;
    const char *reason;
} TrainingReport;

/* One layer of the same: Euclidean norms of the weights, of their gradient in the same minibatch, and the
 * root mean square of what the layer gives. The gradient of its biases is, as a mean over
 * the minibatch, that by its units' sums: what has come back to the layer. */
typedef struct TrainingLayer {
    double weight_norm, grad_norm, activation_rms, bias_grad_norm;
    double spread; /* root mean square distance of its units, by weights and bias, from their mean: 0 where
                      all are the same unit */
    double update_norm; /* of what the step that led here did to its weights; NAN where none did */
    double error_rms;   /* root mean square, over the minibatch, of the derivative of an example's loss by a
                           unit's sum: what has come back to the layer, before it cancels out in a mean */
} TrainingLayer;

typedef struct Training Training;

/* The data and the pool are borrowed; pool: NULL for none. What the spec points at is copied, but
 * optimizers. Fails on bad input with nothing left behind. */
Training *training_create(const TrainingSpec *spec, const Data *data, Pool *pool, Status *status);
void training_destroy(Training *training);

/* Called now and then on the thread that called training_advance, for who shows progress. */
typedef void TrainingTick(void *context);
void training_on_tick(Training *training, TrainingTick *tick, void *context);

/* Makes the advance under way, or else the next one, return as soon as it may. From any thread or a signal
 * handler. */
void training_leave_off(Training *training);

typedef enum TrainingProgress {
    TRAINING_REPORTED, /* there is a new report */
    TRAINING_ENDED,    /* there is none to come */
    TRAINING_LEFT_OFF, /* between two reports, as was asked for; may be gone on with */
} TrainingProgress;
/* Trains to the next report; the first is of the start. */
TrainingProgress training_advance(Training *training);
/* The same where the report is not later than a step; else it leaves off there. Where advances end changes no
 * number. */
TrainingProgress training_advance_within(Training *training, int64_t step);

int training_racer_count(const Training *training);
const RacerSpec *training_racer(const Training *training, int racer);
/* The last report of a racer, and whether it is of the last advance: it is not for one that had ended. */
const TrainingReport *training_report(const Training *training, int racer);
bool training_is_news(const Training *training, int racer);
int training_layer_count(const Training *training);
TrainingLayer training_layer(const Training *training, int racer, int layer);

/* The report with the best validation score so far (loss, or error under STOP_ERROR); without a validation
 * part that with the best training score. */
const TrainingReport *training_best(const Training *training, int racer);
/* On the test part: of the best weights where there is early stopping, otherwise of the last. NAN without a
 * test part and for a racer that diverged. */
MlpScore training_test(Training *training, int racer);

int64_t training_steps(const Training *training); /* of each racer, at most */
int64_t training_steps_done(const Training *training);
int64_t training_epoch_steps(const Training *training);
size_t training_parameters(const Training *training);
double training_seconds(const Training *training, int racer);       /* in its steps */
int64_t training_failures(const Training *training, int racer);     /* iterations that came to nothing */
uint64_t training_evaluations(const Training *training, int racer); /* gradients its optimizer has taken */

/* Between two advances: what is used of a racer (its averaged weights, where it averages them), and the
 * minibatch that the next step sees. Borrowed until the next advance. */
const Vec *training_weights(const Training *training, int racer);
/* Likewise what its rule divides gradients by (optimizer_run_scaling). */
bool training_scaling(const Training *training, int racer, const Vec *out);
void training_batch(Training *training, Batch *batch);
const MlpSpec *training_network(const Training *training);

/* Everything that the rest of the training depends on, into a file that is written whole or not at all. */
bool training_save(Training *training, const char *path, Status *status);
/* Goes on from such a file, in a training that has not begun: then every report is the same to the last bit
 * as without the interruption. Fails where the file is damaged, of another version, or of a training of
 * another network, data, sampling, seed or racers; the training can then only be destroyed. */
bool training_resume(Training *training, const char *path, Status *status);

#endif
