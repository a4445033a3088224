/* Words of --data, read strictly: a message names the key and the data. */
#include "data_words.h"

#include "names.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const key_names[KEY_COUNT] = {"n", "noise", "classes", "turns", "label", "target",
    "labels", "validation", "test", "standardise", "rare", "seed", "copies", "sorted"};

static bool read_pair(DataWords *words, char *pair, Status *status) {
    char *equals = strchr(pair, '=');
    if (!equals)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.100s: expected key=value, not '%.60s'", words->name, pair);
    *equals = '\0';
    for (int i = 0; i < KEY_COUNT; i++) {
        if (strcmp(key_names[i], pair) != 0) continue;
        if (words->values[i])
            return status_fail(status, STATUS_BAD_INPUT, "%s of %.100s is given twice", pair, words->name);
        words->values[i] = equals + 1;
        return true;
    }
    return names_fail(status, "data have no key", pair, "There are", NAMES_OF(key_names, KEY_COUNT), NULL);
}

/* Whether a path stays in the folder that it is relative to: no root, no drive, no step up. */
static bool is_inside(const char *path) {
    if (*path == '/' || strpbrk(path, ":\\")) return false;
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2])) return false;
    }
    return true;
}

char *data_words_path(const DataWords *words, const char *name) {
    Text path = {0};
    if (words->folder) text_append(&path, "%s/", words->folder);
    text_append(&path, "%s", name);
    return path.bytes;
}

bool data_words_check_inside(const DataWords *words, const char *name, Status *status) {
    return !words->folder || is_inside(name) ||
           status_fail(status, STATUS_BAD_INPUT,
               "'%.100s' leads away: a scene's files are beside it, by a path without '..'", name);
}

void data_words_finish(DataWords *words) {
    free(words->copy);
    free(words->path);
}

bool data_words_read(DataWords *words, const char *text, const char *folder, Status *status) {
    struct stat ignored;
    *words = (DataWords){.copy = strdup(text), .folder = folder};
    if (!words->copy) return status_fail(status, STATUS_FAILED, "out of memory");
    words->name = words->copy;
    words->path = data_words_path(words, text);
    const bool whole = (!folder || is_inside(text)) && stat(words->path, &ignored) == 0;
    char *rest = whole ? NULL : strrchr(words->copy, ':'); /* a path may have a colon */
    if (rest) *rest++ = '\0';
    free(words->path);
    words->path = data_words_path(words, words->name);
    while (rest) {
        char *next = strchr(rest, ',');
        if (next) *next++ = '\0';
        if (!read_pair(words, rest, status)) return false;
        rest = next;
    }
    return true;
}

bool data_words_number(const DataWords *words, DataKey key, double min, double max, double *value,
    const char *range, Status *status) {
    const char *text = words->values[key];
    double number;
    if (!text) return true;
    if (!text_parse_number(text, &number))
        return status_fail(status, STATUS_BAD_INPUT, "%s of %.100s is '%.40s', which is not a number",
            key_names[key], words->name, text);
    if (!(number >= min && number <= max))
        return status_fail(status, STATUS_BAD_INPUT, "%s of %.100s is %g; it must be %s", key_names[key],
            words->name, number, range);
    *value = number;
    return true;
}

bool data_words_count(const DataWords *words, DataKey key, int min, int max, int *value, Status *status) {
    const char *text = words->values[key];
    long long number;
    if (!text) return true;
    if (!text_parse_integer(text, min, max, &number))
        return status_fail(status, STATUS_BAD_INPUT,
            "%s of %.100s is '%.40s'; it must be a whole number from %d to %d", key_names[key], words->name,
            text, min, max);
    *value = (int)number;
    return true;
}

bool data_words_share(const DataWords *words, DataKey key, double *share, Status *status) {
    static const double below_one = 1 - 1e-9;
    return data_words_number(words, key, 0, below_one, share, "a share from 0 to below 1", status);
}

bool data_words_check(const DataWords *words, unsigned meant, Status *status) {
    for (int i = 0; i < KEY_COUNT; i++)
        if (words->values[i] && !(meant >> i & 1))
            return status_fail(
                status, STATUS_BAD_INPUT, "%s means nothing to %.100s", key_names[i], words->name);
    return true;
}
