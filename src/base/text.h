/* Text: a string that grows, strict numbers, and the nearest name for a misspelt one. */
#ifndef SLALOM_TEXT_H
#define SLALOM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A growing, always NUL-terminated string. Start from {0}; text_finish frees it. */
typedef struct Text {
    char *bytes; /* NULL until something is appended */
    size_t length;
    size_t capacity;
} Text;

void text_append(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append_bytes(Text *text, const char *bytes, size_t length);
void text_clear(Text *text); /* empties it and keeps its memory */
void text_finish(Text *text);

/* What the text says so far; "" before anything was appended. Valid until the next change. */
const char *text_string(const Text *text);

/* The shortest decimal text that reads back as the same double ("0.1", "1e-08"); always finite-safe. */
void text_format_number(char *out, size_t out_size, double value);

/* "1.5 GB": three digits and a unit, from a number of bytes that may be too large to count. */
void text_format_bytes(char *out, size_t out_size, double bytes);

/* Appends `string` as a JSON string literal, quotes included. */
void text_append_json(Text *text, const char *string);

/* Whether `string` is UTF-8 without control characters. */
bool text_is_printable(const char *string);

/* Puts a question mark for every byte that is neither UTF-8 nor printable, line ends excepted. */
void text_make_printable(char *string);

/* Reads all of `string` as a decimal number. False for "", spaces, trailing bytes, hexadecimal, nan, inf
 * and overflow. */
bool text_parse_number(const char *string, double *value);

/* Reads all of `string` as `n` such numbers with commas between, behind which there may be blanks. On failure
 * some of the values may have been written. */
bool text_parse_numbers(const char *string, double *values, int n);

/* Reads all of `string` as a whole number in [min, max]; accepts 1e6 where it is whole. */
bool text_parse_integer(const char *string, long long min, long long max, long long *value);

/* The name nearest to `name` by edit distance among `n` names, `stride` bytes apart, the first at `names`
 * (an array of structs whose first member is `const char *`). NULL where none is near enough to be meant. */
const char *text_nearest(const char *name, const void *names, size_t n, size_t stride);

#endif
