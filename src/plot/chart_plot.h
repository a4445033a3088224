/* The plot of a chart: numbers to pixels, lines of any length, axes. Knows no racer and no hand. */
#ifndef SLALOM_CHART_PLOT_H
#define SLALOM_CHART_PLOT_H

#include "canvas.h"
#include "dash.h"
#include "race.h"
#include "series.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

/* Ends of an axis, low < high; equal ones: it has none of its own. */
typedef struct ChartRange {
    double low, high;
} ChartRange;

typedef struct ChartPlot {
    Rect rect;
    ChartRange x;
    ChartRange y; /* decimal logarithms where logarithmic */
    bool logarithmic;
} ChartPlot;

/* Values beyond the axis lie a little outside of it, whatever they are; on a logarithmic one what is not
 * positive lies on the lower edge. NAN stays NAN. */
float chart_plot_x(const ChartPlot *plot, double x);
float chart_plot_y(const ChartPlot *plot, double value);
/* The other way round. */
double chart_plot_x_at(const ChartPlot *plot, float x_px);
double chart_plot_value_at(const ChartPlot *plot, float y_px);

/* One racer's values over an axis that rises with the rows. */
typedef struct ChartLine {
    int64_t last;           /* row */
    const double *values;   /* by row */
    const Series *series;   /* which rows have a value; NULL: all */
    const double *places;   /* of the rows on the axis; NULL: */
    const uint64_t *counts; /* so many of what is worth so much there; NULL: the axis is that of rows */
    double worth;
} ChartLine;
double chart_line_x(const ChartLine *line, int64_t row);
/* The row up to `last` that lies nearest to x. */
int64_t chart_line_row(const ChartLine *line, double x, int64_t last);

/* What lines reach between two places of the x axis. Start from CHART_EXTENT_NONE. */
typedef struct ChartExtent {
    double low, high;    /* of all that is finite */
    double low_positive; /* of what is above 0 */
    double first;        /* the largest of those that lines begin with */
} ChartExtent;
#define CHART_EXTENT_NONE ((ChartExtent){INFINITY, -INFINITY, INFINITY, -INFINITY})
void chart_line_measure(const ChartLine *line, ChartRange x, ChartExtent *extent);

/* A range for lines that reach so far. Where `bounded`, all of it is shown; else what has gone through the
 * roof does not stretch the axis. */
ChartRange chart_range(const ChartExtent *extent, bool logarithmic, bool bounded);

/* Draws a line up to row `last`. With more rows than pixels each column of pixels gets the span of its rows:
 * nothing that could be seen is lost. */
void chart_line_draw(const ChartPlot *plot, Canvas *canvas, const ChartLine *line, int64_t last, float width,
    Dash dash, Colour colour);

/* Fills what lies between a line and another one with the same places, up to row `last`: as above, nothing
 * that could be seen is lost. */
void chart_band_draw(const ChartPlot *plot, Canvas *canvas, const ChartLine *line, const double *others,
    int64_t last, Colour colour);

/* How axes are drawn: on the screen, or printed with thin lines and numbers as in a book. */
typedef struct ChartAxisLook {
    const Theme *theme;
    bool printed;
} ChartAxisLook;

/* Horizontal grid lines with their numbers to the left, in a column `width` wide. */
void chart_axis_y(const ChartPlot *plot, Canvas *canvas, float width, ChartAxisLook look);
/* Numbers below, in units of `unit`, up to `right`; whole ones only, where asked. */
void chart_axis_x(
    const ChartPlot *plot, Canvas *canvas, double unit, bool whole, float right, ChartAxisLook look);

#endif
