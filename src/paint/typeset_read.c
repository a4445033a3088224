/* What a text consists of: words, formulas and what stands between them, one after the other; and whether all
 * of it can be read. */
#include "typeset_parts.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_space(char c) {
    return is_blank(c) || c == '\n';
}

static bool is_escape(const char *at) {
    return *at == '\\' && at[1] && strchr("$*`\\", at[1]);
}

/* Whether an asterisk sets words apart: one that opens stands before a word, one that closes behind one. */
static bool is_emphasis(const TypesetReader *reader, const char *at) {
    char before = at > reader->text ? at[-1] : ' ', after = at[1];
    if (reader->strong) return !is_space(before);
    bool opens = (is_space(before) || strchr("(\"'", before)) && after && !is_space(after) && after != '*';
    if (!opens) return false;
    for (const char *end = at + 1; *end; end++) {
        if (is_escape(end))
            end++;
        else if (*end == '*' && !is_space(end[-1]))
            return true;
        else if (*end == '\n' && end[1] == '\n')
            return false;
    }
    return false;
}

/* The sign that closes what `open` begins, in the same paragraph; NULL where there is none. */
static const char *closing(const char *open) {
    for (const char *at = open + 1; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == *open)
            return at;
        else if (*at == '\n' && at[1] == '\n')
            return NULL;
    }
    return NULL;
}

/* White space: within a paragraph, between two, or before an item. */
static TypesetToken read_space(TypesetReader *reader) {
    int line_ends = 0;
    while (is_space(*reader->at)) line_ends += *reader->at++ == '\n';
    bool begins_line = line_ends > 0 || reader->at == reader->text;
    if (begins_line && *reader->at == '-' && reader->at[1] == ' ') {
        reader->at += 2;
        reader->strong = false;
        return (TypesetToken){.kind = TOKEN_BULLET};
    }
    if (line_ends < 2) return (TypesetToken){.kind = TOKEN_SPACE};
    reader->strong = false;
    return (TypesetToken){.kind = TOKEN_PARAGRAPH};
}

static TypesetToken read_word(TypesetReader *reader) {
    Font font = reader->strong ? FONT_STRONG : FONT_TEXT;
    const char *begin = reader->at;
    if (is_escape(begin)) {
        reader->at += 2;
        return (TypesetToken){TOKEN_WORD, begin + 1, 1, font};
    }
    reader->at++;
    while (*reader->at && !is_space(*reader->at) && *reader->at != '$' && *reader->at != '`' &&
           !is_escape(reader->at) && !(*reader->at == '*' && is_emphasis(reader, reader->at)))
        reader->at++;
    return (TypesetToken){TOKEN_WORD, begin, (size_t)(reader->at - begin), font};
}

TypesetToken typeset_next(TypesetReader *reader) {
    if (reader->at == reader->text && *reader->at == '-') return read_space(reader);
    for (;;) {
        const char *at = reader->at;
        if (!*at) return (TypesetToken){.kind = TOKEN_END};
        if (is_space(*at)) return read_space(reader);
        if (*at == '*' && is_emphasis(reader, at)) {
            reader->strong = !reader->strong;
            reader->at++;
            continue;
        }
        const char *close = *at == '$' || *at == '`' ? closing(at) : NULL;
        if (!close) return read_word(reader);
        reader->at = close + 1;
        return (TypesetToken){
            *at == '$' ? TOKEN_FORMULA : TOKEN_WORD, at + 1, (size_t)(close - at - 1), FONT_MONO};
    }
}

/* Puts line and column of an offset before the message. */
static bool fail_at(Status *status, const char *text, const char *at) {
    int line = 1;
    const char *begin = text;
    for (const char *byte = text; byte < at; byte++) {
        if (*byte != '\n') continue;
        line++;
        begin = byte + 1;
    }
    int column = 1;
    for (const char *byte = begin; byte < at; byte += tex_character(byte, at)) column++;
    status->place = (long)(at - text);
    return status_prefix(status, "%d:%d", line, column);
}

bool typeset_check(const char *text, Status *status) {
    TypesetReader reader = {.text = text, .at = text};
    for (;;) {
        TypesetToken token = typeset_next(&reader);
        Tex tex;
        if (token.kind == TOKEN_END) return true;
        if (token.kind == TOKEN_FORMULA && !tex_parse(&tex, token.string, token.length, status))
            return fail_at(status, text, token.string + status->place);
        if (token.kind != TOKEN_WORD || token.font == FONT_MONO) continue;
        /* A dollar sign or a backtick that begins a word has no partner. */
        bool escaped = token.string > text && token.string[-1] == '\\' && token.length == 1;
        const char *alone = escaped ? NULL : strpbrk(token.string, "$`");
        if (!alone || alone >= token.string + token.length) continue;
        status_fail(status, STATUS_BAD_INPUT,
            "this %c has no partner in its paragraph; a sign of its own is \\%c", *alone, *alone);
        return fail_at(status, text, alone);
    }
}
