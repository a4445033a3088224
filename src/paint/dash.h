/* Lines told apart by their pattern, where colours do not suffice. */
#ifndef SLALOM_DASH_H
#define SLALOM_DASH_H

#include "canvas.h"

typedef enum Dash { DASH_SOLID, DASH_DASHED, DASH_DOTTED, DASH_DASH_DOT, DASH_LONG, DASH_COUNT } Dash;

/* canvas_polyline with a pattern. A point that is not finite breaks the line. */
void dash_polyline(Canvas *canvas, const Point *points, int n, float width, Dash dash, Colour colour);

#endif
