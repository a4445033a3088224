/* The ways of the racers laid over a terrain: what is in sight and what lies behind a hill, apart. */
#ifndef SLALOM_DRAPE_H
#define SLALOM_DRAPE_H

#include "camera.h"
#include "projection.h"
#include "terrain.h"
#include "trails.h"

#include <stdint.h>

/* Starts from {0}; grows and is used again. */
typedef struct Drape {
    TrailBuffer flat;            /* as the flat camera sees it */
    TrailBuffer visible, hidden; /* on the canvas */
} Drape;
void drape_finish(Drape *drape);

/* The positions x (rows, 2) up to `row` on the terrain as it was drawn last, cut to its block. `flat` shows
 * what the terrain stands on. */
void drape_project(Drape *drape, const double *x, int64_t row, const Camera *flat,
    const Projection *projection, const Terrain *terrain, float scale);

/* The place of a point of space on the canvas. */
typedef struct Draped {
    Projected at;
    bool inside;  /* its x and y are those of the block */
    bool visible; /* in sight */
} Draped;

/* A point (x, y) of the plane, `above` units of space above the terrain. */
Draped drape_point(double x, double y, double above, const Camera *flat, const Projection *projection,
    const Terrain *terrain);

#endif
