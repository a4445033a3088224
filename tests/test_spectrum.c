/* Eigenvalues of Hessians that are never formed, against those that are known and those that LAPACK finds. */
#include "networks.h"

#include "allocations.h"
#include "spectrum.h"

#include <lapacke.h>

enum { STEPS = 80 };

static Spectrum *create_spectrum(size_t dim, Precision precision, int steps) {
    Status status = status_ok();
    Spectrum *spectrum = spectrum_create(dim, precision, steps, &status);
    if (!spectrum) fail_msg("%s", status.message);
    return spectrum;
}

/* All steps, and what is known then. */
static int find(Spectrum *spectrum, Objective *objective, const Vec *x, uint64_t seed, Ritz *ritz) {
    spectrum_start(spectrum, seed);
    while (spectrum_advance(spectrum, objective, x)) continue;
    return spectrum_read(spectrum, ritz);
}

/* A function whose Hessian is diagonal. */
typedef struct Bowl {
    Objective objective;
    const double *values; /* (dim) */
} Bowl;

static void bowl_product(Objective *objective, const Vec *x, const Vec *v, const Vec *product) {
    const Bowl *bowl = (const Bowl *)(const void *)objective;
    (void)x;
    for (size_t i = 0; i < v->n; i++) vec_set(product, i, bowl->values[i] * vec_get(v, i));
}

static const ObjectiveType bowl_type = {.name = "bowl", .hessian_vector = bowl_product};

static Bowl bowl_of(const double *values, size_t n) {
    return (Bowl){.objective = {.type = &bowl_type, .dim = n}, .values = values};
}

static void all_steps_find_all_eigenvalues(void **state) {
    (void)state;
    double values[20], numbers[20] = {0};
    for (int i = 0; i < 20; i++) values[i] = i * i - 50; /* both signs, and rising */
    Bowl bowl = bowl_of(values, 20);
    const Vec x = vec_of_f64(numbers, 20);
    Spectrum *spectrum = create_spectrum(20, PRECISION_F64, STEPS);
    Ritz ritz[STEPS];
    assert_int_equal(find(spectrum, &bowl.objective, &x, 1, ritz), 20);
    double all = 0;
    for (int i = 0; i < 20; i++) {
        assert_near(ritz[i].value, values[i], 1e-10);
        all += ritz[i].weight;
    }
    assert_near(all, 1, 1e-13);
    spectrum_destroy(spectrum);
}

static void what_is_said_of_errors_holds(void **state) {
    (void)state;
    enum { N = 300 };
    double values[N], numbers[N] = {0};
    for (int i = 0; i < N; i++) values[i] = cos(i) * (1 + 0.01 * i);
    Bowl bowl = bowl_of(values, N);
    const Vec x = vec_of_f64(numbers, N);
    Spectrum *spectrum = create_spectrum(N, PRECISION_F64, 30);
    spectrum_start(spectrum, 3);
    Ritz ritz[30];
    double last_smallest = INFINITY, last_largest = -INFINITY;
    for (bool more = true; more;) {
        more = spectrum_advance(spectrum, &bowl.objective, &x);
        const int n = spectrum_read(spectrum, ritz);
        assert_int_equal(n, spectrum_steps(spectrum));
        for (int i = 0; i < n; i++) {
            double nearest = INFINITY;
            for (int k = 0; k < N; k++) nearest = fmin(nearest, fabs(values[k] - ritz[i].value));
            if (!(nearest <= ritz[i].off + 1e-12)) fail_msg("off by %g, not %g", nearest, ritz[i].off);
        }
        /* The extremes only get better. */
        assert_true(ritz[0].value <= last_smallest + 1e-12 && ritz[n - 1].value >= last_largest - 1e-12);
        last_smallest = ritz[0].value, last_largest = ritz[n - 1].value;
    }
    assert_int_equal(spectrum_steps(spectrum), 30);
    assert_false(spectrum_advance(spectrum, &bowl.objective, &x));
    assert_int_equal(spectrum_steps(spectrum), 30);
    spectrum_destroy(spectrum);
}

/* One that stands out is found at once; it must not be found again. */
static void no_eigenvalue_is_found_twice(void **state) {
    (void)state;
    enum { N = 400 };
    double values[N], numbers[N] = {0};
    for (int i = 0; i < N; i++) values[i] = sin(i);
    values[17] = 1000;
    values[18] = -500;
    Bowl bowl = bowl_of(values, N);
    const Vec x = vec_of_f64(numbers, N);
    Spectrum *spectrum = create_spectrum(N, PRECISION_F64, STEPS);
    Ritz ritz[STEPS];
    const int n = find(spectrum, &bowl.objective, &x, 3, ritz);
    assert_int_equal(n, STEPS);
    assert_near(ritz[0].value, -500, 1e-12);
    assert_near(ritz[n - 1].value, 1000, 1e-12);
    for (int i = 1; i < n - 1; i++) assert_true(fabs(ritz[i].value) < 1.001);
    spectrum_destroy(spectrum);
}

/* Where the vectors are mapped onto themselves, it is over. */
static void few_eigenvalues_take_few_steps(void **state) {
    (void)state;
    double values[50], numbers[50] = {0};
    for (int i = 0; i < 50; i++) values[i] = i % 3 - 1; /* -1, 0, 1: 17, 17 and 16 times */
    Bowl bowl = bowl_of(values, 50);
    const Vec x = vec_of_f64(numbers, 50);
    Spectrum *spectrum = create_spectrum(50, PRECISION_F64, STEPS);
    Ritz ritz[STEPS];
    assert_int_equal(find(spectrum, &bowl.objective, &x, 1, ritz), 3);
    for (int i = 0; i < 3; i++) assert_near(ritz[i].value, i - 1, 1e-13);

    /* The weights are shares in the mean: so many seeds are right to 0.01. */
    enum { SEEDS = 500 };
    double mean[3] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        assert_int_equal(find(spectrum, &bowl.objective, &x, seed, ritz), 3);
        for (int i = 0; i < 3; i++) mean[i] += ritz[i].weight / SEEDS;
    }
    const double shares[] = {17 / 50.0, 17 / 50.0, 16 / 50.0};
    for (int i = 0; i < 3; i++) assert_near(mean[i], shares[i], 0.01);

    memset(values, 0, sizeof values); /* a plain */
    assert_int_equal(find(spectrum, &bowl.objective, &x, 1, ritz), 1);
    assert_near(ritz[0].value, 0, 0);
    values[3] = NAN;
    assert_int_equal(find(spectrum, &bowl.objective, &x, 1, ritz), 0);
    spectrum_destroy(spectrum);
}

/* The dense Hessian's smallest and largest, in float64. */
static void dense_extremes(const MlpSpec *spec, const Batch *batch, double *smallest, double *largest) {
    MlpSpec wide = *spec;
    wide.precision = PRECISION_F64;
    Mlp *mlp = create(&wide);
    const Vec x = random_parameters(mlp, 5);
    mlp_set_batch(mlp, batch, 0);
    double *hessian = malloc(x.n * x.n * sizeof *hessian), *values = malloc(x.n * sizeof *values);
    mlp_objective(mlp)->type->hessian(mlp_objective(mlp), &x, hessian);
    const lapack_int n = (lapack_int)x.n;
    assert_int_equal(LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'L', n, hessian, n, values), 0);
    *smallest = values[0], *largest = values[x.n - 1];
    free(hessian), free(values), free(x.data);
    mlp_destroy(mlp);
}

static void extremes_of(const char *sizes, const char *activation, const char *loss, Precision precision) {
    const MlpSpec spec = network(sizes, activation, loss, precision);
    const Batch batch = random_batch(&spec, 50, 6);
    double smallest, largest;
    dense_extremes(&spec, &batch, &smallest, &largest);
    Mlp *mlp = create(&spec);
    const Vec x = random_parameters(mlp, 5);
    mlp_set_batch(mlp, &batch, 0);
    Spectrum *spectrum = create_spectrum(x.n, precision, STEPS);
    Ritz ritz[STEPS];
    const int n = find(spectrum, mlp_objective(mlp), &x, 2, ritz);
    assert_true(n > 0);
    if (!(fabs(ritz[0].value - smallest) <= 0.01 * fabs(smallest)))
        fail_msg("%s %s %s: smallest %g, not %g", sizes, activation, loss, ritz[0].value, smallest);
    if (!(fabs(ritz[n - 1].value - largest) <= 0.01 * fabs(largest)))
        fail_msg("%s %s %s: largest %g, not %g", sizes, activation, loss, ritz[n - 1].value, largest);
    spectrum_destroy(spectrum);
    free(x.data);
    batch_free(&batch);
    mlp_destroy(mlp);
}

static void extremes_are_the_dense_hessians(void **state) {
    (void)state;
    static const char *const activations[] = {"tanh", "relu", "gelu"};
    static const char *const losses[] = {"cross_entropy", "logistic", "squared"};
    for (int a = 0; a < 3; a++)
        for (int l = 0; l < 3; l++)
            for (int p = 0; p < 2; p++) {
                const Precision precision = p ? PRECISION_F32 : PRECISION_F64;
                extremes_of("2-5-3", activations[a], losses[l], precision);
                extremes_of("2-16-16-2", activations[a], losses[l], precision);
                extremes_of("70-4-3", activations[a], losses[l], precision);
            }
}

static void a_seed_gives_the_same_bits_and_nothing_is_allocated(void **state) {
    (void)state;
    const MlpSpec spec = network("2-16-16-2", "tanh", "cross_entropy", PRECISION_F32);
    const Batch batch = random_batch(&spec, 50, 6);
    Mlp *mlp = create(&spec);
    const Vec x = random_parameters(mlp, 5);
    mlp_set_batch(mlp, &batch, 0);
    Spectrum *spectrum = create_spectrum(x.n, PRECISION_F32, 12);
    Ritz first[12], again[12], other[12];
    assert_int_equal(find(spectrum, mlp_objective(mlp), &x, 7, first), 12);
    const int before = allocations;
    assert_int_equal(find(spectrum, mlp_objective(mlp), &x, 8, other), 12);
    assert_int_equal(find(spectrum, mlp_objective(mlp), &x, 7, again), 12);
    assert_int_equal(allocations, before);
    for (int i = 0; i < 12; i++) {
        assert_true(first[i].value == again[i].value && first[i].weight == again[i].weight);
        assert_true(first[i].value != other[i].value);
    }
    Status status = status_ok();
    assert_null(spectrum_create(x.n, PRECISION_F32, 0, &status));
    assert_null(spectrum_create(x.n, PRECISION_F32, SPECTRUM_STEPS_MAX + 1, &status));
    assert_null(spectrum_create((size_t)1 << 40, PRECISION_F32, 100, &status));
    assert_non_null(strstr(status.message, "memory"));
    spectrum_destroy(spectrum);
    free(x.data);
    batch_free(&batch);
    mlp_destroy(mlp);
}

/* All of it together is what the weights are; alone it is a normal distribution. */
static void a_density_integrates_to_its_weights(void **state) {
    (void)state;
    enum { CELLS = 4000 };
    static double density[CELLS];
    const Ritz ritz[] = {{-3, 0, 0.25}, {0, 0, 0.5}, {0.01, 0, 0.125}, {5, 0, 0.125}};
    const double low = -10, width = 20.0 / CELLS, blur = 0.2;
    spectrum_density(ritz, 4, blur, low, width, CELLS, density);
    double all = 0, left = 0;
    for (int i = 0; i < CELLS; i++) {
        all += width * density[i];
        left += low + i * width < -1.5 ? width * density[i] : 0;
    }
    assert_near(all, 1, 1e-12);
    assert_near(left, 0.25, 1e-12);
    for (int i = 0; i < CELLS; i += 7) {
        double expected = 0;
        for (int k = 0; k < 4; k++) {
            const double off = (low + (i + 0.5) * width - ritz[k].value) / blur;
            expected += ritz[k].weight * exp(-off * off / 2) / (blur * sqrt(2 * acos(-1)));
        }
        assert_true(fabs(density[i] - expected) < 1e-13);
    }
    spectrum_density(ritz, 4, blur, 6, width, 100, density); /* most of it is out of sight */
    assert_true(density[0] > 0 && density[0] < 1e-3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_steps_find_all_eigenvalues),
        cmocka_unit_test(what_is_said_of_errors_holds),
        cmocka_unit_test(no_eigenvalue_is_found_twice),
        cmocka_unit_test(few_eigenvalues_take_few_steps),
        cmocka_unit_test(a_density_integrates_to_its_weights),
        cmocka_unit_test(extremes_are_the_dense_hessians),
        cmocka_unit_test(a_seed_gives_the_same_bits_and_nothing_is_allocated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
