/* For the readers of scene files: what a node of the tree says, as the texts that scene_keys.h reads. */
#ifndef SLALOM_SCENE_NODE_H
#define SLALOM_SCENE_NODE_H

#include "lesson.h"
#include "scene_keys.h"
#include "text.h"
#include "tree.h"

#include <stdbool.h>

/* Takes one text of a key and the node that says it; false, with a status that names no place, where it is
 * not to be taken. */
typedef bool TakeText(void *context, const SceneKey *key, const char *text, Status *status);

/* Gives every text that a node says of a key. Failures name their place. */
bool scene_node_texts(const Tree *tree, const SceneKey *key, const TreeNode *node, TakeText *take,
    void *context, Status *status);

/* The rows of the table that a map says, in the order of the map. `further`: keys that the map may have
 * besides, NULL ends them. */
bool scene_node_map(const Tree *tree, const TreeNode *map, const char *const *further, TakeText *take,
    void *context, Status *status);

/* A racer, a text or a map of one name, as racer_read takes it; appended. */
bool racer_node_text(const Tree *tree, const TreeNode *node, Text *out, Status *status);

/* A lesson, NULL where it cannot be read. */
Lesson *lesson_node_read(const Tree *tree, const TreeNode *node, Status *status);

/* Fails, naming the place: what was expected there. */
bool tree_fail(const Tree *tree, const TreeNode *node, Status *status, const char *message);
/* The same for a key of a map that is none of `names`. */
bool tree_fail_key(const Tree *tree, const TreeNode *key, const char *problem, const char *const *names,
    int n_names, Status *status);

#endif
