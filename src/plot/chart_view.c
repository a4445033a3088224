/* The chart put together: which lines there are, and zooming. Pixels are up to chart_plot, numbers to
 * race/series, what stands around the lines to chart_chips and chart_read. */
#include "chart_view.h"

#include "chart_chips.h"
#include "chart_read.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const double FILL_S = 0.0008; /* of a frame, for values that take derivatives */
static const double STEPS_LEAST = 20;
static const float TICK_WIDTH = 40, TICK_GAP = 8;

void chart_view_init(ChartView *chart, const char *name) {
    *chart = (ChartView){.name = name, .hovered_racer = -1, .hovered_row = -1, .read_racer = -1};
}

void chart_view_finish(ChartView *chart) {
    series_finish(&chart->series);
}

bool chart_view_is_finished(const ChartView *chart) {
    return series_is_finished(&chart->series);
}

static SeriesSource source_of(const Subject *subject) {
    return (SeriesSource){subject->race, subject->surface, subject->lowest};
}

/* Choosing. */

/* The quantity that is chosen, or the next one that exists: one always does. */
static int quantity_of(const ChartView *chart, const SeriesSource *source) {
    int quantity = chart->settings.quantity;
    while (!quantity_exists(&quantity_table[quantity], source)) quantity = (quantity + 1) % quantity_count;
    return quantity;
}

void chart_view_choose(ChartView *chart, int quantity) {
    chart->settings.quantity = quantity;
    chart->settings.scale = CHART_SCALE_AUTO;
    chart->settings.y = (ChartRange){0, 0};
    chart->choosing = false;
}

void chart_view_next_quantity(ChartView *chart, const Subject *subject, int by) {
    SeriesSource source = source_of(subject);
    int quantity = quantity_of(chart, &source);
    do quantity = (quantity + by + quantity_count) % quantity_count;
    while (!quantity_exists(&quantity_table[quantity], &source));
    chart_view_choose(chart, quantity);
}

void chart_view_next_axis(ChartView *chart) {
    chart->settings.axis = (chart->settings.axis + 1) % CHART_AXES;
    chart->settings.x = (ChartRange){0, 0};
}

void chart_view_next_scale(ChartView *chart) {
    chart->settings.scale = chart->fit.logarithmic ? CHART_LINEAR : CHART_LOGARITHMIC;
    chart->settings.y = (ChartRange){0, 0};
}

static const ChartLookAxis look_axes[CHART_AXES] = {
    [CHART_STEPS] = CHART_LOOK_AXIS_USUAL,
    [CHART_EVALUATIONS] = CHART_LOOK_AXIS_EVALUATIONS,
    [CHART_TIME] = CHART_LOOK_AXIS_TIME,
};

ChartLook chart_view_look(const ChartView *chart) {
    const ChartSettings *settings = &chart->settings;
    return (ChartLook){.quantity = settings->quantity,
        .axis = look_axes[settings->axis],
        .scale = (int)settings->scale,
        .x = {settings->x.low, settings->x.high},
        .y = {settings->y.low, settings->y.high}};
}

void chart_view_show_look(ChartView *chart, const ChartLook *look) {
    chart->settings = (ChartSettings){.quantity = look->quantity,
        .scale = (ChartScale)look->scale,
        .x = {look->x[0], look->x[1]},
        .y = {look->y[0], look->y[1]}};
    for (int i = 0; i < CHART_AXES; i++)
        if (look_axes[i] == look->axis) chart->settings.axis = (ChartAxis)i;
}

bool chart_view_is_zoomed(const ChartView *chart) {
    const ChartSettings *settings = &chart->settings;
    return chart_range_is_set(settings->x) || chart_range_is_set(settings->y);
}

void chart_view_show_all(ChartView *chart) {
    chart->settings.x = chart->settings.y = (ChartRange){0, 0};
}

/* What is drawn. */

static double evaluation_worth(const ChartView *chart, const Subject *subject, int racer) {
    const Trace *trace = race_trace(subject->race, racer);
    if (chart->settings.axis != CHART_TIME) return 1;
    double evaluations = (double)trace->evaluations[trace->last];
    /* Where nothing was measured all rows lie at 0. */
    return fmax(race_seconds(subject->race, racer) / fmax(evaluations, 1), 1e-300);
}

static void find_lines(ChartView *chart, const Subject *subject) {
    chart->n_shown = 0;
    for (int i = 0; i < race_racer_count(subject->race); i++) {
        if (!subject_racer_visible(subject, i)) continue;
        chart->shown[chart->n_shown++] = i;
        const Trace *trace = race_trace(subject->race, i);
        chart->lines[i] = (ChartLine){
            .last = trace->last,
            .values = series_values(&chart->series, i),
            .series = series_is_finished(&chart->series) ? NULL : &chart->series,
            .counts = chart->settings.axis == CHART_STEPS ? NULL : trace->evaluations,
            .worth = evaluation_worth(chart, subject, i),
        };
    }
}

/* The end of the horizontal axis when the race is at a step. */
static double axis_end(const ChartView *chart, int64_t step) {
    double end = chart->settings.axis == CHART_STEPS ? (double)step : 0;
    for (int k = 0; k < chart->n_shown; k++) {
        const ChartLine *line = &chart->lines[chart->shown[k]];
        end = fmax(end, chart_line_x(line, step < line->last ? step : line->last));
    }
    return end;
}

static void find_x_range(ChartView *chart, const Subject *subject) {
    const ChartSettings *settings = &chart->settings;
    double steps = (double)race_step_count(subject->race);
    double least = fmin(STEPS_LEAST, steps);
    double end = axis_end(chart, subject->step > (int64_t)least ? subject->step : (int64_t)least);
    chart->plot.x = (ChartRange){0, end > 1e-200 ? end : 1};
    if (settings->x.low < settings->x.high) chart->plot.x = settings->x;
}

/* The whole race, or what of it lies in the part that is shown. */
static void find_y_range(ChartView *chart, const Subject *subject) {
    const ChartSettings *settings = &chart->settings;
    ChartFit fit = {
        .quantity = chart->series.quantity,
        .version = subject->race_version,
        .steps_done = race_steps_done(subject->race),
        .finished = series_is_finished(&chart->series),
        .axis = settings->axis,
        .scale = settings->scale,
        .x = settings->x,
    };
    for (int k = 0; k < chart->n_shown; k++) fit.visible |= UINT64_C(1) << chart->shown[k];
    const ChartFit *old = &chart->fit;
    bool same = old->quantity == fit.quantity && old->version == fit.version && old->visible == fit.visible &&
                old->steps_done == fit.steps_done && old->finished && fit.finished && old->axis == fit.axis &&
                old->scale == fit.scale && old->x.low == fit.x.low && old->x.high == fit.x.high;
    if (!same) {
        ChartExtent extent = CHART_EXTENT_NONE;
        ChartRange x = fit.x.low < fit.x.high ? fit.x : (ChartRange){0, INFINITY};
        for (int k = 0; k < chart->n_shown; k++)
            chart_line_measure(&chart->lines[chart->shown[k]], x, &extent);
        bool positive = extent.low > 0 || (extent.low == 0 && extent.high > 0);
        bool suits = fit.quantity->logarithmic && (positive || fit.quantity->need == NEEDS_LOWEST);
        fit.logarithmic = fit.scale == CHART_SCALE_AUTO ? suits : fit.scale == CHART_LOGARITHMIC;
        fit.y = chart_range(&extent, fit.logarithmic, fit.quantity->bounded);
        chart->fit = fit;
    }
    chart->plot.logarithmic = chart->fit.logarithmic;
    chart->plot.y = chart->fit.y;
    if (chart_range_is_set(settings->y))
        chart->plot.y = chart_range_shown(settings->y, chart->fit.logarithmic);
}

/* Hands. */

static ChartZoom zoom_of(ChartView *chart, const Subject *subject) {
    return (ChartZoom){.plot = &chart->plot,
        .x = &chart->settings.x,
        .y = &chart->settings.y,
        .x_end = axis_end(chart, race_step_count(subject->race)),
        .all_y = chart->fit.y};
}

static void use_keys(
    ChartView *chart, const ChartZoom *zoom, Ui *ui, const UiControl *control, const Subject *subject) {
    if (!ui_shows_focus(ui, control) || ui->event->type != EVENT_KEY || chart->n_shown == 0) return;
    int by = ui_has_key(ui, control, KEY_RIGHT) - ui_has_key(ui, control, KEY_LEFT);
    int down = ui_has_key(ui, control, KEY_DOWN) - ui_has_key(ui, control, KEY_UP);
    if (by != 0 || down != 0) {
        chart_read_move(chart, subject, ui->event->shift ? 10 * by : by, down);
        ui_take(ui);
        return;
    }
    double around = 0.5 * (chart->plot.x.low + chart->plot.x.high);
    if (chart->hovered_racer >= 0)
        around = chart_line_x(&chart->lines[chart->hovered_racer], chart->hovered_row);
    chart_zoom_keys(zoom, ui, control, around);
}

static void act(ChartView *chart, Ui *ui, const UiControl *control, const Subject *subject) {
    const ChartZoom zoom = zoom_of(chart, subject);
    chart_zoom_hand(&zoom, &chart->drag, ui, control);
    if (ui->event) use_keys(chart, &zoom, ui, control, subject);
}

/* The whole. */

static void draw_lines(const ChartView *chart, Canvas *canvas, const Subject *subject) {
    const float line_width = 1.6f;
    Rect plot = chart->plot.rect;
    canvas_set_clip(canvas, (Rect){plot.x - 3, plot.y - 4, plot.width + 6, plot.height + 8});
    for (int pass = 0; pass < 2; pass++) { /* ghosts lie behind */
        for (int k = 0; k < chart->n_shown; k++) {
            int i = chart->shown[k];
            if (race_spec(subject->race, i)->look.ghost != (pass == 0)) continue;
            chart_line_draw(&chart->plot, canvas, &chart->lines[i], subject_row(subject, i),
                subject_racer_width(subject, i, line_width), subject_racer_dash(subject, i),
                subject_racer_colour(subject, i));
        }
    }
}

/* The lines with their axes and labels in a rectangle; the numbers below up to `foot`. */
static void draw(ChartView *chart, Canvas *canvas, Rect rect, Rect clip, float foot, const Subject *subject) {
    const char *unit_name;
    double unit = chart_chips_axis_unit(chart, &unit_name);
    const ChartAxisLook look = {subject->theme, subject->printed};
    chart_axis_y(&chart->plot, canvas, TICK_WIDTH, look);
    chart_axis_x(&chart->plot, canvas, unit, chart->settings.axis != CHART_TIME, foot, look);
    draw_lines(chart, canvas, subject);
    chart_drag_draw(&chart->drag, &chart->plot, canvas, subject->theme);
    chart_read_draw_marks(chart, canvas, subject);
    canvas_set_clip(canvas, clip);
    chart_read_draw_labels(chart, canvas, rect, subject);
}

static bool prepare(ChartView *chart, Canvas *canvas, bool draws, Rect rect, const Subject *subject) {
    SeriesSource source = source_of(subject);
    const Quantity *quantity = &quantity_table[quantity_of(chart, &source)];
    if (!series_want(&chart->series, &source, quantity, subject->race_version)) return false;
    if (draws) series_fill(&chart->series, &source, subject->still ? INFINITY : FILL_S);
    find_lines(chart, subject);
    float left = rect.x + CHART_PADDING + TICK_WIDTH + TICK_GAP;
    float right = rect.x + rect.width - CHART_PADDING - chart_read_label_width(chart, canvas, rect, subject);
    chart->plot.rect = (Rect){left, rect.y + CHART_TITLE_HEIGHT, fmaxf(right - left, 1),
        fmaxf(rect.height - CHART_TITLE_HEIGHT - CHART_FOOT_HEIGHT, 1)};
    find_x_range(chart, subject);
    find_y_range(chart, subject);
    return true;
}

void chart_view(ChartView *chart, Ui *ui, Rect rect, const Subject *subject) {
    if (rect.width <= 0 || rect.height <= 0 || !prepare(chart, ui->canvas, ui->draws, rect, subject)) {
        chart->hovered_racer = -1;
        return;
    }
    float title = chart_chips_title(chart, ui, rect, subject);
    if (chart->choosing) {
        chart->hovered_racer = -1;
        chart_chips_list(chart, ui, rect, subject);
        return;
    }
    float foot = chart_chips_axis(chart, ui, rect);
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "%s.plot", chart->name);
    const UiControl *control = ui_control(ui, name, UI_AREA, chart->plot.rect, NULL);
    chart_read_find(chart, ui, control, subject);
    if (!ui->draws && control) act(chart, ui, control, subject);
    if (!ui->draws) return;
    draw(chart, ui->canvas, rect, ui->clip, foot, subject);
    chart_read_draw_title(chart, ui->canvas, title, rect, subject);
    if (!chart_view_is_finished(chart)) ui->changed = true; /* the next picture has more */
    if (control) ui_draw_focus(ui, control, 2);
}

/* The two axes as lines. */
static void draw_frame(const Rect *plot, Canvas *canvas, const Theme *theme) {
    const float hairline = 0.6f;
    float bottom = plot->y + plot->height;
    canvas_polyline(canvas, (Point[]){{plot->x, plot->y}, {plot->x, bottom}, {plot->x + plot->width, bottom}},
        3, hairline, theme->text);
}

const char *chart_view_axis_name(const ChartView *chart) {
    const char *name;
    chart_chips_axis_unit(chart, &name);
    return name;
}

void chart_view_draw_figure(ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject) {
    const char *name;
    if (!prepare(chart, canvas, true, rect, subject)) return;
    chart->read_racer = -1;
    chart_chips_axis_unit(chart, &name);
    float right = chart->plot.rect.x + chart->plot.rect.width;
    float baseline =
        text_baseline(chart->plot.rect.y + chart->plot.rect.height + 0.5f * CHART_FOOT_HEIGHT, SIZE_MONO);
    float foot = right - canvas_text_width(canvas, FONT_TEXT, SIZE_MONO, name) - TICK_GAP;
    draw(chart, canvas, rect, rect, foot, subject);
    draw_frame(&chart->plot.rect, canvas, subject->theme);
    canvas_text(canvas, right, baseline, ALIGN_RIGHT, FONT_TEXT, SIZE_MONO, subject->theme->text, name);
    canvas_text(canvas, rect.x + CHART_PADDING,
        text_baseline(rect.y + 0.5f * CHART_TITLE_HEIGHT - 2, SIZE_MONO), ALIGN_LEFT, FONT_TEXT, SIZE_MONO,
        subject->theme->text, chart->series.quantity->title);
}
