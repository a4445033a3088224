/* Symbolic derivatives: one ascending pass over the nodes below a formula. Tidying up what comes out is left
 * to simplify.c. */
#include "intern.h"

#include <stdlib.h>

/* 2/sqrt(pi), the factor of erf's derivative; log(10), that of log10's. */
static const double two_over_root_pi = 1.1283791670955126, log_of_10 = 2.302585092994046;

typedef struct Pass {
    Graph *graph;
    NodeId *of; /* the derivative of each node so far */
} Pass;

static NodeId apply(Pass *pass, Operation operation, NodeId a, NodeId b) {
    return graph_apply(pass->graph, operation, a, b, NODE_NONE);
}

static NodeId constant(Pass *pass, double value) {
    return graph_constant(pass->graph, value);
}

static NodeId add(Pass *pass, NodeId a, NodeId b) {
    return apply(pass, OPERATION_ADD, a, b);
}

static NodeId subtract(Pass *pass, NodeId a, NodeId b) {
    return apply(pass, OPERATION_SUBTRACT, a, b);
}

static NodeId multiply(Pass *pass, NodeId a, NodeId b) {
    return apply(pass, OPERATION_MULTIPLY, a, b);
}

static NodeId divide(Pass *pass, NodeId a, NodeId b) {
    return apply(pass, OPERATION_DIVIDE, a, b);
}

static NodeId negate(Pass *pass, NodeId a) {
    return apply(pass, OPERATION_NEGATE, a, NODE_NONE);
}

static NodeId function(Pass *pass, Operation operation, NodeId a) {
    return apply(pass, operation, a, NODE_NONE);
}

static NodeId square(Pass *pass, NodeId a) {
    return apply(pass, OPERATION_POWER, a, constant(pass, 2));
}

static NodeId choose(Pass *pass, NodeId condition, NodeId a, NodeId b) {
    return graph_apply(pass->graph, OPERATION_SELECT, condition, a, b);
}

static bool is_zero(const Pass *pass, NodeId id) {
    const Node *node = graph_node(pass->graph, id);
    return node->operation == OPERATION_CONSTANT && node->constant == 0;
}

/* The factor f'(a) of a function of one argument; `self` is f(a). */
static NodeId outer_derivative(Pass *pass, Operation operation, NodeId a, NodeId self) {
    NodeId one = constant(pass, 1);
    switch (operation) {
    case OPERATION_EXP: return self;
    case OPERATION_LOG: return divide(pass, one, a);
    case OPERATION_LOG10: return divide(pass, one, multiply(pass, constant(pass, log_of_10), a));
    case OPERATION_SQRT: return divide(pass, one, multiply(pass, constant(pass, 2), self));
    case OPERATION_ABS: return function(pass, OPERATION_SIGN, a);
    case OPERATION_SIN: return function(pass, OPERATION_COS, a);
    case OPERATION_COS: return negate(pass, function(pass, OPERATION_SIN, a));
    case OPERATION_TAN: return add(pass, one, square(pass, self));
    case OPERATION_ASIN:
        return divide(pass, one, function(pass, OPERATION_SQRT, subtract(pass, one, square(pass, a))));
    case OPERATION_ACOS:
        return divide(
            pass, constant(pass, -1), function(pass, OPERATION_SQRT, subtract(pass, one, square(pass, a))));
    case OPERATION_ATAN: return divide(pass, one, add(pass, one, square(pass, a)));
    case OPERATION_SINH: return function(pass, OPERATION_COSH, a);
    case OPERATION_COSH: return function(pass, OPERATION_SINH, a);
    case OPERATION_TANH: return subtract(pass, one, square(pass, self));
    case OPERATION_SIGMOID: return multiply(pass, self, subtract(pass, one, self));
    case OPERATION_SOFTPLUS: return function(pass, OPERATION_SIGMOID, a);
    case OPERATION_RELU: return apply(pass, OPERATION_LESS, constant(pass, 0), a);
    case OPERATION_ERF:
        return multiply(pass, constant(pass, two_over_root_pi),
            function(pass, OPERATION_EXP, negate(pass, square(pass, a))));
    default: return constant(pass, 0); /* sign and floor are flat */
    }
}

/* Multiplies f'(a) by a'; 1/b times a' is written a'/b. */
static NodeId chain(Pass *pass, NodeId outer, NodeId inner) {
    const Node *node = graph_node(pass->graph, outer);
    if (node->operation == OPERATION_NEGATE) return negate(pass, chain(pass, node->operands[0], inner));
    if (node->operation == OPERATION_DIVIDE) {
        NodeId above = node->operands[0], below = node->operands[1];
        return divide(pass, multiply(pass, above, inner), below);
    }
    return multiply(pass, outer, inner);
}

static NodeId derive_quotient(Pass *pass, NodeId a, NodeId b, NodeId u, NodeId v) {
    if (is_zero(pass, v)) return divide(pass, u, b);
    NodeId above = subtract(pass, multiply(pass, u, b), multiply(pass, a, v));
    return divide(pass, above, square(pass, b));
}

/* Terms with log(a) or 1/a appear only where base and exponent both vary: they have no value at a = 0. */
static NodeId derive_power(Pass *pass, NodeId self, NodeId a, NodeId b, NodeId u, NodeId v) {
    if (is_zero(pass, v)) {
        NodeId lower = apply(pass, OPERATION_POWER, a, subtract(pass, b, constant(pass, 1)));
        return multiply(pass, multiply(pass, b, lower), u);
    }
    NodeId by_exponent = multiply(pass, function(pass, OPERATION_LOG, a), v);
    if (is_zero(pass, u)) return multiply(pass, self, by_exponent);
    return multiply(pass, self, add(pass, by_exponent, divide(pass, multiply(pass, b, u), a)));
}

/* Operations of two operands other than the arithmetic ones; u, v: the operands' derivatives. */
static NodeId derive_pair(Pass *pass, const Node *node, NodeId self, NodeId u, NodeId v) {
    NodeId a = node->operands[0], b = node->operands[1];
    NodeId less = apply(pass, OPERATION_LESS, a, b);
    switch (node->operation) {
    case OPERATION_MIN: return choose(pass, less, u, v);
    case OPERATION_MAX: return choose(pass, less, v, u);
    case OPERATION_MOD:
        return subtract(pass, u, multiply(pass, v, function(pass, OPERATION_FLOOR, divide(pass, a, b))));
    case OPERATION_HYPOT: return divide(pass, add(pass, multiply(pass, a, u), multiply(pass, b, v)), self);
    case OPERATION_ATAN2: {
        NodeId above = subtract(pass, multiply(pass, b, u), multiply(pass, a, v));
        return divide(pass, above, add(pass, square(pass, a), square(pass, b)));
    }
    default: return constant(pass, 0); /* comparisons are flat */
    }
}

/* Where low is above high, the value is high. */
static NodeId derive_clamp(Pass *pass, const Node *node, NodeId u, NodeId v, NodeId w) {
    NodeId above = choose(pass, apply(pass, OPERATION_LESS, node->operands[2], node->operands[0]), w, u);
    NodeId below = choose(pass, apply(pass, OPERATION_LESS, node->operands[2], node->operands[1]), w, v);
    return choose(pass, apply(pass, OPERATION_LESS, node->operands[0], node->operands[1]), below, above);
}

static NodeId derive(Pass *pass, NodeId id) {
    Node node = *graph_node(pass->graph, id);
    int arity = operation_table[node.operation].arity;
    NodeId d[3] = {0, 0, 0};
    bool flat = true;
    for (int i = 0; i < arity; i++) {
        d[i] = pass->of[node.operands[i]];
        if (!is_zero(pass, d[i])) flat = false;
    }
    if (flat) return constant(pass, 0);
    NodeId a = node.operands[0], b = node.operands[1];
    switch (node.operation) {
    case OPERATION_NEGATE: return negate(pass, d[0]);
    case OPERATION_ADD: return add(pass, d[0], d[1]);
    case OPERATION_SUBTRACT: return subtract(pass, d[0], d[1]);
    case OPERATION_MULTIPLY: return add(pass, multiply(pass, d[0], b), multiply(pass, a, d[1]));
    case OPERATION_DIVIDE: return derive_quotient(pass, a, b, d[0], d[1]);
    case OPERATION_POWER: return derive_power(pass, id, a, b, d[0], d[1]);
    case OPERATION_SELECT: return choose(pass, a, d[1], d[2]);
    case OPERATION_CLAMP: return derive_clamp(pass, &node, d[0], d[1], d[2]);
    default: break;
    }
    if (arity == 2) return derive_pair(pass, &node, id, d[0], d[1]);
    return chain(pass, outer_derivative(pass, node.operation, a, id), d[0]);
}

NodeId graph_derivative(Graph *graph, NodeId node, int symbol) {
    bool *reachable = graph_reachable(graph, 0, node);
    Pass pass = {.graph = graph, .of = reachable ? malloc((node + 1) * sizeof *pass.of) : NULL};
    if (!pass.of) {
        free(reachable);
        graph_mark_full(graph);
        return 0;
    }
    for (NodeId id = 0; id <= node && !graph_is_full(graph); id++) {
        if (!reachable[id]) continue;
        const Node *at = graph_node(graph, id);
        if (at->operation == OPERATION_SYMBOL)
            pass.of[id] = constant(&pass, at->symbol == symbol ? 1 : 0);
        else
            pass.of[id] = derive(&pass, id);
    }
    NodeId result = graph_is_full(graph) ? 0 : pass.of[node];
    free(pass.of);
    free(reachable);
    return result;
}
