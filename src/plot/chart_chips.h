/* The chips of a chart, in the places of its title and of the axes' names: what it shows, by which scale,
 * along which axis; and the list of quantities where the lines would be. */
#ifndef SLALOM_CHART_CHIPS_H
#define SLALOM_CHART_CHIPS_H

#include "chart_view.h"

#define CHART_TITLE_HEIGHT 26.0f
#define CHART_FOOT_HEIGHT 24.0f

/* A unit of the horizontal axis in its numbers, and its name. */
double chart_chips_axis_unit(const ChartView *chart, const char **name);

/* A pass of the ui over them. rect: of the chart. Returns where the title line is free from. */
float chart_chips_title(ChartView *chart, Ui *ui, Rect rect, const Subject *subject);
/* Returns where the numbers of the horizontal axis must end. */
float chart_chips_axis(ChartView *chart, Ui *ui, Rect rect);
/* While chart->choosing. */
void chart_chips_list(ChartView *chart, Ui *ui, Rect rect, const Subject *subject);

#endif
