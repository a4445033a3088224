/* Vec: n numbers of one precision. Surfaces use float64, networks float32; what stands above is written once
 * and dispatches here. */
#ifndef SLALOM_VEC_H
#define SLALOM_VEC_H

#include "pool.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum Precision { PRECISION_F64, PRECISION_F32 } Precision;

/* Does not own its numbers: they are a part of somebody's block. Start them on a 64-byte boundary where speed
 * matters. */
typedef struct Vec {
    size_t n;
    Precision precision;
    union {
        void *data;
        double *f64;
        float *f32;
    };
} Vec;

/* Of one number. */
static inline size_t precision_bytes(Precision precision) {
    return precision == PRECISION_F64 ? sizeof(double) : sizeof(float);
}

Vec vec_of_f64(double *numbers, size_t n);

/* One number, widened; setting rounds to the vector's precision. */
double vec_get(const Vec *vec, size_t i);
void vec_set(const Vec *vec, size_t i, double value);

void vec_fill(const Vec *vec, double value);
void vec_copy(const Vec *to, const Vec *from); /* same n and precision */

/* Between a vector and n float64 numbers. */
void vec_read(const Vec *vec, double *numbers);
void vec_write(const Vec *vec, const double *numbers);

/* The same n, precision and bits. */
bool vec_is_same(const Vec *a, const Vec *b);

/* Linear algebra. Vectors taken together have the same n and precision; each number is worked out and each
 * sum accumulated in float64, and a sum has one order, which depends on n alone: the same bits everywhere.
 * `to` may be any of the others. */

double vec_dot(const Vec *x, const Vec *y);
/* dots[i] = dot(rows[i], x), the same bits as one by one but with x read once for several rows. */
void vec_dot_rows(const Vec *rows, size_t n_rows, const Vec *x, double *dots);
/* to = a x + b y */
void vec_combine(const Vec *to, double a, const Vec *x, double b, const Vec *y);
/* to = a x + the sum of coefficients[i] rows[i], in one pass over memory. */
void vec_combine_rows(
    const Vec *to, double a, const Vec *x, const double *coefficients, const Vec *rows, size_t n_rows);

/* sqrt(sum v_i^2), accumulated in float64 in one order, and scaled so that it neither overflows nor
 * underflows while the true value is a double. */
double vec_norm(const Vec *vec);
/* The same to the last bit, with a pool's threads where the vector is long; pool: NULL for none. Not from
 * inside a task of the pool. */
double vec_norm_shared(const Vec *vec, Pool *pool);

/* The largest |v_i|, 0 for an empty vector; NaN where any is NaN. */
double vec_largest(const Vec *vec);
/* The largest |v_i - numbers[i]|, likewise. */
double vec_distance_from(const Vec *vec, const double *numbers);

/* All that is asked of a step at once, in one pass: the largest |x_i|, the largest |x_i - before_i| and
 * the norm of the gradient, as vec_largest, vec_distance_from and vec_norm have them. */
void vec_measure_step(const Vec *x, const double *before, const Vec *gradient, double *x_largest,
    double *moved, double *gradient_norm);

#endif
