/* Small pictures of the shipped surfaces, each drawn once for a theme and a scale, a few in each frame. */
#ifndef SLALOM_THUMBNAILS_H
#define SLALOM_THUMBNAILS_H

#include "canvas.h"
#include "contour_lines.h"
#include "raster.h"
#include "surface.h"
#include "theme.h"

#include <stdbool.h>

/* Logical pixels. */
#define THUMBNAIL_WIDTH 72.0f
#define THUMBNAIL_HEIGHT 48.0f

typedef struct Thumbnails Thumbnails;

Thumbnails *thumbnails_create(void); /* NULL where memory is out */
void thumbnails_destroy(Thumbnails *thumbnails);

/* Draws the picture of a surface of the table with its corner at (x, y), in sizes as above; where it is not
 * there yet it is made if there is time left in this frame, and else its place is empty. False then. */
bool thumbnails_draw(
    Thumbnails *thumbnails, Canvas *canvas, const Theme *theme, int surface, float x, float y);

/* A frame begins: there is time again. */
void thumbnails_begin_frame(Thumbnails *thumbnails);

/* Fills a raster of this scale with a part of a surface, in the colours and with half the lines of the large
 * picture. False where memory is out. */
bool thumbnail_paint(
    ContourLines *lines, Raster *raster, float scale, const Theme *theme, Surface *surface, const Box *box);

#endif
