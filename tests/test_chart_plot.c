/* The plot of a chart by itself: rows and places, lines with more rows than pixels, numbers of any size,
 * dashes. */
#include "test.h"

#include "chart_plot.h"
#include "record_canvas.h"

#include <stdlib.h>

static void rows_are_found_again(void **state) {
    (void)state;
    uint64_t evaluations[] = {0, 1, 2, 9, 10, 30, 30, 31};
    ChartLine line = {.last = 7, .counts = evaluations, .worth = 0.5};
    static const struct {
        double x;
        int64_t row;
    } cases[] = {
        {-1, 0}, {0, 0}, {0.2, 0}, {0.3, 1}, {2.7, 2}, {2.8, 3}, {9, 4}, {12, 5}, {15.4, 7}, {99, 7}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(chart_line_row(&line, cases[i].x, 7), cases[i].row);
    assert_int_equal(chart_line_row(&line, 99, 3), 3);
}

static void columns_keep_the_extremes(void **state) {
    (void)state;
    enum { ROWS = 20000 };
    double *values = malloc(ROWS * sizeof *values);
    for (int i = 0; i < ROWS; i++) values[i] = 5 + sin(0.001 * i);
    values[7777] = 9; /* a spike one row wide */
    values[12345] = 1;
    values[15000] = NAN;
    ChartLine line = {.last = ROWS - 1, .values = values};
    ChartPlot plot = {.rect = {10, 20, 200, 100}, .x = {0, ROWS - 1}, .y = {0, 10}};
    RecordCanvas *record = record_canvas_create(300, 200);
    chart_line_draw(&plot, record_canvas_canvas(record), &line, ROWS - 1, 1, DASH_SOLID, theme_dark.text);
    assert_int_equal(record_canvas_count(record), 1);
    const Call *call = record_canvas_call(record, 0);
    assert_true(call->n <= 3 * 203 + 1);
    assert_near(call->box.y + 0.5, 20 + 10, 1e-5);
    assert_near(call->box.y + call->box.height - 0.5, 20 + 90, 1e-5);
    assert_near(call->box.x + 0.5, 10, 1e-5);
    assert_near(call->box.width - 1, 200, 1e-5);
    free(values);
    record_canvas_destroy(record);
}

/* A canvas that adds up the areas of polygons. */
typedef struct AreaCanvas {
    Canvas canvas;
    double area;
    int n;
} AreaCanvas;

static void add_area(Canvas *canvas, const Point *points, int n, Colour colour) {
    AreaCanvas *sum = (AreaCanvas *)canvas;
    double twice = 0;
    (void)colour;
    for (int i = 0; i < n; i++) {
        const Point *a = &points[i], *b = &points[(i + 1) % n];
        twice += (double)a->x * (double)b->y - (double)b->x * (double)a->y;
    }
    sum->area += fabs(twice) / 2;
    sum->n++;
}

/* Whether it is drawn whole or in parts, a band has the area of the trapezia between its rows; it ends where
 * a value is missing. */
static void bands_have_their_area(void **state) {
    (void)state;
    static const CanvasMethods methods = {.polygon = add_area};
    enum { ROWS = 41 };
    double low[ROWS], high[ROWS], expected = 0;
    const ChartPlot plot = {.rect = {10.5f, 20, 200, 100}, .x = {0, ROWS - 1}, .y = {-5, 5}};
    for (int i = 0; i < ROWS; i++) {
        low[i] = sin(0.3 * i) - 1;
        high[i] = cos(0.7 * i) + 1.5;
    }
    high[17] = NAN;
    for (int i = 0; i + 1 < ROWS; i++) {
        const double height_px = 10 * (high[i] - low[i] + high[i + 1] - low[i + 1]) / 2;
        if (!isnan(height_px)) expected += 200.0 / (ROWS - 1) * height_px;
    }
    const ChartLine line = {.last = ROWS - 1, .values = low};
    for (int whole = 0; whole < 2; whole++) {
        AreaCanvas sum = {.canvas = {&methods, 300, 200, 1.5f, whole != 0}};
        chart_band_draw(&plot, &sum.canvas, &line, high, ROWS - 1, theme_dark.text);
        assert_near(sum.area, expected, 1e-4);
        assert_true(whole ? sum.n == 2 : sum.n > 10);
    }
}

static void any_values_are_safe(void **state) {
    (void)state;
    double values[] = {NAN, 1, INFINITY, -INFINITY, 1e308, -1e308, 0, -0.0, 5e-324, NAN, NAN, 2};
    enum { ROWS = sizeof values / sizeof *values };
    ChartLine line = {.last = ROWS - 1, .values = values};
    RecordCanvas *record = record_canvas_create(300, 200);
    for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
        for (int64_t last = 0; last < ROWS; last++) {
            line.last = last;
            ChartExtent extent = CHART_EXTENT_NONE;
            chart_line_measure(&line, (ChartRange){0, INFINITY}, &extent);
            for (int bounded = 0; bounded < 2; bounded++) {
                ChartRange y = chart_range(&extent, logarithmic, bounded);
                assert_true(isfinite(y.low) && y.low < y.high);
                ChartPlot plot = {
                    .rect = {10, 20, 200, 100}, .x = {0, 3}, .y = y, .logarithmic = logarithmic};
                Canvas *canvas = record_canvas_canvas(record);
                record_canvas_clear(record);
                chart_line_draw(&plot, canvas, &line, last, 1, DASH_DASHED, theme_dark.text);
                chart_axis_y(&plot, canvas, 40, (ChartAxisLook){&theme_dark, false});
                for (int i = 0; i < record_canvas_count(record); i++) {
                    Rect box = record_canvas_call(record, i)->box;
                    assert_true(isfinite(box.x + box.y + box.width + box.height));
                    assert_true(box.y > -50 && box.y + box.height < 250);
                }
            }
        }
    }
    record_canvas_destroy(record);
}

static void dashes_cover_their_share(void **state) {
    (void)state;
    RecordCanvas *record = record_canvas_create(2000, 100);
    const Point line[] = {{0, 10}, {700, 10}, {NAN, NAN}, {800, 10}, {1500, 10}, {1500, 90}};
    for (Dash dash = DASH_DASHED; dash < DASH_COUNT; dash++) {
        record_canvas_clear(record);
        dash_polyline(record_canvas_canvas(record), line, 6, 2, dash, theme_dark.text);
        int n = record_canvas_count(record), points = 0;
        for (int i = 0; i < n; i++) points += record_canvas_call(record, i)->n;
        assert_true(points > 3 * 1400 / 30 && n < 10); /* each dash: two ends and a break */
    }
    record_canvas_clear(record);
    dash_polyline(record_canvas_canvas(record), line, 6, 2, DASH_SOLID, theme_dark.text);
    assert_int_equal(record_canvas_count(record), 1);
    record_canvas_destroy(record);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_again),
        cmocka_unit_test(columns_keep_the_extremes),
        cmocka_unit_test(bands_have_their_area),
        cmocka_unit_test(any_values_are_safe),
        cmocka_unit_test(dashes_cover_their_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
