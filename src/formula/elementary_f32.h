/* The float32 functions that are worth doing in float32: a SIMD register holds twice as many. The methods are
 * those of elementary_exp.h, within 1 ulp or so. */
#ifndef SLALOM_ELEMENTARY_F32_H
#define SLALOM_ELEMENTARY_F32_H

#include "elementary_core.h"

#define ELEMENTARY_ROUNDER_F32 0x1.8p23f
#define ELEMENTARY_LN2_HI_F32 0x1.62e4p-1f /* 15 bits */
#define ELEMENTARY_LN2_LO_F32 0x1.7f7d1cp-20f

ELEMENTARY uint32_t elementary_bits_f32(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

ELEMENTARY float elementary_number_f32(uint32_t bits) {
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* For a whole exponent in [-126, 127]. */
ELEMENTARY float elementary_power_of_two_f32(float exponent) {
    uint32_t bits = elementary_bits_f32(exponent + ELEMENTARY_ROUNDER_F32);
    return elementary_number_f32((bits << 23) + (UINT32_C(127) << 23));
}

ELEMENTARY float elementary_exp_f32(float x) {
    x = x > 120.0f ? 120.0f : x;
    x = x < -120.0f ? -120.0f : x;
    float k = (x * 0x1.715476p+0f + ELEMENTARY_ROUNDER_F32) - ELEMENTARY_ROUNDER_F32;
    float r = (x - k * ELEMENTARY_LN2_HI_F32) - k * ELEMENTARY_LN2_LO_F32;
    float p =
        0x1.000000p-1f +
        r * (0x1.555556p-3f +
                r * (0x1.5554eap-5f + r * (0x1.1110e0p-7f + r * (0x1.6d4324p-10f + r * 0x1.a124f2p-13f))));
    float value = 1.0f + (r + r * r * p);
    float half = (k * 0.5f + ELEMENTARY_ROUNDER_F32) - ELEMENTARY_ROUNDER_F32;
    return value * elementary_power_of_two_f32(half) * elementary_power_of_two_f32(k - half);
}

ELEMENTARY float elementary_log_f32(float x) {
    const uint32_t root_half = UINT32_C(0x3f3504f3), one = UINT32_C(0x3f800000);
    bool subnormal = x < 0x1p-126f;
    uint32_t bits = elementary_bits_f32(subnormal ? x * 0x1p24f : x) + (one - root_half);
    /* The exponent as a number: put into the low bits of 2^23. */
    float k = elementary_number_f32((bits >> 23) | UINT32_C(0x4b000000)) - (0x1p23f + 127.0f);
    k = subnormal ? k - 24.0f : k;
    float f = elementary_number_f32((bits & UINT32_C(0x007fffff)) + root_half) - 1.0f;
    float s = f / (2.0f + f), z = s * s, half_square = 0.5f * f * f;
    float p = z * (0x1.555556p-1f + z * (0x1.9999ecp-2f + z * (0x1.245c36p-2f + z * 0x1.ddd1d8p-3f)));
    float small = s * (half_square + p) + k * ELEMENTARY_LN2_LO_F32;
    float result = k * ELEMENTARY_LN2_HI_F32 - ((half_square - small) - f);
    result = x < INFINITY ? result : x;
    return x > 0.0f ? result : (x == 0.0f ? -INFINITY : NAN);
}

ELEMENTARY float elementary_floor_f32(float x) {
    float big = copysignf(0x1p23f, x);
    float rounded = (x + big) - big;
    rounded = rounded > x ? rounded - 1.0f : rounded;
    rounded =
        elementary_number_f32(elementary_bits_f32(rounded) | (elementary_bits_f32(x) & UINT32_C(1) << 31));
    return fabsf(x) < 0x1p23f ? rounded : x;
}

#endif
