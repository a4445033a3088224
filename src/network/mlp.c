/* A perceptron's life: what it may be, its memory, its batches, and what an Objective must answer. The way
 * through its layers is mlp_pass.c, curvature mlp_curvature.c. */
#include "mlp_inner.h"

#include "cutter.h"
#include "rows.h"
#include "text.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Examples that are taken at once: at most as many as keep the memory small, at least as many as are worth a
 * product of matrices, since a score may be of more than a batch. */
enum { SLICE_ROWS_MIN = 64, SLICE_ROWS_MAX = 1024 };

/* Networks without a wider layer are faster with products of our own. */
enum { SMALL_UNITS_MAX = 64 };

/* Saying what it is. */

bool mlp_sizes_read(MlpSpec *spec, const char *text, Status *status) {
    int n = 0;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, "-");
        char number[32];
        long long units;
        if (length >= sizeof number)
            return status_fail(status, STATUS_BAD_INPUT, "network '%s': a layer has no such size", text);
        memcpy(number, at, length);
        number[length] = 0;
        if (!text_parse_integer(number, 1, MLP_UNITS_MAX, &units))
            return status_fail(status, STATUS_BAD_INPUT,
                "network '%s': a layer may have 1 to %d units, not '%s'; write inputs-hidden-outputs, such "
                "as "
                "784-256-10",
                text, MLP_UNITS_MAX, number);
        if (n > MLP_LAYERS_MAX)
            return status_fail(
                status, STATUS_BAD_INPUT, "network '%s' has more than %d layers", text, MLP_LAYERS_MAX);
        spec->sizes[n++] = (int)units;
        at += length;
        if (!*at) break;
    }
    if (n < 2)
        return status_fail(
            status, STATUS_BAD_INPUT, "network '%s' needs inputs and outputs, such as 784-256-10", text);
    spec->n_layers = n - 1;
    return true;
}

bool mlp_check_data(const MlpSpec *spec, int n_in, int n_out, const char *owner, Status *status) {
    const int inputs = spec->sizes[0], outputs = spec->sizes[spec->n_layers];
    const bool classes = spec->loss->target == LOSS_TARGET_LABEL;
    if (inputs != n_in)
        return status_fail(status, STATUS_BAD_INPUT, "%s has %d inputs, the network %d", owner, n_in, inputs);
    if (outputs == n_out || (classes && n_out == 2 && outputs == 1 && spec->loss->outputs_min == 1))
        return true;
    return status_fail(status, STATUS_BAD_INPUT, "%s has %d %s, the network %d output%s", owner, n_out,
        classes ? "classes" : "targets", outputs, outputs == 1 ? "" : "s");
}

double mlp_parameter_count(const MlpSpec *spec) {
    double n = 0;
    for (int l = 0; l < spec->n_layers; l++) n += ((double)spec->sizes[l] + 1) * spec->sizes[l + 1];
    return n;
}

static bool check_share(const char *name, double value, double max, bool below, Status *status) {
    if (value >= 0 && (below ? value < max : value <= max)) return true;
    return status_fail(status, STATUS_BAD_INPUT, "%s is %g; it must be 0 or more and %s %g", name, value,
        below ? "below" : "at most", max);
}

static bool check(const MlpSpec *spec, Status *status) {
    assert(spec->n_layers >= 1 && spec->n_layers <= MLP_LAYERS_MAX);
    for (int i = 0; i <= spec->n_layers; i++)
        if (spec->sizes[i] < 1 || spec->sizes[i] > MLP_UNITS_MAX)
            return status_fail(status, STATUS_BAD_INPUT,
                "layer %d of the network has %d units; a layer may have 1 to %d", i, spec->sizes[i],
                MLP_UNITS_MAX);
    if (spec->sizes[spec->n_layers] < spec->loss->outputs_min)
        return status_fail(status, STATUS_BAD_INPUT, "%s needs %d outputs or more, the network has %d",
            spec->loss->name, spec->loss->outputs_min, spec->sizes[spec->n_layers]);
    if (spec->batch_max < 1)
        return status_fail(
            status, STATUS_BAD_INPUT, "a batch of %d examples; it must be 1 or more", spec->batch_max);
    const double noise_max = spec->loss->target == LOSS_TARGET_LABEL ? 1 : HUGE_VAL;
    return check_share("l2", spec->l2, HUGE_VAL, true, status) &&
           check_share("l1", spec->l1, HUGE_VAL, true, status) &&
           check_share("dropout", spec->dropout, 1, true, status) &&
           check_share("label_noise", spec->label_noise, noise_max, noise_max > 1, status);
}

/* Memory. */

static Matrix cut_matrix(Cutter *cutter, const Mlp *mlp, int rows, int cols) {
    Matrix matrix = matrix_of(NULL, rows, cols, mlp->objective.precision);
    matrix.stride = (size_t)mlp_stride(mlp, cols);
    matrix.data =
        cut(cutter, (double)rows * (double)matrix.stride * (double)precision_bytes(matrix.precision));
    return matrix;
}

static void lay_out_layer(Mlp *mlp, Layer *layer, bool is_last, Cutter *cutter) {
    const MlpSpec *spec = &mlp->spec;
    layer->outputs = cut_matrix(cutter, mlp, mlp->slice_rows, layer->n_out);
    layer->sums = layer->outputs;
    if (!is_last && spec->activation->keeps_sums)
        layer->sums = cut_matrix(cutter, mlp, mlp->slice_rows, layer->n_out);
    layer->mask = NULL;
    if (!is_last && spec->dropout > 0)
        layer->mask = cut(cutter, (double)mlp->slice_rows * (double)layer->n_out);
    if (!mlp->is_small) return;
    layer->padded = cut_matrix(cutter, mlp, layer->n_in, layer->n_out);
    layer->padded_transposed = cut_matrix(cutter, mlp, layer->n_out, layer->n_in);
    layer->padded_gradient = cut_matrix(cutter, mlp, layer->n_in, layer->n_out);
}

static void lay_out(Mlp *mlp, Cutter *cutter) {
    const MlpSpec *spec = &mlp->spec;
    int widest = 1;
    for (int l = 0; l < spec->n_layers; l++) {
        lay_out_layer(mlp, &mlp->layers[l], l == spec->n_layers - 1, cutter);
        if (mlp->layers[l].n_out > widest) widest = mlp->layers[l].n_out;
    }
    if (spec->precision == PRECISION_F64) {
        const double inputs = (double)mlp->slice_rows * spec->sizes[0];
        mlp->inputs =
            matrix_of(cut(cutter, inputs * sizeof(double)), mlp->slice_rows, spec->sizes[0], PRECISION_F64);
    }
    for (int i = 0; i < 2; i++) mlp->deltas[i] = cut_matrix(cutter, mlp, mlp->slice_rows, widest).data;
    double **const judged[] = {&mlp->outputs, &mlp->targets, &mlp->slopes};
    for (int i = 0; i < 3; i++)
        *judged[i] = cut(cutter, (double)JUDGED_ROWS * spec->sizes[spec->n_layers] * sizeof(double));
}

static void place_parameters(Mlp *mlp) {
    const MlpSpec *spec = &mlp->spec;
    size_t next = 0;
    int widest = 0;
    for (int i = 0; i <= spec->n_layers; i++)
        if (spec->sizes[i] > widest) widest = spec->sizes[i];
    mlp->is_small = widest <= SMALL_UNITS_MAX;
    for (int l = 0; l < spec->n_layers; l++) {
        Layer *layer = &mlp->layers[l];
        layer->n_in = spec->sizes[l];
        layer->n_out = spec->sizes[l + 1];
        const size_t rows = (size_t)layer->n_in, cols = (size_t)layer->n_out;
        layer->weights = next;
        layer->bias = next + rows * cols;
        mlp->blocks[2 * l] = (LayoutBlock){.offset = layer->weights, .rows = rows, .cols = cols};
        mlp->blocks[2 * l + 1] = (LayoutBlock){.offset = layer->bias, .rows = 1, .cols = cols};
        next = layer->bias + cols;
    }
    mlp->layout = (Layout){.blocks = mlp->blocks, .n_blocks = 2 * spec->n_layers};
    mlp->objective.dim = next;
    mlp->objective.layout = &mlp->layout;
}

static bool allocate(Mlp *mlp, Status *status) {
    Cutter cutter = {0};
    lay_out(mlp, &cutter);
    const double parameters = mlp_parameter_count(&mlp->spec);
    const double all = cutter.bytes + 2 * parameters * (double)precision_bytes(mlp->spec.precision);
    char would[32], limit[32];
    text_format_bytes(would, sizeof would, all);
    text_format_bytes(limit, sizeof limit, MLP_BYTES_MAX);
    if (!(all <= MLP_BYTES_MAX))
        return status_fail(status, STATUS_BAD_INPUT,
            "a network of %.0f parameters would take %s of memory; it may take %s", parameters, would, limit);
    mlp->bytes = cutter.bytes;
    mlp->block = aligned_alloc(64, (size_t)cutter.bytes);
    if (!mlp->block) return status_fail(status, STATUS_FAILED, "out of memory: the network takes %s", would);
    memset(mlp->block, 0, (size_t)cutter.bytes); /* padding is zero */
    cutter = (Cutter){.at = mlp->block};
    lay_out(mlp, &cutter);
    return true;
}

/* The objective. */

static double penalty(const Mlp *mlp, const Vec *x, const Vec *gradient) {
    const double l2 = mlp->spec.l2, l1 = mlp->spec.l1;
    double sum = 0;
    for (int l = 0; (l2 > 0 || l1 > 0) && l < mlp->spec.n_layers; l++) {
        const Layer *layer = &mlp->layers[l];
        const size_t bytes = layer->weights * precision_bytes(x->precision);
        sum += rows_penalty(x->precision, (const char *)x->data + bytes,
            gradient ? (char *)gradient->data + bytes : NULL, layer->bias - layer->weights, l2, l1);
    }
    return sum;
}

/* All slices of a batch. Where `like` has a gradient it is filled in. */
static Slice pass(Slice like) {
    Mlp *mlp = like.mlp;
    assert(like.batch->size > 0 && like.batch->n_in == mlp->spec.sizes[0]);
    assert(like.x->n == mlp->objective.dim && like.x->precision == mlp->objective.precision);
    mlp_take_parameters(mlp, like.x);
    for (like.first = 0; like.first < like.batch->size; like.first += mlp->slice_rows) {
        const int left = like.batch->size - like.first;
        like.rows = left < mlp->slice_rows ? left : mlp->slice_rows;
        mlp_forward(&like);
        if (like.unjudged)
            mlp_read_outputs(&like);
        else
            mlp_judge(&like);
        if (like.gradient) mlp_backward(&like);
    }
    return like;
}

static double share_wrong(const Mlp *mlp, const Slice *done) {
    return mlp->spec.loss->target == LOSS_TARGET_LABEL ? (double)done->wrong / done->batch->size : NAN;
}

static double evaluate(Objective *objective, const Vec *x, const Vec *gradient) {
    Mlp *mlp = mlp_of(objective);
    const Slice done =
        pass((Slice){.mlp = mlp, .x = x, .gradient = gradient, .batch = &mlp->batch, .training = true});
    mlp->batch_error = share_wrong(mlp, &done);
    return done.loss / mlp->batch.size + penalty(mlp, x, gradient);
}

static void resample(Objective *objective, uint64_t step) {
    Mlp *mlp = mlp_of(objective);
    Batch batch = mlp->batch;
    if (mlp->source.take) mlp->source.take(mlp->source.context, step, &batch);
    mlp_set_batch(mlp, &batch, step);
}

/* Not more than takes a few milliseconds. */
static int ahead(const Objective *objective) {
    static const double most = 4e6; /* weights times examples */
    const Mlp *mlp = (const Mlp *)(const void *)objective;
    double steps = most / ((double)objective->dim * fmax(mlp->batch.size, 1));
    int together = mlp->source.take && mlp->source.ahead > 1 ? mlp->source.ahead : 1;
    return steps < 1 ? 1 : steps < together ? (int)steps : together;
}

static void share(Objective *objective, Pool *pool) {
    mlp_set_pool(mlp_of(objective), pool);
}

static const ObjectiveType type = {
    .name = "network",
    .evaluate = evaluate,
    .hessian = mlp_hessian,
    .resample = resample,
    .ahead = ahead,
    .share = share,
    .hessian_vector = mlp_hessian_vector,
    .reserve_curvature = mlp_reserve_curvature,
};

Mlp *mlp_create(const MlpSpec *spec, Status *status) {
    if (!check(spec, status)) return NULL;
    Mlp *mlp = calloc(1, sizeof *mlp);
    if (!mlp) {
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    mlp->spec = *spec;
    mlp->objective.type = &type;
    mlp->objective.precision = spec->precision;
    mlp->slice_rows = spec->batch_max < SLICE_ROWS_MIN   ? SLICE_ROWS_MIN
                      : spec->batch_max > SLICE_ROWS_MAX ? SLICE_ROWS_MAX
                                                         : spec->batch_max;
    mlp->batch_error = NAN;
    place_parameters(mlp);
    if (allocate(mlp, status)) return mlp;
    mlp_destroy(mlp);
    return NULL;
}

void mlp_destroy(Mlp *mlp) {
    if (!mlp) return;
    if (mlp->curvature) free(mlp->curvature->block);
    free(mlp->curvature);
    free(mlp->block);
    free(mlp);
}

const MlpSpec *mlp_spec(const Mlp *mlp) {
    return &mlp->spec;
}

Objective *mlp_objective(Mlp *mlp) {
    return &mlp->objective;
}

double mlp_bytes(const Mlp *mlp) {
    return mlp->bytes + (double)sizeof *mlp;
}

void mlp_set_batch(Mlp *mlp, const Batch *batch, uint64_t step) {
    mlp->batch = *batch;
    mlp->step = step;
}

void mlp_set_source(Mlp *mlp, BatchSource source) {
    mlp->source = source;
}

void mlp_set_pool(Mlp *mlp, Pool *pool) {
    mlp->pool = pool;
}

MlpScore mlp_score(Mlp *mlp, const Vec *x, const Batch *batch) {
    const Slice done = pass((Slice){.mlp = mlp, .x = x, .batch = batch});
    return (MlpScore){.loss = done.loss / batch->size, .error = share_wrong(mlp, &done)};
}

void mlp_examples(Mlp *mlp, const Vec *x, const Batch *batch, float *outputs, float *losses) {
    pass((Slice){.mlp = mlp, .x = x, .batch = batch, .outputs = outputs, .losses = losses});
}

void mlp_outputs(Mlp *mlp, const Vec *x, const Batch *batch, float *outputs) {
    pass((Slice){.mlp = mlp, .x = x, .batch = batch, .outputs = outputs, .unjudged = true});
}

double mlp_activation_rms(const Mlp *mlp, int layer) {
    assert(layer >= 0 && layer < mlp->spec.n_layers);
    const Matrix *outputs = &mlp->layers[layer].outputs;
    double sum = 0;
    for (int i = 0; i < mlp->last_rows; i++) {
        const Matrix cells = matrix_row_range(outputs, i, 1);
        const Vec row = {.n = (size_t)cells.cols, .precision = cells.precision, .data = cells.data};
        sum += vec_dot(&row, &row);
    }
    return mlp->last_rows > 0 ? sqrt(sum / ((double)mlp->last_rows * outputs->cols)) : 0;
}

void mlp_note_errors(Mlp *mlp, bool notes) {
    mlp->notes_errors = notes;
}

double mlp_error_rms(const Mlp *mlp, int layer) {
    assert(layer >= 0 && layer < mlp->spec.n_layers);
    const double n = (double)mlp->noted_size * mlp->layers[layer].n_out;
    return n > 0 ? sqrt(mlp->error_squares[layer] / n) : 0;
}

int mlp_layer_outputs(const Mlp *mlp, int layer, float *outputs) {
    assert(layer >= 0 && layer < mlp->spec.n_layers);
    const Matrix *from = &mlp->layers[layer].outputs;
    for (int i = 0; i < mlp->last_rows; i++) {
        const Matrix cells = matrix_row_range(from, i, 1);
        float *to = outputs + (size_t)i * (size_t)from->cols;
        for (int j = 0; j < from->cols; j++)
            to[j] = cells.precision == PRECISION_F64 ? (float)cells.f64[j] : cells.f32[j];
    }
    return mlp->last_rows;
}

double mlp_batch_error(const Mlp *mlp) {
    return mlp->batch_error;
}
