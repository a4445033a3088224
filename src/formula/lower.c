/* Graph to values: rewrites what a machine does differently from what a person writes, shares what has become
 * equal by that, counts uses and fuses. Storage and order of execution are left to compile.c. */
#include "lower.h"

#include "elementary.h"
#include "evaluate.h"

#include <assert.h>
#include <stdlib.h>

typedef struct Lowering {
    const Graph *graph;
    const Symbol *symbols;
    Value *values;
    uint32_t n, capacity;
    uint32_t *table;         /* open addressing: values by content */
    uint32_t table_capacity; /* a power of two, at least 2n */
    uint32_t *value_of_node; /* (graph_size) */
    bool out_of_memory;
} Lowering;

static uint32_t hash(const Value *value) {
    uint64_t h = value->opcode;
    for (int i = 0; i < 3; i++) h = (h ^ value->operands[i]) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ elementary_bits(value->constant)) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uint64_t)value->symbol) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 32);
}

static bool same(const Value *a, const Value *b) {
    return a->opcode == b->opcode && memcmp(a->operands, b->operands, sizeof a->operands) == 0 &&
           elementary_bits(a->constant) == elementary_bits(b->constant) && a->symbol == b->symbol;
}

/* The place in the table of a value like this one, or the free place where it belongs. */
static uint32_t *find(const Lowering *lowering, const Value *value) {
    const uint32_t mask = lowering->table_capacity - 1;
    uint32_t place = hash(value) & mask;
    while (lowering->table[place] != VALUE_NONE && !same(&lowering->values[lowering->table[place]], value)) {
        place = (place + 1) & mask;
    }
    return &lowering->table[place];
}

/* Room for one more value. */
static bool grow(Lowering *lowering) {
    if (lowering->n < lowering->capacity) return true;
    const uint32_t capacity = lowering->capacity ? 2 * lowering->capacity : 64;
    Value *values = realloc(lowering->values, capacity * sizeof *values);
    if (!values) return false;
    lowering->values = values;
    uint32_t *table = malloc(2 * (size_t)capacity * sizeof *table);
    if (!table) return false;
    free(lowering->table);
    lowering->table = table;
    lowering->capacity = capacity;
    lowering->table_capacity = 2 * capacity;
    for (uint32_t i = 0; i < lowering->table_capacity; i++) table[i] = VALUE_NONE;
    for (uint32_t i = 0; i < lowering->n; i++) *find(lowering, &values[i]) = i;
    return true;
}

/* The value like this one, made if need be. */
static uint32_t intern(Lowering *lowering, Value value) {
    if (lowering->out_of_memory || !grow(lowering)) {
        lowering->out_of_memory = true;
        return 0;
    }
    uint32_t *place = find(lowering, &value);
    if (*place == VALUE_NONE) {
        *place = lowering->n;
        lowering->values[lowering->n++] = value;
    }
    return *place;
}

static uint32_t constant(Lowering *lowering, double number) {
    return intern(lowering, (Value){.opcode = OPERATION_CONSTANT,
                                .level = LEVEL_FIXED,
                                .operands = {VALUE_NONE, VALUE_NONE, VALUE_NONE},
                                .constant = number});
}

static uint32_t apply(Lowering *lowering, uint32_t opcode, uint32_t a, uint32_t b, uint32_t c) {
    if (lowering->out_of_memory) return 0;
    if ((opcode == OPERATION_ADD || opcode == OPERATION_MULTIPLY) && a > b) {
        const uint32_t swapped = a;
        a = b;
        b = swapped;
    }
    Value value = {.opcode = opcode, .level = LEVEL_FIXED, .operands = {a, b, c}};
    for (int i = 0; i < 3; i++) {
        if (value.operands[i] == VALUE_NONE) continue;
        const Level level = lowering->values[value.operands[i]].level;
        if (level > value.level) value.level = level;
    }
    return intern(lowering, value);
}

static uint32_t apply1(Lowering *lowering, uint32_t opcode, uint32_t a) {
    return apply(lowering, opcode, a, VALUE_NONE, VALUE_NONE);
}

static uint32_t apply2(Lowering *lowering, uint32_t opcode, uint32_t a, uint32_t b) {
    return apply(lowering, opcode, a, b, VALUE_NONE);
}

/* x^n, n >= 1: (x^(n/2))^2, times x where n is odd. The same chain as operation_apply's. */
static uint32_t power_chain(Lowering *lowering, uint32_t x, int n) {
    if (n == 1) return x;
    if (n % 2 == 1) return apply2(lowering, OPERATION_MULTIPLY, power_chain(lowering, x, n - 1), x);
    const uint32_t half = power_chain(lowering, x, n / 2);
    return apply2(lowering, OPERATION_MULTIPLY, half, half);
}

static uint32_t lower_power(Lowering *lowering, uint32_t base, uint32_t exponent) {
    const Value b = lowering->values[exponent];
    if (b.opcode == OPERATION_CONSTANT) {
        const double n = fabs(b.constant);
        if (b.constant == 0.5) return apply1(lowering, OPERATION_SQRT, base);
        if (n >= 1 && n <= POWER_CHAIN_MAX && elementary_floor_f64(n) == n) {
            const uint32_t power = power_chain(lowering, base, (int)n);
            return b.constant > 0 ? power : apply2(lowering, OPERATION_DIVIDE, constant(lowering, 1), power);
        }
    }
    if (b.level == LEVEL_STEP && lowering->values[base].level == LEVEL_FIXED) {
        const uint32_t table = apply1(lowering, OPCODE_POWER_TABLE, base);
        return apply2(lowering, OPCODE_POWER_BY_TABLE, table, exponent);
    }
    return apply2(lowering, OPERATION_POWER, base, exponent);
}

/* A quotient by 2^n is exactly a product by 2^-n while both are normal. */
static uint32_t lower_divide(Lowering *lowering, uint32_t a, uint32_t b) {
    const Value divisor = lowering->values[b];
    const uint64_t bits = elementary_bits(divisor.constant);
    const unsigned exponent = bits >> 52 & 0x7ff;
    if (divisor.opcode == OPERATION_CONSTANT && bits << 12 == 0 && exponent >= 1 && exponent <= 2045) {
        return apply2(lowering, OPERATION_MULTIPLY, a, constant(lowering, 1 / divisor.constant));
    }
    return apply2(lowering, OPERATION_DIVIDE, a, b);
}

/* One node whose operands are lowered. */
static uint32_t lower_node(Lowering *lowering, const Node *node) {
    uint32_t operands[3] = {VALUE_NONE, VALUE_NONE, VALUE_NONE};
    for (int i = 0; i < operation_table[node->operation].arity; i++) {
        operands[i] = lowering->value_of_node[node->operands[i]];
    }
    switch (node->operation) {
    case OPERATION_CONSTANT: return constant(lowering, node->constant);
    case OPERATION_SYMBOL:
        return intern(lowering, (Value){.opcode = OPERATION_SYMBOL,
                                    .symbol = node->symbol,
                                    .level = lowering->symbols[node->symbol].level,
                                    .operands = {VALUE_NONE, VALUE_NONE, VALUE_NONE}});
    case OPERATION_POWER: return lower_power(lowering, operands[0], operands[1]);
    case OPERATION_DIVIDE: return lower_divide(lowering, operands[0], operands[1]);
    case OPERATION_CLAMP: {
        const uint32_t raised = apply2(lowering, OPERATION_MAX, operands[0], operands[1]);
        return apply2(lowering, OPERATION_MIN, raised, operands[2]);
    }
    default: return apply(lowering, node->operation, operands[0], operands[1], operands[2]);
    }
}

/* Everything below `root`, depth first: what is used together is computed together. `stack` has room for
 * every operand of every node. */
static void lower_tree(Lowering *lowering, NodeId root, NodeId *stack) {
    size_t depth = 0;
    stack[depth++] = root;
    while (depth > 0 && !lowering->out_of_memory) {
        const NodeId id = stack[depth - 1];
        const Node *node = graph_node(lowering->graph, id);
        bool ready = true;
        if (lowering->value_of_node[id] == VALUE_NONE) {
            for (int i = operation_table[node->operation].arity - 1; i >= 0; i--) {
                if (lowering->value_of_node[node->operands[i]] != VALUE_NONE) continue;
                stack[depth++] = node->operands[i];
                ready = false;
            }
            if (ready) lowering->value_of_node[id] = lower_node(lowering, node);
        }
        if (ready) depth--;
    }
}

static void count_uses(Lowered *lowered) {
    for (uint32_t i = 0; i < lowered->n; i++) lowered->values[i].uses = 0;
    for (int i = 0; i < lowered->n_outputs; i++) lowered->values[lowered->outputs[i]].uses++;
    for (uint32_t i = lowered->n; i-- > 0;) {
        const Value *value = &lowered->values[i];
        if (value->uses == 0) continue;
        for (int k = 0; k < 3; k++) {
            if (value->operands[k] != VALUE_NONE) lowered->values[value->operands[k]].uses++;
        }
    }
}

/* Two operations that one loop does: `inner` is the operand of `outer` at place 0 or 1, or at either where it
 * is FUSE_EITHER. The operands are those of the inner one, then the other one of the outer. */
enum { FUSE_EITHER = 2 };
typedef struct Fusion {
    uint32_t outer, inner, fused;
    int place;
} Fusion;

static const Fusion fusions[] = {
    {OPERATION_ADD, OPERATION_MULTIPLY, OPCODE_MULTIPLY_ADD, FUSE_EITHER},
    {OPERATION_SUBTRACT, OPERATION_MULTIPLY, OPCODE_MULTIPLY_SUBTRACT, 0},
    {OPERATION_SUBTRACT, OPERATION_MULTIPLY, OPCODE_SUBTRACT_PRODUCT, 1},
    {OPERATION_SUBTRACT, OPERATION_DIVIDE, OPCODE_SUBTRACT_QUOTIENT, 1},
    {OPERATION_ADD, OPERATION_SQRT, OPCODE_ADD_ROOT, FUSE_EITHER},
    {OPERATION_MULTIPLY, OPERATION_MULTIPLY, OPCODE_MULTIPLY_TWICE, FUSE_EITHER},
};

/* What nothing else uses; but a quotient by what does not vary is a product in float32
 * (OPCODE_DIVIDE_BY_ONE). */
static bool fusible(const Lowered *lowered, const Value *value) {
    return value->level == LEVEL_ELEMENT && value->uses == 1 &&
           (value->opcode != OPERATION_DIVIDE || lowered->values[value->operands[1]].level == LEVEL_ELEMENT);
}

static bool fuse_operand(Lowered *lowered, Value *outer, const Fusion *fusion, int place) {
    Value *inner = &lowered->values[outer->operands[place]];
    if (fusion->place == 1 - place || inner->opcode != fusion->inner || !fusible(lowered, inner))
        return false;
    const uint32_t rest = outer->operands[1 - place];
    outer->opcode = fusion->fused;
    outer->operands[0] = inner->operands[0];
    outer->operands[1] = inner->operands[1] == VALUE_NONE ? rest : inner->operands[1];
    outer->operands[2] = inner->operands[1] == VALUE_NONE ? VALUE_NONE : rest;
    inner->uses = 0;
    return true;
}

/* Puts an operation into the one that alone uses it: one pass over memory instead of two. */
static void fuse(Lowered *lowered) {
    for (uint32_t i = 0; i < lowered->n; i++) {
        Value *outer = &lowered->values[i];
        bool fused = outer->uses == 0;
        for (size_t k = 0; k < sizeof fusions / sizeof fusions[0] && !fused; k++) {
            if (fusions[k].outer != outer->opcode) continue;
            fused =
                fuse_operand(lowered, outer, &fusions[k], 0) || fuse_operand(lowered, outer, &fusions[k], 1);
        }
    }
}

bool lower(
    const Graph *graph, const Symbol *symbols, const NodeId *outputs, int n_outputs, Lowered *lowered) {
    const size_t size = graph_size(graph);
    Lowering lowering = {.graph = graph, .symbols = symbols};
    lowering.value_of_node = malloc(size * sizeof *lowering.value_of_node + 1);
    NodeId *stack = malloc((3 * size + 1) * sizeof *stack);
    *lowered = (Lowered){.n_outputs = n_outputs, .outputs = malloc(n_outputs * sizeof *lowered->outputs + 1)};
    lowering.out_of_memory = !lowering.value_of_node || !stack || !lowered->outputs;
    for (size_t i = 0; !lowering.out_of_memory && i < size; i++) lowering.value_of_node[i] = VALUE_NONE;
    for (int i = 0; !lowering.out_of_memory && i < n_outputs; i++) {
        lower_tree(&lowering, outputs[i], stack);
        lowered->outputs[i] = lowering.value_of_node[outputs[i]];
    }
    free(lowering.value_of_node);
    free(lowering.table);
    free(stack);
    lowered->values = lowering.values;
    lowered->n = lowering.n;
    if (lowering.out_of_memory) {
        lowered_finish(lowered);
        return false;
    }
    count_uses(lowered);
    fuse(lowered);
    return true;
}

void lowered_finish(Lowered *lowered) {
    free(lowered->values);
    free(lowered->outputs);
    *lowered = (Lowered){0};
}
