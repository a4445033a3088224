/* Which edges of the block are near, and the numbers beside them. Which numbers are round is decided in
 * paint/ticks.h. */
#include "terrain_axes.h"

#include "orbit.h"
#include "text.h"
#include "ticks.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float TICK = 5, LABEL_AWAY = 13, NAME_AWAY = 30, LINE_HEIGHT = 14, APART = 4;
static const float PX_PER_TICK = 95, PX_PER_HEIGHT = 42;
static const double NAME_STEP = 0.07; /* of half an edge */
enum { NAME_PLACES = 9, WANTED_LEAST = 2, TEXTS_MAX = 3 * TICKS_MAX };

typedef struct Drawing {
    const TerrainAxes *axes;
    Canvas *canvas;
    LabelPlacer *placer;
    Colour colour;
    Rect written[TEXTS_MAX];
    int n_written;
} Drawing;

static Point at(const TerrainAxes *axes, double x, double y, double z) {
    Projected seen = project(&axes->projection, x, y, z);
    return (Point){(float)seen.x, (float)seen.y};
}

static bool is_free(const Drawing *drawing, Rect rect) {
    const Rect *plot = &drawing->axes->plot;
    if (rect.x < plot->x + 2 || rect.y < plot->y + 2 || rect.x + rect.width > plot->x + plot->width - 2 ||
        rect.y + rect.height > plot->y + plot->height - 2)
        return false;
    for (int i = 0; i < drawing->n_written; i++) {
        const Rect *other = &drawing->written[i];
        if (rect.x < other->x + other->width + APART && other->x < rect.x + rect.width + APART &&
            rect.y < other->y + other->height && other->y < rect.y + rect.height)
            return false;
    }
    return drawing->n_written < TEXTS_MAX;
}

/* A text around a point, unless it would cover another or leave the plot. */
static bool write(Drawing *drawing, Point centre, const char *text) {
    float width = canvas_text_width(drawing->canvas, FONT_MONO, SIZE_MONO, text);
    Rect rect = {centre.x - 0.5f * width, centre.y - 0.5f * LINE_HEIGHT, width, LINE_HEIGHT};
    if (!is_free(drawing, rect)) return false;
    canvas_text(drawing->canvas, rect.x, text_baseline(centre.y, SIZE_MONO), ALIGN_LEFT, FONT_MONO, SIZE_MONO,
        drawing->colour, text);
    drawing->written[drawing->n_written++] = rect;
    placer_block(drawing->placer, (Rect){rect.x - 2, rect.y, rect.width + 4, rect.height});
    return true;
}

/* The point so many pixels from one towards another direction. */
static Point away(Point from, Point direction, float px) {
    return (Point){from.x + direction.x * px, from.y + direction.y * px};
}

/* A unit vector on the screen; down where the two are one. */
static Point direction(Point from, Point to) {
    float dx = to.x - from.x, dy = to.y - from.y, length = hypotf(dx, dy);
    return length > 1e-3f ? (Point){dx / length, dy / length} : (Point){0, 1};
}

/* A text beside a tick: as far away as its width needs in that direction. */
static bool write_beside(Drawing *drawing, Point end, Point out, const char *text, float distance) {
    float half = 0.5f * canvas_text_width(drawing->canvas, FONT_MONO, SIZE_MONO, text);
    Point centre = away(end, out, distance);
    centre.x += out.x * fmaxf(half - 4, 0);
    return write(drawing, centre, text);
}

/* One edge of the foot: along x at y = side, or along y at x = side. */
static void draw_edge(Drawing *drawing, bool along_x, double side) {
    const TerrainAxes *axes = drawing->axes;
    Box box = camera_box(axes->flat);
    double z = -axes->base, half = 0.5 * (along_x ? axes->flat->plot.width : axes->flat->plot.height);
    double outer = side * 1.02;
    Point first = along_x ? at(axes, -half, side, z) : at(axes, side, -half, z);
    Point last = along_x ? at(axes, half, side, z) : at(axes, side, half, z);
    int wanted = (int)(hypotf(last.x - first.x, last.y - first.y) / PX_PER_TICK);
    Tick ticks[TICKS_MAX];
    int n = ticks_linear(along_x ? box.x_min : box.y_min, along_x ? box.x_max : box.y_max,
        wanted < WANTED_LEAST ? WANTED_LEAST : wanted, ticks);
    Point out = {0, 1};
    for (int i = 0; i < n; i++) {
        double place = along_x ? orbit_x(axes->flat, ticks[i].value) : orbit_y(axes->flat, ticks[i].value);
        Point from = along_x ? at(axes, place, side, z) : at(axes, side, place, z);
        Point beyond = along_x ? at(axes, place, outer, z) : at(axes, outer, place, z);
        out = direction(from, beyond);
        if (write_beside(drawing, from, out, ticks[i].label, LABEL_AWAY))
            canvas_segments(drawing->canvas, (Point[]){from, away(from, out, TICK)}, 1, 1, drawing->colour);
    }
    /* The name: as near to the middle as there is room. */
    bool written = false;
    for (int i = 0; i < NAME_PLACES && !written; i++) {
        double place = half * NAME_STEP * (i % 2 ? -(i + 1) / 2 : i / 2);
        Point from = along_x ? at(axes, place, side, z) : at(axes, side, place, z);
        written = write_beside(drawing, from, out, axes->names[along_x ? 0 : 1], NAME_AWAY);
    }
}

/* The height with the fewest digits that is within a tenth of its distance from the low end. */
static double rounded_above(double low, double distance) {
    enum { DIGITS_MAX = 6 };
    double rounded = low + distance;
    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        char text[NUMBER_BYTES];
        snprintf(text, sizeof text, "%.*g", digits, low + distance);
        if (!text_parse_number(text, &rounded) || fabs(rounded - low - distance) <= 0.1 * distance) break;
    }
    return rounded;
}

/* Round heights; returns how many. On a logarithmic scale, which shows distances above its low end, those
 * near to round distances. */
static int heights_of(const HeightScale *scale, int wanted, Tick ticks[TICKS_MAX]) {
    if (!scale->logarithmic) return ticks_linear(scale->low, scale->high, wanted, ticks);
    int n = ticks_logarithmic(scale->softness, scale->high - scale->low, wanted, ticks);
    for (int i = 0; i < n; i++) {
        char number[NUMBER_BYTES];
        ticks[i].value = rounded_above(scale->low, ticks[i].value);
        number_short(ticks[i].value, number);
        snprintf(ticks[i].label, sizeof ticks[i].label, "%.*s", TICK_LABEL_BYTES - 1, number);
    }
    return n;
}

static void draw_heights(Drawing *drawing, double x, double y, float outwards) {
    const TerrainAxes *axes = drawing->axes;
    Point foot = at(axes, x, y, 0), top = at(axes, x, y, axes->height);
    int wanted = (int)(hypotf(top.x - foot.x, top.y - foot.y) / PX_PER_HEIGHT);
    if (wanted < 1) return;
    canvas_segments(drawing->canvas, (Point[]){at(axes, x, y, -axes->base), top}, 1, 1,
        colour_with_alpha(drawing->colour, 0.5f));
    Tick ticks[TICKS_MAX];
    int n = heights_of(&axes->scale, wanted < WANTED_LEAST ? WANTED_LEAST : wanted, ticks);
    for (int i = 0; i < n; i++) {
        Point from = at(axes, x, y, axes->height * height_scale_position(&axes->scale, ticks[i].value));
        if (write_beside(drawing, from, (Point){outwards, 0}, ticks[i].label, LABEL_AWAY))
            canvas_segments(
                drawing->canvas, (Point[]){from, {from.x + outwards * TICK, from.y}}, 1, 1, drawing->colour);
    }
}

void terrain_axes_draw(const TerrainAxes *axes, Canvas *canvas, const Theme *theme, LabelPlacer *placer) {
    Drawing drawing = {axes, canvas, placer, colour_with_alpha(theme->text, 0.72f * axes->alpha), {{0}}, 0};
    const Projection *p = &axes->projection;
    double half_x = 0.5 * axes->flat->plot.width, half_y = 0.5 * axes->flat->plot.height;
    /* The near edges: away from the viewer is (-sin, cos). */
    double near_y = p->cos_azimuth > 0 ? -half_y : half_y, near_x = p->sin_azimuth > 0 ? half_x : -half_x;
    /* The upright edge farthest to the left on the screen: one of the two that end a near edge. */
    Point a = at(axes, near_x, -near_y, 0), b = at(axes, -near_x, near_y, 0);
    if (a.x < b.x)
        draw_heights(&drawing, near_x, -near_y, -1);
    else
        draw_heights(&drawing, -near_x, near_y, -1);
    draw_edge(&drawing, true, near_y);
    draw_edge(&drawing, false, near_x);
}
