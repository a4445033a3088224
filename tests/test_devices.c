/* What stands around the gradient: noise by its moments, penalties and clipping by their definitions,
 * averages, fairness of the noise; and the diagnostics by closed forms. */
#include "test.h"

#include "diagnostics.h"
#include "race.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

static void off_is_off(void **state) {
    (void)state;
    double devices[DEVICE_COUNT];
    devices_defaults(devices);
    assert_false(devices_change_gradient(devices));
    double x[2] = {1, 2}, g[2] = {3, 4};
    Vec vx = vec_of_f64(x, 2), vg = vec_of_f64(g, 2);
    assert_true(devices_apply(devices, &vx, &vg, 5) == 0);
    assert_true(g[0] == 3 && g[1] == 4);
    for (int i = 0; i < DEVICE_COUNT; i++) assert_int_equal(device_find(device_table[i].name), i);
    assert_int_equal(device_find("nonsense"), -1);
}

/* Mean, variance and excess kurtosis of what a device adds to a gradient of (3, 4), batch by batch. */
static void moments(const double devices[DEVICE_COUNT], double *mean, double *variance, double *large) {
    enum { DRAWS = 40000 };
    double sum = 0, squares = 0;
    int far = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x[2] = {0, 0}, g[2] = {3, 4};
        Vec vx = vec_of_f64(x, 2), vg = vec_of_f64(g, 2);
        devices_apply(devices, &vx, &vg, noise_stream(7, 0, (uint64_t)i));
        for (int k = 0; k < 2; k++) {
            double added = g[k] - (3 + k);
            sum += added;
            squares += added * added;
            if (fabs(added) > 4) far++;
        }
    }
    *mean = sum / (2 * DRAWS);
    *variance = squares / (2 * DRAWS);
    *large = (double)far / (2 * DRAWS);
}

static void noise_has_its_moments(void **state) {
    (void)state;
    double devices[DEVICE_COUNT], mean, variance, large;
    devices_defaults(devices);
    devices[DEVICE_NOISE] = 2;
    moments(devices, &mean, &variance, &large);
    assert_true(fabs(mean) < 0.03 && fabs(variance - 4) < 0.08);
    assert_true(fabs(large - 0.0455) < 0.004); /* beyond two standard deviations */
    devices[DEVICE_BATCH] = 16;                /* the standard error falls with the root of the batch */
    moments(devices, &mean, &variance, &large);
    assert_true(fabs(variance - 4.0 / 16) < 0.005);
    devices_defaults(devices);
    devices[DEVICE_STATE_NOISE] = 0.5; /* of a gradient of norm 5 */
    moments(devices, &mean, &variance, &large);
    assert_true(fabs(mean) < 0.04 && fabs(variance - 6.25) < 0.12);
    devices_defaults(devices);
    devices[DEVICE_HEAVY_NOISE] = 1; /* P(|t| > a) = 1 - a/sqrt(2 + a^2) for 2 degrees of freedom */
    moments(devices, &mean, &variance, &large);
    assert_true(fabs(large - (1 - 4 / sqrt(18.0))) < 0.004);
}

static void penalties_and_clipping_are_their_definitions(void **state) {
    (void)state;
    double devices[DEVICE_COUNT], x[3] = {2, -1, 0}, g[3] = {1, 1, 1};
    Vec vx = vec_of_f64(x, 3), vg = vec_of_f64(g, 3);
    devices_defaults(devices);
    devices[DEVICE_L2] = 0.5;
    devices[DEVICE_L1] = 0.25;
    assert_near(devices_apply(devices, &vx, &vg, 0), 0.25 * 5 + 0.25 * 3, 1e-15);
    assert_near(g[0], 1 + 1 + 0.25, 1e-15);
    assert_near(g[1], 1 - 0.5 - 0.25, 1e-15);
    assert_near(g[2], 1, 1e-15);

    devices_defaults(devices);
    devices[DEVICE_CLIP_NORM] = 2;
    memcpy(g, (double[3]){3, 0, -4}, sizeof g);
    devices_apply(devices, &vx, &vg, 0);
    assert_near(g[0], 1.2, 1e-15);
    assert_near(g[2], -1.6, 1e-15);
    devices_apply(devices, &vx, &vg, 0); /* short enough: as it is */
    assert_near(vec_norm(&vg), 2, 1e-15);

    devices_defaults(devices);
    devices[DEVICE_CLIP_VALUE] = 2;
    devices[DEVICE_BIAS] = 1;
    memcpy(g, (double[3]){3, 0, -4}, sizeof g);
    devices_apply(devices, &vx, &vg, 0);
    assert_true(g[0] == 2 && g[1] == 1 && g[2] == -2);
}

static RacerSpec spec(const char *optimizer, double lr) {
    RacerSpec racer = {.optimizer = optimizer_find(optimizer)};
    optimizer_defaults(racer.optimizer, racer.values);
    devices_defaults(racer.devices);
    racer.values[0] = lr;
    return racer;
}

static Surface *surface_of(const char *text) {
    Status status = status_ok();
    Surface *surface = surface_create(text, &status);
    assert_non_null(surface);
    return surface;
}

static Race *run(Surface *surface, const RacerSpec *racers, int n, int64_t steps, uint64_t seed) {
    Status status = status_ok();
    const double start[2] = {2, -1};
    Race *race = race_create(&surface->objective, racers, n, start, steps, seed, &status);
    assert_non_null(race);
    race_run(race);
    return race;
}

static bool same_paths(const Race *race, int a, int b) {
    const Trace *one = race_trace(race, a), *other = race_trace(race, b);
    return memcmp(one->x, other->x, (size_t)(one->last + 1) * 2 * sizeof(double)) == 0;
}

/* All racers share one stream of noise, so that luck is the same for all; unless one asks for its own. */
static void noise_is_fair(void **state) {
    (void)state;
    Surface *surface = surface_of("bowl");
    RacerSpec racers[3] = {spec("sgd", 0.1), spec("sgd", 0.1), spec("sgd", 0.1)};
    for (int i = 0; i < 3; i++) racers[i].devices[DEVICE_NOISE] = 1;
    racers[2].devices[DEVICE_OWN_NOISE] = 1;
    Race *race = run(surface, racers, 3, 50, 1), *again = run(surface, racers, 3, 50, 1),
         *other = run(surface, racers, 3, 50, 2);
    assert_true(same_paths(race, 0, 1));
    assert_false(same_paths(race, 0, 2));
    for (int i = 0; i < 3; i++)
        assert_memory_equal(race_trace(race, i)->x, race_trace(again, i)->x, 51 * 2 * sizeof(double));
    assert_memory_not_equal(race_trace(race, 0)->x, race_trace(other, 0)->x, 51 * 2 * sizeof(double));
    race_destroy(race);
    race_destroy(again);
    race_destroy(other);
    surface_destroy(surface);
}

/* A biased gradient moves the end point: on the bowl g + b = 0 at x = -b. */
static void bias_moves_the_end(void **state) {
    (void)state;
    Surface *surface = surface_of("bowl");
    RacerSpec racer = spec("sgd", 0.5);
    racer.devices[DEVICE_BIAS] = 0.3;
    Race *race = run(surface, &racer, 1, 100, 1);
    assert_near(race_trace(race, 0)->x[200], -0.3, 1e-12);
    race_destroy(race);
    /* and l2 shrinks it: (x - 1)^2/2 + l2 x^2/2 is least at 1/(1 + l2) */
    Surface *shifted = surface_of("0.5*((x - 1)^2 + (y - 1)^2)");
    racer = spec("sgd", 0.3);
    racer.devices[DEVICE_L2] = 0.6;
    race = run(shifted, &racer, 1, 100, 1);
    assert_near(race_trace(race, 0)->x[201], 1 / 1.6, 1e-12);
    race_destroy(race);
    surface_destroy(shifted);
    surface_destroy(surface);
}

static void averages_are_their_definitions(void **state) {
    (void)state;
    Surface *surface = surface_of("rosenbrock");
    RacerSpec racers[2] = {spec("adam", 0.05), spec("adam", 0.05)};
    racers[0].devices[DEVICE_POLYAK] = 1;
    racers[1].devices[DEVICE_EMA] = 0.9;
    Race *race = run(surface, racers, 2, 60, 1);
    const Trace *polyak = race_trace(race, 0), *ema = race_trace(race, 1);
    double sum = 0, moving = ema->x[0];
    assert_true(polyak->average[0] == polyak->x[0] && ema->average[0] == ema->x[0]);
    for (int t = 1; t <= 60; t++) {
        sum += polyak->x[2 * t];
        moving = 0.9 * moving + 0.1 * ema->x[2 * t];
        assert_near(polyak->average[2 * t], sum / t, 1e-13);
        assert_near(ema->average[2 * t], moving, 1e-13);
    }
    race_destroy(race);
    surface_destroy(surface);
}

static void schedules_are_raced(void **state) {
    (void)state;
    Surface *surface = surface_of("bowl");
    RacerSpec racer = spec("sgd", 0.4);
    Status status = status_ok();
    assert_true(schedule_read(&racer.schedule, "inverse:k=1", &status));
    Race *race = run(surface, &racer, 1, 20, 1);
    double x = 2;
    for (int t = 1; t <= 20; t++) {
        x *= 1 - 0.4 / (1 + t);
        assert_near(race_trace(race, 0)->x[2 * t], x, 1e-14);
        assert_near(race_trace(race, 0)->lr[t], 0.4 / (1 + t), 1e-15);
    }
    race_destroy(race);
    surface_destroy(surface);
}

/* Of a plain surface all gradients are the same, and cost; of a table in its order they make the whole. */
static void accumulated_gradients_are_averaged(void **state) {
    (void)state;
    Status status = status_ok();
    Surface *plain = surface_of("rosenbrock"), *fit = surface_of("line_fit"), *whole = surface_of("line_fit");
    assert_true(surface_take_batches(fit, 1, EXAMPLES_LISTED, 1, &status));
    static const char *const names[] = {"adam", "nesterov", "sam", "lbfgs"};
    for (int i = 0; i < 4; i++) {
        RacerSpec racers[2] = {spec(names[i], 5e-4), spec(names[i], 5e-4)};
        racers[1].devices[DEVICE_ACCUMULATE] = 2;
        Race *race = run(plain, racers, 2, 20, 1);
        const Trace *one = race_trace(race, 0), *two = race_trace(race, 1);
        for (int k = 0; k <= 20; k++) {
            assert_true(two->x[2 * k] == one->x[2 * k]);
            assert_int_equal(two->evaluations[k], 2 * one->evaluations[k]);
        }
        race_destroy(race);
        racers[1].devices[DEVICE_ACCUMULATE] = 9;
        race = run(whole, racers, 1, 20, 1);
        Race *by_one = run(fit, racers + 1, 1, 20, 1);
        for (int k = 0; k <= 20 && i < 3; k++) /* a line search's kept gradient is of another batch */
            assert_near(race_trace(by_one, 0)->x[2 * k], race_trace(race, 0)->x[2 * k], 1e-12);
        race_destroy(race);
        race_destroy(by_one);
    }
    surface_destroy(plain);
    surface_destroy(fit);
    surface_destroy(whole);
}

/* Each gradient has noise of its own, and clipping comes after their average; a race takes the device up. */
static void accumulation_averages_noise(void **state) {
    (void)state;
    Status status = status_ok();
    Surface *surface = surface_of("0*x + 0*y");
    RacerSpec racers[2] = {spec("sgd", 1), spec("sgd", 1)};
    for (int i = 0; i < 2; i++) racers[i].devices[DEVICE_NOISE] = 2;
    Race *race = run(surface, racers, 2, 4000, 1);
    racers[1].devices[DEVICE_ACCUMULATE] = 16;
    assert_true(race_set_racer(race, 1, &racers[1], &status));
    for (int round = 0; round < 2; round++) {
        race_run(race);
        double squares[2] = {0}, largest = 0;
        for (int i = 0; i < 2; i++)
            for (int k = 2; k <= 8001; k++) {
                double step = race_trace(race, i)->x[k] - race_trace(race, i)->x[k - 2];
                squares[i] += step * step / 8000;
                if (i) largest = fmax(largest, fabs(step));
            }
        assert_near(squares[0], 4, 0.1);
        if (round == 0) assert_near(squares[1], 4.0 / 16, 0.02);
        if (round == 1) assert_near(largest, 0.25, 1e-9);
        racers[1].devices[DEVICE_CLIP_VALUE] = 0.25; /* half a standard error */
        assert_true(race_set_racer(race, 1, &racers[1], &status));
    }
    race_destroy(race);
    surface_destroy(surface);
}

/* On the ravine with kappa 50 everything is known: H = diag(1, 50). */
static void diagnostics_on_a_quadratic(void **state) {
    (void)state;
    Surface *surface = surface_of("ravine");
    RacerSpec racers[3] = {spec("sgd", 0.03), spec("momentum", 0.03), spec("nesterov", 0.03)};
    racers[1].n_changes = 1;
    racers[1].changes[0].step = 3;
    memcpy(racers[1].changes[0].values, (double[]){0.03, 0.5}, 2 * sizeof(double));
    Race *race = run(surface, racers, 3, 5, 1);
    Diagnostics at = race_diagnose(race, 0, 0, surface); /* at (2, -1): g = (2, -50) */
    assert_near(at.curvature, 4 + 50.0 * 2500, 1e-12);
    assert_near(at.predicted_rise, 0.5 * 0.03 * 0.03 * (4 + 50.0 * 2500), 1e-12);
    assert_near(at.predicted_fall, 0.03 * 2504, 1e-12);
    assert_near(at.smallest, 1, 1e-12);
    assert_near(at.largest, 50, 1e-12);
    assert_near(at.condition, 50, 1e-12);
    assert_near(at.descent_limit, 0.04, 1e-12);
    assert_near(at.method_limit, 0.04, 1e-12);
    assert_near(at.distance, sqrt(5), 1e-12);
    assert_true(isnan(at.step_length));
    assert_near(race_diagnose(race, 1, 0, surface).method_limit, 2 * 1.9 / 50, 1e-12);
    assert_near(race_diagnose(race, 1, 2, surface).method_limit, 2 * 1.9 / 50, 1e-12);
    assert_near(race_diagnose(race, 1, 3, surface).method_limit, 2 * 1.5 / 50, 1e-12);
    assert_near(race_diagnose(race, 2, 0, surface).method_limit, 2 * 1.9 / 2.8 / 50, 1e-12);
    at = race_diagnose(race, 0, 1, surface); /* the step was -0.03 g, Newton's is -(2, -1) */
    assert_near(at.effective_rate[0], 0.03, 1e-12);
    assert_near(at.effective_rate[1], 0.03, 1e-12);
    assert_near(at.step_length, 0.03 * sqrt(2504), 1e-12);
    double angle = acos((2 * 2 + 50 * 1) / (sqrt(2504) * sqrt(5))) * 180 / 3.14159265358979323846;
    assert_near(at.newton_angle, angle, 1e-9);
    race_destroy(race);
    surface_destroy(surface);
}

/* What is said of the next step is said at its rate, also while it is still to be done. */
static void predictions_are_at_the_rate_to_come(void **state) {
    (void)state;
    Surface *surface = surface_of("ravine");
    RacerSpec racer = spec("sgd", 0.03);
    Status status = status_ok();
    assert_true(schedule_read(&racer.schedule, "lr/t", &status));
    const double start[2] = {2, -1};
    Race *race = race_create(&surface->objective, &racer, 1, start, 4, 1, &status);
    assert_non_null(race);
    for (int k = 0; k <= 4; k++) {
        const double *x = race_trace(race, 0)->x + (size_t)2 * k, g[2] = {x[0], 50 * x[1]};
        const double lr = 0.03 / (k < 4 ? k + 1 : 4); /* after the last step there is none */
        const Diagnostics at = race_diagnose(race, 0, k, surface);
        assert_near(at.predicted_fall, lr * (g[0] * g[0] + g[1] * g[1]), 1e-12);
        assert_near(at.predicted_rise, lr * lr / 2 * (g[0] * g[0] + 50 * g[1] * g[1]), 1e-12);
        assert_int_equal(race_step(race), k < 4);
    }
    race_destroy(race);
    surface_destroy(surface);
}

/* Below its limit a method comes closer on a quadratic, above it flies off. */
static void method_limits_are_limits(void **state) {
    (void)state;
    static const char *const names[] = {"sgd", "momentum", "nesterov"};
    Surface *surface = surface_of("ravine");
    for (int i = 0; i < 3; i++) {
        RacerSpec probe = spec(names[i], 0.01);
        double limit = probe.optimizer->stability(probe.values) / 50;
        RacerSpec racers[2] = {spec(names[i], 0.99 * limit), spec(names[i], 1.01 * limit)};
        Race *race = run(surface, racers, 2, 3000, 1);
        const Trace *below = race_trace(race, 0), *above = race_trace(race, 1);
        assert_true(below->loss[below->last] < 1e-6 * below->loss[0]);
        assert_true(above->loss[above->last] > 1e6 * above->loss[0]);
        race_destroy(race);
    }
    surface_destroy(surface);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(off_is_off),
        cmocka_unit_test(noise_has_its_moments),
        cmocka_unit_test(penalties_and_clipping_are_their_definitions),
        cmocka_unit_test(noise_is_fair),
        cmocka_unit_test(bias_moves_the_end),
        cmocka_unit_test(averages_are_their_definitions),
        cmocka_unit_test(schedules_are_raced),
        cmocka_unit_test(accumulated_gradients_are_averaged),
        cmocka_unit_test(accumulation_averages_noise),
        cmocka_unit_test(diagnostics_on_a_quadratic),
        cmocka_unit_test(predictions_are_at_the_rate_to_come),
        cmocka_unit_test(method_limits_are_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
