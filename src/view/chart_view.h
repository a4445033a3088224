/* The loss of every racer over the steps, up to the step that is shown. */
#ifndef SLALOM_CHART_VIEW_H
#define SLALOM_CHART_VIEW_H

#include "canvas.h"
#include "subject.h"

#include <stdbool.h>
#include <stdint.h>

/* The range of the axis, kept while the traces stay. Start from {0}. */
typedef struct ChartView {
    uint64_t race_version;
    int64_t steps_done;
    bool logarithmic;
    double floor;     /* what is subtracted from a loss before its logarithm */
    double low, high; /* the ends of the axis: losses, or their decimal logarithms */
} ChartView;

void chart_view_draw(ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject);

#endif
