/* What rules divide their gradients by, and the rates at which they are then unstable: both against the rules
 * themselves. A rule is given gradients until its state says what it divides by, and nothing until it is at
 * rest; then it is pushed a little off the minimum of a quadratic. */
#include "test.h"

#include "optimizer.h"

#include <math.h>
#include <string.h>

enum { N = 3, PRIMED = 2000, RESTED = 2000, PUSHED = 200 };
static const double PUSH = 1e-9;

/* Half of (x - m)'H(x - m). */
static const double hessian[N][N] = {{4, 1, 0.25}, {1, 3, -0.5}, {0.25, -0.5, 1.6}};

typedef enum Phase { PRIMING, RESTING, FALLING } Phase;

typedef struct Ground {
    Phase phase;
    int sign;
    double minimum[N], numbers[N];
    Vec gradient;
} Ground;

static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    static const double sizes[N] = {1, 0.3, 2};
    Ground *ground = context;
    double loss = 0;
    ground->sign = -ground->sign;
    for (int i = 0; i < N; i++) {
        double slope = 0;
        for (int k = 0; k < N; k++) slope += hessian[i][k] * (vec_get(x, (size_t)k) - ground->minimum[k]);
        ground->numbers[i] = ground->phase == PRIMING   ? ground->sign * sizes[i]
                             : ground->phase == FALLING ? slope
                                                        : 0;
        loss += ground->numbers[i];
    }
    *gradient = &ground->gradient;
    return loss;
}

/* Of P^-1 H, by powers: H is positive definite, and the largest is well apart. */
static double largest_of_scaled(const double *p) {
    double v[N] = {1, 1, 1}, largest = 0;
    for (int round = 0; round < 2000; round++) {
        double next[N] = {0}, size = 0;
        for (int i = 0; i < N; i++)
            for (int k = 0; k < N; k++) next[i] += hessian[i][k] / p[i] * v[k];
        for (int i = 0; i < N; i++) size = fmax(size, fabs(next[i]));
        for (int i = 0; i < N; i++) v[i] = next[i] / size;
        largest = size;
    }
    return largest;
}

/* Slow in all that says how large gradients are, quick in what says where they go. */
static void set(const Optimizer *optimizer, const char *name, double value, double *values) {
    const int i = optimizer_parameter_find(optimizer, name);
    if (i >= 0) values[i] = value;
}

static void slow_values(const Optimizer *optimizer, double *values) {
    const bool new_ones_weigh = strcmp(optimizer->name, "adan") == 0;
    optimizer_defaults(optimizer, values);
    set(optimizer, "rho", 0.9999, values);
    set(optimizer, "beta1", new_ones_weigh ? 0.1 : 0.9, values);
    set(optimizer, "beta2", new_ones_weigh ? 0.2 : 0.9999, values);
    set(optimizer, "beta3", 1e-4, values);
    set(optimizer, "momentum", 0.8, values);
    set(optimizer, "weight_decay", 0, values);
}

static void steps(OptimizerRun *run, Ground *ground, const Vec *x, Phase phase, int n, double lr) {
    const Evaluator evaluator = {.evaluate = evaluate, .context = ground};
    ground->phase = phase;
    for (int i = 0; i < n; i++) assert_null(optimizer_run_step(run, x, &evaluator, lr));
}

static double distance(const Ground *ground, const double *x) {
    double far = 0;
    for (int i = 0; i < N; i++) far = fmax(far, fabs(x[i] - ground->minimum[i]));
    return far;
}

/* How far it is from the minimum at last, in pushes, at a rate that is a share of the limit. */
static double end_at(const Optimizer *optimizer, double share) {
    double values[OPTIMIZER_PARAMETERS_MAX] = {0}, numbers[N] = {0.5, -0.2, 0.1}, p[N];
    Status status = status_ok();
    Ground ground = {.sign = 1};
    ground.gradient = vec_of_f64(ground.numbers, N);
    const Vec x = vec_of_f64(numbers, N), scaling = vec_of_f64(p, N);
    slow_values(optimizer, values);
    OptimizerRun *run = optimizer_run_create(optimizer, values, N, PRECISION_F64, &status);
    if (!run) fail_msg("%s", status.message);
    assert_false(optimizer_run_scaling(run, &scaling));
    steps(run, &ground, &x, PRIMING, PRIMED, 1e-3);
    steps(run, &ground, &x, RESTING, RESTED, 1e-3);
    assert_true(optimizer_run_scaling(run, &scaling));
    for (int i = 0; i < N; i++) {
        assert_true(p[i] > 0 && isfinite(p[i]));
        ground.minimum[i] = numbers[i] + (i - 1.3) * PUSH;
    }
    const double lr = share * optimizer->stability(values) / largest_of_scaled(p);
    double largest = 0;
    for (int i = 0; i < PUSHED && largest < 1e3; i++) {
        steps(run, &ground, &x, FALLING, 1, lr);
        largest = distance(&ground, numbers) / PUSH;
    }
    optimizer_run_destroy(run);
    return largest;
}

static void test_limits_are_limits(void **state) {
    (void)state;
    int n = 0;
    for (int k = 0; k < optimizer_count; k++) {
        const Optimizer *optimizer = &optimizer_table[k];
        if (!optimizer->scaling) continue;
        assert_non_null(optimizer->stability);
        const double below = end_at(optimizer, 0.8), above = end_at(optimizer, 1.25);
        if (!(below < 3)) fail_msg("%s below its limit: %g pushes away", optimizer->name, below);
        if (!(above >= 1e3)) fail_msg("%s above its limit: %g pushes away", optimizer->name, above);
        n++;
    }
    assert_true(n >= 16);
}

/* Cohen et al. 2022: (2 + 2 beta1)/((1 - beta1) lr), 38 for a beta1 of 0.9. */
static void test_adam_is_as_published(void **state) {
    (void)state;
    const Optimizer *adam = optimizer_find("adam");
    double values[OPTIMIZER_PARAMETERS_MAX];
    optimizer_defaults(adam, values);
    assert_near(adam->stability(values), 38, 1e-12);
    set(adam, "beta1", 0, values);
    assert_near(adam->stability(values), 2, 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_are_limits),
        cmocka_unit_test(test_adam_is_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
