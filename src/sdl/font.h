/* The program's fonts: text into a raster, and how wide it will be. Strings that were drawn are kept for a
 * while, since most of a picture's text is the same in the next one; memory is bounded. */
#ifndef SLALOM_FONT_H
#define SLALOM_FONT_H

#include "canvas.h"
#include "raster.h"
#include "status.h"

#include <stddef.h>

typedef struct Fonts Fonts;

/* NULL and a status where the fonts cannot be opened. */
Fonts *fonts_create(Status *status);
void fonts_destroy(Fonts *fonts);

/* Sizes and widths in device pixels; a size is rounded to a quarter of a pixel. */
float fonts_width(Fonts *fonts, Font font, float size_px, const char *string);

/* The baseline's left end at (x_px, y_px), rounded to whole pixels so that glyphs stay sharp. */
void fonts_draw(Fonts *fonts, Raster *raster, float x_px, float y_px, Font font, float size_px, Colour colour,
    const char *string);

/* What the kept strings take. Never more than fonts_cached_bytes_max, but for the text drawn last. */
size_t fonts_cached_bytes(const Fonts *fonts);
size_t fonts_cached_bytes_max(void);

#endif
