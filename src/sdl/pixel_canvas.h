/* A canvas of pixels in memory: the same bytes with or without a window, on every run. */
#ifndef SLALOM_PIXEL_CANVAS_H
#define SLALOM_PIXEL_CANVAS_H

#include "canvas.h"
#include "status.h"

#include <stdint.h>

typedef struct PixelCanvas PixelCanvas;

/* width_px x height_px device pixels at `scale` device pixels to a logical one. Opens the fonts. */
PixelCanvas *pixel_canvas_create(int width_px, int height_px, float scale, Status *status);
void pixel_canvas_destroy(PixelCanvas *canvas);
bool pixel_canvas_resize(PixelCanvas *canvas, int width_px, int height_px, float scale, Status *status);

Canvas *pixel_canvas_canvas(PixelCanvas *canvas); /* borrowed; stays the same over a resize */

/* (height_px, width_px) 0xAARRGGBB, opaque after a whole picture was drawn; valid until the next resize. */
const uint32_t *pixel_canvas_pixels(const PixelCanvas *canvas);
int pixel_canvas_width_px(const PixelCanvas *canvas);
int pixel_canvas_height_px(const PixelCanvas *canvas);

#endif
