/* The table of initialisations, and the weights they give. */
#include "init.h"

#include "mlp_inner.h"
#include "names.h"
#include "noise.h"
#include "rng.h"
#include "text.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One layer's weights on their way, (n_in, n_out) row-major. */
typedef struct Weights {
    double *numbers;
    int n_in, n_out;
    double value; /* of the row's parameter */
    Rng rng;
    double *work; /* (n_in, n_out) as well */
} Weights;

struct InitMethod {
    void (*fill)(Weights *weights);
    bool adapts; /* afterwards scaled by what they make of a batch */
};

static size_t count(const Weights *weights) {
    return (size_t)weights->n_in * (size_t)weights->n_out;
}

static void normal(Weights *weights, double deviation) {
    for (size_t i = 0; i < count(weights); i++) weights->numbers[i] = deviation * noise_normal(&weights->rng);
}

static void uniform(Weights *weights, double limit) {
    for (size_t i = 0; i < count(weights); i++)
        weights->numbers[i] = rng_uniform(&weights->rng, -limit, limit);
}

static void fill_zero(Weights *weights) {
    memset(weights->numbers, 0, count(weights) * sizeof *weights->numbers);
}

static void fill_constant(Weights *weights) {
    for (size_t i = 0; i < count(weights); i++) weights->numbers[i] = weights->value;
}

static void fill_normal(Weights *weights) {
    normal(weights, weights->value);
}

static void fill_uniform(Weights *weights) {
    uniform(weights, weights->value);
}

static void fill_xavier_uniform(Weights *weights) {
    uniform(weights, sqrt(6.0 / (weights->n_in + weights->n_out)));
}

static void fill_xavier_normal(Weights *weights) {
    normal(weights, sqrt(2.0 / (weights->n_in + weights->n_out)));
}

static void fill_he(Weights *weights) {
    normal(weights, sqrt(2.0 / weights->n_in));
}

/* Each unit draws its inputs without putting them back; all inputs where there are no more than k. */
static void fill_sparse(Weights *weights) {
    const int n = weights->n_in, k = weights->value < n ? (int)weights->value : n;
    fill_zero(weights);
    for (int unit = 0; unit < weights->n_out; unit++) {
        int chosen = 0;
        for (int i = 0; i < n; i++) {
            /* Of the n - i inputs that are left k - chosen must be taken, each with the same chance. */
            if (rng_uniform(&weights->rng, 0, n - i) >= k - chosen) continue;
            double weight = 0; /* exactly k must differ from 0, in float32 too */
            while ((float)weight == 0) weight = noise_normal(&weights->rng);
            weights->numbers[(size_t)i * (size_t)weights->n_out + (size_t)unit] = weight;
            chosen++;
        }
    }
}

/* Signals pass every such layer times one number, whatever they are: what depth does to them is seen bare. */
static void fill_identity(Weights *weights) {
    const int n = weights->n_in < weights->n_out ? weights->n_in : weights->n_out;
    fill_zero(weights);
    for (int i = 0; i < n; i++)
        weights->numbers[(size_t)i * (size_t)weights->n_out + (size_t)i] = weights->value;
}

/* Turns `work` into the weights, or the weights into `work`. rows: whether a vector is a row of W. */
static void arrange(Weights *weights, bool rows, bool to_work) {
    for (int i = 0; i < weights->n_in; i++)
        for (int j = 0; j < weights->n_out; j++) {
            double *cell = &weights->numbers[(size_t)i * (size_t)weights->n_out + (size_t)j];
            double *part = rows ? &weights->work[cell - weights->numbers]
                                : &weights->work[(size_t)j * (size_t)weights->n_in + (size_t)i];
            if (to_work)
                *part = *cell;
            else
                *cell = weights->value * *part;
        }
}

/* The columns of a normal matrix, or its rows where there are fewer, made orthonormal one after the other:
 * its Q factor with the signs that make all such matrices equally likely. Twice, against rounding. */
static void fill_orthogonal(Weights *weights) {
    const bool rows = weights->n_in < weights->n_out;
    const size_t n = (size_t)(rows ? weights->n_in : weights->n_out);
    const size_t length = (size_t)(rows ? weights->n_out : weights->n_in);
    normal(weights, 1);
    arrange(weights, rows, true);
    for (size_t v = 0; v < n; v++) {
        const Vec vector = vec_of_f64(weights->work + v * length, length);
        for (size_t other = 0; other < 2 * v; other++) {
            const Vec before = vec_of_f64(weights->work + other % v * length, length);
            vec_combine(&vector, 1, &vector, -vec_dot(&vector, &before), &before);
        }
        vec_combine(&vector, 1 / vec_norm(&vector), &vector, 0, &vector);
    }
    arrange(weights, rows, false);
}

#define METHOD(how)                                                                                          \
    .method = &(const InitMethod) {                                                                          \
        .fill = fill_##how                                                                                   \
    }

const InitRow init_table[] = {
    {.name = "zero", METHOD(zero), .title = "Zero", .formula = "0", .reference = "symmetry is never broken"},
    {.name = "constant",
        METHOD(constant),
        .title = "Constant",
        .formula = "value",
        .reference = "",
        .parameter = {"value", 0.1, -1e3, 1e3, SCALE_LINEAR, DOMAIN_ANY}},
    {.name = "identity",
        METHOD(identity),
        .title = "Scaled identity",
        .formula = "scale*I: input i to unit i alone",
        .reference = "Le, Jaitly & Hinton 2015",
        .parameter = {"scale", 1, 0.01, 10, SCALE_LOG, DOMAIN_POSITIVE}},
    {.name = "gaussian",
        METHOD(normal),
        .title = "Gaussian",
        .formula = "N(0, sigma^2)",
        .reference = "",
        .parameter = {"sigma", 0.01, 1e-4, 10, SCALE_LOG, DOMAIN_POSITIVE}},
    {.name = "uniform",
        METHOD(uniform),
        .title = "Uniform",
        .formula = "U(-limit, limit)",
        .reference = "",
        .parameter = {"limit", 0.05, 1e-4, 10, SCALE_LOG, DOMAIN_POSITIVE}},
    {.name = "xavier_uniform",
        METHOD(xavier_uniform),
        .title = "Xavier, uniform",
        .formula = "U(-r, r), r = sqrt(6/(n_in + n_out))",
        .reference = "Glorot & Bengio 2010"},
    {.name = "xavier_normal",
        METHOD(xavier_normal),
        .title = "Xavier, normal",
        .formula = "N(0, 2/(n_in + n_out))",
        .reference = "Glorot & Bengio 2010"},
    {.name = "he",
        METHOD(he),
        .title = "He",
        .formula = "N(0, 2/n_in)",
        .reference = "He, Zhang, Ren & Sun 2015"},
    {.name = "sparse",
        METHOD(sparse),
        .title = "Sparse",
        .formula = "k inputs of each unit N(0, 1), the others 0",
        .reference = "Martens 2010",
        .parameter = {"k", 15, 1, 100, SCALE_LOG, DOMAIN_COUNT}},
    {.name = "orthogonal",
        METHOD(orthogonal),
        .title = "Orthogonal",
        .formula = "gain*Q, Q orthonormal",
        .reference = "Saxe, McClelland & Ganguli 2013",
        .parameter = {"gain", 1, 0.1, 10, SCALE_LOG, DOMAIN_POSITIVE}},
    {.name = "lsuv",
        .method = &(const InitMethod){.fill = fill_orthogonal, .adapts = true},
        .title = "LSUV",
        .formula = "orthogonal, then scaled layer by layer until a batch's sums have variance 1",
        .reference = "Mishkin & Matas 2015"},
};

const int init_count = sizeof init_table / sizeof init_table[0];

const InitRow *init_find(const char *name) {
    for (int i = 0; i < init_count; i++)
        if (strcmp(init_table[i].name, name) == 0) return &init_table[i];
    return NULL;
}

/* Reading one. */

static const OptimizerParameter bias_parameter = {"bias", 0, -1, 1, SCALE_LINEAR, DOMAIN_ANY};

static bool read_setting(InitSpec *spec, const char *text, Status *status) {
    const OptimizerParameter *own = &spec->row->parameter;
    const char *equals = strchr(text, '=');
    double value;
    if (!equals || !text_parse_number(equals + 1, &value))
        return status_fail(status, STATUS_BAD_INPUT, "%s: '%s' is not NAME=NUMBER", spec->row->name, text);
    const size_t length = (size_t)(equals - text);
    const OptimizerParameter *const known[] = {&bias_parameter, own};
    double *const places[] = {&spec->bias, &spec->value};
    for (int i = 0; i < 2; i++) {
        const char *name = known[i]->name;
        if (!name || strlen(name) != length || memcmp(name, text, length) != 0) continue;
        *places[i] = value;
        return parameter_check(known[i], spec->row->name, value, status);
    }
    return status_fail(status, STATUS_BAD_INPUT, "%s has no parameter '%.*s'; it has %s%sbias",
        spec->row->name, (int)length, text, own->name ? own->name : "", own->name ? " and " : "");
}

bool init_read(InitSpec *spec, const char *text, Status *status) {
    char copy[256];
    if (strlen(text) >= sizeof copy)
        return status_fail(
            status, STATUS_BAD_INPUT, "an initialisation is at most %zu bytes long", sizeof copy - 1);
    memcpy(copy, text, strlen(text) + 1);
    char *next = strchr(copy, ':');
    if (next) *next++ = '\0';
    const InitRow *row = init_find(copy);
    if (!row)
        return names_fail(
            status, "there is no initialisation", copy, "There are", NAMES_OF(init_table, init_count), NULL);
    InitSpec read = {.row = row, .value = row->parameter.name ? row->parameter.value : 1};
    while (next) {
        char *setting = next;
        next = strpbrk(setting, ":,");
        if (next) *next++ = '\0';
        if (!read_setting(&read, setting, status)) return false;
    }
    *spec = read;
    return true;
}

/* Filling a network. */

static double cell(const Matrix *matrix, int row, int column) {
    const size_t at = (size_t)row * matrix->stride + (size_t)column;
    return matrix->precision == PRECISION_F64 ? matrix->f64[at] : (double)matrix->f32[at];
}

/* The variance of a layer's sums over some examples, without the bias, which does not vary. The layers below
 * have seen the slice. */
static double variance_of_sums(const Slice *slice, const Weights *weights, int layer) {
    const Matrix inputs = mlp_layer_inputs(slice, layer);
    double sum = 0, squares = 0, n = (double)inputs.rows * weights->n_out;
    double *sums = weights->work; /* one example's; (n_out) */
    for (int i = 0; i < inputs.rows; i++) {
        memset(sums, 0, (size_t)weights->n_out * sizeof *sums);
        for (int k = 0; k < weights->n_in; k++) {
            const double input = cell(&inputs, i, k);
            const double *row = weights->numbers + (size_t)k * (size_t)weights->n_out;
            for (int j = 0; j < weights->n_out; j++) sums[j] += input * row[j];
        }
        for (int j = 0; j < weights->n_out; j++) {
            sum += sums[j];
            squares += sums[j] * sums[j];
        }
    }
    return squares / n - sum / n * (sum / n);
}

/* Scales a layer's weights so that its sums have variance 1. The sums are linear in them: once is enough. */
static bool adapt(Mlp *mlp, const Vec *x, Weights *weights, int layer, Status *status) {
    Batch batch = mlp->batch;
    if (batch.size < 1) return status_fail(status, STATUS_FAILED, "lsuv needs a batch to look at");
    if (batch.size > mlp->slice_rows) batch.size = mlp->slice_rows;
    mlp_score(mlp, x, &batch); /* takes it through the layers below */
    const Slice slice = {.mlp = mlp, .x = x, .batch = &batch, .rows = batch.size};
    const double variance = variance_of_sums(&slice, weights, layer);
    if (!(variance > 0 && isfinite(variance)))
        return status_fail(status, STATUS_BAD_INPUT,
            "lsuv: the sums of layer %d are the same for every example of the batch", layer + 1);
    for (size_t i = 0; i < count(weights); i++) weights->numbers[i] /= sqrt(variance);
    return true;
}

static void write_layer(const Mlp *mlp, const Vec *x, const Weights *weights, int layer) {
    for (size_t i = 0; i < count(weights); i++)
        vec_set(x, mlp->layers[layer].weights + i, weights->numbers[i]);
}

bool init_fill(const InitSpec *spec, Mlp *mlp, const Vec *x, uint64_t seed, Status *status) {
    assert(x->n == mlp->objective.dim);
    const InitMethod *method = spec->row->method;
    size_t most = 0;
    for (int l = 0; l < mlp->spec.n_layers; l++) {
        const size_t n = (size_t)mlp->layers[l].n_in * (size_t)mlp->layers[l].n_out;
        most = n > most ? n : most;
    }
    double *room = malloc(2 * most * sizeof *room);
    if (!room) return status_fail(status, STATUS_FAILED, "out of memory for initial weights");
    bool good = true;
    vec_fill(x, spec->bias);
    for (int l = 0; l < mlp->spec.n_layers && good; l++) {
        Rng rng = rng_seed(seed);
        rng = rng_seed(rng_next(&rng) ^ (uint64_t)l);
        Weights weights = {.numbers = room,
            .work = room + most,
            .n_in = mlp->layers[l].n_in,
            .n_out = mlp->layers[l].n_out,
            .value = spec->value,
            .rng = rng};
        method->fill(&weights);
        write_layer(mlp, x, &weights, l);
        good = !method->adapts || adapt(mlp, x, &weights, l, status);
        write_layer(mlp, x, &weights, l);
    }
    free(room);
    return good;
}
