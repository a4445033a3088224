/* A lesson that goes on: which part of it is shown. What that does to race and window is in viewer_lesson.c,
 * what it looks like in lesson_view.c.
 *
 *     the question, while the race is hidden -> step after step -> the explanation */
#ifndef SLALOM_COURSE_H
#define SLALOM_COURSE_H

#include "lesson.h"
#include "scene.h"

#include <stdbool.h>

/* Start from {0}. */
typedef struct Course {
    Lesson *lesson;                    /* a share; NULL: none is on */
    Scene opening;                     /* the scene as it opens; owned */
    int stage;                         /* 0: the question, 1..n_steps: a step, after them the explanation */
    int page;                          /* of its text, from 0 */
    bool ends;                         /* the page is set to the last one when it is known */
    Scene *left[LESSON_STEPS_MAX + 2]; /* the scene as it was when a stage was left; owned; NULL: not yet */
} Course;

void course_begin(Course *course, const Scene *scene); /* its lesson, at the first stage */
void course_finish(Course *course);

int course_stage_count(const Course *course);
/* The next stage that has something to say, or does something; -1: there is none. way: 1 or -1. */
int course_beside(const Course *course, int way);

/* The step of the stage; NULL: it is none. */
const LessonStep *course_step(const Course *course);

const char *course_text(const Course *course, int stage); /* "" for none */
/* What it is: "What do you expect?", "Step 2 of 4", "Why". */
void course_label(const Course *course, char *out, size_t out_size);

/* Keeps the scene of the stage that is left. */
void course_leave(Course *course, const Scene *scene);
/* The scene of a stage as it was left, or as its lesson says. The caller finishes *out, unless it fails. */
bool course_scene(const Course *course, int stage, Scene *out, Status *status);

#endif
