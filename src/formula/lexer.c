/* Bytes to tokens, and complaints that show the place. What the tokens mean is left to the parser. */
#include "lexer.h"

#include "parse.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Characters. */

/* Decodes the character at `at`; 0 for bytes that are not UTF-8. */
static uint32_t decode(const Source *source, size_t at, size_t *length) {
    const unsigned char *bytes = (const unsigned char *)source->text + at;
    size_t left = source->length - at;
    *length = 1;
    if (bytes[0] < 0x80) return bytes[0];
    size_t n = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || n > left) return 0;
    uint32_t character = bytes[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((bytes[i] & 0xc0) != 0x80) return 0;
        character = character << 6 | (bytes[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < least[n] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) return 0;
    *length = n;
    return character;
}

/* Complaining. */

enum { QUOTE_BEFORE = 40, QUOTE_AFTER = 28 }; /* characters of a long line around the place */

static bool continues(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The offset `n` characters before `from`, not before `low`. */
static size_t back(const char *text, size_t from, size_t low, int n) {
    while (from > low && n-- > 0) do
            from--;
        while (from > low && continues(text[from]));
    return from;
}

/* The offset `n` characters behind `from`, not behind `high`. What follows a place may be no UTF-8. */
static size_t forward(const Source *source, size_t from, size_t high, int n) {
    for (size_t length; from < high && n-- > 0; from += length) decode(source, from, &length);
    return from < high ? from : high;
}

static int characters(const char *text, size_t from, size_t to) {
    int n = 0;
    for (; from < to; from++)
        if (!continues(text[from])) n++;
    return n;
}

static bool is_control(uint32_t character) {
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

/* What would spoil a terminal, or is no text, is shown as a question mark for each byte. */
static void append_quoted(Text *out, const Source *source, size_t from, size_t to) {
    for (size_t length; from < to; from += length) {
        uint32_t character = decode(source, from, &length);
        bool printable = !is_control(character) && length <= to - from;
        text_append_bytes(out, printable ? &source->text[from] : "?", printable ? length : 1);
    }
}

bool source_fail(const Source *source, size_t offset, Status *status, const char *format, ...) {
    char message[STATUS_MESSAGE_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *text = source->text;
    int line = 1;
    size_t begin = 0, end = offset;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] != '\n') continue;
        line++;
        begin = i + 1;
    }
    while (end < source->length && text[end] != '\n') end++;
    if (end > offset && text[end - 1] == '\r') end--;
    size_t from = back(text, offset, begin, QUOTE_BEFORE), to = forward(source, offset, end, QUOTE_AFTER);
    Text quote = {0};
    text_append(&quote, "%s", from > begin ? "..." : "");
    append_quoted(&quote, source, from, to);
    text_append(&quote, "%s", to < end ? "..." : "");
    int caret = characters(text, from, offset) + (from > begin ? 3 : 0);
    status_fail(status, STATUS_BAD_INPUT, "%s:%d:%d: %s\n  %s\n  %*s^", source->what, line,
        characters(text, begin, offset) + 1, message, text_string(&quote), caret, "");
    text_finish(&quote);
    status->place = (long)offset;
    return false;
}

/* Names and digits. */

static const char *const greek[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta",
    "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon",
    "phi", "chi", "psi", "omega"};

static const char *greek_name(uint32_t character) {
    return character >= 0x3b1 && character <= 0x3c9 ? greek[character - 0x3b1] : NULL;
}

/* The digit that a superscript shows; -1 for a superscript minus, -2 for none. */
static int superscript_digit(uint32_t character) {
    if (character == 0xb2 || character == 0xb3) return (int)character - 0xb0;
    if (character == 0xb9) return 1;
    if (character == 0x2070 || (character >= 0x2074 && character <= 0x2079)) return (int)character - 0x2070;
    return character == 0x207b ? -1 : -2;
}

/* Tokens. */

typedef struct Lexer {
    const Source *source;
    Token *tokens;
    size_t n, capacity;
    int nesting; /* open parentheses and brackets */
    bool statements;
} Lexer;

static bool push(Lexer *lexer, int kind, size_t offset, size_t length, double number) {
    if (lexer->n == lexer->capacity) {
        size_t capacity = lexer->capacity ? lexer->capacity * 2 : 64;
        Token *tokens = realloc(lexer->tokens, capacity * sizeof *tokens);
        if (!tokens) return false;
        lexer->tokens = tokens;
        lexer->capacity = capacity;
    }
    lexer->tokens[lexer->n++] = (Token){.kind = kind, .offset = offset, .length = length, .number = number};
    return true;
}

static bool digit_at(const Source *source, size_t at) {
    return at < source->length && isdigit((unsigned char)source->text[at]);
}

/* The end of the number at `at`; an e counts as an exponent only with digits behind it. */
static size_t number_end(const Source *source, size_t at) {
    while (digit_at(source, at)) at++;
    if (at < source->length && source->text[at] == '.') at++;
    while (digit_at(source, at)) at++;
    if (at < source->length && (source->text[at] == 'e' || source->text[at] == 'E')) {
        size_t exponent = at + 1;
        if (exponent < source->length && (source->text[exponent] == '+' || source->text[exponent] == '-'))
            exponent++;
        if (digit_at(source, exponent))
            for (at = exponent; digit_at(source, at);) at++;
    }
    return at;
}

static bool read_number(Lexer *lexer, size_t *at, Status *status) {
    enum { DIGITS_MAX = 400 };
    const Source *source = lexer->source;
    char digits[DIGITS_MAX];
    size_t end = number_end(source, *at), length = end - *at;
    if (length >= sizeof digits) return source_fail(source, *at, status, "this number is too long");
    memcpy(digits, source->text + *at, length);
    digits[length] = '\0';
    double number = strtod(digits, NULL);
    if (!isfinite(number)) return source_fail(source, *at, status, "this number is too large");
    size_t offset = *at;
    *at = end;
    return push(lexer, TOKEN_NUMBER, offset, length, number) ||
           status_fail(status, STATUS_FAILED, "out of memory");
}

static bool name_character(uint32_t character, bool first) {
    if (character < 0x80)
        return isalpha((int)character) || character == '_' || (!first && isdigit((int)character));
    return greek_name(character) != NULL;
}

/* π is a name of its own, so that 2πx is a product. */
static size_t name_end(const Source *source, size_t at) {
    enum { PI = 0x3c0 };
    size_t begin = at, length;
    while (at < source->length) {
        uint32_t character = decode(source, at, &length);
        if (!name_character(character, false) || (character == PI && at > begin)) break;
        at += length;
        if (character == PI) break;
    }
    return at;
}

static bool read_superscript(Lexer *lexer, size_t *at, Status *status) {
    const Source *source = lexer->source;
    size_t offset = *at, length;
    double value = 0, sign = 1;
    int digits = 0;
    while (*at < source->length) {
        int digit = superscript_digit(decode(source, *at, &length));
        if (digit == -2 || (digit == -1 && *at != offset)) break;
        if (digit == -1)
            sign = -1;
        else {
            value = 10 * value + digit;
            digits++;
        }
        *at += length;
    }
    if (digits == 0 || digits > 6)
        return source_fail(source, offset, status, "this exponent is not a whole number");
    return push(lexer, TOKEN_SUPERSCRIPT, offset, *at - offset, sign * value) ||
           status_fail(status, STATUS_FAILED, "out of memory");
}

/* Signs of more than one character, and those beyond ASCII. */
static const struct Sign {
    const char *spelling;
    int kind;
} signs[] = {
    {"**", '^'},
    {"<=", TOKEN_LESS_EQUAL},
    {">=", TOKEN_GREATER_EQUAL},
    {"==", TOKEN_EQUAL},
    {"!=", TOKEN_NOT_EQUAL},
    {"+=", TOKEN_ADD_ASSIGN},
    {"-=", TOKEN_SUBTRACT_ASSIGN},
    {"*=", TOKEN_MULTIPLY_ASSIGN},
    {"/=", TOKEN_DIVIDE_ASSIGN},
    {"≤", TOKEN_LESS_EQUAL},
    {"≥", TOKEN_GREATER_EQUAL},
    {"≠", TOKEN_NOT_EQUAL},
    {"·", '*'},
    {"⋅", '*'},
    {"×", '*'},
    {"∗", '*'},
    {"−", '-'},
    {"÷", '/'},
    {"√", TOKEN_ROOT},
};

static const struct Fraction {
    uint32_t character;
    double value;
} fractions[] = {{0xbc, 0.25}, {0xbd, 0.5}, {0xbe, 0.75}};

/* A sign or a fraction at `at`; 0 where there is none. Sets the number of bytes, and of a fraction its value.
 */
static int sign_at(const Source *source, size_t at, uint32_t character, size_t *length, double *number) {
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t n = strlen(signs[i].spelling);
        if (n > source->length - at || memcmp(source->text + at, signs[i].spelling, n) != 0) continue;
        *length = n;
        return signs[i].kind;
    }
    for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++) {
        if (fractions[i].character != character) continue;
        *number = fractions[i].value;
        return TOKEN_NUMBER;
    }
    return character && character < 0x80 && strchr("+-*/^(),=?:<>[];", (int)character) ? (int)character : 0;
}

static bool read_sign(Lexer *lexer, size_t *at, uint32_t character, size_t length, Status *status) {
    const Source *source = lexer->source;
    double number = 0;
    int kind = sign_at(source, *at, character, &length, &number);
    if (kind == 0 && source->text[*at] == '\0')
        return source_fail(source, *at, status, "a NUL byte cannot stand here");
    if (kind == 0 && character == 0) return source_fail(source, *at, status, "this byte is not UTF-8 text");
    if (kind == 0)
        return source_fail(source, *at, status, "'%.*s' cannot stand in a formula",
            is_control(character) ? 1 : (int)length, is_control(character) ? "?" : source->text + *at);
    if (kind == '(' || kind == '[') lexer->nesting++;
    if ((kind == ')' || kind == ']') && lexer->nesting > 0) lexer->nesting--;
    size_t offset = *at;
    *at += length;
    return push(lexer, kind, offset, length, number) || status_fail(status, STATUS_FAILED, "out of memory");
}

static bool read_token(Lexer *lexer, size_t *at, Status *status) {
    const Source *source = lexer->source;
    char byte = source->text[*at];
    size_t length;
    uint32_t character = decode(source, *at, &length);
    if (byte == '\n' && lexer->statements && lexer->nesting == 0)
        return push(lexer, ';', (*at)++, 1, 0) || status_fail(status, STATUS_FAILED, "out of memory");
    if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || character == 0xa0) {
        *at += length;
        return true;
    }
    if (isdigit((unsigned char)byte) || (byte == '.' && digit_at(source, *at + 1)))
        return read_number(lexer, at, status);
    if (name_character(character, true)) {
        size_t offset = *at;
        *at = name_end(source, offset);
        return push(lexer, TOKEN_NAME, offset, *at - offset, 0) ||
               status_fail(status, STATUS_FAILED, "out of memory");
    }
    if (superscript_digit(character) != -2) return read_superscript(lexer, at, status);
    return read_sign(lexer, at, character, length, status);
}

Token *source_tokens(const Source *source, bool statements, Status *status) {
    Lexer lexer = {.source = source, .statements = statements};
    size_t at = 0;
    bool good = source->length <= FORMULA_TEXT_BYTES_MAX ||
                status_fail(status, STATUS_BAD_INPUT, "%s: the text is %zu bytes long; at most %d are read",
                    source->what, source->length, FORMULA_TEXT_BYTES_MAX);
    while (good && at < source->length) good = read_token(&lexer, &at, status);
    /* The end is where the last token ends: that is the line to show, whatever blank lines follow. */
    size_t end = lexer.n > 0 ? lexer.tokens[lexer.n - 1].offset + lexer.tokens[lexer.n - 1].length : 0;
    if (good && !push(&lexer, TOKEN_END, end, 0, 0))
        good = status_fail(status, STATUS_FAILED, "out of memory");
    if (good) return lexer.tokens;
    free(lexer.tokens);
    return NULL;
}

bool source_name(const Source *source, const Token *token, char name[SYMBOL_NAME_BYTES]) {
    size_t used = 0, length;
    for (size_t at = token->offset; at < token->offset + token->length; at += length) {
        const char *spelling = greek_name(decode(source, at, &length));
        size_t n = spelling ? strlen(spelling) : length;
        if (used + n >= SYMBOL_NAME_BYTES) return false;
        memcpy(name + used, spelling ? spelling : source->text + at, n);
        used += n;
    }
    name[used] = '\0';
    return true;
}
