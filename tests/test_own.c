/* Own optimizers: typed text is the same kind of thing as a shipped row. */
#include "test.h"

#include "own.h"
#include "rng.h"

#include <string.h>

static OwnOptimizer *read_own(const char *text) {
    Status status = status_ok();
    OwnOptimizer *own = own_optimizer_create("mine", text, &status);
    if (!own) fail_msg("%s: %s", text, status.message);
    return own;
}

typedef struct Quadratic {
    double gradient[64];
    Vec vec;
} Quadratic;

static double evaluate_quadratic(void *context, const Vec *x, const Vec **gradient) {
    Quadratic *quadratic = context;
    for (size_t i = 0; i < x->n; i++) quadratic->gradient[i] = (1 + (double)i) * x->f64[i];
    quadratic->vec = vec_of_f64(quadratic->gradient, x->n);
    *gradient = &quadratic->vec;
    return 0;
}

/* Runs some steps from 1, 1/2, 1/3, ... */
static void run(const Optimizer *optimizer, const double *values, double lr, int steps, double *x, size_t n) {
    Status status = status_ok();
    OptimizerRun *optimizer_run = optimizer_run_create(optimizer, values, n, PRECISION_F64, &status);
    assert_non_null(optimizer_run);
    for (size_t i = 0; i < n; i++) x[i] = 1 / (1 + (double)i);
    Vec vec = vec_of_f64(x, n);
    static Quadratic quadratic;
    const Evaluator evaluator = {.evaluate = evaluate_quadratic, .context = &quadratic};
    for (int t = 0; t < steps; t++) assert_null(optimizer_run_step(optimizer_run, &vec, &evaluator, lr));
    optimizer_run_destroy(optimizer_run);
}

static void a_typed_adam_is_the_shipped_one(void **state) {
    (void)state;
    OwnOptimizer *own = read_own("state = s r; s = beta1*s + (1 - beta1)*g; r = beta2*r + (1 - beta2)*g^2\n"
                                 "x -= lr*(s/(1 - beta1^t))/(eps + sqrt(r/(1 - beta2^t))) where lr = 0.05, "
                                 "beta1 = 0.9 in [0, 0.999], beta2 = 0.999 in [0, 0.9999], eps = 1e-8");
    const Optimizer *row = own_optimizer_row(own), *adam = optimizer_find("adam");
    double mine[OPTIMIZER_PARAMETERS_MAX], shipped[OPTIMIZER_PARAMETERS_MAX], a[7], b[7];
    optimizer_defaults(row, mine);
    optimizer_defaults(adam, shipped);
    assert_int_equal(optimizer_parameter_count(row), 4);
    assert_true(row->parameters[1].min == 0 && row->parameters[1].max == 0.999);
    run(row, mine, 0.05, 100, a, 7);
    run(adam, shipped, 0.05, 100, b, 7);
    for (int i = 0; i < 7; i++) assert_near(a[i], b[i], 1e-13);
    own_optimizer_release(own);
}

/* Scalars, norms and the probe, against a loop by hand: a step of fixed length with a growing rate, from
 * where the gradient is taken half a step ahead. */
static void scalars_norms_and_probe_do_what_they_say(void **state) {
    (void)state;
    OwnOptimizer *own =
        read_own("scalars = k; probe = x - 0.5*lr*x\nk += 1\nx -= lr*k*g/norm(g) + 0*max(g)*mean(x)");
    const Optimizer *row = own_optimizer_row(own);
    double values[OPTIMIZER_PARAMETERS_MAX], a[5], b[5];
    optimizer_defaults(row, values);
    run(row, values, 0.01, 20, a, 5);
    for (int i = 0; i < 5; i++) b[i] = 1 / (1 + (double)i);
    for (int t = 1; t <= 20; t++) {
        double g[5], norm = 0;
        for (int i = 0; i < 5; i++) {
            g[i] = (1 + i) * (b[i] - 0.005 * b[i]);
            norm += g[i] * g[i];
        }
        for (int i = 0; i < 5; i++) b[i] -= 0.01 * t * g[i] / sqrt(norm); /* k is set to t first */
    }
    for (int i = 0; i < 5; i++) assert_near(a[i], b[i], 1e-13);
    own_optimizer_release(own);
}

static void reductions_are_right(void **state) {
    (void)state;
    /* x := the reduction, whatever the gradient; from 1, 1/2, ... 1/n with g = 1, 1, ..., 1 */
    static const struct {
        const char *script;
        double value; /* for n = 4: x = 1, 1/2, 1/3, 1/4 and g = 1 */
    } rows[] = {{"x = sum(x) + 0*g", 25.0 / 12}, {"x = mean(x) + 0*g", 25.0 / 48}, {"x = max(x) + 0*g", 1},
        {"x = max(-x) + 0*g", -0.25}, {"x = dot(x, g) + 0*g", 25.0 / 12},
        {"x = norm(2*x) + 0*g", 2.386303510546059905}, {"x = norm(x - mean(x)) + 0*g", 0.5818433351570392}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OwnOptimizer *own = read_own(rows[i].script);
        double values[OPTIMIZER_PARAMETERS_MAX], x[4];
        optimizer_defaults(own_optimizer_row(own), values);
        run(own_optimizer_row(own), values, 0.01, 1, x, 4);
        for (int k = 0; k < 4; k++) assert_near(x[k], rows[i].value, 1e-9);
        own_optimizer_release(own);
    }
}

static void mistakes_are_shown_at_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
        long place; /* -1: the message has none */
    } rows[] = {
        {"x -= lr*q", "unknown name 'q'", 8},
        {"state = v; v = g\nx -= lr*w", "mine:2:9: unknown name 'w'", 25},
        {"g = 3; x -= g", "g cannot be assigned", 0},
        {"lr = 3; x -= g", "lr cannot be assigned", 0},
        {"scalars = d; d = g; x -= d", "cannot be set from a vector", 13},
        {"x -= lr*norm(lr)*g", "takes a vector", 8},
        {"probe = x +; x -= g", "expected a value", -2},
        {"state = v; v = g", "never moves x", -1},
        {"state = v; state = w; x -= g", "two 'state ='", -1},
        {"state = v v; x -= g", "used twice", -1},
        {"x -= lr*g where lr = -1", "greater than 0", -1},
        {"x -= lr*g where b = ", "expected a value", -2},
        {"x -= lr*g where g = 3", "used twice", -1},
        {"x -= lr*g where b = 2 in [0, 1]", "mine:1:26: the value of b is outside its range", 25},
        {"where lr = 0.1", "nothing is assigned", -2},
        {"x -= lr*g whereα = 3", "mine:1:11: expected where", 10},
        {"", "nothing is assigned", -2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Status status = status_ok();
        assert_null(own_optimizer_create("mine", rows[i].text, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        if (!strstr(status.message, rows[i].says))
            fail_msg("'%s': \"%s\" does not say \"%s\"", rows[i].text, status.message, rows[i].says);
        if (rows[i].place > -2) assert_int_equal(status.place, rows[i].place);
    }
    own_optimizer_release(NULL);
}

static void display_text_is_tidy(void **state) {
    (void)state;
    OwnOptimizer *own = read_own("  state=v ;v = 0.9*v - lr*g ;\n\n  x += v  where lr = 0.1");
    assert_string_equal(own_optimizer_row(own)->update, "v = 0.9*v - lr*g\nx += v");
    assert_string_equal(own_optimizer_row(own)->state, "v");
    assert_true(own_optimizer_row(own)->parameters[0].value == 0.1);
    OwnOptimizer *shared = own_optimizer_share(own);
    own_optimizer_release(own);
    assert_string_equal(own_optimizer_row(shared)->name, "mine");
    own_optimizer_release(shared);
}

/* A gradient that is crooked enough, and a Hessian product by its difference as a rule takes it. */
static double evaluate_crooked(void *context, const Vec *x, const Vec **gradient) {
    Quadratic *quadratic = context;
    for (size_t i = 0; i < x->n; i++)
        quadratic->gradient[i] = sin((1 + (double)i) * x->f64[i]) + 0.1 * x->f64[i];
    quadratic->vec = vec_of_f64(quadratic->gradient, x->n);
    *gradient = &quadratic->vec;
    return 0;
}

static void trace(const Optimizer *optimizer, double *rows, int steps, size_t n) {
    Status status = status_ok();
    double values[OPTIMIZER_PARAMETERS_MAX], x[5];
    optimizer_defaults(optimizer, values);
    OptimizerRun *run = optimizer_run_create(optimizer, values, n, PRECISION_F64, &status);
    if (!run) fail_msg("%s", status.message);
    optimizer_run_seed(run, 7);
    optimizer_run_reset(run, NULL);
    for (size_t i = 0; i < n; i++) x[i] = 1 / (1 + (double)i);
    Vec vec = vec_of_f64(x, n);
    static Quadratic quadratic;
    const Evaluator evaluator = {.evaluate = evaluate_crooked, .context = &quadratic};
    for (int t = 0; t < steps; t++) {
        assert_null(optimizer_run_step(run, &vec, &evaluator, values[0]));
        memcpy(rows + (size_t)t * n, x, n * sizeof *x);
    }
    optimizer_run_destroy(run);
}

/* The same formulas, whether shipped and compiled or typed: the same bits. */
static void a_shipped_rule_as_a_script_is_the_same_rule(void **state) {
    (void)state;
    enum { STEPS = 60, N = 5 };
    int rules = 0;
    for (int i = 0; i < optimizer_count; i++) {
        const Optimizer *shipped = &optimizer_table[i];
        Text script = {0};
        bool has_script = optimizer_as_script(shipped, &script);
        assert_int_equal(has_script, shipped->method == NULL);
        if (has_script) {
            Status status = status_ok();
            OwnOptimizer *own = own_optimizer_create("mine", text_string(&script), &status);
            if (!own) fail_msg("%s\n%s", text_string(&script), status.message);
            assert_string_equal(own_optimizer_text(own), text_string(&script));
            const Optimizer *row = own_optimizer_row(own);
            int n = optimizer_parameter_count(shipped);
            assert_int_equal(optimizer_parameter_count(row), n);
            for (int k = 0; k < n; k++) {
                assert_string_equal(row->parameters[k].name, shipped->parameters[k].name);
                assert_true(row->parameters[k].value == shipped->parameters[k].value);
                assert_true(row->parameters[k].min == shipped->parameters[k].min);
                assert_true(row->parameters[k].max == shipped->parameters[k].max);
            }
            double a[STEPS * N], b[STEPS * N];
            trace(shipped, a, STEPS, N);
            trace(row, b, STEPS, N);
            if (memcmp(a, b, sizeof a) != 0) fail_msg("%s differs:\n%s", shipped->name, text_string(&script));
            own_optimizer_release(own);
            rules++;
        }
        text_finish(&script);
    }
    assert_true(rules > 20);
}

static void u_declares_only_where_hu_is_read(void **state) {
    (void)state;
    OwnOptimizer *own = read_own("u = 2*g; x -= lr*u");
    assert_null(own_optimizer_row(own)->direction);
    own_optimizer_release(own);
    own = read_own("u = g; x -= lr*hu where every = 3");
    assert_string_equal(own_optimizer_row(own)->direction, "g");
    assert_string_equal(own_optimizer_row(own)->every, "every");
    own_optimizer_release(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typed_adam_is_the_shipped_one),
        cmocka_unit_test(scalars_norms_and_probe_do_what_they_say),
        cmocka_unit_test(reductions_are_right),
        cmocka_unit_test(mistakes_are_shown_at_their_place),
        cmocka_unit_test(display_text_is_tidy),
        cmocka_unit_test(a_shipped_rule_as_a_script_is_the_same_rule),
        cmocka_unit_test(u_declares_only_where_hu_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
