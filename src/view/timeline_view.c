/* The scrub bar below the plot. Leaves to the viewer what time does to the step. */
#include "timeline_view.h"

#include "widgets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const float PADDING = 14, GAP = 16, TRACK_HEIGHT = 4, KNOB_RADIUS = 7;

/* What the pointer does to the step while it holds the bar. */
static bool scrub(Ui *ui, const UiControl *control, Rect track, int64_t *step, int64_t steps) {
    const Event *event = ui->event;
    bool pressed = ui_is_pressed(ui, control);
    if (pressed) ui_drop_focus(ui); /* the arrow keys step through the race anyway */
    bool dragged = event && ui_is_active(ui, control) &&
                   (event->type == EVENT_POINTER_MOVE || event->type == EVENT_POINTER_UP);
    if (!pressed && !dragged) return false;
    ui_take(ui);
    *step = llround(slider_fraction(track, event->x) * (double)steps);
    return true;
}

bool timeline_view(Ui *ui, Rect rect, int64_t *step, int64_t steps, const char *prefix) {
    const Theme *theme = ui->theme;
    Canvas *canvas = ui->canvas;
    char longest[NUMBER_BYTES], text[4 * NUMBER_BYTES];
    int digits = snprintf(longest, sizeof longest, "%" PRId64, steps);
    snprintf(text, sizeof text, "%sstep %*" PRId64 " / %" PRId64, prefix, digits, *step, steps);
    float middle = rect.y + 0.5f * rect.height;
    float width = canvas_text_width(canvas, FONT_MONO, SIZE_SMALL, text);
    Rect track = {rect.x + PADDING + width + GAP, roundf(middle - 0.5f * TRACK_HEIGHT),
        rect.width - PADDING - width - GAP - PADDING - KNOB_RADIUS, TRACK_HEIGHT};
    canvas_fill_rect(canvas, rect, 0, theme->panel);
    canvas_segments(
        canvas, (Point[]){{rect.x, rect.y + 0.5f}, {rect.x + rect.width, rect.y + 0.5f}}, 1, 1, theme->line);
    if (rect.width < width + 2 * PADDING) return false;
    canvas_text(canvas, rect.x + PADDING, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_MONO,
        SIZE_SMALL, theme->text, text);
    if (track.width < 2 * KNOB_RADIUS) return false;
    Rect grip = {track.x - GAP, rect.y, rect.x + rect.width - track.x + GAP, rect.height};
    const UiControl *control = ui_control(ui, "timeline", UI_POINTER, grip, NULL);
    bool chosen = scrub(ui, control, track, step, steps);
    double fraction = steps > 0 ? (double)*step / (double)steps : 0;
    slider_draw(canvas, theme, track, fraction, theme->accent, KNOB_RADIUS);
    return chosen;
}
