/* The parts of the picture of layers. Only layers_*.c include this. */
#ifndef SLALOM_LAYERS_PARTS_H
#define SLALOM_LAYERS_PARTS_H

#include "canvas.h"
#include "chart_plot.h"
#include "layer_probe.h"
#include "live_training.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

/* What lines are drawn of, in the order of their panels. */
typedef enum LayersQuantity {
    LAYERS_GRADIENT,
    LAYERS_WEIGHTS,
    LAYERS_UPDATE,
    LAYERS_ACTIVATION,
    LAYERS_QUANTITIES,
} LayersQuantity;

/* A racer's reports, thinned out to what can be seen of them: every k-th, and the one that is shown. */
enum { LAYERS_ROWS_MAX = 256 };
typedef struct LayersHistory {
    int n_layers;
    int racer;                          /* whose they are; -1: nobody's yet */
    int64_t n_reports, n_reports_shown; /* that there are, and up to the step that is shown */
    int n, n_shown;                     /* rows there are, and rows up to the step that is shown */
    double *steps;                      /* (LAYERS_ROWS_MAX); owned */
    double *values;                     /* (LAYERS_QUANTITIES, n_layers, LAYERS_ROWS_MAX); owned */
    const TrainingLayer *last; /* (n_layers): at the step that is shown; NULL: there is no report yet */
    int64_t last_step;
} LayersHistory;
bool layers_history_create(LayersHistory *history, int n_layers); /* false where memory is out */
void layers_history_destroy(LayersHistory *history);
/* False where it is as it was. */
bool layers_history_read(LayersHistory *history, const LiveTraining *live, int racer, int64_t step);

/* How a part is drawn. */
typedef struct LayersLook {
    const Theme *theme;
    bool printed;
} LayersLook;

/* The same axes for several racers. */
typedef struct LayersAxes {
    ChartRange x, y[LAYERS_QUANTITIES];
} LayersAxes;
LayersAxes layers_axes(const LayersHistory *const *histories, int n);

/* Four panels, two by two. pointer: NULL for none; what it is next to is told in numbers. */
void layers_draw_history(const LayersHistory *history, const LayersAxes *axes, Canvas *canvas, Rect rect,
    const Point *pointer, LayersLook look);

/* Distributions of weights and gradients, a row a layer, and the share of units that do not answer. step: of
 * the findings; NULL: nothing is found yet. */
void layers_draw_findings(
    const LayerFindings *findings, int64_t step, Canvas *canvas, Rect rect, LayersLook look);

/* n layers one behind the other, and which way signal and error go. */
void layers_draw_chain(int n, Canvas *canvas, Rect rect, LayersLook look);

#endif
