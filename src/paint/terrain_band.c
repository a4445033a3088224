/* What of the block a band of the picture shows: its walls and quads, the near ones first, then the soft
 * edges of what is seen. */
#include "terrain_parts.h"

static const float EDGE_MARGIN = 2.5f; /* in space: what lies less far behind an edge belongs to it */

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

/* The edge a-b of a triangle that is seen where its neighbour is not. */
static void soften(const Terrain *terrain, const TerrainBand *band, size_t a, size_t b, size_t inside) {
    band_edge(band, &terrain->corners[a], &terrain->corners[b], &terrain->attributes[a],
        &terrain->attributes[b], &terrain->corners[inside], EDGE_MARGIN);
}

/* The diagonal of a quad of any size. */
static void soften_diagonal(const Terrain *terrain, const TerrainBand *band, Quad quad, uint8_t facing) {
    bool upper = facing & FACES_UPPER, lower = facing & FACES_LOWER;
    if (upper != lower) soften(terrain, band, quad.ur, quad.ll, upper ? quad.ul : quad.lr);
}

/* The edge from a vertex to the next one, `step` away, between the upper triangle of the quad after it and
 * the lower triangle of the one before, which begins `back` vertices earlier. Corners that lie on the inner
 * side of it: `after` and `before`. */
static void soften_between(const Terrain *terrain, const TerrainBand *band, size_t vertex, size_t step,
    size_t back, size_t after, size_t before) {
    bool upper = terrain->facing[vertex] & FACES_UPPER, lower = terrain->facing[vertex - back] & FACES_LOWER;
    if (upper != lower) soften(terrain, band, vertex, vertex + step, upper ? after : before);
}

/* The edges of a quad: its upper and left one and its diagonal. Those at the right and below are a
 * neighbour's, or the block's own. A vertex in the middle of a large quad has no place on the screen; any
 * other on the right side of an edge will do. */
static void soften_quad(const Terrain *terrain, const TerrainBand *band, int row, int column, int size) {
    Quad quad = quad_at(terrain, row, column, size);
    size_t columns = (size_t)terrain->columns;
    soften_diagonal(terrain, band, quad, terrain->facing[quad.ul]);
    for (size_t i = 0; i < (size_t)size; i++) {
        if (row > 0) {
            size_t vertex = quad.ul + i, back = columns;
            bool large = terrain->facing[vertex - back] & FACES_LARGE;
            soften_between(terrain, band, vertex, 1, back, quad.ll, quad.ur - columns * (large ? 2 : 1));
        }
        if (column > 0) {
            size_t vertex = quad.ul + i * columns;
            bool large = terrain->facing[vertex - 1] & FACES_LARGE;
            soften_between(terrain, band, vertex, columns, 1, quad.ur, quad.ll - (large ? 2 : 1));
        }
    }
}

static void draw_four(const Terrain *terrain, const TerrainBand *band, int row, int column, bool softening) {
    uint8_t facing = terrain->facing[(size_t)row * (size_t)terrain->columns + (size_t)column];
    int size = facing & FACES_LARGE ? 2 : 1;
    for (int i = row; i < least_int(row + 2, terrain->rows - 1); i += size) {
        for (int k = column; k < least_int(column + 2, terrain->columns - 1); k += size) {
            Quad quad = quad_at(terrain, i, k, size);
            if (softening)
                soften_quad(terrain, band, i, k, size);
            else
                draw_quad(terrain, band, quad, terrain->facing[quad.ul]);
        }
    }
}

static bool is_in_band(const BlockBox *box, const TerrainBand *band) {
    return box->y1 >= (band->y0 - 1) * SUBPIXELS && box->y0 < (band->y1 + 1) * SUBPIXELS && box->x1 >= 0 &&
           box->x0 < band->width * SUBPIXELS;
}

/* One turn of a band over the blocks that it shows, the near ones first. */
static void each_block(const Terrain *terrain, const TerrainBand *band, bool softening) {
    const Projection *p = &terrain->look.projection;
    bool far_last = p->cos_azimuth > 0, right_last = p->sin_azimuth < 0;
    for (int i = 0; i < terrain->block_rows; i++) {
        int block_row = far_last ? terrain->block_rows - 1 - i : i;
        int row_end = least_int((block_row + 1) * BLOCK, terrain->rows - 1);
        for (int k = 0; k < terrain->block_columns; k++) {
            int block = right_last ? k : terrain->block_columns - 1 - k;
            if (!is_in_band(&terrain->blocks[block_row * terrain->block_columns + block], band)) continue;
            int column_end = least_int((block + 1) * BLOCK, terrain->columns - 1);
            for (int row = block_row * BLOCK; row < row_end; row += 2)
                for (int column = block * BLOCK; column < column_end; column += 2)
                    draw_four(terrain, band, row, column, softening);
        }
    }
}

/* One piece of a wall: its upper and lower ends, and whether its two triangles are seen. */
typedef struct Panel {
    const Corner *tops[2], *feet;
    const Attributes *top_colours, *foot_colours;
    bool upper, lower;
} Panel;

static Panel panel_of(const Terrain *terrain, const Side *side, int i) {
    int at = side->begin + i, vertex = side->first + i * side->step;
    Panel panel = {
        .tops = {&terrain->corners[vertex], &terrain->corners[vertex + side->step]},
        .feet = &terrain->feet[at],
        .top_colours = &terrain->wall_tops[at],
        .foot_colours = &terrain->wall_feet[at],
    };
    float hole = terrain->positions[vertex] + terrain->positions[vertex + side->step];
    if (hole != hole) return panel;
    panel.upper = corner_area(panel.tops[0], panel.tops[1], &panel.feet[0]) > 0;
    panel.lower = corner_area(panel.tops[1], &panel.feet[1], &panel.feet[0]) > 0;
    return panel;
}

static void draw_panel(const TerrainBand *band, const Panel *p) {
    if (p->upper)
        band_triangle(band, (const Corner *[]){p->tops[0], p->tops[1], &p->feet[0]},
            (const Attributes *[]){&p->top_colours[0], &p->top_colours[1], &p->foot_colours[0]}, false);
    if (p->lower)
        band_triangle(band, (const Corner *[]){p->tops[1], &p->feet[1], &p->feet[0]},
            (const Attributes *[]){&p->top_colours[1], &p->foot_colours[1], &p->foot_colours[0]}, false);
}

/* The top edge of a wall: the surface's colour over the wall where both are seen, else the colour of the one
 * that is. */
static void soften_top(
    const Terrain *terrain, const TerrainBand *band, const Side *side, int i, const Panel *panel) {
    size_t a = (size_t)(side->first + i * side->step), b = a + (size_t)side->step;
    size_t inside = a + (size_t)side->inward;
    if (terrain->halfway[inside] == HALFWAY_DIAGONAL) inside = b + (size_t)side->inward;
    const Corner *c = terrain->corners;
    if (corner_area(&c[b], &c[a], &c[inside]) > 0)
        band_edge(band, &c[a], &c[b], &terrain->attributes[a], &terrain->attributes[b], &c[inside],
            panel->upper ? -4 * EDGE_MARGIN : EDGE_MARGIN);
    else if (panel->upper)
        band_edge(
            band, &c[a], &c[b], &panel->top_colours[0], &panel->top_colours[1], &panel->feet[0], EDGE_MARGIN);
}

static void soften_panel(const TerrainBand *band, const Panel *p, bool first, bool last) {
    if (!p->lower) return;
    band_edge(
        band, &p->feet[0], &p->feet[1], &p->foot_colours[0], &p->foot_colours[1], p->tops[0], EDGE_MARGIN);
    if (first)
        band_edge(
            band, p->tops[0], &p->feet[0], &p->top_colours[0], &p->foot_colours[0], p->tops[1], EDGE_MARGIN);
    if (last)
        band_edge(
            band, p->tops[1], &p->feet[1], &p->top_colours[1], &p->foot_colours[1], p->tops[0], EDGE_MARGIN);
}

static void each_wall(const Terrain *terrain, const TerrainBand *band, bool softening) {
    for (int index = 0; index < SIDES; index++) {
        Side side = terrain_side(terrain, index);
        for (int i = 0; i + 1 < side.n; i++) {
            Panel panel = panel_of(terrain, &side, i);
            if (!softening) {
                draw_panel(band, &panel);
                continue;
            }
            soften_top(terrain, band, &side, i, &panel);
            soften_panel(band, &panel, i == 0, i + 2 == side.n);
        }
    }
}

static uint32_t opaque(Colour colour) {
    return 0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

void terrain_draw_band(void *context, int index, int worker) {
    (void)worker;
    const Terrain *terrain = context;
    TerrainBand band = terrain->band;
    band.y0 = index * BAND_ROWS;
    band.y1 = least_int(band.y0 + BAND_ROWS, terrain->height_px);
    band_clear(&band, opaque(terrain->look.theme->background));
    each_wall(terrain, &band, false);
    each_block(terrain, &band, false);
    each_wall(terrain, &band, true);
    each_block(terrain, &band, true);
}
