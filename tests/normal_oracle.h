/* What the normal numbers of a stream are, by the C library. */
#ifndef SLALOM_TEST_NORMAL_ORACLE_H
#define SLALOM_TEST_NORMAL_ORACLE_H

#include <math.h>
#include <stdint.h>

/* splitmix64 after `count` steps before this one. */
static inline uint64_t random_oracle(uint64_t stream, uint64_t count) {
    uint64_t z = stream + 0x9e3779b97f4a7c15u * (count + 1);
    z = 0xbf58476d1ce4e5b9u * (z ^ z >> 30);
    z = 0x94d049bb133111ebu * (z ^ z >> 27);
    return z ^ z >> 31;
}

/* Box and Muller's pairs: numbers 0 to 15 of 32 are the cosines, the others the sines. float64 takes two
 * draws a pair (52 bits for the radius, 52 for a quarter turn, the last two the signs), float32 one (31 and
 * 23 bits). */
static inline double normal_oracle(uint64_t stream, uint64_t i, int is_double) {
    uint64_t pair = i / 32 * 16 + i % 16;
    int is_sine = i % 32 >= 16;
    double uniform, turn;
    uint64_t angle_bits;
    if (is_double) {
        uniform = 1 - ldexp((double)(random_oracle(stream, 2 * pair) >> 12), -52);
        angle_bits = random_oracle(stream, 2 * pair + 1);
        turn = ldexp((double)(angle_bits >> 12), -52);
    } else {
        uint64_t bits = random_oracle(stream, pair);
        uniform = ldexp((double)((float)(bits >> 33) + 0.5f), -31);
        angle_bits = bits & 0xffffffff;
        turn = ldexp((double)(angle_bits >> 9), -23);
    }
    const double quarter = acos(-1) / 2, radius = sqrt(-2 * log(uniform));
    double number = radius * (is_sine ? sin(quarter * turn) : cos(quarter * turn));
    return angle_bits >> is_sine & 1 ? -number : number;
}

#endif
