/* Where a racer ends from each start of a grid: the map of its basins.
 *
 * The map is worked out in slices, first every eighth start of every eighth row, then those between, so that a picture
 * of it is there at once and becomes finer. Nothing is worked out again while everything stays the same. */
#ifndef SLALOM_BASINS_H
#define SLALOM_BASINS_H

#include "pool.h"
#include "race.h"
#include "status.h"
#include "surface.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Basins Basins;

/* What is asked for. Surface and spec are borrowed for the call; another surface comes at another address, or
 * to other basins. */
typedef struct BasinsWish {
    const Surface *surface; /* all of it: no minibatches */
    const RacerSpec *spec;  /* who runs from every start */
    int64_t steps; /* for so long, or until it converges, stalls or diverges; noise is that of `seed` */
    uint64_t seed;
    Box box;           /* the starts are the middles of */
    int columns, rows; /* so many cells of it */
} BasinsWish;

typedef struct BasinsEnd {
    double x[2], loss;
    RacerStatus status;
    int minimum; /* the surface's stationary point that is nearest to the end, of those that are minima; -1
                    where it has none, or the racer diverged */
} BasinsEnd;

/* The pool may be NULL and is borrowed. NULL when memory is out. */
Basins *basins_create(Pool *pool);
void basins_destroy(Basins *basins);

/* Goes on with the map of this wish for about `budget_s`, to its end for INFINITY. True once it is complete.
 * Allocates only where the wish is another one. Where it cannot be fulfilled: true, and no start has an end.
 */
bool basins_work(Basins *basins, const BasinsWish *wish, double budget_s);

/* The end of the start in a cell, row 0 at the top; where that is not there yet, that of a start near by;
 * NULL where there is none either. */
const BasinsEnd *basins_end(const Basins *basins, int column, int row);

/* The start itself. */
void basins_start(const Basins *basins, int column, int row, double x[2]);

#endif
