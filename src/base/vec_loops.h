/* The inner loops of vec.c, for either precision; only vec.c includes this.
 *
 * A sum is kept in LOOPS_LANES partial sums, number i in lane i mod LOOPS_LANES, so that it is SIMD on any
 * instruction set and still has one order; the numbers after the last whole block are added in turn. */
#ifndef SLALOM_VEC_LOOPS_H
#define SLALOM_VEC_LOOPS_H

#include "loop.h"

#include <stddef.h>
#include <string.h>

enum {
    LOOPS_LANES = 8,
    LOOPS_ROWS = 4,    /* so many rows are taken together */
    LOOPS_BLOCK = 512, /* so many numbers of a sum of rows stay in the nearest cache; whole lanes */
};

/* As many numbers as there are lanes; the compiler splits them where registers are shorter. */
typedef double Lanes __attribute__((vector_size(LOOPS_LANES * sizeof(double))));
typedef float LanesF32 __attribute__((vector_size(LOOPS_LANES * sizeof(float))));

/* Reading and writing lanes that need not be aligned. Macros, since a vector that is an argument or a result
 * is passed differently on each instruction set. */
#define READ_f64(lanes, from) memcpy(&(lanes), (from), sizeof(lanes))
#define WRITE_f64(to, lanes) memcpy((to), &(lanes), sizeof(lanes))
#define READ_f32(lanes, from)                                                                                \
    do {                                                                                                     \
        LanesF32 narrow_;                                                                                    \
        memcpy(&narrow_, (from), sizeof narrow_);                                                            \
        (lanes) = __builtin_convertvector(narrow_, Lanes);                                                   \
    } while (0)
#define WRITE_f32(to, lanes)                                                                                 \
    do {                                                                                                     \
        LanesF32 narrow_ = __builtin_convertvector(lanes, LanesF32);                                         \
        memcpy((to), &narrow_, sizeof narrow_);                                                              \
    } while (0)
#define ADD_UP(l) ((((l)[0] + (l)[4]) + ((l)[2] + (l)[6])) + (((l)[1] + (l)[5]) + ((l)[3] + (l)[7])))

#define DEFINE_LOOPS(precision, Number)                                                                      \
    LOOP double loops_dot_##precision(const Number *x, const Number *y, size_t n) {                          \
        size_t i = 0;                                                                                        \
        Lanes sum = {0}, a, b;                                                                               \
        for (; i + LOOPS_LANES <= n; i += LOOPS_LANES) {                                                     \
            READ_##precision(a, x + i);                                                                      \
            READ_##precision(b, y + i);                                                                      \
            sum += a * b;                                                                                    \
        }                                                                                                    \
        double total = ADD_UP(sum);                                                                          \
        for (; i < n; i++) total += (double)x[i] * (double)y[i];                                             \
        return total;                                                                                        \
    }                                                                                                        \
    LOOP void loops_dot_rows_##precision(                                                                    \
        const Number *const *rows, const Number *x, size_t n, double *dots) {                                \
        const Number *const row0 = rows[0], *const row1 = rows[1];                                           \
        const Number *const row2 = rows[2], *const row3 = rows[3];                                           \
        size_t i = 0;                                                                                        \
        Lanes sum0 = {0}, sum1 = {0}, sum2 = {0}, sum3 = {0}, a, b;                                          \
        for (; i + LOOPS_LANES <= n; i += LOOPS_LANES) {                                                     \
            READ_##precision(a, x + i);                                                                      \
            READ_##precision(b, row0 + i);                                                                   \
            sum0 += b * a;                                                                                   \
            READ_##precision(b, row1 + i);                                                                   \
            sum1 += b * a;                                                                                   \
            READ_##precision(b, row2 + i);                                                                   \
            sum2 += b * a;                                                                                   \
            READ_##precision(b, row3 + i);                                                                   \
            sum3 += b * a;                                                                                   \
        }                                                                                                    \
        dots[0] = ADD_UP(sum0);                                                                              \
        dots[1] = ADD_UP(sum1);                                                                              \
        dots[2] = ADD_UP(sum2);                                                                              \
        dots[3] = ADD_UP(sum3);                                                                              \
        for (; i < n; i++)                                                                                   \
            for (int r = 0; r < LOOPS_ROWS; r++) dots[r] += (double)rows[r][i] * (double)x[i];               \
    }                                                                                                        \
    /* Four sums at once, so that one addition need not wait for another. */                                 \
    LOOP double loops_squares_##precision(const Number *x, size_t n) {                                       \
        size_t i = 0;                                                                                        \
        Lanes sum0 = {0}, sum1 = {0}, sum2 = {0}, sum3 = {0}, a;                                             \
        for (; i + 4 * LOOPS_LANES <= n; i += 4 * LOOPS_LANES) {                                             \
            READ_##precision(a, x + i);                                                                      \
            sum0 += a * a;                                                                                   \
            READ_##precision(a, x + i + LOOPS_LANES);                                                        \
            sum1 += a * a;                                                                                   \
            READ_##precision(a, x + i + 2 * LOOPS_LANES);                                                    \
            sum2 += a * a;                                                                                   \
            READ_##precision(a, x + i + 3 * LOOPS_LANES);                                                    \
            sum3 += a * a;                                                                                   \
        }                                                                                                    \
        const Lanes sum = (sum0 + sum1) + (sum2 + sum3);                                                     \
        double total = ADD_UP(sum);                                                                          \
        for (; i < n; i++) total += (double)x[i] * (double)x[i];                                             \
        return total;                                                                                        \
    }                                                                                                        \
    LOOP void loops_combine_##precision(                                                                     \
        Number *to, double a, const Number *x, double b, const Number *y, size_t n) {                        \
        size_t i = 0;                                                                                        \
        Lanes p, q;                                                                                          \
        for (; i + LOOPS_LANES <= n; i += LOOPS_LANES) {                                                     \
            READ_##precision(p, x + i);                                                                      \
            READ_##precision(q, y + i);                                                                      \
            p = a * p + b * q;                                                                               \
            WRITE_##precision(to + i, p);                                                                    \
        }                                                                                                    \
        for (; i < n; i++) to[i] = (Number)(a * (double)x[i] + b * (double)y[i]);                            \
    }                                                                                                        \
    LOOP void loops_begin_##precision(double *restrict sum, double a, const Number *x, size_t n) {           \
        for (size_t i = 0; i < n; i++) sum[i] = a * (double)x[i];                                            \
    }                                                                                                        \
    /* The rows are added one after the other, each number in the order of the rows. */                      \
    LOOP void loops_add_rows_##precision(                                                                    \
        double *restrict sum, const double *a, const Number *const *rows, size_t n) {                        \
        const double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];                                             \
        const Number *const row0 = rows[0], *const row1 = rows[1];                                           \
        const Number *const row2 = rows[2], *const row3 = rows[3];                                           \
        for (size_t i = 0; i < n; i++)                                                                       \
            sum[i] = (((sum[i] + a0 * (double)row0[i]) + a1 * (double)row1[i]) + a2 * (double)row2[i]) +     \
                     a3 * (double)row3[i];                                                                   \
    }                                                                                                        \
    LOOP void loops_add_##precision(double *restrict sum, double a, const Number *x, size_t n) {             \
        for (size_t i = 0; i < n; i++) sum[i] += a * (double)x[i];                                           \
    }                                                                                                        \
    LOOP void loops_end_##precision(Number *to, const double *restrict sum, size_t n) {                      \
        for (size_t i = 0; i < n; i++) to[i] = (Number)sum[i];                                               \
    }

DEFINE_LOOPS(f64, double)
DEFINE_LOOPS(f32, float)

LOOP void loops_widen(double *restrict to, const float *from, size_t n) {
    for (size_t i = 0; i < n; i++) to[i] = (double)from[i];
}

#endif
