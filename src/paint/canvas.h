/* The calls that a view may draw with. Views know nothing else of the screen.
 *
 * Lengths and positions are in logical pixels (1/96 inch at scale 1), x to the right, y down, the corner of
 * the canvas at (0, 0); a canvas multiplies them by its scale. Everything is anti-aliased. Colours are sRGB,
 * not premultiplied. An implementer embeds Canvas as its first member and points `methods` at its constant
 * table: pixels (sdl/pixel_canvas.c), SVG and PDF (record), and a recording for tests
 * (paint/record_canvas.c). */
#ifndef SLALOM_CANVAS_H
#define SLALOM_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Colour {
    uint8_t r, g, b, a;
} Colour;

typedef struct Point {
    float x, y;
} Point;

typedef struct Rect {
    float x, y, width, height;
} Rect;

typedef enum Font {
    FONT_TEXT,   /* Inter */
    FONT_STRONG, /* Inter SemiBold */
    FONT_MONO,   /* JetBrains Mono: formulas, and figures that must not jump */
    FONT_ITALIC, /* Inter Italic: variables of typeset formulas */
    FONT_COUNT,
} Font;

typedef enum Align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } Align;

typedef struct Canvas Canvas;

typedef struct CanvasMethods {
    /* Everything after is cut to `clip`, itself cut to the canvas. */
    void (*set_clip)(Canvas *canvas, Rect clip);
    void (*fill_rect)(Canvas *canvas, Rect rect, float corner_radius, Colour colour);
    void (*stroke_rect)(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour);
    /* A filled simple polygon. */
    void (*polygon)(Canvas *canvas, const Point *points, int n, Colour colour);
    /* A line through the points with round joins and ends; where it crosses itself it covers once. */
    void (*polyline)(Canvas *canvas, const Point *points, int n, float width, Colour colour);
    /* n separate segments (points[2i], points[2i+1]), covering once together. */
    void (*segments)(Canvas *canvas, const Point *points, int n, float width, Colour colour);
    void (*circle)(Canvas *canvas, Point centre, float radius, Colour colour);
    /* (height, width) opaque pixels 0xAARRGGBB stretched over rect; where rect is as many device pixels they
     * are copied unchanged, otherwise interpolated. */
    void (*image)(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect);
    /* One line of UTF-8. (x, y) is on the baseline, at its left end, middle or right end. */
    void (*text)(Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour,
        const char *string);
    float (*text_width)(Canvas *canvas, Font font, float size, const char *string);
} CanvasMethods;

struct Canvas {
    const CanvasMethods *methods;
    float width, height; /* logical */
    float scale;         /* device pixels in a logical one */
    bool keeps_shapes;   /* what is drawn can be enlarged later: lines are worth more than pixels of them */
};

/* The same by name. */
void canvas_set_clip(Canvas *canvas, Rect clip);
void canvas_reset_clip(Canvas *canvas);
void canvas_fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour);
void canvas_stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour);
void canvas_polygon(Canvas *canvas, const Point *points, int n, Colour colour);
void canvas_polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour);
void canvas_segments(Canvas *canvas, const Point *points, int n, float width, Colour colour);
void canvas_circle(Canvas *canvas, Point centre, float radius, Colour colour);
void canvas_image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect);
void canvas_text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string);
float canvas_text_width(Canvas *canvas, Font font, float size, const char *string);

/* Fills every device pixel that the rectangle touches: what is drawn over it once more leaves no edges. */
void canvas_clear(Canvas *canvas, Rect rect, Colour colour);

Colour colour_with_alpha(Colour colour, float alpha); /* alpha 0..1 times what it has */
bool rect_contains(Rect rect, float x, float y);

#endif
