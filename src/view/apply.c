/* Compares two scenes part by part. A race is cheap, a formula is compiled, and a relief takes several
 * frames: so nothing is thrown away that still holds. */
#include "apply.h"

#include <string.h>

void running_finish(Running *running) {
    race_destroy(running->race);
    surface_destroy(running->surface);
    if (running->scene.surface) scene_finish(&running->scene);
    *running = (Running){0};
}

/* Everything anew. */
static bool start(Running *running, const Scene *scene, Status *status) {
    Running next = {.surface = scene_surface(scene, status)};
    if (next.surface) next.race = scene_race(scene, next.surface, status);
    if (!next.race) {
        surface_destroy(next.surface);
        return false;
    }
    next.scene = scene_copy(scene);
    running_finish(running);
    *running = next;
    return true;
}

/* Which examples a surface shows when is settled when it is made. */
static bool is_same_surface(const Scene *a, const Scene *b) {
    bool same_batches = a->batch == b->batch && a->order == b->order && (a->batch == 0 || a->seed == b->seed);
    return same_batches && strcmp(a->surface, b->surface) == 0;
}

static double setting_of(const Scene *scene, const FormulaParameter *parameter) {
    for (int i = scene->n_settings - 1; i >= 0; i--)
        if (strcmp(scene->settings[i].name, parameter->name) == 0) return scene->settings[i].value;
    return parameter->value;
}

/* True where a parameter of the surface has changed. A value outside of its range changes nothing. */
static bool set_parameters(Running *running, const Scene *scene, bool *changed, Status *status) {
    Surface *surface = running->surface;
    const Formula *formula = surface->formula;
    double before[FORMULA_PARAMETERS_MAX];
    for (int i = 0; i < formula->n_parameters; i++) {
        const FormulaParameter *parameter = &formula->parameters[i];
        double value = setting_of(scene, parameter);
        before[i] = surface->values[parameter->symbol];
        if (value == before[i]) continue;
        if (surface_set(surface, parameter->name, value, status)) {
            *changed = true;
            continue;
        }
        Status ignored = status_ok();
        while (--i >= 0) surface_set(surface, formula->parameters[i].name, before[i], &ignored);
        return false;
    }
    return true;
}

static bool averages(const RacerSpec *spec) {
    return spec->devices[DEVICE_POLYAK] > 0 || spec->devices[DEVICE_EMA] > 0;
}

/* Whether the racer that there is can become this one: its memory stays as it is. The state of a method is as
 * large as its hyperparameters say. */
static bool can_become(const RacerSpec *from, const RacerSpec *to) {
    bool same_values = memcmp(from->values, to->values, sizeof from->values) == 0;
    return from->optimizer == to->optimizer && averages(from) == averages(to) &&
           (!to->optimizer->method || same_values);
}

static bool needs_new_race(const Scene *from, const Scene *to) {
    bool same = from->n_racers == to->n_racers && from->steps == to->steps && from->seed == to->seed;
    for (int i = 0; same && i < to->n_racers; i++) same = can_become(&from->racers[i], &to->racers[i]);
    return !same;
}

static void point_of_start(const Scene *scene, const Surface *surface, double start[2]) {
    memcpy(start, scene->has_start ? scene->start : surface->start, 2 * sizeof *start);
}

static bool make_race_follow(Running *running, const Scene *scene, bool *changed, Status *status) {
    const Scene *have = &running->scene;
    if (needs_new_race(have, scene)) {
        Race *race = scene_race(scene, running->surface, status);
        if (!race) return false;
        race_destroy(running->race);
        running->race = race;
        *changed = true;
        return true;
    }
    for (int i = 0; i < scene->n_racers; i++) {
        if (memcmp(&have->racers[i], &scene->racers[i], sizeof have->racers[i]) == 0) continue;
        if (!race_set_racer(running->race, i, &scene->racers[i], status)) {
            Status ignored = status_ok();
            while (--i >= 0) race_set_racer(running->race, i, &have->racers[i], &ignored);
            return false;
        }
        *changed = true;
    }
    double from[2], to[2];
    point_of_start(have, running->surface, from);
    point_of_start(scene, running->surface, to);
    if (memcmp(from, to, sizeof to) == 0) return true;
    race_restart(running->race, to);
    *changed = true;
    return true;
}

bool running_apply(Running *running, const Scene *scene, Renewal *renewal, Status *status) {
    *renewal = RENEWAL_SURFACE;
    if (!running->surface || !is_same_surface(&running->scene, scene)) return start(running, scene, status);
    bool reshaped = false, changed = false;
    if (!set_parameters(running, scene, &reshaped, status)) return false;
    if (!make_race_follow(running, scene, &changed, status)) {
        bool back = false;
        Status ignored = status_ok();
        set_parameters(running, &running->scene, &back, &ignored);
        return false;
    }
    if (reshaped) race_restart(running->race, NULL);
    *renewal = reshaped ? RENEWAL_PARAMETERS : changed ? RENEWAL_RACE : RENEWAL_NONE;
    scene_finish(&running->scene);
    running->scene = scene_copy(scene);
    return true;
}
