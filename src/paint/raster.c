/* The rasteriser's memory, its clip, blending through the mask, images. The shapes are in fill.c and
 * stroke.c; glyphs come from whoever owns the fonts. */
#include "raster.h"
#include "raster_mask.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 8 }; /* pixels that are blended, or skipped, at a time */

typedef uint32_t U32x4 __attribute__((vector_size(16)));
typedef uint16_t U16x8 __attribute__((vector_size(16)));

Raster *raster_create(int width_px, int height_px, float scale) {
    assert(width_px > 0 && height_px > 0 && scale > 0);
    Raster *raster = calloc(1, sizeof *raster);
    if (!raster) return NULL;
    raster->width = width_px;
    raster->height = height_px;
    raster->scale = scale;
    raster->mask_stride = (width_px + 2 * BLOCK - 1) / BLOCK * BLOCK;
    size_t n = (size_t)width_px * (size_t)height_px;
    raster->pixels = malloc(n * sizeof *raster->pixels);
    raster->mask = calloc((size_t)raster->mask_stride, (size_t)height_px);
    raster->area = calloc((size_t)width_px + 2, sizeof *raster->area);
    raster->touched = malloc((size_t)height_px * sizeof *raster->touched);
    if (!raster->pixels || !raster->mask || !raster->area || !raster->touched) {
        raster_destroy(raster);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) raster->pixels[i] = 0xff000000;
    raster->clip = (PixelBox){0, 0, width_px, height_px};
    for (int y = 0; y < height_px; y++) raster->touched[y] = (RowSpan){width_px, 0};
    raster->rows = (RowSpan){height_px, 0};
    return raster;
}

void raster_destroy(Raster *raster) {
    if (!raster) return;
    free(raster->pixels);
    free(raster->mask);
    free(raster->area);
    free(raster->touched);
    free(raster);
}

const uint32_t *raster_pixels(const Raster *raster) {
    return raster->pixels;
}

int raster_width_px(const Raster *raster) {
    return raster->width;
}

int raster_height_px(const Raster *raster) {
    return raster->height;
}

/* A position rounded and cut to [0, limit]; also where it is not a number. */
static int whole_px(float position, int limit) {
    if (!(position > 0)) return 0;
    if (position >= (float)limit) return limit;
    return (int)floorf(position + 0.5f);
}

void raster_set_clip(Raster *raster, Rect clip) {
    float scale = raster->scale;
    raster->clip = (PixelBox){
        whole_px(clip.x * scale, raster->width),
        whole_px(clip.y * scale, raster->height),
        whole_px((clip.x + clip.width) * scale, raster->width),
        whole_px((clip.y + clip.height) * scale, raster->height),
    };
}

void raster_touch(Raster *raster, PixelBox box) {
    raster_touch_rows(raster, box.y0, box.y1);
    for (int y = box.y0; y < box.y1; y++) raster_touch_row(raster, y, box.x0, box.x1);
}

bool raster_box(const Raster *raster, float x0, float y0, float x1, float y1, PixelBox *box) {
    const PixelBox *clip = &raster->clip;
    if (!isfinite(x0) || !isfinite(y0) || !isfinite(x1) || !isfinite(y1)) return false;
    /* Compared before they are converted: a far position does not fit an int. */
    if (!(x1 > (float)clip->x0 && y1 > (float)clip->y0)) return false;
    if (!(x0 < (float)clip->x1 && y0 < (float)clip->y1)) return false;
    box->x0 = x0 > (float)clip->x0 ? floor_px(x0) : clip->x0;
    box->y0 = y0 > (float)clip->y0 ? floor_px(y0) : clip->y0;
    box->x1 = x1 < (float)clip->x1 ? ceil_px(x1) : clip->x1;
    box->y1 = y1 < (float)clip->y1 ? ceil_px(y1) : clip->y1;
    return box->x0 < box->x1 && box->y0 < box->y1;
}

/* The source of a blend, split into the two pairs of bytes that a pixel is handled in. */
typedef struct Paint {
    uint32_t pixel; /* opaque */
    uint8_t alpha;
    U16x8 odd, even; /* red and blue; alpha and green */
} Paint;

static Paint paint_of(Colour colour) {
    uint32_t pixel = 0xff000000 | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
    U32x4 all = {pixel, pixel, pixel, pixel};
    return (Paint){
        .pixel = pixel,
        .alpha = colour.a,
        .odd = (U16x8)(all & 0xff00ff),
        .even = (U16x8)((all >> 8) & 0xff00ff),
    };
}

/* (s * a + d * (255 - a)) / 255, rounded; exact, and never above 16 bits. */
static inline U16x8 mix(U16x8 source, U16x8 target, U16x8 alpha) {
    U16x8 sum = source * alpha + target * (255 - alpha) + 128;
    return (sum + (sum >> 8)) >> 8;
}

/* Four pixels; alpha twice for each, for the two halves of a pair of bytes. */
static inline void blend_4(uint32_t *pixels, U16x8 alpha, const Paint *paint) {
    U32x4 target;
    memcpy(&target, pixels, sizeof target);
    U16x8 odd = mix(paint->odd, (U16x8)(target & 0xff00ff), alpha);
    U16x8 even = mix(paint->even, (U16x8)((target >> 8) & 0xff00ff), alpha);
    U32x4 result = (U32x4)odd | (U32x4)even << 8;
    memcpy(pixels, &result, sizeof result);
}

static inline void blend_block(uint32_t *pixels, const uint8_t *coverage, const Paint *paint) {
    uint64_t all;
    memcpy(&all, coverage, sizeof all);
    if (all == 0) return;
    if (all == UINT64_MAX && paint->alpha == 255) {
        for (int i = 0; i < BLOCK; i++) pixels[i] = paint->pixel;
        return;
    }
    U8x8 bytes;
    memcpy(&bytes, coverage, sizeof bytes);
    U16x8 product = __builtin_convertvector(bytes, U16x8) * paint->alpha + 128;
    U16x8 alpha = (product + (product >> 8)) >> 8;
    blend_4(pixels, __builtin_shufflevector(alpha, alpha, 0, 0, 1, 1, 2, 2, 3, 3), paint);
    blend_4(pixels + 4, __builtin_shufflevector(alpha, alpha, 4, 4, 5, 5, 6, 6, 7, 7), paint);
}

/* The same of one pixel, with the two bytes of a pair side by side. */
static inline void blend_pixel(uint32_t *pixel, uint8_t coverage, const Paint *paint) {
    const uint32_t bytes = 0xff00ff, half = 0x800080;
    uint32_t alpha = (uint32_t)coverage * paint->alpha + 128;
    alpha = (alpha + (alpha >> 8)) >> 8;
    const uint32_t rest = 255 - alpha;
    uint32_t odd = (paint->pixel & bytes) * alpha + (*pixel & bytes) * rest + half;
    uint32_t even = (paint->pixel >> 8 & bytes) * alpha + (*pixel >> 8 & bytes) * rest + half;
    odd = (odd + (odd >> 8 & bytes)) >> 8 & bytes;
    even = even + (even >> 8 & bytes);
    *pixel = odd | (even & ~bytes);
}

static void blend_row(uint32_t *pixels, const uint8_t *coverage, int n, const Paint *paint) {
    int i = 0;
    for (; i + BLOCK <= n; i += BLOCK) blend_block(pixels + i, coverage + i, paint);
    for (; i < n; i++)
        if (coverage[i]) blend_pixel(pixels + i, coverage[i], paint);
}

void raster_composite(Raster *raster, Colour colour) {
    const Paint paint = paint_of(colour);
    for (int y = raster->rows.begin; y < raster->rows.end; y++) {
        const RowSpan row = raster->touched[y];
        raster->touched[y] = (RowSpan){raster->width, 0};
        if (row.begin >= row.end) continue;
        const int n = row.end - row.begin;
        uint8_t *mask = raster->mask + (size_t)y * (size_t)raster->mask_stride + row.begin;
        blend_row(raster->pixels + (size_t)y * (size_t)raster->width + row.begin, mask, n, &paint);
        memset(mask, 0, (size_t)n);
    }
    raster->rows = (RowSpan){raster->height, 0};
}

void raster_set_box(Raster *raster, PixelBox box, Colour colour) {
    const uint32_t pixel = paint_of(colour).pixel;
    for (int y = box.y0; y < box.y1; y++) {
        uint32_t *row = raster->pixels + (size_t)y * (size_t)raster->width;
        for (int x = box.x0; x < box.x1; x++) row[x] = pixel;
    }
}

void raster_coverage(
    Raster *raster, const uint8_t *coverage, int width, int height, int x_px, int y_px, Colour colour) {
    const PixelBox *clip = &raster->clip;
    int x0 = x_px > clip->x0 ? x_px : clip->x0, x1 = x_px + width < clip->x1 ? x_px + width : clip->x1;
    int y0 = y_px > clip->y0 ? y_px : clip->y0, y1 = y_px + height < clip->y1 ? y_px + height : clip->y1;
    if (x0 >= x1) return;
    Paint paint = paint_of(colour);
    for (int y = y0; y < y1; y++) {
        const uint8_t *row = coverage + (size_t)(y - y_px) * (size_t)width + (x0 - x_px);
        blend_row(raster->pixels + (size_t)y * (size_t)raster->width + x0, row, x1 - x0, &paint);
    }
}

/* Two neighbours along one axis of an image, and the weight of the second in 1/256. */
typedef struct Neighbours {
    int first, second;
    uint32_t weight;
} Neighbours;

/* Where device pixel `i` lies in `n` image pixels stretched over [begin, begin + length). */
static Neighbours neighbours_of(int i, float begin, float length, int n) {
    float position = ((float)i + 0.5f - begin) * (float)n / length - 0.5f;
    position = fminf(fmaxf(position, 0), (float)(n - 1));
    int first = (int)position;
    return (Neighbours){
        first, first + 1 < n ? first + 1 : first, (uint32_t)((position - (float)first) * 256)};
}

static inline uint32_t lerp_pixel(uint32_t a, uint32_t b, uint32_t weight) {
    uint32_t odd = ((a & 0xff00ff) * (256 - weight) + (b & 0xff00ff) * weight + 0x800080) >> 8;
    uint32_t even = ((a >> 8 & 0xff00ff) * (256 - weight) + (b >> 8 & 0xff00ff) * weight + 0x800080) >> 8;
    return (odd & 0xff00ff) | (even & 0xff00ff) << 8;
}

static void image_copy(Raster *raster, const uint32_t *pixels, int width, int x, int y, PixelBox box) {
    for (int row = box.y0; row < box.y1; row++)
        memcpy(raster->pixels + (size_t)row * (size_t)raster->width + box.x0,
            pixels + (size_t)(row - y) * (size_t)width + (box.x0 - x),
            (size_t)(box.x1 - box.x0) * sizeof *pixels);
}

static void image_stretch(
    Raster *raster, const uint32_t *pixels, int width, int height, Rect rect, PixelBox box) {
    enum { COLUMNS = 256 }; /* a strip at a time, so that what is known of its columns fits the stack */
    Neighbours columns[COLUMNS];
    for (int x0 = box.x0; x0 < box.x1; x0 += COLUMNS) {
        int n = box.x1 - x0 < COLUMNS ? box.x1 - x0 : COLUMNS;
        for (int i = 0; i < n; i++) columns[i] = neighbours_of(x0 + i, rect.x, rect.width, width);
        uint32_t first[COLUMNS],
            second[COLUMNS]; /* two rows of the image, stretched to the strip's columns */
        int have_first = -1, have_second = -1;
        for (int y = box.y0; y < box.y1; y++) {
            Neighbours rows = neighbours_of(y, rect.y, rect.height, height);
            const uint32_t *above = pixels + (size_t)rows.first * (size_t)width;
            const uint32_t *below = pixels + (size_t)rows.second * (size_t)width;
            if (have_first != rows.first)
                for (int i = 0; i < n; i++)
                    first[i] =
                        lerp_pixel(above[columns[i].first], above[columns[i].second], columns[i].weight);
            if (have_second != rows.second)
                for (int i = 0; i < n; i++)
                    second[i] =
                        lerp_pixel(below[columns[i].first], below[columns[i].second], columns[i].weight);
            have_first = rows.first;
            have_second = rows.second;
            uint32_t *out = raster->pixels + (size_t)y * (size_t)raster->width + x0;
            for (int i = 0; i < n; i++) out[i] = lerp_pixel(first[i], second[i], rows.weight);
        }
    }
}

void raster_image(Raster *raster, const uint32_t *pixels, int width, int height, Rect rect) {
    float scale = raster->scale;
    Rect device = {rect.x * scale, rect.y * scale, rect.width * scale, rect.height * scale};
    /* Whole pixels: those whose centres lie inside. */
    float x0 = ceilf(device.x - 0.5f), y0 = ceilf(device.y - 0.5f);
    float x1 = ceilf(device.x + device.width - 0.5f), y1 = ceilf(device.y + device.height - 0.5f);
    PixelBox box;
    if (width <= 0 || height <= 0 || !raster_box(raster, x0, y0, x1, y1, &box)) return;
    if (x1 - x0 == (float)width && y1 - y0 == (float)height)
        image_copy(raster, pixels, width, (int)x0, (int)y0, box);
    else
        image_stretch(raster, pixels, width, height, device, box);
}
