/* Pictures that time alone asks for: parts lie where they may, what is not the race's makes a picture whole,
 * the last one is whole, and they cost no more than they may. */
#include "test.h"

#include "stage.h"

#include <string.h>

static const char *const racers[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", NULL};
static const double FRAME_S = 1.0 / 60;

static Stage open_networks(int64_t steps) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", racers, steps, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, "2-8-8-1", &status)) fail_msg("%s", status.message);
    scene.network.data = strdup("spirals:n=100");
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.steps = steps;
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    stage.viewer->speed = 4; /* 100 steps a second */
    viewer_play(stage.viewer, true);
    draw_frame(&stage);
    return stage;
}

static Rect refresh(Stage *stage) {
    record_canvas_clear(stage->record);
    return viewer_refresh(stage->viewer, stage->canvas);
}

static bool is_whole(const Stage *stage, Rect rect) {
    return rect.width == stage->canvas->width && rect.height == stage->canvas->height;
}

static bool lies_in(Rect inner, Rect outer) {
    const float edge = 1;
    return inner.x >= outer.x - edge && inner.y >= outer.y - edge &&
           inner.x + inner.width <= outer.x + outer.width + edge &&
           inner.y + inner.height <= outer.y + outer.height + edge;
}

static void check_parts(const Stage *stage, Rect part) {
    assert_true(lies_in(part, stage->viewer->layout.plot));
    for (int i = 0; i < record_canvas_count(stage->record); i++)
        assert_true(lies_in(record_canvas_call(stage->record, i)->box, part));
}

/* Plays to a picture of a part; some pictures later at the most there is one. */
static Rect play_to_part(Stage *stage) {
    for (int i = 0; i < 10; i++) {
        viewer_advance(stage->viewer, FRAME_S);
        Rect rect = refresh(stage);
        if (!is_whole(stage, rect)) return rect;
    }
    fail_msg("all pictures are whole");
    return (Rect){0};
}

static void test_parts_are_the_plots(void **state) {
    (void)state;
    Stage stage = open_networks(100000);
    int parts = 0, panels = 0;
    for (int i = 0; i < 60; i++) {
        viewer_advance(stage.viewer, FRAME_S);
        Rect rect = refresh(&stage);
        if (is_whole(&stage, rect)) continue;
        check_parts(&stage, rect);
        for (int k = 0; k < record_canvas_count(stage.record); k++)
            panels += record_canvas_call(stage.record, k)->type == CALL_IMAGE;
        parts++;
    }
    assert_in_range(parts, 30, 57); /* with a whole picture after 80 ms, or 250 where that takes long */
    assert_true(panels >= parts / 2);
    stage_close(&stage);
}

static void test_whatever_else_makes_it_whole(void **state) {
    (void)state;
    Stage stage = open_networks(100000);
    play_to_part(&stage);
    key(&stage, 'l', false, false);
    assert_true(is_whole(&stage, refresh(&stage)));
    play_to_part(&stage);
    viewer_notify(stage.viewer, "something");
    for (int i = 0; i < 5; i++) {
        viewer_advance(stage.viewer, FRAME_S);
        assert_true(is_whole(&stage, refresh(&stage))); /* it lies over the plot */
    }
    for (int i = 0; i < 300; i++) viewer_advance(stage.viewer, FRAME_S);
    play_to_part(&stage);
    viewer_draw_finished(stage.viewer, stage.canvas);
    assert_true(is_whole(&stage, refresh(&stage)));
    play_to_part(&stage);
    RecordCanvas *other = record_canvas_create(800, 600);
    Rect rect = viewer_refresh(stage.viewer, record_canvas_canvas(other));
    assert_true(rect.width == 800 && rect.height == 600);
    assert_true(is_whole(&stage, refresh(&stage)));
    record_canvas_destroy(other);
    stage_close(&stage);
}

/* Once nothing moves any more the picture is as if it had been drawn at once. */
static void test_ends_whole(void **state) {
    (void)state;
    Stage stage = open_networks(50);
    Rect last = {0};
    for (int i = 0; i < 2000 && viewer_is_animating(stage.viewer); i++)
        if (viewer_advance(stage.viewer, FRAME_S)) last = refresh(&stage);
    assert_false(viewer_is_animating(stage.viewer));
    assert_int_equal(viewer_step(stage.viewer), 50);
    assert_true(is_whole(&stage, last));
    uint64_t hash = record_canvas_hash(stage.record);
    assert_true(draw_frame(&stage) == hash);
    stage_close(&stage);
}

/* Pictures that took longer than their share come later; what they may spend is not saved up. */
static void test_share(void **state) {
    (void)state;
    RecordCanvas *record = record_canvas_create(100, 100);
    Refresh refresh = {0};
    int drawn = 0;
    for (int i = 0; i < 6000; i++) {
        if (!refresh_is_due(&refresh, true, FRAME_S, 0.125)) continue;
        refresh_is_whole(&refresh, record_canvas_canvas(record));
        refresh.spent_s += 0.010;
        drawn++;
    }
    assert_in_range(drawn, 1245, 1255); /* 100 s of which an eighth goes into 10 ms each */
    assert_true(refresh_is_due(&refresh, true, 10, 0.125));
    refresh.spent_s += 1;
    assert_false(refresh_is_due(&refresh, true, FRAME_S, 0.125));
    assert_true(refresh_is_due(&refresh, false, FRAME_S, 1)); /* all is its: and one waits */
    refresh_is_whole(&refresh, record_canvas_canvas(record));
    assert_false(refresh_is_due(&refresh, false, FRAME_S, 1));
    record_canvas_destroy(record);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_the_plots),
        cmocka_unit_test(test_whatever_else_makes_it_whole),
        cmocka_unit_test(test_ends_whole),
        cmocka_unit_test(test_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
