/* Plain loops, once for each instruction set. The order of every sum is that of the rows. */
#include "rows.h"

#include "loop.h"

#include <math.h>
#include <string.h>

#define DEFINE_LOOPS(Number, precision)                                                                      \
    LOOP void add_##precision(                                                                               \
        Number *restrict matrix, size_t stride, int rows, int cols, const Number *restrict bias) {           \
        for (int i = 0; i < rows; i++)                                                                       \
            for (int j = 0; j < cols; j++) matrix[(size_t)i * stride + (size_t)j] += bias[j];                \
    }                                                                                                        \
    LOOP void sum_##precision(                                                                               \
        const Number *restrict matrix, size_t stride, int rows, int cols, Number *restrict sums) {           \
        for (int i = 0; i < rows; i++)                                                                       \
            for (int j = 0; j < cols; j++) sums[j] += matrix[(size_t)i * stride + (size_t)j];                \
    }                                                                                                        \
    LOOP void flatten_##precision(                                                                           \
        const Number *restrict matrix, size_t stride, int rows, int cols, Number *restrict to, bool add) {   \
        for (int i = 0; i < rows; i++, to += cols)                                                           \
            for (int j = 0; j < cols; j++)                                                                   \
                to[j] = matrix[(size_t)i * stride + (size_t)j] + (add ? to[j] : 0);                          \
    }                                                                                                        \
    LOOP void unflatten_##precision(                                                                         \
        Number *restrict matrix, size_t stride, int rows, int cols, const Number *restrict from) {           \
        for (int i = 0; i < rows; i++, from += cols)                                                         \
            for (int j = 0; j < cols; j++) matrix[(size_t)i * stride + (size_t)j] = from[j];                 \
    }                                                                                                        \
    LOOP void transpose_##precision(                                                                         \
        Number *restrict matrix, size_t stride, int rows, int cols, const Number *restrict from) {           \
        for (int i = 0; i < rows; i++)                                                                       \
            for (int j = 0; j < cols; j++)                                                                   \
                matrix[(size_t)i * stride + (size_t)j] = from[(size_t)j * (size_t)rows + (size_t)i];         \
    }                                                                                                        \
    LOOP double penalty_##precision(                                                                         \
        const Number *restrict weights, Number *restrict gradient, size_t n, double l2, double l1) {         \
        double squares = 0, sizes = 0;                                                                       \
        for (size_t i = 0; i < n; i++) {                                                                     \
            const double w = (double)weights[i];                                                             \
            squares += w * w;                                                                                \
            sizes += fabs(w);                                                                                \
        }                                                                                                    \
        for (size_t i = 0; gradient && i < n; i++) {                                                         \
            const double w = (double)weights[i];                                                             \
            gradient[i] += (Number)(l2 * w + l1 * ((w > 0) - (w < 0)));                                      \
        }                                                                                                    \
        return 0.5 * l2 * squares + l1 * sizes;                                                              \
    }

DEFINE_LOOPS(float, f32)
DEFINE_LOOPS(double, f64)

void rows_add(const Matrix *matrix, const void *bias) {
    if (matrix->precision == PRECISION_F64)
        add_f64(matrix->f64, matrix->stride, matrix->rows, matrix->cols, bias);
    else
        add_f32(matrix->f32, matrix->stride, matrix->rows, matrix->cols, bias);
}

void rows_sum(const Matrix *matrix, void *sums, bool add) {
    if (!add) memset(sums, 0, (size_t)matrix->cols * precision_bytes(matrix->precision));
    if (matrix->precision == PRECISION_F64)
        sum_f64(matrix->f64, matrix->stride, matrix->rows, matrix->cols, sums);
    else
        sum_f32(matrix->f32, matrix->stride, matrix->rows, matrix->cols, sums);
}

void rows_flatten(const Matrix *matrix, void *to, bool add) {
    if (matrix->precision == PRECISION_F64)
        flatten_f64(matrix->f64, matrix->stride, matrix->rows, matrix->cols, to, add);
    else
        flatten_f32(matrix->f32, matrix->stride, matrix->rows, matrix->cols, to, add);
}

void rows_unflatten(const Matrix *matrix, const void *from, Taken taken) {
    const bool wide = matrix->precision == PRECISION_F64;
    if (taken == TRANSPOSED && wide)
        transpose_f64(matrix->f64, matrix->stride, matrix->rows, matrix->cols, from);
    else if (taken == TRANSPOSED)
        transpose_f32(matrix->f32, matrix->stride, matrix->rows, matrix->cols, from);
    else if (wide)
        unflatten_f64(matrix->f64, matrix->stride, matrix->rows, matrix->cols, from);
    else
        unflatten_f32(matrix->f32, matrix->stride, matrix->rows, matrix->cols, from);
}

double rows_penalty(
    Precision precision, const void *weights, void *gradient, size_t n, double l2, double l1) {
    return precision == PRECISION_F64 ? penalty_f64(weights, gradient, n, l2, l1)
                                      : penalty_f32(weights, gradient, n, l2, l1);
}
