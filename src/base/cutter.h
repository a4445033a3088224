/* One block of memory for many things, laid out twice by the same code: first to add up the bytes, then to
 * give out places. Each begins at a multiple of 64 bytes. */
#ifndef SLALOM_CUTTER_H
#define SLALOM_CUTTER_H

#include <math.h>
#include <stddef.h>

/* Starts from {0}, or with `at` at the beginning of a block that is aligned to 64 bytes. */
typedef struct Cutter {
    char *at; /* NULL while adding up */
    double bytes;
} Cutter;

/* The next place; NULL while adding up. */
static inline void *cut(Cutter *cutter, double bytes) {
    const double padded = ceil(bytes / 64) * 64;
    void *place = cutter->at;
    cutter->bytes += padded;
    if (cutter->at) cutter->at += (size_t)padded;
    return place;
}

#endif
