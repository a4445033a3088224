/* Two charts one over the other, with the ends as upright lines; the errors' is left out where there are no
 * classes. */
#include "landscape_line.h"

#include "chart_plot.h"
#include "dash.h"
#include "marker.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float PADDING = 14, TICK_WIDTH = 46, FOOT = 22, TITLE = 22, LOSS_SHARE = 0.6f, END_LABELS = 20;
static const float LINE_WIDTH = 2.2f, DASHED_WIDTH = 1.8f;

/* The known value next to a place. */
static double value_at(const double *at, const double *values, double place) {
    double nearest = INFINITY, value = NAN;
    for (int i = 0; i < LINE_POINTS; i++) {
        if (isnan(values[i]) || fabs(at[i] - place) >= nearest) continue;
        nearest = fabs(at[i] - place);
        value = values[i];
    }
    return value;
}

LineBarrier landscape_line_barrier(const double *at, const double *values) {
    const double from = value_at(at, values, 0), to = value_at(at, values, 1);
    LineBarrier barrier = {.height = 0, .point = -1};
    double highest = -INFINITY;
    for (int i = 0; i < LINE_POINTS; i++) {
        if (at[i] < 0 || at[i] > 1 || isnan(values[i])) continue;
        highest = fmax(highest, values[i]);
        const double above = values[i] - ((1 - at[i]) * from + at[i] * to);
        if (barrier.point >= 0 && !(above > barrier.height)) continue;
        barrier = (LineBarrier){fmax(above, 0), i};
    }
    if (!(highest > fmax(from, to))) barrier.height = 0;
    return barrier;
}

void landscape_line_say(
    const LandscapeLine *line, const char *from, const char *to, char *text, size_t size) {
    const LineBarrier loss = landscape_line_barrier(line->at, line->losses[LINE_TRAINING]);
    const LineBarrier error = landscape_line_barrier(line->at, line->errors[LINE_TRAINING]);
    int n = snprintf(text, size, "along the line from %.30s to %.30s", from, to);
    if (loss.point < 0 || n < 0 || (size_t)n >= size) return;
    if (loss.height > 0)
        n += snprintf(
            text + n, size - (size_t)n, ": a barrier %.3g high at %.2f", loss.height, line->at[loss.point]);
    else
        n += snprintf(text + n, size - (size_t)n, ": no barrier");
    if (n > 0 && (size_t)n < size && error.point >= 0 && error.height > 0)
        snprintf(text + n, size - (size_t)n, ", of the error %.1f %%", 100 * error.height);
}

typedef struct Chart {
    const LandscapeLine *line;
    Canvas *canvas;
    const Subject *subject;
    ChartPlot plot;
    bool errors;
} Chart;

/* What is known of a part, in a row. Errors are percent. */
static int known_of(const Chart *chart, int part, double *at, double *values) {
    const double *all = chart->errors ? chart->line->errors[part] : chart->line->losses[part];
    int n = 0;
    for (int i = 0; i < LINE_POINTS; i++) {
        if (!isfinite(all[i])) continue;
        at[n] = chart->line->at[i];
        values[n++] = all[i] * (chart->errors ? 100 : 1);
    }
    return n;
}

static void find_range(Chart *chart) {
    ChartExtent extent = CHART_EXTENT_NONE;
    const ChartRange everything = {-LINE_BEYOND, 1 + LINE_BEYOND};
    for (int part = 0; part < LINE_PARTS; part++) {
        double at[LINE_POINTS], values[LINE_POINTS];
        const int n = known_of(chart, part, at, values);
        if (n == 0) continue;
        const ChartLine line = {.last = n - 1, .values = values, .places = at};
        /* Between the ends all is in sight; beyond them it may leave the picture. */
        chart_line_measure(&line, (ChartRange){0, 1}, &extent);
    }
    chart->plot.x = everything;
    chart->plot.y = chart_range(&extent, false, true);
    chart->plot.y.low = 0;
    chart->plot.y.high = fmax(chart->plot.y.high, chart->errors ? 1 : 0);
}

static void draw_ends(const Chart *chart, const int racers[2]) {
    const Rect *rect = &chart->plot.rect;
    for (int end = 0; end < 2; end++) {
        const float x = chart_plot_x(&chart->plot, end);
        const Colour colour = subject_racer_colour(chart->subject, racers[end]);
        canvas_segments(chart->canvas, (Point[]){{x, rect->y}, {x, rect->y + rect->height}}, 1, 1.3f,
            colour_with_alpha(colour, 0.75f));
    }
}

/* The barrier's height as an upright line from the straight one to the highest point. */
static void draw_barrier(const Chart *chart) {
    const double *values =
        chart->errors ? chart->line->errors[LINE_TRAINING] : chart->line->losses[LINE_TRAINING];
    const double *at = chart->line->at, unit = chart->errors ? 100 : 1;
    const LineBarrier barrier = landscape_line_barrier(at, values);
    if (barrier.point < 0 || !(barrier.height > 0)) return;
    const Theme *theme = chart->subject->theme;
    const double from = value_at(at, values, 0), to = value_at(at, values, 1), place = at[barrier.point];
    const Point ends[] = {{chart_plot_x(&chart->plot, 0), chart_plot_y(&chart->plot, unit * from)},
        {chart_plot_x(&chart->plot, 1), chart_plot_y(&chart->plot, unit * to)}};
    const float x = chart_plot_x(&chart->plot, place);
    const float foot = chart_plot_y(&chart->plot, unit * ((1 - place) * from + place * to));
    const float top = chart_plot_y(&chart->plot, unit * values[barrier.point]);
    canvas_polyline(chart->canvas, ends, 2, 1, theme->faint);
    if (foot - top < 6) return;
    canvas_segments(chart->canvas,
        (Point[]){{x, foot}, {x, top}, {x - 4, top}, {x + 4, top}, {x - 4, foot}, {x + 4, foot}}, 3, 1.3f,
        theme->warning);
}

static void draw_lines(const Chart *chart) {
    const Theme *theme = chart->subject->theme;
    for (int part = LINE_PARTS - 1; part >= 0; part--) {
        double at[LINE_POINTS], values[LINE_POINTS];
        const int n = known_of(chart, part, at, values);
        if (n < 2) continue;
        const ChartLine line = {.last = n - 1, .values = values, .places = at};
        const bool solid = part == LINE_TRAINING;
        chart_line_draw(&chart->plot, chart->canvas, &line, n - 1, solid ? LINE_WIDTH : DASHED_WIDTH,
            solid ? DASH_SOLID : DASH_DASHED, solid ? theme->accent : theme->dim);
    }
}

static void draw_heading(const Chart *chart, Rect rect, const char *text, bool parts) {
    static const char *const names[LINE_PARTS] = {"training", "validation"};
    const Theme *theme = chart->subject->theme;
    const float middle = rect.y + 0.5f * TITLE, baseline = text_baseline(middle, SIZE_SMALL);
    canvas_text(chart->canvas, rect.x, baseline, ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, theme->dim, text);
    float end = rect.x + rect.width;
    for (int part = LINE_PARTS - 1; part >= 0 && parts; part--) {
        if (part == LINE_VALIDATION && isnan(chart->line->losses[part][0])) continue;
        const float width = canvas_text_width(chart->canvas, FONT_TEXT, SIZE_MONO, names[part]);
        if (end - width - 24 < rect.x + 60) return;
        canvas_text(chart->canvas, end, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_TEXT, SIZE_MONO,
            theme->faint, names[part]);
        const Point sample[] = {{end - width - 23, roundf(middle)}, {end - width - 5, roundf(middle)}};
        dash_polyline(chart->canvas, sample, 2, DASHED_WIDTH,
            part == LINE_TRAINING ? DASH_SOLID : DASH_DASHED, theme->faint);
        end -= width + 38;
    }
}

static void draw_chart(Chart *chart, Rect rect, Rect whole, const int racers[2]) {
    chart->plot.rect = (Rect){rect.x + TICK_WIDTH, rect.y + TITLE, fmaxf(rect.width - TICK_WIDTH - 4, 1),
        fmaxf(rect.height - TITLE - FOOT, 1)};
    const Rect *plot = &chart->plot.rect;
    const ChartAxisLook look = {chart->subject->theme, chart->subject->printed};
    find_range(chart);
    draw_heading(chart, (Rect){plot->x, rect.y, plot->width, TITLE},
        chart->errors ? "wrong classes, %" : "loss", !chart->errors);
    chart_axis_y(&chart->plot, chart->canvas, TICK_WIDTH - 6, look);
    chart_axis_x(&chart->plot, chart->canvas, 1, false, plot->x + plot->width, look);
    canvas_set_clip(chart->canvas, (Rect){plot->x, plot->y - 4, plot->width, plot->height + 8});
    draw_ends(chart, racers);
    draw_barrier(chart);
    draw_lines(chart);
    canvas_set_clip(chart->canvas, whole);
}

/* Whom the two upright lines stand for. */
static void draw_names(const Chart *chart, Rect rect, const int racers[2]) {
    const Subject *subject = chart->subject;
    const float middle = rect.y + 0.5f * rect.height,
                apart = chart_plot_x(&chart->plot, 1) - chart_plot_x(&chart->plot, 0);
    for (int end = 0; end < 2; end++) {
        const float x = chart_plot_x(&chart->plot, end);
        const char *name =
            racers[0] == racers[1] && end == 0 ? "start" : subject_racer_title(subject, racers[end]);
        marker_draw(chart->canvas, subject_racer_marker(subject, racers[end]), (Point){x, middle}, 4.5f,
            subject_racer_colour(subject, racers[end]), 0, subject->theme->marker_edge);
        text_draw_fitted(chart->canvas, x + 10, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_STRONG,
            SIZE_SMALL, subject_racer_text_colour(subject, racers[end]),
            end == 0 ? apart - 20 : rect.x + rect.width - x - 10, name);
    }
}

void landscape_line_draw(
    const LandscapeLine *line, Canvas *canvas, Rect rect, const Subject *subject, const int racers[2]) {
    Rect inner = {rect.x + PADDING, rect.y, rect.width - 2 * PADDING, rect.height};
    if (inner.width <= TICK_WIDTH || inner.height <= 2 * (TITLE + FOOT)) return;
    canvas_set_clip(canvas, rect);
    bool errors = false;
    for (int i = 0; i < LINE_POINTS; i++) errors |= isfinite(line->errors[LINE_TRAINING][i]);
    Chart chart = {.line = line, .canvas = canvas, .subject = subject};
    const float charts = inner.height - END_LABELS;
    Rect upper = {inner.x, inner.y + END_LABELS, inner.width, errors ? roundf(LOSS_SHARE * charts) : charts};
    draw_chart(&chart, upper, rect, racers);
    draw_names(&chart, (Rect){inner.x, inner.y, inner.width, END_LABELS}, racers);
    if (errors) {
        chart.errors = true;
        draw_chart(&chart, (Rect){inner.x, upper.y + upper.height, inner.width, charts - upper.height}, rect,
            racers);
    }
    canvas_reset_clip(canvas);
}
