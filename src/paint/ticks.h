/* Round numbers along an axis. */
#ifndef SLALOM_TICKS_H
#define SLALOM_TICKS_H

#include <stdbool.h>

enum { TICKS_MAX = 32, TICK_LABEL_BYTES = 16 };

typedef struct Tick {
    double value;
    char label[TICK_LABEL_BYTES]; /* "-0.5", "1e-04": as many decimals as the step needs, all alike */
} Tick;

/* Multiples of 1, 2 or 5 times a power of ten inside [min, max], about `wanted` of them. */
int ticks_linear(double min, double max, int wanted, Tick ticks[TICKS_MAX]);

/* Powers of ten inside [min, max] (both > 0), thinned to about `wanted`. */
int ticks_logarithmic(double min, double max, int wanted, Tick ticks[TICKS_MAX]);

/* Moves labels of height `size` along an axis just far enough that none overlaps and all stay in
 * [low, high], keeping their order; positions: centres, in any order. Labels that cannot fit are
 * marked by NAN, the last ones first. */
void labels_spread(float *positions, int n, float size, float low, float high);

#endif
