/* Hyperbolic functions, sigmoid, softplus and the error function in float64: exponentials kept as pairs, so
 * that the one rounding that matters is the last. */
#ifndef SLALOM_ELEMENTARY_HYPERBOLIC_H
#define SLALOM_ELEMENTARY_HYPERBOLIC_H

#include "elementary_exp.h"

/* Below this, where the exponential's k is 0, sinh and tanh are odd polynomials. */
#define ELEMENTARY_HALF_LN2 0x1.62e42fefa39efp-2

/* exp(x) = 2^k e and exp(-x) = 2^k reciprocal, for x >= 0. */
typedef struct ElementaryBothWays {
    double k;
    ElementaryPair e, reciprocal;
} ElementaryBothWays;

ELEMENTARY ElementaryBothWays elementary_exp_both_ways(double x) {
    ElementaryExponential e = elementary_exp_parts(elementary_exp_clamp(x), 0.0);
    double shift = e.k < 100.0 ? e.k : 100.0; /* beyond, the reciprocal is lost beside e anyhow */
    double factor = elementary_power_of_two(-2.0 * shift);
    return (ElementaryBothWays){e.k, e.value, elementary_quotient((ElementaryPair){factor, 0.0}, e.value)};
}

ELEMENTARY ElementaryPair elementary_pair_sum(ElementaryPair a, ElementaryPair b) { /* |a| >= |b| */
    ElementaryPair sum = elementary_quick_sum(a.hi, b.hi);
    return (ElementaryPair){sum.hi, sum.lo + (a.lo + b.lo)};
}

ELEMENTARY double elementary_sinh_f64(double x) {
    double magnitude = fabs(x), z = x * x;
    ElementaryBothWays both = elementary_exp_both_ways(magnitude);
    ElementaryPair minus = {-both.reciprocal.hi, -both.reciprocal.lo};
    ElementaryPair sum = elementary_pair_sum(both.e, minus);
    double large = elementary_scale(sum.hi + sum.lo, both.k - 1.0);
    double small =
        magnitude +
        magnitude * z *
            (0x1.5555555555555p-3 +
                z * (0x1.1111111111111p-7 +
                        z * (0x1.a01a01a01a01bp-13 +
                                z * (0x1.71de3a556c0bdp-19 +
                                        z * (0x1.ae64568415b4bp-26 +
                                                z * (0x1.6124447dcd3adp-33 + z * 0x1.af2b71ee169c2p-41))))));
    return elementary_flip(magnitude < ELEMENTARY_HALF_LN2 ? small : large, elementary_bits(x));
}

ELEMENTARY double elementary_cosh_f64(double x) {
    ElementaryBothWays both = elementary_exp_both_ways(fabs(x));
    ElementaryPair sum = elementary_pair_sum(both.e, both.reciprocal);
    return elementary_scale(sum.hi + sum.lo, both.k - 1.0);
}

ELEMENTARY double elementary_tanh_f64(double x) {
    double magnitude = fabs(x), z = x * x;
    ElementaryBothWays both = elementary_exp_both_ways(magnitude);
    ElementaryPair minus = {-both.reciprocal.hi, -both.reciprocal.lo};
    ElementaryPair ratio =
        elementary_quotient(elementary_pair_sum(both.e, minus), elementary_pair_sum(both.e, both.reciprocal));
    double large = ratio.hi + ratio.lo;
    double even = -0x1.5555555555555p-2 +
                  z * z *
                      (-0x1.ba1ba1ba1afd2p-5 +
                          z * z *
                              (-0x1.226e35254befap-7 +
                                  z * z * (-0x1.7d9f50e5f778dp-10 + z * z * -0x1.eac31e9989a3cp-13)));
    double odd =
        0x1.111111111110fp-3 +
        z * z *
            (0x1.664f48823911fp-6 +
                z * z *
                    (0x1.d6d3b5432b0d7p-9 + z * z * (0x1.34f85e5f1f707p-11 + z * z * 0x1.3f49f8eade843p-14)));
    double small = magnitude + magnitude * z * (even + z * odd);
    return elementary_flip(magnitude < ELEMENTARY_HALF_LN2 ? small : large, elementary_bits(x));
}

/* exp(-|x|), in [0, 1], as a pair. */
ELEMENTARY ElementaryPair elementary_exp_decay(double x) {
    ElementaryExponential e = elementary_exp_parts(elementary_exp_clamp(-fabs(x)), 0.0);
    return (ElementaryPair){elementary_scale(e.value.hi, e.k), elementary_scale(e.value.lo, e.k)};
}

ELEMENTARY double elementary_sigmoid_f64(double x) {
    ElementaryPair z = elementary_exp_decay(x);
    ElementaryPair sum = elementary_quick_sum(1.0, z.hi);
    double n = x < 0.0 ? z.hi : 1.0, n_lo = x < 0.0 ? z.lo : 0.0;
    double quotient = n / sum.hi;
    return quotient + (n_lo - quotient * (sum.lo + z.lo)) / sum.hi;
}

/* max(x, 0) + log(1 + z), z = exp(-|x|): log(1+z) is ln 2 + log(1 + (z-1)/2) where z is large. */
ELEMENTARY double elementary_softplus_f64(double x) {
    ElementaryPair z = elementary_exp_decay(x);
    bool large = z.hi > 0x1.a8279a0000000p-2; /* sqrt(2) - 1 */
    double k = large ? 1.0 : 0.0;
    double f = large ? (z.hi - 1.0) * 0.5 : z.hi;
    double logarithm = elementary_log_join(k, f, large ? z.lo * 0.5 : z.lo);
    return (x > 0.0 ? x : 0.0) + logarithm;
}

/* Below 1: x + x*P(x^2). Above: 1 - exp(-x^2) Q(u), u = (x - 3)/(x + 3) (Schonfelder 1978 maps [0, inf)
 * so); past 6 the answer is 1. */
ELEMENTARY double elementary_erf_f64(double x) {
    double magnitude = fabs(x), z = x * x;
    double w = z * z;
    double even = 0x1.06eba8214db69p-3 +
                  w * (0x1.ce2f21a042bdep-4 +
                          w * (0x1.565bcd0e65018p-8 +
                                  w * (0x1.f9a326c2284bep-14 +
                                          w * (0x1.b9e6508a369ffp-20 +
                                                  w * (0x1.fc434a34e5273p-27 + w * 0x1.7f05c4ce71a84p-34)))));
    double odd =
        -0x1.812746b0379e7p-2 +
        w * (-0x1.b82ce312889bap-6 +
                w * (-0x1.c02db3feeb0c9p-11 +
                        w * (-0x1.f4d25619e1da1p-17 +
                                w * (-0x1.5f6d919248428p-23 +
                                        w * (-0x1.4e603f0ea3f96p-30 + w * -0x1.29b6758efffb1p-38)))));
    double small = magnitude + magnitude * (even + z * odd);
    double clamped = magnitude > 6.0 ? 6.0 : magnitude;
    double u = (clamped - 3.0) / (clamped + 3.0), v = u * u;
    double q_even = 0x1.6e9827d229d2dp-3 +
                    v * (0x1.f6ff204105976p-3 +
                            v * (0x1.258b13b017934p-4 +
                                    v * (0x1.17c838eec7b56p-8 +
                                            v * (-0x1.39084c8034bb3p-11 +
                                                    v * (0x1.0cac3a11fe28fp-14 +
                                                            v * (-0x1.0bafe44deb848p-17 +
                                                                    v * (0x1.4e75dccc737abp-20 +
                                                                            v * -0x1.b521f5e62b937p-23)))))));
    double q_odd =
        -0x1.4e102b9cf8513p-2 +
        v * (-0x1.336ffbef08b18p-3 +
                v * (-0x1.8fa58eb5e1d42p-6 +
                        v * (0x1.73101ea1b3803p-11 +
                                v * (0x1.7ba0ce14ddbbep-15 +
                                        v * (-0x1.af7cf3e087bcfp-17 +
                                                v * (0x1.1b86fc353f5b6p-19 + v * -0x1.20ffd2643b2abp-22))))));
    double large = 1.0 - elementary_exp_f64(-clamped * clamped) * (q_even + u * q_odd);
    return elementary_flip(magnitude < 1.0 ? small : large, elementary_bits(x));
}

#endif
