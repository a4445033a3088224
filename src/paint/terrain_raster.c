/* Triangles of a few pixels each to colours and depths, and soft edges. Which triangles there are is known to
 * terrain.c. */
#include "terrain_raster.h"

#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const float LINE_REACH = 2.5f; /* device pixels: no line is wider to one side */
static const float LINES_APART = 3;   /* device pixels: lines nearer to each other than this are not drawn */

void band_clear(const TerrainBand *band, uint32_t background) {
    int64_t end = (int64_t)band->y1 * band->width;
    for (int64_t i = (int64_t)band->y0 * band->width; i < end; i++) {
        band->pixels[i] = background;
        band->depths[i] = INFINITY;
    }
}

static inline uint32_t pixel_of(Attributes colour) {
    I32x4 whole = __builtin_convertvector(colour + 0.5f, I32x4);
#ifdef __SSE2__
    __m128i words = _mm_packs_epi32((__m128i)whole, (__m128i)whole);
    return 0xff000000u | (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(words, words));
#else
    return 0xff000000u | (uint32_t)whole[2] << 16 | (uint32_t)whole[1] << 8 | (uint32_t)whole[0];
#endif
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

/* One triangle under way: its pixels, and what is linear over it, at the first of them. */
typedef struct Triangle {
    const Corner *const *corners;
    const Attributes *const *attributes;
    bool with_lines;
    int x0, x1, y0, y1;
    EdgeFunction edges[3]; /* opposite to each corner, of which they are the weights */
    Attributes colour, colour_x, colour_y;
    float depth, depth_x, depth_y;
    float line_gradient2; /* levels in a pixel, squared; 0: there are no lines */
} Triangle;

/* Fills in what comes after the edges. Many triangles are so small that they miss all pixels and need none of
 * it. */
static inline void find_slopes(Triangle *t) {
    const Corner *a = t->corners[0], *b = t->corners[1], *c = t->corners[2];
    float per_area = 1 / (float)corner_area(a, b, c);
    float b_0 = (float)t->edges[1].value * per_area, c_0 = (float)t->edges[2].value * per_area;
    float b_x = (float)t->edges[1].step_x * per_area, c_x = (float)t->edges[2].step_x * per_area;
    float b_y = (float)t->edges[1].step_y * per_area, c_y = (float)t->edges[2].step_y * per_area;
    Attributes first = *t->attributes[0], ab = *t->attributes[1] - first, ac = *t->attributes[2] - first;
    t->colour = first + ab * b_0 + ac * c_0;
    t->colour_x = ab * b_x + ac * c_x;
    t->colour_y = ab * b_y + ac * c_y;
    float depth_b = b->depth - a->depth, depth_c = c->depth - a->depth;
    t->depth = a->depth + depth_b * b_0 + depth_c * c_0;
    t->depth_x = depth_b * b_x + depth_c * c_x;
    t->depth_y = depth_b * b_y + depth_c * c_y;
    float gradient2 = t->colour_x[3] * t->colour_x[3] + t->colour_y[3] * t->colour_y[3];
    t->line_gradient2 = t->with_lines && gradient2 * LINES_APART * LINES_APART < 1 ? gradient2 : 0;
}

static inline bool is_line_near(float level, float gradient2) {
    float off = level - (float)(int)(level + 0.5f);
    return off * off < LINE_REACH * LINE_REACH * gradient2;
}

/* A colour with the line of equal height that may cross its pixel. */
static uint32_t shade_line(const TerrainBand *band, Attributes colour, float gradient2) {
    float level = colour[3] + 0.5f;
    int line = (int)level;
    if (level < 0 || line >= band->n_lines) return pixel_of(colour);
    float px_per_level = 1 / sqrtf(gradient2);
    float cover = band->line_half_width[line] + 0.5f - fabsf(colour[3] - (float)line) * px_per_level;
    if (!(cover > 0)) return pixel_of(colour);
    float fade = (px_per_level - LINES_APART) / LINES_APART;
    F32x4 over = band->line_colour[line];
    return pixel_of(colour + (over - colour) * (over[3] * (fade < 1 ? fade : 1) * (cover < 1 ? cover : 1)));
}

/* The pixels of a row from x on, as long as all three edge functions say so. */
static inline void draw_run(
    const TerrainBand *band, const Triangle *t, int x, int y, int64_t in_a, int64_t in_b, int64_t in_c) {
    float right = (float)(x - t->x0), down = (float)(y - t->y0);
    float depth = t->depth + t->depth_x * right + t->depth_y * down;
    Attributes colour = t->colour + t->colour_x * right + t->colour_y * down;
    float *depths = band->depths + (int64_t)y * band->width;
    uint32_t *pixels = band->pixels + (int64_t)y * band->width;
    do {
        if (depth < depths[x]) {
            depths[x] = depth;
            pixels[x] = is_line_near(colour[3], t->line_gradient2)
                            ? shade_line(band, colour, t->line_gradient2)
                            : pixel_of(colour);
        }
        depth += t->depth_x;
        colour += t->colour_x;
        in_a += t->edges[0].step_x;
        in_b += t->edges[1].step_x;
        in_c += t->edges[2].step_x;
    } while (++x <= t->x1 && (in_a | in_b | in_c) >= 0);
}

void band_triangle(const TerrainBand *band, const Corner *const corners[3],
    const Attributes *const attributes[3], bool with_lines) {
    const Corner *a = corners[0], *b = corners[1], *c = corners[2];
    Triangle t;
    t.x0 = most(first_px(least(a->x, least(b->x, c->x))), 0);
    t.x1 = least(last_px(most(a->x, most(b->x, c->x))), band->width - 1);
    t.y0 = most(first_px(least(a->y, least(b->y, c->y))), band->y0);
    t.y1 = least(last_px(most(a->y, most(b->y, c->y))), band->y1 - 1);
    if (t.x0 > t.x1 || t.y0 > t.y1) return;
    t.corners = corners;
    t.attributes = attributes;
    t.with_lines = with_lines;
    t.edges[0] = edge_function(b, c, t.x0, t.y0);
    t.edges[1] = edge_function(c, a, t.x0, t.y0);
    t.edges[2] = edge_function(a, b, t.x0, t.y0);
    int64_t a_row = t.edges[0].value, b_row = t.edges[1].value, c_row = t.edges[2].value;
    bool ready = false;
    for (int y = t.y0; y <= t.y1; y++) {
        int64_t in_a = a_row, in_b = b_row, in_c = c_row;
        int x = t.x0;
        for (; x <= t.x1 && (in_a | in_b | in_c) < 0; x++) {
            in_a += t.edges[0].step_x;
            in_b += t.edges[1].step_x;
            in_c += t.edges[2].step_x;
        }
        if (x <= t.x1) {
            if (!ready) find_slopes(&t);
            ready = true;
            draw_run(band, &t, x, y, in_a, in_b, in_c);
        }
        a_row += t.edges[0].step_y;
        b_row += t.edges[1].step_y;
        c_row += t.edges[2].step_y;
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
