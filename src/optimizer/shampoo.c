/* Shampoo (Gupta, Koren & Singer 2018): the gradient G of each weight matrix is preconditioned from both
 * sides by what gradients have been so far, L^(-1/4) G R^(-1/4), L the sum of GG', R that of G'G. A bias,
 * which has one side, takes the diagonal of its only one, which is Adagrad. */
#include "dense.h"
#include "matrix.h"
#include "methods.h"

#include <math.h>

enum { VALUE_EPS = 1, VALUE_EVERY, VALUE_MOMENTUM };

/* The sums L, R and their roots, of one block after the other; of a bias the sum of squares. */
struct MethodState {
    const Layout *layout;
    Precision precision;
    Vec momentum; /* (n) */
    Vec factors;  /* L, R, L^(-1/4), R^(-1/4) of every weight matrix; the sums of squares of every bias */
    Vec half;     /* (the largest block): L^(-1/4) G, and G preconditioned */
    Vec whole;
    double *matrix, *root; /* (the longest side squared): for the roots */
    void *work;
};

typedef struct Sizes {
    size_t factors, largest, longest;
} Sizes;

static size_t factor_count(const LayoutBlock *block) {
    return block->rows == 1 ? block->cols : 2 * (block->rows * block->rows + block->cols * block->cols);
}

static Sizes sizes_of(const Layout *layout) {
    Sizes sizes = {.longest = 1};
    for (int i = 0; i < layout->n_blocks; i++) {
        const LayoutBlock *block = &layout->blocks[i];
        const size_t side = block->rows > block->cols ? block->rows : block->cols;
        sizes.factors += factor_count(block);
        if (block->rows * block->cols > sizes.largest) sizes.largest = block->rows * block->cols;
        if (block->rows > 1 && side > sizes.longest) sizes.longest = side;
    }
    return sizes;
}

static double padded(double bytes) {
    return ceil(bytes / 64) * 64;
}

static double state_bytes(const Space *space, const double *values) {
    (void)values;
    const Sizes sizes = sizes_of(space->layout);
    const double number = (double)precision_bytes(space->precision), side = (double)sizes.longest;
    if (sizes.longest > DENSE_N_MAX) return 2 * sizeof(double) * side * side * 2;
    return padded(sizeof(MethodState)) + padded(number * (double)space->n) +
           padded(number * (double)sizes.factors) + 2 * padded(number * (double)sizes.largest) +
           2 * padded(sizeof(double) * side * side) + padded(dense_work_bytes(sizes.longest));
}

static char *take(char **next, double bytes) {
    char *place = *next;
    *next += (size_t)padded(bytes);
    return place;
}

static Vec take_vec(char **next, size_t n, const Space *space) {
    Vec vec = {.n = n, .precision = space->precision};
    vec.data = take(next, (double)n * (double)precision_bytes(space->precision));
    return vec;
}

static void place(MethodState *state, const Space *space, const double *values) {
    (void)values;
    const Sizes sizes = sizes_of(space->layout);
    const double square = sizeof(double) * (double)sizes.longest * (double)sizes.longest;
    char *next = (char *)state + (size_t)padded(sizeof *state);
    state->layout = space->layout;
    state->precision = space->precision;
    state->momentum = take_vec(&next, space->n, space);
    state->factors = take_vec(&next, sizes.factors, space);
    state->half = take_vec(&next, sizes.largest, space);
    state->whole = take_vec(&next, sizes.largest, space);
    state->matrix = (double *)(void *)take(&next, square);
    state->root = (double *)(void *)take(&next, square);
    state->work = next;
}

static void reset(MethodState *state, const Space *space, const double *values) {
    place(state, space, values);
    vec_fill(&state->momentum, 0);
    vec_fill(&state->factors, 0);
}

static Vec part(const Vec *vec, size_t first, size_t n) {
    return (Vec){.n = n,
        .precision = vec->precision,
        .data = (char *)vec->data + first * precision_bytes(vec->precision)};
}

static Matrix matrix_at(const Vec *vec, size_t first, size_t rows, size_t cols) {
    return matrix_of(part(vec, first, rows * cols).data, (int)rows, (int)cols, vec->precision);
}

/* root = (sum + eps I)^(-1/4); the root before stays where there is no better one. */
static void take_root(MethodState *state, const Matrix *sum, const Matrix *root, double eps) {
    const size_t n = (size_t)sum->rows;
    const Vec from = {.n = n * n, .precision = sum->precision, .data = sum->data};
    const Vec to = {.n = n * n, .precision = root->precision, .data = root->data};
    vec_read(&from, state->matrix);
    for (size_t i = 0; i < n; i++) state->matrix[i * n + i] += eps;
    if (!isfinite(vec_norm(&from)) || !dense_power(n, state->matrix, -0.25, eps, state->root, state->work))
        return;
    vec_write(&to, state->root);
}

/* The preconditioned gradient of a weight matrix whose factors begin at number `first`. */
static Vec precondition(
    MethodState *state, const MethodStep *step, const LayoutBlock *block, const Vec *gradient, size_t first) {
    const size_t rows = block->rows, cols = block->cols;
    const Matrix g = matrix_at(gradient, block->offset, rows, cols);
    const Matrix left = matrix_at(&state->factors, first, rows, rows);
    const Matrix right = matrix_at(&state->factors, first + rows * rows, cols, cols);
    const size_t roots = first + rows * rows + cols * cols;
    const Matrix left_root = matrix_at(&state->factors, roots, rows, rows);
    const Matrix right_root = matrix_at(&state->factors, roots + rows * rows, cols, cols);
    matrix_product(&left, &g, AS_IT_IS, &g, TRANSPOSED, true);
    matrix_product(&right, &g, TRANSPOSED, &g, AS_IT_IS, true);
    if (fmod((double)step->t - 1, step->values[VALUE_EVERY]) == 0) {
        take_root(state, &left, &left_root, step->values[VALUE_EPS]);
        take_root(state, &right, &right_root, step->values[VALUE_EPS]);
    }
    const Matrix half = matrix_at(&state->half, 0, rows, cols),
                 whole = matrix_at(&state->whole, 0, rows, cols);
    matrix_product(&half, &left_root, AS_IT_IS, &g, AS_IT_IS, false);
    matrix_product(&whole, &half, AS_IT_IS, &right_root, AS_IT_IS, false);
    return part(&state->whole, 0, rows * cols);
}

static Vec scale_bias(
    MethodState *state, const MethodStep *step, const LayoutBlock *block, const Vec *gradient, size_t first) {
    const Vec scaled = part(&state->whole, 0, block->cols);
    for (size_t i = 0; i < block->cols; i++) {
        const double g = vec_get(gradient, block->offset + i);
        const double sum = vec_get(&state->factors, first + i) + g * g;
        vec_set(&state->factors, first + i, sum);
        vec_set(&scaled, i, g / sqrt(sum + step->values[VALUE_EPS]));
    }
    return scaled;
}

static bool step(MethodState *state, MethodStep *method_step) {
    const double momentum = method_step->values[VALUE_MOMENTUM];
    const Vec *gradient;
    method_step->evaluator->evaluate(method_step->evaluator->context, method_step->x, &gradient);
    size_t first = 0;
    for (int i = 0; i < state->layout->n_blocks; i++) {
        const LayoutBlock *block = &state->layout->blocks[i];
        const size_t n = block->rows * block->cols;
        const Vec direction = block->rows > 1 ? precondition(state, method_step, block, gradient, first)
                                              : scale_bias(state, method_step, block, gradient, first);
        const Vec x = part(method_step->x, block->offset, n), v = part(&state->momentum, block->offset, n);
        vec_combine(&v, momentum, &v, 1, &direction);
        vec_combine(&x, 1, &x, -method_step->lr, &v);
        first += factor_count(block);
    }
    return true;
}

const Method method_shampoo = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step, .takes_matrices = true};
