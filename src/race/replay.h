/* What one racer did in one step: the step is taken once more, from the same state, and everything that it
 * had is kept. For display; of races on two coordinates. */
#ifndef SLALOM_REPLAY_H
#define SLALOM_REPLAY_H

#include "race.h"
#include "working.h"

enum { REPLAY_EVALUATIONS_MAX = 64, REPLAY_DIM = WORKING_DIM };

/* One gradient that the optimizer asked for, as it was given. */
typedef struct ReplayEvaluation {
    double x[REPLAY_DIM], loss, gradient[REPLAY_DIM];
} ReplayEvaluation;

/* The step from row `step` of the trace to the next. Vectors are (REPLAY_DIM), matrices (2, 2). */
typedef struct ReplayStep {
    int64_t step;
    WorkingInputs before;     /* x, the gradients as the optimizer saw them, state, rate, ... */
    double next[REPLAY_DIM];  /* where it went, before anybody judged that; may be not finite */
    double plain[REPLAY_DIM]; /* the objective's gradient at x */
    double loss;              /* at x */
    double hessian[3];        /* of the objective at x: xx, xy, yy; NAN where it has none */
    bool looks_ahead;         /* the gradient of the update was taken at before.ahead, and not at x */
    double state[OPTIMIZER_STATE_MAX][REPLAY_DIM], scalars[SYMBOLS_MAX]; /* after the step */
    int n_states, n_scalars;
    ReplayEvaluation evaluations[REPLAY_EVALUATIONS_MAX]; /* in order; the first so many */
    int n_evaluations;
    const char *failure; /* why the iteration failed; NULL: it did not */

    /* How the step answers to the gradient: a rule's, to a steady one (working.h); otherwise step = -length P
     * g. */
    bool has_matrix;
    double matrix[REPLAY_DIM][REPLAY_DIM]; /* P */
    double length;                         /* of a line search along the direction; 1 where there is none */
    bool searches;                         /* there is one: */
    double direction[REPLAY_DIM];
    /* The part of the step that is this gradient's own; the rest is what it remembers. Only of a step that
     * can be divided so. */
    bool has_parts;
    double own[REPLAY_DIM];
} ReplayStep;

typedef struct Replay Replay;

Replay *replay_create(void); /* NULL when memory is out */
void replay_destroy(Replay *replay);

/* From now on that of this racer, from its first step. Must be called again when the race has changed in any
 * way but having gone on; the race is borrowed until then. False where memory is out. */
bool replay_follow(Replay *replay, const Race *race, int racer, Status *status);

/* Goes to the step that leads on from a row, or to the last one that the race has done. False where it is not
 * there after about `budget_s`: then it goes on from there when it is called again. Going on by one step
 * costs one step; elsewhere, a sixteenth of the race at most once all of it has been seen. Allocates nothing.
 */
bool replay_seek(Replay *replay, int64_t step, double budget_s);

/* What replay_seek has found; NULL where there is nothing yet, as in a race without steps. */
const ReplayStep *replay_step(const Replay *replay);
/* The script of the rule with the numbers of that step; NULL for a method. */
const Working *replay_working(const Replay *replay);
/* The same with the numbers of another step of the same racer, which was copied. */
const Working *replay_work(Replay *replay, const ReplayStep *step);

#endif
