/* Lines over time. Which racer's, and where, is layers_view.c's affair. */
#include "layers_parts.h"

#include "dash.h"
#include "layer_colours.h"
#include "ticks.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double USUAL_UPDATE = 1e-3; /* of the weights, in a step: neither too slow nor too fast */
static const double STEPS_LEAST = 10;    /* on the axis */
static const double EXPLOSION =
    1e3; /* what goes so much above the first half of a race does not stretch the axis */
static const double DECADES_MAX = 16, ROUNDING = 1e-9;
static const float TITLE_HEIGHT = 18, FOOT_HEIGHT = 20, TICK_WIDTH = 40, TICK_GAP = 8, LABEL_WIDTH = 20;
static const float GAP = 10, LINE_WIDTH = 1.3f, END_RADIUS = 1.8f, READ_RADIUS = 4, LABEL_SPACING = 13,
                   PLOT_LEAST = 24, DECADE_LEAST = 18;

enum { TITLE_BYTES = 96 };
static const char *const titles[LAYERS_QUANTITIES] = {
    "gradient, norm", "weights, norm", "update / weights in a step", "what the layer gives, rms"};

bool layers_history_create(LayersHistory *history, int n_layers) {
    const size_t values = (size_t)LAYERS_QUANTITIES * (size_t)n_layers * LAYERS_ROWS_MAX;
    *history = (LayersHistory){.n_layers = n_layers,
        .racer = -1,
        .steps = malloc(LAYERS_ROWS_MAX * sizeof *history->steps),
        .values = malloc(values * sizeof *history->values)};
    return history->steps && history->values;
}

void layers_history_destroy(LayersHistory *history) {
    free(history->steps);
    free(history->values);
    *history = (LayersHistory){0};
}

static double *values_of(const LayersHistory *history, LayersQuantity quantity, int layer) {
    return history->values + ((size_t)quantity * (size_t)history->n_layers + (size_t)layer) * LAYERS_ROWS_MAX;
}

static double value_of(const TrainingLayer *layer, LayersQuantity quantity) {
    switch (quantity) {
    case LAYERS_GRADIENT: return layer->grad_norm;
    case LAYERS_WEIGHTS: return layer->weight_norm;
    case LAYERS_UPDATE: return layer->update_norm / layer->weight_norm;
    default: return layer->activation_rms;
    }
}

/* How many reports of a racer are of its training, and no later than a step; that it diverged tells nothing
 * of its layers. */
static int64_t count_reports(const LiveTraining *live, int racer, int64_t step) {
    int64_t low = 0, high = live_training_report_count(live);
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        const LiveReport *report = live_training_report(live, middle, racer);
        const bool counts = report->is_news && report->report.status != TRAINING_DIVERGED;
        if (counts && report->report.step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_row(LayersHistory *history, const LiveTraining *live, int racer, int64_t report) {
    const TrainingLayer *layers = live_training_layers(live, report, racer);
    const int row = history->n++;
    history->steps[row] = (double)live_training_report(live, report, racer)->report.step;
    for (int q = 0; q < LAYERS_QUANTITIES; q++)
        for (int l = 0; l < history->n_layers; l++)
            values_of(history, (LayersQuantity)q, l)[row] = value_of(&layers[l], (LayersQuantity)q);
}

bool layers_history_read(LayersHistory *history, const LiveTraining *live, int racer, int64_t step) {
    const int64_t all = count_reports(live, racer, INT64_MAX), shown = count_reports(live, racer, step);
    if (history->racer == racer && history->n_reports == all && history->n_reports_shown == shown)
        return false;
    int64_t stride = 1;
    history->racer = racer;
    history->n_reports = all;
    history->n_reports_shown = shown;
    while (all / stride >= LAYERS_ROWS_MAX - 2) stride *= 2;
    history->n = history->n_shown = 0;
    for (int64_t i = 0; i < all; i += stride) {
        add_row(history, live, racer, i);
        if (i < shown) history->n_shown = history->n;
        if (shown - 1 <= i || shown - 1 >= i + stride) continue;
        add_row(history, live, racer, shown - 1);
        history->n_shown = history->n;
    }
    history->last = shown > 0 ? live_training_layers(live, shown - 1, racer) : NULL;
    history->last_step = shown > 0 ? live_training_report(live, shown - 1, racer)->report.step : -1;
    return true;
}

static ChartLine line_of(const LayersHistory *history, LayersQuantity quantity, int layer) {
    return (ChartLine){
        .last = history->n - 1, .values = values_of(history, quantity, layer), .places = history->steps};
}

/* Whole decades, so that an axis rarely moves; those of an update hold what is usual. */
static ChartRange vertical_range(const ChartExtent *all, const ChartExtent *early, LayersQuantity quantity) {
    double low = all->low_positive, high = all->high;
    if (early->high > 0) high = fmin(high, EXPLOSION * early->high);
    if (!(low <= high)) low = high = 1;
    if (quantity == LAYERS_UPDATE) {
        low = fmin(low, USUAL_UPDATE);
        high = fmax(high, USUAL_UPDATE);
    }
    ChartRange range = {floor(log10(low) + ROUNDING), ceil(log10(high) - ROUNDING)};
    if (range.high <= range.low) range.high = range.low + 1;
    range.low = fmax(range.low, range.high - DECADES_MAX);
    return range;
}

LayersAxes layers_axes(const LayersHistory *const *histories, int n) {
    LayersAxes axes = {.x = {0, STEPS_LEAST}};
    for (int q = 0; q < LAYERS_QUANTITIES; q++) {
        ChartExtent all = CHART_EXTENT_NONE, early = CHART_EXTENT_NONE;
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < histories[i]->n_layers && histories[i]->n > 0; l++) {
                ChartLine line = line_of(histories[i], (LayersQuantity)q, l);
                chart_line_measure(&line, (ChartRange){0, INFINITY}, &all);
                line.last /= 2;
                chart_line_measure(&line, (ChartRange){0, INFINITY}, &early);
            }
        }
        axes.y[q] = vertical_range(&all, &early, (LayersQuantity)q);
    }
    for (int i = 0; i < n; i++) axes.x.high = fmax(axes.x.high, (double)histories[i]->last_step);
    return axes;
}

/* Drawing. */

/* As many decades as there is room for, on a grid. */
static void draw_decades(const ChartPlot *plot, Canvas *canvas, LayersLook look) {
    const Rect *rect = &plot->rect;
    const double decades = plot->y.high - plot->y.low;
    int every = 1;
    while ((double)every * (double)rect->height / decades < (double)DECADE_LEAST && every < decades) every++;
    for (int k = (int)plot->y.high; k >= plot->y.low; k -= every) {
        char label[NUMBER_BYTES], printed[FITTED_BYTES];
        const float y = rect->y + rect->height * (float)((plot->y.high - k) / decades);
        snprintf(label, sizeof label, "1e%+03d", k);
        snprintf(printed, sizeof printed, "%s", label);
        if (look.printed) number_print(label, printed);
        canvas_segments(canvas, (Point[]){{rect->x, y}, {rect->x + rect->width, y}}, 1, 1, look.theme->line);
        canvas_text(canvas, rect->x - TICK_GAP, text_baseline(y, SIZE_MONO), ALIGN_RIGHT,
            look.printed ? FONT_TEXT : FONT_MONO, SIZE_MONO, look.theme->dim, printed);
    }
}

static void draw_usual(const ChartPlot *plot, Canvas *canvas, const Theme *theme) {
    const float y = chart_plot_y(plot, USUAL_UPDATE);
    const Point line[] = {{plot->rect.x, y}, {plot->rect.x + plot->rect.width, y}};
    dash_polyline(canvas, line, 2, 1, DASH_DASHED, theme->dim);
}

static Point place_of(
    const LayersHistory *history, LayersQuantity quantity, int layer, int row, const ChartPlot *plot) {
    return (Point){chart_plot_x(plot, history->steps[row]),
        chart_plot_y(plot, values_of(history, quantity, layer)[row])};
}

static Point end_of(const LayersHistory *history, LayersQuantity quantity, int layer, const ChartPlot *plot) {
    return place_of(history, quantity, layer, history->n_shown - 1, plot);
}

/* The first and the last layer, at the ends of their lines. */
static void draw_labels(const LayersHistory *history, LayersQuantity quantity, const ChartPlot *plot,
    Canvas *canvas, const Theme *theme) {
    const int layers[] = {0, history->n_layers - 1}, n = history->n_layers > 1 ? 2 : 1;
    const Rect *rect = &plot->rect;
    float positions[2];
    for (int i = 0; i < n; i++) {
        const float y = end_of(history, quantity, layers[i], plot).y;
        positions[i] = isnan(y) ? NAN : fminf(fmaxf(y, rect->y), rect->y + rect->height);
    }
    if (isnan(positions[0]) || isnan(positions[n - 1])) return;
    labels_spread(positions, n, LABEL_SPACING, rect->y - 0.4f * LABEL_SPACING,
        rect->y + rect->height + 0.4f * LABEL_SPACING);
    const float x = end_of(history, quantity, 0, plot).x;
    for (int i = 0; i < n; i++) {
        char number[NUMBER_BYTES];
        if (isnan(positions[i])) continue;
        snprintf(number, sizeof number, "%d", layers[i] + 1);
        canvas_text(canvas, x + 5, text_baseline(positions[i], SIZE_MONO), ALIGN_LEFT, FONT_STRONG, SIZE_MONO,
            layer_colour(theme, layers[i], history->n_layers), number);
    }
}

/* What the pointer is next to: a layer's value in one of the rows. */
typedef struct Read {
    int layer, row; /* -1: nothing */
} Read;

static Read read_pointer(
    const LayersHistory *history, LayersQuantity quantity, const ChartPlot *plot, const Point *pointer) {
    Read nearest = {-1, -1};
    if (!pointer || history->n_shown == 0 || !rect_contains(plot->rect, pointer->x, pointer->y))
        return nearest;
    const ChartLine line = line_of(history, quantity, 0);
    nearest.row = (int)chart_line_row(&line, chart_plot_x_at(plot, pointer->x), history->n_shown - 1);
    float least = INFINITY;
    for (int l = 0; l < history->n_layers; l++) {
        const float y = chart_plot_y(plot, values_of(history, quantity, l)[nearest.row]);
        if (!(fabsf(y - pointer->y) < least)) continue;
        least = fabsf(y - pointer->y);
        nearest.layer = l;
    }
    return nearest;
}

static void write_title(
    const LayersHistory *history, LayersQuantity quantity, Read read, char *title, size_t room) {
    if (read.layer < 0)
        snprintf(title, room, "%s", titles[quantity]);
    else
        snprintf(title, room, "layer %d at step %.0f: %.3g", read.layer + 1, history->steps[read.row],
            values_of(history, quantity, read.layer)[read.row]);
}

static void draw_read(const LayersHistory *history, LayersQuantity quantity, Read read, const ChartPlot *plot,
    Canvas *canvas, const Theme *theme) {
    if (read.layer < 0) return;
    const Point at = place_of(history, quantity, read.layer, read.row, plot);
    canvas_circle(canvas, at, READ_RADIUS, theme->text);
    canvas_circle(canvas, at, READ_RADIUS - 1.2f, layer_colour(theme, read.layer, history->n_layers));
}

static void draw_panel(const LayersHistory *history, LayersQuantity quantity, const ChartPlot *plot,
    Canvas *canvas, Rect rect, const Point *pointer, LayersLook look) {
    const Theme *theme = look.theme;
    const Rect *inner = &plot->rect;
    const Read read = read_pointer(history, quantity, plot, pointer);
    char title[TITLE_BYTES];
    write_title(history, quantity, read, title, sizeof title);
    text_draw_fitted(canvas, inner->x, text_baseline(rect.y + 0.5f * TITLE_HEIGHT, SIZE_SMALL), ALIGN_LEFT,
        FONT_TEXT, SIZE_SMALL, read.layer < 0 ? theme->dim : theme->text, rect.x + rect.width - inner->x,
        title);
    if (inner->height < PLOT_LEAST || inner->width < PLOT_LEAST) return;
    const ChartAxisLook axis_look = {theme, look.printed};
    draw_decades(plot, canvas, look);
    chart_axis_x(plot, canvas, 1, true, rect.x + rect.width, axis_look);
    if (quantity == LAYERS_UPDATE) draw_usual(plot, canvas, theme);
    if (history->n_shown == 0) return;
    canvas_set_clip(canvas, (Rect){inner->x - 2, inner->y - 2, inner->width + 4, inner->height + 4});
    for (int l = 0; l < history->n_layers; l++) {
        const ChartLine line = line_of(history, quantity, l);
        chart_line_draw(plot, canvas, &line, history->n_shown - 1, LINE_WIDTH, DASH_SOLID,
            layer_colour(theme, l, history->n_layers));
    }
    for (int l = 0; l < history->n_layers; l++) {
        const Point end = end_of(history, quantity, l, plot);
        if (isfinite(end.y))
            canvas_circle(canvas, end, END_RADIUS, layer_colour(theme, l, history->n_layers));
    }
    draw_read(history, quantity, read, plot, canvas, theme);
    canvas_reset_clip(canvas);
    draw_labels(history, quantity, plot, canvas, theme);
}

void layers_draw_history(const LayersHistory *history, const LayersAxes *axes, Canvas *canvas, Rect rect,
    const Point *pointer, LayersLook look) {
    const float width = 0.5f * (rect.width - GAP), height = 0.5f * (rect.height - GAP);
    for (int q = 0; q < LAYERS_QUANTITIES; q++) {
        const Rect panel = {
            rect.x + (float)(q % 2) * (width + GAP), rect.y + (float)(q / 2) * (height + GAP), width, height};
        const float left = TICK_WIDTH + TICK_GAP;
        const ChartPlot plot = {
            .rect = {panel.x + left, panel.y + TITLE_HEIGHT + 2, fmaxf(width - left - LABEL_WIDTH, 0),
                fmaxf(height - TITLE_HEIGHT - FOOT_HEIGHT - 2, 0)},
            .x = axes->x,
            .y = axes->y[q],
            .logarithmic = true};
        draw_panel(history, (LayersQuantity)q, &plot, canvas, panel, pointer, look);
    }
}
