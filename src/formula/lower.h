/* Lowering: the part of a graph that some outputs need, in a form that instructions can be made from. */
#ifndef SLALOM_LOWER_H
#define SLALOM_LOWER_H

#include "graph.h"
#include "interpret.h"

#include <stdbool.h>
#include <stdint.h>

/* Names a value; VALUE_NONE is no value. */
#define VALUE_NONE UINT32_MAX

/* Like a node, but: whole powers are chains of products, CLAMP is a MAX and a MIN, a quotient by a power of
 * two is a product, and products are fused with the sums that alone use them. */
typedef struct Value {
    uint32_t opcode; /* of operation.h, kernels.h or interpret.h */
    Level level;
    uint32_t operands[3]; /* earlier values; VALUE_NONE beyond the arity */
    double constant;      /* of OPERATION_CONSTANT */
    int symbol;           /* of OPERATION_SYMBOL */
    uint32_t uses;        /* as an operand or an output; a value of 0 uses is dead */
} Value;

typedef struct Lowered {
    Value *values; /* in an order in which they can be computed; owned */
    uint32_t n;
    uint32_t *outputs; /* (n_outputs); owned */
    int n_outputs;
} Lowered;

/* False when memory is out; then nothing is left to finish. */
bool lower(const Graph *graph, const Symbol *symbols, const NodeId *outputs, int n_outputs, Lowered *lowered);
void lowered_finish(Lowered *lowered);

#endif
