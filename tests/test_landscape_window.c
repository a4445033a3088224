/* The landscape of networks in the window: heights between known ones, what is said of racers, the barrier on
 * a line, and the picture. What planes and losses are is tested in test_landscape.c. */
#include "test.h"

#include "grid_heights.h"
#include "landscape_line.h"
#include "stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const two[] = {"sgd:lr=0.3", "adam:lr=0.02", NULL};
static const char *const ten[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", "rmsprop:lr=0.01",
    "adagrad:lr=0.1", "nesterov:lr=0.1,label=a racer with quite a long name", "sgd:lr=0.1", "sgd:lr=0.01",
    "adam:lr=0.002", "adam:lr=0.1", NULL};

static Scene make_networks(const char *const *names, int64_t steps, NetworkPlane plane, ViewMode mode) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", names, steps, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, "2-8-8-1", &status)) fail_msg("%s", status.message);
    scene.network.data = strdup("spirals:n=120");
    scene.network.mlp.activation = activation_find("tanh");
    scene.network.sampling.batch = 8;
    scene.network.steps = steps;
    scene.look.picture = NETWORK_PICTURE_LANDSCAPE;
    scene.look.plane = plane;
    scene.look.view = mode;
    return scene;
}

static const LandscapeView *view_of(const Stage *stage) {
    return &stage->viewer->network->landscape;
}

static void draw_at(Stage *stage, int64_t step) {
    viewer_set_step(stage->viewer, step);
    draw_finished(stage);
}

static double height_at(const HeightSource *source, double x, double y) {
    double height;
    source->row(source, 0, &x, y, 1, &height);
    return height;
}

enum { COLS = 9, ROWS = 6 };
static const Box box = {-1, 3, 2, 4.5};

static double node_x(int col) {
    return box.x_min + (box.x_max - box.x_min) * col / (COLS - 1);
}

static double node_y(int row) {
    return box.y_min + (box.y_max - box.y_min) * row / (ROWS - 1);
}

static void fill(double *heights, double (*f)(double, double)) {
    for (int row = 0; row < ROWS; row++)
        for (int col = 0; col < COLS; col++) heights[row * COLS + col] = f(node_x(col), node_y(row));
}

static double saddle(double x, double y) {
    return x * x - 2 * y * y + 0.5 * x * y - 3;
}

static double valley(double x, double y) {
    return exp(4 * (x * x - 1.5 * x) + y);
}

/* Heights are those of the nodes there. The cubic is exact for polynomials of the second degree where it has
 * neighbours on both sides; above zero, for their exponentials. */
static void heights_between_nodes(void **state) {
    (void)state;
    static double (*const functions[])(double, double) = {saddle, valley};
    for (int i = 0; i < 2; i++) {
        double heights[ROWS * COLS];
        HeightSource *source = grid_heights_create(2);
        assert_true(isnan(height_at(source, 0, 3)));
        fill(heights, functions[i]);
        assert_true(grid_heights_set(source, heights, COLS, ROWS, box));
        for (int row = 0; row < ROWS; row++)
            for (int col = 0; col < COLS; col++) {
                const double known = heights[row * COLS + col];
                assert_near(height_at(source, node_x(col), node_y(row)), known, 1e-12 * fabs(known));
            }
        for (double x = node_x(1); x < node_x(COLS - 2); x += 0.07)
            for (double y = node_y(1); y < node_y(ROWS - 2); y += 0.05)
                assert_near(
                    height_at(source, x, y), functions[i](x, y), 1e-11 * (1 + fabs(functions[i](x, y))));
        /* Beyond the edges it goes on as it is there. */
        assert_near(height_at(source, box.x_max + 5, node_y(2)), heights[3 * COLS - 1],
            1e-12 * fabs(heights[3 * COLS - 1]));
        /* A node without a height takes the cells around it, and no others. */
        heights[3 * COLS + 4] = INFINITY;
        assert_true(grid_heights_set(source, heights, COLS, ROWS, box));
        assert_false(
            isfinite(height_at(source, 0.5 * (node_x(4) + node_x(5)), 0.5 * (node_y(2) + node_y(3)))));
        assert_true(
            isfinite(height_at(source, 0.5 * (node_x(6) + node_x(7)), 0.5 * (node_y(2) + node_y(3)))));
        height_source_destroy(source);
    }
}

/* A bump over a slope: its height where it is highest above the straight line between the ends. */
static void a_barrier_is_what_stands_above_the_line(void **state) {
    (void)state;
    double at[LINE_POINTS], values[LINE_POINTS];
    for (int i = 0; i < LINE_POINTS; i++) {
        at[i] = -LINE_BEYOND + (1 + 2 * LINE_BEYOND) * i / (LINE_POINTS - 1);
        values[i] = 2 - at[i] + 3 * at[i] * (1 - at[i]);
    }
    LineBarrier barrier = landscape_line_barrier(at, values);
    assert_near(barrier.height, 0.75, 1e-12);
    assert_near(at[barrier.point], 0.5, 1e-12);
    for (int i = 0; i < LINE_POINTS; i++) values[i] = i % 4 == 0 ? (at[i] - 0.5) * (at[i] - 0.5) : NAN;
    barrier = landscape_line_barrier(at, values);
    assert_near(barrier.height, 0, 1e-12);
    for (int i = 0; i < LINE_POINTS; i++) values[i] = NAN;
    assert_int_equal(landscape_line_barrier(at, values).point, -1);
}

/* Through the ends of two racers: they are on it, and the loss there is their own, which is that of their
 * reports. Of the others it is not. */
static void losses_on_the_plane_are_the_racers(void **state) {
    (void)state;
    Stage stage = stage_open_on(make_networks(ten, 120, NETWORK_PLANE_POINTS, VIEW_PLANE), 1280, 800, NULL);
    draw_at(&stage, 120);
    const LandscapeResult *result = view_of(&stage)->result;
    assert_int_equal(result->kind, NETWORK_PLANE_POINTS);
    const LiveState *weights = live_training_state(stage.viewer->network->live);
    const double apart = 1 + vec_norm(&weights->weights[0]);
    for (int i = 0; i < 10; i++) {
        const LandscapeHead *head = &result->heads[i];
        assert_int_equal(head->losses_step, 120);
        assert_near(head->loss, stage.viewer->network->networks.reports[i]->report.training.loss, 1e-5);
        if (i < 2) assert_near(head->on_plane, head->loss, 1e-5);
        if (i < 2) assert_true(head->foot.off < 1e-5 * apart);
        if (i >= 2) assert_true(head->foot.off > 1e-2);
    }
    assert_near(result->heads[0].foot.u, 0, 1e-5);
    assert_near(result->heads[1].foot.u, 1, 1e-5);
    /* The ground under a head is the loss there, as finely as the grid goes. */
    const PlaneFoot *foot = &result->heads[0].foot;
    const double ground = height_at(view_of(&stage)->heights, foot->u, foot->v);
    assert_near(ground, result->heads[0].on_plane, 0.02 * ground);
    /* A path ends where the racer is and begins at the common start. */
    const SubjectPlane *plane = &view_of(&stage)->on_plane;
    for (int i = 1; i < 10; i++)
        for (int k = 0; k < 2; k++) assert_near(plane->paths[i][k], plane->paths[0][k], 1e-5);
    assert_near(plane->paths[1][2 * plane->rows[1] - 2], 1, 1e-5);
    stage_close(&stage);
}

/* The sentence about the principal components says what the singular values say. */
static void variance_is_explained(void **state) {
    (void)state;
    Stage stage =
        stage_open_on(make_networks(two, 200, NETWORK_PLANE_PRINCIPAL, VIEW_PLANE), 1280, 800, NULL);
    draw_at(&stage, 200);
    const LandscapeResult *result = view_of(&stage)->result;
    assert_int_equal(result->kind, NETWORK_PLANE_PRINCIPAL);
    assert_true(result->explained > 0.5 && result->explained < 1);
    /* On their own plane two components hold more than any other plane does. */
    for (int plane = NETWORK_PLANE_RANDOM; plane <= NETWORK_PLANE_POINTS; plane++) {
        Stage other =
            stage_open_on(make_networks(two, 200, (NetworkPlane)plane, VIEW_PLANE), 1280, 800, NULL);
        draw_at(&other, 200);
        assert_true(view_of(&other)->result->explained < result->explained);
        stage_close(&other);
    }
    stage_close(&stage);
}

/* With threads and without, and from a picture that was refined in passing, the same picture. */
static void still_pictures_are_the_same(void **state) {
    (void)state;
    for (int plane = 0; plane < NETWORK_PLANES; plane++) {
        uint64_t hashes[2];
        Pool *pools[2] = {NULL, pool_create(1)};
        LandscapeResult *results[2];
        for (int i = 0; i < 2; i++) {
            Stage stage =
                stage_open_on(make_networks(two, 60, (NetworkPlane)plane, VIEW_BOTH), 1280, 800, pools[i]);
            draw_at(&stage, 60);
            hashes[i] = record_canvas_hash(stage.record);
            results[i] = malloc(sizeof *results[i]);
            *results[i] = *view_of(&stage)->result;
            stage_close(&stage);
        }
        assert_int_equal(results[0]->cols, results[1]->cols);
        assert_memory_equal(results[0]->heights, results[1]->heights,
            (size_t)(results[0]->cols * results[0]->rows) * sizeof(double));
        assert_memory_equal(&results[0]->line, &results[1]->line, sizeof results[0]->line);
        assert_true(hashes[0] == hashes[1]);
        free(results[0]);
        free(results[1]);
        pool_destroy(pools[1]);
    }
}

/* Draws frames until nothing is left to come. */
static void draw_out(Stage *stage) {
    for (int i = 0; i < 4000; i++) {
        draw_frame(stage);
        if (!viewer_is_animating(stage->viewer)) return;
        viewer_advance(stage->viewer, 0.04);
    }
    fail_msg("%s", "the picture never comes to rest");
}

static void planes_are_chosen_by_hand(void **state) {
    (void)state;
    static const char *const names[] = {
        "landscape.random", "landscape.points", "landscape.line", "landscape.principal"};
    static const NetworkPlane kinds[] = {
        NETWORK_PLANE_RANDOM, NETWORK_PLANE_POINTS, NETWORK_PLANE_LINE, NETWORK_PLANE_PRINCIPAL};
    Pool *pool = pool_create(1);
    Stage stage =
        stage_open_on(make_networks(two, 100, NETWORK_PLANE_PRINCIPAL, VIEW_PLANE), 1280, 800, pool);
    viewer_set_step(stage.viewer, 100);
    draw_out(&stage);
    const uint32_t fit = view_of(&stage)->result->fit;
    for (int i = 0; i < 4; i++) {
        const Rect tool = control_of(&stage, names[i])->rect;
        press(&stage, tool.x + 5, tool.y + 5, 1, 1);
        release(&stage, tool.x + 5, tool.y + 5);
        draw_out(&stage);
        assert_int_equal(view_of(&stage)->result->kind, kinds[i]);
    }
    assert_true(view_of(&stage)->result->fit > fit);
    /* The ground is dragged and turned as a surface is, and losses come for what is in sight. */
    const Rect plot = view_of(&stage)->ground.plot;
    const Box before = view_of(&stage)->order.box;
    drag(&stage, plot.x + 300, plot.y + 200, plot.x + 100, plot.y + 100);
    draw_out(&stage);
    assert_true(view_of(&stage)->order.box.x_min > before.x_min);
    assert_near(view_of(&stage)->result->box.x_min, view_of(&stage)->order.box.x_min,
        0.2 * (before.x_max - before.x_min));
    viewer_act(stage.viewer, ACTION_VIEW_SPACE);
    draw_out(&stage);
    const double azimuth = view_of(&stage)->ground.space.orbit.pose.azimuth;
    drag(&stage, plot.x + 300, plot.y + 200, plot.x + 100, plot.y + 200);
    draw_out(&stage);
    assert_true(fabs(view_of(&stage)->ground.space.orbit.pose.azimuth - azimuth) > 0.1);
    viewer_act(stage.viewer, ACTION_RESET_VIEW);
    draw_out(&stage);
    Look look = {0};
    landscape_view_tell_look(view_of(&stage), &look);
    assert_int_equal(look.view, VIEW_TERRAIN);
    assert_int_equal(look.plane, NETWORK_PLANE_PRINCIPAL);
    /* Another training takes the place of the one that is worked on. */
    viewer_act(stage.viewer, ACTION_RANDOM_START);
    viewer_apply(stage.viewer);
    viewer_set_step(stage.viewer, 30);
    draw_out(&stage);
    /* Its plane may have been laid out shortly before the last of its steps: that one stays. */
    const int64_t fit_step = view_of(&stage)->result->fit_step;
    assert_true(fit_step <= 30 && (double)fit_step * 1.15 >= 30);
    stage_close(&stage);
    pool_destroy(pool);
}

static const char *const four[] = {"sgd:lr=0.3", "adam:lr=0.02", "momentum:lr=0.1", "rmsprop:lr=0.01", NULL};

/* Draws out, and says where the line leads from and to, counted from 0. */
static void check_line(Stage *stage, int from, int to) {
    draw_out(stage);
    const LandscapeResult *result = view_of(stage)->result;
    assert_int_equal(result->kind, NETWORK_PLANE_LINE);
    assert_int_equal(result->wish.racers[0], from);
    assert_int_equal(result->wish.racers[1], to);
    const LandscapeHead *heads = result->heads;
    assert_near(heads[from].foot.u, 0, 1e-5);
    assert_near(heads[to].foot.u, 1, 1e-5);
    /* At its ends the loss on the line is the racers' own. */
    for (int i = 0; i < 2; i++) {
        const LandscapeHead *head = &heads[result->wish.racers[i]];
        assert_near(head->on_plane, head->loss, 1e-5);
        for (int k = 0; k < LINE_POINTS; k++)
            if (fabs(result->line.at[k] - i) < 1e-9)
                assert_near(result->line.losses[LINE_TRAINING][k], head->loss, 1e-5);
    }
}

/* By keys and by the button; the chosen racer is where it begins. */
static void the_lines_ends_are_chosen(void **state) {
    (void)state;
    Stage stage =
        stage_open_on(make_networks(four, 60, NETWORK_PLANE_PRINCIPAL, VIEW_PLANE), 1280, 800, NULL);
    draw_at(&stage, 60);
    assert_null(ui_find(&stage.viewer->ui, "landscape.other"));
    const NetworkPlane planes[] = {
        NETWORK_PLANE_RANDOM, NETWORK_PLANE_POINTS, NETWORK_PLANE_LINE, NETWORK_PLANE_PRINCIPAL};
    for (int i = 0; i < 4; i++) {
        viewer_act(stage.viewer, ACTION_NEXT_PLANE);
        draw_out(&stage);
        assert_int_equal(view_of(&stage)->result->kind, planes[i]);
    }
    for (int i = 0; i < 3; i++) viewer_act(stage.viewer, ACTION_NEXT_PLANE);
    check_line(&stage, 0, 1);
    const Rect other = control_of(&stage, "landscape.other")->rect;
    press(&stage, other.x + 5, other.y + 5, 1, 1);
    release(&stage, other.x + 5, other.y + 5);
    check_line(&stage, 0, 2);
    Look look = {0};
    network_arena.tell_look(stage.viewer, &look);
    assert_int_equal(look.beside, 3);
    viewer_act(stage.viewer, ACTION_NEXT_OTHER);
    check_line(&stage, 0, 3);
    viewer_act(stage.viewer, ACTION_NEXT_OTHER);
    check_line(&stage, 0, 1);
    stage.viewer->editor.selected = 1;
    check_line(&stage, 1, 0);
    viewer_act(stage.viewer, ACTION_NEXT_OTHER);
    check_line(&stage, 1, 2);
    stage_close(&stage);
}

/* A scene says to whom it leads; who has diverged or is hidden is nobody's end. */
static void a_scene_says_the_lines_ends(void **state) {
    (void)state;
    static const char *const lost[] = {"sgd:lr=0.3", "sgd:lr=1e39", "adam:lr=0.02", "momentum:lr=0.1", NULL};
    const int wanted[] = {0, 1, 2, 3, 4}, ends[] = {2, 2, 2, 2, 3}, begins[] = {0, 2, 0, 0, 0};
    for (int i = 0; i < 5; i++) {
        Scene scene = make_networks(lost, 40, NETWORK_PLANE_LINE, VIEW_PLANE);
        scene.look.beside = wanted[i];
        Stage stage = stage_open_on(scene, 1280, 800, NULL);
        draw_at(&stage, 40);
        const int *racers = view_of(&stage)->result->wish.racers;
        assert_int_equal(racers[0], begins[i]);
        assert_int_equal(racers[1], i == 1 ? 0 : ends[i]);
        stage_close(&stage);
    }
}

/* Of whatever box, 51 points wide at least; finer where that costs little. */
static void grids_are_fine_enough(void **state) {
    (void)state;
    static const Box boxes[] = {{-1, 1, -1, 1}, {0, 10, 3, 9.2}, {-2, 1e-3, 7, 11}};
    Status status = status_ok();
    MlpSpec large = {0}, small = {0};
    assert_true(mlp_sizes_read(&large, "784-256-128-10", &status));
    assert_true(mlp_sizes_read(&small, "2-16-16-1", &status));
    for (int i = 0; i < 3; i++) {
        const Box *seen = &boxes[i];
        for (int k = 0; k < 2; k++) {
            const LandscapeGrid grid = landscape_fit_grid(k ? &small : &large, 2000, *seen);
            const int longer = grid.cols > grid.rows ? grid.cols : grid.rows;
            assert_true(longer >= (k ? 97 : 51));
            assert_true(grid.cols <= LANDSCAPE_SIDE_CELLS_MAX && grid.rows <= LANDSCAPE_SIDE_CELLS_MAX);
            assert_true(grid.u_min <= seen->x_min && grid.u_max >= seen->x_max);
            assert_true(grid.v_min <= seen->y_min && grid.v_max >= seen->y_max);
            assert_near((grid.u_max - grid.u_min) / (grid.cols - 1),
                (grid.v_max - grid.v_min) / (grid.rows - 1), 1e-12);
        }
    }
}

/* What was worked out for a picture that is kept stays while steps are looked at that are known. */
static void the_plane_stays(void **state) {
    (void)state;
    Stage stage =
        stage_open_on(make_networks(two, 100, NETWORK_PLANE_PRINCIPAL, VIEW_PLANE), 1280, 800, NULL);
    draw_at(&stage, 100);
    const uint32_t fit = view_of(&stage)->result->fit;
    const double u = view_of(&stage)->result->heads[1].foot.u;
    draw_at(&stage, 20);
    assert_int_equal(view_of(&stage)->result->fit, fit);
    assert_int_equal(view_of(&stage)->result->heads[1].step, 20);
    assert_true(view_of(&stage)->result->heads[1].foot.u != u);
    draw_at(&stage, 100);
    assert_true(view_of(&stage)->result->heads[1].foot.u == u);
    stage_close(&stage);
}

/* Two steps drawn by two viewers, as a film does, lie on one plane: that of the whole race. */
static void a_film_has_one_plane(void **state) {
    (void)state;
    LandscapeResult *results[2];
    for (int i = 0; i < 2; i++) {
        Stage stage =
            stage_open_on(make_networks(two, 100, NETWORK_PLANE_PRINCIPAL, VIEW_PLANE), 1280, 800, NULL);
        if (i == 0) draw_at(&stage, 7);
        draw_at(&stage, 40);
        results[i] = malloc(sizeof *results[i]);
        *results[i] = *view_of(&stage)->result;
        stage_close(&stage);
    }
    assert_int_equal(results[0]->fit_step, 100);
    assert_int_equal(results[1]->fit_step, 100);
    assert_memory_equal(&results[0]->home, &results[1]->home, sizeof results[0]->home);
    assert_memory_equal(&results[0]->heads[1].foot, &results[1]->heads[1].foot, sizeof(PlaneFoot));
    free(results[0]);
    free(results[1]);
}

static void texts_fit(void **state) {
    (void)state;
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {533, 400}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int plane = 0; plane < NETWORK_PLANES; plane++)
            for (int mode = 0; mode < VIEW_MODES; mode++) {
                if (plane == NETWORK_PLANE_LINE && mode != VIEW_PLANE) continue;
                if (is_left_out(i + (size_t)(plane + mode), 3)) continue;
                Stage stage = stage_open_on(
                    make_networks(mode == VIEW_TERRAIN ? two : ten, 40, (NetworkPlane)plane, (ViewMode)mode),
                    sizes[i][0], sizes[i][1], NULL);
                static const int64_t steps[] = {0, 1, 40};
                for (int s = 0; s < 3; s++) {
                    draw_at(&stage, steps[s]);
                    check_texts(&stage, network_plane_names[plane]);
                }
                viewer_act(stage.viewer, ACTION_NEXT_RACER);
                draw_frame(&stage);
                draw_frame(&stage);
                check_texts(&stage, network_plane_names[plane]);
                stage_close(&stage);
            }
}

/* One racer, and one that has diverged. */
static void few_racers_have_a_landscape(void **state) {
    (void)state;
    static const char *const alone[] = {"sgd:lr=0.3", NULL};
    static const char *const lost[] = {"sgd:lr=1e39", "adam:lr=0.02", NULL};
    for (int plane = 0; plane < NETWORK_PLANES; plane++)
        for (int i = 0; i < 2; i++) {
            Stage stage = stage_open_on(
                make_networks(i ? lost : alone, 60, (NetworkPlane)plane, VIEW_BOTH), 800, 600, NULL);
            draw_at(&stage, 60);
            check_texts(&stage, network_plane_names[plane]);
            assert_true(view_of(&stage)->result->fit > 0);
            assert_int_equal(view_of(&stage)->result->kind, plane);
            stage_close(&stage);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heights_between_nodes),
        cmocka_unit_test(a_barrier_is_what_stands_above_the_line),
        cmocka_unit_test(losses_on_the_plane_are_the_racers),
        cmocka_unit_test(variance_is_explained),
        cmocka_unit_test(still_pictures_are_the_same),
        cmocka_unit_test(planes_are_chosen_by_hand),
        cmocka_unit_test(the_lines_ends_are_chosen),
        cmocka_unit_test(a_scene_says_the_lines_ends),
        cmocka_unit_test(grids_are_fine_enough),
        cmocka_unit_test(the_plane_stays),
        cmocka_unit_test(a_film_has_one_plane),
        cmocka_unit_test(texts_fit),
        cmocka_unit_test(few_racers_have_a_landscape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
