/* Plain loops on a Vec. A sum has one order, so that it has one value. */
#include "vec.h"

#include "vec_loops.h"

#include <assert.h>
#include <math.h>
#include <string.h>

Vec vec_of_f64(double *numbers, size_t n) {
    return (Vec){.n = n, .precision = PRECISION_F64, .f64 = numbers};
}

double vec_get(const Vec *vec, size_t i) {
    assert(i < vec->n);
    return vec->precision == PRECISION_F64 ? vec->f64[i] : (double)vec->f32[i];
}

void vec_set(const Vec *vec, size_t i, double value) {
    assert(i < vec->n);
    if (vec->precision == PRECISION_F64)
        vec->f64[i] = value;
    else
        vec->f32[i] = (float)value;
}

void vec_fill(const Vec *vec, double value) {
    for (size_t i = 0; i < vec->n; i++) vec_set(vec, i, value);
}

void vec_copy(const Vec *to, const Vec *from) {
    assert(to->n == from->n && to->precision == from->precision);
    memmove(to->data, from->data, from->n * precision_bytes(from->precision));
}

void vec_read(const Vec *vec, double *numbers) {
    if (vec->precision == PRECISION_F64)
        memcpy(numbers, vec->f64, vec->n * sizeof *numbers);
    else
        loops_widen(numbers, vec->f32, vec->n);
}

void vec_write(const Vec *vec, const double *numbers) {
    if (vec->precision == PRECISION_F64)
        memcpy(vec->f64, numbers, vec->n * sizeof *numbers);
    else
        for (size_t i = 0; i < vec->n; i++) vec->f32[i] = (float)numbers[i];
}

bool vec_is_same(const Vec *a, const Vec *b) {
    return a->n == b->n && a->precision == b->precision &&
           memcmp(a->data, b->data, a->n * precision_bytes(a->precision)) == 0;
}

static void check_alike(const Vec *a, const Vec *b) {
    assert(a->n == b->n && a->precision == b->precision);
    (void)a, (void)b;
}

double vec_dot(const Vec *x, const Vec *y) {
    check_alike(x, y);
    return x->precision == PRECISION_F64 ? loops_dot_f64(x->f64, y->f64, x->n)
                                         : loops_dot_f32(x->f32, y->f32, x->n);
}

void vec_dot_rows(const Vec *rows, size_t n_rows, const Vec *x, double *dots) {
    size_t i = 0;
    for (; i + LOOPS_ROWS <= n_rows; i += LOOPS_ROWS) {
        const Vec *row = rows + i;
        check_alike(row, x);
        if (x->precision == PRECISION_F64) {
            const double *const numbers[LOOPS_ROWS] = {row[0].f64, row[1].f64, row[2].f64, row[3].f64};
            loops_dot_rows_f64(numbers, x->f64, x->n, dots + i);
        } else {
            const float *const numbers[LOOPS_ROWS] = {row[0].f32, row[1].f32, row[2].f32, row[3].f32};
            loops_dot_rows_f32(numbers, x->f32, x->n, dots + i);
        }
    }
    for (; i < n_rows; i++) dots[i] = vec_dot(&rows[i], x);
}

void vec_combine(const Vec *to, double a, const Vec *x, double b, const Vec *y) {
    check_alike(to, x);
    check_alike(x, y);
    if (x->precision == PRECISION_F64)
        loops_combine_f64(to->f64, a, x->f64, b, y->f64, x->n);
    else
        loops_combine_f32(to->f32, a, x->f32, b, y->f32, x->n);
}

/* The numbers start to start + n - 1 of vec_combine_rows. */
static void combine_block_f64(const Vec *to, double a, const Vec *x, const double *coefficients,
    const Vec *rows, size_t n_rows, size_t start, size_t n) {
    double sum[LOOPS_BLOCK];
    size_t i = 0;
    loops_begin_f64(sum, a, x->f64 + start, n);
    for (; i + LOOPS_ROWS <= n_rows; i += LOOPS_ROWS) {
        const double *const numbers[LOOPS_ROWS] = {
            rows[i].f64 + start, rows[i + 1].f64 + start, rows[i + 2].f64 + start, rows[i + 3].f64 + start};
        loops_add_rows_f64(sum, coefficients + i, numbers, n);
    }
    for (; i < n_rows; i++) loops_add_f64(sum, coefficients[i], rows[i].f64 + start, n);
    loops_end_f64(to->f64 + start, sum, n);
}

static void combine_block_f32(const Vec *to, double a, const Vec *x, const double *coefficients,
    const Vec *rows, size_t n_rows, size_t start, size_t n) {
    double sum[LOOPS_BLOCK];
    size_t i = 0;
    loops_begin_f32(sum, a, x->f32 + start, n);
    for (; i + LOOPS_ROWS <= n_rows; i += LOOPS_ROWS) {
        const float *const numbers[LOOPS_ROWS] = {
            rows[i].f32 + start, rows[i + 1].f32 + start, rows[i + 2].f32 + start, rows[i + 3].f32 + start};
        loops_add_rows_f32(sum, coefficients + i, numbers, n);
    }
    for (; i < n_rows; i++) loops_add_f32(sum, coefficients[i], rows[i].f32 + start, n);
    loops_end_f32(to->f32 + start, sum, n);
}

void vec_combine_rows(
    const Vec *to, double a, const Vec *x, const double *coefficients, const Vec *rows, size_t n_rows) {
    check_alike(to, x);
    if (n_rows > 0) check_alike(x, &rows[0]);
    for (size_t start = 0; start < x->n; start += LOOPS_BLOCK) {
        size_t n = x->n - start < LOOPS_BLOCK ? x->n - start : LOOPS_BLOCK;
        if (x->precision == PRECISION_F64)
            combine_block_f64(to, a, x, coefficients, rows, n_rows, start, n);
        else
            combine_block_f32(to, a, x, coefficients, rows, n_rows, start, n);
    }
}

/* The larger of two; a NaN, once met, stays. */
static double larger(double a, double b) {
    return b <= a || isnan(a) ? a : b;
}

/* A long sum of squares in parts that threads may take. */
enum { NORM_PART_MIN = 1 << 16, NORM_PARTS_MAX = 64 };

typedef struct NormWork {
    const Vec *vec;
    size_t part; /* numbers of one, but of the last */
    double sums[NORM_PARTS_MAX];
} NormWork;

static double squares_of(const Vec *vec, size_t first, size_t n) {
    return vec->precision == PRECISION_F64 ? loops_squares_f64(vec->f64 + first, n)
                                           : loops_squares_f32(vec->f32 + first, n);
}

static void sum_part(void *context, int index, int worker) {
    (void)worker;
    NormWork *work = context;
    const Vec *vec = work->vec;
    const size_t first = (size_t)index * work->part;
    const size_t n = vec->n - first < work->part ? vec->n - first : work->part;
    work->sums[index] = squares_of(vec, first, n);
}

static double sum_squares(const Vec *vec, Pool *pool) {
    if (vec->n <= NORM_PART_MIN) return squares_of(vec, 0, vec->n);
    size_t part = (vec->n + NORM_PARTS_MAX - 1) / NORM_PARTS_MAX;
    if (part < NORM_PART_MIN) part = NORM_PART_MIN;
    const int n = (int)((vec->n + part - 1) / part);
    NormWork work;
    work.vec = vec;
    work.part = part;
    if (pool)
        pool_run(pool, n, sum_part, &work);
    else
        for (int i = 0; i < n; i++) sum_part(&work, i, 0);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += work.sums[i];
    return sum;
}

double vec_norm(const Vec *vec) {
    return vec_norm_shared(vec, NULL);
}

double vec_norm_shared(const Vec *vec, Pool *pool) {
    double sum = sum_squares(vec, pool);
    if (sum > 1e-280 && sum < 1e280) return sqrt(sum);
    double largest =
        vec_largest(vec); /* near the ends of the range, or a NaN: once more, scaled by the largest */
    if (largest == 0 || !isfinite(largest)) return largest;
    sum = 0;
    for (size_t i = 0; i < vec->n; i++) {
        double scaled = vec_get(vec, i) / largest;
        sum += scaled * scaled;
    }
    return largest * sqrt(sum);
}

double vec_largest(const Vec *vec) {
    double largest = 0;
    if (vec->precision == PRECISION_F64) {
        for (size_t i = 0; i < vec->n; i++) largest = larger(largest, fabs(vec->f64[i]));
    } else {
        for (size_t i = 0; i < vec->n; i++) largest = larger(largest, fabs((double)vec->f32[i]));
    }
    return largest;
}

double vec_distance_from(const Vec *vec, const double *numbers) {
    double largest = 0;
    if (vec->precision == PRECISION_F64) {
        for (size_t i = 0; i < vec->n; i++) largest = larger(largest, fabs(vec->f64[i] - numbers[i]));
    } else {
        for (size_t i = 0; i < vec->n; i++) largest = larger(largest, fabs((double)vec->f32[i] - numbers[i]));
    }
    return largest;
}

void vec_measure_step(const Vec *x, const double *before, const Vec *gradient, double *x_largest,
    double *moved, double *gradient_norm) {
    if (x->n != 2 || x->precision != PRECISION_F64) {
        *x_largest = vec_largest(x);
        *moved = vec_distance_from(x, before);
        *gradient_norm = vec_norm(gradient);
        return;
    }
    /* The plane, where a race on a surface spends its time. */
    const double *at = x->f64, *g = gradient->f64;
    *x_largest = larger(larger(0, fabs(at[0])), fabs(at[1]));
    *moved = larger(larger(0, fabs(at[0] - before[0])), fabs(at[1] - before[1]));
    double sum = g[0] * g[0] + g[1] * g[1];
    *gradient_norm = sum > 1e-280 && sum < 1e280 ? sqrt(sum) : vec_norm(gradient);
}
