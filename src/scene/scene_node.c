/* From nodes to the texts of the table's readers: lists are joined, maps taken apart. */
#include "scene_node.h"

#include "names.h"

#include <ctype.h>
#include <string.h>

bool tree_fail(const Tree *tree, const TreeNode *node, Status *status, const char *message) {
    status_fail(status, STATUS_BAD_INPUT, "%s", message);
    return tree_blame(tree, node, status);
}

bool tree_fail_key(const Tree *tree, const TreeNode *key, const char *problem, const char *const *names,
    int n_names, Status *status) {
    names_fail(status, problem, key->text, "There are", NAMES_OF(names, n_names), NULL);
    return tree_blame(tree, key, status);
}

typedef struct Taking {
    const Tree *tree;
    const SceneKey *key;
    TakeText *take;
    void *context;
    Status *status;
} Taking;

static bool fail(const Taking *taking, const TreeNode *node, const char *message) {
    status_fail(taking->status, STATUS_BAD_INPUT, "%s: %s", taking->key->name, message);
    return tree_blame(taking->tree, node, taking->status);
}

static bool give(const Taking *taking, const TreeNode *node, const char *text) {
    if (taking->take(taking->context, taking->key, text, taking->status)) return true;
    status_prefix(taking->status, "%s", taking->key->name);
    return tree_blame(taking->tree, node, taking->status);
}

/* Ends of lines at its end are those of a block, and not meant. */
static bool give_text(const Taking *taking, const TreeNode *node) {
    Text text = {0};
    size_t length = strlen(node->text);
    while (length > 0 && node->text[length - 1] == '\n') length--;
    text_append_bytes(&text, node->text, length);
    const bool good = give(taking, node, text_string(&text));
    text_finish(&text);
    return good;
}

/* A list of texts with the joint between. */
static bool give_joined(const Taking *taking, const TreeNode *list) {
    Text text = {0};
    bool good = true;
    for (const TreeNode *one = list->first; one && good; one = one->next) {
        good = one->kind == TREE_TEXT;
        if (!good)
            fail(taking, one, "a list of texts or numbers is meant here");
        else
            text_append(&text, "%.*s%s", one != list->first, &taking->key->joint, one->text);
    }
    good = good && give(taking, list, text_string(&text));
    text_finish(&text);
    return good;
}

/* key=value of a map's, each by itself or, where there is a joint, with it between; behind a head. */
static bool give_pairs(const Taking *taking, const TreeNode *map, const char *head, char joint) {
    Text text = {0};
    bool good = true;
    text_append(&text, "%s", head);
    for (const TreeNode *key = map->first; key && good; key = key->next->next) {
        const TreeNode *value = key->next;
        good = value->kind == TREE_TEXT;
        if (!good) {
            fail(taking, value, "a map of names and numbers is meant here");
            break;
        }
        if (!joint) text_clear(&text);
        if (joint && text.length > 0) text_append_bytes(&text, key == map->first ? ":" : &joint, 1);
        text_append(&text, "%s=%s", key->text, value->text);
        if (!joint) good = give(taking, value, text_string(&text));
    }
    good = good && (!joint || give(taking, map, text_string(&text)));
    text_finish(&text);
    return good;
}

/* NAME, or a map of one name and its keys. */
static bool give_named(const Taking *taking, const TreeNode *map) {
    const TreeNode *name = map->first, *keys = name ? name->next : NULL;
    if (!name || keys->next)
        return fail(taking, map, "one name with its settings is meant here, such as {moons: {n: 400}}");
    if (keys->kind == TREE_MAP) return give_pairs(taking, keys, name->text, taking->key->joint);
    if (keys->kind == TREE_LIST) return fail(taking, keys, "the settings of a name are a map");
    Text text = {0};
    text_append(&text, "%s%s%s", name->text, *keys->text ? ":" : "", keys->text);
    const bool good = give(taking, map, text_string(&text));
    text_finish(&text);
    return good;
}

static bool give_racer(const Taking *taking, const TreeNode *node) {
    Text text = {0};
    const bool good =
        racer_node_text(taking->tree, node, &text, taking->status) && give(taking, node, text_string(&text));
    text_finish(&text);
    return good;
}

static bool give_racers(const Taking *taking, const TreeNode *list) {
    if (list->kind != TREE_LIST)
        return fail(taking, list, "a list is meant here, such as [sgd, adam: {lr: 0.1}]");
    for (const TreeNode *one = list->first; one; one = one->next)
        if (!give_racer(taking, one)) return false;
    return list->first || fail(taking, list, "a race has a racer at least");
}

bool scene_node_texts(const Tree *tree, const SceneKey *key, const TreeNode *node, TakeText *take,
    void *context, Status *status) {
    const Taking taking = {tree, key, take, context, status};
    if (key->kind == SCENE_KEY_RACERS) return give_racers(&taking, node);
    if (node->kind == TREE_TEXT) return give_text(&taking, node);
    if (node->kind == TREE_LIST && key->joint && key->kind != SCENE_KEY_PAIRS && key->kind != SCENE_KEY_NAMED)
        return give_joined(&taking, node);
    if (node->kind == TREE_LIST && key->kind == SCENE_KEY_SETTINGS) {
        for (const TreeNode *one = node->first; one; one = one->next)
            if (one->kind != TREE_TEXT ? !fail(&taking, one, "NAME=VALUE is meant here")
                                       : !give(&taking, one, one->text))
                return false;
        return true;
    }
    if (node->kind == TREE_MAP && key->kind == SCENE_KEY_NAMED) return give_named(&taking, node);
    if (node->kind == TREE_MAP && key->kind == SCENE_KEY_PAIRS)
        return give_pairs(&taking, node, "", key->joint);
    if (node->kind == TREE_MAP && key->kind == SCENE_KEY_SETTINGS) return give_pairs(&taking, node, "", 0);
    status_fail(status, STATUS_BAD_INPUT, "%s: %s is meant here, not a %s", key->name, key->value,
        node->kind == TREE_MAP ? "map" : "list");
    return tree_blame(tree, node, status);
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0) return true;
    return false;
}

static bool fail_unknown(const Tree *tree, const TreeNode *key, const char *const *further, Status *status) {
    enum { NAMES_MAX = 96 };
    const char *names[NAMES_MAX];
    int n = 0;
    for (; further && *further; further++) names[n++] = *further;
    for (int i = 0; i < scene_key_count() && n < NAMES_MAX; i++) names[n++] = scene_key(i)->name;
    return tree_fail_key(tree, key, "a scene has no", names, n, status);
}

bool scene_node_map(const Tree *tree, const TreeNode *map, const char *const *further, TakeText *take,
    void *context, Status *status) {
    for (const TreeNode *name = map->first; name; name = name->next->next) {
        const SceneKey *key = scene_key_find(name->text);
        if (!key && is_one_of(name->text, further)) continue;
        if (!key) return fail_unknown(tree, name, further, status);
        if (!scene_node_texts(tree, key, name->next, take, context, status)) return false;
    }
    return true;
}
