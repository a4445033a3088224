/* Files to choose from. */
#ifndef SLALOM_FILE_LIST_H
#define SLALOM_FILE_LIST_H

typedef struct FileEntry {
    char *path;       /* what is opened; owned */
    char *title;      /* for people; owned */
    const char *kind; /* where it comes from: "recent"; borrowed, static */
} FileEntry;

/* Start from {0}. */
typedef struct FileList {
    FileEntry *entries; /* owned */
    int n;
} FileList;

/* Adds one, unless its path is there already, or memory is out. */
void file_list_add(FileList *list, const char *path, const char *title, const char *kind);
void file_list_finish(FileList *list);

#endif
