/* A YAML text as a small tree: texts, lists and maps, each knowing where it stands. Everything a text could
 * do beyond saying something is refused: more of it, or deeper, than a scene can need; aliases, tags, a
 * second document. */
#ifndef SLALOM_TREE_H
#define SLALOM_TREE_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

enum { TREE_BYTES_MAX = 1 << 20, TREE_DEPTH_MAX = 16, TREE_NODES_MAX = 50000, TREE_MAP_MAX = 256 };

typedef enum TreeKind { TREE_TEXT, TREE_LIST, TREE_MAP } TreeKind;

typedef struct TreeNode TreeNode;
struct TreeNode {
    TreeKind kind;
    int line, column; /* from 1 */
    char *text;       /* of a text, NUL-terminated UTF-8 */
    TreeNode *first;  /* child of a list; of a map a key, whose next is its value, whose next is a key */
    TreeNode *next;   /* NULL: none */
};

typedef struct Tree {
    const char *name; /* what messages call the text; borrowed */
    TreeNode *root;   /* owned; NULL for a text that says nothing */
} Tree;

/* Reads text[0..length). On failure, which says NAME:LINE:COLUMN, nothing needs to be finished. No key is
 * twice in a map, and all keys are texts. */
bool tree_read(Tree *tree, const char *name, const char *text, size_t length, Status *status);
void tree_finish(Tree *tree);

/* Puts NAME:LINE:COLUMN in front of a failure's message. Returns false. */
bool tree_blame(const Tree *tree, const TreeNode *node, Status *status);

/* The value of a key of a map; NULL where it has none, or the node is NULL or no map. */
const TreeNode *tree_value(const TreeNode *map, const char *key);

#endif
