/* Schedules against their definitions, worked out here in C. */
#include "test.h"

#include "schedule.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 200 };
static const double pi = 3.14159265358979323846;

static double constant(double t) {
    (void)t;
    return 1;
}
static double linear(double t) {
    double a = t / 100;
    return t < 100 ? (1 - a) + a * 0.01 : 0.01;
}
static double step(double t) {
    return t <= 50 ? 1 : t <= 100 ? 0.5 : t <= 150 ? 0.25 : 0.125;
}
static double exponential(double t) {
    return exp(-0.01 * t);
}
static double inverse(double t) {
    return 1 / (1 + 0.01 * t);
}
static double inverse_sqrt(double t) {
    return 1 / sqrt(t);
}
static double cosine(double t) {
    return 0.5 * (1 + cos(pi * t / STEPS));
}
static double cosine_restarts(double t) {
    return 0.5 * (1 + cos(pi * fmod(t - 1, 50) / 50));
}
static double one_cycle(double t) {
    double top = 0.3 * STEPS;
    return t < top ? 0.04 + 0.96 * t / top : 1 - 0.999 * (t - top) / (STEPS - top);
}
static double polynomial(double t) {
    return (1 - t / STEPS) * (1 - t / STEPS);
}

/* In the order of the table, so that none is forgotten. */
static double (*const definitions[])(double t) = {constant, linear, step, exponential, inverse, inverse_sqrt,
    cosine, cosine_restarts, one_cycle, polynomial};

static void shipped_schedules_are_their_definitions(void **state) {
    (void)state;
    assert_int_equal(schedule_count, sizeof definitions / sizeof definitions[0]);
    for (int i = 0; i < schedule_count; i++) {
        ScheduleSpec spec = {.n_settings = 0};
        double rates[STEPS];
        Status status = status_ok();
        assert_true(schedule_read(&spec, schedule_table[i].name, &status));
        assert_true(schedule_fill(&spec, 0.3, 0, STEPS, rates, &status));
        for (int t = 1; t <= STEPS; t++)
            if (!(fabs(rates[t - 1] - 0.3 * definitions[i](t)) <= 1e-13))
                fail_msg("%s at t = %d is %.17g, not %.17g", schedule_table[i].name, t, rates[t - 1],
                    0.3 * definitions[i](t));
    }
}

static void nothing_said_is_constant(void **state) {
    (void)state;
    ScheduleSpec spec = {.n_settings = 0};
    double rates[3];
    Status status = status_ok();
    assert_true(schedule_fill(&spec, 0.25, 0, 3, rates, &status));
    for (int i = 0; i < 3; i++) assert_true(rates[i] == 0.25);
    assert_true(schedule_fill(&spec, 0.25, 0, 0, rates, &status)); /* a race of no steps */
}

static void warmup_comes_before_any(void **state) {
    (void)state;
    ScheduleSpec spec = {.warmup = 4};
    double rates[10];
    Status status = status_ok();
    assert_true(schedule_read(&spec, "exponential:k=0.1", &status));
    assert_true(schedule_fill(&spec, 2, 0, 10, rates, &status));
    for (int t = 1; t <= 10; t++) assert_near(rates[t - 1], 2 * exp(-0.1 * t) * (t < 4 ? t / 4.0 : 1), 1e-14);
}

static void own_formulas_are_schedules(void **state) {
    (void)state;
    ScheduleSpec spec = {.n_settings = 0};
    double rates[10];
    Status status = status_ok();
    assert_true(schedule_read(&spec, "lr*max(0.1, 1 - t/T)", &status));
    assert_true(schedule_fill(&spec, 2, 0, 10, rates, &status));
    for (int t = 1; t <= 10; t++) assert_near(rates[t - 1], 2 * fmax(0.1, 1 - t / 10.0), 1e-15);
}

static void mistakes_are_named(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"cosin", "did you mean 'cosine'"},
        {"linear:tua=3", "did you mean 'tau'"},
        {"linear:tau", "expected parameter=value"},
        {"linear:tau=x", "not a number"},
        {"linear:tau=0.5", "from 1 to"},
        {"lr*q", "unknown name 'q'"},
        {"lr*", "expected a value"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ScheduleSpec spec = {.n_settings = 0};
        Status status = status_ok();
        assert_false(schedule_read(&spec, rows[i].text, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        if (!strstr(status.message, rows[i].says))
            fail_msg("'%s': \"%s\" does not say \"%s\"", rows[i].text, status.message, rows[i].says);
        assert_string_equal(spec.text, ""); /* nothing was changed */
    }
}

static void rates_that_are_none_are_refused_with_their_step(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {{"lr*(1 - t/5)", "t = 6"}, {"lr/(t - 3)", "t = 1"}, {"lr*sqrt(7 - t)", "of nan at t = 8"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ScheduleSpec spec = {.n_settings = 0};
        double rates[20];
        Status status = status_ok();
        assert_true(schedule_read(&spec, rows[i].text, &status));
        assert_false(schedule_fill(&spec, 1, 0, 20, rates, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        if (!strstr(status.message, rows[i].says)) fail_msg("%s", status.message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_schedules_are_their_definitions),
        cmocka_unit_test(nothing_said_is_constant),
        cmocka_unit_test(warmup_comes_before_any),
        cmocka_unit_test(own_formulas_are_schedules),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(rates_that_are_none_are_refused_with_their_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
