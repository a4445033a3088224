/* An anti-aliased rasteriser on pixels in memory: integer blending in sRGB, no library below it, the same
 * bytes on every run.
 *
 * Positions and lengths are those of the canvas (logical pixels); the raster multiplies them by its scale.
 * Positions that are not finite are safe: such a shape is left out, a line is broken there. Far ones are cut.
 * Each shape first writes its coverage into a mask and is then blended once, so that a translucent shape
 * covers each pixel once. */
#ifndef SLALOM_RASTER_H
#define SLALOM_RASTER_H

#include "canvas.h"

typedef struct Raster Raster;

/* Wider lines are drawn with this width, in device pixels. */
enum { RASTER_LINE_WIDTH_MAX = 200 };

/* Opaque black, clip reset. NULL where memory is out. */
Raster *raster_create(int width_px, int height_px, float scale);
void raster_destroy(Raster *raster);

const uint32_t *raster_pixels(const Raster *raster); /* (height_px, width_px) 0xAARRGGBB */
int raster_width_px(const Raster *raster);
int raster_height_px(const Raster *raster);

/* As in canvas.h. The edges of the clip are rounded to whole device pixels; the stroke of a rectangle lies
 * inside its edge. */
void raster_set_clip(Raster *raster, Rect clip);
void raster_fill_rect(Raster *raster, Rect rect, float corner_radius, Colour colour);
void raster_stroke_rect(Raster *raster, Rect rect, float corner_radius, float width, Colour colour);
void raster_polygon(Raster *raster, const Point *points, int n, Colour colour);
void raster_polyline(Raster *raster, const Point *points, int n, float width, Colour colour);
void raster_segments(Raster *raster, const Point *points, int n, float width, Colour colour);
void raster_circle(Raster *raster, Point centre, float radius, Colour colour);
void raster_image(Raster *raster, const uint32_t *pixels, int width, int height, Rect rect);

/* Blends `colour` through (height, width) coverages 0..255, the first at device pixel (x_px, y_px): glyphs.
 */
void raster_coverage(
    Raster *raster, const uint8_t *coverage, int width, int height, int x_px, int y_px, Colour colour);

#endif
