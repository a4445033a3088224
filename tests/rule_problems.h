/* Two problems with their Hessians, an evaluator that remembers what it was asked, and runs of rules. */
#ifndef SLALOM_TEST_RULE_PROBLEMS_H
#define SLALOM_TEST_RULE_PROBLEMS_H

#include "test.h"

#include "normal_oracle.h"
#include "optimizer.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

enum { N_MAX = 3 };

typedef struct Problem {
    const char *name;
    size_t n;
    void (*gradient)(const double *x, double *g);
    void (*hessian)(const double *x, double h[N_MAX][N_MAX]);
    double starts[2][N_MAX];
} Problem;

static inline void rosenbrock_gradient(const double *x, double *g) {
    double u = x[1] - x[0] * x[0];
    g[0] = -400 * x[0] * u - 2 * (1 - x[0]);
    g[1] = 200 * u;
}

static inline void rosenbrock_hessian(const double *x, double h[N_MAX][N_MAX]) {
    h[0][0] = 1200 * x[0] * x[0] - 400 * x[1] + 2;
    h[0][1] = h[1][0] = -400 * x[0];
    h[1][1] = 200;
}

/* Half of x'Hx: eigenvalues 0.9, 3.1 and 4.6. */
static const double curvature[N_MAX][N_MAX] = {{4, 1, 0.25}, {1, 3, -0.5}, {0.25, -0.5, 1.6}};

static inline void quadratic_gradient(const double *x, double *g) {
    for (int i = 0; i < N_MAX; i++)
        g[i] = curvature[i][0] * x[0] + curvature[i][1] * x[1] + curvature[i][2] * x[2];
}

static inline void quadratic_hessian(const double *x, double h[N_MAX][N_MAX]) {
    (void)x;
    memcpy(h, curvature, sizeof curvature);
}

static const Problem problems[2] = {
    {"rosenbrock", 2, rosenbrock_gradient, rosenbrock_hessian, {{-1.2, 1}, {0.31, -0.77}}},
    {"quadratic", 3, quadratic_gradient, quadratic_hessian, {{-4, 1, 2.3}, {0.7, 2.1, -5.3}}},
};

/* Euclidean. */
static inline double length(const double *v, int n) {
    double squares = 0;
    for (int i = 0; i < n; i++) squares += v[i] * v[i];
    return sqrt(squares);
}

typedef struct Asked {
    const Problem *problem;
    int calls;
    double at[N_MAX]; /* the last point */
    double g[N_MAX];
    float g32[N_MAX];
    Vec given;
} Asked;

static inline double ask(void *context, const Vec *x, const Vec **gradient) {
    Asked *asked = context;
    vec_read(x, asked->at);
    asked->problem->gradient(asked->at, asked->g);
    asked->given = (Vec){.n = x->n, .precision = x->precision};
    if (x->precision == PRECISION_F64)
        asked->given.f64 = asked->g;
    else
        asked->given.f32 = asked->g32;
    vec_write(&asked->given, asked->g);
    *gradient = &asked->given;
    asked->calls++;
    return 0;
}

/* A run with the defaults but for one hyperparameter; setting: NULL for none. */
static inline OptimizerRun *run_of(
    const char *name, const char *setting, double value, size_t n, Precision precision) {
    const Optimizer *optimizer = optimizer_find(name);
    double values[OPTIMIZER_PARAMETERS_MAX];
    Status status = status_ok();
    optimizer_defaults(optimizer, values);
    if (setting) values[optimizer_parameter_find(optimizer, setting)] = value;
    OptimizerRun *run = optimizer_run_create(optimizer, values, n, precision, &status);
    assert_non_null(run);
    return run;
}

#endif
