/* Quantities against what descent on a quadratic is known to do, and series that are filled in slices. */
#include "test.h"

#include "series.h"

#include <string.h>

enum { STEPS = 150 };
static const double RATE = 0.03, KAPPA = 50; /* the ravine's own condition number */

typedef struct Stand {
    Surface *surface;
    Race *race;
    SeriesSource source;
} Stand;

static RacerSpec spec(const char *optimizer, double lr) {
    RacerSpec racer = {.optimizer = optimizer_find(optimizer)};
    optimizer_defaults(racer.optimizer, racer.values);
    racer.values[0] = lr;
    return racer;
}

static Stand stand_open(const char *name, const RacerSpec *racers, int n, double x, double y, int64_t steps) {
    Status status = status_ok();
    Stand stand = {.surface = surface_create(name, &status)};
    if (!stand.surface) fail_msg("%s", status.message);
    stand.race = race_create(&stand.surface->objective, racers, n, (double[]){x, y}, steps, 1, &status);
    if (!stand.race) fail_msg("%s", status.message);
    stand.source = (SeriesSource){stand.race, stand.surface, NAN};
    surface_lowest(stand.surface, &stand.source.lowest);
    return stand;
}

static void stand_close(Stand *stand) {
    race_destroy(stand->race);
    surface_destroy(stand->surface);
}

/* On f = (x^2 + kappa y^2)/2 descent multiplies x by 1 - lr and y by 1 - lr kappa. */
static double expected(const char *name, int64_t row) {
    double x = -4 * pow(1 - RATE, (double)row), y = 1.15 * pow(1 - RATE * KAPPA, (double)row);
    double gx = x, gy = KAPPA * y, g2 = gx * gx + gy * gy;
    double before = hypot(gx / (1 - RATE), gy / (1 - RATE * KAPPA)); /* the gradient's norm a step earlier */
    if (strcmp(name, "loss") == 0 || strcmp(name, "excess") == 0) return 0.5 * (x * x + KAPPA * y * y);
    if (strcmp(name, "gradient") == 0) return sqrt(g2);
    if (strcmp(name, "distance") == 0) return hypot(x, y);
    if (strcmp(name, "rate") == 0) return RATE;
    if (strcmp(name, "curvature") == 0) return (gx * gx + KAPPA * gy * gy) / g2;
    if (strcmp(name, "largest") == 0) return KAPPA;
    if (strcmp(name, "smallest") == 0) return 1;
    if (row == 0) return NAN;
    if (strcmp(name, "step") == 0) return RATE * before;
    if (strncmp(name, "effective", 9) == 0) return RATE;
    fail_msg("nothing is known of %s", name);
    return NAN;
}

static void quantities_of_descent_on_a_quadratic(void **state) {
    (void)state;
    const RacerSpec racer = spec("sgd", RATE);
    Stand stand = stand_open("ravine", &racer, 1, -4, 1.15, STEPS);
    race_run(stand.race);
    Series series = {0};
    for (int i = 0; i < quantity_count; i++) {
        const Quantity *quantity = &quantity_table[i];
        assert_int_equal(quantity_find(quantity->name), i);
        if (quantity->need == NEEDS_DATA) continue; /* of networks: test_curves.c */
        assert_true(quantity_exists(quantity, &stand.source));
        assert_true(series_want(&series, &stand.source, quantity, 1));
        assert_true(series_fill(&series, &stand.source, INFINITY));
        for (int64_t row = 0; row <= STEPS; row++) {
            double value = series_values(&series, 0)[row], by_hand = expected(quantity->name, row);
            if (isnan(by_hand) ? isnan(value) : fabs(value - by_hand) <= 1e-10 * fmax(1e-6, fabs(by_hand)))
                continue;
            fail_msg("%s in row %d is %.17g, not %.17g", quantity->name, (int)row, value, by_hand);
        }
    }
    assert_int_equal(quantity_find("no such"), -1);
    series_finish(&series);
    stand_close(&stand);
}

static void what_is_not_known_has_no_chart(void **state) {
    (void)state;
    const RacerSpec racer = spec("sgd", 0.01);
    Stand stand = stand_open("x^2 + y^4", &racer, 1, 1, 1, 3); /* typed: no minimum is known */
    assert_false(quantity_exists(&quantity_table[quantity_find("excess")], &stand.source));
    assert_false(quantity_exists(&quantity_table[quantity_find("distance")], &stand.source));
    assert_true(quantity_exists(&quantity_table[quantity_find("curvature")], &stand.source));
    stand.source.surface = NULL;
    assert_false(quantity_exists(&quantity_table[quantity_find("curvature")], &stand.source));
    assert_true(quantity_exists(&quantity_table[quantity_find("effective")], &stand.source));
    stand_close(&stand);
}

/* The distance is that to the nearest of several minima. */
static void the_nearest_minimum_counts(void **state) {
    (void)state;
    const RacerSpec racer = spec("sgd", 0.005);
    Stand stand = stand_open("himmelblau", &racer, 1, -3.5, 2.5, 300);
    race_run(stand.race);
    const Quantity *quantity = &quantity_table[quantity_find("distance")];
    Series series = {0};
    assert_true(
        series_want(&series, &stand.source, quantity, 1) && series_fill(&series, &stand.source, INFINITY));
    assert_near(series_values(&series, 0)[0], hypot(-3.5 + 2.805118, 2.5 - 3.131312), 1e-6);
    assert_true(series_values(&series, 0)[300] < 1e-6);
    series_finish(&series);
    stand_close(&stand);
}

/* However small the slices: nothing is said to be there that is not, and the end is the same. */
static void slices_come_to_the_same(void **state) {
    (void)state;
    enum { LONG = 3000 };
    const RacerSpec racers[] = {
        spec("sgd", 1e-4), spec("adam", 0.05), spec("sgd", 5), spec("momentum", 2e-4)};
    Stand stand = stand_open("rosenbrock", racers, 4, -1.2, 1, LONG);
    const Quantity *quantity = &quantity_table[quantity_find("largest")];
    Series series = {0}, at_once = {0};
    for (int i = 0; i < LONG / 2; i++) race_step(stand.race);
    assert_true(series_want(&series, &stand.source, quantity, 7));
    int slices = 0, grown = 0;
    for (bool done = false; !done || !grown; slices++) {
        assert_true(series_want(&series, &stand.source, quantity, 7));
        done = series_fill(&series, &stand.source, 0);
        assert_int_equal(done, series_is_finished(&series));
        if (slices % 10 == 0) { /* one by one where it is not there yet */
            int64_t row = (slices * 37) % (race_steps_done(stand.race) + 1);
            int64_t of = trace_row(race_trace(stand.race, 1), row);
            const double *x = race_trace(stand.race, 1)->x + 2 * of;
            double hessian[3], eigenvalues[2];
            surface_evaluate(stand.surface, x[0], x[1], NULL, hessian);
            symmetric_eigenvalues(hessian, eigenvalues);
            assert_near(series_value(&series, &stand.source, 1, of), eigenvalues[1], 0);
            if (series_has(&series, of)) assert_near(series_values(&series, 1)[of], eigenvalues[1], 0);
        }
        if (!done || grown) continue;
        race_run(stand.race); /* the race goes on, and what there is stays */
        assert_true(series_has(&series, LONG / 2 - 1));
        assert_false(series_has(&series, LONG - 1));
        grown = slices;
        done = false;
    }
    assert_in_range(slices, 40, 60);
    assert_true(series_want(&at_once, &stand.source, quantity, 7));
    assert_true(series_fill(&at_once, &stand.source, INFINITY));
    for (int i = 0; i < 4; i++)
        assert_memory_equal(series_values(&series, i), series_values(&at_once, i),
            (size_t)(race_trace(stand.race, i)->last + 1) * sizeof(double));
    /* Other traces, other values. */
    race_restart(stand.race, (double[]){0, 0});
    race_run(stand.race);
    assert_true(series_want(&series, &stand.source, quantity, 8));
    assert_false(series_has(&series, 0));
    assert_true(series_fill(&series, &stand.source, INFINITY));
    assert_near(series_values(&series, 0)[0], 200, 1e-12); /* the Hessian at (0, 0) is diag(2, 200) */
    series_finish(&series);
    series_finish(&at_once);
    stand_close(&stand);
}

/* Numbers that do not exist are NAN, never the last ones again. */
static void a_diverged_racer_has_no_last_step(void **state) {
    (void)state;
    const RacerSpec racer = spec("sgd", 1e3);
    Stand stand = stand_open("rosenbrock", &racer, 1, -1.2, 1, 50);
    race_run(stand.race);
    const Trace *trace = race_trace(stand.race, 0);
    assert_int_equal(trace->status[trace->last], RACER_DIVERGED);
    static const char *const names[] = {"step", "effective", "effective_x"};
    Series series = {0};
    for (int i = 0; i < 3; i++) {
        const Quantity *quantity = &quantity_table[quantity_find(names[i])];
        assert_true(series_want(&series, &stand.source, quantity, 1));
        assert_true(series_fill(&series, &stand.source, INFINITY));
        bool moved = memcmp(trace->x + 2 * trace->last, trace->x + 2 * trace->last - 2, 16) != 0;
        assert_int_equal(isnan(series_values(&series, 0)[trace->last]), !moved);
        assert_true(isnan(series_values(&series, 0)[0]));
    }
    series_finish(&series);
    stand_close(&stand);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_of_descent_on_a_quadratic),
        cmocka_unit_test(what_is_not_known_has_no_chart),
        cmocka_unit_test(the_nearest_minimum_counts),
        cmocka_unit_test(slices_come_to_the_same),
        cmocka_unit_test(a_diverged_racer_has_no_last_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
