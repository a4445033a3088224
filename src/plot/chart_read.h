/* What a chart says of its lines: the labels beside them, and the values where a person points. */
#ifndef SLALOM_CHART_READ_H
#define SLALOM_CHART_READ_H

#include "chart_view.h"

#define CHART_PADDING 12.0f

/* Room for labels to the right of the plot. */
float chart_read_label_width(const ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject);

/* Finds what is pointed at, by pointer or keyboard. */
void chart_read_find(ChartView *chart, Ui *ui, const UiControl *control, const Subject *subject);
/* By keyboard: some rows on, some lines down. */
void chart_read_move(ChartView *chart, const Subject *subject, int64_t rows, int down);

/* The ends of the lines, and where they are read. */
void chart_read_draw_marks(const ChartView *chart, Canvas *canvas, const Subject *subject);
/* Beside the plot: names; while something is pointed at, values. */
void chart_read_draw_labels(const ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject);
/* In the title line from `left` on: what is pointed at. */
void chart_read_draw_title(
    const ChartView *chart, Canvas *canvas, float left, Rect rect, const Subject *subject);

#endif
