/* Triangles of a few pixels each to colours and depths, and soft edges. Which triangles there are is known to
 * terrain.c. */
#include "terrain_raster.h"

#include <math.h>

static const float LINES_APART = 3; /* device pixels: lines nearer to each other than this are not drawn */

void band_clear(const TerrainBand *band, uint32_t background) {
    int64_t end = (int64_t)band->y1 * band->width;
    for (int64_t i = (int64_t)band->y0 * band->width; i < end; i++) {
        band->pixels[i] = background;
        band->depths[i] = INFINITY;
    }
}

static inline uint32_t pixel_of(Attributes colour) {
    I32x4 whole = __builtin_convertvector(colour + 0.5f, I32x4);
    return 0xff000000u | (uint32_t)whole[2] << 16 | (uint32_t)whole[1] << 8 | (uint32_t)whole[0];
}

static inline int32_t least(int32_t a, int32_t b) {
    return a < b ? a : b;
}

static inline int32_t most(int32_t a, int32_t b) {
    return a > b ? a : b;
}

/* Pixels whose centres may lie in [min, max] subpixels. */
static inline int first_px(int32_t min) {
    return (min + SUBPIXELS / 2 - 1) >> SUBPIXEL_BITS;
}

static inline int last_px(int32_t max) {
    return (max - SUBPIXELS / 2) >> SUBPIXEL_BITS;
}

/* One edge's function at a pixel: above or at 0 inside; and its steps to the next pixel and row. */
typedef struct EdgeFunction {
    int64_t value, step_x, step_y;
} EdgeFunction;

static inline EdgeFunction edge_function(const Corner *a, const Corner *b, int px, int py) {
    int64_t dx = b->x - a->x, dy = b->y - a->y;
    int64_t x = px * SUBPIXELS + SUBPIXELS / 2 - a->x, y = py * SUBPIXELS + SUBPIXELS / 2 - a->y;
    /* A centre on an edge belongs to one of the two triangles there: the one whose upper or left edge it is.
     */
    int64_t mine = dy < 0 || (dy == 0 && dx > 0) ? 0 : 1;
    return (EdgeFunction){dx * y - dy * x - mine, -dy * SUBPIXELS, dx * SUBPIXELS};
}

/* How the lines of equal height cross one triangle. */
typedef struct Lines {
    float px_per_level; /* 0: there are none */
    float fade;
} Lines;

static inline Lines lines_of(Attributes step_x, Attributes step_y) {
    float gradient2 = step_x[3] * step_x[3] + step_y[3] * step_y[3];
    if (!(gradient2 * LINES_APART * LINES_APART < 1)) return (Lines){0, 0};
    float px = gradient2 > 1e-12f ? 1 / sqrtf(gradient2) : 1e6f;
    float fade = (px - LINES_APART) / LINES_APART;
    return (Lines){px, fade < 1 ? fade : 1};
}

static inline uint32_t shade(const TerrainBand *band, Attributes colour, Lines lines) {
    float level = colour[3] + 0.5f;
    int line = (int)level;
    if (level < 0 || line >= band->n_lines) return pixel_of(colour);
    float away = fabsf(colour[3] - (float)line) * lines.px_per_level;
    float cover = band->line_half_width[line] + 0.5f - away;
    if (!(cover > 0) || lines.px_per_level == 0) return pixel_of(colour);
    F32x4 over = band->line_colour[line];
    return pixel_of(colour + (over - colour) * (over[3] * lines.fade * (cover < 1 ? cover : 1)));
}

void band_triangle(const TerrainBand *band, const Corner *const corners[3],
    const Attributes *const attributes[3], bool with_lines) {
    const Corner *a = corners[0], *b = corners[1], *c = corners[2];
    int x0 = most(first_px(least(a->x, least(b->x, c->x))), 0);
    int x1 = least(last_px(most(a->x, most(b->x, c->x))), band->width - 1);
    int y0 = most(first_px(least(a->y, least(b->y, c->y))), band->y0);
    int y1 = least(last_px(most(a->y, most(b->y, c->y))), band->y1 - 1);
    if (x0 > x1 || y0 > y1) return;
    /* The edges opposite a, b and c, whose functions are the weights of these corners. */
    EdgeFunction ea = edge_function(b, c, x0, y0), eb = edge_function(c, a, x0, y0),
                 ec = edge_function(a, b, x0, y0);
    float per_area = 1 / (float)corner_area(a, b, c);
    float b_x = (float)eb.step_x * per_area, b_y = (float)eb.step_y * per_area,
          b_0 = (float)eb.value * per_area;
    float c_x = (float)ec.step_x * per_area, c_y = (float)ec.step_y * per_area,
          c_0 = (float)ec.value * per_area;
    Attributes ab = *attributes[1] - *attributes[0], ac = *attributes[2] - *attributes[0];
    Attributes step_x = ab * b_x + ac * c_x, step_y = ab * b_y + ac * c_y;
    Attributes row_colour = *attributes[0] + ab * b_0 + ac * c_0;
    float depth_b = b->depth - a->depth, depth_c = c->depth - a->depth;
    float depth_x = depth_b * b_x + depth_c * c_x, depth_y = depth_b * b_y + depth_c * c_y;
    float row_depth = a->depth + depth_b * b_0 + depth_c * c_0;
    Lines lines = with_lines ? lines_of(step_x, step_y) : (Lines){0, 0};
    for (int y = y0; y <= y1; y++) {
        int64_t va = ea.value, vb = eb.value, vc = ec.value;
        Attributes colour = row_colour;
        float depth = row_depth;
        uint32_t *pixels = band->pixels + (int64_t)y * band->width;
        float *depths = band->depths + (int64_t)y * band->width;
        for (int x = x0; x <= x1; x++) {
            if ((va | vb | vc) >= 0 && depth < depths[x]) {
                depths[x] = depth;
                pixels[x] = shade(band, colour, lines);
            }
            va += ea.step_x;
            vb += eb.step_x;
            vc += ec.step_x;
            colour += step_x;
            depth += depth_x;
        }
        ea.value += ea.step_y;
        eb.value += eb.step_y;
        ec.value += ec.step_y;
        row_colour += step_y;
        row_depth += depth_y;
    }
}

static inline uint32_t over_pixel(uint32_t pixel, Attributes colour, float alpha) {
    Attributes under = {(float)(pixel & 0xff), (float)(pixel >> 8 & 0xff), (float)(pixel >> 16 & 0xff), 0};
    return pixel_of(under + (colour - under) * alpha);
}

void band_edge(const TerrainBand *band, const Corner *a, const Corner *b, const Attributes *attributes_a,
    const Attributes *attributes_b, const Corner *inside, float margin) {
    int x0 = most((least(a->x, b->x) >> SUBPIXEL_BITS) - 1, 0);
    int x1 = least((most(a->x, b->x) >> SUBPIXEL_BITS) + 1, band->width - 1);
    int y0 = most((least(a->y, b->y) >> SUBPIXEL_BITS) - 1, band->y0);
    int y1 = least((most(a->y, b->y) >> SUBPIXEL_BITS) + 1, band->y1 - 1);
    float dx = (float)(b->x - a->x) / SUBPIXELS, dy = (float)(b->y - a->y) / SUBPIXELS;
    float length2 = dx * dx + dy * dy;
    if (x0 > x1 || y0 > y1 || !(length2 > 0)) return;
    float per_length = 1 / sqrtf(length2), side = corner_area(a, b, inside) > 0 ? -per_length : per_length;
    for (int y = y0; y <= y1; y++) {
        uint32_t *pixels = band->pixels + (int64_t)y * band->width;
        const float *depths = band->depths + (int64_t)y * band->width;
        float from_y = (float)y + 0.5f - (float)a->y / SUBPIXELS;
        for (int x = x0; x <= x1; x++) {
            float from_x = (float)x + 0.5f - (float)a->x / SUBPIXELS;
            float away = (dx * from_y - dy * from_x) * side;
            float along = (dx * from_x + dy * from_y) / length2;
            if (!(away >= 0 && away < 1 && along >= 0 && along < 1)) continue;
            if (!(a->depth + (b->depth - a->depth) * along + margin < depths[x])) continue;
            Attributes colour = *attributes_a + (*attributes_b - *attributes_a) * along;
            pixels[x] = over_pixel(pixels[x], colour, 1 - away);
        }
    }
}
