/* What is known of the shipped lessons without running them. */
#include "lesson_list.h"

#include "lesson.h"
#include "shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_number(const void *first, const void *second) {
    const LessonEntry *a = first, *b = second;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return a->shipped - b->shipped;
}

void lesson_list_read(LessonList *list) {
    if (list->is_read) return;
    list->is_read = true;
    for (int i = 0; i < shipped_count() && list->n < LESSONS_MAX; i++) {
        Status status = status_ok();
        Scene scene;
        if (!shipped_read(i, &scene, &status)) continue;
        if (scene.lesson) {
            LessonEntry *entry = &list->entries[list->n++];
            *entry = (LessonEntry){.shipped = i, .number = scene.lesson->number};
            snprintf(entry->title, sizeof entry->title, "%s", scene.title ? scene.title : shipped_name(i));
            snprintf(entry->topic, sizeof entry->topic, "%s", scene.lesson->topic ? scene.lesson->topic : "");
        }
        scene_finish(&scene);
    }
    qsort(list->entries, (size_t)list->n, sizeof *list->entries, by_number);
}

int lesson_list_done(const LessonList *list) {
    int n = 0;
    for (int i = 0; i < list->n; i++) n += list->entries[i].done;
    return n;
}

void lesson_list_write_progress(const LessonList *list, Text *out) {
    for (int i = 0; i < list->n; i++)
        if (list->entries[i].done) text_append(out, "%s\n", shipped_name(list->entries[i].shipped));
}

void lesson_list_read_progress(LessonList *list, const char *text) {
    lesson_list_read(list);
    while (*text) {
        size_t length = strcspn(text, "\n");
        for (int i = 0; i < list->n; i++) {
            const char *name = shipped_name(list->entries[i].shipped);
            if (strlen(name) == length && memcmp(name, text, length) == 0) list->entries[i].done = true;
        }
        text += length + (text[length] == '\n');
    }
}
