/* Random numbers: the same seed gives the same stream on every machine (splitmix64, Steele et al. 2014). */
#ifndef SLALOM_RNG_H
#define SLALOM_RNG_H

#include <stdint.h>

typedef struct Rng {
    uint64_t state;
} Rng;

Rng rng_seed(uint64_t seed);
uint64_t rng_next(Rng *rng);
double rng_uniform(Rng *rng, double min, double max); /* in [min, max) */

#endif
