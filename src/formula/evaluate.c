/* One operation on plain numbers, and the slow exact ways of the trigonometric functions. Loops over many
 * numbers are left to kernels.c. */
#include "evaluate.h"

#include "elementary.h"

#include <assert.h>

/* 2/pi in binary: 64 zero bits (so that a window may begin before the point) and 1216 bits of fraction. */
static const uint32_t two_over_pi[] = {0, 0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599,
    0x3c439041, 0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c,
    0xb129a73e, 0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b,
    0xbdf9283b, 0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66,
    0x9e5fea2d, 0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046,
    0xfc7b6bab};

enum { WINDOW = 6 }; /* 192 bits of 2/pi matter: 2 of quadrant, 53 + 62 for cancellation, 53 + 22 of result */

/* window = mantissa * window mod 2^192; digits from the highest. */
static void multiply_window(uint32_t window[WINDOW], uint64_t mantissa) {
    const uint64_t low = mantissa & UINT32_MAX, high = mantissa >> 32;
    uint32_t result[WINDOW] = {0};
    uint64_t carry = 0;
    for (int i = WINDOW - 1; i >= 0; i--) {
        uint64_t sum = low * window[i] + carry;
        result[i] = (uint32_t)sum;
        carry = sum >> 32;
    }
    carry = 0;
    for (int i = WINDOW - 2; i >= 0; i--) {
        uint64_t sum = high * window[i + 1] + result[i] + carry;
        result[i] = (uint32_t)sum;
        carry = sum >> 32;
    }
    memcpy(window, result, sizeof result);
}

ElementaryAngle elementary_reduce_large(double x) {
    /* x = mantissa * 2^exponent. Bits of 2/pi that make whole turns are left out; so are those too low to
     * matter: what remains begins with the bit that makes half a turn (two quadrants). */
    const uint64_t bits = elementary_bits(x);
    const int exponent = (int)(bits >> 52 & 0x7ff) - 1075;
    const uint64_t mantissa = (bits & (UINT64_MAX >> 12)) | UINT64_C(1) << 52;
    const int start = 64 + exponent - 2; /* in bits, counted in the table from its highest */
    uint32_t window[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
        const uint64_t two = (uint64_t)two_over_pi[start / 32 + i] << 32 | two_over_pi[start / 32 + i + 1];
        window[i] = (uint32_t)(two << start % 32 >> 32);
    }
    multiply_window(window, mantissa);
    uint64_t quadrant = window[0] >> 30;
    /* What is left is a fraction of a quadrant; above a half, its distance below the next. */
    window[0] &= UINT32_MAX >> 2;
    const bool above = window[0] >> 29;
    double fraction = 0, rest = 0, unit = 0x1p-30;
    if (above) {
        quadrant++;
        for (int i = 0; i < WINDOW; i++) window[i] = ~window[i];
        window[0] &= UINT32_MAX >> 2;
    }
    /* Digits of 32 bits, added from the highest, each sum kept exactly. */
    for (int i = 0; i < WINDOW; i++) {
        ElementaryPair sum = elementary_quick_sum(fraction, window[i] * unit);
        ElementaryPair low = elementary_quick_sum(sum.hi, sum.lo + rest);
        fraction = low.hi;
        rest = low.lo;
        unit *= 0x1p-32;
    }
    ElementaryPair product = elementary_product(fraction, ELEMENTARY_HALF_PI);
    double lo = product.lo + (fraction * ELEMENTARY_HALF_PI_LO + rest * ELEMENTARY_HALF_PI);
    ElementaryPair r = elementary_quick_sum(product.hi, lo);
    const bool negative = bits >> 63;
    if (above) r = (ElementaryPair){-r.hi, -r.lo};
    if (negative) r = (ElementaryPair){-r.hi, -r.lo};
    return (ElementaryAngle){negative ? 0 - quadrant : quadrant, r};
}

/* Infinity has no sine; NaN is small. */
double elementary_sin_f64(double x) {
    if (!elementary_trig_is_large(x)) return elementary_sin_small(x);
    return fabs(x) < INFINITY ? elementary_sin_at(elementary_reduce_large(x), 0) : NAN;
}

double elementary_cos_f64(double x) {
    if (!elementary_trig_is_large(x)) return elementary_cos_small(x);
    return fabs(x) < INFINITY ? elementary_sin_at(elementary_reduce_large(x), 1) : NAN;
}

double elementary_tan_f64(double x) {
    if (!elementary_trig_is_large(x)) return elementary_tan_small(x);
    return fabs(x) < INFINITY ? elementary_tan_at(elementary_reduce_large(x)) : NAN;
}

// clang-format off
#define UNARY(name, function) case OPERATION_##name: return elementary_##function##_f64(a);
#define BINARY(name, function) case OPERATION_##name: return elementary_##function##_f64(a, b);
#define TERNARY(name, function) case OPERATION_##name: return elementary_##function##_f64(a, b, c);
double operation_compute(Operation operation, double a, double b, double c) {
    switch (operation) {
    ELEMENTARY_UNARY(UNARY)
    ELEMENTARY_TRIG(UNARY)
    ELEMENTARY_BINARY(BINARY)
    ELEMENTARY_TERNARY(TERNARY)
    case OPERATION_CLAMP: return elementary_min_f64(elementary_max_f64(a, b), c);
    case OPERATION_CONSTANT:
    case OPERATION_SYMBOL:
    case OPERATION_COUNT: break;
    }
    assert(!"an operation that computes");
    return NAN;
}
// clang-format on

/* The chain that lowering makes: x^n = (x^(n/2))^2, times x where n is odd. */
static double power_chain(double x, int n) {
    if (n == 1) return x;
    if (n % 2 == 1) return power_chain(x, n - 1) * x;
    const double half = power_chain(x, n / 2);
    return half * half;
}

double operation_apply(Operation operation, double a, double b, double c) {
    if (operation != OPERATION_POWER) return operation_compute(operation, a, b, c);
    if (b == 0.5) return elementary_sqrt_f64(a);
    const double n = fabs(b);
    if (!(n >= 1 && n <= POWER_CHAIN_MAX && elementary_floor_f64(n) == n)) {
        return operation_compute(operation, a, b, c);
    }
    const double power = power_chain(a, (int)n);
    return b < 0 ? 1 / power : power;
}
