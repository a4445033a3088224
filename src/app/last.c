/* The files are in $XDG_STATE_HOME/slalom, ~/.local/state/slalom or, on Windows, %LOCALAPPDATA%/slalom. */
#include "last.h"

#include "arguments.h"
#include "file.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#ifdef _WIN32
#include <direct.h>
#define mkdir(path, mode) _mkdir(path)
#endif

enum { KEPT_BYTES_MAX = 1 << 20 };

static bool is_program(const char *word) {
    const char *slash = strrchr(word, '/');
    return strcmp(slash ? slash + 1 : word, "slalom") == 0;
}

bool opening_read(Opening *opening, const char *line, Status *status) {
    Words words;
    Arguments arguments;
    if (!words_split(&words, line, status)) return false;
    int first = words.n > 0 && strcmp(words.words[0], "$") == 0;
    bool good = first < words.n && is_program(words.words[first]);
    if (!good) status_fail(status, STATUS_BAD_INPUT, "this is no command line of slalom: '%.60s'", line);
    good = good && arguments_read(&arguments, COMMAND_WINDOW, words.n - first, words.words + first, status);
    if (good) {
        *opening = (Opening){scene_copy(&arguments.scene), arguments.width, arguments.height};
        arguments_finish(&arguments);
    }
    words_finish(&words);
    return good;
}

/* Its folder, or "" where the environment names no place. */
static void write_folder(Text *path) {
    static const struct {
        const char *variable, *below;
    } places[] = {{"XDG_STATE_HOME", ""}, {"LOCALAPPDATA", ""}, {"HOME", "/.local/state"}};
    for (size_t i = 0; i < sizeof places / sizeof *places && path->length == 0; i++) {
        const char *place = getenv(places[i].variable);
        if (place && *place) text_append(path, "%s%s/slalom", place, places[i].below);
    }
}

/* The folder and those above it. */
static bool make_folder(char *path) {
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0777); /* most are there; where one cannot be made, neither can the last */
        *slash = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

bool last_read(Text *line) {
    return kept_read("last", line);
}

bool last_write(const char *line, Status *status) {
    Text text = {0};
    text_append(&text, "%s\n", line);
    bool good = kept_write("last", text_string(&text), status);
    text_finish(&text);
    return good;
}

bool kept_read(const char *name, Text *text) {
    Text path = {0};
    write_folder(&path);
    bool has_place = path.length > 0;
    text_append(&path, "/%s", name);
    FILE *file = has_place ? fopen(text_string(&path), "rb") : NULL;
    text_finish(&path);
    if (!file) return false;
    char bytes[4096];
    size_t n;
    while (text->length < KEPT_BYTES_MAX && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        text_append_bytes(text, bytes, n);
    fclose(file);
    return true;
}

bool kept_write(const char *name, const char *text, Status *status) {
    Text path = {0};
    Output output;
    write_folder(&path);
    bool good = path.length == 0 || make_folder(path.bytes);
    if (!good)
        status_fail(status, STATUS_FAILED, "%s: cannot be made: %s", text_string(&path), strerror(errno));
    if (path.length > 0 && good) {
        text_append(&path, "/%s", name);
        good = output_open(&output, text_string(&path), status);
        if (good) {
            fputs(text, output.file);
            good = output_commit(&output, status);
        }
    }
    text_finish(&path);
    return good;
}
