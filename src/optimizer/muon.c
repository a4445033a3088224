/* Muon (Jordan et al. 2024): the momentum of each weight matrix is replaced by the nearest matrix with
 * orthonormal rows or columns, about, so that every direction is learned as fast as any other. Biases take
 * Adam. */
#include "matrix.h"
#include "methods.h"

#include <math.h>

enum { VALUE_MOMENTUM = 1, VALUE_NESTEROV, VALUE_ITERATIONS, VALUE_BIAS_LR, VALUE_WEIGHT_DECAY };

/* Adam's for biases, as in the authors' code. */
#define BIAS_BETA1 0.9
#define BIAS_BETA2 0.95
#define BIAS_EPS 1e-10

struct MethodState {
    const Layout *layout;
    Vec momentum; /* (n): of weights the momentum, of biases Adam's first moment */
    Vec second;   /* (biases): Adam's second moment, one bias after the other */
    /* Room for the largest matrix, taken so that it is no taller than wide: X, another one, and XX' and its
     * square. */
    void *x, *other, *gram, *square;
};

/* What the room must hold. */
typedef struct Sizes {
    size_t biases, largest, shorter; /* numbers; of the largest matrix; the longest shorter side */
} Sizes;

static Sizes sizes_of(const Layout *layout) {
    Sizes sizes = {0};
    for (int i = 0; i < layout->n_blocks; i++) {
        const LayoutBlock *block = &layout->blocks[i];
        const size_t n = block->rows * block->cols,
                     side = block->rows < block->cols ? block->rows : block->cols;
        if (block->rows == 1) sizes.biases += n;
        if (block->rows == 1) continue;
        if (n > sizes.largest) sizes.largest = n;
        if (side > sizes.shorter) sizes.shorter = side;
    }
    return sizes;
}

static double padded(double numbers, const Space *space) {
    return ceil(numbers * (double)precision_bytes(space->precision) / 64) * 64;
}

static double state_bytes(const Space *space, const double *values) {
    (void)values;
    const Sizes sizes = sizes_of(space->layout);
    return (double)((sizeof(MethodState) + 63) / 64 * 64) + padded((double)space->n, space) +
           padded((double)sizes.biases, space) + 2 * padded((double)sizes.largest, space) +
           2 * padded((double)sizes.shorter * (double)sizes.shorter, space);
}

static void *take(char **next, size_t numbers, const Space *space) {
    void *place = *next;
    *next += (size_t)padded((double)numbers, space);
    return place;
}

static void place(MethodState *state, const Space *space, const double *values) {
    (void)values;
    const Sizes sizes = sizes_of(space->layout);
    char *next = (char *)state + (sizeof *state + 63) / 64 * 64;
    state->layout = space->layout;
    state->momentum =
        (Vec){.n = space->n, .precision = space->precision, .data = take(&next, space->n, space)};
    state->second =
        (Vec){.n = sizes.biases, .precision = space->precision, .data = take(&next, sizes.biases, space)};
    state->x = take(&next, sizes.largest, space);
    state->other = take(&next, sizes.largest, space);
    state->gram = take(&next, sizes.shorter * sizes.shorter, space);
    state->square = take(&next, sizes.shorter * sizes.shorter, space);
}

static void reset(MethodState *state, const Space *space, const double *values) {
    place(state, space, values);
    vec_fill(&state->momentum, 0);
    vec_fill(&state->second, 0);
}

static Vec part(const Vec *vec, size_t first, size_t n) {
    return (Vec){.n = n,
        .precision = vec->precision,
        .data = (char *)vec->data + first * precision_bytes(vec->precision)};
}

static Vec numbers_of(const Matrix *matrix) {
    return (Vec){.n = (size_t)matrix->rows * (size_t)matrix->cols,
        .precision = matrix->precision,
        .data = matrix->data};
}

/* Newton and Schulz's iteration with the coefficients that bring every singular value near 1 the soonest: X
 * becomes aX + (bA + cA^2)X, A = XX'. x: no taller than wide; the result may be in either room, and is
 * returned. */
static Matrix orthogonalize(const MethodState *state, Matrix x, int iterations) {
    const double a = 3.4445, b = -4.7750, c = 2.0315;
    const Vec numbers = numbers_of(&x);
    Matrix other = matrix_of(state->other, x.rows, x.cols, x.precision);
    const Matrix gram = matrix_of(state->gram, x.rows, x.rows, x.precision);
    const Matrix square = matrix_of(state->square, x.rows, x.rows, x.precision);
    const Vec gram_numbers = numbers_of(&gram), square_numbers = numbers_of(&square);
    vec_combine(&numbers, 1 / (vec_norm(&numbers) + 1e-7), &numbers, 0, &numbers);
    for (int i = 0; i < iterations; i++) {
        matrix_product(&gram, &x, AS_IT_IS, &x, TRANSPOSED, false);
        matrix_product(&square, &gram, AS_IT_IS, &gram, AS_IT_IS, false);
        vec_combine(&gram_numbers, b, &gram_numbers, c, &square_numbers);
        matrix_product(&other, &gram, AS_IT_IS, &x, AS_IT_IS, false);
        const Vec from = numbers_of(&x), to = numbers_of(&other);
        vec_combine(&to, 1, &to, a, &from);
        const Matrix kept = x;
        x = other;
        other = kept;
    }
    return x;
}

static void transpose(const Vec *to, const Vec *from, size_t rows, size_t cols) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) vec_set(to, j * rows + i, vec_get(from, i * cols + j));
}

static void step_weights(
    MethodState *state, const MethodStep *step, const LayoutBlock *block, const Vec *gradient) {
    const double *values = step->values;
    const size_t n = block->rows * block->cols;
    const Vec x = part(step->x, block->offset, n), g = part(gradient, block->offset, n);
    const Vec momentum = part(&state->momentum, block->offset, n);
    const double beta = values[VALUE_MOMENTUM];
    vec_combine(&momentum, beta, &momentum, 1, &g);
    const bool tall = block->rows > block->cols, looks_ahead = values[VALUE_NESTEROV] != 0;
    const int rows = (int)(tall ? block->cols : block->rows), cols = (int)(tall ? block->rows : block->cols);
    const Vec ahead = {.n = n, .precision = x.precision, .data = tall ? state->other : state->x};
    vec_combine(&ahead, looks_ahead ? beta : 1, &momentum, looks_ahead ? 1 : 0, &g);
    const Matrix room = matrix_of(state->x, rows, cols, x.precision);
    const Vec room_numbers = numbers_of(&room);
    if (tall) transpose(&room_numbers, &ahead, block->rows, block->cols);
    const Matrix direction = orthogonalize(state, room, (int)values[VALUE_ITERATIONS]);
    Vec direction_numbers = numbers_of(&direction);
    if (tall) {
        const Vec upright = {
            .n = n, .precision = x.precision, .data = direction.data == state->x ? state->other : state->x};
        transpose(&upright, &direction_numbers, (size_t)rows, (size_t)cols);
        direction_numbers = upright;
    }
    const double scale = sqrt(fmax(1, (double)block->cols / (double)block->rows));
    vec_combine(&x, 1 - step->lr * values[VALUE_WEIGHT_DECAY], &x, -step->lr * scale, &direction_numbers);
}

/* The bias's first second moment is number `first` of them all. */
static void step_bias(MethodState *state, const MethodStep *step, const LayoutBlock *block,
    const Vec *gradient, size_t first, double lr) {
    const double whole1 = 1 - pow(BIAS_BETA1, (double)step->t), whole2 = 1 - pow(BIAS_BETA2, (double)step->t);
    for (size_t i = 0; i < block->cols; i++) {
        const size_t at = block->offset + i;
        const double g = vec_get(gradient, at);
        const double s = BIAS_BETA1 * vec_get(&state->momentum, at) + (1 - BIAS_BETA1) * g;
        const double r = BIAS_BETA2 * vec_get(&state->second, first + i) + (1 - BIAS_BETA2) * g * g;
        vec_set(&state->momentum, at, s);
        vec_set(&state->second, first + i, r);
        vec_set(step->x, at, vec_get(step->x, at) - lr * (s / whole1) / (BIAS_EPS + sqrt(r / whole2)));
    }
}

static bool step(MethodState *state, MethodStep *method_step) {
    const Vec *gradient;
    method_step->evaluator->evaluate(method_step->evaluator->context, method_step->x, &gradient);
    /* A schedule moves both rates alike. */
    const double bias_lr = method_step->values[VALUE_BIAS_LR] * (method_step->lr / method_step->values[0]);
    size_t bias = 0;
    for (int i = 0; i < state->layout->n_blocks; i++) {
        const LayoutBlock *block = &state->layout->blocks[i];
        if (block->rows > 1)
            step_weights(state, method_step, block, gradient);
        else
            step_bias(state, method_step, block, gradient, bias, bias_lr);
        bias += block->rows == 1 ? block->cols : 0;
    }
    return true;
}

const Method method_muon = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step, .takes_matrices = true};
