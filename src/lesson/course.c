/* The order of a lesson's parts; what none of them says is passed over. */
#include "course.h"

#include <stdio.h>
#include <stdlib.h>

static const char *or_empty(const char *text) {
    return text ? text : "";
}

int course_stage_count(const Course *course) {
    return course->lesson->n_steps + 2;
}

const char *course_text(const Course *course, int stage) {
    const Lesson *lesson = course->lesson;
    if (stage == 0) return or_empty(lesson->question);
    return or_empty(stage <= lesson->n_steps ? lesson->steps[stage - 1].say : lesson->explanation);
}

static bool is_there(const Course *course, int stage) {
    if (course_text(course, stage)[0]) return true;
    return stage > 0 && stage <= course->lesson->n_steps;
}

int course_beside(const Course *course, int way) {
    int stage = course->stage + way;
    while (stage >= 0 && stage < course_stage_count(course) && !is_there(course, stage)) stage += way;
    return stage < course_stage_count(course) ? stage : -1;
}

void course_finish(Course *course) {
    if (!course->lesson) return;
    for (int i = 0; i < LESSON_STEPS_MAX + 2; i++) {
        if (course->left[i]) scene_finish(course->left[i]);
        free(course->left[i]);
    }
    lesson_release(course->lesson);
    scene_finish(&course->opening);
    *course = (Course){.lesson = NULL};
}

void course_begin(Course *course, const Scene *scene) {
    course_finish(course);
    course->lesson = lesson_share(scene->lesson);
    course->opening = scene_copy(scene);
    if (course->lesson && !is_there(course, 0)) {
        int next = course_beside(course, 1);
        course->stage = next >= 0 ? next : 0;
    }
}

const LessonStep *course_step(const Course *course) {
    int step = course->stage - 1;
    return step >= 0 && step < course->lesson->n_steps ? &course->lesson->steps[step] : NULL;
}

void course_label(const Course *course, char *out, size_t out_size) {
    if (course->stage == 0)
        snprintf(out, out_size, "What do you expect?");
    else if (course->stage <= course->lesson->n_steps)
        snprintf(out, out_size, "Step %d of %d", course->stage, course->lesson->n_steps);
    else
        snprintf(out, out_size, "Why");
}

void course_leave(Course *course, const Scene *scene) {
    Scene **place = &course->left[course->stage];
    if (*place)
        scene_finish(*place);
    else
        *place = malloc(sizeof **place);
    if (*place) **place = scene_copy(scene);
}

bool course_scene(const Course *course, int stage, Scene *out, Status *status) {
    if (course->left[stage]) {
        *out = scene_copy(course->left[stage]);
        return true;
    }
    int step = stage - 1;
    if (step >= course->lesson->n_steps) step = course->lesson->n_steps - 1;
    return scene_at_step(&course->opening, step, out, status);
}
