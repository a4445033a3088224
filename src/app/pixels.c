/* Where the two folders that do not know each other meet: recordings, and the canvas that they are drawn on.
 */
#include "pixels.h"

#include "pixel_canvas.h"

/* A pixel canvas begins with its Canvas. */
static PixelCanvas *pixel_canvas_of(Canvas *canvas) {
    return (PixelCanvas *)canvas;
}

static Canvas *create(int width_px, int height_px, float scale, Status *status) {
    PixelCanvas *canvas = pixel_canvas_create(width_px, height_px, scale, status);
    return canvas ? pixel_canvas_canvas(canvas) : NULL;
}

static void destroy(Canvas *canvas) {
    pixel_canvas_destroy(pixel_canvas_of(canvas));
}

static const uint32_t *pixels(Canvas *canvas) {
    return pixel_canvas_pixels(pixel_canvas_of(canvas));
}

const PixelMaker app_pixels = {.create = create, .destroy = destroy, .pixels = pixels};
