/* A right-hand side with numbers in the place of names, from its tokens. */
#include "working_inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 4 };

/* Numbers. */

void working_print_number(Text *out, double value, int digits) {
    if (isnan(value)) {
        text_append(out, "NaN");
        return;
    }
    if (value < 0) text_append(out, "−");
    double size = fabs(value);
    if (isinf(size)) {
        text_append(out, "∞");
        return;
    }
    if (size < 1e4 && size == floor(size)) {
        text_append(out, "%.0f", size);
        return;
    }
    char text[40]; /* rounded first: 0.99996 has the exponent of 1 */
    snprintf(text, sizeof text, "%.*e", digits - 1, size);
    char *mark = strchr(text, 'e');
    int exponent = atoi(mark + 1);
    if (exponent >= -3 && exponent < 5) {
        text_append(out, "%.*f", digits - 1 > exponent ? digits - 1 - exponent : 0, size);
        return;
    }
    *mark = '\0';
    text_append(out, "%se%s%d", text, exponent < 0 ? "−" : "", abs(exponent));
}

/* As a person types a hyperparameter: 0.9, 1e−8. */
static void append_constant(Text *out, double value) {
    char text[40];
    snprintf(text, sizeof text, "%.4g", value);
    char *mark = strstr(text, "e-");
    if (!mark) {
        text_append(out, "%s%s", value < 0 ? "−" : "", value < 0 ? text + 1 : text);
        return;
    }
    *mark = '\0';
    text_append(out, "%se−%d", text, atoi(mark + 2));
}

/* Reading. */

static bool is_vector_form(const WorkingPiece *pieces, int i, const char *name) {
    static const char *const forms[] = {"norm", "dot", "sum", "mean"};
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
        if (strcmp(forms[k], name) == 0) return true;
    if (strcmp(name, "max") != 0) return false;
    int depth = 0;
    for (int k = i + 1;; k++) { /* max with one argument is that of a vector */
        int kind = pieces[k].token.kind;
        depth += (kind == '(') - (kind == ')');
        if (kind == TOKEN_END || depth == 0) return true;
        if (kind == ',' && depth == 1) return false;
    }
}

static void mark_arguments(WorkingPiece *pieces, int i) {
    int depth = 0;
    for (int k = i + 1; pieces[k].token.kind != TOKEN_END; k++) {
        int kind = pieces[k].token.kind;
        depth += (kind == '(') - (kind == ')');
        pieces[k].as_vector = true;
        if (depth == 0) return;
    }
}

NodeId working_find_value(Working *working, int line, const char *name, bool *is_constant) {
    for (int i = line - 1; i >= working->first && line >= working->first; i--)
        if (strcmp(working->lines[i].name, name) == 0) return working->statements[i].node;
    for (int i = 0; i < working->names.n; i++) {
        if (strcmp(working->symbols[i].name, name) != 0) continue;
        bool of_probe = working->lines[line].name[0] == '\0';
        *is_constant = i == SYMBOL_T || i == SYMBOL_LR || working->symbols[i].level == LEVEL_FIXED;
        return graph_symbol(working->graph, i == SYMBOL_G && of_probe ? working->symbol_here : i);
    }
    return NODE_NONE;
}

/* randn() is as many tokens, the first of which gets the number. */
static void read_noise(Working *working, WorkingPiece *pieces, int i, int number) {
    if (number >= working->terms.n_noises) return;
    pieces[i].node = graph_symbol(working->graph, working->terms.noises[number]);
    for (int k = i + 1; k <= i + 2 && pieces[k].token.kind != TOKEN_END; k++) pieces[k].skipped = true;
}

/* How many randn() the lines before this one have. */
static int count_noises(const Working *working, int line) {
    int n = 0;
    for (int i = working->first; i < line; i++)
        for (int k = 0; k < working->statements[i].n_pieces; k++)
            n += working->statements[i].pieces[k].token.kind == TOKEN_NAME &&
                 strncmp(
                     working->lines[i].text + working->statements[i].pieces[k].token.offset, "randn", 5) == 0;
    return n;
}

static void resolve_names(Working *working, int line, const Source *source) {
    WorkingStatement *statement = &working->statements[line];
    WorkingPiece *pieces = statement->pieces;
    int noise = count_noises(working, line), depth = 0;
    for (int i = 0; i < statement->n_pieces; i++) {
        int kind = pieces[i].token.kind;
        char name[SYMBOL_NAME_BYTES];
        depth += (kind == '(') - (kind == ')');
        statement->is_sum = statement->is_sum || (depth == 0 && i > 0 && (kind == '+' || kind == '-')) ||
                            (depth == 0 && kind == '?');
        if (kind != TOKEN_NAME || !source_name(source, &pieces[i].token, name)) continue;
        pieces[i].node = working_find_value(working, line, name, &pieces[i].is_constant);
        if (pieces[i].node != NODE_NONE) continue;
        bool called = pieces[i + 1].token.kind == '(';
        if (called && strcmp(name, "randn") == 0 && line >= working->first)
            read_noise(working, pieces, i, noise++);
        else if (called && is_vector_form(pieces, i, name))
            mark_arguments(pieces, i);
    }
}

/* Whether a word binds names of its own, which are no values of ours. */
static bool binds_names(const Source *source, const WorkingPiece *pieces, int n) {
    for (int i = 0; i < n; i++)
        if (pieces[i].token.kind == '[' ||
            (pieces[i].token.length == 7 &&
                strncmp(source->text + pieces[i].token.offset, "iterate", 7) == 0))
            return true;
    return false;
}

bool working_read_pieces(Working *working, int line, size_t right, Status *status) {
    const Source source = {
        .what = "update", .text = working->lines[line].text, .length = working->lines[line].length};
    WorkingStatement *statement = &working->statements[line];
    Token *tokens = source_tokens(&source, false, status);
    if (!tokens) return false;
    int first = 0, n = 0;
    while (tokens[first].kind != TOKEN_END && tokens[first].offset < right) first++;
    while (tokens[first + n].kind != TOKEN_END) n++;
    statement->pieces = calloc((size_t)n + 2, sizeof *statement->pieces);
    if (!statement->pieces) {
        free(tokens);
        return status_fail(status, STATUS_FAILED, "out of memory");
    }
    for (int i = 0; i <= n; i++)
        statement->pieces[i] = (WorkingPiece){.token = tokens[first + i], .node = NODE_NONE};
    statement->n_pieces = n;
    free(tokens);
    if (!binds_names(&source, statement->pieces, n)) resolve_names(working, line, &source);
    return true;
}

/* Printing. */

static void append_vector(const Working *working, const WorkingPiece *piece, bool alone, Text *out) {
    if (!alone) text_append(out, "(");
    for (int k = 0; k < WORKING_DIM; k++) {
        if (k) text_append(out, ", ");
        working_print_number(out, working->values[k][piece->node], DIGITS);
    }
    if (!alone) text_append(out, ")");
}

static void append_value(
    const Working *working, const WorkingPiece *piece, int coordinate, bool apart, bool power, Text *out) {
    double value = working->values[coordinate][piece->node];
    bool parentheses = (value < 0 || isnan(value)) && (apart || power);
    if (parentheses) text_append(out, "(");
    if (piece->is_constant)
        append_constant(out, value);
    else
        working_print_number(out, value, DIGITS);
    if (parentheses) text_append(out, ")");
}

/* Signs as they are printed rather than typed. */
static void append_sign(const Working *working, int line, const WorkingPiece *piece, Text *out) {
    switch (piece->token.kind) {
    case '*': text_append(out, "·"); return;
    case '-': text_append(out, "−"); return;
    default: break;
    }
    const char *text = working->lines[line].text + piece->token.offset;
    text_append(out, "%.*s", (int)piece->token.length, text);
}

static bool ends_operand(int kind) {
    return kind == TOKEN_NUMBER || kind == TOKEN_NAME || kind == ')' || kind == TOKEN_SUPERSCRIPT;
}

/* 2 and 3 as exponents are written high. */
static bool append_power(const WorkingPiece *pieces, int i, Text *out) {
    const Token *exponent = &pieces[i + 1].token;
    bool short_one = pieces[i].token.kind == '^' && exponent->kind == TOKEN_NUMBER && exponent->length == 1 &&
                     (exponent->number == 2 || exponent->number == 3);
    if (short_one) text_append(out, exponent->number == 2 ? "²" : "³");
    return short_one;
}

static void print_pieces(const Working *working, int line, int coordinate, bool follows, Text *out) {
    const WorkingStatement *statement = &working->statements[line];
    const WorkingPiece *pieces = statement->pieces;
    const char *text = working->lines[line].text;
    for (int i = 0; i < statement->n_pieces; i++) {
        const WorkingPiece *piece = &pieces[i];
        if (piece->skipped) continue;
        const Token *before = i > 0 ? &pieces[i - 1].token : NULL;
        size_t from = before ? before->offset + before->length : piece->token.offset;
        text_append(out, "%.*s", (int)(piece->token.offset - from), text + from);
        if (append_power(pieces, i, out)) {
            i++;
            continue;
        }
        if (piece->node == NODE_NONE) {
            append_sign(working, line, piece, out);
            continue;
        }
        int next = pieces[i + 1].token.kind;
        if (before && ends_operand(before->kind)) text_append(out, "·");
        if (piece->as_vector && !piece->is_constant) {
            append_vector(working, piece, before && before->kind == '(' && next == ')', out);
            continue;
        }
        bool apart =
            before ? before->kind != '(' && before->kind != ',' && before->kind != '?' && before->kind != ':'
                   : follows;
        append_value(working, piece, coordinate, apart, next == '^' || next == TOKEN_SUPERSCRIPT, out);
    }
}

void working_print(const Working *working, int line, int coordinate, Text *out) {
    const WorkingStatement *statement = &working->statements[line];
    static const struct {
        int kind;
        const char *sign;
        bool parentheses; /* around a sum */
    } operations[] = {{TOKEN_ADD_ASSIGN, " + ", false}, {TOKEN_SUBTRACT_ASSIGN, " − ", true},
        {TOKEN_MULTIPLY_ASSIGN, "·", true}, {TOKEN_DIVIDE_ASSIGN, "/", true}};
    bool closes = false, follows = false;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (operations[i].kind != statement->operation) continue;
        working_print_number(out, working->values[coordinate][statement->before], DIGITS);
        text_append(out, "%s", operations[i].sign);
        closes = operations[i].parentheses && statement->is_sum;
        follows = !closes;
        if (closes) text_append(out, "(");
    }
    print_pieces(working, line, coordinate, follows, out);
    if (closes) text_append(out, ")");
}
