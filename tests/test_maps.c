/* Clouds of gradients and maps of basins in the window: they are there, come over several frames, hide while
 * the class guesses, and are the same on any number of threads. */
#include "stage.h"

static const char *const noisy[] = {"sgd:lr=0.01,noise=5", "sgd:lr=0.01", NULL};

static Stage open_map(int cloud, int basins, Pool *pool) {
    Scene scene = make_scene("himmelblau", noisy, STEPS, NULL);
    scene.look.cloud = cloud;
    scene.look.basins = basins;
    Stage stage = stage_open_on(scene, 960, 600, pool);
    viewer_set_step(stage.viewer, STEPS / 2);
    return stage;
}

static int count(const Stage *stage, CallType type) {
    int n = 0;
    for (int i = 0; i < record_canvas_count(stage->record); i++)
        n += record_canvas_call(stage->record, i)->type == type;
    return n;
}

static int counted(int cloud, int basins, CallType type, bool veiled) {
    Stage stage = open_map(cloud, basins, NULL);
    draw_finished(&stage);
    stage.viewer->subject.veiled = veiled;
    draw_finished(&stage);
    int n = count(&stage, type);
    stage_close(&stage);
    return n;
}

/* One dot for each gradient of the racer that is noisy; the other has none. */
static void a_cloud_has_so_many_dots(void **state) {
    (void)state;
    const int without = counted(0, 0, CALL_CIRCLE, false);
    const int dots = counted(150, 0, CALL_CIRCLE, false) - without;
    assert_true(dots > 140 && dots <= 150); /* a few may lie outside the plot */
    assert_int_equal(counted(150, 0, CALL_CIRCLE, true), counted(0, 0, CALL_CIRCLE, true));
}

static void a_map_is_drawn_and_comes_to_an_end(void **state) {
    (void)state;
    Stage stage = open_map(0, 2, NULL);
    int frames = 0;
    do {
        draw_frame(&stage);
        viewer_advance(stage.viewer, 0.016);
    } while (viewer_is_animating(stage.viewer) && ++frames < 5000);
    assert_true(frames > 1 && frames < 5000);
    assert_true(count(&stage, CALL_FILL_RECT) > counted(0, 0, CALL_FILL_RECT, false) + 200);
    stage_close(&stage);
    assert_int_equal(counted(0, 2, CALL_FILL_RECT, true), counted(0, 0, CALL_FILL_RECT, true));
}

static void any_number_of_threads_draws_the_same(void **state) {
    (void)state;
    Pool *pool = pool_create(2);
    Stage alone = open_map(80, 1, NULL), together = open_map(80, 1, pool);
    assert_true(draw_finished(&alone) == draw_finished(&together));
    stage_close(&alone);
    stage_close(&together);
    pool_destroy(pool);
}

static void it_is_written_and_read(void **state) {
    (void)state;
    Stage stage = open_map(80, 1, NULL);
    draw(&stage);
    Scene scene = viewer_scene(stage.viewer);
    Text line = {0};
    scene_write(&scene, &line);
    assert_non_null(strstr(text_string(&line), "--cloud 80"));
    assert_non_null(strstr(text_string(&line), "--basins 1"));
    text_finish(&line);
    scene_finish(&scene);
    stage_close(&stage);
}

static void a_key_shows_and_hides_them(void **state) {
    (void)state;
    Stage stage = open_map(0, 0, NULL);
    draw(&stage);
    key(&stage, 'y', false, false);
    assert_int_equal(stage.viewer->basins, 1); /* nobody is chosen */
    stage.viewer->editor.selected = 1;
    key(&stage, 'y', false, false);
    assert_int_equal(stage.viewer->basins, 2);
    key(&stage, 'y', false, false);
    assert_int_equal(stage.viewer->basins, 0);
    key(&stage, 'y', true, false);
    assert_true(stage.viewer->cloud > 0 && stage.viewer->notice_s <= 0);
    key(&stage, 'y', true, false);
    assert_int_equal(stage.viewer->cloud, 0);
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cloud_has_so_many_dots),
        cmocka_unit_test(a_map_is_drawn_and_comes_to_an_end),
        cmocka_unit_test(any_number_of_threads_draws_the_same),
        cmocka_unit_test(it_is_written_and_read),
        cmocka_unit_test(a_key_shows_and_hides_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
