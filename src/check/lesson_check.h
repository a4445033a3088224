/* Whether a lesson is complete and what it claims is true: what `slalom check` says. */
#ifndef SLALOM_LESSON_CHECK_H
#define SLALOM_LESSON_CHECK_H

#include "pool.h"
#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>

typedef struct LessonCheck {
    int seeds;                    /* so many; 0: as many as the lesson says */
    bool inverts;                 /* the opposite of each claim is run as well, and must fail */
    bool verbose;                 /* what was measured and how long it took, of claims that hold, too */
    const char *const *questions; /* further expressions whose values are told; n_questions of them */
    int n_questions;
    /* Whether the formulas of a text can be set; otherwise the status says why. NULL: they are not looked at.
     */
    bool (*text)(const char *text, Status *status);
    Pool *pool; /* threads over the seeds; NULL: none */
} LessonCheck;

typedef struct LessonTally {
    int claims, failed; /* claims that do not hold, or whose opposite does */
    int mistakes;       /* what is missing, cannot be read or refers to nothing */
} LessonTally;

/* Checks the scene's lesson and adds to the tally; appends a line for each claim and each mistake. path: what
 * the lesson is called in messages. A scene without a lesson is a mistake unless there are questions. False
 * only where something failed that is nobody's mistake. */
bool lesson_check(const Scene *scene, const char *path, const LessonCheck *check, LessonTally *tally,
    Text *out, Status *status);

#endif
