/* Names of what is on the screen, as lessons write them; where on the screen that is, the view knows. */
#include "lesson_point.h"

#include "scene_keys.h"

#include <string.h>

const char *const lesson_place_names[PLACES] = {
    [PLACE_START] = "start",
    [PLACE_TIMELINE] = "timeline",
    [PLACE_CHART] = "chart",
    [PLACE_PLAY] = "play",
    [PLACE_SURFACE] = "surface",
    [PLACE_VIEW] = "view",
    [PLACE_RACERS] = "racers",
};

static bool has_hyperparameter(const RacerSpec *spec, const char *name) {
    for (int i = 0; i < optimizer_parameter_count(spec->optimizer); i++)
        if (strcmp(spec->optimizer->parameters[i].name, name) == 0) return true;
    return false;
}

static bool is_device(const char *name) {
    for (int i = 0; i < DEVICE_COUNT; i++)
        if (strcmp(device_table[i].name, name) == 0) return true;
    return strcmp(name, "schedule") == 0 || strcmp(name, "warmup") == 0;
}

/* A racer, or "RACER.NAME" of it. */
static bool read_racer(const Scene *scene, const char *text, LessonPoint *point) {
    for (int i = 0; i < scene->n_racers; i++) {
        const RacerSpec *spec = &scene->racers[i];
        size_t length = strlen(spec->label);
        if (strncmp(text, spec->label, length) != 0) continue;
        const char *name = text + length + 1;
        if (!text[length])
            *point = (LessonPoint){.kind = POINT_RACER, .racer = i};
        else if (text[length] == '.' && has_hyperparameter(spec, name))
            *point = (LessonPoint){.kind = POINT_HYPERPARAMETER, .racer = i, .name = name};
        else if (text[length] == '.' && is_device(name))
            *point = (LessonPoint){.kind = POINT_DEVICE, .racer = i, .name = name};
        else
            continue;
        return true;
    }
    return false;
}

static bool read_own_name(const Scene *scene, const char *text, LessonPoint *point) {
    for (int i = 0; i < scene->n_racers; i++) {
        if (!has_hyperparameter(&scene->racers[i], text)) continue;
        *point = (LessonPoint){.kind = POINT_HYPERPARAMETER, .racer = i, .name = text};
        return true;
    }
    return false;
}

/* Of the scene's surface; NULL where it has none, or one that cannot be made, which others tell. */
static Surface *surface_of(const Scene *scene) {
    Status status = status_ok();
    return network_scene_is_on(&scene->network) || scene->dim > 0 ? NULL : scene_surface(scene, &status);
}

static bool read_surface(const Scene *scene, const char *text, LessonPoint *point) {
    Surface *surface = surface_of(scene);
    bool found = false;
    for (int i = 0; surface && i < surface->formula->n_parameters; i++)
        found |= strcmp(surface->formula->parameters[i].name, text) == 0;
    surface_destroy(surface);
    if (found) *point = (LessonPoint){.kind = POINT_SURFACE, .name = text};
    return found;
}

static void append(Text *out, const char *name) {
    text_append(out, "%s%s", out->length > 0 ? ", " : "", name);
}

void lesson_point_list(const Scene *scene, Text *out) {
    for (int i = 0; i < PLACES; i++) append(out, lesson_place_names[i]);
    Surface *surface = surface_of(scene);
    for (int i = 0; surface && i < surface->formula->n_parameters; i++)
        append(out, surface->formula->parameters[i].name);
    surface_destroy(surface);
    for (int i = 0; i < scene->n_racers; i++) {
        const RacerSpec *spec = &scene->racers[i];
        append(out, spec->label);
        for (int k = 0; k < optimizer_parameter_count(spec->optimizer); k++)
            text_append(out, ", %s.%s", spec->label, spec->optimizer->parameters[k].name);
    }
}

bool lesson_point_read(const Scene *scene, const char *text, LessonPoint *point, Status *status) {
    for (int i = 0; i < PLACES; i++) {
        if (strcmp(lesson_place_names[i], text) != 0) continue;
        *point = (LessonPoint){.kind = POINT_PLACE, .place = (LessonPlace)i};
        return true;
    }
    if (read_surface(scene, text, point) || read_racer(scene, text, point) ||
        read_own_name(scene, text, point))
        return true;
    if (scene_key_find(text)) {
        *point = (LessonPoint){.kind = POINT_KEY, .name = text};
        return true;
    }
    Text list = {0};
    lesson_point_list(scene, &list);
    status_fail(status, STATUS_BAD_INPUT,
        "there is nothing called '%s' to point at; there are %s, and the keys of scene files", text,
        text_string(&list));
    text_finish(&list);
    return false;
}
