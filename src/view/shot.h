/* Where a film's camera stands: set at once, without time, so that a picture depends on nothing before it. */
#ifndef SLALOM_SHOT_H
#define SLALOM_SHOT_H

#include "viewer.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Shot {
    double rise;               /* 0: from above, 1: in space; not looked at where both stand side by side */
    double azimuth, elevation; /* in degrees; in space */
    double zoom;               /* how many times closer than the scene's own look */
    double x, y;               /* the point of the plane in the middle */
} Shot;

/* The scene's own look, and the middle of what it shows. */
Shot viewer_shot(const Viewer *viewer);
/* From now on the picture is taken from there. */
void viewer_set_shot(Viewer *viewer, const Shot *shot);
/* For plot.c: turns flat and space cameras to the shot, for plots as they are laid out. */
void viewer_aim(Viewer *viewer);

/* Where the racer with the lowest loss is at a step; false where none has a finite one. The race is run to
 * there. */
bool viewer_leader(Viewer *viewer, int64_t step, double x[2]);

#endif
