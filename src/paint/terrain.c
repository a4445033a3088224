/* The block's life, the order of work for a picture, and questions about the picture. Vertices:
 * terrain_vertices.c; triangles: terrain_band.c; pixels: terrain_raster.c. */
#include "terrain.h"

#include "terrain_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float LINE_WIDTH = 1, STRONG_WIDTH = 1.3f;
static const double HIDDEN_MARGIN = 2.5; /* in space: what a point on the surface may be off in its depth */

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
    free(terrain->halfway);
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
        .halfway = malloc(vertices),
        .attributes = aligned_alloc(sizeof *fresh.attributes, sizeof *fresh.attributes * vertices),
        .corners = malloc(sizeof *fresh.corners * vertices),
        .feet = malloc(sizeof *fresh.feet * around),
        .wall_tops = aligned_alloc(sizeof *fresh.wall_tops, sizeof *fresh.wall_tops * around),
        .wall_feet = aligned_alloc(sizeof *fresh.wall_feet, sizeof *fresh.wall_feet * around),
        .facing = malloc(vertices),
        .blocks = malloc(sizeof *fresh.blocks * (size_t)blocks_of(columns) * (size_t)blocks_of(rows)),
    };
    if (!fresh.xs || !fresh.ys || !fresh.positions || !fresh.halfway || !fresh.attributes || !fresh.corners ||
        !fresh.feet || !fresh.wall_tops || !fresh.wall_feet || !fresh.facing || !fresh.blocks) {
        free_grid(&fresh);
        return false;
    }
    free_grid(terrain);
    terrain->xs = fresh.xs;
    terrain->ys = fresh.ys;
    terrain->positions = fresh.positions;
    terrain->halfway = fresh.halfway;
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
    run(terrain, terrain->block_rows, terrain_set_heights);
    run(terrain, terrain->block_rows, terrain_find_large);
    run(terrain, terrain->block_rows, terrain_even_out);
    terrain->heights = NULL;
    terrain->coloured = false;
    return true;
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
        run(terrain, terrain->block_rows, terrain_colour);
        run(terrain, SIDES, terrain_colour_wall);
        terrain->coloured = true;
    }
    run(terrain, terrain->block_rows, terrain_project);
    run(terrain, SIDES, terrain_project_wall);
    run(terrain, terrain->block_rows, terrain_face);
    prepare_band(terrain);
    run(terrain, (height_px + BAND_ROWS - 1) / BAND_ROWS, terrain_draw_band);
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
    float part = (value - at[i]) / (at[i + 1] - at[i]);
    *share = part < 0 ? 0 : part < 1 ? part : 1;
    return i;
}

double terrain_z(const Terrain *terrain, double x, double y) {
    float right, down;
    int column = cell_at(terrain->xs, terrain->columns, 1, terrain->cell, (float)x, &right);
    int row = cell_at(terrain->ys, terrain->rows, -1, terrain->cell, (float)y, &down);
    Quad quad = quad_at(terrain, row, column, 1);
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
