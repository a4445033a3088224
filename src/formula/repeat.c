/* iterate, mean and sum: a body read once over a placeholder, which is then replaced again and again. */
#include "parser.h"

#include <stdlib.h>
#include <string.h>

enum { ITERATIONS_MAX = 100000 };

static NodeId substitute(
    Parser *parser, const Token *name, NodeId body, const int *placeholders, const NodeId *values, int n) {
    NodeId node = graph_substitute(parser->graph, body, placeholders, values, n, &parser->work);
    if (!graph_is_full(parser->graph) && parser->work <= PARSER_WORK_MAX) return node;
    return parser_fail(parser, name, "the formula is too large when this is written out");
}

/* The body with `local` bound to a new placeholder. */
static NodeId read_body(Parser *parser, const char *local, int *placeholder) {
    *placeholder = PLACEHOLDER_FIRST + parser->placeholders++;
    if (!parser_bind_local(parser, local, graph_symbol(parser->graph, *placeholder))) return NODE_NONE;
    NodeId body = parser_expression(parser);
    parser->n_locals--;
    return body;
}

NodeId parser_iterate(Parser *parser, const Token *name) {
    char local[SYMBOL_NAME_BYTES];
    static const char where[] = "in iterate(s, start, n, next)";
    if (!parser_new_name(parser, local) || !parser_expect(parser, ',', where)) return NODE_NONE;
    NodeId value = parser_expression(parser);
    if (value == NODE_NONE || !parser_expect(parser, ',', where)) return NODE_NONE;
    const Token *count = parser_peek(parser);
    double n;
    if (!parser_number(parser, &n) || !parser_expect(parser, ',', where)) return NODE_NONE;
    if (!(n >= 0 && n <= ITERATIONS_MAX && n == (double)(int)n))
        return parser_fail(
            parser, count, "the number of iterations is a whole number from 0 to %d", ITERATIONS_MAX);
    int placeholder;
    NodeId next = read_body(parser, local, &placeholder);
    if (next == NODE_NONE || !parser_expect(parser, ')', where)) return NODE_NONE;
    for (int i = 0; i < (int)n && value != NODE_NONE; i++)
        value = substitute(parser, name, next, &placeholder, &value, 1);
    return value;
}

void formula_table_finish(FormulaTable *table) {
    for (int i = 0; i < table->n_columns; i++) free(table->values[i]);
    *table = (FormulaTable){.n_columns = 0};
}

/* The numbers of one column: behind the bracket, up to and with its end. */
static bool read_values(Parser *parser, FormulaTable *table, int column) {
    const Token *open = parser_peek(parser);
    size_t n = 0, capacity = 0;
    do {
        if (n == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            double *values = realloc(table->values[column], capacity * sizeof *values);
            if (!values) return status_fail(parser->status, STATUS_FAILED, "out of memory");
            table->values[column] = values;
        }
        if (!parser_number(parser, &table->values[column][n++])) return false;
    } while (parser_accept(parser, ','));
    if (!parser_expect(parser, ']', "after the values")) return false;
    if (column > 0 && n != table->n_rows) {
        parser_fail(parser, open, "this column has %zu values, the first has %zu", n, table->n_rows);
        return false;
    }
    table->n_rows = n;
    return true;
}

static bool read_table(Parser *parser, FormulaTable *table) {
    do {
        if (table->n_columns == FORMULA_COLUMNS_MAX) {
            parser_fail(parser, parser_peek(parser), "more than %d columns", FORMULA_COLUMNS_MAX);
            return false;
        }
        const Token *token = parser_peek(parser);
        if (!parser_new_name(parser, table->names[table->n_columns])) return false;
        for (int i = 0; i < table->n_columns; i++) {
            if (strcmp(table->names[i], table->names[table->n_columns]) != 0) continue;
            parser_fail(parser, token, "%s is a column already", table->names[i]);
            return false;
        }
        if (!parser_expect(parser, '=', "after the column's name")) return false;
        if (!parser_expect(parser, '[', "before the values")) return false;
        int column = table->n_columns++;
        if (!read_values(parser, table, column)) return false;
    } while (parser_accept(parser, ','));
    return parser_expect(parser, ')', "after the table");
}

/* The first token of the table, behind the body; 0 where there is none. */
static size_t find_table(const Parser *parser) {
    for (size_t at = parser->at;; at++) {
        at = parser_scan(parser, at, ',');
        if (parser->tokens[at].kind != ',') return 0;
        if (parser->tokens[at + 1].kind == TOKEN_NAME && parser->tokens[at + 2].kind == '=' &&
            parser->tokens[at + 3].kind == '[')
            return at + 1;
    }
}

/* The body over the table's columns, each of which stands for a symbol of its own. */
static NodeId read_table_body(Parser *parser, const FormulaTable *table, size_t end, const int *symbols) {
    for (int i = 0; i < table->n_columns; i++)
        if (!parser_bind_local(parser, table->names[i], graph_symbol(parser->graph, symbols[i])))
            return NODE_NONE;
    NodeId body = parser_expression(parser);
    if (body != NODE_NONE && parser->at != end)
        return parser_fail(parser, parser_peek(parser), "expected ',' and the table behind the body");
    return body;
}

static NodeId add_rows(
    Parser *parser, const Token *name, const FormulaTable *table, NodeId body, const int *placeholders) {
    NodeId total = graph_constant(parser->graph, 0);
    for (size_t row = 0; row < table->n_rows && total != NODE_NONE; row++) {
        NodeId values[FORMULA_COLUMNS_MAX];
        for (int i = 0; i < table->n_columns; i++)
            values[i] = graph_constant(parser->graph, table->values[i][row]);
        NodeId term = substitute(parser, name, body, placeholders, values, table->n_columns);
        total =
            term == NODE_NONE ? NODE_NONE : graph_apply(parser->graph, OPERATION_ADD, total, term, NODE_NONE);
    }
    return total;
}

/* The body, with the parser before it, over a table that has been read, and the parser then behind that. */
static NodeId reduce_rows(
    Parser *parser, const Token *name, const FormulaTable *table, size_t table_at, size_t end, bool mean) {
    int symbols[FORMULA_COLUMNS_MAX];
    for (int i = 0; i < table->n_columns; i++)
        symbols[i] = parser->table ? parser->first_column + i : PLACEHOLDER_FIRST + parser->placeholders++;
    NodeId body = read_table_body(parser, table, table_at - 1, symbols);
    parser->at = end;
    if (body == NODE_NONE) return NODE_NONE;
    NodeId n_rows = graph_constant(parser->graph, (double)table->n_rows);
    if (parser->table)
        return mean ? body : graph_apply(parser->graph, OPERATION_MULTIPLY, n_rows, body, NODE_NONE);
    NodeId total = add_rows(parser, name, table, body, symbols);
    if (total == NODE_NONE || !mean) return total;
    return graph_apply(parser->graph, OPERATION_DIVIDE, total, n_rows, NODE_NONE);
}

NodeId parser_reduce(Parser *parser, const Token *name, bool mean) {
    size_t body_at = parser->at, table_at = find_table(parser);
    if (table_at == 0)
        return parser_fail(parser, name, "%s needs a table of data: %s(body, x=[1, 2, 3])",
            mean ? "mean" : "sum", mean ? "mean" : "sum");
    if (parser->table && parser->table->n_columns > 0)
        return parser_fail(parser, name, "a second table: examples are the rows of one");
    FormulaTable own = {.n_columns = 0}, *table = parser->table ? parser->table : &own;
    int n_locals = parser->n_locals;
    parser->at = table_at;
    NodeId result = NODE_NONE;
    if (read_table(parser, table)) {
        size_t end = parser->at;
        parser->at = body_at;
        result = reduce_rows(parser, name, table, table_at, end, mean);
    }
    parser->n_locals = n_locals;
    formula_table_finish(&own);
    return result;
}
