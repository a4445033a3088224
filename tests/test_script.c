/* What stands beside a formula: parameters behind `where`, expressions over given symbols, scripts. Values
 * are those of the same statements in C. */
#include "test.h"

#include "oracle.h"
#include "parse.h"

#include <string.h>

static void parameters_have_ranges(void **state) {
    (void)state;
    static const struct {
        const char *text;
        FormulaParameter expected;
    } rows[] = {
        {"a where a = 2", {"a", 2, 0.2, 20, false, false, 2}},
        {"a where a = -2", {"a", -2, -20, -0.2, false, false, 2}},
        {"a where a = +2e3", {"a", 2000, 200, 20000, false, false, 2}},
        {"a where a = 0", {"a", 0, -10, 10, false, false, 2}},
        {"a where a = 2 in [-1, 3]", {"a", 2, -1, 3, true, false, 2}},
        {"a where a = 2 in [2, 3]", {"a", 2, 2, 3, true, false, 2}},
        {"a where a = -2 in [-3, -2]", {"a", -2, -3, -2, true, false, 2}},
        {"a where a = 1/2 in [0, pi]", {"a", 0.5, 0, 3.141592653589793, true, false, 2}},
        {"κ where κ = 50 in [1, 1e4] log", {"kappa", 50, 1, 1e4, true, true, 2}},
        {"x where\n  a = 1 in [0, 2]", {"a", 1, 0, 2, true, false, 2}},
    };
    static const char *const axes[] = {"x", "y"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Status status = status_ok();
        Formula *formula = formula_parse(rows[i].text, strlen(rows[i].text), axes, 2, &status);
        if (!formula) fail_msg("%s", status.message);
        const FormulaParameter *found = formula->parameters, *expected = &rows[i].expected;
        assert_int_equal(formula->n_parameters, 1);
        assert_int_equal(formula->n_symbols, 3);
        assert_string_equal(found->name, expected->name);
        assert_string_equal(formula->symbols[found->symbol].name, expected->name);
        assert_int_equal(formula->symbols[found->symbol].level, LEVEL_FIXED);
        assert_near(found->value, expected->value, 0);
        assert_near(found->min, expected->min, 1e-15);
        assert_near(found->max, expected->max, 1e-15);
        assert_int_equal(found->ranged, expected->ranged);
        assert_int_equal(found->logarithmic, expected->logarithmic);
        assert_int_equal(found->symbol, expected->symbol);
        formula_destroy(formula);
    }
}

static void parameters_stand_in_the_order_of_the_text(void **state) {
    (void)state;
    static const char text[] = "u*b + a where b = 3, u = a*x, a = 2 in [1, 4], c = 1";
    static const char *const axes[] = {"x", "y"}, *const names[] = {"b", "a", "c"};
    Status status = status_ok();
    Formula *formula = formula_parse(text, strlen(text), axes, 2, &status);
    assert_non_null(formula);
    assert_int_equal(formula->n_variables, 2);
    assert_int_equal(formula->n_parameters, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(formula->parameters[i].name, names[i]);
        assert_int_equal(formula->parameters[i].symbol, 2 + i);
    }
    double values[SYMBOLS_MAX] = {5, 0, 7, 11, 0}; /* set by whoever evaluates, not by the defaults */
    assert_near(oracle(formula->graph, formula->value, values), 11 * 5 * 7 + 11, 0);
    formula_destroy(formula);

    Text many = {0};
    text_append(&many, "x where a0 = 1");
    for (int i = 1; i < FORMULA_PARAMETERS_MAX; i++) text_append(&many, ", a%d = %d", i, i);
    formula = formula_parse(many.bytes, many.length, axes, 2, &status);
    assert_non_null(formula);
    assert_int_equal(formula->n_parameters, FORMULA_PARAMETERS_MAX);
    formula_destroy(formula);
    text_append(&many, ", b = 1");
    assert_null(formula_parse(many.bytes, many.length, axes, 2, &status));
    assert_non_null(strstr(status.message, "more than 16 parameters"));
    text_finish(&many);
}

enum { X, G, T, LR, S, R, V, B, SYMBOLS };

static const Symbol symbols[SYMBOLS] = {
    [X] = {"x", LEVEL_ELEMENT, true},
    [G] = {"g", LEVEL_ELEMENT, false},
    [T] = {"t", LEVEL_STEP, false},
    [LR] = {"lr", LEVEL_STEP, false},
    [S] = {"s", LEVEL_ELEMENT, true},
    [R] = {"r", LEVEL_ELEMENT, true},
    [V] = {"v", LEVEL_STEP, true},
    [B] = {"b", LEVEL_FIXED, false},
};
static const double start[SYMBOLS_MAX] = {
    [X] = 1.5, [G] = -0.75, [T] = 3, [LR] = 0.05, [S] = 0.2, [R] = 0.4, [V] = 2, [B] = 0.9};

/* Runs a script once over `values`. */
static void run(const char *text, double values[SYMBOLS_MAX]) {
    Graph *graph = graph_create();
    Assignment assignments[SYMBOLS];
    Status status = status_ok();
    int n, last = -1;
    double after[SYMBOLS];
    if (!script_parse(graph, "rule", text, strlen(text), symbols, SYMBOLS, NULL, assignments, &n, &status))
        fail_msg("%s: %s", text, status.message);
    for (int i = 0; i < n; i++) {
        assert_true(assignments[i].symbol > last); /* ascending */
        last = assignments[i].symbol;
        after[i] = oracle(graph, assignments[i].value, values);
    }
    for (int i = 0; i < n; i++) values[assignments[i].symbol] = after[i];
    graph_destroy(graph);
}

static void scripts_do_what_statements_do(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int symbol;
        double value;
    } rows[] = {
        {"x -= lr*g", X, 1.5 - 0.05 * -0.75},
        {"x += 2", X, 3.5},
        {"x *= 2", X, 3},
        {"x /= 2", X, 0.75},
        {"x -= 1 + 1", X, -0.5},
        {"x = x + 1; x = x*x", X, 6.25},
        {"x += 1\nx *= x\n", X, 6.25},
        {"s = x\nx = 7", S, 1.5},
        {"x = 7\ns = x", S, 7},
        {"x = s; s = x", S, 0.2},
        {";;x = 1;;\n;\n", X, 1},
        {"a = x; x = 7; s = a + x", S, 8.5},
        {"a = 1; a += 2; a *= a; x = a", X, 9},
        {"x = (1 +\n 2)*(\n3)", X, 9},
        {"x = max(1,\n  2)", X, 2},
        {"x = 1 ; s = 2", X, 1},
        {"v = v*b + t", V, 4.8},
        {"v += lr", V, 2.05},
        {"a = x; a = t; v = a", V, 3},
        {"v = 0*x", V, 0},
        {"x = iterate(q, x, 3, 2q)", X, 12},
        {"x = iterate(s, x, 3, 2s) + s", X, 12.2},
        {"x = sum(g*w, w=[1, 2])", X, -2.25},
        {"θ = 2; x = theta", X, 2},
        {"\r\n x = 1\r\n", X, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double values[SYMBOLS_MAX];
        memcpy(values, start, sizeof values);
        run(rows[i].text, values);
        if (relative_error(values[rows[i].symbol], rows[i].value) > 1e-15)
            fail_msg("%s: %.17g, not %.17g", rows[i].text, values[rows[i].symbol], rows[i].value);
    }
}

static void published_rules_step_as_in_c(void **state) {
    (void)state;
    double v[SYMBOLS_MAX], x = start[X], s = start[S], r = start[R];
    memcpy(v, start, sizeof v);
    for (int t = 1; t <= 5; t++) { /* Adam */
        double g = cos(x) + 0.1 * t;
        v[T] = t;
        v[G] = g;
        run("s = b*s + (1 - b)*g\nr = 0.999*r + (1 - 0.999)*g^2\n"
            "s_hat = s/(b > 0 ? 1 - b^t : 1)\nr_hat = r/(1 - 0.999^t)\nx -= lr*s_hat/(1e-8 + sqrt(r_hat))",
            v);
        s = 0.9 * s + (1 - 0.9) * g;
        r = 0.999 * r + (1 - 0.999) * g * g;
        x -= 0.05 * (s / (1 - pow(0.9, t))) / (1e-8 + sqrt(r / (1 - pow(0.999, t))));
        assert_near(v[X], x, 1e-13);
        assert_near(v[S], s, 1e-14);
        assert_near(v[R], r, 1e-14);
    }
    memcpy(v, start, sizeof v);
    x = start[X], s = start[S], r = start[R];
    for (int t = 1; t <= 5; t++) { /* Nesterov's momentum, then AdaGrad, on one x */
        double g = v[G] = sin(x) * t;
        run("s = b*s - lr*g; x += s", v);
        s = 0.9 * s - 0.05 * g;
        x += s;
        run("r += g^2\nx -= lr/(1e-7 + sqrt(r))*g", v);
        r += g * g;
        x -= 0.05 / (1e-7 + sqrt(r)) * g;
        assert_near(v[X], x, 1e-13);
    }
}

static void scripts_say_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *text;
        long place;
        const char *message; /* how it begins, behind the name of the script */
    } rows[] = {
        {"g = 1", 0, "1:1: g cannot be assigned to; x, s, r, v can, and new names"},
        {"x = 1\nlr *= 2", 6, "2:1: lr cannot be assigned to"},
        {"b = 2", 0, "1:1: b cannot be assigned to"},
        {"x = z", 4, "1:5: unknown name 'z'"},
        {"x = 1; s = moo", 11, "1:12: unknown name 'moo'"},
        {"x = a\na = 1", 4, "1:5: unknown name 'a'"},
        {"a += 1", 0, "1:1: a has no value yet"},
        {"v = x", 0, "1:1: v is one number; it cannot be set from a vector"},
        {"v += g", 0, "1:1: v is one number"},
        {"x = 1\na = g\nv = 2*a + t", 12, "3:1: v is one number"},
        {"v = iterate(q, x, 2, q)", 0, "1:1: v is one number"},
        {"", 0, "1:1: nothing is assigned"},
        {";\n;", 3, "2:2: nothing is assigned"},
        {"a = x", 5, "1:6: nothing is assigned"},
        {"x", 1, "1:2: expected '=', '+=', '-=', '*=' or '/=' after x"},
        {"x == 2", 2, "1:3: expected '=', '+='"},
        {"x = 1 s = 2", 8, "1:9: expected ';' or a new line between statements"},
        {"2 = x", 0, "1:1: expected a name, not '2'"},
        {"x = ", 3, "1:4: expected a value after '='"},
        {"x = \ns = 1", 4, "1:5: expected a value, not the line end"},
        {"x = 1 +\n2", 7, "1:8: expected a value, not the line end"},
        {"sin = 1", 0, "1:1: sin has a meaning already"},
        {"pi = 1", 0, "1:1: pi has a meaning already"},
        {"x = (1\ns = 2", 9, "2:3: expected ')', not '='"},
        {"x = 1)", 5, "1:6: expected ';' or a new line between statements"},
        {"x = s = 1", 6, "1:7: expected ';' or a new line"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Graph *graph = graph_create();
        Assignment assignments[SYMBOLS];
        Status status = status_ok();
        int n;
        if (script_parse(graph, "rule", rows[i].text, strlen(rows[i].text), symbols, SYMBOLS, NULL,
                assignments, &n, &status))
            fail_msg("%s was read", rows[i].text);
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        size_t length = strlen(rows[i].message);
        bool said = strncmp(status.message, "rule:", 5) == 0 &&
                    strncmp(status.message + 5, rows[i].message, length) == 0;
        if (!said || status.place != rows[i].place)
            fail_msg("%s: at %ld: %s", rows[i].text, status.place, status.message);
        graph_destroy(graph);
    }
}

/* Asking again and again of a large value whether it is a vector is bounded. */
static void large_scripts_are_refused(void **state) {
    (void)state;
    Text text = {0};
    text_append(&text, "a = iterate(q, t, 90000, q*lr + 1)");
    for (int i = 0; i < 10000; i++) text_append(&text, "\nv=a");
    Graph *graph = graph_create();
    Assignment assignments[SYMBOLS];
    Status status = status_ok();
    int n;
    assert_false(script_parse(
        graph, "rule", text.bytes, text.length, symbols, SYMBOLS, NULL, assignments, &n, &status));
    assert_non_null(strstr(status.message, "the script is too large"));
    graph_destroy(graph);
    text_clear(&text);
    for (int i = 0; i <= 64; i++) text_append(&text, "a%d = 1\n", i);
    graph = graph_create();
    assert_false(script_parse(
        graph, "rule", text.bytes, text.length, symbols, SYMBOLS, NULL, assignments, &n, &status));
    assert_non_null(strstr(status.message, "more than 64 names"));
    graph_destroy(graph);
    text_finish(&text);
}

static void expressions_share_a_graph(void **state) {
    (void)state;
    Graph *graph = graph_create();
    NodeId a, b;
    Status status = status_ok();
    assert_true(expression_parse(graph, "probe", "x + b*s", 7, symbols, SYMBOLS, NULL, &a, &status));
    assert_true(
        expression_parse(graph, "probe", "b*s + x and the rest", 7, symbols, SYMBOLS, NULL, &b, &status));
    assert_int_equal(a, b);
    assert_near(oracle(graph, a, start), 1.5 + 0.9 * 0.2, 0);
    assert_false(expression_parse(graph, "probe", "x +", 3, symbols, SYMBOLS, NULL, &a, &status));
    assert_int_equal(strncmp(status.message, "probe:1:4: expected a value", 27), 0);
    assert_false(expression_parse(graph, "probe", "x\n+ y", 5, symbols, SYMBOLS, NULL, &a, &status));
    assert_int_equal(strncmp(status.message, "probe:2:3: unknown name 'y'", 27), 0);
    graph_destroy(graph);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_have_ranges),
        cmocka_unit_test(parameters_stand_in_the_order_of_the_text),
        cmocka_unit_test(scripts_do_what_statements_do),
        cmocka_unit_test(published_rules_step_as_in_c),
        cmocka_unit_test(scripts_say_what_is_wrong),
        cmocka_unit_test(large_scripts_are_refused),
        cmocka_unit_test(expressions_share_a_graph),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
