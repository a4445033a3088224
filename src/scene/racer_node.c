/* A racer in a scene file: the text that a command line has, or a map of its name and what is said of it:
 *
 *   adam: {lr: 0.1, schedule: {cosine: {end: 0.1}}, change: {50: {lr: 0.01}}}
 *   mine: {script: "x -= lr*g", lr: 0.1}
 *
 * Both come to the same text. */
#include "scene_node.h"

#include "racer_text.h"

#include <stdio.h>
#include <string.h>

typedef struct Racer {
    const Tree *tree;
    const TreeNode *name;
    RacerSpec spec; /* so far, to find mistakes where they stand */
    OwnOptimizer *own;
    const char *separator;
    Text *out;
    Status *status;
} Racer;

static bool fail(const Racer *racer, const TreeNode *node, const char *message) {
    status_fail(racer->status, STATUS_BAD_INPUT, "%s: %s", racer->name->text, message);
    return tree_blame(racer->tree, node, racer->status);
}

/* Tries one key, and appends it. */
static bool add(Racer *racer, const TreeNode *key, const TreeNode *value, const char *text) {
    if (!racer_read_key(&racer->spec, key->text, text, racer->status))
        return tree_blame(racer->tree, racer_knows_key(&racer->spec, key->text) ? value : key, racer->status);
    text_append(racer->out, "%s", racer->separator);
    racer->separator = ",";
    racer_write_pair(racer->out, key->text, text);
    return true;
}

/* ":name=value" for each of a map. */
static bool append_settings(const Racer *racer, const TreeNode *map, Text *text) {
    if (map->kind != TREE_MAP) return fail(racer, map, "names and their values are meant here");
    for (const TreeNode *key = map->first; key; key = key->next->next) {
        if (key->next->kind != TREE_TEXT) return fail(racer, key->next, "a number is meant here");
        text_append(text, ":%s=%s", key->text, key->next->text);
    }
    return true;
}

/* A map of one name and its settings. */
static bool add_schedule(Racer *racer, const TreeNode *key, const TreeNode *value) {
    const TreeNode *name = value->first;
    if (value->kind != TREE_MAP || !name || name->next->next)
        return fail(racer, value, "a schedule is a text, or a name with its settings");
    Text text = {0};
    text_append(&text, "%s", name->text);
    const bool good = append_settings(racer, name->next, &text) && add(racer, key, value, text_string(&text));
    text_finish(&text);
    return good;
}

/* A map of steps and what changes there. */
static bool add_changes(Racer *racer, const TreeNode *key, const TreeNode *value) {
    Text text = {0};
    bool good = true;
    for (const TreeNode *step = value->first; step && good; step = step->next->next) {
        text_clear(&text);
        text_append(&text, "%s", step->text);
        good = append_settings(racer, step->next, &text) && add(racer, key, step, text_string(&text));
    }
    text_finish(&text);
    return good;
}

static bool add_list(Racer *racer, const TreeNode *key, const TreeNode *list) {
    for (const TreeNode *one = list->first; one; one = one->next) {
        if (one->kind != TREE_TEXT) return fail(racer, one, "a text is meant here");
        if (!add(racer, key, one, one->text)) return false;
    }
    return true;
}

static bool add_pair(Racer *racer, const TreeNode *key, const TreeNode *value) {
    const bool changes = strcmp(key->text, "change") == 0;
    if (value->kind == TREE_TEXT) return add(racer, key, value, value->text);
    if (changes && value->kind == TREE_LIST) return add_list(racer, key, value);
    if (changes) return add_changes(racer, key, value);
    if (strcmp(key->text, "schedule") == 0) return add_schedule(racer, key, value);
    return fail(racer, value, "a number or a text is meant here");
}

/* The name, and the script of an own one. */
static bool begin(Racer *racer, const TreeNode *script) {
    if (script && (script->kind != TREE_TEXT || strchr(script->text, '|')))
        return fail(racer, script, "a script is a text without a bar");
    Text text = {0};
    text_append(&text, "%s", racer->name->text);
    if (script) /* the end of a line says that it is one */
        text_append(&text, ": %s%s", script->text, strchr(script->text, '\n') ? "" : "\n");
    const bool good = racer_read(text_string(&text), &racer->spec, &racer->own, racer->status);
    racer->separator = racer->own ? "| " : ":";
    text_append(racer->out, "%s", text_string(&text));
    text_finish(&text);
    return good || tree_blame(racer->tree, script ? script : racer->name, racer->status);
}

/* Changes follow what they change, wherever they stand. */
static bool add_pairs(Racer *racer, const TreeNode *map) {
    for (int changes = 0; changes < 2; changes++)
        for (const TreeNode *key = map->first; key; key = key->next->next) {
            if (strcmp(key->text, "script") == 0) continue;
            if ((strcmp(key->text, "change") == 0) == changes && !add_pair(racer, key, key->next))
                return false;
        }
    return true;
}

bool racer_node_text(const Tree *tree, const TreeNode *node, Text *out, Status *status) {
    if (node->kind == TREE_TEXT) {
        text_append(out, "%s", node->text);
        return true;
    }
    const TreeNode *name = node->first;
    if (node->kind != TREE_MAP || !name || name->next->next)
        return tree_fail(
            tree, node, status, "a racer is a text, or one name with its settings: adam: {lr: 0.1}");
    const TreeNode *settings = name->next;
    Racer racer = {.tree = tree, .name = name, .out = out, .status = status};
    if (settings->kind == TREE_TEXT) {
        const char *text = settings->text + strspn(settings->text, " ");
        text_append(out, "%s%s%s", name->text, *text ? ": " : "", text);
        return true;
    }
    if (settings->kind == TREE_LIST) return fail(&racer, settings, "the settings of a racer are a map");
    const bool good = begin(&racer, tree_value(settings, "script")) && add_pairs(&racer, settings);
    own_optimizer_release(racer.own);
    return good;
}
