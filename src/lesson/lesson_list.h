/* The lessons that are a part of the program, by number, with what a list of them shows. */
#ifndef SLALOM_LESSON_LIST_H
#define SLALOM_LESSON_LIST_H

#include "text.h"

#include <stdbool.h>

enum { LESSONS_MAX = 128, LESSON_WORDS_BYTES = 96 };

typedef struct LessonEntry {
    int shipped; /* its index there (shipped.h) */
    int number;
    char title[LESSON_WORDS_BYTES], topic[LESSON_WORDS_BYTES];
    bool done; /* somebody has come to its end */
} LessonEntry;

/* Start from {0}. */
typedef struct LessonList {
    bool is_read;
    LessonEntry entries[LESSONS_MAX];
    int n;
} LessonList;

/* Reads them, the first time. A scene that cannot be read, or is no lesson, is not in the list. */
void lesson_list_read(LessonList *list);
int lesson_list_done(const LessonList *list); /* how many */

/* Progress as a text, to be kept: a file name a line. What it names and is not there is forgotten. */
void lesson_list_write_progress(const LessonList *list, Text *out);
void lesson_list_read_progress(LessonList *list, const char *text);

#endif
