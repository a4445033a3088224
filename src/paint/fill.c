/* The rasteriser's areas: rectangles, discs, polygons. Each writes coverages to the mask; raster.c blends. */
#include "raster_mask.h"

#include <math.h>
#include <string.h>

typedef float F32x4 __attribute__((vector_size(16)));
typedef int32_t I32x4 __attribute__((vector_size(16)));

static uint8_t byte_of(float coverage) {
    return (uint8_t)(lesser(greater(coverage, 0), 1) * 255 + 0.5f);
}

/* A rectangle in device pixels, its corners rounded by circles. */
typedef struct RoundBox {
    float x0, y0, x1, y1, radius;
} RoundBox;

/* How much of [i, i + 1] lies in [low, high]. */
static float overlap(int i, float low, float high) {
    return greater(0, lesser((float)i + 1, high) - greater((float)i, low));
}

/* How much of the pixel lies in the box: exact without corners, by the distance to the edge with them. */
static float box_coverage(const RoundBox *box, int x, int y) {
    float straight = overlap(x, box->x0, box->x1) * overlap(y, box->y0, box->y1);
    float radius = box->radius, px = (float)x + 0.5f, py = (float)y + 0.5f;
    float beyond_x = greater(box->x0 + radius - px, px - (box->x1 - radius));
    float beyond_y = greater(box->y0 + radius - py, py - (box->y1 - radius));
    if (radius <= 0 || beyond_x <= 0 || beyond_y <= 0) return straight;
    float distance = sqrtf(beyond_x * beyond_x + beyond_y * beyond_y);
    return lesser(greater(radius + 0.5f - distance, 0), 1);
}

/* Coverage of the frame between two boxes: `hole` is NULL where there is none. */
static float frame_coverage(const RoundBox *box, const RoundBox *hole, int x, int y) {
    return box_coverage(box, x, y) - (hole ? box_coverage(hole, x, y) : 0);
}

/* Pixel by pixel near the left and right sides; in between a row is alike. `side`: how near, in pixels. */
static void cover_frame(Raster *raster, const RoundBox *box, const RoundBox *hole, float side) {
    PixelBox pixels;
    if (!raster_box(raster, box->x0, box->y0, box->x1, box->y1, &pixels)) return;
    raster_touch(raster, pixels);
    float middle_begin = fminf(fmaxf(ceilf(box->x0 + side), (float)pixels.x0), (float)pixels.x1);
    float middle_end = fminf(fmaxf(floorf(box->x1 - side), middle_begin), (float)pixels.x1);
    int begin = (int)middle_begin, end = (int)middle_end;
    for (int y = pixels.y0; y < pixels.y1; y++) {
        uint8_t *mask = raster->mask + (size_t)y * (size_t)raster->mask_stride;
        for (int x = pixels.x0; x < begin; x++) mask[x] = byte_of(frame_coverage(box, hole, x, y));
        if (begin < end)
            memset(mask + begin, byte_of(frame_coverage(box, hole, begin, y)), (size_t)(end - begin));
        for (int x = end; x < pixels.x1; x++) mask[x] = byte_of(frame_coverage(box, hole, x, y));
    }
}

static RoundBox round_box(const Raster *raster, Rect rect, float corner_radius) {
    float scale = raster->scale;
    float radius = fminf(corner_radius, fminf(rect.width, rect.height) / 2);
    return (RoundBox){rect.x * scale, rect.y * scale, (rect.x + rect.width) * scale,
        (rect.y + rect.height) * scale, fmaxf(radius, 0) * scale};
}

/* Its edges lie between pixels. */
static bool is_of_whole_pixels(const RoundBox *box) {
    return !(box->radius > 0) && floorf(box->x0) == box->x0 && floorf(box->y0) == box->y0 &&
           floorf(box->x1) == box->x1 && floorf(box->y1) == box->y1;
}

void raster_fill_rect(Raster *raster, Rect rect, float corner_radius, Colour colour) {
    RoundBox box = round_box(raster, rect, corner_radius);
    PixelBox pixels;
    if (colour.a == 255 && is_of_whole_pixels(&box)) {
        if (raster_box(raster, box.x0, box.y0, box.x1, box.y1, &pixels))
            raster_set_box(raster, pixels, colour);
        return;
    }
    cover_frame(raster, &box, NULL, box.radius + 1);
    raster_composite(raster, colour);
}

void raster_stroke_rect(Raster *raster, Rect rect, float corner_radius, float width, Colour colour) {
    if (!(width > 0)) return;
    RoundBox box = round_box(raster, rect, corner_radius);
    float inset = width * raster->scale;
    RoundBox hole = {
        box.x0 + inset, box.y0 + inset, box.x1 - inset, box.y1 - inset, fmaxf(box.radius - inset, 0)};
    bool open = hole.x0 < hole.x1 && hole.y0 < hole.y1;
    cover_frame(raster, &box, open ? &hole : NULL, fmaxf(box.radius, inset) + 1);
    raster_composite(raster, colour);
}

static inline F32x4 square_root(F32x4 value) {
#ifdef __SSE2__
    return (F32x4)_mm_sqrt_ps((__m128)value);
#else
    return (F32x4){sqrtf(value[0]), sqrtf(value[1]), sqrtf(value[2]), sqrtf(value[3])};
#endif
}

/* Coverages of four pixels of a disc, 0..255 or below zero; dx from its centre to each, dy2 to the row. */
static inline I32x4 disc_coverage_4(F32x4 dx, float dy2, float reach) {
    F32x4 coverage = (reach - square_root(dx * dx + dy2)) * 255 + 0.5f;
    I32x4 whole = __builtin_convertvector(coverage, I32x4), excess = whole - 255;
    return whole - (excess & (excess > 0));
}

/* The first `n` of eight pixels of a disc, dx from its centre to the first. */
static inline void cover_disc_8(uint8_t *mask, float dx, float dy2, int n, float reach, int16_t most) {
    static const I16x8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    static const F32x4 steps = {0, 1, 2, 3};
    I32x4 left = disc_coverage_4(steps + dx, dy2, reach),
          right = disc_coverage_4(steps + (dx + 4), dy2, reach);
    I16x8 coverage =
        __builtin_shufflevector((I16x8)left, (I16x8)right, 0, 2, 4, 6, 8, 10, 12, 14); /* the low halves */
    raster_cover_8(mask, coverage & (lanes < (int16_t)n), most);
}

void raster_cover_disc(Raster *raster, float x, float y, float radius) {
    float reach = radius + 0.5f;
    int16_t most = (int16_t)(lesser(1, 2 * radius) * 255 + 0.5f);
    const float far = 1e6f; /* from here on coverages do not fit their type; no picture is as large */
    if (!(fabsf(x) < far && fabsf(y) < far && reach < far)) return;
    PixelBox box;
    if (!raster_box(raster, x - reach, y - reach, x + reach, y + reach, &box)) return;
    raster_touch(raster, box);
    for (int row = box.y0; row < box.y1; row++) {
        float dy = (float)row + 0.5f - y;
        int begin = box.x0, end = box.x1;
        if (end - begin > 8) {
            float half_chord = sqrtf(greater(reach * reach - dy * dy, 0)) + 0.5f;
            begin = (int)greater((float)begin, x - half_chord);
            end = (int)lesser((float)end, x + half_chord + 1);
        }
        uint8_t *mask = raster->mask + (size_t)row * (size_t)raster->mask_stride;
        for (int i = begin; i < end; i += 8)
            cover_disc_8(mask + i, (float)i + 0.5f - x, dy * dy, end - i, reach, most);
    }
}

void raster_circle(Raster *raster, Point centre, float radius, Colour colour) {
    if (!(radius > 0)) return;
    float scale = raster->scale;
    raster_cover_disc(raster, centre.x * scale, centre.y * scale, radius * scale);
    raster_composite(raster, colour);
}

/* Adds an edge within one row to the row's areas: each number is what the coverage changes by from one pixel
 * to the next, so that their running sum is the signed area to the right of all edges. The edge goes from
 * x = a to b over a part `rise` of the row's height (signed); both positions count from the first pixel. */
static void add_edge(float *area, int width, double a, double b, double rise) {
    if (a > b) {
        double swap = a;
        a = b;
        b = swap;
    }
    if (a >= width) return;
    if (b <= 0) {
        area[0] += (float)rise;
        return;
    }
    if (a < 0) {
        double outside = -a / (b - a);
        area[0] += (float)(rise * outside);
        rise -= rise * outside;
        a = 0;
    }
    if (b > width) {
        rise *= (width - a) / (b - a);
        b = width;
    }
    int first = (int)a, last = (int)ceil(b) - 1;
    if (last <= first) { /* inside one pixel: a trapezium to its right */
        double covered = rise * (first + 1 - (a + b) / 2);
        area[first] += (float)covered;
        area[first + 1] += (float)(rise - covered);
        return;
    }
    double before = 0, per_pixel = rise / (b - a);
    for (int i = first; i <= last; i++) { /* the area in pixel i of all that lies right of the edge */
        double from = fmax(a, i), to = fmin(b, i + 1);
        double reached = per_pixel * (from - a); /* rise before this pixel covers all of it */
        double covered = reached + per_pixel * (to - from) * (i + 1 - (from + to) / 2);
        area[i] += (float)(covered - before);
        before = covered;
    }
    area[last + 1] += (float)(rise - before);
}

static void cover_polygon_row(Raster *raster, const Point *points, int n, PixelBox box, int y) {
    double scale = (double)raster->scale;
    int width = box.x1 - box.x0;
    for (int i = 0; i < n; i++) {
        const Point *from = &points[i], *to = &points[i + 1 < n ? i + 1 : 0];
        double y0 = (double)from->y * scale - y, y1 = (double)to->y * scale - y;
        if ((y0 <= 0 && y1 <= 0) || (y0 >= 1 && y1 >= 1)) continue; /* most of many edges */
        double low = fmax(0, fmin(y0, y1)), high = fmin(1, fmax(y0, y1));
        if (!(low < high)) continue;
        double x0 = (double)from->x * scale - box.x0, x1 = (double)to->x * scale - box.x0;
        double slope = (x1 - x0) / (y1 - y0);
        double sign = y1 > y0 ? 1 : -1;
        add_edge(raster->area, width, x0 + (low - y0) * slope, x0 + (high - y0) * slope, sign * (high - low));
    }
    uint8_t *mask = raster->mask + (size_t)y * (size_t)raster->mask_stride + box.x0;
    float sum = 0;
    for (int i = 0; i < width; i++) {
        sum += raster->area[i];
        mask[i] = byte_of(fabsf(sum));
    }
    memset(raster->area, 0, ((size_t)width + 2) * sizeof *raster->area);
}

void raster_polygon(Raster *raster, const Point *points, int n, Colour colour) {
    if (n < 3) return;
    float scale = raster->scale, x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int i = 0; i < n; i++) {
        float x = points[i].x * scale, y = points[i].y * scale;
        if (!isfinite(x) || !isfinite(y)) return;
        x0 = fminf(x0, x);
        y0 = fminf(y0, y);
        x1 = fmaxf(x1, x);
        y1 = fmaxf(y1, y);
    }
    PixelBox box;
    if (!raster_box(raster, x0, y0, x1, y1, &box)) return;
    raster_touch(raster, box);
    for (int y = box.y0; y < box.y1; y++) cover_polygon_row(raster, points, n, box, y);
    raster_composite(raster, colour);
}
