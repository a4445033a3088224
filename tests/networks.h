/* Networks and batches for tests, and a perceptron written out in plain loops: another implementation, by the
 * definitions, in float64. */
#ifndef SLALOM_TEST_NETWORKS_H
#define SLALOM_TEST_NETWORKS_H

#include "test.h"

#include "mlp.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

static inline MlpSpec network(
    const char *sizes, const char *activation, const char *loss, Precision precision) {
    MlpSpec spec = {.activation = activation_find(activation),
        .loss = loss_find(loss),
        .precision = precision,
        .batch_max = 32,
        .seed = 3};
    Status status = status_ok();
    if (!mlp_sizes_read(&spec, sizes, &status)) fail_msg("%s", status.message);
    return spec;
}

static inline Mlp *create(const MlpSpec *spec) {
    Status status = status_ok();
    Mlp *mlp = mlp_create(spec, &status);
    if (!mlp || !mlp_objective(mlp)->type->reserve_curvature(mlp_objective(mlp), &status))
        fail_msg("%s", status.message);
    return mlp;
}

/* Random examples for a network; free the arrays with batch_free. */
static inline Batch random_batch(const MlpSpec *spec, int size, uint64_t seed) {
    const size_t n_in = (size_t)spec->sizes[0], n_out = (size_t)spec->sizes[spec->n_layers];
    float *inputs = malloc((size_t)size * n_in * sizeof *inputs);
    float *targets = malloc((size_t)size * n_out * sizeof *targets);
    int32_t *labels = malloc((size_t)size * sizeof *labels);
    Rng rng = rng_seed(seed);
    for (size_t i = 0; i < (size_t)size * n_in; i++) inputs[i] = (float)rng_uniform(&rng, -2, 2);
    for (size_t i = 0; i < (size_t)size * n_out; i++) targets[i] = (float)rng_uniform(&rng, -2, 2);
    for (int i = 0; i < size; i++) labels[i] = (int32_t)rng_uniform(&rng, 0, n_out > 1 ? (double)n_out : 2);
    return (Batch){.size = size, .n_in = (int)n_in, .inputs = inputs, .labels = labels, .targets = targets};
}

static inline void batch_free(const Batch *batch) {
    free((void *)(uintptr_t)batch->inputs);
    free((void *)(uintptr_t)batch->labels);
    free((void *)(uintptr_t)batch->targets);
}

static inline Vec random_parameters(const Mlp *mlp, uint64_t seed) {
    const MlpSpec *spec = mlp_spec(mlp);
    const size_t n = (size_t)mlp_parameter_count(spec);
    Vec x = {.n = n, .precision = spec->precision};
    x.data = aligned_alloc(64, (n * precision_bytes(spec->precision) + 63) / 64 * 64);
    Rng rng = rng_seed(seed);
    for (size_t i = 0; i < n; i++) vec_set(&x, i, rng_uniform(&rng, -0.7, 0.7));
    return x;
}

static inline Vec vec_like(const Vec *x) {
    Vec other = *x;
    other.data = aligned_alloc(64, (x->n * precision_bytes(x->precision) + 63) / 64 * 64);
    return other;
}

static inline double evaluate(Mlp *mlp, const Vec *x, const Vec *gradient) {
    return mlp_objective(mlp)->type->evaluate(mlp_objective(mlp), x, gradient);
}

/* The oracle. */

static inline double plain_activation(const char *name, double z, double *slope) {
    const double s = 1 / (1 + exp(-z)), share = 0.5 * erfc(-z / sqrt(2));
    const double density = exp(-z * z / 2) / sqrt(2 * acos(-1));
    struct {
        const char *name;
        double value, slope;
    } rows[] = {{"linear", z, 1}, {"tanh", tanh(z), 1 - tanh(z) * tanh(z)}, {"sigmoid", s, s * (1 - s)},
        {"relu", z > 0 ? z : 0, z > 0}, {"leaky_relu", z > 0 ? z : 0.01 * z, z > 0 ? 1 : 0.01},
        {"elu", z > 0 ? z : expm1(z), z > 0 ? 1 : exp(z)}, {"gelu", z * share, share + z * density},
        {"softplus", log1p(exp(z)), s}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *slope = rows[i].slope;
            return rows[i].value;
        }
    fail_msg("the oracle has no activation %s", name);
    return NAN;
}

/* What each unit gives for one example: the inputs, then layer after layer; into units. */
static inline void plain_units(const MlpSpec *spec, const double *x, const float *inputs, double *units) {
    const double *below = units;
    for (int i = 0; i < spec->sizes[0]; i++) units[i] = (double)inputs[i];
    double *at = units + spec->sizes[0];
    for (int l = 0; l < spec->n_layers; l++) {
        const int n_in = spec->sizes[l], n_out = spec->sizes[l + 1];
        for (int j = 0; j < n_out; j++) {
            double z = x[n_in * n_out + j], slope;
            for (int i = 0; i < n_in; i++) z += x[i * n_out + j] * below[i];
            at[j] = l + 1 < spec->n_layers ? plain_activation(spec->activation->name, z, &slope) : z;
        }
        x += (n_in + 1) * n_out;
        below = at;
        at += n_out;
    }
}

/* The loss of one example and its slope by the outputs. */
static inline double plain_loss(
    const char *name, const double *y, int n, int label, const float *t, double *slope) {
    double loss = 0, sum = 0;
    if (strcmp(name, "cross_entropy") == 0) {
        for (int j = 0; j < n; j++) sum += exp(y[j]);
        for (int j = 0; j < n; j++) slope[j] = exp(y[j]) / sum - (j == label);
        return log(sum) - y[label];
    }
    for (int j = 0; j < n; j++) {
        const double target = strcmp(name, "squared") == 0 ? (double)t[j] : n > 1 ? j == label : label;
        if (strcmp(name, "logistic") == 0) {
            loss += log1p(exp(y[j])) - target * y[j];
            slope[j] = 1 / (1 + exp(-y[j])) - target;
        } else {
            loss += (y[j] - target) * (y[j] - target) / 2;
            slope[j] = y[j] - target;
        }
    }
    return loss;
}

/* The mean loss of a batch at x and its gradient, (parameters), by the definitions; no penalties. */
static inline double plain_perceptron(
    const MlpSpec *spec, const double *x, const Batch *batch, double *gradient) {
    enum { UNITS = 1024, LAYERS = 8 };
    static double a[LAYERS][UNITS], slope[LAYERS][UNITS], delta[LAYERS][UNITS];
    const int last = spec->n_layers;
    double loss = 0;
    size_t n = 0;
    for (int l = 0; l < last; l++) n += ((size_t)spec->sizes[l] + 1) * (size_t)spec->sizes[l + 1];
    memset(gradient, 0, n * sizeof *gradient);
    for (int e = 0; e < batch->size; e++) {
        for (int i = 0; i < spec->sizes[0]; i++) a[0][i] = (double)batch->inputs[e * spec->sizes[0] + i];
        size_t at = 0;
        for (int l = 0; l < last; l++) {
            const int n_in = spec->sizes[l], n_out = spec->sizes[l + 1];
            for (int j = 0; j < n_out; j++) {
                double z = x[at + (size_t)(n_in * n_out + j)];
                for (int i = 0; i < n_in; i++) z += x[at + (size_t)(i * n_out + j)] * a[l][i];
                slope[l + 1][j] = 1;
                a[l + 1][j] =
                    l + 1 < last ? plain_activation(spec->activation->name, z, &slope[l + 1][j]) : z;
            }
            at += (size_t)((n_in + 1) * n_out);
        }
        const float *targets = batch->targets ? batch->targets + e * spec->sizes[last] : NULL;
        loss +=
            plain_loss(spec->loss->name, a[last], spec->sizes[last], batch->labels[e], targets, delta[last]);
        for (int l = last - 1; l >= 0; l--) {
            const int n_in = spec->sizes[l], n_out = spec->sizes[l + 1];
            at -= (size_t)((n_in + 1) * n_out);
            for (int j = 0; j < n_out; j++) gradient[at + (size_t)(n_in * n_out + j)] += delta[l + 1][j];
            for (int i = 0; i < n_in; i++) {
                double error = 0;
                for (int j = 0; j < n_out; j++) {
                    gradient[at + (size_t)(i * n_out + j)] += a[l][i] * delta[l + 1][j];
                    error += x[at + (size_t)(i * n_out + j)] * delta[l + 1][j];
                }
                delta[l][i] = l > 0 ? error * slope[l][i] : 0;
            }
        }
    }
    for (size_t i = 0; i < n; i++) gradient[i] /= batch->size;
    return loss / batch->size;
}

#endif
