/* Scripts: statements that assign, read in order, each seeing what stands before it. */
#include "intern.h"
#include "parser.h"

#include <stdlib.h>
#include <string.h>

/* The operation of an assignment sign; OPERATION_COUNT for a plain `=`, -1 for no assignment. */
static int assignment_operation(int kind) {
    switch (kind) {
    case '=': return OPERATION_COUNT;
    case TOKEN_ADD_ASSIGN: return OPERATION_ADD;
    case TOKEN_SUBTRACT_ASSIGN: return OPERATION_SUBTRACT;
    case TOKEN_MULTIPLY_ASSIGN: return OPERATION_MULTIPLY;
    case TOKEN_DIVIDE_ASSIGN: return OPERATION_DIVIDE;
    default: return -1;
    }
}

static int find_symbol(const Parser *parser, const char *name) {
    for (int i = 0; i < parser->n_symbols; i++)
        if (strcmp(parser->symbols[i].name, name) == 0) return i;
    return -1;
}

static int find_local(const Parser *parser, const char *name) {
    for (int i = 0; i < parser->n_locals; i++)
        if (strcmp(parser->locals[i].name, name) == 0) return i;
    return -1;
}

static bool fail_too_large(Parser *parser) {
    parser_fail(parser, parser_peek(parser), "the script is too large");
    return false;
}

static bool fail_not_assignable(Parser *parser, const Token *token, const char *name) {
    Text list = {0};
    for (int i = 0; i < parser->n_symbols; i++)
        if (parser->symbols[i].assignable)
            text_append(&list, "%s%s", list.length ? ", " : "", parser->symbols[i].name);
    parser_fail(parser, token, "%s cannot be assigned to; %s can, and new names", name, text_string(&list));
    text_finish(&list);
    return false;
}

static bool assign_symbol(Parser *parser, const Token *token, int symbol, NodeId value, bool *assigned) {
    if (parser->symbols[symbol].level == LEVEL_STEP && parser_is_vector(parser, value)) {
        parser_fail(
            parser, token, "%s is one number; it cannot be set from a vector", parser->symbols[symbol].name);
        return false;
    }
    parser->bindings[symbol] = value;
    assigned[symbol] = true;
    return true;
}

/* name = expression, with the name's token next. */
static bool read_statement(Parser *parser, bool *assigned) {
    char name[SYMBOL_NAME_BYTES];
    const Token *token = parser_peek(parser);
    if (!parser_new_name(parser, name)) return false;
    int symbol = find_symbol(parser, name), local = find_local(parser, name);
    int operation = assignment_operation(parser_peek(parser)->kind);
    if (operation < 0) {
        parser_fail(parser, parser_peek(parser), "expected '=', '+=', '-=', '*=' or '/=' after %s", name);
        return false;
    }
    if (symbol >= 0 && !parser->symbols[symbol].assignable) return fail_not_assignable(parser, token, name);
    if (operation != OPERATION_COUNT && symbol < 0 && local < 0) {
        parser_fail(parser, token, "%s has no value yet", name);
        return false;
    }
    parser->at++;
    NodeId value = parser_expression(parser);
    if (value == NODE_NONE) return false;
    if (operation != OPERATION_COUNT) {
        NodeId before = symbol >= 0 ? parser->bindings[symbol] : parser->locals[local].node;
        value = graph_apply(parser->graph, (Operation)operation, before, value, NODE_NONE);
    }
    if (symbol >= 0) return assign_symbol(parser, token, symbol, value, assigned);
    if (local < 0) return parser_bind_local(parser, name, value);
    parser->locals[local].node = value;
    return true;
}

static bool read_script(Parser *parser, bool *assigned) {
    while (parser_peek(parser)->kind != TOKEN_END) {
        if (parser_accept(parser, ';')) continue;
        if (!read_statement(parser, assigned)) return false;
        if (parser->work > PARSER_WORK_MAX) return fail_too_large(parser);
        int kind = parser_peek(parser)->kind;
        if (kind == ';' || kind == TOKEN_END) continue;
        parser_fail(parser, parser_peek(parser), "expected ';' or a new line between statements");
        return false;
    }
    return !graph_is_full(parser->graph) || fail_too_large(parser);
}

bool script_parse(Graph *graph, const char *what, const char *text, size_t length, const Symbol *symbols,
    int n_symbols, VectorTerms *terms, Assignment *assignments, int *n_assignments, Status *status) {
    Parser parser;
    bool assigned[SYMBOLS_MAX] = {false};
    if (!parser_start(&parser, graph, what, text, length, true, symbols, n_symbols, status)) return false;
    if (terms) parser_allow_vectors(&parser, terms);
    bool good = read_script(&parser, assigned);
    *n_assignments = 0;
    for (int i = 0; i < n_symbols && good; i++)
        if (assigned[i])
            assignments[(*n_assignments)++] = (Assignment){.symbol = i, .value = parser.bindings[i]};
    if (good && *n_assignments == 0) {
        parser_fail(&parser, parser_peek(&parser), "nothing is assigned");
        good = false;
    }
    parser_finish(&parser);
    return good;
}
