/* Scenes from the words of a command line. Running and showing one is left to the race and the views. */
#include "scene.h"

#include "names.h"
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

void scene_clear_racers(Scene *scene) {
    for (int i = 0; i < scene->n_racers; i++) own_optimizer_release(scene->own[i]);
    memset(scene->own, 0, sizeof scene->own);
    scene->n_racers = 0;
}

void scene_finish(Scene *scene) {
    scene_clear_racers(scene);
    free(scene->surface);
    *scene = (Scene){0};
}

Scene scene_copy(const Scene *scene) {
    Scene copy = *scene;
    copy.surface = strdup(scene->surface);
    for (int i = 0; i < copy.n_racers; i++)
        if (copy.own[i]) own_optimizer_share(copy.own[i]);
    return copy;
}

void scene_set_surface(Scene *scene, char *surface) {
    free(scene->surface);
    scene->surface = surface;
}

static bool fail_unknown_optimizer(const char *name, Status *status) {
    if (strcmp(name, "muon") == 0 || strcmp(name, "shampoo") == 0)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s acts on the weight matrices of a network; a surface has two numbers and no matrix", name);
    return names_fail(
        status, "there is no optimizer", name, "There are", NAMES_OF(optimizer_table, optimizer_count), NULL);
}

static bool fail_unknown_key(const Optimizer *optimizer, const char *key, Status *status) {
    const char *names[OPTIMIZER_PARAMETERS_MAX + DEVICE_COUNT + 3];
    int n = optimizer_parameter_count(optimizer);
    for (int i = 0; i < n; i++) names[i] = optimizer->parameters[i].name;
    names[n++] = "label";
    names[n++] = "schedule";
    names[n++] = "warmup";
    for (int i = 0; i < DEVICE_COUNT; i++) names[n++] = device_table[i].name;
    char problem[96];
    snprintf(problem, sizeof problem, "%s has no parameter", optimizer->name);
    return names_fail(status, problem, key, "It has", NAMES_OF(names, n), NULL);
}

/* A label goes into pictures and CSV: printable UTF-8, short. */
static bool read_label(RacerSpec *racer, const char *label, Status *status) {
    if (!*label || strlen(label) >= sizeof racer->label)
        return status_fail(
            status, STATUS_BAD_INPUT, "a label is 1 to %zu bytes long", sizeof racer->label - 1);
    if (!text_is_printable(label))
        return status_fail(status, STATUS_BAD_INPUT, "a label is printable UTF-8 text");
    snprintf(racer->label, sizeof racer->label, "%s", label);
    return true;
}

/* Which parameter a key names, and where its value is kept; NULL where it names none. */
static const OptimizerParameter *find_parameter(RacerSpec *racer, const char *key, double **value) {
    int own = optimizer_parameter_find(racer->optimizer, key), device = device_find(key);
    if (own >= 0) {
        *value = &racer->values[own];
        return &racer->optimizer->parameters[own];
    }
    if (device < 0) return NULL;
    *value = &racer->devices[device];
    return &device_table[device];
}

static bool read_number(const char *key, const char *owner, const char *text, double *value, Status *status) {
    if (text_parse_number(text, value)) return true;
    return status_fail(
        status, STATUS_BAD_INPUT, "%s of %s is '%.40s', which is not a number", key, owner, text);
}

static bool read_key(RacerSpec *racer, const char *key, const char *text, Status *status) {
    const char *owner = racer->optimizer->name;
    double *value, number;
    if (strcmp(key, "label") == 0) return read_label(racer, text, status);
    if (strcmp(key, "schedule") == 0)
        return schedule_read(&racer->schedule, text, status) ||
               status_prefix(status, "schedule of %s", owner);
    if (strcmp(key, "warmup") == 0) {
        if (!read_number(key, owner, text, &number, status)) return false;
        if (!(number >= 0))
            return status_fail(
                status, STATUS_BAD_INPUT, "warmup of %s is %g; it must be 0 or more", owner, number);
        racer->schedule.warmup = number;
        return true;
    }
    const OptimizerParameter *parameter = find_parameter(racer, key, &value);
    if (!parameter) return fail_unknown_key(racer->optimizer, key, status);
    if (!read_number(key, owner, text, &number, status) || !parameter_check(parameter, owner, number, status))
        return false;
    *value = number;
    return true;
}

/* The end of a key=value pair: the next comma outside parentheses, which a formula may have inside. */
static char *pair_end(char *text) {
    int nesting = 0;
    for (; *text; text++) {
        if (*text == '(' || *text == '[') nesting++;
        if (*text == ')' || *text == ']') nesting--;
        if (*text == ',' && nesting <= 0) break;
    }
    return text;
}

static bool was_given(const char *const *keys, int n, const char *key) {
    for (int i = 0; i < n; i++)
        if (strcmp(keys[i], key) == 0) return true;
    return false;
}

/* The key=value pairs after the colon; cuts `text` up as it reads. */
static bool read_keys(RacerSpec *racer, char *text, Status *status) {
    enum { KEYS_MAX = 64 };
    const char *given[KEYS_MAX], *name = racer->optimizer->name;
    int n = 0;
    for (char *pair = text; pair;) {
        char *end = pair_end(pair), *next = *end ? end + 1 : NULL;
        *end = '\0';
        char *equals = strchr(pair, '=');
        if (!equals)
            return status_fail(status, STATUS_BAD_INPUT, "%s: expected key=value, not '%.60s'", name, pair);
        *equals = '\0';
        if (was_given(given, n, pair))
            return status_fail(status, STATUS_BAD_INPUT, "%s of %s is given twice", pair, name);
        if (!read_key(racer, pair, equals + 1, status)) return false;
        if (n < KEYS_MAX) given[n++] = pair;
        pair = next;
    }
    return true;
}

/* Whether a key means something to this racer. */
static bool has_key(RacerSpec *racer, const char *key) {
    double *value;
    return strcmp(key, "schedule") == 0 || strcmp(key, "warmup") == 0 || find_parameter(racer, key, &value);
}

bool scene_set_all(Scene *scene, const char *text, Status *status) {
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    bool good = true;
    for (char *pair = copy; pair && good;) {
        char *end = pair_end(pair), *next = *end ? end + 1 : NULL, *equals = strchr(pair, '=');
        *end = '\0';
        if (!equals) {
            good = status_fail(status, STATUS_BAD_INPUT, "expected key=value, not '%.60s'", pair);
            break;
        }
        *equals = '\0';
        int n_meant = 0;
        for (int i = 0; i < scene->n_racers && good; i++) {
            if (!has_key(&scene->racers[i], pair)) continue;
            n_meant++;
            good = read_key(&scene->racers[i], pair, equals + 1, status);
        }
        if (good && n_meant == 0)
            good = status_fail(status, STATUS_BAD_INPUT, "no racer here has a parameter '%.60s'", pair);
        pair = next;
    }
    free(copy);
    return good;
}

/* A script has statements; key=value,... has neither semicolons nor blanks around its signs. */
static bool is_script(const char *text) {
    static const char *const signs[] = {";", "\n", " = ", "+=", "-=", "*=", "/="};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(text, signs[i])) return true;
    return false;
}

/* An own optimizer: a script, and the keys behind a bar. */
static bool read_own(Scene *scene, RacerSpec *racer, const char *name, char *text, Status *status) {
    char *keys = strchr(text, '|');
    if (keys) *keys++ = '\0';
    OwnOptimizer *own = own_optimizer_create(name, text, status);
    if (!own) return false;
    scene->own[scene->n_racers] = own;
    racer->optimizer = own_optimizer_row(own);
    optimizer_defaults(racer->optimizer, racer->values);
    if (!keys || read_keys(racer, keys + strspn(keys, " "), status)) return true;
    own_optimizer_release(own);
    scene->own[scene->n_racers] = NULL;
    return false;
}

static bool read_shipped(RacerSpec *racer, const char *name, char *keys, Status *status) {
    racer->optimizer = optimizer_find(name);
    if (!racer->optimizer) return fail_unknown_optimizer(name, status);
    optimizer_defaults(racer->optimizer, racer->values);
    return !keys || read_keys(racer, keys, status);
}

bool scene_add_racer(Scene *scene, const char *text, Status *status) {
    if (scene->n_racers == RACE_RACERS_MAX)
        return status_fail(status, STATUS_BAD_INPUT, "a race has at most %d racers", RACE_RACERS_MAX);
    char *copy = strdup(text);
    if (!copy) return status_fail(status, STATUS_FAILED, "out of memory");
    char *rest = strchr(copy, ':');
    if (rest) *rest++ = '\0';
    RacerSpec racer = {.optimizer = NULL};
    devices_defaults(racer.devices);
    snprintf(racer.label, sizeof racer.label, "%s", copy);
    bool own = rest && !optimizer_find(copy) && is_script(rest);
    bool good = own ? read_own(scene, &racer, copy, rest, status) : read_shipped(&racer, copy, rest, status);
    if (good) scene->racers[scene->n_racers++] = racer;
    free(copy);
    return good;
}

bool scene_add_setting(Scene *scene, const char *text, Status *status) {
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (length == 0) return status_fail(status, STATUS_BAD_INPUT, "expected NAME=VALUE, not '%.60s'", text);
    if (scene->n_settings == FORMULA_PARAMETERS_MAX)
        return status_fail(
            status, STATUS_BAD_INPUT, "a surface has at most %d parameters", FORMULA_PARAMETERS_MAX);
    Setting *setting = &scene->settings[scene->n_settings];
    if (length >= sizeof setting->name)
        return status_fail(status, STATUS_BAD_INPUT, "'%.*s' is longer than any parameter's name", 40, text);
    memcpy(setting->name, text, length);
    setting->name[length] = '\0';
    if (!text_parse_number(equals + 1, &setting->value))
        return status_fail(
            status, STATUS_BAD_INPUT, "%s is '%.40s', which is not a number", setting->name, equals + 1);
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
