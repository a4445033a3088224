/* The lessons to choose from: a picture, number and title of each, by topic or by number, and which were
 * finished. Typing filters, arrows move, Enter opens. Over everything else. */
#ifndef SLALOM_BROWSER_H
#define SLALOM_BROWSER_H

#include "lesson_list.h"
#include "lesson_pictures.h"
#include "typeset.h"
#include "ui.h"

#include <stdbool.h>

/* Start from {0}. */
typedef struct Browser {
    bool open;
    bool is_new;            /* it has just been opened */
    bool is_typed;          /* they are by how well they fit */
    bool by_number;         /* otherwise by topic */
    int items[LESSONS_MAX]; /* entries of the list, as they are shown */
    int n_items, chosen;
    int rows[LESSONS_MAX], columns[LESSONS_MAX]; /* where the items stand */
    float tops[LESSONS_MAX];                     /* their upper edges, from the top of the list */
    float height;                                /* of all of it */
    float scroll;
    Typeset title; /* of a card; owned, as the pictures, which are made when they are needed first */
    LessonPictures *pictures;
} Browser;

void browser_finish(Browser *browser);

/* Opens it with a lesson chosen; -1: the first that was not finished. */
void browser_open(Browser *browser, LessonList *list, int lesson);

/* A pass. The entry of the list that was chosen, once; -1: none. Closes itself on that, on Escape and by its
 * button. */
int browser_view(Browser *browser, Ui *ui, const LessonList *list);

#endif
