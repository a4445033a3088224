/* Lists of files. Finding them is left to the app. */
#include "file_list.h"

#include <stdlib.h>
#include <string.h>

void file_list_add(FileList *list, const char *path, const char *title, const char *kind) {
    for (int i = 0; i < list->n; i++)
        if (strcmp(list->entries[i].path, path) == 0) return;
    FileEntry *entries = realloc(list->entries, (size_t)(list->n + 1) * sizeof *entries);
    if (!entries) return;
    list->entries = entries;
    FileEntry entry = {strdup(path), strdup(title), kind};
    if (entry.path && entry.title) {
        list->entries[list->n++] = entry;
    } else {
        free(entry.path);
        free(entry.title);
    }
}

void file_list_finish(FileList *list) {
    for (int i = 0; i < list->n; i++) {
        free(list->entries[i].path);
        free(list->entries[i].title);
    }
    free(list->entries);
    *list = (FileList){0};
}
