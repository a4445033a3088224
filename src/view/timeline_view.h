/* The timeline: which step is shown, and a track to drag along. */
#ifndef SLALOM_TIMELINE_VIEW_H
#define SLALOM_TIMELINE_VIEW_H

#include "canvas.h"
#include "event.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct TimelineView {
    Rect rect, track; /* as drawn last */
    bool dragging;
} TimelineView;

void timeline_view_draw(
    TimelineView *timeline, Canvas *canvas, Rect rect, const Theme *theme, int64_t step, int64_t steps);

/* True where the event sets the step, to *step in [0, steps]. */
bool timeline_view_handle(TimelineView *timeline, const Event *event, int64_t steps, int64_t *step);

#endif
