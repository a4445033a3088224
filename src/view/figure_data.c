/* Numbers out of the views that have drawn a figure. What files they go into is up to record. */
#include "figure_data.h"

#include "level_curves.h"
#include "simplify.h"
#include "viewer_state.h"

#include <math.h>
#include <stdlib.h>

void figure_data_finish(FigureData *data) {
    free(data->lines);
    free(data->points);
    free(data->marks);
    *data = (FigureData){0};
}

/* Room for one more of the array. */
static bool grow(void *array, int n, int *room, size_t size) {
    void **pointer = array;
    if (n < *room) return true;
    int more = *room ? 2 * *room : 256;
    void *larger = realloc(*pointer, (size_t)more * size);
    if (!larger) return false;
    *pointer = larger;
    *room = more;
    return true;
}

static bool add_point(FigureData *data, FigurePoint point) {
    if (!grow(&data->points, data->n_points, &data->points_room, sizeof *data->points)) return false;
    data->points[data->n_points++] = point;
    return true;
}

/* A line of the points since `line.begin`; none where there are none. */
static bool add_line(FigureData *data, FigureLine line) {
    line.end = data->n_points;
    if (line.begin == line.end) return true;
    if (!grow(&data->lines, data->n_lines, &data->lines_room, sizeof *data->lines)) return false;
    data->lines[data->n_lines++] = line;
    return true;
}

/* Lines of equal height. */

static bool add_curve(FigureData *data, const Viewer *viewer, int level, int begin, int end, Point *scratch) {
    const LevelCurves *curves = &viewer->ground.plane.curves;
    const CurvePoint *points = curves->curves[level].points;
    const Camera *camera = &viewer->ground.plane.camera;
    FigureLine line = {.kind = FIGURE_CONTOUR,
        .name = "",
        .level = curves->levels[level],
        .strong = curves->strong[level],
        .begin = data->n_points};
    int n = 0;
    for (int i = begin; i < end; i++) scratch[n++] = (Point){(float)points[i].x, (float)points[i].y};
    n = simplify(scratch, n, SIMPLIFY_TOLERANCE);
    for (int i = 0; i < n; i++) {
        FigurePoint point = {camera_x(camera, (double)scratch[i].x), camera_y(camera, (double)scratch[i].y),
            line.level, -1, false};
        if (!add_point(data, point)) return false;
    }
    return add_line(data, line);
}

static bool add_contours(FigureData *data, const Viewer *viewer) {
    const LevelCurves *curves = &viewer->ground.plane.curves;
    const Camera *camera = &viewer->ground.plane.camera;
    for (int level = 0; level < curves->n_levels; level++) {
        const Curves *of_level = &curves->curves[level];
        Point *scratch = malloc((size_t)of_level->n_points * sizeof *scratch + 1);
        bool good = scratch != NULL;
        for (int i = 0, begin = 0; good && i < of_level->n; begin = of_level->ends[i++])
            good = add_curve(data, viewer, level, begin, of_level->ends[i], scratch);
        free(scratch);
        if (!good) return false;
    }
    for (int i = 0; i < curves->n_labels; i++) {
        if (!grow(&data->marks, data->n_marks, &data->marks_room, sizeof *data->marks)) return false;
        const LevelLabel *label = &curves->labels[i];
        data->marks[data->n_marks++] = (FigureMark){camera_x(camera, (double)label->centre.x),
            camera_y(camera, (double)label->centre.y), label->text};
    }
    return true;
}

/* Racers. */

static FigureLine line_of_racer(const FigureData *data, const Subject *subject, int racer) {
    return (FigureLine){.name = subject_racer_title(subject, racer),
        .colour = subject_racer_colour(subject, racer),
        .dash = subject_racer_dash(subject, racer),
        .begin = data->n_points};
}

static bool is_inside(const Box *box, const double *x) {
    return x[0] >= box->x_min && x[0] <= box->x_max && x[1] >= box->y_min && x[1] <= box->y_max;
}

static bool add_trail(FigureData *data, const Viewer *viewer, int racer) {
    const Subject *subject = &viewer->subject;
    const Trace *trace = race_trace(subject->race, racer);
    const Box box = camera_box(&viewer->ground.plane.camera);
    FigureLine line = line_of_racer(data, subject, racer);
    int64_t last = subject_row(subject, racer);
    line.kind = FIGURE_TRAIL;
    line.width = subject_racer_width(subject, racer, 2);
    for (int64_t row = 0; row <= last; row++) {
        const double *x = trace->x + 2 * row;
        bool inside = is_inside(&box, x);
        bool beside = (row > 0 && is_inside(&box, x - 2)) || (row < last && is_inside(&box, x + 2));
        if ((inside || beside) && !add_point(data, (FigurePoint){x[0], x[1], trace->loss[row], row, !inside}))
            return false;
    }
    return add_line(data, line);
}

static bool add_series(FigureData *data, const Viewer *viewer, int racer) {
    const Subject *subject = &viewer->subject;
    const ChartLine *chart_line = &viewer->chart.lines[racer];
    const ChartRange *range = &viewer->chart.plot.x;
    FigureLine line = line_of_racer(data, subject, racer);
    line.kind = FIGURE_SERIES;
    line.width = subject_racer_width(subject, racer, 2);
    for (int64_t row = 0; row <= subject_row(subject, racer); row++) {
        double x = chart_line_x(chart_line, row), value = chart_line->values[row];
        bool outside = x < range->low || x > range->high;
        if (!isnan(value) && !add_point(data, (FigurePoint){x, value, value, row, outside})) return false;
    }
    return add_line(data, line);
}

static bool gather_plot(FigureData *data, Viewer *viewer) {
    const Subject *subject = &viewer->subject;
    const Box box = camera_box(&viewer->ground.plane.camera);
    data->x[0] = box.x_min, data->x[1] = box.x_max;
    data->y[0] = box.y_min, data->y[1] = box.y_max;
    data->names[0] = subject->surface->axes[0];
    data->names[1] = subject->surface->axes[1];
    bool good = add_contours(data, viewer);
    for (int i = 0; good && i < race_racer_count(subject->race); i++)
        good = !subject_racer_visible(subject, i) || add_trail(data, viewer, i);
    return good;
}

static bool gather_chart(FigureData *data, Viewer *viewer) {
    const ChartView *chart = &viewer->chart;
    const ChartPlot *plot = &chart->plot;
    data->x[0] = plot->x.low, data->x[1] = plot->x.high;
    data->logarithmic = plot->logarithmic;
    data->y[0] = plot->logarithmic ? pow(10, plot->y.low) : plot->y.low;
    data->y[1] = plot->logarithmic ? pow(10, plot->y.high) : plot->y.high;
    data->names[0] = chart->settings.axis == CHART_TIME ? "time, s" : chart_view_axis_name(chart);
    data->names[1] = chart->series.quantity->title;
    bool good = true;
    for (int k = 0; good && k < chart->n_shown; k++) good = add_series(data, viewer, chart->shown[k]);
    return good;
}

bool viewer_gather_figure(Viewer *viewer, Canvas *canvas, Figure figure, FigureData *data) {
    viewer->ground.mode = VIEW_PLANE; /* whatever it is seen from, the numbers are those of the plane */
    viewer_draw_figure(viewer, canvas, figure);
    viewer->subject.printed = true;
    bool good = figure == FIGURE_CHART ? gather_chart(data, viewer) : gather_plot(data, viewer);
    viewer->subject.printed = false;
    return good;
}
