/* Every initialisation against what its row says: moments, counts, products. */
#include "networks.h"

#include "init.h"

static InitSpec read(const char *text) {
    InitSpec spec;
    Status status = status_ok();
    if (!init_read(&spec, text, &status)) fail_msg("%s: %s", text, status.message);
    return spec;
}

/* The parameters of a network so initialised; free its numbers. */
static Vec fill(const char *text, Mlp *mlp, uint64_t seed) {
    const InitSpec spec = read(text);
    const Vec x = random_parameters(mlp, 1);
    Status status = status_ok();
    if (!init_fill(&spec, mlp, &x, seed, &status)) fail_msg("%s: %s", text, status.message);
    return x;
}

/* Mean, variance and kurtosis of n numbers, and the largest. */
typedef struct Moments {
    double mean, variance, kurtosis, largest;
} Moments;

static Moments moments(const double *x, size_t n) {
    Moments m = {0};
    double fourth = 0;
    for (size_t i = 0; i < n; i++) m.mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double d = x[i] - m.mean;
        m.variance += d * d / (double)n;
        fourth += d * d * d * d / (double)n;
        m.largest = fmax(m.largest, fabs(x[i]));
    }
    m.kurtosis = fourth / (m.variance * m.variance);
    return m;
}

static void weights_have_their_distribution(void **state) {
    (void)state;
    enum { N_IN = 300, N_OUT = 200, N = N_IN * N_OUT };
    const double normal = 3, flat = 1.8; /* kurtosis */
    const struct {
        const char *text;
        double variance, kurtosis, largest;
    } rows[] = {{"gaussian", 1e-4, normal, INFINITY}, {"gaussian:sigma=0.5", 0.25, normal, INFINITY},
        {"uniform", 0.05 * 0.05 / 3, flat, 0.05}, {"uniform:limit=3", 3, flat, 3},
        {"xavier_uniform", 2.0 / (N_IN + N_OUT), flat, sqrt(6.0 / (N_IN + N_OUT))},
        {"xavier_normal", 2.0 / (N_IN + N_OUT), normal, INFINITY}, {"he", 2.0 / N_IN, normal, INFINITY}};
    const MlpSpec spec = network("300-200-3", "relu", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        const Vec x = fill(rows[r].text, mlp, 9);
        const Moments m = moments(x.f64, N);
        /* Five standard errors. */
        if (!(fabs(m.mean) < 5 * sqrt(rows[r].variance / N) &&
                fabs(m.variance / rows[r].variance - 1) < 5 * sqrt((rows[r].kurtosis - 1) / N) &&
                fabs(m.kurtosis - rows[r].kurtosis) < 5 * sqrt(24.0 / N) * 2 && m.largest <= rows[r].largest))
            fail_msg("%s: mean %g, variance %g, kurtosis %g, largest %g", rows[r].text, m.mean, m.variance,
                m.kurtosis, m.largest);
        for (size_t i = N; i < N + N_OUT; i++) assert_true(x.f64[i] == 0);
        free(x.data);
    }
    mlp_destroy(mlp);
}

static void constants_and_biases(void **state) {
    (void)state;
    const MlpSpec spec = network("7-5-3", "relu", "cross_entropy", PRECISION_F32);
    Mlp *mlp = create(&spec);
    const struct {
        const char *text;
        float weight, bias;
    } rows[] = {{"zero", 0, 0}, {"zero:bias=0.1", 0, 0.1F}, {"constant", 0.1F, 0},
        {"constant:value=-2:bias=3", -2, 3}, {"constant:bias=0.5,value=4", 4, 0.5F}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        const Vec x = fill(rows[r].text, mlp, 9);
        const Layout *layout = mlp_objective(mlp)->layout;
        assert_int_equal(layout->n_blocks, 4);
        size_t next = 0;
        for (int b = 0; b < layout->n_blocks; b++) {
            const LayoutBlock block = layout->blocks[b];
            assert_int_equal(block.offset, next);
            next += block.rows * block.cols;
            for (size_t i = block.offset; i < next; i++)
                assert_true(x.f32[i] == (b % 2 ? rows[r].bias : rows[r].weight));
        }
        assert_int_equal(next, x.n);
        free(x.data);
    }
    mlp_destroy(mlp);
}

static void identity_connects_equal_numbers(void **state) {
    (void)state;
    const MlpSpec spec = network("2-3-3-2", "linear", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    const Vec x = fill("identity:scale=0.75", mlp, 1);
    const Layout *layout = mlp_objective(mlp)->layout;
    for (int b = 0; b < layout->n_blocks; b++) {
        const LayoutBlock block = layout->blocks[b];
        for (size_t i = 0; i < block.rows; i++)
            for (size_t j = 0; j < block.cols; j++)
                assert_true(x.f64[block.offset + i * block.cols + j] == (b % 2 == 0 && i == j ? 0.75 : 0));
    }
    free(x.data);
    mlp_destroy(mlp);
}

static void sparse_units_have_k_inputs(void **state) {
    (void)state;
    enum { N_IN = 60, N_OUT = 2000 };
    const MlpSpec spec = network("60-2000-3", "relu", "cross_entropy", PRECISION_F32);
    Mlp *mlp = create(&spec);
    const int wanted[] = {1, 15, 60};
    for (int w = 0; w < 3; w++) {
        char text[32];
        snprintf(text, sizeof text, "sparse:k=%d", wanted[w]);
        const Vec x = fill(text, mlp, 4);
        double values[N_OUT], used[N_IN] = {0};
        size_t n = 0;
        for (size_t unit = 0; unit < N_OUT; unit++) {
            int inputs = 0;
            for (size_t i = 0; i < N_IN; i++) {
                const double weight = (double)x.f32[i * N_OUT + unit];
                if (weight == 0) continue;
                if (inputs++ == 0) values[n++] = weight;
                used[i]++;
            }
            assert_int_equal(inputs, wanted[w]);
        }
        /* Every input as often as the others, and normal weights. */
        const double share = (double)wanted[w] / N_IN;
        for (int i = 0; i < N_IN; i++)
            assert_true(fabs(used[i] / N_OUT - share) <= 5 * sqrt(share * (1 - share) / N_OUT));
        const Moments m = moments(values, n);
        assert_true(fabs(m.mean) < 5 / sqrt(N_OUT) && fabs(m.variance - 1) < 5 * sqrt(2.0 / N_OUT));
        free(x.data);
    }
    mlp_destroy(mlp);
}

/* W'W = gain^2 I for the tall ones, WW' for the wide. */
static void orthogonal_is_orthogonal(void **state) {
    (void)state;
    const char *const sizes[] = {"90-40-2", "40-90-2", "50-50-2", "1-3-2"};
    for (int s = 0; s < 4; s++) {
        const MlpSpec spec = network(sizes[s], "relu", "cross_entropy", PRECISION_F64);
        Mlp *mlp = create(&spec);
        const Vec x = fill("orthogonal:gain=1.5", mlp, 4);
        const int n_in = spec.sizes[0], n_out = spec.sizes[1], n = n_in < n_out ? n_in : n_out;
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++) {
                double dot = 0;
                for (int k = 0; k < (n_in < n_out ? n_out : n_in); k++)
                    dot += n_in < n_out ? x.f64[a * n_out + k] * x.f64[b * n_out + k]
                                        : x.f64[k * n_out + a] * x.f64[k * n_out + b];
                assert_near(dot, a == b ? 2.25 : 0, 1e-12);
            }
        free(x.data);
        mlp_destroy(mlp);
    }
}

/* Of each layer's sums over the batch, without the bias: variance 1. */
static void lsuv_has_unit_variance(void **state) {
    (void)state;
    enum { N = 50 };
    MlpSpec spec = network("20-70-30-4", "gelu", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    const InitSpec lsuv = read("lsuv:bias=0.1");
    const Vec empty = random_parameters(mlp, 1);
    Status status = status_ok();
    assert_false(init_fill(&lsuv, mlp, &empty, 1, &status));
    assert_non_null(strstr(status.message, "batch"));
    free(empty.data);

    const Batch batch = random_batch(&spec, N, 3);
    mlp_set_batch(mlp, &batch, 0);
    const Vec x = fill("lsuv:bias=0.1", mlp, 4);
    static double a[N][70], z[N][70];
    for (int e = 0; e < N; e++)
        for (int i = 0; i < 20; i++) a[e][i] = (double)batch.inputs[e * 20 + i];
    size_t at = 0;
    for (int l = 0; l < 3; l++) {
        const int n_in = spec.sizes[l], n_out = spec.sizes[l + 1];
        double mean = 0, squares = 0;
        for (int e = 0; e < N; e++)
            for (int j = 0; j < n_out; j++) {
                z[e][j] = 0;
                for (int i = 0; i < n_in; i++) z[e][j] += x.f64[at + (size_t)(i * n_out + j)] * a[e][i];
                mean += z[e][j] / (N * n_out);
                squares += z[e][j] * z[e][j] / (N * n_out);
            }
        assert_near(squares - mean * mean, 1, 1e-10);
        for (int e = 0; e < N; e++)
            for (int j = 0; j < n_out; j++) {
                double slope;
                a[e][j] = plain_activation("gelu", z[e][j] + 0.1, &slope);
            }
        at += (size_t)((n_in + 1) * n_out);
    }
    free(x.data);
    batch_free(&batch);
    mlp_destroy(mlp);
}

/* The same seed gives the same numbers, in either precision; another seed others. */
static void seeds_are_streams(void **state) {
    (void)state;
    for (int r = 0; r < init_count; r++) {
        const MlpSpec wide = network("9-12-4", "relu", "cross_entropy", PRECISION_F64);
        const MlpSpec narrow = network("9-12-4", "relu", "cross_entropy", PRECISION_F32);
        Mlp *f64 = create(&wide), *f32 = create(&narrow);
        const Batch batch = random_batch(&wide, 20, 3);
        mlp_set_batch(f64, &batch, 0);
        mlp_set_batch(f32, &batch, 0);
        const Vec a = fill(init_table[r].name, f64, 1), b = fill(init_table[r].name, f64, 1);
        const Vec c = fill(init_table[r].name, f32, 1), d = fill(init_table[r].name, f64, 2);
        assert_true(vec_is_same(&a, &b));
        const double tolerance = strcmp(init_table[r].name, "lsuv") == 0 ? 1e-5 : 1e-7;
        for (size_t i = 0; i < a.n; i++) assert_near((double)c.f32[i], a.f64[i], tolerance);
        const bool is_random = strcmp(init_table[r].name, "zero") && strcmp(init_table[r].name, "constant") &&
                               strcmp(init_table[r].name, "identity");
        assert_int_equal(!vec_is_same(&a, &d), is_random);
        free(a.data), free(b.data), free(c.data), free(d.data);
        batch_free(&batch);
        mlp_destroy(f64), mlp_destroy(f32);
    }
}

static void bad_ones_are_refused(void **state) {
    (void)state;
    const struct {
        const char *text, *part;
    } bad[] = {{"hee", "did you mean 'he'"}, {"he:k=3", "he has no parameter 'k'; it has bias"},
        {"sparse:k=0", "k of sparse is 0"}, {"sparse:k=1.5", "k of sparse is 1.5"},
        {"sparse:k", "'k' is not NAME=NUMBER"}, {"gaussian:sigma=-1", "sigma of gaussian is -1"},
        {"gaussian:sig=1", "it has sigma and bias"}, {"zero:bias=inf", "is not NAME=NUMBER"},
        {"", "no init"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        InitSpec spec;
        Status status = status_ok();
        assert_false(init_read(&spec, bad[i].text, &status));
        if (!strstr(status.message, bad[i].part))
            fail_msg("'%s' does not say '%s'", status.message, bad[i].part);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_have_their_distribution),
        cmocka_unit_test(constants_and_biases),
        cmocka_unit_test(identity_connects_equal_numbers),
        cmocka_unit_test(sparse_units_have_k_inputs),
        cmocka_unit_test(orthogonal_is_orthogonal),
        cmocka_unit_test(lsuv_has_unit_variance),
        cmocka_unit_test(seeds_are_streams),
        cmocka_unit_test(bad_ones_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
