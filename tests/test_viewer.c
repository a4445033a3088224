/* The window without a window: the viewer drawn on the recording canvas and driven by events. */
#include "test.h"

#include "label_placer.h"
#include "marker.h"
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

/* Camera. */

static void test_camera_round_trips(void **state) {
    (void)state;
    Camera camera;
    camera_init(&camera, (Box){-4.6, 1.6, -1.63, 1.63});
    camera_resize(&camera, (Rect){0, 38, 950, 724});
    for (int i = 0; i < 200; i++) {
        double x = -4.6 + 6.2 * i / 199, y = -1.63 + 3.26 * ((i * 37) % 200) / 199;
        assert_near(camera_x(&camera, camera_x_px(&camera, x)), x, 1e-12);
        assert_near(camera_y(&camera, camera_y_px(&camera, y)), y, 1e-12);
        if (i % 20 == 0) camera_zoom(&camera, i % 40 ? 1.7 : 0.6, 300, 200);
        camera_settle(&camera);
    }
}

static void test_camera_shape(void **state) {
    (void)state;
    Camera camera;
    camera_init(&camera, (Box){-4, 4, -4, 4});
    camera_resize(&camera, (Rect){0, 40, 900, 600});
    assert_near(camera.unit_x, camera.unit_y, 1e-15); /* a bowl is round */
    Box box = camera_box(&camera);
    assert_near(box.y_max, 4, 1e-12);
    assert_near(box.x_max, 6, 1e-12);
    camera_init(&camera, (Box){-4.6, 1.6, -1.63, 1.63});
    camera_resize(&camera, (Rect){0, 40, 900, 600});
    box = camera_box(&camera); /* a ravine fills the plot */
    assert_near(box.x_min, -4.6, 1e-12);
    assert_near(box.y_max, 1.63, 1e-12);
}

static void test_zoom_keeps_the_point_under_the_pointer(void **state) {
    (void)state;
    Stage stage = stage_open("himmelblau", one, 1280, 800);
    const double x_px = 217, y_px = 631;
    double x = camera_x(camera_of(&stage), x_px), y = camera_y(camera_of(&stage), y_px);
    for (int i = 0; i < 12; i++) {
        Event wheel = {.type = EVENT_WHEEL, .x = 217, .y = 631, .scroll = i < 8 ? 1.5f : -2};
        assert_true(send(&stage, wheel));
        for (int frame = 0; frame < 5; frame++) {
            viewer_advance(stage.viewer, 1.0 / 60);
            assert_near(camera_x(camera_of(&stage), x_px), x, 1e-9);
            assert_near(camera_y(camera_of(&stage), y_px), y, 1e-9);
        }
    }
    assert_true(viewer_is_animating(stage.viewer));
    for (int frame = 0; frame < 120; frame++) viewer_advance(stage.viewer, 1.0 / 60);
    assert_false(camera_is_moving(camera_of(&stage)));
    assert_near(camera_of(&stage)->zoom, pow(1.2, 8 * 1.5 - 4 * 2), 1e-5);
    stage_close(&stage);
}

static void test_pan_moves_the_box_by_the_pixels(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", one, 1280, 800);
    Box before = camera_box(camera_of(&stage));
    double unit_x = camera_of(&stage)->unit_x, unit_y = camera_of(&stage)->unit_y;
    drag(&stage, 700, 600, 637, 641);
    Box after = camera_box(camera_of(&stage));
    assert_near(after.x_min - before.x_min, 63 * unit_x, 1e-12);
    assert_near(after.x_max - before.x_max, 63 * unit_x, 1e-12);
    assert_near(after.y_min - before.y_min, 41 * unit_y, 1e-12);
    move(&stage, 100, 100); /* the button is up */
    assert_near(camera_box(camera_of(&stage)).x_min, after.x_min, 0);
    viewer_act(stage.viewer, ACTION_RESET_VIEW);
    assert_near(camera_box(camera_of(&stage)).x_min, before.x_min, 1e-15);
    stage_close(&stage);
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

/* The relief. */

static void check_heights(Stage *stage) {
    int width_px, height_px;
    const double *heights = relief_heights(stage->viewer->ground.plane.relief, &width_px, &height_px);
    assert_non_null(heights);
    Rect plot = stage->viewer->layout.plot;
    assert_int_equal(width_px, (int)plot.width);
    assert_int_equal(height_px, (int)plot.height);
    Box box = camera_box(camera_of(stage));
    for (int row = 0; row < height_px; row += 7) {
        for (int column = 0; column < width_px; column += 3) {
            double x = relief_cell(box.x_min, box.x_max, column, width_px);
            double y = relief_cell(box.y_max, box.y_min, row, height_px);
            assert_near(camera_x_px(camera_of(stage), x), plot.x + column + 0.5, 1e-9);
            assert_near(camera_y_px(camera_of(stage), y), plot.y + row + 0.5, 1e-9);
            double expected = surface_evaluate(stage->viewer->running.surface, x, y, NULL, NULL);
            if (memcmp(&heights[row * width_px + column], &expected, sizeof expected) != 0)
                fail_msg("pixel (%d, %d) has the height %.17g, not %.17g", column, row,
                    heights[row * width_px + column], expected);
        }
    }
}

static void test_heights_are_exact(void **state) {
    (void)state;
    static const char *const surfaces[] = {
        "rosenbrock", "ravine", "ackley", "recurrent_wall", "sin(x*y)/(y - 1)"};
    Pool *pool = pool_create(3);
    for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++) {
        Stage stage = stage_open_on(make_scene(surfaces[i], one, 5, NULL), 800, 600, i % 2 ? pool : NULL);
        draw_finished(&stage);
        check_heights(&stage);
        camera_zoom(&stage.viewer->ground.plane.camera, 0.7, 300, 400);
        draw_finished(&stage);
        check_heights(&stage);
        stage_close(&stage);
    }
    pool_destroy(pool);
}

/* Keeps a copy of the image that is drawn, and can do nothing else. */
typedef struct ImageCanvas {
    Canvas canvas;
    uint32_t *pixels;
    int width, height;
} ImageCanvas;

static void take_image(Canvas *canvas, const uint32_t *pixels, int width, int height, Rect rect) {
    ImageCanvas *image = (ImageCanvas *)canvas;
    (void)rect;
    image->width = width;
    image->height = height;
    image->pixels = realloc(image->pixels, (size_t)width * (size_t)height * sizeof *pixels);
    memcpy(image->pixels, pixels, (size_t)width * (size_t)height * sizeof *pixels);
}

/* On a slope every column has one colour, none is darker than the one before, and contour lines are few. */
static void test_the_picture_shows_the_heights(void **state) {
    (void)state;
    static const CanvasMethods methods = {.image = take_image};
    Stage stage = stage_open_on(make_scene("x", one, 5, NULL), 800, 600, NULL);
    ImageCanvas image = {.canvas = {.methods = &methods, .width = 800, .height = 600, .scale = 1}};
    draw_finished(&stage);
    relief_draw(stage.viewer->ground.plane.relief, &image.canvas);
    assert_int_equal(image.width, (int)stage.viewer->layout.plot.width);
    assert_int_equal(image.height, (int)stage.viewer->layout.plot.height);
    int plain = 0;
    uint32_t first = image.pixels[0] >> 8 & 255, green = first;
    for (int column = 0; column < image.width; column++) {
        uint32_t pixel = image.pixels[column];
        for (int row = 1; row < image.height; row++)
            assert_int_equal(image.pixels[row * image.width + column], pixel);
        if ((pixel >> 8 & 255) < green || (pixel >> 8 & 255) > green + 1) continue;
        green = pixel >> 8 & 255;
        plain++;
    }
    assert_true(first < 50 && green > 110);
    assert_true(plain > image.width * 8 / 10);
    free(image.pixels);
    stage_close(&stage);
}

/* Refined over many frames, after detours, or at once, with any number of threads: the same picture. */
static void test_the_end_does_not_depend_on_the_way(void **state) {
    (void)state;
    Pool *pool = pool_create(2);
    Stage at_once = stage_open_on(make_scene("recurrent_wall", one, STEPS, NULL), 1280, 800, NULL);
    Stage by_frames = stage_open_on(make_scene("recurrent_wall", one, STEPS, NULL), 1280, 800, pool);
    uint64_t expected = draw_finished(&at_once);
    draw(&by_frames);
    drag(&by_frames, 300, 300, 340, 310);
    draw(&by_frames);
    viewer_act(by_frames.viewer, ACTION_THEME);
    draw(&by_frames);
    viewer_act(by_frames.viewer, ACTION_RESET_VIEW);
    viewer_act(by_frames.viewer, ACTION_THEME);
    draw(&by_frames);
    for (int i = 0; i < 1000 && viewer_is_animating(by_frames.viewer); i++) draw(&by_frames);
    assert_false(viewer_is_animating(by_frames.viewer));
    by_frames.viewer->ground.plane.start_choice = -1;
    assert_int_equal(draw_finished(&by_frames), expected);
    assert_int_equal(draw_finished(&by_frames), expected);
    stage_close(&at_once);
    stage_close(&by_frames);
    pool_destroy(pool);
}

/* Trails and labels. */

static void test_a_diverged_racer_says_so(void **state) {
    (void)state;
    Stage stage = stage_open("ravine", diverging, 1280, 800);
    const Call *label = record_canvas_find_text(stage.record, "too fast diverged");
    assert_non_null(label);
    Rect plot = stage.viewer->layout.plot;
    assert_true(rect_contains(plot, label->box.x, label->box.y));
    for (int i = 0; i < record_canvas_count(stage.record); i++) {
        const Call *call = record_canvas_call(stage.record, i);
        assert_true(isfinite(call->box.x) && isfinite(call->box.width));
        if (call->type == CALL_POLYLINE) assert_true(call->box.width < 2 * plot.width);
    }
    stage_close(&stage);
}

static void test_a_trail_leaves_and_comes_back(void **state) {
    (void)state;
    double x[] = {0, 0, 1e200, 0, -1e200, 1, 0.5, 0.5, 0.5, 0.5};
    Trace trace = {.x = x, .last = 4};
    Camera camera;
    camera_init(&camera, (Box){-1, 1, -1, 1});
    camera_resize(&camera, (Rect){0, 0, 100, 100});
    TrailBuffer buffer = {0};
    trail_project(&buffer, trace.x, 4, &camera, 1);
    assert_int_equal(buffer.n_pieces, 3); /* out; across; back in */
    for (int i = 0; i < buffer.n_points; i++)
        assert_true(fabsf(buffer.points[i].x - 50) < 70 && fabsf(buffer.points[i].y - 50) < 70);
    Point last;
    assert_true(trail_last_point(&buffer, camera.plot, &last));
    assert_near(last.x, 75, 1e-5);
    assert_near(last.y, 25, 1e-5);
    trail_project(&buffer, trace.x, 0, &camera, 1);
    assert_false(trail_last_point(&buffer, camera.plot, &last));
    trail_buffer_finish(&buffer);
}

static void test_labels_keep_clear_and_keep_still(void **state) {
    (void)state;
    enum { LABELS = 20 };
    int choices[LABELS];
    for (int i = 0; i < LABELS; i++) choices[i] = -1;
    for (int frame = 0; frame < 3; frame++) {
        LabelPlacer placer;
        Rect places[LABELS], bounds = {0, 0, 600, 500};
        int before[LABELS];
        memcpy(before, choices, sizeof before);
        placer_start(&placer, bounds);
        for (int i = 0; i < LABELS; i++) {
            Point point = {300 + 0.01f * (float)frame, 250};
            assert_true(placer_place(&placer, point, 60 + (float)i, 18, 11, &choices[i], &places[i]));
            if (frame) assert_int_equal(choices[i], before[i]);
            for (int k = 0; k < i; k++)
                assert_true(places[i].x >= places[k].x + places[k].width ||
                            places[k].x >= places[i].x + places[i].width || places[i].y >= places[k].y + 18 ||
                            places[k].y >= places[i].y + 18);
        }
    }
    LabelPlacer placer;
    Rect place;
    int choice = 5;
    placer_start(&placer, (Rect){0, 0, 50, 50});
    assert_false(placer_place(&placer, (Point){25, 25}, 60, 18, 11, &choice, &place));
    assert_int_equal(choice, -1);
}

static void test_racers_are_told_apart(void **state) {
    (void)state;
    assert_int_equal(RACER_STYLES, MARKER_COUNT * RACER_COLOURS);
    for (int i = 1; i <= RACER_STYLES; i++)
        for (int k = 1; k < i; k++)
            assert_false(marker_of_style(i) == marker_of_style(k) && i % RACER_COLOURS == k % RACER_COLOURS);
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
        cmocka_unit_test(test_camera_round_trips),
        cmocka_unit_test(test_camera_shape),
        cmocka_unit_test(test_zoom_keeps_the_point_under_the_pointer),
        cmocka_unit_test(test_pan_moves_the_box_by_the_pixels),
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
        cmocka_unit_test(test_heights_are_exact),
        cmocka_unit_test(test_the_picture_shows_the_heights),
        cmocka_unit_test(test_the_end_does_not_depend_on_the_way),
        cmocka_unit_test(test_a_diverged_racer_says_so),
        cmocka_unit_test(test_a_trail_leaves_and_comes_back),
        cmocka_unit_test(test_labels_keep_clear_and_keep_still),
        cmocka_unit_test(test_racers_are_told_apart),
        cmocka_unit_test(test_cards_scroll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
