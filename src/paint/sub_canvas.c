/* Every call of the canvas, moved and made smaller, on another one. */
#include "sub_canvas.h"

#include <math.h>
#include <stdlib.h>

/* Canvas is the first member. */
static SubCanvas *sub_canvas_of(Canvas *canvas) {
    return (SubCanvas *)canvas;
}

static Point point_in_whole(const SubCanvas *sub, Point point) {
    return (Point){sub->part.x + sub->zoom * point.x, sub->part.y + sub->zoom * point.y};
}

static Rect rect_in_whole(const SubCanvas *sub, Rect rect) {
    const Point corner = point_in_whole(sub, (Point){rect.x, rect.y});
    return (Rect){corner.x, corner.y, sub->zoom * rect.width, sub->zoom * rect.height};
}

/* The points moved; fewer where memory is out. */
static int move_points(SubCanvas *sub, const Point *points, int n) {
    if (n > sub->room) {
        Point *more = realloc(sub->points, (size_t)n * sizeof *more);
        if (more) {
            sub->points = more;
            sub->room = n;
        }
    }
    if (n > sub->room) n = sub->room;
    for (int i = 0; i < n; i++) sub->points[i] = point_in_whole(sub, points[i]);
    return n;
}

static void set_clip(Canvas *canvas, Rect clip) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    const Rect wanted = rect_in_whole(sub, clip), *part = &sub->part;
    const float x0 = fmaxf(wanted.x, part->x), y0 = fmaxf(wanted.y, part->y);
    const float x1 = fminf(wanted.x + wanted.width, part->x + part->width);
    const float y1 = fminf(wanted.y + wanted.height, part->y + part->height);
    canvas_set_clip(sub->whole, (Rect){x0, y0, fmaxf(x1 - x0, 0), fmaxf(y1 - y0, 0)});
}

static void fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    canvas_fill_rect(sub->whole, rect_in_whole(sub, rect), sub->zoom * corner_radius, colour);
}

static void stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    canvas_stroke_rect(
        sub->whole, rect_in_whole(sub, rect), sub->zoom * corner_radius, sub->zoom * width, colour);
}

static void polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    SubCanvas *sub = sub_canvas_of(canvas);
    n = move_points(sub, points, n);
    canvas_polygon(sub->whole, sub->points, n, colour);
}

static void polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    SubCanvas *sub = sub_canvas_of(canvas);
    n = move_points(sub, points, n);
    canvas_polyline(sub->whole, sub->points, n, sub->zoom * width, colour);
}

static void segments(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    SubCanvas *sub = sub_canvas_of(canvas);
    n = move_points(sub, points, 2 * n) / 2;
    canvas_segments(sub->whole, sub->points, n, sub->zoom * width, colour);
}

static void circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    canvas_circle(sub->whole, point_in_whole(sub, centre), sub->zoom * radius, colour);
}

static void image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    canvas_image(sub->whole, pixels, width, height, rect_in_whole(sub, rect));
}

static void text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    const Point at = point_in_whole(sub, (Point){x, y});
    canvas_text(sub->whole, at.x, at.y, align, font, sub->zoom * size, colour, string);
}

static float text_width(Canvas *canvas, Font font, float size, const char *string) {
    const SubCanvas *sub = sub_canvas_of(canvas);
    return canvas_text_width(sub->whole, font, sub->zoom * size, string) / sub->zoom;
}

static const CanvasMethods methods = {
    .set_clip = set_clip,
    .fill_rect = fill_rect,
    .stroke_rect = stroke_rect,
    .polygon = polygon,
    .polyline = polyline,
    .segments = segments,
    .circle = circle,
    .image = image,
    .text = text,
    .text_width = text_width,
};

Canvas *sub_canvas_init(SubCanvas *sub, Canvas *whole, Rect rect, float zoom) {
    *sub = (SubCanvas){.canvas = *whole, .whole = whole, .part = rect, .zoom = zoom};
    sub->canvas.methods = &methods;
    sub->canvas.width = rect.width / zoom;
    sub->canvas.height = rect.height / zoom;
    sub->canvas.scale = whole->scale * zoom;
    canvas_reset_clip(&sub->canvas);
    return &sub->canvas;
}

void sub_canvas_finish(SubCanvas *sub) {
    canvas_reset_clip(sub->whole);
    free(sub->points);
}
