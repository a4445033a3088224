/* Triangles of a few pixels each to colours and depths, and soft edges: the lowest part of terrain.h. Nobody
 * else includes this. */
#ifndef SLALOM_TERRAIN_RASTER_H
#define SLALOM_TERRAIN_RASTER_H

#include <stdbool.h>
#include <stdint.h>

typedef float F32x4 __attribute__((vector_size(16)));
typedef int32_t I32x4 __attribute__((vector_size(16)));

/* Positions on the screen are whole numbers of these parts of a pixel: inside tests are exact, so that
 * neighbouring triangles leave no gap and cover no pixel twice. */
enum { SUBPIXEL_BITS = 5, SUBPIXELS = 1 << SUBPIXEL_BITS };

/* Of a vertex: blue, green, red (0..254), and the level: whole numbers are lines of equal height. */
typedef F32x4 Attributes;

typedef struct Corner {
    int32_t x, y; /* device pixels of the plot, times SUBPIXELS */
    float depth;
} Corner;

enum { TERRAIN_LINES_MAX = 48 };

/* Rows [y0, y1) of the picture, which one thread draws. */
typedef struct TerrainBand {
    uint32_t *pixels; /* of the whole picture, (.., width) */
    float *depths;
    int width, y0, y1;
    /* Lines of equal height: colour and alpha of each whole level 0..n_lines - 1. */
    int n_lines;
    float line_half_width[TERRAIN_LINES_MAX]; /* device pixels */
    F32x4 line_colour[TERRAIN_LINES_MAX];     /* blue, green, red, alpha 0..1 */
} TerrainBand;

/* Nothing but background. */
void band_clear(const TerrainBand *band, uint32_t background);

/* Twice the area of a triangle in square subpixels; above 0 where its corners go round clockwise on the
 * screen, as those of a surface seen from above do. */
static inline int64_t corner_area(const Corner *a, const Corner *b, const Corner *c) {
    return (int64_t)(b->x - a->x) * (c->y - a->y) - (int64_t)(b->y - a->y) * (c->x - a->x);
}

/* Draws a triangle whose area is above 0, where it is nearer than what is there. */
void band_triangle(const TerrainBand *band, const Corner *const corners[3],
    const Attributes *const attributes[3], bool with_lines);

/* Softens an edge of the drawn surface: blends its colour over the pixels just beyond it, on the side away
 * from `inside`, where what is there lies farther away than the edge by `margin`. */
void band_edge(const TerrainBand *band, const Corner *a, const Corner *b, const Attributes *attributes_a,
    const Attributes *attributes_b, const Corner *inside, float margin);

#endif
