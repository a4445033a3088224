/* The methods that are code, against what theory says of them (N&W: Nocedal & Wright, "Numerical
 * Optimization", 2nd edition), each alone on a function, without a race. */
#include "problems.h"

static const double bfgs_values[LEADING] = {1, 0.98, 1}, lbfgs_values[LEADING] = {1, 10, 0.98, 1, 128};
static const double line_values[LEADING] = {1, 0.1}, newton_values[LEADING] = {1, 0, 0};

static const struct {
    const Method *method;
    const double *values;
    double c2;
} searchers[] = {
    {&method_bfgs, bfgs_values, 0.98},
    {&method_lbfgs, lbfgs_values, 0.98},
    {&method_conjugate_gradient, line_values, 0.1},
    {&method_steepest_line, line_values, 0.1},
};
enum { SEARCHERS = sizeof searchers / sizeof searchers[0] };

/* x'Ax/2 about (1, 1, ...): a_ik = cos(i - k)/2, plus i + 1 on the diagonal. cos(i - k) is positive
 * semi-definite, so that A is definite. */
static double quadratic_coefficient(size_t i, size_t k) {
    return cos((double)i - (double)k) / 2 + (i == k ? (double)i + 1 : 0);
}

static double quadratic(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        gradient[i] = 0;
        for (size_t k = 0; k < n; k++) gradient[i] += quadratic_coefficient(i, k) * (x[k] - 1);
        f += gradient[i] * (x[i] - 1) / 2;
    }
    return f;
}

static void quadratic_hessian(const double *x, double *hessian, size_t n) {
    (void)x;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) hessian[i * n + k] = quadratic_coefficient(i, k);
}

static double norm(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

static const double far_start[12] = {3, -2, 5, 0.5, -4, 2, 7, -1, 0, 3, -6, 1.5};

static void newton_ends_a_quadratic_in_one_step(void **state) {
    (void)state;
    for (size_t n = 1; n <= 12; n++) {
        for (int saddle_free = 0; saddle_free < 2; saddle_free++) {
            const double values[LEADING] = {1, 0, saddle_free};
            Run *run =
                run_create(&method_newton, values, quadratic, quadratic_hessian, far_start, n, PRECISION_F64);
            assert_true(run_step(run));
            for (size_t i = 0; i < n; i++) assert_near(run->x.f64[i], 1, 1e-12);
            assert_int_equal(run->evaluations, 1);
            run_destroy(run);
        }
    }
}

/* x^2 - y^2 + y^4/4 and more squares: a saddle at 0, minima at y = sqrt(2) and -sqrt(2). */
static double saddle(const double *x, double *gradient, size_t n) {
    double f = x[1] * x[1] * x[1] * x[1] / 4 - x[1] * x[1];
    for (size_t i = 0; i < n; i++) {
        gradient[i] = 2 * x[i];
        if (i != 1) f += x[i] * x[i];
    }
    gradient[1] = x[1] * x[1] * x[1] - 2 * x[1];
    return f;
}

static void saddle_hessian(const double *x, double *hessian, size_t n) {
    memset(hessian, 0, n * n * sizeof *hessian);
    for (size_t i = 0; i < n; i++) hessian[i * n + i] = i == 1 ? 3 * x[1] * x[1] - 2 : 2;
}

static void newton_goes_to_the_saddle_unless_free_of_it(void **state) {
    (void)state;
    for (size_t n = 2; n <= 4; n++) {
        for (int saddle_free = 0; saddle_free < 2; saddle_free++) {
            const double start[4] = {1, 0.1, -2, 3}, values[LEADING] = {1, 0, saddle_free};
            Run *run = run_create(&method_newton, values, saddle, saddle_hessian, start, n, PRECISION_F64);
            for (int t = 0; t < 20; t++) assert_true(run_step(run));
            assert_near(run->x.f64[1], saddle_free ? sqrt(2) : 0, 1e-12);
            assert_near(run->x.f64[0], 0, 1e-12);
            run_destroy(run);
        }
    }
}

/* (x1 + ... + xn)^2: its Hessian has rank 1. */
static double ridge(const double *x, double *gradient, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    for (size_t i = 0; i < n; i++) gradient[i] = 2 * sum;
    return sum * sum;
}

static void ridge_hessian(const double *x, double *hessian, size_t n) {
    (void)x;
    for (size_t i = 0; i < n * n; i++) hessian[i] = 2;
}

/* By Sherman-Morrison (2 e e' + d I)^-1 2 s e = 2 s/(2 n + d) e, s the sum of x. */
static void singular_hessians_are_refused_and_damping_mends_them(void **state) {
    (void)state;
    for (size_t n = 2; n <= 6; n++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) sum += far_start[i];
        for (int saddle_free = 0; saddle_free < 2; saddle_free++) {
            const double values[LEADING] = {1, 0, saddle_free}, damped[LEADING] = {1, 0.5, saddle_free};
            Run *run = run_create(&method_newton, values, ridge, ridge_hessian, far_start, n, PRECISION_F64);
            assert_false(run_step(run));
            assert_string_equal(run->failure, "the Hessian is singular");
            assert_memory_equal(run->x.f64, far_start, n * sizeof(double));
            run_destroy(run);
            run = run_create(&method_newton, damped, ridge, ridge_hessian, far_start, n, PRECISION_F64);
            assert_true(run_step(run));
            for (size_t i = 0; i < n; i++)
                assert_near(run->x.f64[i], far_start[i] - 2 * sum / (2 * (double)n + 0.5), 1e-12);
            run_destroy(run);
        }
    }
}

/* Scaling a coordinate does not make a Hessian singular: x^2 + 1e-20 y^2 (+ z^2). */
static double scaled(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        const double weight = i == 1 ? 1e-20 : 1;
        gradient[i] = 2 * weight * x[i];
        f += weight * x[i] * x[i];
    }
    return f;
}

static void scaled_hessian(const double *x, double *hessian, size_t n) {
    (void)x;
    memset(hessian, 0, n * n * sizeof *hessian);
    for (size_t i = 0; i < n; i++) hessian[i * n + i] = i == 1 ? 2e-20 : 2;
}

static void units_do_not_make_a_hessian_singular(void **state) {
    (void)state;
    for (size_t n = 2; n <= 3; n++) {
        Run *run =
            run_create(&method_newton, newton_values, scaled, scaled_hessian, far_start, n, PRECISION_F64);
        assert_true(run_step(run));
        for (size_t i = 0; i < n; i++) assert_near(run->x.f64[i], 0, 1e-12);
        run_destroy(run);
    }
}

/* N&W theorem 6.4: with exact line searches BFGS has the exact Hessian after n steps, so that step n + 1
 * arrives where it stands already; conjugate gradients arrive in n (theorem 5.1). */
static void quadratics_end_after_n_steps(void **state) {
    (void)state;
    static const size_t dimensions[] = {1, 2, 5, 10};
    const double exact_bfgs[LEADING] = {1, 1e-10, 1}, exact_lbfgs[LEADING] = {1, 12, 1e-10, 0};
    const double exact_cg[LEADING] = {1, 1e-10};
    for (int k = 0; k < 4; k++) {
        const size_t n = dimensions[k];
        const Method *const methods[] = {&method_bfgs, &method_lbfgs, &method_conjugate_gradient};
        const double *const values[] = {exact_bfgs, exact_lbfgs, exact_cg};
        for (int m = 0; m < 3; m++) {
            Run *run = run_create(methods[m], values[m], quadratic, NULL, far_start, n, PRECISION_F64);
            run->target = 0;
            for (size_t t = 0; t < n; t++) assert_true(run_step(run));
            for (size_t i = 0; i < n; i++) assert_near(run->x.f64[i], 1, 1e-6);
            if (m < 2) run_step(run);
            for (size_t i = 0; i < n && m < 2; i++) assert_near(run->x.f64[i], 1, 1e-9);
            run_destroy(run);
        }
    }
}

enum { N_DENSE = 12, PAIRS = 12 };
typedef double Row[N_DENSE];

/* The direction -H g for H of the BFGS formula (6.17), dense, from (s'y/y'y) I of the pair `of`, by all
 * pairs. */
static void dense_direction(
    Row *s, Row *y, int pairs, int of, const double *gradient, double *direction, int n) {
    double h[N_DENSE][N_DENSE] = {{0}}, sy = 0, yy = 0;
    for (int i = 0; i < n; i++) {
        sy += s[of][i] * y[of][i];
        yy += y[of][i] * y[of][i];
    }
    for (int i = 0; i < n; i++) h[i][i] = sy / yy;
    for (int p = 0; p < pairs; p++) {
        double rho = 0, left[N_DENSE][N_DENSE], next[N_DENSE][N_DENSE];
        for (int i = 0; i < n; i++) rho += s[p][i] * y[p][i];
        rho = 1 / rho;
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++) {
                left[i][k] = h[i][k];
                for (int l = 0; l < n; l++) left[i][k] -= rho * s[p][i] * y[p][l] * h[l][k];
            }
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++) {
                next[i][k] = left[i][k] + rho * s[p][i] * s[p][k];
                for (int l = 0; l < n; l++) next[i][k] -= left[i][l] * rho * y[p][l] * s[p][k];
            }
        memcpy(h, next, sizeof h);
    }
    for (int i = 0; i < n; i++) {
        direction[i] = 0;
        for (int k = 0; k < n; k++) direction[i] -= h[i][k] * gradient[k];
    }
}

/* After 4 times `history` pairs, the last `history` and all that come are kept: the direction by the
 * definition of BFGS, update by update, begun with gamma I of the pair that was the newest then. */
static void a_long_search_forgets_nothing(void **state) {
    (void)state;
    enum { HISTORY = 3, BEGIN = 4 * HISTORY };
    const double start[N_DENSE] = {-1.2, 1, -0.5, 0.7, 2, -1, 0.3, 0.1, 0.8, -0.4, 1.1, -0.9};
    const double values[LEADING] = {1, HISTORY, 0.9, 0, N_DENSE};
    for (int precision = 0; precision < 2; precision++) {
        Run *run =
            run_create(&method_lbfgs, values, rosenbrock_chain, NULL, start, N_DENSE, (Precision)precision);
        static Row s[64], y[64];
        Row x, gradient, before, direction;
        memcpy(x, start, sizeof x);
        vec_read(&run->x, x);
        rosenbrock_chain(x, gradient, N_DENSE);
        for (int t = 0; t < 30; t++) {
            const int first = t < BEGIN ? t - HISTORY : BEGIN - HISTORY;
            assert_true(run_step(run));
            const int newest = t < BEGIN ? t - 1 : BEGIN - 1;
            if (t >= HISTORY)
                dense_direction(
                    s + first, y + first, t - first, newest - first, gradient, direction, N_DENSE);
            memcpy(before, gradient, sizeof before);
            Row now;
            vec_read(&run->x, now);
            rosenbrock_chain(now, gradient, N_DENSE);
            double length = 0, along = 0, size = 0;
            for (int i = 0; i < N_DENSE; i++) {
                s[t][i] = now[i] - x[i];
                y[t][i] = gradient[i] - before[i];
                x[i] = now[i];
                along += s[t][i] * direction[i];
                length += s[t][i] * s[t][i];
                size += direction[i] * direction[i];
            }
            /* The cosine between the step and where the formula points. */
            if (t >= HISTORY)
                assert_near(along / sqrt(length * size), 1, precision == PRECISION_F64 ? 1e-8 : 1e-2);
        }
        run_destroy(run);
    }
}

/* With all pairs, and with the last five. */
static void lbfgs_goes_where_the_dense_formula_points(void **state) {
    (void)state;
    const double start[N_DENSE] = {-1.2, 1, -0.5, 0.7, 2, -1, 0.3, 0.1, 0.8, -0.4, 1.1, -0.9};
    for (int c = 0; c < 4; c++) {
        const int n = c % 2 ? N_DENSE : 4, history = c < 2 ? PAIRS : 5;
        const double values[LEADING] = {1, history, 0.9, 0};
        Run *run = run_create(&method_lbfgs, values, rosenbrock_chain, NULL, start, (size_t)n, PRECISION_F64);
        Row s[PAIRS], y[PAIRS], x, gradient, before, direction;
        memcpy(x, start, sizeof x);
        rosenbrock_chain(x, gradient, (size_t)n);
        for (int t = 0; t < PAIRS; t++) {
            const int first = t < history ? 0 : t - history;
            assert_true(run_step(run));
            if (t > 0)
                dense_direction(s + first, y + first, t - first, t - 1 - first, gradient, direction, n);
            memcpy(before, gradient, sizeof before);
            rosenbrock_chain(run->x.f64, gradient, (size_t)n);
            for (int i = 0; i < n; i++) {
                s[t][i] = run->x.f64[i] - x[i];
                y[t][i] = gradient[i] - before[i];
                x[i] = run->x.f64[i];
            }
            for (int i = 0; i < n && t > 0; i++)
                assert_near(
                    s[t][i] / norm(s[t], (size_t)n), direction[i] / norm(direction, (size_t)n), 1e-10);
        }
        run_destroy(run);
    }
}

static double beale(const double *x, double *gradient, size_t n) {
    static const double constants[3] = {1.5, 2.25, 2.625};
    double f = 0, power = 1;
    memset(gradient, 0, n * sizeof *gradient);
    for (int i = 0; i < 3; i++) {
        const double before = power;
        power *= x[1];
        const double residual = constants[i] - x[0] * (1 - power);
        f += residual * residual;
        gradient[0] -= 2 * residual * (1 - power);
        gradient[1] += 2 * residual * x[0] * (i + 1) * before;
    }
    return f;
}

/* Where the loss is far above rounding, every step taken satisfies both (N&W 3.7). */
static void steps_satisfy_the_strong_wolfe_conditions(void **state) {
    (void)state;
    Function *const functions[] = {rosenbrock_pairs, beale, rosenbrock_chain};
    const size_t dimensions[] = {2, 2, 9};
    for (int k = 0; k < SEARCHERS * 3; k++) {
        const size_t n = dimensions[k % 3];
        double *start = rosenbrock_start(n), *gradient = calloc(n, sizeof *gradient),
               *x = calloc(n, sizeof *x);
        if (k % 3 == 1) start[0] = start[1] = 0.5;
        Run *run = run_create(searchers[k / 3].method, searchers[k / 3].values, functions[k % 3], NULL, start,
            n, PRECISION_F64);
        for (int t = 0; t < 200; t++) {
            memcpy(x, run->x.f64, n * sizeof *x);
            const double loss = run->function(x, gradient, n);
            if (loss < 1e-9) break;
            assert_true(run_step(run));
            double slope = 0, slope_after = 0;
            for (size_t i = 0; i < n; i++) slope += gradient[i] * (run->x.f64[i] - x[i]);
            const double loss_after = run->function(run->x.f64, gradient, n);
            for (size_t i = 0; i < n; i++) slope_after += gradient[i] * (run->x.f64[i] - x[i]);
            assert_true(slope < 0);
            assert_true(loss_after <= loss + 1e-4 * slope * (1 - 1e-6));
            assert_true(fabs(slope_after) <= searchers[k / 3].c2 * fabs(slope) * (1 + 1e-6) + 1e-15);
        }
        run_destroy(run);
        free(start);
        free(gradient);
        free(x);
    }
}

static int evaluations(const Method *method, const double *values, Function *function, size_t n) {
    double *start = rosenbrock_start(n);
    Run *run = run_create(method, values, function, NULL, start, n, PRECISION_F64);
    run_to_target(run, 20000);
    const int count = run->evaluations_to_target;
    run_destroy(run);
    free(start);
    assert_true(count > 0);
    return count;
}

/* No more than the best of liblbfgs, NLopt and GSL; scipy's BFGS. */
static void evaluations_are_no_more_than_others_need(void **state) {
    (void)state;
    const double limited[LEADING] = {1, 10, 0.98, 1, 0};
    assert_in_range(evaluations(&method_lbfgs, lbfgs_values, rosenbrock_pairs, 2), 1, 43);
    assert_in_range(evaluations(&method_lbfgs, lbfgs_values, rosenbrock_pairs, 100), 1, 47);
    assert_in_range(evaluations(&method_lbfgs, lbfgs_values, rosenbrock_pairs, 10000), 1, 52);
    assert_in_range(evaluations(&method_lbfgs, lbfgs_values, rosenbrock_chain, 100), 1, 470);
    assert_in_range(evaluations(&method_lbfgs, limited, rosenbrock_chain, 100), 1, 585);
    assert_in_range(evaluations(&method_bfgs, bfgs_values, rosenbrock_pairs, 2), 1, 38);
    assert_in_range(evaluations(&method_conjugate_gradient, line_values, rosenbrock_pairs, 2), 1, 80);
}

/* Half the sum of c_i x_i^2, c from 1 to 1000. */
static double stretched_bowl(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i < n; i++) {
        const double c = pow(1000, (double)i / (double)(n - 1));
        f += 0.5 * c * x[i] * x[i];
        gradient[i] = c * x[i];
    }
    return f;
}

/* x^4/4 - x^2/2 + y^2/2: a saddle at 0, minima of -1/4 at x = -1 and 1; of every pair. */
static double double_wells(const double *x, double *gradient, size_t n) {
    double f = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        f += 0.25 * pow(x[i], 4) - 0.5 * x[i] * x[i] + 0.5 * x[i + 1] * x[i + 1];
        gradient[i] = pow(x[i], 3) - x[i];
        gradient[i + 1] = x[i + 1];
    }
    return f;
}

/* Superlinear where it is convex, past saddles where it is not, in either precision and without a Hessian. */
static void newton_cg_needs_gradients_alone(void **state) {
    (void)state;
    enum { N = 50 };
    const double values[LEADING] = {1, 0, 50, 0.9};
    double start[N];
    for (int wide = 0; wide < 2; wide++) {
        const Precision precision = wide ? PRECISION_F64 : PRECISION_F32;
        for (int i = 0; i < N; i++) start[i] = 1 + 0.1 * sin(i);
        Run *run = run_create(&method_newton_cg, values, stretched_bowl, NULL, start, N, precision);
        run->target = wide ? 1e-16 : 1e-8;
        run_to_target(run, 25);
        assert_true(run->lowest < run->target);
        run_destroy(run);

        for (int i = 0; i < N; i++) start[i] = i % 2 ? 1 : -1.2;
        run = run_create(&method_newton_cg, values, rosenbrock_pairs, NULL, start, N, precision);
        run_to_target(run, 40);
        if (!(run->lowest < 1e-8))
            fail_msg("lowest %g after %d, %s", run->lowest, run->evaluations, run->failure);
        run_destroy(run);

        for (int i = 0; i < N; i++) start[i] = i % 2 ? 1 : 0.01;
        run = run_create(&method_newton_cg, values, double_wells, NULL, start, N, precision);
        run->target = -0.25 * (N / 2) + 1e-5;
        run_to_target(run, 40);
        assert_true(run->lowest < run->target);
        run_destroy(run);
    }
}

static void add_size(void *context, void *bytes, size_t size) {
    (void)bytes;
    *(size_t *)context += size;
}

/* What is kept of a run is as large after its hyperparameters have changed: memory stays as it was laid out.
 */
static void state_keeps_its_size(void **state) {
    (void)state;
    const double values[OPTIMIZER_PARAMETERS_MAX] = {1, 3, 0.9, 1, 0},
                 larger[OPTIMIZER_PARAMETERS_MAX] = {1, 30, 0.5, 0, 500};
    Status status = status_ok();
    OptimizerRun *run = optimizer_run_create(optimizer_find("lbfgs"), values, 100, PRECISION_F64, &status);
    size_t before = 0, after = 0;
    assert_true(optimizer_run_visit(run, add_size, &before));
    optimizer_run_set_values(run, larger);
    assert_true(optimizer_run_visit(run, add_size, &after));
    assert_true(before > 6 * 100 * sizeof(double) && before == after);
    optimizer_run_destroy(run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_keeps_its_size),
        cmocka_unit_test(newton_ends_a_quadratic_in_one_step),
        cmocka_unit_test(newton_goes_to_the_saddle_unless_free_of_it),
        cmocka_unit_test(singular_hessians_are_refused_and_damping_mends_them),
        cmocka_unit_test(units_do_not_make_a_hessian_singular),
        cmocka_unit_test(quadratics_end_after_n_steps),
        cmocka_unit_test(a_long_search_forgets_nothing),
        cmocka_unit_test(lbfgs_goes_where_the_dense_formula_points),
        cmocka_unit_test(steps_satisfy_the_strong_wolfe_conditions),
        cmocka_unit_test(evaluations_are_no_more_than_others_need),
        cmocka_unit_test(newton_cg_needs_gradients_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
