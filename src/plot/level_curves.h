/* The relief's lines of equal height as whole curves with their heights written on them: for figures, whose
 * lines are shapes, and for data. */
#ifndef SLALOM_LEVEL_CURVES_H
#define SLALOM_LEVEL_CURVES_H

#include "canvas.h"
#include "curves.h"
#include "label_placer.h"
#include "relief.h"
#include "subject.h"
#include "trails.h"

#include <stdbool.h>

enum { LEVEL_LABELS_MAX = 64, LEVEL_LABEL_BYTES = 32 };

/* A height written on its line, which leaves room for it. */
typedef struct LevelLabel {
    int level; /* index */
    Rect rect;
    Point centre;
    char text[LEVEL_LABEL_BYTES];
} LevelLabel;

/* Starts from {0}. */
typedef struct LevelCurves {
    int n_levels;
    double levels[CONTOUR_LEVELS_MAX];
    bool strong[CONTOUR_LEVELS_MAX];
    Curves curves[CONTOUR_LEVELS_MAX]; /* in logical pixels of the canvas */
    LevelLabel labels[LEVEL_LABELS_MAX];
    int n_labels;
    Point *line; /* scratch */
    int line_room;
} LevelCurves;
void level_curves_finish(LevelCurves *curves);

/* Traces what the finished relief shows. False where memory is out, or the relief is not finished. */
bool level_curves_trace(LevelCurves *curves, const Relief *relief);

/* Finds places for labels where a line is nearly level and nothing is in the way, neither what the placer has
 * blocked nor a trail; blocks them. */
void level_curves_label(LevelCurves *curves, Canvas *canvas, LabelPlacer *placer, const TrailBuffer *trails);

void level_curves_block(const LevelCurves *curves, LabelPlacer *placer); /* the labels */

/* `thin`: hairlines, for paper. */
void level_curves_draw(LevelCurves *curves, Canvas *canvas, const Theme *theme, bool thin);

#endif
