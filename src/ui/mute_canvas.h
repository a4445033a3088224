/* A canvas that draws nothing and measures text as another one does: for passes in which an event acts. */
#ifndef SLALOM_MUTE_CANVAS_H
#define SLALOM_MUTE_CANVAS_H

#include "canvas.h"

typedef struct MuteCanvas {
    Canvas canvas;
    Canvas *like; /* borrowed */
} MuteCanvas;

/* As large as `like`. */
Canvas *mute_canvas_init(MuteCanvas *mute, Canvas *like);

#endif
