/* splitmix64: one multiplication-and-shift chain over a counter. */
#include "rng.h"

Rng rng_seed(uint64_t seed) {
    return (Rng){.state = seed};
}

uint64_t rng_next(Rng *rng) {
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double rng_uniform(Rng *rng, double min, double max) {
    double unit = (double)(rng_next(rng) >> 11) * 0x1p-53;
    return min + unit * (max - min);
}

uint64_t rng_below(Rng *rng, uint64_t n) {
    uint64_t whole = UINT64_MAX - UINT64_MAX % n, drawn;
    do drawn = rng_next(rng);
    while (drawn >= whole);
    return drawn % n;
}

Rng rng_stream(uint64_t seed, uint64_t a, uint64_t b) {
    Rng rng = rng_seed(seed);
    rng = rng_seed(rng_next(&rng) ^ a);
    return rng_seed(rng_next(&rng) ^ b);
}
