/* Scenes from the words of a command line. Running and showing one is left to the race and the views. */
#include "scene.h"

#include "lesson.h"
#include "names.h"
#include "racer_text.h"
#include "text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The opening race: the narrow valley, where each optimizer shows its character within 200 steps. */
static const char *const default_racers[] = {
    "sgd:lr=0.038",
    "momentum:lr=0.012",
    "rmsprop:lr=0.05",
    "adam:lr=0.15",
};

Scene scene_default(void) {
    Scene scene = {.surface = strdup("ravine"),
        .steps = SCENE_STEPS_USUAL,
        .seed = SCENE_SEED_USUAL,
        .network = network_scene_default(),
        .look = {.at = -1}};
    Status status = status_ok();
    for (size_t i = 0; i < sizeof default_racers / sizeof default_racers[0]; i++)
        scene_add_racer(&scene, default_racers[i], &status);
    return scene;
}

/* On a network the rates that suit a narrow valley would not do. With these all learn two spirals within a
 * hundred epochs, and images too. */
static const char *const network_racers[] = {
    "sgd:lr=0.2",
    "momentum:lr=0.03",
    "adagrad:lr=0.05",
    "rmsprop:lr=0.005",
    "adam:lr=0.005",
};

void scene_set_network_racers(Scene *scene) {
    Status status = status_ok();
    scene_clear_racers(scene);
    for (size_t i = 0; i < sizeof network_racers / sizeof network_racers[0]; i++)
        scene_add_racer(scene, network_racers[i], &status);
}

void scene_clear_racers(Scene *scene) {
    for (int i = 0; i < scene->n_racers; i++) own_optimizer_release(scene->own[i]);
    memset(scene->own, 0, sizeof scene->own);
    scene->n_racers = 0;
}

void scene_finish(Scene *scene) {
    scene_clear_racers(scene);
    free(scene->title);
    free(scene->notes);
    free(scene->surface);
    lesson_release(scene->lesson);
    network_scene_finish(&scene->network);
    *scene = (Scene){0};
}

Scene scene_copy(const Scene *scene) {
    Scene copy = *scene;
    copy.title = scene->title ? strdup(scene->title) : NULL;
    copy.notes = scene->notes ? strdup(scene->notes) : NULL;
    copy.surface = strdup(scene->surface);
    copy.lesson = lesson_share(scene->lesson);
    copy.network = network_scene_copy(&scene->network);
    for (int i = 0; i < copy.n_racers; i++)
        if (copy.own[i]) own_optimizer_share(copy.own[i]);
    return copy;
}

void scene_set_surface(Scene *scene, char *surface) {
    free(scene->surface);
    scene->surface = surface;
}

bool scene_set_all(Scene *scene, const char *text, Status *status) {
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    bool good = true;
    for (char *left = copy, *key, *value; left && good;) {
        left = racer_cut_pair(left, &key, &value);
        if (!value) {
            good = status_fail(status, STATUS_BAD_INPUT, "expected key=value, not '%.60s'", key);
            break;
        }
        int n_meant = 0;
        for (int i = 0; i < scene->n_racers && good; i++) {
            if (!racer_has_key(&scene->racers[i], key)) continue;
            n_meant++;
            good = racer_read_key(&scene->racers[i], key, value, status);
        }
        if (good && n_meant == 0)
            good = status_fail(status, STATUS_BAD_INPUT, "no racer here has a parameter '%.60s'", key);
    }
    free(copy);
    return good;
}

bool scene_add_racer(Scene *scene, const char *text, Status *status) {
    int n = scene->n_racers;
    if (n == RACE_RACERS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "a race has at most %d racers", RACE_RACERS_MAX);
    if (!racer_read(text, &scene->racers[n], &scene->own[n], status)) return false;
    scene->n_racers++;
    return true;
}

static bool is_called(const Setting *setting, const char *name, size_t length) {
    return strlen(setting->name) == length && memcmp(setting->name, name, length) == 0;
}

bool scene_add_setting(Scene *scene, const char *text, Status *status) {
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (length == 0) return status_fail(status, STATUS_BAD_INPUT, "expected NAME=VALUE, not '%.60s'", text);
    int i = 0;
    while (i < scene->n_settings && !is_called(&scene->settings[i], text, length)) i++;
    if (i == FORMULA_PARAMETERS_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "a surface has at most %d parameters", FORMULA_PARAMETERS_MAX);
    Setting *setting = &scene->settings[i];
    if (length >= sizeof setting->name)
        return status_fail(status, STATUS_BAD_INPUT, "'%.*s' is longer than any parameter's name", 40, text);
    memcpy(setting->name, text, length);
    setting->name[length] = '\0';
    if (!text_parse_number(equals + 1, &setting->value))
        return status_fail(
            status, STATUS_BAD_INPUT, "%s is '%.40s', which is not a number", setting->name, equals + 1);
    if (i == scene->n_settings) scene->n_settings++;
    return true;
}

bool scene_set_start(Scene *scene, const char *text, Status *status) {
    if (!text_parse_numbers(text, scene->start, 2))
        return status_fail(status, STATUS_BAD_INPUT, "expected two numbers X,Y, not '%.60s'", text);
    scene->has_start = true;
    return true;
}

bool scene_set_batch(Scene *scene, const char *text, Status *status) {
    char number[32];
    size_t length = strcspn(text, ",");
    long long batch;
    snprintf(number, sizeof number, "%.*s", (int)(length < sizeof number ? length : sizeof number - 1), text);
    if (!text_parse_integer(number, 1, INT64_C(1) << 31, &batch))
        return status_fail(status, STATUS_BAD_INPUT,
            "'%.40s' is not a number of examples from 1, or such and an order", text);
    int order = 0;
    while (text[length] && order < EXAMPLES_ORDERS && strcmp(text + length + 1, example_order_names[order]))
        order++;
    if (order == EXAMPLES_ORDERS)
        return names_fail(status, "there is no order", text + length + 1, "There are",
            NAMES_OF(example_order_names, EXAMPLES_ORDERS), NULL);
    scene->batch = batch;
    scene->order = (ExampleOrder)order;
    return true;
}

Surface *scene_surface(const Scene *scene, Status *status) {
    Surface *surface = surface_create(scene->surface, status);
    if (!surface) return NULL;
    for (int i = 0; i < scene->n_settings; i++) {
        if (surface_set(surface, scene->settings[i].name, scene->settings[i].value, status)) continue;
        surface_destroy(surface);
        return NULL;
    }
    if (scene->batch == 0 ||
        surface_take_batches(surface, (size_t)scene->batch, scene->order, scene->seed, status))
        return surface;
    status_prefix(status, "--batch");
    surface_destroy(surface);
    return NULL;
}

Race *scene_race(const Scene *scene, Surface *surface, Status *status) {
    const double *start = scene->has_start ? scene->start : surface->start;
    return race_create(
        &surface->objective, scene->racers, scene->n_racers, start, scene->steps, scene->seed, status);
}

Field *scene_field(const Scene *scene, Status *status) {
    const FieldRow *row = field_find(scene->surface);
    if (!row) {
        names_fail(status, "there are not so many dimensions for", scene->surface, "With --dim there are",
            NAMES_OF(field_table, field_count), NULL);
        return NULL;
    }
    if (scene->batch) {
        status_fail(status, STATUS_BAD_INPUT, "--batch: %s has no examples", scene->surface);
        return NULL;
    }
    Field *field = field_create(row, (size_t)scene->dim, status);
    for (int i = 0; field && i < scene->n_settings; i++) {
        if (field_set(field, scene->settings[i].name, scene->settings[i].value, status)) continue;
        field_destroy(field);
        return NULL;
    }
    return field;
}

Race *scene_field_race(const Scene *scene, Field *field, Status *status) {
    const double *pattern = scene->has_start ? scene->start : field_row(field)->start;
    double *start = malloc((size_t)scene->dim * sizeof *start);
    if (!start) {
        status_fail(status, STATUS_FAILED, "out of memory for %lld dimensions", (long long)scene->dim);
        return NULL;
    }
    for (int64_t i = 0; i < scene->dim; i++) start[i] = pattern[i % 2];
    Race *race = race_create(
        field_objective(field), scene->racers, scene->n_racers, start, scene->steps, scene->seed, status);
    free(start);
    return race;
}
