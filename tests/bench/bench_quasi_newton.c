/* Evaluations and time to f < 1e-8 on rosenbrock from (-1.2, 1, -1.2, 1, ...): lbfgs and bfgs beside the
 * libraries that were there when this was configured, all in turn in one run. Medians; a library's time
 * includes making and freeing its state, and so does ours. The goals: no more evaluations than the best,
 * no more time than the fastest. */
#include "methods.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef HAVE_LIBLBFGS
#include <lbfgs.h>
#endif
#ifdef HAVE_NLOPT
#include <nlopt.h>
#endif
#ifdef HAVE_GSL
#include <gsl/gsl_multimin.h>
#endif

enum { ROUNDS = 15, EVALUATIONS_MAX = 50000 };
#define TARGET 1e-8

typedef struct Problem {
    size_t n;
    bool chain;
    double *x, *gradient; /* (n) */
    Vec vec;              /* of gradient */
    int evaluations, arrived;
} Problem;

static double rosenbrock(Problem *problem, const double *x, double *gradient) {
    double f = 0;
    if (problem->chain) memset(gradient, 0, problem->n * sizeof *gradient);
    for (size_t i = 0; i + 1 < problem->n; i += problem->chain ? 1 : 2) {
        const double u = x[i + 1] - x[i] * x[i], w = 1 - x[i], first = -400 * x[i] * u - 2 * w;
        f += 100 * u * u + w * w;
        gradient[i] = problem->chain ? gradient[i] + first : first;
        gradient[i + 1] = 200 * u;
    }
    problem->evaluations++;
    if (f < TARGET && !problem->arrived) problem->arrived = problem->evaluations;
    return f;
}

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    Problem *problem = context;
    *gradient = &problem->vec;
    return rosenbrock(problem, x->f64, problem->gradient);
}

static void run_method(Problem *problem, const Method *method, const double *values) {
    const Space space = {.n = problem->n, .precision = PRECISION_F64};
    const size_t bytes = (size_t)method->state_bytes(&space, values);
    MethodState *state = aligned_alloc(64, (bytes + 63) / 64 * 64);
    const Evaluator evaluator = {.evaluate = evaluate, .context = problem};
    const Vec x = vec_of_f64(problem->x, problem->n);
    method->reset(state, &space, values);
    MethodStep step = {.x = &x, .evaluator = &evaluator, .values = values, .lr = 1};
    while (!problem->arrived && problem->evaluations < EVALUATIONS_MAX) {
        step.t++;
        if (!method->step(state, &step)) break;
    }
    free(state);
}

static void run_lbfgs(Problem *problem) {
    run_method(problem, &method_lbfgs, (const double[]){1, 10, 0.98, 1, 128});
}

static void run_lbfgs_limited(Problem *problem) {
    run_method(problem, &method_lbfgs, (const double[]){1, 10, 0.98, 1, 0});
}

static void run_bfgs(Problem *problem) {
    run_method(problem, &method_bfgs, (const double[]){1, 0.98, 1});
}

#ifdef HAVE_LIBLBFGS
static double evaluate_liblbfgs(
    void *context, const double *x, double *gradient, const int n, const double step) {
    (void)n, (void)step;
    return rosenbrock(context, x, gradient);
}

static int progress_liblbfgs(void *context, const double *x, const double *gradient, const double loss,
    const double x_norm, const double gradient_norm, const double step, int n, int iteration,
    int evaluations) {
    (void)context, (void)x, (void)gradient, (void)x_norm, (void)gradient_norm, (void)step, (void)n,
        (void)iteration;
    (void)evaluations;
    return loss < TARGET;
}

static void run_liblbfgs(Problem *problem) {
    lbfgs_parameter_t parameters;
    lbfgs_parameter_init(&parameters);
    parameters.epsilon = 0;
    parameters.max_iterations = EVALUATIONS_MAX;
    double *x = lbfgs_malloc((int)problem->n), loss;
    memcpy(x, problem->x, problem->n * sizeof *x);
    lbfgs((int)problem->n, x, &loss, evaluate_liblbfgs, progress_liblbfgs, problem, &parameters);
    lbfgs_free(x);
}
#endif

#ifdef HAVE_NLOPT
static double evaluate_nlopt(unsigned n, const double *x, double *gradient, void *context) {
    (void)n;
    return rosenbrock(context, x, gradient);
}

static void run_nlopt(Problem *problem) {
    nlopt_opt optimizer = nlopt_create(NLOPT_LD_LBFGS, (unsigned)problem->n);
    nlopt_set_min_objective(optimizer, evaluate_nlopt, problem);
    nlopt_set_stopval(optimizer, TARGET);
    nlopt_set_maxeval(optimizer, EVALUATIONS_MAX);
    double loss;
    nlopt_optimize(optimizer, problem->x, &loss);
    nlopt_destroy(optimizer);
}
#endif

#ifdef HAVE_GSL
/* GSL asks for the loss and the gradient apart; an evaluation here is one that gives the loss. */
static double loss_gsl(const gsl_vector *x, void *context) {
    Problem *problem = context;
    return rosenbrock(problem, x->data, problem->gradient);
}

static void gradient_gsl(const gsl_vector *x, void *context, gsl_vector *gradient) {
    Problem *problem = context;
    rosenbrock(problem, x->data, gradient->data);
    problem->evaluations--;
}

static void both_gsl(const gsl_vector *x, void *context, double *loss, gsl_vector *gradient) {
    *loss = rosenbrock(context, x->data, gradient->data);
}

static void run_gsl(Problem *problem) {
    gsl_vector_view x = gsl_vector_view_array(problem->x, problem->n);
    gsl_multimin_function_fdf function = {loss_gsl, gradient_gsl, both_gsl, problem->n, problem};
    gsl_multimin_fdfminimizer *minimizer =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, problem->n);
    gsl_multimin_fdfminimizer_set(minimizer, &function, &x.vector, 0.01, 0.1);
    while (!problem->arrived && problem->evaluations < EVALUATIONS_MAX)
        if (gsl_multimin_fdfminimizer_iterate(minimizer)) break;
    gsl_multimin_fdfminimizer_free(minimizer);
}
#endif

typedef struct Racer {
    const char *name;
    void (*run)(Problem *problem);
    size_t n_max; /* not tried above */
} Racer;

static const Racer racers[] = {
    {"lbfgs", run_lbfgs, SIZE_MAX},
    {"lbfgs 10", run_lbfgs_limited, 1000},
    {"bfgs", run_bfgs, 1000},
#ifdef HAVE_LIBLBFGS
    {"liblbfgs", run_liblbfgs, SIZE_MAX},
#endif
#ifdef HAVE_NLOPT
    {"NLopt", run_nlopt, SIZE_MAX},
#endif
#ifdef HAVE_GSL
    {"GSL bfgs2", run_gsl, SIZE_MAX},
#endif
};
enum { RACERS = sizeof racers / sizeof racers[0] };

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Seconds of one run, the mean of a few where one is short. */
static double time_run(const Racer *racer, Problem *problem) {
    const int repeats = problem->n <= 2 ? 200 : problem->n <= 100 && !problem->chain ? 20 : 1;
    const double start = now_s();
    for (int r = 0; r < repeats; r++) {
        problem->evaluations = problem->arrived = 0;
        for (size_t i = 0; i < problem->n; i++) problem->x[i] = i % 2 ? 1 : -1.2;
        racer->run(problem);
    }
    return (now_s() - start) / repeats;
}

static void compare(size_t n, bool chain) {
    Problem problem = {
        .n = n, .chain = chain, .x = malloc(n * sizeof(double)), .gradient = malloc(n * sizeof(double))};
    problem.vec = vec_of_f64(problem.gradient, n);
    double seconds[RACERS][ROUNDS];
    int arrived[RACERS];
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < RACERS; i++) {
            if (n > racers[i].n_max) continue;
            seconds[i][round] = time_run(&racers[i], &problem);
            arrived[i] = problem.arrived;
        }
    for (int i = 0; i < RACERS; i++) {
        if (n > racers[i].n_max) continue;
        qsort(seconds[i], ROUNDS, sizeof(double), by_size);
        printf("%s n = %-5zu  %-10s %6d evaluations %12.1f us (least %.1f)%s\n", chain ? "chain" : "pairs", n,
            racers[i].name, arrived[i], 1e6 * seconds[i][ROUNDS / 2], 1e6 * seconds[i][0],
            arrived[i] ? "" : "  did not arrive");
    }
    free(problem.x);
    free(problem.gradient);
}

int main(void) {
    compare(2, false);
    compare(100, false);
    compare(10000, false);
    compare(100, true);
    return 0;
}
