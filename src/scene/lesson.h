/* A lesson: a scene's question, its steps, its answer and the claims that must be true of it. */
#ifndef SLALOM_LESSON_H
#define SLALOM_LESSON_H

#include "scene_keys.h"
#include "status.h"

#include <stdbool.h>

enum { LESSON_STEPS_MAX = 32, LESSON_EXPECTATIONS_MAX = 64, LESSON_SEEDS_USUAL = 3, LESSON_SEEDS_MAX = 1000 };

/* One thing that a step says of the scene. */
typedef struct SceneChange {
    const SceneKey *key;
    char *text; /* as the key's row reads it; owned */
} SceneChange;

typedef struct LessonStep {
    char *name;  /* what expectations call the scene after it; NULL: nothing */
    char *say;   /* NULL: nothing */
    char *point; /* the control that is pointed at; NULL: none */
    SceneChange *changes;
    int n_changes;
} LessonStep;

typedef struct LessonExpectation {
    char *text;
    int line, column; /* where it stands in its file, from 1 */
} LessonExpectation;

/* Strings are NULL where the file has none; all of it is owned by the lesson, which does not change. */
typedef struct Lesson {
    int references; /* scenes that have it */
    int number;     /* 0: none */
    char *topic, *question, *explanation, *reference;
    int seeds; /* expectations hold on so many, beginning with the scene's */
    LessonStep *steps;
    int n_steps;
    LessonExpectation *expectations;
    int n_expectations;
} Lesson;

/* Counted: each create or share needs a release. */
Lesson *lesson_create(void);          /* NULL where memory is out */
Lesson *lesson_share(Lesson *lesson); /* NULL is fine, in both */
void lesson_release(Lesson *lesson);

/* Puts changes on top of the scene; where they cannot be, nothing has changed. */
bool scene_change(Scene *scene, const SceneChange *changes, int n, Status *status);

/* The scene after steps 0..step of its lesson; -1: as it opens. The caller finishes *out, unless it fails. */
bool scene_at_step(const Scene *scene, int step, Scene *out, Status *status);

#endif
