/* Two standard normal numbers from random bits (Box & Muller 1958), branch-free like the other elementary
 * functions, for loops that become SIMD code. The angle is a quarter of a turn from some bits, and two more
 * choose the signs. */
#ifndef SLALOM_ELEMENTARY_NORMAL_H
#define SLALOM_ELEMENTARY_NORMAL_H

#include "elementary_exp.h"
#include "elementary_f32.h"
#include "elementary_trig.h"

/* Random bits by splitmix64 (Steele, Lea & Flood 2014), whose state is a counter: number i of a stream is the
 * mixture of stream + (i + 1) ELEMENTARY_RANDOM_STEP. */
#define ELEMENTARY_RANDOM_STEP UINT64_C(0x9e3779b97f4a7c15)

ELEMENTARY uint64_t elementary_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

ELEMENTARY uint64_t elementary_random(uint64_t stream, uint64_t i) {
    return elementary_mix(stream + (i + 1) * ELEMENTARY_RANDOM_STEP);
}

/* In [0, 1), from the upper 52 bits. */
ELEMENTARY double elementary_unit(uint64_t bits) {
    return elementary_number((bits >> 12) | (UINT64_C(1023) << 52)) - 1;
}

ELEMENTARY void elementary_normal_f64(uint64_t first, uint64_t second, double *cosine, double *sine) {
    double radius = sqrt(-2 * elementary_log_f64(1 - elementary_unit(first)));
    double angle = elementary_unit(second) * ELEMENTARY_HALF_PI;
    *cosine = elementary_flip(radius * elementary_cos_small(angle), second << 63);
    *sine = elementary_flip(radius * elementary_sin_small(angle), second << 62);
}

/* The same in float32 from 64 bits: the upper 32 give the radius, which so reaches 6.6, the lower 32 the
 * angle, of 23 bits, and the signs. In two parts, each a loop of its own: a chain of operations half as long
 * has twice as many of its kind under way at once. To about 1e-7: the polynomials are Chebyshev interpolants
 * of log(1 + f) without its first two terms on [sqrt(1/2), sqrt(2)], and of the sine and cosine of a quarter
 * turn. */
ELEMENTARY float elementary_normal_radius_f32(uint32_t bits) {
    const uint32_t root_half = UINT32_C(0x3f3504f3), one = UINT32_C(0x3f800000);
    float uniform = ((float)(int32_t)(bits >> 1) + 0.5f) * 0x1p-31f;
    uint32_t shifted = elementary_bits_f32(uniform) + (one - root_half);
    float k = elementary_number_f32((shifted >> 23) | UINT32_C(0x4b000000)) - (0x1p23f + 127.0f);
    float f = elementary_number_f32((shifted & UINT32_C(0x007fffff)) + root_half) - 1.0f;
    float p =
        0x1.555554p-2f +
        f * (-0x1.0000cep-2f +
                f * (0x1.999f14p-3f +
                        f * (-0x1.54d03ep-3f +
                                f * (0x1.231ce6p-3f + f * (-0x1.0a33eap-3f +
                                                              f * (0x1.028150p-3f + f * -0x1.43b24cp-4f))))));
    float square = f * f, log = (f - (0.5f * square - square * f * p)) + k * 0x1.62e430p-1f;
    return sqrtf(-2.0f * log);
}

ELEMENTARY void elementary_normal_f32(float radius, uint32_t bits, float *cosine, float *sine) {
    const uint32_t one = UINT32_C(0x3f800000), sign = UINT32_C(1) << 31;
    float turn = elementary_number_f32((bits >> 9) | one) - 1.0f, q = turn * turn;
    float s = turn *
              (0x1.921fb6p+0f +
                  q * (-0x1.4abbc4p-1f + q * (0x1.4668f0p-4f + q * (-0x1.32531ep-8f + q * 0x1.3e1420p-13f))));
    float c =
        1.0f +
        q * (-0x1.3bd3ccp+0f +
                q * (0x1.03c1e4p-2f + q * (-0x1.55d074p-6f + q * (0x1.e126b0p-11f + q * -0x1.8fb3f4p-16f))));
    *cosine = elementary_number_f32(elementary_bits_f32(radius * c) ^ (bits << 31));
    *sine = elementary_number_f32(elementary_bits_f32(radius * s) ^ (bits << 30 & sign));
}

#endif
