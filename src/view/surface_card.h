/* The card of the surface: its name, formula and parameters. */
#ifndef SLALOM_SURFACE_CARD_H
#define SLALOM_SURFACE_CARD_H

#include "editor.h"
#include "pen.h"
#include "subject.h"

void surface_card(Pen *pen, const Subject *subject, Editor *editor, int formula_lines);

#endif
