/* How the training loss curves where each racer is, by the eigenvalues of its Hessian: the largest of them
 * over time, the sharpness, as the racer's rule scales gradients, against the limit beyond which its rate
 * would be unstable there; the smallest, which below 0 is a way down that is left; and how all of them are
 * spread for one racer at the step that is shown. */
#ifndef SLALOM_CURVATURE_VIEW_H
#define SLALOM_CURVATURE_VIEW_H

#include "batch.h"
#include "chart_plot.h"
#include "curvature_columns.h"
#include "spread_panel.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct CurvatureView {
    bool by_steps;           /* otherwise by epochs */
    bool linear;             /* the sharpness; otherwise logarithmic */
    CurvatureKind sharpness; /* that is shown */
    /* From picture to picture. */
    LiveTraining *live; /* borrowed, as the examples are */
    Batch examples;
    bool threaded;
    LiveCurvature *curvature;  /* from the first picture on; owned, as the columns are */
    CurvatureColumns *columns; /* (racers) */
    Status problem;            /* why there is nothing to be seen */
    CurvatureWish wish;        /* of the last picture */
    SpreadPanel spread;
    ChartPlot plots[CURVATURE_KINDS];
    double read_place; /* on the axis, that the pointer is at; below 0: none */
} CurvatureView;

/* Shows another training; the numbers of the examples that it learns from stay as they are. */
void curvature_view_begin(CurvatureView *view, LiveTraining *live, const Batch *examples, bool threaded);
void curvature_view_finish(CurvatureView *view);

/* Before a picture: looks what was found out, and works for about so long where there is no thread; INFINITY:
 * until all is known. gently: the processors are wanted by others. */
void curvature_view_follow(CurvatureView *view, const Subject *subject, double budget_s, bool gently);
bool curvature_view_is_behind(const CurvatureView *view);

/* Draws, or lets the event act. Returns the racer whose name was pressed; -1: none. */
int curvature_view(CurvatureView *view, Ui *ui, Rect rect, const Subject *subject);

/* For keys. */
void curvature_view_next_axis(CurvatureView *view);
void curvature_view_next_scale(CurvatureView *view);

#endif
