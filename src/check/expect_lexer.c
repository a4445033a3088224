/* Bytes to tokens: like a formula's, but names may be quoted, and a point stands between names. */
#include "expect_lexer.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct Sign {
    const char *spelling;
    int kind;
} signs[] = {
    {"<=", TOKEN_LESS_EQUAL},
    {">=", TOKEN_GREATER_EQUAL},
    {"==", TOKEN_EQUAL},
    {"!=", TOKEN_NOT_EQUAL},
    {"≤", TOKEN_LESS_EQUAL},
    {"≥", TOKEN_GREATER_EQUAL},
    {"≠", TOKEN_NOT_EQUAL},
    {"≈", '~'},
    {"·", '*'},
    {"−", '-'},
};
enum { SIGN_COUNT = sizeof signs / sizeof signs[0] };

static const struct Sign *sign_at(const Source *source, size_t at) {
    for (int i = 0; i < SIGN_COUNT; i++) {
        size_t n = strlen(signs[i].spelling);
        if (n <= source->length - at && memcmp(source->text + at, signs[i].spelling, n) == 0)
            return &signs[i];
    }
    return NULL;
}

/* Letters beyond ASCII are taken as they are: a name is looked up and never computed with. */
static bool continues_name(const Source *source, size_t at) {
    unsigned char byte = (unsigned char)source->text[at];
    return byte < 0x80 ? isalnum(byte) || byte == '_' : !sign_at(source, at);
}

static size_t name_end(const Source *source, size_t at) {
    while (at < source->length && continues_name(source, at)) at++;
    return at;
}

static bool is_digit(const Source *source, size_t at) {
    return at < source->length && isdigit((unsigned char)source->text[at]);
}

static size_t digits_end(const Source *source, size_t at) {
    while (is_digit(source, at)) at++;
    return at;
}

static bool read_number(const Source *source, Token *token, Status *status) {
    char copy[64];
    size_t end = digits_end(source, token->offset);
    if (end < source->length && source->text[end] == '.') end = digits_end(source, end + 1);
    if (end < source->length && (source->text[end] == 'e' || source->text[end] == 'E')) {
        size_t sign = end + 1;
        if (sign < source->length && (source->text[sign] == '-' || source->text[sign] == '+')) sign++;
        if (is_digit(source, sign)) end = digits_end(source, sign);
    }
    token->kind = TOKEN_NUMBER;
    token->length = end - token->offset;
    if (token->length >= sizeof copy)
        return source_fail(source, token->offset, status, "this number is too long");
    memcpy(copy, source->text + token->offset, token->length);
    copy[token->length] = '\0';
    token->number = strtod(copy, NULL);
    return isfinite(token->number) || source_fail(source, token->offset, status, "this number is too large");
}

static bool read_quoted(const Source *source, Token *token, Status *status) {
    const size_t begin = token->offset + 1;
    const char *end = memchr(source->text + begin, '\'', source->length - begin);
    if (!end) return source_fail(source, token->offset, status, "this quote is not closed");
    *token = (Token){EXPECT_TOKEN_QUOTED, begin, (size_t)(end - source->text) - begin, 0};
    return token->length > 0 || source_fail(source, begin, status, "there is no name between these quotes");
}

/* Reads the token at token->offset. */
static bool read_token(const Source *source, Token *token, Status *status) {
    const size_t at = token->offset;
    const char byte = source->text[at];
    if (is_digit(source, at) || (byte == '.' && is_digit(source, at + 1)))
        return read_number(source, token, status);
    if (byte == '\'') return read_quoted(source, token, status);
    const struct Sign *sign = sign_at(source, at);
    if (sign) {
        token->kind = sign->kind;
        token->length = strlen(sign->spelling);
        return true;
    }
    if (continues_name(source, at)) {
        token->kind = TOKEN_NAME;
        token->length = name_end(source, at) - at;
        return true;
    }
    token->kind = byte;
    token->length = 1;
    if (byte && strchr("+-*/^().,<>~%", byte)) return true;
    if (byte == '=') return source_fail(source, at, status, "equality is written ==");
    if (byte > ' ' && byte < 0x7f)
        return source_fail(source, at, status, "'%c' cannot stand in an expectation", byte);
    return source_fail(source, at, status, "this byte cannot stand in an expectation");
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

Token *expect_tokens(const Source *source, Status *status) {
    if (source->length > EXPECT_TEXT_BYTES_MAX) {
        status_fail(status, STATUS_BAD_INPUT, "%s: the text is %zu bytes long; at most %d are read",
            source->what, source->length, EXPECT_TEXT_BYTES_MAX);
        return NULL;
    }
    Token *tokens = calloc(source->length + 1, sizeof *tokens);
    size_t n = 0, end = 0;
    bool good = tokens || status_fail(status, STATUS_FAILED, "out of memory");
    for (size_t at = 0; good && at < source->length;) {
        if (is_blank(source->text[at])) {
            at++;
            continue;
        }
        tokens[n].offset = at;
        good = read_token(source, &tokens[n], status);
        end = at = tokens[n].offset + tokens[n].length + (tokens[n].kind == EXPECT_TOKEN_QUOTED);
        n++;
    }
    if (good) {
        tokens[n] = (Token){.kind = TOKEN_END, .offset = end};
        return tokens;
    }
    free(tokens);
    return NULL;
}
