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
uint64_t rng_below(Rng *rng, uint64_t n);             /* in [0, n), all as likely; n > 0 */

/* A stream of its own for each pair of numbers, such as what it is for and a step. */
Rng rng_stream(uint64_t seed, uint64_t a, uint64_t b);

#endif
