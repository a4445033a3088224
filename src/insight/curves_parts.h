/* What the files of the learning curves share. Only they include this. */
#ifndef SLALOM_CURVES_PARTS_H
#define SLALOM_CURVES_PARTS_H

#include "curves_view.h"

/* One plot of the two, in a pass. */
typedef struct CurvesPass {
    CurvesView *curves;
    Ui *ui;
    const Subject *subject;
    Rect rect; /* of the plot with everything around it */
    CurvesPlot which;
    CurvesKind kind;
    ChartPlot *plot;
} CurvesPass;

bool curves_has_parts(CurvesKind kind); /* otherwise it stands where training does */
bool curves_is_shown(const CurvesPass *pass, int racer);
/* A racer's values on the axis that is chosen. */
ChartLine curves_line(const CurvesPass *pass, int racer, CurvesPart part, CurvesLevel level);
/* Its last row at the step that is shown; -1: none. */
int64_t curves_last_row(const CurvesPass *pass, int racer);
/* Whom the words are about: the chosen racer, otherwise the first in sight; -1: nobody. */
int curves_noted_racer(const CurvesPass *pass);
/* "epoch 12": a place on the axis. */
enum { CURVES_PLACE_BYTES = 48 };
void curves_place_text(CurvesAxis axis, double place, char out[CURVES_PLACE_BYTES]);
bool curves_reads(const CurvesPass *pass);

/* The lines with all that belongs to them; the numbers below up to `foot`. */
void curves_draw(const CurvesPass *pass, float foot);
/* Room for labels beside the plot. */
float curves_label_width(const CurvesPass *pass);
/* In words, on one line of the picture: when the validation was best, and stopping. */
void curves_draw_note(const CurvesPass *pass, Rect line);

#endif
