/* The quoting of POSIX.1-2017, Shell Command Language, 2.2. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool fail_unclosed(Status *status, const char *line, const char *quote) {
    status_fail(status, STATUS_BAD_INPUT, "the quote %c is not closed: %.40s", *quote, quote);
    status->place = quote - line;
    return false;
}

/* Appends what is between the quotes at `*at`, and moves behind them. */
static bool read_quoted(const char **at, Text *word) {
    char quote = *(*at)++;
    for (const char *c = *at; *c; c++) {
        if (*c == quote) {
            *at = c + 1;
            return true;
        }
        bool escapes = quote == '"' && *c == '\\' && c[1] && strchr("$`\"\\\n", c[1]);
        if (escapes && *++c == '\n') continue;
        text_append_bytes(word, c, 1);
    }
    return false;
}

/* One word at `*at`, which begins with no blank. */
static bool read_word(const char *line, const char **at, Text *word, Status *status) {
    while (**at && !is_blank(**at)) {
        const char *c = *at;
        if (*c == '\'' || *c == '"') {
            if (!read_quoted(at, word)) return fail_unclosed(status, line, c);
            continue;
        }
        if (*c == '\\' && c[1]) c++;
        if (c == *at || *c != '\n') text_append_bytes(word, c, 1);
        *at = c + 1;
    }
    return true;
}

static bool add_word(Words *words, const char *word, Status *status) {
    char **more = realloc(words->words, (size_t)(words->n + 2) * sizeof *more);
    if (more) {
        words->words = more;
        more[words->n] = strdup(word);
        if (more[words->n]) {
            more[++words->n] = NULL;
            return true;
        }
    }
    return status_fail(status, STATUS_FAILED, "out of memory");
}

/* Blanks, and the line ends that a backslash hides. */
static const char *skip_blanks(const char *at) {
    while (is_blank(*at) || (*at == '\\' && at[1] == '\n')) at += *at == '\\' ? 2 : 1;
    return at;
}

bool words_split(Words *words, const char *line, Status *status) {
    *words = (Words){0};
    Text word = {0};
    bool good = true;
    for (const char *at = skip_blanks(line); *at && good; at = skip_blanks(at)) {
        text_clear(&word);
        good = read_word(line, &at, &word, status) && add_word(words, text_string(&word), status);
    }
    text_finish(&word);
    if (!good) words_finish(words);
    return good;
}

void words_finish(Words *words) {
    for (int i = 0; i < words->n; i++) free(words->words[i]);
    free(words->words);
    *words = (Words){0};
}

void words_append(Text *line, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/%@";
    if (line->length > 0) text_append(line, " ");
    if (*word && !word[strspn(word, plain)]) {
        text_append(line, "%s", word);
        return;
    }
    text_append(line, "'");
    for (const char *c = word; *c; c++) {
        if (*c == '\'')
            text_append(line, "'\\''");
        else
            text_append_bytes(line, c, 1);
    }
    text_append(line, "'");
}
