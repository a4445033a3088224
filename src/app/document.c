/* Opening, saving and following a scene file. */
#include "document.h"

#include "arguments.h"
#include "file.h"
#include "last.h"
#include "scene_file.h"
#include "shipped.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void document_finish(Document *document) {
    text_finish(&document->path);
}

static bool ends_with(const char *text, const char *ending) {
    const size_t n = strlen(text), m = strlen(ending);
    return n >= m && strcmp(text + n - m, ending) == 0;
}

static bool is_scene_name(const char *name) {
    return ends_with(name, ".yaml") || ends_with(name, ".yml");
}

static void remember(Document *document) {
    if (stat(text_string(&document->path), &document->stamp) != 0) document->stamp = (struct stat){0};
}

void document_set(Document *document, const char *path) {
    text_clear(&document->path);
    if (is_scene_name(path) && access(path, F_OK) == 0) path_append_absolute(path, &document->path);
    remember(document);
    if (document_has_file(document)) last_add_recent(text_string(&document->path));
}

bool document_has_file(const Document *document) {
    return document->path.length > 0;
}

/* As a command line would open it. */
static bool read_scene(const char *path, Scene *scene, Status *status) {
    Text word = {0};
    Arguments arguments;
    text_append(&word, "%s%s", *path == '-' ? "./" : "", path);
    char *words[] = {(char[]){"slalom"}, word.bytes, NULL};
    const bool good = arguments_read(&arguments, COMMAND_WINDOW, 2, words, status);
    text_finish(&word);
    if (!good) {
        text_make_printable(status->message);
        return false;
    }
    *scene = scene_copy(&arguments.scene);
    arguments_finish(&arguments);
    return true;
}

bool document_open(Document *document, Viewer *viewer, const char *path) {
    Scene scene;
    Status status = status_ok();
    if (!read_scene(path, &scene, &status)) {
        viewer_notify(viewer, status.message);
        return false;
    }
    const bool good = viewer_set_scene(viewer, &scene);
    scene_finish(&scene);
    if (!good) return false;
    viewer_tell(viewer, NULL);
    document_set(document, path);
    return true;
}

static bool write_scene(const Scene *scene, const char *path, Status *status) {
    Output output;
    if (!output_open(&output, path, status)) return false;
    Text text = {0};
    scene_write_file(scene, &text);
    fwrite(text_string(&text), 1, text.length, output.file);
    text_finish(&text);
    return output_commit(&output, status);
}

/* Whether the scene's data are a file that is not in the folder of `path`, where they are looked for. */
static bool leaves_data(const Scene *scene, const char *path) {
    const char *data = scene->network.data, *colon = data ? strchr(data, ':') : NULL;
    const size_t name = !data ? 0 : colon ? (size_t)(colon - data) : strlen(data);
    if (!data || strcspn(data, "./") >= name) return false;
    struct stat beside, meant;
    const char *slash = strrchr(path, '/');
    Text folder = {0};
    text_append(&folder, "%.*s", slash ? (int)(slash + 1 - path) : 1, slash ? path : ".");
    const bool same = *data != '/' && stat(text_string(&folder), &beside) == 0 &&
                      stat(scene->network.folder ? scene->network.folder : ".", &meant) == 0 &&
                      beside.st_dev == meant.st_dev && beside.st_ino == meant.st_ino;
    text_finish(&folder);
    return !same;
}

bool document_save(Document *document, Viewer *viewer, const char *path) {
    if (!*path && !document_has_file(document)) return false;
    Text to = {0};
    Status status = status_ok();
    text_append(&to, "%s%s", *path ? path : text_string(&document->path),
        !*path || is_scene_name(path) ? "" : ".yaml");
    char message[STATUS_MESSAGE_BYTES + 64];
    Scene scene = viewer_scene(viewer);
    const bool good = write_scene(&scene, text_string(&to), &status);
    snprintf(message, sizeof message, good ? "saved %.1000s%s" : "not saved: %.2000s%s",
        good ? text_string(&to) : status.message,
        good && leaves_data(&scene, text_string(&to)) ? "; put its data file beside it" : "");
    scene_finish(&scene);
    text_make_printable(message);
    if (good) {
        viewer_tell(viewer, NULL);
        document_set(document, text_string(&to));
    }
    viewer_notify(viewer, message);
    text_finish(&to);
    return true;
}

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool document_look(Document *document, Viewer *viewer, double now_s) {
    struct stat now;
    if (!document_has_file(document) || now_s - document->looked_s < DOCUMENT_LOOK_S) return false;
    document->looked_s = now_s;
    /* Between a file and the next one of its name there may be none. */
    if (stat(text_string(&document->path), &now) != 0 || is_same(&now, &document->stamp)) return false;
    document->stamp = now;
    Scene scene;
    Status status = status_ok();
    if (!read_scene(text_string(&document->path), &scene, &status)) {
        const char *slash = strrchr(text_string(&document->path), '/');
        const size_t folder = slash ? (size_t)(slash + 1 - text_string(&document->path)) : 0;
        const bool names = strncmp(status.message, text_string(&document->path), folder) == 0;
        viewer_tell(viewer, status.message + (names ? folder : 0));
        return true;
    }
    viewer_tell(viewer, NULL);
    viewer_set_scene(viewer, &scene);
    scene_finish(&scene);
    return true;
}

static void offer_folder(FileList *files) {
    struct dirent **entries;
    const int n = scandir(".", &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        Text path = {0};
        path_append_absolute(name, &path); /* as recent ones are called, so that none is listed twice */
        if (is_scene_name(name) && *name != '.') file_list_add(files, text_string(&path), name, "here");
        text_finish(&path);
        free(entries[i]);
    }
    if (n >= 0) free(entries);
}

/* Recent ones are called by their names and folders. */
static void offer_recent(FileList *files) {
    Text recent = {0};
    last_read_recent(&recent);
    for (char *path = recent.bytes, *end; path && *path; path = end + 1) {
        end = strchr(path, '\n');
        if (!end) break;
        *end = '\0';
        if (access(path, R_OK) == 0) file_list_add(files, path, path, "recent");
    }
    text_finish(&recent);
}

void document_offer(Viewer *viewer) {
    FileList files = {0};
    offer_recent(&files);
    offer_folder(&files);
    for (int i = 0; i < shipped_count(); i++) {
        char title[96];
        const char *name = shipped_name(i);
        snprintf(title, sizeof title, "%.*s", (int)strcspn(name, "."), name);
        file_list_add(&files, title, title, "lesson");
    }
    viewer_offer_files(viewer, &files);
}
