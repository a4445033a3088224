/* The help over everything else: every key of the table of keys, and what the pointer does. */
#ifndef SLALOM_HELP_VIEW_H
#define SLALOM_HELP_VIEW_H

#include "canvas.h"
#include "theme.h"

void help_view_draw(Canvas *canvas, const Theme *theme);

#endif
