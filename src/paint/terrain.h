/* The picture of heights in space: a lit block with lines of equal height, and the depth of each of its
 * pixels.
 *
 * The same bytes for any number of threads. Allocates only when the grid or the picture grows. */
#ifndef SLALOM_TERRAIN_H
#define SLALOM_TERRAIN_H

#include "heatmap.h"
#include "pool.h"
#include "projection.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Terrain Terrain;

/* The pool is borrowed and may be NULL. NULL where memory is out. */
Terrain *terrain_create(Pool *pool);
void terrain_destroy(Terrain *terrain);

/* A grid of heights over a block of `width` x `depth` around (0, 0). Row 0 is the far one (large y). The
 * middle of cell (0, 0) is half a cell from the corner, and cells may reach beyond the other edges, where
 * they are cut. A height that is not a number leaves a hole; infinite ones are cut to the ends of the scale.
 */
typedef struct TerrainGrid {
    const double *heights; /* (rows, columns) */
    int columns, rows;     /* 2 or more */
    double cell;           /* how wide a cell is in space */
    double width, depth;   /* of the block */
    HeightScale scale;
    double levels[CONTOUR_LEVELS_MAX]; /* of the lines, ascending */
    bool strong[CONTOUR_LEVELS_MAX];
    int n_levels;
} TerrainGrid;

/* The heights are copied. False where memory is out: the old ones stay. */
bool terrain_set_grid(Terrain *terrain, const TerrainGrid *grid);

typedef struct TerrainLook {
    Projection projection; /* must look from above: elevation > 0 */
    Rect plot;             /* its edges between device pixels */
    float scale;           /* device pixels in a logical one */
    double height, base;   /* in space: z of the scale's high end; how far the block goes down below z = 0 */
    float light;           /* 0: flat colours, 1: lit */
    const Theme *theme;
} TerrainLook;

/* Draws into the terrain's own picture. False where memory is out. */
bool terrain_draw(Terrain *terrain, const TerrainLook *look);

/* What was drawn last: (height_px, width_px) of the plot. */
const uint32_t *terrain_pixels(const Terrain *terrain, int *width_px, int *height_px);

/* z of the surface, as drawn last, over a point of space; that of the nearest point where it is outside. NAN
 * in a hole. */
double terrain_z(const Terrain *terrain, double x, double y);

/* Whether a point on the surface, or above it, is in sight. Points outside of the plot are not. */
bool terrain_shows(const Terrain *terrain, const Projected *point);

/* The depth of what is seen at a place of the canvas; false where there is only background. */
bool terrain_depth(const Terrain *terrain, double x, double y, double *depth);

#endif
