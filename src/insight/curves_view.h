/* Learning curves: the loss of every racer at its reports, and below it the 0-1 error or the gradient's norm;
 * of training solid and of validation dashed, up to the step that is shown. Two charts one over the other,
 * with one horizontal axis. */
#ifndef SLALOM_CURVES_VIEW_H
#define SLALOM_CURVES_VIEW_H

#include "chart_plot.h"
#include "live_training.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum CurvesAxis {
    CURVES_STEPS,
    CURVES_EPOCHS,
    CURVES_EXAMPLES,
    CURVES_EVALUATIONS,
    CURVES_TIME,
    CURVES_AXES,
} CurvesAxis;

typedef enum CurvesPart { CURVES_TRAINING, CURVES_VALIDATION, CURVES_PARTS } CurvesPart;
typedef enum CurvesKind { CURVES_LOSS, CURVES_ERROR, CURVES_GRADIENT, CURVES_KINDS } CurvesKind;

/* One racer's reports, a column for each number: first its places on the axes, then the values. */
enum { CURVE_COLUMNS = CURVES_AXES + CURVES_KINDS * CURVES_PARTS };
typedef struct Curve {
    double *numbers; /* (CURVE_COLUMNS, room); owned */
    int64_t n, room;
    int64_t best; /* the report with the best validation loss; -1: none */
    bool stopped; /* early */
} Curve;

typedef struct CurvesView {
    CurvesAxis axis;
    bool linear[CURVES_KINDS]; /* otherwise logarithmic */
    bool gradient;             /* the lower chart is of that, otherwise of the error */
    /* From picture to picture. */
    const LiveTraining *live; /* borrowed */
    Curve curves[RACE_RACERS_MAX];
    int n_curves;
    int64_t n_read;
    ChartPlot plots[CURVES_KINDS];
    double read_place; /* on the axis, that the pointer is at; NAN: none */
} CurvesView;

/* Shows another training, from its beginning. */
void curves_view_begin(CurvesView *curves, const LiveTraining *live);
void curves_view_finish(CurvesView *curves);

/* Draws, or lets the event act. */
void curves_view(CurvesView *curves, Ui *ui, Rect rect, const Subject *subject);

/* For keys: the next horizontal axis; logarithmic or linear, of the loss; the other lower chart. */
void curves_view_next_axis(CurvesView *curves);
void curves_view_next_scale(CurvesView *curves);
void curves_view_next_lower(CurvesView *curves);

#endif
