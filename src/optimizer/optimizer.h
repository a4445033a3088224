/* The contract of an optimizer: one row that describes it, and the state of one run of it.
 *
 * An optimizer sees a vector x, its gradient g and a callback that evaluates; never what is minimised. A
 * first-order rule is a script of formulas over x, g and its state, run by the same engine as a surface.
 * Its symbols: x (the parameters), g (the gradient), t (the step, from 1), lr (the rate of this step), its
 * hyperparameters by name, and its state vectors, which start at zero. */
#ifndef SLALOM_OPTIMIZER_H
#define SLALOM_OPTIMIZER_H

#include "layout.h"
#include "parse.h"
#include "pool.h"
#include "program.h"
#include "status.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

enum { OPTIMIZER_PARAMETERS_MAX = 12, OPTIMIZER_STATE_MAX = 8 };

/* How a slider moves. */
typedef enum ParameterScale { SCALE_LINEAR, SCALE_LOG, SCALE_SWITCH } ParameterScale;
const char *parameter_scale_name(ParameterScale scale); /* "linear", "log", "switch" */

/* Which values are accepted at all. */
typedef enum ParameterDomain {
    DOMAIN_POSITIVE,     /* > 0 */
    DOMAIN_NOT_NEGATIVE, /* >= 0 */
    DOMAIN_DECAY,        /* in [0, 1) */
    DOMAIN_SWITCH,       /* 0 or 1 */
    DOMAIN_ANY,          /* any finite number */
    DOMAIN_COUNT,        /* a whole number, 1 or more */
} ParameterDomain;

typedef struct OptimizerParameter {
    const char *name; /* NULL ends the list; the first is always lr */
    double value;     /* the default */
    double min, max;  /* what a slider offers */
    ParameterScale scale;
    ParameterDomain domain;
} OptimizerParameter;

/* How a run asks for the loss and its derivatives at a point. Each call is counted by whoever gives it. */
typedef struct Evaluator {
    /* Returns the loss at x and sets *gradient to a vector like x, which stays as it is until the next call.
     */
    double (*evaluate)(void *context, const Vec *x, const Vec **gradient);
    /* Writes the Hessian at x, (n, n) float64, symmetric; NULL where there is none. */
    void (*hessian)(void *context, const Vec *x, double *hessian);
    /* product = H v at x; all like x, product apart from v. The gradient that was given last stays. NULL
     * where there is no way that is cheaper than the Hessian. */
    void (*hessian_vector)(void *context, const Vec *x, const Vec *v, const Vec *product);
    bool noisy; /* the same point may give another loss or gradient the next time */
    void *context;
} Evaluator;

/* An optimizer that is code rather than formulas: Newton's method, quasi-Newton methods. It works on Vec, one
 * iteration a call, and completes MethodState in its own file. */
typedef struct MethodState MethodState;

typedef struct MethodStep {
    const Vec *x; /* moved in place */
    const Evaluator *evaluator;
    const double *values; /* hyperparameters in the order of the row */
    double lr;            /* of this step: the first trial of a line search, the factor of a pure step */
    uint64_t t;           /* from 1 */
    bool changed;         /* the objective is not that of the step before (a new minibatch) */
    const char *failure;  /* set where the iteration failed: why, in a few words; static */
} MethodStep;

/* What a run works on. */
typedef struct Space {
    size_t n;
    Precision precision;
    const Layout *layout; /* the matrices that x is made of; NULL: it is one vector */
} Space;

typedef struct Method {
    /* Bytes of state for n numbers; NAN-free; a double, since a dense matrix may be too large to count. */
    double (*state_bytes)(const Space *space, const double *values);
    /* Makes fresh state in a block of that size, aligned to 64 bytes. */
    void (*reset)(MethodState *state, const Space *space, const double *values);
    /* Points state that was copied from another block, of a run with the same settings, at its own vectors.
     * NULL where state cannot be copied. */
    void (*place)(MethodState *state, const Space *space, const double *values);
    /* One iteration. False, with a reason and x where it was, when the iteration failed; a later call may
     * succeed. Allocates nothing. */
    bool (*step)(MethodState *state, MethodStep *step);
    unsigned sizes;       /* the hyperparameters that state is laid out by, a bit each: they stay in a run */
    bool takes_matrices;  /* it works on those of a layout, and on nothing else */
    bool takes_curvature; /* it asks for the Hessian or its products */
    /* Writes the direction of the next step, were the gradient this one, whatever becomes of the state; NULL
     * where it has none before it steps. For display. */
    void (*aim)(MethodState *state, const Vec *gradient, const Vec *direction);
} Method;

typedef struct Optimizer {
    const char *name;      /* on the command line */
    const char *title;     /* for people: "RMSProp" */
    const char *reference; /* author and year, or chapter */
    const char *state;     /* names of the state vectors, separated by spaces; "" for none; zero at first */
    const char *scalars;   /* names of numbers that are state; NULL for none; zero at first */
    const char *probe; /* where the gradient is taken, a formula; NULL: at x. One that reads g is given the
                          gradient at x first */
    const char
        *direction;       /* a vector u, a formula: the update may then read u and hu, the Hessian times it */
    const char *every;    /* the parameter that says after how many steps u and hu are taken anew; NULL: 1 */
    const char *update;   /* the script of one step; for a method, its formula as a person would write it */
    const Method *method; /* NULL for a rule of formulas */
    bool is_layered;      /* what a rule says of whole vectors it says of each matrix of a layout by itself */
    /* What the rule divides its gradient by, number by number, as far as it still does so in the next steps:
     * a script that leaves it in `p` and reads what the last step left. NULL: nothing, or it is more than a
     * division. */
    const char *scaling;
    /* On a quadratic the method diverges at rates beyond this over the largest eigenvalue, which where there
     * is a scaling is that of P^-1 H, P being the diagonal matrix of p. NULL: not known. */
    double (*stability)(const double *values);
    OptimizerParameter parameters[OPTIMIZER_PARAMETERS_MAX];
} Optimizer;

extern const Optimizer optimizer_table[];
extern const int optimizer_count;
const Optimizer *optimizer_find(const char *name);         /* NULL where there is none */
bool optimizer_takes_matrices(const Optimizer *optimizer); /* it needs a network, not one vector */
int optimizer_parameter_count(const Optimizer *optimizer);
int optimizer_parameter_find(const Optimizer *optimizer, const char *name); /* -1 where there is none */
void optimizer_defaults(const Optimizer *optimizer, double *values);        /* (OPTIMIZER_PARAMETERS_MAX) */

/* Checks a value against its row; `owner` is whose parameter the message says it is. */
bool parameter_check(const OptimizerParameter *parameter, const char *owner, double value, Status *status);

/* One run of an optimizer on a vector of n numbers: its hyperparameters, what it was compiled to, its state.
 */
typedef struct OptimizerRun OptimizerRun;

/* `values` are the hyperparameters in the row's order. All memory is allocated here, none in a step. Fails
 * where the state does not fit, with the memory that it would take. */
OptimizerRun *optimizer_run_create(
    const Optimizer *optimizer, const double *values, size_t n, Precision precision, Status *status);
/* The same on matrices; the layout is borrowed and must outlive the run. */
OptimizerRun *optimizer_run_create_on(
    const Optimizer *optimizer, const double *values, const Space *space, Status *status);
void optimizer_run_destroy(OptimizerRun *run);

/* The stream of the rule's own random numbers (sgld); takes effect at the next reset. 0 at first. */
void optimizer_run_seed(OptimizerRun *run, uint64_t seed);

/* Back to the first step with fresh state; new hyperparameters where `values` is not NULL. */
void optimizer_run_reset(OptimizerRun *run, const double *values);

/* Room for the pool's threads in later steps; without it, or where they are few elements, they are not used.
 */
bool optimizer_run_reserve(OptimizerRun *run, const Pool *pool, Status *status);
/* Whose threads share the steps from now on; borrowed; NULL: none. The numbers are the same. A method of code
 * does without. */
void optimizer_run_share(OptimizerRun *run, Pool *pool);

/* New hyperparameters from the next step on, in the row's order; the state stays. Those that size the state
 * of a method (history) stay as they were. */
void optimizer_run_set_values(OptimizerRun *run, const double *values);

/* One step from x to the next x, at the rate lr. Returns NULL, or why the iteration failed, in a few words;
 * x is then where it was. */
const char *optimizer_run_step(OptimizerRun *run, const Vec *x, const Evaluator *evaluator, double lr);

/* Shows `visit` every number that later steps depend on, always in the same order and sizes, for who writes
 * them down or puts them back. False where the run has state that cannot be kept so. */
typedef void StateVisit(void *context, void *bytes, size_t size);
bool optimizer_run_visit(OptimizerRun *run, StateVisit *visit, void *context);

/* Every program that the rule was compiled to, for those who look at programs rather than run them; returns
 * how many. */
enum { OPTIMIZER_PROGRAMS_MAX = 64 };
int optimizer_run_programs(const OptimizerRun *run, const Program *programs[OPTIMIZER_PROGRAMS_MAX]);

/* State vector number i (as in the row's `state`), for display; a method shows none. */
int optimizer_run_state_count(const OptimizerRun *run);
Vec optimizer_run_state(const OptimizerRun *run, int i);

/* Looking at a run, for display. */

/* Number i of those that are state (as in the row's `scalars`); a method has none. */
int optimizer_run_scalar_count(const OptimizerRun *run);
double optimizer_run_scalar(const OptimizerRun *run, int i);
/* Writes what number k of the update's randn() was in the last step; (n) of the run's precision. */
void optimizer_run_noise(const OptimizerRun *run, int k, const Vec *out);
/* u and hu as the last step read them; false where the row has no direction. */
bool optimizer_run_direction(const OptimizerRun *run, Vec *u, Vec *hu);

/* Writes the row's scaling p as it is after the last step, all positive; (n) of the run's precision. False
 * where the row has none, and before the first step. */
bool optimizer_run_scaling(OptimizerRun *run, const Vec *out);

/* Writes the direction in which the method's next step would go, were the gradient at x this one; false where
 * it does not aim before it steps, and for a rule. Spoils the run: keep its state before
 * (optimizer_run_visit), and put it back afterwards. */
bool optimizer_run_aim(OptimizerRun *run, const Vec *gradient, const Vec *direction);

#endif
