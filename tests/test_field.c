/* Functions of many coordinates against their sums written out in C, and against differences. */
#include "test.h"

#include "field.h"
#include "rng.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

static Field *field_of(const char *name, size_t dim) {
    Status status = status_ok();
    Field *field = field_create(field_find(name), dim, &status);
    if (!field) fail_msg("%s", status.message);
    return field;
}

static double evaluate(Field *field, double *x, double *g) {
    Objective *objective = field_objective(field);
    Vec vx = vec_of_f64(x, objective->dim), vg = vec_of_f64(g, objective->dim);
    return objective->type->evaluate(objective, &vx, g ? &vg : NULL);
}

static double chain(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) sum += 100 * pow(x[i + 1] - x[i] * x[i], 2) + pow(1 - x[i], 2);
    return sum;
}

static double pairs(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i += 2) sum += 100 * pow(x[i + 1] - x[i] * x[i], 2) + pow(1 - x[i], 2);
    return sum;
}

static double styblinski_tang(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += 0.5 * (pow(x[i], 4) - 16 * x[i] * x[i] + 5 * x[i]);
    return sum;
}

static double quadratic(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += 0.5 * pow(100, (double)i / (double)(n - 1)) * x[i] * x[i];
    return sum;
}

static const struct {
    const char *name;
    double (*definition)(const double *x, size_t n);
} fields[] = {{"rosenbrock", chain}, {"rosenbrock_pairs", pairs}, {"styblinski_tang", styblinski_tang},
    {"quadratic", quadratic}};

static void values_are_their_sums(void **state) {
    (void)state;
    static const size_t dims[] = {2, 4, 50, 1024, 3002};
    static double x[3002];
    assert_int_equal(field_count, sizeof fields / sizeof fields[0]);
    for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++) {
        for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) {
            Field *field = field_of(fields[k].name, dims[d]);
            Rng rng = rng_seed(k + 10 * d);
            for (size_t i = 0; i < dims[d]; i++) x[i] = rng_uniform(&rng, -2, 2);
            assert_near(evaluate(field, x, NULL), fields[k].definition(x, dims[d]), 1e-12);
            field_destroy(field);
        }
    }
}

static void gradients_equal_differences(void **state) {
    (void)state;
    static double x[1300], g[1300];
    for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++) {
        for (int rotated = 0; rotated < 2; rotated++) {
            Field *field = field_of(fields[k].name, 1300);
            Status status = status_ok();
            if (rotated && !field_set(field, "rotated", 1, &status)) {
                field_destroy(field);
                continue;
            }
            Rng rng = rng_seed(k);
            for (int i = 0; i < 1300; i++) x[i] = rng_uniform(&rng, -2, 2);
            evaluate(field, x, g);
            for (int i = 0; i < 1300;
                 i += i < 4 || i > 1290 ? 1 : 71) { /* around the ends and across the chunks */
                const double h = 1e-3, at = x[i];
                static const double offsets[4] = {-2, -1, 1, 2}, weights[4] = {1, -8, 8, -1};
                double sum = 0;
                for (int m = 0; m < 4; m++) {
                    x[i] = at + offsets[m] * h;
                    sum += weights[m] / 12 * evaluate(field, x, NULL);
                }
                x[i] = at;
                assert_true(fabs(sum / h - g[i]) < 1e-6 * fmax(1, fabs(g[i])));
            }
            field_destroy(field);
        }
    }
}

/* Columns of the Hessian as central differences of the gradient. */
static void hessians_equal_differences(void **state) {
    (void)state;
    enum { N = 6 };
    for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++) {
        Field *field = field_of(fields[k].name, N);
        double x[N], plus[N], minus[N], h[N * N];
        Rng rng = rng_seed(40 + k);
        for (int i = 0; i < N; i++) x[i] = rng_uniform(&rng, -1.5, 1.5);
        Vec vx = vec_of_f64(x, N);
        field_objective(field)->type->hessian(field_objective(field), &vx, h);
        for (int j = 0; j < N; j++) {
            const double width = 1e-5, at = x[j];
            x[j] = at + width;
            evaluate(field, x, plus);
            x[j] = at - width;
            evaluate(field, x, minus);
            x[j] = at;
            for (int i = 0; i < N; i++) assert_near(h[i * N + j], (plus[i] - minus[i]) / (2 * width), 1e-6);
        }
        field_destroy(field);
    }
}

static void the_lowest_point_is_where_it_is_said(void **state) {
    (void)state;
    double x[6], g[6];
    for (int k = 0; k < field_count; k++) {
        Field *field = field_of(field_table[k].name, 6);
        for (int i = 0; i < 6; i++) x[i] = field_table[k].minimum;
        double value = evaluate(field, x, g);
        for (int i = 0; i < 6; i++) assert_true(fabs(g[i]) < 3e-5);
        if (k == 2)
            assert_near(value, 6 * -39.1661657037714, 1e-10);
        else
            assert_near(value, 0, 1e-15);
        field_destroy(field);
    }
}

static void two_dimensions_are_the_surface(void **state) {
    (void)state;
    Status status = status_ok();
    Surface *surface = surface_create("rosenbrock", &status);
    Field *field = field_of("rosenbrock", 2);
    double x[2] = {-1.2, 1}, g[2], on_surface[2];
    double value = evaluate(field, x, g);
    assert_near(value, surface_evaluate(surface, x[0], x[1], on_surface, NULL), 1e-15);
    for (int i = 0; i < 2; i++) assert_near(g[i], on_surface[i], 1e-14);
    field_destroy(field);
    surface_destroy(surface);
}

/* A rotated quadratic keeps its spectrum: H g-wise, by trace and by the sum of squares, and H x is the
 * gradient. */
static void rotation_keeps_the_spectrum(void **state) {
    (void)state;
    enum { N = 7 };
    Field *field = field_of("quadratic", N);
    Objective *objective = field_objective(field);
    Status status = status_ok();
    assert_true(field_set(field, "kappa", 50, &status) && field_set(field, "rotated", 1, &status));
    double x[N], g[N], h[N * N], trace = 0, squares = 0, expected_trace = 0, expected_squares = 0;
    Rng rng = rng_seed(3);
    for (int i = 0; i < N; i++) x[i] = rng_uniform(&rng, -1, 1);
    Vec vx = vec_of_f64(x, N);
    evaluate(field, x, g);
    objective->type->hessian(objective, &vx, h);
    for (int i = 0; i < N; i++) {
        double product = 0, lambda = pow(50, i / (N - 1.0));
        for (int j = 0; j < N; j++) {
            product += h[i * N + j] * x[j];
            squares += h[i * N + j] * h[i * N + j];
            assert_near(h[i * N + j], h[j * N + i], 1e-14);
        }
        assert_near(product, g[i], 1e-12);
        trace += h[i * N + i];
        expected_trace += lambda;
        expected_squares += lambda * lambda;
    }
    assert_near(trace, expected_trace, 1e-12);
    assert_near(squares, expected_squares, 1e-12);
    assert_true(fabs(h[1]) > 0.01); /* it is turned */
    field_destroy(field);
}

static void bad_dimensions_and_parameters_are_refused(void **state) {
    (void)state;
    Status status = status_ok();
    assert_null(field_create(field_find("rosenbrock_pairs"), 3, &status));
    assert_null(field_create(field_find("rosenbrock"), 1, &status));
    assert_null(field_create(field_find("quadratic"), 0, &status));
    assert_null(field_find("ravine"));
    Field *field = field_of("quadratic", 1);
    assert_false(field_set(field, "kapa", 3, &status));
    assert_non_null(strstr(status.message, "did you mean 'kappa'"));
    assert_false(field_set(field, "kappa", 0.5, &status));
    field_destroy(field);
    field_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_their_sums),
        cmocka_unit_test(gradients_equal_differences),
        cmocka_unit_test(hessians_equal_differences),
        cmocka_unit_test(the_lowest_point_is_where_it_is_said),
        cmocka_unit_test(two_dimensions_are_the_surface),
        cmocka_unit_test(rotation_keeps_the_spectrum),
        cmocka_unit_test(bad_dimensions_and_parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
