/* The parts of the picture of a landscape. Only landscape_*.c include this. */
#ifndef SLALOM_LANDSCAPE_PARTS_H
#define SLALOM_LANDSCAPE_PARTS_H

#include "landscape_view.h"

#include <stdint.h>

/* The chosen racer, or the first one, and the one that a line or a plane is laid out to: itself where there
 * is no other. */
LandscapeWish landscape_wish_of(const LandscapeView *view, const Subject *subject, uint64_t seed);

/* It is laid out to the next racer after that; nothing where there is no choice. */
void landscape_choose_other(LandscapeView *view, const Subject *subject);

/* Buttons at the right of a strip, and the width that they need. */
float landscape_tools_width(const LandscapeView *view, Ui *ui, const Subject *subject);
void landscape_put_tools(LandscapeView *view, Ui *ui, Rect strip, const Subject *subject);

#endif
