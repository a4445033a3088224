/* A canvas that writes SVG 1.1: shapes as shapes, text as text in the program's own fonts, of which the file
 * carries what it uses (browsers take it from there; other programs need the fonts, Inter and JetBrains Mono,
 * or take a similar one). The same calls give the same bytes. */
#ifndef SLALOM_SVG_CANVAS_H
#define SLALOM_SVG_CANVAS_H

#include "canvas.h"
#include "page.h"
#include "status.h"
#include "text.h"

typedef struct SvgCanvas SvgCanvas;

SvgCanvas *svg_canvas_create(const Page *page, Status *status);
void svg_canvas_destroy(SvgCanvas *svg);

Canvas *svg_canvas_canvas(SvgCanvas *svg); /* borrowed */

/* Appends the whole file: everything drawn so far. */
void svg_canvas_write(SvgCanvas *svg, Text *out);

#endif
