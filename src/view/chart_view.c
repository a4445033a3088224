/* The loss chart. The steps that are shown fill its width; the axis of losses spans the whole race, so that
 * it stands still while the race is played. A racer that diverges leaves it at the top. */
#include "chart_view.h"

#include "marker.h"
#include "ticks.h"
#include "widgets.h"

#include <math.h>

enum { COLUMNS_MAX = 1024 };
static const float PADDING = 12, TITLE_HEIGHT = 26, FOOT_HEIGHT = 24, TICK_WIDTH = 40, TICK_GAP = 8;
static const float LABEL_SHARE = 0.34f, LABEL_SPACING = 14, LABEL_GAP = 9, LINE_WIDTH = 1.6f;
static const double EXPLOSION =
    1e3; /* losses above so many times that of the start do not stretch the axis */
static const double DECADES_MAX = 16, STEPS_LEAST = 20;

/* Where values lie on the canvas. */
typedef struct Plot {
    Rect rect;
    double low, high, floor;
    bool logarithmic;
    double steps;
} Plot;

typedef struct Extent {
    double low, high;    /* of all finite losses */
    double low_positive; /* of what lies above the floor */
} Extent;

static Extent measure(const Subject *subject, double floor) {
    Extent extent = {INFINITY, -INFINITY, INFINITY};
    for (int i = 0; i < race_racer_count(subject->race); i++) {
        const Trace *trace = race_trace(subject->race, i);
        for (int64_t row = 0; row <= trace->last; row++) {
            double loss = trace->loss[row];
            if (!isfinite(loss)) continue;
            extent.low = fmin(extent.low, loss);
            extent.high = fmax(extent.high, loss);
            if (loss > floor) extent.low_positive = fmin(extent.low_positive, loss - floor);
        }
    }
    return extent;
}

static void set_logarithmic_range(ChartView *chart, const Extent *extent, double start) {
    double high = extent->high - chart->floor, above = start - chart->floor;
    if (above > 0) high = fmin(high, EXPLOSION * above);
    if (!(high > 0)) high = 1;
    chart->high = log10(high);
    chart->low = fmax(log10(fmin(extent->low_positive, high)), chart->high - DECADES_MAX);
    double margin = fmax(0.03 * (chart->high - chart->low), 0.02);
    chart->low -= margin;
    chart->high += margin;
}

static void set_linear_range(ChartView *chart, const Extent *extent, double start) {
    double reach = 20 * (1 + fabs(start));
    chart->low = fmax(extent->low, start - reach);
    chart->high = fmin(extent->high, start + reach);
    double margin = 0.05 * (chart->high - chart->low);
    if (!(margin > 0)) margin = 0.5 * fmax(fabs(start), 1);
    chart->low -= margin;
    chart->high += margin;
}

static void update_range(ChartView *chart, const Subject *subject) {
    int64_t done = race_steps_done(subject->race);
    if (chart->high > chart->low && chart->race_version == subject->race_version && chart->steps_done == done)
        return;
    chart->race_version = subject->race_version;
    chart->steps_done = done;
    chart->floor = isfinite(subject->lowest) ? subject->lowest : 0;
    double start = race_trace(subject->race, 0)->loss[0];
    Extent extent = measure(subject, chart->floor);
    if (!(extent.low <= extent.high)) extent = (Extent){0, 1, 1};
    if (!isfinite(start)) start = extent.low;
    chart->logarithmic = isfinite(subject->lowest) || extent.low > 0;
    if (chart->logarithmic)
        set_logarithmic_range(chart, &extent, start);
    else
        set_linear_range(chart, &extent, start);
}

static float plot_x(const Plot *plot, double step) {
    return plot->rect.x + (float)(plot->rect.width * step / plot->steps);
}

/* Values beyond the axis lie a little outside of it, whatever they are. */
static float plot_y(const Plot *plot, double loss) {
    double value = loss;
    if (plot->logarithmic) value = loss > plot->floor ? log10(loss - plot->floor) : plot->low;
    double part = (value - plot->low) / (plot->high - plot->low);
    if (!(part < 1.1)) part = 1.1;
    return plot->rect.y + plot->rect.height * (float)(1 - fmax(part, 0));
}

/* `right`: where the name of the axis ends. */
static void draw_axis_steps(const Plot *plot, Canvas *canvas, float right, const Theme *theme) {
    const char *name = "step";
    float y = text_baseline(plot->rect.y + plot->rect.height + 0.5f * FOOT_HEIGHT, SIZE_MONO);
    float end = right - canvas_text_width(canvas, FONT_MONO, SIZE_MONO, name) - TICK_GAP;
    canvas_text(canvas, right, y, ALIGN_RIGHT, FONT_MONO, SIZE_MONO, theme->dim, name);
    Tick ticks[TICKS_MAX];
    int n = ticks_linear(0, plot->steps, (int)(plot->rect.width / 60) + 1, ticks);
    for (int i = 0; i < n; i++) {
        if (ticks[i].value != floor(ticks[i].value)) continue;
        float x = plot_x(plot, ticks[i].value);
        float half = 0.5f * canvas_text_width(canvas, FONT_MONO, SIZE_MONO, ticks[i].label);
        if (x + half > end) break;
        canvas_text(canvas, x, y, ALIGN_CENTRE, FONT_MONO, SIZE_MONO, theme->dim, ticks[i].label);
    }
}

static void draw_axis_losses(const Plot *plot, Canvas *canvas, const Theme *theme) {
    Tick ticks[TICKS_MAX];
    int wanted = (int)(plot->rect.height / 32) + 1;
    double low = plot->logarithmic ? pow(10, plot->low) : plot->low;
    double high = plot->logarithmic ? pow(10, plot->high) : plot->high;
    int n = plot->logarithmic ? ticks_logarithmic(low, high, wanted, ticks) : 0;
    /* Between two powers of ten a logarithmic axis has the ticks of a linear one. */
    if (n < 2) n = ticks_linear(low, high, wanted, ticks);
    float free_y = INFINITY;
    for (int i = 0; i < n; i++) {
        double value = plot->logarithmic ? log10(ticks[i].value) : ticks[i].value;
        double part = (value - plot->low) / (plot->high - plot->low);
        float y = plot->rect.y + plot->rect.height * (float)(1 - part);
        if (!isfinite(y) || y > free_y) continue;
        free_y = y - LABEL_SPACING;
        canvas_segments(
            canvas, (Point[]){{plot->rect.x, y}, {plot->rect.x + plot->rect.width, y}}, 1, 1, theme->line);
        text_draw_fitted(canvas, plot->rect.x - TICK_GAP, text_baseline(y, SIZE_MONO), ALIGN_RIGHT, FONT_MONO,
            SIZE_MONO, theme->dim, TICK_WIDTH, ticks[i].label);
    }
}

/* Appends the lowest and the highest row of one column of pixels, in the order in which they came. */
static int add_extremes(const Plot *plot, const double *loss, int64_t begin, int64_t end, Point *points) {
    int64_t low = begin, high = begin;
    for (int64_t row = begin + 1; row < end; row++) {
        if (loss[row] < loss[low]) low = row;
        if (loss[row] > loss[high]) high = row;
    }
    int64_t first = low < high ? low : high, second = low < high ? high : low;
    points[0] = (Point){plot_x(plot, (double)first), plot_y(plot, loss[first])};
    if (first == second) return 1;
    points[1] = (Point){plot_x(plot, (double)second), plot_y(plot, loss[second])};
    return 2;
}

/* The line of a racer up to `last`; returns its end. With more rows than pixels each column of pixels gets
 * the span of its rows: nothing that could be seen is lost. */
static Point draw_line(const Plot *plot, Canvas *canvas, const double *loss, int64_t last, Colour colour) {
    Point points[2 * COLUMNS_MAX + 1];
    int n = 0;
    int64_t columns = (int64_t)fminf(fmaxf(plot->rect.width * canvas->scale, 1), COLUMNS_MAX);
    int64_t rows = (int64_t)plot->steps + 1;
    for (int64_t begin = 0, column = 0; begin <= last; column++) {
        int64_t end = rows <= columns ? begin + 1 : (column + 1) * rows / columns;
        if (end > last + 1) end = last + 1;
        n += add_extremes(plot, loss, begin, end, points + n);
        begin = end;
    }
    Point end = {plot_x(plot, (double)last), plot_y(plot, loss[last])};
    points[n++] = end;
    canvas_polyline(canvas, points, n, LINE_WIDTH, colour);
    return end;
}

static void draw_labels(
    const Plot *plot, Canvas *canvas, Rect rect, const Subject *subject, const Point *ends) {
    float positions[RACE_RACERS_MAX];
    int n = race_racer_count(subject->race);
    float x = plot_x(plot, (double)subject->step) + LABEL_GAP;
    for (int i = 0; i < n; i++) positions[i] = fmaxf(ends[i].y, plot->rect.y);
    labels_spread(positions, n, LABEL_SPACING, plot->rect.y - 0.5f * LABEL_SPACING,
        plot->rect.y + plot->rect.height + 3);
    for (int i = 0; i < n; i++) {
        if (isnan(positions[i])) continue;
        Colour colour = subject_racer_colour(subject, i);
        float y = fmaxf(ends[i].y, plot->rect.y);
        if (fabsf(positions[i] - y) > 2 || x - LABEL_GAP > ends[i].x + 1)
            canvas_polyline(canvas, (Point[]){{ends[i].x, y}, {x - 1, positions[i]}}, 2, 1,
                colour_with_alpha(colour, 0.45f));
        text_draw_fitted(canvas, x + 1, text_baseline(positions[i], SIZE_MONO), ALIGN_LEFT, FONT_STRONG,
            SIZE_MONO, colour, rect.x + rect.width - PADDING - x + 4, subject_racer_title(subject, i));
    }
}

/* How much room the labels need to the right of the lines. */
static float label_width(Canvas *canvas, Rect rect, const Subject *subject) {
    float widest = 0;
    for (int i = 0; i < race_racer_count(subject->race); i++)
        widest =
            fmaxf(widest, canvas_text_width(canvas, FONT_STRONG, SIZE_MONO, subject_racer_title(subject, i)));
    return fminf(widest + 1, LABEL_SHARE * rect.width);
}

void chart_view_draw(ChartView *chart, Canvas *canvas, Rect rect, const Subject *subject) {
    if (rect.width <= 0 || rect.height <= 0) return;
    update_range(chart, subject);
    const Theme *theme = subject->theme;
    float left = rect.x + PADDING + TICK_WIDTH + TICK_GAP;
    float right = rect.x + rect.width - PADDING - LABEL_GAP - label_width(canvas, rect, subject);
    Plot plot = {
        .rect = {left, rect.y + TITLE_HEIGHT, fmaxf(right - left, 1),
            fmaxf(rect.height - TITLE_HEIGHT - FOOT_HEIGHT, 1)},
        .low = chart->low,
        .high = chart->high,
        .floor = chart->floor,
        .logarithmic = chart->logarithmic,
        .steps = fmax((double)subject->step, fmin(STEPS_LEAST, (double)race_step_count(subject->race))),
    };
    bool above_lowest = chart->logarithmic && chart->floor != 0;
    float title_y = text_baseline(rect.y + 0.5f * TITLE_HEIGHT - 3, SIZE_MONO);
    canvas_text(canvas, rect.x + PADDING, title_y, ALIGN_LEFT, FONT_MONO, SIZE_MONO, theme->dim,
        above_lowest ? "loss − min" : "loss");
    draw_axis_losses(&plot, canvas, theme);
    draw_axis_steps(&plot, canvas, rect.x + rect.width - PADDING, theme);

    Point ends[RACE_RACERS_MAX];
    canvas_set_clip(canvas, (Rect){rect.x, plot.rect.y - 4, rect.width, plot.rect.height + 8});
    for (int i = 0; i < race_racer_count(subject->race); i++)
        ends[i] = draw_line(&plot, canvas, race_trace(subject->race, i)->loss, subject_row(subject, i),
            subject_racer_colour(subject, i));
    for (int i = 0; i < race_racer_count(subject->race); i++) {
        Point end = {ends[i].x, fmaxf(ends[i].y, plot.rect.y)};
        marker_draw(canvas, subject_racer_marker(subject, i), end, 2.8f, subject_racer_colour(subject, i), 0,
            theme->panel);
    }
    canvas_reset_clip(canvas);
    draw_labels(&plot, canvas, rect, subject, ends);
}
