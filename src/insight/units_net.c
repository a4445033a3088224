/* Neurons, the lines between them and the large map. What is said in numbers is units_words.c's. */
#include "units_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEVELS = 8, SEGMENTS = 256 };
static const float PITCH_MAX = 76, NODE_MAX = 60, NODE_MIN = 12, NODE_SHARE = 0.8f, LABEL = 26, CLASS = 60;
static const float HEAD = 16, FOOT = 14, GAP = 16, WORDS_WIDTH = 208, WORDS_HEIGHT = 104, STAGE_MIN = 90;
/* Lines: weaker than this share of the strongest are left out. */
static const float WEAKEST = 0.02f, WIDTH_LEAST = 0.5f, WIDTH_MORE = 3.2f, ALPHA_LEAST = 0.14f;
static const float ALPHA_MORE = 0.8f, FADED = 0.25f, REACH_PX = 5, CORNER = 4;

static Colour colour_of(uint32_t pixel) {
    return (Colour){pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff, 255};
}

/* Where things are. */

static bool has_stage(const UnitsView *view) {
    return view->maps.ground == UNITS_PLANE || view->maps.ground == UNITS_LINE;
}

static float snapped(const UnitsView *view, float at) {
    return roundf(at * view->scale) / view->scale;
}

/* The large map and the words at the right of what is left for neurons: the words below it, or beside it
 * where that makes it much larger. Returns where neurons end. */
static float place_right(const UnitsView *view, UnitsPanel *panel, Rect body) {
    float right = body.x + body.width;
    if (!has_stage(view)) {
        bool words = body.width >= 520;
        if (words) panel->words = (Rect){right - WORDS_WIDTH, body.y, WORDS_WIDTH, body.height};
        return words ? panel->words.x - GAP : right;
    }
    float below = fminf(0.36f * body.width, body.height - WORDS_HEIGHT);
    float beside = fminf(0.27f * body.width, body.height);
    bool is_beside = body.width >= 640 && beside > 1.15f * below;
    bool has_words = is_beside || below >= STAGE_MIN;
    float side = is_beside ? beside : has_words ? below : fminf(0.36f * body.width, body.height);
    side = floorf(side * view->scale) / view->scale;
    if (is_beside) right -= WORDS_WIDTH + GAP;
    panel->stage = (Rect){snapped(view, right - side), snapped(view, body.y), side, side};
    if (is_beside)
        panel->words = (Rect){right + GAP, body.y, WORDS_WIDTH, body.height};
    else if (has_words)
        panel->words = (Rect){panel->stage.x, body.y + side + 6, side, body.height - side - 6};
    return panel->stage.x - GAP;
}

/* Beside the inputs: names may take more than "x". */
static float label_width(const UnitsView *view, float width) {
    static const float LETTER = 6.7f, MOST = 90, SHARE = 0.16f;
    size_t longest = 0;
    for (int u = 0; u < view->maps.spec.sizes[0]; u++) {
        char name[2 * NUMBER_BYTES];
        units_name(view, 0, u, true, name);
        if (strlen(name) > longest) longest = strlen(name);
    }
    float wanted = LETTER * (float)longest + 8, most = fminf(SHARE * width, MOST);
    return fmaxf(fminf(wanted, most), LABEL);
}

bool units_net_place(const UnitsView *view, UnitsPanel *panel, Rect rect) {
    const MlpSpec *spec = &view->maps.spec;
    panel->net.node = 0;
    panel->stage = panel->words = (Rect){rect.x, rect.y, 0, 0};
    if (!view->small) return false;
    Rect body = {rect.x, rect.y + UNITS_HEADER_HEIGHT, rect.width, rect.height - UNITS_HEADER_HEIGHT};
    float right = place_right(view, panel, body);
    float left = body.x + label_width(view, body.width), foot = body.height >= 220 ? 2 * FOOT : 0;
    if (spec->sizes[spec->n_layers] > 1) right -= CLASS;
    int widest = 1, gaps = spec->n_layers;
    for (int l = 0; l <= spec->n_layers; l++)
        if (spec->sizes[l] > widest) widest = spec->sizes[l];
    float inner = body.height - HEAD - foot;
    float pitch = fminf(inner / (float)widest, PITCH_MAX);
    float node = fminf(fminf(NODE_SHARE * pitch, NODE_MAX), 0.42f * (right - left) / (float)gaps);
    node = floorf(node * view->scale) / view->scale;
    if (!(node >= NODE_MIN)) {
        panel->stage = panel->words = (Rect){rect.x, rect.y, 0, 0};
        return false;
    }
    panel->net = (UnitsNet){.node = node,
        .x = left + 0.5f * node,
        .dx = (right - left - node) / (float)gaps,
        .middle = body.y + HEAD + 0.5f * inner,
        .pitch = pitch};
    return true;
}

static Rect node_rect(const UnitsView *view, const UnitsPanel *panel, int layer, int unit) {
    const UnitsNet *net = &panel->net;
    float x = net->x + (float)layer * net->dx;
    float y = net->middle + ((float)unit - 0.5f * (float)(view->maps.spec.sizes[layer] - 1)) * net->pitch;
    return (Rect){
        snapped(view, x - 0.5f * net->node), snapped(view, y - 0.5f * net->node), net->node, net->node};
}

static void line_ends(
    const UnitsView *view, const UnitsPanel *panel, int layer, int from, int to, Point ends[2]) {
    Rect a = node_rect(view, panel, layer, from), b = node_rect(view, panel, layer + 1, to);
    ends[0] = (Point){a.x + a.width, a.y + 0.5f * a.height};
    ends[1] = (Point){b.x, b.y + 0.5f * b.height};
}

/* Lines. */

/* The weight of a line, or its gradient, as a share of what is drawn strongest, with its sign. */
static float strength(const UnitsPass *pass, int layer, size_t at) {
    const UnitsView *view = pass->view;
    const Vec *vec = view->gradients ? &pass->numbers->gradient : &pass->numbers->weights;
    float share = (float)vec_get(vec, at) / view->weight_full[layer];
    return isnan(share) ? 0 : fminf(fmaxf(share, -1), 1);
}

/* A line from (layer, from) to (layer + 1, to) begins or ends at the neuron that is pointed at, or is it. */
static bool belongs(UnitsTarget target, int layer, int from, int to) {
    if (target.from >= 0) return target.layer == layer + 1 && target.unit == to && target.from == from;
    return (target.layer == layer + 1 && target.unit == to) || (target.layer == layer && target.unit == from);
}

typedef struct Lines {
    Point ends[2 * SEGMENTS];
    int n;
    float width;
    Colour colour;
} Lines;

static void flush(const UnitsPass *pass, Lines *lines) {
    if (lines->n > 0) canvas_segments(pass->canvas, lines->ends, lines->n, lines->width, lines->colour);
    lines->n = 0;
}

/* Those of one sign and strength. */
static void draw_level(const UnitsPass *pass, UnitsTarget target, int level, bool positive) {
    const UnitsView *view = pass->view;
    const MlpSpec *spec = &view->maps.spec;
    bool points = target.panel == pass->index;
    float share = ((float)level + 0.5f) / LEVELS;
    for (int clear = 0; clear < 2; clear++) {
        float alpha = ALPHA_LEAST + ALPHA_MORE * share;
        Lines lines = {.n = 0, .width = WIDTH_LEAST + WIDTH_MORE * share};
        lines.colour =
            colour_with_alpha(class_colour(view->theme, positive), points && !clear ? FADED * alpha : alpha);
        if (!points && clear) return;
        for (int l = 0; l < spec->n_layers; l++) {
            for (int i = 0; i < spec->sizes[l]; i++) {
                for (int j = 0; j < spec->sizes[l + 1]; j++) {
                    float s = strength(pass, l, unit_weight(&view->maps, l, i, j));
                    float size = fabsf(s);
                    int of = (int)fminf(size * LEVELS, LEVELS - 1);
                    if (of != level || size < WEAKEST || (s > 0) != positive) continue;
                    if (points && belongs(target, l, i, j) != (clear == 1)) continue;
                    line_ends(view, pass->panel, l, i, j, &lines.ends[2 * lines.n]);
                    if (++lines.n == SEGMENTS) flush(pass, &lines);
                }
            }
        }
        flush(pass, &lines);
    }
}

/* Strong ones over weak ones. */
static void draw_lines(const UnitsPass *pass, UnitsTarget target) {
    for (int level = 0; level < LEVELS; level++)
        for (int positive = 0; positive < 2; positive++) draw_level(pass, target, level, positive);
    if (target.panel != pass->index || target.from < 0) return;
    Point ends[2]; /* one that is too weak to be seen is seen all the same */
    line_ends(pass->view, pass->panel, target.layer - 1, target.from, target.unit, ends);
    canvas_polyline(pass->canvas, ends, 2, 1, pass->subject->theme->text);
}

/* As a line of that strength, or as a cell of a matrix. */
void units_draw_sample(const UnitsView *view, Canvas *canvas, Rect rect, float share) {
    float size = fabsf(share);
    if (!view->small) {
        Rect cell = {rect.x, rect.y - 5, rect.width, 10};
        canvas_fill_rect(canvas, cell, 0, colour_of(units_shade(view, (double)share, 1)));
    } else if (size >= WEAKEST) {
        Point ends[] = {{rect.x + 3, rect.y}, {rect.x + rect.width - 3, rect.y}};
        canvas_segments(canvas, ends, 1, WIDTH_LEAST + WIDTH_MORE * size,
            colour_with_alpha(class_colour(view->theme, share > 0), ALPHA_LEAST + ALPHA_MORE * size));
    }
}

/* Neurons. */

/* A map as pixels: (side, side), its corners rounded off to what lies behind it. */
static void paint_map(
    const UnitsPass *pass, const float *map, float full, int side, float corner_px, uint32_t *pixels) {
    const UnitsView *view = pass->view;
    Colour back = view->theme->background;
    uint32_t behind = 0xff000000u | (uint32_t)back.r << 16 | (uint32_t)back.g << 8 | back.b;
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            double value = unit_map_at(map, pass->numbers->side, (x + 0.5) / side, (y + 0.5) / side);
            pixels[y * side + x] = units_shade(view, value, full);
        }
    }
    int corner = (int)ceilf(corner_px);
    for (int y = 0; y < corner; y++) {
        for (int x = 0; x < corner; x++) {
            float dx = corner_px - (float)x - 0.5f, dy = corner_px - (float)y - 0.5f;
            if (hypotf(dx, dy) <= corner_px) continue;
            pixels[y * side + x] = pixels[y * side + side - 1 - x] = behind;
            pixels[(side - 1 - y) * side + x] = pixels[(side - 1 - y) * side + side - 1 - x] = behind;
        }
    }
}

/* A unit's curve along the input; low and high: the values at the bottom and the top of the rectangle. */
static void draw_curve(const UnitsPass *pass, Rect rect, const float *curve, double low, double high,
    float width, Colour colour) {
    enum { POINTS_MAX = 128 };
    Point points[POINTS_MAX];
    int n = pass->numbers->side < POINTS_MAX ? pass->numbers->side : POINTS_MAX;
    for (int i = 0; i < n; i++) {
        double share = ((double)curve[i] - low) / (high - low);
        points[i] = (Point){rect.x + rect.width * (float)i / (float)(n - 1),
            rect.y + rect.height * (1 - (float)fmin(fmax(share, -1), 2))};
    }
    canvas_set_clip(pass->canvas, rect);
    canvas_polyline(pass->canvas, points, n, width, colour);
    canvas_reset_clip(pass->canvas);
}

static void draw_unit_curve(
    const UnitsPass *pass, Rect rect, int layer, int unit, float corner, float width) {
    const Theme *theme = pass->subject->theme;
    double full = (double)pass->view->map_full[layer];
    float middle = roundf(rect.y + 0.5f * rect.height);
    canvas_fill_rect(pass->canvas, rect, corner, theme->panel);
    canvas_segments(
        pass->canvas, (Point[]){{rect.x, middle}, {rect.x + rect.width, middle}}, 1, 1, theme->line);
    draw_curve(
        pass, rect, unit_map(&pass->view->maps, pass->numbers, layer, unit), -full, full, width, theme->text);
}

/* What a neuron gives, in a square of its own or large. */
static void draw_map(const UnitsPass *pass, Rect rect, int layer, int unit, float corner, float width) {
    const UnitsView *view = pass->view;
    UnitsPanel *panel = pass->panel;
    if (view->maps.ground == UNITS_LINE) {
        draw_unit_curve(pass, rect, layer, unit, corner, width);
        return;
    }
    const float *map = unit_map(&view->maps, pass->numbers, layer, unit);
    float full = view->map_full[layer];
    int side = (int)lroundf(rect.width * view->scale);
    if (view->maps.ground == UNITS_MEAN) {
        canvas_fill_rect(pass->canvas, rect, corner, colour_of(units_shade(view, (double)map[0], full)));
    } else if (units_room(&panel->pixels, &panel->pixels_room, (size_t)side * (size_t)side)) {
        paint_map(pass, map, full, side, corner * view->scale, panel->pixels);
        canvas_image(pass->canvas, panel->pixels, side, side, rect);
    }
}

/* At a neuron's lower left corner, as large and as opaque as its bias is. */
static void draw_bias(const UnitsPass *pass, Rect rect, int layer, int unit) {
    float share = strength(pass, layer - 1, unit_bias(&pass->view->maps, layer - 1, unit));
    float size = fabsf(share), radius = 1.2f + fminf(0.1f * rect.width, 2.8f) * size;
    if (size < WEAKEST) return;
    Point at = {rect.x, rect.y + rect.height};
    canvas_circle(pass->canvas, at, radius + 1, pass->subject->theme->background);
    canvas_circle(pass->canvas, at, radius,
        colour_with_alpha(class_colour(pass->view->theme, share > 0), ALPHA_LEAST + ALPHA_MORE * size));
}

static void draw_nodes(const UnitsPass *pass, UnitsTarget target) {
    const UnitsView *view = pass->view;
    const Theme *theme = pass->subject->theme;
    for (int l = 0; l <= view->maps.spec.n_layers; l++) {
        for (int u = 0; u < view->maps.spec.sizes[l]; u++) {
            Rect rect = node_rect(view, pass->panel, l, u);
            bool points =
                target.panel == pass->index && target.from < 0 && target.layer == l && target.unit == u;
            draw_map(pass, rect, l, u, CORNER, 1.2f);
            canvas_stroke_rect(
                pass->canvas, rect, CORNER, points ? 2 : 1, points ? theme->text : theme->faint);
            if (l > 0) draw_bias(pass, rect, l, u);
        }
    }
}

/* The large map. */

void units_net_sight(const UnitsView *view, int side_px, double *x0, double *dx, double *y0, double *dy) {
    const UnitMaps *maps = &view->maps;
    *x0 = maps->from[0];
    *dx = (maps->to[0] - maps->from[0]) / side_px;
    *y0 = maps->to[1];
    *dy = (maps->from[1] - maps->to[1]) / side_px;
}

void units_net_stamp(const UnitsView *view, UnitsPanel *panel) {
    const BoundaryView *examples = view->examples;
    bool is_plane = view->maps.ground == UNITS_PLANE;
    int side = (int)lroundf(panel->stage.width * view->scale), n_in = is_plane ? 2 : 1;
    double x0, dx, y0, dy;
    if (side < 1 || !panel->picture) return;
    units_net_sight(view, side, &x0, &dx, &y0, &dy);
    Colour ground = view->theme->panel;
    for (int i = 0; i < side * side && !is_plane; i++)
        panel->picture[i] = 0xff000000u | (uint32_t)ground.r << 16 | (uint32_t)ground.g << 8 | ground.b;
    if (!is_plane) {
        y0 = examples->box[3];
        dy = (examples->box[2] - examples->box[3]) / side;
    }
    for (int i = 0; i < examples->n_examples; i++) {
        double x = examples->inputs[i * n_in],
               y = is_plane ? examples->inputs[2 * i + 1] : examples->answers[i];
        int column = (int)lround((x - x0) / dx), row = (int)lround((y - y0) / dy);
        bool learns = i < examples->n_training;
        Colour colour = is_plane ? class_colour(view->theme, (int)examples->answers[i])
                        : learns ? view->theme->dim
                                 : view->theme->faint;
        point_stamp(&view->stamps, STAMP_EDGE, panel->picture, side, side, column, row,
            class_edge_colour(view->theme));
        point_stamp(
            &view->stamps, learns ? STAMP_DISC : STAMP_RING, panel->picture, side, side, column, row, colour);
    }
}

static void draw_stage(const UnitsPass *pass, UnitsTarget target) {
    const UnitsView *view = pass->view;
    const UnitsPanel *panel = pass->panel;
    const Theme *theme = pass->subject->theme;
    Rect rect = panel->stage;
    bool large = target.panel == pass->index && target.from < 0;
    if (rect.width <= 0) return;
    if (large) {
        draw_map(pass, rect, target.layer, target.unit, 0, 2);
    } else if (panel->picture_px > 0) {
        canvas_image(pass->canvas, panel->picture, panel->picture_px, panel->picture_px, rect);
        if (view->maps.ground == UNITS_LINE)
            draw_curve(pass, rect, unit_map(&view->maps, pass->numbers, view->maps.spec.n_layers, 0),
                view->examples->box[2], view->examples->box[3], 2,
                subject_racer_colour(pass->subject, panel->racer));
    }
    canvas_stroke_rect(pass->canvas, rect, 0, 1, large ? theme->text : theme->line);
}

/* What stands above, below and beside neurons. */

static void put(const UnitsPass *pass, float x, float middle, float room, Colour colour, const char *text) {
    if (canvas_text_width(pass->canvas, FONT_MONO, SIZE_MONO, text) > room) return;
    canvas_text(
        pass->canvas, x, text_baseline(middle, SIZE_MONO), ALIGN_CENTRE, FONT_MONO, SIZE_MONO, colour, text);
}

static void draw_labels(const UnitsPass *pass) {
    const UnitsView *view = pass->view;
    const Theme *theme = pass->subject->theme;
    const UnitsNet *net = &pass->panel->net;
    Rect rect = pass->panel->rect;
    char text[2 * NUMBER_BYTES];
    float bottom = rect.y + rect.height, room = net->dx - 4;
    int last = view->maps.spec.n_layers;
    bool has_foot = rect.height - UNITS_HEADER_HEIGHT >= 220;
    for (int l = 0; l <= last; l++) {
        float x = net->x + (float)l * net->dx;
        snprintf(text, sizeof text, l == 0 ? "inputs" : l == last ? "output" : "layer %d", l);
        put(pass, x, rect.y + UNITS_HEADER_HEIGHT + 0.5f * HEAD,
            fminf(room, l == 0 ? 2 * (x - rect.x) : room), theme->dim, text);
        if (!has_foot) continue;
        snprintf(text, sizeof text, "±%.3g", (double)view->map_full[l]);
        put(pass, x, bottom - 1.5f * FOOT, fminf(room, 0.6f * room + 12), theme->dim, text);
        if (l == last) continue;
        snprintf(
            text, sizeof text, view->gradients ? "|g| ≤ %.2g" : "|w| ≤ %.3g", (double)view->weight_full[l]);
        put(pass, x + 0.5f * net->dx, bottom - 0.5f * FOOT, room, theme->dim, text);
    }
    for (int u = 0; u < view->maps.spec.sizes[0]; u++) {
        Rect node = node_rect(view, pass->panel, 0, u);
        units_name(view, 0, u, true, text);
        text_draw_fitted(pass->canvas, node.x - 5, text_baseline(node.y + 0.5f * node.height, SIZE_MONO),
            ALIGN_RIGHT, FONT_MONO, SIZE_MONO, theme->dim, node.x - 5 - rect.x, text);
    }
    for (int u = 0; u < view->maps.spec.sizes[last] && view->maps.spec.sizes[last] > 1; u++) {
        Rect node = node_rect(view, pass->panel, last, u);
        units_name(view, last, u, true, text);
        text_draw_fitted(pass->canvas, node.x + node.width + 5,
            text_baseline(node.y + 0.5f * node.height, SIZE_MONO), ALIGN_LEFT, FONT_MONO, SIZE_MONO,
            class_colour(view->theme, u), CLASS - 8, text);
    }
}

void units_net_draw(const UnitsPass *pass) {
    const UnitsView *view = pass->view;
    UnitsTarget target = pass->subject->still ? view->pinned : units_view_target(view);
    draw_lines(pass, target);
    draw_nodes(pass, target);
    draw_stage(pass, target);
    draw_labels(pass);
    units_words_draw(pass, target);
}

/* Pointing. */

static float distance(Point from, Point to, float x, float y) {
    float dx = to.x - from.x, dy = to.y - from.y;
    float share = ((x - from.x) * dx + (y - from.y) * dy) / fmaxf(dx * dx + dy * dy, 1e-6f);
    share = fminf(fmaxf(share, 0), 1);
    return hypotf(from.x + share * dx - x, from.y + share * dy - y);
}

UnitsTarget units_net_at(const UnitsView *view, int index, float x, float y) {
    const UnitsPanel *panel = &view->panels[index];
    const MlpSpec *spec = &view->maps.spec;
    for (int l = 0; l <= spec->n_layers; l++)
        for (int u = 0; u < spec->sizes[l]; u++)
            if (rect_contains(node_rect(view, panel, l, u), x, y)) return (UnitsTarget){index, l, u, -1};
    UnitsTarget nearest = UNITS_NOTHING;
    float best = REACH_PX;
    for (int l = 0; l < spec->n_layers; l++) {
        for (int i = 0; i < spec->sizes[l]; i++) {
            for (int j = 0; j < spec->sizes[l + 1]; j++) {
                Point ends[2];
                line_ends(view, panel, l, i, j, ends);
                float away = distance(ends[0], ends[1], x, y);
                if (away >= best) continue;
                best = away;
                nearest = (UnitsTarget){index, l + 1, j, i};
            }
        }
    }
    return nearest;
}
