/* Scenes from the words of a command line. Running and showing one is left to the race and the views. */
#include "scene.h"

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
    Scene scene = {.surface = strdup("ravine"), .steps = 200, .seed = 1};
    Status status = status_ok();
    for (size_t i = 0; i < sizeof default_racers / sizeof default_racers[0]; i++)
        scene_add_racer(&scene, default_racers[i], &status);
    return scene;
}

void scene_finish(Scene *scene) {
    free(scene->surface);
    *scene = (Scene){0};
}

Scene scene_copy(const Scene *scene) {
    Scene copy = *scene;
    copy.surface = strdup(scene->surface);
    return copy;
}

void scene_set_surface(Scene *scene, char *surface) {
    free(scene->surface);
    scene->surface = surface;
}

static bool fail_unknown_optimizer(const char *name, Status *status) {
    Text known = {0};
    for (int i = 0; i < optimizer_count; i++)
        text_append(&known, "%s%s", i ? ", " : "", optimizer_table[i].name);
    const char *nearest = text_nearest(name, optimizer_table, (size_t)optimizer_count, sizeof optimizer_table[0]);
    status_fail(status, STATUS_BAD_INPUT, "there is no optimizer '%.60s'%s%s%s; there are %s", name,
        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "", text_string(&known));
    text_finish(&known);
    return false;
}

static bool fail_unknown_key(const Optimizer *optimizer, const char *key, Status *status) {
    Text known = {0};
    const char *names[OPTIMIZER_PARAMETERS_MAX + 1];
    int n = optimizer_parameter_count(optimizer);
    for (int i = 0; i < n; i++) names[i] = optimizer->parameters[i].name;
    names[n++] = "label";
    for (int i = 0; i < n; i++) text_append(&known, "%s%s", i ? ", " : "", names[i]);
    const char *nearest = text_nearest(key, names, (size_t)n, sizeof names[0]);
    status_fail(status, STATUS_BAD_INPUT, "%s has no parameter '%.60s'%s%s%s; it has %s", optimizer->name, key,
        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "", text_string(&known));
    text_finish(&known);
    return false;
}

/* A label goes into pictures and CSV: printable UTF-8, short. */
static bool read_label(RacerSpec *racer, const char *label, Status *status) {
    if (!*label || strlen(label) >= sizeof racer->label)
        return status_fail(status, STATUS_BAD_INPUT, "a label is 1 to %zu bytes long", sizeof racer->label - 1);
    if (!text_is_printable(label))
        return status_fail(status, STATUS_BAD_INPUT, "a label is printable UTF-8 text");
    snprintf(racer->label, sizeof racer->label, "%s", label);
    return true;
}

static bool read_key(RacerSpec *racer, bool given[], const char *key, const char *value, Status *status) {
    const Optimizer *optimizer = racer->optimizer;
    if (strcmp(key, "label") == 0) return read_label(racer, value, status);
    int parameter = optimizer_parameter_find(optimizer, key);
    if (parameter < 0) return fail_unknown_key(optimizer, key, status);
    if (given[parameter])
        return status_fail(status, STATUS_BAD_INPUT, "%s of %s is given twice", key, optimizer->name);
    given[parameter] = true;
    if (!text_parse_number(value, &racer->values[parameter]))
        return status_fail(status, STATUS_BAD_INPUT, "%s of %s is '%.40s', which is not a number", key,
            optimizer->name, value);
    return parameter_check(&optimizer->parameters[parameter], optimizer->name, racer->values[parameter], status);
}

/* The key=value pairs after the colon; cuts `text` up as it reads. */
static bool read_keys(RacerSpec *racer, char *text, Status *status) {
    bool given[OPTIMIZER_PARAMETERS_MAX] = {false};
    for (char *pair = text; pair;) {
        char *comma = strchr(pair, ',');
        if (comma) *comma++ = '\0';
        char *equals = strchr(pair, '=');
        if (!equals)
            return status_fail(status, STATUS_BAD_INPUT, "%s: expected key=value, not '%.60s'",
                racer->optimizer->name, pair);
        *equals = '\0';
        if (!read_key(racer, given, pair, equals + 1, status)) return false;
        pair = comma;
    }
    return true;
}

bool scene_add_racer(Scene *scene, const char *text, Status *status) {
    if (scene->n_racers == RACE_RACERS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "a race has at most %d racers", RACE_RACERS_MAX);
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    char *keys = strchr(copy, ':');
    if (keys) *keys++ = '\0';
    RacerSpec racer = {.optimizer = optimizer_find(copy)};
    bool good = racer.optimizer != NULL || fail_unknown_optimizer(copy, status);
    if (good) {
        optimizer_defaults(racer.optimizer, racer.values);
        snprintf(racer.label, sizeof racer.label, "%s", racer.optimizer->name);
        good = !keys || read_keys(&racer, keys, status);
    }
    if (good) scene->racers[scene->n_racers++] = racer;
    free(copy);
    return good;
}

bool scene_add_setting(Scene *scene, const char *text, Status *status) {
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (length == 0)
        return status_fail(status, STATUS_BAD_INPUT, "expected NAME=VALUE, not '%.60s'", text);
    if (scene->n_settings == FORMULA_PARAMETERS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "a surface has at most %d parameters", FORMULA_PARAMETERS_MAX);
    Setting *setting = &scene->settings[scene->n_settings];
    if (length >= sizeof setting->name)
        return status_fail(status, STATUS_BAD_INPUT, "'%.*s' is longer than any parameter's name", 40, text);
    memcpy(setting->name, text, length);
    setting->name[length] = '\0';
    if (!text_parse_number(equals + 1, &setting->value))
        return status_fail(status, STATUS_BAD_INPUT, "%s is '%.40s', which is not a number", setting->name, equals + 1);
    scene->n_settings++;
    return true;
}

bool scene_set_start(Scene *scene, const char *text, Status *status) {
    char first[64];
    const char *comma = strchr(text, ',');
    size_t length = comma ? (size_t)(comma - text) : sizeof first;
    bool good = length < sizeof first;
    if (good) {
        memcpy(first, text, length);
        first[length] = '\0';
        const char *second = comma + 1 + strspn(comma + 1, " ");
        good = text_parse_number(first, &scene->start[0]) && text_parse_number(second, &scene->start[1]);
    }
    if (!good) return status_fail(status, STATUS_BAD_INPUT, "expected two numbers X,Y, not '%.60s'", text);
    scene->has_start = true;
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
    return surface;
}

Race *scene_race(const Scene *scene, Surface *surface, Status *status) {
    const double *start = scene->has_start ? scene->start : surface->start;
    return race_create(&surface->objective, scene->racers, scene->n_racers, start, scene->steps, status);
}
