/* Every shipped surface: derivatives against finite differences, stationary points against the published
 * values, no lower point than the declared minimum; and typed formulas and parameters. */
#include "test.h"

#include "rng.h"
#include "surface.h"

#include <stdlib.h>
#include <string.h>

static Surface *surface_of(const char *name) {
    Status status = status_ok();
    Surface *surface = surface_create(name, &status);
    if (!surface) fail_msg("%s: %s", name, status.message);
    return surface;
}

static int quantity(int full) {
    return is_quick() ? full / 10 : full;
}

/* One directional derivative of outputs[which] of (f, fx, fy) by a central difference of 4th order. */
static double central_difference(Surface *surface, int which, int axis, double x, double y, double h) {
    static const double weights[4] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12}, offsets[4] = {-2, -1, 1, 2};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        double px = axis == 0 ? x + offsets[i] * h : x, py = axis == 1 ? y + offsets[i] * h : y;
        double outputs[3];
        outputs[0] = surface_evaluate(surface, px, py, outputs + 1, NULL);
        sum += weights[i] * outputs[which];
    }
    return sum / h;
}

/* How far `exact` is from the difference quotient, relative to `scale`, at the best of several widths: too
 * wide cuts off, too narrow rounds. A wrong formula fits at none. */
static double off_by(Surface *surface, int which, int axis, double x, double y, double exact, double scale) {
    double best = INFINITY;
    for (double h = 1e-2; h > 1e-7; h /= 4) {
        double error = fabs(central_difference(surface, which, axis, x, y, h) - exact) / scale;
        if (error < best) best = error;
    }
    return best;
}

static void derivatives_equal_finite_differences(void **state) {
    (void)state;
    for (int s = 0; s < surface_count; s++) {
        Surface *surface = surface_of(surface_table[s].name);
        Rng rng = rng_seed(100 + (uint64_t)s);
        const Box *box = &surface->box;
        for (int i = 0; i < quantity(1000); i++) {
            double x = rng_uniform(&rng, box->x_min, box->x_max),
                   y = rng_uniform(&rng, box->y_min, box->y_max);
            double g[2], h[3];
            double f = surface_evaluate(surface, x, y, g, h);
            /* Rounding in f limits what a difference quotient can tell of a small gradient. */
            double g_scale = fmax(hypot(g[0], g[1]), 1e-6 * fabs(f));
            double h_scale = fmax(fmax(fabs(h[0]), fmax(fabs(h[1]), fabs(h[2]))), 1e-6 * g_scale);
            for (int axis = 0; axis < 2; axis++) {
                double off = off_by(surface, 0, axis, x, y, g[axis], g_scale);
                if (!(off < 1e-6))
                    fail_msg("%s: gradient %d off by %g at (%g, %g)", surface->name, axis, off, x, y);
                off = off_by(surface, 1, axis, x, y, h[axis], h_scale);
                if (!(off < 1e-4))
                    fail_msg("%s: Hessian x%d off by %g at (%g, %g)", surface->name, axis, off, x, y);
                off = off_by(surface, 2, axis, x, y, h[axis + 1], h_scale);
                if (!(off < 1e-4))
                    fail_msg("%s: Hessian y%d off by %g at (%g, %g)", surface->name, axis, off, x, y);
            }
        }
        surface_destroy(surface);
    }
}

/* The values in the literature, at the digits given there. */
typedef struct Known {
    const char *name;
    double x, y, value, tolerance;
} Known;

static const Known known[] = {
    {"bowl", 0, 0, 0, 1e-12},
    {"ravine", 0, 0, 0, 1e-12},
    {"rosenbrock", 1, 1, 0, 1e-12},
    {"beale", 3, 0.5, 0, 1e-12},
    {"beale", 0, 1, 14.203, 5e-4},
    {"himmelblau", 3, 2, 0, 1e-12},
    {"himmelblau", -2.805118, 3.131313, 0, 1e-12},
    {"himmelblau", -3.779310, -3.283186, 0, 1e-12},
    {"himmelblau", 3.584428, -1.848127, 0, 1e-12},
    {"himmelblau", -0.270845, -0.923039, 181.6165, 5e-5},
    {"himmelblau", -3.073026, -0.081353, 104.015, 5e-4},
    {"himmelblau", 0.086678, 2.884255, 67.719, 5e-4},
    {"himmelblau", 3.385154, 0.073852, 13.312, 5e-4},
    {"himmelblau", -0.127961, -1.953715, 178.337, 5e-4},
    {"rastrigin", 0, 0, 0, 1e-12},
    {"rastrigin", 0.994959, 0, 0.994959, 5e-7},
    {"ackley", 0, 0, 0, 1e-14},
    {"ackley", 0.952167, 0, 2.57993, 5e-6},
    {"styblinski_tang", -2.903534, -2.903534, -78.332331, 5e-7},
    {"styblinski_tang", 2.746803, -2.903534, -64.195612, 5e-7},
    {"styblinski_tang", 2.746803, 2.746803, -50.058893, 5e-7},
    {"six_hump_camel", 0.089842, -0.712656, -1.0316285, 5e-8},
    {"six_hump_camel", 1.703607, -0.796084, -0.215464, 5e-7},
    {"six_hump_camel", 1.607105, 0.568651, 2.104250, 5e-7},
    {"six_hump_camel", 0, 0, 0, 1e-12},
    {"three_hump_camel", 1.747552, -0.873776, 0.298638, 5e-7},
    {"booth", 1, 3, 0, 1e-12},
    {"matyas", 0, 0, 0, 1e-12},
    {"goldstein_price", 0, -1, 3, 1e-9},
    {"goldstein_price", -0.6, -0.4, 30, 1e-9},
    {"goldstein_price", 1.8, 0.2, 84, 1e-9},
    {"goldstein_price", 1.2, 0.8, 840, 1e-9},
    {"michalewicz", 2.202906, 1.570796, -1.8013034, 5e-8},
    {"michalewicz", 2.202906, 2.711571, -1.21406, 5e-6},
    {"easom", 3.14159265358979, 3.14159265358979, -1, 1e-12},
    {"mccormick", -0.547198, -1.547198, -1.913223, 5e-7},
    {"strict_saddle", 0, 1, -0.25, 1e-12},
    {"strict_saddle", 0, -1, -0.25, 1e-12},
    {"monkey_saddle", -3, 0, -6.75, 1e-12},
    {"monkey_saddle", 1.5, 2.598076, -6.75, 1e-9},
    {"identifiability", 0, 0, 0.5, 1e-12},
    {"cliff", -3, 0, 0, 1e-12},
    {"mountain", -0.0066, 0, 1.18579, 5e-6},
    {"mountain", -0.062, 3.41, 0.30954, 5e-6},
    {"plateau", 0, 0, 0, 1e-12},
    {"two_wells", -0.936301, 0, -2.06309, 5e-6},
    {"two_wells", 0.905318, 0, -1.092732, 5e-7},
    {"two_wells", 0.068602, 0, -0.031374, 5e-7}, /* by Newton's method on finite differences */
    {"one_neuron", 1.35111, 0, 0.4607009, 5e-8},
};

static void stationary_points_have_the_published_values(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        Surface *surface = surface_of(known[i].name);
        const StationaryPoint *found = NULL;
        for (int j = 0; j < surface->n_stationary; j++)
            if (hypot(surface->stationary[j].x - known[i].x, surface->stationary[j].y - known[i].y) < 2e-3)
                found = &surface->stationary[j];
        if (!found)
            fail_msg("%s has no stationary point near (%g, %g)", known[i].name, known[i].x, known[i].y);
        double value = surface_evaluate(surface, found->x, found->y, NULL, NULL);
        if (!(fabs(value - known[i].value) <= known[i].tolerance))
            fail_msg("%s at (%g, %g) is %.10g, not %.10g", known[i].name, found->x, found->y, value,
                known[i].value);
        surface_destroy(surface);
    }
}

/* Every declared point survived polishing, close to where it was declared, with a gradient of zero and
 * eigenvalues of its kind. */
static void declared_points_are_stationary(void **state) {
    (void)state;
    for (int s = 0; s < surface_count; s++) {
        const SurfaceRow *row = &surface_table[s];
        Surface *surface = surface_of(row->name);
        int declared = 0;
        while (declared < SURFACE_STATIONARY_MAX && row->stationary[declared].kind != STATIONARY_NONE)
            declared++;
        if (surface->n_stationary != declared)
            fail_msg("%s: %d of %d points survived", row->name, surface->n_stationary, declared);
        for (int i = 0; i < declared; i++) {
            const StationaryPoint *point = &surface->stationary[i];
            assert_true(hypot(point->x - row->stationary[i].x, point->y - row->stationary[i].y) < 2e-6);
            bool cone = strcmp(row->name, "ackley") == 0 && i == 0;
            if (cone) continue;
            double g[2], h[3], e[2];
            surface_evaluate(surface, point->x, point->y, g, h);
            assert_true(hypot(g[0], g[1]) < 1e-6);
            symmetric_eigenvalues(h, e);
            double zero = 1e-6 * fmax(fabs(e[0]), fabs(e[1]));
            if (point->kind == STATIONARY_MINIMUM) assert_true(e[0] >= -zero && e[1] > 0);
            if (point->kind == STATIONARY_SADDLE) assert_true(e[0] < 0 && e[1] > 0);
            if (point->kind == STATIONARY_MAXIMUM) assert_true(e[1] < 0);
            if (point->kind == STATIONARY_DEGENERATE) assert_true(fabs(e[0]) < 1e-9 && fabs(e[1]) < 1e-9);
        }
        surface_destroy(surface);
    }
}

/* The lowest of n x n points of a box. */
static double lowest_on_grid(const Surface *surface, Box box, int n) {
    Workspace *workspace = surface_row_workspace(surface);
    double *x = malloc((size_t)n * sizeof *x), *f = malloc((size_t)n * sizeof *f), lowest = INFINITY;
    for (int i = 0; i < n; i++) x[i] = box.x_min + (box.x_max - box.x_min) * i / (n - 1);
    for (int j = 0; j < n; j++) {
        surface_row(surface, workspace, x, box.y_min + (box.y_max - box.y_min) * j / (n - 1), (size_t)n, f);
        for (int i = 0; i < n; i++)
            if (f[i] < lowest) lowest = f[i];
    }
    free(x);
    free(f);
    workspace_destroy(workspace);
    return lowest;
}

static void no_point_is_lower_than_the_minimum(void **state) {
    (void)state;
    for (int s = 0; s < surface_count; s++) {
        Surface *surface = surface_of(surface_table[s].name);
        double lowest;
        if (surface_lowest(surface, &lowest)) {
            double found = lowest_on_grid(surface, surface->box, quantity(2000));
            double rounding = 1e-12 * fmax(1, fabs(lowest));
            if (found < lowest - rounding)
                fail_msg("%s: %.17g is lower than %.17g", surface->name, found, lowest);
        }
        for (int i = 0; i < surface->n_stationary; i++) { /* local ones in their own neighbourhood */
            const StationaryPoint *point = &surface->stationary[i];
            if (point->kind != STATIONARY_MINIMUM) continue;
            const double r = 0.01;
            Box near = {point->x - r, point->x + r, point->y - r, point->y + r};
            double value = surface_evaluate(surface, point->x, point->y, NULL, NULL);
            assert_true(lowest_on_grid(surface, near, 200) >= value - 1e-12 * fmax(1, fabs(value)));
        }
        surface_destroy(surface);
    }
}

static void check_eigenvalues(
    const char *name, double x, double y, double small, double large, double tolerance) {
    Surface *surface = surface_of(name);
    double g[2], h[3], e[2];
    surface_evaluate(surface, x, y, g, h);
    symmetric_eigenvalues(h, e);
    assert_true(fabs(e[0] - small) <= tolerance * fmax(1, fabs(small)));
    assert_true(fabs(e[1] - large) <= tolerance * fmax(1, fabs(large)));
    surface_destroy(surface);
}

static void curvature_at_known_points(void **state) {
    (void)state;
    check_eigenvalues("rosenbrock", 1, 1, 0.3994, 1001.6, 1e-4);
    check_eigenvalues("strict_saddle", 0, 1, 1, 2, 1e-14);
    check_eigenvalues("strict_saddle", 0, 0, -1, 1, 1e-14);
    check_eigenvalues("monkey_saddle", -3, 0, 9, 27, 1e-14);
    check_eigenvalues("monkey_saddle", 0, 0, 0, 0, 1e-14);
    check_eigenvalues("identifiability", 2, 0.5, 0, 4.25, 1e-14);
    check_eigenvalues("identifiability", 0, 0, -1, 1, 1e-14);
    check_eigenvalues("booth", 1, 3, 2, 18, 1e-14);    /* kappa 9 */
    check_eigenvalues("matyas", 0, 0, 0.04, 1, 1e-14); /* kappa 25 */
    double e[2];
    symmetric_eigenvalues((const double[3]){0, 0, 0}, e);
    assert_true(e[0] == 0 && e[1] == 0);
}

static void known_slopes(void **state) {
    (void)state;
    Surface *surface = surface_of("cliff");
    double g[2];
    surface_evaluate(surface, 1, 0, g, NULL);
    assert_near(g[0], 20.4, 1e-12); /* 0.1*(1 + 3) + 4*20/4 */
    surface_evaluate(surface, 3, 0, g, NULL);
    assert_near(g[0], 0.6, 1e-12);
    surface_destroy(surface);
    surface = surface_of("recurrent_wall");
    surface_evaluate(surface, 4.467, -2.283, g, NULL);
    assert_near(hypot(g[0], g[1]), 123.770256, 1e-6); /* differences of a plain loop in another language */
    surface_destroy(surface);
}

/* recurrent_wall as a loop in C. */
static void iteration_equals_a_loop(void **state) {
    (void)state;
    Surface *surface = surface_of("recurrent_wall");
    Rng rng = rng_seed(5);
    for (int i = 0; i < 100; i++) {
        double w = rng_uniform(&rng, 4, 8), b = rng_uniform(&rng, -4, -2), s = 0.5;
        for (int t = 0; t < 50; t++) s = w / (1 + exp(-s)) + b;
        double error = 1 / (1 + exp(-s)) - 0.7;
        assert_near(surface_evaluate(surface, w, b, NULL, NULL), error * error, 1e-11);
    }
    surface_destroy(surface);
}

/* Means over data as a loop in C. */
static void data_surfaces_equal_their_sums(void **state) {
    (void)state;
    static const double x[] = {-2, -1, -0.5, 0.5, 1, 2}, t[] = {0, 0, 1, 0, 1, 1};
    Surface *neuron = surface_of("one_neuron"), *separable = surface_of("separable");
    Rng rng = rng_seed(6);
    for (int i = 0; i < 100; i++) {
        double w = rng_uniform(&rng, -6, 6), b = rng_uniform(&rng, -6, 6), entropy = 0, logistic = 0;
        for (int k = 0; k < 6; k++) {
            double s = 1 / (1 + exp(-(w * x[k] + b))), sign = x[k] < 0 ? -1 : 1;
            entropy -= (t[k] ? log(s) : log(1 - s)) / 6;
            logistic += log(1 + exp(-sign * (w * x[k] + b))) / 6;
        }
        assert_near(surface_evaluate(neuron, w, b, NULL, NULL), entropy, 1e-10);
        assert_near(surface_evaluate(separable, w, b, NULL, NULL), logistic, 1e-10);
    }
    surface_destroy(neuron);
    surface_destroy(separable);
}

/* Least squares by the normal equations: sum x = 0, sum x^2 = 15, sum x t = 11.65, sum t = 4. */
static void line_fit_has_the_least_squares_minimum(void **state) {
    (void)state;
    Surface *surface = surface_of("line_fit");
    assert_int_equal(surface->n_stationary, 1);
    assert_near(surface->stationary[0].x, 11.65 / 15, 1e-14);
    assert_near(surface->stationary[0].y, 4.0 / 9, 1e-14);
    surface_destroy(surface);
}

static void a_row_of_points_equals_single_points(void **state) {
    (void)state;
    enum { N = 777 };
    double x[N], f[N];
    for (int s = 0; s < surface_count; s++) {
        Surface *surface = surface_of(surface_table[s].name);
        Workspace *workspace = surface_row_workspace(surface);
        const Box *box = &surface->box;
        for (int i = 0; i < N; i++) x[i] = box->x_min + (box->x_max - box->x_min) * i / (N - 1);
        double y = 0.3 * box->y_min + 0.7 * box->y_max;
        surface_row(surface, workspace, x, y, N, f);
        for (int i = 0; i < N; i++) {
            double alone = surface_evaluate(surface, x[i], y, NULL, NULL), g[2];
            double with_gradient = surface_evaluate(surface, x[i], y, g, NULL);
            assert_memory_equal(&f[i], &alone, sizeof alone);
            assert_memory_equal(&with_gradient, &alone, sizeof alone);
        }
        workspace_destroy(workspace);
        surface_destroy(surface);
    }
}

static void parameters_change_the_surface(void **state) {
    (void)state;
    Surface *surface = surface_of("ravine");
    Status status = status_ok();
    assert_near(surface_evaluate(surface, 2, 3, NULL, NULL), 0.5 * (4 + 50 * 9), 1e-15);
    assert_true(surface_set(surface, "kappa", 7, &status));
    assert_near(surface_evaluate(surface, 2, 3, NULL, NULL), 0.5 * (4 + 7 * 9), 1e-15);
    /* A quarter turn swaps the axes. */
    assert_true(surface_set(surface, "theta", 1.5707963267948966, &status));
    assert_near(surface_evaluate(surface, 2, 3, NULL, NULL), 0.5 * (9 + 7 * 4), 1e-13);
    double g[2], h[3], e[2];
    assert_true(surface_set(surface, "theta", 0.4, &status));
    surface_evaluate(surface, 0.3, 0.2, g, h);
    symmetric_eigenvalues(h, e);
    assert_near(e[0], 1, 1e-13);
    assert_near(e[1], 7, 1e-13);
    assert_int_equal(surface->n_stationary, 1);
    assert_false(surface_set(surface, "kapa", 3, &status));
    assert_non_null(strstr(status.message, "did you mean 'kappa'"));
    assert_false(surface_set(surface, "kappa", 0.5, &status));
    assert_non_null(strstr(status.message, "from 1 to 10000"));
    surface_destroy(surface);
    /* michalewicz with another m: the declared minima move, and follow or go. */
    surface = surface_of("michalewicz");
    assert_true(surface_set(surface, "m", 2, &status));
    for (int i = 0; i < surface->n_stationary; i++) {
        surface_evaluate(surface, surface->stationary[i].x, surface->stationary[i].y, g, h);
        assert_true(hypot(g[0], g[1]) < 1e-6);
    }
    surface_destroy(surface);
}

static void typed_formulas_are_surfaces(void **state) {
    (void)state;
    Surface *surface = surface_of("x^2 + k*y**2 where k = 3");
    Status status = status_ok();
    assert_near(surface_evaluate(surface, 1, 2, NULL, NULL), 13, 0);
    assert_true(surface_set(surface, "k", 100, &status)); /* the text gives no range */
    assert_near(surface_evaluate(surface, 1, 2, NULL, NULL), 401, 0);
    assert_int_equal(surface->n_stationary, 0);
    surface_destroy(surface);
    surface = surface_of("x");
    assert_near(surface_evaluate(surface, 1.5, 2, NULL, NULL), 1.5, 0);
    surface_destroy(surface);
    assert_null(surface_create("rosenbrok", &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    assert_non_null(strstr(status.message, "did you mean 'rosenbrock'"));
    assert_null(surface_create("x^2 +", &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    assert_int_equal(status.place, 5);
    surface_destroy(NULL);
}

static void rows_are_sane(void **state) {
    (void)state;
    assert_int_equal(surface_count, 32);
    for (int s = 0; s < surface_count; s++) {
        const SurfaceRow *row = &surface_table[s];
        assert_ptr_equal(surface_row_find(row->name), row);
        assert_true(row->box.x_min < row->box.x_max && row->box.y_min < row->box.y_max);
        assert_true(row->start[0] >= row->box.x_min && row->start[0] <= row->box.x_max);
        assert_true(row->start[1] >= row->box.y_min && row->start[1] <= row->box.y_max);
        assert_true(*row->title && *row->note);
    }
}

/* A typed surface is coloured as its row would be where the heights say so. */
static void typed_heights_choose_their_scale(void **state) {
    (void)state;
    static const struct {
        const char *formula;
        bool logarithmic;
    } cases[] = {
        {"(1 - x)^2 + 100*(y - x^2)^2", true}, /* Rosenbrock: a tenth of the plane is its valley */
        {"exp(x^2 + y^2)", true},
        {"x^2 + y^2", false}, /* a tenth of the box is a disc of 6 % of the height */
        {"x + y", false},
        {"1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Status status = status_ok();
        Surface *surface = surface_create(cases[i].formula, &status);
        assert_non_null(surface);
        if (surface->log_colour != cases[i].logarithmic) fail_msg("%s", cases[i].formula);
        surface_destroy(surface);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_heights_choose_their_scale),
        cmocka_unit_test(rows_are_sane),
        cmocka_unit_test(derivatives_equal_finite_differences),
        cmocka_unit_test(stationary_points_have_the_published_values),
        cmocka_unit_test(declared_points_are_stationary),
        cmocka_unit_test(no_point_is_lower_than_the_minimum),
        cmocka_unit_test(curvature_at_known_points),
        cmocka_unit_test(known_slopes),
        cmocka_unit_test(iteration_equals_a_loop),
        cmocka_unit_test(data_surfaces_equal_their_sums),
        cmocka_unit_test(line_fit_has_the_least_squares_minimum),
        cmocka_unit_test(a_row_of_points_equals_single_points),
        cmocka_unit_test(parameters_change_the_surface),
        cmocka_unit_test(typed_formulas_are_surfaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
