/* Exact products of the Hessian with a vector (Pearlmutter 1994, "Fast exact multiplication by the Hessian"):
 * the way forward and backward is differentiated along the direction v. R{.} is such a derivative; R{x} = v.
 *
 * Forward:  R{z} = W'R{a below} + V'a below + V's bias;  R{a} = f'(z) R{z}
 * Backward: R{e} = W R{d} + V d, where e = W d is the loss by a layer's outputs and d = f'(z) e that by its
 * sums; R{d} = f'(z) R{e} + f''(z) R{z} e Gradient: R{dW} = R{a below}'d + (a below)'R{d} */
#include "mlp_inner.h"

#include "rows.h"
#include "text.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double matrix_bytes(const Mlp *mlp, int n) {
    const double numbers = (double)mlp->slice_rows * mlp_stride(mlp, n);
    return ceil(numbers * (double)precision_bytes(mlp->objective.precision) / 64) * 64;
}

static int widest_layer(const Mlp *mlp) {
    int widest = 1;
    for (int l = 0; l < mlp->spec.n_layers; l++)
        if (mlp->layers[l].n_out > widest) widest = mlp->layers[l].n_out;
    return widest;
}

static Matrix cut(const Mlp *mlp, char **next, int n) {
    Matrix matrix = matrix_of(*next, mlp->slice_rows, n, mlp->objective.precision);
    matrix.stride = (size_t)mlp_stride(mlp, n);
    *next += (size_t)matrix_bytes(mlp, n);
    return matrix;
}

static void place(Mlp *mlp, Curvature *curvature) {
    char *next = curvature->block;
    const int widest = widest_layer(mlp);
    const size_t vec_bytes = mlp->objective.dim * precision_bytes(mlp->objective.precision);
    for (int l = 0; l < mlp->spec.n_layers; l++) {
        curvature->sums[l] = cut(mlp, &next, mlp->layers[l].n_out);
        curvature->outputs[l] = cut(mlp, &next, mlp->layers[l].n_out);
    }
    for (int i = 0; i < 2; i++) curvature->deltas[i] = cut(mlp, &next, widest).data;
    curvature->errors = cut(mlp, &next, widest).data;
    curvature->bend = cut(mlp, &next, widest).data;
    Vec *const vectors[] = {&curvature->unit, &curvature->column};
    for (int i = 0; i < 2; i++) {
        *vectors[i] = (Vec){.n = mlp->objective.dim, .precision = mlp->objective.precision, .data = next};
        next += (vec_bytes + 63) / 64 * 64;
    }
    curvature->along = (double *)(void *)next;
}

bool mlp_reserve_curvature(Objective *objective, Status *status) {
    Mlp *mlp = mlp_of(objective);
    if (mlp->curvature) return true;
    double bytes = 4 * matrix_bytes(mlp, widest_layer(mlp));
    for (int l = 0; l < mlp->spec.n_layers; l++) bytes += 2 * matrix_bytes(mlp, mlp->layers[l].n_out);
    bytes += 2 * ((double)objective->dim * (double)precision_bytes(objective->precision) + 64);
    bytes += (double)mlp->spec.sizes[mlp->spec.n_layers] * sizeof(double);
    char would[32];
    text_format_bytes(would, sizeof would, bytes);
    if (bytes > MLP_BYTES_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "Hessian-vector products would take %s of memory", would);
    mlp->curvature = calloc(1, sizeof *mlp->curvature);
    if (mlp->curvature) mlp->curvature->block = aligned_alloc(64, (size_t)(ceil(bytes / 64) * 64));
    if (mlp->curvature && mlp->curvature->block) {
        memset(mlp->curvature->block, 0, (size_t)bytes);
        place(mlp, mlp->curvature);
        return true;
    }
    free(mlp->curvature);
    mlp->curvature = NULL;
    return status_fail(status, STATUS_FAILED, "out of memory: Hessian-vector products take %s", would);
}

/* Where things are. */

static Matrix rows_of(const Mlp *mlp, void *data, int n, int rows) {
    Matrix matrix = matrix_of(data, rows, n, mlp->objective.precision);
    matrix.stride = (size_t)mlp_stride(mlp, n);
    return matrix;
}

static Matrix delta_of(const Slice *slice, int layer) {
    const Mlp *mlp = slice->mlp;
    return rows_of(mlp, mlp->curvature->deltas[layer % 2], mlp->layers[layer].n_out, slice->rows);
}

static char *number_at(const Vec *vec, size_t i) {
    return (char *)vec->data + i * precision_bytes(vec->precision);
}

static void copy_rows(const Matrix *to, const Matrix *from) {
    assert(to->stride == from->stride && to->rows == from->rows);
    memcpy(to->data, from->data, to->stride * (size_t)to->rows * precision_bytes(to->precision));
}

/* One number of a matrix, either precision. */
static double cell(const Matrix *matrix, int row, int column) {
    const size_t at = (size_t)row * matrix->stride + (size_t)column;
    return matrix->precision == PRECISION_F64 ? matrix->f64[at] : (double)matrix->f32[at];
}

static void set_cell(const Matrix *matrix, int row, int column, double value) {
    const size_t at = (size_t)row * matrix->stride + (size_t)column;
    if (matrix->precision == PRECISION_F64)
        matrix->f64[at] = value;
    else
        matrix->f32[at] = (float)value;
}

/* Forward. */

static void forward(const Slice *slice, const Vec *v) {
    const Mlp *mlp = slice->mlp;
    const Curvature *room = mlp->curvature;
    for (int l = 0; l < mlp->spec.n_layers; l++) {
        const Matrix sums = matrix_row_range(&room->sums[l], 0, slice->rows);
        const Matrix outputs = matrix_row_range(&room->outputs[l], 0, slice->rows);
        const Matrix inputs = mlp_layer_inputs(slice, l), along = mlp_weights(slice, v, l);
        matrix_product(&sums, &inputs, AS_IT_IS, &along, AS_IT_IS, false);
        rows_add(&sums, number_at(v, mlp->layers[l].bias));
        if (l > 0) {
            const Matrix below = matrix_row_range(&room->outputs[l - 1], 0, slice->rows);
            const Matrix weights = mlp_weights(slice, slice->x, l);
            matrix_product(&sums, &below, AS_IT_IS, &weights, AS_IT_IS, true);
        }
        if (l == mlp->spec.n_layers - 1) return;
        copy_rows(&outputs, &sums);
        mlp_scale_delta(slice, l, 0, &outputs);
    }
}

static void judge(const Slice *slice) {
    const Mlp *mlp = slice->mlp;
    const int last = mlp->spec.n_layers - 1, n = mlp->layers[last].n_out;
    const Matrix delta = delta_of(slice, last), *sums = &mlp->curvature->sums[last];
    double *const along = mlp->curvature->along;
    for (int i = 0; i < slice->rows; i++) {
        mlp_read_example(slice, i, mlp->outputs, mlp->targets);
        for (int j = 0; j < n; j++) along[j] = cell(sums, i, j);
        mlp->spec.loss->curvature(mlp->outputs, along, mlp->slopes, n);
        for (int j = 0; j < n; j++) set_cell(&delta, i, j, mlp->slopes[j] / slice->batch->size);
    }
}

/* Backward. */

/* delta += f''(z) R{z} e of a layer. */
static void add_bend(const Slice *slice, int layer, const Matrix *errors, const Matrix *delta) {
    const Mlp *mlp = slice->mlp;
    const Layer *of = &mlp->layers[layer];
    const bool drops = of->mask != NULL;
    const double kept = drops ? 1 - mlp->spec.dropout : 1;
    const Matrix bends = rows_of(mlp, mlp->curvature->bend, of->n_out, slice->rows);
    const Matrix outputs = matrix_row_range(&of->outputs, 0, slice->rows);
    copy_rows(&bends, &outputs);
    for (int i = 0; i < slice->rows; i++) {
        const Matrix z = matrix_row_range(&of->sums, i, 1), bend = matrix_row_range(&bends, i, 1);
        /* What dropout scaled up is scaled back. */
        for (int j = 0; drops && j < of->n_out; j++) set_cell(&bend, 0, j, cell(&bend, 0, j) * kept);
        if (bend.precision == PRECISION_F64)
            mlp->spec.activation->f64.bend(z.f64, bend.f64, bend.f64, (size_t)of->n_out);
        else
            mlp->spec.activation->f32.bend(z.f32, bend.f32, bend.f32, (size_t)of->n_out);
        for (int j = 0; j < of->n_out; j++) {
            if (drops && !of->mask[(size_t)i * (size_t)of->n_out + (size_t)j]) continue;
            const double by_sum = cell(&bend, 0, j) * cell(&mlp->curvature->sums[layer], i, j);
            set_cell(delta, i, j, cell(delta, i, j) + by_sum * cell(errors, i, j) / kept);
        }
    }
}

/* The deltas of the layer below, and R{.} of them. */
static void go_below(const Slice *slice, const Vec *v, int layer) {
    const Mlp *mlp = slice->mlp;
    const Matrix delta = mlp_delta(mlp, layer, slice->rows), along = delta_of(slice, layer);
    const Matrix below = mlp_delta(mlp, layer - 1, slice->rows), along_below = delta_of(slice, layer - 1);
    const Matrix errors = rows_of(mlp, mlp->curvature->errors, mlp->layers[layer].n_in, slice->rows);
    const Matrix weights = mlp_weights(slice, slice->x, layer), change = mlp_weights(slice, v, layer);
    matrix_product(&errors, &delta, AS_IT_IS, &weights, TRANSPOSED, false);
    copy_rows(&below, &errors);
    mlp_scale_delta(slice, layer - 1, 0, &below);
    matrix_product(&along_below, &along, AS_IT_IS, &weights, TRANSPOSED, false);
    matrix_product(&along_below, &delta, AS_IT_IS, &change, TRANSPOSED, true);
    mlp_scale_delta(slice, layer - 1, 0, &along_below);
    add_bend(slice, layer - 1, &errors, &along_below);
}

static void backward(const Slice *slice, const Vec *v, const Vec *product) {
    const Mlp *mlp = slice->mlp;
    const bool add = slice->first > 0;
    for (int l = mlp->spec.n_layers - 1; l >= 0; l--) {
        const Matrix delta = mlp_delta(mlp, l, slice->rows), along = delta_of(slice, l);
        const Matrix inputs = mlp_layer_inputs(slice, l), gradient = mlp_weights(slice, product, l);
        matrix_product(&gradient, &inputs, TRANSPOSED, &along, AS_IT_IS, add);
        rows_sum(&along, number_at(product, mlp->layers[l].bias), add);
        if (l == 0) return;
        const Matrix below = matrix_row_range(&mlp->curvature->outputs[l - 1], 0, slice->rows);
        matrix_product(&gradient, &below, TRANSPOSED, &delta, AS_IT_IS, true);
        go_below(slice, v, l);
    }
}

void mlp_hessian_vector(Objective *objective, const Vec *x, const Vec *v, const Vec *product) {
    Mlp *mlp = mlp_of(objective);
    assert(mlp->curvature && "reserve_curvature comes first");
    Slice slice = {.mlp = mlp, .x = x, .gradient = product, .batch = &mlp->batch, .training = true};
    mlp_take_parameters(mlp, x);
    for (; slice.first < mlp->batch.size; slice.first += mlp->slice_rows) {
        const int left = mlp->batch.size - slice.first;
        slice.rows = left < mlp->slice_rows ? left : mlp->slice_rows;
        mlp_forward(&slice);
        mlp_judge(&slice);
        forward(&slice, v);
        judge(&slice);
        backward(&slice, v, product);
    }
    for (int l = 0; mlp->spec.l2 > 0 && l < mlp->spec.n_layers; l++) {
        const Layer *layer = &mlp->layers[l];
        rows_penalty(x->precision, number_at(v, layer->weights), number_at(product, layer->weights),
            layer->bias - layer->weights, mlp->spec.l2, 0);
    }
}

/* Column by column; made symmetric, since rounding is not. */
void mlp_hessian(Objective *objective, const Vec *x, double *hessian) {
    Curvature *room = mlp_of(objective)->curvature;
    assert(room && "reserve_curvature comes first");
    const size_t n = objective->dim;
    vec_fill(&room->unit, 0);
    for (size_t i = 0; i < n; i++) {
        vec_set(&room->unit, i, 1);
        mlp_hessian_vector(objective, x, &room->unit, &room->column);
        vec_set(&room->unit, i, 0);
        vec_read(&room->column, hessian + i * n);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            hessian[i * n + k] = hessian[k * n + i] = 0.5 * (hessian[i * n + k] + hessian[k * n + i]);
}
