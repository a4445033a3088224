/* Checking a lesson: what is complete and true passes, and everything that is not is told. */
#include "test.h"

#include "lesson_check.h"
#include "scene_file.h"
#include "shipped.h"

#include <string.h>

/* Descent on a parabola along x: x_t = (1 - lr)^t x_0. */
static const char head[] = "slalom: 1\n"
                           "title: Halves\n"
                           "surface: 0.5*x^2 + 0.5*y^2\n"
                           "start: [4, 0]\n"
                           "steps: 10\n"
                           "racers: [sgd: {lr: 0.5}]\n";
static const char words[] = "lesson:\n"
                            "  question: Where is it?\n"
                            "  explanation: Halfway.\n"
                            "  reference: none\n"
                            "  seeds: 2\n"
                            "  steps:\n"
                            "    - say: Look.\n"
                            "      point: lr\n"
                            "    - name: slow\n"
                            "      say: Slowly.\n"
                            "      change: {racers: [sgd: {lr: 0.25}]}\n";

typedef struct Told {
    LessonTally tally;
    Text out;
} Told;

static bool no_dollars(const char *text, Status *status) {
    return !strchr(text, '$') || status_fail(status, STATUS_BAD_INPUT, "there is a dollar");
}

static Told check(const LessonCheck *how, const char *a, const char *b, const char *c) {
    Text text = {0};
    Scene scene;
    Status status = status_ok();
    Told told = {0};
    text_append(&text, "%s%s%s", a, b, c);
    if (!scene_read_text(&scene, "a.yaml", NULL, text_string(&text), text.length, &status))
        fail_msg("%s", status.message);
    if (!lesson_check(&scene, "a.yaml", how, &told.tally, &told.out, &status)) fail_msg("%s", status.message);
    scene_finish(&scene);
    text_finish(&text);
    return told;
}

static void expect_told(Told *told, int claims, int failed, int mistakes, const char *const *parts) {
    if (told->tally.claims != claims || told->tally.failed != failed || told->tally.mistakes != mistakes)
        fail_msg("%d claims, %d failed, %d mistakes:\n%s", told->tally.claims, told->tally.failed,
            told->tally.mistakes, text_string(&told->out));
    for (; *parts; parts++)
        if (!strstr(text_string(&told->out), *parts))
            fail_msg("nothing is said of %s:\n%s", *parts, text_string(&told->out));
    text_finish(&told->out);
}

static const LessonCheck plain = {.text = no_dollars};

static void what_is_true_passes(void **state) {
    (void)state;
    Told told = check(&plain, head, words,
        "  expect:\n"
        "    - sgd.x(1) == 2\n"
        "    - slow.sgd.x(1) == 3\n"
        "    - rate(sgd.x) ~ 0.5 within 1e-9\n");
    expect_told(&told, 3, 0, 0, (const char *const[]){"ok        slow.sgd.x(1) == 3", NULL});
}

static void what_is_not_fails_by_how_much(void **state) {
    (void)state;
    Told told = check(&plain, head, words,
        "  expect:\n"
        "    - sgd.x(1) < 2\n"
        "    - all(sgd.x > 1)\n"
        "    - sgd.x(1) < sqrt(-1)\n"
        "    - sgd.status == diverged\n");
    expect_told(&told, 4, 4, 0,
        (const char *const[]){"FAILED    sgd.x(1) < 2\n            seed 1: sgd.x(1) is 2\n",
            "first not at step 2",
            "FAILED    sgd.x(1) < sqrt(-1)\n            seed 1: sgd.x(1) is 2; sqrt(-1) is no number: "
            "neither true nor false\n",
            "sgd.status is running", NULL});
}

static void claims_are_inverted(void **state) {
    (void)state;
    const LessonCheck how = {.inverts = true};
    Told told = check(&how, head, words,
        "  expect:\n"
        "    - sgd.x(1) == 2\n"
        "    - share(sgd.x(1) == 2) > 0.9\n");
    expect_told(&told, 2, 0, 0,
        (const char *const[]){"fails   inverted: sgd.x(1) != 2",
            "fails   inverted: share(sgd.x(1) != 2) > 0.9", "fails   inverted: share(sgd.x(1) == 2) <= 0.9",
            NULL});
    /* A claim about a share that is met by none as well says nothing. */
    told = check(&how, head, words, "  expect: [share(sgd.x(1) == 2) >= 0]\n");
    expect_told(&told, 1, 1, 0, (const char *const[]){"HOLDS!  inverted: share(sgd.x(1) != 2) >= 0", NULL});
}

static void what_is_missing_is_told(void **state) {
    (void)state;
    Told told = check(&plain, "slalom: 1\nsteps: 3\n", "", "lesson: {steps: [point: zoom]}\n");
    expect_told(&told, 0, 0, 7,
        (const char *const[]){"title: there is none", "question: there is none", "explanation: there is none",
            "reference: there is none", "step 1, say: there is none", "step 1, point: ", "'zoom'",
            "nothing under expect", NULL});
    told = check(&plain, head, "", "");
    expect_told(&told, 0, 0, 1, (const char *const[]){"there is no lesson", NULL});
}

static void words_are_looked_at(void **state) {
    (void)state;
    Told told = check(&plain, head, words,
        "    - say: For $5\n"
        "  expect: [sgd.x(1) == 2]\n");
    expect_told(&told, 1, 0, 1, (const char *const[]){"step 3, say: there is a dollar", NULL});
}

static void claims_that_cannot_be_read_have_their_place(void **state) {
    (void)state;
    Told told = check(&plain, head, words,
        "  expect:\n"
        "    - sgd.x(1) == 2\n"
        "    - sgd.xx(1) == 2\n");
    expect_told(
        &told, 1, 0, 1, (const char *const[]){"a.yaml:20:7: ", ":1:5: there is no quantity 'xx'", NULL});
}

static void a_scene_that_cannot_be_is_a_mistake(void **state) {
    (void)state;
    Told told = check(&plain, "slalom: 1\ntitle: No\nnetwork: 2-3-2\ndata: nowhere.csv\nracers: [sgd]\n",
        words, "  expect: [sgd.train_loss > 0]\n");
    expect_told(&told, 0, 0, 1, (const char *const[]){"nowhere.csv", NULL});
}

static void values_are_told(void **state) {
    (void)state;
    static const char *const questions[] = {"sgd.x(2)", "sgd.x(2) > 0"};
    const LessonCheck how = {.questions = questions, .n_questions = 2, .seeds = 3, .verbose = true};
    Told told = check(&how, head, "", "");
    expect_told(&told, 0, 0, 0,
        (const char *const[]){
            "value     sgd.x(2): 1, 1, 1\n", "sgd.x(2) > 0: 1, 1, 1\n", "as it opens", NULL});
}

static void shipped_lessons_can_be_read(void **state) {
    (void)state;
    for (int i = 0; i < shipped_count(); i++) {
        Scene scene;
        Status status = status_ok();
        assert_int_equal(shipped_find(shipped_name(i)), i);
        if (!shipped_read(i, &scene, &status)) fail_msg("%s: %s", shipped_name(i), status.message);
        assert_non_null(scene.lesson);
        scene_finish(&scene);
    }
    assert_int_equal(shipped_find("no such.yaml"), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_true_passes),
        cmocka_unit_test(what_is_not_fails_by_how_much),
        cmocka_unit_test(claims_are_inverted),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(words_are_looked_at),
        cmocka_unit_test(claims_that_cannot_be_read_have_their_place),
        cmocka_unit_test(a_scene_that_cannot_be_is_a_mistake),
        cmocka_unit_test(values_are_told),
        cmocka_unit_test(shipped_lessons_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
