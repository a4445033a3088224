/* What the elementary functions are built from: bit work, rounding, exact sums and products, and selection
 * without branches, all of it IEEE arithmetic that SSE2 already has, so that a loop over any of it becomes
 * SIMD code and gives the same bits with every instruction set.
 *
 * A Pair is an unevaluated sum hi + lo with |lo| at most half a unit in the last place of hi, give or take:
 * about 100 bits (Dekker 1971, "A floating-point technique for extending the available precision"). */
#ifndef SLALOM_ELEMENTARY_CORE_H
#define SLALOM_ELEMENTARY_CORE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A function that is not inlined into a kernel's loop would keep the loop from becoming SIMD code. */
#define ELEMENTARY static inline __attribute__((always_inline))

typedef struct ElementaryPair {
    double hi, lo;
} ElementaryPair;

#define ELEMENTARY_SIGN_BIT (UINT64_C(1) << 63)
/* Added to a number below 2^51, leaves it rounded to a whole number in the low bits of the sum. */
#define ELEMENTARY_ROUNDER 0x1.8p52
#define ELEMENTARY_LOG2_E 0x1.71547652b82fep+0
/* ln 2 in two parts; the high one has 38 bits, so that its product with an exponent is exact. */
#define ELEMENTARY_LN2_HI 0x1.62e42fefa0000p-1
#define ELEMENTARY_LN2_LO 0x1.cf79abc9e3b3ap-40

ELEMENTARY uint64_t elementary_bits(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

ELEMENTARY double elementary_number(uint64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* `number`, nearest whole number, ties to even; for |number| < 2^51. */
ELEMENTARY double elementary_round(double number) {
    return (number + ELEMENTARY_ROUNDER) - ELEMENTARY_ROUNDER;
}

/* 2^exponent for a whole exponent in [-1022, 1023]. */
ELEMENTARY double elementary_power_of_two(double exponent) {
    return elementary_number((elementary_bits(exponent + ELEMENTARY_ROUNDER) << 52) + (UINT64_C(1023) << 52));
}

/* number * 2^exponent for a whole |exponent| < 2000, rounded once: in two steps, since neither 2^1024 nor
 * 2^-1074 can be a factor. `number` is near 1. */
ELEMENTARY double elementary_scale(double number, double exponent) {
    double half = elementary_round(exponent * 0.5);
    return number * elementary_power_of_two(half) * elementary_power_of_two(exponent - half);
}

/* a + b exactly, for |a| >= |b| or a = 0. */
ELEMENTARY ElementaryPair elementary_quick_sum(double a, double b) {
    double sum = a + b;
    return (ElementaryPair){sum, b - (sum - a)};
}

/* a - b exactly (Knuth's two-sum, for any a and b). */
ELEMENTARY ElementaryPair elementary_difference(double a, double b) {
    double difference = a - b;
    double back = difference - a;
    return (ElementaryPair){difference, (a - (difference - back)) - (b + back)};
}

/* a * b exactly (Dekker), while neither is above 2^990 or the low part underflows. */
ELEMENTARY ElementaryPair elementary_product(double a, double b) {
    double a_split = a * 134217729.0, b_split = b * 134217729.0; /* 2^27 + 1 */
    double a_hi = a_split - (a_split - a), b_hi = b_split - (b_split - b);
    double a_lo = a - a_hi, b_lo = b - b_hi;
    double product = a * b;
    double error = ((a_hi * b_hi - product) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo;
    return (ElementaryPair){product, error};
}

/* n / d to about twice the precision of a number. */
ELEMENTARY ElementaryPair elementary_quotient(ElementaryPair n, ElementaryPair d) {
    double quotient = n.hi / d.hi;
    ElementaryPair back = elementary_product(quotient, d.hi);
    double rest = ((n.hi - back.hi) - back.lo) + (n.lo - quotient * d.lo);
    return (ElementaryPair){quotient, rest / d.hi};
}

/* yes where every bit of `mask` is set, no where none is. */
ELEMENTARY double elementary_blend(uint64_t mask, double yes, double no) {
    return elementary_number((elementary_bits(yes) & mask) | (elementary_bits(no) & ~mask));
}

/* -number where `negative` has the sign bit set; its other bits do not matter. */
ELEMENTARY double elementary_flip(double number, uint64_t negative) {
    return elementary_number(elementary_bits(number) ^ (negative & ELEMENTARY_SIGN_BIT));
}

#endif
