/* Expressions, by recursive descent. Tables and iterations are read in repeat.c, `where` in where.c,
 * assignments in script.c. */
#include "parser.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static NodeId read_unary(Parser *parser);

/* Tokens. */

const Token *parser_peek(const Parser *parser) {
    return &parser->tokens[parser->at];
}

bool parser_accept(Parser *parser, int kind) {
    if (parser_peek(parser)->kind != kind) return false;
    parser->at++;
    return true;
}

NodeId parser_fail(Parser *parser, const Token *token, const char *format, ...) {
    char message[STATUS_MESSAGE_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    source_fail(&parser->source, token->offset, parser->status, "%s", message);
    return NODE_NONE;
}

/* The token as text for a message, cut where it is long: between characters. */
static const char *spelling(const Parser *parser, const Token *token, char out[24]) {
    if (token->kind == TOKEN_END) return "the end";
    const char *text = parser->source.text + token->offset;
    if (text[0] == '\n') return "the line end";
    size_t length = token->length;
    if (length > 20)
        for (length = 20; ((unsigned char)text[length] & 0xc0) == 0x80;) length--;
    snprintf(out, 24, "'%.*s'", (int)length, text);
    return out;
}

bool parser_expect(Parser *parser, int kind, const char *where) {
    if (parser_accept(parser, kind)) return true;
    char found[24];
    parser_fail(parser, parser_peek(parser), "expected '%c' %s, not %s", kind, where,
        spelling(parser, parser_peek(parser), found));
    return false;
}

size_t parser_scan(const Parser *parser, size_t at, int kind) {
    for (int nesting = 0; parser->tokens[at].kind != TOKEN_END; at++) {
        int found = parser->tokens[at].kind;
        if (nesting == 0 && (found == kind || found == ')' || found == ']')) break;
        if (found == '(' || found == '[') nesting++;
        if (found == ')' || found == ']') nesting--;
    }
    return at;
}

/* Depth: each call costs stack. */
static bool enter(Parser *parser, const Token *token) {
    if (++parser->depth <= FORMULA_DEPTH_MAX + 1) return true; /* the whole text is no nesting */
    parser_fail(parser, token, "nested more than %d deep", FORMULA_DEPTH_MAX);
    return false;
}

static NodeId fail_too_large(Parser *parser) {
    return parser_fail(parser, parser_peek(parser), "the formula is too large");
}

static NodeId apply(Parser *parser, Operation operation, NodeId a, NodeId b, NodeId c) {
    NodeId node = graph_apply(parser->graph, operation, a, b, c);
    return graph_is_full(parser->graph) ? fail_too_large(parser) : node;
}

/* Names. */

static const struct {
    const char *name;
    double value;
} constants[] = {{"pi", 3.141592653589793}, {"e", 2.718281828459045}};

static const double *find_constant(const char *name) {
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
        if (strcmp(constants[i].name, name) == 0) return &constants[i].value;
    return NULL;
}

/* Other spellings of what the table has. */
static const struct {
    const char *name;
    Operation operation;
} aliases[] = {{"ln", OPERATION_LOG}, {"pow", OPERATION_POWER}, {"sigma", OPERATION_SIGMOID}};

/* What a name before a parenthesis computes; OPERATION_COUNT where it is no function. */
static Operation find_function(const char *name) {
    for (int i = 0; i < OPERATION_COUNT; i++)
        if (operation_table[i].category == CATEGORY_FUNCTION &&
            strcmp(operation_table[i].spelling, name) == 0)
            return i;
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(aliases[i].name, name) == 0) return aliases[i].operation;
    return OPERATION_COUNT;
}

static bool is_form(const char *name) {
    return strcmp(name, "iterate") == 0 || strcmp(name, "mean") == 0 || strcmp(name, "sum") == 0;
}

NodeId parser_definition(Parser *parser, Definition *definition, const Token *token) {
    if (definition->state == DEFINITION_READ) return definition->node;
    if (definition->state == DEFINITION_READING)
        return parser_fail(parser, token, "the definition of %s goes round in a circle", definition->name);
    definition->state = DEFINITION_READING;
    size_t back = parser->at;
    int n_locals = parser->n_locals;
    parser->n_locals = 0; /* a definition does not see what is bound where it is used */
    parser->at = definition->at;
    definition->node = parser_whole(parser);
    parser->at = back;
    parser->n_locals = n_locals;
    definition->state = DEFINITION_READ;
    return definition->node;
}

/* What a name stands for; NODE_NONE without a failure where it is unknown. */
static NodeId find_name(Parser *parser, const char *name, const Token *token, bool *known) {
    *known = true;
    for (int i = parser->n_locals; i-- > 0;)
        if (strcmp(parser->locals[i].name, name) == 0) return parser->locals[i].node;
    for (int i = 0; i < parser->n_symbols; i++)
        if (strcmp(parser->symbols[i].name, name) == 0) return parser->bindings[i];
    for (int i = 0; i < parser->n_definitions; i++)
        if (strcmp(parser->definitions[i].name, name) == 0)
            return parser_definition(parser, &parser->definitions[i], token);
    const double *constant = find_constant(name);
    if (constant) return graph_constant(parser->graph, *constant);
    *known = false;
    return NODE_NONE;
}

/* Every name that could have been meant, for the message. */
static size_t known_names(const Parser *parser, const char *names[]) {
    size_t n = 0;
    for (int i = 0; i < parser->n_symbols; i++)
        if (parser->symbols[i].name[0] != '(') names[n++] = parser->symbols[i].name; /* '(': reserved */
    for (int i = 0; i < parser->n_locals; i++) names[n++] = parser->locals[i].name;
    for (int i = 0; i < parser->n_definitions; i++) names[n++] = parser->definitions[i].name;
    return n;
}

/* xy where x and y are names: somebody forgot the sign. */
static bool spells_product(const char *name, const char *const names[], size_t n, Text *product) {
    for (const char *letter = name; *letter; letter++) {
        bool found = false;
        for (size_t i = 0; i < n; i++)
            if (names[i][0] == *letter && names[i][1] == '\0') found = true;
        if (!found) {
            text_clear(product);
            return false;
        }
        text_append(product, "%s%c", letter > name ? "*" : "", *letter);
    }
    return true;
}

static NodeId fail_unknown_name(Parser *parser, const Token *token, const char *name) {
    const char *names[SYMBOLS_MAX + LOCALS_MAX + DEFINITIONS_MAX];
    size_t n = known_names(parser, names);
    Text hint = {0}, list = {0};
    const char *nearest = text_nearest(name, names, n, sizeof names[0]);
    if (find_function(name) != OPERATION_COUNT || is_form(name))
        text_append(&hint, "%s is a function: write %s(...)", name, name);
    else {
        Text product = {0};
        text_append(&hint, "unknown name '%s'", name);
        if (spells_product(name, names, n, &product))
            text_append(&hint, "; did you mean %s?", text_string(&product));
        else if (nearest)
            text_append(&hint, "; did you mean '%s'?", nearest);
        for (size_t i = 0; i < n && i < 12; i++) text_append(&list, "%s%s", i ? ", " : "", names[i]);
        text_append(&hint, "%s The names here are %s%s", nearest || product.length ? "" : ".",
            text_string(&list), n > 12 ? ", ..." : "");
        text_finish(&product);
    }
    parser_fail(parser, token, "%s", text_string(&hint));
    text_finish(&hint);
    text_finish(&list);
    return NODE_NONE;
}

bool parser_new_name(Parser *parser, char name[SYMBOL_NAME_BYTES]) {
    const Token *token = parser_peek(parser);
    if (token->kind != TOKEN_NAME) {
        char found[24];
        parser_fail(parser, token, "expected a name, not %s", spelling(parser, token, found));
        return false;
    }
    if (!source_name(&parser->source, token, name)) {
        parser_fail(parser, token, "this name is longer than %d bytes", SYMBOL_NAME_BYTES - 1);
        return false;
    }
    if (find_constant(name) || find_function(name) != OPERATION_COUNT || is_form(name)) {
        parser_fail(parser, token, "%s has a meaning already; choose another name", name);
        return false;
    }
    parser->at++;
    return true;
}

bool parser_bind_local(Parser *parser, const char *name, NodeId node) {
    if (parser->n_locals == LOCALS_MAX) {
        parser_fail(parser, parser_peek(parser), "more than %d names", LOCALS_MAX);
        return false;
    }
    Local *local = &parser->locals[parser->n_locals++];
    snprintf(local->name, sizeof local->name, "%s", name);
    local->node = node;
    return true;
}

/* Calls. */

int parser_arguments(Parser *parser, NodeId *arguments, int most) {
    const Token *open = parser_peek(parser);
    parser->at++;
    int n = 0;
    while (parser_peek(parser)->kind != ')') {
        if (parser_peek(parser)->kind == TOKEN_END) {
            parser_fail(parser, open, "this '(' is never closed");
            return -1;
        }
        if (n > 0 && !parser_expect(parser, ',', "between arguments")) return -1;
        NodeId argument = parser_expression(parser);
        if (argument == NODE_NONE) return -1;
        if (n < most) arguments[n] = argument;
        n++;
    }
    parser->at++;
    return n;
}

/* min and max take two or more, the others what the table says. */
static NodeId read_call(Parser *parser, const Token *name, Operation operation) {
    enum { ARGUMENTS_MAX = 64 };
    bool many = operation == OPERATION_MIN || operation == OPERATION_MAX;
    NodeId arguments[ARGUMENTS_MAX] = {NODE_NONE, NODE_NONE, NODE_NONE};
    int n = parser_arguments(parser, arguments, ARGUMENTS_MAX), arity = operation_table[operation].arity;
    if (n < 0) return NODE_NONE;
    if (n == 1 && operation == OPERATION_MAX && parser->terms)
        return parser_largest(parser, name, arguments[0]);
    char spelled[24];
    if (n > ARGUMENTS_MAX) return parser_fail(parser, name, "more than %d arguments", ARGUMENTS_MAX);
    if (n != arity && !(many && n > arity))
        return parser_fail(parser, name, "%s takes %d argument%s%s, not %d", spelling(parser, name, spelled),
            arity, arity == 1 ? "" : "s", many ? " or more" : "", n);
    if (!many) return apply(parser, operation, arguments[0], arguments[1], arguments[2]);
    NodeId folded = arguments[0];
    for (int i = 1; i < n && folded != NODE_NONE; i++)
        folded = apply(parser, operation, folded, arguments[i], NODE_NONE);
    return folded;
}

static NodeId read_form(Parser *parser, const Token *name, const char *word) {
    parser->at++;
    if (strcmp(word, "iterate") == 0) return parser_iterate(parser, name);
    return parser_reduce(parser, name, strcmp(word, "mean") == 0);
}

static NodeId fail_unknown_function(Parser *parser, const Token *token, const char *name) {
    const char *nearest = text_nearest(
        name, operation_table + OPERATION_EXP, OPERATION_COUNT - OPERATION_EXP, sizeof operation_table[0]);
    return parser_fail(parser, token, "there is no function '%s'%s%s%s", name,
        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static NodeId read_name(Parser *parser, const Token *token) {
    char name[SYMBOL_NAME_BYTES];
    if (!source_name(&parser->source, token, name))
        return parser_fail(parser, token, "this name is longer than %d bytes", SYMBOL_NAME_BYTES - 1);
    bool known, called = parser_peek(parser)->kind == '(';
    NodeId node = find_name(parser, name, token, &known);
    if (known) return node;
    if (!called) return fail_unknown_name(parser, token, name);
    if (parser->terms && parser_is_vector_form(name)) return parser_vector_form(parser, token, name);
    if (is_form(name)) return read_form(parser, token, name);
    Operation operation = find_function(name);
    if (operation == OPERATION_COUNT) return fail_unknown_function(parser, token, name);
    return read_call(parser, token, operation);
}

/* From the tightest binding to the loosest. */

static NodeId read_parentheses(Parser *parser, const Token *open) {
    NodeId node = parser_expression(parser);
    if (node == NODE_NONE) return NODE_NONE;
    if (parser_accept(parser, ')')) return node;
    if (parser_peek(parser)->kind == TOKEN_END) return parser_fail(parser, open, "this '(' is never closed");
    char found[24];
    return parser_fail(
        parser, parser_peek(parser), "expected ')', not %s", spelling(parser, parser_peek(parser), found));
}

static NodeId fail_no_value(Parser *parser, const Token *token) {
    char found[24], before[24];
    if (token->kind == TOKEN_END && token == parser->tokens)
        return parser_fail(parser, token, "expected a formula");
    if (token->kind == TOKEN_END)
        return parser_fail(parser, token, "expected a value after %s", spelling(parser, token - 1, before));
    if (token->kind == '=')
        return parser_fail(parser, token, "'=' cannot stand here; to compare, write '=='");
    return parser_fail(parser, token, "expected a value, not %s", spelling(parser, token, found));
}

/* What `read` reads behind a sign, with the operation applied. */
static NodeId read_prefixed(
    Parser *parser, const Token *sign, NodeId (*read)(Parser *parser), Operation operation) {
    if (!enter(parser, sign)) return NODE_NONE;
    NodeId node = read(parser);
    parser->depth--;
    return node == NODE_NONE ? NODE_NONE : apply(parser, operation, node, NODE_NONE, NODE_NONE);
}

static NodeId read_primary(Parser *parser) {
    const Token *token = parser_peek(parser);
    if (token->kind != TOKEN_END) parser->at++; /* there is nothing behind the end to look at */
    switch (token->kind) {
    case TOKEN_NUMBER: return graph_constant(parser->graph, token->number);
    case TOKEN_NAME: return read_name(parser, token);
    case '(': return read_parentheses(parser, token);
    case TOKEN_ROOT: return read_prefixed(parser, token, read_primary, OPERATION_SQRT);
    default: return fail_no_value(parser, token);
    }
}

static NodeId read_power(Parser *parser) {
    NodeId node = read_primary(parser);
    while (node != NODE_NONE && parser_peek(parser)->kind == TOKEN_SUPERSCRIPT) {
        NodeId exponent = graph_constant(parser->graph, parser_peek(parser)->number);
        parser->at++;
        node = apply(parser, OPERATION_POWER, node, exponent, NODE_NONE);
    }
    const Token *sign = parser_peek(parser);
    if (node == NODE_NONE || !parser_accept(parser, '^')) return node;
    if (!enter(parser, sign)) return NODE_NONE;
    NodeId exponent = read_unary(parser);
    parser->depth--;
    return exponent == NODE_NONE ? NODE_NONE : apply(parser, OPERATION_POWER, node, exponent, NODE_NONE);
}

static NodeId read_unary(Parser *parser) {
    const Token *token = parser_peek(parser);
    while (parser_accept(parser, '+')) {
    }
    if (!parser_accept(parser, '-')) return read_power(parser);
    return read_prefixed(parser, token, read_unary, OPERATION_NEGATE);
}

/* 2x, 2(x+1), x y: a product without a sign. Two numbers side by side are none. */
static bool begins_factor(int kind) {
    return kind == TOKEN_NAME || kind == '(' || kind == TOKEN_ROOT;
}

static NodeId read_product(Parser *parser) {
    NodeId node = read_unary(parser);
    while (node != NODE_NONE) {
        bool implicit = begins_factor(parser_peek(parser)->kind);
        bool divides = parser_peek(parser)->kind == '/';
        if (!implicit && !divides && parser_peek(parser)->kind != '*') return node;
        if (!implicit) parser->at++;
        NodeId factor = read_unary(parser);
        if (factor == NODE_NONE) return NODE_NONE;
        node = apply(parser, divides ? OPERATION_DIVIDE : OPERATION_MULTIPLY, node, factor, NODE_NONE);
    }
    return node;
}

static NodeId read_sum(Parser *parser) {
    NodeId node = read_product(parser);
    while (node != NODE_NONE) {
        int kind = parser_peek(parser)->kind;
        if (kind != '+' && kind != '-') return node;
        parser->at++;
        NodeId term = read_product(parser);
        if (term == NODE_NONE) return NODE_NONE;
        node = apply(parser, kind == '+' ? OPERATION_ADD : OPERATION_SUBTRACT, node, term, NODE_NONE);
    }
    return node;
}

/* The comparison that a token stands for, and whether its operands change places; OPERATION_COUNT for none.
 */
static Operation comparison(int kind, bool *swapped) {
    *swapped = kind == '>' || kind == TOKEN_GREATER_EQUAL;
    switch (kind) {
    case '<':
    case '>': return OPERATION_LESS;
    case TOKEN_LESS_EQUAL:
    case TOKEN_GREATER_EQUAL: return OPERATION_LESS_EQUAL;
    case TOKEN_EQUAL: return OPERATION_EQUAL;
    case TOKEN_NOT_EQUAL: return OPERATION_NOT_EQUAL;
    default: return OPERATION_COUNT;
    }
}

static NodeId read_comparison(Parser *parser) {
    NodeId left = read_sum(parser);
    if (left == NODE_NONE) return NODE_NONE;
    bool swapped, ignored;
    Operation operation = comparison(parser_peek(parser)->kind, &swapped);
    if (operation == OPERATION_COUNT) return left;
    parser->at++;
    NodeId right = read_sum(parser);
    if (right == NODE_NONE) return NODE_NONE;
    if (comparison(parser_peek(parser)->kind, &ignored) != OPERATION_COUNT)
        return parser_fail(
            parser, parser_peek(parser), "comparisons do not chain: a < b < c compares a truth value with c");
    return apply(parser, operation, swapped ? right : left, swapped ? left : right, NODE_NONE);
}

NodeId parser_expression(Parser *parser) {
    const Token *token = parser_peek(parser);
    if (!enter(parser, token)) return NODE_NONE;
    NodeId node = read_comparison(parser);
    const Token *question = parser_peek(parser);
    if (node != NODE_NONE && parser_accept(parser, '?')) {
        NodeId yes = parser_expression(parser), no = NODE_NONE;
        if (yes != NODE_NONE && parser_peek(parser)->kind != ':')
            yes = parser_fail(parser, question, "this '?' has no ':'");
        if (yes != NODE_NONE) {
            parser->at++;
            no = parser_expression(parser);
        }
        node = no == NODE_NONE ? NODE_NONE : apply(parser, OPERATION_SELECT, node, yes, no);
    }
    parser->depth--;
    return node;
}

NodeId parser_whole(Parser *parser) {
    NodeId node = parser_expression(parser);
    const Token *token = parser_peek(parser);
    if (node == NODE_NONE) return NODE_NONE;
    if (token->kind == TOKEN_END && graph_is_full(parser->graph)) return fail_too_large(parser);
    if (token->kind == TOKEN_END) return node;
    char found[24];
    if (token->kind == ')') return parser_fail(parser, token, "this ')' closes nothing");
    if (token->kind == '=')
        return parser_fail(parser, token, "'=' cannot stand here; to compare, write '=='");
    return parser_fail(parser, token, "expected an operator before %s", spelling(parser, token, found));
}

bool parser_number(Parser *parser, double *value) {
    const Token *token = parser_peek(parser);
    NodeId node = parser_expression(parser);
    if (node == NODE_NONE) return false;
    const Node *found = graph_node(parser->graph, node);
    *value = found->constant;
    if (found->operation == OPERATION_CONSTANT) return true;
    parser_fail(parser, token, "expected a number");
    return false;
}

bool parser_start(Parser *parser, Graph *graph, const char *what, const char *text, size_t length,
    bool statements, const Symbol *symbols, int n_symbols, Status *status) {
    *parser = (Parser){
        .source = {.what = what, .text = text, .length = length},
        .graph = graph,
        .status = status,
        .symbols = symbols,
        .n_symbols = n_symbols,
    };
    for (int i = 0; i < n_symbols; i++) parser->bindings[i] = graph_symbol(graph, i);
    parser->tokens = source_tokens(&parser->source, statements, status);
    return parser->tokens != NULL;
}

void parser_finish(Parser *parser) {
    free(parser->tokens);
}

bool expression_parse(Graph *graph, const char *what, const char *text, size_t length, const Symbol *symbols,
    int n_symbols, VectorTerms *terms, NodeId *value, Status *status) {
    Parser parser;
    if (!parser_start(&parser, graph, what, text, length, false, symbols, n_symbols, status)) return false;
    if (terms) parser_allow_vectors(&parser, terms);
    *value = parser_whole(&parser);
    parser_finish(&parser);
    return *value != NODE_NONE;
}
