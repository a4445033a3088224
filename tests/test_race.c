/* Races on objectives with closed forms: lockstep, traces, statuses, divergence, refusals. */
#include "test.h"

#include "race.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

static RacerSpec spec(const char *optimizer, double lr) {
    RacerSpec racer = {.optimizer = optimizer_find(optimizer)};
    assert_non_null(racer.optimizer);
    optimizer_defaults(racer.optimizer, racer.values);
    racer.values[0] = lr;
    snprintf(racer.label, sizeof racer.label, "%s", optimizer);
    return racer;
}

static Surface *surface_of(const char *formula) {
    Status status = status_ok();
    Surface *surface = surface_create(formula, &status);
    if (!surface) fail_msg("%s", status.message);
    return surface;
}

static Race *race_of(Surface *surface, const RacerSpec *racers, int n, double x, double y, int64_t steps) {
    Status status = status_ok();
    const double start[2] = {x, y};
    Race *race = race_create(&surface->objective, racers, n, start, steps, 1, &status);
    if (!race) fail_msg("%s", status.message);
    return race;
}

static RacerStatus last_status(const Race *race, int racer) {
    const Trace *trace = race_trace(race, racer);
    return trace->status[trace->last];
}

/* Heavy ball by hand, its rate and momentum others from step 20 on, its velocity kept. */
static void a_change_keeps_what_was_learned(void **state) {
    (void)state;
    Surface *surface = surface_of("0.5*(x^2 + 10*y^2)");
    RacerSpec racers[] = {spec("momentum", 0.02), spec("momentum", 0.02)};
    racers[1].changes[0] = (RacerChange){.step = 20, .values = {0.05, 0.5}};
    racers[1].n_changes = 1;
    Race *race = race_of(surface, racers, 2, 2, -1, 40);
    for (int turn = 0; turn < 2; turn++, race_restart(race, NULL)) {
        race_run(race);
        double x = 2, v = 0;
        for (int k = 0; k <= 40; k++) {
            assert_near(race_trace(race, 1)->x[2 * k], x, 1e-13);
            if (k <= 20) assert_true(race_trace(race, 0)->x[2 * k] == race_trace(race, 1)->x[2 * k]);
            if (k > 0) assert_true(race_trace(race, 1)->lr[k] == (k <= 20 ? 0.02 : 0.05));
            v = (k < 20 ? 0.9 : 0.5) * v - (k < 20 ? 0.02 : 0.05) * x;
            x += v;
        }
    }
    race_destroy(race);
    surface_destroy(surface);
}

/* Gradient descent on a quadratic: each coordinate shrinks by 1 - lr lambda a step. */
static void descent_on_a_quadratic_is_geometric(void **state) {
    (void)state;
    Surface *surface = surface_of("0.5*(x^2 + 10*y^2)");
    RacerSpec racer = spec("sgd", 0.15);
    Race *race = race_of(surface, &racer, 1, 2, -1, 60);
    race_run(race);
    const Trace *trace = race_trace(race, 0);
    assert_int_equal(trace->last, 60);
    for (int k = 0; k <= 60; k++) {
        double x = 2 * pow(0.85, k), y = -1 * pow(-0.5, k);
        assert_near(trace->x[2 * k], x, 1e-13);
        assert_near(trace->x[2 * k + 1], y, 1e-13);
        assert_near(trace->loss[k], 0.5 * (x * x + 10 * y * y), 1e-13);
        assert_near(trace->grad_norm[k], hypot(x, 10 * y), 1e-13);
        assert_int_equal(trace->evaluations[k], k);
        assert_true(trace->lr[k] == 0.15);
    }
    race_destroy(race);
    surface_destroy(surface);
}

/* Heavy ball at its best rate and momentum on eigenvalues 1 and 50: the slower root is (sqrt k - 1)/(sqrt k +
 * 1). */
static void heavy_ball_has_its_closed_form_rate(void **state) {
    (void)state;
    Surface *surface = surface_of("ravine");
    double root = sqrt(50.0), best = pow(2 / (1 + root), 2), momentum = pow((root - 1) / (root + 1), 2);
    RacerSpec racer = spec("momentum", best);
    racer.values[1] = momentum;
    Race *race = race_of(surface, &racer, 1, -4, 1, 200);
    race_run(race);
    const Trace *trace = race_trace(race, 0);
    double measured =
        pow(hypot(trace->x[2 * 180], trace->x[2 * 180 + 1]) / hypot(trace->x[2 * 80], trace->x[2 * 80 + 1]),
            0.01);
    assert_near(measured / ((root - 1) / (root + 1)), 1, 0.02);
    race_destroy(race);
    surface_destroy(surface);
}

/* Half the squared distance to a centre that is another one at each step: 1, 2, 4, 8, ... */
typedef struct Wanderer {
    Objective objective;
    double centre;
    int resampled, evaluated;
} Wanderer;

static double wanderer_evaluate(Objective *objective, const Vec *x, const Vec *gradient) {
    Wanderer *wanderer = (Wanderer *)objective;
    double offset = x->f64[0] - wanderer->centre;
    wanderer->evaluated++;
    if (gradient) gradient->f64[0] = offset;
    return 0.5 * offset * offset;
}

static void wanderer_resample(Objective *objective, uint64_t step) {
    Wanderer *wanderer = (Wanderer *)objective;
    wanderer->centre = ldexp(1, (int)step);
    wanderer->resampled++;
}

/* The row of a step shows the batch of the next, whose gradient the next step takes; all racers and all that
 * a rule asks for within a step see the same one, and nothing is evaluated twice. */
static void a_batch_lasts_a_step_for_all_racers(void **state) {
    (void)state;
    static const ObjectiveType type = {
        .name = "wanderer", .evaluate = wanderer_evaluate, .resample = wanderer_resample};
    Wanderer wanderer = {.objective = {.type = &type, .dim = 1, .precision = PRECISION_F64}};
    RacerSpec racers[2] = {spec("sgd", 0.25), spec("sam", 0.25)};
    racers[1].values[1] = 0.5; /* rho */
    Status status = status_ok();
    const double start = -3;
    Race *race = race_create(&wanderer.objective, racers, 2, &start, 5, 1, &status);
    assert_non_null(race);
    for (int round = 0; round < 2; round++) {
        wanderer.resampled = wanderer.evaluated = 0;
        race_restart(race, NULL);
        race_run(race);
        assert_int_equal(wanderer.resampled, 6);
        assert_int_equal(wanderer.evaluated, 2 * 6 + 5);
        double sgd = start, sam = start;
        for (int k = 0; k <= 5; k++) {
            double centre = ldexp(1, k);
            assert_near(race_trace(race, 0)->x[k], sgd, 1e-14);
            assert_near(race_trace(race, 1)->x[k], sam, 1e-14);
            assert_near(race_trace(race, 0)->loss[k], 0.5 * (sgd - centre) * (sgd - centre), 1e-12);
            assert_near(race_trace(race, 1)->grad_norm[k], fabs(sam - centre), 1e-12);
            sgd -= 0.25 * (sgd - centre);
            sam -= 0.25 * (sam + copysign(0.5, sam - centre) - centre);
        }
    }
    race_destroy(race);
}

/* What a racer does cannot depend on who else races. */
static void together_equals_alone(void **state) {
    (void)state;
    Surface *surface = surface_of("beale");
    RacerSpec racers[RACE_RACERS_MAX];
    int n = 0;
    for (int i = 0; i < optimizer_count; i++) {
        if (optimizer_takes_matrices(&optimizer_table[i])) continue;
        racers[n++] = spec(optimizer_table[i].name, 0.003);
    }
    Race *all = race_of(surface, racers, n, 1, 1.5, 300);
    race_run(all);
    for (int i = 0; i < n; i++) {
        Race *one = race_of(surface, &racers[i], 1, 1, 1.5, 300);
        race_run(one);
        const Trace *a = race_trace(all, i), *b = race_trace(one, 0);
        assert_int_equal(a->last, b->last);
        assert_memory_equal(a->x, b->x, (size_t)(a->last + 1) * 2 * sizeof(double));
        assert_memory_equal(a->loss, b->loss, (size_t)(a->last + 1) * sizeof(double));
        race_destroy(one);
    }
    race_destroy(all);
    surface_destroy(surface);
}

static void restart_repeats_and_moves(void **state) {
    (void)state;
    Surface *surface = surface_of("rosenbrock");
    RacerSpec racer = spec("adam", 0.02);
    Race *race = race_of(surface, &racer, 1, -1.2, 1, 100);
    race_run(race);
    double first[2];
    memcpy(first, race_trace(race, 0)->x + 200, sizeof first);
    const double elsewhere[2] = {0.5, 2};
    race_restart(race, elsewhere);
    assert_int_equal(race_steps_done(race), 0);
    race_run(race);
    assert_true(race_trace(race, 0)->x[0] == 0.5 && race_trace(race, 0)->x[1] == 2);
    const double back[2] = {-1.2, 1};
    race_restart(race, back);
    race_run(race);
    assert_memory_equal(first, race_trace(race, 0)->x + 200, sizeof first);
    racer.values[0] = 0.05;
    Status status = status_ok();
    assert_true(race_set_racer(race, 0, &racer, &status));
    race_run(race);
    assert_memory_not_equal(first, race_trace(race, 0)->x + 200, sizeof first);
    race_destroy(race);
    surface_destroy(surface);
}

/* Past 2/lambda descent flies off; it keeps its last finite point, and the others go on. */
static void divergence_is_reported_and_the_others_go_on(void **state) {
    (void)state;
    Surface *surface = surface_of("x^4 + y^2");
    const RacerSpec racers[] = {spec("sgd", 5), spec("sgd", 0.01)};
    Race *race = race_of(surface, racers, 2, 2, 1, 100);
    race_run(race);
    const Trace *trace = race_trace(race, 0);
    assert_true(trace->last > 0 && trace->last < 100);
    assert_int_equal(trace->status[trace->last], RACER_DIVERGED);
    for (int64_t row = 0; row <= trace->last; row++) {
        assert_true(
            isfinite(trace->x[2 * row]) && isfinite(trace->loss[row]) && isfinite(trace->grad_norm[row]));
        assert_true(row == trace->last || trace->status[row] != RACER_DIVERGED);
    }
    assert_true(*race_reason(race, 0));
    assert_int_equal(race_trace(race, 1)->last, 100);
    assert_int_equal(trace_row(trace, 100), trace->last);
    race_destroy(race);
    surface_destroy(surface);
}

/* A loss that ends: log x has no value left of 0. The last row is the last point where it had one. */
static void the_last_finite_point_is_kept(void **state) {
    (void)state;
    Surface *surface = surface_of("log(x) + 0*y + y^2");
    RacerSpec racer = spec("sgd", 1);
    Race *race = race_of(surface, &racer, 1, 1.5, 0, 50);
    race_run(race);
    const Trace *trace = race_trace(race, 0);
    /* 1.5 - 1/1.5 = 0.8333; 0.8333 - 1.2 < 0 */
    assert_int_equal(trace->last, 2);
    assert_int_equal(trace->status[2], RACER_DIVERGED);
    assert_near(trace->x[2], 1.5 - 1 / 1.5, 1e-15);
    assert_true(trace->x[4] == trace->x[2] && trace->loss[2] == trace->loss[1]);
    race_destroy(race);
    surface_destroy(surface);
}

static void an_unbounded_descent_diverges(void **state) {
    (void)state;
    Surface *surface = surface_of("open_saddle");
    RacerSpec racer = spec("sgd", 0.1);
    Race *race = race_of(surface, &racer, 1, -1.6, 0.01, 500);
    race_run(race);
    assert_int_equal(last_status(race, 0), RACER_DIVERGED);
    race_destroy(race);
    surface_destroy(surface);
}

static void a_minimum_converges_and_a_saddle_stalls(void **state) {
    (void)state;
    Surface *surface = surface_of("strict_saddle");
    RacerSpec racer = spec("sgd", 0.3);
    Race *race = race_of(surface, &racer, 1, 1, 0, 300);
    race_run(race);
    assert_int_equal(last_status(race, 0), RACER_STALLED);
    assert_true(race_trace(race, 0)->x[601] == 0);
    const double beside[2] = {1, 1e-6};
    race_restart(race, beside);
    assert_int_equal(last_status(race, 0), RACER_RUNNING);
    race_run(race);
    assert_int_equal(last_status(race, 0), RACER_CONVERGED);
    assert_near(race_trace(race, 0)->x[601], 1, 1e-7);
    race_destroy(race);
    surface_destroy(surface);
}

/* A method's way ends with the first row that has converged; a rule's goes on, and so do those whom chance
 * may move. */
static void a_method_that_has_converged_rests(void **state) {
    (void)state;
    enum { STEPS = 120, N = 7 };
    static const char *const names[N] = {
        "lbfgs", "bfgs", "conjugate_gradient", "newton_cg", "steepest_line", "newton", "sgd"};
    Surface *surface = surface_of("himmelblau");
    RacerSpec racers[N];
    for (int i = 0; i < N; i++) racers[i] = spec(names[i], i < N - 1 ? 1 : 0.01);
    Race *race = race_of(surface, racers, N, 4, 3, STEPS);
    race_run(race);
    for (int i = 0; i < N; i++) {
        const Trace *trace = race_trace(race, i);
        int row = 0;
        while (row < STEPS && trace->status[row] != RACER_CONVERGED) row++;
        assert_in_range(row, 1, STEPS - 20);
        for (int k = row; k <= STEPS; k++) {
            const bool rule = i == N - 1;
            assert_int_equal(trace->status[k], RACER_CONVERGED);
            assert_int_equal(trace->evaluations[k], trace->evaluations[row] + (uint64_t)(rule ? k - row : 0));
            if (rule) continue;
            assert_memory_equal(trace->x + 2 * k, trace->x + 2 * row, 2 * sizeof *trace->x);
            assert_true(trace->loss[k] == trace->loss[row] && trace->grad_norm[k] == trace->grad_norm[row]);
        }
    }
    race_destroy(race);
    for (int i = 0; i < N; i++) racers[i].devices[DEVICE_NOISE] = 1e-12;
    race = race_of(surface, racers, N, 3, 2, STEPS);
    race_run(race);
    for (int i = 0; i < N; i++)
        assert_true(race_trace(race, i)->evaluations[STEPS] > race_trace(race, i)->evaluations[STEPS - 10]);
    race_destroy(race);
    surface_destroy(surface);
}

/* Damped Newton on (x - y)^2/2 + 0 y: H is singular, so that only damping moves it. */
static void a_method_that_fails_rests_until_it_is_changed(void **state) {
    (void)state;
    Surface *surface = surface_of("0.5*(x - y)^2");
    RacerSpec racer = spec("newton", 1);
    racer.changes[0] = (RacerChange){.step = 20, .values = {1, 1, 0}}; /* damping 1 */
    racer.n_changes = 1;
    Race *race = race_of(surface, &racer, 1, 3, 1, 40);
    race_run(race);
    const Trace *trace = race_trace(race, 0);
    for (int k = 2; k <= 20; k++) {
        assert_int_equal(trace->evaluations[k], 2);
        assert_int_equal(trace->status[k], RACER_STALLED);
    }
    /* (H + I)^-1 g = (x - y)/3 (1, -1) */
    assert_int_equal(trace->evaluations[21], 3);
    assert_near(trace->x[42], 3 - 2. / 3, 1e-14);
    assert_near(trace->x[43], 1 + 2. / 3, 1e-14);
    race_destroy(race);
    racer.n_changes = 0; /* another rate is another try */
    Status status = status_ok();
    assert_true(schedule_read(&racer.schedule, "lr/(1 + floor((t - 1)/10))", &status));
    race = race_of(surface, &racer, 1, 3, 1, 40);
    race_run(race);
    trace = race_trace(race, 0);
    for (int k = 2; k <= 40; k++) assert_int_equal(trace->evaluations[k], 2 + (k - 1) / 10);
    race_destroy(race);
    surface_destroy(surface);
}

static void a_plateau_stalls(void **state) {
    (void)state;
    Surface *surface = surface_of("easom");
    RacerSpec racer = spec("sgd", 0.1);
    Race *race = race_of(surface, &racer, 1, -2, -2, 50);
    race_run(race);
    assert_int_equal(last_status(race, 0), RACER_STALLED);
    race_destroy(race);
    surface_destroy(surface);
}

static void a_race_too_long_is_refused_with_its_memory(void **state) {
    (void)state;
    Surface *surface = surface_of("bowl");
    RacerSpec racer = spec("sgd", 0.1);
    Status status = status_ok();
    const double start[2] = {1, 1};
    assert_null(race_create(&surface->objective, &racer, 1, start, INT64_C(1) << 50, 1, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    /* (2 + 4) doubles, a count and a byte: 57 bytes a row */
    assert_non_null(strstr(status.message, "64.2 PB"));
    surface_destroy(surface);
}

/* surfaces.md: from (3, .1) gradient descent ends at sharpness 9.17, 8.05, 6.80, 2.71 for these rates. */
static void large_steps_find_flat_minima(void **state) {
    (void)state;
    static const struct {
        double lr, sharpness;
    } known[] = {{0.1, 9.17}, {0.22, 8.05}, {0.24, 6.80}, {0.30, 2.71}};
    Surface *surface = surface_of("identifiability");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        RacerSpec racer = spec("sgd", known[i].lr);
        Race *race = race_of(surface, &racer, 1, 3, 0.1, 5000);
        race_run(race);
        const double *x = race_trace(race, 0)->x + 2 * 5000;
        assert_true(fabs(x[0] * x[0] + x[1] * x[1] - known[i].sharpness) <= 0.0051);
        race_destroy(race);
    }
    surface_destroy(surface);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descent_on_a_quadratic_is_geometric),
        cmocka_unit_test(a_change_keeps_what_was_learned),
        cmocka_unit_test(heavy_ball_has_its_closed_form_rate),
        cmocka_unit_test(a_batch_lasts_a_step_for_all_racers),
        cmocka_unit_test(together_equals_alone),
        cmocka_unit_test(restart_repeats_and_moves),
        cmocka_unit_test(divergence_is_reported_and_the_others_go_on),
        cmocka_unit_test(the_last_finite_point_is_kept),
        cmocka_unit_test(an_unbounded_descent_diverges),
        cmocka_unit_test(a_minimum_converges_and_a_saddle_stalls),
        cmocka_unit_test(a_method_that_has_converged_rests),
        cmocka_unit_test(a_method_that_fails_rests_until_it_is_changed),
        cmocka_unit_test(a_plateau_stalls),
        cmocka_unit_test(a_race_too_long_is_refused_with_its_memory),
        cmocka_unit_test(large_steps_find_flat_minima),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
