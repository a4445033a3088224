/* Examples by hand in the window, without a window: what is put down lies where it was put, is learned by all
 * racers, and is undone. */
#include "test.h"

#include "stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const racers[] = {"sgd:lr=0.3", "adam:lr=0.02", NULL};

static Stage open_data(const char *sizes, const char *data, float width, float height) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", racers, 60, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, sizes, &status)) fail_msg("%s", status.message);
    scene.network.data = strdup(data);
    scene.network.sampling.batch = 8;
    scene.network.steps = 60;
    Stage stage = stage_open_on(scene, width, height, NULL);
    viewer_set_step(stage.viewer, 60);
    draw_finished(&stage);
    return stage;
}

static const HandPoints *points_of(const Stage *stage) {
    return &stage->viewer->network->scene.network.points;
}

static const BoundaryView *view_of(const Stage *stage) {
    return &stage->viewer->network->boundary;
}

static void press_tool(Stage *stage, const char *name) {
    draw_finished(stage);
    const Rect rect = control_of(stage, name)->seen;
    press(stage, rect.x + 0.5 * rect.width, rect.y + 0.5 * rect.height, 1, 1);
    release(stage, rect.x + 0.5 * rect.width, rect.y + 0.5 * rect.height);
    draw_finished(stage);
}

static void click(Stage *stage, double x, double y, int button) {
    press(stage, x, y, button, 1);
    release(stage, x, y);
    draw_finished(stage);
}

/* The middle of a racer's field. */
static Point middle_of(const Stage *stage, int racer) {
    const Rect rect = view_of(stage)->panels[racer].rect;
    return (Point){rect.x + 0.5f * rect.width, rect.y + 0.5f * rect.height};
}

/* A click puts one point, and the pixel under it is of its class, in the panels of all racers. */
static void test_a_click_puts_a_point(void **state) {
    (void)state;
    for (int label = 0; label < 2; label++) {
        Stage stage = open_data("2-8-1", "spirals:n=60,noise=0.02", 1280, 800);
        const size_t n = stage.viewer->network->data->split.training.n;
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "brush.class %d", label);
        press_tool(&stage, name);
        const double x0 = view_of(&stage)->box[0], x1 = view_of(&stage)->box[1];
        const Rect rect = view_of(&stage)->panels[1].rect;
        const double x = rect.x + 10, y = rect.y + 40;
        double place[2];
        assert_true(boundary_view_place(view_of(&stage), 1, (Point){(float)x, (float)y}, place));
        click(&stage, x, y, 1);
        assert_int_equal(points_of(&stage)->n, 1);
        assert_int_equal(points_of(&stage)->items[0].label, label);
        assert_int_equal(stage.viewer->network->data->split.training.n, n + 1);
        /* In the panel the field is as wide as the box, or wider, from its middle on. */
        const double unit = fmax((x1 - x0) / rect.width, (x1 - x0) / (rect.height - 26.0));
        assert_true(fabs(points_of(&stage)->items[0].x - (0.5 * (x0 + x1) + unit * (10 - 0.5 * rect.width))) <
                    0.6 * unit);
        assert_true(fabs(points_of(&stage)->items[0].y - place[1]) < 0.6 * unit);
        const Point at = boundary_view_point(view_of(&stage), 1, place);
        assert_true(fabs(at.x - x) < 0.01 && fabs(at.y - y) < 0.01);
        uint32_t pixels[2];
        for (int i = 0; i < 2; i++) {
            const BoundaryPanel *panel = &view_of(&stage)->panels[i];
            pixels[i] = panel->pixels[40 * panel->width_px + 10];
        }
        assert_int_equal(pixels[0], pixels[1]);
        assert_int_equal((pixels[0] & 0xff) > (pixels[0] >> 16 & 0xff), label == 1); /* blue, or orange */
        stage_close(&stage);
    }
}

/* What is learned is what the command line learns with the same points. */
static void test_it_is_learned(void **state) {
    (void)state;
    Status status = status_ok();
    Stage stage = open_data("2-8-1", "moons:n=60", 1280, 800);
    press_tool(&stage, "brush.class 1");
    const Point at = middle_of(&stage, 0);
    for (int i = 0; i < 4; i++) click(&stage, at.x + 20 * i, at.y - 10 * i, 1);
    const Scene *scene = &stage.viewer->editor.scene;
    Text line = {0};
    scene_write(scene, &line);
    assert_non_null(strstr(text_string(&line), "--points"));
    Data data;
    Training *alone =
        network_scene_open(&scene->network, scene->racers, 2, scene->seed, NULL, &data, &status);
    if (!alone) fail_msg("%s", status.message);
    while (training_advance_within(alone, 60) == TRAINING_REPORTED) continue;
    const LiveState *shown = live_training_state(stage.viewer->network->live);
    for (int i = 0; i < 2; i++) assert_true(vec_is_same(&shown->weights[i], training_weights(alone, i)));
    training_destroy(alone);
    data_finish(&data);
    text_finish(&line);
    stage_close(&stage);
}

/* While a race begins anew the panels show what they did, until there is something of the new one. */
static void test_no_panel_goes_blank(void **state) {
    (void)state;
    Stage stage = open_data("2-8-1", "moons:n=60", 1280, 800);
    press_tool(&stage, "brush.class 1");
    const Point at = middle_of(&stage, 0);
    press(&stage, at.x, at.y, 1, 1);
    for (int i = 0; i < 2; i++) assert_int_equal(view_of(&stage)->panels[i].step, -1);
    record_canvas_clear(stage.record);
    BoundaryView *view = &stage.viewer->network->boundary;
    Rect plot = stage.viewer->layout.plot;
    plot.height -= BOUNDARY_LEGEND_HEIGHT;
    boundary_view_draw(view, stage.canvas, plot, (Rect){0, 0, 0, 0}, &stage.viewer->subject, NULL, 0);
    int panels = 0;
    for (int i = 0; i < record_canvas_count(stage.record); i++)
        panels += record_canvas_call(stage.record, i)->type == CALL_IMAGE;
    assert_int_equal(panels, 2);
    release(&stage, at.x, at.y);
    stage_close(&stage);
}

/* Between any two points of a stroke there is room, and all lie along it. */
static void test_a_drag_paints(void **state) {
    (void)state;
    Stage stage = open_data("2-8-1", "points", 1280, 800);
    press_tool(&stage, "brush.class 0");
    const Point at = middle_of(&stage, 1);
    drag(&stage, at.x - 100, at.y, at.x + 100, at.y);
    draw_finished(&stage);
    const HandPoints *points = points_of(&stage);
    assert_in_range(points->n, 15, 120);
    double unit[2];
    boundary_view_unit(view_of(&stage), 1, unit);
    for (int i = 0; i < points->n; i++) {
        const Point shown =
            boundary_view_point(view_of(&stage), 1, (double[]){points->items[i].x, points->items[i].y});
        assert_true(fabsf(shown.x - at.x) < 120 && fabsf(shown.y - at.y) < 20);
        for (int j = 0; j < i; j++)
            assert_true(hypot(points->items[i].x - points->items[j].x,
                            points->items[i].y - points->items[j].y) > 8.5 * unit[0]);
    }
    /* All one change. */
    viewer_act(stage.viewer, ACTION_UNDO);
    draw_finished(&stage);
    assert_int_equal(points_of(&stage)->n, 0);
    assert_true(stage.viewer->network->data->is_blank);
    viewer_act(stage.viewer, ACTION_REDO);
    assert_true(points_of(&stage)->n > 15);
    stage_close(&stage);
}

/* Training examples and points under the brush get another class or go; validation stays as it is. */
static void test_recolour_and_erase(void **state) {
    (void)state;
    Stage stage = open_data("2-8-1", "gaussians:n=200,classes=2,noise=0.2", 1280, 800);
    const uint64_t before = draw_finished(&stage);
    const Data *data = stage.viewer->network->data;
    const size_t n = data->split.training.n, n_validation = data->split.validation.n;
    press_tool(&stage, "brush.recolour");
    press_tool(&stage, "brush.class 0");
    assert_int_equal(stage.viewer->network->brush.tool, BRUSH_RECOLOUR);
    /* The second cloud is around (-1, 0). */
    const Point at = boundary_view_point(view_of(&stage), 0, (double[]){-1, 0});
    click(&stage, at.x, at.y, 1);
    const int recoloured = points_of(&stage)->n;
    assert_true(recoloured > 0);
    double unit[2];
    boundary_view_unit(view_of(&stage), 0, unit);
    data = stage.viewer->network->data;
    assert_int_equal(data->split.training.n, n);
    for (size_t i = 0; i < n; i++) {
        const float *input = data->dataset->inputs + 2 * i;
        const bool under = hypot((double)input[0] + 1, (double)input[1]) < 17 * unit[0];
        const bool far = hypot((double)input[0] + 1, (double)input[1]) > 19 * unit[0];
        if (under) assert_int_equal(data->dataset->labels[i], 0);
        if (far) assert_int_equal(data->dataset->labels[i], input[0] < 0);
    }
    press_tool(&stage, "brush.erase");
    click(&stage, at.x, at.y, 1);
    data = stage.viewer->network->data;
    assert_int_equal(points_of(&stage)->n, recoloured);
    assert_int_equal(data->split.training.n, n - (size_t)recoloured);
    assert_int_equal(data->split.validation.n, n_validation);
    /* The right button and Shift erase points too, whatever is chosen. */
    press_tool(&stage, "brush.class 1");
    click(&stage, at.x, at.y, 1);
    assert_int_equal(points_of(&stage)->n, recoloured + 1);
    click(&stage, at.x, at.y, 3);
    assert_int_equal(points_of(&stage)->n, recoloured);
    click(&stage, at.x, at.y, 1);
    send(&stage,
        (Event){.type = EVENT_POINTER_DOWN, .x = at.x, .y = at.y, .button = 1, .clicks = 1, .shift = true});
    release(&stage, at.x, at.y);
    assert_int_equal(points_of(&stage)->n, recoloured);
    press_tool(&stage, "brush.choose");
    while (stage.viewer->editor.n_past > 0) key(&stage, 'z', false, true);
    move(&stage, -1, -1);
    assert_int_equal(points_of(&stage)->n, 0);
    assert_true(draw_finished(&stage) == before);
    stage_close(&stage);
}

static void test_points_of_a_curve(void **state) {
    (void)state;
    Stage stage = open_data("1-8-1", "sine:n=40", 1280, 800);
    press_tool(&stage, "brush.add");
    const Point at = middle_of(&stage, 0);
    click(&stage, at.x, at.y, 1);
    assert_int_equal(points_of(&stage)->n, 1);
    assert_int_equal(points_of(&stage)->items[0].label, HAND_NO_CLASS);
    press_tool(&stage, "brush.erase");
    click(&stage, at.x, at.y, 1);
    for (int i = 0; i < points_of(&stage)->n; i++) assert_true(points_of(&stage)->items[i].example > 0);
    stage_close(&stage);
}

/* Without a tool a press chooses the racer; keys go through the tools, and Escape leaves them. */
static void test_tools(void **state) {
    (void)state;
    Stage stage = open_data("2-8-1", "moons:n=60", 1280, 800);
    const NetworkBrush *brush = &stage.viewer->network->brush;
    const Point at = middle_of(&stage, 1);
    click(&stage, at.x, at.y, 1);
    assert_int_equal(stage.viewer->editor.selected, 1);
    static const BrushTool expected[] = {BRUSH_ADD, BRUSH_RECOLOUR, BRUSH_ERASE, BRUSH_NONE};
    for (int i = 0; i < 4; i++) {
        key(&stage, 'z', false, false);
        assert_int_equal(brush->tool, expected[i]);
    }
    key(&stage, 'z', true, false);
    assert_int_equal(brush->tool, BRUSH_ADD);
    assert_int_equal(brush->label, 0);
    key(&stage, 'z', true, false);
    assert_int_equal(brush->label, 1);
    click(&stage, at.x, at.y, 1);
    assert_int_equal(points_of(&stage)->n, 1);
    assert_int_equal(stage.viewer->editor.selected, 1);
    key(&stage, KEY_ESCAPE, false, false);
    assert_int_equal(brush->tool, BRUSH_NONE);
    stage_close(&stage);
}

static HandPoint last_point(const Stage *stage) {
    assert_true(points_of(stage)->n > 0);
    return points_of(stage)->items[points_of(stage)->n - 1];
}

static void keys(Stage *stage, int code, bool shift, int n) {
    for (int i = 0; i < n; i++) key(stage, code, shift, false);
    draw_finished(stage);
}

/* Points are put down where a cross is, which arrows move by 8 or by 1 pixels, get another class, and go: all
 * without a pointer. */
static void test_keys_alone(void **state) {
    (void)state;
    Stage stage = open_data("2-8-1", "points", 1280, 800);
    double unit[2];
    keys(&stage, 'z', false, 1);
    boundary_view_unit(view_of(&stage), 0, unit);
    const int64_t step = stage.viewer->subject.step;
    keys(&stage, KEY_ENTER, false, 2); /* held: no second one on the first */
    assert_int_equal(points_of(&stage)->n, 1);
    const HandPoint middle = last_point(&stage);
    assert_true(fabs(middle.x) < unit[0] && fabs(middle.y) < unit[1] && middle.label == 0);
    keys(&stage, KEY_RIGHT, false, 10);
    keys(&stage, KEY_UP, true, 3);
    keys(&stage, 'z', true, 1);
    keys(&stage, KEY_ENTER, false, 1);
    assert_int_equal(points_of(&stage)->n, 2);
    const HandPoint second = last_point(&stage);
    assert_true(fabs(second.x - middle.x - 80 * unit[0]) < unit[0]);
    assert_true(fabs(second.y - middle.y - 3 * unit[1]) < unit[1]);
    assert_int_equal(second.label, 1);
    assert_int_equal(stage.viewer->subject.step, step); /* arrows were the cross's */
    keys(&stage, 'z', false, 1);
    assert_int_equal(stage.viewer->network->brush.tool, BRUSH_RECOLOUR);
    keys(&stage, 'z', true, 1);
    keys(&stage, KEY_ENTER, false, 1);
    assert_int_equal(last_point(&stage).label, 0);
    check_texts(&stage, "a cross");
    keys(&stage, 'z', false, 1);
    keys(&stage, KEY_ENTER, false, 1);
    assert_int_equal(points_of(&stage)->n, 1);
    assert_true(last_point(&stage).x == middle.x);
    key(&stage, 'z', false, true); /* each is a change of its own */
    assert_int_equal(points_of(&stage)->n, 2);
    assert_int_equal(last_point(&stage).label, 0);
    key(&stage, 'z', false, true);
    assert_int_equal(last_point(&stage).label, 1);
    keys(&stage, KEY_ENTER, true, 1);
    assert_int_equal(points_of(&stage)->n, 1);
    /* The cross stays in its panel. */
    keys(&stage, KEY_DOWN, false, 300);
    keys(&stage, 'z', false, 2);
    keys(&stage, KEY_ENTER, false, 1);
    const Rect rect = view_of(&stage)->panels[0].rect;
    const HandPoint low = last_point(&stage);
    const Point at = boundary_view_point(view_of(&stage), 0, (double[]){low.x, low.y});
    assert_true(at.y > rect.y + rect.height - 10 && at.y < rect.y + rect.height + 1);
    /* Once the pointer moves over a panel, it is its turn. */
    move(&stage, rect.x + 40, rect.y + 60);
    assert_string_equal(stage.viewer->ui.focus, "");
    keys(&stage, 'z', false, 4);
    assert_string_equal(stage.viewer->ui.focus, "panel 1");
    /* One Escape leaves the tool; then arrows are the race's again. */
    keys(&stage, KEY_ESCAPE, false, 1);
    assert_int_equal(stage.viewer->network->brush.tool, BRUSH_NONE);
    keys(&stage, KEY_RIGHT, false, 1);
    assert_true(stage.viewer->subject.step > step);
    stage_close(&stage);
}

/* Examples that have copies, and stand in another order, are found all the same. */
static void test_copies_and_order(void **state) {
    (void)state;
    static const char *const datas[] = {
        "gaussians:n=100,classes=2,noise=0.2,copies=3", "gaussians:n=100,classes=2,noise=0.2,sorted=1"};
    for (int k = 0; k < 2; k++) {
        Stage stage = open_data("2-8-1", datas[k], 1280, 800);
        const size_t n = stage.viewer->network->data->split.training.n, copies = k == 0 ? 3 : 1;
        press_tool(&stage, "brush.erase");
        const Point at = boundary_view_point(view_of(&stage), 0, (double[]){-1, 0});
        click(&stage, at.x, at.y, 1);
        const int erased = points_of(&stage)->n;
        assert_true(erased > 0);
        const Data *data = stage.viewer->network->data;
        assert_int_equal(data->split.training.n, n - copies * (size_t)erased);
        double unit[2];
        boundary_view_unit(view_of(&stage), 0, unit);
        for (size_t i = 0; i < data->split.training.n; i++) {
            const float *input = data->dataset->inputs + 2 * i;
            assert_true(hypot((double)input[0] + 1, (double)input[1]) > 17 * unit[0]);
        }
        stage_close(&stage);
    }
}

/* The tools are in sight in every window, and nothing lies over anything. */
static void test_texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{1280, 800}, {800, 600}, {853, 533}, {533, 400}};
    static const struct {
        const char *sizes, *data;
    } kinds[] = {{"2-8-1", "points"}, {"2-8-8", "circles:classes=8,n=160"}, {"1-8-1", "sine:n=40"}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            Stage stage = open_data(kinds[k].sizes, kinds[k].data, sizes[i][0], sizes[i][1]);
            for (int tool = 0; tool < BRUSH_TOOLS; tool++) {
                const Point at = middle_of(&stage, 0);
                move(&stage, at.x, at.y);
                draw_finished(&stage);
                check_texts(&stage, kinds[k].data);
                const Rect choose = control_of(&stage, "brush.choose")->seen,
                           erase = control_of(&stage, "brush.erase")->seen;
                assert_true(choose.width > 10 && erase.width > 10);
                assert_true(erase.x + erase.width <= stage.canvas->width);
                key(&stage, 'z', false, false);
            }
            stage_close(&stage);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_click_puts_a_point),
        cmocka_unit_test(test_it_is_learned),
        cmocka_unit_test(test_no_panel_goes_blank),
        cmocka_unit_test(test_a_drag_paints),
        cmocka_unit_test(test_recolour_and_erase),
        cmocka_unit_test(test_points_of_a_curve),
        cmocka_unit_test(test_tools),
        cmocka_unit_test(test_keys_alone),
        cmocka_unit_test(test_copies_and_order),
        cmocka_unit_test(test_texts_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
