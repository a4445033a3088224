/* Learning curves: medians and bands over seeds against trainings that were run one by one, gaps and early
 * stopping against what the reports say, and what a person does to them. */
#include "test.h"

#include "stage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 4, RACERS = 3, EVERY = 5, ROWS_MAX = 64 };
static const char *const racers[] = {"adam:lr=0.05", "sgd:lr=0.01", "sgd:lr=1e38,label=wild", NULL};
static const char *const six[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", "rmsprop:lr=0.01",
    "adagrad:lr=0.1", "nesterov:lr=0.1,label=a racer with quite a long name", NULL};

/* Noisy moons of few examples: validation gets worse in the end. */
static Scene make_networks(const char *const *names, int64_t steps, int seeds) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, steps, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, "2-16-2", &status)) fail_msg("%s", status.message);
    scene.network.data = strdup("moons:n=120,noise=0.4,validation=0.6");
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.sampling.batch = 8;
    scene.network.steps = steps;
    scene.network.every = EVERY;
    scene.network.seeds = seeds;
    scene.look.picture = NETWORK_PICTURE_CURVES;
    return scene;
}

static CurvesView *curves_of(const Stage *stage) {
    return &stage->viewer->network->curves;
}

static const CurvesData *data_of(const Stage *stage) {
    return &curves_of(stage)->data;
}

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

/* Every report of a training by itself. */
typedef struct Record {
    TrainingReport reports[ROWS_MAX][RACERS];
    int n;
} Record;

static Record run_alone(const Stage *stage, int further) {
    const Scene *scene = &stage->viewer->network->scene;
    Status status = status_ok();
    Record record = {.n = 0};
    Training *training = network_scene_train(&scene->network, scene->racers, scene->n_racers,
        scene->seed + (uint64_t)further, NULL, stage->viewer->network->data, &status);
    if (!training) fail_msg("%s", status.message);
    for (; training_advance(training) == TRAINING_REPORTED; record.n++)
        for (int i = 0; i < RACERS; i++) record.reports[record.n][i] = *training_report(training, i);
    training_destroy(training);
    return record;
}

static double number_of(const TrainingReport *report, CurvesKind kind, CurvesPart part) {
    const MlpScore *score = part == CURVES_TRAINING ? &report->training : &report->validation;
    if (report->status == TRAINING_DIVERGED) return INFINITY;
    if (kind == CURVES_LOSS) return score->loss;
    if (kind == CURVES_ERROR) return score->error;
    if (kind == CURVES_GAP) return report->validation.loss - report->training.loss;
    if (kind == CURVES_ERROR_GAP) return report->validation.error - report->training.error;
    return report->grad_norm;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check_row(
    const CurvesData *data, const Record *records, int racer, int row, CurvesKind kind, CurvesPart part) {
    double values[SEEDS];
    for (int s = 0; s < SEEDS; s++) {
        const int at = row < records[s].n ? row : records[s].n - 1;
        values[s] = number_of(&records[s].reports[at][racer], kind, part);
    }
    qsort(values, SEEDS, sizeof *values, compare);
    const double expected[CURVES_LEVELS] = {(values[1] + values[2]) / 2, values[0], values[3]};
    for (int level = 0; level < CURVES_LEVELS; level++) {
        const double actual = curves_data_values(data, racer, kind, part, (CurvesLevel)level)[row];
        if (memcmp(&actual, &expected[level], sizeof actual) != 0)
            fail_msg("racer %d, row %d, kind %d, part %d, level %d: %.17g, not %.17g", racer, row, kind, part,
                level, actual, expected[level]);
    }
}

/* To the last bit, with threads and without; where a racer has stopped or diverged as well. */
static void test_bands_are_of_separate_runs(void **state) {
    (void)state;
    for (int workers = 0; workers < 2; workers++) {
        Pool *pool = pool_create(workers);
        Scene scene = make_networks(racers, 150, SEEDS);
        scene.network.stop = STOP_LOSS;
        scene.network.patience = 4;
        Stage stage = stage_open_on(scene, 1280, 800, pool);
        draw_at(&stage, 150);
        Record records[SEEDS];
        bool some_end_earlier = false, some_diverge = false;
        for (int s = 0; s < SEEDS; s++) {
            records[s] = run_alone(&stage, s);
            some_end_earlier = some_end_earlier || records[s].n < records[0].n;
            some_diverge =
                some_diverge || records[s].reports[records[s].n - 1][2].status == TRAINING_DIVERGED;
        }
        assert_true(some_end_earlier && some_diverge);
        const CurvesData *data = data_of(&stage);
        assert_int_equal(data->curves[0].n, records[0].n);
        assert_int_equal(curves_data_seeds_at(data, records[0].n - 1), SEEDS);
        for (int row = 0; row < records[0].n; row++) {
            for (int i = 0; i < RACERS; i++) {
                for (int kind = 0; kind < CURVES_KINDS; kind++) {
                    check_row(data, records, i, row, (CurvesKind)kind, CURVES_TRAINING);
                    if (kind <= CURVES_ERROR)
                        check_row(data, records, i, row, (CurvesKind)kind, CURVES_VALIDATION);
                }
                assert_int_equal(curves_data_places(data, i, CURVES_STEPS)[row], EVERY * row);
            }
        }
        stage_close(&stage);
        pool_destroy(pool);
    }
}

/* Seeds come one after the other, and rows count those that have come so far. */
static void test_bands_grow(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks(racers, 60, SEEDS), 1280, 800, NULL);
    NetworkStage *network = stage.viewer->network;
    const TrainingSpec spec = network_scene_training(
        &network->scene.network, network->scene.racers, RACERS, network->scene.seed, network->data);
    Status status = status_ok();
    SeedRuns *runs = seed_runs_create(&spec, network->data, false, &status);
    CurvesData data = {0};
    const CurvesSource source = {network->live, runs, SEEDS, STOP_NEVER, 5};
    live_training_reach(network->live, 60);
    curves_data_begin(&data, &source);
    assert_true(curves_data_read(&data, INT64_MAX));
    assert_int_equal(curves_data_seeds_at(&data, 12), 1);
    seed_runs_reach(runs, 1, 30);
    assert_false(seed_runs_are_busy(runs));
    assert_false(curves_data_read(&data, 3)); /* some rows a time */
    assert_int_equal(curves_data_seeds_at(&data, 3), 1);
    assert_int_equal(curves_data_seeds_at(&data, 2), 2);
    assert_true(curves_data_read(&data, INT64_MAX));
    assert_int_equal(curves_data_seeds_at(&data, 6), 2);
    assert_int_equal(curves_data_seeds_at(&data, 7), 1);
    seed_runs_reach(runs, SEEDS - 1, 60);
    assert_true(curves_data_read(&data, INT64_MAX));
    assert_int_equal(curves_data_seeds_at(&data, 12), SEEDS);
    draw_at(&stage, 60);
    for (int i = 0; i < RACERS; i++) { /* whichever way they came */
        const double *grown = curves_data_values(&data, i, CURVES_LOSS, CURVES_VALIDATION, CURVES_HIGHEST);
        const double *drawn =
            curves_data_values(data_of(&stage), i, CURVES_LOSS, CURVES_VALIDATION, CURVES_HIGHEST);
        assert_memory_equal(grown, drawn, 13 * sizeof *grown);
    }
    curves_data_finish(&data);
    seed_runs_destroy(runs);
    stage_close(&stage);
}

/* Of one seed: what a gap is, and where early stopping would have been, which is where it is. */
static void test_gap_and_stopping(void **state) {
    (void)state;
    static const StopKind kinds[] = {STOP_LOSS, STOP_ERROR};
    for (int k = 0; k < 2; k++) {
        Scene scene = make_networks(racers, 300, 1), stopping = make_networks(racers, 300, 1);
        stopping.network.stop = kinds[k];
        scene.network.patience = stopping.network.patience = 4;
        Stage stage = stage_open_on(scene, 1280, 800, NULL), other = stage_open_on(stopping, 1280, 800, NULL);
        draw_at(&stage, 300);
        draw_at(&other, 300);
        const Record record = run_alone(&stage, 0), stopped = run_alone(&other, 0);
        const CurvesData *data = k == 0 ? data_of(&stage) : data_of(&other);
        for (int row = 0; row < record.n && k == 0; row++) {
            const TrainingReport *report = &record.reports[row][0];
            assert_true(curves_data_values(data, 0, CURVES_GAP, CURVES_TRAINING, CURVES_MIDDLE)[row] ==
                        report->validation.loss - report->training.loss);
            assert_true(curves_data_values(data, 0, CURVES_ERROR_GAP, CURVES_TRAINING, CURVES_MIDDLE)[row] ==
                        report->validation.error - report->training.error);
        }
        int end = 0;
        while (stopped.reports[end][0].status == TRAINING_RUNNING) end++;
        assert_true(end < record.n - 1);
        assert_int_equal(curves_data_stop(data, 0, end), end);
        assert_int_equal(curves_data_stop(data, 0, end - 1), -1);
        assert_int_equal(curves_data_best(data, 0, end), end - 4);
        stage_close(&stage);
        stage_close(&other);
    }
}

/* In words and by a ring. */
static void test_words(void **state) {
    (void)state;
    Scene scene = make_networks(racers, 300, 1);
    scene.network.stop = STOP_LOSS;
    scene.network.patience = 4;
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    draw_at(&stage, 300);
    assert_non_null(record_canvas_find_text(stage.record, "Adam: best validation loss"));
    assert_non_null(record_canvas_find_text(stage.record, "after 4 reports without a better one"));
    draw_at(&stage, 0);
    assert_null(record_canvas_find_text(stage.record, "stopped at"));
    stage_close(&stage);
    stage = stage_open_on(make_networks(racers, 300, 1), 1280, 800, NULL);
    draw_at(&stage, 300);
    assert_non_null(
        record_canvas_find_text(stage.record, "a patience of 5 reports would have stopped it at"));
    stage_close(&stage);
}

static Point middle_of(const Stage *stage, const char *name) {
    const Rect rect = control_of(stage, name)->seen;
    return (Point){rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height};
}

static void press_named(Stage *stage, const char *name) {
    const Point at = middle_of(stage, name);
    press(stage, at.x, at.y, 1, 1);
    release(stage, at.x, at.y);
    draw_finished(stage);
}

/* The wheel and drags zoom both plots along, a double click shows everything again. */
static void test_zooming(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks(six, 300, 1), 1280, 800, NULL);
    draw_at(&stage, 300);
    const ChartPlot *plots = curves_of(&stage)->plots;
    const ChartRange all = plots[CURVES_UPPER].x, values = plots[CURVES_LOWER].y;
    const Point at = middle_of(&stage, "curves.lower.plot");
    send(&stage, (Event){.type = EVENT_WHEEL, .x = at.x, .y = at.y, .scroll = 1});
    draw_finished(&stage);
    for (int i = 0; i < CURVES_PLOTS; i++) {
        assert_near(plots[i].x.high - plots[i].x.low, (all.high - all.low) / 1.25, 1e-9);
        assert_near(plots[i].x.high + plots[i].x.low, all.high + all.low, 1e-6);
    }
    send(&stage, (Event){.type = EVENT_WHEEL, .x = at.x, .y = at.y, .scroll = 1, .shift = true});
    draw_finished(&stage);
    assert_near(
        plots[CURVES_LOWER].y.high - plots[CURVES_LOWER].y.low, (values.high - values.low) / 1.25, 1e-6);
    press(&stage, at.x, at.y, 1, 2);
    release(&stage, at.x, at.y);
    draw_finished(&stage);
    assert_near(plots[CURVES_UPPER].x.high, all.high, 1e-12);
    assert_near(plots[CURVES_LOWER].y.high, values.high, 1e-12);
    const Rect rect = plots[CURVES_UPPER].rect;
    drag(&stage, rect.x + 0.25 * rect.width, at.y - 300, rect.x + 0.5 * rect.width, at.y - 300);
    draw_finished(&stage);
    check_texts(&stage, "zoomed");
    assert_near(plots[CURVES_LOWER].x.low, all.low + 0.25 * (all.high - all.low), 1e-3);
    assert_near(plots[CURVES_LOWER].x.high, all.low + 0.5 * (all.high - all.low), 1e-3);
    press_named(&stage, "curves.upper.all");
    assert_near(plots[CURVES_LOWER].x.high, all.high, 1e-12);
    stage_close(&stage);
}

/* The chip asks for more of them, which changes the scene and leaves the first training as it is. */
static void test_more_seeds(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks(racers, 60, 1), 1280, 800, NULL);
    draw_at(&stage, 60);
    const LiveTraining *live = stage.viewer->network->live;
    static const int counts[] = {2, 4, 8, 16, 32, 1, 2};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        char text[32];
        press_named(&stage, "curves.upper.seeds");
        snprintf(text, sizeof text, "%d seed", counts[i]);
        assert_int_equal(stage.viewer->network->scene.network.seeds, counts[i]);
        assert_int_equal(curves_data_seeds_at(data_of(&stage), 12), counts[i]);
        assert_non_null(record_canvas_find_text(stage.record, text));
        check_texts(&stage, text);
    }
    assert_ptr_equal(stage.viewer->network->live, live);
    viewer_act(stage.viewer, ACTION_UNDO);
    draw_finished(&stage);
    assert_int_equal(data_of(&stage)->source.seeds, 1);
    stage_close(&stage);
}

/* Texts fit, with all that is shown below, along every axis, beside another view and read under the pointer.
 */
static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {533, 400}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int seeds = 1; seeds <= SEEDS; seeds += SEEDS - 1) {
            Stage stage = stage_open_on(make_networks(six, 60, seeds), sizes[i][0], sizes[i][1], NULL);
            static const int64_t steps[] = {0, 3, 60};
            for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                draw_at(&stage, steps[s]);
                check_texts(&stage, "curves");
            }
            static const Action actions[] = {ACTION_CHART_QUANTITY, ACTION_CHART_QUANTITY,
                ACTION_CHART_QUANTITY, ACTION_CHART_AXIS, ACTION_CHART_AXIS, ACTION_CHART_SCALE,
                ACTION_NEXT_RACER, ACTION_SOLO, ACTION_THEME, ACTION_NEXT_VIEW};
            for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
                viewer_act(stage.viewer, actions[a]);
                draw_finished(&stage);
                check_texts(&stage, "curves, changed");
                const UiControl *plot = ui_find(&stage.viewer->ui, "curves.upper.plot");
                if (!plot || plot->seen.width <= 0) continue;
                move(&stage, plot->seen.x + 0.6 * plot->seen.width, plot->seen.y + 0.5 * plot->seen.height);
                draw_frame(&stage);
                check_texts(&stage, "curves that are read");
                move(&stage, 1, 1);
            }
            stage_close(&stage);
        }
    }
}

/* A scene keeps how they are set, by the keys of every chart, and shows them so. */
static void test_looks_come_back(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks(racers, 60, 2), 1280, 800, NULL);
    draw_at(&stage, 60);
    static const Action actions[] = {ACTION_CHART_QUANTITY, ACTION_CHART_AXIS, ACTION_CHART_SCALE};
    for (int i = 0; i < 40; i++) {
        viewer_act(stage.viewer, actions[i % 3]);
        if (i % 4 == 0) {
            const Point at = middle_of(&stage, i % 8 ? "curves.lower.plot" : "curves.upper.plot");
            for (int shift = 0; shift < 2; shift++)
                send(&stage,
                    (Event){.type = EVENT_WHEEL, .x = at.x, .y = at.y, .scroll = 2, .shift = shift != 0});
        }
        draw_finished(&stage);
        Stage other = stage_open_on(viewer_scene(stage.viewer), 1280, 800, NULL);
        const CurvesSettings *a = &curves_of(&stage)->settings, *b = &curves_of(&other)->settings;
        assert_memory_equal(a, b, sizeof *a);
        draw_at(&other, 60);
        if (a->axis != CURVES_TIME) /* which is measured */
            assert_int_equal(record_canvas_hash(other.record), record_canvas_hash(stage.record));
        stage_close(&other);
    }
    stage_close(&stage);
}

/* What there is not is not offered: a regression has no classes. */
static void test_regression(void **state) {
    (void)state;
    Status status = status_ok();
    Scene scene = make_networks(racers, 60, 2);
    free(scene.network.data);
    scene.network.data = strdup("sine:n=60");
    if (!mlp_sizes_read(&scene.network.mlp, "1-8-1", &status)) fail_msg("%s", status.message);
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    draw_at(&stage, 60);
    static const char *const titles[] = {"gradient norm", "gap in loss", "gradient norm"};
    for (int i = 0; i < 3; i++) {
        assert_non_null(record_canvas_find_text(stage.record, titles[i]));
        press_named(&stage, "curves.lower.quantity");
    }
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands_are_of_separate_runs),
        cmocka_unit_test(test_bands_grow),
        cmocka_unit_test(test_gap_and_stopping),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_zooming),
        cmocka_unit_test(test_more_seeds),
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_looks_come_back),
        cmocka_unit_test(test_regression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
