/* The points worth knowing on a surface and what is written beside them: the same in the flat picture and in
 * space. */
#ifndef SLALOM_POINTS_H
#define SLALOM_POINTS_H

#include "canvas.h"
#include "label_placer.h"
#include "subject.h"

#include <stdbool.h>

#define POINT_START_GRIP 15.0f /* so near to the start a hand takes hold of it */
#define POINT_HEAD_RADIUS 5.5f

/* A minimum, saddle, ...; `alpha`: how clearly it is seen, 0..1. */
void point_draw_stationary(Canvas *canvas, const Theme *theme, StationaryKind kind, Point point, float alpha);

/* The ring around the start; `held`: a hand is on it. */
void point_draw_start(Canvas *canvas, const Subject *subject, Point point, bool held);

/* Where a racer was at the row that is read in a chart. */
void point_draw_read(Canvas *canvas, const Subject *subject, Point point, float alpha);

/* One label beside a point, with a line to it where it had to go far; nothing where there is no room.
 * `choice` as in placer_place. */
void point_draw_label(Canvas *canvas, LabelPlacer *placer, const Subject *subject, Point point, Colour colour,
    const char *text, int *choice);

/* The same for a racer at its head, and for the start. */
void point_label_racer(Canvas *canvas, LabelPlacer *placer, const Subject *subject, int racer, Point point,
    bool diverged, int *choice);
void point_label_start(Canvas *canvas, LabelPlacer *placer, const Subject *subject, Point point, int *choice);

#endif
