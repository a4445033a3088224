/* The layers as a chain, while a class guesses what becomes of a signal in it: nothing of the race is told.
 */
#include "layers_parts.h"

#include "layer_colours.h"
#include "layer_words.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float BOX_WIDTH_MAX = 26, BOX_HEIGHT = 84, SHARE = 0.55f, MARGIN = 40, ARROW_AWAY = 24, HEAD = 6;

static void draw_arrow(Canvas *canvas, float from, float to, float y, Colour colour) {
    const float back = to > from ? -HEAD : HEAD;
    canvas_polyline(canvas, (Point[]){{from, y}, {to, y}}, 2, 1.5f, colour);
    canvas_polyline(
        canvas, (Point[]){{to + back, y - HEAD}, {to, y}, {to + back, y + HEAD}}, 3, 1.5f, colour);
}

void layers_draw_chain(int n, Canvas *canvas, Rect rect, LayersLook look) {
    const float middle = roundf(rect.y + 0.5f * rect.height), pitch = (rect.width - 2 * MARGIN) / (float)n;
    const float width = fminf(SHARE * pitch, BOX_WIDTH_MAX);
    const float left = rect.x + MARGIN, right = rect.x + rect.width - MARGIN;
    const float reach = 0.5f * BOX_HEIGHT + ARROW_AWAY;
    if (rect.height < 2 * (reach + 2 * SIZE_NAME) || rect.width < 4 * MARGIN) return;
    canvas_polyline(canvas, (Point[]){{left, middle}, {right, middle}}, 2, 1.5f, look.theme->line);
    for (int l = 0; l < n; l++) {
        const float x = left + pitch * ((float)l + 0.5f);
        canvas_fill_rect(canvas, (Rect){x - 0.5f * width, middle - 0.5f * BOX_HEIGHT, width, BOX_HEIGHT}, 3,
            layer_colour(look.theme, l, n));
    }
    draw_arrow(canvas, left, right, middle - reach, look.theme->dim);
    draw_arrow(canvas, right, left, middle + reach, look.theme->dim);
    canvas_text(canvas, left, middle - reach - 10, ALIGN_LEFT, FONT_TEXT, SIZE_NAME, look.theme->dim,
        layer_flow_names[FLOW_SIGNAL]);
    canvas_text(canvas, right, middle + reach + 10 + 0.8f * SIZE_NAME, ALIGN_RIGHT, FONT_TEXT, SIZE_NAME,
        look.theme->dim, layer_flow_names[FLOW_ERROR]);
}
