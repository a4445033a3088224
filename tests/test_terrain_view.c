/* The picture in space in the window: texts, hands, the leader, and that frames allocate nothing. What hides
 * what is tested in test_terrain.c. */
#include "test.h"

#include "allocations.h"
#include "record_canvas.h"
#include "terrain.h"
#include "viewer_state.h"

#include <stdlib.h>
#include <string.h>

static const char *const racers[] = {"sgd:lr=0.002", "momentum:lr=0.001", "rmsprop:lr=0.01", "adam:lr=0.05",
    "adam:lr=0.1,polyak=1,label=with a name that is long", "adamw:lr=0.1", NULL};

static Viewer *viewer_of(const char *surface, Pool *pool) {
    Status status = status_ok();
    Scene scene = {.surface = strdup(surface), .steps = 200, .seed = 1, .look.view = VIEW_TERRAIN};
    for (int i = 0; racers[i]; i++)
        if (!scene_add_racer(&scene, racers[i], &status)) fail_msg("%s", status.message);
    Viewer *viewer = viewer_create(&scene, pool, &status);
    scene_finish(&scene);
    if (!viewer) fail_msg("%s", status.message);
    viewer_set_step(viewer, 150);
    return viewer;
}

static void test_frames_do_not_allocate(void **state) {
    (void)state;
    Viewer *viewer = viewer_of("himmelblau", NULL);
    TerrainView *space = &viewer->ground.space;
    RecordCanvas *record = record_canvas_create(1280, 800);
    Canvas *canvas = record_canvas_canvas(record);
    Rect plot = {0, 40, 948, 722};
    viewer_draw_finished(viewer, canvas);
    for (int turn = 0; turn < 2; turn++) { /* the first time round trails find their room */
        int before = 0;
        for (int i = 0; i < 60; i++) {
            orbit_turn(&space->orbit, 9, i < 30 ? 2 : -2);
            record_canvas_clear(record);
            /* The recording itself allocates: only the terrain and its trails are counted. */
            before = allocations;
            space->projection = orbit_projection(&space->orbit, &viewer->ground.plane.camera, plot);
            TerrainLook look = {space->projection, plot, 1, orbit_height(&space->orbit), 5, 1, &theme_dark};
            assert_true(terrain_draw(space->terrain, &look));
            for (int racer = 0; racers[racer]; racer++)
                drape_project(&space->drapes[racer], race_trace(viewer->running.race, racer)->x, 150,
                    &viewer->ground.plane.camera, &space->projection, space->terrain, 1);
            if (turn == 1) assert_int_equal(allocations, before);
        }
    }
    record_canvas_destroy(record);
    viewer_destroy(viewer);
}

static void check_texts(const RecordCanvas *record, const char *what) {
    TextPair pairs[1];
    const Call *cut[1];
    if (record_canvas_overlaps(record, pairs, 1))
        fail_msg("%s: '%s' lies over '%s'", what, pairs[0].second->string, pairs[0].first->string);
    if (record_canvas_cut_texts(record, cut, 1)) fail_msg("%s: '%s' is cut", what, cut[0]->string);
}

static void test_texts_keep_clear_of_each_other(void **state) {
    (void)state;
    static const char *const surfaces[] = {"rosenbrock", "himmelblau", "ackley", "cliff", "recurrent_wall"};
    static const float sizes[][2] = {{800, 600}, {1280, 800}, {1920, 1080}};
    for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++) {
        Viewer *viewer = viewer_of(surfaces[i], NULL);
        for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
            RecordCanvas *record = record_canvas_create(sizes[size][0], sizes[size][1]);
            for (int view = 0; view < 9; view++) {
                if (is_left_out(i + size + (size_t)view, 4)) continue;
                orbit_set(&viewer->ground.space.orbit, view * 0.75, 0.2 + 0.14 * view);
                viewer_set_mode(viewer, view % 4 == 3 ? VIEW_BOTH : VIEW_TERRAIN);
                record_canvas_clear(record);
                viewer_draw_finished(viewer, record_canvas_canvas(record));
                check_texts(record, surfaces[i]);
                assert_non_null(record_canvas_find_text(record, "start"));
            }
            record_canvas_destroy(record);
        }
        viewer_destroy(viewer);
    }
}

static void send(Viewer *viewer, EventType type, double x, double y) {
    viewer_handle(viewer, &(Event){.type = type, .x = (float)x, .y = (float)y, .button = 1, .clicks = 1});
}

/* The start follows the hand over the surface, wherever the picture is seen from. */
static void test_dragging_the_start_over_the_surface(void **state) {
    (void)state;
    Viewer *viewer = viewer_of("himmelblau", NULL);
    RecordCanvas *record = record_canvas_create(1280, 800);
    const TerrainView *space = &viewer->ground.space;
    for (int view = 0; view < 6; view++) {
        orbit_set(&viewer->ground.space.orbit, view * 1.1, 0.9);
        viewer_draw_finished(viewer, record_canvas_canvas(record));
        Draped start = drape_point(viewer->subject.start[0], viewer->subject.start[1], 1,
            &viewer->ground.plane.camera, &space->projection, space->terrain);
        double x = 440 + 20 * view, y = 420 - 10 * view;
        OrbitPose pose = space->orbit.pose;
        send(viewer, EVENT_POINTER_DOWN, start.at.x + 2, start.at.y - 3);
        assert_int_equal(space->drag, TERRAIN_DRAG_START);
        send(viewer, EVENT_POINTER_MOVE, x + 2, y - 3);
        send(viewer, EVENT_POINTER_UP, x + 2, y - 3);
        start = drape_point(viewer->subject.start[0], viewer->subject.start[1], 0,
            &viewer->ground.plane.camera, &space->projection, space->terrain);
        assert_true(hypot(start.at.x - x, start.at.y - y) < 2);
        assert_true(start.visible);
        assert_memory_equal(&pose, &space->orbit.pose, sizeof pose);
        /* Anywhere else the hand turns the picture, and the start stays. */
        double before[2] = {viewer->subject.start[0], viewer->subject.start[1]};
        send(viewer, EVENT_POINTER_DOWN, 60, 90);
        send(viewer, EVENT_POINTER_MOVE, 90, 95);
        send(viewer, EVENT_POINTER_UP, 90, 95);
        assert_true(space->orbit.pose.azimuth < pose.azimuth && space->orbit.pose.elevation > pose.elevation);
        assert_memory_equal(before, viewer->subject.start, sizeof before);
    }
    record_canvas_destroy(record);
    viewer_destroy(viewer);
}

/* Beside the block the start goes to its edge. */
static void test_the_start_stays_on_the_block(void **state) {
    (void)state;
    Viewer *viewer = viewer_of("himmelblau", NULL);
    RecordCanvas *record = record_canvas_create(1280, 800);
    viewer_draw_finished(viewer, record_canvas_canvas(record));
    Draped start = drape_point(viewer->subject.start[0], viewer->subject.start[1], 1,
        &viewer->ground.plane.camera, &viewer->ground.space.projection, viewer->ground.space.terrain);
    Box box = camera_box(&viewer->ground.plane.camera);
    static const double places[][2] = {{3, 50}, {940, 60}, {5, 755}, {900, 700}, {470, -300}};
    send(viewer, EVENT_POINTER_DOWN, start.at.x, start.at.y);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        send(viewer, EVENT_POINTER_MOVE, places[i][0], places[i][1]);
        const double *at = viewer->subject.start;
        assert_true(at[0] > box.x_min && at[0] < box.x_max && at[1] > box.y_min && at[1] < box.y_max);
    }
    record_canvas_destroy(record);
    viewer_destroy(viewer);
}

/* While the leader is followed it comes to the middle, flat and in space. */
static void test_following_the_leader(void **state) {
    (void)state;
    for (int flat = 0; flat < 2; flat++) {
        Viewer *viewer = viewer_of("rosenbrock", NULL);
        RecordCanvas *record = record_canvas_create(1280, 800);
        Canvas *canvas = record_canvas_canvas(record);
        viewer_set_mode(viewer, flat ? VIEW_PLANE : VIEW_TERRAIN);
        orbit_settle(&viewer->ground.space.orbit);
        viewer_draw_finished(viewer, canvas);
        double leader[2];
        assert_true(subject_leader(&viewer->subject, leader));
        for (int i = 0; racers[i]; i++) {
            const Trace *trace = race_trace(viewer->running.race, i);
            int64_t row = subject_row(&viewer->subject, i);
            assert_false(trace->loss[row] <
                         surface_evaluate(viewer->running.surface, leader[0], leader[1], NULL, NULL));
        }
        viewer_act(viewer, ACTION_FOLLOW);
        for (int i = 0; i < 200; i++) viewer_advance(viewer, 0.05);
        viewer_draw_finished(viewer, canvas);
        Camera *camera = &viewer->ground.plane.camera;
        if (flat) {
            assert_true(fabs(camera_x_px(camera, leader[0]) - 474) < 1);
        } else {
            const Orbit *orbit = &viewer->ground.space.orbit;
            assert_true(fabs(orbit->pose.centre_x - orbit_x(camera, leader[0])) < 1);
            assert_true(fabs(orbit->pose.centre_y - orbit_y(camera, leader[1])) < 1);
        }
        record_canvas_destroy(record);
        viewer_destroy(viewer);
    }
}

/* The keys: into space and back, without a trace. */
static void test_there_and_back(void **state) {
    (void)state;
    Viewer *viewer = viewer_of("ravine", NULL);
    RecordCanvas *record = record_canvas_create(1280, 800);
    Canvas *canvas = record_canvas_canvas(record);
    uint64_t hashes[3];
    for (int time = 0; time < 3; time++) {
        viewer_set_mode(viewer, VIEW_PLANE);
        for (int i = 0; i < 100; i++) viewer_advance(viewer, 0.05);
        record_canvas_clear(record);
        viewer_draw_finished(viewer, canvas);
        hashes[time] = record_canvas_hash(record);
        assert_false(viewer_is_animating(viewer));
        viewer_act(viewer, time ? ACTION_VIEW_BOTH : ACTION_VIEW_SPACE);
        if (time == 0) assert_true(viewer_is_animating(viewer));
        viewer_advance(viewer, 0.1);
        for (int i = 0; i < 100 && viewer_is_animating(viewer); i++) {
            viewer_draw(viewer, canvas);
            viewer_advance(viewer, 0.1);
        }
        assert_false(viewer_is_animating(viewer));
    }
    assert_true(hashes[0] == hashes[1] && hashes[1] == hashes[2]);
    record_canvas_destroy(record);
    viewer_destroy(viewer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_do_not_allocate),
        cmocka_unit_test(test_texts_keep_clear_of_each_other),
        cmocka_unit_test(test_dragging_the_start_over_the_surface),
        cmocka_unit_test(test_the_start_stays_on_the_block),
        cmocka_unit_test(test_following_the_leader),
        cmocka_unit_test(test_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
