/* The `lesson:` of a scene file. Whether its claims hold is not looked at here. */
#include "scene_node.h"

#include <stdlib.h>
#include <string.h>

typedef struct Reader {
    const Tree *tree;
    Status *status;
} Reader;

static bool fail(const Reader *reader, const TreeNode *node, const char *message) {
    return tree_fail(reader->tree, node, reader->status, message);
}

/* A text without the ends of lines that it ends with; nothing where it says nothing. */
static bool keep_text(const Reader *reader, const TreeNode *node, char **kept) {
    if (node->kind != TREE_TEXT) return fail(reader, node, "a text is meant here");
    size_t length = strlen(node->text);
    while (length > 0 && strchr(" \n", node->text[length - 1])) length--;
    free(*kept);
    *kept = NULL;
    if (length == 0) return true;
    *kept = strndup(node->text, length);
    return *kept || status_fail(reader->status, STATUS_FAILED, "out of memory");
}

static bool read_count(const Reader *reader, const TreeNode *node, const char *what, int max, int *value) {
    long long number;
    if (node->kind != TREE_TEXT || !text_parse_integer(node->text, 1, max, &number)) {
        status_fail(reader->status, STATUS_BAD_INPUT, "%s is a whole number from 1 to %d", what, max);
        return tree_blame(reader->tree, node, reader->status);
    }
    *value = (int)number;
    return true;
}

static bool take_change(void *context, const SceneKey *key, const char *text, Status *status) {
    LessonStep *step = context;
    SceneChange *changes = realloc(step->changes, (size_t)(step->n_changes + 1) * sizeof *changes);
    if (changes) step->changes = changes;
    char *copy = changes ? strdup(text) : NULL;
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    step->changes[step->n_changes++] = (SceneChange){key, copy};
    return true;
}

static bool read_change(const Reader *reader, LessonStep *step, const TreeNode *value) {
    if (value->kind != TREE_MAP)
        return fail(reader, value, "a map of what changes is meant here, such as {steps: 500}");
    return scene_node_map(reader->tree, value, NULL, take_change, step, reader->status);
}

static bool read_step_key(
    const Reader *reader, LessonStep *step, const TreeNode *key, const TreeNode *value) {
    static const char *const names[] = {"name", "say", "point", "change"};
    if (strcmp(key->text, "name") == 0) return keep_text(reader, value, &step->name);
    if (strcmp(key->text, "say") == 0) return keep_text(reader, value, &step->say);
    if (strcmp(key->text, "point") == 0) return keep_text(reader, value, &step->point);
    if (strcmp(key->text, "change") == 0) return read_change(reader, step, value);
    return tree_fail_key(
        reader->tree, key, "a step of a lesson has no", names, sizeof names / sizeof *names, reader->status);
}

static int count(const TreeNode *list) {
    int n = 0;
    for (const TreeNode *one = list->first; one; one = one->next) n++;
    return n;
}

static bool check_list(const Reader *reader, const TreeNode *list, const char *what, int max) {
    if (list->kind == TREE_LIST && count(list) <= max) return true;
    status_fail(reader->status, STATUS_BAD_INPUT, "a list of %s, %d at most, is meant here", what, max);
    return tree_blame(reader->tree, list, reader->status);
}

static bool read_steps(const Reader *reader, Lesson *lesson, const TreeNode *list) {
    if (!check_list(reader, list, "steps", LESSON_STEPS_MAX)) return false;
    lesson->steps = calloc((size_t)count(list) + 1, sizeof *lesson->steps);
    if (!lesson->steps) return status_fail(reader->status, STATUS_FAILED, "out of memory");
    for (const TreeNode *one = list->first; one; one = one->next) {
        LessonStep *step = &lesson->steps[lesson->n_steps++];
        if (one->kind != TREE_MAP)
            return fail(reader, one, "a step is a map with say, point, change and name");
        for (const TreeNode *key = one->first; key; key = key->next->next)
            if (!read_step_key(reader, step, key, key->next)) return false;
    }
    return true;
}

static bool read_expectations(const Reader *reader, Lesson *lesson, const TreeNode *list) {
    if (!check_list(reader, list, "claims", LESSON_EXPECTATIONS_MAX)) return false;
    lesson->expectations = calloc((size_t)count(list) + 1, sizeof *lesson->expectations);
    if (!lesson->expectations) return status_fail(reader->status, STATUS_FAILED, "out of memory");
    for (const TreeNode *one = list->first; one; one = one->next) {
        LessonExpectation *expectation = &lesson->expectations[lesson->n_expectations];
        if (!keep_text(reader, one, &expectation->text)) return false;
        if (!expectation->text) return fail(reader, one, "a claim is meant here, such as adam.loss < 1e-3");
        expectation->line = one->line;
        expectation->column = one->column;
        lesson->n_expectations++;
    }
    return true;
}

static bool read_key(const Reader *reader, Lesson *lesson, const TreeNode *key, const TreeNode *value) {
    static const char *const names[] = {
        "number", "topic", "question", "steps", "explanation", "reference", "seeds", "expect"};
    if (strcmp(key->text, "number") == 0)
        return read_count(reader, value, "the number of a lesson", 9999, &lesson->number);
    if (strcmp(key->text, "topic") == 0) return keep_text(reader, value, &lesson->topic);
    if (strcmp(key->text, "question") == 0) return keep_text(reader, value, &lesson->question);
    if (strcmp(key->text, "steps") == 0) return read_steps(reader, lesson, value);
    if (strcmp(key->text, "explanation") == 0) return keep_text(reader, value, &lesson->explanation);
    if (strcmp(key->text, "reference") == 0) return keep_text(reader, value, &lesson->reference);
    if (strcmp(key->text, "seeds") == 0)
        return read_count(reader, value, "the number of seeds", LESSON_SEEDS_MAX, &lesson->seeds);
    if (strcmp(key->text, "expect") == 0) return read_expectations(reader, lesson, value);
    return tree_fail_key(
        reader->tree, key, "a lesson has no", names, sizeof names / sizeof *names, reader->status);
}

Lesson *lesson_node_read(const Tree *tree, const TreeNode *node, Status *status) {
    const Reader reader = {tree, status};
    if (node->kind != TREE_MAP) {
        fail(&reader, node, "a lesson is a map with question, steps, explanation, expect, ...");
        return NULL;
    }
    Lesson *lesson = lesson_create();
    bool good = lesson != NULL || status_fail(status, STATUS_FAILED, "out of memory");
    for (const TreeNode *key = node->first; key && good; key = key->next->next)
        good = read_key(&reader, lesson, key, key->next);
    if (good) return lesson;
    lesson_release(lesson);
    return NULL;
}
