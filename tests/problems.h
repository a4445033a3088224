/* Functions to minimise and a driver that runs one Method on one of them, counting what it asks for. */
#ifndef SLALOM_TEST_PROBLEMS_H
#define SLALOM_TEST_PROBLEMS_H

#include "test.h"

#include "methods.h"

#include <stdlib.h>
#include <string.h>

enum { LEADING = 5 }; /* hyperparameters that a method may have */

/* Returns the loss at x and writes the gradient. */
typedef double Function(const double *x, double *gradient, size_t n);
typedef void HessianFunction(const double *x, double *hessian, size_t n);

typedef struct Run {
    const Method *method;
    MethodState *state;
    double values[LEADING];
    Function *function;
    size_t n;
    double *position, *gradient; /* (n): where it was evaluated last, and the gradient there, in float64 */
    Vec x, given;                /* given: the gradient that the method sees */
    Evaluator evaluator;
    HessianFunction *hessian;
    uint64_t t;
    int evaluations, evaluations_to_target; /* the latter 0 until there */
    double target, loss, lowest;            /* loss: of the last evaluation */
    const char *failure;
} Run;

static inline double run_evaluate(void *context, const Vec *x, const Vec **gradient) {
    Run *run = context;
    vec_read(x, run->position);
    run->loss = run->function(run->position, run->gradient, run->n);
    vec_write(&run->given, run->gradient);
    *gradient = &run->given;
    run->evaluations++;
    if (run->loss < run->lowest) run->lowest = run->loss;
    if (run->loss < run->target && !run->evaluations_to_target) run->evaluations_to_target = run->evaluations;
    return run->loss;
}

static inline void run_hessian(void *context, const Vec *x, double *hessian) {
    Run *run = context;
    vec_read(x, run->position);
    run->hessian(run->position, hessian, run->n);
}

static inline Vec new_vec(size_t n, Precision precision) {
    size_t bytes = (n * precision_bytes(precision) + 63) / 64 * 64;
    return (Vec){.n = n, .precision = precision, .data = aligned_alloc(64, bytes)};
}

static inline Run *run_create(const Method *method, const double *values, Function *function,
    HessianFunction *hessian, const double *start, size_t n, Precision precision) {
    Run *run = calloc(1, sizeof *run);
    *run = (Run){.method = method,
        .function = function,
        .n = n,
        .hessian = hessian,
        .lowest = INFINITY,
        .position = calloc(n, sizeof(double)),
        .gradient = calloc(n, sizeof(double)),
        .x = new_vec(n, precision),
        .given = new_vec(n, precision),
        .target = 1e-8};
    run->evaluator =
        (Evaluator){.evaluate = run_evaluate, .hessian = hessian ? run_hessian : NULL, .context = run};
    memcpy(run->values, values, sizeof run->values);
    const Space space = {.n = n, .precision = precision};
    size_t bytes = (size_t)method->state_bytes(&space, values);
    run->state = aligned_alloc(64, (bytes + 63) / 64 * 64);
    memset((char *)run->state, 0xff, bytes); /* NaN: nothing may count on what was there */
    method->reset(run->state, &space, values);
    vec_write(&run->x, start);
    return run;
}

static inline void run_destroy(Run *run) {
    free(run->state);
    free(run->position);
    free(run->gradient);
    free(run->x.data);
    free(run->given.data);
    free(run);
}

static inline bool run_step(Run *run) {
    MethodStep step = {.x = &run->x,
        .evaluator = &run->evaluator,
        .values = run->values,
        .lr = run->values[0],
        .t = ++run->t};
    bool good = run->method->step(run->state, &step);
    run->failure = good ? NULL : step.failure;
    return good;
}

/* Steps until the target, a failure or a limit. */
static inline int run_to_target(Run *run, int steps) {
    int done = 0;
    while (done < steps && !run->evaluations_to_target && run_step(run)) done++;
    return done;
}

/* Uncoupled pairs (Moré, Garbow & Hillstrom 1981, problem 21). */
static inline double rosenbrock_pairs(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        double u = x[i + 1] - x[i] * x[i], w = 1 - x[i];
        f += 100 * u * u + w * w;
        gradient[i] = -400 * x[i] * u - 2 * w;
        gradient[i + 1] = 200 * u;
    }
    return f;
}

static inline double rosenbrock_chain(const double *x, double *gradient, size_t n) {
    double f = 0;
    memset(gradient, 0, n * sizeof *gradient);
    for (size_t i = 0; i + 1 < n; i++) {
        double u = x[i + 1] - x[i] * x[i], w = 1 - x[i];
        f += 100 * u * u + w * w;
        gradient[i] += -400 * x[i] * u - 2 * w;
        gradient[i + 1] += 200 * u;
    }
    return f;
}

/* (-1.2, 1, -1.2, 1, ...) */
static inline double *rosenbrock_start(size_t n) {
    double *start = malloc((n + 1) * sizeof *start);
    for (size_t i = 0; i < n; i++) start[i] = i % 2 ? 1 : -1.2;
    return start;
}

#endif
