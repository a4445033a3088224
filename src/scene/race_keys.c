/* What can be said of any race: rows of the table of scene_keys.h. */
#include "scene_keys.h"

#include "names.h"
#include "racer_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_network(const Scene *scene) {
    return network_scene_is_on(&scene->network);
}

static bool keep_text(char **kept, const char *text, Status *status) {
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    free(*kept);
    *kept = copy;
    return true;
}

static bool read_surface(SceneDraft *draft, const char *text, Status *status) {
    return keep_text(&draft->scene->surface, text, status);
}

static bool write_surface(const Scene *scene, int i, Text *out) {
    if (i > 0 || is_network(scene)) return false;
    text_append(out, "%s", scene->surface);
    return true;
}

static bool read_dim(SceneDraft *draft, const char *text, Status *status) {
    long long dim;
    if (!text_parse_integer(text, 1, FIELD_DIM_MAX, &dim))
        return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a number of dimensions from 1 to %d",
            text, FIELD_DIM_MAX);
    draft->scene->dim = dim;
    return true;
}

static bool write_dim(const Scene *scene, int i, Text *out) {
    if (i > 0 || is_network(scene) || scene->dim == 0) return false;
    text_append(out, "%lld", (long long)scene->dim);
    return true;
}

static bool read_set(SceneDraft *draft, const char *text, Status *status) {
    return scene_add_setting(draft->scene, text, status);
}

static bool write_set(const Scene *scene, int i, Text *out) {
    if (i >= scene->n_settings || is_network(scene)) return false;
    text_append(out, "%s=", scene->settings[i].name);
    scene_key_append_numbers(out, &scene->settings[i].value, 1, 0);
    return true;
}

static bool read_start(SceneDraft *draft, const char *text, Status *status) {
    return scene_set_start(draft->scene, text, status);
}

static bool write_start(const Scene *scene, int i, Text *out) {
    if (i > 0 || is_network(scene) || !scene->has_start) return false;
    scene_key_append_numbers(out, scene->start, 2, ',');
    return true;
}

/* What it means depends on what is raced on: settled at the end. */
static bool read_batch(SceneDraft *draft, const char *text, Status *status) {
    return keep_text(&draft->batch, text, status);
}

static bool write_batch(const Scene *scene, int i, Text *out) {
    if (i > 0) return false;
    if (is_network(scene)) return network_scene_write_batch(&scene->network, out);
    if (scene->batch == 0) return false;
    text_append(out, "%lld,%s", (long long)scene->batch, example_order_names[scene->order]);
    return true;
}

/* The first one takes the place of those that are there. */
static bool read_racer(SceneDraft *draft, const char *text, Status *status) {
    if (!scene_draft_has(draft, "racers")) scene_clear_racers(draft->scene);
    return scene_add_racer(draft->scene, text, status);
}

static bool write_racer(const Scene *scene, int i, Text *out) {
    if (i >= scene->n_racers) return false;
    racer_write(&scene->racers[i], scene->own[i], out);
    return true;
}

static bool read_all(SceneDraft *draft, const char *text, Status *status) {
    return keep_text(&draft->all, text, status);
}

static bool read_steps(SceneDraft *draft, const char *text, Status *status) {
    double number;
    if (text_parse_number(text, &number) && number < 0)
        return status_fail(status, STATUS_BAD_INPUT, "%.40s is negative; a race has 0 steps or more", text);
    long long steps;
    if (!text_parse_integer(text, 0, INT64_C(1) << 53, &steps)) {
        /* Too many for any memory, but still a count: the race says what it would take. */
        if (!text_parse_number(text, &number) || number < 9e15)
            return status_fail(status, STATUS_BAD_INPUT, "'%.40s' is not a whole number of steps", text);
        steps = INT64_C(1) << 53;
    }
    draft->scene->steps = draft->scene->network.steps = steps;
    return true;
}

static bool write_steps(const Scene *scene, int i, Text *out) {
    const int64_t steps = is_network(scene) ? scene->network.steps : scene->steps;
    if (i > 0 || steps == (is_network(scene) ? 0 : SCENE_STEPS_USUAL)) return false;
    text_append(out, "%lld", (long long)steps);
    return true;
}

static bool read_seed(SceneDraft *draft, const char *text, Status *status) {
    long long seed;
    if (!text_parse_integer(text, 0, INT64_MAX, &seed))
        return status_fail(
            status, STATUS_BAD_INPUT, "'%.40s' is not a whole number from 0 to 2^63 - 1", text);
    draft->scene->seed = (uint64_t)seed;
    return true;
}

static bool write_seed(const Scene *scene, int i, Text *out) {
    if (i > 0 || scene->seed == SCENE_SEED_USUAL) return false;
    text_append(out, "%lld", (long long)scene->seed);
    return true;
}

static Names surface_names(void) {
    return NAMES_OF(surface_table, surface_count);
}

const SceneKey race_keys[] = {
    {"surface", NULL, "NAME|FORMULA", SCENE_PART_RACE, SCENE_KEY_TEXT, 0, NULL, read_surface, write_surface,
        "a shipped surface, or a formula of x and y such as '(1-x)^2 + 100(y-x^2)^2'", surface_names},
    {"dim", NULL, "N", SCENE_PART_FIELD, SCENE_KEY_COUNT, 0, NULL, read_dim, write_dim,
        "so many dimensions: rosenbrock, rosenbrock_pairs, styblinski_tang, quadratic"},
    {"set", NULL, "NAME=VALUE", SCENE_PART_RACE, SCENE_KEY_SETTINGS, 0, NULL, read_set, write_set,
        "a parameter of the surface, such as kappa=100; may be repeated"},
    {"start", NULL, "X,Y", SCENE_PART_RACE, SCENE_KEY_LIST, ',', NULL, read_start, write_start,
        "where every racer starts; otherwise the surface's own start"},
    {"batch", NULL, "N[,ORDER]", SCENE_PART_RACE, SCENE_KEY_TEXT, ',', NULL, read_batch, write_batch,
        "each step sees N examples of the surface's mean(...), the same for all; shuffled, drawn or listed; "
        "of a network N or full (32)"},
    {"racers", "optimizer", "NAME[:key=value,...]", SCENE_PART_RACE, SCENE_KEY_RACERS, 0, NULL, read_racer,
        write_racer,
        "one more racer; keys: its hyperparameters, label, schedule, warmup, noise, clip_norm, l2, ..."},
    {"all", NULL, "key=value,...", SCENE_PART_RACE, SCENE_KEY_PAIRS, ',', NULL, read_all, NULL,
        "the same for every racer that has such a key"},
    {"steps", NULL, "N", SCENE_PART_RACE, SCENE_KEY_COUNT, 0, NULL, read_steps, write_steps,
        "how many steps each racer takes (200)"},
    {"seed", NULL, "N", SCENE_PART_RACE, SCENE_KEY_COUNT, 0, NULL, read_seed, write_seed,
        "of everything random (1)"},
};
const int race_key_count = sizeof race_keys / sizeof race_keys[0];
