/* Closed forms up to n = 2, LAPACK above. */
#include "dense.h"

#include <assert.h>
#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { BLOCK = 64 }; /* columns that dsytrf, dsyev and dsyevd take together: how much room they are given */

/* The work room cut up. */
typedef struct Work {
    double *numbers;      /* (BLOCK n) */
    double *scale;        /* (n) */
    double *solution;     /* (n) */
    lapack_int *pivots;   /* (n) */
    lapack_int *integers; /* (n) */
} Work;

double dense_work_bytes(size_t n) {
    return (double)n * ((BLOCK + 2) * sizeof(double) + 2 * sizeof(lapack_int));
}

static Work cut(void *work, size_t n) {
    Work cut = {.numbers = work};
    cut.scale = cut.numbers + BLOCK * n;
    cut.solution = cut.scale + n;
    cut.pivots = (lapack_int *)(void *)(cut.solution + n);
    cut.integers = cut.pivots + n;
    return cut;
}

/* Scales rows and columns by powers of two, which rounds nothing, so that the largest number of each is
 * near 1: whether A is singular must not depend on the units of x. False where a row is zero. */
static bool equilibrate(size_t n, double *matrix, double *scale) {
    for (size_t i = 0; i < n; i++) {
        double largest = 0;
        int exponent;
        for (size_t k = 0; k < n; k++) largest = fmax(largest, fabs(matrix[i * n + k]));
        if (largest == 0) return false;
        (void)frexp(sqrt(largest), &exponent);
        scale[i] = ldexp(1, -exponent);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) matrix[i * n + k] = matrix[i * n + k] * scale[i] * scale[k];
    return true;
}

/* The eigenvalues of (a, b; b, d), and the first one's eigenvector (cosine, sine): one Jacobi rotation. */
typedef struct Eigen2 {
    double values[2], cosine, sine;
} Eigen2;

static Eigen2 eigen2(double a, double b, double d) {
    if (b == 0) return (Eigen2){{a, d}, 1, 0};
    const double theta = (d - a) / (2 * b);
    const double tangent =
        isfinite(theta * theta) ? copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1)) : 0.5 / theta;
    const double cosine = 1 / sqrt(tangent * tangent + 1);
    return (Eigen2){{a - tangent * b, d + tangent * b}, cosine, -tangent * cosine};
}

/* Solves with eigenvalues in the place of the matrix's own. */
static void solve2(const Eigen2 *eigen, const double *values, double *b) {
    const double c = eigen->cosine, s = eigen->sine;
    const double first = (c * b[0] + s * b[1]) / values[0], second = (c * b[1] - s * b[0]) / values[1];
    b[0] = c * first - s * second;
    b[1] = s * first + c * second;
}

/* The values are absolute ones. */
static bool is_singular(size_t n, const double *values) {
    double smallest = INFINITY, largest = 0;
    for (size_t i = 0; i < n; i++) {
        smallest = fmin(smallest, values[i]);
        largest = fmax(largest, values[i]);
    }
    return !(smallest > DBL_EPSILON * (double)n * largest);
}

/* By elimination with the larger diagonal number first, or by Cramer's rule where the other two are larger
 * still (Bunch & Kaufman's choice of a pivot). */
static bool solve_small(size_t n, const double *matrix, double *b) {
    if (n == 1) {
        b[0] /= matrix[0];
        return true;
    }
    const double x = matrix[1], largest = fmax(fabs(matrix[0]), fabs(matrix[3]));
    const Eigen2 eigen = eigen2(matrix[0], x, matrix[3]);
    if (is_singular(2, (double[]){fabs(eigen.values[0]), fabs(eigen.values[1])})) return false;
    if (largest < 0.64 * fabs(x)) {
        const double determinant = matrix[0] * matrix[3] - x * x, first = b[0];
        b[0] = (matrix[3] * b[0] - x * b[1]) / determinant;
        b[1] = (matrix[0] * b[1] - x * first) / determinant;
        return true;
    }
    const size_t p = fabs(matrix[3]) > fabs(matrix[0]) ? 1 : 0, q = 1 - p;
    const double ratio = x / matrix[3 * p];
    b[q] = (b[q] - ratio * b[p]) / (matrix[3 * q] - ratio * x);
    b[p] = (b[p] - x * b[q]) / matrix[3 * p];
    return true;
}

static double norm_1(size_t n, const double *matrix) {
    double norm = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) sum += fabs(matrix[i * n + k]);
        norm = fmax(norm, sum);
    }
    return norm;
}

/* By Bunch-Kaufman factors. Symmetric, so that rows and columns may be taken for each other. */
static bool solve_large(size_t n, double *matrix, double *b, const Work *work) {
    const lapack_int size = (lapack_int)n;
    const double norm = norm_1(n, matrix);
    double reciprocal_condition;
    openblas_set_num_threads(1);
    return LAPACKE_dsytrf_work(
               LAPACK_COL_MAJOR, 'L', size, matrix, size, work->pivots, work->numbers, BLOCK * size) == 0 &&
           LAPACKE_dsycon_work(LAPACK_COL_MAJOR, 'L', size, matrix, size, work->pivots, norm,
               &reciprocal_condition, work->numbers, work->integers) == 0 &&
           reciprocal_condition > DBL_EPSILON &&
           LAPACKE_dsytrs_work(LAPACK_COL_MAJOR, 'L', size, 1, matrix, size, work->pivots, b, size) == 0;
}

bool dense_solve(size_t n, double *matrix, double *b, void *work) {
    assert(n > 0 && n <= DENSE_N_MAX);
    const Work room = cut(work, n);
    if (!equilibrate(n, matrix, room.scale)) return false;
    for (size_t i = 0; i < n; i++) room.solution[i] = b[i] * room.scale[i];
    if (!(n <= 2 ? solve_small(n, matrix, room.solution) : solve_large(n, matrix, room.solution, &room)))
        return false;
    for (size_t i = 0; i < n; i++) b[i] = room.solution[i] * room.scale[i];
    return true;
}

bool dense_solve_absolute(size_t n, double *matrix, double shift, double *b, void *work) {
    assert(n > 0 && n <= DENSE_N_MAX && shift >= 0);
    const Work room = cut(work, n);
    const lapack_int size = (lapack_int)n;
    double *const values = room.scale;
    Eigen2 eigen = {{0}, 1, 0};
    if (n > 2) {
        openblas_set_num_threads(1);
        if (LAPACKE_dsyev_work(
                LAPACK_COL_MAJOR, 'V', 'L', size, matrix, size, values, room.numbers, BLOCK * size) != 0)
            return false;
    } else {
        if (n == 2)
            eigen = eigen2(matrix[0], matrix[1], matrix[3]);
        else
            eigen.values[0] = matrix[0];
        memcpy(values, eigen.values, n * sizeof *values);
    }
    for (size_t i = 0; i < n; i++) values[i] = fabs(values[i]) + shift;
    if (is_singular(n, values)) return false;
    if (n == 1)
        b[0] /= values[0];
    else if (n == 2)
        solve2(&eigen, values, b);
    else { /* the matrix is now V, an eigenvector a column: b = V (V'b / values) */
        cblas_dgemv(CblasColMajor, CblasTrans, (int)n, (int)n, 1, matrix, (int)n, b, 1, 0, room.solution, 1);
        for (size_t i = 0; i < n; i++) room.solution[i] /= values[i];
        cblas_dgemv(
            CblasColMajor, CblasNoTrans, (int)n, (int)n, 1, matrix, (int)n, room.solution, 1, 0, b, 1);
    }
    return true;
}

bool dense_eigen(size_t n, double *matrix, double *values, void *work) {
    assert(n > 0 && n <= DENSE_N_MAX);
    const Work room = cut(work, n);
    const lapack_int size = (lapack_int)n;
    openblas_set_num_threads(1);
    return LAPACKE_dsyev_work(
               LAPACK_COL_MAJOR, 'V', 'L', size, matrix, size, values, room.numbers, BLOCK * size) == 0;
}

bool dense_eigenvalues(size_t n, double *matrix, double *values, void *work) {
    assert(n > 0 && n <= DENSE_N_MAX);
    const Work room = cut(work, n);
    const lapack_int size = (lapack_int)n;
    openblas_set_num_threads(1);
    return LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'N', 'L', size, matrix, size, values, room.numbers,
               BLOCK * size, room.integers, size) == 0;
}

bool dense_power(size_t n, double *matrix, double exponent, double least, double *power, void *work) {
    assert(n > 0 && n <= DENSE_N_MAX && least > 0);
    const Work room = cut(work, n);
    double *const values = room.scale;
    if (!dense_eigen(n, matrix, values, work)) return false;
    /* The matrix is now V, an eigenvector a row as we store it: A^e = sum of value^e v v' = S'S, where S has
     * the rows value^(e/2) v. */
    for (size_t i = 0; i < n; i++) {
        const double factor = pow(fmax(values[i], least), exponent / 2);
        for (size_t k = 0; k < n; k++) matrix[i * n + k] *= factor;
    }
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)n, (int)n, 1, matrix, (int)n, matrix,
        (int)n, 0, power, (int)n);
    return true;
}
