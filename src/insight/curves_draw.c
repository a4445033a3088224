/* Lines, bands, marks and labels of the learning curves, and what is said of them in words. */
#include "curves_parts.h"

#include "chart_read.h"
#include "marker.h"
#include "ticks.h"
#include "widgets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const float TICK_WIDTH = 40, LABEL_GAP = 9, LABEL_SHARE = 0.34f, LABEL_SPACING = 14, VALUES_WIDTH = 92;
static const float LINE_WIDTH = 1.6f, DASHED_WIDTH = 1.2f, END_RADIUS = 2.8f, BEST_RADIUS = 4.5f;
static const float BAND_ALPHA[CURVES_PARTS] = {0.22f, 0.12f}, GAP_ALPHA = 0.16f;

void curves_place_text(CurvesAxis axis, double place, char out[CURVES_PLACE_BYTES]) {
    char number[NUMBER_BYTES];
    if (axis == CURVES_STEPS || axis == CURVES_EXAMPLES || axis == CURVES_EVALUATIONS)
        snprintf(number, sizeof number, "%.0f", place);
    else
        snprintf(number, sizeof number, "%.3g", place);
    switch (axis) {
    case CURVES_STEPS: snprintf(out, CURVES_PLACE_BYTES, "step %s", number); break;
    case CURVES_EPOCHS: snprintf(out, CURVES_PLACE_BYTES, "epoch %s", number); break;
    case CURVES_EXAMPLES: snprintf(out, CURVES_PLACE_BYTES, "example %s", number); break;
    case CURVES_EVALUATIONS: snprintf(out, CURVES_PLACE_BYTES, "gradient %s", number); break;
    default: snprintf(out, CURVES_PLACE_BYTES, "%s s", number); break;
    }
}

float curves_label_width(const CurvesPass *pass) {
    float widest = VALUES_WIDTH;
    for (int i = 0; i < pass->curves->data.n_curves; i++)
        if (curves_is_shown(pass, i))
            widest = fmaxf(widest, canvas_text_width(pass->ui->canvas, FONT_STRONG, SIZE_MONO,
                                       subject_racer_title(pass->subject, i)));
    return LABEL_GAP + fminf(widest + 1, LABEL_SHARE * pass->rect.width);
}

/* The row that a racer is labelled at: its last one in sight. */
static int64_t row_of(const CurvesPass *pass, int racer) {
    const int64_t last = curves_last_row(pass, racer);
    const ChartLine line = curves_line(pass, racer, CURVES_TRAINING, CURVES_MIDDLE);
    if (last < 0) return -1;
    if (curves_reads(pass)) return chart_line_row(&line, pass->curves->read_place, last);
    int64_t row = chart_line_row(&line, pass->plot->x.high, last);
    while (row > 0 && chart_line_x(&line, row) > pass->plot->x.high) row--;
    return row;
}

/* Within the plot from below to above; NAN where there is no value, or it is beside the plot. */
static Point place_of(const CurvesPass *pass, int racer, CurvesPart part, int64_t row) {
    const ChartLine line = curves_line(pass, racer, part, CURVES_MIDDLE);
    const Rect *rect = &pass->plot->rect;
    const double x = chart_line_x(&line, row);
    float y = chart_plot_y(pass->plot, line.values[row]);
    if (!isnan(y)) y = fminf(fmaxf(y, rect->y), rect->y + rect->height);
    const bool beside = x < pass->plot->x.low || x > pass->plot->x.high;
    return (Point){chart_plot_x(pass->plot, x), beside ? NAN : y};
}

static int part_count(const CurvesPass *pass) {
    return curves_has_parts(pass->kind) ? CURVES_PARTS : 1;
}

static void draw_bands(const CurvesPass *pass) {
    const CurvesData *data = &pass->curves->data;
    for (int part = part_count(pass) - 1; part >= 0; part--) {
        for (int i = 0; i < data->n_curves; i++) {
            const int64_t last = curves_is_shown(pass, i) ? curves_last_row(pass, i) : -1;
            if (last < 0) continue;
            const ChartLine low = curves_line(pass, i, (CurvesPart)part, CURVES_LOWEST);
            chart_band_draw(pass->plot, pass->ui->canvas, &low,
                curves_data_values(data, i, pass->kind, (CurvesPart)part, CURVES_HIGHEST), last,
                colour_with_alpha(subject_racer_colour(pass->subject, i), BAND_ALPHA[part]));
        }
    }
}

/* From training to validation, of the chosen racer or the only one. */
static void draw_gap(const CurvesPass *pass) {
    const CurvesData *data = &pass->curves->data;
    const int racer = curves_noted_racer(pass);
    int shown = 0;
    for (int i = 0; i < data->n_curves; i++) shown += curves_is_shown(pass, i);
    if (racer < 0 || !curves_has_parts(pass->kind) || (shown > 1 && pass->subject->selected != racer)) return;
    const int64_t last = curves_last_row(pass, racer);
    if (last < 0) return;
    const ChartLine training = curves_line(pass, racer, CURVES_TRAINING, CURVES_MIDDLE);
    chart_band_draw(pass->plot, pass->ui->canvas, &training,
        curves_data_values(data, racer, pass->kind, CURVES_VALIDATION, CURVES_MIDDLE), last,
        colour_with_alpha(subject_racer_colour(pass->subject, racer), GAP_ALPHA));
}

static void draw_lines(const CurvesPass *pass) {
    const Subject *subject = pass->subject;
    for (int part = part_count(pass) - 1; part >= 0; part--) {
        for (int i = 0; i < pass->curves->data.n_curves; i++) {
            const int64_t last = curves_is_shown(pass, i) ? curves_last_row(pass, i) : -1;
            if (last < 0) continue;
            const ChartLine line = curves_line(pass, i, (CurvesPart)part, CURVES_MIDDLE);
            const bool solid = part == CURVES_TRAINING;
            chart_line_draw(pass->plot, pass->ui->canvas, &line, last,
                subject_racer_width(subject, i, solid ? LINE_WIDTH : DASHED_WIDTH),
                solid ? DASH_SOLID : DASH_DASHED, subject_racer_colour(subject, i));
        }
    }
}

/* Zero, where values go to both sides of it. */
static void draw_zero(const CurvesPass *pass) {
    const Rect *rect = &pass->plot->rect;
    const ChartRange *y = &pass->plot->y;
    const float at = chart_plot_y(pass->plot, 0);
    if (curves_has_parts(pass->kind) || pass->plot->logarithmic || !(y->low < 0 && y->high > 0)) return;
    canvas_segments(pass->ui->canvas, (Point[]){{rect->x, at}, {rect->x + rect->width, at}}, 1, 1,
        pass->subject->theme->faint);
}

/* A ring where the validation was best, unless it still gets better. */
static void draw_best(const CurvesPass *pass, int racer, int64_t last) {
    const int64_t best = curves_data_best(&pass->curves->data, racer, last);
    if (best < 0 || best == last || !curves_has_parts(pass->kind)) return;
    const Point at = place_of(pass, racer, CURVES_VALIDATION, best);
    if (!isnan(at.y))
        marker_draw(pass->ui->canvas, MARKER_CIRCLE, at, BEST_RADIUS, pass->subject->theme->panel, 1.6f,
            subject_racer_colour(pass->subject, racer));
}

/* Where the racer that the words are about would have stopped. */
static void draw_stop(const CurvesPass *pass) {
    const CurvesData *data = &pass->curves->data;
    const int racer = curves_noted_racer(pass);
    const int64_t last = racer >= 0 ? curves_last_row(pass, racer) : -1;
    const int64_t stop = racer >= 0 ? curves_data_stop(data, racer, last) : -1;
    if (stop < 0 || pass->kind != curves_data_watched(data)) return;
    const Point at = place_of(pass, racer, CURVES_VALIDATION, stop);
    const Rect *rect = &pass->plot->rect;
    if (isnan(at.y)) return;
    dash_polyline(pass->ui->canvas, (Point[]){{at.x, rect->y}, {at.x, rect->y + rect->height}}, 2, 1,
        DASH_DOTTED, subject_racer_colour(pass->subject, racer));
}

static void draw_marks(const CurvesPass *pass) {
    const Subject *subject = pass->subject;
    for (int i = 0; i < pass->curves->data.n_curves; i++) {
        const int64_t row = curves_is_shown(pass, i) ? row_of(pass, i) : -1;
        if (row < 0) continue;
        const Point end = place_of(pass, i, CURVES_TRAINING, row);
        const Colour colour = subject_racer_colour(subject, i);
        const bool ends = row == curves_last_row(pass, i) || curves_reads(pass);
        if (ends && !isnan(end.y))
            marker_draw(
                pass->ui->canvas, subject_racer_marker(subject, i), end, END_RADIUS, colour, 0, colour);
        draw_best(pass, i, curves_last_row(pass, i));
    }
}

/* "0.31 · 0.42": of training and of validation. */
static void values_text(const CurvesPass *pass, int racer, int64_t row, char *out, size_t out_size) {
    char number[NUMBER_BYTES];
    const double validation = curves_line(pass, racer, CURVES_VALIDATION, CURVES_MIDDLE).values[row];
    snprintf(out, out_size, "%.3g", curves_line(pass, racer, CURVES_TRAINING, CURVES_MIDDLE).values[row]);
    snprintf(number, sizeof number, " · %.3g", validation);
    if (!isnan(validation)) strncat(out, number, out_size - strlen(out) - 1);
}

static void draw_label(const CurvesPass *pass, int racer, Point end, float y) {
    const Rect *rect = &pass->rect;
    const float x = pass->plot->rect.x + pass->plot->rect.width + LABEL_GAP;
    const float room = rect->x + rect->width - CHART_PADDING + 4 - x, baseline = text_baseline(y, SIZE_MONO);
    const Colour colour = subject_racer_text_colour(pass->subject, racer);
    if (curves_reads(pass)) {
        char text[2 * NUMBER_BYTES];
        values_text(pass, racer, row_of(pass, racer), text, sizeof text);
        text_draw_fitted(
            pass->ui->canvas, x + 1, baseline, ALIGN_LEFT, FONT_MONO, SIZE_MONO, colour, room, text);
        return;
    }
    if (fabsf(y - end.y) > 2 || x - LABEL_GAP > end.x + 1)
        canvas_polyline(pass->ui->canvas, (Point[]){end, {x - 1, y}}, 2, 1,
            colour_with_alpha(subject_racer_colour(pass->subject, racer), 0.45f));
    text_draw_fitted(pass->ui->canvas, x + 1, baseline, ALIGN_LEFT, FONT_STRONG, SIZE_MONO, colour, room,
        subject_racer_title(pass->subject, racer));
}

static void draw_labels(const CurvesPass *pass) {
    int racers[RACE_RACERS_MAX], n = 0;
    float positions[RACE_RACERS_MAX];
    Point ends[RACE_RACERS_MAX];
    for (int i = 0; i < pass->curves->data.n_curves; i++) {
        const int64_t row = curves_is_shown(pass, i) ? row_of(pass, i) : -1;
        const Point end = row >= 0 ? place_of(pass, i, CURVES_TRAINING, row) : (Point){NAN, NAN};
        if (isnan(end.y)) continue;
        racers[n] = i;
        ends[n] = end;
        positions[n++] = end.y;
    }
    const Rect *plot = &pass->plot->rect;
    labels_spread(positions, n, LABEL_SPACING, plot->y - 0.5f * LABEL_SPACING, plot->y + plot->height + 3);
    for (int k = 0; k < n; k++)
        if (!isnan(positions[k])) draw_label(pass, racers[k], ends[k], positions[k]);
}

void curves_draw(const CurvesPass *pass, float foot) {
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    const Rect plot = pass->plot->rect, clip = pass->ui->clip;
    const ChartAxisLook look = {theme, pass->subject->printed};
    chart_axis_y(pass->plot, canvas, TICK_WIDTH, look);
    chart_axis_x(pass->plot, canvas, 1, pass->curves->settings.axis != CURVES_TIME, foot, look);
    canvas_set_clip(canvas, (Rect){plot.x - 5, plot.y - 5, plot.width + 10, plot.height + 10});
    draw_zero(pass);
    if (pass->curves->data.source.seeds > 1)
        draw_bands(pass);
    else
        draw_gap(pass);
    draw_stop(pass);
    draw_lines(pass);
    if (curves_reads(pass)) {
        const float x = chart_plot_x(pass->plot, pass->curves->read_place);
        canvas_segments(canvas, (Point[]){{x, plot.y}, {x, plot.y + plot.height}}, 1, 1,
            colour_with_alpha(theme->text, 0.35f));
    }
    chart_drag_draw(&pass->curves->drags[pass->which], pass->plot, canvas, theme);
    draw_marks(pass);
    canvas_set_clip(canvas, clip);
    draw_labels(pass);
}

/* Words. */

static void place_text(const CurvesPass *pass, int racer, int64_t row, char out[CURVES_PLACE_BYTES]) {
    const CurvesAxis axis = pass->curves->settings.axis;
    curves_place_text(axis, curves_data_places(&pass->curves->data, racer, axis)[row], out);
}

enum { NOTE_BYTES = 400, CLAUSE_BYTES = 160 };

/* What follows after the best, as a clause; a short one where there is little room. */
static void stopping_text(
    const CurvesPass *pass, int racer, int64_t last, int64_t best, bool is_short, char out[CLAUSE_BYTES]) {
    const CurvesData *data = &pass->curves->data;
    const CurvesSource *source = &data->source;
    const int64_t stop = curves_data_stop(data, racer, last);
    const bool stops = source->stop != STOP_NEVER && source->seeds == 1;
    char place[CURVES_PLACE_BYTES];
    out[0] = '\0';
    if (stop >= 0) place_text(pass, racer, stop, place);
    if (stop >= 0 && is_short)
        snprintf(out, CLAUSE_BYTES, "; %s at %s", stops ? "stopped" : "patience over", place);
    else if (stop >= 0 && stops)
        snprintf(out, CLAUSE_BYTES, "; stopped at %s, after %d reports without a better one", place,
            source->patience);
    else if (stop >= 0)
        snprintf(out, CLAUSE_BYTES, "; a patience of %d reports would have stopped it at %s",
            source->patience, place);
    else if (best < last)
        snprintf(out, CLAUSE_BYTES, "; since then %" PRId64 " %s%s", last - best,
            last - best == 1 ? "report" : "reports", is_short ? "" : " without a better one");
}

static void note_text(
    const CurvesPass *pass, int racer, int64_t last, int64_t best, bool is_short, char out[NOTE_BYTES]) {
    const CurvesData *data = &pass->curves->data;
    const CurvesKind watched = curves_data_watched(data);
    const double value = curves_data_values(data, racer, watched, CURVES_VALIDATION, CURVES_MIDDLE)[best];
    char place[CURVES_PLACE_BYTES], stopping[CLAUSE_BYTES];
    place_text(pass, racer, best, place);
    stopping_text(pass, racer, last, best, is_short, stopping);
    snprintf(out, NOTE_BYTES, "%.120s: best %svalidation %s %.3g at %s%s",
        subject_racer_title(pass->subject, racer), data->source.seeds > 1 ? "median " : "",
        watched == CURVES_ERROR ? "error" : "loss", value, place, stopping);
}

void curves_draw_note(const CurvesPass *pass, Rect line) {
    const int racer = curves_noted_racer(pass);
    const int64_t last = racer >= 0 ? curves_last_row(pass, racer) : -1;
    const int64_t best = racer >= 0 ? curves_data_best(&pass->curves->data, racer, last) : -1;
    char text[NOTE_BYTES];
    if (best < 0) return;
    note_text(pass, racer, last, best, false, text);
    if (canvas_text_width(pass->ui->canvas, FONT_TEXT, SIZE_SMALL, text) > line.width)
        note_text(pass, racer, last, best, true, text);
    text_draw_fitted(pass->ui->canvas, line.x, text_baseline(line.y + 0.5f * line.height, SIZE_SMALL),
        ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, subject_racer_text_colour(pass->subject, racer), line.width, text);
}
