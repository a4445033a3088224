/* The mark that is on the screen while a film is recorded, and not in the film. */
#ifndef SLALOM_RECORD_MARK_H
#define SLALOM_RECORD_MARK_H

#include "canvas.h"

/* A red dot and the time, in the upper right corner of the part of the canvas left of `right`, below `top`.
 */
void record_mark_draw(Canvas *canvas, float right, float top, double seconds);

#endif
