/* The parser of formulas: from bytes to nodes. How they stand on the page is in tex_layout.c. */
#include "tex.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 32, NONE = -1 };

typedef struct Parser {
    Tex *tex;
    const char *source, *at, *end;
    int depth;
    Font letters; /* of what is typed as a letter: italic, or what \mathbf and the like ask for */
    Status *status;
} Parser;

/* Commands that take what follows them. */
typedef enum Command {
    COMMAND_FRACTION,
    COMMAND_ROOT,
    COMMAND_ACCENT,
    COMMAND_LETTERS, /* their font */
    COMMAND_TEXT,
    COMMAND_FUNCTION,
    COMMAND_LEFT,
    COMMAND_SPACE,
} Command;

typedef struct CommandRow {
    const char *name;
    Command command;
    int value; /* of accent or font */
    float em;  /* of a space */
} CommandRow;

static const CommandRow commands[] = {
    {"frac", COMMAND_FRACTION, 0, 0},
    {"tfrac", COMMAND_FRACTION, 0, 0},
    {"dfrac", COMMAND_FRACTION, 0, 0},
    {"sqrt", COMMAND_ROOT, 0, 0},
    {"hat", COMMAND_ACCENT, TEX_HAT, 0},
    {"bar", COMMAND_ACCENT, TEX_BAR, 0},
    {"overline", COMMAND_ACCENT, TEX_BAR, 0},
    {"tilde", COMMAND_ACCENT, TEX_TILDE, 0},
    {"dot", COMMAND_ACCENT, TEX_DOT, 0},
    {"vec", COMMAND_ACCENT, TEX_VECTOR, 0},
    {"mathbf", COMMAND_LETTERS, FONT_STRONG, 0},
    {"mathbb", COMMAND_LETTERS, FONT_STRONG, 0},
    {"boldsymbol", COMMAND_LETTERS, FONT_STRONG, 0},
    {"mathrm", COMMAND_LETTERS, FONT_TEXT, 0},
    {"mathit", COMMAND_LETTERS, FONT_ITALIC, 0},
    {"mathcal", COMMAND_LETTERS, FONT_ITALIC, 0},
    {"text", COMMAND_TEXT, FONT_TEXT, 0},
    {"texttt", COMMAND_TEXT, FONT_MONO, 0},
    {"mathtt", COMMAND_TEXT, FONT_MONO, 0},
    {"operatorname", COMMAND_FUNCTION, FONT_TEXT, 0},
    {"left", COMMAND_LEFT, 0, 0},
    {",", COMMAND_SPACE, 0, 3.0f / 18},
    {":", COMMAND_SPACE, 0, 4.0f / 18},
    {";", COMMAND_SPACE, 0, 5.0f / 18},
    {"!", COMMAND_SPACE, 0, -3.0f / 18},
    {" ", COMMAND_SPACE, 0, 0.25f},
    {"quad", COMMAND_SPACE, 0, 1},
    {"qquad", COMMAND_SPACE, 0, 2},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static bool fail_at(Parser *parser, const char *at, const char *message) {
    status_fail(parser->status, STATUS_BAD_INPUT, "%s", message);
    parser->status->place = (long)(at - parser->source);
    return false;
}

size_t tex_character(const char *at, const char *end) {
    size_t length = 1;
    while (at + length < end && ((unsigned char)at[length] & 0xc0) == 0x80) length++;
    return length;
}

static void skip_spaces(Parser *parser) {
    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\n' || *parser->at == '\t'))
        parser->at++;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A node with nothing; NONE where there are too many. */
static int new_node(Parser *parser, TexKind kind, TexClass class) {
    Tex *tex = parser->tex;
    if (tex->n == TEX_NODES_MAX) {
        fail_at(parser, parser->at, "the formula is too long");
        return NONE;
    }
    tex->nodes[tex->n] = (TexNode){.kind = kind,
        .class = class,
        .font = FONT_TEXT,
        .body = NONE,
        .second = NONE,
        .sub = NONE,
        .sup = NONE,
        .next = NONE};
    return tex->n++;
}

static int new_text(Parser *parser, const char *string, size_t length, Font font) {
    int node = new_node(parser, TEX_TEXT, TEX_ORDINARY);
    if (node == NONE) return NONE;
    parser->tex->nodes[node].string = string;
    parser->tex->nodes[node].length = length;
    parser->tex->nodes[node].font = font;
    return node;
}

static Font number_font(const Parser *parser) {
    return parser->letters == FONT_STRONG ? FONT_STRONG : FONT_TEXT;
}

static int new_symbol(Parser *parser, const TexSymbol *symbol) {
    int node = new_node(parser, TEX_SYMBOL, symbol->class);
    if (node == NONE) return NONE;
    parser->tex->nodes[node].symbol = symbol;
    parser->tex->nodes[node].font =
        symbol->font == FONT_ITALIC || (parser->letters == FONT_STRONG && symbol->font == FONT_TEXT)
            ? parser->letters
            : symbol->font;
    return node;
}

/* The name of the command that begins here; a sign is a name of one character. */
static size_t command_length(const Parser *parser) {
    const char *name = parser->at + 1, *at = name;
    while (at < parser->end && is_letter(*at)) at++;
    if (at > name) return (size_t)(at - name);
    return name < parser->end ? tex_character(name, parser->end) : 0;
}

static bool is_command(const Parser *parser, const char *name) {
    size_t length = strlen(name);
    return parser->at < parser->end && *parser->at == '\\' && command_length(parser) == length &&
           memcmp(parser->at + 1, name, length) == 0;
}

static const CommandRow *find_command(const char *name, size_t length) {
    for (int i = 0; i < COMMANDS; i++)
        if (strlen(commands[i].name) == length && memcmp(commands[i].name, name, length) == 0)
            return &commands[i];
    return NULL;
}

static bool fail_command(Parser *parser, const char *name, size_t length) {
    char wanted[NAME_BYTES], message[128];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < sizeof wanted ? length : sizeof wanted - 1), name);
    if (length == 0) return fail_at(parser, parser->at, "a backslash with nothing behind it");
    text_make_printable(wanted);
    const char *near = text_nearest(wanted, tex_symbols, (size_t)tex_symbol_count, sizeof *tex_symbols);
    if (!near || !near[0]) near = text_nearest(wanted, commands, COMMANDS, sizeof *commands);
    if (near && near[0])
        snprintf(message, sizeof message, "there is no command \\%s; did you mean \\%s?", wanted, near);
    else
        snprintf(message, sizeof message, "there is no command \\%s", wanted);
    return fail_at(parser, parser->at, message);
}

static bool parse_list(Parser *parser, char closing, int *first);
static bool parse_atom(Parser *parser, int *node);

/* { ... } or one atom, as a list. */
static bool parse_argument(Parser *parser, int *first) {
    skip_spaces(parser);
    if (parser->at == parser->end) return fail_at(parser, parser->at, "something is missing here");
    if (is_digit(*parser->at)) { /* one figure: \frac12 is a half */
        *first = new_text(parser, parser->at++, 1, number_font(parser));
        return *first != NONE;
    }
    if (*parser->at != '{') return parse_atom(parser, first);
    const char *begin = parser->at++;
    if (!parse_list(parser, '}', first)) return false;
    if (parser->at == parser->end) return fail_at(parser, begin, "this { is not closed");
    parser->at++;
    return true;
}

/* The bytes of { ... } as they are. */
static bool parse_plain(Parser *parser, const char **string, size_t *length) {
    skip_spaces(parser);
    if (parser->at == parser->end || *parser->at != '{')
        return fail_at(parser, parser->at, "{ is missing here");
    const char *begin = parser->at + 1, *close = memchr(begin, '}', (size_t)(parser->end - begin));
    if (!close) return fail_at(parser, parser->at, "this { is not closed");
    *string = begin;
    *length = (size_t)(close - begin);
    parser->at = close + 1;
    return true;
}

/* What stands behind \left or \right; "." is nothing. */
static bool parse_fence(Parser *parser, const TexSymbol **fence) {
    skip_spaces(parser);
    const char *at = parser->at;
    if (at == parser->end) return fail_at(parser, at, "a bracket is missing here");
    size_t length = *at == '\\' ? command_length(parser) : 1;
    *fence = *at == '\\' ? tex_find(at + 1, length) : tex_find_string(at, 1);
    static const char fences[] = "( ) [ ] { } | ‖ ⟨ ⟩ .";
    if (!*fence || !strstr(fences, (*fence)->string)) return fail_at(parser, at, "no bracket stands here");
    parser->at += (*at == '\\') + length;
    if (strcmp((*fence)->string, ".") == 0) *fence = NULL;
    return true;
}

static bool parse_left(Parser *parser, const char *begin, int node) {
    TexNode *nodes = parser->tex->nodes;
    if (!parse_fence(parser, &nodes[node].open) || !parse_list(parser, '\\', &nodes[node].body)) return false;
    if (!is_command(parser, "right")) return fail_at(parser, begin, "this \\left has no \\right");
    parser->at += strlen("\\right");
    return parse_fence(parser, &nodes[node].close);
}

static bool parse_letters(Parser *parser, Font font, int node) {
    Font before = parser->letters;
    parser->letters = font;
    bool good = parse_argument(parser, &parser->tex->nodes[node].body);
    parser->letters = before;
    return good;
}

/* A name set as text: a part of the formula, or a function. */
static bool parse_name(Parser *parser, Font font, TexClass class, int *node) {
    const char *string = NULL;
    size_t length = 0;
    if (!parse_plain(parser, &string, &length)) return false;
    *node = new_text(parser, string, length, font);
    if (*node == NONE) return false;
    parser->tex->nodes[*node].class = class;
    return true;
}

static bool parse_taking(Parser *parser, const CommandRow *row, const char *begin, int *node) {
    static const TexKind kinds[] = {[COMMAND_FRACTION] = TEX_FRACTION,
        [COMMAND_ROOT] = TEX_ROOT,
        [COMMAND_ACCENT] = TEX_ACCENT,
        [COMMAND_LETTERS] = TEX_GROUP,
        [COMMAND_LEFT] = TEX_FENCED,
        [COMMAND_SPACE] = TEX_SPACE};
    if (row->command == COMMAND_TEXT) return parse_name(parser, (Font)row->value, TEX_ORDINARY, node);
    if (row->command == COMMAND_FUNCTION) return parse_name(parser, (Font)row->value, TEX_OPERATOR, node);
    if ((*node = new_node(parser, kinds[row->command], TEX_ORDINARY)) == NONE) return false;
    TexNode *made = &parser->tex->nodes[*node];
    switch (row->command) {
    case COMMAND_FRACTION:
        return parse_argument(parser, &made->body) && parse_argument(parser, &made->second);
    case COMMAND_ROOT:
        skip_spaces(parser);
        if (parser->at < parser->end && *parser->at == '[') {
            const char *open = parser->at++;
            if (!parse_list(parser, ']', &made->second)) return false;
            if (parser->at == parser->end) return fail_at(parser, open, "this [ is not closed");
            parser->at++;
        }
        return parse_argument(parser, &made->body);
    case COMMAND_ACCENT: made->accent = (TexAccent)row->value; return parse_argument(parser, &made->body);
    case COMMAND_LETTERS: return parse_letters(parser, (Font)row->value, *node);
    case COMMAND_LEFT: return parse_left(parser, begin, *node);
    default: made->em = row->em; return true;
    }
}

static bool parse_command(Parser *parser, int *node) {
    const char *begin = parser->at, *name = begin + 1;
    size_t length = command_length(parser);
    const CommandRow *row = find_command(name, length);
    const TexSymbol *symbol = row ? NULL : tex_find(name, length);
    if (!row && !symbol) return fail_command(parser, name, length);
    parser->at = name + length;
    if (row) return parse_taking(parser, row, begin, node);
    *node = new_symbol(parser, symbol);
    return *node != NONE;
}

/* Figures with their decimal point are one number. */
static int parse_number(Parser *parser) {
    const char *begin = parser->at;
    while (parser->at < parser->end &&
           (is_digit(*parser->at) ||
               (*parser->at == '.' && parser->at + 1 < parser->end && is_digit(parser->at[1]))))
        parser->at++;
    return new_text(parser, begin, (size_t)(parser->at - begin), number_font(parser));
}

static bool parse_nucleus(Parser *parser, int *node) {
    const char *at = parser->at;
    if (*at == '\\') return parse_command(parser, node);
    if (*at == '{') {
        *node = new_node(parser, TEX_GROUP, TEX_ORDINARY);
        return *node != NONE && parse_argument(parser, &parser->tex->nodes[*node].body);
    }
    if (*at == '}') return fail_at(parser, at, "no { belongs to this }");
    if (*at == '&' || *at == '#' || *at == '~' || *at == '%' || *at == '"' || *at == '@' || *at == '`')
        return fail_at(parser, at, "this sign means nothing in a formula");
    if (is_digit(*at)) {
        *node = parse_number(parser);
        return *node != NONE;
    }
    size_t length = tex_character(at, parser->end);
    const TexSymbol *symbol = *at == '-' ? tex_find_string("−", strlen("−")) : tex_find_string(at, length);
    parser->at += length;
    if (symbol)
        *node = new_symbol(parser, symbol);
    else
        *node = new_text(parser, at, length, is_letter(*at) ? parser->letters : FONT_TEXT);
    return *node != NONE;
}

static bool parse_script(Parser *parser, int *script) {
    if (*script != NONE) return fail_at(parser, parser->at, "a second script at the same place");
    parser->at++;
    if (!parse_argument(parser, script)) return false;
    if (*script == NONE) *script = new_node(parser, TEX_SPACE, TEX_ORDINARY); /* {}: nothing, but taken */
    return *script != NONE;
}

/* Nothing may be deeper than the stack, and than the eye, can follow. */
static bool parse_inner(Parser *parser, int *node) {
    if (*parser->at == '^' || *parser->at == '_' || *parser->at == '\'') {
        *node = new_node(parser, TEX_SPACE, TEX_ORDINARY); /* a script of nothing */
        return *node != NONE;
    }
    return parse_nucleus(parser, node);
}

static bool parse_atom(Parser *parser, int *node) {
    if (parser->depth == TEX_DEPTH_MAX) return fail_at(parser, parser->at, "too many things in each other");
    parser->depth++;
    bool good = parse_inner(parser, node);
    parser->depth--;
    return good;
}

static bool parse_scripts(Parser *parser, int node) {
    TexNode *made = &parser->tex->nodes[node];
    parser->depth++;
    bool good = true;
    while (good) {
        skip_spaces(parser);
        if (parser->at == parser->end) break;
        if (*parser->at == '^')
            good = parse_script(parser, &made->sup);
        else if (*parser->at == '_')
            good = parse_script(parser, &made->sub);
        else if (*parser->at == '\'') {
            made->primes++;
            parser->at++;
        } else
            break;
    }
    parser->depth--;
    return good;
}

/* Up to `closing`, which is left there; '\\' stands for \right, '\0' for the end. */
static bool parse_list(Parser *parser, char closing, int *first) {
    int last = NONE;
    *first = NONE;
    for (;;) {
        skip_spaces(parser);
        if (parser->at == parser->end) return true;
        if (closing != '\\' && *parser->at == closing) return true;
        if (is_command(parser, "right")) {
            if (closing == '\\') return true;
            return fail_at(parser, parser->at, "no \\left belongs to this \\right");
        }
        int node = NONE;
        if (!parse_atom(parser, &node) || !parse_scripts(parser, node)) return false;
        if (last == NONE)
            *first = node;
        else
            parser->tex->nodes[last].next = node;
        last = node;
    }
}

bool tex_parse(Tex *tex, const char *source, size_t length, Status *status) {
    Parser parser = {.tex = tex,
        .source = source,
        .at = source,
        .end = source + length,
        .letters = FONT_ITALIC,
        .status = status};
    tex->n = 0;
    return parse_list(&parser, '\0', &tex->first);
}
