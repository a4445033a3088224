/* Derivatives: as text, against central differences and worked out by hand; and that what is printed of them
 * reads back. */
#include "formula_text.h"

#include "oracle.h"
#include "parse.h"
#include "rng.h"

#include <string.h>

enum { POINTS = 12 };

static void gradients_read_well(void **state) {
    (void)state;
    static const struct {
        const char *text, *by_x, *by_y;
    } rows[] = {
        {"(1 - x)^2 + 100*(y - x^2)^2", "-2*(1 - x) - 400*x*(y - x^2)", "200*(y - x^2)"},
        {"(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "4*x*(x^2 + y - 11) + 2*(x + y^2 - 7)",
            "2*(x^2 + y - 11) + 4*y*(x + y^2 - 7)"},
        {"(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2",
            "2*(1.5 - x + x*y)*(y - 1) + 2*(2.25 - x + x*y^2)*(y^2 - 1)",
            "2*x*(1.5 - x + x*y) + 4*x*y*(2.25 - x + x*y^2)"},
        {"0.5*(x^2 + y^2)", "x", "y"},
        {"x^3 - 3*x*y^2", "3*x^2 - 3*y^2", "-6*x*y"},
        {"20 + x^2 - 10*cos(2*pi*x) + y", "2*x + 20*pi*sin(2*pi*x)", "1"},
        {"log(x)*y", "y/x", "log(x)"},
        {"sqrt(x)", "1/(2*sqrt(x))", "0"},
        {"exp(-x*y)", "-y*exp(-x*y)", "-x*exp(-x*y)"},
        {"abs(x) + acos(y)", "sign(x)", "-1/sqrt(1 - y^2)"},
        {"acos(2*y)", "0", "-2/sqrt(1 - (2*y)^2)"},
        {"x/y", "1/y", "-x/y^2"},
        {"relu(x)", "0 < x", "0"},
        {"x^2/2 + y^4/4", "x", "y^3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Formula *formula = parse(rows[i].text);
        NodeId by_x = graph_derivative(formula->graph, formula->value, 0);
        NodeId by_y = graph_derivative(formula->graph, formula->value, 1);
        assert_prints(rows[i].text, formula, by_x, rows[i].by_x);
        assert_prints(rows[i].text, formula, by_y, rows[i].by_y);
        formula_destroy(formula);
    }
}

/* The derivative of `node` by a symbol equals differences of the node's own values, at points where steps of
 * two sizes agree (there is no kink near). */
static void check_slope(const char *of, Formula *formula, NodeId node, int symbol, Rng *rng) {
    NodeId derivative = graph_derivative(formula->graph, node, symbol);
    int compared = 0;
    for (int i = 0; i < POINTS; i++) {
        double values[SYMBOLS_MAX] = {rng_uniform(rng, 0.15, 0.95), rng_uniform(rng, 0.15, 0.95)};
        for (int k = 0; k < formula->n_parameters; k++)
            values[formula->parameters[k].symbol] = formula->parameters[k].value;
        double wide = oracle_slope(formula->graph, node, values, symbol, 2e-3);
        double narrow = oracle_slope(formula->graph, node, values, symbol, 1e-3);
        if (!(relative_error(wide, narrow) < 1e-6)) continue;
        compared++;
        double exact = oracle(formula->graph, derivative, values);
        if (relative_error(exact, narrow) > 1e-7)
            fail_msg("%s: at (%g, %g) the derivative by %s is %.12g, differences give %.12g", of, values[0],
                values[1], formula->symbols[symbol].name, exact, narrow);
    }
    if (compared < POINTS / 3) fail_msg("%s: only %d points to compare at", of, compared);
}

/* All first and second derivatives. */
static void check_derivatives(const char *text) {
    Formula *formula = parse(text);
    Rng rng = rng_seed(20);
    for (int i = 0; i < formula->n_symbols; i++) {
        check_slope(text, formula, formula->value, i, &rng);
        NodeId first = graph_derivative(formula->graph, formula->value, i);
        for (int k = 0; k < 2; k++) check_slope(text, formula, first, k, &rng);
    }
    assert_false(graph_is_full(formula->graph));
    formula_destroy(formula);
}

static void every_operation_is_derived(void **state) {
    (void)state;
    static const char *const operators[] = {"-(x*y)", "x^2 + x*y", "x - x*y", "x*y*x", "(x + 1)/(y + x*x)",
        "(x + 1)^(y + x)", "x^3.5", "2.5^(x*y)", "(x < y) + x", "(x <= y) + x", "(x == y) + x",
        "(x != y) + x", "x < y ? x^2*y : sin(x)"};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) check_derivatives(operators[i]);
    for (int i = 0; i < OPERATION_COUNT; i++) {
        if (operation_table[i].category != CATEGORY_FUNCTION) continue;
        static const char *const arguments[] = {
            "", "x*y*0.9 + 0.05", "x^2 + 0.1*y, 0.5*y + 0.3", "x*y, 0.1 + x/9, y/2"};
        char text[96];
        snprintf(
            text, sizeof text, "%s(%s)", operation_table[i].spelling, arguments[operation_table[i].arity]);
        check_derivatives(text);
    }
}

/* The ~40 formulas that go through everything below. */
static const char *const composites[] = {
    "(1 - x)^2 + 100*(y - x^2)^2",
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
    "0.5*(u^2 + kappa*v^2) where u = x*cos(a) + y*sin(a), v = y*cos(a) - x*sin(a), kappa = 50 in [1, 1e4] "
    "log, a = 0.3",
    "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
    "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + e",
    "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
    "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
    "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
    "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))",
    "-sin(x)*(sin(x^2/pi)^2)^m - sin(y)*(sin(2*y^2/pi)^2)^m where m = 2",
    "-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
    "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
    "x^3 - 3*x*y^2 + 0.25*(x^2 + y^2)^2",
    "0.5*(1 - (x*y)^2)^2",
    "0.05*(x + 3)^2 + 0.25*y^2 + 4*sigmoid(20*(x - 1))",
    "(sigmoid(iterate(s, 0.5, 3, x*sigmoid(s) + y)) - 0.7)^2",
    "-sigmoid(3*(x - 1.5)) - 0.3*sigmoid(-3*(x + 1.5)) + 1.2*exp(-(x^2/0.72 + y^2/4.5)) + 0.02*y^2",
    "mean(softplus(x*a + y) - t*(x*a + y), a=[-2, -1, -0.5, 0.5, 1, 2], t=[0, 0, 1, 0, 1, 1])",
    "mean(0.5*(x*a + y - t)^2, a=[-2, -1.5, 2], t=[-1.3, -0.4, 1.8])",
    "sum(tanh(x*a)^2, a=[1, 2, 3]) + y",
    "x^y + y^x",
    "x^-2*y",
    "(x*y)^-1.5",
    "x/(y + 1)/(x + 2)",
    "x/(y/(x + 1))",
    "-(x*-y)",
    "1/(1/x + 1/y)",
    "x - (y - (x - 1))",
    "log(x)^2*log10(y)",
    "sqrt(x)*x^0.5",
    "atan2(y, x)*hypot(x, y)",
    "erf(x*y)*exp(-x^2)",
    "asin(x*y)/acos(x*y)",
    "tan(x)/tanh(y)",
    "cosh(x)*sinh(y)",
    "x > 0.5 ? x^2*y : y > 0.5 ? sin(x*y) : x/3",
    "max(x, y, 0.4)*min(x, y, x*y)",
    "clamp(3*x - 1, -0.5, y)",
    "mod(5*x, 2) + floor(3*y)*x",
    "abs(x - 0.5)*sign(y - 0.5)",
    "2^x*(-2)^2*e^(-x)",
    "(x <= y)*x + (x >= y)*y + (x != y)*x*y",
    "iterate(s, x, 4, iterate(r, s, 2, sin(r) + y*s))",
};
enum { COMPOSITES = sizeof composites / sizeof composites[0] };

static void composite_formulas_are_derived(void **state) {
    (void)state;
    for (int i = 0; i < COMPOSITES; i++) check_derivatives(composites[i]);
}

/* What is printed of `node` reads back as the same function. */
static void check_round_trip(const Formula *formula, NodeId node) {
    Text text = printed(formula, node);
    const char *names[SYMBOLS_MAX];
    for (int i = 0; i < formula->n_symbols; i++) names[i] = formula->symbols[i].name;
    Status status = status_ok();
    Formula *again = formula_parse(text.bytes, text.length, names, formula->n_symbols, &status);
    if (!again) fail_msg("%s", status.message);
    static const char *const ugly[] = {"--", "+ -", "*-", "/-", "- -", "*1/", "inf", "nan"};
    for (size_t i = 0; i < sizeof ugly / sizeof ugly[0]; i++) {
        const char *found = strstr(text_string(&text), ugly[i]);
        if (found) fail_msg("%s is ugly: %s", ugly[i], text_string(&text));
    }
    Rng rng = rng_seed(7);
    for (int i = 0; i < POINTS; i++) {
        double values[SYMBOLS_MAX] = {rng_uniform(&rng, 0.1, 2), rng_uniform(&rng, 0.1, 2)};
        for (int k = 2; k < formula->n_symbols; k++) values[k] = rng_uniform(&rng, 0.5, 2);
        double before = oracle(formula->graph, node, values),
               after = oracle(again->graph, again->value, values);
        if (isnan(before) && isnan(after)) continue;
        if (relative_error(after, before) > 1e-12)
            fail_msg("%s is %.17g, not %.17g", text_string(&text), after, before);
    }
    formula_destroy(again);
    text_finish(&text);
}

static void what_is_printed_reads_back(void **state) {
    (void)state;
    for (int i = 0; i < COMPOSITES; i++) {
        Formula *formula = parse(composites[i]);
        check_round_trip(formula, formula->value);
        for (int k = 0; k < 2; k++) {
            NodeId first = graph_derivative(formula->graph, formula->value, k);
            check_round_trip(formula, first);
            check_round_trip(formula, graph_derivative(formula->graph, first, k));
        }
        formula_destroy(formula);
    }
}

static bool same_node(const Node *a, const Node *b) {
    return a->operation == b->operation && memcmp(a->operands, b->operands, sizeof a->operands) == 0 &&
           a->constant == b->constant && a->symbol == b->symbol;
}

static void the_same_text_makes_the_same_graph(void **state) {
    (void)state;
    for (int i = 0; i < COMPOSITES; i++) {
        Formula *a = parse(composites[i]), *b = parse(composites[i]);
        assert_int_equal(graph_derivative(a->graph, a->value, 0), graph_derivative(b->graph, b->value, 0));
        assert_int_equal(graph_size(a->graph), graph_size(b->graph));
        for (NodeId id = 0; id < graph_size(a->graph); id++)
            assert_true(same_node(graph_node(a->graph, id), graph_node(b->graph, id)));
        formula_destroy(a);
        formula_destroy(b);
    }
}

/* Nodes of a formula, its gradient and its Hessian. */
static uint32_t derived_size(const char *text) {
    Formula *formula = parse(text);
    for (int i = 0; i < 2; i++) {
        NodeId first = graph_derivative(formula->graph, formula->value, i);
        for (int k = i; k < 2; k++) graph_derivative(formula->graph, first, k);
    }
    uint32_t size = graph_size(formula->graph);
    assert_false(graph_is_full(formula->graph));
    formula_destroy(formula);
    return size;
}

static void derivatives_grow_linearly(void **state) {
    (void)state;
    uint32_t once = derived_size("sigmoid(iterate(s, 0.5, 50, x*sigmoid(s) + y))");
    uint32_t twice = derived_size("sigmoid(iterate(s, 0.5, 100, x*sigmoid(s) + y))");
    assert_true(twice > once && twice < 2.1 * once);
    assert_true(once < 50 * 60);
    /* A formula that doubles in text with each step does not in nodes. */
    assert_true(derived_size("iterate(s, x + y, 60, sin(s)*cos(s) + s)") < 60 * 80);
}

static void deep_graphs_are_derived_and_printed(void **state) {
    (void)state;
    Formula *formula = parse("iterate(s, x, 30000, sin(s) + y)");
    NodeId first = graph_derivative(formula->graph, formula->value, 0);
    assert_false(graph_is_full(formula->graph));
    Text text = {0};
    graph_print(formula->graph, first, formula->symbols, 200, &text);
    assert_true(text.length <= 200);
    assert_string_equal(text.bytes + text.length - 3, "...");
    text_finish(&text);
    /* And until the graph is full, which is said and not crossed. */
    for (int i = 0; i < 6 && !graph_is_full(formula->graph); i++)
        first = graph_derivative(formula->graph, first, 0);
    assert_true(graph_is_full(formula->graph));
    assert_true(graph_size(formula->graph) <= GRAPH_NODES_MAX);
    assert_true(
        graph_apply(formula->graph, OPERATION_SIN, first, NODE_NONE, NODE_NONE) < graph_size(formula->graph));
    formula_destroy(formula);
}

/* Worked by hand, where differences cannot tell: at kinks and beyond them. */
static void values_at_edges(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double x, y, by_x;
    } rows[] = {
        {"x^2", 0, 0, 0},
        {"x^y", 2, 0, 0},
        {"abs(x)", 0, 0, 0},
        {"relu(x)", 0, 0, 0},
        {"x^3*y", 0, 5, 0},
        {"clamp(x, 2, 1)", 0, 0, 0},
        {"clamp(3, 2*x, x)", 1, 0, 1},
        {"clamp(0, 2*x, x)", 1, 0, 1},
        {"clamp(3, 2*x, x)", 4, 0, 1},
        {"clamp(3, x, 2*x)", 4, 0, 1},
        {"clamp(3, x, 2*x)", 1, 0, 2},
        {"clamp(3*x, 0, 9)", 2, 0, 3},
        {"x*exp(-x)", 0, 0, 1},
        {"softplus(x)", 800, 0, 1},
        {"softplus(x)", -800, 0, 0},
        {"tanh(x)", 800, 0, 0},
        {"sigmoid(x)", -800, 0, 0},
        {"x/3", 1, 0, 1.0 / 3},
        {"sign(x)", 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Formula *formula = parse(rows[i].text);
        double values[SYMBOLS_MAX] = {rows[i].x, rows[i].y};
        double by_x = oracle(formula->graph, graph_derivative(formula->graph, formula->value, 0), values);
        if (!(by_x == rows[i].by_x))
            fail_msg("%s at %g: %g, not %g", rows[i].text, rows[i].x, by_x, rows[i].by_x);
        formula_destroy(formula);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_read_well),
        cmocka_unit_test(every_operation_is_derived),
        cmocka_unit_test(composite_formulas_are_derived),
        cmocka_unit_test(what_is_printed_reads_back),
        cmocka_unit_test(the_same_text_makes_the_same_graph),
        cmocka_unit_test(derivatives_grow_linearly),
        cmocka_unit_test(deep_graphs_are_derived_and_printed),
        cmocka_unit_test(values_at_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
