/* Where values lie and how lines are drawn with fewer points than they have rows. Which lines there are is up
 * to chart_view. */
#include "chart_plot.h"

#include "ticks.h"
#include "widgets.h"

#include <math.h>

enum { COLUMNS_MAX = 2048 };
static const float PART_PX = 16;     /* device pixels */
static const double EXPLOSION = 1e3; /* values above so many times the first ones do not stretch the axis */
static const double REACH = 20;      /* the same for a linear axis */
static const double DECADES_MAX = 16;
static const double LARGEST = 1e300; /* so that the difference of two values is a number */
static const double BEYOND = 0.1;    /* of the axis: where what is outside of it lies */
static const float TICK_SPACING = 14, TICK_GAP = 8, PRINTED_GRID = 0.6f;
static const float PX_PER_TICK_X = 60, PX_PER_TICK_Y = 32, FOOT_MIDDLE = 12;

float chart_plot_x(const ChartPlot *plot, double x) {
    double part = (x - plot->x.low) / (plot->x.high - plot->x.low);
    return plot->rect.x + plot->rect.width * (float)fmin(fmax(part, -1e4), 1e4);
}

float chart_plot_y(const ChartPlot *plot, double value) {
    if (isnan(value)) return NAN;
    bool below = plot->logarithmic && !(value > 0);
    double at = plot->logarithmic ? log10(value) : value;
    double part = below ? 0 : (at - plot->y.low) / (plot->y.high - plot->y.low);
    return plot->rect.y + plot->rect.height * (float)(1 - fmin(fmax(part, -BEYOND), 1 + BEYOND));
}

double chart_plot_x_at(const ChartPlot *plot, float x_px) {
    double part = (double)(x_px - plot->rect.x) / (double)plot->rect.width;
    return plot->x.low + part * (plot->x.high - plot->x.low);
}

double chart_plot_value_at(const ChartPlot *plot, float y_px) {
    double part = 1 - (double)(y_px - plot->rect.y) / (double)plot->rect.height;
    double at = plot->y.low + part * (plot->y.high - plot->y.low);
    return plot->logarithmic ? pow(10, at) : at;
}

double chart_line_x(const ChartLine *line, int64_t row) {
    if (line->places) return line->places[row];
    return line->counts ? line->worth * (double)line->counts[row] : (double)row;
}

int64_t chart_line_row(const ChartLine *line, double x, int64_t last) {
    int64_t low = 0, high = last;
    while (low < high) { /* the first row that is not left of x */
        int64_t middle = low + (high - low) / 2;
        if (chart_line_x(line, middle) < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && x - chart_line_x(line, low - 1) < chart_line_x(line, low) - x ? low - 1 : low;
}

static bool has_row(const ChartLine *line, int64_t row) {
    return !line->series || series_has(line->series, row);
}

void chart_line_measure(const ChartLine *line, ChartRange x, ChartExtent *extent) {
    int64_t last = line->last;
    int64_t begin = chart_line_row(line, x.low, last), end = chart_line_row(line, x.high, last) + 1;
    bool begun = false;
    double low = extent->low, high = extent->high, low_positive = extent->low_positive;
    for (int64_t row = begin; row < end; row++) {
        double value = line->values[row];
        if (!has_row(line, row) || !isfinite(value)) continue;
        if (!begun && value > extent->first) extent->first = value;
        begun = true;
        if (value < low) low = value;
        if (value > high) high = value;
        if (value > 0 && value < low_positive) low_positive = value;
    }
    extent->low = low;
    extent->high = high;
    extent->low_positive = low_positive;
}

static ChartRange logarithmic_range(const ChartExtent *extent, bool bounded) {
    double high = extent->high;
    if (!bounded && extent->first > 0) high = fmin(high, EXPLOSION * extent->first);
    if (!(high > 0)) high = 1;
    ChartRange range = {.high = log10(high)};
    range.low = fmax(log10(fmin(extent->low_positive, high)), range.high - DECADES_MAX);
    double margin = fmax(0.03 * (range.high - range.low), 0.02);
    return (ChartRange){range.low - margin, range.high + margin};
}

static ChartRange linear_range(const ChartExtent *extent, bool bounded) {
    ChartRange range = {fmax(extent->low, -LARGEST), fmin(extent->high, LARGEST)};
    double reach = REACH * (1 + fabs(extent->first));
    if (!bounded) range = (ChartRange){fmax(range.low, -reach), fmin(range.high, reach)};
    double margin = 0.05 * (range.high - range.low);
    if (!(margin > 0)) margin = 0.5 * (fabs(range.high) > 0 ? fabs(range.high) : 1);
    return (ChartRange){range.low - margin, range.high + margin};
}

ChartRange chart_range(const ChartExtent *extent, bool logarithmic, bool bounded) {
    ChartExtent known = *extent;
    if (!(known.low <= known.high)) known = (ChartExtent){0, 1, 1, 1};
    return logarithmic ? logarithmic_range(&known, bounded) : linear_range(&known, bounded);
}

/* The line so far, and the lowest and highest row of the column of pixels that is under way. */
typedef struct Tracer {
    const ChartPlot *plot;
    const ChartLine *line;
    int64_t column, low, high;
    bool begun, broken; /* a column is under way; the line broke off in it or before */
    int n;
    Point points[3 * (COLUMNS_MAX + 3)];
} Tracer;

static void add_row(Tracer *tracer, int64_t row) {
    tracer->points[tracer->n++] = (Point){chart_plot_x(tracer->plot, chart_line_x(tracer->line, row)),
        chart_plot_y(tracer->plot, tracer->line->values[row])};
}

/* Appends the extremes of a column in the order in which they came. */
static void end_column(Tracer *tracer) {
    if (!tracer->begun) return;
    int64_t low = tracer->low, high = tracer->high;
    add_row(tracer, low < high ? low : high);
    if (low != high) add_row(tracer, low < high ? high : low);
    tracer->begun = false;
}

static void begin_column(Tracer *tracer, int64_t row, int64_t column) {
    end_column(tracer);
    if (tracer->broken && tracer->n > 0) tracer->points[tracer->n++] = (Point){NAN, NAN};
    tracer->broken = false;
    tracer->begun = true;
    tracer->low = tracer->high = row;
    tracer->column = column;
}

void chart_line_draw(const ChartPlot *plot, Canvas *canvas, const ChartLine *line, int64_t last, float width,
    Dash dash, Colour colour) {
    Tracer tracer;
    tracer.plot = plot;
    tracer.line = line;
    tracer.n = 0;
    tracer.column = -2;
    tracer.begun = tracer.broken = false;
    const double *values = line->values;
    double columns = (double)fminf(fmaxf(plot->rect.width * canvas->scale, 1), COLUMNS_MAX);
    double per_x = columns / (plot->x.high - plot->x.low);
    int64_t begin = chart_line_row(line, plot->x.low, last), end = chart_line_row(line, plot->x.high, last);
    if (begin > 0) begin--;
    if (end < last) end++;
    for (int64_t row = begin; row <= end; row++) {
        if (!has_row(line, row)) continue;
        if (isnan(values[row])) {
            tracer.broken = true;
            continue;
        }
        double at = (chart_line_x(line, row) - plot->x.low) * per_x;
        int64_t column = at < 0 ? -1 : at > columns ? (int64_t)columns + 1 : (int64_t)at;
        if (column != tracer.column || !tracer.begun) begin_column(&tracer, row, column);
        if (values[row] < values[tracer.low]) tracer.low = row;
        if (values[row] > values[tracer.high]) tracer.high = row;
    }
    end_column(&tracer);
    if (end == last && has_row(line, last) && !isnan(values[last])) add_row(&tracer, last);
    dash_polyline(canvas, tracer.points, tracer.n, width, dash, colour);
}

/* The edges so far, of the pixel columns from the left. */
typedef struct Ribbon {
    int n;
    Point upper[COLUMNS_MAX + 4], lower[COLUMNS_MAX + 4];
} Ribbon;

static float height_at(const Point *edge, int i, float x) {
    const float part = (x - edge[i].x) / (edge[i + 1].x - edge[i].x);
    return edge[i].y + part * (edge[i + 1].y - edge[i].y);
}

/* Upper and lower edge of a part of it, from the left; both are as long. */
static void fill_part(Point *upper, const Point *lower, int n, Canvas *canvas, Colour colour) {
    for (int i = 0; i < n; i++) upper[n + i] = lower[n - 1 - i];
    if (n > 1) canvas_polygon(canvas, upper, 2 * n, colour);
}

/* In parts that end between two pixels, where nothing can be seen of it: what a polygon costs is its edges
 * times its height. Shapes that are kept are whole. */
static void fill_ribbon(Ribbon *ribbon, Canvas *canvas, Colour colour) {
    Point upper[2 * (COLUMNS_MAX + 4)], lower[COLUMNS_MAX + 4];
    const float width = canvas->keeps_shapes ? INFINITY : PART_PX / canvas->scale;
    int n = 0;
    float end = ribbon->n > 0 ? (floorf(ribbon->upper[0].x / width) + 1) * width : 0;
    for (int i = 0; i < ribbon->n; i++) {
        upper[n] = ribbon->upper[i];
        lower[n++] = ribbon->lower[i];
        while (i + 1 < ribbon->n && ribbon->upper[i + 1].x > end) {
            upper[n] = (Point){end, height_at(ribbon->upper, i, end)};
            lower[n++] = (Point){end, height_at(ribbon->lower, i, end)};
            const Point ends[2] = {upper[n - 1], lower[n - 1]};
            fill_part(upper, lower, n, canvas, colour);
            upper[0] = ends[0];
            lower[0] = ends[1];
            n = 1;
            end += width;
        }
    }
    fill_part(upper, lower, n, canvas, colour);
    ribbon->n = 0;
}

static void widen_ribbon(Ribbon *ribbon, float x, float y0, float y1, bool same_column) {
    const float upper = fminf(y0, y1), lower = fmaxf(y0, y1);
    if (!same_column || ribbon->n == 0) {
        ribbon->upper[ribbon->n] = (Point){x, upper};
        ribbon->lower[ribbon->n++] = (Point){x, lower};
        return;
    }
    Point *last_upper = &ribbon->upper[ribbon->n - 1], *last_lower = &ribbon->lower[ribbon->n - 1];
    last_upper->y = fminf(last_upper->y, upper);
    last_lower->y = fmaxf(last_lower->y, lower);
}

void chart_band_draw(const ChartPlot *plot, Canvas *canvas, const ChartLine *line, const double *others,
    int64_t last, Colour colour) {
    Ribbon ribbon = {.n = 0};
    const double columns = (double)fminf(fmaxf(plot->rect.width * canvas->scale, 1), COLUMNS_MAX);
    const double per_x = columns / (plot->x.high - plot->x.low);
    int64_t begin = chart_line_row(line, plot->x.low, last), end = chart_line_row(line, plot->x.high, last);
    int64_t column = -2;
    if (begin > 0) begin--;
    if (end < last) end++;
    for (int64_t row = begin; row <= end; row++) {
        const double x = chart_line_x(line, row), at = (x - plot->x.low) * per_x;
        if (isnan(line->values[row]) || isnan(others[row])) {
            fill_ribbon(&ribbon, canvas, colour);
            continue;
        }
        const int64_t in = at < 0 ? -1 : at > columns ? (int64_t)columns + 1 : (int64_t)at;
        widen_ribbon(&ribbon, chart_plot_x(plot, x), chart_plot_y(plot, line->values[row]),
            chart_plot_y(plot, others[row]), in == column);
        column = in;
    }
    fill_ribbon(&ribbon, canvas, colour);
}

/* A number of an axis, at the left end, middle or right end. */
static void draw_number(Canvas *canvas, float x, float baseline, Align align, float width, const char *label,
    ChartAxisLook look) {
    char printed[FITTED_BYTES];
    if (!look.printed) {
        text_draw_fitted(canvas, x, baseline, align, FONT_MONO, SIZE_MONO, look.theme->dim, width, label);
        return;
    }
    number_print(label, printed);
    canvas_text(canvas, x, baseline, align, FONT_TEXT, SIZE_MONO, look.theme->text, printed);
}

void chart_axis_y(const ChartPlot *plot, Canvas *canvas, float width, ChartAxisLook look) {
    Tick ticks[TICKS_MAX];
    const Rect *rect = &plot->rect;
    int wanted = (int)(rect->height / PX_PER_TICK_Y) + 1;
    double low = plot->logarithmic ? pow(10, plot->y.low) : plot->y.low;
    double high = plot->logarithmic ? pow(10, plot->y.high) : plot->y.high;
    int n = plot->logarithmic ? ticks_logarithmic(low, high, wanted, ticks) : 0;
    /* Between two powers of ten a logarithmic axis has the ticks of a linear one. */
    if (n < 2) n = ticks_linear(low, high, wanted, ticks);
    float free_y = INFINITY;
    for (int i = 0; i < n; i++) {
        float y = chart_plot_y(plot, ticks[i].value);
        if (!isfinite(y) || y > free_y || y < rect->y || y > rect->y + rect->height) continue;
        free_y = y - TICK_SPACING;
        canvas_segments(canvas, (Point[]){{rect->x, y}, {rect->x + rect->width, y}}, 1,
            look.printed ? PRINTED_GRID : 1, look.theme->line);
        draw_number(canvas, rect->x - TICK_GAP, text_baseline(y, SIZE_MONO), ALIGN_RIGHT, width,
            ticks[i].label, look);
    }
}

void chart_axis_x(
    const ChartPlot *plot, Canvas *canvas, double unit, bool whole, float right, ChartAxisLook look) {
    float y = text_baseline(plot->rect.y + plot->rect.height + FOOT_MIDDLE, SIZE_MONO), free_x = -INFINITY;
    Tick ticks[TICKS_MAX];
    int n = ticks_linear(
        plot->x.low / unit, plot->x.high / unit, (int)(plot->rect.width / PX_PER_TICK_X) + 1, ticks);
    for (int i = 0; i < n; i++) {
        if (whole && ticks[i].value != floor(ticks[i].value)) continue;
        float x = chart_plot_x(plot, ticks[i].value * unit);
        float half = 0.5f * canvas_text_width(canvas, FONT_MONO, SIZE_MONO, ticks[i].label);
        if (x - half < free_x) continue;
        if (x + half > right) break;
        free_x = x + half + TICK_GAP;
        draw_number(canvas, x, y, ALIGN_CENTRE, INFINITY, ticks[i].label, look);
    }
}
