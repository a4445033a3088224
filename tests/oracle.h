/* An evaluator of graphs that shares nothing with the program's: one pass over the nodes, with the C
 * library's functions. And central differences, for derivatives. */
#ifndef SLALOM_ORACLE_H
#define SLALOM_ORACLE_H

#include "graph.h"

#include <math.h>
#include <stdlib.h>

static inline double oracle_operation(Operation operation, double a, double b, double c) {
    switch (operation) {
    case OPERATION_NEGATE: return -a;
    case OPERATION_ADD: return a + b;
    case OPERATION_SUBTRACT: return a - b;
    case OPERATION_MULTIPLY: return a * b;
    case OPERATION_DIVIDE: return a / b;
    case OPERATION_POWER: return pow(a, b);
    case OPERATION_LESS: return a < b;
    case OPERATION_LESS_EQUAL: return a <= b;
    case OPERATION_EQUAL: return a == b;
    case OPERATION_NOT_EQUAL: return a != b;
    case OPERATION_SELECT: return a != 0 ? b : c;
    case OPERATION_EXP: return exp(a);
    case OPERATION_LOG: return log(a);
    case OPERATION_LOG10: return log10(a);
    case OPERATION_SQRT: return sqrt(a);
    case OPERATION_ABS: return fabs(a);
    case OPERATION_SIGN: return (a > 0) - (a < 0);
    case OPERATION_SIN: return sin(a);
    case OPERATION_COS: return cos(a);
    case OPERATION_TAN: return tan(a);
    case OPERATION_ASIN: return asin(a);
    case OPERATION_ACOS: return acos(a);
    case OPERATION_ATAN: return atan(a);
    case OPERATION_ATAN2: return atan2(a, b);
    case OPERATION_SINH: return sinh(a);
    case OPERATION_COSH: return cosh(a);
    case OPERATION_TANH: return tanh(a);
    case OPERATION_SIGMOID: return 1 / (1 + exp(-a));
    case OPERATION_SOFTPLUS: return fmax(a, 0) + log1p(exp(-fabs(a)));
    case OPERATION_RELU: return fmax(a, 0);
    case OPERATION_MIN: return fmin(a, b);
    case OPERATION_MAX: return fmax(a, b);
    case OPERATION_FLOOR: return floor(a);
    case OPERATION_MOD: return a - b * floor(a / b);
    case OPERATION_HYPOT: return hypot(a, b);
    case OPERATION_ERF: return erf(a);
    case OPERATION_CLAMP: return fmin(fmax(a, b), c);
    case OPERATION_CONSTANT:
    case OPERATION_SYMBOL:
    case OPERATION_COUNT: break;
    }
    return NAN;
}

/* The value of a node; `values` by symbol. */
static inline double oracle(const Graph *graph, NodeId node, const double *values) {
    double *of = malloc((node + 1) * sizeof *of);
    if (!of) abort();
    for (NodeId id = 0; id <= node; id++) {
        const Node *at = graph_node(graph, id);
        double operands[3] = {0};
        for (int i = 0; i < operation_table[at->operation].arity; i++) operands[i] = of[at->operands[i]];
        if (at->operation == OPERATION_CONSTANT)
            of[id] = at->constant;
        else if (at->operation == OPERATION_SYMBOL)
            of[id] = at->symbol < SYMBOLS_MAX ? values[at->symbol] : NAN;
        else
            of[id] = oracle_operation(at->operation, operands[0], operands[1], operands[2]);
    }
    double value = of[node];
    free(of);
    return value;
}

/* The derivative by a symbol, of fourth order in the step. */
static inline double oracle_slope(const Graph *graph, NodeId node, double *values, int symbol, double step) {
    double at = values[symbol], f[4];
    static const int places[4] = {-2, -1, 1, 2};
    for (int i = 0; i < 4; i++) {
        values[symbol] = at + places[i] * step;
        f[i] = oracle(graph, node, values);
    }
    values[symbol] = at;
    return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step);
}

#endif
