/* Networks in the window, without a window: what is drawn, what a person does to it, and that what is shown
 * is the training that the command line would run. */
#include "test.h"

#include "clock.h"
#include "stage.h"
#include "widgets.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

static const char *const racers[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", NULL};
static const char *const six[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", "rmsprop:lr=0.01",
    "adagrad:lr=0.1", "nesterov:lr=0.1,label=a racer with quite a long name", NULL};

static Scene make_networks(const char *sizes, const char *data, const char *const *names, int64_t steps) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, steps, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, sizes, &status)) fail_msg("%s", status.message);
    scene.network.data = strdup(data);
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.sampling.batch = 8;
    scene.network.steps = steps;
    return scene;
}

static Stage open_networks(float width, float height, Pool *pool) {
    return stage_open_on(make_networks("2-8-8-1", "spirals:n=100", six, 300), width, height, pool);
}

static LiveTraining *live_of(const Stage *stage) {
    return stage->viewer->network->live;
}

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

/* Texts fit, from the start to the end, in both themes, with a card unfolded, typed at, and help. */
static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {533, 400}};
    static const struct {
        const char *sizes, *data;
    } kinds[] = {{"2-8-8-1", "spirals:n=100"}, {"2-6-3", "spirals:n=90,classes=3"}, {"1-8-1", "sine:n=40"}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            if (is_left_out(i + k, 3)) continue;
            Stage stage = stage_open_on(
                make_networks(kinds[k].sizes, kinds[k].data, six, 60), sizes[i][0], sizes[i][1], NULL);
            static const int64_t steps[] = {0, 1, 37, 60};
            for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                draw_at(&stage, steps[s]);
                check_texts(&stage, kinds[k].data);
            }
            static const Action actions[] = {ACTION_NEXT_RACER, ACTION_DEVICES, ACTION_THEME, ACTION_PANEL,
                ACTION_CHART_AXIS, ACTION_CHART_SCALE, ACTION_HELP, ACTION_HELP, ACTION_SOLO};
            for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
                viewer_act(stage.viewer, actions[a]);
                draw_finished(&stage);
                check_texts(&stage, kinds[k].data);
            }
            stage_close(&stage);
        }
    }
}

/* The loss on a card is that of the report, and the report that of a training by itself. */
static void test_shows_the_training(void **state) {
    (void)state;
    Status status = status_ok();
    Scene scene = make_networks("2-8-8-1", "spirals:n=100", racers, 300);
    Data data;
    Training *alone = network_scene_open(&scene.network, scene.racers, 3, scene.seed, NULL, &data, &status);
    if (!alone) fail_msg("%s", status.message);
    while (training_advance_within(alone, 300) == TRAINING_REPORTED) continue;
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    draw_at(&stage, 300);
    const LiveState *shown = live_training_state(live_of(&stage));
    assert_int_equal(shown->step, 300);
    for (int i = 0; i < 3; i++) {
        char loss[NUMBER_BYTES];
        number_scientific(training_report(alone, i)->training.loss, loss);
        assert_non_null(record_canvas_find_text(stage.record, loss));
        assert_true(vec_is_same(&shown->weights[i], training_weights(alone, i)));
    }
    stage_close(&stage);
    training_destroy(alone);
    data_finish(&data);
}

/* Going back shows what was kept; a picture is the same however it was come by. */
static void test_scrubs(void **state) {
    (void)state;
    Stage stage = open_networks(1280, 800, NULL);
    draw_at(&stage, 120);
    const BoundaryPanel *panel = &stage.viewer->network->boundary.panels[1];
    size_t bytes = (size_t)panel->width_px * (size_t)panel->height_px * sizeof(uint32_t);
    uint32_t *before = malloc(bytes);
    memcpy(before, panel->pixels, bytes);
    draw_at(&stage, 300);
    assert_true(memcmp(before, panel->pixels, bytes) != 0);
    draw_at(&stage, 120);
    assert_memory_equal(before, panel->pixels, bytes);
    assert_int_equal(live_training_done(live_of(&stage)), 300);
    free(before);
    stage_close(&stage);
}

/* The class that a panel shows at a place is the one that the network gives. */
static void test_boundary_is_the_networks(void **state) {
    (void)state;
    Stage stage = open_networks(1280, 800, NULL);
    draw_at(&stage, 300);
    const BoundaryView *view = &stage.viewer->network->boundary;
    const BoundaryPanel *panel = &view->panels[2];
    assert_true(boundary_view_is_finished(view, live_training_state(live_of(&stage))));
    assert_int_equal(panel->cell_px, 2);
    /* Where no example lies: the corners, and the sides of the panel's field below the header. */
    const double height = panel->height_px - 26.0;
    const double unit =
        fmax((view->box[1] - view->box[0]) / panel->width_px, (view->box[3] - view->box[2]) / height);
    const int places[][2] = {{2, 40}, {panel->width_px - 3, 40}, {2, panel->height_px - 3},
        {panel->width_px - 3, panel->height_px - 3}, {2, panel->height_px / 2}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const double x = 0.5 * (view->box[0] + view->box[1]) + unit * (places[i][0] - 0.5 * panel->width_px);
        const double y = 0.5 * (view->box[2] + view->box[3]) - unit * (places[i][1] - 26 - 0.5 * height);
        const float inputs[2] = {(float)x, (float)y};
        float output;
        Batch batch = {.size = 1, .n_in = 2, .inputs = inputs};
        mlp_outputs(view->mlp, &live_training_state(live_of(&stage))->weights[2], &batch, &output);
        uint32_t pixel = panel->pixels[places[i][1] * panel->width_px + places[i][0]];
        if (fabsf(output) < 1) continue; /* too near to the line */
        bool is_blue = (pixel & 0xff) > (pixel >> 16 & 0xff);
        assert_int_equal(is_blue, output > 0);
    }
    stage_close(&stage);
}

/* A pass whose outputs are planes over the pixels: each (at the first pixel, to the right, down). */
static void paint_planes(
    const double (*planes)[3], int n, int cell_px, int width, int height, uint32_t *pixels) {
    static uint32_t shades[CLASS_COLOURS][CLASS_SHADES];
    FieldPass pass = {0};
    const MlpSpec spec = {.n_layers = 1, .sizes = {2, n}};
    for (int c = 0; c < CLASS_COLOURS; c++)
        for (int s = 0; s < CLASS_SHADES; s++) shades[c][s] = 0xff000000u;
    assert_true(field_pass_begin(&pass, width, height, cell_px, &spec));
    for (int row = 0, at = 0; row < pass.rows; row++) {
        for (int column = 0; column < pass.columns; column++) {
            double z[3];
            for (int k = 0; k < n; k++)
                z[k] = planes[k][0] + cell_px * (planes[k][1] * column + planes[k][2] * row);
            if (pass.channels == 1) pass.outputs[at++] = (float)(z[1] - z[0]);
            for (int k = 0; k < n && pass.channels > 1; k++) pass.outputs[at++] = (float)z[k];
        }
    }
    pass.done = pass.rows;
    field_pass_paint(&pass, pixels, width, height, shades, (Colour){255, 255, 255, 255});
    field_pass_finish(&pass);
}

/* A line between classes has the same ink in every column, however it lies between the pixels, and is the
 * same between two of two classes and between two of three. */
static void test_lines_are_smooth(void **state) {
    (void)state;
    enum { WIDTH = 90, HEIGHT = 80 };
    static uint32_t of_two[WIDTH * HEIGHT], of_three[WIDTH * HEIGHT];
    static const double slopes[] = {0.13, 0.37, -0.5};
    for (int cell = 1; cell <= 8; cell *= 2) {
        for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++) {
            const double planes[3][3] = {{40, slopes[i], 0}, {0, 0, 1}, {-1e3, 0, 0}};
            paint_planes(planes, 2, cell, WIDTH, HEIGHT, of_two);
            paint_planes(planes, 3, cell, WIDTH, HEIGHT, of_three);
            for (int x = 1; x < WIDTH - 1; x++) {
                double ink = 0, norm = sqrt(1 + slopes[i] * slopes[i]);
                if (40 + slopes[i] * x < 5 || 40 + slopes[i] * x > HEIGHT - 5) continue;
                for (int y = 0; y < HEIGHT; y++) {
                    int at = y * WIDTH + x;
                    ink += (of_three[at] & 0xff) / 255.0;
                    assert_in_range((of_three[at] & 0xff) + 2 - (of_two[at] & 0xff), 0, 4);
                }
                /* Full for 0.25 pixels on both sides, then less up to 1.25. */
                if (!(fabs(ink - 0.85 * 1.5 * norm) < 0.1)) fail_msg("%g of ink in column %d", ink, x);
            }
        }
    }
}

/* What is changed on the card begins another race, and undo brings the first one back. */
static void test_controls(void **state) {
    (void)state;
    Stage stage = open_networks(800, 2400, NULL);
    draw_at(&stage, 100);
    const LiveTraining *first = live_of(&stage);
    assert_string_equal(stage.viewer->network->scene.network.mlp.activation->name, "tanh");
    static const char *const buttons[] = {"network.data", "network.data before", "network.activation",
        "network.init", "network.init before", "network.loss", "network.sampling", "network.standardise"};
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        const LiveTraining *before = live_of(&stage);
        const UiControl *control = control_of(&stage, buttons[i]);
        double x = control->seen.x + 0.5 * control->seen.width,
               y = control->seen.y + 0.5 * control->seen.height;
        press(&stage, x, y, 1, 1);
        release(&stage, x, y);
        if (live_of(&stage) == before) fail_msg("%s changes nothing", buttons[i]);
        draw_finished(&stage);
        check_texts(&stage, buttons[i]);
    }
    static const char *const sliders[] = {"network.layers", "network.units", "network.units 2", "network.l2",
        "network.l1", "network.dropout", "network.batch", "network.n", "network.noise", "network.validation",
        "network.label-noise", "network.turns", "network.seed"};
    for (size_t i = 0; i < sizeof sliders / sizeof *sliders; i++) {
        draw_finished(&stage);
        Rect rect = control_of(&stage, sliders[i])->seen;
        drag(&stage, rect.x + 0.3 * rect.width, rect.y + 0.5 * rect.height, rect.x + 0.4 * rect.width,
            rect.y + 0.5 * rect.height);
        assert_int_equal(viewer_step(stage.viewer), 100);
        draw_finished(&stage);
    }
    while (stage.viewer->editor.n_past > 0) key(&stage, 'z', false, true);
    draw_finished(&stage);
    const Scene *scene = &stage.viewer->network->scene;
    assert_string_equal(scene->network.mlp.activation->name, "tanh");
    assert_string_equal(scene->network.data, "spirals:n=100");
    assert_true(first != NULL);
    assert_int_equal(scene->network.mlp.n_layers, 3);
    stage_close(&stage);
}

/* An optimizer of weight matrices is offered, and the speeds are the arena's own. */
static void test_palette(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks("2-8-1", "spirals:n=100", racers, 50), 1280, 800, NULL);
    static const char *const typed[] = {"add muon", "add shampoo", "speed 30/s", "full speed"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        draw_finished(&stage);
        key(&stage, 'k', false, true);
        draw_finished(&stage);
        for (const char *letter = typed[i]; *letter; letter++) {
            Event event = {.type = EVENT_KEY, .key = *letter, .text = {*letter}};
            send(&stage, event);
        }
        draw_finished(&stage);
        check_texts(&stage, typed[i]);
        key(&stage, KEY_ENTER, false, false);
        assert_false(stage.viewer->palette.open);
        if (i == 2) assert_string_equal(network_arena.speeds[stage.viewer->speed].text, "30/s");
    }
    const Scene *scene = &stage.viewer->network->scene;
    assert_int_equal(scene->n_racers, 5);
    assert_string_equal(scene->racers[3].optimizer->name, "muon");
    assert_string_equal(scene->racers[4].optimizer->name, "shampoo");
    assert_int_equal(stage.viewer->speed, network_arena.n_speeds - 1);
    draw_at(&stage, 50);
    check_texts(&stage, "Muon and Shampoo");
    stage_close(&stage);
}

/* A label and a look are no other race; what cannot run is withdrawn, and said. */
static void test_what_begins_anew(void **state) {
    (void)state;
    Stage stage = open_networks(1280, 800, NULL);
    draw_at(&stage, 50);
    const LiveTraining *live = live_of(&stage);
    viewer_act(stage.viewer, ACTION_NEXT_RACER);
    viewer_act(stage.viewer, ACTION_HIDE);
    viewer_act(stage.viewer, ACTION_STYLE);
    assert_ptr_equal(live_of(&stage), live);
    Scene *scene = editor_change(&stage.viewer->editor, "batch", 77);
    scene->network.sampling.batch = 100000;
    assert_false(viewer_apply(stage.viewer));
    assert_ptr_equal(live_of(&stage), live);
    assert_true(stage.viewer->notice[0] != '\0');
    viewer_act(stage.viewer, ACTION_RANDOM_START);
    assert_true(live_of(&stage) != live);
    stage_close(&stage);
}

/* From networks to a surface and back by undo. */
static void test_changes_arenas(void **state) {
    (void)state;
    Stage stage = open_networks(1280, 800, NULL);
    draw_at(&stage, 20);
    viewer_choose_surface(stage.viewer, "ravine");
    assert_ptr_equal(stage.viewer->arena, &surface_arena);
    assert_null(stage.viewer->network);
    draw(&stage);
    check_texts(&stage, "a surface after networks");
    viewer_act(stage.viewer, ACTION_UNDO);
    assert_ptr_equal(stage.viewer->arena, &network_arena);
    draw_finished(&stage);
    check_texts(&stage, "networks again");
    static const Action surfaces[] = {
        ACTION_THINK, ACTION_FOLLOW, ACTION_VIEW_SPACE, ACTION_ZOOM_IN, ACTION_FORMULA};
    for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++) {
        viewer_act(stage.viewer, surfaces[i]); /* told that there is no such thing */
        draw_finished(&stage);
    }
    stage_close(&stage);
}

/* Played to its end, in the frames' slices and on a thread. */
static void test_plays(void **state) {
    (void)state;
    for (int workers = 0; workers < 2; workers++) {
        Pool *pool = pool_create(workers);
        Stage stage = open_networks(1280, 800, pool);
        viewer_play(stage.viewer, true);
        stage.viewer->speed = network_arena.n_speeds - 1;
        draw_frame(&stage);
        for (int i = 0; i < 100000 && stage.viewer->playing; i++) {
            viewer_advance(stage.viewer, 1.0 / 60);
            draw_frame(&stage);
        }
        assert_int_equal(viewer_step(stage.viewer), 300);
        for (int i = 0; i < 1000 && viewer_is_animating(stage.viewer); i++) {
            viewer_advance(stage.viewer, 1.0 / 60);
            draw_frame(&stage);
        }
        assert_false(viewer_is_animating(stage.viewer)); /* an idle window sleeps */
        viewer_set_step(stage.viewer, 0);
        viewer_act(stage.viewer, ACTION_STEP_FORWARD);
        draw_frame(&stage);
        assert_int_equal(live_training_state(live_of(&stage))->step, 1);
        stage_close(&stage);
        pool_destroy(pool);
    }
}

/* Undone at once, while the changed race is in full swing: the two trainings have one pool, after each other.
 */
static void test_undoes_in_the_middle(void **state) {
    (void)state;
    enum { TIMES = 100, PATIENCE_S = 30 };
    Pool *pool = pool_create(1);
    Stage stage = stage_open_on(make_networks("2-8-8-1", "spirals:n=100", six, 3000), 800, 600, pool);
    for (int i = 0; i < TIMES; i++) {
        viewer_set_step(stage.viewer, 3000);
        viewer_prepare(stage.viewer, stage.canvas);
        viewer_act(stage.viewer, i % 2 ? ACTION_UNDO : ACTION_RANDOM_START);
    }
    viewer_set_step(stage.viewer, 3000);
    viewer_prepare(stage.viewer, stage.canvas);
    double end_s = clock_now_s() + PATIENCE_S;
    while (live_training_done(live_of(&stage)) < 3000 && clock_now_s() < end_s) sched_yield();
    assert_int_equal(live_training_done(live_of(&stage)), 3000);
    stage_close(&stage);
    pool_destroy(pool);
}

/* The step that the timeline shows, and the last one. */
static void read_timeline(const Stage *stage, int *step, int *last) {
    const Call *call = record_canvas_find_text(stage->record, "step ");
    assert_non_null(call);
    const char *text = strstr(call->string, "step ");
    assert_int_equal(sscanf(text, "step %d / %d", step, last), 2);
}

/* A race that nobody is left in ends there: neither a hand nor playing ahead of it goes beyond. */
static void test_ends_where_nobody_goes_on(void **state) {
    (void)state;
    static const char *const diverges[] = {"sgd:lr=1e30", NULL};
    for (int workers = 0; workers < 2; workers++) {
        for (int plays = 0; plays < 2; plays++) {
            Pool *pool = pool_create(workers);
            Scene scene = make_networks("2-8-1", "spirals:n=100", diverges, 300);
            scene.network.mlp.activation = activation_find("relu");
            Stage stage = stage_open_on(scene, 1280, 800, pool);
            int step = -1, last = -1;
            if (plays)
                viewer_play(stage.viewer, true);
            else
                viewer_set_step(stage.viewer, 300);
            for (int i = 0; i < 100000 && (i == 0 || viewer_is_animating(stage.viewer)); i++) {
                viewer_advance(stage.viewer, 1.0 / 60);
                draw_frame(&stage);
                read_timeline(&stage, &step, &last);
                if (step > last) fail_msg("step %d / %d", step, last);
            }
            assert_true(live_training_is_over(live_of(&stage)));
            assert_int_equal(last, live_training_done(live_of(&stage)));
            assert_true(last < 300);
            assert_int_equal(step, last);
            assert_false(stage.viewer->playing);
            stage_close(&stage);
            pool_destroy(pool);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_shows_the_training),
        cmocka_unit_test(test_scrubs),
        cmocka_unit_test(test_boundary_is_the_networks),
        cmocka_unit_test(test_lines_are_smooth),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_palette),
        cmocka_unit_test(test_what_begins_anew),
        cmocka_unit_test(test_changes_arenas),
        cmocka_unit_test(test_plays),
        cmocka_unit_test(test_undoes_in_the_middle),
        cmocka_unit_test(test_ends_where_nobody_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
