/* The graph: the same subexpression is the same node, what simplification makes of a text, and printing. */
#include "formula_text.h"

#include "parse.h"

#include <string.h>

static void equal_subexpressions_are_one_node(void **state) {
    (void)state;
    Formula *formula = parse("sin(x*y) + cos(x*y)^2 where u = x*y");
    Graph *graph = formula->graph;
    NodeId x = graph_symbol(graph, 0), y = graph_symbol(graph, 1);
    uint32_t size = graph_size(graph);
    NodeId product = graph_apply(graph, OPERATION_MULTIPLY, x, y, NODE_NONE);
    assert_int_equal(graph_apply(graph, OPERATION_MULTIPLY, y, x, NODE_NONE), product);
    NodeId sine = graph_apply(graph, OPERATION_SIN, product, NODE_NONE, NODE_NONE);
    NodeId cosine = graph_apply(graph, OPERATION_COS, product, NODE_NONE, NODE_NONE);
    assert_int_equal(graph_size(graph), size); /* all of them were there */
    NodeId square = graph_apply(graph, OPERATION_POWER, cosine, graph_constant(graph, 2), NODE_NONE);
    assert_int_equal(graph_apply(graph, OPERATION_ADD, square, sine, NODE_NONE), formula->value);
    assert_true(graph_depends(graph, formula->value, 0));
    assert_false(graph_depends(graph, graph_constant(graph, 2), 0));
    assert_int_equal(graph_constant(graph, -0.0), graph_constant(graph, 0.0));
    for (NodeId id = 0; id < graph_size(graph); id++) /* operands come first */
        for (int i = 0; i < operation_table[graph_node(graph, id)->operation].arity; i++)
            assert_true(graph_node(graph, id)->operands[i] < id);
    formula_destroy(formula);
}

static void simplification(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"x*x", "x^2"},
        {"x*x*x", "x^3"},
        {"x^2*x^3", "x^5"},
        {"(x^2)^3", "x^6"},
        {"2x + 3x", "5*x"},
        {"2x - 3x", "-x"},
        {"x + x", "2*x"},
        {"x - x", "0"},
        {"x + 0", "x"},
        {"0 + x", "x"},
        {"x - 0", "x"},
        {"0 - x", "-x"},
        {"1*x", "x"},
        {"x*1", "x"},
        {"x/1", "x"},
        {"x/-1", "-x"},
        {"x - (-y)", "x + y"},
        {"x + (-y)", "x - y"},
        {"-x + y", "y - x"},
        {"-x - y", "-x - y"},
        {"(-1)*x", "-x"},
        {"2*(3*x)", "6*x"},
        {"(2*x)*(3*y)", "6*x*y"},
        {"x*2", "2*x"},
        {"x*0", "0"},
        {"0/x", "0"},
        {"x^1", "x"},
        {"x^0", "1"},
        {"1^x", "1"},
        {"--x", "x"},
        {"-(-x)", "x"},
        {"-(x - y)", "y - x"},
        {"-2*x*-3", "6*x"},
        {"4*x^3/2", "2*x^3"},
        {"2*x/(2*y)", "x/y"},
        {"2*x/3", "2*x/3"},
        {"x/2", "x/2"},
        {"(-x)/y", "-x/y"},
        {"x/(-y)", "-x/y"},
        {"x/-2", "-x/2"},
        {"-4/x", "-4/x"},
        {"y + -4/x", "y - 4/x"},
        {"y - -4/x", "y + 4/x"},
        {"y + x*-2", "y - 2*x"},
        {"x/(-2*y)", "-x/(2*y)"},
        {"(-x)^2", "x^2"},
        {"(-x)^3", "(-x)^3"},
        {"x*(1/y)", "x/y"},
        {"2*(3/x)", "6/x"},
        {"-2*(1/x)", "-2/x"},
        {"1e200*(1e200/x)", "1e+200*1e+200/x"},
        {"2 + 3*4", "14"},
        {"2^10", "1024"},
        {"min(x, x)", "x"},
        {"1 ? x : y", "x"},
        {"x > 0 ? y : y", "y"},
        {"sqrt(16)", "4"},
        {"x + y", "x + y"},
        {"y + x", "y + x"},
        {"(x + y)*2", "2*(x + y)"},
        /* What has no finite value, or would leave the range of numbers, stays as it is written. */
        {"log(0)", "log(0)"},
        {"1e300*1e300", "1e+300*1e+300"},
        {"-1e308 - 1e308", "-1e+308 - 1e+308"},
        {"1e308 - -1e308", "1e+308 + 1e+308"},
        {"-10^401", "-10^401"},
        {"1e300/-1e-300", "-1e+300/1e-300"},
        {"0/0", "0/0"},
        {"1/0", "1/0"},
        {"1e-200*(1e-200*x)", "1e-200*1e-200*x"},
        {"1e200*(1e200*x)", "1e+200*1e+200*x"},
        {"1e308*x + 1e308*x", "1e+308*x + 1e+308*x"},
        {"x^1e300*x^1e300", "x^1e+300*x^1e+300"},
        {"(x^0.5)^2", "(x^0.5)^2"},
        {"(x^2)^0.5", "(x^2)^0.5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Formula *formula = parse(rows[i].text);
        assert_prints(rows[i].text, formula, formula->value, rows[i].expected);
        formula_destroy(formula);
    }
}

static void printing(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"x - (y + 1)", "x - (y + 1)"},
        {"x - (y - 1)", "x - (y - 1)"},
        {"(x - y) - 1", "x - y - 1"},
        {"x/(y*3)", "x/(3*y)"},
        {"x/(y/3)", "x/(y/3)"},
        {"(x/y)/3", "x/y/3"},
        {"(x^y)^2.5", "(x^y)^2.5"},
        {"x^(y^2)", "x^y^2"},
        {"x^-y", "x^(-y)"},
        {"x^-2", "x^-2"},
        {"(-2)^x", "(-2)^x"},
        {"2^x", "2^x"},
        {"-x^2", "-x^2"},
        {"-(x*y)", "-x*y"},
        {"-(x + y)", "-(x + y)"},
        {"(x + 1)(y - 1)", "(x + 1)*(y - 1)"},
        {"x < y", "x < y"},
        {"x > y", "y < x"},
        {"(x < y) + 1", "(x < y) + 1"},
        {"(x < y) == (y < x)", "(x < y) == (y < x)"},
        {"x > 0 ? x : y > 0 ? y : 1", "0 < x ? x : 0 < y ? y : 1"},
        {"(x > 0 ? x : y) > 0 ? 1 : 2", "0 < (0 < x ? x : y) ? 1 : 2"},
        {"(x ? y : 1) + 2", "(x ? y : 1) + 2"},
        {"(x ? y : 1) ? 3 : 2", "(x ? y : 1) ? 3 : 2"},
        {"sin(x)^2", "sin(x)^2"},
        {"√(x + 1)", "sqrt(x + 1)"},
        {"max(x, y, 1)", "max(max(x, y), 1)"},
        {"clamp(x, -1, y)", "clamp(x, -1, y)"},
        {"2πx", "2*pi*x"},
        {"x/π", "x/pi"},
        {"-π*x", "-pi*x"},
        {"e^x", "e^x"},
        {"x^(2*pi)", "x^6.283185307179586"},
        {"x/(2*pi)", "x/6.283185307179586"},
        {"cos(π)*x + pi", "pi - x"},
        {"x + 0.1", "x + 0.1"},
        {"1e-9*x", "1e-09*x"},
        {"mean((x*t)^2, t=[1, 2])", "(x^2 + (2*x)^2)/2"},
        {"kx + 1 where kx = -x", "1 - x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Formula *formula = parse(rows[i].text);
        assert_prints(rows[i].text, formula, formula->value, rows[i].expected);
        formula_destroy(formula);
    }
}

/* Cut to what may be printed, and only where it is longer. */
static void check_cuts(const char *of) {
    Formula *formula = parse(of);
    Text whole = printed(formula, formula->value);
    for (size_t max = 0; max <= whole.length + 3; max++) {
        Text cut = {0};
        text_append(&cut, "->");
        graph_print(formula->graph, formula->value, formula->symbols, max, &cut);
        const char *text = text_string(&cut) + 2;
        if (max >= whole.length)
            assert_string_equal(text, text_string(&whole));
        else if (max >= 3) {
            assert_true(strlen(text) <= max && strlen(text) >= 3);
            assert_memory_equal(text, text_string(&whole), strlen(text) - 3);
            assert_string_equal(text + strlen(text) - 3, "...");
        }
        text_finish(&cut);
    }
    text_finish(&whole);
    formula_destroy(formula);
}

static void printing_is_cut(void **state) {
    (void)state;
    check_cuts("sin(x) + cos(y)*100 + 1/x");
    check_cuts("2 - (x ? -0.125 : exp(-(x + y)))"); /* ends in what needs no node */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_subexpressions_are_one_node),
        cmocka_unit_test(simplification),
        cmocka_unit_test(printing),
        cmocka_unit_test(printing_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
