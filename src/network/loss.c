/* The table of losses: in float64. Taking means over batches is mlp_pass.c's. */
#include "loss.h"

#include "elementary.h"
#include "loop.h"

#include <string.h>

enum { SOME = 64 };

static double largest_of(const double *z, int n) {
    double largest = z[0];
    for (int j = 1; j < n; j++) largest = z[j] > largest ? z[j] : largest;
    return largest;
}

LOOP void exponentials(double *x, int n) {
    for (int i = 0; i < n; i++) x[i] = elementary_exp_f64(x[i]);
}

LOOP void add_logarithms(double *sums, const double *x, int n) {
    for (int i = 0; i < n; i++) sums[i] += elementary_log_f64(x[i]);
}

/* Of the outputs less the largest, so that nothing overflows. Some examples at a time, so that exponentials
 * and logarithms are taken of several numbers at once. */
static void softmax_some(const double *z, const double *t, double *slopes, double *losses, int rows, int n) {
    double sums[SOME];
    for (int i = 0; i < rows; i++) {
        const double *outputs = z + (size_t)i * (size_t)n, *targets = t + (size_t)i * (size_t)n;
        double *less = slopes + (size_t)i * (size_t)n;
        const double largest = largest_of(outputs, n);
        losses[i] = sums[i] = 0;
        for (int j = 0; j < n; j++) {
            less[j] = outputs[j] - largest;
            if (targets[j] != 0) losses[i] -= targets[j] * less[j];
        }
    }
    exponentials(slopes, rows * n);
    for (int i = 0; i < rows; i++) {
        double *parts = slopes + (size_t)i * (size_t)n;
        for (int j = 0; j < n; j++) sums[i] += parts[j];
        for (int j = 0; j < n; j++) parts[j] = parts[j] / sums[i] - t[(size_t)i * (size_t)n + (size_t)j];
    }
    add_logarithms(losses, sums, rows);
}

static void softmax(const double *z, const double *t, double *slopes, double *losses, int rows, int n) {
    for (int i = 0; i < rows; i += SOME) {
        const size_t at = (size_t)i * (size_t)n;
        softmax_some(z + at, t + at, slopes + at, losses + i, rows - i < SOME ? rows - i : SOME, n);
    }
}

static void softmax_curvature(const double *z, const double *v, double *curve, int n) {
    const double largest = largest_of(z, n);
    double sum = 0, mean = 0;
    for (int j = 0; j < n; j++) {
        const double weight = elementary_exp_f64(z[j] - largest);
        sum += weight;
        mean += weight * v[j];
    }
    mean /= sum;
    for (int j = 0; j < n; j++) curve[j] = elementary_exp_f64(z[j] - largest) / sum * (v[j] - mean);
}

static void softmax_belief(const double *z, double *p, int n) {
    const double largest = largest_of(z, n);
    double sum = 0;
    for (int j = 0; j < n; j++) {
        p[j] = elementary_exp_f64(z[j] - largest);
        sum += p[j];
    }
    for (int j = 0; j < n; j++) p[j] /= sum;
}

/* softplus(z) - t z without the cancellation. */
static void logistic(const double *z, const double *t, double *slopes, double *losses, int rows, int n) {
    for (int i = 0; i < rows; i++, z += n, t += n, slopes += n) {
        losses[i] = 0;
        for (int j = 0; j < n; j++) {
            losses[i] += t[j] * elementary_softplus_f64(-z[j]) + (1 - t[j]) * elementary_softplus_f64(z[j]);
            slopes[j] = elementary_sigmoid_f64(z[j]) - t[j];
        }
    }
}

static void logistic_curvature(const double *z, const double *v, double *curve, int n) {
    for (int j = 0; j < n; j++)
        curve[j] = elementary_sigmoid_f64(z[j]) * elementary_sigmoid_f64(-z[j]) * v[j];
}

static void logistic_belief(const double *z, double *p, int n) {
    for (int j = 0; j < n; j++) p[j] = elementary_sigmoid_f64(z[j]);
}

static void squared(const double *z, const double *t, double *slopes, double *losses, int rows, int n) {
    for (int i = 0; i < rows; i++, z += n, t += n, slopes += n) {
        losses[i] = 0;
        for (int j = 0; j < n; j++) {
            slopes[j] = z[j] - t[j];
            losses[i] += 0.5 * slopes[j] * slopes[j];
        }
    }
}

static void squared_curvature(const double *z, const double *v, double *curve, int n) {
    (void)z;
    memcpy(curve, v, (size_t)n * sizeof *curve);
}

/* The outputs themselves come near to 1 for the class and to 0 for the others. */
static void squared_belief(const double *z, double *p, int n) {
    for (int j = 0; j < n; j++) p[j] = z[j] < 0 ? 0 : z[j] > 1 ? 1 : z[j];
}

const Loss loss_table[] = {
    {.name = "cross_entropy",
        .title = "Softmax cross-entropy",
        .formula = "log(sum(exp(y))) - y[c]",
        .target = LOSS_TARGET_LABEL,
        .outputs_min = 2,
        .judge = softmax,
        .curvature = softmax_curvature,
        .belief = softmax_belief},
    {.name = "logistic",
        .title = "Logistic",
        .formula = "sum(softplus(y) - t*y), t: 1 for the class, 0 for the others",
        .target = LOSS_TARGET_LABEL,
        .outputs_min = 1,
        .boundary = 0,
        .judge = logistic,
        .curvature = logistic_curvature,
        .belief = logistic_belief},
    {.name = "squared_class",
        .title = "Squared error of classes",
        .formula = "sum((y - t)^2)/2, t: 1 for the class, 0 for the others",
        .target = LOSS_TARGET_LABEL,
        .outputs_min = 1,
        .boundary = 0.5,
        .judge = squared,
        .curvature = squared_curvature,
        .belief = squared_belief},
    {.name = "squared",
        .title = "Squared error",
        .formula = "sum((y - t)^2)/2",
        .target = LOSS_TARGET_VALUES,
        .outputs_min = 1,
        .judge = squared,
        .curvature = squared_curvature},
};

const int loss_count = sizeof loss_table / sizeof loss_table[0];

const Loss *loss_find(const char *name) {
    for (int i = 0; i < loss_count; i++)
        if (strcmp(loss_table[i].name, name) == 0) return &loss_table[i];
    return NULL;
}
