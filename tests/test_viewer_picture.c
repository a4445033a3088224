/* What the viewer draws of a surface and its racers: the camera, the relief's exact heights, trails and
 * labels. */
#include "test.h"

#include "label_placer.h"
#include "marker.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

static const char *const diverging[] = {
    "sgd:lr=0.038", "sgd:lr=5,label=too fast", "momentum:lr=1", "adam:lr=0.15", NULL};
static const char *const one[] = {"sgd:lr=0.01", NULL};

static const Camera *camera_of(const Stage *stage) {
    return &stage->viewer->ground.plane.camera;
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_camera_round_trips),
        cmocka_unit_test(test_camera_shape),
        cmocka_unit_test(test_zoom_keeps_the_point_under_the_pointer),
        cmocka_unit_test(test_pan_moves_the_box_by_the_pixels),
        cmocka_unit_test(test_heights_are_exact),
        cmocka_unit_test(test_the_picture_shows_the_heights),
        cmocka_unit_test(test_the_end_does_not_depend_on_the_way),
        cmocka_unit_test(test_a_diverged_racer_says_so),
        cmocka_unit_test(test_a_trail_leaves_and_comes_back),
        cmocka_unit_test(test_labels_keep_clear_and_keep_still),
        cmocka_unit_test(test_racers_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
