/* The racer that thinks aloud: the quadratic model against the surface itself, and the panel and the arrows
 * on the recording canvas. */
#include "stage.h"

#include <string.h>

static const char *const six[] = {
    "sgd:lr=0.001", "momentum:lr=0.0005", "nesterov:lr=0.0005", "adam", "bfgs", "newton", NULL};
static const char *const diverging[] = {"sgd:lr=5", "momentum:lr=1", "adam", NULL};
static const char *const one[] = {"momentum:lr=0.0005", NULL};

/* The model. */

static const char *const surfaces[] = {
    "rosenbrock", "himmelblau", "strict_saddle", "beale", "hills", "ackley"};
enum { SURFACES = sizeof surfaces / sizeof *surfaces, POINTS = 20 };

static LocalModel model_at(Surface *surface, const double x[2]) {
    double g[2], h[3], loss = surface_evaluate(surface, x[0], x[1], g, h);
    return local_model_of(x, loss, g, h);
}

/* What is left over is of third order: half the distance, an eighth of it. */
static void the_model_touches_the_surface(void **state) {
    (void)state;
    for (int s = 0; s < SURFACES; s++) {
        Status status = status_ok();
        Surface *surface = surface_create(surfaces[s], &status);
        Rng rng = rng_seed(3);
        for (int i = 0; i < POINTS; i++) {
            const Box *box = &surface->box;
            double x[2] = {
                rng_uniform(&rng, box->x_min, box->x_max), rng_uniform(&rng, box->y_min, box->y_max)};
            double angle = rng_uniform(&rng, 0, 6.28), left[2];
            LocalModel model = model_at(surface, x);
            for (int k = 0; k < 2; k++) {
                double r = k ? 5e-4 : 1e-3, at[2] = {x[0] + r * cos(angle), x[1] + r * sin(angle)};
                left[k] = surface_evaluate(surface, at[0], at[1], NULL, NULL) - local_model_at(&model, at);
            }
            double rounding = 1e-13 * (1 + fabs(model.loss));
            assert_true(fabs(8 * left[1] - left[0]) <= 0.02 * fabs(left[0]) + 100 * rounding);
        }
        surface_destroy(surface);
    }
}

static void the_curve_is_level(void **state) {
    (void)state;
    int kinds[STATIONARY_DEGENERATE + 1] = {0};
    for (int s = 0; s < SURFACES; s++) {
        Status status = status_ok();
        Surface *surface = surface_create(surfaces[s], &status);
        Rng rng = rng_seed(5);
        for (int i = 0; i < POINTS; i++) {
            const Box *box = &surface->box;
            double x[2] = {
                rng_uniform(&rng, box->x_min, box->x_max), rng_uniform(&rng, box->y_min, box->y_max)};
            LocalModel model = model_at(surface, x);
            kinds[model.kind]++;
            double points[LOCAL_MODEL_POINTS][2], nearest = INFINITY, reach = 0;
            double high = fmax(fabs(model.eigenvalues[0]), fabs(model.eigenvalues[1]));
            for (int branch = 0; branch < 2; branch++) {
                bool there = local_model_curve(&model, 5, branch, points);
                assert_int_equal(there, branch == 0 || model.kind == STATIONARY_SADDLE);
                for (int p = 0; p < LOCAL_MODEL_POINTS && there; p++) {
                    double away = hypot(points[p][0] - x[0], points[p][1] - x[1]);
                    double size = fabs(model.loss) + high * (away * away + 25);
                    assert_true(fabs(local_model_at(&model, points[p]) - model.loss) <= 1e-9 * size);
                    nearest = fmin(nearest, away);
                    reach = fmax(reach, away);
                }
            }
            assert_true(nearest < 0.2 * reach || nearest < 0.2); /* it passes x */
            /* Around the stationary point the model is the same on both sides. */
            for (int k = 0; k < 2; k++) {
                double ahead[2], behind[2];
                memcpy(ahead, model.stationary, sizeof ahead);
                memcpy(behind, model.stationary, sizeof behind);
                ahead[k] += 0.1;
                behind[k] -= 0.1;
                double apart = hypot(model.stationary[0] - x[0], model.stationary[1] - x[1]);
                assert_true(fabs(local_model_at(&model, ahead) - local_model_at(&model, behind)) <=
                            1e-10 * (fabs(model.loss) + high * (1 + apart * apart)));
            }
        }
        surface_destroy(surface);
    }
    assert_true(kinds[STATIONARY_MINIMUM] > 5 && kinds[STATIONARY_SADDLE] > 5);
}

static void a_flat_model_has_no_curve(void **state) {
    (void)state;
    double points[LOCAL_MODEL_POINTS][2];
    LocalModel trough = local_model_of((double[]){1, 2}, 3, (double[]){1, 0}, (double[]){2, 0, 0}),
               broken = local_model_of((double[]){1, 2}, 3, (double[]){1, 0}, (double[]){NAN, 0, 0});
    assert_int_equal(trough.kind, STATIONARY_DEGENERATE);
    assert_false(local_model_curve(&trough, 5, 0, points));
    assert_int_equal(broken.kind, STATIONARY_DEGENERATE);
}

/* The window. */

static void think_of(Stage *stage, int racer, int64_t step) {
    stage->viewer->editor.selected = racer;
    stage->viewer->thinks = true;
    viewer_set_step(stage->viewer, step);
    draw(stage);
}

static void a_key_shows_the_numbers(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", six, 1280, 800);
    key(&stage, 'k', false, false);
    draw(&stage);
    assert_int_equal(stage.viewer->editor.selected, 0);
    control_of(&stage, "working");
    assert_non_null(record_canvas_find_text(stage.record, "SGD, step 100 → 101"));
    key(&stage, '.', false, false);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "Momentum, step 100 → 101"));
    assert_non_null(record_canvas_find_text(stage.record, "v = momentum*v - lr*g"));
    assert_non_null(record_canvas_find_text(stage.record, "Stability"));
    /* What x becomes is what the race has. */
    for (int k = 0; k < 2; k++) {
        Text text = {0};
        text_append(&text, " = ");
        working_print_number(&text, race_trace(stage.viewer->running.race, 1)->x[2 * 101 + k], 4);
        assert_non_null(record_canvas_find_text(stage.record, text_string(&text)));
        text_finish(&text);
    }
    key(&stage, 'k', false, false);
    draw(&stage);
    assert_null(ui_find(&stage.viewer->ui, "working"));
    stage_close(&stage);
}

static void the_end_shows_the_last_step(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", one, 1280, 800);
    think_of(&stage, 0, STEPS);
    assert_non_null(record_canvas_find_text(stage.record, "Momentum, step 199 → 200"));
    stage_close(&stage);
}

/* While the race plays the panel keeps its numbers for a moment; the arrows go on. */
static void numbers_stay_while_it_plays(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", one, 1280, 800);
    think_of(&stage, 0, 50);
    viewer_play(stage.viewer, true);
    viewer_advance(stage.viewer, 0.04);
    draw(&stage);
    assert_int_equal(viewer_step(stage.viewer), 51);
    assert_int_equal(stage.viewer->think.step->step, 51);
    assert_non_null(record_canvas_find_text(stage.record, "step 50 → 51"));
    viewer_advance(stage.viewer, 0.2);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "step 57 → 58"));
    viewer_advance(stage.viewer, 0.04);
    viewer_advance(stage.viewer, 0.04); /* another race is shown at once */
    viewer_move_start(stage.viewer, (double[]){0.5, 0.5});
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "step 59 → 60"));
    viewer_play(stage.viewer, false);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "step 59 → 60"));
    stage_close(&stage);
}

static void changes_are_followed(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", six, 1280, 800);
    think_of(&stage, 1, 40);
    viewer_move_start(stage.viewer, (double[]){0.5, 0.5});
    draw(&stage);
    assert_true(
        stage.viewer->think.step->before.x[0] == race_trace(stage.viewer->running.race, 1)->x[2 * 40]);
    viewer_choose_surface(stage.viewer, "himmelblau");
    draw(&stage);
    assert_true(
        stage.viewer->think.step->before.x[0] == race_trace(stage.viewer->running.race, 1)->x[2 * 40]);
    key(&stage, KEY_DELETE, false, false);
    draw(&stage);
    stage_close(&stage);
}

static void without_a_racer_there_is_a_hint(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", six, 1280, 800);
    think_of(&stage, -1, 40);
    assert_non_null(record_canvas_find_text(stage.record, "Choose a racer"));
    check_texts(&stage, "no racer");
    stage.viewer->editor.selected = 1;
    stage.viewer->subject.veiled = true;
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "Guess first"));
    assert_null(record_canvas_find_text(stage.record, "0.9·"));
    stage_close(&stage);
}

/* Where the panel is too low for all of it, everything can be scrolled to. */
static void the_panel_scrolls(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", six, 800, 600);
    think_of(&stage, 3, 40);
    assert_null(record_canvas_find_text(stage.record, "angle to Newton"));
    Rect rect = control_of(&stage, "working")->rect;
    for (int i = 0; i < 30; i++) {
        check_texts(&stage, "scrolled");
        send(&stage, (Event){.type = EVENT_WHEEL, .x = rect.x + 20, .y = rect.y + 20, .scroll = -1});
        draw(&stage);
    }
    assert_non_null(record_canvas_find_text(stage.record, "angle to Newton"));
    assert_non_null(record_canvas_find_text(stage.record, "°"));
    press(&stage, rect.x + 20, rect.y + 20, 1, 1);
    release(&stage, rect.x + 20, rect.y + 20);
    key(&stage, KEY_PAGE_UP, false, false);
    key(&stage, KEY_PAGE_UP, false, false);
    key(&stage, KEY_PAGE_UP, false, false);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "Adam, step"));
    stage_close(&stage);
}

static void texts_fit(void **state) {
    (void)state;
    /* The last are windows at twice the size of type. */
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {2560, 1440}, {640, 400}, {300, 200}};
    static const struct {
        const char *surface;
        const char *const *racers;
    } races[] = {{"rosenbrock", six}, {"strict_saddle", six}, {"rosenbrock", diverging}, {"cliff", six},
        {"0*x", six}, {"1/x + 0*y", diverging}};
    for (size_t r = 0; r < sizeof races / sizeof *races; r++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            if ((r > 0 && sizes[s][0] > 2000) || is_left_out(r + s, 4)) continue;
            Stage stage = stage_open(races[r].surface, races[r].racers, sizes[s][0], sizes[s][1]);
            for (int racer = 0; racer < race_racer_count(stage.viewer->running.race); racer++)
                for (int step = 0; step < 3; step++) {
                    think_of(&stage, racer, step * step * 7);
                    check_texts(&stage, races[r].surface);
                }
            stage_close(&stage);
        }
}

static void every_optimizer_is_worked_out(void **state) {
    (void)state;
    for (int i = 0; i < optimizer_count; i++) {
        if (optimizer_takes_matrices(&optimizer_table[i])) continue;
        const char *const racers[] = {optimizer_table[i].name, NULL};
        Stage stage = stage_open("rosenbrock", racers, 640, 400);
        for (int step = 0; step < 60; step += is_quick() ? 39 : 13) {
            think_of(&stage, 0, step);
            check_texts(&stage, optimizer_table[i].name);
            assert_non_null(record_canvas_find_text(stage.record, "gradient ="));
        }
        stage_close(&stage);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_model_touches_the_surface),
        cmocka_unit_test(the_curve_is_level),
        cmocka_unit_test(a_flat_model_has_no_curve),
        cmocka_unit_test(a_key_shows_the_numbers),
        cmocka_unit_test(the_end_shows_the_last_step),
        cmocka_unit_test(numbers_stay_while_it_plays),
        cmocka_unit_test(changes_are_followed),
        cmocka_unit_test(without_a_racer_there_is_a_hint),
        cmocka_unit_test(the_panel_scrolls),
        cmocka_unit_test(texts_fit),
        cmocka_unit_test(every_optimizer_is_worked_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
