/* Examples in pieces, then layers one by one. The gradient is of the loss that is trained, penalties
 * included, but without dropout and noise. */
#include "layer_probe.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Multiplications in a piece and in all of them, for networks that are not too large for that. */
static const double PIECE_WORK = 1.5e7, ALL_WORK = 4e9;
enum { PIECE_MIN = 4, PIECE_MAX = 250, SAMPLE_LEAST = 100 };
static const double FAR = 60;       /* an activation's ends are looked for so far out */
static const double AT_END = 0.01;  /* of the range of one with two ends */
static const double AT_REST = 1e-6; /* from the end of one that has one */
static const int DECADES_MAX = 16,
                 DECADES_BELOW = 3; /* in all; below the smallest of the layers' typical ones */

struct LayerProbe {
    Mlp *mlp; /* owned, like all that follows */
    Dataset *sample;
    int piece;                         /* examples in one */
    Vec weights, one, all;             /* (dim): of a piece, and of the pieces so far */
    float *outputs;                    /* (piece, widest layer) */
    bool *answers;                     /* (hidden units): it has not been at rest on every example */
    int64_t saturated[MLP_LAYERS_MAX]; /* outputs */
    double ends[2];                    /* of the activation; NAN where there is none */
    int done, layer;                   /* examples, and then layers */
    double edges[LAYER_BINS];          /* the sizes of gradients that bins begin with */
    LayerFindings findings;
};

/* Activations. */

static double value_at(const Activation *activation, double z) {
    double a;
    activation->f64.apply(&z, &a, 1);
    return a;
}

/* NAN where it goes on. */
static double end_of(const Activation *activation, double way) {
    const double far = value_at(activation, way * FAR), farther = value_at(activation, 2 * way * FAR);
    return fabs(farther - far) < AT_REST ? far : NAN;
}

LayerFault layer_fault(const Activation *activation) {
    const bool low = !isnan(end_of(activation, -1)), high = !isnan(end_of(activation, 1));
    return low && high ? LAYER_FAULT_SATURATED : low || high ? LAYER_FAULT_DEAD : LAYER_FAULT_NONE;
}

/* Making one. */

static double work_of(const MlpSpec *spec) {
    return 3 * mlp_parameter_count(spec);
}

static bool allocate_vec(Vec *vec, const Objective *objective) {
    *vec = (Vec){.n = objective->dim, .precision = objective->precision};
    vec->data = aligned_alloc(64, (vec->n * precision_bytes(vec->precision) + 63) / 64 * 64);
    return vec->data != NULL;
}

static bool allocate(LayerProbe *probe, const MlpSpec *spec, Status *status) {
    size_t widest = 1, units = 1;
    MlpSpec own = *spec;
    own.dropout = own.label_noise = 0;
    own.batch_max = probe->piece;
    for (int l = 1; l <= spec->n_layers; l++) {
        if ((size_t)spec->sizes[l] > widest) widest = (size_t)spec->sizes[l];
        units += (size_t)spec->sizes[l];
    }
    probe->mlp = mlp_create(&own, status);
    if (!probe->mlp) return false;
    const Objective *objective = mlp_objective(probe->mlp);
    probe->outputs = malloc((size_t)probe->piece * widest * sizeof *probe->outputs);
    probe->answers = malloc(units * sizeof *probe->answers);
    return (probe->outputs && probe->answers && allocate_vec(&probe->weights, objective) &&
               allocate_vec(&probe->one, objective) && allocate_vec(&probe->all, objective)) ||
           status_fail(status, STATUS_FAILED, "out of memory");
}

LayerProbe *layer_probe_create(const MlpSpec *spec, const Dataset *dataset, Part part, Status *status) {
    assert(part.n > 0);
    LayerProbe *probe = calloc(1, sizeof *probe);
    if (!probe) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    const double most = fmin(fmax(ALL_WORK / work_of(spec), SAMPLE_LEAST), LAYER_SAMPLE_MAX);
    probe->piece = (int)fmin(fmax(PIECE_WORK / work_of(spec), PIECE_MIN), PIECE_MAX);
    probe->sample = dataset_sample(dataset, part, (size_t)most, status);
    probe->ends[0] = end_of(spec->activation, -1);
    probe->ends[1] = end_of(spec->activation, 1);
    probe->findings.fault = layer_fault(spec->activation);
    probe->findings.n_layers = spec->n_layers;
    probe->findings.n_examples = probe->sample ? (int)probe->sample->n : 0;
    if (probe->sample && allocate(probe, spec, status)) return probe;
    layer_probe_destroy(probe);
    return NULL;
}

void layer_probe_destroy(LayerProbe *probe) {
    if (!probe) return;
    mlp_destroy(probe->mlp);
    dataset_destroy(probe->sample);
    free(probe->weights.data);
    free(probe->one.data);
    free(probe->all.data);
    free(probe->outputs);
    free(probe->answers);
    free(probe);
}

void layer_probe_begin(LayerProbe *probe, const Vec *weights) {
    const MlpSpec *spec = mlp_spec(probe->mlp);
    size_t units = 0;
    for (int l = 0; l + 1 < spec->n_layers; l++) units += (size_t)spec->sizes[l + 1];
    vec_copy(&probe->weights, weights);
    vec_fill(&probe->all, 0);
    memset(probe->answers, 0, units * sizeof *probe->answers);
    memset(probe->saturated, 0, sizeof probe->saturated);
    memset(probe->findings.layers, 0, sizeof probe->findings.layers);
    probe->done = probe->layer = 0;
}

/* Examples. */

static void judge_units(LayerProbe *probe) {
    const MlpSpec *spec = mlp_spec(probe->mlp);
    const double *ends = probe->ends, margin = AT_END * (ends[1] - ends[0]);
    const double rest = isnan(ends[0]) ? ends[1] : ends[0];
    const bool saturates = probe->findings.fault == LAYER_FAULT_SATURATED;
    bool *answers = probe->answers;
    for (int l = 0; l + 1 < spec->n_layers; l++) {
        const int units = spec->sizes[l + 1], rows = mlp_layer_outputs(probe->mlp, l, probe->outputs);
        for (int i = 0; i < rows; i++) {
            const float *a = probe->outputs + (size_t)i * (size_t)units;
            for (int j = 0; j < units && !saturates; j++)
                answers[j] |= !(fabs((double)a[j] - rest) <= AT_REST);
            for (int j = 0; j < units && saturates; j++)
                probe->saturated[l] += (double)a[j] < ends[0] + margin || (double)a[j] > ends[1] - margin;
        }
        answers += units;
    }
}

static void take_piece(LayerProbe *probe) {
    const int left = (int)probe->sample->n - probe->done, n = left < probe->piece ? left : probe->piece;
    const Batch batch = dataset_batch(probe->sample, (size_t)probe->done, (size_t)n);
    Objective *objective = mlp_objective(probe->mlp);
    mlp_set_batch(probe->mlp, &batch, 0);
    objective->type->evaluate(objective, &probe->weights, &probe->one);
    vec_combine(&probe->all, 1, &probe->all, (double)n / (double)probe->sample->n, &probe->one);
    if (probe->findings.fault != LAYER_FAULT_NONE) judge_units(probe);
    probe->done += n;
}

/* Layers. */

static Vec weights_of(const LayerProbe *probe, const Vec *of, int layer) {
    const LayoutBlock *block = &mlp_objective(probe->mlp)->layout->blocks[2 * layer];
    Vec part = *of;
    part.n = block->rows * block->cols;
    part.data = (char *)of->data + block->offset * precision_bytes(of->precision);
    return part;
}

/* The least of 1, 2, 5, 10, .. times a power of ten that is not below a size. */
static double round_up(double size) {
    if (!(size > 0)) return 1;
    const double unit = pow(10, floor(log10(size)));
    for (int i = 0; i < 3; i++) {
        const double step = (double[]){1, 2, 5}[i] * unit;
        if (size <= step) return step;
    }
    return 10 * unit;
}

/* What all layers have in common; false where it is not finite. */
static bool find_ranges(LayerProbe *probe) {
    LayerFindings *findings = &probe->findings;
    double weight = 0, gradient = 0, typical = INFINITY;
    for (int l = 0; l < findings->n_layers; l++) {
        const Vec w = weights_of(probe, &probe->weights, l), g = weights_of(probe, &probe->all, l);
        const double w_largest = vec_largest(&w), g_largest = vec_largest(&g);
        const double rms = vec_norm(&g) / sqrt((double)g.n);
        if (!isfinite(w_largest) || !isfinite(g_largest)) return false;
        weight = fmax(weight, w_largest);
        gradient = fmax(gradient, g_largest);
        if (rms > 0) typical = fmin(typical, rms);
    }
    findings->reach = round_up(weight);
    findings->decades[1] = gradient > 0 ? (int)ceil(log10(gradient)) : 0;
    findings->decades[0] =
        gradient > 0 ? (int)floor(log10(typical)) - DECADES_BELOW : findings->decades[1] - DECADES_BELOW;
    if (findings->decades[0] < findings->decades[1] - DECADES_MAX)
        findings->decades[0] = findings->decades[1] - DECADES_MAX;
    const double decades = findings->decades[1] - findings->decades[0];
    for (int i = 0; i < LAYER_BINS; i++)
        probe->edges[i] = pow(10, findings->decades[0] + decades * i / LAYER_BINS);
    return true;
}

static int bin_of_weight(double weight, double reach) {
    const int bin = (int)floor((weight + reach) / (2 * reach) * LAYER_BINS);
    return bin < 0 ? 0 : bin >= LAYER_BINS ? LAYER_BINS - 1 : bin;
}

/* The last that begins at a size or below; the first for what is smaller. */
static int bin_of_gradient(const double *edges, double size) {
    int low = 0, high = LAYER_BINS;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (edges[middle] <= size)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void count_layer(LayerProbe *probe, int layer) {
    const MlpSpec *spec = mlp_spec(probe->mlp);
    LayerFinding *finding = &probe->findings.layers[layer];
    const Vec w = weights_of(probe, &probe->weights, layer), g = weights_of(probe, &probe->all, layer);
    for (size_t i = 0; i < w.n; i++) {
        const double size = fabs(vec_get(&g, i));
        finding->weights[bin_of_weight(vec_get(&w, i), probe->findings.reach)]++;
        if (size > 0)
            finding->gradients[bin_of_gradient(probe->edges, size)]++;
        else
            finding->zeros++;
    }
    finding->faulty = NAN;
    if (layer == spec->n_layers - 1 || probe->findings.fault == LAYER_FAULT_NONE) return;
    const int units = spec->sizes[layer + 1];
    if (probe->findings.fault == LAYER_FAULT_SATURATED) {
        finding->faulty = (double)probe->saturated[layer] / ((double)units * (double)probe->sample->n);
        return;
    }
    int dead = 0, first = 0;
    for (int l = 0; l < layer; l++) first += spec->sizes[l + 1];
    for (int j = 0; j < units; j++) dead += !probe->answers[first + j];
    finding->faulty = (double)dead / units;
}

bool layer_probe_slice(LayerProbe *probe) {
    if (probe->done < (int)probe->sample->n) {
        take_piece(probe);
        return true;
    }
    if (probe->layer == 0) probe->findings.is_finite = find_ranges(probe);
    if (probe->findings.is_finite) count_layer(probe, probe->layer);
    probe->layer = probe->findings.is_finite ? probe->layer + 1 : probe->findings.n_layers;
    return probe->layer < probe->findings.n_layers;
}

const LayerFindings *layer_probe_findings(const LayerProbe *probe) {
    return &probe->findings;
}
