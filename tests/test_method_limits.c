/* The methods that are code where things go wrong or are at their limits: failures, rounding, dimensions,
 * precision, memory; and the line search by itself. */
#include "allocations.h"
#include "problems.h"

#include "line_search.h"

static const double bfgs_values[LEADING] = {1, 0.98, 1}, lbfgs_values[LEADING] = {1, 10, 0.98, 1, 128};
static const double line_values[LEADING] = {1, 0.1}, newton_values[LEADING] = {1, 0, 0};

static const struct {
    const Method *method;
    const double *values;
} searchers[] = {
    {&method_bfgs, bfgs_values},
    {&method_lbfgs, lbfgs_values},
    {&method_conjugate_gradient, line_values},
    {&method_steepest_line, line_values},
};
enum { SEARCHERS = sizeof searchers / sizeof searchers[0] };

/* The line search: functions and tables of Moré & Thuente (1994), section 5. */
typedef struct LineCase {
    double (*function)(double step, double *slope);
    double c1, c2, first;
    int evaluations; /* as in the tables */
    double step;     /* likewise, to two digits */
} LineCase;

/* (5.1), beta = 2 */
static double concave_then_convex(double a, double *slope) {
    *slope = (a * a - 2) / ((a * a + 2) * (a * a + 2));
    return -a / (a * a + 2);
}

/* (5.2), beta = 0.004 */
static double steep_fifth(double a, double *slope) {
    const double b = a + 0.004;
    *slope = 5 * b * b * b * b - 8 * b * b * b;
    return b * b * b * b * b - 2 * b * b * b * b;
}

typedef struct Counted {
    double (*function)(double step, double *slope);
    int evaluations;
} Counted;

static double count_and_evaluate(void *context, double step, double *slope) {
    Counted *counted = context;
    counted->evaluations++;
    return counted->function(step, slope);
}

static void line_search_does_as_its_paper_says(void **state) {
    (void)state;
    static const LineCase cases[] = {
        {concave_then_convex, 1e-3, 0.1, 1e-3, 6, 1.4},
        {concave_then_convex, 1e-3, 0.1, 1e-1, 3, 1.4},
        {concave_then_convex, 1e-3, 0.1, 1e1, 1, 10},
        {concave_then_convex, 1e-3, 0.1, 1e3, 4, 37},
        {steep_fifth, 0.1, 0.1, 1e-3, 12, 1.6},
        {steep_fifth, 0.1, 0.1, 1e-1, 8, 1.6},
        {steep_fifth, 0.1, 0.1, 1e1, 8, 1.6},
        {steep_fifth, 0.1, 0.1, 1e3, 11, 1.6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Counted counted = {.function = cases[i].function};
        Line line = {
            .evaluate = count_and_evaluate, .context = &counted, .c1 = cases[i].c1, .c2 = cases[i].c2};
        line.start.loss = cases[i].function(0, &line.start.slope);
        LinePoint found;
        assert_true(line_search(&line, cases[i].first, &found));
        assert_int_equal(counted.evaluations, cases[i].evaluations);
        assert_true(fabs(found.step - cases[i].step) <= 0.05 * cases[i].step);
        assert_true(found.loss <= line.start.loss + line.c1 * found.step * line.start.slope);
        assert_true(fabs(found.slope) <= line.c2 * fabs(line.start.slope));
    }
}

/* -a up to a wall at 1. */
static double down_to_a_wall(double a, double *slope) {
    *slope = -1;
    return a < 1 ? -a : NAN;
}

static void line_search_closes_in_on_a_wall(void **state) {
    (void)state;
    Counted counted = {.function = down_to_a_wall};
    const Line line = {
        .evaluate = count_and_evaluate, .context = &counted, .c1 = 1e-4, .c2 = 0.9, .start = {.slope = -1}};
    LinePoint found;
    assert_true(line_search(&line, 1e6, &found));
    assert_true(found.step < 1 && found.step > 1 - 1e-7 && found.loss == -found.step);
    assert_in_range(counted.evaluations, 2, 41);
}

/* 1000 + 1e-14 (a - 1)^2, rounded up for a > 0: the minimum is seen in the slope alone. */
static double lost_in_rounding(double a, double *slope) {
    *slope = 2e-14 * (a - 1);
    return a > 0 ? nextafter(1000, 2000) : 1000;
}

static void line_search_trusts_the_slope_where_the_loss_is_rounding(void **state) {
    (void)state;
    Counted counted = {.function = lost_in_rounding};
    Line line = {.evaluate = count_and_evaluate,
        .context = &counted,
        .c1 = 1e-4,
        .c2 = 0.1,
        .start = {.loss = 1000, .slope = -2e-14}};
    LinePoint found;
    assert_false(line_search(&line, 1, &found));
    line.noise = 1e-12;
    counted.evaluations = 0;
    assert_true(line_search(&line, 1, &found));
    assert_int_equal(counted.evaluations, 1);
    assert_near(found.step, 1, 0);
}

/* Functions on which a search fails, or should not. */

/* The gradient points the wrong way: every direction goes up. */
static double liar(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        f += x[i] * x[i];
        gradient[i] = -2 * x[i];
    }
    return f;
}

/* x - log(x), and beyond the wall at 0 not a number. */
static double barrier(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        f += x[i] > 0 ? x[i] - log(x[i]) : NAN;
        gradient[i] = x[i] > 0 ? 1 - 1 / x[i] : NAN;
    }
    return f;
}

/* Stairs down to 0, with the gradient of the ramp. */
static double stairs(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        f += ceil(3 * fabs(x[i]));
        gradient[i] = x[i] > 0 ? 3 : -3;
    }
    return f;
}

static double slope_without_end(const double *x, double *gradient, size_t n) {
    for (size_t i = 0; i < n; i++) gradient[i] = i == 0;
    return x[0];
}

/* 1000 and a curved bowl about (0.3, 0.3, ...), in which no step arrives at once. */
static double high_bowl(const double *x, double *gradient, size_t n) {
    double f = 1000;
    for (size_t i = 0; i < n; i++) {
        const double weight = (double)(i + 1), z = x[i] - 0.3;
        f += weight * (exp(z) - z);
        gradient[i] = weight * (exp(z) - 1);
    }
    return f;
}

static double unit_bowl(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        f += 0.5 * x[i] * x[i];
        gradient[i] = x[i];
    }
    return f;
}

static Run *start_searcher(int k, Function *function, const double *start, size_t n) {
    return run_create(searchers[k].method, searchers[k].values, function, NULL, start, n, PRECISION_F64);
}

static void a_failed_search_says_so_and_stays(void **state) {
    (void)state;
    const double start[2] = {1, -2};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, liar, start, 2);
        for (int again = 0; again < 2; again++) {
            assert_false(run_step(run));
            assert_string_equal(run->failure, "the line search found no lower point");
            assert_memory_equal(run->x.f64, start, sizeof start);
        }
        run->function = high_bowl; /* what failed once may succeed later, from where x is put */
        run->x.f64[0] = 2;
        for (int t = 0; t < 300; t++) run_step(run);
        assert_near(run->x.f64[0], 0.3, 1e-6);
        run_destroy(run);
    }
}

static void what_is_not_finite_is_too_far(void **state) {
    (void)state;
    const double start[2] = {5, 0.01}, outside[2] = {1, -1};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, barrier, start, 2);
        run->values[0] = 1000; /* the first trial is far behind the wall */
        for (int t = 0; t < 400; t++) {
            run_step(run);
            assert_true(run->x.f64[0] > 0 && run->x.f64[1] > 0);
        }
        assert_near(run->x.f64[0], 1, 1e-6);
        assert_near(run->x.f64[1], 1, 1e-6);
        run_destroy(run);
        run = start_searcher(k, barrier, outside, 2);
        assert_false(run_step(run));
        assert_string_equal(run->failure, "the loss is not finite");
        assert_int_equal(run->evaluations, 1);
        run_destroy(run);
    }
}

static void a_step_goes_lower_or_nowhere(void **state) {
    (void)state;
    const double start[2] = {7.3, -2.9};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, stairs, start, 2);
        double loss = INFINITY, gradient[2];
        bool good = true;
        for (int t = 0; t < 50 && good; t++) {
            double before[2];
            memcpy(before, run->x.f64, sizeof before);
            loss = stairs(before, gradient, 2);
            good = run_step(run);
            if (good)
                assert_true(stairs(run->x.f64, gradient, 2) < loss);
            else
                assert_memory_equal(run->x.f64, before, sizeof before);
        }
        assert_false(good);
        assert_true(loss < 10);
        run_destroy(run);
    }
}

/* A slope without an end is followed, each step as far as the search dares, and is no failure. */
static void a_slope_without_end_is_followed(void **state) {
    (void)state;
    const double start[2] = {0, 0};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, slope_without_end, start, 2);
        assert_true(run_step(run));
        assert_true(run->x.f64[0] < -1e10 && isfinite(run->x.f64[0]));
        run_destroy(run);
    }
}

/* At the bottom the loss is the same to the last bits long before the gradient is 0; not so the slope. */
static void rounding_of_the_loss_does_not_stop_the_descent(void **state) {
    (void)state;
    enum { N = 40 };
    double *start = rosenbrock_start(N), gradient[N];
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, high_bowl, start, N);
        double largest = INFINITY;
        for (int t = 0; t < 1000 && largest > 1e-8; t++) {
            assert_true(run_step(run));
            high_bowl(run->x.f64, gradient, N);
            largest = 0;
            for (int i = 0; i < N; i++) largest = fmax(largest, fabs(gradient[i]));
        }
        assert_true(largest <= 1e-8);
        run_destroy(run);
    }
    free(start);
}

static void a_vanished_gradient_is_no_failure(void **state) {
    (void)state;
    const double start[2] = {0.3, 0.3};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, high_bowl, start, 2);
        for (int t = 0; t < 3; t++) assert_true(run_step(run));
        assert_int_equal(run->evaluations, 1);
        assert_memory_equal(run->x.f64, start, sizeof start);
        run_destroy(run);
    }
}

typedef struct Watch {
    Run *run;
    int at_x; /* how often it was evaluated where the run stands */
} Watch;

static double evaluate_and_watch(void *context, const Vec *x, const Vec **gradient) {
    Watch *watch = context;
    watch->at_x += vec_is_same(x, &watch->run->x);
    return run_evaluate(watch->run, x, gradient);
}

/* x is evaluated at the start, and again only where it was moved or the objective has changed. */
/* A schedule may end at a rate of 0, or close to it; and the slope, a square, may be lost where the gradient
 * is not. */
static void a_step_of_nothing_goes_nowhere(void **state) {
    (void)state;
    static const double rates[] = {0, 1e-320, 5e-324};
    for (int k = 0; k < SEARCHERS; k++) {
        for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
            double start[] = {-1.2, 1}, position[2];
            Run *run = start_searcher(k, rosenbrock_chain, start, 2);
            MethodStep step = {
                .x = &run->x, .evaluator = &run->evaluator, .values = run->values, .lr = rates[i], .t = 1};
            run->method->step(run->state, &step);
            vec_read(&run->x, position);
            if (rates[i] == 0) assert_true(position[0] == start[0] && position[1] == start[1]);
            assert_true(isfinite(position[0]) && isfinite(position[1]));
            run_destroy(run);
        }
        double start[] = {1e-170, 1e-170};
        Run *run = start_searcher(k, unit_bowl, start, 2);
        run_step(run);
        run_destroy(run);
    }
}

static void nothing_is_evaluated_twice(void **state) {
    (void)state;
    const double start[2] = {-1.2, 1};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, rosenbrock_pairs, start, 2);
        Watch watch = {.run = run};
        run->evaluator = (Evaluator){.evaluate = evaluate_and_watch, .context = &watch};
        for (int t = 0; t < 15; t++) assert_true(run_step(run));
        assert_int_equal(watch.at_x, 1);
        const double elsewhere[2] = {2, 0};
        vec_write(&run->x, elsewhere); /* goes on as a fresh run from there would */
        Run *fresh = start_searcher(k, rosenbrock_pairs, elsewhere, 2);
        for (int t = 0; t < 5; t++) assert_true(run_step(run) && run_step(fresh));
        assert_memory_equal(run->x.f64, fresh->x.f64, sizeof elsewhere);
        run_destroy(fresh);
        assert_int_equal(watch.at_x, 2);
        MethodStep step = {
            .x = &run->x, .evaluator = &run->evaluator, .values = run->values, .lr = 1, .changed = true};
        assert_true(run->method->step(run->state, &step));
        assert_int_equal(watch.at_x, 3);
        run_destroy(run);
    }
}

static void any_dimension(void **state) {
    (void)state;
    enum { MANY = 100000 };
    double *start = rosenbrock_start(MANY), one[1] = {-1.2};
    for (int k = 0; k < SEARCHERS; k++) {
        Run *run = start_searcher(k, high_bowl, one, 1);
        for (int t = 0; t < 20; t++) run_step(run);
        assert_near(run->x.f64[0], 0.3, 1e-8);
        run_destroy(run);
        if (searchers[k].method == &method_bfgs) { /* 80 GB: the caller can know */
            assert_true(method_bfgs.state_bytes(&(const Space){.n = MANY}, bfgs_values) > 8e10);
            continue;
        }
        run = start_searcher(k, rosenbrock_pairs, start, MANY);
        for (int t = 0; t < 5; t++) assert_true(run_step(run));
        double loss = run->loss;
        assert_true(loss < 24.2 * MANY / 2 / 5);
        for (size_t i = 2; i < MANY; i++) assert_true(run->x.f64[i] == run->x.f64[i % 2]);
        run_destroy(run);
    }
    free(start);
    assert_true(method_newton.state_bytes(&(const Space){.n = MANY}, newton_values) >= 8.0 * MANY * MANY);
    assert_true(method_newton.state_bytes(&(const Space){.n = 2000}, newton_values) > 2000.0 * 2000 * 8);
}

static void float32_descends_as_far_as_it_can_tell(void **state) {
    (void)state;
    double *start = rosenbrock_start(100);
    for (int k = 0; k < SEARCHERS - 1; k++) {
        Run *run = run_create(
            searchers[k].method, searchers[k].values, rosenbrock_pairs, NULL, start, 100, PRECISION_F32);
        run->target = 1e-5;
        run_to_target(run, 1000);
        assert_true(run->lowest < 1e-5);
        run_destroy(run);
    }
    free(start);
}

static void rosenbrock_hessian(const double *x, double *hessian, size_t n) {
    memset(hessian, 0, n * n * sizeof *hessian);
    for (size_t i = 0; i + 1 < n; i += 2) {
        hessian[i * n + i] = 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
        hessian[i * n + i + 1] = hessian[(i + 1) * n + i] = -400 * x[i];
        hessian[(i + 1) * n + i + 1] = 200;
    }
}

static Run *start_any(int k, const double *start, size_t n) {
    if (k < SEARCHERS) return start_searcher(k, rosenbrock_pairs, start, n);
    const double values[LEADING] = {1, 0, k - SEARCHERS};
    return run_create(&method_newton, values, rosenbrock_pairs, rosenbrock_hessian, start, n, PRECISION_F64);
}

static void a_step_allocates_nothing(void **state) {
    (void)state;
#ifndef COUNT_ALLOCATIONS
    skip();
#endif
    double *start = rosenbrock_start(40);
    for (int k = 0; k < SEARCHERS + 2; k++) {
        for (size_t n = 2; n <= 40; n += 38) {
            Run *run = start_any(k, start, n);
            const int before = allocations;
            assert_true(before > 0);
            for (int t = 0; t < 15; t++) run_step(run);
            assert_int_equal(allocations, before);
            run_destroy(run);
        }
    }
    free(start);
}

static void interleaved_runs_equal_separate_ones(void **state) {
    (void)state;
    enum { N = 20, STEPS = 25 };
    double *start = rosenbrock_start(N), other[N];
    for (int i = 0; i < N; i++) other[i] = start[i] + 0.01 * i;
    for (int k = 0; k < SEARCHERS + 2; k++) {
        Run *runs[4] = {
            start_any(k, start, N), start_any(k, other, N), start_any(k, start, N), start_any(k, other, N)};
        for (int t = 0; t < STEPS; t++) {
            run_step(runs[0]);
            run_step(runs[1]);
        }
        for (int t = 0; t < STEPS; t++) run_step(runs[2]);
        for (int t = 0; t < STEPS; t++) run_step(runs[3]);
        assert_memory_equal(runs[0]->x.f64, runs[2]->x.f64, N * sizeof(double));
        assert_memory_equal(runs[1]->x.f64, runs[3]->x.f64, N * sizeof(double));
        assert_int_equal(runs[0]->evaluations, runs[2]->evaluations);
        for (int i = 0; i < 4; i++) run_destroy(runs[i]);
    }
    free(start);
}

/* Sums of rows are the sums one by one, to the bit, at every length around the lanes and blocks. */
static void rows_together_equal_rows_alone(void **state) {
    (void)state;
    static const size_t lengths[] = {1, 2, 7, 8, 9, 31, 100, 511, 512, 513, 1500};
    for (size_t k = 0; k < 2 * sizeof lengths / sizeof lengths[0]; k++) {
        enum { ROWS = 7 };
        const size_t n = lengths[k / 2];
        const Precision precision = k % 2 ? PRECISION_F32 : PRECISION_F64;
        Vec rows[ROWS], x = new_vec(n, precision), sum = new_vec(n, precision);
        double dots[ROWS], coefficients[ROWS];
        for (size_t i = 0; i < n; i++) vec_set(&x, i, sin((double)i));
        for (int r = 0; r < ROWS; r++) {
            rows[r] = new_vec(n, precision);
            coefficients[r] = cos(r);
            for (size_t i = 0; i < n; i++) vec_set(&rows[r], i, sin((double)(i * i) + r));
        }
        vec_dot_rows(rows, ROWS, &x, dots);
        vec_combine_rows(&sum, 0.3, &x, coefficients, rows, ROWS);
        for (int r = 0; r < ROWS; r++) {
            assert_true(dots[r] == vec_dot(&rows[r], &x));
            double plain = 0;
            for (size_t i = 0; i < n; i++) plain += vec_get(&rows[r], i) * vec_get(&x, i);
            assert_near(dots[r], plain, 1e-12);
        }
        for (size_t i = 0; i < n; i++) {
            double plain = 0.3 * vec_get(&x, i);
            for (int r = 0; r < ROWS; r++) plain += coefficients[r] * vec_get(&rows[r], i);
            assert_true(vec_get(&sum, i) == (precision == PRECISION_F64 ? plain : (double)(float)plain));
        }
        vec_combine(&x, 2, &x, -1, &sum); /* onto itself */
        for (size_t i = 0; i < n; i++)
            assert_near(vec_get(&x, i), 2 * sin((double)i) - vec_get(&sum, i), 1e-6);
        for (int r = 0; r < ROWS; r++) free(rows[r].data);
        free(x.data);
        free(sum.data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_search_does_as_its_paper_says),
        cmocka_unit_test(line_search_closes_in_on_a_wall),
        cmocka_unit_test(line_search_trusts_the_slope_where_the_loss_is_rounding),
        cmocka_unit_test(a_failed_search_says_so_and_stays),
        cmocka_unit_test(what_is_not_finite_is_too_far),
        cmocka_unit_test(a_step_goes_lower_or_nowhere),
        cmocka_unit_test(a_slope_without_end_is_followed),
        cmocka_unit_test(rounding_of_the_loss_does_not_stop_the_descent),
        cmocka_unit_test(a_vanished_gradient_is_no_failure),
        cmocka_unit_test(a_step_of_nothing_goes_nowhere),
        cmocka_unit_test(nothing_is_evaluated_twice),
        cmocka_unit_test(any_dimension),
        cmocka_unit_test(float32_descends_as_far_as_it_can_tell),
        cmocka_unit_test(a_step_allocates_nothing),
        cmocka_unit_test(interleaved_runs_equal_separate_ones),
        cmocka_unit_test(rows_together_equal_rows_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
