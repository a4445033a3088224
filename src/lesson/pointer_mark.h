/* A glowing outline and an arrow around what a lesson points at. */
#ifndef SLALOM_POINTER_MARK_H
#define SLALOM_POINTER_MARK_H

#include "canvas.h"
#include "theme.h"

/* Around `rect`, the arrow beside it where the canvas has room. fresh: from 1, just there, to 0: it has been
 * seen. */
void pointer_mark_draw(Canvas *canvas, const Theme *theme, Rect rect, float fresh);

#endif
