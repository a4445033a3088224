/* Reading scene files. Their YAML is read by tree, their parts by scene_node and lesson_node. */
#include "scene_file.h"

#include "scene_node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const further_keys[] = {"slalom", "lesson", NULL};

static bool check_version(const Tree *tree, Status *status) {
    const TreeNode *version = tree_value(tree->root, "slalom");
    long long number;
    if (!version) return true;
    if (version->kind != TREE_TEXT || !text_parse_integer(version->text, 1, 1000000, &number))
        return tree_fail(tree, version, status, "the version of a scene is a whole number; this is 1");
    if (number <= SCENE_FILE_VERSION) return true;
    status_fail(status, STATUS_BAD_INPUT,
        "this scene is of version %lld, and this slalom knows version %d: a newer slalom can read it", number,
        SCENE_FILE_VERSION);
    return tree_blame(tree, version, status);
}

static bool take(void *context, const SceneKey *key, const char *text, Status *status) {
    SceneDraft *draft = context;
    return scene_draft_read(draft, key, text, status);
}

static bool settle(const Tree *tree, SceneDraft *draft, Status *status) {
    if (scene_draft_settle(draft, status)) return true;
    const TreeNode *node = draft->culprit ? tree_value(tree->root, draft->culprit->name) : NULL;
    if (draft->culprit) status_prefix(status, "%s", draft->culprit->name);
    return tree_blame(tree, node ? node : tree->root, status);
}

/* The surface is one, with these parameters; what is wrong is told at the key of the map, or the map itself.
 */
static bool check_surface(const Tree *tree, const TreeNode *map, const Scene *scene, Status *status) {
    if (network_scene_is_on(&scene->network) || scene->dim > 0) return true;
    Surface *surface = surface_create(scene->surface, status);
    const TreeNode *node = tree_value(map, "surface");
    bool good = surface != NULL;
    for (int i = 0; good && i < scene->n_settings; i++) {
        const TreeNode *set = tree_value(map, "set"), *one = tree_value(set, scene->settings[i].name);
        good = surface_set(surface, scene->settings[i].name, scene->settings[i].value, status);
        if (!good) node = one ? one : set;
    }
    if (good && scene->batch > 0) {
        node = tree_value(map, "batch");
        good = surface_take_batches(surface, (size_t)scene->batch, scene->order, scene->seed, status);
    }
    surface_destroy(surface);
    return good || tree_blame(tree, node ? node : map, status);
}

static bool changes_surface(const LessonStep *step) {
    static const char *const names[] = {"surface", "set", "batch", "dim"};
    for (int i = 0; i < step->n_changes; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(step->changes[i].key->name, names[k]) == 0) return true;
    return false;
}

/* Every step can be taken. */
static bool check_steps(const Tree *tree, const Scene *scene, Status *status) {
    const TreeNode *step = tree_value(tree_value(tree->root, "lesson"), "steps");
    const TreeNode *node = step ? step->first : NULL;
    Scene changed = scene_copy(scene);
    bool good = true;
    for (int i = 0; good && i < scene->lesson->n_steps; i++, node = node->next) {
        const LessonStep *one = &scene->lesson->steps[i];
        const TreeNode *change = tree_value(node, "change");
        if (!change) continue;
        good =
            scene_change(&changed, one->changes, one->n_changes, status) || tree_blame(tree, change, status);
        good = good && (!changes_surface(one) || check_surface(tree, change, &changed, status));
    }
    scene_finish(&changed);
    return good;
}

static bool read_lesson(const Tree *tree, Scene *scene, Status *status) {
    const TreeNode *node = tree_value(tree->root, "lesson");
    if (!node) return true;
    scene->lesson = lesson_node_read(tree, node, status);
    return scene->lesson && check_steps(tree, scene, status);
}

static bool read_tree(const Tree *tree, const char *folder, Scene *scene, Status *status) {
    if (!tree->root || tree->root->kind != TREE_MAP)
        return status_fail(status, STATUS_BAD_INPUT,
            "%.150s: this is no scene: it says nothing like surface: ravine", tree->name);
    if (!check_version(tree, status)) return false;
    SceneDraft draft = scene_draft(scene, folder);
    if (!scene_node_map(tree, tree->root, further_keys, take, &draft, status)) {
        scene_draft_abandon(&draft);
        return false;
    }
    return settle(tree, &draft, status) && check_surface(tree, tree->root, scene, status) &&
           read_lesson(tree, scene, status);
}

bool scene_read_text(
    Scene *scene, const char *name, const char *folder, const char *text, size_t length, Status *status) {
    Tree tree;
    if (!tree_read(&tree, name, text, length, status)) return false;
    *scene = scene_default();
    const char *place = !folder ? "." : *folder ? folder : NULL;
    const bool good = read_tree(&tree, place, scene, status);
    if (!good) scene_finish(scene);
    tree_finish(&tree);
    return good;
}

/* All of a file that is not too large; NULL, with a status, otherwise. */
static char *load(const char *path, size_t *length, Status *status) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        status_fail(status, STATUS_BAD_INPUT, "%.1000s: cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    enum { ROOM = TREE_BYTES_MAX + 1 };
    char *bytes = malloc(ROOM);
    *length = bytes ? fread(bytes, 1, ROOM, file) : 0;
    const int error = ferror(file) ? errno : 0;
    fclose(file);
    if (!bytes || error)
        status_fail(status, STATUS_BAD_INPUT, "%.1000s: cannot be read: %s", path,
            bytes ? strerror(error) : "out of memory");
    else if (*length == ROOM)
        status_fail(status, STATUS_BAD_INPUT, "%.1000s: this is no scene: it has more than %d bytes", path,
            TREE_BYTES_MAX);
    else
        return bytes;
    free(bytes);
    return NULL;
}

/* The caller frees it. */
static char *folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

bool scene_read_file(Scene *scene, const char *path, Status *status) {
    size_t length;
    char *bytes = load(path, &length, status);
    if (!bytes) return false;
    char *folder = folder_of(path);
    const bool good = scene_read_text(scene, path, folder, bytes, length, status);
    free(folder);
    free(bytes);
    return good;
}
