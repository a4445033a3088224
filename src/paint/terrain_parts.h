/* What terrain.c (the block), terrain_vertices.c (where its vertices are and how they look) and
 * terrain_band.c (what of it a band of the picture shows) share. Nobody else includes this. */
#ifndef SLALOM_TERRAIN_PARTS_H
#define SLALOM_TERRAIN_PARTS_H

#include "terrain.h"
#include "terrain_raster.h"

enum {
    BLOCK = 8,      /* quads along a side of a block, whose place on the screen is known as a whole; even */
    BAND_ROWS = 32, /* device pixels */
    SIDES = 4,      /* walls: far, right, near, left */
};

/* Of each quad: whether its two triangles, left and right of its diagonal, face the viewer. Four quads may be
 * drawn as one large one: then all of them have what it has. */
enum { FACES_UPPER = 1, FACES_LOWER = 2, FACES_LARGE = 4 };

/* Of each vertex: whether it lies halfway between two others, on an edge or the diagonal of a large quad. */
typedef enum Halfway { HALFWAY_NOT, HALFWAY_ROW, HALFWAY_COLUMN, HALFWAY_DIAGONAL } Halfway;

typedef struct BlockBox {
    int32_t x0, y0, x1, y1; /* subpixels */
} BlockBox;

struct Terrain {
    Pool *pool;
    int columns, rows, block_columns, block_rows;
    float width, depth, cell;
    HeightScale height_scale;
    float level_positions[CONTOUR_LEVELS_MAX];
    bool strong[CONTOUR_LEVELS_MAX];
    int n_levels;
    const double *heights; /* while the grid is being set */

    float *xs, *ys;         /* (columns), (rows): where the vertices stand */
    float *positions;       /* (rows, columns): 0..1 on the scale; NAN: a hole */
    uint8_t *halfway;       /* (rows, columns) */
    Attributes *attributes; /* (rows, columns) */
    Corner *corners;        /* (rows, columns) */
    Corner *feet;           /* below the edge: far, right, near, left; (columns, rows, columns, rows) */
    Attributes *wall_tops, *wall_feet;
    uint8_t *facing;  /* (rows, columns), of the quad whose upper left vertex it is */
    BlockBox *blocks; /* (block_rows, block_columns) */

    TerrainLook look;
    bool coloured; /* the attributes are those of the look */
    int width_px, height_px;
    size_t pixel_room;
    uint32_t *pixels;
    float *depths;
    TerrainBand band; /* what all bands share */
};

/* The four vertices of a quad. */
typedef struct Quad {
    size_t ul, ur, ll, lr;
} Quad;

/* `size`: 1, or 2 for a large one. */
static inline Quad quad_at(const Terrain *terrain, int row, int column, int size) {
    size_t columns = (size_t)terrain->columns, ul = (size_t)row * columns + (size_t)column;
    size_t ll = ul + columns * (size_t)size;
    return (Quad){ul, ul + (size_t)size, ll, ll + (size_t)size};
}

/* A wall below one edge of the block, its vertices from left to right as seen from outside. */
typedef struct Side {
    int n;
    int first, step; /* vertices of the grid */
    int inward;      /* from a vertex to its neighbour inside */
    int begin;       /* in the arrays of walls */
    float light;     /* how much of it there is on this side */
} Side;
Side terrain_side(const Terrain *terrain, int side);

static inline int least_int(int a, int b) {
    return a < b ? a : b;
}

/* Turns of the pool, one for each row of blocks: positions and levels from the heights; which quads become
 * large ones; what lies halfway; colours; places on the screen; then what faces the viewer. */
PoolTask terrain_set_heights, terrain_find_large, terrain_even_out, terrain_colour, terrain_project,
    terrain_face;
/* The same for the walls, one for each side. */
PoolTask terrain_colour_wall, terrain_project_wall;
/* One for each band. */
PoolTask terrain_draw_band;

#endif
