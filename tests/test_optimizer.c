/* Each rule against the closed form of its recurrence, worked by hand, under gradients that make one. */
#include "test.h"

#include "optimizer.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

/* An evaluator that gives the same gradient everywhere and remembers where it was asked. */
typedef struct Constant {
    double gradient;
    double number; /* the gradient as a vector's only element */
    Vec vec;
    double asked_at; /* the last point, its first coordinate */
    int calls;
} Constant;

static double evaluate_constant(void *context, const Vec *x, const Vec **gradient) {
    Constant *constant = context;
    constant->number = constant->gradient;
    constant->vec = vec_of_f64(&constant->number, 1);
    *gradient = &constant->vec;
    constant->asked_at = vec_get(x, 0);
    constant->calls++;
    return 0;
}

static double parameter(const Optimizer *optimizer, const char *name) {
    return optimizer->parameters[optimizer_parameter_find(optimizer, name)].value;
}

/* Takes `steps` steps from 0 under a constant gradient and returns where it is. */
static double run_constant(const char *name, const double *values, double gradient, double lr, int steps) {
    const Optimizer *optimizer = optimizer_find(name);
    Status status = status_ok();
    double defaults[OPTIMIZER_PARAMETERS_MAX];
    optimizer_defaults(optimizer, defaults);
    OptimizerRun *run =
        optimizer_run_create(optimizer, values ? values : defaults, 1, PRECISION_F64, &status);
    assert_non_null(run);
    double numbers[1] = {0};
    Vec x = vec_of_f64(numbers, 1);
    Constant constant = {.gradient = gradient};
    const Evaluator evaluator = {.evaluate = evaluate_constant, .context = &constant};
    for (int i = 0; i < steps; i++) optimizer_run_step(run, &x, &evaluator, lr);
    assert_int_equal(constant.calls, steps);
    optimizer_run_destroy(run);
    return numbers[0];
}

static void table_is_sane(void **state) {
    (void)state;
    for (int i = 0; i < optimizer_count; i++) {
        const Optimizer *optimizer = &optimizer_table[i];
        assert_ptr_equal(optimizer_find(optimizer->name), optimizer);
        assert_string_equal(optimizer->parameters[0].name, "lr");
        assert_true(*optimizer->title && *optimizer->reference);
        for (int j = 0; j < optimizer_parameter_count(optimizer); j++) {
            const OptimizerParameter *row = &optimizer->parameters[j];
            Status status = status_ok();
            assert_true(parameter_check(row, optimizer->name, row->value, &status));
            assert_true(row->min <= row->value && row->value <= row->max);
            assert_true(row->scale != SCALE_LOG || row->min > 0);
            assert_int_equal(optimizer_parameter_find(optimizer, row->name), j);
        }
    }
    assert_null(optimizer_find("no such"));
}

static bool check(int parameter, double value, Status *status) {
    return parameter_check(&optimizer_find("adam")->parameters[parameter], "adam", value, status);
}

static void values_outside_the_domain_are_refused(void **state) {
    (void)state;
    const Optimizer *adam = optimizer_find("adam");
    Status status = status_ok();
    assert_false(check(0, 0, &status));
    assert_non_null(strstr(status.message, "lr of adam"));
    assert_false(check(0, -1, &status));
    assert_false(check(0, NAN, &status));
    int beta1 = optimizer_parameter_find(adam, "beta1");
    assert_false(check(beta1, 1, &status));
    assert_false(check(beta1, -0.1, &status));
    assert_true(check(beta1, 0, &status));
    assert_false(check(optimizer_parameter_find(adam, "bias_correction"), 0.5, &status));
}

/* x_k = -k lr g */
static void sgd_walks_evenly(void **state) {
    (void)state;
    assert_near(run_constant("sgd", NULL, 3, 0.1, 7), -2.1, 1e-15);
}

/* v_k = -lr g (1 - a^k)/(1 - a), and x is their sum. */
static double momentum_closed_form(double a, double g, double lr, int steps) {
    double x = 0;
    for (int k = 1; k <= steps; k++) x -= lr * g * (1 - pow(a, k)) / (1 - a);
    return x;
}

static void momentum_reaches_its_closed_form(void **state) {
    (void)state;
    double a = parameter(optimizer_find("momentum"), "momentum");
    assert_near(run_constant("momentum", NULL, 2, 0.01, 30), momentum_closed_form(a, 2, 0.01, 30), 1e-13);
    /* Under a constant gradient it does not matter where the gradient is taken. */
    assert_near(run_constant("nesterov", NULL, 2, 0.01, 30), momentum_closed_form(a, 2, 0.01, 30), 1e-13);
}

static void nesterov_looks_ahead(void **state) {
    (void)state;
    const Optimizer *nesterov = optimizer_find("nesterov");
    Status status = status_ok();
    const double values[OPTIMIZER_PARAMETERS_MAX] = {0.1, 0.5};
    OptimizerRun *run = optimizer_run_create(nesterov, values, 1, PRECISION_F64, &status);
    double numbers[1] = {1};
    Vec x = vec_of_f64(numbers, 1);
    Constant constant = {.gradient = 4};
    const Evaluator evaluator = {.evaluate = evaluate_constant, .context = &constant};
    optimizer_run_step(run, &x, &evaluator, 0.1);
    assert_near(constant.asked_at, 1, 0); /* v is 0 at first */
    assert_near(numbers[0], 0.6, 1e-15);
    Vec v = optimizer_run_state(run, 0);
    assert_near(vec_get(&v, 0), -0.4, 1e-15);
    optimizer_run_step(run, &x, &evaluator, 0.1);
    assert_near(constant.asked_at, 0.6 + 0.5 * -0.4, 1e-15);
    optimizer_run_destroy(run);
}

/* r_k = k g^2, so the k-th step is lr/sqrt(k) but for eps. */
static void adagrad_slows_as_one_over_root_k(void **state) {
    (void)state;
    double eps = parameter(optimizer_find("adagrad"), "eps"), x = 0;
    for (int k = 1; k <= 50; k++) x -= 0.3 * 5 / (eps + 5 * sqrt(k));
    assert_near(run_constant("adagrad", NULL, 5, 0.3, 50), x, 1e-13);
}

/* r_k = (1 - rho^k) g^2 */
static void rmsprop_forgets_exponentially(void **state) {
    (void)state;
    double rho = parameter(optimizer_find("rmsprop"), "rho"),
           eps = parameter(optimizer_find("rmsprop"), "eps");
    double x = 0;
    for (int k = 1; k <= 50; k++) x += 0.3 * 5 / (eps + 5 * sqrt(1 - pow(rho, k)));
    assert_near(run_constant("rmsprop", NULL, -5, 0.3, 50), x, 1e-13);
}

/* With bias correction a constant gradient gives s_hat = g and r_hat = g^2: every step is lr g/(|g| + eps).
 */
static void adam_corrects_its_bias(void **state) {
    (void)state;
    double eps = parameter(optimizer_find("adam"), "eps");
    assert_near(run_constant("adam", NULL, -5, 0.3, 50), 50 * 0.3 * 5 / (5 + eps), 1e-12);
}

/* Without it s_k = (1 - b1^k) g and r_k = (1 - b2^k) g^2. */
static void adam_uncorrected_starts_with_large_steps(void **state) {
    (void)state;
    const Optimizer *adam = optimizer_find("adam");
    double values[OPTIMIZER_PARAMETERS_MAX], x = 0;
    optimizer_defaults(adam, values);
    values[optimizer_parameter_find(adam, "bias_correction")] = 0;
    double b1 = parameter(adam, "beta1"), b2 = parameter(adam, "beta2"), eps = parameter(adam, "eps");
    for (int k = 1; k <= 50; k++) x += 0.3 * (1 - pow(b1, k)) * 5 / (eps + 5 * sqrt(1 - pow(b2, k)));
    assert_near(run_constant("adam", values, -5, 0.3, 50), x, 1e-12);
}

/* Gradient 0: only the decay is left, x_k = (1 - lr weight_decay)^k x_0, whatever the moments do. */
static void adamw_decays_beside_the_gradient(void **state) {
    (void)state;
    const Optimizer *adamw = optimizer_find("adamw");
    double values[OPTIMIZER_PARAMETERS_MAX], numbers[1] = {2};
    optimizer_defaults(adamw, values);
    Status status = status_ok();
    OptimizerRun *run = optimizer_run_create(adamw, values, 1, PRECISION_F64, &status);
    Vec x = vec_of_f64(numbers, 1);
    Constant constant = {.gradient = 0};
    const Evaluator evaluator = {.evaluate = evaluate_constant, .context = &constant};
    for (int i = 0; i < 100; i++) optimizer_run_step(run, &x, &evaluator, 0.5);
    assert_near(numbers[0], 2 * pow(1 - 0.5 * parameter(adamw, "weight_decay"), 100), 1e-12);
    optimizer_run_destroy(run);
}

/* f = sum of i x_i^2/2: what one coordinate does cannot depend on how many others there are. */
typedef struct Diagonal {
    size_t first; /* the index of the first coordinate */
    double f64[1024];
    float f32[1024];
    Vec vec;
} Diagonal;

static double evaluate_diagonal(void *context, const Vec *x, const Vec **gradient) {
    Diagonal *diagonal = context;
    diagonal->vec = *x;
    if (x->precision == PRECISION_F64)
        diagonal->vec.f64 = diagonal->f64;
    else
        diagonal->vec.f32 = diagonal->f32;
    for (size_t i = 0; i < x->n; i++)
        vec_set(&diagonal->vec, i, (double)(diagonal->first + i + 1) * 1e-3 * vec_get(x, i));
    *gradient = &diagonal->vec;
    return 0;
}

/* Whether what a rule does to one coordinate depends on the others, or on chance. */
static bool mixes_coordinates(const Optimizer *optimizer) {
    static const char *const words[] = {"norm(", "dot(", "sum(", "mean(", "randn("};
    if (optimizer->method || optimizer->direction) return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(optimizer->update, words[i]) || (optimizer->probe && strstr(optimizer->probe, words[i])))
            return true;
    return false;
}

static void coordinates_do_not_depend_on_the_dimension(void **state) {
    (void)state;
    enum { N = 1003, STEPS = 5 };
    for (int k = 0; k < optimizer_count; k++) {
        const Optimizer *optimizer = &optimizer_table[k];
        if (mixes_coordinates(optimizer)) continue;
        double values[OPTIMIZER_PARAMETERS_MAX];
        static double together[N];
        optimizer_defaults(optimizer, values);
        Status status = status_ok();
        OptimizerRun *run = optimizer_run_create(optimizer, values, N, PRECISION_F64, &status);
        Rng rng = rng_seed(7);
        for (int i = 0; i < N; i++) together[i] = rng_uniform(&rng, -2, 2);
        Vec x = vec_of_f64(together, N);
        static Diagonal diagonal;
        diagonal.first = 0;
        const Evaluator evaluator = {.evaluate = evaluate_diagonal, .context = &diagonal};
        for (int t = 0; t < STEPS; t++) optimizer_run_step(run, &x, &evaluator, values[0]);
        optimizer_run_destroy(run);
        rng = rng_seed(7);
        for (int i = 0; i < N; i++) {
            double alone[1] = {rng_uniform(&rng, -2, 2)};
            if (i % 97) continue;
            run = optimizer_run_create(optimizer, values, 1, PRECISION_F64, &status);
            x = vec_of_f64(alone, 1);
            diagonal.first = (size_t)i;
            for (int t = 0; t < STEPS; t++) optimizer_run_step(run, &x, &evaluator, values[0]);
            optimizer_run_destroy(run);
            assert_memory_equal(alone, &together[i], sizeof alone[0]);
        }
    }
}

static void float32_follows_float64(void **state) {
    (void)state;
    enum { N = 600, STEPS = 20 };
    for (int k = 0; k < optimizer_count; k++) {
        const Optimizer *optimizer = &optimizer_table[k];
        if (mixes_coordinates(optimizer)) continue;
        double values[OPTIMIZER_PARAMETERS_MAX];
        static double wide[N];
        static float narrow[N];
        optimizer_defaults(optimizer, values);
        Status status = status_ok();
        OptimizerRun *run64 = optimizer_run_create(optimizer, values, N, PRECISION_F64, &status);
        OptimizerRun *run32 = optimizer_run_create(optimizer, values, N, PRECISION_F32, &status);
        for (int i = 0; i < N; i++) wide[i] = narrow[i] = (float)(1 + i) / N;
        Vec x64 = vec_of_f64(wide, N), x32 = {.n = N, .precision = PRECISION_F32, .f32 = narrow};
        static Diagonal diagonal;
        diagonal.first = 0;
        const Evaluator evaluator = {.evaluate = evaluate_diagonal, .context = &diagonal};
        for (int t = 0; t < STEPS; t++) {
            optimizer_run_step(run64, &x64, &evaluator, values[0]);
            optimizer_run_step(run32, &x32, &evaluator, values[0]);
        }
        /* A sign turns at zero, and float32 may be on the other side of it by then. */
        double allowed = strstr(optimizer->update, "sign(") ? 3 * values[0] : 1e-4;
        for (int i = 0; i < N; i++) assert_near((double)narrow[i], wide[i], allowed);
        optimizer_run_destroy(run64);
        optimizer_run_destroy(run32);
    }
}

static void reset_begins_again(void **state) {
    (void)state;
    for (int k = 0; k < optimizer_count; k++) {
        const Optimizer *optimizer = &optimizer_table[k];
        if (optimizer->method) continue; /* test_methods.c */
        double values[OPTIMIZER_PARAMETERS_MAX], ends[2];
        optimizer_defaults(optimizer, values);
        Status status = status_ok();
        OptimizerRun *run = optimizer_run_create(optimizer, values, 1, PRECISION_F64, &status);
        for (int round = 0; round < 2; round++) {
            optimizer_run_reset(run, values);
            double numbers[1] = {1.5};
            Vec x = vec_of_f64(numbers, 1);
            static Diagonal diagonal = {.first = 900};
            const Evaluator evaluator = {.evaluate = evaluate_diagonal, .context = &diagonal};
            for (int t = 0; t < 10; t++) optimizer_run_step(run, &x, &evaluator, values[0]);
            ends[round] = numbers[0];
        }
        assert_memory_equal(&ends[0], &ends[1], sizeof ends[0]);
        assert_true(ends[0] != 1.5);
        optimizer_run_destroy(run);
    }
    optimizer_run_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sane),
        cmocka_unit_test(values_outside_the_domain_are_refused),
        cmocka_unit_test(sgd_walks_evenly),
        cmocka_unit_test(momentum_reaches_its_closed_form),
        cmocka_unit_test(nesterov_looks_ahead),
        cmocka_unit_test(adagrad_slows_as_one_over_root_k),
        cmocka_unit_test(rmsprop_forgets_exponentially),
        cmocka_unit_test(adam_corrects_its_bias),
        cmocka_unit_test(adam_uncorrected_starts_with_large_steps),
        cmocka_unit_test(adamw_decays_beside_the_gradient),
        cmocka_unit_test(coordinates_do_not_depend_on_the_dimension),
        cmocka_unit_test(float32_follows_float64),
        cmocka_unit_test(reset_begins_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
