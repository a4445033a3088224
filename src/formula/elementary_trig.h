/* Trigonometric functions in float64, their inverses and hypot.
 *
 * Arguments up to ELEMENTARY_TRIG_LIMIT are reduced by Cody & Waite's method with pi/2 in four parts; the
 * product of the first three with a quadrant number below 2^20 is exact. Larger ones go a slow exact way
 * (Payne & Hanek 1983), which a kernel takes for a whole block when one of its numbers needs it. */
#ifndef SLALOM_ELEMENTARY_TRIG_H
#define SLALOM_ELEMENTARY_TRIG_H

#include "elementary_core.h"

#define ELEMENTARY_TRIG_LIMIT 0x1p20
#define ELEMENTARY_HALF_PI 0x1.921fb54442d18p+0
#define ELEMENTARY_HALF_PI_LO 0x1.1a62633145c07p-54

/* x = quadrant * pi/2 + r, |r| <= pi/4 or a little more; the low two bits of `quadrant` count. */
typedef struct ElementaryAngle {
    uint64_t quadrant;
    ElementaryPair r;
} ElementaryAngle;

ELEMENTARY ElementaryAngle elementary_reduce_small(double x) {
    double shifted = x * 0x1.45f306dc9c883p-1 + ELEMENTARY_ROUNDER;
    double k = shifted - ELEMENTARY_ROUNDER;
    ElementaryPair first = elementary_difference(x - k * 0x1.921fb54400000p+0, k * 0x1.0b4611a600000p-34);
    ElementaryPair second = elementary_difference(first.hi, k * 0x1.3198a2e000000p-69);
    double lo = (first.lo + second.lo) - k * 0x1.b839a252049c1p-104;
    return (ElementaryAngle){elementary_bits(shifted), elementary_quick_sum(second.hi, lo)};
}

/* The same for any finite x >= ELEMENTARY_TRIG_LIMIT in magnitude. In evaluate.c. */
ElementaryAngle elementary_reduce_large(double x);

/* sin(r) = hi + lo. */
ELEMENTARY ElementaryPair elementary_sin_polynomial(ElementaryPair r) {
    double z = r.hi * r.hi;
    double p = -0x1.5555555555555p-3 +
               z * (0x1.1111111111110p-7 +
                       z * (-0x1.a01a01a01992fp-13 +
                               z * (0x1.71de3a545f836p-19 +
                                       z * (-0x1.ae645410e937bp-26 +
                                               z * (0x1.61217d9252c03p-33 + z * -0x1.ab16f5caa198ap-41)))));
    return elementary_quick_sum(r.hi, r.hi * z * p + r.lo * (1.0 - 0.5 * z));
}

/* cos(r) = hi + lo. */
ELEMENTARY ElementaryPair elementary_cos_polynomial(ElementaryPair r) {
    double z = r.hi * r.hi, half = 0.5 * z;
    double p = 0x1.5555555555555p-5 +
               z * (-0x1.6c16c16c16c16p-10 +
                       z * (0x1.a01a01a019d06p-16 +
                               z * (-0x1.27e4fb77125c5p-22 +
                                       z * (0x1.1eed8deac3dfep-29 +
                                               z * (-0x1.9394b8bd50ae1p-37 + z * 0x1.ab779550c8d9bp-45)))));
    double head = 1.0 - half;
    return elementary_quick_sum(head, ((1.0 - head) - half) + (z * z * p - r.hi * r.lo));
}

/* Sine of an angle moved on by `turn` quadrants. */
ELEMENTARY double elementary_sin_at(ElementaryAngle angle, uint64_t turn) {
    ElementaryPair s = elementary_sin_polynomial(angle.r), c = elementary_cos_polynomial(angle.r);
    uint64_t quadrant = angle.quadrant + turn;
    uint64_t odd = 0 - (quadrant & 1);
    return elementary_flip(elementary_blend(odd, c.hi, s.hi), quadrant << 62);
}

ELEMENTARY double elementary_tan_at(ElementaryAngle angle) {
    ElementaryPair s = elementary_sin_polynomial(angle.r), c = elementary_cos_polynomial(angle.r);
    uint64_t odd = 0 - (angle.quadrant & 1);
    double n = elementary_blend(odd, c.hi, s.hi), n_lo = elementary_blend(odd, c.lo, s.lo);
    double d = elementary_blend(odd, s.hi, c.hi), d_lo = elementary_blend(odd, s.lo, c.lo);
    ElementaryPair quotient = elementary_quotient((ElementaryPair){n, n_lo}, (ElementaryPair){d, d_lo});
    return elementary_flip(quotient.hi + quotient.lo, odd);
}

/* For |x| <= ELEMENTARY_TRIG_LIMIT and for NaN; 0 keeps its sign. */
ELEMENTARY double elementary_sin_small(double x) {
    return x == 0.0 ? x : elementary_sin_at(elementary_reduce_small(x), 0);
}

ELEMENTARY double elementary_cos_small(double x) {
    return elementary_sin_at(elementary_reduce_small(x), 1);
}

ELEMENTARY double elementary_tan_small(double x) {
    return x == 0.0 ? x : elementary_tan_at(elementary_reduce_small(x));
}

ELEMENTARY bool elementary_trig_is_large(double x) {
    return fabs(x) > ELEMENTARY_TRIG_LIMIT;
}

/* For every x, one at a time. In evaluate.c. */
double elementary_sin_f64(double x);
double elementary_cos_f64(double x);
double elementary_tan_f64(double x);

/* The angle in [0, pi/2] of a point with y, x >= 0, times `sign`, plus `turns` * pi/2: every inverse function
 * is one of these. t = y/x or, past an angle of atan(1/2), its distance from pi/4 or pi/2. */
ELEMENTARY double elementary_angle(ElementaryPair y, ElementaryPair x, bool negative_x) {
    bool steep = y.hi > x.hi;
    ElementaryPair n = {steep ? x.hi : y.hi, steep ? x.lo : y.lo};
    ElementaryPair d = {steep ? y.hi : x.hi, steep ? y.lo : x.lo};
    bool middle = n.hi > 0.5 * d.hi;
    ElementaryPair sum = elementary_quick_sum(d.hi, n.hi);
    double far_n = middle ? n.hi - d.hi : n.hi, far_n_lo = middle ? n.lo - d.lo : n.lo;
    double far_d = middle ? sum.hi : d.hi, far_d_lo = middle ? sum.lo + (n.lo + d.lo) : d.lo;
    far_d = far_d == 0.0 ? 1.0 : far_d; /* the angle of (0, 0) is 0 */
    ElementaryPair t =
        elementary_quotient((ElementaryPair){far_n, far_n_lo}, (ElementaryPair){far_d, far_d_lo});
    double z = t.hi * t.hi, w = z * z;
    double even = -0x1.5555555555555p-2 +
                  w * (-0x1.2492492491926p-3 +
                          w * (-0x1.745d1726e6a8fp-4 +
                                  w * (-0x1.1110bec37a0d8p-4 +
                                          w * (-0x1.aecb2743b6386p-5 +
                                                  w * (-0x1.56af166599396p-5 + w * -0x1.6321f8c7b6f72p-6)))));
    double odd = 0x1.999999999998ep-3 +
                 w * (0x1.c71c71c6897bfp-4 +
                         w * (0x1.3b13ad5264edfp-4 +
                                 w * (0x1.e1d8a45e691b4p-5 +
                                         w * (0x1.837950fe3dec5p-5 +
                                                 w * (0x1.1660dfd11ffa8p-5 + w * 0x1.f57c07012ede7p-8)))));
    double rest = t.lo + t.hi * z * (even + z * odd);
    /* angle = eighths * pi/4 + sign * atan(t); pi/4's high part has three zero bits to spare. */
    double eighths = middle ? 1.0 : 0.0, sign = 1.0;
    eighths = steep ? 2.0 - eighths : eighths;
    sign = steep ? -sign : sign;
    eighths = negative_x ? 4.0 - eighths : eighths;
    sign = negative_x ? -sign : sign;
    ElementaryPair head = elementary_quick_sum(eighths * (ELEMENTARY_HALF_PI * 0.5), sign * t.hi);
    return head.hi + (head.lo + (eighths * (ELEMENTARY_HALF_PI_LO * 0.5) + sign * rest));
}

ELEMENTARY double elementary_atan_f64(double x) {
    double magnitude = fabs(x);
    magnitude = magnitude > 0x1p64 ? 0x1p64 : magnitude; /* indistinguishable from pi/2 */
    double angle = elementary_angle((ElementaryPair){magnitude, 0.0}, (ElementaryPair){1.0, 0.0}, false);
    return elementary_flip(angle, elementary_bits(x));
}

ELEMENTARY double elementary_atan2_f64(double y, double x) {
    double a = fabs(y), b = fabs(x);
    /* Scaled so that the quotient's low part neither overflows nor, while it matters, underflows. */
    double larger = a > b ? a : b, factor = larger > 0x1p800 ? 0x1p-100 : 0x1p100;
    factor = larger < 0x1p-100 ? 0x1p900 : factor;
    /* An infinite coordinate counts as 1, a finite one beside it as 0. */
    factor = larger == INFINITY ? 0.0 : factor;
    double n = a == INFINITY ? 1.0 : a * factor;
    double d = b == INFINITY ? 1.0 : b * factor;
    bool left = copysign(1.0, x) < 0.0; /* -0 too */
    double angle = elementary_angle((ElementaryPair){n, 0.0}, (ElementaryPair){d, 0.0}, left);
    angle = elementary_flip(angle, elementary_bits(y));
    return ((x != x) | (y != y)) ? NAN : angle;
}

/* sqrt(1 - x^2) as a pair, for |x| <= 1. */
ELEMENTARY ElementaryPair elementary_cosine_of_asin(double x) {
    ElementaryPair square = elementary_product(x, x);
    ElementaryPair head = elementary_quick_sum(1.0, -square.hi);
    ElementaryPair h = elementary_quick_sum(head.hi, head.lo - square.lo);
    double root = sqrt(h.hi);
    ElementaryPair back = elementary_product(root, root);
    double rest = ((h.hi - back.hi) - back.lo) + h.lo;
    return (ElementaryPair){root, rest / (root > 0.0 ? 2.0 * root : 1.0)};
}

ELEMENTARY double elementary_asin_f64(double x) {
    double magnitude = fabs(x);
    double angle =
        elementary_angle((ElementaryPair){magnitude, 0.0}, elementary_cosine_of_asin(magnitude), false);
    return elementary_flip(magnitude <= 1.0 ? angle : NAN, elementary_bits(x));
}

ELEMENTARY double elementary_acos_f64(double x) {
    double magnitude = fabs(x);
    double angle =
        elementary_angle(elementary_cosine_of_asin(magnitude), (ElementaryPair){magnitude, 0.0}, x < 0.0);
    return magnitude <= 1.0 ? angle : NAN;
}

ELEMENTARY double elementary_hypot_f64(double a, double b) {
    double x = fabs(a), y = fabs(b);
    double larger = x > y ? x : y; /* scaled so that its square neither overflows nor underflows */
    double factor = larger > 0x1p500 ? 0x1p-600 : 1.0, back = larger > 0x1p500 ? 0x1p600 : 1.0;
    factor = larger < 0x1p-200 ? 0x1p600 : factor;
    back = larger < 0x1p-200 ? 0x1p-600 : back;
    double p = x * factor, q = y * factor;
    double root = sqrt(p * p + q * q) * back;
    return ((x == INFINITY) | (y == INFINITY)) ? INFINITY : root;
}

#endif
