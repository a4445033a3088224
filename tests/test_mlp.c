/* The perceptron against plain loops, against differences, and against itself on other threads. */
#include "networks.h"

#include "allocations.h"
#include "surface.h"

/* Whatever is trained on: sizes that are small, that are not, and one output. */
static const char *const shapes[] = {"3-5-4-3", "2-7-1", "70-9-3", "4-2"};

typedef struct Extra {
    const char *name;
    double l2, l1, dropout, label_noise;
} Extra;

static const Extra extras[] = {{"nothing", 0, 0, 0, 0}, {"l2", 0.3, 0, 0, 0}, {"l1", 0, 0.2, 0, 0},
    {"dropout", 0, 0, 0.4, 0}, {"label noise", 0, 0, 0, 0.5}, {"all", 0.1, 0.1, 0.2, 0.3}};

typedef void Check(Mlp *mlp, const Vec *x, const char *what);

/* Runs a check on every activation x loss x regulariser x shape that goes together, float64. */
static void on_every_network(Check *check) {
    for (int s = 0; s < (int)(sizeof shapes / sizeof shapes[0]); s++)
        for (int a = 0; a < activation_count; a++)
            for (int l = 0; l < loss_count; l++)
                for (int e = 0; e < (int)(sizeof extras / sizeof extras[0]); e++) {
                    MlpSpec spec =
                        network(shapes[s], activation_table[a].name, loss_table[l].name, PRECISION_F64);
                    if (spec.sizes[spec.n_layers] < spec.loss->outputs_min) continue;
                    spec.l2 = extras[e].l2;
                    spec.l1 = extras[e].l1;
                    spec.dropout = extras[e].dropout;
                    spec.label_noise = extras[e].label_noise;
                    Mlp *mlp = create(&spec);
                    const Batch batch = random_batch(&spec, 6, 11);
                    mlp_set_batch(mlp, &batch, 4);
                    const Vec x = random_parameters(mlp, 5);
                    char what[128];
                    snprintf(what, sizeof what, "%s %s %s %s", shapes[s], activation_table[a].name,
                        loss_table[l].name, extras[e].name);
                    check(mlp, &x, what);
                    free(x.data);
                    batch_free(&batch);
                    mlp_destroy(mlp);
                }
}

/* Central differences of the fourth order. */
static const double offsets[] = {-2, -1, 1, 2}, weights[] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};

static void gradient_is_the_difference(Mlp *mlp, const Vec *x, const char *what) {
    const double step = 1e-5;
    const Vec gradient = vec_like(x);
    evaluate(mlp, x, &gradient);
    const double norm = vec_norm(&gradient);
    for (size_t i = 0; i < x->n; i += 1 + x->n / 40) {
        const double here = x->f64[i];
        double difference = 0;
        for (int k = 0; k < 4; k++) {
            x->f64[i] = here + offsets[k] * step;
            difference += weights[k] / step * evaluate(mlp, x, NULL);
        }
        x->f64[i] = here;
        if (!(fabs(difference - gradient.f64[i]) <= 1e-6 * norm))
            fail_msg("%s: number %zu of the gradient is %.12g, the difference %.12g", what, i,
                gradient.f64[i], difference);
    }
    free(gradient.data);
}

static void gradients_are_differences(void **state) {
    (void)state;
    on_every_network(gradient_is_the_difference);
}

static void product_is_the_difference(Mlp *mlp, const Vec *x, const char *what) {
    const double step = 1e-5;
    Objective *objective = mlp_objective(mlp);
    const Vec v = random_parameters(mlp, 17), product = vec_like(x), gradient = vec_like(x), at = vec_like(x),
              difference = vec_like(x);
    objective->type->hessian_vector(objective, x, &v, &product);
    vec_fill(&difference, 0);
    for (int k = 0; k < 4; k++) {
        vec_combine(&at, 1, x, offsets[k] * step, &v);
        evaluate(mlp, &at, &gradient);
        vec_combine(&difference, 1, &difference, weights[k] / step, &gradient);
    }
    const double size = vec_norm(&product);
    vec_combine(&difference, 1, &difference, -1, &product);
    if (!(vec_norm(&difference) <= 1e-6 * size + 1e-9))
        fail_msg("%s: Hv is off by %g of %g", what, vec_norm(&difference), size);
    free(v.data), free(product.data), free(gradient.data), free(at.data), free(difference.data);
}

static void products_with_the_hessian_are_differences(void **state) {
    (void)state;
    on_every_network(product_is_the_difference);
}

/* 50 steps of plain descent from the same weights on the same batches. */
static void trajectory(
    const char *sizes, const char *activation, const char *loss, Precision precision, double tolerance) {
    const MlpSpec spec = network(sizes, activation, loss, precision);
    Mlp *mlp = create(&spec);
    const Vec x = random_parameters(mlp, 1), gradient = vec_like(&x);
    double *plain = malloc(x.n * sizeof *plain), *plain_gradient = malloc(x.n * sizeof *plain);
    vec_read(&x, plain);
    for (int step = 0; step < 50; step++) {
        const Batch batch = random_batch(&spec, 13, 100 + (uint64_t)step);
        mlp_set_batch(mlp, &batch, (uint64_t)step);
        const double value = evaluate(mlp, &x, &gradient);
        assert_near(value, plain_perceptron(&spec, plain, &batch, plain_gradient), tolerance);
        vec_combine(&x, 1, &x, -0.05, &gradient);
        for (size_t i = 0; i < x.n; i++) plain[i] -= 0.05 * plain_gradient[i];
        batch_free(&batch);
    }
    double off = 0, size = 0;
    for (size_t i = 0; i < x.n; i++) {
        off = fmax(off, fabs(vec_get(&x, i) - plain[i]));
        size = fmax(size, fabs(plain[i]));
    }
    if (!(off <= tolerance * size)) fail_msg("%s %s %s is off by %g", sizes, activation, loss, off / size);
    free(plain), free(plain_gradient), free(x.data), free(gradient.data);
    mlp_destroy(mlp);
}

static void fifty_steps_are_those_of_plain_loops(void **state) {
    (void)state;
    for (int a = 0; a < activation_count; a++)
        for (int l = 0; l < loss_count; l++) {
            trajectory("2-16-16-2", activation_table[a].name, loss_table[l].name, PRECISION_F32, 1e-5);
            trajectory("2-16-16-2", activation_table[a].name, loss_table[l].name, PRECISION_F64, 1e-11);
            trajectory("70-11-3", activation_table[a].name, loss_table[l].name, PRECISION_F32, 1e-5);
            trajectory("70-11-3", activation_table[a].name, loss_table[l].name, PRECISION_F64, 1e-11);
        }
}

/* The loops against the row's formula and its symbolic derivatives. */
static void activations_are_their_formulas(void **state) {
    (void)state;
    for (int a = 0; a < activation_count; a++) {
        const Activation *row = &activation_table[a];
        char text[128];
        snprintf(text, sizeof text, "%s + 0*y", row->formula);
        for (char *z = text; (z = strchr(z, 'z'));) *z = 'x';
        Status status = status_ok();
        Surface *surface = surface_create(text, &status);
        if (!surface) fail_msg("%s: %s", text, status.message);
        for (double z = -6.03; z < 6; z += 0.37) {
            double out, slope = 1, bend, gradient[2], hessian[3], plain_slope = 0;
            const float narrow = (float)z;
            float narrow_out, narrow_slope = 1;
            row->f64.apply(&z, &out, 1);
            row->f64.scale(&z, &out, &slope, 1);
            row->f64.bend(&z, &out, &bend, 1);
            row->f32.apply(&narrow, &narrow_out, 1);
            row->f32.scale(&narrow, &narrow_out, &narrow_slope, 1);
            assert_near(out, surface_evaluate(surface, z, 0, gradient, hessian), 1e-14);
            assert_near(slope, gradient[0], 1e-13);
            assert_near(bend, hessian[0], 1e-13);
            assert_near(out, plain_activation(row->name, z, &plain_slope), 1e-14);
            assert_near(slope, plain_slope, 1e-13);
            assert_near((double)narrow_out, out, 1e-6);
            assert_near((double)narrow_slope, slope, 1e-6);
        }
        surface_destroy(surface);
    }
}

/* A batch in pieces, on any number of threads, gives the same. */
static void threads_change_nothing(void **state) {
    (void)state;
    MlpSpec spec = network("784-512-128-10", "gelu", "cross_entropy", PRECISION_F32);
    spec.batch_max = 300;
    spec.dropout = 0.3;
    Mlp *mlp = create(&spec);
    const Batch batch = random_batch(&spec, 300, 1);
    mlp_set_batch(mlp, &batch, 0);
    const Vec x = random_parameters(mlp, 2), alone = vec_like(&x), together = vec_like(&x);
    const double loss = evaluate(mlp, &x, &alone);
    for (int workers = 0; workers < 4; workers++) {
        Pool *pool = pool_create(workers);
        mlp_set_pool(mlp, pool);
        vec_fill(&together, NAN);
        assert_true(loss == evaluate(mlp, &x, &together));
        assert_true(vec_is_same(&alone, &together));
        mlp_set_pool(mlp, NULL);
        pool_destroy(pool);
    }
    free(x.data), free(alone.data), free(together.data);
    batch_free(&batch);
    mlp_destroy(mlp);
}

/* Layers that are cut by their units, and by examples where those are more, into parts that are not even. */
static void layers_in_shares_are_whole(void **state) {
    (void)state;
    MlpSpec spec = network("300-523-135-3", "tanh", "cross_entropy", PRECISION_F64);
    spec.batch_max = 519;
    Mlp *mlp = create(&spec);
    const Batch batch = random_batch(&spec, 519, 1);
    mlp_set_batch(mlp, &batch, 0);
    const Vec x = random_parameters(mlp, 2), gradient = vec_like(&x);
    double *plain = malloc(x.n * sizeof *plain);
    const double loss = evaluate(mlp, &x, &gradient);
    assert_near(loss, plain_perceptron(&spec, x.f64, &batch, plain), 1e-12);
    for (size_t i = 0; i < x.n; i++) assert_near(gradient.f64[i], plain[i], 1e-12);
    free(plain), free(x.data), free(gradient.data);
    batch_free(&batch);
    mlp_destroy(mlp);
}

/* A batch of more examples than are taken at once is the mean of its parts. */
static void large_batches_go_in_slices(void **state) {
    (void)state;
    for (int small = 0; small < 2; small++) {
        MlpSpec spec = network(small ? "2-8-3" : "80-8-3", "tanh", "cross_entropy", PRECISION_F64);
        Mlp *mlp = create(&spec);
        const Batch batch = random_batch(&spec, 1500, 1);
        mlp_set_batch(mlp, &batch, 0);
        const Vec x = random_parameters(mlp, 2), gradient = vec_like(&x);
        double *plain = malloc(x.n * sizeof *plain);
        const double loss = evaluate(mlp, &x, &gradient);
        assert_near(loss, plain_perceptron(&spec, x.f64, &batch, plain), 1e-12);
        for (size_t i = 0; i < x.n; i++) assert_near(gradient.f64[i], plain[i], 1e-12);
        assert_near(mlp_score(mlp, &x, &batch).loss, loss, 1e-12);
        free(plain), free(x.data), free(gradient.data);
        batch_free(&batch);
        mlp_destroy(mlp);
    }
}

/* The 0-1 error counts what the outputs say, whatever the loss. */
static void errors_are_counted(void **state) {
    (void)state;
    for (int l = 0; l < loss_count; l++) {
        for (int one = 0; one < 2; one++) {
            MlpSpec spec = network(one ? "2-6-1" : "2-6-4", "tanh", loss_table[l].name, PRECISION_F32);
            if (spec.sizes[2] < spec.loss->outputs_min) continue;
            Mlp *mlp = create(&spec);
            const Batch batch = random_batch(&spec, 150, 1);
            mlp_set_batch(mlp, &batch, 0);
            const Vec x = random_parameters(mlp, 2);
            const int n = spec.sizes[2];
            float outputs[150 * 4], losses[150];
            mlp_examples(mlp, &x, &batch, outputs, losses);
            const MlpScore score = mlp_score(mlp, &x, &batch);
            double wrong = 0, mean = 0;
            for (int i = 0; i < 150; i++) {
                int best = 0;
                for (int j = 1; j < n; j++)
                    if (outputs[i * n + j] > outputs[i * n + best]) best = j;
                if (n == 1) best = outputs[i] > (strcmp(spec.loss->name, "logistic") == 0 ? 0 : 0.5F);
                wrong += best != batch.labels[i];
                mean += (double)losses[i] / 150;
            }
            evaluate(mlp, &x, NULL);
            if (spec.loss->target == LOSS_TARGET_LABEL) {
                assert_near(score.error, wrong / 150, 1e-12);
                assert_near(mlp_batch_error(mlp), wrong / 150, 1e-12);
            } else {
                assert_true(isnan(score.error));
            }
            assert_near(score.loss, mean, 1e-5);
            free(x.data);
            batch_free(&batch);
            mlp_destroy(mlp);
        }
    }
}

/* Dropout leaves out the stated share, scales up the rest, and depends on seed and step alone. */
static void dropout_is_a_stream(void **state) {
    (void)state;
    MlpSpec spec = network("1-4000-1", "linear", "squared", PRECISION_F64);
    spec.dropout = 0.3;
    Mlp *mlp = create(&spec);
    const float input = 1, target = 0;
    const Batch batch = {.size = 1, .n_in = 1, .inputs = &input, .targets = &target};
    const Vec x = random_parameters(mlp, 1), gradient = vec_like(&x);
    /* Each unit gives 1/4000 of the output, so that the output is the share that is kept, scaled up. */
    vec_fill(&x, 0);
    for (size_t i = 0; i < 4000; i++) {
        x.f64[i] = 1;
        x.f64[8000 + i] = 1.0 / 4000;
    }
    double losses[4];
    for (int k = 0; k < 4; k++) {
        mlp_set_batch(mlp, &batch, (uint64_t[]){1, 2, 1, 3}[k]);
        losses[k] = evaluate(mlp, &x, &gradient);
        const double output = sqrt(2 * losses[k]);
        assert_true(fabs(output - 1) < 5 * sqrt(0.3 / 0.7 / 4000));
    }
    assert_true(losses[0] == losses[2] && losses[0] != losses[1] && losses[1] != losses[3]);
    assert_near(mlp_score(mlp, &x, &batch).loss, 0.5, 1e-12);
    free(x.data), free(gradient.data);
    mlp_destroy(mlp);
}

/* As many labels change as stated, to every other class alike. */
static void label_noise_is_a_stream(void **state) {
    (void)state;
    enum { N = 30000 };
    MlpSpec spec = network("1-3", "linear", "cross_entropy", PRECISION_F64);
    spec.label_noise = 0.3;
    Mlp *mlp = create(&spec);
    static float inputs[N];
    static int32_t labels[N];
    const Batch batch = {.size = N, .n_in = 1, .inputs = inputs, .labels = labels};
    mlp_set_batch(mlp, &batch, 7);
    /* No weights: the gradient of a bias is 1/3 less the share of its class among the labels that were seen.
     */
    double numbers[6] = {0}, slopes[6];
    const Vec x = vec_of_f64(numbers, 6), gradient = vec_of_f64(slopes, 6);
    evaluate(mlp, &x, &gradient);
    const double expected[] = {0.7, 0.15, 0.15};
    for (int j = 0; j < 3; j++) assert_true(fabs(1.0 / 3 - slopes[3 + j] - expected[j]) < 5 * sqrt(0.25 / N));
    mlp_destroy(mlp);
}

static void steps_allocate_nothing(void **state) {
    (void)state;
    MlpSpec spec = network("70-20-3", "gelu", "cross_entropy", PRECISION_F32);
    spec.dropout = 0.2;
    Mlp *mlp = create(&spec);
    const Batch batch = random_batch(&spec, 32, 1);
    const Vec x = random_parameters(mlp, 2), gradient = vec_like(&x), v = vec_like(&x);
    vec_copy(&v, &x);
    const int before = allocations;
    for (int i = 0; i < 3; i++) {
        mlp_set_batch(mlp, &batch, (uint64_t)i);
        evaluate(mlp, &x, &gradient);
        mlp_objective(mlp)->type->hessian_vector(mlp_objective(mlp), &x, &v, &gradient);
        mlp_score(mlp, &x, &batch);
    }
    assert_int_equal(allocations, before);
    free(x.data), free(gradient.data), free(v.data);
    batch_free(&batch);
    mlp_destroy(mlp);
}

/* Memory beside the vectors: the activations of a batch, and little more. */
static void memory_is_that_of_a_batch(void **state) {
    (void)state;
    MlpSpec spec = network("784-256-128-10", "relu", "cross_entropy", PRECISION_F32);
    spec.batch_max = 64;
    Mlp *mlp = create(&spec);
    const double parameters = mlp_parameter_count(&spec), activations = 64.0 * (784 + 256 + 128 + 10);
    const double budget = 4 * (parameters * (2 + 2) + activations); /* with Adam's state */
    assert_true(4 * parameters * 4 + mlp_bytes(mlp) <= 1.1 * budget);
    mlp_destroy(mlp);
}

static void sizes_are_read(void **state) {
    (void)state;
    Status status = status_ok();
    MlpSpec spec = {0};
    assert_true(mlp_sizes_read(&spec, "784-256-128-10", &status));
    assert_int_equal(spec.n_layers, 3);
    assert_int_equal(spec.sizes[0], 784);
    assert_int_equal(spec.sizes[3], 10);
    static const char *const bad[] = {"", "-", "5", "5-", "-5", "5--5", "5-0-2", "5-1000000000-2", "5-x-2",
        "5-2.5-2", "5-99999999999999999999999999999999999999-2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        status = status_ok();
        assert_false(mlp_sizes_read(&spec, bad[i], &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_non_null(strstr(status.message, "network"));
    }
    char deep[1024] = "1";
    for (int i = 0; i < MLP_LAYERS_MAX; i++) strcat(deep, "-1");
    assert_true(mlp_sizes_read(&spec, deep, &status));
    assert_int_equal(spec.n_layers, MLP_LAYERS_MAX);
    strcat(deep, "-1");
    assert_false(mlp_sizes_read(&spec, deep, &status));
}

static void assert_refused(const MlpSpec *spec, const char *part) {
    Status status = status_ok();
    assert_null(mlp_create(spec, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    if (!strstr(status.message, part)) fail_msg("'%s' does not say '%s'", status.message, part);
}

static void bad_networks_are_refused(void **state) {
    (void)state;
    MlpSpec spec = network("4-3", "relu", "cross_entropy", PRECISION_F32);
    const MlpSpec good = spec;
    Status status = status_ok();
    assert_true(mlp_check_data(&spec, 4, 3, "iris", &status));
    assert_false(mlp_check_data(&spec, 5, 3, "iris", &status));
    assert_string_equal(status.message, "iris has 5 inputs, the network 4");
    assert_false(mlp_check_data(&spec, 4, 2, "iris", &status));
    assert_string_equal(status.message, "iris has 2 classes, the network 3 outputs");
    spec.sizes[0] = 1000000;
    spec.sizes[1] = 1000000;
    assert_refused(&spec, "would take 8 TB of memory");
    spec = good;
    spec.sizes[1] = 0;
    assert_refused(&spec, "has 0 units");
    spec = good;
    spec.sizes[1] = 1;
    assert_refused(&spec, "cross_entropy needs 2 outputs");
    spec = good;
    spec.dropout = 1;
    assert_refused(&spec, "dropout is 1");
    spec = good;
    spec.label_noise = 1.5;
    assert_refused(&spec, "label_noise is 1.5");
    spec = good;
    spec.l2 = NAN;
    assert_refused(&spec, "l2 is nan");
    spec = good;
    spec.batch_max = 0;
    assert_refused(&spec, "a batch of 0");
    spec.loss = loss_find("logistic");
    spec.sizes[1] = 1;
    assert_true(mlp_check_data(&spec, 4, 2, "moons", &status));
}

/* The units of every layer, in a batch that is one piece; of one that is more, the last piece's. */
static void layer_outputs_are_those_of_plain_loops(void **state) {
    (void)state;
    static const Precision precisions[] = {PRECISION_F64, PRECISION_F32};
    for (int p = 0; p < 2; p++) {
        for (int wide = 0; wide < 2; wide++) { /* products of our own, and those of a library */
            const MlpSpec spec =
                network(wide ? "3-70-4-2" : "3-7-4-2", "tanh", "cross_entropy", precisions[p]);
            Mlp *mlp = create(&spec);
            const Vec x = random_parameters(mlp, 5);
            double plain[1024], units[128];
            vec_read(&x, plain);
            for (int size = 20; size <= 80; size += 60) {
                const Batch batch = random_batch(&spec, size, 6);
                static float outputs[64 * 70];
                mlp_score(mlp, &x, &batch);
                const int first = size == 80 ? 64 : 0;
                int at = spec.sizes[0];
                for (int l = 0; l < spec.n_layers; l++) {
                    const int n = spec.sizes[l + 1];
                    assert_int_equal(mlp_layer_outputs(mlp, l, outputs), size - first);
                    for (int i = first; i < size; i++) {
                        plain_units(&spec, plain, batch.inputs + i * spec.sizes[0], units);
                        for (int j = 0; j < n; j++)
                            assert_near((double)outputs[(i - first) * n + j], units[at + j], 2e-6);
                    }
                    at += n;
                }
                batch_free(&batch);
            }
            free(x.data);
            mlp_destroy(mlp);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_differences),
        cmocka_unit_test(products_with_the_hessian_are_differences),
        cmocka_unit_test(fifty_steps_are_those_of_plain_loops),
        cmocka_unit_test(activations_are_their_formulas),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(layers_in_shares_are_whole),
        cmocka_unit_test(large_batches_go_in_slices),
        cmocka_unit_test(errors_are_counted),
        cmocka_unit_test(dropout_is_a_stream),
        cmocka_unit_test(label_noise_is_a_stream),
        cmocka_unit_test(steps_allocate_nothing),
        cmocka_unit_test(memory_is_that_of_a_batch),
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(bad_networks_are_refused),
        cmocka_unit_test(layer_outputs_are_those_of_plain_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
