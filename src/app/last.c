/* The folder is $XDG_STATE_HOME/slalom, ~/.local/state/slalom or, on Windows, %LOCALAPPDATA%/slalom. The file
 * `last` is a scene file, headed by comments with what a scene does not say; `recent` has a path a line. */
#include "last.h"

#include "arguments.h"
#include "file.h"
#include "scene_file.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <direct.h>
#define mkdir(path, mode) _mkdir(path)
#endif

enum { FILE_BYTES_MAX = 1 << 20, RECENT_MAX = 12 };

static bool is_program(const char *word) {
    const char *slash = strrchr(word, '/');
    return strcmp(slash ? slash + 1 : word, "slalom") == 0;
}

void opening_finish(Opening *opening) {
    scene_finish(&opening->scene);
    text_finish(&opening->file);
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
        *opening = (Opening){scene_copy(&arguments.scene), arguments.width, arguments.height, {0}};
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

bool kept_read(const char *name, Text *out) {
    Text path = {0};
    write_folder(&path);
    const bool has_place = path.length > 0;
    text_append(&path, "/%s", name);
    FILE *file = has_place ? fopen(text_string(&path), "rb") : NULL;
    text_finish(&path);
    if (!file) return false;
    char bytes[4096];
    size_t n;
    while (out->length < FILE_BYTES_MAX && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        text_append_bytes(out, bytes, n);
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

void path_append_absolute(const char *path, Text *out) {
    enum { PATH_BYTES = 4096 };
    char here[PATH_BYTES];
    if (*path == '/')
        text_append(out, "%s", path);
    else if (getcwd(here, sizeof here))
        text_append(out, "%s/%s", here, path);
}

static const char size_head[] = "# size: ", file_head[] = "# file: ", folder_head[] = "# data: ";

void last_describe(const Scene *scene, const char *file, int width, int height, Text *out) {
    if (width > 0) text_append(out, "%s%dx%d\n", size_head, width, height);
    if (*file) text_append(out, "%s%s\n", file_head, file);
    if (scene->network.folder) {
        text_append(out, "%s", folder_head);
        path_append_absolute(scene->network.folder, out);
        text_append(out, "\n");
    }
    scene_write_file(scene, out);
}

/* What stands behind a head in one of the comments that a text begins with; *length: of it. NULL: nothing. */
static const char *find_comment(const char *text, const char *head, int *length) {
    for (; *text == '#'; text += strcspn(text, "\n"), text += *text == '\n') {
        if (strncmp(text, head, strlen(head)) != 0) continue;
        *length = (int)(strcspn(text, "\n") - strlen(head));
        return text + strlen(head);
    }
    return NULL;
}

static bool read_kept(Opening *opening, const Text *text, Status *status) {
    int length;
    Text folder = {0};
    const char *bytes = text_string(text), *comment = find_comment(bytes, folder_head, &length);
    if (comment) text_append(&folder, "%.*s", length, comment);
    *opening = (Opening){.width = 0};
    /* Files may be anywhere where a command line has named them. */
    const bool good =
        scene_read_text(&opening->scene, "last", text_string(&folder), bytes, text->length, status);
    text_finish(&folder);
    if (!good) return false;
    comment = find_comment(bytes, size_head, &length);
    if (comment) sscanf(comment, "%dx%d", &opening->width, &opening->height);
    comment = find_comment(bytes, file_head, &length);
    if (comment) text_append(&opening->file, "%.*s", length, comment);
    return true;
}

bool last_read(Opening *opening, Status *status) {
    Text text = {0};
    bool good = kept_read("last", &text);
    if (good) { /* once it was a command line */
        const bool is_line = strncmp(text_string(&text), "slalom -", 8) == 0;
        good =
            is_line ? opening_read(opening, text_string(&text), status) : read_kept(opening, &text, status);
    }
    text_finish(&text);
    return good;
}

bool last_write(const char *text, Status *status) {
    return kept_write("last", text, status);
}

void last_read_recent(Text *paths) {
    kept_read("recent", paths);
}

void last_add_recent(const char *path) {
    Text before = {0}, after = {0};
    Status ignored = status_ok(); /* a list that cannot be kept is missed by nobody who is saving a scene */
    if (strchr(path, '\n')) return;
    kept_read("recent", &before);
    text_append(&after, "%s\n", path);
    const char *line = text_string(&before);
    for (int n = 1; *line && n < RECENT_MAX; n++) {
        const size_t length = strcspn(line, "\n");
        if (strlen(path) != length || strncmp(path, line, length) != 0)
            text_append(&after, "%.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    if (strcmp(text_string(&before), text_string(&after)) != 0)
        kept_write("recent", text_string(&after), &ignored);
    text_finish(&before);
    text_finish(&after);
}
