/* What a person changes in the window: found by name, pressed and dragged, undone and done again. */
#include "stage.h"

#include "widgets.h"

static const char *const three[] = {"sgd:lr=0.001", "momentum:lr=0.0005", "adam:lr=0.05", NULL};

static const RacerSpec *spec_of(const Stage *stage, int racer) {
    return race_spec(stage->viewer->running.race, racer);
}

static int racer_count(const Stage *stage) {
    return race_racer_count(stage->viewer->running.race);
}

/* Where a slider's knob is at a fraction of its track, which ends a knob's radius inside of the control. */
static void drag_slider(Stage *stage, const char *name, double from, double to) {
    draw(stage);
    Rect rect = control_of(stage, name)->rect;
    double x = rect.x + 6, width = rect.width - 12, y = rect.y + 0.5 * rect.height;
    press(stage, x + from * width, y, 1, 1);
    for (int i = 1; i <= 4; i++) move(stage, x + (from + i * (to - from) / 4) * width, y + 30 * i);
    release(stage, x + to * width, y + 200);
}

static void test_a_slider_bends_the_path(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    draw(&stage);
    const Trace *sgd = race_trace(stage.viewer->running.race, 0),
                *adam = race_trace(stage.viewer->running.race, 2);
    double sgd_loss = sgd->loss[STEPS], adam_loss = adam->loss[STEPS];
    drag_slider(&stage, "racer 1.lr", 0.3, 0);
    draw(&stage);
    assert_near(spec_of(&stage, 0)->values[0], optimizer_find("sgd")->parameters[0].min, 0);
    assert_true(race_trace(stage.viewer->running.race, 0)->loss[STEPS] != sgd_loss);
    assert_true(race_trace(stage.viewer->running.race, 2)->loss[STEPS] == adam_loss);
    assert_int_equal(viewer_step(stage.viewer), STEPS / 2);
    /* The whole drag is one change. */
    viewer_act(stage.viewer, ACTION_UNDO);
    draw(&stage);
    assert_near(spec_of(&stage, 0)->values[0], 0.001, 0);
    assert_true(race_trace(stage.viewer->running.race, 0)->loss[STEPS] == sgd_loss);
    assert_int_equal(stage.viewer->editor.n_past, 0);
    viewer_act(stage.viewer, ACTION_REDO);
    draw(&stage);
    assert_near(spec_of(&stage, 0)->values[0], optimizer_find("sgd")->parameters[0].min, 0);
    stage_close(&stage);
}

static void test_a_double_click_brings_the_default_back(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    draw(&stage);
    Rect rect = control_of(&stage, "racer 3.lr")->rect;
    press(&stage, rect.x + 20, rect.y + 8, 1, 2);
    release(&stage, rect.x + 20, rect.y + 8);
    assert_near(spec_of(&stage, 2)->values[0], optimizer_find("adam")->parameters[0].value, 0);
    stage_close(&stage);
}

static void test_arrow_keys_move_the_slider_in_focus(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    drag_slider(&stage, "racer 1.lr", 0.5, 0.5);
    double value = spec_of(&stage, 0)->values[0];
    key(&stage, KEY_RIGHT, false, false);
    double more = spec_of(&stage, 0)->values[0];
    key(&stage, KEY_LEFT, true, false);
    double less = spec_of(&stage, 0)->values[0];
    assert_true(more > value && less < more && less > value);
    assert_int_equal(viewer_step(stage.viewer), STEPS / 2);
    key(&stage, KEY_ESCAPE, false, false); /* the arrows are the race's again */
    key(&stage, KEY_RIGHT, false, false);
    assert_int_equal(viewer_step(stage.viewer), STEPS / 2 + 1);
    stage_close(&stage);
}

static void test_kappa_reshapes_the_surface(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", three, 1280, 800);
    drag_slider(&stage, "surface.kappa", 0.5, 1);
    draw(&stage);
    Surface *surface = stage.viewer->running.surface;
    const FormulaParameter *kappa = &surface->formula->parameters[0];
    assert_string_equal(kappa->name, "kappa");
    assert_near(surface->values[kappa->symbol], kappa->max, 1e-12);
    /* 0.5 (x^2 + kappa y^2) at the start, which stays. */
    const double *start = stage.viewer->subject.start;
    double expected = 0.5 * (start[0] * start[0] + kappa->max * start[1] * start[1]);
    assert_near(race_trace(stage.viewer->running.race, 0)->loss[0], expected, 1e-14);
    viewer_act(stage.viewer, ACTION_UNDO);
    draw(&stage);
    assert_near(surface->values[kappa->symbol], kappa->value, 0);
    stage_close(&stage);
}

static void test_racers_come_and_go(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    press_control(&stage, "racer 2.title");
    assert_int_equal(stage.viewer->editor.selected, 1);
    press_control(&stage, "racer 2.copy");
    draw(&stage);
    assert_int_equal(racer_count(&stage), 4);
    assert_string_equal(spec_of(&stage, 2)->label, "momentum 2");
    assert_true(spec_of(&stage, 2)->look.style != spec_of(&stage, 1)->look.style);
    assert_int_equal(stage.viewer->editor.selected, 2);
    press_control(&stage, "racer 3.up");
    draw(&stage);
    assert_string_equal(spec_of(&stage, 1)->label, "momentum 2");
    press_control(&stage, "racer 2.remove");
    draw(&stage);
    assert_int_equal(racer_count(&stage), 3);
    assert_string_equal(spec_of(&stage, 1)->label, "momentum");
    for (int i = 0; i < 3; i++) viewer_act(stage.viewer, ACTION_UNDO);
    draw(&stage);
    assert_int_equal(racer_count(&stage), 3);
    assert_string_equal(spec_of(&stage, 2)->label, "adam");
    for (int i = 0; i < 2; i++) key(&stage, KEY_DELETE, false, false);
    assert_int_equal(racer_count(&stage), 1);
    key(&stage, KEY_DELETE, false, false); /* the last one stays */
    assert_int_equal(racer_count(&stage), 1);
    stage_close(&stage);
}

static void test_hidden_and_alone(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    stage.viewer->editor.selected = 0;
    key(&stage, 'h', false, false);
    assert_false(subject_racer_visible(&stage.viewer->subject, 0));
    key(&stage, 'h', false, false);
    stage.viewer->editor.selected = 1;
    key(&stage, 's', false, false);
    assert_true(subject_racer_visible(&stage.viewer->subject, 1));
    assert_false(subject_racer_visible(&stage.viewer->subject, 0));
    assert_false(subject_racer_visible(&stage.viewer->subject, 2));
    stage_close(&stage);
}

/* A branch: the same way until the step, another one from there, and the old one faint beside it. */
static void test_a_branch_leaves_a_ghost(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    key(&stage, 'v', false, false);
    drag_slider(&stage, "racer 2.lr", 0.5, 0.2);
    draw(&stage);
    assert_int_equal(racer_count(&stage), 4);
    const Race *race = stage.viewer->running.race;
    assert_true(spec_of(&stage, 2)->look.ghost);
    assert_false(spec_of(&stage, 1)->look.ghost);
    assert_string_equal(spec_of(&stage, 1)->label, "momentum");
    const double *now = race_trace(race, 1)->x, *old = race_trace(race, 2)->x;
    int64_t step = STEPS / 2;
    assert_memory_equal(now, old, (size_t)(2 * (step + 1)) * sizeof *now);
    assert_true(now[2 * (step + 1)] != old[2 * (step + 1)]);
    stage.viewer->editor.selected = 1;                 /* all of its sliders */
    drag_slider(&stage, "racer 2.momentum", 0.5, 0.4); /* at the same step: still the same branch */
    draw(&stage);
    assert_int_equal(racer_count(&stage), 4);
    for (int i = 0; i < 2; i++) viewer_act(stage.viewer, ACTION_UNDO);
    draw(&stage);
    assert_int_equal(racer_count(&stage), 3);
    assert_int_equal(spec_of(&stage, 1)->n_changes, 0);
    stage_close(&stage);
}

static void test_every_device_has_its_slider(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 2000);
    stage.viewer->editor.selected = 0;
    key(&stage, 'n', false, false);
    for (int i = 0; i < DEVICE_COUNT; i++) {
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "racer 1.%s", device_table[i].name);
        if (device_table[i].scale == SCALE_SWITCH)
            press_control(&stage, name);
        else
            drag_slider(&stage, name, 0.2, 0.6);
        draw(&stage);
        if (spec_of(&stage, 0)->devices[i] == device_table[i].value) fail_msg("%s has not changed", name);
        viewer_act(stage.viewer, ACTION_UNDO);
    }
    stage_close(&stage);
}

static void test_schedules_are_chosen_and_typed(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 1200);
    stage.viewer->editor.selected = 0;
    key(&stage, 'n', false, false);
    press_control(&stage, "racer 1.next schedule");
    draw(&stage);
    assert_string_equal(spec_of(&stage, 0)->schedule.text, "linear");
    press_control(&stage, "racer 1.schedule");
    for (const char *c = "lr/t"; *c; c++) {
        Event event = {.type = EVENT_KEY, .key = *c, .text = {*c}};
        send(&stage, event);
    }
    key(&stage, KEY_ENTER, false, false);
    draw(&stage);
    assert_string_equal(spec_of(&stage, 0)->schedule.text, "lr/t");
    for (int t = 1; t <= STEPS; t++)
        assert_near(race_trace(stage.viewer->running.race, 0)->lr[t], 0.001 / t, 1e-15);
    stage_close(&stage);
}

static void test_what_cannot_be_is_withdrawn(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    editor_change(&stage.viewer->editor, "steps", 77)->steps = INT64_C(1) << 50;
    viewer_apply(stage.viewer);
    draw(&stage);
    assert_int_equal(race_step_count(stage.viewer->running.race), STEPS);
    assert_int_equal(stage.viewer->editor.scene.steps, STEPS);
    assert_non_null(record_canvas_find_text(stage.record, "of memory"));
    stage_close(&stage);
}

/* The class guesses: nothing of the race may be read anywhere. */
static void test_a_prediction_hides_the_race(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    key(&stage, 'p', false, false);
    viewer_advance(stage.viewer, 5); /* the notice is gone */
    draw(&stage);
    assert_int_equal(viewer_step(stage.viewer), 0);
    char loss[NUMBER_BYTES];
    for (int i = 0; i < 3; i++) {
        number_scientific(race_trace(stage.viewer->running.race, i)->loss[0], loss);
        assert_null(record_canvas_find_text(stage.record, loss));
    }
    key(&stage, ' ', false, false);
    viewer_advance(stage.viewer, 1);
    draw(&stage);
    assert_true(viewer_step(stage.viewer) > 0);
    number_scientific(race_trace(stage.viewer->running.race, 0)->loss[viewer_step(stage.viewer)], loss);
    assert_non_null(record_canvas_find_text(stage.record, loss));
    stage_close(&stage);
}

static void test_the_countdown_starts_the_race(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", three, 1280, 800);
    key(&stage, 'p', true, false);
    static const char *const digits[] = {"3", "2", "1"};
    for (int i = 0; i < 3; i++) {
        viewer_advance(stage.viewer, i == 0 ? 0.5 : 1);
        draw(&stage);
        assert_non_null(record_canvas_find_text(stage.record, digits[i]));
        assert_int_equal(viewer_step(stage.viewer), 0);
    }
    viewer_advance(stage.viewer, 1);
    assert_true(stage.viewer->playing);
    stage_close(&stage);
}

/* Every control can be reached by Tab, and the one that is reached is in sight. */
static void test_tab_reaches_every_control(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", three, 1280, 500);
    stage.viewer->editor.selected = 2;
    draw(&stage);
    int n = 0;
    for (int i = 0; i < stage.viewer->ui.n_controls; i++)
        n += stage.viewer->ui.controls[i].kind != UI_POINTER;
    assert_true(n > 20);
    char first[UI_NAME_BYTES] = "";
    for (int i = 0; i < n; i++) {
        key(&stage, KEY_TAB, false, false);
        draw(&stage);
        draw(&stage); /* the cards have scrolled to it */
        const char *focus = stage.viewer->ui.focus;
        const UiControl *control = control_of(&stage, focus);
        if (control->seen.height < control->rect.height - 1) fail_msg("'%s' is out of sight", focus);
        if (i == 0) snprintf(first, sizeof first, "%s", focus);
        if (i > 0 && strcmp(focus, first) == 0) fail_msg("only %d of %d controls are reached", i, n);
    }
    key(&stage, KEY_TAB, false, false);
    assert_string_equal(stage.viewer->ui.focus, first);
    stage_close(&stage);
}

static void test_tips_appear_after_a_while(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", three, 1280, 800);
    draw(&stage);
    Rect rect = control_of(&stage, "bar.play")->seen;
    move(&stage, rect.x + 4, rect.y + 4);
    assert_true(viewer_is_animating(stage.viewer));
    viewer_advance(stage.viewer, 0.3);
    draw(&stage);
    assert_null(record_canvas_find_text(stage.record, "play or pause (Space)"));
    viewer_advance(stage.viewer, 0.4);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "play or pause (Space)"));
    assert_false(viewer_is_animating(stage.viewer));
    stage_close(&stage);
}

static bool is_circle_at(const Stage *stage, Point point) {
    for (int i = 0; i < record_canvas_count(stage->record); i++) {
        const Call *call = record_canvas_call(stage->record, i);
        if (call->type == CALL_CIRCLE && fabsf(call->box.x + 0.5f * call->box.width - point.x) < 0.01f &&
            fabsf(call->box.y + 0.5f * call->box.height - point.y) < 0.01f)
            return true;
    }
    return false;
}

/* What is read in the chart is shown on the surface, flat and in space, and not in a picture that is kept. */
static void test_the_chart_points_at_the_surface(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", three, 1280, 800);
    draw(&stage);
    const ChartView *chart = &stage.viewer->chart;
    Rect rect = control_of(&stage, "chart.plot")->seen;
    move(&stage, rect.x + 0.4f * rect.width, rect.y + 0.5f * rect.height);
    draw(&stage);
    assert_true(chart->hovered_racer >= 0 && chart->hovered_row > 30 && chart->hovered_row < 50);
    const double *x =
        race_trace(stage.viewer->running.race, chart->hovered_racer)->x + 2 * chart->hovered_row;
    const Camera *camera = &stage.viewer->ground.plane.camera;
    Point point = {(float)camera_x_px(camera, x[0]), (float)camera_y_px(camera, x[1])};
    assert_true(is_circle_at(&stage, point));
    draw_finished(&stage);
    assert_false(is_circle_at(&stage, point));
    uint64_t read = draw(&stage);
    assert_true(is_circle_at(&stage, point));
    move(&stage, 5, 5);
    assert_true(draw(&stage) != read);
    assert_false(is_circle_at(&stage, point));
    stage_close(&stage);
}

/* By time: the race is measured from its start, and goes on being so when it is changed. */
static void test_time_is_measured_when_it_is_shown(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", three, 1280, 800);
    draw(&stage);
    assert_near(race_seconds(stage.viewer->running.race, 0), 0, 0);
    key(&stage, 'x', false, false);
    key(&stage, 'x', false, false);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "time, "));
    assert_true(race_seconds(stage.viewer->running.race, 0) > 0);
    viewer_act(stage.viewer, ACTION_RANDOM_START);
    viewer_choose(stage.viewer, &(PaletteItem){.kind = PALETTE_OPTIMIZER, .index = 0});
    draw(&stage);
    assert_true(race_seconds(stage.viewer->running.race, 3) > 0);
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_slider_bends_the_path),
        cmocka_unit_test(test_a_double_click_brings_the_default_back),
        cmocka_unit_test(test_arrow_keys_move_the_slider_in_focus),
        cmocka_unit_test(test_kappa_reshapes_the_surface),
        cmocka_unit_test(test_racers_come_and_go),
        cmocka_unit_test(test_hidden_and_alone),
        cmocka_unit_test(test_a_branch_leaves_a_ghost),
        cmocka_unit_test(test_every_device_has_its_slider),
        cmocka_unit_test(test_schedules_are_chosen_and_typed),
        cmocka_unit_test(test_what_cannot_be_is_withdrawn),
        cmocka_unit_test(test_a_prediction_hides_the_race),
        cmocka_unit_test(test_the_countdown_starts_the_race),
        cmocka_unit_test(test_tab_reaches_every_control),
        cmocka_unit_test(test_the_chart_points_at_the_surface),
        cmocka_unit_test(test_time_is_measured_when_it_is_shown),
        cmocka_unit_test(test_tips_appear_after_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
