/* Networks neuron by neuron: the numbers behind the picture against plain loops, and the picture on a canvas
 * that remembers. */
#include "test.h"

#include "network_view.h"
#include "networks.h"
#include "stage.h"

#include <math.h>
#include <string.h>

static const char *const racers[] = {"adam:lr=0.02", "sgd:lr=0.3", NULL};
static const char *const six[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", "rmsprop:lr=0.01",
    "adagrad:lr=0.1", "nesterov:lr=0.1,label=a racer with quite a long name", NULL};

static Stage open_units(
    const char *sizes, const char *data, const char *const *names, float width, float height) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, 60, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, sizes, &status)) fail_msg("%s", status.message);
    scene.network.data = strdup(data);
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.sampling.batch = 8;
    scene.network.steps = 60;
    if (strncmp(data, "sine", 4) == 0) scene.network.mlp.loss = loss_find("squared");
    scene.look.picture = NETWORK_PICTURE_UNITS;
    Stage stage = stage_open_on(scene, width, height, NULL);
    stage.viewer->network->picture = NETWORK_PICTURE_UNITS;
    return stage;
}

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

static UnitsView *units_of(const Stage *stage) {
    return &stage->viewer->network->units;
}

static const LiveState *state_of(const Stage *stage) {
    return live_training_state(stage->viewer->network->live);
}

static const UnitNumbers *numbers_of(const Stage *stage, int panel) {
    const UnitsPanel *of = &units_of(stage)->panels[panel];
    return &of->numbers[of->shown];
}

static double *weights_of(const Stage *stage, int racer) {
    const Vec *x = &state_of(stage)->weights[racer];
    double *plain = malloc(x->n * sizeof *plain);
    vec_read(x, plain);
    return plain;
}

/* Every unit at every node of its map, over the plane and along the line. */
static void test_maps(void **state) {
    (void)state;
    static const struct {
        const char *sizes, *data;
    } kinds[] = {{"2-8-5-1", "spirals:n=100"}, {"2-6-3", "spirals:n=90,classes=3"}, {"1-7-4-1", "sine:n=60"}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        Stage stage = open_units(kinds[k].sizes, kinds[k].data, racers, 1280, 800);
        draw_at(&stage, 60);
        const UnitsView *view = units_of(&stage);
        const UnitMaps *maps = &view->maps;
        assert_int_equal(view->n_panels, 2);
        for (int p = 0; p < 2; p++) {
            const UnitNumbers *numbers = numbers_of(&stage, p);
            double *x = weights_of(&stage, p), units[64];
            const int side = numbers->side, rows = maps->ground == UNITS_PLANE ? side : 1;
            assert_int_equal(numbers->step, 60);
            assert_int_equal(numbers->racer, p);
            assert_true(side >= 40);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < side; column++) {
                    const double across = (double)column / (side - 1), down = (double)row / (side - 1);
                    const float inputs[2] = {(float)(maps->from[0] + across * (maps->to[0] - maps->from[0])),
                        (float)(maps->to[1] - down * (maps->to[1] - maps->from[1]))};
                    int at = 0;
                    plain_units(&maps->spec, x, inputs, units);
                    for (int l = 0; l <= maps->spec.n_layers; l++)
                        for (int u = 0; u < maps->spec.sizes[l]; u++, at++)
                            assert_near(
                                (double)unit_map(maps, numbers, l, u)[row * side + column], units[at], 2e-5);
                }
            }
            free(x);
        }
        stage_close(&stage);
    }
}

/* Without a plane: the mean over the examples. */
static void test_means(void **state) {
    (void)state;
    Stage stage = open_units("4-9-5-3", "iris", racers, 1280, 800);
    draw_at(&stage, 60);
    const UnitMaps *maps = &units_of(&stage)->maps;
    const Data *data = stage.viewer->network->data;
    const UnitNumbers *numbers = numbers_of(&stage, 1);
    const size_t n = data->split.training.n;
    double *x = weights_of(&stage, 1), sums[21] = {0}, units[21];
    assert_true(n <= UNITS_SAMPLE_MAX);
    for (size_t i = 0; i < n; i++) {
        plain_units(&maps->spec, x, data->dataset->inputs + (data->split.training.first + i) * 4, units);
        for (int u = 0; u < 21; u++) sums[u] += units[u] / (double)n;
    }
    for (int u = 0; u < 21; u++) assert_near((double)numbers->maps[u], sums[u], 1e-5);
    assert_false(numbers->of_batch);
    assert_int_equal(numbers->examples, n);
    free(x);
    stage_close(&stage);
}

static double largest_of(const double *numbers, size_t n) {
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(numbers[i]));
    return most;
}

static void check_gradient(
    const UnitMaps *maps, const UnitNumbers *numbers, const double *x, const Batch *batch) {
    const size_t n = numbers->weights.n;
    double *gradient = malloc(n * sizeof *gradient), *unused = malloc(n * sizeof *unused),
           *moved = malloc(n * sizeof *moved);
    plain_perceptron(&maps->spec, x, batch, gradient);
    const double most = largest_of(gradient, n);
    for (size_t i = 0; i < n; i++) {
        const double found = vec_get(&numbers->gradient, i);
        if (!(fabs(found - gradient[i]) < 2e-5 * most))
            fail_msg("parameter %zu: %g, not %g", i, found, gradient[i]);
    }
    /* And by differences, some of each layer. */
    memcpy(moved, x, n * sizeof *moved);
    for (int l = 0; l < maps->spec.n_layers; l++) {
        const size_t at = unit_weight(maps, l, maps->spec.sizes[l] - 1, 0), bias = unit_bias(maps, l, 0);
        const size_t places[] = {at, bias};
        for (int k = 0; k < 2; k++) {
            const double h = 1e-5;
            moved[places[k]] = x[places[k]] + h;
            double slope = plain_perceptron(&maps->spec, moved, batch, unused);
            moved[places[k]] = x[places[k]] - h;
            slope = (slope - plain_perceptron(&maps->spec, moved, batch, unused)) / (2 * h);
            moved[places[k]] = x[places[k]];
            if (!(fabs(vec_get(&numbers->gradient, places[k]) - slope) < 2e-5 * most))
                fail_msg("layer %d: %g, not %g", l, vec_get(&numbers->gradient, places[k]), slope);
        }
    }
    free(gradient);
    free(unused);
    free(moved);
}

/* Of the minibatch that the next step sees. */
static void test_gradient_of_the_minibatch(void **state) {
    (void)state;
    Stage stage = open_units("2-8-5-1", "spirals:n=100", racers, 1280, 800);
    draw_at(&stage, 37);
    for (int p = 0; p < 2; p++) {
        double *x = weights_of(&stage, p);
        assert_true(numbers_of(&stage, p)->of_batch);
        assert_int_equal(numbers_of(&stage, p)->examples, 8);
        assert_int_equal(state_of(&stage)->batch.size, 8);
        check_gradient(&units_of(&stage)->maps, numbers_of(&stage, p), x, &state_of(&stage)->batch);
        free(x);
    }
    stage_close(&stage);
}

/* Where that is not kept: over examples from all of the training part, also in pieces. */
static void test_gradient_of_examples(void **state) {
    (void)state;
    Stage stage = open_units("64-200-120-10", "digits", racers, 1280, 800);
    draw_at(&stage, 5);
    const UnitsView *view = units_of(&stage);
    const Data *data = stage.viewer->network->data;
    const UnitNumbers *numbers = numbers_of(&stage, 0);
    static float inputs[UNITS_SAMPLE_MAX * 64];
    static int32_t labels[UNITS_SAMPLE_MAX];
    const size_t n = data->split.training.n;
    for (size_t i = 0; i < UNITS_SAMPLE_MAX; i++) {
        const size_t at = data->split.training.first + i * n / UNITS_SAMPLE_MAX;
        memcpy(inputs + 64 * i, data->dataset->inputs + at * 64, 64 * sizeof *inputs);
        labels[i] = data->dataset->labels[at];
    }
    const Batch batch = {.size = UNITS_SAMPLE_MAX, .n_in = 64, .inputs = inputs, .labels = labels};
    double *x = weights_of(&stage, numbers->racer);
    assert_int_equal(numbers->examples, UNITS_SAMPLE_MAX);
    assert_false(numbers->of_batch);
    check_gradient(&view->maps, numbers, x, &batch);
    free(x);
    stage_close(&stage);
}

/* What a cell of a matrix stands for: the number of the largest size among those that fall on it. The
 * gradient of the last layer is drawn last. */
static void test_matrices_are_reduced(void **state) {
    (void)state;
    static const char *const one[] = {"adam:lr=0.02", NULL};
    static const float sizes[][2] = {{1280, 800}, {533, 400}};
    for (int s = 0; s < 2; s++) {
        Stage stage = open_units("64-18-500-10", "digits", one, sizes[s][0], sizes[s][1]);
        draw_at(&stage, 3);
        const UnitsView *view = units_of(&stage);
        const UnitsPanel *panel = &view->panels[0];
        const Call *image = NULL;
        for (int i = 0; i < record_canvas_count(stage.record); i++)
            if (record_canvas_call(stage.record, i)->type == CALL_IMAGE)
                image = record_canvas_call(stage.record, i);
        assert_non_null(image);
        const int width = (int)lroundf(image->box.width), height = (int)lroundf(image->box.height);
        const int columns = width < 500 ? width : 500, rows = height < 10 ? height : 10;
        assert_true(columns < 500);
        double most[10 * 500] = {0};
        for (int i = 0; i < 500; i++) {
            for (int j = 0; j < 10; j++) {
                const double value =
                    vec_get(&numbers_of(&stage, 0)->gradient, unit_weight(&view->maps, 2, i, j));
                double *of = &most[j * rows / 10 * columns + i * columns / 500];
                if (fabs(value) > fabs(*of)) *of = value;
            }
        }
        for (int i = 0; i < rows * columns; i++) assert_near((double)panel->cells[i], most[i], 1e-12);
        stage_close(&stage);
    }
}

/* Texts fit at all sizes, with anything pointed at, in every kind of picture. */
static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {533, 400}};
    static const struct {
        const char *sizes, *data;
    } kinds[] = {{"2-8-8-1", "spirals:n=100"}, {"2-16-16-16-16-16-16-1", "spirals:n=100"},
        {"2-6-3", "spirals:n=90,classes=3"}, {"1-8-1", "sine:n=40"}, {"4-8-3", "iris"},
        {"64-32-10", "digits"},
        {"2-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-4-1", "spirals:n=100"}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            if (is_left_out(k + i, 4)) continue;
            Stage stage = open_units(kinds[k].sizes, kinds[k].data, six, sizes[i][0], sizes[i][1]);
            draw_at(&stage, 0);
            check_texts(&stage, kinds[k].data);
            draw_at(&stage, 20);
            check_texts(&stage, kinds[k].data);
            static const Action actions[] = {
                ACTION_NEXT_RACER, ACTION_THEME, ACTION_NEXT_RACER, ACTION_PANEL, ACTION_HIDE};
            for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
                viewer_act(stage.viewer, actions[a]);
                draw_finished(&stage);
                check_texts(&stage, kinds[k].data);
            }
            const Rect plot = stage.viewer->layout.plot;
            for (int place = 0; place < 60; place++) {
                move(&stage, (double)plot.x + plot.width * (0.05 + 0.017 * place),
                    (double)plot.y + plot.height * (0.3 + 0.07 * (place % 9)));
                draw_frame(&stage);
                check_texts(&stage, kinds[k].data);
            }
            stage_close(&stage);
        }
    }
}

static void press_middle(Stage *stage, Rect rect) {
    press(stage, rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height, 1, 1);
    release(stage, rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height);
    draw_finished(stage);
}

/* Chips choose who is shown: the one chosen last, beside the one before it. */
static void test_racers_are_chosen(void **state) {
    (void)state;
    Stage stage = open_units("2-8-8-1", "spirals:n=100", six, 1280, 800);
    const UnitsView *view = units_of(&stage);
    draw_at(&stage, 10);
    assert_int_equal(view->n_panels, 2);
    press_middle(&stage, control_of(&stage, "units.racer 3")->seen);
    press_middle(&stage, control_of(&stage, "units.racer 5")->seen);
    assert_int_equal(stage.viewer->editor.selected, 4);
    assert_int_equal(view->panels[0].racer, 2);
    assert_int_equal(view->panels[1].racer, 4);
    press_middle(&stage, control_of(&stage, "units.racer 2")->seen);
    assert_int_equal(view->panels[0].racer, 1);
    assert_int_equal(view->panels[1].racer, 4);
    for (int i = 0; i < 2; i++) assert_int_equal(numbers_of(&stage, i)->racer, view->panels[i].racer);
    press_middle(&stage, control_of(&stage, "units.two")->seen);
    assert_int_equal(view->n_panels, 1);
    assert_int_equal(view->panels[0].racer, 1);
    check_texts(&stage, "one racer");
    viewer_act(stage.viewer, ACTION_HIDE);
    draw_finished(&stage);
    assert_int_equal(view->panels[0].racer, 0);
    stage_close(&stage);
}

/* What lines are is a part of the look. */
static void test_the_look(void **state) {
    (void)state;
    Stage stage = open_units("2-8-5-1", "spirals:n=100", racers, 1280, 800);
    Look look = {.gradients = true};
    units_network_view.show_look(stage.viewer->network, &look);
    draw_at(&stage, 20);
    assert_non_null(record_canvas_find_text(stage.record, "gradient of the loss by a weight"));
    press_middle(&stage, control_of(&stage, "units.weights")->seen);
    units_network_view.tell_look(stage.viewer->network, &look);
    assert_false(look.gradients);
    press_middle(&stage, control_of(&stage, "units.gradients")->seen);
    units_network_view.tell_look(stage.viewer->network, &look);
    assert_true(look.gradients);
    stage_close(&stage);
}

/* So is who is shown: nothing is said of what comes by itself, and what was said comes again. */
static void test_the_look_of_two(void **state) {
    (void)state;
    Stage stage = open_units("2-8-8-1", "spirals:n=100", six, 1280, 800);
    const UnitsView *view = units_of(&stage);
    Look look = {.compare = {9, 9}};
    draw_at(&stage, 10);
    units_network_view.tell_look(stage.viewer->network, &look);
    assert_true(look.compare[0] == 0 && look.compare[1] == 0);
    press_middle(&stage, control_of(&stage, "units.racer 3")->seen);
    press_middle(&stage, control_of(&stage, "units.racer 5")->seen);
    units_network_view.tell_look(stage.viewer->network, &look);
    assert_true(look.compare[0] == 5 && look.compare[1] == 3);
    press_middle(&stage, control_of(&stage, "units.two")->seen);
    units_network_view.tell_look(stage.viewer->network, &look);
    assert_true(look.compare[0] == 5 && look.compare[1] == 0);
    stage_close(&stage);
    static const struct {
        int compare[2], racers[2], n;
    } looks[] = {{{5, 3}, {2, 4}, 2}, {{4, 0}, {3, -1}, 1}, {{0, 0}, {0, 1}, 2}, {{6, 1}, {0, 5}, 2}};
    stage = open_units("2-8-8-1", "spirals:n=100", six, 1280, 800);
    view = units_of(&stage);
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        memcpy(look.compare, looks[i].compare, sizeof look.compare);
        units_network_view.show_look(stage.viewer->network, &look);
        draw_at(&stage, 10);
        assert_int_equal(view->n_panels, looks[i].n);
        for (int k = 0; k < looks[i].n; k++) assert_int_equal(view->panels[k].racer, looks[i].racers[k]);
        units_network_view.tell_look(stage.viewer->network, &look);
        assert_memory_equal(look.compare, looks[i].compare, sizeof look.compare);
    }
    stage_close(&stage);
}

/* A neuron and a line that are pointed at say their numbers; pressed, they stay. */
static void test_pointing(void **state) {
    (void)state;
    static const char *const one[] = {"adam:lr=0.02", NULL};
    Stage stage = open_units("2-8-5-1", "spirals:n=100", one, 1280, 800);
    draw_at(&stage, 40);
    const UnitsView *view = units_of(&stage);
    const UnitsNet *net = &view->panels[0].net;
    const double x = (double)net->x + 2 * (double)net->dx, y = (double)net->middle - (double)net->pitch;
    char weight[32];
    move(&stage, x, y);
    draw_frame(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "neuron 2 of layer 2"));
    for (int i = 0; i < 8; i++) {
        snprintf(weight, sizeof weight, "%+.4f",
            vec_get(&state_of(&stage)->weights[0], unit_weight(&view->maps, 1, i, 1)));
        assert_non_null(record_canvas_find_text(stage.record, weight));
    }
    snprintf(
        weight, sizeof weight, "%+.4f", vec_get(&state_of(&stage)->weights[0], unit_bias(&view->maps, 1, 1)));
    assert_non_null(record_canvas_find_text(stage.record, weight));
    press(&stage, x, y, 1, 1);
    release(&stage, x, y);
    move(&stage, 1, 1);
    draw_frame(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "neuron 2 of layer 2"));
    press(&stage, x, y, 1, 1);
    release(&stage, x, y);
    /* From the first neuron of layer 2 to the output: near the neuron it is alone. */
    const double from = (double)net->middle - 2 * (double)net->pitch, share = 0.3;
    const double left = x + 0.5 * (double)net->node, right = x + (double)net->dx - 0.5 * (double)net->node;
    move(&stage, left + share * (right - left), from + share * ((double)net->middle - from));
    draw_frame(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "from neuron 1 of layer 2"));
    assert_non_null(record_canvas_find_text(stage.record, "to output"));
    const size_t at = unit_weight(&view->maps, 2, 0, 0);
    snprintf(weight, sizeof weight, "%+.4f", vec_get(&state_of(&stage)->weights[0], at));
    assert_non_null(record_canvas_find_text(stage.record, weight));
    snprintf(weight, sizeof weight, "%+.1e", vec_get(&numbers_of(&stage, 0)->gradient, at));
    assert_non_null(record_canvas_find_text(stage.record, weight));
    move(&stage, 1, 1);
    draw_frame(&stage);
    assert_null(record_canvas_find_text(stage.record, "from neuron"));
    stage_close(&stage);
}

/* So is a cell of a matrix: the weight itself, and of those that share a pixel the one that the pixel shows.
 */
static void test_pointing_at_matrices(void **state) {
    (void)state;
    static const char *const one[] = {"adam:lr=0.02", NULL};
    Stage stage = open_units("64-18-500-10", "digits", one, 1280, 800);
    draw_at(&stage, 3);
    const UnitsView *view = units_of(&stage);
    const UnitNumbers *numbers = numbers_of(&stage, 0);
    for (int k = 0; k < 4; k++) {
        const int layer = k < 2 ? 0 : 2, n_in = k < 2 ? 64 : 500, n_out = k < 2 ? 18 : 10;
        const Vec *vec = k % 2 ? &numbers->gradient : &numbers->weights;
        const Rect rect = view->panels[0].strips[layer][k % 2];
        const int width = (int)lroundf(rect.width);
        int column = k < 2 ? (int)((7 + 0.5) * rect.width / 64) : 1;
        for (int i = 100; k >= 2 && column == 1;
             i++) /* the first pixel from there on that two inputs share */
            if (i * width / 500 == (i + 1) * width / 500) column = i * width / 500;
        assert_true(k < 2 ? width >= 64 : width > 101 && width < 500);
        size_t best = 0;
        double largest = -1;
        int from = 0;
        for (int i = 0; i < n_in; i++) { /* all whose cell is under that pixel */
            const int cells = n_in < width ? n_in : width;
            const size_t at = unit_weight(&view->maps, layer, i, 2);
            if (i * cells / n_in != column * cells / width || fabs(vec_get(vec, at)) <= largest) continue;
            largest = fabs(vec_get(vec, at));
            best = at;
            from = i;
        }
        move(&stage, rect.x + column + 0.5, rect.y + 2.5 * rect.height / n_out);
        draw_frame(&stage);
        char text[64];
        snprintf(text, sizeof text, "w %+.4f, g %+.1e: ", vec_get(&numbers->weights, best),
            vec_get(&numbers->gradient, best));
        assert_non_null(record_canvas_find_text(stage.record, text));
        snprintf(
            text, sizeof text, k < 2 ? "neuron 3 of layer 1" : "neuron %d of layer 2 → output 2", from + 1);
        assert_non_null(record_canvas_find_text(stage.record, text));
        check_texts(&stage, "a matrix");
        if (k < 2) assert_int_equal(from, 7);
    }
    move(&stage, 1, 1);
    draw_frame(&stage);
    assert_null(record_canvas_find_text(stage.record, "→ output 2"));
    stage_close(&stage);
}

/* In parts of a frame it comes to the same numbers as at once. */
static void test_in_slices(void **state) {
    (void)state;
    static const struct {
        const char *sizes, *data;
    } kinds[] = {{"2-8-5-1", "spirals:n=100"}, {"64-200-120-10", "digits"}};
    for (int k = 0; k < 2; k++) {
        Stage stage = open_units(kinds[k].sizes, kinds[k].data, racers, 1280, 800);
        draw_at(&stage, 20);
        const UnitNumbers *numbers = numbers_of(&stage, 0);
        Vec gradient = vec_like(&numbers->gradient);
        vec_copy(&gradient, &numbers->gradient);
        draw_at(&stage, 5);
        viewer_set_step(stage.viewer, 20);
        bool finished = false;
        int frames = 0;
        live_training_look(stage.viewer->network->live, 20);
        UnitsView *view = units_of(&stage);
        for (; !finished && frames < 100000; frames++) {
            units_view_draw(
                view, stage.canvas, stage.viewer->layout.plot, &stage.viewer->subject, state_of(&stage), 0);
            finished = units_view_is_finished(view, state_of(&stage));
        }
        assert_true(finished);
        assert_true(frames > 2);
        assert_true(vec_is_same(&gradient, &numbers_of(&stage, 0)->gradient));
        free(gradient.data);
        stage_close(&stage);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_maps),
        cmocka_unit_test(test_means),
        cmocka_unit_test(test_gradient_of_the_minibatch),
        cmocka_unit_test(test_gradient_of_examples),
        cmocka_unit_test(test_matrices_are_reduced),
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_racers_are_chosen),
        cmocka_unit_test(test_the_look),
        cmocka_unit_test(test_the_look_of_two),
        cmocka_unit_test(test_pointing),
        cmocka_unit_test(test_pointing_at_matrices),
        cmocka_unit_test(test_in_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
