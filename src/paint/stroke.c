/* The rasteriser's lines. A segment is a capsule: what lies nearer to it than half the width, with an edge
 * one pixel wide: coverage = half width + 0.5 - distance. It is put together from its body (between the ends,
 * where the distance is a linear function of the position) and a disc at each end; all write the larger
 * coverage to the mask, so that joins and crossings leave no dots. */
#include "raster_mask.h"

#include <math.h>
#include <stddef.h>

enum {
    BLOCK = 8,     /* pixels that are covered at a time */
    FRACTION = 16, /* bits after the binary point of positions and distances along a body */
    FULL = 255,    /* a coverage, or a distance, of one pixel */
};

/* A line's stroke in device pixels. */
typedef struct Stroke {
    Raster *raster;
    float radius;          /* half the width */
    float reach;           /* the distance where the coverage ends */
    int16_t edge;          /* reach in 1/255 pixel */
    int16_t most;          /* coverage in the middle: below 255 only for lines thinner than a pixel */
    double x0, y0, x1, y1; /* the clip, larger by the reach */
} Stroke;

static Stroke stroke_of(Raster *raster, float width) {
    float radius = fminf(width * raster->scale, RASTER_LINE_WIDTH_MAX) / 2;
    float margin = radius + 2;
    const PixelBox *clip = &raster->clip;
    return (Stroke){
        .raster = raster,
        .radius = radius,
        .reach = radius + 0.5f,
        .edge = (int16_t)lrintf((radius + 0.5f) * FULL),
        .most = (int16_t)lrintf(fminf(2 * radius, 1) * FULL),
        .x0 = (double)((float)clip->x0 - margin),
        .y0 = (double)((float)clip->y0 - margin),
        .x1 = (double)((float)clip->x1 + margin),
        .y1 = (double)((float)clip->y1 + margin),
    };
}

/* The columns of a row: those between two lines, linear in the row. */
typedef struct Columns {
    float low, high; /* in row 0 */
    float slope;     /* of both */
} Columns;

/* What each pixel of a body is computed from; by value, so that it stays in registers. */
typedef struct Profile {
    I16x8 steps;        /* the distance's change over the pixels of a block, in 1/255 pixel */
    int16_t edge, most; /* see Stroke */
} Profile;

/* One segment's body. Positions count from the centres of pixels, so that pixels are at whole numbers. */
typedef struct Body {
    float x, y;   /* the upper end */
    float ux, uy; /* direction, uy >= 0 */
    float length;
    int64_t step_x, step_y; /* the distance's change from a pixel to the next, in 1/255 pixel, fixed point */
    int64_t origin;         /* the distance at pixel (0, 0) */
    Profile profile;
    Columns within; /* near enough to the line */
    Columns along;  /* between the ends */
} Body;

static int64_t fixed(double value) {
    return (int64_t)(value * (1 << FRACTION) + (value < 0 ? -0.5 : 0.5));
}

/* Where low <= x * slope_x + y * slope_y <= high. Every column where the line is level or upright: the rows
 * decide alone then. */
static Columns columns_of(float low, float high, float slope_x, float slope_y) {
    const float far = 1e9f;
    if (fabsf(slope_x) < 1e-6f) return (Columns){-far, far, 0};
    float scale = 1 / slope_x, a = low * scale, b = high * scale;
    return (Columns){lesser(a, b), greater(a, b), -slope_y * scale};
}

static Body body_of(const Stroke *stroke, Point from, Point to) {
    if (from.y > to.y) {
        Point swap = from;
        from = to;
        to = swap;
    }
    float x = from.x - 0.5f, y = from.y - 0.5f, dx = to.x - from.x, dy = to.y - from.y;
    float length = sqrtf(dx * dx + dy * dy), ux = dx / length, uy = dy / length;
    float across = x * uy - y * ux, along = x * ux + y * uy;
    Body body = {
        .x = x,
        .y = y,
        .ux = ux,
        .uy = uy,
        .length = length,
        .step_x = fixed((double)uy * FULL),
        .step_y = fixed((double)-ux * FULL),
        .origin = fixed(-((double)x * (double)uy - (double)y * (double)ux) * FULL),
        .profile = {.edge = stroke->edge, .most = stroke->most},
        .within = columns_of(across - stroke->reach, across + stroke->reach, uy, -ux),
        .along = columns_of(along, along + length, ux, uy),
    };
    for (int i = 0; i < BLOCK; i++)
        body.profile.steps[i] = (int16_t)((i * (int)body.step_x + (1 << (FRACTION - 1))) >> FRACTION);
    return body;
}

/* The first `n` of a block of pixels, the first of them at `distance` (fixed point). */
static inline void cover_block(uint8_t *mask, int64_t distance, int n, Profile profile) {
    static const I16x8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    I16x8 away = profile.steps + (int16_t)((distance + (1 << (FRACTION - 1))) >> FRACTION);
    I16x8 sign = away >> 15;
    I16x8 coverage = profile.edge - ((away ^ sign) - sign);
    if (n < BLOCK) coverage &= lanes < (int16_t)n;
    raster_cover_8(mask, coverage, profile.most);
}

/* Pixels [begin, end) of a row. */
static inline void cover_span(
    uint8_t *mask, int begin, int end, int64_t row_origin, int64_t step_x, Profile profile) {
    for (int x = begin; x < end; x += BLOCK) cover_block(mask + x, row_origin + x * step_x, end - x, profile);
}

/* Rows [y0, y1), all of whose pixels that are near enough lie between the ends. */
static void cover_middle(Raster *raster, const Body *body, int y0, int y1, PixelBox box) {
    int width = (int)(body->within.high - body->within.low) + 2;
    int64_t left = fixed((double)body->within.low + (double)y0 * (double)body->within.slope);
    int64_t slope = fixed((double)body->within.slope), step_x = body->step_x, step_y = body->step_y;
    int64_t row_origin = body->origin + y0 * step_y;
    Profile profile = body->profile;
    int stride = raster->mask_stride, clip_end = raster->clip.x1;
    uint8_t *mask = raster->mask + (size_t)y0 * (size_t)stride;
    for (int y = y0; y < y1; y++) {
        int begin = (int)(left >> FRACTION), end = begin + width;
        if (begin < box.x0) begin = box.x0;
        if (end > box.x1) end = box.x1;
        /* A block may reach beyond the span, where the coverage is zero, but not beyond the clip. */
        if (end - begin <= BLOCK && begin + BLOCK <= clip_end)
            cover_block(mask + begin, row_origin + begin * step_x, BLOCK, profile);
        else
            cover_span(mask, begin, end, row_origin, step_x, profile);
        raster_touch_row(raster, y, begin, end);
        left += slope;
        row_origin += step_y;
        mask += stride;
    }
}

/* Rows [y0, y1), cut to what is between the ends. */
static void cover_ends(Raster *raster, const Body *body, int y0, int y1, PixelBox box) {
    Profile profile = body->profile;
    for (int y = y0; y < y1; y++) {
        float row = (float)y;
        float within = row * body->within.slope, along = row * body->along.slope;
        float low = greater(body->within.low + within, body->along.low + along);
        float high = lesser(body->within.high + within, body->along.high + along);
        low = greater(low, (float)box.x0);
        high = lesser(high, (float)(box.x1 - 1));
        if (!(low <= high)) continue;
        const int begin = ceil_px(low), end = floor_px(high) + 1;
        cover_span(raster->mask + (size_t)y * (size_t)raster->mask_stride, begin, end,
            body->origin + y * body->step_y, body->step_x, profile);
        raster_touch_row(raster, y, begin, end);
    }
}

static void cover_body(const Stroke *stroke, Point from, Point to) {
    Raster *raster = stroke->raster;
    float reach = stroke->reach;
    PixelBox box;
    if (!raster_box(raster, lesser(from.x, to.x) - reach, lesser(from.y, to.y) - reach,
            greater(from.x, to.x) + reach, greater(from.y, to.y) + reach, &box))
        return;
    raster_touch_rows(raster, box.y0, box.y1);
    Body body = body_of(stroke, from, to);
    float below = body.y + body.length * body.uy, slack = reach * fabsf(body.ux);
    if (fabsf(body.ux) < 1e-6f) { /* upright: only the rows tell what is between the ends */
        box.y0 = (int)greater((float)box.y0, (float)ceil_px(body.y));
        box.y1 = (int)lesser((float)box.y1, (float)(floor_px(below) + 1));
    }
    if (below - body.y < 2 * slack + 4) {
        cover_ends(raster, &body, box.y0, box.y1, box);
        return;
    }
    float first = greater(body.y + slack, (float)box.y0), last = lesser(below - slack, (float)(box.y1 - 1));
    int middle_begin = ceil_px(first), middle_end = floor_px(last) + 1;
    if (middle_begin >= middle_end) middle_begin = middle_end = box.y1;
    cover_ends(raster, &body, box.y0, middle_begin, box);
    cover_middle(raster, &body, middle_begin, middle_end, box);
    cover_ends(raster, &body, middle_end, box.y1, box);
}

/* Cuts [t0, t1] to where from + t * step >= 0 (Liang and Barsky 1984). */
static bool cut(double from, double step, double *t0, double *t1) {
    if (step == 0) return from >= 0;
    double t = -from / step;
    if (step > 0 && t > *t0) *t0 = t;
    if (step < 0 && t < *t1) *t1 = t;
    return *t0 <= *t1;
}

static float clamped(double value, double low, double high) {
    return (float)fmin(fmax(value, low), high);
}

static bool is_near_clip(const Stroke *stroke, Point point) {
    double x = (double)point.x, y = (double)point.y;
    return x >= stroke->x0 && x <= stroke->x1 && y >= stroke->y0 && y <= stroke->y1;
}

/* Cuts the segment to the neighbourhood of the clip. False where nothing of it is near. A far end leaves the
 * line there, so that what follows may take positions for ordinary numbers. */
static bool clip_segment(const Stroke *stroke, Point *from, Point *to) {
    if (is_near_clip(stroke, *from) && is_near_clip(stroke, *to)) return true;
    double x = (double)from->x, y = (double)from->y;
    double dx = (double)to->x - x, dy = (double)to->y - y, t0 = 0, t1 = 1;
    if (!cut(x - stroke->x0, dx, &t0, &t1) || !cut(stroke->x1 - x, -dx, &t0, &t1) ||
        !cut(y - stroke->y0, dy, &t0, &t1) || !cut(stroke->y1 - y, -dy, &t0, &t1))
        return false;
    if (t1 < 1)
        *to = (Point){
            clamped(x + t1 * dx, stroke->x0, stroke->x1), clamped(y + t1 * dy, stroke->y0, stroke->y1)};
    if (t0 > 0)
        *from = (Point){
            clamped(x + t0 * dx, stroke->x0, stroke->x1), clamped(y + t0 * dy, stroke->y0, stroke->y1)};
    return true;
}

static bool is_finite(Point point) {
    return isfinite(point.x) && isfinite(point.y);
}

static bool is_nearer(Point a, Point b, float distance) {
    float dx = b.x - a.x, dy = b.y - a.y;
    return dx * dx + dy * dy < distance * distance;
}

/* The body, without the discs at its ends. */
static void stroke_body(const Stroke *stroke, Point from, Point to) {
    if (!clip_segment(stroke, &from, &to)) return;
    if (!is_nearer(from, to, 1e-3f)) cover_body(stroke, from, to);
}

static void stroke_end(const Stroke *stroke, Point end) {
    raster_cover_disc(stroke->raster, end.x, end.y, stroke->radius);
}

static Point device_point(const Stroke *stroke, Point point) {
    return (Point){point.x * stroke->raster->scale, point.y * stroke->raster->scale};
}

/* True where the line turns so little at `b` that its two bodies leave no gap to see. */
static bool is_straight(Point a, Point b, Point c, float radius) {
    double ux = (double)b.x - (double)a.x, uy = (double)b.y - (double)a.y;
    double vx = (double)c.x - (double)b.x, vy = (double)c.y - (double)b.y;
    double cross = ux * vy - uy * vx, dot = ux * vx + uy * vy;
    return dot > 0 && fabs(cross) * (double)fmaxf(radius, 1) < 0.06 * dot;
}

void raster_polyline(Raster *raster, const Point *points, int n, float width, Colour colour) {
    if (!(width > 0)) return;
    Stroke stroke = stroke_of(raster, width);
    Point last = {0, 0}, before = {0, 0}, pending = {0, 0};
    bool has_last = false, has_before = false, has_pending = false;
    for (int i = 0; i <= n; i++) {
        Point point = i < n ? device_point(&stroke, points[i]) : (Point){NAN, NAN};
        if (!is_finite(point)) { /* the line ends here, and may begin anew */
            if (has_pending) stroke_body(&stroke, last, pending);
            if (has_last) stroke_end(&stroke, has_pending ? pending : last);
            if (has_pending) stroke_end(&stroke, last);
            has_last = has_before = has_pending = false;
            continue;
        }
        if (!has_last) {
            stroke_end(&stroke, point);
        } else {
            has_pending = is_nearer(point, last, 0.25f);
            pending = point;
            if (has_pending) continue;
            if (has_before && is_nearer(point, before, 0.125f)) { /* the same line back: it bounces */
                stroke_end(&stroke, last);
                point = before;
                before = last;
                last = point;
                continue;
            }
            stroke_body(&stroke, last, point);
            if (has_before && !is_straight(before, last, point, stroke.radius)) stroke_end(&stroke, last);
            before = last;
        }
        has_before = has_last;
        has_last = true;
        last = point;
    }
    raster_composite(raster, colour);
}

void raster_segments(Raster *raster, const Point *points, int n, float width, Colour colour) {
    if (!(width > 0)) return;
    Stroke stroke = stroke_of(raster, width);
    for (int i = 0; i < n; i++) {
        Point from = device_point(&stroke, points[2 * i]), to = device_point(&stroke, points[2 * i + 1]);
        if (!is_finite(from) || !is_finite(to)) continue;
        stroke_body(&stroke, from, to);
        stroke_end(&stroke, from);
        stroke_end(&stroke, to);
    }
    raster_composite(raster, colour);
}
