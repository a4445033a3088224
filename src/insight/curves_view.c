/* Columns of numbers that grow with the reports, and two plots of them. Pixels and axes are chart_plot's. */
#include "curves_view.h"

#include "chart_read.h"
#include "marker.h"
#include "ticks.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };
static const float TITLE_HEIGHT = 26, FOOT_HEIGHT = 24, TICK_WIDTH = 40, TICK_GAP = 8, LOSS_SHARE = 0.56f;
static const float CHIP_HEIGHT = 18, CHIP_PADDING = 6, LABEL_GAP = 9, LABEL_SHARE = 0.34f;
static const float LABEL_SPACING = 14, VALUES_WIDTH = 92, LINE_WIDTH = 1.6f, DASHED_WIDTH = 1.2f;

static const char *const axis_names[CURVES_AXES] = {"step", "epoch", "examples", "gradients", "time, s"};
static const char *const kind_names[CURVES_KINDS] = {"loss", "error", "gradient"};
static const char *const kind_titles[CURVES_KINDS] = {"loss", "share of wrong classes", "gradient norm"};

/* Reports. */

void curves_view_finish(CurvesView *curves) {
    for (int i = 0; i < RACE_RACERS_MAX; i++) free(curves->curves[i].numbers);
    memset(curves->curves, 0, sizeof curves->curves);
}

void curves_view_begin(CurvesView *curves, const LiveTraining *live) {
    if (!curves->live) curves->axis = CURVES_EPOCHS;
    if (!curves->live) curves->linear[CURVES_ERROR] = true;
    curves->live = live;
    curves->n_curves = live_training_racer_count(live);
    curves->n_read = 0;
    curves->read_place = -1;
    for (int i = 0; i < RACE_RACERS_MAX; i++) {
        curves->curves[i].n = 0;
        curves->curves[i].best = -1;
        curves->curves[i].stopped = false;
    }
}

static const double *column(const Curve *curve, int i) {
    return curve->numbers + (size_t)i * (size_t)curve->room;
}

static const double *values_of(const Curve *curve, CurvesKind kind, CurvesPart part) {
    return column(curve, CURVES_AXES + (int)kind * CURVES_PARTS + (int)part);
}

/* False where memory is out. */
static bool grow(Curve *curve) {
    if (curve->n < curve->room) return true;
    int64_t room = curve->room > 0 ? 2 * curve->room : FIRST_ROOM;
    double *numbers = malloc((size_t)room * CURVE_COLUMNS * sizeof *numbers);
    if (!numbers) return false;
    for (int i = 0; i < CURVE_COLUMNS && curve->n > 0; i++)
        memcpy(numbers + (size_t)i * (size_t)room, column(curve, i), (size_t)curve->n * sizeof *numbers);
    free(curve->numbers);
    curve->numbers = numbers;
    curve->room = room;
    return true;
}

static void add(Curve *curve, const LiveReport *live) {
    const TrainingReport *report = &live->report;
    if (!grow(curve)) return;
    const double row[CURVE_COLUMNS] = {(double)report->step, report->epoch, (double)report->examples,
        (double)live->evaluations, live->seconds, report->training.loss, report->validation.loss,
        report->training.error, report->validation.error, report->grad_norm, NAN};
    for (int i = 0; i < CURVE_COLUMNS; i++)
        curve->numbers[(size_t)i * (size_t)curve->room + (size_t)curve->n] = row[i];
    const double *validation = values_of(curve, CURVES_LOSS, CURVES_VALIDATION);
    if (isfinite(report->validation.loss) &&
        (curve->best < 0 || report->validation.loss < validation[curve->best]))
        curve->best = curve->n;
    curve->stopped = report->status == TRAINING_STOPPED;
    curve->n++;
}

static void read_reports(CurvesView *curves) {
    int64_t n = live_training_report_count(curves->live);
    for (; curves->n_read < n; curves->n_read++) {
        for (int i = 0; i < curves->n_curves; i++) {
            const LiveReport *report = live_training_report(curves->live, curves->n_read, i);
            if (report->is_news) add(&curves->curves[i], report);
        }
    }
}

/* The last row at a step or before; -1: none. */
static int64_t last_row(const Curve *curve, int64_t step) {
    int64_t low = 0, high = curve->n;
    const double *steps = curve->numbers;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (steps[middle] <= (double)step)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

void curves_view_next_axis(CurvesView *curves) {
    curves->axis = (curves->axis + 1) % CURVES_AXES;
}

void curves_view_next_scale(CurvesView *curves) {
    curves->linear[CURVES_LOSS] = !curves->linear[CURVES_LOSS];
}

void curves_view_next_lower(CurvesView *curves) {
    curves->gradient = !curves->gradient;
}

/* One plot of the two. */
typedef struct Pass {
    CurvesView *curves;
    Ui *ui;
    const Subject *subject;
    CurvesKind kind;
    Rect rect;
    ChartPlot *plot;
} Pass;

static ChartLine line_of(const Pass *pass, int racer, CurvesPart part) {
    const Curve *curve = &pass->curves->curves[racer];
    return (ChartLine){.last = curve->n - 1,
        .values = values_of(curve, pass->kind, part),
        .places = column(curve, (int)pass->curves->axis)};
}

static bool is_shown(const Pass *pass, int racer) {
    return pass->curves->curves[racer].n > 0 && subject_racer_visible(pass->subject, racer);
}

/* To what is shown, and all that was reached for the values: the vertical axis stands still. */
static void find_ranges(const Pass *pass) {
    const CurvesView *curves = pass->curves;
    ChartExtent extent = CHART_EXTENT_NONE;
    double end = 0;
    for (int i = 0; i < curves->n_curves; i++) {
        if (!is_shown(pass, i)) continue;
        for (int part = 0; part < CURVES_PARTS; part++) {
            ChartLine line = line_of(pass, i, (CurvesPart)part);
            chart_line_measure(&line, (ChartRange){0, INFINITY}, &extent);
        }
        int64_t row = last_row(&curves->curves[i], pass->subject->step);
        if (row >= 0) end = fmax(end, column(&curves->curves[i], (int)curves->axis)[row]);
    }
    pass->plot->logarithmic = !curves->linear[pass->kind] && extent.low_positive < INFINITY;
    pass->plot->x = (ChartRange){0, end > 0 ? end : 1};
    pass->plot->y = chart_range(&extent, pass->plot->logarithmic, pass->kind == CURVES_ERROR);
    if (pass->kind == CURVES_ERROR && !pass->plot->logarithmic) pass->plot->y.low = 0;
}

static float label_width(const Pass *pass) {
    float widest = pass->curves->read_place >= 0 ? VALUES_WIDTH : 0;
    for (int i = 0; i < pass->curves->n_curves; i++)
        if (is_shown(pass, i))
            widest = fmaxf(widest, canvas_text_width(pass->ui->canvas, FONT_STRONG, SIZE_MONO,
                                       subject_racer_title(pass->subject, i)));
    return LABEL_GAP + fminf(fmaxf(widest, VALUES_WIDTH) + 1, LABEL_SHARE * pass->rect.width);
}

/* Controls. */

static float chip_width(Ui *ui, const char *text) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * CHIP_PADDING;
}

static bool chip(Ui *ui, const char *name, Rect rect, const char *text, const char *tip) {
    return ui_button(ui, name, rect, text, (UiLook){.flat = true, .dim = true, .small = true}, tip);
}

/* "loss  log", and what solid and dashed lines are. */
static void put_title(const Pass *pass) {
    Ui *ui = pass->ui;
    const Theme *theme = pass->subject->theme;
    char name[UI_NAME_BYTES];
    float x = pass->rect.x + CHART_PADDING, middle = pass->rect.y + 0.5f * TITLE_HEIGHT - 2;
    float end = pass->rect.x + pass->rect.width - CHART_PADDING;
    const char *title = kind_titles[pass->kind], *scale = pass->plot->logarithmic ? "log" : "linear";
    if (pass->kind == CURVES_LOSS) {
        text_draw_fitted(ui->canvas, x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
            theme->dim, end - x, title);
        x += canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, title) + 6;
    } else {
        const Rect name_rect = {
            x - CHIP_PADDING, roundf(middle - 0.5f * CHIP_HEIGHT), chip_width(ui, title), CHIP_HEIGHT};
        if (chip(ui, "curves.lower", name_rect, title, "wrong classes, or the norm of the gradient"))
            curves_view_next_lower(pass->curves);
        x += name_rect.width - CHIP_PADDING;
    }
    Rect rect = {x, roundf(middle - 0.5f * CHIP_HEIGHT), chip_width(ui, scale), CHIP_HEIGHT};
    snprintf(name, sizeof name, "curves.%s.scale", kind_names[pass->kind]);
    if (rect.x + rect.width > end) return;
    if (chip(ui, name, rect, scale, "logarithmic or linear"))
        pass->curves->linear[pass->kind] = !pass->curves->linear[pass->kind];
    if (!ui->draws || pass->kind != CURVES_LOSS) return;
    static const char *const parts[CURVES_PARTS] = {"training", "validation"};
    const float sample = 18;
    for (int part = CURVES_PARTS - 1; part >= 0; part--) {
        float width = canvas_text_width(ui->canvas, FONT_TEXT, SIZE_MONO, parts[part]);
        if (end - width - sample - 6 < rect.x + rect.width + 4) return;
        canvas_text(ui->canvas, end, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_TEXT, SIZE_MONO,
            theme->faint, parts[part]);
        Point line[] = {{end - width - sample - 5, roundf(middle)}, {end - width - 5, roundf(middle)}};
        dash_polyline(ui->canvas, line, 2, LINE_WIDTH, part == CURVES_TRAINING ? DASH_SOLID : DASH_DASHED,
            theme->faint);
        end -= width + sample + 16;
    }
}

/* Returns where the numbers of the axis must end. */
static float put_axis_chip(const Pass *pass) {
    Ui *ui = pass->ui;
    const Rect *plot = &pass->plot->rect;
    const char *text = axis_names[pass->curves->axis];
    char name[UI_NAME_BYTES];
    float width = chip_width(ui, text), end = pass->rect.x + pass->rect.width - CHART_PADDING;
    Rect rect = {end + CHIP_PADDING - width,
        roundf(plot->y + plot->height + 0.5f * (FOOT_HEIGHT - CHIP_HEIGHT)), width, CHIP_HEIGHT};
    snprintf(name, sizeof name, "curves.%s.axis", kind_names[pass->kind]);
    if (rect.x >= pass->rect.x &&
        chip(ui, name, rect, text, "by steps, epochs, examples, gradients taken, or measured time"))
        curves_view_next_axis(pass->curves);
    return rect.x;
}

/* Where the pointer is, for both plots. */
static void read_pointer(const Pass *pass) {
    Ui *ui = pass->ui;
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "curves.%s.plot", kind_names[pass->kind]);
    const UiControl *control = ui_control(ui, name, UI_POINTER, pass->plot->rect, NULL);
    const Event *event = ui->event;
    if (!event || event->type != EVENT_POINTER_MOVE) return;
    double before = pass->curves->read_place;
    if (pass->kind == CURVES_LOSS) pass->curves->read_place = -1;
    if (ui_is_hovered(ui, control))
        pass->curves->read_place = fmax(chart_plot_x_at(pass->plot, ui->pointer_x), 0);
    if (pass->curves->read_place != before) ui->changed = true;
}

/* Drawing. */

static bool reads(const Pass *pass) {
    return !pass->subject->still && pass->curves->read_place >= 0;
}

/* The row that a racer is labelled at. */
static int64_t row_of(const Pass *pass, int racer) {
    int64_t last = last_row(&pass->curves->curves[racer], pass->subject->step);
    ChartLine line = line_of(pass, racer, CURVES_TRAINING);
    return reads(pass) && last >= 0 ? chart_line_row(&line, pass->curves->read_place, last) : last;
}

static Point place_of(const Pass *pass, int racer, CurvesPart part, int64_t row) {
    ChartLine line = line_of(pass, racer, part);
    float y = chart_plot_y(pass->plot, line.values[row]);
    const Rect *rect = &pass->plot->rect;
    if (!isnan(y)) y = fminf(fmaxf(y, rect->y), rect->y + rect->height);
    return (Point){chart_plot_x(pass->plot, chart_line_x(&line, row)), y};
}

static void draw_lines(const Pass *pass) {
    const Subject *subject = pass->subject;
    for (int part = CURVES_PARTS - 1; part >= 0; part--) {
        for (int i = 0; i < pass->curves->n_curves; i++) {
            if (!is_shown(pass, i)) continue;
            ChartLine line = line_of(pass, i, (CurvesPart)part);
            int64_t last = last_row(&pass->curves->curves[i], subject->step);
            bool solid = part == CURVES_TRAINING;
            if (last >= 0)
                chart_line_draw(pass->plot, pass->ui->canvas, &line, last,
                    subject_racer_width(subject, i, solid ? LINE_WIDTH : DASHED_WIDTH),
                    solid ? DASH_SOLID : DASH_DASHED, subject_racer_colour(subject, i));
        }
    }
}

/* Ends of lines, and where early stopping found the best. */
static void draw_marks(const Pass *pass) {
    Canvas *canvas = pass->ui->canvas;
    const Subject *subject = pass->subject;
    for (int i = 0; i < pass->curves->n_curves; i++) {
        const Curve *curve = &pass->curves->curves[i];
        int64_t row = is_shown(pass, i) ? row_of(pass, i) : -1;
        if (row < 0) continue;
        Point end = place_of(pass, i, CURVES_TRAINING, row);
        Colour colour = subject_racer_colour(subject, i);
        if (!isnan(end.y))
            marker_draw(canvas, subject_racer_marker(subject, i), end, 2.8f, colour, 0, colour);
        bool is_past = curve->best >= 0 && curve->numbers[curve->best] <= (double)subject->step;
        if (!curve->stopped || !is_past || last_row(curve, subject->step) != curve->n - 1) continue;
        Point best = place_of(pass, i, CURVES_VALIDATION, curve->best);
        if (!isnan(best.y))
            marker_draw(canvas, MARKER_CIRCLE, best, 4.5f, subject->theme->panel, 1.6f, colour);
    }
}

static void draw_label(const Pass *pass, int racer, Point end, float y) {
    const Rect *rect = &pass->rect;
    float x = pass->plot->rect.x + pass->plot->rect.width + LABEL_GAP;
    float room = rect->x + rect->width - CHART_PADDING + 4 - x, baseline = text_baseline(y, SIZE_MONO);
    Colour colour = subject_racer_text_colour(pass->subject, racer);
    if (reads(pass)) {
        char text[2 * NUMBER_BYTES], number[NUMBER_BYTES];
        int64_t row = row_of(pass, racer);
        double validation = line_of(pass, racer, CURVES_VALIDATION).values[row];
        snprintf(text, sizeof text, "%.3g", line_of(pass, racer, CURVES_TRAINING).values[row]);
        snprintf(number, sizeof number, " · %.3g", validation);
        if (!isnan(validation)) strncat(text, number, sizeof text - strlen(text) - 1);
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

static void draw_labels(const Pass *pass) {
    int racers[RACE_RACERS_MAX], n = 0;
    float positions[RACE_RACERS_MAX];
    Point ends[RACE_RACERS_MAX];
    for (int i = 0; i < pass->curves->n_curves; i++) {
        int64_t row = is_shown(pass, i) ? row_of(pass, i) : -1;
        Point end = row >= 0 ? place_of(pass, i, CURVES_TRAINING, row) : (Point){NAN, NAN};
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

static void draw(const Pass *pass, float foot) {
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    Rect plot = pass->plot->rect, clip = pass->ui->clip;
    double unit = 1;
    const ChartAxisLook look = {theme, pass->subject->printed};
    chart_axis_y(pass->plot, canvas, TICK_WIDTH, look);
    chart_axis_x(pass->plot, canvas, unit, pass->curves->axis != CURVES_TIME, foot, look);
    canvas_set_clip(canvas, (Rect){plot.x - 5, plot.y - 5, plot.width + 10, plot.height + 10});
    draw_lines(pass);
    if (reads(pass)) {
        float x = chart_plot_x(pass->plot, pass->curves->read_place);
        canvas_segments(canvas, (Point[]){{x, plot.y}, {x, plot.y + plot.height}}, 1, 1,
            colour_with_alpha(theme->text, 0.35f));
    }
    draw_marks(pass);
    canvas_set_clip(canvas, clip);
    draw_labels(pass);
}

static void pass_plot(CurvesView *curves, Ui *ui, Rect rect, const Subject *subject, CurvesKind kind) {
    Pass pass = {curves, ui, subject, kind, rect, &curves->plots[kind]};
    float left = rect.x + CHART_PADDING + TICK_WIDTH + TICK_GAP;
    float right = rect.x + rect.width - CHART_PADDING - label_width(&pass);
    pass.plot->rect = (Rect){left, rect.y + TITLE_HEIGHT, fmaxf(right - left, 1),
        fmaxf(rect.height - TITLE_HEIGHT - FOOT_HEIGHT, 1)};
    find_ranges(&pass);
    put_title(&pass);
    float foot = put_axis_chip(&pass);
    read_pointer(&pass);
    if (ui->draws) draw(&pass, foot);
}

/* A regression has no wrong classes. */
static bool has_errors(const CurvesView *curves) {
    for (int i = 0; i < curves->n_curves; i++)
        for (int64_t row = 0; row < curves->curves[i].n; row++)
            if (!isnan(values_of(&curves->curves[i], CURVES_ERROR, CURVES_TRAINING)[row])) return true;
    return false;
}

void curves_view(CurvesView *curves, Ui *ui, Rect rect, const Subject *subject) {
    if (rect.width <= 0 || rect.height <= 0) return;
    if (ui->draws) read_reports(curves);
    Rect upper = rect, lower = rect;
    bool both = curves->gradient || has_errors(curves);
    if (both) upper.height = roundf(LOSS_SHARE * rect.height);
    lower.y += upper.height;
    lower.height -= upper.height;
    pass_plot(curves, ui, upper, subject, CURVES_LOSS);
    if (both) pass_plot(curves, ui, lower, subject, curves->gradient ? CURVES_GRADIENT : CURVES_ERROR);
}
