/* A formula with its definitions: `formula where name = value in [min, max] log, name = formula`. */
#include "parser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_word(const Parser *parser, size_t at, const char *word) {
    const Token *token = &parser->tokens[at];
    return token->kind == TOKEN_NAME && token->length == strlen(word) &&
           memcmp(parser->source.text + token->offset, word, token->length) == 0;
}

/* The first token outside parentheses from `at` on that is `word`, or the end of what stands there. */
static size_t scan_word(const Parser *parser, size_t at, size_t end, const char *word) {
    for (; at < end; at++) {
        if (is_word(parser, at, word)) return at;
        if (parser->tokens[at].kind == '(' || parser->tokens[at].kind == '[') {
            at = parser_scan(parser, at + 1, -1); /* to the parenthesis that closes it */
            if (at >= end) break;
        }
    }
    return end;
}

static bool name_is_taken(const Parser *parser, const Formula *formula, const char *name) {
    for (int i = 0; i < formula->n_symbols; i++)
        if (strcmp(formula->symbols[i].name, name) == 0) return true;
    for (int i = 0; i < parser->n_definitions; i++)
        if (strcmp(parser->definitions[i].name, name) == 0) return true;
    return false;
}

/* What a slider offers where the text gives no range. */
static void set_usual_range(FormulaParameter *parameter) {
    double size = fabs(parameter->value);
    parameter->min = size > 0 ? fmin(0.1 * parameter->value, 10 * parameter->value) : -10;
    parameter->max = size > 0 ? fmax(0.1 * parameter->value, 10 * parameter->value) : 10;
}

/* `in [min, max] log`, with the next token behind `in`. */
static bool read_range(Parser *parser, FormulaParameter *parameter) {
    const Token *token = parser_peek(parser);
    if (!parser_expect(parser, '[', "after in") || !parser_number(parser, &parameter->min) ||
        !parser_expect(parser, ',', "in the range") || !parser_number(parser, &parameter->max) ||
        !parser_expect(parser, ']', "after the range"))
        return false;
    parameter->ranged = true;
    if (is_word(parser, parser->at, "log")) {
        parameter->logarithmic = true;
        parser->at++;
    }
    if (!(parameter->min < parameter->max))
        parser_fail(parser, token, "the range is empty");
    else if (!(parameter->value >= parameter->min && parameter->value <= parameter->max))
        parser_fail(parser, token, "the value of %s is outside its range", parameter->name);
    else if (parameter->logarithmic && !(parameter->min > 0))
        parser_fail(parser, token, "a logarithmic range begins above 0");
    else
        return true;
    return false;
}

static bool read_parameter(Parser *parser, Formula *formula, const char *name, size_t end) {
    if (formula->n_parameters == FORMULA_PARAMETERS_MAX) {
        parser_fail(parser, parser_peek(parser), "more than %d parameters", FORMULA_PARAMETERS_MAX);
        return false;
    }
    FormulaParameter *parameter = &formula->parameters[formula->n_parameters++];
    memcpy(parameter->name, name, sizeof parameter->name);
    parameter->symbol = formula->n_symbols;
    Symbol *symbol = &formula->symbols[formula->n_symbols++];
    *symbol = (Symbol){.level = LEVEL_FIXED};
    memcpy(symbol->name, name, sizeof symbol->name);
    size_t in = scan_word(parser, parser->at, end, "in");
    int kept = parser->tokens[in].kind;
    parser->tokens[in].kind = TOKEN_END;
    bool good = parser_number(parser, &parameter->value);
    if (good && parser->at != in) {
        parser_fail(parser, parser_peek(parser), "expected a number, 'in [min, max]' or ','");
        good = false;
    }
    parser->tokens[in].kind = kept;
    if (!good) return false;
    set_usual_range(parameter);
    if (in == end) return true;
    parser->at = in + 1;
    if (!read_range(parser, parameter)) return false;
    if (parser->at == end) return true;
    parser_fail(parser, parser_peek(parser), "expected ',' or the end behind the range");
    return false;
}

/* A plain number, signed or not, or anything with a range. */
static bool is_parameter(const Parser *parser, size_t at, size_t end) {
    size_t number = at + (parser->tokens[at].kind == '-' || parser->tokens[at].kind == '+');
    if (parser->tokens[number].kind == TOKEN_NUMBER && number + 1 == end) return true;
    return scan_word(parser, at, end, "in") < end;
}

/* One definition; its last token is before `end`. Parameters are read, shorthands only noted. */
static bool read_definition(Parser *parser, Formula *formula, size_t end) {
    char name[SYMBOL_NAME_BYTES] = {0};
    const Token *token = parser_peek(parser);
    if (!parser_new_name(parser, name)) return false;
    if (name_is_taken(parser, formula, name)) {
        parser_fail(parser, token, "%s is defined already", name);
        return false;
    }
    if (!parser_expect(parser, '=', "after the name")) return false;
    if (is_parameter(parser, parser->at, end)) return read_parameter(parser, formula, name, end);
    if (parser->n_definitions == DEFINITIONS_MAX) {
        parser_fail(parser, token, "more than %d definitions", DEFINITIONS_MAX);
        return false;
    }
    Definition *definition = &parser->definitions[parser->n_definitions++];
    *definition = (Definition){.at = parser->at, .node = NODE_NONE};
    memcpy(definition->name, name, sizeof name);
    parser->tokens[end].kind = TOKEN_END; /* so that it is read as a whole, wherever it is used */
    return true;
}

/* Everything behind `where`, which is the token at `at`. */
static bool read_definitions(Parser *parser, Formula *formula, size_t at) {
    bool more = true;
    while (more) {
        parser->at = at + 1;
        size_t end = at + 1;
        while (parser->tokens[end].kind != ',' && parser->tokens[end].kind != TOKEN_END) {
            int kind = parser->tokens[end++].kind;
            if (kind != '(' && kind != '[') continue;
            end = parser_scan(parser, end, -1);
            if (parser->tokens[end].kind != TOKEN_END) end++;
        }
        more = parser->tokens[end].kind == ',';
        if (!read_definition(parser, formula, end)) return false;
        at = end;
    }
    parser->symbols = formula->symbols;
    for (int i = parser->n_symbols; i < formula->n_symbols; i++)
        parser->bindings[i] = graph_symbol(parser->graph, i);
    parser->n_symbols = formula->n_symbols;
    return true;
}

/* A definition that is not used is read all the same: a mistake in it is a mistake. */
static bool read_unused(Parser *parser) {
    for (int i = 0; i < parser->n_definitions; i++)
        if (parser_definition(parser, &parser->definitions[i], parser_peek(parser)) == NODE_NONE)
            return false;
    return true;
}

static bool read_formula(Parser *parser, Formula *formula) {
    size_t end = 0;
    while (parser->tokens[end].kind != TOKEN_END) end++;
    size_t where = scan_word(parser, 0, end, "where");
    if (where < end) {
        if (!read_definitions(parser, formula, where)) return false;
        parser->tokens[where].kind = TOKEN_END;
    }
    parser->at = 0;
    formula->value = parser_whole(parser);
    return formula->value != NODE_NONE && read_unused(parser);
}

static void add_symbol(Formula *formula, const char *name, Level level) {
    Symbol *symbol = &formula->symbols[formula->n_symbols++];
    *symbol = (Symbol){.level = level};
    strncat(symbol->name, name, sizeof symbol->name - 1);
}

/* Reads a formula whose variables, and columns where there are such, are its symbols already. */
static bool parse(Formula *formula, const char *text, size_t length, FormulaTable *table, Status *status) {
    Parser parser;
    if (!parser_start(&parser, formula->graph, "formula", text, length, false, formula->symbols,
            formula->n_symbols, status))
        return false;
    parser.table = table;
    parser.first_column = formula->n_variables;
    bool good = read_formula(&parser, formula);
    parser_finish(&parser);
    return good;
}

static Formula *create(Status *status) {
    Formula *formula = calloc(1, sizeof *formula);
    if (formula) formula->graph = graph_create();
    if (formula && formula->graph) return formula;
    free(formula);
    status_fail(status, STATUS_FAILED, "out of memory");
    return NULL;
}

Formula *formula_parse(
    const char *text, size_t length, const char *const variables[], int n_variables, Status *status) {
    Formula *formula = create(status);
    if (!formula) return NULL;
    for (int i = 0; i < n_variables; i++) add_symbol(formula, variables[i], LEVEL_ELEMENT);
    formula->n_variables = n_variables;
    if (parse(formula, text, length, NULL, status)) return formula;
    formula_destroy(formula);
    return NULL;
}

Formula *formula_parse_definitions(const char *what, const char *text, size_t length, Status *status) {
    Formula *formula = create(status);
    Parser parser;
    if (!formula) return NULL;
    bool good = parser_start(&parser, formula->graph, what, text, length, false, formula->symbols, 0, status);
    if (good) {
        good = is_word(&parser, 0, "where");
        if (!good) parser_fail(&parser, parser.tokens, "expected where");
        good = good && read_definitions(&parser, formula, 0) && read_unused(&parser);
        parser_finish(&parser);
    }
    formula->value = NODE_NONE;
    if (good) return formula;
    formula_destroy(formula);
    return NULL;
}

Formula *formula_parse_example(const char *text, size_t length, const char *const variables[],
    int n_variables, FormulaTable *table, Status *status) {
    *table = (FormulaTable){.n_columns = 0};
    Formula *formula = create(status);
    if (!formula) return NULL;
    for (int i = 0; i < n_variables; i++) add_symbol(formula, variables[i], LEVEL_STEP);
    formula->n_variables = n_variables;
    /* No text can spell this: columns have their names only within the body of their mean or sum. */
    for (int i = 0; i < FORMULA_COLUMNS_MAX; i++) add_symbol(formula, "(column)", LEVEL_ELEMENT);
    if (parse(formula, text, length, table, status)) {
        if (table->n_columns > 0) return formula;
        status_fail(
            status, STATUS_BAD_INPUT, "the formula has no examples, no mean(...) over a table of data");
    }
    formula_table_finish(table);
    formula_destroy(formula);
    return NULL;
}

void formula_destroy(Formula *formula) {
    if (!formula) return;
    graph_destroy(formula->graph);
    free(formula);
}
