/* Forward and backward through the layers, for one slice of a batch. A large layer's work is cut into shares
 * by its units, or by the slice's examples where those are more, always the same ones, so that threads may
 * take them in any order. Curvature is left to mlp_curvature.c. */
#include "mlp_inner.h"

#include "noise.h"
#include "rng.h"
#include "rows.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* A layer is cut in two, and in four, where a share is left so many units (or examples) and so many
 * multiplications: below, what each share does again costs more than another processor brings. */
enum { SHARE_WIDTH = 128, SHARE_WORK = 3000000, SHARES_MAX = 4 };

/* width: of the units, or examples, that are shared out. */
static int share_count(const Slice *slice, const Layer *layer, int width) {
    if (slice->mlp->is_small) return 1;
    const double work = (double)slice->rows * layer->n_in * layer->n_out;
    int n = SHARES_MAX;
    while (n > 1 && (width < n * SHARE_WIDTH || work < (double)n * SHARE_WORK)) n /= 2;
    return n;
}

/* Those of one share: first .. first + n - 1. */
typedef struct Range {
    int first, n;
} Range;

/* Shares are whole numbers of vectors, and as even as that allows. */
static Range share_range(int width, int n_shares, int share) {
    enum { TOGETHER = 16 };
    const int blocks = width / TOGETHER, first = blocks * share / n_shares * TOGETHER;
    const int next = share == n_shares - 1 ? width : blocks * (share + 1) / n_shares * TOGETHER;
    return (Range){first, next - first};
}

static void run(const Mlp *mlp, int n, PoolTask *task, void *context) {
    if (mlp->pool && n > 1)
        pool_run(mlp->pool, n, task, context);
    else
        for (int i = 0; i < n; i++) task(context, i, 0);
}

/* Where things are. */

int mlp_stride(const Mlp *mlp, int n) {
    return mlp->is_small ? matrix_padded(n, mlp->objective.precision) : n;
}

static void *number_at(const Vec *vec, size_t i) {
    return (char *)vec->data + i * precision_bytes(vec->precision);
}

Matrix mlp_weights(const Slice *slice, const Vec *x, int layer) {
    const Layer *of = &slice->mlp->layers[layer];
    return matrix_of(number_at(x, of->weights), of->n_in, of->n_out, x->precision);
}

Matrix mlp_slice_inputs(const Slice *slice) {
    const Batch *batch = slice->batch;
    if (slice->mlp->inputs.data) return matrix_row_range(&slice->mlp->inputs, 0, slice->rows);
    /* Only read: a Matrix has no const of its own. */
    Matrix inputs = matrix_of(NULL, batch->size, batch->n_in, PRECISION_F32);
    memcpy(&inputs.data, &batch->inputs, sizeof inputs.data);
    return matrix_row_range(&inputs, slice->first, slice->rows);
}

Matrix mlp_layer_inputs(const Slice *slice, int layer) {
    return layer == 0 ? mlp_slice_inputs(slice)
                      : matrix_row_range(&slice->mlp->layers[layer - 1].outputs, 0, slice->rows);
}

Matrix mlp_delta(const Mlp *mlp, int layer, int rows) {
    const int n = mlp->layers[layer].n_out;
    Matrix delta = matrix_of(mlp->deltas[layer % 2], rows, n, mlp->objective.precision);
    delta.stride = (size_t)mlp_stride(mlp, n);
    return delta;
}

void mlp_take_parameters(Mlp *mlp, const Vec *x) {
    for (int l = 0; mlp->is_small && l < mlp->spec.n_layers; l++) {
        Layer *layer = &mlp->layers[l];
        rows_unflatten(&layer->padded, number_at(x, layer->weights), AS_IT_IS);
        if (l > 0) rows_unflatten(&layer->padded_transposed, number_at(x, layer->weights), TRANSPOSED);
    }
}

/* Units. */

/* A stream of its own for everything that is drawn in a step. */
static Rng stream(const Mlp *mlp, uint64_t which, uint64_t example) {
    Rng rng = rng_seed(mlp->spec.seed);
    rng = rng_seed(rng_next(&rng) ^ mlp->step);
    rng = rng_seed(rng_next(&rng) ^ which);
    return rng_seed(rng_next(&rng) ^ example);
}

/* Leaves units out and scales up the others. Two units share one draw, half each. */
static void drop_out(const Slice *slice, int layer, Range rows, Range units, const Matrix *outputs) {
    const Mlp *mlp = slice->mlp;
    const double limit = mlp->spec.dropout * 0x1p32, scale = 1 / (1 - mlp->spec.dropout);
    for (int i = 0; i < rows.n; i++) {
        const int example = rows.first + i;
        const Rng row = stream(mlp, (uint64_t)layer, (uint64_t)(slice->first + example));
        uint8_t *mask = mlp->layers[layer].mask + (size_t)example * (size_t)mlp->layers[layer].n_out;
        const Matrix cells = matrix_row_range(outputs, i, 1);
        const Vec numbers = {.n = (size_t)units.n, .precision = cells.precision, .data = cells.data};
        for (int j = 0; j < units.n; j++) {
            const int unit = units.first + j;
            Rng rng = rng_seed(row.state ^ (uint64_t)(unit / 2) << 32);
            const uint64_t draw = rng_next(&rng);
            mask[unit] = (double)(unit % 2 ? draw >> 32 : draw & UINT32_MAX) >= limit;
            vec_set(&numbers, (size_t)j, mask[unit] ? vec_get(&numbers, (size_t)j) * scale : 0);
        }
    }
}

/* Rows without gaps, or with nothing but their padding between them, are one long row. */
static bool is_whole(const Matrix *matrix) {
    return matrix->stride == (size_t)matrix->cols ||
           matrix->stride == (size_t)matrix_padded(matrix->cols, matrix->precision);
}

static void apply(const Activation *activation, const Matrix *sums, const Matrix *outputs) {
    const bool whole = is_whole(sums);
    const int n_rows = whole ? 1 : sums->rows;
    const size_t n = whole ? sums->stride * (size_t)sums->rows : (size_t)sums->cols;
    for (int i = 0; i < n_rows; i++) {
        const Matrix z = matrix_row_range(sums, i, 1), a = matrix_row_range(outputs, i, 1);
        if (z.precision == PRECISION_F64)
            activation->f64.apply(z.f64, a.f64, n);
        else
            activation->f32.apply(z.f32, a.f32, n);
    }
}

/* What dropout scaled up is scaled back, a few units at a time, and what it left out gets no delta. */
static void scale_dropped(const Slice *slice, int layer, int first_unit, const Matrix *delta) {
    enum { CHUNK = 128 };
    const Mlp *mlp = slice->mlp;
    const Layer *of = &mlp->layers[layer];
    const double kept = 1 - mlp->spec.dropout;
    union {
        double f64[CHUNK];
        float f32[CHUNK];
    } outputs;
    for (int i = 0; i < delta->rows; i++) {
        const uint8_t *mask = of->mask + (size_t)i * (size_t)of->n_out + first_unit;
        for (int j = 0; j < delta->cols; j += CHUNK) {
            const int n = delta->cols - j < CHUNK ? delta->cols - j : CHUNK;
            const Matrix cells[] = {matrix_row_range(&of->sums, i, 1), matrix_row_range(&of->outputs, i, 1),
                matrix_row_range(delta, i, 1)};
            const Matrix z = matrix_column_range(&cells[0], first_unit + j, n);
            const Matrix a = matrix_column_range(&cells[1], first_unit + j, n);
            const Matrix d = matrix_column_range(&cells[2], j, n);
            if (d.precision == PRECISION_F64) {
                for (int k = 0; k < n; k++) outputs.f64[k] = a.f64[k] * kept;
                for (int k = 0; k < n; k++) d.f64[k] = mask[j + k] ? d.f64[k] / kept : 0;
                mlp->spec.activation->f64.scale(z.f64, outputs.f64, d.f64, (size_t)n);
            } else {
                for (int k = 0; k < n; k++) outputs.f32[k] = a.f32[k] * (float)kept;
                for (int k = 0; k < n; k++) d.f32[k] = mask[j + k] ? d.f32[k] / (float)kept : 0;
                mlp->spec.activation->f32.scale(z.f32, outputs.f32, d.f32, (size_t)n);
            }
        }
    }
}

void mlp_scale_delta(const Slice *slice, int layer, int first_unit, const Matrix *delta) {
    const Layer *of = &slice->mlp->layers[layer];
    const Activation *activation = slice->mlp->spec.activation;
    if (of->mask && slice->training) {
        scale_dropped(slice, layer, first_unit, delta);
        return;
    }
    const bool whole = is_whole(delta);
    const int n_rows = whole ? 1 : delta->rows;
    const size_t n = whole ? delta->stride * (size_t)delta->rows : (size_t)delta->cols;
    for (int i = 0; i < n_rows; i++) {
        const size_t at = (size_t)i * of->outputs.stride + (size_t)first_unit;
        const Matrix d = matrix_row_range(delta, i, 1);
        if (d.precision == PRECISION_F64)
            activation->f64.scale(of->sums.f64 + at, of->outputs.f64 + at, d.f64, n);
        else
            activation->f32.scale(of->sums.f32 + at, of->outputs.f32 + at, d.f32, n);
    }
}

/* Forward. */

/* What a share of a layer needs to know: how many there are of its way forward, of the delta below, and of
 * the gradient. */
typedef struct LayerWork {
    Slice *slice;
    int layer, n_forward, n_below, n_weights;
    bool by_rows; /* forward: shares are of examples */
} LayerWork;

static void forward_share(void *context, int index, int worker) {
    (void)worker;
    const LayerWork *work = context;
    Slice *slice = work->slice;
    Mlp *mlp = slice->mlp;
    Layer *layer = &mlp->layers[work->layer];
    const Range range = share_range(work->by_rows ? slice->rows : layer->n_out, work->n_forward, index);
    const Range rows = work->by_rows ? range : (Range){0, slice->rows};
    const Range units = work->by_rows ? (Range){0, layer->n_out} : range;
    const Matrix all_inputs = mlp_layer_inputs(slice, work->layer);
    const Matrix inputs = matrix_row_range(&all_inputs, rows.first, rows.n);
    const Matrix row_sums = matrix_row_range(&layer->sums, rows.first, rows.n);
    const Matrix row_outputs = matrix_row_range(&layer->outputs, rows.first, rows.n);
    const Matrix sums = matrix_column_range(&row_sums, units.first, units.n);
    const Matrix outputs = matrix_column_range(&row_outputs, units.first, units.n);
    if (mlp->is_small) {
        matrix_product_small(&sums, &inputs, AS_IT_IS, &layer->padded);
    } else {
        const Matrix all = mlp_weights(slice, slice->x, work->layer);
        const Matrix weights = matrix_column_range(&all, units.first, units.n);
        matrix_product(&sums, &inputs, AS_IT_IS, &weights, AS_IT_IS, false);
    }
    rows_add(&sums, number_at(slice->x, layer->bias + (size_t)units.first));
    if (work->layer == mlp->spec.n_layers - 1) return;
    apply(mlp->spec.activation, &sums, &outputs);
    if (layer->mask && slice->training) drop_out(slice, work->layer, rows, units, &outputs);
}

void mlp_forward(Slice *slice) {
    Mlp *mlp = slice->mlp;
    mlp->last_rows = slice->rows;
    if (mlp->inputs.data) {
        const Batch *batch = slice->batch;
        const float *from = batch->inputs + (size_t)slice->first * (size_t)batch->n_in;
        const size_t n = (size_t)slice->rows * (size_t)batch->n_in;
        for (size_t i = 0; i < n; i++) mlp->inputs.f64[i] = (double)from[i];
    }
    for (int l = 0; l < mlp->spec.n_layers; l++) {
        const Layer *layer = &mlp->layers[l];
        LayerWork work = {.slice = slice, .layer = l, .by_rows = slice->rows > layer->n_out};
        work.n_forward = share_count(slice, layer, work.by_rows ? slice->rows : layer->n_out);
        run(mlp, work.n_forward, forward_share, &work);
    }
}

/* Judging the outputs. */

static int noisy_label(const Slice *slice, int example, int n_classes) {
    const Mlp *mlp = slice->mlp;
    const int label = slice->batch->labels[example];
    if (!slice->training || mlp->spec.label_noise == 0) return label;
    Rng rng = stream(mlp, MLP_LAYERS_MAX, (uint64_t)example);
    if (rng_uniform(&rng, 0, 1) >= mlp->spec.label_noise) return label;
    const int other = (int)rng_uniform(&rng, 0, n_classes - 1);
    return other < label ? other : other + 1;
}

void mlp_read_example(const Slice *slice, int row, double *outputs, double *targets) {
    const Mlp *mlp = slice->mlp;
    const Layer *last = &mlp->layers[mlp->spec.n_layers - 1];
    const int n = last->n_out, example = slice->first + row;
    const Matrix units = matrix_row_range(&last->sums, row, 1);
    for (int j = 0; j < n; j++)
        outputs[j] = units.precision == PRECISION_F64 ? units.f64[j] : (double)units.f32[j];
    if (mlp->spec.loss->target == LOSS_TARGET_LABEL) {
        const int n_classes = n > 1 ? n : 2, label = noisy_label(slice, example, n_classes);
        assert(label >= 0 && label < n_classes);
        for (int j = 0; j < n; j++) targets[j] = n > 1 ? j == label : label;
        return;
    }
    const float *from = slice->batch->targets + (size_t)example * (size_t)n;
    const double noise = slice->training ? mlp->spec.label_noise : 0;
    Rng rng = stream(mlp, MLP_LAYERS_MAX, (uint64_t)example);
    for (int j = 0; j < n; j++) targets[j] = (double)from[j] + (noise > 0 ? noise * noise_normal(&rng) : 0);
}

static bool is_wrong(const Loss *loss, const double *outputs, int n, int label) {
    if (n == 1) return (outputs[0] > loss->boundary) != (label == 1);
    int best = 0;
    for (int j = 1; j < n; j++)
        if (outputs[j] > outputs[best]) best = j;
    return best != label;
}

/* slopes: (rows of delta, cols) */
static void write_slopes(const Matrix *delta, const double *slopes, double share) {
    for (int i = 0; i < delta->rows; i++) {
        const Matrix row = matrix_row_range(delta, i, 1);
        for (int j = 0; j < delta->cols; j++) {
            const double value = slopes[(size_t)i * (size_t)delta->cols + (size_t)j] * share;
            if (row.precision == PRECISION_F64)
                row.f64[j] = value;
            else
                row.f32[j] = (float)value;
        }
        const size_t padding = (delta->stride - (size_t)delta->cols) * precision_bytes(row.precision);
        memset((char *)row.data + (size_t)delta->cols * precision_bytes(row.precision), 0, padding);
    }
}

/* Examples first .. first + n - 1 of the slice. */
static void judge_some(Slice *slice, int first, int n) {
    Mlp *mlp = slice->mlp;
    const int last = mlp->spec.n_layers - 1, n_out = mlp->layers[last].n_out;
    const Loss *loss = mlp->spec.loss;
    double losses[JUDGED_ROWS];
    for (int i = 0; i < n; i++) {
        const size_t example = (size_t)(slice->first + first + i);
        double *outputs = mlp->outputs + (size_t)i * (size_t)n_out;
        mlp_read_example(slice, first + i, outputs, mlp->targets + (size_t)i * (size_t)n_out);
        for (int j = 0; slice->outputs && j < n_out; j++)
            slice->outputs[example * (size_t)n_out + (size_t)j] = (float)outputs[j];
        if (loss->target == LOSS_TARGET_LABEL)
            slice->wrong += is_wrong(loss, outputs, n_out, slice->batch->labels[example]);
    }
    loss->judge(mlp->outputs, mlp->targets, mlp->slopes, losses, n, n_out);
    for (int i = 0; i < n; i++) slice->loss += losses[i];
    for (int i = 0; slice->losses && i < n; i++) slice->losses[slice->first + first + i] = (float)losses[i];
    if (!slice->gradient) return;
    const Matrix all = mlp_delta(mlp, last, slice->rows), delta = matrix_row_range(&all, first, n);
    write_slopes(&delta, mlp->slopes, 1.0 / slice->batch->size);
}

void mlp_judge(Slice *slice) {
    for (int i = 0; i < slice->rows; i += JUDGED_ROWS)
        judge_some(slice, i, slice->rows - i < JUDGED_ROWS ? slice->rows - i : JUDGED_ROWS);
}

void mlp_read_outputs(const Slice *slice) {
    const Layer *last = &slice->mlp->layers[slice->mlp->spec.n_layers - 1];
    const size_t n = (size_t)last->n_out;
    for (int i = 0; i < slice->rows; i++) {
        const Matrix row = matrix_row_range(&last->sums, i, 1);
        float *to = slice->outputs + (size_t)(slice->first + i) * n;
        for (size_t j = 0; j < n; j++)
            to[j] = row.precision == PRECISION_F64 ? (float)row.f64[j] : row.f32[j];
    }
}

/* Backward. */

static void delta_share(const LayerWork *work, int share) {
    Slice *slice = work->slice;
    const Mlp *mlp = slice->mlp;
    const Layer *layer = &mlp->layers[work->layer];
    const Range range = share_range(layer->n_in, work->n_below, share);
    const Matrix delta = mlp_delta(mlp, work->layer, slice->rows);
    const Matrix all_below = mlp_delta(mlp, work->layer - 1, slice->rows);
    const Matrix below = matrix_column_range(&all_below, range.first, range.n);
    if (mlp->is_small) {
        matrix_product_small(&below, &delta, AS_IT_IS, &layer->padded_transposed);
    } else {
        const Matrix all = mlp_weights(slice, slice->x, work->layer);
        const Matrix weights = matrix_row_range(&all, range.first, range.n);
        matrix_product(&below, &delta, AS_IT_IS, &weights, TRANSPOSED, false);
    }
    mlp_scale_delta(slice, work->layer - 1, range.first, &below);
}

static void gradient_share(const LayerWork *work, int share) {
    Slice *slice = work->slice;
    const Mlp *mlp = slice->mlp;
    const Layer *layer = &mlp->layers[work->layer];
    const Range range = share_range(layer->n_in, work->n_weights, share);
    const bool add = slice->first > 0;
    const Matrix delta = mlp_delta(mlp, work->layer, slice->rows);
    const Matrix all_inputs = mlp_layer_inputs(slice, work->layer);
    const Matrix inputs = matrix_column_range(&all_inputs, range.first, range.n);
    const Matrix all = mlp_weights(slice, slice->gradient, work->layer);
    if (share == 0) rows_sum(&delta, number_at(slice->gradient, layer->bias), add);
    if (mlp->is_small) {
        matrix_product_small(&layer->padded_gradient, &inputs, TRANSPOSED, &delta);
        rows_flatten(&layer->padded_gradient, all.data, add);
    } else {
        const Matrix gradient = matrix_row_range(&all, range.first, range.n);
        matrix_product(&gradient, &inputs, TRANSPOSED, &delta, AS_IT_IS, add);
    }
}

static void backward_share(void *context, int index, int worker) {
    (void)worker;
    const LayerWork *work = context;
    if (index < work->n_below)
        delta_share(work, index);
    else
        gradient_share(work, index - work->n_below);
}

/* Deltas are shares of the mean over the batch. */
static void note_error(const Slice *slice, int layer) {
    Mlp *mlp = slice->mlp;
    const Matrix delta = mlp_delta(mlp, layer, slice->rows);
    double sum = 0;
    for (int i = 0; i < delta.rows; i++) {
        const Matrix cells = matrix_row_range(&delta, i, 1);
        const Vec row = {.n = (size_t)cells.cols, .precision = cells.precision, .data = cells.data};
        sum += vec_dot(&row, &row);
    }
    const double examples = slice->batch->size;
    mlp->error_squares[layer] =
        (slice->first > 0 ? mlp->error_squares[layer] : 0) + examples * examples * sum;
    mlp->noted_size = slice->batch->size;
}

void mlp_backward(Slice *slice) {
    Mlp *mlp = slice->mlp;
    for (int l = mlp->spec.n_layers - 1; l >= 0; l--) {
        const Layer *layer = &mlp->layers[l];
        if (mlp->notes_errors) note_error(slice, l);
        LayerWork work = {.slice = slice, .layer = l};
        work.n_weights = share_count(slice, layer, layer->n_in);
        /* There are two products to share out where there is a layer below. */
        if (l > 0 && work.n_weights > SHARES_MAX / 2) work.n_weights = SHARES_MAX / 2;
        work.n_below = l > 0 ? work.n_weights : 0;
        run(mlp, work.n_below + work.n_weights, backward_share, &work);
    }
}
