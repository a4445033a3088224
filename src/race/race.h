/* A race: several racers in lockstep on one objective from one start, with a complete trace of each. */
#ifndef SLALOM_RACE_H
#define SLALOM_RACE_H

#include "devices.h"
#include "objective.h"
#include "optimizer.h"
#include "pool.h"
#include "schedule.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

enum { RACE_RACERS_MAX = 64, RACER_LABEL_BYTES = 48 };

/* A race whose traces would take more memory than this is refused. */
#define RACE_TRACE_BYTES_MAX ((double)(UINT64_C(1) << 31))

/* Converged and stalled racers go on: noise or momentum may yet move them. But a method of code rests where
 * nothing can come of its next iteration: once it has converged, or failed twice in a row from one place at
 * one rate, and the gradient is neither noisy nor of a minibatch. Its rows are repeated, and it evaluates
 * nothing, until its rate or its hyperparameters change. Diverged is final. */
typedef enum RacerStatus {
    RACER_RUNNING,
    RACER_CONVERGED, /* the gradient has vanished, the last step was nothing, and no direction curves down */
    RACER_STALLED,   /* the same at a saddle, a maximum or on a plateau; or x no longer moves on a slope */
    RACER_DIVERGED,  /* loss, gradient or position is not finite, or x has left for infinity */
} RacerStatus;

/* A gradient norm, and a step relative to 1 + |x| (the largest coordinate), at or below this have vanished.
 */
#define RACE_VANISHED 1e-8
/* x has left for infinity when |x| is above this times 1 + |start|: a saddle without an end is descended for
 * ever at finite numbers. */
#define RACE_FAR 1e10
const char *racer_status_name(RacerStatus status); /* "running", ... */

/* From a step on a racer has other hyperparameters; what it has learned stays. */
typedef struct RacerChange {
    int64_t step; /* 0 or more: the steps after this one have them */
    double values[OPTIMIZER_PARAMETERS_MAX];
} RacerChange;
enum { RACER_CHANGES_MAX = 8 };

/* Colours times markers: so many racers can be told apart. */
enum { RACER_STYLES = 72 };

/* How a racer is shown; a race does not look at it. */
typedef struct RacerLook {
    int style;   /* colour and marker: 1 is the first; 0: by its place in the race */
    bool hidden; /* it runs, and is not drawn */
    bool solo;   /* where any racer has this, only those that have it are drawn */
    bool ghost;  /* drawn faintly: a run that another one has left behind */
} RacerLook;

/* What a person says of a racer. */
typedef struct RacerSpec {
    const Optimizer *optimizer;
    char label[RACER_LABEL_BYTES];
    double values[OPTIMIZER_PARAMETERS_MAX]; /* hyperparameters in the order of the optimizer's row */
    double devices[DEVICE_COUNT];
    ScheduleSpec schedule;                  /* of values[0], the rate */
    RacerChange changes[RACER_CHANGES_MAX]; /* by rising step */
    int n_changes;
    RacerLook look;
} RacerSpec;

/* Rows 0..last of arrays with room for n_steps + 1 rows; row 0 is the start. */
typedef struct Trace {
    double *x;          /* (rows, dim): position after the step; NULL in a race apart */
    double *average;    /* (rows, dim): the averaged iterates; NULL where the racer keeps none */
    double *loss;       /* (rows): at x; of all examples where the objective has batches and can tell */
    double *grad_norm;  /* (rows): Euclidean, of the same */
    double *batch_loss; /* (rows): at x, of the batch that the step from there sees; NULL: the same as loss */
    double *lr;         /* (rows): the rate of the step that led here; the first rate at the start */
    uint64_t *evaluations; /* (rows): gradients the optimizer has taken to get here */
    uint8_t *status;       /* (rows): RacerStatus */
    int64_t last;          /* the last row written; a diverged racer's has its last finite point */
} Trace;

/* The hyperparameters that the step after `step` has. */
const double *racer_values(const RacerSpec *spec, int64_t step);

typedef struct Race Race;

/* The objective is borrowed and must outlive the race. start: (dim). Fails where a trace is too large, with
 * the memory that it would take, and where a schedule gives a rate that is none. */
Race *race_create(Objective *objective, const RacerSpec *specs, int n_racers, const double *start,
    int64_t n_steps, uint64_t seed, Status *status);

/* A race of large objectives, such as networks: every racer has one of its own, borrowed, all of the same
 * thing; what they share only serves readers, and `resample` of one after the other. Its traces have no x,
 * and an optimizer's first evaluation in a step is what the row before it tells of loss and gradient, which
 * are NAN until then: nothing is evaluated for the record alone. A racer that diverged keeps no last finite
 * point. start: (dim), of the objectives' precision, copied. pool: threads for the racers, or for the only
 * one's objective; NULL: none; borrowed. The numbers do not depend on it. */
Race *race_create_apart(Objective *const *objectives, const RacerSpec *specs, int n_racers, const Vec *start,
    int64_t n_steps, uint64_t seed, Pool *pool, Status *status);
/* Back to step 0 of a race apart; no memory is allocated. */
void race_restart_apart(Race *race, const Vec *start);
/* Where a racer is now, the gradient that it asked for last (before any device), and its averaged iterate,
 * which is NULL where it keeps none. (dim); of a race apart. */
const Vec *race_x(const Race *race, int racer);
const Vec *race_gradient(const Race *race, int racer);
const Vec *race_average(const Race *race, int racer);
/* What the racer's rule divides gradients by (optimizer_run_scaling). */
bool race_scaling(const Race *race, int racer, const Vec *out);

/* The loss of the batch that its objective has, where it is now; race_gradient then tells the gradient there.
 * The optimizer does not know, and it is not counted. May be called for several racers at once. */
double race_look(Race *race, int racer);
/* A racer of a race apart takes no more steps. */
void race_retire(Race *race, int racer);
bool race_is_running(const Race *race, int racer); /* it has neither diverged nor retired */
/* Shows `visit` every number that later steps of a race apart depend on, always in the same order and sizes,
 * for who writes them down or puts them back into the same race; the rows before the last are not of them.
 * False where an optimizer has state that cannot be kept so (said of the first such), or where numbers that
 * were put back cannot be. */
bool race_visit(Race *race, StateVisit *visit, void *context);

void race_destroy(Race *race);

/* Back to step 0 at a start (NULL: the same); no memory is allocated. */
void race_restart(Race *race, const double *start);
/* The same with new settings for one racer, whose optimizer stays. Fails, and changes nothing, where its
 * schedule gives a rate that is none. */
bool race_set_racer(Race *race, int racer, const RacerSpec *spec, Status *status);

/* Every racer that has not diverged takes one step; then the objective's next minibatch is taken, where it
 * has such, the same for all racers: a row shows it, and the step from there sees it. False once n_steps are
 * done. */
bool race_step(Race *race);
/* On towards a step, by as many as racers may take without waiting for each other, at least one: the same
 * numbers. Where nobody runs any more it ends with the step that was the last one's. */
void race_advance(Race *race, int64_t step);
void race_run(Race *race); /* all the steps that are left */

int race_racer_count(const Race *race);
int64_t race_step_count(const Race *race); /* n_steps: how long the race is */
int64_t race_steps_done(const Race *race);
uint64_t race_seed(const Race *race);
const RacerSpec *race_spec(const Race *race, int racer);
const Trace *race_trace(const Race *race, int racer);
size_t race_dim(const Race *race);
/* The rate of a racer's step from `step`, done or not; where none follows, that of the last one. */
double race_rate(const Race *race, int racer, int64_t step);

/* State vector number i of a racer's optimizer as it is now; false where it has none such. */
bool race_state(const Race *race, int racer, int i, Vec *state);

/* Whether the time of each racer's steps is taken (it costs a little), and how much there was since the
 * start. */
void race_measure_time(Race *race, bool measured);
bool race_measures_time(const Race *race);
double race_seconds(const Race *race, int racer);

/* The row of `racer` at `step`: `step` itself, or its last row if it ended before. */
int64_t trace_row(const Trace *trace, int64_t step);

/* Why a racer has the status it has, in a few words ("the loss is not finite"); "" while running. */
const char *race_reason(const Race *race, int racer);

#endif
