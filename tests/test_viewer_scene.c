/* What is on screen as a scene, and a scene put on screen. */
#include "stage.h"

static const char *const racers[] = {"adam:lr=0.1", "sgd:lr=0.01", NULL};

static Text line_of(const Viewer *viewer) {
    Text line = {0};
    Scene scene = viewer_scene(viewer);
    scene_write(&scene, &line);
    scene_finish(&scene);
    return line;
}

static void assert_line_says(const Viewer *viewer, const char *part, bool says) {
    Text line = line_of(viewer);
    if (!strstr(text_string(&line), part) == says)
        fail_msg("'%s' %s '%s'", text_string(&line), says ? "lacks" : "has", part);
    text_finish(&line);
}

static Stage open_stage(float width, float height) {
    return stage_open("himmelblau", racers, width, height);
}

static void what_is_not_touched_is_not_said(void **state) {
    (void)state;
    Stage stage = open_stage(1280, 800);
    Text line = line_of(stage.viewer);
    assert_string_equal(
        text_string(&line), "slalom --surface himmelblau --optimizer adam:lr=0.1 --optimizer sgd --at 100");
    text_finish(&line);
    stage_close(&stage);
}

static void what_is_done_is_said(void **state) {
    (void)state;
    Stage stage = open_stage(1280, 800);
    viewer_act(stage.viewer, ACTION_THEME);
    assert_line_says(stage.viewer, "--theme light", true);
    viewer_act(stage.viewer, ACTION_VIEW_BOTH);
    assert_line_says(stage.viewer, "--view both", true);
    assert_line_says(stage.viewer, "--orbit", false);
    orbit_set(&stage.viewer->ground.space.orbit, 400 * ORBIT_DEGREE, 50 * ORBIT_DEGREE);
    assert_line_says(stage.viewer, "--orbit 40,50", true);
    assert_line_says(stage.viewer, "--box", false);
    viewer_act(stage.viewer, ACTION_ZOOM_IN);
    assert_line_says(stage.viewer, "--box", true);
    viewer_act(stage.viewer, ACTION_RESET_VIEW);
    assert_line_says(stage.viewer, "--box", false);
    viewer_set_step(stage.viewer, 7);
    assert_line_says(stage.viewer, "--at 7", true);
    viewer_act(stage.viewer, ACTION_RANDOM_START);
    assert_line_says(stage.viewer, "--start", true);
    stage_close(&stage);
}

/* A wide plot and a tall one; a surface of equal sides and one that is stretched. */
static void a_picture_comes_back(void **state) {
    (void)state;
    static const float sizes[][2] = {{1280, 800}, {700, 900}};
    static const char *const surfaces[] = {"himmelblau", "rosenbrock", "ravine"};
    for (int i = 0; i < 6; i++) {
        Stage first = stage_open(surfaces[i / 2], racers, sizes[i % 2][0], sizes[i % 2][1]);
        Camera *camera = &first.viewer->ground.plane.camera;
        camera_zoom(camera, 3, camera->plot.x + 0.3 * camera->plot.width, camera->plot.y + 50);
        camera_settle(camera);
        viewer_act(first.viewer, ACTION_THEME);
        draw_finished(&first);
        Scene scene = viewer_scene(first.viewer);
        Box before = camera_box(camera);

        Stage second = stage_open_on(scene_copy(&scene), sizes[i % 2][0], sizes[i % 2][1], NULL);
        viewer_begin(second.viewer, scene.look.at);
        draw_finished(&second);
        Box after = camera_box(&second.viewer->ground.plane.camera);
        double pixel = (before.x_max - before.x_min) / camera->plot.width;
        assert_true(
            fabs(after.x_min - before.x_min) < 0.1 * pixel && fabs(after.x_max - before.x_max) < 0.1 * pixel);
        pixel = (before.y_max - before.y_min) / camera->plot.height;
        assert_true(
            fabs(after.y_min - before.y_min) < 0.1 * pixel && fabs(after.y_max - before.y_max) < 0.1 * pixel);

        /* And from there it stays, as often as it is closed and opened again. */
        Text line = line_of(first.viewer), again = line_of(second.viewer);
        assert_string_equal(text_string(&line), text_string(&again));
        text_finish(&line);
        text_finish(&again);
        scene_finish(&scene);
        stage_close(&first);
        stage_close(&second);
    }
}

static void another_scene_is_one_change(void **state) {
    (void)state;
    static const char *const others[] = {"newton", "mine: x -= lr*g | lr=0.2,label=own", "adam", NULL};
    Stage stage = open_stage(1280, 800);
    Text before = line_of(stage.viewer);
    Scene scene = make_scene("x^2 + 2*y^2", others, 50, NULL);
    scene.look = (Look){.light = true, .view = VIEW_TERRAIN, .at = 20};
    assert_true(viewer_set_scene(stage.viewer, &scene));
    draw(&stage);
    Text want = {0}, have = line_of(stage.viewer);
    scene_write(&scene, &want);
    assert_string_equal(text_string(&have), text_string(&want));
    assert_int_equal(viewer_step(stage.viewer), 20);
    assert_int_equal(race_racer_count(stage.viewer->running.race), 3);

    viewer_act(stage.viewer, ACTION_UNDO);
    viewer_apply(stage.viewer);
    draw(&stage);
    assert_int_equal(race_racer_count(stage.viewer->running.race), 2);
    assert_line_says(stage.viewer, "--surface himmelblau", true);
    viewer_act(stage.viewer, ACTION_REDO);
    viewer_apply(stage.viewer);
    draw(&stage);
    assert_line_says(stage.viewer, "own", true);

    scene.look.at = -1;
    assert_true(viewer_set_scene(stage.viewer, &scene));
    assert_int_equal(viewer_step(stage.viewer), 0);
    assert_true(stage.viewer->playing);
    text_finish(&before);
    text_finish(&want);
    text_finish(&have);
    scene_finish(&scene);
    stage_close(&stage);
}

static void what_cannot_run_changes_nothing(void **state) {
    (void)state;
    Stage stage = open_stage(1280, 800);
    Text before = line_of(stage.viewer);
    Scene scene = make_scene("x^2 +", racers, 50, NULL);
    scene.look.light = true;
    assert_false(viewer_set_scene(stage.viewer, &scene));
    assert_non_null(strstr(stage.viewer->notice, "formula"));
    draw(&stage);
    Text after = line_of(stage.viewer);
    assert_string_equal(text_string(&before), text_string(&after));
    text_finish(&before);
    text_finish(&after);
    scene_finish(&scene);
    stage_close(&stage);
}

static void copying_and_pasting_are_asked_for(void **state) {
    (void)state;
    Stage stage = open_stage(1280, 800);
    key(&stage, 'c', false, true);
    assert_int_equal(viewer_take_request(stage.viewer), VIEWER_REQUEST_COPY_SCENE);
    send(&stage, (Event){.type = EVENT_PASTE, .pasted = "x"});
    assert_int_equal(viewer_take_request(stage.viewer), VIEWER_REQUEST_PASTE);
    assert_int_equal(viewer_take_request(stage.viewer), VIEWER_REQUEST_NONE);
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_touched_is_not_said),
        cmocka_unit_test(what_is_done_is_said),
        cmocka_unit_test(a_picture_comes_back),
        cmocka_unit_test(another_scene_is_one_change),
        cmocka_unit_test(what_cannot_run_changes_nothing),
        cmocka_unit_test(copying_and_pasting_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
