/* Products of matrices: large ones by BLAS on one thread, small ones by loops of our own, for which a call
 * of BLAS would take longer than the work. Nothing here allocates. */
#ifndef SLALOM_MATRIX_H
#define SLALOM_MATRIX_H

#include "vec.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

/* (rows, cols), row-major. Does not own its numbers. */
typedef struct Matrix {
    int rows, cols;
    size_t stride; /* numbers from the beginning of a row to that of the next; at least cols */
    Precision precision;
    union {
        void *data;
        double *f64;
        float *f32;
    };
} Matrix;

/* Without gaps between its rows. */
static inline Matrix matrix_of(void *data, int rows, int cols, Precision precision) {
    return (Matrix){.rows = rows, .cols = cols, .stride = (size_t)cols, .precision = precision, .data = data};
}

/* The n rows, or columns, from `first` on: the same numbers. */
static inline Matrix matrix_row_range(const Matrix *matrix, int first, int n) {
    assert(first >= 0 && n >= 0 && first + n <= matrix->rows);
    Matrix part = *matrix;
    part.data = (char *)part.data + (size_t)first * part.stride * precision_bytes(part.precision);
    part.rows = n;
    return part;
}

static inline Matrix matrix_column_range(const Matrix *matrix, int first, int n) {
    assert(first >= 0 && n >= 0 && first + n <= matrix->cols);
    Matrix part = *matrix;
    part.data = (char *)part.data + (size_t)first * precision_bytes(part.precision);
    part.cols = n;
    return part;
}

/* How an operand is taken. */
typedef enum Taken { AS_IT_IS, TRANSPOSED } Taken;

/* c = a b, or c += a b where `add`, with a and b as they are or transposed; c overlaps neither. */
void matrix_product(
    const Matrix *c, const Matrix *a, Taken a_taken, const Matrix *b, Taken b_taken, bool add);

/* A row of a padded matrix is a whole number of these bytes, zeros beyond `cols`. */
enum { MATRIX_PAD_BYTES = 64 };
int matrix_padded(int cols, Precision precision); /* the stride of a padded row */

/* c = a b, where the rows of b and c are padded; b's padding is zero, c's then is. a: any strides. The sum
 * of an element is taken in index order and rounded at each multiplication and addition: the same bits on
 * every machine. */
void matrix_product_small(const Matrix *c, const Matrix *a, Taken a_taken, const Matrix *b);

#endif
