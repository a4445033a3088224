/* Every call of the canvas that does nothing, and the one that measures. */
#include "mute_canvas.h"

static void no_clip(Canvas *canvas, Rect clip) {
    (void)canvas, (void)clip;
}

static void no_fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    (void)canvas, (void)rect, (void)corner_radius, (void)colour;
}

static void no_stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    (void)canvas, (void)rect, (void)corner_radius, (void)width, (void)colour;
}

static void no_polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    (void)canvas, (void)points, (void)n, (void)colour;
}

static void no_line(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    (void)canvas, (void)points, (void)n, (void)width, (void)colour;
}

static void no_circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    (void)canvas, (void)centre, (void)radius, (void)colour;
}

static void no_image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    (void)canvas, (void)pixels, (void)width, (void)height, (void)rect;
}

static void no_text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    (void)canvas, (void)x, (void)y, (void)align, (void)font, (void)size, (void)colour, (void)string;
}

/* Canvas is the first member. */
static float text_width(Canvas *canvas, Font font, float size, const char *string) {
    return canvas_text_width(((MuteCanvas *)canvas)->like, font, size, string);
}

static const CanvasMethods methods = {
    .set_clip = no_clip,
    .fill_rect = no_fill_rect,
    .stroke_rect = no_stroke_rect,
    .polygon = no_polygon,
    .polyline = no_line,
    .segments = no_line,
    .circle = no_circle,
    .image = no_image,
    .text = no_text,
    .text_width = text_width,
};

Canvas *mute_canvas_init(MuteCanvas *mute, Canvas *like) {
    mute->canvas = (Canvas){&methods, like->width, like->height, like->scale, like->keeps_shapes};
    mute->like = like;
    return &mute->canvas;
}
