/* Batches of a surface's examples, races on them, and regret: against plain loops over the table and the
 * theorems about online gradient descent. */
#include "test.h"

#include "regret.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 9 };

/* The table of line_fit. */
static const double fit_x[ROWS] = {-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2},
                    fit_t[ROWS] = {-1.3, -0.4, -0.6, 0.3, 0.2, 1.1, 1, 1.9, 1.8};

static Surface *surface_of(const char *text, size_t batch, ExampleOrder order) {
    Status status = status_ok();
    Surface *surface = surface_create(text, &status);
    if (!surface || (batch && !surface_take_batches(surface, batch, order, 7, &status)))
        fail_msg("%s", status.message);
    return surface;
}

static RacerSpec sgd(double lr, const char *schedule) {
    Status status = status_ok();
    RacerSpec racer = {.optimizer = optimizer_find("sgd"), .label = "sgd"};
    optimizer_defaults(racer.optimizer, racer.values);
    devices_defaults(racer.devices);
    racer.values[0] = lr;
    if (schedule && !schedule_read(&racer.schedule, schedule, &status)) fail_msg("%s", status.message);
    return racer;
}

static Race *race_of(Surface *surface, const RacerSpec *racers, int n, double x, double y, int64_t steps) {
    Status status = status_ok();
    const double start[2] = {x, y};
    Race *race = race_create(&surface->objective, racers, n, start, steps, 1, &status);
    if (!race) fail_msg("%s", status.message);
    return race;
}

static void an_epoch_has_every_example_once(void **state) {
    (void)state;
    for (size_t batch = 1; batch <= ROWS; batch++) {
        Surface *surface = surface_of("line_fit", batch, EXAMPLES_SHUFFLED);
        int seen[ROWS] = {0}, in_order = 0;
        for (uint64_t step = 0; step < 10 * ROWS; step++) { /* 10 batch epochs */
            examples_take(surface->examples, step);
            for (size_t i = 0; i < batch; i++) {
                size_t row = examples_taken(surface->examples)[i], at = (size_t)step * batch + i;
                seen[row]++;
                in_order += row == at % ROWS;
                for (size_t k = 0; k < ROWS; k++) assert_true(seen[k] <= (int)(at / ROWS) + 1);
            }
        }
        for (int k = 0; k < ROWS; k++) assert_int_equal(seen[k], 10 * (int)batch);
        assert_true(in_order < 40 * (int)batch); /* of 90 batch: 10 batch would be chance */
        surface_destroy(surface);
    }
}

static void orders_are_what_they_say(void **state) {
    (void)state;
    Surface *listed = surface_of("line_fit", 4, EXAMPLES_LISTED),
            *drawn = surface_of("line_fit", 4, EXAMPLES_DRAWN);
    int seen[ROWS] = {0}, twice = 0;
    enum { STEPS = 9000 };
    for (uint64_t step = 0; step < STEPS; step++) {
        examples_take(listed->examples, step);
        examples_take(drawn->examples, step);
        const size_t *rows = examples_taken(drawn->examples);
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(examples_taken(listed->examples)[i], (4 * step + i) % ROWS);
            seen[rows[i]]++;
        }
        twice += rows[0] == rows[1];
    }
    /* Binomial: 4000 +- 60 and 1000 +- 30. */
    for (int k = 0; k < ROWS; k++) assert_in_range(seen[k], 3700, 4300);
    assert_in_range(twice, 850, 1150);
    /* A step's batch does not depend on what was taken before. */
    size_t before[4];
    examples_take(drawn->examples, 5);
    memcpy(before, examples_taken(drawn->examples), sizeof before);
    examples_take(drawn->examples, 6);
    assert_memory_not_equal(before, examples_taken(drawn->examples), sizeof before);
    examples_take(drawn->examples, 5);
    assert_memory_equal(before, examples_taken(drawn->examples), sizeof before);
    surface_destroy(listed);
    surface_destroy(drawn);
}

static void a_batch_is_the_mean_of_its_rows(void **state) {
    (void)state;
    Surface *surface = surface_of("line_fit", 4, EXAMPLES_DRAWN);
    const double a = 0.3, b = -1.7;
    for (uint64_t step = 0; step < 50; step++) {
        double f = 0, fa = 0, fb = 0, faa = 0, fab = 0, g[2], h[3];
        examples_take(surface->examples, step);
        for (int i = 0; i < 4; i++) {
            size_t row = examples_taken(surface->examples)[i];
            double off = a * fit_x[row] + b - fit_t[row];
            f += off * off / 8;
            fa += off * fit_x[row] / 4;
            fb += off / 4;
            faa += fit_x[row] * fit_x[row] / 4;
            fab += fit_x[row] / 4;
        }
        assert_near(examples_evaluate(surface->examples, a, b, g, h), f, 1e-14);
        assert_near(g[0], fa, 1e-14);
        assert_near(g[1], fb, 1e-14);
        assert_near(h[0], faa, 1e-14);
        assert_near(h[1], fab, 1e-14);
        assert_near(h[2], 1, 1e-14);
    }
    surface_destroy(surface);
}

/* A batch of all is the formula, a sum too, and with parameters and terms beside the table. */
static void a_batch_of_all_is_the_formula(void **state) {
    (void)state;
    static const char *const texts[] = {"one_neuron", "line_fit", "separable",
        "sum((x*a - b)^2*k, a = [1, 2, 3], b = [2, 1, -1]) + 0.1*(x^2 + y^4) where k = 3",
        "c*mean(sin(x*a) + y^2, a = [0.5, 1.5]) where c = 2, d = 5"};
    static const size_t rows[] = {6, 9, 6, 3, 2};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Surface *surface = surface_of(texts[i], rows[i], EXAMPLES_SHUFFLED);
        Status status = status_ok();
        for (int round = 0; round < 2; round++) {
            double whole_g[2], whole_h[3], g[2], h[3];
            double whole = surface_evaluate(surface, 0.7, -1.3, whole_g, whole_h);
            assert_near(examples_evaluate(surface->examples, 0.7, -1.3, g, h), whole, 1e-13);
            for (int k = 0; k < 2; k++) assert_near(g[k], whole_g[k], 1e-13);
            for (int k = 0; k < 3; k++) assert_near(h[k], whole_h[k], 1e-13);
            if (surface->formula->n_parameters == 0) break;
            assert_true(surface_set(surface, surface->formula->parameters[0].name, 0.5, &status));
        }
        surface_destroy(surface);
    }
}

static void what_has_no_examples_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *surface, *message;
        size_t batch;
    } rows[] = {
        {"bowl", "has no examples", 1},
        {"line_fit", "a batch of 10: there are 1 to 9 examples", 10},
        {"sqrt(1 + mean((x - a)^2 + y^2, a = [1, 2, 3]))", "not the mean of its examples", 1},
        {"mean((x - a)^2, a = [1, 2]) + sum(y*b, b = [1, 2])", "a second table", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Status status = status_ok();
        Surface *surface = surface_create(rows[i].surface, &status);
        assert_non_null(surface);
        assert_false(surface_take_batches(surface, rows[i].batch, EXAMPLES_SHUFFLED, 1, &status));
        if (!strstr(status.message, rows[i].message)) fail_msg("%s", status.message);
        surface_destroy(surface);
    }
}

/* Online gradient descent on line_fit by a plain loop: rows show the whole loss, batch_loss the example's. */
static void a_race_sees_one_example_at_a_time(void **state) {
    (void)state;
    Surface *surface = surface_of("line_fit", 1, EXAMPLES_LISTED);
    RacerSpec racers[2] = {sgd(0.1, NULL), sgd(0.02, NULL)};
    Race *race = race_of(surface, racers, 2, -1.2, 2.2, 60);
    race_run(race);
    for (int r = 0; r < 2; r++) {
        const Trace *trace = race_trace(race, r);
        double a = -1.2, b = 2.2;
        for (int k = 0; k <= 60; k++) {
            double off = a * fit_x[k % ROWS] + b - fit_t[k % ROWS], whole = 0, ga = 0, gb = 0;
            for (int i = 0; i < ROWS; i++) {
                double each = a * fit_x[i] + b - fit_t[i];
                whole += each * each / (2 * ROWS);
                ga += each * fit_x[i] / ROWS;
                gb += each / ROWS;
            }
            assert_near(trace->x[2 * k], a, 1e-12);
            assert_near(trace->x[2 * k + 1], b, 1e-12);
            assert_near(trace->batch_loss[k], off * off / 2, 1e-12);
            assert_near(trace->loss[k], whole, 1e-12);
            assert_near(trace->grad_norm[k], hypot(ga, gb), 1e-12);
            assert_int_equal(trace->evaluations[k], k);
            a -= racers[r].values[0] * off * fit_x[k % ROWS];
            b -= racers[r].values[0] * off;
        }
    }
    race_destroy(race);
    surface_destroy(surface);
}

static Regret *regret_of(const Race *race, Surface *surface) {
    Status status = status_ok();
    Regret *regret = regret_create(race, surface, &status);
    assert_non_null(regret);
    return regret;
}

/* Losses (x - c_t)^2/2 with rates 1/t: x is the mean of the c so far, the best fixed point that of all. The
 * regret by plain sums, and below G^2/2 (1 + ln T) with |gradients| <= G (Hazan, Agarwal & Kale 2007). */
static void regret_of_following_the_mean(void **state) {
    (void)state;
    static const double c[] = {1, -1, 0.5, 0.25, -0.75, 1, 1};
    Surface *surface =
        surface_of("mean(0.5*(x - c)^2 + 0.5*y^2, c = [1, -1, 0.5, 0.25, -0.75, 1, 1])", 1, EXAMPLES_LISTED);
    RacerSpec racer = sgd(1, "lr/t");
    enum { STEPS = 300 };
    Race *race = race_of(surface, &racer, 1, 0, 0, STEPS);
    race_run(race);
    Regret *regret = regret_of(race, surface);
    assert_true(regret_at(regret, 0, 0) == 0);
    double lost = 0, x = 0, sum = 0, squares = 0;
    for (int step = 1; step <= STEPS; step++) {
        double target = c[(step - 1) % 7];
        lost += 0.5 * (x - target) * (x - target);
        sum += target;
        squares += target * target;
        x = sum / step;
        double expected = lost - 0.5 * (squares - sum * sum / step);
        assert_near(regret_at(regret, 0, step), expected, 1e-10);
        assert_true(expected <= 2 * (1 + log(step)));
    }
    /* Any earlier step again. */
    double at_2 = 0.5 + 0.5 * 4 - 0.5 * 2;
    assert_near(regret_at(regret, 0, 2), at_2, 1e-12);
    regret_destroy(regret);
    race_destroy(race);
    surface_destroy(surface);
}

/* Rates lr/sqrt(t) keep the regret below D^2 sqrt(T)/(2 lr) + lr G^2 sqrt(T) (Zinkevich 2003; with the sum of
 * 1/sqrt(t) at most 2 sqrt(T)), D and G being what was met; and on a convex sequence the average regret
 * vanishes. */
static void regret_stays_below_the_bound(void **state) {
    (void)state;
    enum { STEPS = 2000 };
    Surface *surface = surface_of("one_neuron", 1, EXAMPLES_DRAWN);
    RacerSpec racer = sgd(1, "inverse_sqrt");
    Race *race = race_of(surface, &racer, 1, -4, 4, STEPS);
    race_run(race);
    Regret *regret = regret_of(race, surface);
    const Trace *trace = race_trace(race, 0);
    double longest = 0, half = 0;
    const double g = sqrt(5); /* |(x, 1)| <= sqrt(5) at the farthest example, times |sigmoid - t| < 1 */
    for (int step = 1; step <= STEPS; step++) {
        longest = fmax(longest, hypot(trace->x[2 * step - 2] - 1.5, trace->x[2 * step - 1]));
        double now = regret_at(regret, 0, step), d = longest + 2; /* best points wander by less than 2 */
        if (step > 100) assert_true(now < (d * d / 2 + g * g) * sqrt(step));
        if (step == STEPS / 2) half = now;
    }
    assert_true(regret_at(regret, 0, STEPS) / STEPS < 0.7 * half / (STEPS / 2));
    regret_destroy(regret);
    race_destroy(race);
    surface_destroy(surface);
}

/* Every loss the surface itself: the sum of f(x_t) - f*, on a quadratic geometric. */
static void regret_on_a_surface_is_the_sum_of_losses_above_the_least(void **state) {
    (void)state;
    Surface *known = surface_of("bowl", 0, EXAMPLES_SHUFFLED),
            *typed = surface_of("3 + 0.5*((x - 2)^2 + (y - 1)^2)", 0, 0);
    RacerSpec racers[2] = {sgd(0.1, NULL), sgd(0.5, NULL)};
    for (int s = 0; s < 2; s++) {
        Surface *surface = s ? typed : known;
        Race *race = race_of(surface, racers, 2, s ? 5 : 3, s ? 5 : 4, 80);
        race_run(race);
        Regret *regret = regret_of(race, surface);
        for (int r = 0; r < 2; r++)
            for (int step = 0; step <= 80; step++) {
                double shrink = pow(1 - racers[r].values[0], 2);
                assert_near(regret_at(regret, r, step), 12.5 * (1 - pow(shrink, step)) / (1 - shrink), 1e-11);
            }
        regret_destroy(regret);
        race_destroy(race);
        surface_destroy(surface);
    }
}

/* The best point of separable examples is at infinity, where the losses are 0; an open saddle has none. */
static void regret_without_a_minimum(void **state) {
    (void)state;
    Surface *surface = surface_of("separable", 2, EXAMPLES_SHUFFLED), *open = surface_of("open_saddle", 0, 0);
    RacerSpec racer = sgd(0.5, NULL);
    Race *race = race_of(surface, &racer, 1, -1, 4, 100);
    race_run(race);
    Regret *regret = regret_of(race, surface);
    double lost = 0;
    for (int step = 0; step < 100; step++) {
        assert_near(regret_at(regret, 0, step), lost, 1e-9);
        lost += race_trace(race, 0)->batch_loss[step];
    }
    regret_destroy(regret);
    race_destroy(race);
    race = race_of(open, &racer, 1, 1, 0.5, 5);
    race_run(race);
    regret = regret_of(race, open);
    assert_true(isnan(regret_at(regret, 0, 3)));
    regret_destroy(regret);
    race_destroy(race);
    surface_destroy(surface);
    surface_destroy(open);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_epoch_has_every_example_once),
        cmocka_unit_test(orders_are_what_they_say),
        cmocka_unit_test(a_batch_is_the_mean_of_its_rows),
        cmocka_unit_test(a_batch_of_all_is_the_formula),
        cmocka_unit_test(what_has_no_examples_is_refused),
        cmocka_unit_test(a_race_sees_one_example_at_a_time),
        cmocka_unit_test(regret_of_following_the_mean),
        cmocka_unit_test(regret_stays_below_the_bound),
        cmocka_unit_test(regret_on_a_surface_is_the_sum_of_losses_above_the_least),
        cmocka_unit_test(regret_without_a_minimum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
