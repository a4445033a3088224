/* Losses and 0-1 errors along the line between two racers' weights, and the barrier between them: where it
 * goes higher than both ends, how far at most it lies above the straight line between them (Frankle et al.
 * 2020, "Linear mode connectivity and the lottery ticket hypothesis"). */
#ifndef SLALOM_LANDSCAPE_LINE_H
#define SLALOM_LANDSCAPE_LINE_H

#include "canvas.h"
#include "landscape_work.h"
#include "subject.h"

#include <stddef.h>

typedef struct LineBarrier {
    double height; /* 0 where nothing is higher than both ends */
    int point;     /* where; -1: nothing is known yet */
} LineBarrier;
/* Of values (LINE_POINTS) at the places `at`; NAN where they are not known. */
LineBarrier landscape_line_barrier(const double *at, const double *values);

/* One sentence; names of the two ends. */
void landscape_line_say(const LandscapeLine *line, const char *from, const char *to, char *text, size_t size);

/* racers: of the ends; one twice: from its start to where it is. */
void landscape_line_draw(
    const LandscapeLine *line, Canvas *canvas, Rect rect, const Subject *subject, const int racers[2]);

#endif
