/* The panel of a lesson below the picture: its title, where in it one is, the text, and the ways on and back.
 * It is as high as the lesson's longest text needs and there is room for, so that nothing moves from step to
 * step; a text that is longer has pages. */
#ifndef SLALOM_LESSON_VIEW_H
#define SLALOM_LESSON_VIEW_H

#include "course.h"
#include "typeset.h"
#include "ui.h"

#include <stdbool.h>

enum { LESSON_PAGES_MAX = 64 };

/* Start from {0}. */
typedef struct LessonView {
    Typeset body, measure;
    const Lesson *measured; /* for which `height` holds, at this width and limit */
    float measured_width, measured_limit;
    float height;
    int first_lines[LESSON_PAGES_MAX + 1]; /* of the pages of the text that is shown, and where they end */
    int n_pages;
} LessonView;

void lesson_view_finish(LessonView *view);

/* The room that the panel takes from a column: the picture, and what is below it. */
float lesson_view_height(LessonView *view, Canvas *canvas, Rect column, const Course *course);

/* A pass. Its buttons post ACTION_LESSON_NEXT, ACTION_LESSON_BACK and ACTION_LESSON_CLOSE.
 * of: how many lessons there are; 0: it is one of its own. */
void lesson_view(LessonView *view, Ui *ui, Rect rect, Course *course, int of);

#endif
