/* What scripts say of whole vectors: norm, dot, mean, sum, max and randn. Each becomes a hidden symbol that
 * is computed before the script; computing it is left to whoever runs it. */
#include "parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void parser_allow_vectors(Parser *parser, VectorTerms *terms) {
    *terms = (VectorTerms){.n_symbols = parser->n_symbols};
    memcpy(terms->symbols, parser->symbols, (size_t)parser->n_symbols * sizeof *terms->symbols);
    parser->terms = terms;
    parser->symbols = terms->symbols;
}

bool parser_is_vector(Parser *parser, NodeId value) {
    bool *reachable = graph_reachable(parser->graph, 0, value), vector = false;
    parser->work += value + 1;
    if (!reachable) graph_mark_full(parser->graph);
    for (NodeId id = 0; reachable && id <= value && !vector; id++) {
        const Node *node = graph_node(parser->graph, id);
        vector = reachable[id] && node->operation == OPERATION_SYMBOL &&
                 parser->symbols[node->symbol].level == LEVEL_ELEMENT;
    }
    free(reachable);
    return vector;
}

/* A symbol that no text can name. */
static int add_hidden(Parser *parser, Level level) {
    VectorTerms *terms = parser->terms;
    if (terms->n_symbols == SYMBOLS_MAX) return -1;
    Symbol *symbol = &terms->symbols[terms->n_symbols];
    *symbol = (Symbol){.level = level};
    snprintf(symbol->name, sizeof symbol->name, "(%d)", terms->n_symbols);
    return terms->n_symbols++;
}

/* The same reduction of the same value is computed once. */
static NodeId reduce(Parser *parser, const Token *name, ReductionKind kind, NodeId operand) {
    VectorTerms *terms = parser->terms;
    for (int i = 0; i < terms->n_reductions; i++)
        if (terms->reductions[i].kind == kind && terms->reductions[i].operand == operand)
            return graph_symbol(parser->graph, terms->reductions[i].symbol);
    int symbol = terms->n_reductions < REDUCTIONS_MAX ? add_hidden(parser, LEVEL_STEP) : -1;
    if (symbol < 0) return parser_fail(parser, name, "more than %d norms, sums and the like", REDUCTIONS_MAX);
    terms->reductions[terms->n_reductions++] =
        (Reduction){.kind = kind, .operand = operand, .symbol = symbol};
    return graph_symbol(parser->graph, symbol);
}

static NodeId apply(Parser *parser, Operation operation, NodeId a, NodeId b) {
    return graph_apply(parser->graph, operation, a, b, NODE_NONE);
}

static NodeId random_vector(Parser *parser, const Token *name) {
    VectorTerms *terms = parser->terms;
    int symbol = terms->n_noises < NOISES_MAX ? add_hidden(parser, LEVEL_ELEMENT) : -1;
    if (symbol < 0) return parser_fail(parser, name, "more than %d randn()", NOISES_MAX);
    terms->noises[terms->n_noises++] = symbol;
    return graph_symbol(parser->graph, symbol);
}

typedef enum VectorForm { FORM_NORM, FORM_DOT, FORM_MEAN, FORM_SUM, FORM_RANDN, FORM_COUNT } VectorForm;

static const struct {
    const char *name;
    int arity;
} forms[FORM_COUNT] = {{"norm", 1}, {"dot", 2}, {"mean", 1}, {"sum", 1}, {"randn", 0}};

static VectorForm find_form(const char *name) {
    int form = 0;
    while (form < FORM_COUNT && strcmp(forms[form].name, name) != 0) form++;
    return form;
}

bool parser_is_vector_form(const char *name) {
    return find_form(name) != FORM_COUNT;
}

NodeId parser_vector_form(Parser *parser, const Token *name, const char *word) {
    VectorForm form = find_form(word);
    NodeId arguments[2];
    int n = parser_arguments(parser, arguments, 2);
    if (n < 0) return NODE_NONE;
    if (n != forms[form].arity)
        return parser_fail(parser, name, "'%s' takes %d argument%s, not %d", word, forms[form].arity,
            forms[form].arity == 1 ? "" : "s", n);
    bool vector = n == 0;
    for (int i = 0; i < n; i++) vector = parser_is_vector(parser, arguments[i]) || vector;
    if (!vector) return parser_fail(parser, name, "'%s' takes a vector; this is one number", word);
    switch (form) {
    case FORM_NORM: {
        NodeId square = apply(parser, OPERATION_POWER, arguments[0], graph_constant(parser->graph, 2));
        NodeId sum = reduce(parser, name, REDUCTION_SUM, square);
        return sum == NODE_NONE ? NODE_NONE : apply(parser, OPERATION_SQRT, sum, NODE_NONE);
    }
    case FORM_DOT:
        return reduce(
            parser, name, REDUCTION_SUM, apply(parser, OPERATION_MULTIPLY, arguments[0], arguments[1]));
    case FORM_SUM: return reduce(parser, name, REDUCTION_SUM, arguments[0]);
    case FORM_MEAN: {
        NodeId sum = reduce(parser, name, REDUCTION_SUM, arguments[0]);
        NodeId count =
            sum == NODE_NONE ? sum : reduce(parser, name, REDUCTION_COUNT, graph_constant(parser->graph, 1));
        return count == NODE_NONE ? NODE_NONE : apply(parser, OPERATION_DIVIDE, sum, count);
    }
    default: return random_vector(parser, name);
    }
}

NodeId parser_largest(Parser *parser, const Token *name, NodeId vector) {
    if (!parser_is_vector(parser, vector))
        return parser_fail(parser, name, "'max' of one argument takes a vector; this is one number");
    return reduce(parser, name, REDUCTION_MAX, vector);
}
