/* Pictures that time alone asks for: how often, and how much of them. What runs behind the window needs the
 * processors itself, and most of the picture stands still. For the viewer's own files. */
#ifndef SLALOM_REFRESH_H
#define SLALOM_REFRESH_H

#include "canvas.h"

#include <stdbool.h>

/* Start from {0}. */
typedef struct Refresh {
    bool is_stale;  /* more than the race has changed: the next picture is whole */
    bool waits;     /* a picture is due, and comes later */
    double part_s;  /* since the last whole one, while only parts are drawn */
    double spent_s; /* of a processor, beyond what pictures may take */
    double whole_s; /* what the last whole one took of a processor */
    /* Of the last whole one: */
    const Canvas *canvas;
    float width, height, scale;
} Refresh;

/* A whole picture was drawn. */
void refresh_is_whole(Refresh *refresh, const Canvas *canvas);

/* Time passes, and the picture has changed by that, or not. True where it must be drawn now. share: how much
 * of a processor's time pictures may take; from 1 on: all. */
bool refresh_is_due(Refresh *refresh, bool changed, double seconds, double share);

#endif
