/* The curvature of networks in the window, without a window: that what is written is what was found, that it
 * fits, and what a person does to it. */
#include "test.h"

#include "stage.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const two[] = {"sgd:lr=0.3,label=descent", "adam:lr=0.02", NULL};
static const char *const ten[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", "rmsprop:lr=0.01",
    "adagrad:lr=0.1", "nesterov:lr=0.1,label=a racer with quite a long name", "sgd:lr=0.1", "sgd:lr=1e30",
    "adam:lr=0.001", "momentum:lr=0.01,label=very slow momentum", NULL};

static Scene make_networks(const char *sizes, const char *data, const char *const *names, int64_t steps) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, steps, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, sizes, &status)) fail_msg("%s", status.message);
    scene.network.data = strdup(data);
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.sampling.batch = 8;
    scene.network.steps = steps;
    scene.look.picture = NETWORK_PICTURE_CURVATURE;
    return scene;
}

static CurvatureView *view_of(const Stage *stage) {
    return &stage->viewer->network->curvature;
}

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {533, 400}};
    static const struct {
        const char *sizes, *data;
        const char *const *racers;
    } kinds[] = {{"2-8-8-1", "spirals:n=100", ten}, {"2-24-24-3", "spirals:n=90,classes=3", two},
        {"1-8-1", "sine:n=40", two}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            Scene scene = make_networks(kinds[k].sizes, kinds[k].data, kinds[k].racers, 40);
            scene.network.mlp.l2 = 0.01;
            scene.network.mlp.dropout = 0.1;
            Stage stage = stage_open_on(scene, sizes[i][0], sizes[i][1], NULL);
            static const int64_t steps[] = {0, 1, 37, 40};
            for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                draw_at(&stage, steps[s]);
                check_texts(&stage, kinds[k].data);
            }
            static const Action actions[] = {ACTION_NEXT_RACER, ACTION_NEXT_RACER, ACTION_THEME, ACTION_PANEL,
                ACTION_CHART_AXIS, ACTION_CHART_SCALE, ACTION_HELP, ACTION_HELP, ACTION_SOLO};
            for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
                viewer_act(stage.viewer, actions[a]);
                draw_finished(&stage);
                check_texts(&stage, kinds[k].data);
            }
            stage_close(&stage);
        }
}

/* Level lines of a racer's colour at a value of the sharpness' chart, as far as they reach together. */
static float level_lines(const Stage *stage, int racer, double value) {
    const ChartPlot *plot = &view_of(stage)->plots[CURVATURE_SCALED];
    const Colour colour = subject_racer_colour(&stage->viewer->subject, racer);
    const float y = chart_plot_y(plot, value);
    float width = 0;
    for (int i = 0; i < record_canvas_count(stage->record); i++) {
        const Call *call = record_canvas_call(stage->record, i);
        const bool is_line = call->type == CALL_POLYLINE || call->type == CALL_SEGMENTS;
        const bool is_in_plot = call->box.x + call->box.width < plot->rect.x + plot->rect.width + 3;
        if (is_line && is_in_plot && memcmp(&call->colour, &colour, sizeof colour) == 0 &&
            fabsf(call->box.y + 0.5f * call->box.height - y) < 1 && call->box.height < 4)
            width += call->box.width;
    }
    return width;
}

/* What is written is of the network by itself; the limit is 2/lr. */
static void test_says_what_was_found(void **state) {
    (void)state;
    Status status = status_ok();
    Stage stage = stage_open_on(make_networks("2-8-8-1", "spirals:n=100", two, 60), 1280, 800, NULL);
    draw_at(&stage, 60);
    const NetworkStage *network = stage.viewer->network;
    const Part part = network->data->split.training;
    const Batch examples = dataset_batch(network->data->dataset, part.first, part.n);
    Hessian *hessian = hessian_create(live_training_network(network->live), &examples, &status);
    if (!hessian) fail_msg("%s", status.message);
    for (int i = 0; i < 2; i++) {
        char line[NUMBER_BYTES + 32];
        stage.viewer->editor.selected = i;
        draw_finished(&stage);
        vec_copy(hessian_at(hessian), &live_training_state(network->live)->weights[i]);
        hessian_begin(hessian, HESSIAN_SPREAD);
        while (hessian_advance(hessian)) continue;
        const HessianExtremes extremes = hessian_extremes(hessian);
        snprintf(line, sizeof line, "largest     %.4g", extremes.largest);
        assert_non_null(record_canvas_find_text(stage.record, line));
        snprintf(line, sizeof line, "smallest    %.4g", extremes.smallest);
        assert_non_null(record_canvas_find_text(stage.record, line));
        snprintf(line, sizeof line, "negative    %.0f", hessian_spread(hessian)->down);
        assert_non_null(record_canvas_find_text(stage.record, line));
        const CurvatureColumns *columns = &network->curvature.columns[i];
        const int last = columns->n - 1;
        assert_near(columns->steps[last], 60, 0);
        assert_near(columns->values[CURVATURE_LARGEST][last], extremes.largest, 0.01);
        assert_near(columns->values[CURVATURE_SMALLEST][last], extremes.smallest, 0.01);
        for (int k = 0; k <= last; k++) {
            assert_near(columns->limits[k], i == 0 ? 2 / 0.3 : 38 / 0.02, 1e-9);
            const double scaled = columns->values[CURVATURE_SCALED][k];
            if (i == 0) assert_near(scaled, columns->values[CURVATURE_LARGEST][k], 0);
            assert_int_equal(isnan(scaled), i == 1 && k == 0);
            if (k > 0) assert_near(columns->values[CURVATURE_SHARE][k], scaled / columns->limits[k], 1e-12);
        }
        const float width = network->curvature.plots[CURVATURE_SCALED].rect.width;
        if (i == 0) assert_true(level_lines(&stage, i, 2 / 0.3) > 0.4f * width);
        if (i == 1) assert_true(level_lines(&stage, i, 38 / 0.02) > 0.4f * width);
    }
    hessian_destroy(hessian);
    stage_close(&stage);
}

/* A limit follows the rate that the racer has. */
static void test_limit_follows_the_schedule(void **state) {
    (void)state;
    static const char *const racers[] = {"momentum:lr=0.1,momentum=0.5,schedule=linear", NULL};
    Scene scene = make_networks("2-8-1", "spirals:n=100", racers, 40);
    scene.network.every = 1;
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    draw_at(&stage, 40);
    const CurvatureColumns *columns = view_of(&stage)->columns;
    const LiveTraining *live = stage.viewer->network->live;
    for (int k = 0; k < columns->n; k++) {
        const double lr = live_training_report(live, (int64_t)columns->steps[k], 0)->report.lr;
        if (lr > 0) assert_near(columns->limits[k], 2 * 1.5 / lr, 1e-12);
    }
    assert_true(columns->limits[20] > 1.2 * columns->limits[0]);
    stage_close(&stage);
}

/* Three ways to show how sharp it is: the limit of a racer that scales its gradients is none of the loss
 * itself, and as shares of their limits all have one edge. */
static void test_ways_of_sharpness(void **state) {
    (void)state;
    static const char *const racers[] = {"sgd:lr=0.3", "adam:lr=0.02", "lbfgs", NULL};
    static const struct {
        CurvatureKind kind;
        bool adam_has_none;
    } ways[] = {{CURVATURE_SCALED, false}, {CURVATURE_LARGEST, true}, {CURVATURE_SHARE, false},
        {CURVATURE_SCALED, false}};
    Stage stage = stage_open_on(make_networks("2-8-8-1", "spirals:n=100", racers, 60), 1280, 800, NULL);
    draw_at(&stage, 60);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        assert_int_equal(view_of(&stage)->sharpness, ways[i].kind);
        assert_non_null(record_canvas_find_text(stage.record,
            ways[i].adam_has_none ? "no limit is known: Adam, L-BFGS" : "no limit is known: L-BFGS"));
        check_texts(&stage, "a way of sharpness");
        const Rect chip = control_of(&stage, "curvature.sharpness")->seen;
        press(&stage, chip.x + 5, chip.y + 5, 1, 1);
        release(&stage, chip.x + 5, chip.y + 5);
        draw_finished(&stage);
    }
    stage_close(&stage);
}

/* The same picture however it was come by. */
static void test_pictures_are_the_same(void **state) {
    (void)state;
    uint64_t hashes[2];
    for (int i = 0; i < 2; i++) {
        Pool *pool = i == 1 ? pool_create(1) : NULL;
        Stage stage = stage_open_on(make_networks("2-8-8-1", "spirals:n=100", two, 700), 1280, 800, pool);
        viewer_set_step(stage.viewer, 650);
        hashes[i] = draw_finished(&stage);
        stage_close(&stage);
        pool_destroy(pool);
    }
    assert_true(hashes[0] == hashes[1]);
}

/* Frames never wait: it comes by and by, and then all is at rest. */
static void test_comes_by_and_by(void **state) {
    (void)state;
    for (int threads = 0; threads < 2; threads++) {
        Pool *pool = threads > 0 ? pool_create(1) : NULL;
        Stage stage = stage_open_on(make_networks("2-8-8-1", "spirals:n=100", two, 60), 1280, 800, pool);
        viewer_set_step(stage.viewer, 60);
        int frames = 0;
        for (draw_frame(&stage); viewer_advance(stage.viewer, 0.03) && frames < 100000; frames++)
            draw_frame(&stage);
        assert_true(frames > 1 && frames < 100000);
        assert_false(curvature_view_is_behind(view_of(&stage)));
        assert_int_equal(view_of(&stage)->columns[1].steps[view_of(&stage)->columns[1].n - 1], 60);
        /* Another race begins with nothing. */
        key(&stage, 'r', true, false);
        draw_frame(&stage);
        stage_close(&stage);
        pool_destroy(pool);
    }
}

/* A name chooses its racer, the pointer reads, keys change the axes. */
static void test_hands(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks("2-8-8-1", "spirals:n=100", two, 60), 1280, 800, NULL);
    draw_at(&stage, 60);
    Rect name = control_of(&stage, "curvature.0 racer 2")->seen;
    press(&stage, name.x + 10, name.y + 5, 1, 1);
    release(&stage, name.x + 10, name.y + 5);
    assert_int_equal(stage.viewer->editor.selected, 1);
    draw_finished(&stage);
    assert_int_equal(view_of(&stage)->spread.of->racer, 1);
    const bool by_steps = view_of(&stage)->by_steps, linear = view_of(&stage)->linear;
    key(&stage, 'x', false, false);
    key(&stage, 'g', false, false);
    assert_true(view_of(&stage)->by_steps != by_steps && view_of(&stage)->linear != linear);
    draw_frame(&stage);
    Rect plot = control_of(&stage, "curvature.plot 1")->seen;
    move(&stage, plot.x + 0.5 * plot.width, plot.y + 0.5 * plot.height);
    draw_frame(&stage);
    const CurvatureColumns *columns = view_of(&stage)->columns;
    char number[NUMBER_BYTES];
    snprintf(number, sizeof number, "%.4g", columns->values[CURVATURE_SCALED][columns->n / 2]);
    assert_non_null(record_canvas_find_text(stage.record, number));
    check_texts(&stage, "read");
    /* Around the largest eigenvalue there is one direction. */
    const SpreadPanel *spread = &view_of(&stage)->spread;
    plot = control_of(&stage, "curvature.spread")->seen;
    const double at = (spread->of->extremes.largest - spread->low) / (spread->width * spread->n);
    move(&stage, plot.x + at * plot.width, plot.y + 0.5 * plot.height);
    draw_frame(&stage);
    assert_non_null(record_canvas_find_text(stage.record, ": 1 of "));
    check_texts(&stage, "spread read");
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_says_what_was_found),
        cmocka_unit_test(test_limit_follows_the_schedule),
        cmocka_unit_test(test_ways_of_sharpness),
        cmocka_unit_test(test_pictures_are_the_same),
        cmocka_unit_test(test_comes_by_and_by),
        cmocka_unit_test(test_hands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
