/* A training that goes on while somebody watches: on a thread of its own, or in slices of the watcher's time
 * where there are no threads. It trains up to the step that is aimed at; how it is watched changes no number
 * of it.
 *
 * All functions are for one thread, the watcher's, which is never held up for longer than a copy of the
 * weights takes, but by live_training_reach and live_training_destroy. */
#ifndef SLALOM_LIVE_TRAINING_H
#define SLALOM_LIVE_TRAINING_H

#include "batch.h"
#include "status.h"
#include "training.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

/* States that are kept to be looked at again: at most so many, in at most about so much memory, and as much
 * again for what adaptive racers divide gradients by. They are of
 * every k-th step, k a power of two as small as that allows, and of the last one. */
enum { LIVE_KEPT_MAX = 512, LIVE_KEPT_LEAST = 8 };
#define LIVE_KEPT_BYTES_MAX 128e6
enum { LIVE_BATCH_MAX = 1024, LIVE_INPUTS_MAX = 2 };

/* How all racers were at a step. */
typedef struct LiveState {
    int64_t step;
    const Vec *weights; /* (racers): what is used of each */
    const Vec
        *scalings; /* (racers): what its rule divides gradients by; without numbers where that is nothing */
    Batch batch;   /* that the next step sees; without examples where it has more than LIVE_BATCH_MAX or they
                      have more than LIVE_INPUTS_MAX inputs */
} LiveState;

/* A racer at a report. */
typedef struct LiveReport {
    TrainingReport report;
    bool is_news; /* false: it had ended before */
    uint64_t evaluations;
    double seconds; /* in its steps */
} LiveReport;

typedef struct LiveTraining LiveTraining;

/* Takes over a training that has not begun, also where it fails; the data behind it are borrowed. `threaded`:
 * on a thread of its own, where one can be started. It does not begin before it has an aim: until then
 * another one may have the pool of its training, which is for one at a time. */
LiveTraining *live_training_create(Training *training, bool threaded, Status *status);
void live_training_destroy(LiveTraining *live);

/* Trains on until this many steps are done, in its own time. */
void live_training_aim(LiveTraining *live, int64_t step);
/* Without a thread of its own: works for about so long. With one it does nothing. */
void live_training_work(LiveTraining *live, double budget_s);
/* Aims at a step and waits until it is there, or all is over. */
void live_training_reach(LiveTraining *live, int64_t step);

int64_t live_training_done(LiveTraining *live);
/* Nothing is left to train: all steps are done, or no racer goes on. */
bool live_training_is_over(LiveTraining *live);
/* It is on its way to the step that is aimed at. */
bool live_training_is_busy(LiveTraining *live);

/* What does not change while it runs. */
int live_training_racer_count(const LiveTraining *live);
int live_training_layer_count(const LiveTraining *live);
int64_t live_training_steps(const LiveTraining *live);
int64_t live_training_epoch_steps(const LiveTraining *live);
size_t live_training_parameters(const LiveTraining *live);
const MlpSpec *live_training_network(const LiveTraining *live);

/* The reports so far, which stay where they are. report: below the count. */
int64_t live_training_report_count(const LiveTraining *live);
const LiveReport *live_training_report(const LiveTraining *live, int64_t report, int racer);
const TrainingLayer *live_training_layers(const LiveTraining *live, int64_t report, int racer); /* (layers) */

/* Looks at the state at a step: the newest there is for one that is not reached yet, otherwise the last one
 * before it that is kept. False where that is the state looked at before. */
bool live_training_look(LiveTraining *live, int64_t step);
/* What was looked at last; NULL: nothing yet. Stays until the next look. */
const LiveState *live_training_state(const LiveTraining *live);

/* The states that are kept, for any thread: their steps, rising, into steps (LIVE_KEPT_MAX); returns how
 * many.
 */
int live_training_kept(LiveTraining *live, int64_t *steps);
/* Copies a racer's weights of the last kept state at a step or before; the same dimension and precision.
 * Returns its step; -1, with nothing copied, where there is none. */
int64_t live_training_copy_kept(LiveTraining *live, int64_t step, int racer, const Vec *weights);
/* Whether a racer's rule divides gradients by something; the same of that, NAN at the start. */
bool live_training_scales(const LiveTraining *live, int racer);
int64_t live_training_copy_scaling(LiveTraining *live, int64_t step, int racer, const Vec *scaling);

#endif
