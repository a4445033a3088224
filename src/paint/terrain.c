/* The block: vertices from heights, their light and their place on the screen, and the order in which the
 * bands of the picture are drawn. Triangles to pixels: terrain_raster.c. */
#include "terrain.h"

#include "terrain_raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 8,      /* quads along a side of a block, whose place on the screen is known as a whole */
    BAND_ROWS = 32, /* device pixels */
    SIDES = 4,      /* walls: far, right, near, left */
};
/* Where the sun is: over the left shoulder of someone who looks from the right at azimuth 0. */
static const float SUN[3] = {-0.58f, 0.26f, 0.77f};
static const float AMBIENT = 0.42f; /* of the light on a level place; the rest comes from the sun */
static const float LIGHTEN = 0.55f; /* how much of the light above that becomes white */
static const float WALL_LIGHT = 0.62f, WALL_FOOT_LIGHT = 0.4f;
static const float LINE_WIDTH = 1, STRONG_WIDTH = 1.3f;
static const float HIDDEN_MARGIN = 2.5f; /* pixels of depth that a point on the surface may be off */
static const float FAR_PX = 30000;       /* positions are cut to this, so that their products fit */

/* Of each quad: whether its two triangles face the viewer. */
enum { FACES_UPPER = 1, FACES_LOWER = 2 /* left and right of the diagonal */ };

typedef struct BlockBox {
    int32_t x0, y0, x1, y1; /* subpixels */
} BlockBox;

struct Terrain {
    Pool *pool;
    int columns, rows, block_columns, block_rows;
    size_t room; /* vertices */
    float width, depth, cell;
    HeightScale height_scale;
    float level_positions[CONTOUR_LEVELS_MAX];
    bool strong[CONTOUR_LEVELS_MAX];
    int n_levels;
    const double *heights; /* while the grid is being set */

    float *xs, *ys;         /* (columns), (rows): where the vertices stand */
    float *positions;       /* (rows, columns): 0..1 on the scale; NAN: a hole */
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

static void run(Terrain *terrain, int n, PoolTask *task) {
    if (terrain->pool) {
        pool_run(terrain->pool, n, task, terrain);
        return;
    }
    for (int i = 0; i < n; i++) task(terrain, i, 0);
}

Terrain *terrain_create(Pool *pool) {
    Terrain *terrain = calloc(1, sizeof *terrain);
    if (terrain) terrain->pool = pool;
    return terrain;
}

static void free_grid(Terrain *terrain) {
    free(terrain->xs);
    free(terrain->ys);
    free(terrain->positions);
    free(terrain->attributes);
    free(terrain->corners);
    free(terrain->feet);
    free(terrain->wall_tops);
    free(terrain->wall_feet);
    free(terrain->facing);
    free(terrain->blocks);
}

void terrain_destroy(Terrain *terrain) {
    if (!terrain) return;
    free_grid(terrain);
    free(terrain->pixels);
    free(terrain->depths);
    free(terrain);
}

static int blocks_of(int vertices) {
    return (vertices - 1 + BLOCK - 1) / BLOCK;
}

/* New arrays for a grid, from scratch: what they hold is computed anew anyway. */
static bool make_room(Terrain *terrain, int columns, int rows) {
    size_t vertices = (size_t)columns * (size_t)rows, around = 2 * (size_t)(columns + rows);
    Terrain fresh = {
        .xs = malloc(sizeof *fresh.xs * (size_t)columns),
        .ys = malloc(sizeof *fresh.ys * (size_t)rows),
        .positions = malloc(sizeof *fresh.positions * vertices),
        .attributes = aligned_alloc(sizeof *fresh.attributes, sizeof *fresh.attributes * vertices),
        .corners = malloc(sizeof *fresh.corners * vertices),
        .feet = malloc(sizeof *fresh.feet * around),
        .wall_tops = aligned_alloc(sizeof *fresh.wall_tops, sizeof *fresh.wall_tops * around),
        .wall_feet = aligned_alloc(sizeof *fresh.wall_feet, sizeof *fresh.wall_feet * around),
        .facing = malloc(vertices),
        .blocks = malloc(sizeof *fresh.blocks * (size_t)blocks_of(columns) * (size_t)blocks_of(rows)),
    };
    if (!fresh.xs || !fresh.ys || !fresh.positions || !fresh.attributes || !fresh.corners || !fresh.feet ||
        !fresh.wall_tops || !fresh.wall_feet || !fresh.facing || !fresh.blocks) {
        free_grid(&fresh);
        return false;
    }
    free_grid(terrain);
    terrain->xs = fresh.xs;
    terrain->ys = fresh.ys;
    terrain->positions = fresh.positions;
    terrain->attributes = fresh.attributes;
    terrain->corners = fresh.corners;
    terrain->feet = fresh.feet;
    terrain->wall_tops = fresh.wall_tops;
    terrain->wall_feet = fresh.wall_feet;
    terrain->facing = fresh.facing;
    terrain->blocks = fresh.blocks;
    terrain->columns = columns;
    terrain->rows = rows;
    terrain->block_columns = blocks_of(columns);
    terrain->block_rows = blocks_of(rows);
    return true;
}

static float clamp01(float value) {
    return value < 0 ? 0 : value < 1 ? value : 1;
}

/* The levels between which a position lies, and how far: whole numbers are levels. */
static float level_of(const Terrain *terrain, float position) {
    const float *levels = terrain->level_positions;
    int n = terrain->n_levels, i = 0;
    if (n < 2) return n == 0 || !(position == position) ? -1 : (position - levels[0]) * 10;
    while (i < n - 2 && position >= levels[i + 1]) i++;
    return (float)i + (position - levels[i]) / (levels[i + 1] - levels[i]);
}

static void set_block_row(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int end = (block_row + 1) * BLOCK;
    if (block_row == terrain->block_rows - 1) end = terrain->rows;
    for (int row = block_row * BLOCK; row < end; row++) {
        size_t begin = (size_t)row * (size_t)terrain->columns;
        for (size_t i = begin; i < begin + (size_t)terrain->columns; i++) {
            double height = terrain->heights[i];
            float position =
                isinf(height) ? height > 0 : (float)height_scale_position(&terrain->height_scale, height);
            terrain->positions[i] = isnan(height) ? NAN : clamp01(position);
            terrain->attributes[i][3] = level_of(terrain, position);
        }
    }
}

/* The outermost vertices stand on the edges of the block. */
static void place_vertices(float *at, int n, float cell, float length, float sign) {
    for (int i = 0; i < n; i++) {
        float from_edge = i == 0 ? 0 : i == n - 1 ? length : ((float)i + 0.5f) * cell;
        at[i] = sign * (from_edge - 0.5f * length);
    }
}

bool terrain_set_grid(Terrain *terrain, const TerrainGrid *grid) {
    bool fits = terrain->columns == grid->columns && terrain->rows == grid->rows;
    if (!fits && !make_room(terrain, grid->columns, grid->rows)) return false;
    terrain->width = (float)grid->width;
    terrain->depth = (float)grid->depth;
    terrain->cell = (float)grid->cell;
    place_vertices(terrain->xs, grid->columns, terrain->cell, terrain->width, 1);
    place_vertices(terrain->ys, grid->rows, terrain->cell, terrain->depth, -1);
    terrain->height_scale = grid->scale;
    terrain->n_levels = grid->n_levels;
    for (int i = 0; i < grid->n_levels; i++) {
        terrain->level_positions[i] = (float)height_scale_position(&grid->scale, grid->levels[i]);
        terrain->strong[i] = grid->strong[i];
    }
    terrain->heights = grid->heights;
    run(terrain, terrain->block_rows, set_block_row);
    terrain->heights = NULL;
    terrain->coloured = false;
    return true;
}

static Attributes colour_of(uint32_t pixel, float level) {
    return (Attributes){
        (float)(pixel & 0xff), (float)(pixel >> 8 & 0xff), (float)(pixel >> 16 & 0xff), level};
}

/* Light below that on a level place darkens, light above it goes towards white. */
static Attributes lit(Attributes colour, float light) {
    float level = colour[3];
    Attributes result = light < 1 ? colour * light : colour + (254.f - colour) * ((light - 1) * LIGHTEN);
    result[3] = level;
    return result;
}

static uint32_t map_colour(const Terrain *terrain, float position) {
    return terrain->look.theme->map[(int)(position * (THEME_MAP_STOPS - 1) + 0.5f)];
}

/* The slope between two neighbours, of which a hole tells nothing. */
static float slope(float before, float after, float distance, float height) {
    float rise = (after - before) * height / distance;
    return rise == rise ? rise : 0;
}

static float light_at(const Terrain *terrain, int row, int column) {
    int left = column > 0 ? column - 1 : 0, right = column < terrain->columns - 1 ? column + 1 : column;
    int above = row > 0 ? row - 1 : 0, below = row < terrain->rows - 1 ? row + 1 : row;
    const float *here = terrain->positions + (size_t)row * (size_t)terrain->columns;
    const float *far = terrain->positions + (size_t)above * (size_t)terrain->columns;
    const float *near = terrain->positions + (size_t)below * (size_t)terrain->columns;
    float height = (float)terrain->look.height;
    float dx = slope(here[left], here[right], terrain->xs[right] - terrain->xs[left], height);
    float dy = slope(near[column], far[column], terrain->ys[above] - terrain->ys[below], height);
    float facing = (SUN[2] - dx * SUN[0] - dy * SUN[1]) / sqrtf(1 + dx * dx + dy * dy);
    float sun = facing > 0 ? facing / SUN[2] : 0;
    return 1 + terrain->look.light * (AMBIENT + (1 - AMBIENT) * sun - 1);
}

static void colour_block_row(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int end = (block_row + 1) * BLOCK;
    if (block_row == terrain->block_rows - 1) end = terrain->rows;
    for (int row = block_row * BLOCK; row < end; row++) {
        for (int column = 0; column < terrain->columns; column++) {
            size_t i = (size_t)row * (size_t)terrain->columns + (size_t)column;
            float position = terrain->positions[i];
            if (position != position) continue;
            Attributes colour = colour_of(map_colour(terrain, position), terrain->attributes[i][3]);
            terrain->attributes[i] = lit(colour, light_at(terrain, row, column));
        }
    }
}

static int32_t subpixels(double px) {
    float cut = (float)px;
    cut = cut > -FAR_PX ? cut : -FAR_PX;
    cut = cut < FAR_PX ? cut : FAR_PX;
    return (int32_t)floorf(cut * SUBPIXELS + 0.5f);
}

static Corner corner_at(const Terrain *terrain, double x, double y, double z) {
    const TerrainLook *look = &terrain->look;
    Projected at = project(&look->projection, x, y, z);
    return (Corner){
        subpixels((at.x - look->plot.x) * look->scale),
        subpixels((at.y - look->plot.y) * look->scale),
        (float)at.depth,
    };
}

static void project_block_row(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    double height = terrain->look.height;
    int end = (block_row + 1) * BLOCK;
    if (block_row == terrain->block_rows - 1) end = terrain->rows;
    for (int row = block_row * BLOCK; row < end; row++) {
        for (int column = 0; column < terrain->columns; column++) {
            size_t i = (size_t)row * (size_t)terrain->columns + (size_t)column;
            float position = terrain->positions[i];
            if (position != position) continue;
            terrain->corners[i] =
                corner_at(terrain, terrain->xs[column], terrain->ys[row], height * position);
        }
    }
}

/* A wall below one edge of the block, its vertices from left to right as seen from outside. */
typedef struct Side {
    int n;
    int first, step; /* vertices of the grid */
    int inward;      /* from a vertex to its neighbour inside */
    int begin;       /* in the arrays of walls */
    float light;     /* how much of the sun it gets */
} Side;

static Side side_of(const Terrain *terrain, int side) {
    int columns = terrain->columns, rows = terrain->rows, last = columns * (rows - 1);
    switch (side) {
    case 0: return (Side){columns, columns - 1, -1, columns, 0, 0.9f};
    case 1: return (Side){rows, last + columns - 1, -columns, -1, columns, 0.82f};
    case 2: return (Side){columns, last, 1, -columns, columns + rows, 0.92f};
    default: return (Side){rows, 0, columns, 1, 2 * columns + rows, 1.08f};
    }
}

static void colour_wall(void *context, int index, int worker) {
    (void)worker;
    Terrain *terrain = context;
    Side side = side_of(terrain, index);
    for (int i = 0; i < side.n; i++) {
        float position = terrain->positions[side.first + i * side.step];
        if (position != position) continue;
        Attributes colour = colour_of(map_colour(terrain, position), -1);
        terrain->wall_tops[side.begin + i] = lit(colour, side.light * WALL_LIGHT);
        terrain->wall_feet[side.begin + i] = lit(colour, side.light * WALL_FOOT_LIGHT);
    }
}

static void project_wall(void *context, int index, int worker) {
    (void)worker;
    Terrain *terrain = context;
    Side side = side_of(terrain, index);
    for (int i = 0; i < side.n; i++) {
        int vertex = side.first + i * side.step;
        terrain->feet[side.begin + i] = corner_at(terrain, terrain->xs[vertex % terrain->columns],
            terrain->ys[vertex / terrain->columns], -terrain->look.base);
    }
}

/* The four vertices of a quad. */
typedef struct Quad {
    size_t ul, ur, ll, lr;
} Quad;

static inline Quad quad_at(const Terrain *terrain, int row, int column) {
    size_t ul = (size_t)row * (size_t)terrain->columns + (size_t)column, ll = ul + (size_t)terrain->columns;
    return (Quad){ul, ul + 1, ll, ll + 1};
}

static inline bool is_hole(const Terrain *terrain, Quad quad) {
    float sum = terrain->positions[quad.ul] + terrain->positions[quad.ur] + terrain->positions[quad.ll] +
                terrain->positions[quad.lr];
    return sum != sum;
}

static void include(BlockBox *box, const Corner *corner) {
    if (corner->x < box->x0) box->x0 = corner->x;
    if (corner->y < box->y0) box->y0 = corner->y;
    if (corner->x > box->x1) box->x1 = corner->x;
    if (corner->y > box->y1) box->y1 = corner->y;
}

static void face_quad(Terrain *terrain, int row, int column, BlockBox *box) {
    Quad quad = quad_at(terrain, row, column);
    uint8_t facing = 0;
    if (!is_hole(terrain, quad)) {
        const Corner *corners = terrain->corners;
        const Corner *ul = &corners[quad.ul], *ur = &corners[quad.ur], *ll = &corners[quad.ll],
                     *lr = &corners[quad.lr];
        if (corner_area(ul, ur, ll) > 0) facing |= FACES_UPPER;
        if (corner_area(ur, lr, ll) > 0) facing |= FACES_LOWER;
        include(box, ul);
        include(box, ur);
        include(box, ll);
        include(box, lr);
    }
    terrain->facing[quad.ul] = facing;
}

static int least_int(int a, int b) {
    return a < b ? a : b;
}

static void face_block_row(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int row_end = least_int((block_row + 1) * BLOCK, terrain->rows - 1);
    for (int block = 0; block < terrain->block_columns; block++) {
        BlockBox box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
        int column_end = least_int((block + 1) * BLOCK, terrain->columns - 1);
        for (int row = block_row * BLOCK; row < row_end; row++)
            for (int column = block * BLOCK; column < column_end; column++)
                face_quad(terrain, row, column, &box);
        terrain->blocks[block_row * terrain->block_columns + block] = box;
    }
}

static void draw_quad(const Terrain *terrain, const TerrainBand *band, Quad quad, uint8_t facing) {
    const Corner *c = terrain->corners;
    const Attributes *a = terrain->attributes;
    if (facing & FACES_UPPER)
        band_triangle(band, (const Corner *[]){&c[quad.ul], &c[quad.ur], &c[quad.ll]},
            (const Attributes *[]){&a[quad.ul], &a[quad.ur], &a[quad.ll]}, true);
    if (facing & FACES_LOWER)
        band_triangle(band, (const Corner *[]){&c[quad.ur], &c[quad.lr], &c[quad.ll]},
            (const Attributes *[]){&a[quad.ur], &a[quad.lr], &a[quad.ll]}, true);
}

/* Softens the edge a-b of a triangle that is seen where its neighbour is not. */
static void soften(const Terrain *terrain, const TerrainBand *band, size_t a, size_t b, size_t inside) {
    band_edge(band, &terrain->corners[a], &terrain->corners[b], &terrain->attributes[a],
        &terrain->attributes[b], &terrain->corners[inside], HIDDEN_MARGIN);
}

/* The edges of a quad: its upper, its left, and its diagonal. Those at the right and below are a neighbour's,
 * or the block's own. */
static void soften_quad(const Terrain *terrain, const TerrainBand *band, int row, int column) {
    Quad quad = quad_at(terrain, row, column);
    uint8_t facing = terrain->facing[quad.ul];
    bool upper = facing & FACES_UPPER, lower = facing & FACES_LOWER;
    if (upper != lower) soften(terrain, band, quad.ur, quad.ll, upper ? quad.ul : quad.lr);
    if (row > 0) {
        size_t above = quad.ul - (size_t)terrain->columns;
        bool other = terrain->facing[above] & FACES_LOWER;
        if (upper && !other) soften(terrain, band, quad.ul, quad.ur, quad.ll);
        if (other && !upper) soften(terrain, band, quad.ul, quad.ur, above + 1);
    }
    if (column > 0) {
        bool other = terrain->facing[quad.ul - 1] & FACES_LOWER;
        if (upper && !other) soften(terrain, band, quad.ul, quad.ll, quad.ur);
        if (other && !upper) soften(terrain, band, quad.ul, quad.ll, quad.ll - 1);
    }
}

/* One turn of a band over the blocks that it shows, the near ones first. */
static void each_block(const Terrain *terrain, const TerrainBand *band, bool softening) {
    const Projection *p = &terrain->look.projection;
    bool far_last = p->cos_azimuth > 0, right_last = p->sin_azimuth < 0;
    int32_t y0 = band->y0 * SUBPIXELS, y1 = band->y1 * SUBPIXELS, x1 = band->width * SUBPIXELS;
    for (int i = 0; i < terrain->block_rows; i++) {
        int block_row = far_last ? terrain->block_rows - 1 - i : i;
        int row_end = least_int((block_row + 1) * BLOCK, terrain->rows - 1);
        for (int k = 0; k < terrain->block_columns; k++) {
            int block = right_last ? k : terrain->block_columns - 1 - k;
            const BlockBox *box = &terrain->blocks[block_row * terrain->block_columns + block];
            if (box->y1 < y0 - SUBPIXELS || box->y0 >= y1 + SUBPIXELS || box->x1 < 0 || box->x0 >= x1)
                continue;
            int column_end = least_int((block + 1) * BLOCK, terrain->columns - 1);
            for (int row = block_row * BLOCK; row < row_end; row++) {
                for (int column = block * BLOCK; column < column_end; column++) {
                    Quad quad = quad_at(terrain, row, column);
                    if (softening)
                        soften_quad(terrain, band, row, column);
                    else
                        draw_quad(terrain, band, quad, terrain->facing[quad.ul]);
                }
            }
        }
    }
}

/* The top edge of a wall: the surface's colour over the wall where both are seen, else the colour of the one
 * that is. */
static void soften_wall_top(
    const Terrain *terrain, const TerrainBand *band, const Side *side, int i, bool wall_seen) {
    size_t a = (size_t)(side->first + i * side->step), b = a + (size_t)side->step;
    size_t inside = a + (size_t)side->inward;
    const Corner *c = terrain->corners;
    int64_t area = corner_area(&c[b], &c[a], &c[inside]);
    if (area > 0)
        band_edge(band, &c[a], &c[b], &terrain->attributes[a], &terrain->attributes[b], &c[inside],
            wall_seen ? -4 * HIDDEN_MARGIN : HIDDEN_MARGIN);
    else if (wall_seen)
        band_edge(band, &c[a], &c[b], &terrain->wall_tops[side->begin + i],
            &terrain->wall_tops[side->begin + i + 1], &terrain->feet[side->begin + i], HIDDEN_MARGIN);
}

static void draw_wall(const Terrain *terrain, const TerrainBand *band, int index, bool softening) {
    Side side = side_of(terrain, index);
    for (int i = 0; i + 1 < side.n; i++) {
        size_t a = (size_t)(side.first + i * side.step), b = a + (size_t)side.step;
        float hole = terrain->positions[a] + terrain->positions[b];
        if (hole != hole) continue;
        int at = side.begin + i;
        const Corner *tops[2] = {&terrain->corners[a], &terrain->corners[b]}, *feet = &terrain->feet[at];
        const Attributes *top_colours = &terrain->wall_tops[at], *foot_colours = &terrain->wall_feet[at];
        bool upper = corner_area(tops[0], tops[1], &feet[0]) > 0,
             lower = corner_area(tops[1], &feet[1], &feet[0]) > 0;
        if (!softening) {
            if (upper)
                band_triangle(band, (const Corner *[]){tops[0], tops[1], &feet[0]},
                    (const Attributes *[]){&top_colours[0], &top_colours[1], &foot_colours[0]}, false);
            if (lower)
                band_triangle(band, (const Corner *[]){tops[1], &feet[1], &feet[0]},
                    (const Attributes *[]){&top_colours[1], &foot_colours[1], &foot_colours[0]}, false);
            continue;
        }
        soften_wall_top(terrain, band, &side, i, upper);
        if (!lower) continue;
        band_edge(band, &feet[0], &feet[1], &foot_colours[0], &foot_colours[1], tops[0], HIDDEN_MARGIN);
        if (i == 0)
            band_edge(band, tops[0], &feet[0], &top_colours[0], &foot_colours[0], tops[1], HIDDEN_MARGIN);
        if (i + 2 == side.n)
            band_edge(band, tops[1], &feet[1], &top_colours[1], &foot_colours[1], tops[0], HIDDEN_MARGIN);
    }
}

static uint32_t opaque(Colour colour) {
    return 0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

static void draw_band(void *context, int index, int worker) {
    (void)worker;
    const Terrain *terrain = context;
    TerrainBand band = terrain->band;
    band.y0 = index * BAND_ROWS;
    band.y1 = least_int(band.y0 + BAND_ROWS, terrain->height_px);
    band_clear(&band, opaque(terrain->look.theme->background));
    for (int side = 0; side < SIDES; side++) draw_wall(terrain, &band, side, false);
    each_block(terrain, &band, false);
    for (int side = 0; side < SIDES; side++) draw_wall(terrain, &band, side, true);
    each_block(terrain, &band, true);
}

static bool make_picture(Terrain *terrain, int width_px, int height_px) {
    size_t pixels = (size_t)width_px * (size_t)height_px;
    if (pixels > terrain->pixel_room) {
        uint32_t *colours = malloc(sizeof *colours * pixels);
        float *depths = malloc(sizeof *depths * pixels);
        if (!colours || !depths) {
            free(colours);
            free(depths);
            return false;
        }
        free(terrain->pixels);
        free(terrain->depths);
        terrain->pixels = colours;
        terrain->depths = depths;
        terrain->pixel_room = pixels;
    }
    terrain->width_px = width_px;
    terrain->height_px = height_px;
    return true;
}

static F32x4 line_colour(Colour colour) {
    return (F32x4){colour.b, colour.g, colour.r, (float)colour.a / 255};
}

static void prepare_band(Terrain *terrain) {
    const TerrainLook *look = &terrain->look;
    TerrainBand *band = &terrain->band;
    *band = (TerrainBand){.pixels = terrain->pixels, .depths = terrain->depths, .width = terrain->width_px};
    band->n_lines = terrain->n_levels;
    for (int i = 0; i < terrain->n_levels; i++) {
        bool strong = terrain->strong[i];
        band->line_half_width[i] = 0.5f * look->scale * (strong ? STRONG_WIDTH : LINE_WIDTH);
        band->line_colour[i] = line_colour(strong ? look->theme->contour_strong : look->theme->contour);
    }
}

bool terrain_draw(Terrain *terrain, const TerrainLook *look) {
    int width_px = (int)lroundf(look->plot.width * look->scale);
    int height_px = (int)lroundf(look->plot.height * look->scale);
    if (width_px <= 0 || height_px <= 0 || terrain->columns < 2 || terrain->rows < 2) return false;
    if (!make_picture(terrain, width_px, height_px)) return false;
    bool coloured = terrain->coloured && terrain->look.theme == look->theme &&
                    terrain->look.light == look->light && terrain->look.height == look->height;
    terrain->look = *look;
    if (!coloured) {
        run(terrain, terrain->block_rows, colour_block_row);
        run(terrain, SIDES, colour_wall);
        terrain->coloured = true;
    }
    run(terrain, terrain->block_rows, project_block_row);
    run(terrain, SIDES, project_wall);
    run(terrain, terrain->block_rows, face_block_row);
    prepare_band(terrain);
    run(terrain, (height_px + BAND_ROWS - 1) / BAND_ROWS, draw_band);
    return true;
}

const uint32_t *terrain_pixels(const Terrain *terrain, int *width_px, int *height_px) {
    *width_px = terrain->width_px;
    *height_px = terrain->height_px;
    return terrain->pixels;
}

/* The cell between two vertices of an axis that a position lies in, and how far in it. */
static int cell_at(const float *at, int n, float sign, float cell, float value, float *share) {
    int i = (int)(sign * (value - at[0]) / cell - 0.5f);
    i = i < 0 ? 0 : i > n - 2 ? n - 2 : i;
    while (i > 0 && sign * (value - at[i]) < 0) i--;
    while (i < n - 2 && sign * (value - at[i + 1]) > 0) i++;
    *share = clamp01((value - at[i]) / (at[i + 1] - at[i]));
    return i;
}

double terrain_z(const Terrain *terrain, double x, double y) {
    float right, down;
    int column = cell_at(terrain->xs, terrain->columns, 1, terrain->cell, (float)x, &right);
    int row = cell_at(terrain->ys, terrain->rows, -1, terrain->cell, (float)y, &down);
    Quad quad = quad_at(terrain, row, column);
    const float *z = terrain->positions;
    /* On the triangle that is drawn there. */
    float position =
        right + down <= 1
            ? z[quad.ul] + (z[quad.ur] - z[quad.ul]) * right + (z[quad.ll] - z[quad.ul]) * down
            : z[quad.lr] + (z[quad.ll] - z[quad.lr]) * (1 - right) + (z[quad.ur] - z[quad.lr]) * (1 - down);
    return terrain->look.height * (double)position;
}

/* Beside a silhouette a point belongs to whichever side lies farther away: it is on the nearer one's edge. */
bool terrain_shows(const Terrain *terrain, const Projected *point) {
    const TerrainLook *look = &terrain->look;
    double x_px = (point->x - look->plot.x) * look->scale, y_px = (point->y - look->plot.y) * look->scale;
    if (!(x_px >= 0 && y_px >= 0 && x_px < terrain->width_px && y_px < terrain->height_px)) return false;
    int x = (int)x_px, y = (int)y_px;
    float farthest = -INFINITY;
    for (int dy = -1; dy <= 1; dy++) {
        if (y + dy < 0 || y + dy >= terrain->height_px) continue;
        float depth = terrain->depths[(size_t)(y + dy) * (size_t)terrain->width_px + (size_t)x];
        if (depth > farthest) farthest = depth;
    }
    return point->depth <= (double)farthest + HIDDEN_MARGIN;
}

bool terrain_depth(const Terrain *terrain, double x, double y, double *depth) {
    const TerrainLook *look = &terrain->look;
    double x_px = (x - look->plot.x) * look->scale, y_px = (y - look->plot.y) * look->scale;
    if (!(x_px >= 0 && y_px >= 0 && x_px < terrain->width_px && y_px < terrain->height_px)) return false;
    float found = terrain->depths[(size_t)y_px * (size_t)terrain->width_px + (size_t)x_px];
    *depth = found;
    return isfinite(found);
}
