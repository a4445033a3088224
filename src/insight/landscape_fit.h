/* Where a landscape lies: a plane in the space of weights, fitted to how the racers have gone so far. */
#ifndef SLALOM_LANDSCAPE_FIT_H
#define SLALOM_LANDSCAPE_FIT_H

#include "landscape.h"
#include "live_training.h"
#include "plane.h"
#include "scene.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct LandscapeWish {
    NetworkPlane plane;
    int racers[2]; /* whom it is laid through, or around the first; one twice: there is no other */
    bool takes_part[RACE_RACERS_MAX]; /* what the components are of, and home shows */
    uint64_t seed;                    /* of random directions */
} LandscapeWish;

typedef struct LandscapeFit {
    Plane plane; /* owned */
    LandscapeWish wish;
    NetworkPlane kind; /* random as long as there is nothing to lay another through */
    double explained;  /* the share of the variance of the ways that the plane holds, 0..1; NAN: unknown */
    int64_t step;      /* of the last state that it knows */
    int n_steps;       /* of the states that it knows */
    Box home;          /* the ways, with some room around them */
} LandscapeFit;

/* To the states that are kept by now. False where none is, or memory is out. The training may go on. */
bool landscape_fit(LandscapeFit *fit, LiveTraining *live, const LandscapeWish *wish);
void landscape_fit_finish(LandscapeFit *fit);

/* A grid over a box of a plane: of square cells, a little larger where a side is not of whole cells, and as
 * fine as losses of so many examples are cheap. */
LandscapeGrid landscape_fit_grid(const MlpSpec *spec, int examples, Box box);

#endif
