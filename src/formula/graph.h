/* A hash-consed expression graph: the same subexpression is the same node, so a gradient and a Hessian
 * share everything they can share. Nodes are simplified as they are made. */
#ifndef SLALOM_GRAPH_H
#define SLALOM_GRAPH_H

#include "operation.h"

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

enum {
    GRAPH_NODES_MAX = 1 << 18, /* formulas come from strangers: bounds memory and compile time */
    SYMBOL_NAME_BYTES = 32,
    SYMBOLS_MAX = 64,
};

/* How often a value changes. A node's level is the highest of its operands'; work is done at its own level
 * and no oftener. */
typedef enum Level {
    LEVEL_FIXED,   /* constants, parameters: computed when the program is bound */
    LEVEL_STEP,    /* one number for a whole call, e.g. t or lr */
    LEVEL_ELEMENT, /* one number for each element, e.g. x or g */
} Level;

/* A name that a formula may use. */
typedef struct Symbol {
    char name[SYMBOL_NAME_BYTES];
    Level level;
    bool assignable; /* may stand on the left of an assignment in a script */
} Symbol;

/* Names a node within its graph; NODE_NONE is no node. */
typedef uint32_t NodeId;
#define NODE_NONE UINT32_MAX

/* Operands come before the node that uses them: ids ascend. */
typedef struct Node {
    Operation operation;
    NodeId operands[3]; /* NODE_NONE beyond the operation's arity */
    double constant;    /* of OPERATION_CONSTANT */
    int symbol;         /* of OPERATION_SYMBOL */
} Node;

typedef struct Graph Graph;

Graph *graph_create(void); /* NULL when memory is out */
void graph_destroy(Graph *graph);

/* Making nodes. A graph that is full (GRAPH_NODES_MAX, or no memory) says so in graph_is_full and returns
 * an arbitrary existing node, so that callers check once at the end. */
NodeId graph_constant(Graph *graph, double value);
NodeId graph_symbol(Graph *graph, int symbol);
NodeId graph_apply(Graph *graph, Operation operation, NodeId a, NodeId b, NodeId c);
bool graph_is_full(const Graph *graph);

/* The exact partial derivative of `node` with respect to a symbol, simplified, in the same graph. Time and
 * nodes are linear in the part of the graph below `node`. */
NodeId graph_derivative(Graph *graph, NodeId node, int symbol);

const Node *graph_node(const Graph *graph, NodeId id); /* valid until the next node is made */
uint32_t graph_size(const Graph *graph);               /* how many nodes */

/* Whether `symbol` occurs anywhere below `node`. */
bool graph_depends(const Graph *graph, NodeId node, int symbol);

/* Appends the node as a person would write it, with the fewest parentheses: "-400*x*(y - x^2) - 2*(1 - x)".
 * What it prints parses back to the same value, up to the rounding of products. Longer than max_bytes: cut,
 * with "..." at its end. */
void graph_print(const Graph *graph, NodeId node, const Symbol *symbols, size_t max_bytes, Text *out);

#endif
