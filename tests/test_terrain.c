/* The picture in space: its projection, what hides what, what the pointer finds, and that nothing of it
 * depends on threads. What is expected comes from rays walked over the formula of a hill. */
#include "test.h"

#include "rng.h"
#include "terrain.h"
#include "viewer_state.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 134, ROWS = 101, CELL = 3, WIDTH = 400, DEPTH = 300 };
static const double HEIGHT = 120, BASE = 10, RADIUS = 45;

/* A hill in the middle, 0..1. */
static double hill(double x, double y) {
    return exp(-(x * x + y * y) / (2 * RADIUS * RADIUS));
}

static double cell_middle(int i, double length) {
    return fmin((i + 0.5) * CELL, length) - 0.5 * length;
}

static TerrainGrid grid_of(double (*f)(double, double), double *heights) {
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            heights[row * COLUMNS + column] = f(cell_middle(column, WIDTH), -cell_middle(row, DEPTH));
    return (TerrainGrid){
        .heights = heights,
        .columns = COLUMNS,
        .rows = ROWS,
        .cell = CELL,
        .width = WIDTH,
        .depth = DEPTH,
        .scale = {.logarithmic = false, .low = 0, .high = 1, .softness = 1},
        .levels = {0.25, 0.5, 0.75},
        .strong = {false, true, false},
        .n_levels = 3,
    };
}

static Projection projection_of(double azimuth, double elevation, double perspective) {
    return (Projection){
        .centre = {5, -8, 0},
        .middle_x = 260,
        .middle_y = 210,
        .cos_azimuth = cos(azimuth),
        .sin_azimuth = sin(azimuth),
        .cos_elevation = cos(elevation),
        .sin_elevation = sin(elevation),
        .scale = 0.9,
        .perspective = perspective,
    };
}

static TerrainLook look_of(double azimuth, double elevation) {
    return (TerrainLook){
        .projection = projection_of(azimuth, elevation, 1.0 / 1500),
        .plot = {0, 0, 520, 420},
        .scale = 1,
        .height = HEIGHT,
        .base = BASE,
        .light = 1,
        .theme = &theme_dark,
    };
}

static Terrain *terrain_of(double (*f)(double, double), Pool *pool, const TerrainLook *look) {
    double *heights = malloc(sizeof *heights * COLUMNS * ROWS);
    Terrain *terrain = terrain_create(pool);
    TerrainGrid grid = grid_of(f, heights);
    assert_true(terrain_set_grid(terrain, &grid));
    free(heights); /* they were copied */
    assert_true(terrain_draw(terrain, look));
    return terrain;
}

/* The projection. */

static void test_what_is_projected_comes_back(void **state) {
    (void)state;
    Rng rng = rng_seed(1);
    for (int i = 0; i < 2000; i++) {
        Projection p = projection_of(rng_uniform(&rng, -4, 4), rng_uniform(&rng, 0.1, 1.57),
            i % 2 ? 0 : rng_uniform(&rng, 1e-4, 1e-3));
        double point[3] = {
            rng_uniform(&rng, -200, 200), rng_uniform(&rng, -150, 150), rng_uniform(&rng, 0, 100)};
        double back[3];
        Projected seen = project(&p, point[0], point[1], point[2]);
        unproject(&p, &seen, back);
        for (int k = 0; k < 3; k++) assert_true(fabs(back[k] - point[k]) < 1e-9);
    }
}

/* A point is seen where its ray from the eye meets the plane through the centre of interest. */
static void test_projection_is_a_pinhole(void **state) {
    (void)state;
    Rng rng = rng_seed(2);
    for (int i = 0; i < 500; i++) {
        double azimuth = rng_uniform(&rng, -4, 4), elevation = rng_uniform(&rng, 0.1, 1.5), distance = 900;
        Projection p = projection_of(azimuth, elevation, 1 / distance);
        double right[3] = {cos(azimuth), sin(azimuth), 0};
        double ahead[3] = {-sin(azimuth) * cos(elevation), cos(azimuth) * cos(elevation), -sin(elevation)};
        double up[3] = {-sin(azimuth) * sin(elevation), cos(azimuth) * sin(elevation), cos(elevation)};
        double point[3] = {
            rng_uniform(&rng, -200, 200), rng_uniform(&rng, -150, 150), rng_uniform(&rng, 0, 100)};
        double from_eye[3], along = 0, across = 0, above = 0;
        for (int k = 0; k < 3; k++) {
            from_eye[k] = point[k] - (p.centre[k] - distance * ahead[k]);
            along += from_eye[k] * ahead[k];
            across += from_eye[k] * right[k];
            above += from_eye[k] * up[k];
        }
        Projected seen = project(&p, point[0], point[1], point[2]);
        assert_true(fabs(seen.x - (p.middle_x + p.scale * distance * across / along)) < 1e-8);
        assert_true(fabs(seen.y - (p.middle_y - p.scale * distance * above / along)) < 1e-8);
    }
}

static Camera some_camera(Rng *rng, Rect plot) {
    Camera camera;
    camera_init(&camera, (Box){-3, 2, -1, 7});
    camera_resize(&camera, plot);
    camera_zoom(&camera, rng_uniform(rng, 0.3, 40), rng_uniform(rng, 0, 600), rng_uniform(rng, 0, 400));
    camera_settle(&camera);
    camera_pan(&camera, rng_uniform(rng, -300, 300), rng_uniform(rng, -300, 300));
    return camera;
}

static void test_flat_is_the_flat_camera(void **state) {
    (void)state;
    Rng rng = rng_seed(3);
    Rect plot = {13, 40, 640, 431};
    for (int i = 0; i < 200; i++) {
        Camera camera = some_camera(&rng, plot);
        Orbit orbit;
        orbit_init(&orbit);
        orbit_set(&orbit, rng_uniform(&rng, -4, 4), rng_uniform(&rng, 0.2, 1.4));
        orbit_zoom(&orbit, 3);
        orbit_settle(&orbit);
        Projection p = orbit_projection(&orbit, &camera, plot);
        Box box = camera_box(&camera);
        double x = rng_uniform(&rng, box.x_min, box.x_max), y = rng_uniform(&rng, box.y_min, box.y_max);
        double z = orbit_lift(&orbit) * orbit_height(&orbit) * rng_uniform(&rng, 0, 1);
        Projected seen = project(&p, orbit_x(&camera, x), orbit_y(&camera, y), z);
        assert_true(fabs(seen.x - camera_x_px(&camera, x)) < 0.01);
        assert_true(fabs(seen.y - camera_y_px(&camera, y)) < 0.01);
        assert_true(fabs(orbit_plane_x(&camera, orbit_x(&camera, x)) - x) < 1e-9);
        assert_true(fabs(orbit_plane_y(&camera, orbit_y(&camera, y)) - y) < 1e-9);
    }
}

/* From flat to space and back no point jumps. */
static void test_rising_is_smooth(void **state) {
    (void)state;
    Rect plot = {0, 0, 640, 480};
    Camera camera;
    camera_init(&camera, (Box){-4, 4, -3, 3});
    camera_resize(&camera, plot);
    Orbit orbit;
    orbit_init(&orbit);
    assert_true(orbit_is_flat(&orbit));
    Projected before = {camera_x_px(&camera, 3), camera_y_px(&camera, -2), 0};
    for (int way = 0; way < 2; way++) {
        orbit_rise(&orbit, way == 0);
        int frames = 0;
        while (orbit_is_moving(&orbit) && frames++ < 1000) {
            assert_true(orbit_advance(&orbit, 1.0 / 120));
            Projection p = orbit_projection(&orbit, &camera, plot);
            Projected seen = project(&p, orbit_x(&camera, 3), orbit_y(&camera, -2),
                0.5 * orbit_lift(&orbit) * orbit_height(&orbit));
            assert_true(hypot(seen.x - before.x, seen.y - before.y) < 8);
            before = seen;
        }
        assert_in_range(frames, 20, 200);
        assert_false(orbit_advance(&orbit, 1));
    }
    assert_true(orbit_is_flat(&orbit));
    assert_true(fabs(before.x - camera_x_px(&camera, 3)) < 0.01);
}

static void test_the_orbit_has_limits(void **state) {
    (void)state;
    Rect plot = {0, 0, 640, 480};
    Camera camera;
    camera_init(&camera, (Box){-4, 4, -3, 3});
    camera_resize(&camera, plot);
    Orbit orbit;
    orbit_init(&orbit);
    orbit_rise(&orbit, true);
    orbit_settle(&orbit);
    for (int i = -1; i <= 1; i += 2) {
        for (int k = 0; k < 200; k++) orbit_turn(&orbit, 31, i * 40);
        assert_true(
            orbit.pose.elevation >= ORBIT_ELEVATION_MIN && orbit.pose.elevation <= ORBIT_ELEVATION_MAX);
        for (int k = 0; k < 200; k++) orbit_zoom(&orbit, i > 0 ? 1.3 : 0.7);
        orbit_settle(&orbit);
        Projection p = orbit_projection(&orbit, &camera, plot);
        for (int k = 0; k < 200; k++) orbit_pan(&orbit, &p, 50 * i, 70);
        assert_true(fabs(orbit.pose.centre_x) <= 320 && fabs(orbit.pose.centre_y) <= 240);
        /* All of the block stays before the eye. */
        p = orbit_projection(&orbit, &camera, plot);
        for (int corner = 0; corner < 8; corner++) {
            Projected seen = project(&p, corner & 1 ? 320 : -320, corner & 2 ? 240 : -240,
                corner & 4 ? orbit_height(&orbit) : -orbit_base(&orbit));
            assert_true(1 - seen.depth * p.perspective > 0);
        }
    }
}

/* What hides what. */

/* How far above the hill the line from a point on it to the eye comes at least, walked in small steps from a
 * little away on; less than 0: the hill is in between. */
static double clearance(const Projection *p, double x, double y) {
    double lowest = INFINITY, point[3] = {x, y, HEIGHT * hill(x, y)};
    Projected seen = project(p, point[0], point[1], point[2]);
    for (double nearer = 10; nearer < 900; nearer += 1) {
        double on[3];
        unproject(p, &(Projected){seen.x, seen.y, seen.depth - nearer}, on);
        if (fabs(on[0]) > 0.5 * WIDTH || fabs(on[1]) > 0.5 * DEPTH) break;
        lowest = fmin(lowest, on[2] - HEIGHT * hill(on[0], on[1]));
    }
    return lowest;
}

static void test_the_hill_hides_what_is_behind_it(void **state) {
    (void)state;
    Rng rng = rng_seed(5);
    int n_hidden = 0, n_seen = 0;
    for (int view = 0; view < 12; view++) {
        TerrainLook look = look_of(view * 0.55, 0.25 + 0.1 * (view % 4));
        Terrain *terrain = terrain_of(hill, NULL, &look);
        for (int i = 0; i < 400; i++) {
            double x = rng_uniform(&rng, -190, 190), y = rng_uniform(&rng, -140, 140);
            double clear = clearance(&look.projection, x, y);
            if (fabs(clear) < 3) continue; /* on the edge of the hill it is a matter of pixels */
            Projected seen = project(&look.projection, x, y, terrain_z(terrain, x, y));
            if (terrain_shows(terrain, &seen) != (clear > 0))
                fail_msg("view %d: (%g, %g) clears the hill by %g", view, x, y, clear);
            n_hidden += clear < 0;
            n_seen += clear > 0;
        }
        terrain_destroy(terrain);
    }
    if (n_hidden < 150 || n_seen < 2000) fail_msg("%d hidden and %d seen are too few", n_hidden, n_seen);
}

static void test_heights_are_those_of_the_grid(void **state) {
    (void)state;
    TerrainLook look = look_of(0.4, 0.7);
    Terrain *terrain = terrain_of(hill, NULL, &look);
    for (double x = -199; x < 200; x += 7.3)
        for (double y = -149; y < 150; y += 6.1)
            assert_true(fabs(terrain_z(terrain, x, y) - HEIGHT * hill(x, y)) < 0.6);
    terrain_destroy(terrain);
}

/* The pointer finds the first point of the hill on its way. */
static void test_picking(void **state) {
    (void)state;
    Rng rng = rng_seed(6);
    int found = 0;
    for (int view = 0; view < 8; view++) {
        TerrainLook look = look_of(view * 0.8 - 3, 0.35 + 0.12 * view);
        Terrain *terrain = terrain_of(hill, NULL, &look);
        for (int i = 0; i < 300; i++) {
            Projected at = {
                0.5 + floor(rng_uniform(&rng, 0, 520)), 0.5 + floor(rng_uniform(&rng, 0, 420)), 0};
            double point[3];
            if (!terrain_depth(terrain, at.x, at.y, &at.depth)) continue;
            unproject(&look.projection, &at, point);
            if (fabs(point[0]) > 198 || fabs(point[1]) > 148) continue; /* a wall */
            assert_true(fabs(point[2] - HEIGHT * hill(point[0], point[1])) < 1);
            assert_true(clearance(&look.projection, point[0], point[1]) > -1);
            found++;
        }
        double depth;
        assert_false(terrain_depth(terrain, 1, 1, &depth));
        assert_false(terrain_depth(terrain, -5, 200, &depth));
        terrain_destroy(terrain);
    }
    if (found < 500) fail_msg("%d are too few", found);
}

/* The block is solid: nothing of the background shines through between quads, large or small. */
static void test_there_are_no_gaps(void **state) {
    (void)state;
    for (int view = 0; view < 40; view++) {
        TerrainLook look = look_of(view * 0.37, 0.5 + 0.025 * view);
        look.scale = view % 3 ? 1 : 1.7f;
        Terrain *terrain = terrain_of(hill, NULL, &look);
        int width, height, n = 0;
        terrain_pixels(terrain, &width, &height);
        for (int x = 0; x < width; x++) {
            int first = -1, last = -1, covered = 0;
            for (int y = 0; y < height; y++) {
                double depth;
                if (!terrain_depth(terrain, (x + 0.5) / look.scale, (y + 0.5) / look.scale, &depth)) continue;
                if (first < 0) first = y;
                last = y;
                covered++;
            }
            if (first >= 0 && covered != last - first + 1)
                fail_msg("view %d, column %d: %d gaps", view, x, last - first + 1 - covered);
            n += covered;
        }
        assert_true(n > 10000);
        terrain_destroy(terrain);
    }
}

static double cracked(double x, double y) {
    return x > 20 && x < 60 && fabs(y) < 30 ? NAN : x < -150 ? INFINITY : x > 150 ? -INFINITY : 0.5;
}

static void test_holes_and_infinities(void **state) {
    (void)state;
    TerrainLook look = look_of(0, 1.5);
    Terrain *terrain = terrain_of(cracked, NULL, &look);
    assert_true(isnan(terrain_z(terrain, 40, 0)));
    assert_true(terrain_z(terrain, -180, 0) == HEIGHT);
    assert_true(terrain_z(terrain, 180, 0) == 0);
    Projected hole = project(&look.projection, 40, 0, 0),
              beside = project(&look.projection, 0, 0, 0.5 * HEIGHT);
    double depth;
    assert_false(terrain_depth(terrain, hole.x, hole.y, &depth));
    assert_true(terrain_depth(terrain, beside.x, beside.y, &depth));
    terrain_destroy(terrain);
}

/* Seen from above without light a pixel has the colour that the flat picture gives its height. */
static void test_flat_colours_are_those_of_the_heatmap(void **state) {
    (void)state;
    TerrainLook look = {
        .projection = {.middle_x = 200, .middle_y = 150, .cos_azimuth = 1, .sin_elevation = 1, .scale = 1},
        .plot = {0, 0, WIDTH, DEPTH},
        .scale = 1,
        .theme = &theme_dark,
    };
    Terrain *terrain = terrain_of(hill, NULL, &look);
    int width, height, compared = 0;
    const uint32_t *pixels = terrain_pixels(terrain, &width, &height);
    HeightScale scale = {.logarithmic = false, .low = 0, .high = 1, .softness = 1};
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            double value = hill(x + 0.5 - 200, 150 - y - 0.5);
            if (fabs(value * 4 - nearbyint(value * 4)) < 0.15 && value > 0.2 && value < 0.8)
                continue; /* a line */
            uint32_t expected;
            heatmap_shade(&value, 1, 0, 1, &scale, &theme_dark, &expected);
            uint32_t actual = pixels[y * width + x];
            for (int shift = 0; shift < 24; shift += 8)
                assert_in_range((actual >> shift & 0xff) + 3 - (expected >> shift & 0xff), 0, 6);
            compared++;
        }
    }
    assert_true(compared > 60000);
    /* And lines where the levels are: the strong one is brighter than both sides of it. */
    double at = RADIUS * sqrt(2 * log(2));
    const uint32_t *row = pixels + 150 * width;
    uint32_t line = row[(int)(200 + at)] & 0xff;
    assert_true(
        line > (row[(int)(200 + at) - 4] & 0xff) + 10 && line > (row[(int)(200 + at) + 4] & 0xff) + 10);
    terrain_destroy(terrain);
}

/* The sun stands to the left: at equal heights that side of the hill is brighter, unless there is no light.
 */
static void test_the_sun(void **state) {
    (void)state;
    for (int lit = 0; lit < 2; lit++) {
        TerrainLook look = look_of(0, 1.4);
        look.light = (float)lit;
        Terrain *terrain = terrain_of(hill, NULL, &look);
        int width, height, sides[2];
        const uint32_t *pixels = terrain_pixels(terrain, &width, &height);
        for (int i = 0; i < 2; i++) {
            double x = i ? 60 : -60, y = 0;
            Projected at = project(&look.projection, x, y, terrain_z(terrain, x, y));
            sides[i] = (int)(pixels[(int)at.y * width + (int)at.x] >> 8 & 0xff);
        }
        if (lit)
            assert_true(sides[0] > sides[1] + 15);
        else
            assert_in_range(sides[0] - sides[1] + 2, 0, 4);
        terrain_destroy(terrain);
    }
}

/* Threads and memory. */

static void test_threads_change_nothing(void **state) {
    (void)state;
    TerrainLook look = look_of(0.7, 0.6);
    Terrain *alone = terrain_of(hill, NULL, &look);
    int width, height;
    const uint32_t *expected = terrain_pixels(alone, &width, &height);
    for (int workers = 0; workers < 5; workers++) {
        Pool *pool = pool_create(workers);
        Terrain *terrain = terrain_of(hill, pool, &look);
        for (int time = 0; time < 3; time++) {
            assert_true(terrain_draw(terrain, &look));
            assert_memory_equal(terrain_pixels(terrain, &width, &height), expected,
                sizeof *expected * (size_t)width * (size_t)height);
        }
        terrain_destroy(terrain);
        pool_destroy(pool);
    }
    terrain_destroy(alone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_projected_comes_back),
        cmocka_unit_test(test_projection_is_a_pinhole),
        cmocka_unit_test(test_flat_is_the_flat_camera),
        cmocka_unit_test(test_rising_is_smooth),
        cmocka_unit_test(test_the_orbit_has_limits),
        cmocka_unit_test(test_the_hill_hides_what_is_behind_it),
        cmocka_unit_test(test_heights_are_those_of_the_grid),
        cmocka_unit_test(test_picking),
        cmocka_unit_test(test_there_are_no_gaps),
        cmocka_unit_test(test_holes_and_infinities),
        cmocka_unit_test(test_flat_colours_are_those_of_the_heatmap),
        cmocka_unit_test(test_the_sun),
        cmocka_unit_test(test_threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
