/* The choice of loops, and those for small matrices. */
#include "matrix.h"

#include "loop.h"

#include <assert.h>
#include <cblas.h>
#include <string.h>

void matrix_product(
    const Matrix *c, const Matrix *a, Taken a_taken, const Matrix *b, Taken b_taken, bool add) {
    const int inner = a_taken == TRANSPOSED ? a->rows : a->cols;
    assert(c->rows == (a_taken == TRANSPOSED ? a->cols : a->rows));
    assert(c->cols == (b_taken == TRANSPOSED ? b->rows : b->cols));
    assert(inner == (b_taken == TRANSPOSED ? b->cols : b->rows));
    const CBLAS_TRANSPOSE take_a = a_taken == TRANSPOSED ? CblasTrans : CblasNoTrans;
    const CBLAS_TRANSPOSE take_b = b_taken == TRANSPOSED ? CblasTrans : CblasNoTrans;
    openblas_set_num_threads(1);
    if (c->precision == PRECISION_F64)
        cblas_dgemm(CblasRowMajor, take_a, take_b, c->rows, c->cols, inner, 1, a->f64, (int)a->stride, b->f64,
            (int)b->stride, add ? 1 : 0, c->f64, (int)c->stride);
    else
        cblas_sgemm(CblasRowMajor, take_a, take_b, c->rows, c->cols, inner, 1, a->f32, (int)a->stride, b->f32,
            (int)b->stride, add ? 1 : 0, c->f32, (int)c->stride);
}

/* Small ones. */

int matrix_padded(int cols, Precision precision) {
    const int numbers = MATRIX_PAD_BYTES / (int)precision_bytes(precision);
    return (cols + numbers - 1) / numbers * numbers;
}

typedef float BlockF32 __attribute__((vector_size(MATRIX_PAD_BYTES)));
typedef double BlockF64 __attribute__((vector_size(MATRIX_PAD_BYTES)));

/* `rows` rows of c by one block of columns, the sums in registers. A macro, so that the number of rows is a
 * constant and the sums are not an array in memory. */
#define TILE(Number, Block, rows)                                                                            \
    do {                                                                                                     \
        Block sums[rows] = {{0}};                                                                            \
        for (int p = 0; p < inner; p++) {                                                                    \
            Block from;                                                                                      \
            memcpy(&from, b + (size_t)p * b_stride + column, sizeof from);                                   \
            for (int r = 0; r < (rows); r++)                                                                 \
                sums[r] += a[(size_t)(row + r) * a_row + (size_t)p * a_step] * from;                         \
        }                                                                                                    \
        for (int r = 0; r < (rows); r++)                                                                     \
            memcpy(c + (size_t)(row + r) * c_stride + column, &sums[r], sizeof sums[r]);                     \
        row += (rows);                                                                                       \
    } while (0)

#define DEFINE_SMALL(Number, Block, precision)                                                               \
    LOOP void product_##precision(Number *restrict c, size_t c_stride, int rows, int cols, int inner,        \
        const Number *a, size_t a_row, size_t a_step, const Number *b, size_t b_stride) {                    \
        const int lanes = (int)(sizeof(Block) / sizeof(Number));                                             \
        for (int column = 0; column < cols; column += lanes) {                                               \
            int row = 0;                                                                                     \
            while (rows - row >= 8) TILE(Number, Block, 8);                                                  \
            if (rows - row >= 4) TILE(Number, Block, 4);                                                     \
            while (row < rows) TILE(Number, Block, 1);                                                       \
        }                                                                                                    \
    }

DEFINE_SMALL(float, BlockF32, f32)
DEFINE_SMALL(double, BlockF64, f64)

void matrix_product_small(const Matrix *c, const Matrix *a, Taken a_taken, const Matrix *b) {
    const bool across = a_taken == TRANSPOSED;
    const int inner = across ? a->rows : a->cols;
    const size_t a_row = across ? 1 : a->stride, a_step = across ? a->stride : 1;
    assert(c->rows == (across ? a->cols : a->rows) && c->cols == b->cols && inner == b->rows);
    assert((int)b->stride >= matrix_padded(b->cols, b->precision) &&
           (int)c->stride >= matrix_padded(c->cols, c->precision));
    if (c->precision == PRECISION_F64)
        product_f64(c->f64, c->stride, c->rows, c->cols, inner, a->f64, a_row, a_step, b->f64, b->stride);
    else
        product_f32(c->f32, c->stride, c->rows, c->cols, inner, a->f32, a_row, a_step, b->f32, b->stride);
}
