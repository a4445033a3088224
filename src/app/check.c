/* slalom check: whether lessons are complete, and what they claim is true. */
#include "command.h"

#include "lesson_check.h"
#include "scene_file.h"
#include "shipped.h"
#include "typeset.h"

#include <stdio.h>
#include <unistd.h>

/* The file that is named, or a lesson of the program by its name or number; without names all of them. */
static bool read_scene(const Arguments *arguments, int i, Scene *scene, Status *status) {
    const char *word = arguments->n_words ? arguments->words[i] : NULL;
    const int shipped = word ? shipped_find(word) : i;
    if (shipped >= 0 && (!word || access(word, F_OK) != 0)) return shipped_read(shipped, scene, status);
    return scene_read_file(scene, word, status);
}

static void tell_unread(const char *path, const Status *problem, LessonTally *tally) {
    printf("%s\n  mistake   %s\n", path, problem->message);
    tally->mistakes++;
}

/* One lesson: read, checked and told. False where it could not be for no fault of its own. */
static bool check_one(
    const Arguments *arguments, int i, const LessonCheck *check, LessonTally *tally, Status *status) {
    const char *path = arguments->n_words ? arguments->words[i] : shipped_name(i);
    Scene scene;
    Status problem = status_ok();
    if (!read_scene(arguments, i, &scene, &problem)) {
        tell_unread(path, &problem, tally);
        return true;
    }
    Text out = {0};
    bool good = lesson_check(&scene, path, check, tally, &out, status);
    fputs(text_string(&out), stdout);
    fflush(stdout); /* a lesson may take a while */
    text_finish(&out);
    scene_finish(&scene);
    return good;
}

static bool judge(const LessonTally *tally, int n, Status *status) {
    printf("%d lesson%s, %d claim%s, %d failed, %d mistake%s\n", n, n == 1 ? "" : "s", tally->claims,
        tally->claims == 1 ? "" : "s", tally->failed, tally->mistakes, tally->mistakes == 1 ? "" : "s");
    if (tally->mistakes > 0)
        return status_fail(status, STATUS_BAD_INPUT, "%d mistake%s in %s", tally->mistakes,
            tally->mistakes == 1 ? "" : "s", n == 1 ? "the lesson" : "the lessons");
    return tally->failed == 0 ||
           status_fail(status, STATUS_FAILED, "%d of %d claims failed", tally->failed, tally->claims);
}

bool command_check(const Arguments *arguments, Status *status) {
    const int n = arguments->n_words ? arguments->n_words : shipped_count();
    LessonCheck check = {.seeds = arguments->seeds,
        .inverts = arguments->inverts,
        .verbose = arguments->verbose,
        .questions = arguments->values,
        .n_questions = arguments->n_values,
        .text = typeset_check,
        .pool = pool_create(arguments->threads > 0 ? arguments->threads - 1 : -1)};
    LessonTally tally = {0};
    if (!check.pool) return status_fail(status, STATUS_FAILED, "out of memory");
    bool good = true;
    for (int i = 0; i < n && good; i++) good = check_one(arguments, i, &check, &tally, status);
    pool_destroy(check.pool);
    return good && judge(&tally, n, status);
}
