/* Telling of a lesson what holds, what does not and by how much, and what is missing. The claims themselves
 * are claims.c's. */
#include "lesson_check.h"

#include "claims.h"
#include "lesson.h"
#include "lesson_point.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* All about one lesson while it is checked. */
typedef struct Work {
    const Scene *scene;
    const Lesson *lesson; /* NULL: none */
    const char *path;
    const LessonCheck *check;
    LessonTally *tally;
    Text *out;
    Scene scenes[LESSON_STEPS_MAX + 1]; /* as it opens, and after each step */
    Act acts[LESSON_STEPS_MAX + 1];
    int n_acts;
    Claims *claims;
    int claims_of[LESSON_EXPECTATIONS_MAX][3]; /* the claim and its opposites; -1 */
    int questions_of[LESSON_EXPECTATIONS_MAX];
} Work;

static void mistake(Work *work, const char *what, const char *why) {
    text_append(work->out, "  mistake   %s%s%s\n", what, *what ? ": " : "", why);
    work->tally->mistakes++;
}

/* Words. */

static void check_text(Work *work, const char *what, const char *text) {
    Status status = status_ok();
    if (!text || !text[strspn(text, " \n\t")])
        mistake(work, what, "there is none");
    else if (work->check->text && !work->check->text(text, &status))
        mistake(work, what, status.message);
}

static void check_step(Work *work, int step) {
    const LessonStep *one = &work->lesson->steps[step];
    char what[64];
    snprintf(what, sizeof what, "step %d, say", step + 1);
    check_text(work, what, one->say);
    Scene scene; /* what it points at may have come with the step */
    LessonPoint point;
    Status status = status_ok();
    if (!scene_at_step(work->scene, step, &scene, &status)) {
        mistake(work, work->path, status.message);
        return;
    }
    if (one->point && !lesson_point_read(&scene, one->point, &point, &status)) {
        snprintf(what, sizeof what, "step %d, point", step + 1);
        mistake(work, what, status.message);
    }
    scene_finish(&scene);
}

static void check_words(Work *work) {
    const Lesson *lesson = work->lesson;
    check_text(work, "title", work->scene->title);
    check_text(work, "question", lesson->question);
    check_text(work, "explanation", lesson->explanation);
    check_text(work, "reference", lesson->reference);
    for (int i = 0; i < lesson->n_steps; i++) check_step(work, i);
    if (lesson->n_expectations == 0) mistake(work, "", "there is nothing under expect: what does it claim?");
}

/* Scenes. */

/* False where a step cannot be taken, which has been told already. */
static bool set_scenes(Work *work) {
    Status ignored = status_ok();
    const int n_steps = work->lesson ? work->lesson->n_steps : 0;
    for (int i = 0; i <= n_steps; i++) {
        const char *name = i == 0 ? "" : work->lesson->steps[i - 1].name;
        if (i > 0 && !name) continue;
        Scene *scene = &work->scenes[work->n_acts];
        if (!scene_at_step(work->scene, i - 1, scene, &ignored)) return false;
        work->acts[work->n_acts++] = (Act){name, scene};
    }
    return true;
}

/* Claims. */

static void add_claim(Work *work, int i) {
    const LessonExpectation *one = &work->lesson->expectations[i];
    int *claims = work->claims_of[i];
    Status status = status_ok();
    claims[0] = claims_add(work->claims, one->text, false, &status);
    claims[1] = claims[2] = -1;
    if (claims[0] < 0) {
        char place[32];
        snprintf(place, sizeof place, ":%d:%d", one->line, one->column);
        Text what = {0};
        text_append(&what, "%s%s", work->path, one->line > 0 ? place : "");
        mistake(work, text_string(&what), status.message);
        text_finish(&what);
    } else if (work->check->inverts)
        claims_add_opposites(work->claims, claims[0], claims + 1, &status);
}

static void add_claims(Work *work) {
    for (int i = 0; work->lesson && i < work->lesson->n_expectations; i++) add_claim(work, i);
    for (int i = 0; i < work->check->n_questions && i < LESSON_EXPECTATIONS_MAX; i++) {
        Status status = status_ok();
        work->questions_of[i] = claims_add(work->claims, work->check->questions[i], true, &status);
        if (work->questions_of[i] < 0) mistake(work, "", status.message);
    }
}

static void measure(Work *work, int claim, int seed, Text *out) {
    claims_measured(work->claims, claim, seed, out);
    if (claims_is_unknown(work->claims, claim, seed)) text_append(out, ": neither true nor false");
}

/* What was measured with seeds first..last, once where it is the same. */
static void append_measured(Work *work, int claim, int first, int last) {
    Text told = {0}, next = {0};
    for (int from = first, to; from <= last; from = to) {
        text_clear(&told);
        measure(work, claim, from, &told);
        for (to = from + 1; to <= last; to++) {
            text_clear(&next);
            measure(work, claim, to, &next);
            if (strcmp(text_string(&next), text_string(&told)) != 0) break;
        }
        const unsigned long long seed = work->scene->seed + (unsigned long long)from;
        text_append(work->out, "            ");
        if (to - from == 1) text_append(work->out, "seed %llu: ", seed);
        if (to - from > 1 && to - from <= last - first)
            text_append(work->out, "seeds %llu to %llu: ", seed, seed + (unsigned long long)(to - from) - 1);
        text_append(work->out, "%s\n", text_string(&told));
    }
    text_finish(&told);
    text_finish(&next);
}

/* Both that the claim holds and that its opposites do not. */
static void tell_claim(Work *work, const int claims[3], int n_seeds) {
    int seed;
    const bool holds = claims_holds(work->claims, claims[0], &seed);
    bool good = holds;
    text_append(work->out, "  %s    %s\n", holds ? "ok    " : "FAILED", claims_text(work->claims, claims[0]));
    if (work->check->verbose)
        append_measured(work, claims[0], 0, n_seeds - 1);
    else if (!holds)
        append_measured(work, claims[0], seed, seed);
    for (int i = 1; i < 3; i++) {
        if (claims[i] < 0) continue;
        const bool fails = !claims_holds(work->claims, claims[i], &seed);
        good = good && fails;
        text_append(work->out, "    %s  inverted: %s\n", fails ? "fails " : "HOLDS!",
            claims_text(work->claims, claims[i]));
    }
    work->tally->claims++;
    work->tally->failed += !good;
}

static void tell_question(Work *work, int claim, int n_seeds) {
    text_append(work->out, "  value     %s:", claims_text(work->claims, claim));
    for (int i = 0; i < n_seeds; i++)
        text_append(work->out, "%s %.9g", i ? "," : "", claims_value(work->claims, claim, i));
    text_append(work->out, "\n");
}

static void tell_time(Work *work) {
    for (int i = 0; i < work->n_acts; i++) {
        const double seconds = claims_seconds(work->claims, i);
        if (seconds == 0) continue;
        text_append(
            work->out, "  time      %.3f s  %s\n", seconds, i == 0 ? "as it opens" : work->acts[i].name);
    }
}

static bool run(Work *work, Status *status) {
    const int n = work->check->seeds ? work->check->seeds : work->lesson ? work->lesson->seeds : 1;
    if (claims_count(work->claims) == 0) return true;
    Status problem = status_ok();
    if (!claims_run(work->claims, work->scene->seed, n, work->check->pool, &problem)) {
        if (problem.code == STATUS_BAD_INPUT)
            mistake(work, work->path, problem.message);
        else
            *status = problem;
        return problem.code == STATUS_BAD_INPUT;
    }
    for (int i = 0; work->lesson && i < work->lesson->n_expectations; i++)
        if (work->claims_of[i][0] >= 0) tell_claim(work, work->claims_of[i], n);
    for (int i = 0; i < work->check->n_questions && i < LESSON_EXPECTATIONS_MAX; i++)
        if (work->questions_of[i] >= 0) tell_question(work, work->questions_of[i], n);
    if (work->check->verbose) tell_time(work);
    return true;
}

static bool check_all(Work *work, Status *status) {
    text_append(work->out, "%s\n", work->path);
    if (work->lesson)
        check_words(work);
    else if (work->check->n_questions == 0)
        mistake(work, "", "there is no lesson in it");
    if (!set_scenes(work)) return true;
    work->claims = claims_create(work->acts, work->n_acts);
    if (!work->claims) return status_fail(status, STATUS_FAILED, "out of memory");
    add_claims(work);
    return run(work, status);
}

bool lesson_check(const Scene *scene, const char *path, const LessonCheck *check, LessonTally *tally,
    Text *out, Status *status) {
    Work *work = calloc(1, sizeof *work);
    if (!work) return status_fail(status, STATUS_FAILED, "out of memory");
    work->scene = scene;
    work->lesson = scene->lesson;
    work->path = path;
    work->check = check;
    work->tally = tally;
    work->out = out;
    bool good = check_all(work, status);
    claims_destroy(work->claims);
    for (int i = 0; i < work->n_acts; i++) scene_finish(&work->scenes[i]);
    free(work);
    return good;
}
