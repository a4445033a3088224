/* The table of losses: one example at a time, in float64. Taking means over batches is mlp_pass.c's. */
#include "loss.h"

#include "elementary.h"

#include <string.h>

/* The losses of classes are of their targets 0 and 1. */

/* Of the outputs less the largest, so that nothing overflows. */
static double softmax(const double *z, const double *t, double *slope, size_t n) {
    double largest = z[0], chosen = 0, sum = 0;
    for (size_t i = 1; i < n; i++) largest = z[i] > largest ? z[i] : largest;
    for (size_t i = 0; i < n; i++) {
        chosen += t[i] != 0 ? t[i] * (z[i] - largest) : 0;
        sum += elementary_exp_f64(z[i] - largest);
    }
    for (size_t i = 0; slope && i < n; i++) slope[i] = elementary_exp_f64(z[i] - largest) / sum - t[i];
    return elementary_log_f64(sum) - chosen;
}

static void softmax_curvature(const double *z, const double *v, double *curve, size_t n) {
    double largest = z[0], sum = 0, mean = 0;
    for (size_t i = 1; i < n; i++) largest = z[i] > largest ? z[i] : largest;
    for (size_t i = 0; i < n; i++) {
        const double weight = elementary_exp_f64(z[i] - largest);
        sum += weight;
        mean += weight * v[i];
    }
    mean /= sum;
    for (size_t i = 0; i < n; i++) curve[i] = elementary_exp_f64(z[i] - largest) / sum * (v[i] - mean);
}

/* softplus(z) - t z without the cancellation. */
static double logistic(const double *z, const double *t, double *slope, size_t n) {
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        loss += t[i] * elementary_softplus_f64(-z[i]) + (1 - t[i]) * elementary_softplus_f64(z[i]);
        if (slope) slope[i] = elementary_sigmoid_f64(z[i]) - t[i];
    }
    return loss;
}

static void logistic_curvature(const double *z, const double *v, double *curve, size_t n) {
    for (size_t i = 0; i < n; i++)
        curve[i] = elementary_sigmoid_f64(z[i]) * elementary_sigmoid_f64(-z[i]) * v[i];
}

static double squared(const double *z, const double *t, double *slope, size_t n) {
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        const double difference = z[i] - t[i];
        loss += 0.5 * difference * difference;
        if (slope) slope[i] = difference;
    }
    return loss;
}

static void squared_curvature(const double *z, const double *v, double *curve, size_t n) {
    (void)z;
    memcpy(curve, v, n * sizeof *curve);
}

const Loss loss_table[] = {
    {.name = "cross_entropy",
        .title = "Softmax cross-entropy",
        .formula = "log(sum(exp(y))) - y[c]",
        .target = LOSS_TARGET_LABEL,
        .outputs_min = 2,
        .one = softmax,
        .curvature = softmax_curvature},
    {.name = "logistic",
        .title = "Logistic",
        .formula = "sum(softplus(y) - t*y), t: 1 for the class, 0 for the others",
        .target = LOSS_TARGET_LABEL,
        .outputs_min = 1,
        .boundary = 0,
        .one = logistic,
        .curvature = logistic_curvature},
    {.name = "squared_class",
        .title = "Squared error of classes",
        .formula = "sum((y - t)^2)/2, t: 1 for the class, 0 for the others",
        .target = LOSS_TARGET_LABEL,
        .outputs_min = 1,
        .boundary = 0.5,
        .one = squared,
        .curvature = squared_curvature},
    {.name = "squared",
        .title = "Squared error",
        .formula = "sum((y - t)^2)/2",
        .target = LOSS_TARGET_VALUES,
        .outputs_min = 1,
        .one = squared,
        .curvature = squared_curvature},
};

const int loss_count = sizeof loss_table / sizeof loss_table[0];

const Loss *loss_find(const char *name) {
    for (int i = 0; i < loss_count; i++)
        if (strcmp(loss_table[i].name, name) == 0) return &loss_table[i];
    return NULL;
}
