/* Distributions as ridges, a row a layer, the first one on top: what is drawn later lies in front. */
#include "layers_parts.h"

#include "layer_colours.h"
#include "ticks.h"
#include "widgets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const float TITLE_HEIGHT = 18, FOOT_HEIGHT = 18, NUMBER_WIDTH = 22, GAP = 14, ROW_LEAST = 13;
static const float RISE = 2.2f,
                   RISE_MAX = 46; /* of the highest ridge, in rows; in pixels, where rows overlap */
static const float APART = 0.85f; /* the same, in rows, where they do not */
static const float LINE_WIDTH = 1.2f, BARS_SHARE = 0.24f, BARS_LEAST = 64, SHARE_WIDTH = 36, BAR_HEIGHT = 9;
static const float PX_PER_TICK = 56;

enum { FEW = 100, MANY = 1000 }; /* weights */

typedef struct Rows {
    const LayerFindings *findings;
    Canvas *canvas;
    const Theme *theme;
    bool printed;
    float y, height; /* of all of them */
    float pitch;     /* from row to row */
    float rise;      /* of the highest ridge above its row */
    int every;       /* so many rows have a number on one of them */
} Rows;

static float baseline_of(const Rows *rows, int layer) {
    return rows->y + rows->height - rows->pitch * (float)(rows->findings->n_layers - 1 - layer);
}

static Colour colour_of(const Rows *rows, int layer) {
    return layer_colour(rows->theme, layer, rows->findings->n_layers);
}

static void draw_title(const Rows *rows, Rect rect, const char *text) {
    text_draw_fitted(rows->canvas, rect.x, text_baseline(rect.y + 0.5f * TITLE_HEIGHT, SIZE_SMALL),
        ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, rows->theme->dim, rect.width, text);
}

/* So many bins are one where a layer has few weights: else each of them would be a peak of its own. */
static int bins_together(const int64_t counts[LAYER_BINS]) {
    int64_t all = 0;
    for (int i = 0; i < LAYER_BINS; i++) all += counts[i];
    return all < FEW ? 4 : all < MANY ? 2 : 1;
}

/* A part of another colour in one, and what is left of it seen through. */
static Colour mixed(Colour from, Colour to, float part, float alpha) {
    const Colour colour = {(uint8_t)lroundf((float)from.r + part * ((float)to.r - (float)from.r)),
        (uint8_t)lroundf((float)from.g + part * ((float)to.g - (float)from.g)),
        (uint8_t)lroundf((float)from.b + part * ((float)to.b - (float)from.b)), 255};
    return colour_with_alpha(colour, alpha);
}

static void draw_ridge(const Rows *rows, Rect rect, int layer, const int64_t counts[LAYER_BINS]) {
    Point points[LAYER_BINS + 2];
    double heights[LAYER_BINS] = {0}, highest = 1;
    const int together = bins_together(counts), n = LAYER_BINS / together;
    for (int i = 0; i < LAYER_BINS; i++) heights[i / together] += (double)counts[i];
    for (int i = 0; i < n; i++) highest = fmax(highest, heights[i]);
    const float y = baseline_of(rows, layer);
    points[0] = (Point){rect.x, y};
    for (int i = 0; i < n; i++)
        points[i + 1] = (Point){rect.x + rect.width * ((float)i + 0.5f) / (float)n,
            y - rows->rise * (float)(heights[i] / highest)};
    points[n + 1] = (Point){rect.x + rect.width, y};
    const Colour colour = colour_of(rows, layer);
    canvas_polygon(rows->canvas, points, n + 2, mixed(rows->theme->background, colour, 0.4f, 0.82f));
    canvas_polyline(rows->canvas, points, n + 2, LINE_WIDTH, colour);
}

static void draw_ticks(const Rows *rows, Rect rect, double low, double high, bool logarithmic) {
    Tick ticks[TICKS_MAX];
    const int wanted = (int)(rect.width / PX_PER_TICK) + 1;
    const int n = logarithmic ? ticks_logarithmic(pow(10, low), pow(10, high), wanted, ticks)
                              : ticks_linear(low, high, wanted, ticks);
    float free_x = rect.x - 8;
    for (int i = 0; i < n; i++) {
        char label[FITTED_BYTES];
        const double at = logarithmic ? log10(ticks[i].value) : ticks[i].value;
        const float x = rect.x + rect.width * (float)((at - low) / (high - low));
        snprintf(label, sizeof label, "%s", ticks[i].label);
        if (rows->printed) number_print(ticks[i].label, label);
        const float half = 0.5f * canvas_text_width(rows->canvas, FONT_MONO, SIZE_MONO, label);
        const float middle = fminf(fmaxf(x, rect.x + half), rect.x + rect.width - half);
        canvas_segments(
            rows->canvas, (Point[]){{x, rows->y}, {x, rows->y + rows->height}}, 1, 1, rows->theme->line);
        if (middle - half < free_x) continue;
        free_x = middle + half + 8;
        canvas_text(rows->canvas, middle,
            text_baseline(rows->y + rows->height + 0.5f * FOOT_HEIGHT + 2, SIZE_MONO), ALIGN_CENTRE,
            FONT_MONO, SIZE_MONO, rows->theme->dim, label);
    }
}

static void draw_numbers(const Rows *rows, float right) {
    for (int l = 0; l < rows->findings->n_layers; l += rows->every) {
        char number[NUMBER_BYTES];
        snprintf(number, sizeof number, "%d", l + 1);
        canvas_text(rows->canvas, right, text_baseline(baseline_of(rows, l) - 3, SIZE_MONO), ALIGN_RIGHT,
            FONT_MONO, SIZE_MONO, colour_of(rows, l), number);
    }
}

static void draw_bars(const Rows *rows, Rect rect) {
    const LayerFindings *findings = rows->findings;
    const float width = fmaxf(rect.width - SHARE_WIDTH, 1);
    draw_title(rows, rect, findings->fault == LAYER_FAULT_DEAD ? "dead units" : "saturated");
    for (int l = 0; l < findings->n_layers; l++) {
        const double share = findings->layers[l].faulty;
        if (isnan(share)) continue;
        const float height = fminf(BAR_HEIGHT, 0.7f * rows->pitch), y = baseline_of(rows, l) - height;
        const Colour colour = colour_of(rows, l);
        canvas_fill_rect(rows->canvas, (Rect){rect.x, y, width, height}, 0, colour_with_alpha(colour, 0.16f));
        canvas_fill_rect(rows->canvas, (Rect){rect.x, y, width * (float)share, height}, 0, colour);
        if (l % rows->every != 0) continue;
        char text[NUMBER_BYTES];
        snprintf(text, sizeof text, "%.*f%%", share > 0 && share < 0.095 ? 1 : 0, 100 * share);
        canvas_text(rows->canvas, rect.x + rect.width, text_baseline(baseline_of(rows, l) - 3, SIZE_MONO),
            ALIGN_RIGHT, FONT_MONO, SIZE_MONO, rows->theme->dim, text);
    }
}

static void draw_ridges(const Rows *rows, Rect weights, Rect gradients, int64_t step) {
    const LayerFindings *findings = rows->findings;
    char title[96];
    snprintf(title, sizeof title, "weights at step %" PRId64, step);
    draw_title(rows, weights, title);
    snprintf(title, sizeof title, "size of gradients, %d examples", findings->n_examples);
    const bool fits = canvas_text_width(rows->canvas, FONT_TEXT, SIZE_SMALL, title) <= gradients.width;
    draw_title(rows, gradients, fits ? title : "size of gradients");
    draw_ticks(rows, weights, -findings->reach, findings->reach, false);
    draw_ticks(rows, gradients, findings->decades[0], findings->decades[1], true);
    for (int l = 0; l < findings->n_layers; l++) {
        draw_ridge(rows, weights, l, findings->layers[l].weights);
        draw_ridge(rows, gradients, l, findings->layers[l].gradients);
    }
}

/* Ridges overlap where there are many, and do not where there is room. */
static void lay_out_rows(Rows *rows) {
    const float below = (float)(rows->findings->n_layers - 1);
    rows->pitch = rows->height / (below + RISE);
    rows->rise = RISE * rows->pitch;
    if (rows->rise > RISE_MAX) {
        const float apart = rows->height / (below + APART);
        rows->rise = fmaxf(RISE_MAX, APART * apart);
        rows->pitch = below > 0 ? (rows->height - rows->rise) / below : rows->height;
    }
}

void layers_draw_findings(
    const LayerFindings *findings, int64_t step, Canvas *canvas, Rect rect, LayersLook look) {
    if (!findings || rect.height < TITLE_HEIGHT + FOOT_HEIGHT + ROW_LEAST) return;
    Rows rows = {.findings = findings, .canvas = canvas, .theme = look.theme, .printed = look.printed};
    if (!findings->is_finite) {
        draw_title(&rows, rect, "the weights, or their gradient, are not finite");
        return;
    }
    rows.y = rect.y + TITLE_HEIGHT;
    rows.height = rect.height - TITLE_HEIGHT - FOOT_HEIGHT;
    lay_out_rows(&rows);
    rows.every = 1;
    while ((float)rows.every * rows.pitch < ROW_LEAST && rows.every < findings->n_layers) rows.every++;
    const bool has_bars = findings->fault != LAYER_FAULT_NONE && findings->n_layers > 1;
    const float bars = has_bars ? fmaxf(BARS_SHARE * rect.width, BARS_LEAST + SHARE_WIDTH) : 0;
    const float width = 0.5f * (rect.width - NUMBER_WIDTH - bars - GAP - (has_bars ? GAP : 0));
    const Rect weights = {rect.x + NUMBER_WIDTH, rect.y, fmaxf(width, 1), rect.height};
    const Rect gradients = {weights.x + weights.width + GAP, rect.y, weights.width, rect.height};
    draw_ridges(&rows, weights, gradients, step);
    draw_numbers(&rows, weights.x - 6);
    if (has_bars) draw_bars(&rows, (Rect){rect.x + rect.width - bars, rect.y, bars, rect.height});
}
