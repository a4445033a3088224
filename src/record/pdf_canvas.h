/* A canvas that writes one page of PDF by Cairo: shapes as shapes, text that can be selected in the program's
 * own fonts, of which the file carries what it uses. The same calls give the same bytes. */
#ifndef SLALOM_PDF_CANVAS_H
#define SLALOM_PDF_CANVAS_H

#include "canvas.h"
#include "page.h"
#include "status.h"
#include "text.h"

typedef struct PdfCanvas PdfCanvas;

PdfCanvas *pdf_canvas_create(const Page *page, Status *status);
void pdf_canvas_destroy(PdfCanvas *pdf);

Canvas *pdf_canvas_canvas(PdfCanvas *pdf); /* borrowed */

/* Ends the page and appends the whole file; nothing can be drawn any more. */
bool pdf_canvas_write(PdfCanvas *pdf, Text *out, Status *status);

#endif
