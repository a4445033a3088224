/* Nodes and the hash table that makes equal ones the same. Which node an operation becomes is decided in
 * simplify.c. */
#include "intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_START = 1 << 8 };

struct Graph {
    Node *nodes;
    uint32_t n, capacity;
    uint32_t *table; /* node ids by hash, NODE_NONE where free; a power of two, at most half full */
    uint32_t table_size;
    bool full;
};

static void clear_table(uint32_t *table, uint32_t size) {
    memset(table, 0xff, size * sizeof *table); /* all NODE_NONE */
}

Graph *graph_create(void) {
    Graph *graph = calloc(1, sizeof *graph);
    if (!graph) return NULL;
    graph->capacity = TABLE_START / 2;
    graph->table_size = TABLE_START;
    graph->nodes = malloc(graph->capacity * sizeof *graph->nodes);
    graph->table = malloc(graph->table_size * sizeof *graph->table);
    if (!graph->nodes || !graph->table) {
        graph_destroy(graph);
        return NULL;
    }
    clear_table(graph->table, graph->table_size);
    graph_constant(graph, 0); /* node 0, which a full graph returns, always exists */
    return graph;
}

void graph_destroy(Graph *graph) {
    if (!graph) return;
    free(graph->nodes);
    free(graph->table);
    free(graph);
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint32_t hash_node(const Node *node) {
    uint64_t hash = mix((uint64_t)node->operation + 1, (uint64_t)node->symbol);
    for (int i = 0; i < 3; i++) hash = mix(hash, node->operands[i]);
    hash = mix(hash, bits_of(node->constant));
    return (uint32_t)(hash >> 32);
}

static bool same_node(const Node *a, const Node *b) {
    return a->operation == b->operation && a->operands[0] == b->operands[0] &&
           a->operands[1] == b->operands[1] && a->operands[2] == b->operands[2] && a->symbol == b->symbol &&
           bits_of(a->constant) == bits_of(b->constant);
}

/* The slot of an equal node, or the free slot where it belongs. */
static uint32_t find_slot(const Graph *graph, const Node *node) {
    uint32_t slot = hash_node(node) & (graph->table_size - 1);
    while (graph->table[slot] != NODE_NONE && !same_node(&graph->nodes[graph->table[slot]], node))
        slot = (slot + 1) & (graph->table_size - 1);
    return slot;
}

static bool grow(Graph *graph) {
    if (graph->n >= GRAPH_NODES_MAX) return false;
    if (graph->n < graph->capacity) return true;
    uint32_t capacity = graph->capacity * 2, table_size = graph->table_size * 2;
    Node *nodes = realloc(graph->nodes, capacity * sizeof *nodes);
    if (nodes) graph->nodes = nodes;
    uint32_t *table = realloc(graph->table, table_size * sizeof *table);
    if (table) graph->table = table;
    if (!nodes || !table) return false;
    graph->capacity = capacity;
    graph->table_size = table_size;
    clear_table(table, table_size);
    for (uint32_t id = 0; id < graph->n; id++) table[find_slot(graph, &nodes[id])] = id;
    return true;
}

static NodeId intern(Graph *graph, const Node *node) {
    uint32_t slot = find_slot(graph, node);
    if (graph->table[slot] != NODE_NONE) return graph->table[slot];
    if (!grow(graph)) {
        graph->full = true;
        return 0;
    }
    slot = find_slot(graph, node);
    graph->nodes[graph->n] = *node;
    graph->table[slot] = graph->n;
    return graph->n++;
}

static Node application(Operation operation, NodeId a, NodeId b, NodeId c) {
    return (Node){.operation = operation, .operands = {a, b, c}};
}

NodeId graph_constant(Graph *graph, double value) {
    if (value == 0) value = 0; /* -0 and 0 are one constant */
    Node node = application(OPERATION_CONSTANT, NODE_NONE, NODE_NONE, NODE_NONE);
    node.constant = value;
    return intern(graph, &node);
}

NodeId graph_symbol(Graph *graph, int symbol) {
    Node node = application(OPERATION_SYMBOL, NODE_NONE, NODE_NONE, NODE_NONE);
    node.symbol = symbol;
    return intern(graph, &node);
}

NodeId graph_intern(Graph *graph, Operation operation, NodeId a, NodeId b, NodeId c) {
    Node node = application(operation, a, b, c);
    return intern(graph, &node);
}

NodeId graph_intern_commutative(Graph *graph, Operation operation, NodeId a, NodeId b) {
    Node swapped = application(operation, b, a, NODE_NONE);
    uint32_t slot = find_slot(graph, &swapped);
    if (graph->table[slot] != NODE_NONE) return graph->table[slot];
    return graph_intern(graph, operation, a, b, NODE_NONE);
}

bool graph_is_full(const Graph *graph) {
    return graph->full;
}

const Node *graph_node(const Graph *graph, NodeId id) {
    assert(id < graph->n);
    return &graph->nodes[id];
}

uint32_t graph_size(const Graph *graph) {
    return graph->n;
}

void graph_mark_full(Graph *graph) {
    graph->full = true;
}

bool *graph_reachable(const Graph *graph, NodeId first, NodeId node) {
    bool *reachable = calloc(node - first + 1, sizeof *reachable);
    if (!reachable) return NULL;
    reachable[node - first] = true;
    for (NodeId id = node + 1; id-- > first;) { /* operands come before the node that uses them */
        if (!reachable[id - first]) continue;
        for (int i = 0; i < operation_table[graph->nodes[id].operation].arity; i++) {
            NodeId operand = graph->nodes[id].operands[i];
            if (operand >= first) reachable[operand - first] = true;
        }
    }
    return reachable;
}

bool graph_depends(const Graph *graph, NodeId node, int symbol) {
    bool *reachable = graph_reachable(graph, 0, node), depends = false;
    for (NodeId id = 0; reachable && id <= node; id++)
        if (reachable[id] && graph->nodes[id].operation == OPERATION_SYMBOL &&
            graph->nodes[id].symbol == symbol)
            depends = true;
    free(reachable);
    return depends;
}
