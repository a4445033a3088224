/* Exponentials, logarithms and powers in float64, within 1 ulp or so, and what is made of them.
 *
 * The exponential follows Cody & Waite 1980: x = k ln 2 + r, |r| <= ln(2)/2, a polynomial in r, and 2^k by
 * its bits. The logarithm follows fdlibm's method: m in [sqrt(1/2), sqrt(2)), s = f/(2+f), a polynomial in
 * s^2. The polynomials are Chebyshev interpolants of our own, with a relative error below 2^-58. */
#ifndef SLALOM_ELEMENTARY_EXP_H
#define SLALOM_ELEMENTARY_EXP_H

#include "elementary_core.h"

/* exp = 2^k * (hi + lo), hi + lo in about [0.7, 1.42]. */
typedef struct ElementaryExponential {
    double k;
    ElementaryPair value;
} ElementaryExponential;

/* (exp(r) - 1 - r)/r^2 for |r| <= ln(2)/2; even and odd powers apart shorten the chain. */
ELEMENTARY double elementary_exp_polynomial(double r) {
    double z = r * r;
    double even = 0x1.0000000000000p-1 +
                  z * (0x1.5555555555556p-5 +
                          z * (0x1.6c16c16c162d4p-10 +
                                  z * (0x1.a01a01a6d889cp-16 +
                                          z * (0x1.27e4db646b17ep-22 + z * 0x1.1f730349868cep-29))));
    double odd =
        0x1.5555555555557p-3 +
        z * (0x1.11111111100dcp-7 +
                z * (0x1.a01a01abe7fe1p-13 + z * (0x1.71de0231960ebp-19 + z * 0x1.af4de97ca4194p-26)));
    return even + r * odd;
}

/* exp(x + tail) for |x| < 1000 and a tail below an ulp of x. */
ELEMENTARY ElementaryExponential elementary_exp_parts(double x, double tail) {
    double k = elementary_round(x * ELEMENTARY_LOG2_E);
    double reduced = x - k * ELEMENTARY_LN2_HI;
    double rest = k * ELEMENTARY_LN2_LO - tail;
    double r = reduced - rest;
    double r_lo = (reduced - r) - rest;
    double one_plus_r = 1.0 + r;
    double lo = ((1.0 - one_plus_r) + r) + (r * r * elementary_exp_polynomial(r) + r_lo * one_plus_r);
    return (ElementaryExponential){k, elementary_quick_sum(one_plus_r, lo)};
}

/* Past +-800 the answer is infinity or zero whatever the argument; NaN stays. */
ELEMENTARY double elementary_exp_clamp(double x) {
    x = x > 800.0 ? 800.0 : x;
    return x < -800.0 ? -800.0 : x;
}

ELEMENTARY double elementary_exp_f64(double x) {
    ElementaryExponential e = elementary_exp_parts(elementary_exp_clamp(x), 0.0);
    return elementary_scale(e.value.hi, e.k);
}

/* x = 2^k * (1 + f), f in [sqrt(1/2) - 1, sqrt(2) - 1); for 0 < x < infinity. */
typedef struct ElementarySplit {
    double k, f;
} ElementarySplit;

ELEMENTARY ElementarySplit elementary_log_split(double x) {
    const uint64_t root_half = UINT64_C(0x3fe6a09e667f3bcd), one = UINT64_C(0x3ff0000000000000);
    bool subnormal = x < 0x1p-1022;
    double normal = subnormal ? x * 0x1p54 : x;
    uint64_t bits = elementary_bits(normal) + (one - root_half);
    /* The exponent as a number: put into the low bits of 2^52. */
    double k = elementary_number((bits >> 52) | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
    double m = elementary_number((bits & UINT64_C(0x000fffffffffffff)) + root_half);
    return (ElementarySplit){subnormal ? k - 54.0 : k, m - 1.0};
}

/* (log(1+f) - 2s)/s for z = s^2, s = f/(2+f). */
ELEMENTARY double elementary_log_polynomial(double z) {
    double w = z * z;
    double even = 0x1.5555555555555p-1 +
                  w * (0x1.2492492476b73p-2 + w * (0x1.745cf8f4a7ec6p-3 + w * 0x1.0fbe3b6c6987dp-3));
    double odd = 0x1.9999999999a38p-2 +
                 w * (0x1.c71c72017f306p-3 + w * (0x1.3b1c38bb12df2p-3 + w * 0x1.0c074d9f1dd73p-3));
    return z * (even + z * odd);
}

/* k ln 2 + log(1+f) + tail, in an order that adds the small parts first. */
ELEMENTARY double elementary_log_join(double k, double f, double tail) {
    double s = f / (2.0 + f);
    double half_square = 0.5 * f * f;
    double small = s * (half_square + elementary_log_polynomial(s * s)) + (k * ELEMENTARY_LN2_LO + tail);
    return k * ELEMENTARY_LN2_HI - ((half_square - small) - f);
}

/* A logarithm where x is not a positive finite number. */
ELEMENTARY double elementary_log_edges(double x, double result) {
    result = x < INFINITY ? result : x;
    return x > 0.0 ? result : (x == 0.0 ? -INFINITY : NAN);
}

ELEMENTARY double elementary_log_f64(double x) {
    ElementarySplit split = elementary_log_split(x);
    return elementary_log_edges(x, elementary_log_join(split.k, split.f, 0.0));
}

/* log(x) to a relative error of about 2^-64, for 0 < x < infinity: log m = 2 atanh(s), with s and the two
 * leading terms of the series as pairs. */
ELEMENTARY ElementaryPair elementary_log_pair(double x) {
    ElementarySplit split = elementary_log_split(x);
    double k = split.k, f = split.f, m = 1.0 + f;
    double sum = m + 1.0;
    ElementaryPair s = elementary_quotient((ElementaryPair){f, 0.0}, (ElementaryPair){sum, m - (sum - 1.0)});
    ElementaryPair square = elementary_product(s.hi, s.hi);
    double z = square.hi, z_lo = square.lo + 2.0 * s.hi * s.lo;
    double w = z * z;
    /* (atanh(s)/s - 1 - z/3)/z^2 */
    double even = 0x1.999999999999ap-3 +
                  w * (0x1.c71c71c71cfdfp-4 +
                          w * (0x1.3b13b1bcb9acfp-4 + w * (0x1.e1f8017e78a71p-5 + w * 0x1.b8d9c734b5e64p-5)));
    double odd = 0x1.2492492492491p-3 +
                 w * (0x1.745d174512e1ep-4 + w * (0x1.1110df983ca8bp-4 + w * 0x1.ac49ec28ed859p-5));
    ElementaryPair third = elementary_product(z, 0x1.5555555555555p-2);
    double third_lo = third.lo + (z * 0x1.5555555555555p-56 + z_lo * 0x1.5555555555555p-2);
    double term_lo = third_lo + w * (even + z * odd);
    double twice = 2.0 * s.hi;
    ElementaryPair product = elementary_product(twice, third.hi);
    ElementaryPair head = elementary_quick_sum(twice, product.hi);
    double tail = head.lo + (product.lo + (twice * term_lo + 2.0 * s.lo * (1.0 + third.hi)));
    ElementaryPair whole =
        elementary_quick_sum(k * ELEMENTARY_LN2_HI, head.hi); /* head < ln(2)/2 <= |k| ln 2 */
    return elementary_quick_sum(whole.hi, whole.lo + (k * ELEMENTARY_LN2_LO + tail));
}

ELEMENTARY double elementary_log10_f64(double x) {
    ElementaryPair l = elementary_log_pair(x);
    const double log10_e = 0x1.bcb7b1526e50ep-2, log10_e_lo = 0x1.95355baaafad3p-57;
    ElementaryPair product = elementary_product(l.hi, log10_e);
    double result = product.hi + (product.lo + (l.hi * log10_e_lo + l.lo * log10_e));
    return elementary_log_edges(x, result);
}

/* The whole number at or below. Adding and taking away 2^52 with the sign of the number rounds it; it is
 * then one too high or right. */
ELEMENTARY double elementary_floor_f64(double x) {
    double big = copysign(0x1p52, x);
    double rounded = (x + big) - big;
    rounded = rounded > x ? rounded - 1.0 : rounded;
    /* A floor has the sign of its argument, also where it is zero. */
    rounded = elementary_number(elementary_bits(rounded) | (elementary_bits(x) & ELEMENTARY_SIGN_BIT));
    return fabs(x) < 0x1p52 ? rounded : x;
}

/* a^b with C's special cases (C11 F.10.4.4). */
ELEMENTARY double elementary_power_f64(double a, double b) {
    double magnitude = fabs(a);
    ElementaryPair l = elementary_log_pair(magnitude);
    /* A larger exponent overflows or underflows for every base but 1, whose logarithm is 0. */
    double exponent = b > 0x1p70 ? 0x1p70 : b;
    exponent = exponent < -0x1p70 ? -0x1p70 : exponent;
    ElementaryPair product = elementary_product(exponent, l.hi);
    double tail = product.lo + exponent * l.lo;
    bool in_range = fabs(product.hi) < 800.0;
    ElementaryExponential e = elementary_exp_parts(elementary_exp_clamp(product.hi), in_range ? tail : 0.0);
    double result = elementary_scale(e.value.hi, e.k);
    /* A base of 0 or infinity has no logarithm above. */
    double limit = (magnitude == 0.0) == (b < 0.0) ? INFINITY : 0.0;
    result = ((magnitude == 0.0) | (magnitude == INFINITY)) ? limit : result;
    bool whole = elementary_floor_f64(b) == b;
    bool odd = whole & (elementary_floor_f64(b * 0.5) != b * 0.5);
    result = ((a < 0.0) & !whole & (magnitude < INFINITY)) ? NAN : result;
    result = (odd & (copysign(1.0, a) < 0.0)) ? -result : result;
    result = ((magnitude != magnitude) | (b != b)) ? NAN : result;
    result = ((magnitude == 1.0) & (fabs(b) == INFINITY)) ? 1.0 : result;
    return ((a == 1.0) | (b == 0.0)) ? 1.0 : result;
}

#endif
