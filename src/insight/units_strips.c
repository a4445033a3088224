/* Matrices as pictures: a row is a unit, a column one of its inputs. Where a pixel stands for several
 * weights it has that of the largest size, so that none that matters is averaged away. */
#include "units_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float NAME = 16, TITLE = 15, GAP = 12, ROW_GAP = 8, PICTURE_MIN = 14, CELL_MAX = 16,
                   BLOCK_WIDTH = 300;

/* One picture: of the weights of a layer, or of their gradient. */
typedef struct Strip {
    const UnitsPass *pass;
    int layer;
    const Vec *vec;
    float full;
    double low, high; /* its numbers */
} Strip;

static bool room_for(UnitsPanel *panel, size_t wanted) {
    if (wanted <= panel->cells_room) return true;
    free(panel->cells);
    panel->cells = malloc(wanted * sizeof *panel->cells);
    panel->cells_room = panel->cells ? wanted : 0;
    return panel->cells != NULL;
}

/* Of the n numbers from `at` on, that of the largest size, or `most` where none is larger. */
static float largest_of(const Strip *strip, size_t at, int n, float most) {
    const Vec *vec = strip->vec;
    for (int i = 0; i < n; i++) {
        float value =
            vec->precision == PRECISION_F32 ? vec->f32[at + (size_t)i] : (float)vec->f64[at + (size_t)i];
        if (!(fabsf(value) <= fabsf(most))) most = value;
    }
    return most;
}

/* Into (rows, columns) of cells, at most as many as there are units and inputs. A unit's weights from one
 * input are beside those of the next unit, so that a cell is some of them in a row, of some inputs. */
static void reduce(const Strip *strip, float *cells, int columns, int rows) {
    const UnitMaps *maps = &strip->pass->view->maps;
    int64_t n_in = maps->spec.sizes[strip->layer], n_out = maps->spec.sizes[strip->layer + 1];
    memset(cells, 0, (size_t)columns * (size_t)rows * sizeof *cells);
    for (int i = 0; i < n_in; i++) {
        float *cell = cells + i * columns / n_in;
        for (int row = 0, from = 0; row < rows; row++, cell += columns) {
            int to = (int)(((row + 1) * n_out + rows - 1) / rows);
            *cell = largest_of(strip, unit_weight(maps, strip->layer, i, from), to - from, *cell);
            from = to;
        }
    }
}

/* The units and inputs under pixel i of n_px that show n of them: first and behind the last. */
static void under(int i, int n_px, int n, int cells, int *from, int *to) {
    const int cell = i * cells / n_px;
    *from = (int)(((int64_t)cell * n + cells - 1) / cells);
    *to = (int)((((int64_t)cell + 1) * n + cells - 1) / cells);
}

static void measure(Strip *strip) {
    const UnitMaps *maps = &strip->pass->view->maps;
    const Vec *vec = strip->vec;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = unit_weight(maps, strip->layer, 0, 0), end = unit_bias(maps, strip->layer, 0); i < end;
         i++) {
        double value = vec->precision == PRECISION_F32 ? (double)vec->f32[i] : vec->f64[i];
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    strip->low = low;
    strip->high = high;
}

static void paint(Strip *strip, Rect rect) {
    const UnitsView *view = strip->pass->view;
    const MlpSpec *spec = &view->maps.spec;
    UnitsPanel *panel = strip->pass->panel;
    int width = (int)lroundf(rect.width * view->scale), height = (int)lroundf(rect.height * view->scale);
    int n_in = spec->sizes[strip->layer], n_out = spec->sizes[strip->layer + 1];
    int columns = n_in < width ? n_in : width, rows = n_out < height ? n_out : height;
    if (width < 1 || height < 1 || !room_for(panel, (size_t)columns * (size_t)rows) ||
        !units_room(&panel->pixels, &panel->pixels_room, (size_t)width * (size_t)height))
        return;
    measure(strip);
    reduce(strip, panel->cells, columns, rows);
    for (int y = 0, before = -1; y < height; y++) {
        int row = y * rows / height;
        const float *cells = panel->cells + (size_t)row * (size_t)columns;
        uint32_t *out = panel->pixels + (size_t)y * (size_t)width;
        if (row == before) {
            memcpy(out, out - width, (size_t)width * sizeof *out);
            continue;
        }
        for (int x = 0; x < width; x++)
            out[x] = units_shade(view, (double)cells[x * columns / width], strip->full);
        before = row;
    }
    canvas_image(strip->pass->canvas, panel->pixels, width, height, rect);
    canvas_stroke_rect(strip->pass->canvas, rect, 0, 1, strip->pass->subject->theme->line);
}

/* "layer 1: w −0.31 … 0.29, full from ±0.3", or less of it */
static void put_title(const Strip *strip, Rect rect, const char *owner, const char *const *names) {
    const UnitsPass *pass = strip->pass;
    static const char *const forms[] = {
        "%s%s %.2g … %.2g, full from ±%.2g", "%s%s %.2g … %.2g, full ±%.2g", "%s%s %.2g … %.2g"};
    char text[6 * NUMBER_BYTES];
    for (int i = 0; i < 6; i++) {
        snprintf(text, sizeof text, forms[i / 2], owner, names[i % 2], strip->low, strip->high,
            (double)strip->full);
        if (canvas_text_width(pass->canvas, FONT_MONO, SIZE_MONO, text) <= rect.width) break;
    }
    text_draw_fitted(pass->canvas, rect.x, text_baseline(rect.y + 0.5f * rect.height, SIZE_MONO), ALIGN_LEFT,
        FONT_MONO, SIZE_MONO, pass->subject->theme->dim, rect.width, text);
}

/* Common to all panels: the largest of them, or three times their root mean square where that is less. */
static float full_of(const UnitsView *view, int layer, bool gradient) {
    const MlpSpec *spec = &view->maps.spec;
    double n = (double)spec->sizes[layer] * spec->sizes[layer + 1], most = 0;
    for (int i = 0; i < view->n_panels; i++) {
        const UnitNumbers *numbers = &view->panels[i].numbers[view->panels[i].shown];
        if (numbers->step < 0) continue;
        const double *reach = gradient ? numbers->gradient_reach : numbers->weight_reach;
        const double *norm = gradient ? numbers->gradient_norm : numbers->weight_norm;
        most = fmax(most, fmin(reach[layer], 3 * norm[layer] / sqrt(n)));
    }
    return units_full(most);
}

/* Around what is pointed at, or was pressed. */
static void draw_mark(const Strip *strip, Rect rect) {
    static const float LEAST = 5;
    const UnitsTarget target = units_view_target(strip->pass->view);
    const MlpSpec *spec = &strip->pass->view->maps.spec;
    if (strip->pass->subject->still || target.panel != strip->pass->index || target.layer != strip->layer + 1)
        return;
    const float dx = rect.width / (float)spec->sizes[strip->layer],
                dy = rect.height / (float)spec->sizes[strip->layer + 1];
    const float width = fmaxf(dx, LEAST), height = fmaxf(dy, LEAST);
    const Rect cell = {rect.x + ((float)target.from + 0.5f) * dx - 0.5f * width,
        rect.y + ((float)target.unit + 0.5f) * dy - 0.5f * height, width, height};
    const Rect around = {cell.x - 1.5f, cell.y - 1.5f, cell.width + 3, cell.height + 3};
    canvas_stroke_rect(strip->pass->canvas, around, 0, 3, strip->pass->subject->theme->background);
    canvas_stroke_rect(strip->pass->canvas, around, 0, 1.5f, strip->pass->subject->theme->text);
}

/* A layer: its weights, and beside them their gradient. */
static void draw_layer(const UnitsPass *pass, Rect rect, int layer, bool is_tight) {
    static const char *const names[2][2] = {{"weights", "w"}, {"gradient", "g"}};
    const UnitsView *view = pass->view;
    const MlpSpec *spec = &view->maps.spec;
    int n_in = spec->sizes[layer], n_out = spec->sizes[layer + 1];
    float half = floorf(0.5f * (rect.width - GAP)), scale = view->scale, top = (is_tight ? 0 : NAME) + TITLE;
    float height = roundf(fminf(rect.height - top, CELL_MAX * (float)n_out) * scale) / scale;
    float width = roundf(fminf(half, CELL_MAX * (float)n_in) * scale) / scale;
    char name[3 * NUMBER_BYTES];
    snprintf(name, sizeof name, is_tight ? "%d: " : "layer %d: %d → %d", layer + 1, n_in, n_out);
    if (!is_tight)
        text_draw_fitted(pass->canvas, rect.x, text_baseline(rect.y + 0.5f * NAME, SIZE_MONO), ALIGN_LEFT,
            FONT_STRONG, SIZE_MONO, pass->subject->theme->text, rect.width, name);
    for (int k = 0; k < 2; k++) {
        float x = roundf((rect.x + (float)k * (half + GAP)) * scale) / scale;
        float y = roundf((rect.y + top) * scale) / scale;
        Strip strip = {pass, layer, k ? &pass->numbers->gradient : &pass->numbers->weights,
            full_of(view, layer, k == 1), NAN, NAN};
        pass->panel->strips[layer][k] = (Rect){x, y, width, height};
        paint(&strip, pass->panel->strips[layer][k]);
        draw_mark(&strip, pass->panel->strips[layer][k]);
        put_title(
            &strip, (Rect){x, rect.y + top - TITLE, half, TITLE}, is_tight && k == 0 ? name : "", names[k]);
    }
}

/* How matrices are divided into columns, and how many of them there are room for. */
typedef struct Blocks {
    int columns, rows;
    bool is_tight; /* names have no line of their own */
} Blocks;

static Blocks divide(Rect rect, int n) {
    Blocks blocks = {1, n, false};
    for (int tight = 0; tight < 2; tight++) {
        const float least = (tight ? 0 : NAME) + TITLE + PICTURE_MIN + ROW_GAP;
        int most = (int)(rect.height / least);
        blocks.is_tight = tight;
        for (blocks.columns = 1;; blocks.columns++) {
            blocks.rows = (n + blocks.columns - 1) / blocks.columns;
            if (blocks.rows <= most) return blocks;
            if (rect.width / (float)(blocks.columns + 1) < BLOCK_WIDTH) break;
        }
        blocks.rows = most;
    }
    return blocks;
}

/* What is pointed at in numbers, or else what gradients are of. left_out: so many layers have no room. */
static void draw_words(const UnitsPass *pass, Rect rect, int left_out) {
    const UnitsTarget target = units_view_target(pass->view);
    const Theme *theme = pass->subject->theme;
    char text[8 * NUMBER_BYTES], from[2 * NUMBER_BYTES], to[2 * NUMBER_BYTES];
    const bool points = target.panel == pass->index && target.layer > 0 && !pass->subject->still;
    if (points) {
        const size_t at = unit_weight(&pass->view->maps, target.layer - 1, target.from, target.unit);
        units_name(pass->view, target.layer - 1, target.from, false, from);
        units_name(pass->view, target.layer, target.unit, false, to);
        snprintf(text, sizeof text, "w %+.4f, g %+.1e: %s → %s", vec_get(&pass->numbers->weights, at),
            vec_get(&pass->numbers->gradient, at), from, to);
    } else {
        int length = snprintf(text, sizeof text,
            pass->numbers->of_batch ? "gradient: of the next minibatch of %d"
                                    : "gradient: over %d training examples",
            pass->numbers->examples);
        if (left_out > 0)
            snprintf(text + length, sizeof text - (size_t)length,
                left_out > 1 ? " · %d more layers have no room" : " · %d more layer has no room", left_out);
        else if (!pass->subject->still)
            snprintf(text + length, sizeof text - (size_t)length, " · point at a weight");
    }
    text_draw_fitted(pass->canvas, rect.x, text_baseline(rect.y + 0.5f * rect.height, SIZE_MONO), ALIGN_LEFT,
        FONT_TEXT, SIZE_MONO, points ? theme->text : theme->dim, rect.width, text);
}

void units_strips_draw(const UnitsPass *pass) {
    int n = pass->view->maps.spec.n_layers;
    Rect rect = pass->panel->rect;
    rect.y += UNITS_HEADER_HEIGHT;
    rect.height -= UNITS_HEADER_HEIGHT + UNITS_WORDS_HEIGHT;
    Blocks blocks = divide(rect, n);
    if (blocks.rows < 1) return;
    float height = floorf(rect.height / (float)blocks.rows),
          width = floorf(rect.width / (float)blocks.columns);
    int most = blocks.rows * blocks.columns;
    for (int l = 0; l < n && l < most; l++)
        draw_layer(pass,
            (Rect){rect.x + (float)(l / blocks.rows) * width, rect.y + (float)(l % blocks.rows) * height,
                width - (blocks.columns > 1 ? GAP : 0), height - ROW_GAP},
            l, blocks.is_tight);
    draw_words(pass, (Rect){rect.x, rect.y + rect.height, rect.width, UNITS_WORDS_HEIGHT}, n - most);
}

/* Of the weights under a pixel the one that it shows: the largest, of weights or of gradients. */
UnitsTarget units_strips_at(const UnitsView *view, int panel, float x, float y) {
    const UnitsPanel *of = &view->panels[panel];
    const UnitNumbers *numbers = &of->numbers[of->shown];
    const UnitMaps *maps = &view->maps;
    UnitsTarget target = UNITS_NOTHING;
    for (int k = 0; k < 2 * maps->spec.n_layers && numbers->step >= 0; k++) {
        const int layer = k / 2, n_in = maps->spec.sizes[layer], n_out = maps->spec.sizes[layer + 1];
        const Rect rect = of->strips[layer][k % 2];
        const Vec *vec = k % 2 ? &numbers->gradient : &numbers->weights;
        if (rect.width <= 0 || !rect_contains(rect, x, y)) continue;
        const int width = (int)lroundf(rect.width * view->scale),
                  height = (int)lroundf(rect.height * view->scale);
        const int column = (int)fminf((x - rect.x) * view->scale, (float)width - 1),
                  row = (int)fminf((y - rect.y) * view->scale, (float)height - 1);
        int from, to, first, last;
        double largest = -1;
        under(column, width, n_in, n_in < width ? n_in : width, &from, &to);
        under(row, height, n_out, n_out < height ? n_out : height, &first, &last);
        for (int i = from; i < to; i++)
            for (int unit = first; unit < last; unit++) {
                const double size = fabs(vec_get(vec, unit_weight(maps, layer, i, unit)));
                if (size <= largest) continue;
                largest = size;
                target = (UnitsTarget){panel, layer + 1, unit, i};
            }
    }
    return target;
}
