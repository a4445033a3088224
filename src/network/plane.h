/* A plane in the space of a network's parameters: x(u, v) = origin + u along[0] + v along[1]. Directions of
 * unit length that are orthogonal show distances as they are; others do not have to be. */
#ifndef SLALOM_PLANE_H
#define SLALOM_PLANE_H

#include "mlp.h"

/* Owns its numbers. */
typedef struct Plane {
    Vec origin, along[2];
    void *block;
} Plane;

void plane_destroy(Plane *plane);

/* At `origin` along two random directions, filter-normalised (Li et al. 2018, "Visualizing the loss landscape
 * of neural nets"): the weights into a unit are as long in a direction as they are in the origin, so that
 * networks of different scale can be compared. Biases stay as they are. origin: (dim) of the network. */
bool plane_random(Plane *plane, const MlpSpec *spec, const Vec *origin, uint64_t seed, Status *status);

/* Through three points: a is (0, 0) and b (1, 0); v is orthogonal to u and of the same scale. Without a third
 * point, NULL, the line through a and b: v changes nothing. Fails where the points lie closer. */
bool plane_through(Plane *plane, const Vec *a, const Vec *b, const Vec *c, Status *status);

/* The two principal components of n vectors, of unit length, the larger first, from their mean. The first
 * vector is on the side of negative coordinates, so that a path leads to the right. Fails where they vary
 * along a line only. */
bool plane_principal(Plane *plane, const Vec *vectors, int n, Status *status);

/* x = x(u, v) */
void plane_point(const Plane *plane, double u, double v, const Vec *x);

/* Where the point of the plane that is closest to x lies, and how far x is from it. */
typedef struct PlaneFoot {
    double u, v, off;
} PlaneFoot;
PlaneFoot plane_project(const Plane *plane, const Vec *x);

/* The share of the variance of n vectors that the plane's directions hold, 0..1; NAN where they do not vary.
 * feet: (n), as plane_project has them. */
double plane_explained(const Plane *plane, const Vec *vectors, const PlaneFoot *feet, int n);

#endif
