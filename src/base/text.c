/* Strings that grow, strict numbers, edit distance. */
#include "text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(Text *text, size_t extra) {
    size_t needed = text->length + extra + 1;
    if (needed <= text->capacity) return;
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < needed) capacity *= 2;
    char *bytes = realloc(text->bytes, capacity);
    if (!bytes) abort(); /* a few kilobytes of message: there is no sensible way on */
    text->bytes = bytes;
    text->capacity = capacity;
}

void text_append_bytes(Text *text, const char *bytes, size_t length) {
    reserve(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_append(Text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    reserve(text, (size_t)length);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    va_end(again);
    text->length += (size_t)length;
}

void text_clear(Text *text) {
    text->length = 0;
    if (text->bytes) text->bytes[0] = '\0';
}

void text_finish(Text *text) {
    free(text->bytes);
    *text = (Text){0};
}

const char *text_string(const Text *text) {
    return text->bytes ? text->bytes : "";
}

void text_format_number(char *out, size_t out_size, double value) {
    bool plain =
        fabs(value) >= 1e-4 && fabs(value) < 1e15; /* then 15 digits need no exponent: 100, not 1e+02 */
    for (int digits = plain ? 15 : 1; digits <= 17; digits++) {
        snprintf(out, out_size, "%.*g", digits, value);
        if (!isfinite(value) || strtod(out, NULL) == value) return;
    }
}

void text_format_bytes(char *out, size_t out_size, double bytes) {
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    int unit = 0;
    while (bytes >= 1000 && unit < 6) {
        bytes /= 1000;
        unit++;
    }
    snprintf(out, out_size, "%.3g %s", bytes, units[unit]);
}

void text_append_json(Text *text, const char *string) {
    text_append_bytes(text, "\"", 1);
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_append(text, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            text_append(text, "\\u%04x", (unsigned)*c);
        else
            text_append_bytes(text, c, 1);
    }
    text_append_bytes(text, "\"", 1);
}

/* Bytes of the printable UTF-8 character at `c`; 0 where there is none. */
static size_t printable_length(const unsigned char *c) {
    if (*c < 0x80) return *c >= 0x20 && *c != 0x7f;
    size_t length = *c >= 0xc2 && *c < 0xe0   ? 2
                    : *c >= 0xe0 && *c < 0xf0 ? 3
                    : *c >= 0xf0 && *c < 0xf5 ? 4
                                              : 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xc0) != 0x80) return 0;
    return length;
}

bool text_is_printable(const char *string) {
    for (size_t length; *string; string += length) {
        length = printable_length((const unsigned char *)string);
        if (length == 0) return false;
    }
    return true;
}

void text_make_printable(char *string) {
    for (size_t length; *string; string += length) {
        length = printable_length((const unsigned char *)string);
        if (length > 0) continue;
        if (*string != '\n') *string = '?';
        length = 1;
    }
}

bool text_parse_number(const char *string, double *value) {
    const char *digits = string + (*string == '-' || *string == '+');
    if (!isdigit((unsigned char)*digits) && *digits != '.') return false;
    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) return false;
    char *end;
    double parsed = strtod(string, &end);
    if (end == string || *end || !isfinite(parsed)) return false;
    *value = parsed;
    return true;
}

bool text_parse_numbers(const char *string, double *values, int n) {
    for (int i = 0; i < n; i++) {
        char number[64];
        size_t length = strcspn(string, ",");
        if (length >= sizeof number || (string[length] == ',') != (i + 1 < n)) return false;
        memcpy(number, string, length);
        number[length] = '\0';
        if (!text_parse_number(number, &values[i])) return false;
        string += length + (i + 1 < n);
        string += strspn(string, " ");
    }
    return true;
}

bool text_parse_integer(const char *string, long long min, long long max, long long *value) {
    double parsed;
    if (!text_parse_number(string, &parsed) || parsed != floor(parsed)) return false;
    if (parsed < (double)min || parsed > (double)max) return false;
    /* Beyond 2^53 the double is not exact: read the digits themselves where there are only digits. */
    errno = 0;
    char *end;
    long long exact = strtoll(string, &end, 10);
    *value = *end || errno ? (long long)parsed : exact;
    return *value >= min && *value <= max;
}

static bool same_letter(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Edit distance, a swap of neighbours counted as one edit, case ignored; names are short, longer ones count
 * as far. */
static size_t edit_distance(const char *a, const char *b) {
    enum { LONGEST = 64 };
    size_t rows[3][LONGEST + 1], n = strlen(b), m = strlen(a);
    if (n > LONGEST || m > LONGEST) return LONGEST;
    for (size_t j = 0; j <= n; j++) rows[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            row[j] = least(above[j - 1] + !same_letter(a[i - 1], b[j - 1]), 1 + least(above[j], row[j - 1]));
            bool swapped =
                i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]);
            if (swapped) row[j] = least(row[j], second[j - 2] + 1);
        }
    }
    return rows[m % 3][n];
}

const char *text_nearest(const char *name, const void *names, size_t n, size_t stride) {
    const char *nearest = NULL;
    size_t best = strlen(name) / 2 + 1;
    for (size_t i = 0; i < n; i++) {
        const char *candidate = *(const char *const *)((const char *)names + i * stride);
        size_t distance = edit_distance(name, candidate);
        size_t length = strlen(name);
        bool begins = length >= 2 && strncmp(name, candidate, length) == 0;
        if (begins && distance > 1) distance = 1;
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}
