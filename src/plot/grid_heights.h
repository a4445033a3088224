/* Heights between those that are known over a grid, for a relief: bicubic, and exact where they are known. */
#ifndef SLALOM_GRID_HEIGHTS_H
#define SLALOM_GRID_HEIGHTS_H

#include "height_source.h"
#include "surface.h"

/* For so many workers, 1 or more; without heights, NAN everywhere. NULL where memory is out. */
HeightSource *grid_heights_create(int n_workers);

/* Copies heights (rows, cols), row 0 at y_min, that lie over a box to its edges; 2 or more each way. Beyond
 * the box heights are those of its edge. What is not finite leaves the cells around it without heights. False
 * where memory is out: those from before stay. A relief must be told. */
bool grid_heights_set(HeightSource *source, const double *heights, int cols, int rows, Box box);

#endif
