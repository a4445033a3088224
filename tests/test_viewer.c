/* The window without a window: the viewer drawn on the recording canvas and driven by events. What it draws
 * of surfaces is tested in test_viewer_picture.c. */
#include "test.h"

#include "stage.h"
#include "widgets.h"

#include <stdlib.h>
#include <string.h>

static const char *const seven[] = {"sgd:lr=0.001", "momentum:lr=0.0005", "nesterov:lr=0.0005", "adagrad",
    "rmsprop:lr=0.01", "adam:lr=0.05", "adamw:lr=0.1", NULL};
static const char *const twelve[] = {"sgd:lr=0.001,label=descent with a rather small rate", "sgd:lr=0.002",
    "momentum:lr=0.0002,label=heavy ball with a long name here", "momentum:lr=0.0005",
    "nesterov:lr=0.0002,label=Νεστέροφ μὲ ἑλληνικά", "nesterov:lr=0.0005", "adagrad",
    "rmsprop:lr=0.01,label=WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "adam:lr=0.05", "adam:lr=0.2",
    "adamw:lr=0.1,label=decoupled weight decay", "adamw:lr=0.01", NULL};
static const char *const diverging[] = {
    "sgd:lr=0.038", "sgd:lr=5,label=too fast", "momentum:lr=1", "adam:lr=0.15", NULL};
static const char *const two[] = {"sgd:lr=0.01", "adam", NULL};
static const char *const one[] = {"sgd:lr=0.01", NULL};

static const Camera *camera_of(const Stage *stage) {
    return &stage->viewer->ground.plane.camera;
}

static double start_x_px(const Stage *stage) {
    return camera_x_px(camera_of(stage), stage->viewer->subject.start[0]);
}

static double start_y_px(const Stage *stage) {
    return camera_y_px(camera_of(stage), stage->viewer->subject.start[1]);
}

/* Texts. */

static void check_texts_everywhere(Stage *stage, const char *what) {
    static const int64_t steps[] = {0, 1, 37, STEPS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        viewer_set_step(stage->viewer, steps[i]);
        draw(stage);
        check_texts(stage, what);
    }
    viewer_act(stage->viewer, ACTION_HELP);
    draw(stage);
    check_texts(stage, what);
    viewer_act(stage->viewer, ACTION_HELP);
    viewer_notify(stage->viewer, "saved slalom-1.png into a folder whose name is long enough for any window");
    draw(stage);
    check_texts(stage, what);
    send(stage, (Event){.type = EVENT_WHEEL,
                    .x = stage->canvas->width - 40,
                    .y = stage->canvas->height - 60,
                    .scroll = -2});
    viewer_act(stage->viewer, ACTION_THEME);
    draw(stage);
    check_texts(stage, what);
    if (stage->canvas->width > 1300) return; /* a picture in space takes its time */
    static const Action actions[] = {ACTION_PANEL, ACTION_NEXT_RACER, ACTION_DEVICES, ACTION_VIEW_SPACE,
        ACTION_VIEW_BOTH, ACTION_PANEL, ACTION_COUNTDOWN, ACTION_PREDICT};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        viewer_act(stage->viewer, actions[i]);
        draw(stage);
        check_texts(stage, what);
    }
}

static void test_texts_fit(void **state) {
    (void)state;
    /* 800x600, 1280x800, 1920x1080 and 2560x1440; and at type of 80, 150 and 200 %. */
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}, {2560, 1440}, {1000, 750},
        {533, 400}, {400, 300}, {640, 400}, {1600, 1000}, {3200, 1800}};
    static const double corner[2] = {-1.99, 2.99};
    static const struct {
        const char *surface;
        const char *const *racers;
        const double *start;
    } scenes[] = {
        {"rosenbrock", seven, NULL},
        {"rosenbrock", twelve, NULL},
        {"rosenbrock", seven, corner},
        {"ravine", diverging, NULL},
        {"open_saddle", diverging, NULL},
        {"recurrent_wall", one, NULL},
    };
    Pool *pool = pool_create(-1);
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            if ((i >= 2 && k >= 4) || is_left_out(i + k, 4)) continue;
            Scene scene = make_scene(scenes[i].surface, scenes[i].racers, STEPS, scenes[i].start);
            Stage stage = stage_open_on(scene, sizes[k][0], sizes[k][1], pool);
            check_texts_everywhere(&stage, scenes[i].surface);
            stage_close(&stage);
        }
    }
    pool_destroy(pool);
}

static void test_any_size_is_safe(void **state) {
    (void)state;
    static const float sizes[][2] = {{1, 1}, {16, 9}, {60, 400}, {320, 240}, {561, 100}, {5000, 40}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Stage stage = stage_open("himmelblau", seven, sizes[i][0], sizes[i][1]);
        viewer_act(stage.viewer, ACTION_HELP);
        draw_finished(&stage);
        stage_close(&stage);
    }
}

static void test_text_is_elided(void **state) {
    (void)state;
    RecordCanvas *record = record_canvas_create(100, 100);
    Canvas *canvas = record_canvas_canvas(record);
    char out[FITTED_BYTES];
    for (float width = 0; width < 90; width += 0.5f) {
        float fitted = text_fit(canvas, FONT_TEXT, 12, "grüne Änderung", width, out);
        assert_true(fitted <= width);
        assert_near(canvas_text_width(canvas, FONT_TEXT, 12, out), fitted, 1e-6);
    }
    text_fit(canvas, FONT_TEXT, 12, "grüne Änderung", 1000, out);
    assert_string_equal(out, "grüne Änderung");
    text_fit(canvas, FONT_MONO, 10, "αβγδεζ", 25, out);
    assert_string_equal(out, "αβγ…");
    record_canvas_destroy(record);
}

static void test_lines_break_where_they_should(void **state) {
    (void)state;
    const char *text = "v = a*v - lr*g; x += v\nx -= lr*w", *next = text;
    static const char *const lines[] = {"v = a*v - lr*g;", "x += v", "x -= lr*w"};
    for (int i = 0; i < 3; i++) {
        const char *line = next;
        size_t length = text_line(line, 20, &next);
        assert_int_equal(length, strlen(lines[i]));
        assert_memory_equal(line, lines[i], length);
    }
    assert_string_equal(next, "");
    assert_int_equal(text_line("unbreakable", 4, &next), 4);
}

/* Keys. */

/* A state in which every action has something to do. */
static Stage stage_for_keys(Action action) {
    Stage stage = stage_open("himmelblau", two, 640, 480);
    stage.viewer->editor.selected = action == ACTION_MOVE_DOWN ? 0 : 1;
    if (action == ACTION_UNDO || action == ACTION_REDO) viewer_act(stage.viewer, ACTION_RANDOM_START);
    if (action == ACTION_REDO) viewer_act(stage.viewer, ACTION_UNDO);
    if (action == ACTION_OWN_START) viewer_act(stage.viewer, ACTION_RANDOM_START);
    if (action == ACTION_VIEW_FLAT) viewer_act(stage.viewer, ACTION_VIEW_SPACE);
    if (action == ACTION_RESET_VIEW) drag(&stage, 300, 300, 350, 320);
    draw(&stage);
    return stage;
}

/* Keys that mean this only in a lesson (test_lesson.c). */
static bool is_of_lesson(const KeyBinding *binding) {
    return binding->action == ACTION_LESSON_NEXT || binding->action == ACTION_LESSON_BACK;
}

static void test_every_key_does_something(void **state) {
    (void)state;
    for (int i = 0; i < key_binding_count; i++) {
        const KeyBinding *binding = &key_bindings[i];
        if (is_of_lesson(binding)) continue;
        Stage stage = stage_for_keys(binding->action);
        uint64_t before = draw(&stage);
        Event event = {
            .type = EVENT_KEY, .key = binding->key, .shift = binding->shift, .control = binding->control};
        assert_int_equal(key_action(&event, false), binding->action);
        if (!send(&stage, event)) fail_msg("key %d is not taken", i);
        viewer_advance(stage.viewer, 0.1);
        bool requested = viewer_take_request(stage.viewer) != VIEWER_REQUEST_NONE;
        if (!requested && draw(&stage) == before) fail_msg("key %d changes nothing", i);
        assert_int_equal(viewer_take_request(stage.viewer), VIEWER_REQUEST_NONE);
        stage_close(&stage);
    }
}

static void test_every_key_is_in_the_help(void **state) {
    (void)state;
    static const float sizes[][2] = {{1280, 800}, {1920, 1080}};
    for (int size = 0; size < 2; size++) {
        Stage stage = stage_open("himmelblau", one, sizes[size][0], sizes[size][1]);
        viewer_act(stage.viewer, ACTION_HELP);
        draw(&stage);
        for (int i = 0; i < key_binding_count; i++) {
            char name[64];
            key_name(&key_bindings[i], name, sizeof name);
            if (!record_canvas_find_text(stage.record, name)) fail_msg("the help has no '%s'", name);
            const char *description = key_bindings[i].description;
            if (description && !record_canvas_find_text(stage.record, description))
                fail_msg("the help has no '%s'", description);
        }
        press(&stage, 300, 300, 1, 1); /* a press closes it, and does nothing else */
        assert_false(stage.viewer->help_open);
        assert_int_equal(stage.viewer->ground.plane.drag, SURFACE_DRAG_NONE);
        stage_close(&stage);
    }
}

static void test_keys_are_told_apart(void **state) {
    (void)state;
    Event event = {.type = EVENT_KEY, .key = KEY_LEFT};
    assert_int_equal(key_action(&event, false), ACTION_STEP_BACK);
    event.shift = true;
    assert_int_equal(key_action(&event, false), ACTION_PAN_LEFT);
    event.control = true;
    assert_int_equal(key_action(&event, false), ACTION_NONE);
    for (int i = 0; i < key_binding_count; i++)
        for (int k = 0; k < i; k++)
            if (is_of_lesson(&key_bindings[i]) == is_of_lesson(&key_bindings[k]) &&
                key_bindings[i].key == key_bindings[k].key &&
                key_bindings[i].shift == key_bindings[k].shift &&
                key_bindings[i].control == key_bindings[k].control)
                fail_msg("keys %d and %d are the same", k, i);
}

static void test_every_button_does_something(void **state) {
    (void)state;
    Stage stage = stage_open("himmelblau", one, 1280, 800);
    static const char *const names[] = {
        "bar.reset", "bar.play", "bar.step", "bar.speed", "bar.branch", "bar.png", "bar.theme", "bar.help"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const UiControl *control = ui_find(&stage.viewer->ui, names[i]);
        assert_non_null(control);
        Rect rect = control->seen;
        viewer_set_step(stage.viewer, STEPS / 2);
        uint64_t before = draw(&stage);
        press(&stage, rect.x + 5, rect.y + 5, 1, 1);
        release(&stage, rect.x + 5, rect.y + 5);
        bool requested = viewer_take_request(stage.viewer) != VIEWER_REQUEST_NONE;
        if (!requested && draw(&stage) == before) fail_msg("%s changes nothing", names[i]);
        if (stage.viewer->help_open) viewer_act(stage.viewer, ACTION_HELP);
    }
    stage_close(&stage);
}

/* The start. */

static void test_dragging_the_start(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", seven, 1280, 800);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "start (drag me)"));
    draw_finished(&stage);
    assert_null(record_canvas_find_text(stage.record, "drag me"));

    const Trace *trace = race_trace(stage.viewer->running.race, 3);
    double loss = trace->loss[STEPS], x = start_x_px(&stage), y = start_y_px(&stage);
    drag(&stage, x + 4, y - 3, x + 104, y - 53);
    assert_near(start_x_px(&stage), x + 100, 1e-6);
    assert_near(start_y_px(&stage), y - 50, 1e-6);
    draw(&stage);
    assert_near(trace->x[0], stage.viewer->subject.start[0], 0);
    assert_near(trace->x[1], stage.viewer->subject.start[1], 0);
    assert_int_equal(race_steps_done(stage.viewer->running.race), STEPS);
    assert_true(trace->loss[STEPS] != loss);
    assert_int_equal(viewer_step(stage.viewer), STEPS / 2);
    assert_null(record_canvas_find_text(stage.record, "drag me"));

    viewer_act(stage.viewer, ACTION_OWN_START);
    draw(&stage);
    assert_near(trace->loss[STEPS], loss, 0);
    stage_close(&stage);
}

static void test_the_start_stays_in_sight(void **state) {
    (void)state;
    Stage stage = stage_open("himmelblau", one, 1280, 800);
    drag(&stage, start_x_px(&stage), start_y_px(&stage), 5000, -300);
    Box box = camera_box(camera_of(&stage));
    const double *start = stage.viewer->subject.start;
    assert_true(start[0] < box.x_max && start[1] < box.y_max);
    stage_close(&stage);
}

static void test_double_click_moves_the_start(void **state) {
    (void)state;
    Stage stage = stage_open("himmelblau", one, 1280, 800);
    press(&stage, 400, 300, 1, 1);
    release(&stage, 400, 300);
    assert_true(fabs(start_x_px(&stage) - 400) > 1);
    press(&stage, 400, 300, 1, 2);
    release(&stage, 400, 300);
    assert_near(start_x_px(&stage), 400, 1e-9);
    assert_near(start_y_px(&stage), 300, 1e-9);
    stage_close(&stage);
}

static void test_random_starts_are_the_same_each_time(void **state) {
    (void)state;
    Stage first = stage_open("himmelblau", one, 1280, 800), second = stage_open("himmelblau", one, 1280, 800);
    for (int i = 0; i < 20; i++) {
        viewer_act(first.viewer, ACTION_RANDOM_START);
        viewer_act(second.viewer, ACTION_RANDOM_START);
        const double *a = first.viewer->subject.start, *b = second.viewer->subject.start;
        const Box *box = &first.viewer->running.surface->box;
        assert_memory_equal(a, b, 2 * sizeof *a);
        assert_true(a[0] >= box->x_min && a[0] < box->x_max && a[1] >= box->y_min && a[1] < box->y_max);
    }
    stage_close(&first);
    stage_close(&second);
}

/* Time. */

static void test_scrubbing(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", seven, 1280, 800);
    /* The track begins and ends a little inside of what the pointer can take hold of. */
    Rect track = ui_find(&stage.viewer->ui, "timeline")->rect;
    track.x += 16;
    track.width -= 16 + 14 + 7;
    viewer_play(stage.viewer, true);
    press(&stage, track.x + 0.25 * track.width, track.y, 1, 1);
    assert_int_equal(viewer_step(stage.viewer), STEPS / 4);
    assert_false(stage.viewer->playing);
    move(&stage, track.x + 0.9 * track.width, 10); /* also outside of the bar */
    assert_int_equal(viewer_step(stage.viewer), STEPS * 9 / 10);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "step 180 / 200"));
    move(&stage, -100, 10);
    assert_int_equal(viewer_step(stage.viewer), 0);
    release(&stage, -100, 10);
    move(&stage, track.x + 0.9 * track.width, track.y);
    assert_int_equal(viewer_step(stage.viewer), 0);
    stage_close(&stage);
}

static void test_playing_ends(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", seven, 640, 400);
    assert_false(viewer_is_animating(stage.viewer));
    assert_false(viewer_advance(stage.viewer, 1));
    viewer_set_step(stage.viewer, 0);
    viewer_play(stage.viewer, true);
    assert_true(viewer_is_animating(stage.viewer));
    int frames = 0;
    for (; viewer_is_animating(stage.viewer) && frames < 1000; frames++) {
        viewer_advance(stage.viewer, 1.0 / 60);
        draw(&stage);
    }
    assert_int_equal(viewer_step(stage.viewer), STEPS);
    assert_in_range(frames, 60 * 6, 60 * 7);
    viewer_play(stage.viewer, true); /* from the start again */
    assert_int_equal(viewer_step(stage.viewer), 0);
    stage_close(&stage);
}

static void test_speeds(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", one, 1280, 800);
    for (int i = 0; i < 20; i++) viewer_act(stage.viewer, ACTION_SLOWER);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "speed ×¼"));
    for (int i = 0; i < 20; i++) viewer_act(stage.viewer, ACTION_FASTER);
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "speed ×64"));
    viewer_set_step(stage.viewer, 0);
    viewer_play(stage.viewer, true);
    viewer_advance(stage.viewer, 0.05);
    assert_int_equal(viewer_step(stage.viewer), 96);
    stage_close(&stage);
}

static void test_a_notice_goes_away(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", one, 1280, 800);
    viewer_notify(stage.viewer, "saved slalom-1.png");
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "saved slalom-1.png"));
    draw_finished(&stage); /* a picture that is kept does not have it */
    assert_null(record_canvas_find_text(stage.record, "saved"));
    assert_true(viewer_is_animating(stage.viewer));
    assert_true(viewer_advance(stage.viewer, 10));
    draw(&stage);
    assert_null(record_canvas_find_text(stage.record, "saved"));
    assert_false(viewer_is_animating(stage.viewer));
    stage_close(&stage);
}

static void test_a_long_race_comes_in_slices(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_scene("rosenbrock", seven, 100000, NULL), 800, 600, NULL);
    viewer_set_step(stage.viewer, 100000);
    draw_frame(&stage);
    assert_true(race_steps_done(stage.viewer->running.race) < 100000);
    int frames = 0;
    for (; viewer_is_animating(stage.viewer) && frames < 10000; frames++) {
        assert_true(viewer_advance(stage.viewer, 0.01));
        draw_frame(&stage);
    }
    assert_int_equal(race_steps_done(stage.viewer->running.race), 100000);
    stage_close(&stage);
}

static void test_cards_scroll(void **state) {
    (void)state;
    Stage stage = stage_open("rosenbrock", twelve, 800, 600);
    assert_null(record_canvas_find_text(stage.record, "Surface"));
    float x = 700, y = 500;
    for (int i = 0; i < 30; i++) send(&stage, (Event){.type = EVENT_WHEEL, .x = x, .y = y, .scroll = -1});
    draw(&stage);
    assert_non_null(record_canvas_find_text(stage.record, "Surface"));
    assert_false(send(&stage, (Event){.type = EVENT_WHEEL, .x = x, .y = y, .scroll = -1}));
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_fit),
        cmocka_unit_test(test_any_size_is_safe),
        cmocka_unit_test(test_text_is_elided),
        cmocka_unit_test(test_lines_break_where_they_should),
        cmocka_unit_test(test_every_key_does_something),
        cmocka_unit_test(test_every_key_is_in_the_help),
        cmocka_unit_test(test_keys_are_told_apart),
        cmocka_unit_test(test_every_button_does_something),
        cmocka_unit_test(test_dragging_the_start),
        cmocka_unit_test(test_the_start_stays_in_sight),
        cmocka_unit_test(test_double_click_moves_the_start),
        cmocka_unit_test(test_random_starts_are_the_same_each_time),
        cmocka_unit_test(test_scrubbing),
        cmocka_unit_test(test_playing_ends),
        cmocka_unit_test(test_speeds),
        cmocka_unit_test(test_a_notice_goes_away),
        cmocka_unit_test(test_a_long_race_comes_in_slices),
        cmocka_unit_test(test_cards_scroll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
