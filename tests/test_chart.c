/* The chart on the recording canvas: what it draws, what it says where a person points, and its zoom. */
#include "test.h"

#include "allocations.h"
#include "chart_stage.h"
#include "window_layout.h"

#include <stdlib.h>
#include <string.h>

static const char *const four[] = {
    "sgd:lr=0.03", "momentum:lr=0.012", "rmsprop:lr=0.05", "adam:lr=0.15", NULL};
static const char *const twelve[] = {"sgd:lr=0.001,label=descent with a rather small rate", "sgd:lr=0.002",
    "momentum:lr=0.0002,label=heavy ball with a long name here", "momentum:lr=0.0005",
    "nesterov:lr=0.0002,label=Νεστέροφ μὲ ἑλληνικά", "nesterov:lr=0.0005", "adagrad",
    "rmsprop:lr=0.01,label=WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "adam:lr=0.05", "adam:lr=0.2",
    "adamw:lr=0.1,label=decoupled weight decay", "adamw:lr=0.01", NULL};
static const char *const diverging[] = {"sgd:lr=0.041", "sgd:lr=5", "momentum:lr=1", "adam:lr=0.15", NULL};

/* Texts. */

/* The chart as large as it is in windows of all sizes, the smallest with type twice as large. */
static void texts_fit(void **state) {
    (void)state;
    static const float windows[][2] = {
        {400, 300}, {640, 400}, {800, 600}, {1280, 800}, {1920, 1080}, {2560, 1440}};
    static const struct {
        const char *surface;
        const char *const *racers;
    } scenes[] = {
        {"ravine", four}, {"rosenbrock", twelve}, {"ravine", diverging}, {"open_saddle", diverging}};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        Canvas window = {.width = windows[i][0], .height = windows[i][1], .scale = 1};
        Rect rect = window_layout(&window, PANEL_SHOWN).chart;
        if (rect.height <= 0) continue; /* the panel has no room for one */
        for (size_t k = 0; k < sizeof scenes / sizeof *scenes; k++) {
            Stage stage = stage_open(scenes[k].surface, scenes[k].racers, rect.width, rect.height);
            for (int quantity = 0; quantity < quantity_count; quantity++) {
                for (ChartAxis axis = 0; axis < CHART_AXES; axis++) {
                    stage.chart.settings = (ChartSettings){.quantity = quantity, .axis = axis};
                    stage.chart.settings.scale = (ChartScale)(quantity + (int)axis) % 3;
                    stage.subject.step = axis == CHART_STEPS ? 3 : STEPS;
                    point_at(&stage, -1, -1);
                    check_texts(&stage, quantity_table[quantity].name);
                    point_at(&stage, 0.5f * rect.width, 0.5f * rect.height);
                    check_texts(&stage, quantity_table[quantity].name);
                    wheel(&stage, 0.4f * rect.width, 0.5f * rect.height, 3, false);
                    check_texts(&stage, quantity_table[quantity].name);
                }
            }
            stage.chart.choosing = true;
            draw(&stage);
            check_texts(&stage, "the list of quantities");
            for (int quantity = 0; quantity < quantity_count; quantity++) {
                SeriesSource source = {stage.race, stage.surface, stage.subject.lowest};
                char name[64];
                snprintf(name, sizeof name, "chart.quantity.%s", quantity_table[quantity].name);
                bool exists = quantity_exists(&quantity_table[quantity], &source);
                if ((ui_find(stage.ui, name) != NULL) != exists)
                    fail_msg("%gx%g: %s", rect.width, rect.height, name);
            }
            stage_close(&stage);
        }
    }
}

static void any_size_is_safe(void **state) {
    (void)state;
    static const float sizes[][2] = {{1, 1}, {16, 9}, {60, 400}, {320, 24}, {5000, 60}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Stage stage = stage_open("ravine", four, sizes[i][0], sizes[i][1]);
        draw(&stage);
        point_at(&stage, 0.5f * sizes[i][0], 0.5f * sizes[i][1]);
        wheel(&stage, 0.5f * sizes[i][0], 0.5f * sizes[i][1], 2, false);
        stage_close(&stage);
    }
}

/* Reading. */

static void pointing_reads_the_row(void **state) {
    (void)state;
    static const char *const quantities[] = {"excess", "gradient", "curvature", "step"};
    Stage stage = stage_open("ravine", four, 340, 240);
    for (int q = 0; q < 4; q++) {
        for (ChartAxis axis = 0; axis < CHART_AXES; axis++) {
            choose(&stage, quantities[q]);
            stage.chart.settings.axis = axis;
            draw(&stage);
            Point on = place(&stage, 1, 40);
            point_at(&stage, on.x, on.y);
            int racer = stage.chart.hovered_racer;
            int64_t row = stage.chart.hovered_row;
            assert_true(racer >= 0);
            if (axis == CHART_STEPS) assert_int_equal(row, 40);
            /* Of all lines none is nearer. */
            Point there = place(&stage, racer, row);
            if (!(hypotf(there.x - on.x, there.y - on.y) <= 1))
                fail_msg("%s: at (%g, %g) row %d of racer %d at (%g, %g) is read", quantities[q], on.x, on.y,
                    (int)row, racer, there.x, there.y);
            char text[40];
            snprintf(text, sizeof text, "%.4g", stage.chart.lines[racer].values[row]);
            if (!says(&stage, text)) fail_msg("'%s' of %s is not there", text, quantities[q]);
            snprintf(text, sizeof text, ", step %d", (int)row);
            assert_true(says(&stage, text));
        }
    }
    point_at(&stage, 2, 2);
    assert_int_equal(stage.chart.hovered_racer, -1);
    assert_false(says(&stage, ", step "));
    stage_close(&stage);
}

/* What another view points at is read here too, and is not told back to it. */
static void other_views_are_followed(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    stage.subject.read_racer = 2;
    stage.subject.read_row = 30;
    draw(&stage);
    char text[40];
    snprintf(text, sizeof text, "%.4g", race_trace(stage.race, 2)->loss[30]);
    assert_true(says(&stage, text) && says(&stage, ", step 30"));
    assert_int_equal(stage.chart.hovered_racer, -1);
    stage.subject.still = true;
    draw(&stage);
    assert_false(says(&stage, ", step 30"));
    stage_close(&stage);
}

/* Only what has been drawn can be pointed at: the rows up to the step that is shown. */
static void the_future_is_not_read(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    stage.subject.step = 50;
    draw(&stage);
    Rect plot = stage.chart.plot.rect;
    point_at(&stage, plot.x + plot.width - 0.5f, plot.y + 40);
    assert_int_equal(stage.chart.hovered_row, 50);
    stage.subject.step = 30;
    draw(&stage);
    assert_int_equal(stage.chart.hovered_row, 30);
    stage_close(&stage);
}

static void the_keyboard_reads_and_zooms(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    draw(&stage);
    key(&stage, KEY_RIGHT, false); /* without the focus it is not ours */
    assert_int_equal(stage.chart.hovered_racer, -1);
    for (int i = 0; i < 10 && strcmp(stage.ui->focus, "chart.plot") != 0; i++) key(&stage, KEY_TAB, false);
    assert_string_equal(stage.ui->focus, "chart.plot");
    key(&stage, KEY_LEFT, false);
    assert_int_equal(stage.chart.hovered_racer, 0);
    assert_int_equal(stage.chart.hovered_row, STEPS);
    key(&stage, KEY_LEFT, false);
    key(&stage, KEY_LEFT, true);
    assert_int_equal(stage.chart.hovered_row, STEPS - 11);
    key(&stage, KEY_DOWN, false);
    assert_int_equal(stage.chart.hovered_racer, 1);
    assert_int_equal(stage.chart.hovered_row, STEPS - 11);
    key(&stage, KEY_UP, false);
    key(&stage, KEY_UP, false);
    assert_int_equal(stage.chart.hovered_racer, 3);
    ChartRange before = stage.chart.plot.x;
    key(&stage, '+', false);
    assert_true(stage.chart.plot.x.high - stage.chart.plot.x.low < 0.7 * (before.high - before.low));
    assert_true(stage.chart.plot.x.low < STEPS - 11 && stage.chart.plot.x.high > STEPS - 11);
    stage.subject.step = STEPS / 2; /* what is read stays in what is shown */
    draw(&stage);
    assert_int_equal(stage.chart.hovered_row, STEPS / 2);
    stage.subject.step = STEPS;
    key(&stage, '0', false);
    assert_near(stage.chart.plot.x.high, before.high, 0);
    key(&stage, KEY_ESCAPE, false);
    assert_int_equal(stage.chart.hovered_racer, -1);
    stage_close(&stage);
}

/* Choosing. */

static void chips_choose(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    draw(&stage);
    assert_true(says(&stage, "loss − min") && says(&stage, "log") && says(&stage, "1e-02"));
    push(&stage, "chart.scale");
    assert_true(says(&stage, "linear") && !says(&stage, "1e-02"));
    assert_false(stage.chart.plot.logarithmic);
    push(&stage, "chart.scale");
    assert_true(stage.chart.plot.logarithmic);
    push(&stage, "chart.axis");
    assert_true(says(&stage, "gradients"));
    push(&stage, "chart.axis");
    assert_true(says(&stage, "time, "));
    push(&stage, "chart.axis");
    assert_true(says(&stage, "step"));
    wheel(&stage, 150, 100, 2, true);
    assert_true(says(&stage, "show all"));
    push(&stage, "chart.quantity");
    push(&stage, "chart.quantity.gradient");
    assert_false(says(&stage, "show all")); /* a part of another quantity's axis means nothing */
    assert_true(says(&stage, "gradient norm") && !stage.chart.choosing);
    push(&stage, "chart.quantity");
    key(&stage, KEY_ESCAPE, false);
    assert_false(stage.chart.choosing);
    int first = stage.chart.settings.quantity, seen = 0;
    do {
        chart_view_next_quantity(&stage.chart, &stage.subject, 1);
        draw(&stage);
        assert_true(says(&stage, quantity_table[stage.chart.settings.quantity].title));
        seen++;
    } while (stage.chart.settings.quantity != first && seen < 100);
    int there = 0;
    for (int i = 0; i < quantity_count; i++) there += quantity_table[i].need != NEEDS_DATA;
    assert_int_equal(seen, there);
    stage_close(&stage);
}

/* A typed formula has no known minimum: the chart shows the loss. */
static void what_is_unknown_is_passed_over(void **state) {
    (void)state;
    Stage stage = stage_open("x^2 + 3*y^2", four, 340, 240);
    draw(&stage);
    assert_true(says(&stage, "loss") && !says(&stage, "loss − min"));
    chart_view_next_quantity(&stage.chart, &stage.subject, 1);
    chart_view_next_quantity(&stage.chart, &stage.subject, 1);
    assert_int_equal(stage.chart.settings.quantity, quantity_find("step"));
    stage_close(&stage);
}

/* The horizontal axis. */

static void by_evaluations(void **state) {
    (void)state;
    static const char *const two[] = {"sgd:lr=0.0005", "sam:lr=0.0005", NULL};
    Stage stage = stage_open("rosenbrock", two, 340, 240);
    stage.chart.settings.axis = CHART_EVALUATIONS;
    draw(&stage);
    assert_near(stage.chart.plot.x.high, 2 * STEPS, 0); /* SAM takes two gradients a step */
    for (int64_t row = 0; row <= STEPS; row += 25) {
        Point sgd = place(&stage, 0, row), sam = place(&stage, 1, row);
        assert_near(sam.x - stage.chart.plot.rect.x, 2 * (sgd.x - stage.chart.plot.rect.x), 1e-4);
    }
    stage_close(&stage);
}

static void by_time(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    stage.chart.settings.axis = CHART_TIME;
    draw(&stage);
    double longest = 0;
    for (int i = 0; i < 4; i++) {
        const ChartLine *line = &stage.chart.lines[i];
        assert_near(chart_line_x(line, STEPS), race_seconds(stage.race, i), 1e-12);
        assert_near(chart_line_x(line, STEPS / 2), 0.5 * race_seconds(stage.race, i), 1e-12);
        longest = fmax(longest, race_seconds(stage.race, i));
    }
    assert_near(stage.chart.plot.x.high, longest, 1e-12);
    race_measure_time(stage.race, false); /* not measured: an axis without extent is safe */
    race_restart(stage.race, NULL);
    race_run(stage.race);
    stage.subject.race_version++;
    draw(&stage);
    point_at(&stage, 150, 100);
    check_texts(&stage, "no time");
    stage_close(&stage);
}

/* Zooming. */

/* By a double click. */
static void show_all(Stage *stage) {
    Rect plot = stage->chart.plot.rect;
    press(stage, plot.x + 9, plot.y + 9, 2, false);
    release(stage, plot.x + 9, plot.y + 9);
    point_at(stage, -1, -1);
}

static void zoom_comes_back(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    uint64_t whole = draw(&stage);
    ChartPlot plot = stage.chart.plot;
    float x = plot.rect.x + 0.3f * plot.rect.width, y = plot.rect.y + 0.6f * plot.rect.height;
    double at = chart_plot_x_at(&plot, x);
    for (int i = 0; i < 4; i++) {
        wheel(&stage, x, y, 1, false);
        assert_near(chart_plot_x_at(&stage.chart.plot, x), at, 1e-4); /* what is under the pointer stays */
    }
    ChartRange range = stage.chart.plot.x;
    assert_near((range.high - range.low) * pow(1.25, 4), plot.x.high, 1e-9);
    assert_true(says(&stage, "show all"));
    for (int i = 0; i < 4; i++) wheel(&stage, x, y, -1, false);
    wheel(&stage, x, y, -1, false);
    point_at(&stage, -1, -1);
    assert_true(draw(&stage) == whole);

    wheel(&stage, plot.rect.x + plot.rect.width, y, 6, false);
    wheel(&stage, plot.rect.x + plot.rect.width - 1, y, -4, false); /* neither beyond the start */
    wheel(&stage, plot.rect.x + 1, y, 6, false);
    wheel(&stage, plot.rect.x + plot.rect.width - 1, y, -4, false);
    assert_true(stage.chart.plot.x.low >= 0 && stage.chart.plot.x.high < STEPS);
    wheel(&stage, plot.rect.x + 1, y, -3, false); /* nor beyond the end */
    assert_true(stage.chart.plot.x.low >= 0 && stage.chart.plot.x.high <= STEPS);
    show_all(&stage);
    assert_true(draw(&stage) == whole);

    double value = chart_plot_value_at(&plot, y);
    wheel(&stage, x, y, 2, true);
    assert_near(log10(chart_plot_value_at(&stage.chart.plot, y)), log10(value), 1e-5);
    assert_near(stage.chart.plot.y.high - stage.chart.plot.y.low, (plot.y.high - plot.y.low) / 1.5625, 1e-9);
    show_all(&stage);
    assert_true(draw(&stage) == whole);

    for (int i = 0; i < 400; i++) wheel(&stage, x, y, 5, i % 2); /* as near as numbers go */
    check_texts(&stage, "very near");
    push(&stage, "chart.all");
    point_at(&stage, -1, -1);
    assert_true(draw(&stage) == whole);
    stage_close(&stage);
}

static void dragging_zooms_to_what_was_dragged_over(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    draw(&stage);
    ChartPlot plot = stage.chart.plot;
    drag(&stage, plot.rect.x + 60, plot.rect.y + 50, plot.rect.x + 20, plot.rect.y + 10, false);
    assert_near(stage.chart.plot.x.low, 20 * STEPS / (double)plot.rect.width, 1e-5);
    assert_near(stage.chart.plot.x.high, 60 * STEPS / (double)plot.rect.width, 1e-5);
    /* The vertical axis follows to what is in sight. */
    double low = INFINITY, high = 0;
    for (int i = 0; i < 4; i++) {
        int64_t first = chart_line_row(&stage.chart.lines[i], stage.chart.plot.x.low, STEPS);
        int64_t last = chart_line_row(&stage.chart.lines[i], stage.chart.plot.x.high, STEPS);
        for (int64_t row = first; row <= last; row++) {
            low = fmin(low, stage.chart.lines[i].values[row]);
            high = fmax(high, stage.chart.lines[i].values[row]);
        }
    }
    assert_true(stage.chart.plot.y.low < log10(low) && stage.chart.plot.y.low > log10(low) - 0.3);
    assert_true(stage.chart.plot.y.high > log10(high) && stage.chart.plot.y.high < log10(high) + 0.3);

    push(&stage, "chart.all");
    drag(&stage, plot.rect.x + 60, plot.rect.y + 50, plot.rect.x + 20, plot.rect.y + 10, true);
    assert_near(stage.chart.plot.y.high, log10(chart_plot_value_at(&plot, plot.rect.y + 10)), 1e-5);
    assert_near(stage.chart.plot.y.low, log10(chart_plot_value_at(&plot, plot.rect.y + 50)), 1e-5);
    assert_near(stage.chart.plot.x.high, STEPS, 0);
    push(&stage, "chart.all");
    drag(&stage, plot.rect.x + 60, plot.rect.y + 50, plot.rect.x + 62, plot.rect.y + 50, false); /* a click */
    assert_near(stage.chart.plot.x.high, STEPS, 0);
    stage_close(&stage);
}

static void decades_have_ticks(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    draw(&stage);
    for (int decade = 0; decade >= -8; decade -= 2) {
        char label[16];
        snprintf(label, sizeof label, "1e%+03d", decade);
        const Call *tick = record_canvas_find_text(stage.record, label);
        float y = chart_plot_y(&stage.chart.plot, pow(10, decade));
        if (y < stage.chart.plot.rect.y || y > stage.chart.plot.rect.y + stage.chart.plot.rect.height)
            continue;
        if (!tick) fail_msg("there is no tick at %s", label);
        assert_true(fabsf(tick->box.y + 0.5f * tick->box.height - y) < 2);
    }
    stage_close(&stage);
}

/* Looks. */

static int lines_of(const Stage *stage, Colour colour) {
    int n = 0;
    for (int i = 0; i < record_canvas_count(stage->record); i++) {
        const Call *call = record_canvas_call(stage->record, i);
        n +=
            call->type == CALL_POLYLINE && call->n > 20 && memcmp(&call->colour, &colour, sizeof colour) == 0;
    }
    return n;
}

static void look(Stage *stage, int racer, RacerLook look) {
    Status status = status_ok();
    RacerSpec spec = *race_spec(stage->race, racer);
    spec.look = look;
    assert_true(race_set_racer(stage->race, racer, &spec, &status));
    race_run(stage->race);
    stage->subject.race_version++;
    draw(stage);
}

static void looks_are_respected(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    const Colour *colours = theme_dark.racers;
    draw(&stage);
    for (int i = 0; i < 4; i++) assert_int_equal(lines_of(&stage, colours[i]), 1);
    look(&stage, 1, (RacerLook){.hidden = true});
    assert_int_equal(lines_of(&stage, colours[1]), 0);
    assert_false(says(&stage, "Momentum"));
    look(&stage, 2, (RacerLook){.solo = true});
    assert_int_equal(lines_of(&stage, colours[0]), 0);
    assert_int_equal(lines_of(&stage, colours[2]), 1);
    look(&stage, 2, (RacerLook){.ghost = true});
    assert_int_equal(lines_of(&stage, colours[0]), 1);
    assert_int_equal(lines_of(&stage, colours[2]), 0);
    assert_int_equal(lines_of(&stage, colour_with_alpha(colours[2], 0.5f)), 1);
    look(&stage, 2, (RacerLook){.style = 6});
    assert_int_equal(lines_of(&stage, colours[5]), 1);
    look(&stage, 2, (RacerLook){.style = 6 + RACER_COLOURS}); /* the same colour in dashes, with breaks */
    assert_true(lines_of(&stage, colours[5]) >= 1);
    for (int i = 0; i < 4; i++) look(&stage, i, (RacerLook){.hidden = true});
    point_at(&stage, 150, 100);
    assert_int_equal(stage.chart.hovered_racer, -1);
    stage_close(&stage);
}

/* The vertical axis is that of the lines that are there. */
static void the_axis_follows_the_lines(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", four, 340, 240);
    draw(&stage);
    double low = stage.chart.plot.y.low;
    look(&stage, 1, (RacerLook){.hidden = true}); /* the lowest of them is Adam's or Momentum's */
    look(&stage, 3, (RacerLook){.hidden = true});
    assert_true(stage.chart.plot.y.low > low + 1);
    Status status = status_ok();
    assert_true(race_set_racer(stage.race, 1, &stage.scene.racers[1], &status));
    assert_true(race_set_racer(stage.race, 3, &stage.scene.racers[3], &status));
    race_run(stage.race);
    draw(&stage);
    assert_near(stage.chart.plot.y.low, low, 1e-12);
    double high = stage.chart.plot.y.high;
    race_restart(
        stage.race, (double[]){-400, 115}); /* a hundred times as far, so that ten thousand as high */
    race_run(stage.race);
    stage.subject.race_version++;
    draw(&stage);
    assert_near(place(&stage, 0, 0).y, chart_plot_y(&stage.chart.plot, 0.5 * (160000 + 50 * 13225)), 0);
    assert_true(stage.chart.plot.y.high > high + 3);
    stage_close(&stage);
}

static void nothing_is_allocated_per_picture(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", twelve, 340, 240);
    for (int quantity = 0; quantity < quantity_count; quantity++) {
        stage.chart.settings.quantity = quantity;
        draw(&stage);
    }
    point_at(&stage, 150, 100);
    MuteCanvas mute; /* the recording one allocates its texts */
    stage.canvas = mute_canvas_init(&mute, stage.canvas);
    int before = allocations;
    for (int quantity = 0; quantity < quantity_count; quantity++) {
        stage.chart.settings.quantity = quantity;
        stage.subject.race_version++;
        draw(&stage);
        wheel(&stage, 150, 100, 1, false);
    }
    assert_int_equal(allocations, before);
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_fit),
        cmocka_unit_test(any_size_is_safe),
        cmocka_unit_test(pointing_reads_the_row),
        cmocka_unit_test(other_views_are_followed),
        cmocka_unit_test(the_future_is_not_read),
        cmocka_unit_test(the_keyboard_reads_and_zooms),
        cmocka_unit_test(chips_choose),
        cmocka_unit_test(what_is_unknown_is_passed_over),
        cmocka_unit_test(by_evaluations),
        cmocka_unit_test(by_time),
        cmocka_unit_test(zoom_comes_back),
        cmocka_unit_test(dragging_zooms_to_what_was_dragged_over),
        cmocka_unit_test(decades_have_ticks),
        cmocka_unit_test(looks_are_respected),
        cmocka_unit_test(the_axis_follows_the_lines),
        cmocka_unit_test(nothing_is_allocated_per_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
