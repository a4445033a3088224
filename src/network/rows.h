/* Loops over the rows of matrices, either precision: what stands between the products of a network. */
#ifndef SLALOM_ROWS_H
#define SLALOM_ROWS_H

#include "matrix.h"

#include <stdint.h>

/* Every row += bias. bias: (cols) */
void rows_add(const Matrix *matrix, const void *bias);
/* sums = the sum of the rows, or += where `add`. sums: (cols) */
void rows_sum(const Matrix *matrix, void *sums, bool add);
/* Writes the rows one after the other without gaps, or adds them. to: (rows, cols) */
void rows_flatten(const Matrix *matrix, void *to, bool add);
/* The same backwards, or transposed: the rest of a padded row is not touched. from: (matrix->rows, cols), or
 * transposed (cols, rows). */
void rows_unflatten(const Matrix *matrix, const void *from, Taken taken);

/* gradient += l2 w + l1 sign(w); returns l2/2 |w|^2 + l1 |w|_1. gradient: NULL or (n) */
double rows_penalty(Precision precision, const void *weights, void *gradient, size_t n, double l2, double l1);

#endif
