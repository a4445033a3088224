/* Plain loops on a Vec, in index order so that a sum has one value. */
#include "vec.h"

#include <assert.h>
#include <math.h>
#include <string.h>

size_t precision_bytes(Precision precision) {
    return precision == PRECISION_F64 ? sizeof(double) : sizeof(float);
}

Vec vec_of_f64(double *numbers, size_t n) {
    return (Vec){.n = n, .precision = PRECISION_F64, .f64 = numbers};
}

double vec_get(const Vec *vec, size_t i) {
    assert(i < vec->n);
    return vec->precision == PRECISION_F64 ? vec->f64[i] : (double)vec->f32[i];
}

void vec_set(const Vec *vec, size_t i, double value) {
    assert(i < vec->n);
    if (vec->precision == PRECISION_F64) vec->f64[i] = value;
    else vec->f32[i] = (float)value;
}

void vec_fill(const Vec *vec, double value) {
    for (size_t i = 0; i < vec->n; i++) vec_set(vec, i, value);
}

void vec_copy(const Vec *to, const Vec *from) {
    assert(to->n == from->n && to->precision == from->precision);
    memmove(to->data, from->data, from->n * precision_bytes(from->precision));
}

void vec_read(const Vec *vec, double *numbers) {
    if (vec->precision == PRECISION_F64) memcpy(numbers, vec->f64, vec->n * sizeof *numbers);
    else
        for (size_t i = 0; i < vec->n; i++) numbers[i] = (double)vec->f32[i];
}

void vec_write(const Vec *vec, const double *numbers) {
    if (vec->precision == PRECISION_F64) memcpy(vec->f64, numbers, vec->n * sizeof *numbers);
    else
        for (size_t i = 0; i < vec->n; i++) vec->f32[i] = (float)numbers[i];
}

/* The larger of two; a NaN, once met, stays. */
static double larger(double a, double b) {
    return b <= a || isnan(a) ? a : b;
}

double vec_norm(const Vec *vec) {
    double sum = 0;
    if (vec->precision == PRECISION_F64) {
        for (size_t i = 0; i < vec->n; i++) sum += vec->f64[i] * vec->f64[i];
    } else {
        for (size_t i = 0; i < vec->n; i++) sum += (double)vec->f32[i] * (double)vec->f32[i];
    }
    if (sum > 1e-280 && sum < 1e280) return sqrt(sum);
    double largest = vec_largest(vec); /* near the ends of the range, or a NaN: once more, scaled by the largest */
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
