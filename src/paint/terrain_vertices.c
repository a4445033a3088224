/* Vertices: from heights to positions, light and places on the screen.
 *
 * Where the surface is so smooth that nobody would see the difference, four quads are drawn as one. What then
 * lies on an edge of the large quad is put exactly halfway between its ends, so that no gap opens. */
#include "terrain_parts.h"

#include <math.h>

/* Where the sun is: over the left shoulder of someone who looks from the right at azimuth 0. */
static const float SUN[3] = {-0.58f, 0.26f, 0.77f};
static const float AMBIENT = 0.42f; /* of the light on a level place; the rest comes from the sun */
static const float LIGHTEN = 0.55f; /* how much of the light above that becomes white */
static const float WALL_TOP_GREY = 0.5f,
                   WALL_FOOT_GREY = 0.92f; /* how much of a wall's colour is that of lines */
/* What four quads may be off when they are drawn as one: of the whole height, and between two lines. */
static const float SMOOTH_HEIGHT = 2.5e-3f, SMOOTH_LEVEL = 0.08f;
static const float NARROW_LEVELS = 0.5f; /* a valley that rises so fast to both sides is narrow */
static const float FAR_PX = 30000;       /* positions are cut to this, so that their products fit */

static float clamp01(float value) {
    return value < 0 ? 0 : value < 1 ? value : 1;
}

/* The rows of vertices of a row of blocks. */
static int row_end_of(const Terrain *terrain, int block_row) {
    return block_row == terrain->block_rows - 1 ? terrain->rows : (block_row + 1) * BLOCK;
}

/* The levels between which a position lies, and how far: whole numbers are levels. */
static float level_of(const Terrain *terrain, float position) {
    const float *levels = terrain->level_positions;
    int n = terrain->n_levels, i = 0;
    if (n == 0) return -1;
    if (n == 1) return (position - levels[0]) * 10;
    while (i < n - 2 && position >= levels[i + 1]) i++;
    return (float)i + (position - levels[i]) / (levels[i + 1] - levels[i]);
}

static float position_of(const Terrain *terrain, double height) {
    if (isnan(height)) return NAN;
    return clamp01(isinf(height) ? height > 0 : (float)height_scale_position(&terrain->height_scale, height));
}

static float level_at(const Terrain *terrain, size_t vertex) {
    return level_of(terrain, position_of(terrain, terrain->heights[vertex]));
}

/* Whether a vertex lies on the floor of a valley that is too narrow for the grid to tell its two sides apart:
 * lines of equal height would be dots there. */
static bool is_narrow_floor(const Terrain *terrain, int row, int column) {
    const double *heights = terrain->heights;
    int steps[2] = {1, terrain->columns}, at[2] = {column, row}, n[2] = {terrain->columns, terrain->rows};
    size_t i = (size_t)row * (size_t)terrain->columns + (size_t)column;
    for (int k = 0; k < 2; k++) {
        if (at[k] == 0 || at[k] == n[k] - 1) continue;
        size_t before = i - (size_t)steps[k], after = i + (size_t)steps[k];
        if (!(heights[i] < heights[before] && heights[i] < heights[after])) continue;
        float level = level_at(terrain, i) + NARROW_LEVELS;
        if (level < level_at(terrain, before) && level < level_at(terrain, after)) return true;
    }
    return false;
}

void terrain_set_heights(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int end = row_end_of(terrain, block_row);
    for (int row = block_row * BLOCK; row < end; row++) {
        for (int column = 0; column < terrain->columns; column++) {
            size_t i = (size_t)row * (size_t)terrain->columns + (size_t)column;
            terrain->positions[i] = position_of(terrain, terrain->heights[i]);
            terrain->attributes[i][3] =
                is_narrow_floor(terrain, row, column) ? NAN : level_of(terrain, terrain->positions[i]);
            terrain->halfway[i] = HALFWAY_NOT;
        }
    }
}

static bool is_smooth(const Terrain *terrain, size_t vertex, size_t a, size_t b) {
    const float *z = terrain->positions;
    const Attributes *attributes = terrain->attributes;
    float off = fabsf(z[vertex] - 0.5f * (z[a] + z[b]));
    float level_off = fabsf(attributes[vertex][3] - 0.5f * (attributes[a][3] + attributes[b][3]));
    return off < SMOOTH_HEIGHT && level_off < SMOOTH_LEVEL; /* false in a hole */
}

static bool is_large(const Terrain *terrain, int row, int column) {
    Quad quad = quad_at(terrain, row, column, 2);
    size_t columns = (size_t)terrain->columns, middle = quad.ul + columns + 1;
    return is_smooth(terrain, middle, quad.ur, quad.ll) && is_smooth(terrain, middle, quad.ul, quad.lr) &&
           is_smooth(terrain, quad.ul + 1, quad.ul, quad.ur) &&
           is_smooth(terrain, quad.ll + 1, quad.ll, quad.lr) &&
           is_smooth(terrain, middle - 1, quad.ul, quad.ll) &&
           is_smooth(terrain, middle + 1, quad.ur, quad.lr);
}

void terrain_find_large(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int end = row_end_of(terrain, block_row);
    for (int row = block_row * BLOCK; row < end; row += 2) {
        for (int column = 0; column < terrain->columns; column += 2) {
            bool fits = row + 2 < terrain->rows && column + 2 < terrain->columns;
            uint8_t large = fits && is_large(terrain, row, column) ? FACES_LARGE : 0;
            for (int i = row; i < least_int(row + 2, terrain->rows); i++)
                for (int k = column; k < least_int(column + 2, terrain->columns); k++)
                    terrain->facing[i * terrain->columns + k] = large;
        }
    }
}

static bool is_in_large(const Terrain *terrain, int row, int column) {
    return row >= 0 && column >= 0 && terrain->facing[row * terrain->columns + column] & FACES_LARGE;
}

/* The two vertices that one lies between. */
typedef struct Ends {
    size_t a, b;
} Ends;

static inline Ends ends_of(const Terrain *terrain, size_t vertex) {
    size_t columns = (size_t)terrain->columns;
    switch (terrain->halfway[vertex]) {
    case HALFWAY_ROW: return (Ends){vertex - 1, vertex + 1};
    case HALFWAY_COLUMN: return (Ends){vertex - columns, vertex + columns};
    case HALFWAY_DIAGONAL: return (Ends){vertex - columns + 1, vertex + columns - 1};
    default: return (Ends){vertex, vertex};
    }
}

static Halfway halfway_of(const Terrain *terrain, int row, int column) {
    if (row % 2 && column % 2) return is_in_large(terrain, row, column) ? HALFWAY_DIAGONAL : HALFWAY_NOT;
    if (column % 2)
        return is_in_large(terrain, row, column) || is_in_large(terrain, row - 1, column) ? HALFWAY_ROW
                                                                                          : HALFWAY_NOT;
    if (row % 2)
        return is_in_large(terrain, row, column) || is_in_large(terrain, row, column - 1) ? HALFWAY_COLUMN
                                                                                          : HALFWAY_NOT;
    return HALFWAY_NOT;
}

void terrain_even_out(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int end = row_end_of(terrain, block_row);
    for (int row = block_row * BLOCK; row < end; row++) {
        for (int column = 0; column < terrain->columns; column++) {
            Halfway halfway = halfway_of(terrain, row, column);
            if (halfway == HALFWAY_NOT) continue;
            size_t i = (size_t)row * (size_t)terrain->columns + (size_t)column;
            terrain->halfway[i] = (uint8_t)halfway;
            Ends ends = ends_of(terrain, i); /* never halfway themselves */
            terrain->positions[i] = 0.5f * (terrain->positions[ends.a] + terrain->positions[ends.b]);
            terrain->attributes[i][3] =
                0.5f * (terrain->attributes[ends.a][3] + terrain->attributes[ends.b][3]);
        }
    }
}

static Attributes colour_of(uint32_t pixel, float level) {
    return (Attributes){
        (float)(pixel & 0xff), (float)(pixel >> 8 & 0xff), (float)(pixel >> 16 & 0xff), level};
}

static Attributes toward(Attributes colour, Colour other, float share) {
    Attributes target = {other.b, other.g, other.r, colour[3]};
    return colour + (target - colour) * share;
}

/* Light below that on a level place darkens, light above it goes towards white. */
static Attributes lit(const Terrain *terrain, Attributes colour, float light) {
    static const Colour white = {254, 254, 254, 255};
    if (light < 1) return toward(colour, terrain->look.theme->trail_edge, 1 - light);
    return toward(colour, white, (light - 1) * LIGHTEN);
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

/* Without its level: another row of blocks may be writing the vertex's attributes just now. */
static Attributes colour_at(const Terrain *terrain, size_t i) {
    float position = terrain->positions[i];
    if (position != position) return (Attributes){0, 0, 0, 0};
    int row = (int)(i / (size_t)terrain->columns), column = (int)(i % (size_t)terrain->columns);
    return lit(terrain, colour_of(map_colour(terrain, position), 0), light_at(terrain, row, column));
}

void terrain_colour(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    size_t columns = (size_t)terrain->columns, end = (size_t)row_end_of(terrain, block_row) * columns;
    for (size_t i = (size_t)(block_row * BLOCK) * columns; i < end; i++) {
        if (terrain->halfway[i] == HALFWAY_DIAGONAL) continue; /* not drawn */
        Ends ends = ends_of(terrain, i);
        float level = terrain->attributes[i][3];
        terrain->attributes[i] = ends.a == ends.b
                                     ? colour_at(terrain, i)
                                     : (colour_at(terrain, ends.a) + colour_at(terrain, ends.b)) * 0.5f;
        terrain->attributes[i][3] = level;
    }
}

/* Even numbers, so that there is a place exactly halfway between two vertices. */
static int32_t subpixels(double px) {
    float cut = (float)px;
    cut = cut > -FAR_PX ? cut : -FAR_PX;
    cut = cut < FAR_PX ? cut : FAR_PX;
    return 2 * (int32_t)floorf(cut * (SUBPIXELS / 2) + 0.5f);
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

static Corner corner_of(const Terrain *terrain, size_t i) {
    size_t row = i / (size_t)terrain->columns, column = i % (size_t)terrain->columns;
    float position = terrain->positions[i];
    return corner_at(terrain, terrain->xs[column], terrain->ys[row],
        position == position ? terrain->look.height * (double)position : 0);
}

void terrain_project(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    size_t columns = (size_t)terrain->columns, end = (size_t)row_end_of(terrain, block_row) * columns;
    for (size_t i = (size_t)(block_row * BLOCK) * columns; i < end; i++) {
        if (terrain->halfway[i] == HALFWAY_DIAGONAL) continue;
        Ends ends = ends_of(terrain, i);
        Corner a = corner_of(terrain, ends.a);
        if (ends.a != ends.b) {
            Corner b = corner_of(terrain, ends.b);
            a = (Corner){(a.x + b.x) / 2, (a.y + b.y) / 2, 0.5f * (a.depth + b.depth)};
        }
        terrain->corners[i] = a;
    }
}

Side terrain_side(const Terrain *terrain, int side) {
    int columns = terrain->columns, rows = terrain->rows, last = columns * (rows - 1);
    switch (side) {
    case 0: return (Side){columns, columns - 1, -1, columns, 0, 0.78f};
    case 1: return (Side){rows, last + columns - 1, -columns, -1, columns, 0.62f};
    case 2: return (Side){columns, last, 1, -columns, columns + rows, 0.78f};
    default: return (Side){rows, 0, columns, 1, 2 * columns + rows, 0.94f};
    }
}

void terrain_colour_wall(void *context, int index, int worker) {
    (void)worker;
    Terrain *terrain = context;
    Side side = terrain_side(terrain, index);
    for (int i = 0; i < side.n; i++) {
        float position = terrain->positions[side.first + i * side.step];
        if (position != position) continue;
        Attributes colour = colour_of(map_colour(terrain, position), -1);
        colour = lit(terrain, colour, side.light);
        terrain->wall_tops[side.begin + i] = toward(colour, terrain->look.theme->line, WALL_TOP_GREY);
        terrain->wall_feet[side.begin + i] = toward(colour, terrain->look.theme->line, WALL_FOOT_GREY);
    }
}

void terrain_project_wall(void *context, int index, int worker) {
    (void)worker;
    Terrain *terrain = context;
    Side side = terrain_side(terrain, index);
    for (int i = 0; i < side.n; i++) {
        int vertex = side.first + i * side.step;
        terrain->feet[side.begin + i] = corner_at(terrain, terrain->xs[vertex % terrain->columns],
            terrain->ys[vertex / terrain->columns], -terrain->look.base);
    }
}

static bool is_hole(const Terrain *terrain, Quad quad) {
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

static uint8_t facing_of(const Terrain *terrain, Quad quad, BlockBox *box) {
    if (is_hole(terrain, quad)) return 0;
    const Corner *ul = &terrain->corners[quad.ul], *ur = &terrain->corners[quad.ur];
    const Corner *ll = &terrain->corners[quad.ll], *lr = &terrain->corners[quad.lr];
    include(box, ul);
    include(box, ur);
    include(box, ll);
    include(box, lr);
    return (corner_area(ul, ur, ll) > 0 ? FACES_UPPER : 0) | (corner_area(ur, lr, ll) > 0 ? FACES_LOWER : 0);
}

/* The four quads from an even vertex on, as far as there are so many. */
static void face_four(Terrain *terrain, int row, int column, BlockBox *box) {
    uint8_t *facing = terrain->facing;
    size_t columns = (size_t)terrain->columns, ul = (size_t)row * columns + (size_t)column;
    if (facing[ul] & FACES_LARGE) {
        uint8_t seen = FACES_LARGE | facing_of(terrain, quad_at(terrain, row, column, 2), box);
        facing[ul] = facing[ul + 1] = facing[ul + columns] = facing[ul + columns + 1] = seen;
        return;
    }
    for (int i = row; i < least_int(row + 2, terrain->rows - 1); i++)
        for (int k = column; k < least_int(column + 2, terrain->columns - 1); k++)
            facing[(size_t)i * columns + (size_t)k] = facing_of(terrain, quad_at(terrain, i, k, 1), box);
}

void terrain_face(void *context, int block_row, int worker) {
    (void)worker;
    Terrain *terrain = context;
    int row_end = least_int((block_row + 1) * BLOCK, terrain->rows - 1);
    for (int block = 0; block < terrain->block_columns; block++) {
        BlockBox box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
        int column_end = least_int((block + 1) * BLOCK, terrain->columns - 1);
        for (int row = block_row * BLOCK; row < row_end; row += 2)
            for (int column = block * BLOCK; column < column_end; column += 2)
                face_four(terrain, row, column, &box);
        terrain->blocks[block_row * terrain->block_columns + block] = box;
    }
}
