/* Labels and readings of a chart. While something is read, the labels show the values there instead of names:
 * they have their lines' colours and order, and room beside the plot, which a box over it would cover. */
#include "chart_read.h"

#include "marker.h"
#include "ticks.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float LABEL_SHARE = 0.34f, LABEL_SPACING = 14, LABEL_GAP = 9, VALUE_WIDTH = 78;
static const float END_RADIUS = 2.8f, READ_RADIUS = 3.6f;

/* Where on its line a racer is labelled. */
typedef struct Anchor {
    Point point; /* NAN where there is no label */
    double value;
    int64_t row;
} Anchor;

float chart_read_label_width(const ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject) {
    float widest = VALUE_WIDTH;
    for (int k = 0; k < chart->n_shown; k++)
        widest = fmaxf(widest,
            canvas_text_width(canvas, FONT_STRONG, SIZE_MONO, subject_racer_title(subject, chart->shown[k])));
    return LABEL_GAP + fminf(widest + 1, LABEL_SHARE * rect.width);
}

static double value_at(const ChartView *chart, const Subject *subject, int racer, int64_t row) {
    SeriesSource source = {subject->race, subject->surface, subject->lowest};
    return series_value(&chart->series, &source, racer, row);
}

static Anchor anchor_at(const ChartView *chart, const Subject *subject, int racer, int64_t row) {
    double value = value_at(chart, subject, racer, row);
    Point point = {chart_plot_x(&chart->plot, chart_line_x(&chart->lines[racer], row)),
        chart_plot_y(&chart->plot, value)};
    return (Anchor){point, value, row};
}

/* Its last row in sight. */
static Anchor end_of(const ChartView *chart, const Subject *subject, int racer) {
    const ChartLine *line = &chart->lines[racer];
    int64_t last = subject_row(subject, racer), row = chart_line_row(line, chart->plot.x.high, last);
    while (row > 0 && chart_line_x(line, row) > chart->plot.x.high) row--;
    if (chart_line_x(line, row) < chart->plot.x.low) return (Anchor){{NAN, NAN}, NAN, row};
    return anchor_at(chart, subject, racer, row);
}

/* Where it is when another one is at a row. */
static Anchor beside(
    const ChartView *chart, const Subject *subject, int racer, int other, int64_t other_row) {
    if (racer == other) return anchor_at(chart, subject, racer, other_row);
    double x = chart_line_x(&chart->lines[other], other_row);
    int64_t row = chart_line_row(&chart->lines[racer], x, subject_row(subject, racer));
    return anchor_at(chart, subject, racer, row);
}

static Anchor reading_of(const ChartView *chart, const Subject *subject, int racer) {
    return beside(chart, subject, racer, chart->read_racer, chart->read_row);
}

/* Pointing. */

/* The line that is nearest to a point of the plot. */
static void find_nearest(ChartView *chart, const Subject *subject, float x_px, float y_px) {
    double x = chart_plot_x_at(&chart->plot, x_px);
    float nearest = INFINITY;
    chart->hovered_racer = -1;
    for (int k = 0; k < chart->n_shown; k++) {
        int i = chart->shown[k];
        int64_t row = chart_line_row(&chart->lines[i], x, subject_row(subject, i));
        Anchor anchor = anchor_at(chart, subject, i, row);
        float distance = hypotf(anchor.point.x - x_px, anchor.point.y - y_px);
        if (isnan(distance) ? chart->hovered_racer >= 0 : distance >= nearest) continue;
        if (!isnan(distance)) nearest = distance;
        chart->hovered_racer = i;
        chart->hovered_row = row;
    }
}

static bool is_shown(const ChartView *chart, int racer) {
    for (int k = 0; k < chart->n_shown; k++)
        if (chart->shown[k] == racer) return true;
    return false;
}

static void find_pointed(ChartView *chart, Ui *ui, const UiControl *control, const Subject *subject) {
    int racer = chart->hovered_racer;
    int64_t row = chart->hovered_row;
    const Event *event = ui->event;
    if (event && event->type == EVENT_POINTER_MOVE) chart->reads = false;
    chart->reads = chart->reads && ui_shows_focus(ui, control) && is_shown(chart, racer);
    if (chart->reads) {
        int64_t last = subject_row(subject, racer);
        if (row > last) chart->hovered_row = last;
        return;
    }
    if (ui_is_hovered(ui, control))
        find_nearest(chart, subject, ui->pointer_x, ui->pointer_y);
    else
        chart->hovered_racer = -1;
    if (chart->hovered_racer < 0) chart->hovered_row = -1;
    bool changed = chart->hovered_racer != racer || chart->hovered_row != row;
    if (changed && event && event->type == EVENT_POINTER_MOVE) ui->changed = true;
}

void chart_read_find(ChartView *chart, Ui *ui, const UiControl *control, const Subject *subject) {
    find_pointed(chart, ui, control, subject);
    bool own = chart->hovered_racer >= 0;
    chart->read_racer = own ? chart->hovered_racer : subject->read_racer;
    chart->read_row = own ? chart->hovered_row : subject->read_row;
    if (subject->still || !is_shown(chart, chart->read_racer)) chart->read_racer = -1;
    if (chart->read_racer < 0) return;
    int64_t last = subject_row(subject, chart->read_racer);
    if (chart->read_row > last) chart->read_row = last;
}

void chart_read_move(ChartView *chart, const Subject *subject, int64_t rows, int down) {
    if (!chart->reads) {
        if (chart->hovered_racer < 0) {
            chart->hovered_racer = chart->shown[0];
            chart->hovered_row = subject_row(subject, chart->shown[0]);
        }
        chart->reads = true;
        return;
    }
    int at = 0;
    while (chart->shown[at] != chart->hovered_racer) at++;
    if (down) {
        int to = chart->shown[(at + down + chart->n_shown) % chart->n_shown];
        chart->hovered_row = beside(chart, subject, to, chart->hovered_racer, chart->hovered_row).row;
        chart->hovered_racer = to;
    }
    int64_t row = chart->hovered_row + rows, last = subject_row(subject, chart->hovered_racer);
    chart->hovered_row = row < 0 ? 0 : row > last ? last : row;
}

/* Drawing. */

static bool reads(const ChartView *chart) {
    return chart->read_racer >= 0;
}

static Point into_plot(const ChartPlot *plot, Point point) {
    point.y = fminf(fmaxf(point.y, plot->rect.y), plot->rect.y + plot->rect.height);
    return point;
}

static void draw_crosshair(const ChartView *chart, Canvas *canvas, const Subject *subject) {
    Rect rect = chart->plot.rect;
    Point at = into_plot(&chart->plot, reading_of(chart, subject, chart->read_racer).point);
    Colour colour = colour_with_alpha(subject->theme->text, 0.35f);
    canvas_segments(canvas, (Point[]){{at.x, rect.y}, {at.x, rect.y + rect.height}}, 1, 1, colour);
    if (!isnan(at.y))
        canvas_segments(canvas, (Point[]){{rect.x, at.y}, {rect.x + rect.width, at.y}}, 1, 1, colour);
}

/* The racers that are shown, the one that is pointed at first: where there is no room for all, it has some.
 */
static int by_importance(const ChartView *chart, int order[RACE_RACERS_MAX]) {
    int n = 0;
    if (reads(chart)) order[n++] = chart->read_racer;
    for (int k = 0; k < chart->n_shown; k++)
        if (chart->shown[k] != chart->read_racer) order[n++] = chart->shown[k];
    return n;
}

static void draw_end(const ChartView *chart, Canvas *canvas, const Subject *subject, int racer) {
    Anchor end = end_of(chart, subject, racer);
    if (end.row != subject_row(subject, racer) || isnan(end.point.y)) return;
    Colour colour = subject_racer_colour(subject, racer);
    marker_draw(canvas, subject_racer_marker(subject, racer), into_plot(&chart->plot, end.point), END_RADIUS,
        colour, 0, colour);
}

static void draw_reading(const ChartView *chart, Canvas *canvas, const Subject *subject, int racer) {
    Anchor reading = reading_of(chart, subject, racer);
    if (isnan(reading.point.y)) return;
    bool nearest = racer == chart->read_racer;
    marker_draw(canvas, marker_of_style(subject_racer_style(subject, racer)),
        into_plot(&chart->plot, reading.point), nearest ? READ_RADIUS + 1 : READ_RADIUS,
        subject_racer_colour(subject, racer), 1.5f, nearest ? subject->theme->text : subject->theme->panel);
}

void chart_read_draw_marks(const ChartView *chart, Canvas *canvas, const Subject *subject) {
    int order[RACE_RACERS_MAX], n = by_importance(chart, order);
    if (reads(chart)) draw_crosshair(chart, canvas, subject);
    for (int k = n - 1; k >= 0; k--) draw_end(chart, canvas, subject, order[k]);
    for (int k = n - 1; k >= 0 && reads(chart); k--) draw_reading(chart, canvas, subject, order[k]);
}

static void draw_label(const ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject, int racer,
    Point end, float y) {
    const Rect *plot = &chart->plot.rect;
    float x = plot->x + plot->width + LABEL_GAP, room = rect.x + rect.width - CHART_PADDING - x + 4;
    Colour colour = subject_racer_text_colour(subject, racer);
    float baseline = text_baseline(y, SIZE_MONO);
    if (!reads(chart)) {
        if (fabsf(y - end.y) > 2 || x - LABEL_GAP > end.x + 1)
            canvas_polyline(canvas, (Point[]){end, {x - 1, y}}, 2, 1,
                colour_with_alpha(subject_racer_colour(subject, racer), 0.45f));
        text_draw_fitted(canvas, x + 1, baseline, ALIGN_LEFT, FONT_STRONG, SIZE_MONO, colour, room,
            subject_racer_title(subject, racer));
        return;
    }
    bool nearest = racer == chart->read_racer;
    char text[NUMBER_BYTES];
    snprintf(
        text, sizeof text, "%.4g", value_at(chart, subject, racer, reading_of(chart, subject, racer).row));
    marker_draw(canvas, marker_of_style(subject_racer_style(subject, racer)), (Point){x + 1, y}, END_RADIUS,
        subject_racer_colour(subject, racer), 0, colour);
    text_draw_fitted(canvas, x + 8, baseline, ALIGN_LEFT, FONT_MONO, SIZE_MONO,
        nearest ? subject->theme->text : colour, room - 7, text);
}

void chart_read_draw_labels(const ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject) {
    const Rect *plot = &chart->plot.rect;
    int order[RACE_RACERS_MAX];
    float positions[RACE_RACERS_MAX];
    Point ends[RACE_RACERS_MAX];
    int n = by_importance(chart, order);
    for (int k = 0; k < n; k++) {
        Anchor anchor =
            reads(chart) ? reading_of(chart, subject, order[k]) : end_of(chart, subject, order[k]);
        ends[k] = isnan(anchor.point.y) ? anchor.point : into_plot(&chart->plot, anchor.point);
        positions[k] = ends[k].y;
    }
    labels_spread(positions, n, LABEL_SPACING, plot->y - 0.5f * LABEL_SPACING, plot->y + plot->height + 3);
    for (int k = 0; k < n; k++)
        if (!isnan(positions[k])) draw_label(chart, canvas, rect, subject, order[k], ends[k], positions[k]);
}

void chart_read_draw_title(
    const ChartView *chart, Canvas *canvas, float left, Rect rect, const Subject *subject) {
    if (!reads(chart)) return;
    char text[RACER_LABEL_BYTES + 64];
    int racer = chart->read_racer;
    snprintf(
        text, sizeof text, "%s, step %lld", subject_racer_title(subject, racer), (long long)chart->read_row);
    float right = rect.x + rect.width - CHART_PADDING;
    float baseline = text_baseline(chart->plot.rect.y - 15, SIZE_MONO);
    text_draw_fitted(canvas, right, baseline, ALIGN_RIGHT, FONT_STRONG, SIZE_MONO,
        subject_racer_text_colour(subject, racer), right - left, text);
}
