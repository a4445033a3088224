/* Two charts of eigenvalues over time and a panel of one spectrum. What is worked out is live_curvature's
 * affair, pixels and axes are chart_plot's. */
#include "curvature_view.h"

#include "chart_read.h"
#include "marker.h"
#include "ticks.h"
#include "widgets.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double EPOCHS_WHOLE = 4; /* fewer have numbers between */
static const double LIMIT_REACH = 30; /* a limit farther from all sharpness stretches no axis */
static const float HEAD_HEIGHT = 24, TITLE_HEIGHT = 26, FOOT_HEIGHT = 24, TICK_WIDTH = 40, TICK_GAP = 8;
static const float SHARPNESS_SHARE = 0.42f, SMALLEST_SHARE = 0.24f;
static const float CHIP_HEIGHT = 18, CHIP_PADDING = 6, LABEL_GAP = 9, LABEL_SHARE = 0.34f;
static const float LABEL_SPACING = 14, VALUES_WIDTH = 60, LINE_WIDTH = 1.6f, LIMIT_WIDTH = 1.2f;

/* Following. */

void curvature_view_finish(CurvatureView *view) {
    live_curvature_destroy(view->curvature);
    free(view->columns);
    view->curvature = NULL;
    view->columns = NULL;
    view->spread.of = NULL;
}

void curvature_view_begin(CurvatureView *view, LiveTraining *live, const Batch *examples, bool threaded) {
    curvature_view_finish(view);
    view->live = live;
    view->examples = *examples;
    view->threaded = threaded;
    view->problem = status_ok();
    view->read_place = -1;
    view->spread.read_x = -1;
}

void curvature_view_next_axis(CurvatureView *view) {
    view->by_steps = !view->by_steps;
}

static void next_sharpness(CurvatureView *view) {
    view->sharpness = (view->sharpness + 1) % CURVATURE_SHARPNESSES;
}

void curvature_view_next_scale(CurvatureView *view) {
    view->linear = !view->linear;
}

static bool create(CurvatureView *view) {
    if (view->curvature) return true;
    if (view->problem.code != STATUS_OK) return false;
    const size_t racers = (size_t)live_training_racer_count(view->live);
    view->curvature = live_curvature_create(view->live, &view->examples, view->threaded, &view->problem);
    view->columns = calloc(racers, sizeof *view->columns);
    if (view->curvature && !view->columns) status_fail(&view->problem, STATUS_FAILED, "out of memory");
    if (view->problem.code == STATUS_OK) return true;
    curvature_view_finish(view);
    return false;
}

/* The one that is worked on, or the first that is shown. */
static int chosen_racer(const Subject *subject) {
    const int selected = subject->selected;
    if (selected >= 0 && subject_racer_visible(subject, selected)) return selected;
    for (int i = 0; i < subject_racer_count(subject); i++)
        if (subject_racer_visible(subject, i)) return i;
    return -1;
}

void curvature_view_follow(CurvatureView *view, const Subject *subject, double budget_s, bool gently) {
    if (!create(view)) return;
    view->wish = (CurvatureWish){.step = subject->step, .gently = gently, .chosen = chosen_racer(subject)};
    for (int i = 0; i < subject_racer_count(subject); i++)
        view->wish.racers[i] = subject_racer_visible(subject, i);
    bool news = true;
    if (budget_s < INFINITY) {
        live_curvature_work(view->curvature, budget_s);
        news = live_curvature_follow(view->curvature, &view->wish);
    } else {
        live_curvature_finish(view->curvature, &view->wish);
    }
    if (!news) return;
    for (int i = 0; i < subject_racer_count(subject); i++)
        curvature_columns_read(&view->columns[i], view->curvature, view->live, i, subject_racer(subject, i));
    spread_panel_read(
        &view->spread, live_curvature_spread(view->curvature), live_curvature_dim(view->curvature));
}

bool curvature_view_is_behind(const CurvatureView *view) {
    if (view->problem.code != STATUS_OK) return false;
    return !view->curvature || live_curvature_is_behind(view->curvature);
}

/* One chart of the two. */
typedef struct Pass {
    CurvatureView *view;
    Ui *ui;
    const Subject *subject;
    CurvatureKind kind;
    Rect rect;
    ChartPlot *plot;
} Pass;

static const double *places_of(const Pass *pass, int racer) {
    const CurvatureColumns *columns = &pass->view->columns[racer];
    return pass->view->by_steps ? columns->steps : columns->epochs;
}

static ChartLine line_of(const Pass *pass, int racer, bool limit) {
    const CurvatureColumns *columns = &pass->view->columns[racer];
    return (ChartLine){.last = columns->n - 1,
        .values = limit ? columns->limits : columns->values[pass->kind],
        .places = places_of(pass, racer)};
}

static bool is_sharpness(const Pass *pass) {
    return pass->kind < CURVATURE_SHARPNESSES;
}

static bool is_shown(const Pass *pass, int racer) {
    return pass->view->columns[racer].n > 0 && subject_racer_visible(pass->subject, racer);
}

/* The last row at the step that is shown or before; -1: none. */
static int64_t last_row(const Pass *pass, int racer) {
    const CurvatureColumns *columns = &pass->view->columns[racer];
    int n = columns->n;
    while (n > 0 && columns->steps[n - 1] > (double)pass->subject->step) n--;
    return n - 1;
}

/* As far as the sharpness might come there. */
static void reach_limits(const Pass *pass, ChartExtent *extent) {
    const double low = extent->low_positive / LIMIT_REACH, high = extent->high * LIMIT_REACH;
    for (int i = 0; i < subject_racer_count(pass->subject); i++) {
        const CurvatureColumns *columns = &pass->view->columns[i];
        const bool counts = is_shown(pass, i) && curvature_columns_limit(columns, pass->kind);
        for (int k = 0; counts && k < columns->n; k++) {
            const double limit = columns->limits[k];
            if (!(limit >= low && limit <= high)) continue;
            extent->low_positive = fmin(extent->low_positive, limit);
            extent->low = fmin(extent->low, limit);
            extent->high = fmax(extent->high, limit);
        }
    }
}

static void find_ranges(const Pass *pass) {
    ChartExtent extent = CHART_EXTENT_NONE;
    double end = (double)pass->subject->step;
    if (!pass->view->by_steps) end /= (double)live_training_epoch_steps(pass->view->live);
    for (int i = 0; i < subject_racer_count(pass->subject); i++) {
        const ChartLine line = line_of(pass, i, false);
        if (is_shown(pass, i)) chart_line_measure(&line, (ChartRange){0, INFINITY}, &extent);
    }
    if (is_sharpness(pass)) reach_limits(pass, &extent);
    if (pass->kind == CURVATURE_SHARE && extent.low <= extent.high) {
        extent.low_positive = fmin(extent.low_positive, 1);
        extent.high = fmax(extent.high, 1);
    }
    ChartPlot *plot = pass->plot;
    plot->logarithmic = is_sharpness(pass) && !pass->view->linear && extent.low_positive < INFINITY;
    if (pass->kind == CURVATURE_SMALLEST && extent.low <= extent.high) { /* 0 is in sight */
        extent.low = fmin(extent.low, 0);
        extent.high = fmax(extent.high, 0);
    }
    plot->x = (ChartRange){0, end > 0 ? end : 1};
    plot->y = chart_range(&extent, plot->logarithmic, false);
}

static float label_width(const Pass *pass) {
    float widest = VALUES_WIDTH;
    for (int i = 0; i < subject_racer_count(pass->subject); i++)
        if (subject_racer_visible(pass->subject, i))
            widest = fmaxf(widest, canvas_text_width(pass->ui->canvas, FONT_STRONG, SIZE_MONO,
                                       subject_racer_title(pass->subject, i)));
    return LABEL_GAP + fminf(widest + 1, LABEL_SHARE * pass->rect.width);
}

/* Controls. */

/* Of the two, from above. */
static int place_of_chart(const Pass *pass) {
    return is_sharpness(pass) ? 0 : 1;
}

static float chip_width(Ui *ui, const char *text) {
    return ceilf(canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, text)) + 2 * CHIP_PADDING;
}

static bool chip(Ui *ui, const char *name, Rect rect, const char *text, const char *tip) {
    return ui_button(ui, name, rect, text, (UiLook){.flat = true, .dim = true, .small = true}, tip);
}

/* What solid and dashed lines are, from `end` leftwards. */
static void draw_key(const Pass *pass, float begin, float end) {
    static const char *const all_texts[CURVATURE_SHARPNESSES][2] = {
        {"largest eigenvalue, as the method scales gradients", "its limit: 2/lr for descent, 38/lr for Adam"},
        {"largest eigenvalue", "limit of the method: 2/lr for gradient descent"},
        {"largest eigenvalue, scaled, by its limit", "edge of stability"}};
    static const char *const all_short_texts[CURVATURE_SHARPNESSES][2] = {
        {"largest, scaled", "limit"}, {"largest", "limit, 2/lr"}, {"of the limit", "edge"}};
    const char *const *const texts = all_texts[pass->kind], *const *const short_texts =
                                                                all_short_texts[pass->kind];
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    const float sample = 18, gap = 16, middle = pass->rect.y + 0.5f * TITLE_HEIGHT - 2;
    float wanted = 2 * (sample + 5 + gap);
    for (int i = 0; i < 2; i++) wanted += canvas_text_width(canvas, FONT_TEXT, SIZE_MONO, texts[i]);
    const char *const *chosen = wanted <= end - begin ? texts : short_texts;
    for (int i = 1; i >= 0; i--) {
        const float width = canvas_text_width(canvas, FONT_TEXT, SIZE_MONO, chosen[i]);
        if (end - width - sample - 6 < begin) return;
        canvas_text(canvas, end, text_baseline(middle, SIZE_MONO), ALIGN_RIGHT, FONT_TEXT, SIZE_MONO,
            theme->faint, chosen[i]);
        const Point line[] = {{end - width - sample - 5, roundf(middle)}, {end - width - 5, roundf(middle)}};
        dash_polyline(canvas, line, 2, LINE_WIDTH, i == 0 ? DASH_SOLID : DASH_DASHED, theme->faint);
        end -= width + sample + gap;
    }
}

/* Returns where it ends; `end`, with nothing put, where it does not fit. */
static float put_title_chip(const Pass *pass, float x, float end, const char *name, const char *text,
    const char *tip, void (*act)(CurvatureView *view)) {
    const float middle = pass->rect.y + 0.5f * TITLE_HEIGHT - 2;
    const Rect rect = {x, roundf(middle - 0.5f * CHIP_HEIGHT), chip_width(pass->ui, text), CHIP_HEIGHT};
    if (rect.x + rect.width > end) return end;
    if (chip(pass->ui, name, rect, text, tip)) act(pass->view);
    return rect.x + rect.width;
}

static void put_title(const Pass *pass) {
    static const char *const ways[CURVATURE_SHARPNESSES] = {"as scaled", "of the loss", "of its limit"};
    const char *title =
        is_sharpness(pass) ? "sharpness" : "smallest eigenvalue: below 0 a direction leads down";
    Ui *ui = pass->ui;
    const float end = pass->rect.x + pass->rect.width - CHART_PADDING;
    const float middle = pass->rect.y + 0.5f * TITLE_HEIGHT - 2;
    float x = pass->rect.x + CHART_PADDING;
    text_draw_fitted(ui->canvas, x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
        pass->subject->theme->dim, end - x, title);
    if (!is_sharpness(pass)) return;
    x += canvas_text_width(ui->canvas, FONT_TEXT, SIZE_SMALL, title) + 6;
    x = put_title_chip(pass, x, end, "curvature.sharpness", ways[pass->kind],
        "as each method scales its gradients, of the loss itself, or as a share of what is stable",
        next_sharpness);
    x = put_title_chip(pass, x, end, "curvature.scale", pass->plot->logarithmic ? "log" : "linear",
        "logarithmic or linear", curvature_view_next_scale);
    if (ui->draws) draw_key(pass, x + 4, end);
}

/* Returns where the numbers of the axis must end. */
static float put_axis_chip(const Pass *pass) {
    Ui *ui = pass->ui;
    const Rect *plot = &pass->plot->rect;
    const char *text = pass->view->by_steps ? "step" : "epoch";
    const float width = chip_width(ui, text), end = pass->rect.x + pass->rect.width - CHART_PADDING;
    const Rect rect = {end + CHIP_PADDING - width,
        roundf(plot->y + plot->height + 0.5f * (FOOT_HEIGHT - CHIP_HEIGHT)), width, CHIP_HEIGHT};
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "curvature.axis %d", place_of_chart(pass));
    if (rect.x >= pass->rect.x && chip(ui, name, rect, text, "by steps or epochs"))
        curvature_view_next_axis(pass->view);
    return rect.x;
}

/* Where the pointer is, for both charts. */
static void read_pointer(const Pass *pass) {
    Ui *ui = pass->ui;
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "curvature.plot %d", place_of_chart(pass));
    const UiControl *control = ui_control(ui, name, UI_POINTER, pass->plot->rect, NULL);
    const Event *event = ui->event;
    if (!event || event->type != EVENT_POINTER_MOVE) return;
    const double before = pass->view->read_place;
    if (is_sharpness(pass)) pass->view->read_place = -1;
    if (ui_is_hovered(ui, control))
        pass->view->read_place = fmax(chart_plot_x_at(pass->plot, ui->pointer_x), 0);
    if (pass->view->read_place != before) ui->changed = true;
}

/* Drawing. */

static bool reads(const Pass *pass) {
    return !pass->subject->still && pass->view->read_place >= 0;
}

/* The row that a racer is labelled at. */
static int64_t row_of(const Pass *pass, int racer) {
    const int64_t last = last_row(pass, racer);
    const ChartLine line = line_of(pass, racer, false);
    return reads(pass) && last >= 0 ? chart_line_row(&line, pass->view->read_place, last) : last;
}

static Point place_of(const Pass *pass, int racer, int64_t row) {
    const ChartLine line = line_of(pass, racer, false);
    const Rect *rect = &pass->plot->rect;
    float y = chart_plot_y(pass->plot, line.values[row]);
    if (!isnan(y)) y = fminf(fmaxf(y, rect->y), rect->y + rect->height);
    return (Point){chart_plot_x(pass->plot, chart_line_x(&line, row)), y};
}

static void draw_lines(const Pass *pass) {
    const Subject *subject = pass->subject;
    Canvas *canvas = pass->ui->canvas;
    for (int limit = 1; limit >= 0; limit--)
        for (int i = 0; i < subject_racer_count(subject); i++) {
            const bool has_it = !limit || curvature_columns_limit(&pass->view->columns[i], pass->kind);
            const int64_t last = is_shown(pass, i) && has_it ? last_row(pass, i) : -1;
            const ChartLine line = line_of(pass, i, limit);
            if (last >= 0)
                chart_line_draw(pass->plot, canvas, &line, last,
                    subject_racer_width(subject, i, limit ? LIMIT_WIDTH : LINE_WIDTH),
                    limit ? DASH_DASHED : DASH_SOLID, subject_racer_colour(subject, i));
        }
}

static void draw_marks(const Pass *pass) {
    for (int i = 0; i < subject_racer_count(pass->subject); i++) {
        const int64_t row = is_shown(pass, i) ? row_of(pass, i) : -1;
        if (row < 0) continue;
        const Point end = place_of(pass, i, row);
        const Colour colour = subject_racer_colour(pass->subject, i);
        if (!isnan(end.y))
            marker_draw(
                pass->ui->canvas, subject_racer_marker(pass->subject, i), end, 2.8f, colour, 0, colour);
    }
}

/* Names, or while something is pointed at values; a name is pressed to choose its racer. Returns whether it
 * was. */
static bool put_label(const Pass *pass, int racer, Point end, float y) {
    Ui *ui = pass->ui;
    const float x = pass->plot->rect.x + pass->plot->rect.width + LABEL_GAP;
    const float room = pass->rect.x + pass->rect.width - CHART_PADDING + 4 - x;
    const float baseline = text_baseline(y, SIZE_MONO);
    const Colour colour = subject_racer_text_colour(pass->subject, racer);
    if (reads(pass)) {
        char text[NUMBER_BYTES];
        snprintf(text, sizeof text, "%.4g", line_of(pass, racer, false).values[row_of(pass, racer)]);
        text_draw_fitted(ui->canvas, x + 1, baseline, ALIGN_LEFT, FONT_MONO, SIZE_MONO, colour, room, text);
    } else {
        if (fabsf(y - end.y) > 2 || x - LABEL_GAP > end.x + 1)
            canvas_polyline(ui->canvas, (Point[]){end, {x - 1, y}}, 2, 1,
                colour_with_alpha(subject_racer_colour(pass->subject, racer), 0.45f));
        text_draw_fitted(ui->canvas, x + 1, baseline, ALIGN_LEFT, FONT_STRONG, SIZE_MONO, colour, room,
            subject_racer_title(pass->subject, racer));
    }
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "curvature.%d racer %d", place_of_chart(pass), racer + 1);
    const Rect rect = {x - 2, y - 0.5f * LABEL_SPACING, fmaxf(room, 0) + 2, LABEL_SPACING};
    return ui_area(ui, name, rect, NULL);
}

static int put_labels(const Pass *pass) {
    int racers[RACE_RACERS_MAX], n = 0, pressed = -1;
    float positions[RACE_RACERS_MAX];
    Point ends[RACE_RACERS_MAX];
    for (int i = 0; i < subject_racer_count(pass->subject); i++) {
        const int64_t row = is_shown(pass, i) ? row_of(pass, i) : -1;
        const Point end = row >= 0 ? place_of(pass, i, row) : (Point){NAN, NAN};
        if (isnan(end.y)) continue;
        racers[n] = i;
        ends[n] = end;
        positions[n++] = end.y;
    }
    const Rect *plot = &pass->plot->rect;
    labels_spread(positions, n, LABEL_SPACING, plot->y - 0.5f * LABEL_SPACING, plot->y + plot->height + 3);
    for (int k = 0; k < n; k++)
        if (!isnan(positions[k]) && put_label(pass, racers[k], ends[k], positions[k])) pressed = racers[k];
    return pressed;
}

static void draw(const Pass *pass, float foot) {
    Canvas *canvas = pass->ui->canvas;
    const Theme *theme = pass->subject->theme;
    const Rect plot = pass->plot->rect, clip = pass->ui->clip;
    const ChartAxisLook look = {theme, pass->subject->printed};
    chart_axis_y(pass->plot, canvas, TICK_WIDTH, look);
    chart_axis_x(
        pass->plot, canvas, 1, pass->view->by_steps || pass->plot->x.high >= EPOCHS_WHOLE, foot, look);
    canvas_set_clip(canvas, (Rect){plot.x - 5, plot.y - 5, plot.width + 10, plot.height + 10});
    if (pass->kind == CURVATURE_SMALLEST || pass->kind == CURVATURE_SHARE) {
        const float y = chart_plot_y(pass->plot, pass->kind == CURVATURE_SHARE ? 1 : 0);
        const Point line[] = {{plot.x, y}, {plot.x + plot.width, y}};
        dash_polyline(canvas, line, 2, 1, pass->kind == CURVATURE_SHARE ? DASH_DASHED : DASH_SOLID,
            colour_with_alpha(theme->text, pass->kind == CURVATURE_SHARE ? 0.8f : 0.5f));
    }
    draw_lines(pass);
    if (reads(pass)) {
        const float x = chart_plot_x(pass->plot, pass->view->read_place);
        canvas_segments(canvas, (Point[]){{x, plot.y}, {x, plot.y + plot.height}}, 1, 1,
            colour_with_alpha(theme->text, 0.35f));
    }
    draw_marks(pass);
    canvas_set_clip(canvas, clip);
}

static int pass_chart(CurvatureView *view, Ui *ui, Rect rect, const Subject *subject, CurvatureKind kind) {
    const Pass pass = {view, ui, subject, kind, rect, &view->plots[kind]};
    const float left = rect.x + CHART_PADDING + TICK_WIDTH + TICK_GAP;
    const float right = rect.x + rect.width - CHART_PADDING - label_width(&pass);
    pass.plot->rect = (Rect){left, rect.y + TITLE_HEIGHT, fmaxf(right - left, 1),
        fmaxf(rect.height - TITLE_HEIGHT - FOOT_HEIGHT, 1)};
    find_ranges(&pass);
    put_title(&pass);
    const float foot = put_axis_chip(&pass);
    read_pointer(&pass);
    if (ui->draws) draw(&pass, foot);
    return put_labels(&pass);
}

static void append(char text[FITTED_BYTES], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(char text[FITTED_BYTES], const char *format, ...) {
    const size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, FITTED_BYTES - length, format, arguments);
    va_end(arguments);
}

/* What it is of, and who has no limit. */
static void draw_head(const CurvatureView *view, Ui *ui, Rect rect, const Subject *subject) {
    const MlpSpec *network = live_training_network(view->live);
    const int n = live_curvature_examples(view->curvature), all = view->examples.size;
    char text[FITTED_BYTES] = "Hessian of the training loss over ", of_all[32] = "";
    if (n < all) snprintf(of_all, sizeof of_all, " of %d", all);
    append(text, "%s%d%s examples", n < all ? "" : "all ", n, of_all);
    if (network->l2 > 0) append(text, ", with the L2 penalty");
    if (network->dropout > 0) append(text, ", without dropout");
    if (network->label_noise > 0) append(text, ", without label noise");
    int without = 0;
    for (int i = 0; i < subject_racer_count(subject); i++) {
        const bool has_limit = subject_racer(subject, i)->optimizer->stability &&
                               (view->sharpness == CURVATURE_SHARE ||
                                   curvature_columns_limit(&view->columns[i], view->sharpness));
        if (!subject_racer_visible(subject, i) || has_limit) continue;
        append(
            text, "%s%s", without++ == 0 ? " · no limit is known: " : ", ", subject_racer_title(subject, i));
    }
    text_draw_fitted(ui->canvas, rect.x + CHART_PADDING,
        text_baseline(rect.y + 0.5f * rect.height, SIZE_SMALL), ALIGN_LEFT, FONT_TEXT, SIZE_SMALL,
        subject->theme->faint, rect.width - 2 * CHART_PADDING, text);
}

int curvature_view(CurvatureView *view, Ui *ui, Rect rect, const Subject *subject) {
    if (rect.width <= 0 || rect.height <= 0) return -1;
    canvas_fill_rect(ui->canvas, rect, 0, subject->theme->background);
    if (!view->curvature) {
        text_draw_fitted(ui->canvas, rect.x + CHART_PADDING, text_baseline(rect.y + 20, SIZE_SMALL),
            ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, subject->theme->warning, rect.width - 2 * CHART_PADDING,
            view->problem.message);
        return -1;
    }
    const float height = rect.height - HEAD_HEIGHT;
    const Rect head = {rect.x, rect.y + 4, rect.width, HEAD_HEIGHT - 4};
    Rect upper = {rect.x, rect.y + HEAD_HEIGHT, rect.width, roundf(SHARPNESS_SHARE * height)};
    Rect lower = {rect.x, upper.y + upper.height, rect.width, roundf(SMALLEST_SHARE * height)};
    Rect panel = {rect.x, lower.y + lower.height, rect.width, 0};
    panel.height = rect.y + rect.height - panel.y;
    if (ui->draws) draw_head(view, ui, head, subject);
    const int above = pass_chart(view, ui, upper, subject, view->sharpness);
    const int below = pass_chart(view, ui, lower, subject, CURVATURE_SMALLEST);
    spread_panel(&view->spread, ui, panel, subject, live_curvature_dim(view->curvature));
    return above >= 0 ? above : below;
}
