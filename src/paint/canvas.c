/* The calls of a canvas by name, and the small helpers on its values. What is drawn is up to the canvas. */
#include "canvas.h"

#include <math.h>

void canvas_set_clip(Canvas *canvas, Rect clip) {
    canvas->methods->set_clip(canvas, clip);
}

void canvas_reset_clip(Canvas *canvas) {
    canvas->methods->set_clip(canvas, (Rect){0, 0, canvas->width, canvas->height});
}

void canvas_fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    canvas->methods->fill_rect(canvas, rect, corner_radius, colour);
}

void canvas_stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    canvas->methods->stroke_rect(canvas, rect, corner_radius, width, colour);
}

void canvas_polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    canvas->methods->polygon(canvas, points, n, colour);
}

void canvas_polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    canvas->methods->polyline(canvas, points, n, width, colour);
}

void canvas_segments(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    canvas->methods->segments(canvas, points, n, width, colour);
}

void canvas_circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    canvas->methods->circle(canvas, centre, radius, colour);
}

void canvas_image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    canvas->methods->image(canvas, pixels, width, height, rect);
}

void canvas_text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    canvas->methods->text(canvas, x, y, align, font, size, colour, string);
}

float canvas_text_width(Canvas *canvas, Font font, float size, const char *string) {
    return canvas->methods->text_width(canvas, font, size, string);
}

void canvas_clear(Canvas *canvas, Rect rect, Colour colour) {
    const float scale = canvas->scale, x = floorf(rect.x * scale), y = floorf(rect.y * scale);
    const float right = ceilf((rect.x + rect.width) * scale), bottom = ceilf((rect.y + rect.height) * scale);
    canvas_fill_rect(
        canvas, (Rect){x / scale, y / scale, (right - x) / scale, (bottom - y) / scale}, 0, colour);
}

Colour colour_with_alpha(Colour colour, float alpha) {
    float clamped = fminf(fmaxf(alpha, 0), 1);
    colour.a = (uint8_t)lrintf((float)colour.a * clamped);
    return colour;
}

bool rect_contains(Rect rect, float x, float y) {
    return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}
