/* The canvas of pixels: a raster and the fonts behind the canvas's calls. Everything is drawn by
 * paint/raster, in memory; showing or saving the pixels is up to the owner. */
#include "pixel_canvas.h"

#include "font.h"
#include "raster.h"

#include <assert.h>
#include <stdlib.h>

struct PixelCanvas {
    Canvas canvas; /* first: the methods get a pointer to it */
    Raster *raster;
    Fonts *fonts;
};

static PixelCanvas *pixel_canvas_of(Canvas *canvas) {
    return (PixelCanvas *)canvas;
}

static void set_clip(Canvas *canvas, Rect clip) {
    raster_set_clip(pixel_canvas_of(canvas)->raster, clip);
}

static void fill_rect(Canvas *canvas, Rect rect, float corner_radius, Colour colour) {
    raster_fill_rect(pixel_canvas_of(canvas)->raster, rect, corner_radius, colour);
}

static void stroke_rect(Canvas *canvas, Rect rect, float corner_radius, float width, Colour colour) {
    raster_stroke_rect(pixel_canvas_of(canvas)->raster, rect, corner_radius, width, colour);
}

static void polygon(Canvas *canvas, const Point *points, int n, Colour colour) {
    raster_polygon(pixel_canvas_of(canvas)->raster, points, n, colour);
}

static void polyline(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    raster_polyline(pixel_canvas_of(canvas)->raster, points, n, width, colour);
}

static void segments(Canvas *canvas, const Point *points, int n, float width, Colour colour) {
    raster_segments(pixel_canvas_of(canvas)->raster, points, n, width, colour);
}

static void circle(Canvas *canvas, Point centre, float radius, Colour colour) {
    raster_circle(pixel_canvas_of(canvas)->raster, centre, radius, colour);
}

static void image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    raster_image(pixel_canvas_of(canvas)->raster, pixels, width, height, rect);
}

static void text(
    Canvas *canvas, float x, float y, Align align, Font font, float size, Colour colour, const char *string) {
    PixelCanvas *pixels = pixel_canvas_of(canvas);
    float scale = canvas->scale, left = x * scale;
    if (align != ALIGN_LEFT) {
        float width = fonts_width(pixels->fonts, font, size * scale, string);
        left -= align == ALIGN_CENTRE ? width / 2 : width;
    }
    fonts_draw(pixels->fonts, pixels->raster, left, y * scale, font, size * scale, colour, string);
}

static float text_width(Canvas *canvas, Font font, float size, const char *string) {
    return fonts_width(pixel_canvas_of(canvas)->fonts, font, size * canvas->scale, string) / canvas->scale;
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

PixelCanvas *pixel_canvas_create(int width_px, int height_px, float scale, Status *status) {
    PixelCanvas *canvas = calloc(1, sizeof *canvas);
    if (!canvas) {
        status_fail(status, STATUS_FAILED, "out of memory for the picture");
        return NULL;
    }
    canvas->canvas.methods = &methods;
    canvas->fonts = fonts_create(status);
    if (!canvas->fonts || !pixel_canvas_resize(canvas, width_px, height_px, scale, status)) {
        pixel_canvas_destroy(canvas);
        return NULL;
    }
    return canvas;
}

void pixel_canvas_destroy(PixelCanvas *canvas) {
    if (!canvas) return;
    raster_destroy(canvas->raster);
    fonts_destroy(canvas->fonts);
    free(canvas);
}

bool pixel_canvas_resize(PixelCanvas *canvas, int width_px, int height_px, float scale, Status *status) {
    assert(width_px > 0 && height_px > 0 && scale > 0);
    Raster *raster = raster_create(width_px, height_px, scale);
    if (!raster)
        return status_fail(
            status, STATUS_FAILED, "out of memory for a picture of %d x %d pixels", width_px, height_px);
    raster_destroy(canvas->raster);
    canvas->raster = raster;
    canvas->canvas.width = (float)width_px / scale;
    canvas->canvas.height = (float)height_px / scale;
    canvas->canvas.scale = scale;
    return true;
}

Canvas *pixel_canvas_canvas(PixelCanvas *canvas) {
    return &canvas->canvas;
}

const uint32_t *pixel_canvas_pixels(const PixelCanvas *canvas) {
    return raster_pixels(canvas->raster);
}

int pixel_canvas_width_px(const PixelCanvas *canvas) {
    return raster_width_px(canvas->raster);
}

int pixel_canvas_height_px(const PixelCanvas *canvas) {
    return raster_height_px(canvas->raster);
}
