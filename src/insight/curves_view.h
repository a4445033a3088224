/* Learning curves: the loss of every racer at its reports, and below it the 0-1 error, the gap from training
 * to validation or the gradient's norm; of training solid and of validation dashed, up to the step that is
 * shown. Two charts one over the other, with one horizontal axis, zoomed as chart_zoom.h has it.
 *
 * With several seeds a line is the median over them, and a band reaches from the lowest to the highest. A
 * ring marks the best validation so far. */
#ifndef SLALOM_CURVES_VIEW_H
#define SLALOM_CURVES_VIEW_H

#include "chart_view.h"
#include "curves_data.h"
#include "scene.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum CurvesPlot { CURVES_UPPER, CURVES_LOWER, CURVES_PLOTS } CurvesPlot;

/* What a person chose: plain data. */
typedef struct CurvesSettings {
    CurvesKind lower; /* what the lower plot shows; where there is none of it, the next that there is */
    CurvesAxis axis;
    ChartScale scales[CURVES_PLOTS];
    ChartRange x, y[CURVES_PLOTS]; /* what is shown; without extent: everything */
} CurvesSettings;

typedef struct CurvesView {
    CurvesSettings settings;
    int wanted_seeds; /* a person asks for so many by hand; 0: nothing new. Whoever acts on it takes it back
                       */

    /* From picture to picture. */
    CurvesData data;
    ChartPlot plots[CURVES_PLOTS];
    ChartRange all_y[CURVES_PLOTS]; /* of everything */
    ChartDrag drags[CURVES_PLOTS];
    double read_place; /* on the axis, that is pointed at; below 0: none */
} CurvesView;

void curves_view_init(CurvesView *curves);
void curves_view_finish(CurvesView *curves);
/* Shows other trainings, from their beginning. */
void curves_view_begin(CurvesView *curves, const CurvesSource *source);

/* Draws, or lets the event act. whole: it is the picture, with words about when to stop; otherwise it stands
 * beside one. */
void curves_view(CurvesView *curves, Ui *ui, Rect rect, const Subject *subject, bool whole);

/* Its settings as a scene keeps them, and put in place. */
void curves_view_show_look(CurvesView *curves, const ChartLook *look);
ChartLook curves_view_look(const CurvesView *curves);

/* For keys: the next horizontal axis; logarithmic or linear, of the loss; what the lower one shows next, or
 * before (by: -1). */
void curves_view_next_axis(CurvesView *curves);
void curves_view_next_scale(CurvesView *curves, CurvesPlot plot);
void curves_view_next_lower(CurvesView *curves, int by);

#endif
