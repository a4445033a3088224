/* Text to tokens, all at once: looking ahead is then looking further on. */
#ifndef SLALOM_LEXER_H
#define SLALOM_LEXER_H

#include "graph.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

/* A sign of one ASCII character is its own kind. */
typedef enum TokenKind {
    TOKEN_END = 0,
    TOKEN_NUMBER = 256,
    TOKEN_NAME,
    TOKEN_SUPERSCRIPT,   /* a whole exponent written high: ², ⁻¹ */
    TOKEN_ROOT,          /* √ */
    TOKEN_LESS_EQUAL,    /* <= or ≤ */
    TOKEN_GREATER_EQUAL, /* >= or ≥ */
    TOKEN_EQUAL,         /* == */
    TOKEN_NOT_EQUAL,     /* != or ≠ */
    TOKEN_ADD_ASSIGN,    /* += and so on, in scripts */
    TOKEN_SUBTRACT_ASSIGN,
    TOKEN_MULTIPLY_ASSIGN,
    TOKEN_DIVIDE_ASSIGN,
} TokenKind;

typedef struct Token {
    int kind;      /* a TokenKind, or '+', '(' ... ; `**` is '^', `·` and `×` are '*' */
    size_t offset; /* of its first byte */
    size_t length;
    double number; /* of NUMBER and SUPERSCRIPT */
} Token;

/* The text that is read, and how to complain about a place in it. */
typedef struct Source {
    const char *what; /* the word that messages begin with */
    const char *text;
    size_t length;
} Source;

/* Fails with `what:LINE:COLUMN: message`, the line (cut to what fits) and a caret under the place. */
bool source_fail(const Source *source, size_t offset, Status *status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Tokens of the whole text, ending in TOKEN_END; the caller frees them. With `statements` a line end
 * outside parentheses is a ';'. NULL and a status on bytes that belong to no token. */
Token *source_tokens(const Source *source, bool statements, Status *status);

/* The name a token spells, Greek letters by their names. False where it is too long. */
bool source_name(const Source *source, const Token *token, char name[SYMBOL_NAME_BYTES]);

#endif
