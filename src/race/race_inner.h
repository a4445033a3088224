/* What the parts of a race share. Only race.c, apart.c, cloud.c, replay.c and trace.c include this. */
#ifndef SLALOM_RACE_INNER_H
#define SLALOM_RACE_INNER_H

#include "race.h"

/* Why a racer has its status. */
typedef enum Reason {
    REASON_NONE,
    REASON_AT_MINIMUM,
    REASON_AT_SADDLE,
    REASON_ON_PLATEAU,
    REASON_STILL,
    REASON_LOSS,
    REASON_GRADIENT,
    REASON_POSITION,
    REASON_FAR,
    REASON_FAILURE,
} Reason;

typedef double Evaluate(
    void *context, const Vec *x, const Vec **gradient); /* an Evaluator's; context: a Racer */

typedef struct Racer {
    const Race *race;
    Objective *objective;
    RacerSpec spec;
    OptimizerRun *run;
    Evaluator evaluator;
    Vec x, gradient;         /* where it is, and the gradient there; (dim) */
    Vec given;               /* the gradient as the optimizer sees it, where that is another; (dim) */
    Evaluate *evaluate_once; /* where it averages gradients: one of them */
    Vec mean;                /* and their average; no numbers where it never has; owned */
    uint64_t draw;           /* which noise and minibatch one of them has */
    double *rates;           /* (n_steps): the schedule's rate of each step */
    double loss, shown;      /* at x: as the optimizer sees it, and of the whole objective */
    uint64_t evaluations;
    int changed;    /* so many changes of its hyperparameters have come about */
    uint64_t noise; /* which noise stream it has: 0 the shared one */
    bool changes_gradient;
    double seconds; /* in its steps, where time is measured */
    int still;      /* steps in a row that did not move it */
    Reason reason;
    const char *failure; /* what an iteration that failed said of itself; NULL: none did */
    int failures;        /* iterations in a row that failed */
    Trace trace;
    /* Of a race apart: */
    bool known;  /* the gradient is that at x, of this step's batch */
    bool judged; /* the row of x has its loss */
    bool retired;
    Pool *pool;  /* whose threads its norms may take; NULL: none */
    Vec average; /* the averaged iterate; no numbers where the racer keeps none */
} Racer;

struct Race {
    Objective *objective;
    uint64_t seed;
    bool measures_time;
    int n_racers;
    int64_t n_steps, done;
    bool is_apart; /* each racer on an objective of its own, without paths: apart.c */
    Pool *pool;    /* NULL: none */
    double *start; /* (dim); NULL apart */
    double far;    /* beyond this largest coordinate a racer has left */
    void *block;   /* owns start and every racer's vectors */
    Racer racers[RACE_RACERS_MAX];
};

/* Traces: what they take, rows, the rates of a schedule included; with and without positions. */
bool trace_check_size(const Objective *objective, const RacerSpec *specs, int n_racers, int64_t n_steps,
    bool has_path, Status *status);
bool trace_create(
    Trace *trace, const Objective *objective, const RacerSpec *spec, int64_t n_steps, bool has_path);
void trace_destroy(Trace *trace);
/* Where the racer is, as row number `row`. */
void trace_write_row(Racer *racer, int64_t row, double grad_norm, double lr, RacerStatus status);
/* The row of a racer that diverged on its way from the row before: its last finite point again. */
void trace_write_diverged(Racer *racer, int64_t row, double lr);

/* Whether a racer keeps averaged iterates, and what a new one weighs among `n`, itself included. */
bool racer_averages(const RacerSpec *spec);
double racer_average_weight(const RacerSpec *spec, int64_t n);

/* Everything of a racer but its vectors. */
bool racer_init(Race *race, Racer *racer, Objective *objective, const RacerSpec *spec, Evaluate *evaluate,
    Status *status);
/* Back to the first step, but for x and what is known there. */
void racer_restart(Racer *racer);
/* Puts the racer's devices between a gradient in `given` and its optimizer; returns the penalty. Of one of
 * several that are averaged, only the noise. */
double racer_apply_devices(Racer *racer, const Vec *x);
/* The optimizer's step, with what comes before it. */
void racer_step(Racer *racer);
bool racer_has_diverged(const Racer *racer);
double race_now_s(void);

/* Some steps of all racers of a race apart: at least one, at most to `step`. */
void apart_advance(Race *race, int64_t step);
/* The step that a racer which goes on is at. */
static inline int64_t racer_step_at(const Racer *racer) {
    return racer->race->is_apart ? racer->trace.last : racer->race->done;
}

#endif
