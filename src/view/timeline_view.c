/* The scrub bar below the plot. Leaves to the viewer what time does to the step. */
#include "timeline_view.h"

#include "widgets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const float PADDING = 14, GAP = 16, TRACK_HEIGHT = 4, KNOB_RADIUS = 7;

void timeline_view_draw(
    TimelineView *timeline, Canvas *canvas, Rect rect, const Theme *theme, int64_t step, int64_t steps) {
    char longest[NUMBER_BYTES], text[2 * NUMBER_BYTES];
    int digits = snprintf(longest, sizeof longest, "%" PRId64, steps);
    snprintf(text, sizeof text, "step %*" PRId64 " / %" PRId64, digits, step, steps);
    float middle = rect.y + 0.5f * rect.height;
    float width = canvas_text_width(canvas, FONT_MONO, SIZE_SMALL, text);
    timeline->rect = rect;
    timeline->track = (Rect){rect.x + PADDING + width + GAP, roundf(middle - 0.5f * TRACK_HEIGHT),
        rect.width - PADDING - width - GAP - PADDING - KNOB_RADIUS, TRACK_HEIGHT};
    canvas_fill_rect(canvas, rect, 0, theme->panel);
    canvas_segments(
        canvas, (Point[]){{rect.x, rect.y + 0.5f}, {rect.x + rect.width, rect.y + 0.5f}}, 1, 1, theme->line);
    if (rect.width < width + 2 * PADDING) return;
    canvas_text(canvas, rect.x + PADDING, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_MONO,
        SIZE_SMALL, theme->text, text);
    if (timeline->track.width < 2 * KNOB_RADIUS) return;
    double fraction = steps > 0 ? (double)step / (double)steps : 0;
    slider_draw(canvas, theme, timeline->track, fraction, theme->accent, KNOB_RADIUS);
}

bool timeline_view_handle(TimelineView *timeline, const Event *event, int64_t steps, int64_t *step) {
    if (event->type == EVENT_POINTER_UP) timeline->dragging = false;
    bool inside = rect_contains(timeline->rect, event->x, event->y) && event->x >= timeline->track.x - GAP;
    if (event->type == EVENT_POINTER_DOWN && event->button == 1 && inside) timeline->dragging = true;
    if (!timeline->dragging) return false;
    *step = llround(slider_fraction(timeline->track, event->x) * (double)steps);
    return true;
}
