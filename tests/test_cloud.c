/* Clouds of gradients: their spread against the standard error of the examples, and that a race is none the
 * wiser; and maps of basins against races from single starts. */
#include "test.h"

#include "basins.h"
#include "cloud.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

enum { GRADIENTS = 1000 };

static RacerSpec spec(const char *optimizer, double lr) {
    RacerSpec racer = {.optimizer = optimizer_find(optimizer)};
    optimizer_defaults(racer.optimizer, racer.values);
    devices_defaults(racer.devices);
    racer.values[0] = lr;
    return racer;
}

static Surface *surface_of(const char *text, size_t batch) {
    Status status = status_ok();
    Surface *surface = surface_create(text, &status);
    assert_non_null(surface);
    if (batch) assert_true(surface_take_batches(surface, batch, EXAMPLES_DRAWN, 4, &status));
    return surface;
}

static Race *race_of(Surface *surface, const RacerSpec *racers, int n, int64_t steps) {
    Status status = status_ok();
    Race *race = race_create(&surface->objective, racers, n, surface->start, steps, 1, &status);
    assert_non_null(race);
    return race;
}

/* The standard deviation of one example's gradient of line_fit: all nine, by hand. */
static double spread_of_one(double a, double b) {
    static const double xs[] = {-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2},
                        ts[] = {-1.3, -0.4, -0.6, 0.3, 0.2, 1.1, 1, 1.9, 1.8};
    double mean[2] = {0}, squares = 0;
    for (int i = 0; i < 9; i++) {
        const double error = a * xs[i] + b - ts[i];
        mean[0] += error * xs[i] / 9;
        mean[1] += error / 9;
        squares += error * error * (xs[i] * xs[i] + 1) / 9;
    }
    return sqrt(squares - mean[0] * mean[0] - mean[1] * mean[1]);
}

static void spread_is_the_standard_error(void **state) {
    (void)state;
    Surface *surface = surface_of("line_fit", 8);
    RacerSpec racers[3] = {spec("sgd", 0.1), spec("sgd", 0.1), spec("sgd", 0.1)};
    racers[1].devices[DEVICE_ACCUMULATE] = 4;
    racers[2].devices[DEVICE_ACCUMULATE] = 16;
    Race *race = race_of(surface, racers, 3, 10);
    static double gradients[GRADIENTS * CLOUD_DIM];
    for (int i = 0; i < 3; i++) {
        const double examples = 8 * pow(4, i);
        assert_true(cloud_exists(race, i));
        cloud_gradients(race, i, surface->start, GRADIENTS, gradients);
        const CloudShape shape = cloud_shape(gradients, GRADIENTS);
        const double expected = spread_of_one(surface->start[0], surface->start[1]) / sqrt(examples);
        assert_true(fabs(cloud_spread(&shape) / expected - 1) < 0.05);
        double whole[2];
        surface_evaluate(surface, surface->start[0], surface->start[1], whole, NULL);
        for (int d = 0; d < 2; d++)
            assert_true(fabs(shape.mean[d] - whole[d]) < 5 * expected / sqrt(GRADIENTS));
    }
    race_destroy(race);
    surface_destroy(surface);
}

static void noise_and_bias_are_in_it(void **state) {
    (void)state;
    Surface *surface = surface_of("bowl", 0);
    RacerSpec racers[2] = {spec("sgd", 0.1), spec("sgd", 0.1)};
    racers[1].devices[DEVICE_NOISE] = 2;
    racers[1].devices[DEVICE_BIAS] = 0.5;
    Race *race = race_of(surface, racers, 2, 10);
    static double gradients[GRADIENTS * CLOUD_DIM];
    assert_false(cloud_exists(race, 0));
    cloud_gradients(race, 1, (double[]){3, -1}, GRADIENTS, gradients);
    const CloudShape shape = cloud_shape(gradients, GRADIENTS);
    assert_true(fabs(cloud_spread(&shape) - 2 * sqrt(2)) < 0.15);
    assert_true(fabs(shape.mean[0] - 3.5) < 0.3 && fabs(shape.mean[1] + 0.5) < 0.3);
    race_destroy(race);
    surface_destroy(surface);
}

/* A race that is looked at between its steps goes where it would have gone, also where a step asks for a
 * gradient elsewhere. */
static void a_race_does_not_notice(void **state) {
    (void)state;
    Surface *surface = surface_of("line_fit", 2), *other = surface_of("line_fit", 2);
    const RacerSpec racer = spec("nesterov", 0.05);
    Race *race = race_of(surface, &racer, 1, 50), *watched = race_of(other, &racer, 1, 50);
    race_run(race);
    double gradients[20 * CLOUD_DIM];
    do cloud_gradients(watched, 0, (double[]){1, 1}, 20, gradients);
    while (race_step(watched));
    assert_memory_equal(race_trace(race, 0)->x, race_trace(watched, 0)->x, 51 * 2 * sizeof(double));
    race_destroy(race);
    race_destroy(watched);
    surface_destroy(surface);
    surface_destroy(other);
}

/* Every cell's end is that of a race from there, on any number of threads; a map in slices is the same, also
 * where a race takes several. */
static void check_map(int columns, int rows, int64_t steps) {
    Surface *surface = surface_of("himmelblau", 0);
    const RacerSpec racer = spec("sgd", 0.005);
    const BasinsWish wish = {surface, &racer, steps, 1, surface->box, columns, rows};
    Pool *pool = pool_create(2);
    Basins *basins = basins_create(pool), *sliced = basins_create(NULL);
    assert_true(basins_work(basins, &wish, INFINITY));
    assert_false(basins_work(sliced, &wish, 0)); /* a first picture of it is there all the same */
    int slices = 1;
    while (!basins_work(sliced, &wish, 0)) slices++;
    assert_true(slices >= 3); /* four levels, and the first was before */
    Race *race = race_of(surface, &racer, 1, steps);
    int minima = 0;
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            double start[2];
            const BasinsEnd *end = basins_end(basins, column, row);
            basins_start(basins, column, row, start);
            assert_near(start[0], -5 + 10 * (column + 0.5) / columns, 1e-14);
            assert_near(start[1], 5 - 10 * (row + 0.5) / rows, 1e-14);
            race_restart(race, start);
            race_run(race);
            const Trace *trace = race_trace(race, 0);
            assert_near(end->x[0], trace->x[2 * trace->last], 1e-7);
            assert_near(end->x[1], trace->x[2 * trace->last + 1], 1e-7);
            assert_memory_equal(end->x, basins_end(sliced, column, row)->x, sizeof end->x);
            assert_true(end->minimum >= 0 || end->status == RACER_DIVERGED);
            if (end->minimum >= 0) minima |= 1 << end->minimum;
        }
    if (columns > 2) assert_int_equal(minima, 15); /* each of the four has its own */
    race_destroy(race);
    basins_destroy(basins);
    basins_destroy(sliced);
    pool_destroy(pool);
    surface_destroy(surface);
}

static void a_map_is_races_from_its_starts(void **state) {
    (void)state;
    const bool quick = is_quick();
    check_map(quick ? 9 : 21, quick ? 7 : 13, 60);
    check_map(quick ? 2 : 5, quick ? 2 : 4, 2500);
}

/* A coarse map is there at once. */
static void a_map_comes_from_coarse_to_fine(void **state) {
    (void)state;
    Surface *surface = surface_of("himmelblau", 0);
    const RacerSpec racer = spec("sgd", 0.01);
    const BasinsWish wish = {surface, &racer, 20, 1, surface->box, 64, 48};
    Basins *basins = basins_create(NULL);
    assert_false(basins_work(basins, &wish, 0));
    assert_non_null(basins_end(basins, 63, 0));
    basins_destroy(basins);
    surface_destroy(surface);
}

static void a_map_follows_what_is_wished(void **state) {
    (void)state;
    Surface *surface = surface_of("ravine", 0);
    Status status = status_ok();
    RacerSpec racer = spec("sgd", 0.03);
    BasinsWish wish = {surface, &racer, 100, 1, surface->box, 8, 8};
    Basins *basins = basins_create(NULL);
    basins_work(basins, &wish, INFINITY);
    assert_int_equal(basins_end(basins, 3, 3)->status, RACER_RUNNING);
    assert_true(surface_set(surface, "kappa", 1000, &status)); /* far too steep for the rate */
    basins_work(basins, &wish, INFINITY);
    assert_int_equal(basins_end(basins, 3, 3)->status, RACER_DIVERGED);
    assert_int_equal(basins_end(basins, 3, 3)->minimum, -1);
    racer.values[0] = 1e-3;
    basins_work(basins, &wish, INFINITY);
    assert_int_equal(basins_end(basins, 3, 3)->status, RACER_RUNNING);
    assert_int_equal(basins_end(basins, 3, 3)->minimum, 0);
    basins_destroy(basins);
    surface_destroy(surface);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spread_is_the_standard_error),
        cmocka_unit_test(noise_and_bias_are_in_it),
        cmocka_unit_test(a_race_does_not_notice),
        cmocka_unit_test(a_map_is_races_from_its_starts),
        cmocka_unit_test(a_map_comes_from_coarse_to_fine),
        cmocka_unit_test(a_map_follows_what_is_wished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
