/* Dense symmetric matrices in float64: the only part of slalom that calls LAPACK, for n above 2. Nothing
 * here allocates; the caller brings the room to work in. LAPACK runs on one thread, so that a machine
 * gives the same bits every time. */
#ifndef SLALOM_DENSE_H
#define SLALOM_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* Room for the work on an (n, n) matrix: bytes, aligned to 64; a double, since n may be any. */
double dense_work_bytes(size_t n);

/* The largest n that LAPACK's index type can take. */
#define DENSE_N_MAX ((size_t)46340)

/* Solves A x = b. matrix: (n, n), symmetric and finite, destroyed; b: (n), becomes x. False, with b as it
 * was, where A is singular: after its rows and columns are scaled to the same size, its condition number
 * is above 1/epsilon. */
bool dense_solve(size_t n, double *matrix, double *b, void *work);

/* Solves (|A| + shift I) x = b, where |A| has the eigenvectors of A and the absolute values of its
 * eigenvalues. The same arguments; shift >= 0. False, with b as it was, where that is singular or no
 * eigenvalues are found. */
bool dense_solve_absolute(size_t n, double *matrix, double shift, double *b, void *work);

/* Eigenvalues in rising order, and the matrix becomes its orthonormal eigenvectors, one a row. matrix:
 * (n, n), symmetric and finite; values: (n). False where they are not found. */
bool dense_eigen(size_t n, double *matrix, double *values, void *work);

/* The eigenvalues alone, which takes a tenth of the time. matrix: destroyed. */
bool dense_eigenvalues(size_t n, double *matrix, double *values, void *work);

/* power = A^exponent, with eigenvalues below `least` taken for it. matrix: (n, n), symmetric and finite,
 * destroyed; power: (n, n), apart from it; least > 0. False where no eigenvalues are found. */
bool dense_power(size_t n, double *matrix, double exponent, double least, double *power, void *work);

#endif
