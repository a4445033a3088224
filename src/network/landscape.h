/* The loss of a network over a grid on a plane, from coarse to fine in slices as small as the caller likes.
 *
 * The loss is mlp_score's: the mean over examples of the network as it is used, without dropout, noise and
 * penalties. The sums of the first layer are linear in the plane's two coordinates: they are worked out once
 * for the origin and the two directions, and a cell begins with the second layer. The numbers do not depend
 * on the number of threads, nor on the slices. */
#ifndef SLALOM_LANDSCAPE_H
#define SLALOM_LANDSCAPE_H

#include "plane.h"

typedef struct LandscapeGrid {
    int cols, rows;      /* of points, 1..LANDSCAPE_SIDE_MAX; a single one is at u_min or v_min */
    double u_min, u_max; /* of the first and the last column */
    double v_min, v_max; /* of the first and the last row */
} LandscapeGrid;

enum { LANDSCAPE_SIDE_MAX = 2048 };

typedef struct Landscape Landscape;

/* Plane and batch are borrowed; the batch's labels or targets are as the loss wants them. Parameters have the
 * spec's precision. The pool, NULL for none, is borrowed: neither this nor the work may be called from inside
 * one of its tasks. Fails where a number is out of its range or the memory does not fit. */
Landscape *landscape_create(const MlpSpec *spec, const Plane *plane, const Batch *batch,
    const LandscapeGrid *grid, Pool *pool, Status *status);
void landscape_destroy(Landscape *landscape);

/* Works out the next cells, at most so many: first those that are far apart, then those between them.
 * Returns whether any are left. */
bool landscape_advance(Landscape *landscape, int cells);

int landscape_cells(const Landscape *landscape); /* cols x rows */
int landscape_done(const Landscape *landscape);  /* of them */

/* So many cells apart, along rows and columns from the first, all are known; 0 before the first picture. */
int landscape_spacing(const Landscape *landscape);

/* A cell's loss, or until it is known that of the known one that stands for it: the finest block's corner
 * with the smaller row and column. NAN before the first. */
double landscape_at(const Landscape *landscape, int row, int col);

/* The loss of any point of the plane, now. */
double landscape_loss(Landscape *landscape, double u, double v);

#endif
