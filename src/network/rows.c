/* Plain loops, once for each instruction set. The order of every sum is that of the rows. */
#include "rows.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define LOOP __attribute__((target_clones("avx512f", "avx2", "default"))) static
#else
#define LOOP static
#endif

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
    const size_t bytes = precision_bytes(matrix->precision), row_bytes = (size_t)matrix->cols * bytes;
    for (int i = 0; i < matrix->rows; i++) {
        const Matrix row = matrix_row_range(matrix, i, 1);
        void *place = (char *)to + (size_t)i * row_bytes;
        if (add)
            rows_sum(&row, place, true);
        else
            memcpy(place, row.data, row_bytes);
    }
}

void rows_unflatten(const Matrix *matrix, const void *from, Taken taken) {
    const size_t bytes = precision_bytes(matrix->precision), row_bytes = (size_t)matrix->cols * bytes;
    if (taken == TRANSPOSED && matrix->precision == PRECISION_F64)
        transpose_f64(matrix->f64, matrix->stride, matrix->rows, matrix->cols, from);
    else if (taken == TRANSPOSED)
        transpose_f32(matrix->f32, matrix->stride, matrix->rows, matrix->cols, from);
    else
        for (int i = 0; i < matrix->rows; i++)
            memcpy((char *)matrix->data + (size_t)i * matrix->stride * bytes,
                (const char *)from + (size_t)i * row_bytes, row_bytes);
}

double rows_penalty(
    Precision precision, const void *weights, void *gradient, size_t n, double l2, double l1) {
    return precision == PRECISION_F64 ? penalty_f64(weights, gradient, n, l2, l1)
                                      : penalty_f32(weights, gradient, n, l2, l1);
}
