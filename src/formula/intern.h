/* What only the graph's own files see: making nodes as given, and passes over a part of the graph. */
#ifndef SLALOM_INTERN_H
#define SLALOM_INTERN_H

#include "graph.h"

/* The node as it is given, without simplification. */
NodeId graph_intern(Graph *graph, Operation operation, NodeId a, NodeId b, NodeId c);

/* The same for a sum or product, which equals an existing one with its operands swapped. */
NodeId graph_intern_commutative(Graph *graph, Operation operation, NodeId a, NodeId b);

/* For a pass that ran out of memory. */
void graph_mark_full(Graph *graph);

/* Which nodes from `first` to `node` are `node` or below it, by id - first. The caller frees it; NULL when
 * memory is out. */
bool *graph_reachable(const Graph *graph, NodeId first, NodeId node);

/* Replaces symbols (by `placeholders`, n of them) by nodes throughout `node`: a copy of the part of the graph
 * that depends on them, simplified anew. Adds the nodes visited to *work. */
NodeId graph_substitute(
    Graph *graph, NodeId node, const int *placeholders, const NodeId *replacements, int n, uint64_t *work);

#endif
