/* Coverages are computed once; putting a shape down is a blend of few pixels. */
#include "point_stamp.h"

#include <math.h>

/* Inner and outer radius in logical pixels. */
static const struct {
    float inner, outer;
} shapes[STAMP_SHAPES] = {
    [STAMP_DISC] = {-1, 2.7f},
    [STAMP_RING] = {1.9f, 3.1f},
    [STAMP_EDGE] = {-1, 3.6f},
    [STAMP_WRONG] = {3.5f, 5.1f},
    [STAMP_HALO] = {5.1f, 6.3f},
};

static float clamped(float value) {
    return fminf(fmaxf(value, 0), 1);
}

void point_stamps_make(PointStamps *stamps, float size, float scale) {
    float factor = size * scale;
    int reach = (int)ceilf(factor * shapes[STAMP_HALO].outer + 1);
    stamps->reach = reach < STAMP_SIDE_MAX / 2 ? reach : STAMP_SIDE_MAX / 2;
    for (int shape = 0; shape < STAMP_SHAPES; shape++) {
        float inner = factor * shapes[shape].inner, outer = factor * shapes[shape].outer;
        for (int y = -stamps->reach; y <= stamps->reach; y++) {
            int8_t *side = &stamps->sides[shape][y + stamps->reach];
            *side = -1;
            for (int x = -stamps->reach; x <= stamps->reach; x++) {
                float distance = hypotf((float)x, (float)y);
                float covered = clamped(outer - distance + 0.5f);
                if (inner > 0) covered *= clamped(distance - inner + 0.5f);
                uint8_t part = (uint8_t)lroundf(255 * covered);
                stamps->coverage[shape][(y + stamps->reach) * STAMP_SIDE_MAX + x + stamps->reach] = part;
                if (part > 0 && x > *side) *side = (int8_t)x;
            }
        }
    }
}

void point_stamp_radii(StampShape shape, float *inner, float *outer) {
    *inner = shapes[shape].inner;
    *outer = shapes[shape].outer;
}

/* Divided by 255 and rounded, of two channels at once. */
static inline uint32_t divided(uint32_t channels) {
    channels += 0x800080;
    return (channels + (channels >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
}

/* Opaque pixels. */
static inline uint32_t blended(uint32_t under, uint32_t over, uint32_t part) {
    uint32_t rest = 255 - part;
    uint32_t odd = divided((under & 0xff00ff) * rest + (over & 0xff00ff) * part);
    uint32_t even = divided((under >> 8 & 0xff) * rest + (over >> 8 & 0xff) * part);
    return 0xff000000u | odd | even << 8;
}

void point_stamp(const PointStamps *stamps, StampShape shape, uint32_t *pixels, int width, int height, int x,
    int y, Colour colour) {
    const uint32_t over = 0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
    int reach = stamps->reach;
    if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) return;
    for (int dy = -reach; dy <= reach; dy++) {
        int side = stamps->sides[shape][dy + reach];
        if (y + dy < 0 || y + dy >= height || side < 0) continue;
        int left = x < side ? -x : -side, right = x + side >= width ? width - 1 - x : side;
        const uint8_t *row = stamps->coverage[shape] + (dy + reach) * STAMP_SIDE_MAX + reach;
        uint32_t *out = pixels + (y + dy) * width + x;
        for (int dx = left; dx <= right; dx++) {
            uint32_t part = colour.a == 255 ? row[dx] : (uint32_t)row[dx] * colour.a / 255;
            if (part > 0) out[dx] = part == 255 ? over : blended(out[dx], over, part);
        }
    }
}
