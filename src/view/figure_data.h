/* What a figure shows, as numbers: lines of equal height with their heights, the racers' ways, or the lines
 * of the chart. */
#ifndef SLALOM_FIGURE_DATA_H
#define SLALOM_FIGURE_DATA_H

#include "canvas.h"
#include "dash.h"
#include "figure.h"
#include "viewer.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum FigureLineKind { FIGURE_CONTOUR, FIGURE_TRAIL, FIGURE_SERIES } FigureLineKind;

/* One point; `value`: the height of a contour, the loss on a trail, what a chart shows. `step` is -1 on a
 * contour. Outside: beyond what the figure shows, where a line that is cut there comes from or goes to. */
typedef struct FigurePoint {
    double x, y, value;
    int64_t step;
    bool outside;
} FigurePoint;

typedef struct FigureLine {
    FigureLineKind kind;
    const char *name; /* of the racer; "" for a contour; borrowed from the viewer */
    double level;     /* of a contour */
    bool strong;
    Colour colour;
    Dash dash;
    float width;    /* logical pixels */
    int begin, end; /* its points */
} FigureLine;

/* Where a height is written on its line. */
typedef struct FigureMark {
    double x, y;
    const char *text; /* borrowed from the viewer */
} FigureMark;

/* Starts from {0}. */
typedef struct FigureData {
    FigureLine *lines;
    int n_lines, lines_room;
    FigurePoint *points;
    int n_points, points_room;
    FigureMark *marks;
    int n_marks, marks_room;
    double x[2], y[2];    /* what is shown, from and to */
    bool logarithmic;     /* the vertical axis */
    const char *names[2]; /* of the axes; borrowed from the viewer */
} FigureData;
void figure_data_finish(FigureData *data);

/* Draws the plot from above or the chart on the canvas, and gathers what it shows. False where memory is out.
 */
bool viewer_gather_figure(Viewer *viewer, Canvas *canvas, Figure figure, FigureData *data);

#endif
