/* The camera of the picture in space: it goes round the part of the plane that the flat camera shows, and
 * comes from the flat picture and returns to it smoothly.
 *
 * Space is measured in the flat picture's pixels: (0, 0) is the middle of its plot, x to the right, y up the
 * plot, z above it. Once `rise` is 0 the picture is the flat one: seen from above, without heights and
 * without perspective, every point where the flat camera puts it. */
#ifndef SLALOM_ORBIT_H
#define SLALOM_ORBIT_H

#include "camera.h"
#include "projection.h"
#include "scene.h"

#include <stdbool.h>

/* Angles in radians. */
typedef struct OrbitPose {
    double azimuth, elevation; /* elevation between ORBIT_ELEVATION_MIN and _MAX */
    double log_zoom;           /* 0: the whole fits the plot */
    double centre_x, centre_y; /* of interest, in space; inside the plot */
} OrbitPose;

#define ORBIT_DEGREE 0.017453292519943295
#define ORBIT_ELEVATION_MIN (LOOK_ELEVATION_MIN * ORBIT_DEGREE)
#define ORBIT_ELEVATION_MAX (LOOK_ELEVATION_MAX * ORBIT_DEGREE)

typedef struct Orbit {
    OrbitPose pose, target;   /* as it is, and where it is going */
    double rise, rise_target; /* 0: flat, 1: in space */
    double width, height;     /* of the flat picture, as told last */
} Orbit;

void orbit_init(Orbit *orbit);            /* flat, its pose that of orbit_reset */
void orbit_reset(Orbit *orbit);           /* starts to turn back to the first pose */
bool orbit_is_turned(const Orbit *orbit); /* to where the first pose is not */

/* Starts to go to space, or back to the flat picture. */
void orbit_rise(Orbit *orbit, bool rise);
bool orbit_is_flat(const Orbit *orbit); /* and stays so */

/* The hand turns the picture by so many pixels: to the right, and down (seen from higher). */
void orbit_turn(Orbit *orbit, double dx_px, double dy_px);
/* Begins to turn by angles. */
void orbit_turn_by(Orbit *orbit, double azimuth, double elevation);
/* Sets the angles at once. */
void orbit_set(Orbit *orbit, double azimuth, double elevation);
/* The hand moves what is seen by so many pixels. */
void orbit_pan(Orbit *orbit, const Projection *projection, double dx_px, double dy_px);
/* Begins to come closer by a factor > 1. */
void orbit_zoom(Orbit *orbit, double factor);
/* Begins to look at a point of space; the edges of the plot are the limit. */
void orbit_look_at(Orbit *orbit, double x, double y);

/* Time passes. True where something moved. */
bool orbit_advance(Orbit *orbit, double seconds);
bool orbit_is_moving(const Orbit *orbit);
void orbit_settle(Orbit *orbit); /* ends everything under way at its target */

/* How much of the heights is there: 0 flat, 1 all, with a soft beginning and end. */
double orbit_lift(const Orbit *orbit);
/* How high the highest point stands above the lowest, in space; without the lift. */
double orbit_height(const Orbit *orbit);
/* The thickness of the block below the lowest point; without the lift. */
double orbit_base(const Orbit *orbit);

/* The projection into a plot of what the flat camera shows. At rise 0 the plots must be the same. */
Projection orbit_projection(Orbit *orbit, const Camera *flat, Rect plot);

/* A point of the plane in space, and back. */
double orbit_x(const Camera *flat, double x);
double orbit_y(const Camera *flat, double y);
double orbit_plane_x(const Camera *flat, double x);
double orbit_plane_y(const Camera *flat, double y);

#endif
