/* Adam in float32 for n numbers: the shipped rule and one that a person has typed, against the fused loop
 * that one would write by hand, timed in turn. Prints median ratios; the goals are 1.3 and 3. This file is
 * built for the machine that it runs on, which the program is not. */
#include "optimizer.h"
#include "rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS_MAX = 201 };
static const size_t sizes[] = {1000, 100000, 10000000};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* As a person might type it: what is a hyperparameter of the shipped rule is a number here. */
static const Optimizer typed = {
    .name = "typed",
    .state = "m v",
    .update = "m = 0.9*m + 0.1*g\n"
              "v = 0.999*v + 0.001*g^2\n"
              "x -= lr*(m/(1 - 0.9^t))/(sqrt(v/(1 - 0.999^t)) + 1e-8)",
    .parameters = {{"lr", 1e-3, 1e-5, 10, SCALE_LOG, DOMAIN_POSITIVE}},
};

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* By hand: one pass, corrections folded into two factors. */
typedef struct Fused {
    float *x, *m, *v;
} Fused;

static void step_by_hand(float *restrict x, const float *restrict g, float *restrict m, float *restrict v,
    size_t n, float rate, float root_factor) {
    for (size_t i = 0; i < n; i++) {
        const float gradient = g[i];
        const float first = m[i] + 0.1f * (gradient - m[i]),
                    second = 0.999f * v[i] + 0.001f * gradient * gradient;
        m[i] = first;
        v[i] = second;
        x[i] -= rate * first / (sqrtf(second) * root_factor + 1e-8f);
    }
}

static void run_by_hand(const Fused *fused, const float *g, size_t n, int steps, int *t) {
    for (int i = 0; i < steps; i++) {
        (*t)++;
        const double correction1 = 1 - pow(0.9, *t), correction2 = 1 - pow(0.999, *t);
        step_by_hand(
            fused->x, g, fused->m, fused->v, n, (float)(1e-3 / correction1), (float)(1 / sqrt(correction2)));
    }
}

/* The gradient is always the same. */
typedef struct Constant {
    const Vec *gradient;
} Constant;

static double evaluate(void *context, const Vec *x, const Vec **gradient) {
    const Constant *constant = context;
    (void)x;
    *gradient = constant->gradient;
    return 0;
}

static void run_rule(OptimizerRun *run, const Vec *x, const Vec *g, int steps) {
    Constant constant = {g};
    const Evaluator evaluator = {.evaluate = evaluate, .context = &constant};
    for (int i = 0; i < steps; i++) optimizer_run_step(run, x, &evaluator, 1e-3);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, compare);
    return values[n / 2];
}

static float *make(size_t n) {
    float *numbers = aligned_alloc(64, (n * sizeof *numbers + 63) / 64 * 64);
    if (!numbers) exit(1);
    for (size_t i = 0; i < n; i++) numbers[i] = 0;
    return numbers;
}

static OptimizerRun *make_run(const Optimizer *optimizer, size_t n) {
    double values[OPTIMIZER_PARAMETERS_MAX];
    Status status = status_ok();
    optimizer_defaults(optimizer, values);
    OptimizerRun *run = optimizer_run_create(optimizer, values, n, PRECISION_F32, &status);
    if (!run) {
        fprintf(stderr, "%s\n", status.message);
        exit(1);
    }
    return run;
}

static void measure(size_t n) {
    static double shipped_ratios[ROUNDS_MAX], typed_ratios[ROUNDS_MAX], seconds[3][ROUNDS_MAX];
    const int rounds = n > 1000000 ? 21 : ROUNDS_MAX, steps = n > 200000 ? 1 : (int)(200000 / n);
    float *gradient = make(n);
    Rng rng = rng_seed(7);
    for (size_t i = 0; i < n; i++) gradient[i] = (float)rng_uniform(&rng, -0.005, 0.005);
    const Vec g = {.n = n, .precision = PRECISION_F32, .f32 = gradient};
    const Fused fused = {make(n), make(n), make(n)};
    const Vec x_shipped = {.n = n, .precision = PRECISION_F32, .f32 = make(n)};
    const Vec x_typed = {.n = n, .precision = PRECISION_F32, .f32 = make(n)};
    OptimizerRun *shipped_run = make_run(optimizer_find("adam"), n), *typed_run = make_run(&typed, n);
    int t = 0;
    for (int round = -1; round < rounds; round++) {
        const int r = round < 0 ? 0 : round; /* the first only warms up */
        double times[4];
        times[0] = now_s();
        run_by_hand(&fused, gradient, n, steps, &t);
        times[1] = now_s();
        run_rule(shipped_run, &x_shipped, &g, steps);
        times[2] = now_s();
        run_rule(typed_run, &x_typed, &g, steps);
        times[3] = now_s();
        for (int i = 0; i < 3; i++) seconds[i][r] = times[i + 1] - times[i];
        shipped_ratios[r] = seconds[1][r] / seconds[0][r];
        typed_ratios[r] = seconds[2][r] / seconds[0][r];
    }
    double off = 0; /* the same rule three times: the ends agree */
    for (size_t i = 0; i < n; i++)
        off = fmax(off, fmax(fabsf(x_shipped.f32[i] - fused.x[i]), fabsf(x_typed.f32[i] - fused.x[i])));
    const double unit = 1e9 / ((double)n * steps), moved = 1e-3 * t;
    printf(
        "adam, float32, n = %8zu: %.2f ns a number by hand; shipped %.2f, ratio %.2f (goal 1.3); typed %.2f, "
        "ratio %.2f (goal 3)%s\n",
        n, unit * median(seconds[0], rounds), unit * median(seconds[1], rounds),
        median(shipped_ratios, rounds), unit * median(seconds[2], rounds), median(typed_ratios, rounds),
        off <= 1e-3 * moved ? "" : "; THE ENDS DIFFER");
    optimizer_run_destroy(shipped_run);
    optimizer_run_destroy(typed_run);
    free(gradient);
    free(fused.x);
    free(fused.m);
    free(fused.v);
    free(x_shipped.f32);
    free(x_typed.f32);
}

int main(void) {
    for (int i = 0; i < SIZES; i++) measure(sizes[i]);
    return 0;
}
