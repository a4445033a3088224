/* libyaml's events into a tree, within limits. What the tree means is left to others. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

typedef struct Reader {
    const Tree *tree;
    yaml_parser_t parser;
    Status *status;
    int n_nodes, depth;
} Reader;

static bool prefix(const char *name, size_t line, size_t column, Status *status) {
    return status_prefix(status, "%.150s:%zu:%zu", name, line, column);
}

bool tree_blame(const Tree *tree, const TreeNode *node, Status *status) {
    return prefix(tree->name, (size_t)node->line, (size_t)node->column, status);
}

static bool fail_at(const Reader *reader, yaml_mark_t mark, const char *message) {
    status_fail(reader->status, STATUS_BAD_INPUT, "%s", message);
    return prefix(reader->tree->name, mark.line + 1, mark.column + 1, reader->status);
}

/* What libyaml found wrong. */
static bool fail_syntax(const Reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    Status *status = reader->status;
    const char *problem = parser->problem ? parser->problem : "this cannot be read";
    if (parser->error == YAML_MEMORY_ERROR) return status_fail(status, STATUS_FAILED, "out of memory");
    if (parser->error == YAML_READER_ERROR)
        return status_fail(status, STATUS_BAD_INPUT, "%.150s: byte %zu: this is no text: %s",
            reader->tree->name, parser->problem_offset, problem);
    if (parser->context)
        status_fail(status, STATUS_BAD_INPUT, "%s: %s", parser->context, problem);
    else
        status_fail(status, STATUS_BAD_INPUT, "%s", problem);
    return prefix(reader->tree->name, parser->problem_mark.line + 1, parser->problem_mark.column + 1, status);
}

/* The next event, which the caller deletes where true is returned. */
static bool next_event(Reader *reader, yaml_event_t *event) {
    return yaml_parser_parse(&reader->parser, event) || fail_syntax(reader);
}

static TreeNode *create_node(Reader *reader, TreeKind kind, yaml_mark_t mark) {
    if (++reader->n_nodes > TREE_NODES_MAX) {
        fail_at(reader, mark, "there is more in this file than a scene can say");
        return NULL;
    }
    TreeNode *node = calloc(1, sizeof *node);
    if (!node) {
        status_fail(reader->status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    node->kind = kind;
    node->line = (int)mark.line + 1;
    node->column = (int)mark.column + 1;
    return node;
}

static void destroy_node(TreeNode *node) {
    while (node) {
        TreeNode *next = node->next;
        destroy_node(node->first);
        free(node->text);
        free(node);
        node = next;
    }
}

static TreeNode *read_scalar(Reader *reader, const yaml_event_t *event) {
    const char *value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    if (memchr(value, '\0', length)) {
        fail_at(reader, event->start_mark, "a text cannot hold the character \\0");
        return NULL;
    }
    TreeNode *node = create_node(reader, TREE_TEXT, event->start_mark);
    if (!node) return NULL;
    node->text = malloc(length + 1);
    if (!node->text) {
        status_fail(reader->status, STATUS_FAILED, "out of memory");
        destroy_node(node);
        return NULL;
    }
    memcpy(node->text, value, length);
    node->text[length] = '\0';
    return node;
}

/* A key that has just been read, behind those of the map. */
static bool check_key(Reader *reader, const TreeNode *map, const TreeNode *key, int n) {
    Status *status = reader->status;
    bool good = key->kind == TREE_TEXT;
    if (!good) status_fail(status, STATUS_BAD_INPUT, "a key is a plain text");
    if (good && n > TREE_MAP_MAX)
        good = status_fail(status, STATUS_BAD_INPUT, "a map has at most %d keys", TREE_MAP_MAX);
    if (good && tree_value(map, key->text))
        good = status_fail(status, STATUS_BAD_INPUT, "'%.60s' is given twice", key->text);
    return good || tree_blame(reader->tree, key, status);
}

static TreeNode *read_node(Reader *reader, const yaml_event_t *event);

/* The children of a list or a map, up to its end. */
static bool read_children(Reader *reader, TreeNode *parent) {
    TreeNode *key = NULL, **end = &parent->first;
    for (int n = 0;; n++) {
        yaml_event_t event;
        if (!next_event(reader, &event)) {
            destroy_node(key);
            return false;
        }
        const bool ends = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        TreeNode *child = ends ? NULL : read_node(reader, &event);
        yaml_event_delete(&event);
        if (ends) return true;
        if (!child) {
            destroy_node(key);
            return false;
        }
        if (parent->kind == TREE_MAP && !key) { /* its value comes next */
            key = child;
            if (check_key(reader, parent, key, n / 2 + 1)) continue;
            destroy_node(key);
            return false;
        }
        if (key) key->next = child;
        *end = key ? key : child;
        end = &child->next;
        key = NULL;
    }
}

static TreeNode *read_collection(Reader *reader, TreeKind kind, yaml_mark_t mark) {
    if (reader->depth == TREE_DEPTH_MAX) {
        fail_at(reader, mark, "this is nested deeper than anything that a scene can say");
        return NULL;
    }
    TreeNode *node = create_node(reader, kind, mark);
    if (!node) return NULL;
    reader->depth++;
    const bool good = read_children(reader, node);
    reader->depth--;
    if (good) return node;
    destroy_node(node);
    return NULL;
}

static TreeNode *read_node(Reader *reader, const yaml_event_t *event) {
    const yaml_char_t *tag = event->type == YAML_SCALAR_EVENT           ? event->data.scalar.tag
                             : event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.tag
                             : event->type == YAML_MAPPING_START_EVENT  ? event->data.mapping_start.tag
                                                                        : NULL;
    if (tag) {
        fail_at(reader, event->start_mark, "a scene has no tags (!...); write the text in quotes");
        return NULL;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT: return read_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT: return read_collection(reader, TREE_LIST, event->start_mark);
    case YAML_MAPPING_START_EVENT: return read_collection(reader, TREE_MAP, event->start_mark);
    case YAML_ALIAS_EVENT:
        fail_at(reader, event->start_mark,
            "a scene has no aliases (*...): say it again, or write the text in quotes");
        return NULL;
    default: fail_at(reader, event->start_mark, "this is not expected here"); return NULL;
    }
}

/* The whole stream: at most one document. */
static bool read_stream(Reader *reader, TreeNode **root) {
    for (bool first = true;; first = false) {
        yaml_event_t event;
        do {
            if (!next_event(reader, &event)) return false;
            if (event.type == YAML_STREAM_END_EVENT) {
                yaml_event_delete(&event);
                return true;
            }
            if (event.type == YAML_DOCUMENT_START_EVENT && !first) {
                fail_at(reader, event.start_mark, "a file holds one scene; here begins another document");
                yaml_event_delete(&event);
                return false;
            }
            if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT ||
                event.type == YAML_DOCUMENT_END_EVENT)
                yaml_event_delete(&event);
            else
                break;
        } while (true);
        *root = read_node(reader, &event);
        yaml_event_delete(&event);
        if (!*root) return false;
    }
}

bool tree_read(Tree *tree, const char *name, const char *text, size_t length, Status *status) {
    *tree = (Tree){.name = name};
    Reader reader = {.tree = tree, .status = status};
    if (length > TREE_BYTES_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "%.150s: this is larger than a scene can be, %d bytes",
            name, TREE_BYTES_MAX);
    if (!yaml_parser_initialize(&reader.parser)) return status_fail(status, STATUS_FAILED, "out of memory");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    const bool good = read_stream(&reader, &tree->root);
    yaml_parser_delete(&reader.parser);
    if (!good) tree_finish(tree);
    return good;
}

void tree_finish(Tree *tree) {
    destroy_node(tree->root);
    tree->root = NULL;
}

const TreeNode *tree_value(const TreeNode *map, const char *key) {
    if (!map || map->kind != TREE_MAP) return NULL;
    for (const TreeNode *one = map->first; one; one = one->next->next)
        if (strcmp(one->text, key) == 0) return one->next;
    return NULL;
}
