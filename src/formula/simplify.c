/* Which node an operation becomes: constants folded, signs and factors collected in front, like terms and
 * powers joined. Rewrites keep the value wherever the original and its parts are finite, but for the rounding
 * of one operation: what a person typed is what runs. */
#include "intern.h"

#include "evaluate.h"

#include <math.h>
#include <stdlib.h>

static NodeId make(Graph *graph, Operation operation, NodeId a, NodeId b) {
    return graph_apply(graph, operation, a, b, NODE_NONE);
}

static bool is_constant(const Graph *graph, NodeId id, double *value) {
    const Node *node = graph_node(graph, id);
    if (node->operation != OPERATION_CONSTANT) return false;
    *value = node->constant;
    return true;
}

static bool equals_constant(const Graph *graph, NodeId id, double value) {
    double found;
    return is_constant(graph, id, &found) && found == value;
}

static bool is_operation(const Graph *graph, NodeId id, Operation operation) {
    return graph_node(graph, id)->operation == operation;
}

static NodeId operand(const Graph *graph, NodeId id, int i) {
    return graph_node(graph, id)->operands[i];
}

/* A term as factor * rest: 3*x is 3 and x, -x is -1 and x, x is 1 and x. */
static double split_factor(const Graph *graph, NodeId id, NodeId *rest) {
    double factor;
    *rest = id;
    if (is_operation(graph, id, OPERATION_NEGATE)) {
        *rest = operand(graph, id, 0);
        return -1;
    }
    if (is_operation(graph, id, OPERATION_MULTIPLY) && is_constant(graph, operand(graph, id, 0), &factor)) {
        *rest = operand(graph, id, 1);
        return factor;
    }
    return 1;
}

/* A factor as base^exponent with a positive whole exponent; x is x^1. */
static double split_power(const Graph *graph, NodeId id, NodeId *base) {
    double exponent;
    *base = id;
    if (is_operation(graph, id, OPERATION_POWER) && is_constant(graph, operand(graph, id, 1), &exponent) &&
        exponent > 0 && exponent == floor(exponent)) {
        *base = operand(graph, id, 0);
        return exponent;
    }
    return 1;
}

/* Whether a factor may stand for the two it was computed from: it did not overflow or underflow. */
static bool keeps_range(double factor) {
    return isnormal(factor);
}

/* Whole numbers beyond this are not exact. */
static const double exponent_max = 0x1p53;

static NodeId scaled(Graph *graph, double factor, NodeId rest) {
    return make(graph, OPERATION_MULTIPLY, graph_constant(graph, factor), rest);
}

/* Whether a term begins with a minus sign; then its opposite is written without. */
static bool is_negative(const Graph *graph, NodeId id, double *factor, NodeId *rest) {
    double value;
    if (is_constant(graph, id, &value)) {
        *rest = id;
        *factor = value;
        return value < 0;
    }
    *factor = split_factor(graph, id, rest);
    return *factor < 0;
}

static NodeId opposite(Graph *graph, NodeId id) {
    return make(graph, OPERATION_NEGATE, id, NODE_NONE);
}

static NodeId simplify_negate(Graph *graph, NodeId a) {
    NodeId rest;
    double factor;
    if (is_operation(graph, a, OPERATION_NEGATE)) return operand(graph, a, 0);
    if (is_operation(graph, a, OPERATION_SUBTRACT))
        return make(graph, OPERATION_SUBTRACT, operand(graph, a, 1), operand(graph, a, 0));
    if (is_operation(graph, a, OPERATION_MULTIPLY) && (factor = split_factor(graph, a, &rest)) != 1)
        return scaled(graph, -factor, rest);
    return graph_intern(graph, OPERATION_NEGATE, a, NODE_NONE, NODE_NONE);
}

/* factor_a*rest + factor_b*rest; NODE_NONE where the terms are not alike. */
static NodeId join_terms(Graph *graph, NodeId a, NodeId b, double sign) {
    NodeId rest_a, rest_b;
    double factor_a = split_factor(graph, a, &rest_a), factor_b = split_factor(graph, b, &rest_b);
    double factor = factor_a + sign * factor_b;
    if (rest_a != rest_b || is_operation(graph, rest_a, OPERATION_CONSTANT)) return NODE_NONE;
    return factor == 0 || keeps_range(factor) ? scaled(graph, factor, rest_a) : NODE_NONE;
}

static NodeId simplify_add(Graph *graph, NodeId a, NodeId b) {
    NodeId rest;
    double factor;
    if (equals_constant(graph, a, 0)) return b;
    if (equals_constant(graph, b, 0)) return a;
    NodeId joined = join_terms(graph, a, b, 1);
    if (joined != NODE_NONE) return joined;
    if (is_negative(graph, b, &factor, &rest)) return make(graph, OPERATION_SUBTRACT, a, opposite(graph, b));
    if (is_negative(graph, a, &factor, &rest)) return make(graph, OPERATION_SUBTRACT, b, opposite(graph, a));
    return graph_intern_commutative(graph, OPERATION_ADD, a, b);
}

static NodeId simplify_subtract(Graph *graph, NodeId a, NodeId b) {
    NodeId rest;
    double factor;
    if (equals_constant(graph, b, 0)) return a;
    if (equals_constant(graph, a, 0)) return opposite(graph, b);
    NodeId joined = join_terms(graph, a, b, -1);
    if (joined != NODE_NONE) return joined;
    if (is_negative(graph, b, &factor, &rest)) return make(graph, OPERATION_ADD, a, opposite(graph, b));
    return graph_intern(graph, OPERATION_SUBTRACT, a, b, NODE_NONE);
}

/* How much there is to read in a factor: the simpler one is written first. */
static int weight(const Graph *graph, NodeId id) {
    const Node *node = graph_node(graph, id);
    switch (node->operation) {
    case OPERATION_CONSTANT: return 0;
    case OPERATION_SYMBOL: return 1;
    case OPERATION_POWER: return is_operation(graph, node->operands[0], OPERATION_SYMBOL) ? 2 : 5;
    case OPERATION_ADD:
    case OPERATION_SUBTRACT: return 5;
    case OPERATION_MULTIPLY: return 3;
    default: return operation_table[node->operation].category == CATEGORY_FUNCTION ? 4 : 6;
    }
}

/* base^m * base^n; NODE_NONE where the bases differ. */
static NodeId join_powers(Graph *graph, NodeId a, NodeId b) {
    NodeId base_a, base_b;
    double exponent = split_power(graph, a, &base_a) + split_power(graph, b, &base_b);
    if (base_a != base_b || is_operation(graph, base_a, OPERATION_CONSTANT)) return NODE_NONE;
    if (exponent > exponent_max) return NODE_NONE;
    return make(graph, OPERATION_POWER, base_a, graph_constant(graph, exponent));
}

/* (p*q)*b with b like p or q: the alike ones are joined. */
static NodeId join_into_product(Graph *graph, NodeId product, NodeId b) {
    if (!is_operation(graph, product, OPERATION_MULTIPLY)) return NODE_NONE;
    for (int i = 0; i < 2; i++) {
        NodeId joined = join_powers(graph, operand(graph, product, i), b);
        if (joined != NODE_NONE)
            return make(graph, OPERATION_MULTIPLY, operand(graph, product, 1 - i), joined);
    }
    return NODE_NONE;
}

/* a*(1/b) is a/b, and 2*(3/b) is 6/b; NODE_NONE for other factors. */
static NodeId join_quotient(Graph *graph, NodeId a, NodeId quotient) {
    double above, factor;
    if (!is_operation(graph, quotient, OPERATION_DIVIDE)) return NODE_NONE;
    if (!is_constant(graph, operand(graph, quotient, 0), &above)) return NODE_NONE;
    if (above == 1) return make(graph, OPERATION_DIVIDE, a, operand(graph, quotient, 1));
    if (!is_constant(graph, a, &factor) || !keeps_range(factor * above)) return NODE_NONE;
    return make(graph, OPERATION_DIVIDE, graph_constant(graph, factor * above), operand(graph, quotient, 1));
}

static NodeId simplify_multiply(Graph *graph, NodeId a, NodeId b) {
    if (equals_constant(graph, a, 0) || equals_constant(graph, b, 0)) return graph_constant(graph, 0);
    if (equals_constant(graph, a, 1)) return b;
    if (equals_constant(graph, b, 1)) return a;
    if (equals_constant(graph, a, -1)) return opposite(graph, b);
    if (equals_constant(graph, b, -1)) return opposite(graph, a);
    NodeId rest_a, rest_b, joined = join_quotient(graph, a, b);
    double constant;
    if (joined == NODE_NONE) joined = join_quotient(graph, b, a);
    if (joined != NODE_NONE) return joined;
    if (is_constant(graph, b, &constant) && !is_constant(graph, a, &constant))
        return make(graph, OPERATION_MULTIPLY, b, a);
    if (is_constant(graph, a, &constant)) {
        double factor = split_factor(graph, b, &rest_b);
        if (factor != 1 && keeps_range(constant * factor)) return scaled(graph, constant * factor, rest_b);
        return graph_intern(graph, OPERATION_MULTIPLY, a, b, NODE_NONE);
    }
    double factor = split_factor(graph, a, &rest_a) * split_factor(graph, b, &rest_b);
    if ((rest_a != a || rest_b != b) && keeps_range(factor))
        return scaled(graph, factor, make(graph, OPERATION_MULTIPLY, rest_a, rest_b));
    joined = join_powers(graph, a, b);
    if (joined == NODE_NONE) joined = join_into_product(graph, a, b);
    if (joined == NODE_NONE) joined = join_into_product(graph, b, a);
    if (joined != NODE_NONE) return joined;
    if (weight(graph, b) < weight(graph, a)) return graph_intern_commutative(graph, OPERATION_MULTIPLY, b, a);
    return graph_intern_commutative(graph, OPERATION_MULTIPLY, a, b);
}

static NodeId simplify_divide(Graph *graph, NodeId a, NodeId b) {
    if (equals_constant(graph, b, 1)) return a;
    if (equals_constant(graph, b, -1)) return opposite(graph, a);
    if (equals_constant(graph, a, 0) && !equals_constant(graph, b, 0)) return a;
    double numerator;
    if (is_operation(graph, a, OPERATION_NEGATE) || (is_constant(graph, a, &numerator) && numerator < 0))
        return opposite(graph, make(graph, OPERATION_DIVIDE, opposite(graph, a), b));
    if (is_operation(graph, b, OPERATION_NEGATE))
        return opposite(graph, make(graph, OPERATION_DIVIDE, a, operand(graph, b, 0)));
    /* 4*x^3/2 is 2*x^3 and 2*x/(2*y) is x/y; 2*x/3 stays. */
    NodeId rest_a, rest_b = graph_constant(graph, 1);
    double divisor, factor = split_factor(graph, a, &rest_a);
    if (!is_constant(graph, b, &divisor)) divisor = split_factor(graph, b, &rest_b);
    if (divisor < 0) return opposite(graph, make(graph, OPERATION_DIVIDE, a, opposite(graph, b)));
    if (factor < 0) return opposite(graph, make(graph, OPERATION_DIVIDE, scaled(graph, -factor, rest_a), b));
    double quotient = factor / divisor;
    bool exact = quotient == floor(quotient) || divisor == 2;
    if (divisor != 1 && exact && fabs(quotient) >= 1 && quotient * divisor == factor)
        return make(graph, OPERATION_DIVIDE, scaled(graph, quotient, rest_a), rest_b);
    return graph_intern(graph, OPERATION_DIVIDE, a, b, NODE_NONE);
}

static NodeId simplify_power(Graph *graph, NodeId a, NodeId b) {
    double exponent;
    if (equals_constant(graph, b, 1)) return a;
    if (equals_constant(graph, b, 0) || equals_constant(graph, a, 1)) return graph_constant(graph, 1);
    if (is_constant(graph, b, &exponent) && exponent == floor(exponent)) {
        NodeId base;
        double inner = split_power(graph, a, &base);
        if (inner != 1 && fabs(inner * exponent) <= exponent_max)
            return make(graph, OPERATION_POWER, base, graph_constant(graph, inner * exponent));
        if (is_operation(graph, a, OPERATION_NEGATE) && fmod(exponent, 2) == 0)
            return make(graph, OPERATION_POWER, operand(graph, a, 0), b);
    }
    return graph_intern(graph, OPERATION_POWER, a, b, NODE_NONE);
}

/* The value of an operation whose operands are all constants; false where it has no finite one. */
static bool fold(const Graph *graph, Operation operation, const NodeId *operands, double *value) {
    double values[3] = {0};
    for (int i = 0; i < operation_table[operation].arity; i++)
        if (!is_constant(graph, operands[i], &values[i])) return false;
    *value = operation_apply(operation, values[0], values[1], values[2]);
    return isfinite(*value);
}

NodeId graph_apply(Graph *graph, Operation operation, NodeId a, NodeId b, NodeId c) {
    if (graph_is_full(graph)) return 0;
    const NodeId operands[3] = {a, b, c};
    double value, condition;
    if (fold(graph, operation, operands, &value)) return graph_constant(graph, value);
    switch (operation) {
    case OPERATION_NEGATE: return simplify_negate(graph, a);
    case OPERATION_ADD: return simplify_add(graph, a, b);
    case OPERATION_SUBTRACT: return simplify_subtract(graph, a, b);
    case OPERATION_MULTIPLY: return simplify_multiply(graph, a, b);
    case OPERATION_DIVIDE: return simplify_divide(graph, a, b);
    case OPERATION_POWER: return simplify_power(graph, a, b);
    case OPERATION_SELECT:
        if (b == c) return b;
        if (is_constant(graph, a, &condition)) return condition != 0 ? b : c;
        break;
    case OPERATION_MIN:
    case OPERATION_MAX:
        if (a == b) return a;
        break;
    default: break;
    }
    return graph_intern(graph, operation, a, b, c);
}

/* The first node that a placeholder's value can change: placeholders are made before what uses them. */
static NodeId first_changed(Graph *graph, NodeId node, const int *placeholders, int n) {
    NodeId first = node;
    for (int i = 0; i < n; i++) {
        NodeId placeholder = graph_symbol(graph, placeholders[i]);
        if (placeholder < first) first = placeholder;
    }
    return first;
}

static NodeId substitute_node(Graph *graph, NodeId id, NodeId first, const NodeId *image,
    const int *placeholders, const NodeId *replacements, int n) {
    Node node = *graph_node(graph, id);
    for (int i = 0; i < n && node.operation == OPERATION_SYMBOL; i++)
        if (node.symbol == placeholders[i]) return replacements[i];
    bool changed = false;
    for (int i = 0; i < operation_table[node.operation].arity; i++) {
        NodeId before = node.operands[i];
        if (before >= first) node.operands[i] = image[before - first];
        if (node.operands[i] != before) changed = true;
    }
    return changed ? graph_apply(graph, node.operation, node.operands[0], node.operands[1], node.operands[2])
                   : id;
}

NodeId graph_substitute(
    Graph *graph, NodeId node, const int *placeholders, const NodeId *replacements, int n, uint64_t *work) {
    NodeId first = first_changed(graph, node, placeholders, n);
    bool *reachable = graph_reachable(graph, first, node);
    NodeId *image = reachable ? malloc((node - first + 1) * sizeof *image) : NULL;
    *work += node - first + 1;
    if (!image) {
        free(reachable);
        graph_mark_full(graph);
        return 0;
    }
    for (NodeId id = first; id <= node; id++)
        if (reachable[id - first])
            image[id - first] = substitute_node(graph, id, first, image, placeholders, replacements, n);
    NodeId result = image[node - first];
    free(image);
    free(reachable);
    return result;
}
