/* Finds room for the labels beside moving points: no label covers another, nor a head, nor what was blocked.
 */
#ifndef SLALOM_LABEL_PLACER_H
#define SLALOM_LABEL_PLACER_H

#include "canvas.h"

#include <stdbool.h>

enum { PLACER_BLOCKS_MAX = 192 };
enum { PLACE_RIGHT, PLACE_LEFT, PLACE_ABOVE, PLACE_BELOW }; /* the nearest places; there are others */

typedef struct LabelPlacer {
    Rect bounds; /* labels stay inside */
    Rect blocks[PLACER_BLOCKS_MAX];
    int n_blocks;
} LabelPlacer;

/* Nothing is blocked. */
void placer_start(LabelPlacer *placer, Rect bounds);
void placer_block(LabelPlacer *placer, Rect rect);
/* Whether a rectangle with `room` around it lies inside and covers nothing that is blocked. */
bool placer_is_free(const LabelPlacer *placer, Rect rect, float room);

/* A place for a label of width x height beside a point, at least `gap` away, and blocks it. *choice names the
 * place that the label had in the picture before (-1: none) and is kept as long as it is free and no much
 * nearer one is, so that labels do not flicker. False where there is no room (*choice: -1). */
bool placer_place(
    LabelPlacer *placer, Point point, float width, float height, float gap, int *choice, Rect *place);

#endif
