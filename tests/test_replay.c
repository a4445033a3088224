/* Steps taken once more: the same bits as the race, whatever way leads there; what is told of a step against
 * closed forms and against arithmetic done otherwise. */
#include "test.h"

#include "allocations.h"
#include "own.h"
#include "replay.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 300 };

typedef struct Setup {
    Surface *surface;
    Race *race;
    Replay *replay;
    RacerSpec specs[2]; /* the racer that is followed is the second */
} Setup;

static RacerSpec spec_of(const Optimizer *optimizer) {
    RacerSpec spec = {.optimizer = optimizer};
    snprintf(spec.label, sizeof spec.label, "%s", optimizer->name);
    optimizer_defaults(optimizer, spec.values);
    devices_defaults(spec.devices);
    return spec;
}

static Setup open_with(const char *surface, const RacerSpec *spec, const double *start) {
    Status status = status_ok();
    Setup setup = {.surface = surface_create(surface, &status)};
    assert_non_null(setup.surface);
    setup.specs[0] = spec_of(optimizer_find("sgd"));
    setup.specs[1] = *spec;
    setup.race = race_create(
        &setup.surface->objective, setup.specs, 2, start ? start : setup.surface->start, STEPS, 7, &status);
    if (!setup.race) fail_msg("%s", status.message);
    race_run(setup.race);
    setup.replay = replay_create();
    assert_true(replay_follow(setup.replay, setup.race, 1, &status));
    return setup;
}

static void close_setup(Setup *setup) {
    replay_destroy(setup->replay);
    race_destroy(setup->race);
    surface_destroy(setup->surface);
}

static const ReplayStep *step_at(const Setup *setup, int64_t step) {
    while (!replay_seek(setup->replay, step, 1)) continue;
    return replay_step(setup->replay);
}

/* The race's own bits. */

static void check_step(const Setup *setup, int64_t step) {
    const Trace *trace = race_trace(setup->race, 1);
    const ReplayStep *replayed = step_at(setup, step);
    const char *name = race_spec(setup->race, 1)->optimizer->name;
    assert_non_null(replayed);
    assert_int_equal(replayed->step, step);
    if (memcmp(replayed->before.x, trace->x + 2 * step, sizeof replayed->before.x) != 0)
        fail_msg("%s is elsewhere at step %d", name, (int)step);
    bool diverged = trace->status[step + 1] == RACER_DIVERGED;
    if (!diverged && memcmp(replayed->next, trace->x + 2 * (step + 1), sizeof replayed->next) != 0)
        fail_msg("%s goes elsewhere from step %d", name, (int)step);
    uint64_t each = (uint64_t)race_spec(setup->race, 1)->devices[DEVICE_ACCUMULATE];
    uint64_t asked = (trace->evaluations[step + 1] - trace->evaluations[step]) / each;
    assert_int_equal(replayed->n_evaluations, asked < 64 ? asked : 64);
    assert_true(replayed->before.lr == trace->lr[step + 1]);
    assert_true(replayed->loss == (trace->batch_loss ? trace->batch_loss : trace->loss)[step]);
}

/* Forwards, backwards and by leaps. */
static void check_all(const Setup *setup) {
    int64_t last = race_trace(setup->race, 1)->last;
    if (last == 0) return;
    for (int64_t step = 0; step < last; step++) check_step(setup, step);
    for (int64_t step = last - 1; step >= 0; step -= 7) check_step(setup, step);
    for (int64_t i = 0; i < 20; i++) check_step(setup, i * 97 % last);
}

static void replays_are_the_race(void **state) {
    (void)state;
    static const char *const surfaces[] = {"rosenbrock", "strict_saddle"};
    for (size_t s = 0; s < 2; s++)
        for (int i = 0; i < optimizer_count; i++) {
            if (optimizer_takes_matrices(&optimizer_table[i])) continue;
            RacerSpec spec = spec_of(&optimizer_table[i]);
            Setup setup = open_with(surfaces[s], &spec, NULL);
            check_all(&setup);
            close_setup(&setup);
        }
}

/* Noise, clipping, penalties, schedules, changes on the way, noise of its own. */
static void replays_with_everything(void **state) {
    (void)state;
    static const char *const names[] = {"momentum", "adam", "sam", "bfgs", "sgld", "sophia", "newton"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int own = 0; own < 2; own++) {
            RacerSpec spec = spec_of(optimizer_find(names[i]));
            spec.devices[DEVICE_NOISE] = 0.3;
            spec.devices[DEVICE_L2] = 0.01;
            spec.devices[DEVICE_CLIP_NORM] = 5;
            spec.devices[DEVICE_OWN_NOISE] = own;
            spec.devices[DEVICE_ACCUMULATE] = own ? 3 : 1;
            Status status = status_ok();
            assert_true(schedule_read(&spec.schedule, "cosine", &status));
            spec.n_changes = 2;
            for (int k = 0; k < 2; k++) {
                spec.changes[k].step = 40 + 80 * k;
                memcpy(spec.changes[k].values, spec.values, sizeof spec.values);
                spec.changes[k].values[0] *= k ? 0.5 : 2;
                spec.changes[k].values[1] *= k ? 0.5 : 0.8;
            }
            Setup setup = open_with("rosenbrock", &spec, NULL);
            check_all(&setup);
            close_setup(&setup);
        }
}

/* Looking at a step in the middle of a race leaves it the batches that it would have had. */
static void replays_of_batches(void **state) {
    (void)state;
    double ends[2][2];
    for (int looks = 0; looks < 2; looks++) {
        Status status = status_ok();
        Setup setup = {.surface = surface_create("line_fit", &status), .replay = replay_create()};
        assert_true(surface_take_batches(setup.surface, 2, EXAMPLES_SHUFFLED, 3, &status));
        setup.specs[0] = setup.specs[1] = spec_of(optimizer_find("nesterov"));
        setup.race =
            race_create(&setup.surface->objective, setup.specs, 2, setup.surface->start, STEPS, 7, &status);
        assert_non_null(setup.race);
        for (int i = 0; i < STEPS / 2; i++) race_step(setup.race);
        assert_true(replay_follow(setup.replay, setup.race, 1, &status));
        for (int step = 0; step < 9 && looks; step++) check_step(&setup, (step * 37) % (STEPS / 2));
        race_run(setup.race);
        if (looks) check_all(&setup);
        memcpy(ends[looks], race_trace(setup.race, 1)->x + 2 * STEPS, sizeof ends[looks]);
        close_setup(&setup);
    }
    assert_memory_equal(ends[0], ends[1], sizeof ends[0]);
}

static void replay_follows_a_race_that_goes_on(void **state) {
    (void)state;
    RacerSpec spec = spec_of(optimizer_find("adam"));
    Setup setup = open_with("rosenbrock", &spec, NULL);
    Status status = status_ok();
    race_restart(setup.race, (double[]){0.5, 0.5});
    assert_true(replay_follow(setup.replay, setup.race, 1, &status));
    assert_true(replay_seek(setup.replay, 10, 1));
    assert_null(replay_step(setup.replay));
    for (int i = 0; i < 5; i++) race_step(setup.race);
    assert_int_equal(step_at(&setup, 10)->step, 4);
    race_run(setup.race);
    check_all(&setup);
    assert_int_equal(step_at(&setup, STEPS)->step, STEPS - 1);
    close_setup(&setup);
}

static void seeking_allocates_nothing(void **state) {
    (void)state;
    static const char *const names[] = {"adam", "bfgs", "newton", "lamb"};
    for (size_t i = 0; i < 4; i++) {
        RacerSpec spec = spec_of(optimizer_find(names[i]));
        Setup setup = open_with("rosenbrock", &spec, NULL);
        int before = allocations;
        for (int64_t step = 0; step < 50; step++) step_at(&setup, step);
        step_at(&setup, 3);
        assert_int_equal(allocations, before);
        close_setup(&setup);
    }
}

/* What is told of the step. */

static void scripts_are_worked_out(void **state) {
    (void)state;
    for (int i = 0; i < optimizer_count; i++) {
        if (optimizer_table[i].method) continue;
        RacerSpec spec = spec_of(&optimizer_table[i]);
        Setup setup = open_with("rosenbrock", &spec, NULL);
        Working *const working = working_create(&optimizer_table[i], &(Status){0});
        assert_non_null(working);
        int64_t last = race_trace(setup.race, 1)->last;
        for (int64_t step = 0; step < last; step += step < 20 ? 1 : 23) {
            const ReplayStep *replayed = step_at(&setup, step);
            working_evaluate(working, &replayed->before);
            const char *state_name = optimizer_table[i].state;
            for (int k = 0; k < WORKING_DIM; k++) {
                double x = NAN;
                for (int l = 0; l < working_line_count(working); l++)
                    if (strcmp(working_line(working, l)->name, "x") == 0)
                        x = working_line(working, l)->value[k];
                if (!(relative_error(x, replayed->next[k]) <= 4e-16))
                    fail_msg("%s, step %d: x[%d] is %.17g, not %.17g", optimizer_table[i].name, (int)step, k,
                        x, replayed->next[k]);
            }
            for (int j = 0; j < replayed->n_states; j++) {
                size_t length = strcspn(state_name, " ");
                for (int k = 0; k < WORKING_DIM; k++) {
                    double value = replayed->before.state[j][k];
                    for (int l = 0; l < working_line_count(working); l++) {
                        const WorkingLine *line = working_line(working, l);
                        if (strlen(line->name) == length && memcmp(line->name, state_name, length) == 0)
                            value = line->value[k];
                    }
                    if (!(relative_error(value, replayed->state[j][k]) <= 4e-16))
                        fail_msg("%s, step %d: %.*s[%d] is %.17g, not %.17g", optimizer_table[i].name,
                            (int)step, (int)length, state_name, k, value, replayed->state[j][k]);
                }
                state_name += length + strspn(state_name + length, " ");
            }
        }
        working_destroy(working);
        close_setup(&setup);
    }
}

/* P. */

static void check_matrix(
    const ReplayStep *step, double xx, double xy, double yx, double yy, double tolerance) {
    assert_true(step->has_matrix);
    double scale = fmax(fmax(fabs(xx), fabs(yy)), fmax(fabs(xy), fabs(yx)));
    assert_near(step->matrix[0][0] / scale, xx / scale, tolerance);
    assert_near(step->matrix[0][1] / scale, xy / scale, tolerance);
    assert_near(step->matrix[1][0] / scale, yx / scale, tolerance);
    assert_near(step->matrix[1][1] / scale, yy / scale, tolerance);
}

static void response_of_descent_is_its_rate(void **state) {
    (void)state;
    RacerSpec spec = spec_of(optimizer_find("sgd"));
    spec.values[0] = 0.0007;
    Setup setup = open_with("rosenbrock", &spec, NULL);
    const ReplayStep *step = step_at(&setup, 17);
    check_matrix(step, 0.0007, 0, 0, 0.0007, 1e-15);
    assert_false(step->has_parts);
    close_setup(&setup);
}

/* Of a steady gradient: lr (1 + mu + ... + mu^(t - 1)). */
static void response_of_momentum_grows(void **state) {
    (void)state;
    RacerSpec spec = spec_of(optimizer_find("momentum"));
    spec.values[0] = 0.0005;
    spec.values[1] = 0.8;
    Setup setup = open_with("rosenbrock", &spec, NULL);
    double sum = 0;
    for (int t = 1; t <= 30; t++) {
        sum += 0.0005 * pow(0.8, t - 1);
        const ReplayStep *step = step_at(&setup, t - 1);
        check_matrix(step, sum, 0, 0, sum, 1e-14);
        for (int k = 0; k < 2; k++) assert_near(step->own[k], -0.0005 * step->before.gradient[k], 1e-15);
        assert_int_equal(step->has_parts, t > 1);
    }
    close_setup(&setup);
}

/* Kingma & Ba: lr/(sqrt(r_hat) + eps), r from the definition. */
static void response_of_adam_is_its_effective_rate(void **state) {
    (void)state;
    RacerSpec spec = spec_of(optimizer_find("adam"));
    Setup setup = open_with("rosenbrock", &spec, NULL);
    double r[2] = {0, 0};
    for (int t = 1; t <= 60; t++) {
        const ReplayStep *step = step_at(&setup, t - 1);
        double effective[2];
        for (int k = 0; k < 2; k++) {
            double g = step->before.gradient[k];
            r[k] = 0.999 * r[k] + 0.001 * g * g;
            effective[k] = 0.05 / (sqrt(r[k] / (1 - pow(0.999, t))) + 1e-8);
            assert_near(step->own[k] / (effective[k] * 0.1 / (1 - pow(0.9, t)) * -g), 1, 1e-12);
        }
        check_matrix(step, effective[0], 0, 0, effective[1], 1e-12);
    }
    close_setup(&setup);
}

static void signs_have_no_response(void **state) {
    (void)state;
    static const char *const names[] = {"signsgd", "signum", "lion", "rprop"};
    for (int i = 0; i < 4; i++) {
        RacerSpec spec = spec_of(optimizer_find(names[i]));
        Setup setup = open_with("rosenbrock", &spec, NULL);
        assert_false(step_at(&setup, 25)->has_matrix);
        close_setup(&setup);
    }
}

static void response_of_newton_is_the_inverse(void **state) {
    (void)state;
    RacerSpec spec = spec_of(optimizer_find("newton"));
    Setup setup = open_with("rosenbrock", &spec, NULL);
    for (int i = 0; i < 4; i++) {
        const ReplayStep *step = step_at(&setup, i);
        double x = step->before.x[0], y = step->before.x[1];
        double a = 1200 * x * x - 400 * y + 2, b = -400 * x, d = 200, determinant = a * d - b * b;
        check_matrix(step, d / determinant, -b / determinant, -b / determinant, a / determinant, 1e-9);
        assert_near(step->hessian[0], a, 1e-12);
        assert_near(step->hessian[1], b, 1e-12);
        assert_near(step->hessian[2], d, 1e-12);
    }
    close_setup(&setup);
}

/* On a quadratic, once two steps have been learned from, nearly exact line searches make H the inverse. */
static void response_of_bfgs_becomes_the_inverse(void **state) {
    (void)state;
    static const char *const names[] = {"bfgs", "lbfgs"};
    for (int i = 0; i < 2; i++) {
        RacerSpec spec = spec_of(optimizer_find(names[i]));
        spec.values[optimizer_parameter_find(spec.optimizer, "c2")] = 1e-3;
        Setup setup = open_with("0.5*(3*x^2 + 2*x*y + 7*y^2)", &spec, (double[]){2.1, -0.7});
        check_matrix(step_at(&setup, 0), 1, 0, 0, 1, 1e-12);
        const ReplayStep *step = step_at(&setup, 2);
        check_matrix(step, 7 / 20.0, -1 / 20.0, -1 / 20.0, 3 / 20.0, 1e-6);
        assert_true(step->searches);
        close_setup(&setup);
    }
}

/* -length P g is the step; of conjugate gradients the rest is along the direction before. */
static void searches_divide_into_parts(void **state) {
    (void)state;
    static const char *const names[] = {"bfgs", "lbfgs", "steepest_line", "conjugate_gradient"};
    for (int i = 0; i < 4; i++) {
        RacerSpec spec = spec_of(optimizer_find(names[i]));
        Setup setup = open_with("rosenbrock", &spec, NULL);
        bool any_parts = false;
        for (int k = 0; k < 12; k++) {
            const ReplayStep *step = step_at(&setup, k);
            double moved[2], size = 0;
            for (int j = 0; j < 2; j++) {
                moved[j] = step->next[j] - step->before.x[j];
                size += fabs(moved[j]);
            }
            for (int j = 0; j < 2; j++)
                assert_true(fabs(step->length * step->direction[j] - moved[j]) <= 1e-9 * size);
            any_parts = any_parts || step->has_parts;
            for (int j = 0; j < 2 && !step->has_parts; j++)
                assert_true(fabs(step->own[j] - moved[j]) <= 2e-6 * size);
        }
        assert_int_equal(any_parts, i == 3);
        close_setup(&setup);
    }
}

static void looking_ahead_is_seen(void **state) {
    (void)state;
    RacerSpec spec = spec_of(optimizer_find("nesterov"));
    spec.values[0] = 0.0005;
    Setup setup = open_with("rosenbrock", &spec, NULL);
    const ReplayStep *step = step_at(&setup, 9);
    assert_true(step->looks_ahead);
    double x[2], g[2];
    for (int k = 0; k < 2; k++) x[k] = step->before.x[k] + 0.9 * step->before.state[0][k];
    g[0] = -400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]);
    g[1] = 200 * (x[1] - x[0] * x[0]);
    for (int k = 0; k < 2; k++) {
        assert_near(step->before.ahead[k], x[k], 1e-15);
        assert_near(step->before.gradient[k], g[k], 1e-12);
    }
    assert_false(step_at(&setup, 0)->looks_ahead);
    close_setup(&setup);
}

/* Text. */

static void check_text(const char *optimizer, int64_t at, int line, int coordinate, const char *expected) {
    RacerSpec spec = spec_of(optimizer_find(optimizer));
    spec.values[0] = 0.001;
    Setup setup = open_with("0.5*(x^2 + 40*y^2)", &spec, (double[]){2, -1});
    step_at(&setup, at);
    Text text = {0};
    working_print(replay_working(setup.replay), line, coordinate, &text);
    assert_string_equal(text_string(&text), expected);
    text_finish(&text);
    close_setup(&setup);
}

static void lines_are_written_with_numbers(void **state) {
    (void)state;
    check_text("sgd", 0, 0, 0, "2 − 0.001·2");
    check_text("sgd", 0, 0, 1, "−1 − 0.001·(−40)");
    check_text("momentum", 1, 0, 1, "0.9·0.04000 − 0.001·(−38.40)");
    check_text("momentum", 1, 1, 1, "−0.9600 + 0.07440");
    check_text("nesterov", 1, 0, 1, "−0.9600 + 0.9·0.04000");
    check_text("adam", 0, 1, 1, "0.999·0 + (1 − 0.999)·(−40)²");
    check_text("adam", 0, 2, 0, "0.2000/(1 − 1·0.9^1)");
    check_text("sam", 0, 0, 0, "norm(2, −40) > 0 ? 2 + 0.05·2/norm(2, −40) : 2");
    check_text("adamw", 0, 4, 1, "−1 − (0.001·(−40)/(1e−8 + sqrt(1600)) + 0.001·0.01·(−1))");
}

static void numbers_have_so_many_digits(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0, "0"}, {12, "12"}, {-0.0567, "−0.05670"}, {4.56, "4.560"}, {1.23456e-5, "1.235e−5"},
        {1234567, "1.235e6"}, {12345.6, "12346"}, {0.99999, "1.000"}, {INFINITY, "∞"}, {-2.5e11, "−2.500e11"},
        {NAN, "NaN"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text text = {0};
        working_print_number(&text, rows[i].value, 4);
        assert_string_equal(text_string(&text), rows[i].text);
        text_finish(&text);
    }
}

/* A typed optimizer is worked out like a shipped one. */
static void own_optimizers_are_worked_out(void **state) {
    (void)state;
    Status status = status_ok();
    OwnOptimizer *own = own_optimizer_create("mine",
        "state = m; probe = x + 0.5*m; c = mean(g^2); m *= b; m = m + g/sqrt(c + 1); x -= lr*(m + 0.1g)"
        " where lr = 0.01, b = 0.7",
        &status);
    if (!own) fail_msg("%s", status.message);
    RacerSpec spec = spec_of(own_optimizer_row(own));
    Setup setup = open_with("ravine", &spec, NULL);
    double m[2] = {0, 0};
    for (int t = 0; t < 40; t++) {
        const ReplayStep *step = step_at(&setup, t);
        const Working *working = replay_working(setup.replay);
        const double *g = step->before.gradient;
        double c = (g[0] * g[0] + g[1] * g[1]) / 2;
        for (int k = 0; k < 2; k++) {
            assert_near(working_line(working, 0)->value[k], step->before.x[k] + 0.5 * m[k], 1e-14);
            assert_near(working_line(working, 1)->value[k], c, 1e-14);
            m[k] *= 0.7;
            assert_near(working_line(working, 2)->value[k], m[k], 1e-14);
            m[k] += g[k] / sqrt(c + 1);
            assert_near(working_line(working, 3)->value[k], m[k], 1e-14);
            assert_near(
                working_line(working, 4)->value[k], step->before.x[k] - 0.01 * (m[k] + 0.1 * g[k]), 1e-14);
        }
        assert_false(working_line(working, 1)->is_vector);
    }
    Text text = {0};
    working_print(replay_working(setup.replay), 4, 0, &text);
    assert_non_null(strstr(text_string(&text), " + 0.1·"));
    text_finish(&text);
    close_setup(&setup);
    own_optimizer_release(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replays_are_the_race),
        cmocka_unit_test(replays_with_everything),
        cmocka_unit_test(replays_of_batches),
        cmocka_unit_test(replay_follows_a_race_that_goes_on),
        cmocka_unit_test(seeking_allocates_nothing),
        cmocka_unit_test(scripts_are_worked_out),
        cmocka_unit_test(response_of_descent_is_its_rate),
        cmocka_unit_test(response_of_momentum_grows),
        cmocka_unit_test(response_of_adam_is_its_effective_rate),
        cmocka_unit_test(signs_have_no_response),
        cmocka_unit_test(response_of_newton_is_the_inverse),
        cmocka_unit_test(response_of_bfgs_becomes_the_inverse),
        cmocka_unit_test(searches_divide_into_parts),
        cmocka_unit_test(looking_ahead_is_seen),
        cmocka_unit_test(lines_are_written_with_numbers),
        cmocka_unit_test(numbers_have_so_many_digits),
        cmocka_unit_test(own_optimizers_are_worked_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
