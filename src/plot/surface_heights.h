/* The heights of a surface, for a relief. */
#ifndef SLALOM_SURFACE_HEIGHTS_H
#define SLALOM_SURFACE_HEIGHTS_H

#include "height_source.h"
#include "surface.h"

/* For so many workers, 1 or more. The surface is borrowed. NULL where memory is out. */
HeightSource *surface_heights_create(const Surface *surface, int n_workers);

#endif
