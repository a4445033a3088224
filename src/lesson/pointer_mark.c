/* Drawn over everything else, and only there: it takes no event. */
#include "pointer_mark.h"

#include <math.h>

static const float REACH = 2, RADIUS = 6, LENGTH = 44, HEAD = 15, SHAFT = 6, GAP = 5;
enum { RINGS = 3 };

/* An arrow whose tip is at (x, y), coming from the direction (dx, dy), a unit vector along an axis. */
static void draw_arrow(Canvas *canvas, Colour edge, Colour fill, float x, float y, float dx, float dy) {
    for (int pass = 0; pass < 2; pass++) {
        float more = pass == 0 ? 2 : 0; /* the edge first, all around */
        float along[] = {-1.5f * more, HEAD + more, HEAD + more, LENGTH + more};
        float across[] = {0, 0.62f * HEAD + 1.5f * more, 0.5f * SHAFT + more, 0.5f * SHAFT + more};
        Point points[7];
        for (int i = 0; i < 4; i++)
            points[i] = (Point){x + dx * along[i] - dy * across[i], y + dy * along[i] + dx * across[i]};
        for (int i = 3; i > 0; i--)
            points[7 - i] = (Point){x + dx * along[i] + dy * across[i], y + dy * along[i] - dx * across[i]};
        canvas_polygon(canvas, points, 7, pass == 0 ? edge : fill);
    }
}

void pointer_mark_draw(Canvas *canvas, const Theme *theme, Rect rect, float fresh) {
    float reach = REACH + 10 * fresh;
    Rect ring = {rect.x - reach, rect.y - reach, rect.width + 2 * reach, rect.height + 2 * reach};
    for (int i = RINGS; i > 0; i--)
        canvas_stroke_rect(canvas, ring, RADIUS + reach, 2.0f * (float)i,
            colour_with_alpha(theme->accent, i == 1 ? 1.0f : 0.16f + 0.1f * fresh));
    float x = rect.x + 0.5f * rect.width, y = rect.y + 0.5f * rect.height, away = reach + GAP;
    float right = rect.x + rect.width, bottom = rect.y + rect.height, need = LENGTH + away + 6;
    Colour edge = theme->panel, fill = theme->accent;
    if (rect.x > need)
        draw_arrow(canvas, edge, fill, rect.x - away, y, -1, 0);
    else if (canvas->height - bottom > need)
        draw_arrow(canvas, edge, fill, x, bottom + away, 0, 1);
    else if (rect.y > need)
        draw_arrow(canvas, edge, fill, x, rect.y - away, 0, -1);
    else if (canvas->width - right > need)
        draw_arrow(canvas, edge, fill, right + away, y, 1, 0);
}
