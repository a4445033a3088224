/* What the parser's own files share. */
#ifndef SLALOM_PARSER_H
#define SLALOM_PARSER_H

#include "intern.h"
#include "lexer.h"
#include "parse.h"

enum {
    LOCALS_MAX = 64,
    DEFINITIONS_MAX = 48,
    /* Symbols from here on stand for the names that iterate, mean and sum bind, until they are replaced. */
    PLACEHOLDER_FIRST = SYMBOLS_MAX,
};

/* Nodes that passes over the graph may visit while one text is read: bounds the time of iterate and sum. */
#define PARSER_WORK_MAX (UINT64_C(1) << 24)

/* A name that is bound for a while: innermost last. */
typedef struct Local {
    char name[SYMBOL_NAME_BYTES];
    NodeId node;
} Local;

/* A definition behind `where`, read when its name is first used. */
typedef struct Definition {
    char name[SYMBOL_NAME_BYTES];
    size_t at; /* its first token */
    enum { DEFINITION_UNREAD, DEFINITION_READING, DEFINITION_READ } state;
    NodeId node;
} Definition;

typedef struct Parser {
    Source source;
    Token *tokens; /* owned; ends in TOKEN_END */
    size_t at;     /* the next token */
    Graph *graph;
    Status *status;
    const Symbol *symbols;
    int n_symbols;                /* those with names; the hidden ones of `terms` follow */
    VectorTerms *terms;           /* NULL where there are no vectors */
    FormulaTable *table;          /* where the text is read for one example: its table, filled in when met */
    int first_column;             /* and the symbol of the first column */
    NodeId bindings[SYMBOLS_MAX]; /* what each symbol stands for: itself, or what a script assigned last */
    Local locals[LOCALS_MAX];
    int n_locals;
    Definition definitions[DEFINITIONS_MAX];
    int n_definitions;
    int depth; /* of what nests in the text where the parser is */
    int placeholders;
    uint64_t work;
} Parser;

/* Reads the tokens; false and a status on bytes that are none. */
bool parser_start(Parser *parser, Graph *graph, const char *what, const char *text, size_t length,
    bool statements, const Symbol *symbols, int n_symbols, Status *status);
void parser_finish(Parser *parser);

/* Everything below returns NODE_NONE, or false, after having failed. */

NodeId parser_expression(Parser *parser);
/* The same, and nothing may follow. */
NodeId parser_whole(Parser *parser);
/* An expression that is a number. */
bool parser_number(Parser *parser, double *value);

/* What a definition stands for, read when it is first wanted, which is at `token`. */
NodeId parser_definition(Parser *parser, Definition *definition, const Token *token);

/* iterate(...), mean(...), sum(...): the next token is the one behind the parenthesis. */
NodeId parser_iterate(Parser *parser, const Token *name);
NodeId parser_reduce(Parser *parser, const Token *name, bool mean);

/* norm(...), dot(...), mean(...), sum(...) of vectors and randn(): the next token is the parenthesis. */
bool parser_is_vector_form(const char *name);
NodeId parser_vector_form(Parser *parser, const Token *name, const char *word);
/* The largest element of a vector: max with one argument. */
NodeId parser_largest(Parser *parser, const Token *name, NodeId vector);
/* Whether a value varies over the elements; counts as work. */
bool parser_is_vector(Parser *parser, NodeId value);
/* Reads the arguments of a call, at most `most` of them, the parenthesis being next; how many, or -1. */
int parser_arguments(Parser *parser, NodeId *arguments, int most);
/* Lets norm, dot and the others be read. */
void parser_allow_vectors(Parser *parser, VectorTerms *terms);

/* Fails at a token. Returns NODE_NONE. */
NodeId parser_fail(Parser *parser, const Token *token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const Token *parser_peek(const Parser *parser);
bool parser_accept(Parser *parser, int kind); /* skips the next token where it is of this kind */
bool parser_expect(Parser *parser, int kind, const char *where);

/* Reads a name that is to be bound here: not one of a function or constant. */
bool parser_new_name(Parser *parser, char name[SYMBOL_NAME_BYTES]);
bool parser_bind_local(Parser *parser, const char *name, NodeId node);

/* Skips tokens from `at` to the first of `kind` outside any parentheses opened there; the closing one or the
 * end, whichever comes first, otherwise. */
size_t parser_scan(const Parser *parser, size_t at, int kind);

#endif
