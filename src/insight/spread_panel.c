/* A curve over the eigenvalues, logarithmic upwards, beside it numbers, and above all one sentence. */
#include "spread_panel.h"

#include "chart_plot.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_LINES = 2, LINES_MAX = 8, LINE_BYTES = 160 };
static const double MARGIN = 0.06; /* of the axis, beyond the ends of the spectrum */
static const double BLUR = 0.35;   /* of a part of the axis */
static const double ABOVE = 0.15;  /* decades of the axis above the curve */
static const double LEAST = 0.12;  /* directions that the axis begins at */
static const float PADDING = 12, TITLE_HEIGHT = 26, FOOT_HEIGHT = 24, TICK_WIDTH = 40, TICK_GAP = 8;
static const float LINE_HEIGHT = 17, WORDS_WIDTH = 250, WORDS_SHARE = 0.42f, WORDS_GAP = 18, RUG = 5;
static const float LINE_WIDTH = 1.6f;

void spread_panel_read(SpreadPanel *panel, const CurvatureSpread *of, size_t dim) {
    const HessianSpread *spread = &of->spread;
    panel->of = of->racer >= 0 ? of : NULL;
    panel->n = panel->of && spread->n > 0 ? SPREAD_CELLS : 0;
    if (panel->n == 0) return;
    double low = fmin(spread->ritz[0].value, 0), high = fmax(spread->ritz[spread->n - 1].value, 0);
    if (!(high > low)) high = low + 1; /* a plain */
    const double margin = MARGIN * (high - low);
    panel->low = low - margin;
    panel->width = (high - low + 2 * margin) / SPREAD_CELLS;
    const double part = panel->width * SPREAD_CELLS / SPREAD_PARTS;
    for (int set = 0; set < SPREAD_SETS; set++) {
        const int n = set == SPREAD_DOWN ? hessian_down(spread) : spread->n;
        double *directions = panel->directions[set];
        spectrum_density(spread->ritz, n, BLUR * part, panel->low, panel->width, SPREAD_CELLS, directions);
        for (int i = 0; i < SPREAD_CELLS; i++) directions[i] *= (double)dim * part;
    }
}

/* Words. */

static int rounded(double count) {
    return (int)lround(count);
}

/* What a class should take from it. */
static void say_place(const CurvatureSpread *of, size_t dim, char out[LINE_BYTES]) {
    const HessianSpread *spread = &of->spread;
    const char *about = spread->exact ? "" : "about ";
    const int down = rounded(spread->down);
    switch (hessian_place(&of->extremes, spread->down)) {
    case HESSIAN_SADDLE:
        snprintf(out, LINE_BYTES, "at a saddle: %s%d of %zu directions lead%s down", about, down, dim,
            down == 1 ? "s" : "");
        break;
    case HESSIAN_VALLEY: snprintf(out, LINE_BYTES, "in a valley: no direction leads down"); break;
    case HESSIAN_SLOPE:
        snprintf(
            out, LINE_BYTES, "not near a critical point: gradient norm %.3g", of->extremes.gradient_norm);
        break;
    }
}

static void say_condition(const HessianExtremes *extremes, char out[LINE_BYTES]) {
    if (extremes->smallest > 0)
        snprintf(out, LINE_BYTES, "condition   %.3g", extremes->largest / extremes->smallest);
    else
        snprintf(out, LINE_BYTES, "condition   none: not all are above 0");
}

static int say_numbers(const CurvatureSpread *of, char lines[LINES_MAX][LINE_BYTES]) {
    const HessianExtremes *extremes = &of->extremes;
    const HessianSpread *spread = &of->spread;
    const char *about = spread->exact ? "" : "≈ ";
    int n = 0;
    snprintf(lines[n++], LINE_BYTES, "largest     %.4g", extremes->largest);
    snprintf(lines[n++], LINE_BYTES, "smallest    %.4g", extremes->smallest);
    snprintf(lines[n++], LINE_BYTES, "negative    %s%d", about, rounded(spread->down));
    snprintf(lines[n++], LINE_BYTES, "flat        %s%d, below 1/%g", about, rounded(spread->flat),
        1 / HESSIAN_FLAT);
    snprintf(lines[n++], LINE_BYTES, "positive    %s%d", about, rounded(spread->up));
    say_condition(extremes, lines[n++]);
    snprintf(lines[n++], LINE_BYTES, "loss        %.4g", extremes->loss);
    snprintf(lines[n++], LINE_BYTES, "gradient    %.3g", extremes->gradient_norm);
    return n;
}

/* The same in as few lines. */
static int say_numbers_shortly(const CurvatureSpread *of, char lines[LINES_MAX][LINE_BYTES]) {
    const HessianExtremes *extremes = &of->extremes;
    const HessianSpread *spread = &of->spread;
    int n = 0;
    snprintf(lines[n++], LINE_BYTES, "%s%d down, %d flat, %d up", spread->exact ? "" : "≈ ",
        rounded(spread->down), rounded(spread->flat), rounded(spread->up));
    snprintf(lines[n++], LINE_BYTES, "from %.4g to %.4g", extremes->smallest, extremes->largest);
    snprintf(lines[n++], LINE_BYTES, "loss %.3g, gradient %.3g", extremes->loss, extremes->gradient_norm);
    if (extremes->smallest > 0)
        snprintf(lines[n++], LINE_BYTES, "condition %.3g", extremes->largest / extremes->smallest);
    return n;
}

/* Takes from *text what fits into a line, broken at a space. */
static void take_line(Canvas *canvas, const char **text, float width, char out[LINE_BYTES]) {
    size_t taken = 0, end = strlen(*text);
    for (size_t i = 0; i <= end; i++) {
        if ((*text)[i] != ' ' && i < end) continue;
        snprintf(out, LINE_BYTES, "%.*s", (int)i, *text);
        if (taken > 0 && canvas_text_width(canvas, FONT_STRONG, SIZE_SMALL, out) > width) break;
        taken = i;
    }
    snprintf(out, LINE_BYTES, "%.*s", (int)taken, *text);
    *text += taken + ((*text)[taken] == ' ');
}

static void draw_words(const SpreadPanel *panel, Ui *ui, Rect rect, const Subject *subject, size_t dim) {
    char sentence[LINE_BYTES], line[LINE_BYTES], lines[LINES_MAX][LINE_BYTES];
    const Theme *theme = subject->theme;
    const float end = rect.y + rect.height;
    float middle = rect.y + 0.5f * LINE_HEIGHT;
    say_place(panel->of, dim, sentence);
    const char *rest = sentence;
    for (int i = 0; i < SENTENCE_LINES && *rest && middle + 0.5f * LINE_HEIGHT <= end; i++) {
        take_line(ui->canvas, &rest, rect.width, line);
        text_draw_fitted(ui->canvas, rect.x, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_STRONG,
            SIZE_SMALL, theme->text, rect.width, line);
        middle += LINE_HEIGHT;
    }
    middle += 5;
    int n = say_numbers(panel->of, lines);
    if (middle + ((float)n - 0.5f) * LINE_HEIGHT > end) n = say_numbers_shortly(panel->of, lines);
    for (int i = 0; i < n && middle + 0.5f * LINE_HEIGHT <= end; i++, middle += LINE_HEIGHT)
        text_draw_fitted(ui->canvas, rect.x, text_baseline(middle, SIZE_MONO), ALIGN_LEFT, FONT_MONO,
            SIZE_MONO, theme->dim, rect.width, lines[i]);
}

/* The curve. */

static double value_at(const SpreadPanel *panel, int cell) {
    return panel->low + (cell + 0.5) * panel->width;
}

static void draw_set(
    const SpreadPanel *panel, const ChartPlot *plot, Canvas *canvas, SpreadSet set, Colour colour) {
    Point points[SPREAD_CELLS + 2];
    const double *directions = panel->directions[set];
    const float bottom = plot->rect.y + plot->rect.height;
    int begin = 0, end = panel->n, n = 1;
    while (begin < end && directions[begin] < LEAST) begin++;
    /* What is blurred beyond 0 does not lead down. */
    while (
        end > begin && (directions[end - 1] < LEAST || (set == SPREAD_DOWN && value_at(panel, end - 1) > 0)))
        end--;
    for (int i = begin; i < end; i++)
        points[n++] = (Point){chart_plot_x(plot, value_at(panel, i)),
            fminf(chart_plot_y(plot, fmax(directions[i], LEAST)), bottom)};
    if (n < 3) return;
    points[0] = (Point){points[1].x, bottom};
    points[n] = (Point){points[n - 1].x, bottom};
    canvas_polygon(canvas, points, n + 1, colour_with_alpha(colour, 0.28f));
    canvas_polyline(canvas, points + 1, n - 1, LINE_WIDTH, colour);
}

/* Each eigenvalue, where they are all known. */
static void draw_rug(const SpreadPanel *panel, const ChartPlot *plot, Canvas *canvas, Colour colour) {
    const HessianSpread *spread = &panel->of->spread;
    Point points[2 * HESSIAN_RITZ_MAX];
    const float bottom = plot->rect.y + plot->rect.height;
    for (int i = 0; i < spread->n; i++) {
        const float x = chart_plot_x(plot, spread->ritz[i].value);
        points[2 * i] = (Point){x, bottom - RUG};
        points[2 * i + 1] = (Point){x, bottom};
    }
    if (spread->exact) canvas_segments(canvas, points, spread->n, 1, colour_with_alpha(colour, 0.8f));
}

static ChartPlot plot_of(const SpreadPanel *panel, Rect rect) {
    double most = 1;
    for (int i = 0; i < panel->n; i++) most = fmax(most, panel->directions[SPREAD_ALL][i]);
    return (ChartPlot){.rect = rect,
        .x = {panel->low, panel->low + panel->width * panel->n},
        .y = {log10(LEAST), log10(most) + ABOVE},
        .logarithmic = true};
}

static void draw_curve(
    const SpreadPanel *panel, Canvas *canvas, const ChartPlot *plot, const Subject *subject) {
    const Theme *theme = subject->theme;
    const Rect *rect = &plot->rect;
    const ChartAxisLook look = {theme, subject->printed};
    const Colour colour = subject_racer_colour(subject, panel->of->racer);
    const float zero = chart_plot_x(plot, 0);
    chart_axis_y(plot, canvas, TICK_WIDTH, look);
    chart_axis_x(plot, canvas, 1, false, rect->x + rect->width + PADDING, look);
    canvas_segments(canvas, (Point[]){{zero, rect->y}, {zero, rect->y + rect->height}}, 1, 1,
        colour_with_alpha(theme->text, 0.35f));
    draw_set(panel, plot, canvas, SPREAD_ALL, colour);
    draw_set(panel, plot, canvas, SPREAD_DOWN, theme->warning);
    draw_rug(panel, plot, canvas, theme->text);
    if (panel->read_x < 0 || subject->still) return;
    canvas_segments(canvas, (Point[]){{panel->read_x, rect->y}, {panel->read_x, rect->y + rect->height}}, 1,
        1, colour_with_alpha(theme->text, 0.35f));
}

/* How many directions lie within half a part of the axis around an eigenvalue: counted, not read off the
 * blurred curve. */
static double directions_around(const SpreadPanel *panel, double value, size_t dim) {
    const HessianSpread *spread = &panel->of->spread;
    const double half = 0.5 * panel->width * SPREAD_CELLS / SPREAD_PARTS;
    double share = 0;
    for (int i = 0; i < spread->n; i++)
        if (fabs(spread->ritz[i].value - value) <= half) share += spread->ritz[i].weight;
    return share * (double)dim;
}

/* What the panel is of, or what is pointed at. */
static void draw_title(const SpreadPanel *panel, Canvas *canvas, const ChartPlot *plot, Rect line,
    const Subject *subject, size_t dim) {
    const CurvatureSpread *of = panel->of;
    char title[LINE_BYTES];
    if (panel->n > 0 && panel->read_x >= 0 && !subject->still) {
        const double value = chart_plot_x_at(plot, panel->read_x);
        const double half = 0.5 * panel->width * SPREAD_CELLS / SPREAD_PARTS;
        snprintf(title, sizeof title, "eigenvalues from %.3g to %.3g: %s%.3g of %zu", value - half,
            value + half, of->spread.exact ? "" : "about ", directions_around(panel, value, dim), dim);
    } else {
        snprintf(title, sizeof title, "directions by their curvature · %s at step %lld · %s",
            subject_racer_title(subject, of->racer), (long long)of->step,
            of->spread.exact ? "all eigenvalues, exact" : "estimated");
    }
    text_draw_fitted(canvas, line.x, text_baseline(line.y + 0.5f * line.height, SIZE_SMALL), ALIGN_LEFT,
        FONT_TEXT, SIZE_SMALL, subject->theme->dim, line.width, title);
}

static void read_pointer(SpreadPanel *panel, Ui *ui, const ChartPlot *plot) {
    const UiControl *control = ui_control(ui, "curvature.spread", UI_POINTER, plot->rect, NULL);
    if (!ui->event || ui->event->type != EVENT_POINTER_MOVE) return;
    const float before = panel->read_x;
    panel->read_x = ui_is_hovered(ui, control) ? ui->pointer_x : -1;
    if (panel->read_x != before) ui->changed = true;
}

void spread_panel(SpreadPanel *panel, Ui *ui, Rect rect, const Subject *subject, size_t dim) {
    const float left = rect.x + PADDING, right = rect.x + rect.width - PADDING;
    if (!panel->of || right <= left) return;
    const float words = fminf(WORDS_WIDTH, WORDS_SHARE * (right - left));
    const Rect line = {left, rect.y, right - left, TITLE_HEIGHT - 4};
    const ChartPlot plot =
        plot_of(panel, (Rect){left + TICK_WIDTH + TICK_GAP, rect.y + TITLE_HEIGHT,
                           fmaxf(right - left - TICK_WIDTH - TICK_GAP - words - WORDS_GAP, 1),
                           fmaxf(rect.height - TITLE_HEIGHT - FOOT_HEIGHT, 1)});
    read_pointer(panel, ui, &plot);
    if (!ui->draws) return;
    draw_title(panel, ui->canvas, &plot, line, subject, dim);
    if (panel->n == 0) {
        text_draw_fitted(ui->canvas, left, text_baseline(rect.y + 1.5f * TITLE_HEIGHT, SIZE_SMALL),
            ALIGN_LEFT, FONT_TEXT, SIZE_SMALL, subject->theme->dim, right - left,
            "it has diverged: nothing is finite");
        return;
    }
    draw_curve(panel, ui->canvas, &plot, subject);
    draw_words(panel, ui, (Rect){right - words, rect.y + TITLE_HEIGHT, words, rect.height - TITLE_HEIGHT},
        subject, dim);
}
