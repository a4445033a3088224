/* How a network's loss curves, against Hessians of finite differences whose eigenvalues LAPACK finds, and
 * against those that are known. */
#include "networks.h"

#include "hessian.h"

#include <lapacke.h>

enum { EXAMPLES = 60 };

static Hessian *create_hessian(const MlpSpec *spec, const Batch *batch) {
    Status status = status_ok();
    Hessian *hessian = hessian_create(spec, batch, &status);
    if (!hessian) fail_msg("%s", status.message);
    return hessian;
}

static void find(Hessian *hessian, HessianTask task, const Vec *x) {
    vec_copy(hessian_at(hessian), x);
    hessian_begin(hessian, task);
    while (hessian_advance(hessian)) continue;
}

/* By central differences of the gradient of plain loops, in float64: (n, n). Penalties are added by hand. */
static double *plain_hessian(const MlpSpec *spec, const Vec *x, const Batch *batch) {
    const size_t n = x->n;
    const double h = 1e-5;
    double *at = malloc(n * sizeof *at), *up = malloc(n * sizeof *up), *down = malloc(n * sizeof *down);
    double *matrix = malloc(n * n * sizeof *matrix);
    vec_read(x, at);
    size_t layer = 0, offset = 0, weights = (size_t)spec->sizes[0] * (size_t)spec->sizes[1];
    for (size_t i = 0; i < n; i++) {
        const double before = at[i];
        at[i] = before + h;
        plain_perceptron(spec, at, batch, up);
        at[i] = before - h;
        plain_perceptron(spec, at, batch, down);
        at[i] = before;
        for (size_t k = 0; k < n; k++) matrix[i * n + k] = (up[k] - down[k]) / (2 * h);
        if (i == offset + weights + (size_t)spec->sizes[layer + 1]) {
            offset = i;
            layer++;
            weights = (size_t)spec->sizes[layer] * (size_t)spec->sizes[layer + 1];
        }
        if (i < offset + weights) matrix[i * n + i] += spec->l2;
    }
    free(at), free(up), free(down);
    return matrix;
}

static void eigenvalues(double *matrix, size_t n, double *values) {
    const lapack_int size = (lapack_int)n;
    assert_int_equal(LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'L', size, matrix, size, values), 0);
}

/* All of them: (n). */
static double *plain_eigenvalues(const MlpSpec *spec, const Vec *x, const Batch *batch) {
    double *matrix = plain_hessian(spec, x, batch), *values = malloc(x->n * sizeof *values);
    eigenvalues(matrix, x->n, values);
    free(matrix);
    return values;
}

/* The same of P^-1 H: of P^-1/2 H P^-1/2. */
static double plain_largest_scaled(const MlpSpec *spec, const Vec *x, const Batch *batch, const double *p) {
    double *matrix = plain_hessian(spec, x, batch), *values = malloc(x->n * sizeof *values);
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < x->n; k++) matrix[i * x->n + k] /= sqrt(p[i] * p[k]);
    eigenvalues(matrix, x->n, values);
    const double largest = values[x->n - 1];
    free(values), free(matrix);
    return largest;
}

typedef struct Counts {
    int down, flat, up;
} Counts;

static Counts count(const double *values, size_t n) {
    const double flat = HESSIAN_FLAT * fmax(fabs(values[0]), fabs(values[n - 1]));
    Counts counts = {0};
    for (size_t i = 0; i < n; i++) {
        counts.down += values[i] < -flat;
        counts.flat += fabs(values[i]) <= flat;
        counts.up += values[i] > flat;
    }
    return counts;
}

static void check_near(const char *what, double value, double expected, double share) {
    if (!(fabs(value - expected) <= share * fabs(expected)))
        fail_msg("%s: %.8g, not %.8g", what, value, expected);
}

/* Labels of one output are of the classes 0 and 1, and dropout and noise do not count. */
static MlpSpec noisy_network(
    const char *sizes, const char *activation, const char *loss, Precision precision) {
    MlpSpec spec = network(sizes, activation, loss, precision);
    spec.l2 = 0.03;
    spec.dropout = 0.3;
    spec.label_noise = 0.2;
    return spec;
}

static void test_small_ones_are_exact(void **state) {
    (void)state;
    static const char *const activations[] = {"tanh", "gelu"};
    static const char *const losses[] = {"cross_entropy", "squared"};
    for (int a = 0; a < 2; a++)
        for (int l = 0; l < 2; l++) {
            const MlpSpec spec = noisy_network("2-9-7-3", activations[a], losses[l], PRECISION_F32);
            const Batch batch = random_batch(&spec, EXAMPLES, 4);
            Mlp *mlp = create(&spec);
            const Vec x = random_parameters(mlp, 5);
            double *values = plain_eigenvalues(&spec, &x, &batch);
            Hessian *hessian = create_hessian(&spec, &batch);
            assert_true(hessian_is_exact(hessian));
            assert_int_equal(hessian_dim(hessian), x.n);
            find(hessian, HESSIAN_EXTREMES, &x);
            check_near("largest", hessian_extremes(hessian).largest, values[x.n - 1], 0.01);
            check_near("smallest", hessian_extremes(hessian).smallest, values[0], 0.01);
            find(hessian, HESSIAN_SPREAD, &x);
            const HessianSpread *spread = hessian_spread(hessian);
            const Counts counts = count(values, x.n);
            assert_true(spread->exact);
            assert_int_equal(spread->n, x.n);
            for (size_t i = 0; i < x.n; i++)
                assert_near(spread->ritz[i].value, values[i], 1e-7 * fabs(values[x.n - 1]));
            assert_near(spread->down, counts.down, 1e-6);
            assert_near(spread->flat, counts.flat, 1e-6);
            assert_near(spread->up, counts.up, 1e-6);
            assert_int_equal(hessian_down(spread), counts.down);
            assert_true(counts.down > 0);
            free(values), free(x.data);
            hessian_destroy(hessian);
            batch_free(&batch);
            mlp_destroy(mlp);
        }
}

static void test_large_ones_are_estimated(void **state) {
    (void)state;
    for (int p = 0; p < 2; p++) {
        const MlpSpec spec =
            noisy_network("2-22-22-3", "tanh", "cross_entropy", p ? PRECISION_F32 : PRECISION_F64);
        const Batch batch = random_batch(&spec, EXAMPLES, 4);
        Mlp *mlp = create(&spec);
        const Vec x = random_parameters(mlp, 5);
        double *values = plain_eigenvalues(&spec, &x, &batch);
        const Counts counts = count(values, x.n);
        Hessian *hessian = create_hessian(&spec, &batch);
        assert_false(hessian_is_exact(hessian));
        find(hessian, HESSIAN_EXTREMES, &x);
        check_near("largest", hessian_extremes(hessian).largest, values[x.n - 1], 0.01);
        check_near("smallest", hessian_extremes(hessian).smallest, values[0], 0.01);
        find(hessian, HESSIAN_SPREAD, &x);
        const HessianSpread *spread = hessian_spread(hessian);
        assert_false(spread->exact);
        check_near("largest", hessian_extremes(hessian).largest, values[x.n - 1], 0.01);
        check_near("negative ones", spread->down, counts.down, 0.25);
        assert_near(spread->down + spread->flat + spread->up, (double)x.n, 1e-6 * (double)x.n);
        free(values), free(x.data);
        hessian_destroy(hessian);
        batch_free(&batch);
        mlp_destroy(mlp);
    }
}

/* Scalings as they are of adaptive methods: from far below 1 to above. What is no scaling has no eigenvalue.
 */
static void test_scaled(void **state) {
    (void)state;
    static const char *const sizes[] = {"2-9-7-3", "2-22-22-3"};
    for (int i = 0; i < 4; i++) {
        const MlpSpec spec =
            noisy_network(sizes[i / 2], "tanh", "cross_entropy", i % 2 ? PRECISION_F32 : PRECISION_F64);
        const Batch batch = random_batch(&spec, EXAMPLES, 4);
        Mlp *mlp = create(&spec);
        const Vec x = random_parameters(mlp, 5);
        Rng rng = rng_seed(6);
        double *p = malloc(x.n * sizeof *p);
        Hessian *hessian = create_hessian(&spec, &batch);
        for (size_t k = 0; k < x.n; k++) {
            vec_set(hessian_scaling(hessian), k, pow(10, rng_uniform(&rng, -2.5, 0.5)));
            p[k] = vec_get(hessian_scaling(hessian), k);
        }
        find(hessian, HESSIAN_EXTREMES, &x);
        const HessianExtremes plain = hessian_extremes(hessian);
        assert_true(isnan(plain.scaled));
        hessian_begin_scaled(hessian);
        while (hessian_advance(hessian)) continue;
        const HessianExtremes extremes = hessian_extremes(hessian);
        check_near("scaled", extremes.scaled, plain_largest_scaled(&spec, &x, &batch, p), 0.01);
        assert_near(extremes.largest, plain.largest, 0);
        assert_near(extremes.smallest, plain.smallest, 0);
        vec_set(hessian_scaling(hessian), 3, 0);
        hessian_begin_scaled(hessian);
        while (hessian_advance(hessian)) continue;
        assert_true(isnan(hessian_extremes(hessian).scaled));
        assert_near(hessian_extremes(hessian).largest, plain.largest, 0);
        hessian_destroy(hessian);
        free(p), free(x.data);
        batch_free(&batch);
        mlp_destroy(mlp);
    }
}

/* A linear network's squared error is a quadratic: with inputs +-a_i along each of the axes its Hessian is
 * diagonal, a_i^2/n, and 1 for the bias. */
static void test_known_quadratic(void **state) {
    (void)state;
    enum { N = 5 };
    static const float sizes[N] = {1, 2, 3, 5, 8};
    const MlpSpec spec = network("5-1", "linear", "squared", PRECISION_F32);
    float inputs[2 * N * N] = {0}, targets[2 * N] = {0};
    for (size_t i = 0; i < N; i++) {
        inputs[2 * i * N + i] = sizes[i];
        inputs[(2 * i + 1) * N + i] = -sizes[i];
    }
    const Batch batch = {.size = 2 * N, .n_in = N, .inputs = inputs, .targets = targets};
    Hessian *hessian = create_hessian(&spec, &batch);
    float numbers[N + 1] = {1, 0, 0, 0, 0, 2};
    const Vec x = {.n = N + 1, .precision = PRECISION_F32, .data = numbers};
    find(hessian, HESSIAN_SPREAD, &x);
    const HessianSpread *spread = hessian_spread(hessian);
    static const double expected[] = {0.2, 0.8, 1, 1.8, 5, 12.8};
    for (int i = 0; i < N + 1; i++) assert_near(spread->ritz[i].value, expected[i], 1e-12);
    assert_near(spread->up, N + 1, 1e-12);
    const HessianExtremes extremes = hessian_extremes(hessian);
    /* Outputs are 2, and 2 +- 1 along the first axis. */
    assert_near(extremes.loss, (8 * 4 + 9 + 1) / 20.0, 1e-12);
    assert_near(extremes.gradient_norm, hypot(0.2 * 1, 2), 1e-12);
    hessian_destroy(hessian);
}

/* Of many examples some stand for all: where every 7th is of another kind, or they are in order and the first
 * 7th is, its share stays. */
static void test_many_examples(void **state) {
    (void)state;
    enum { MANY = 9800 };
    const MlpSpec spec = network("1-1", "linear", "squared", PRECISION_F64);
    static float inputs[MANY], targets[MANY];
    const Batch batch = {.size = MANY, .n_in = 1, .inputs = inputs, .targets = targets};
    const double a = 9 / 7.0, b = 3 / 7.0, middle = 0.5 * (a + 1), half = hypot(0.5 * (a - 1), b);
    for (int in_order = 0; in_order < 2; in_order++) {
        for (int i = 0; i < MANY; i++) inputs[i] = (in_order ? i < MANY / 7 : i % 7 == 0) ? 3 : 0;
        Hessian *hessian = create_hessian(&spec, &batch);
        assert_int_equal(hessian_examples(hessian), HESSIAN_EXAMPLES_MAX);
        double numbers[2] = {0};
        const Vec x = vec_of_f64(numbers, 2);
        find(hessian, HESSIAN_SPREAD, &x);
        check_near("largest", hessian_extremes(hessian).largest, middle + half, 0.01);
        check_near("smallest", hessian_extremes(hessian).smallest, middle - half, 0.01);
        hessian_destroy(hessian);
    }
}

static void test_nothing_finite(void **state) {
    (void)state;
    static const char *const sizes[] = {"2-5-3", "2-30-30-3"};
    for (int i = 0; i < 2; i++) {
        const MlpSpec spec = network(sizes[i], "tanh", "cross_entropy", PRECISION_F32);
        const Batch batch = random_batch(&spec, EXAMPLES, 4);
        Mlp *mlp = create(&spec);
        const Vec x = random_parameters(mlp, 5);
        Hessian *hessian = create_hessian(&spec, &batch);
        vec_set(&x, 3, NAN);
        for (int task = 0; task < 2; task++) {
            find(hessian, (HessianTask)task, &x);
            assert_true(isnan(hessian_extremes(hessian).largest));
            assert_true(isnan(hessian_extremes(hessian).smallest));
            assert_int_equal(hessian_spread(hessian)->n, 0);
        }
        free(x.data);
        hessian_destroy(hessian);
        batch_free(&batch);
        mlp_destroy(mlp);
    }
}

/* x^2 - y^2 + 1 has a saddle at 0; at x = 1 there is a slope; the best step from x wins x^2. */
static void test_places(void **state) {
    (void)state;
    static const struct {
        double x, smallest, down;
        HessianPlace place;
    } cases[] = {{0, -2, 1, HESSIAN_SADDLE}, {0.03, -2, 1, HESSIAN_SADDLE}, {1, -2, 1, HESSIAN_SLOPE},
        {0.03, 0, 0, HESSIAN_VALLEY}, {0.04, 0, 0, HESSIAN_SLOPE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const HessianExtremes extremes = {.smallest = cases[i].smallest,
            .largest = 2,
            .loss = cases[i].x * cases[i].x + 1,
            .gradient_norm = 2 * cases[i].x};
        assert_int_equal(hessian_place(&extremes, cases[i].down), cases[i].place);
    }
    assert_int_equal(hessian_place(&(HessianExtremes){NAN, NAN, NAN, NAN}, 0), HESSIAN_SLOPE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_ones_are_exact),
        cmocka_unit_test(test_large_ones_are_estimated),
        cmocka_unit_test(test_scaled),
        cmocka_unit_test(test_known_quadratic),
        cmocka_unit_test(test_many_examples),
        cmocka_unit_test(test_nothing_finite),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
