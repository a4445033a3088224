/* Zooming a chart by hand: the wheel zooms its horizontal axis where the pointer is, dragging zooms to what
 * was dragged over, both of the vertical axis with shift; a double click shows everything again. With the
 * keyboard: + and - zoom, 0 shows everything. What is shown by default is up to the chart. */
#ifndef SLALOM_CHART_ZOOM_H
#define SLALOM_CHART_ZOOM_H

#include "chart_plot.h"
#include "theme.h"
#include "ui.h"

#include <stdbool.h>

/* What there is to zoom; borrowed. */
typedef struct ChartZoom {
    const ChartPlot *plot; /* as it was drawn last */
    ChartRange *x, *y; /* the part that a person chose, in places and values; without extent: everything */
    double x_end;      /* the horizontal axis goes from 0 to here */
    ChartRange all_y;  /* everything, as plot->y would be */
} ChartZoom;

/* A drag under way. Start from {0}. */
typedef struct ChartDrag {
    bool on, vertical;
    float from_px, to_px;
} ChartDrag;

/* Lets the event of a pass act that is for the plot's control: pointer and wheel. It takes what it uses. */
void chart_zoom_hand(const ChartZoom *zoom, ChartDrag *drag, Ui *ui, const UiControl *control);
/* The keyboard, zooming around a place of the horizontal axis. */
void chart_zoom_keys(const ChartZoom *zoom, Ui *ui, const UiControl *control, double around);

/* Whether a part was chosen. */
bool chart_range_is_set(ChartRange range);
/* How a plot shows values from low to high. */
ChartRange chart_range_shown(ChartRange values, bool logarithmic);

/* What is being dragged over. */
void chart_drag_draw(const ChartDrag *drag, const ChartPlot *plot, Canvas *canvas, const Theme *theme);

#endif
