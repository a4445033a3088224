/* Red on dark in either theme, so that nobody overlooks it. */
#include "record_mark.h"

#include "widgets.h"

#include <stdio.h>

static const float HEIGHT = 26, PADDING = 11, GAP = 7, DOT = 5, INSET = 12, SIZE = 13;
static const Colour RED = {0xe5, 0x48, 0x4d, 255}, BACK = {0x12, 0x14, 0x1a, 235},
                    TEXT = {0xff, 0xff, 0xff, 255};

void record_mark_draw(Canvas *canvas, float right, float top, double seconds) {
    char time[32];
    const long long whole = (long long)seconds;
    snprintf(time, sizeof time, "%lld:%02lld", whole / 60, whole % 60);
    const float width = 2 * PADDING + 2 * DOT + GAP + canvas_text_width(canvas, FONT_MONO, SIZE, time);
    const Rect rect = {right - INSET - width, top + INSET, width, HEIGHT};
    const float middle = rect.y + 0.5f * HEIGHT;
    canvas_reset_clip(canvas);
    canvas_fill_rect(canvas, rect, 0.5f * HEIGHT, BACK);
    canvas_circle(canvas, (Point){rect.x + PADDING + DOT, middle}, DOT, RED);
    canvas_text(canvas, rect.x + PADDING + 2 * DOT + GAP, text_baseline(middle, SIZE), ALIGN_LEFT, FONT_MONO,
        SIZE, TEXT, time);
}
