/* Numbers that glide: parameters of the surface, the start, hyperparameters. Positive ones glide by their
 * logarithm, as their sliders do. */
#include "morph.h"

#include <math.h>
#include <string.h>

static const double DURATION_S = 0.9, WAIT_S = 0.35; /* the eye is at the arrow by then */

static double blend(double from, double to, double t) {
    if (from == to) return to;
    if (t >= 1) return to;
    double value = from > 0 && to > 0 ? from * pow(to / from, t) : from + (to - from) * t;
    double unit = pow(10, floor(log10(fabs(value))) - 2); /* as many digits as a slider has */
    return unit > 0 ? nearbyint(value / unit) * unit : value;
}

static const char *text_or_empty(const char *text) {
    return text ? text : "";
}

static bool are_alike(const Scene *from, const Scene *to) {
    if (network_scene_is_on(&from->network) || network_scene_is_on(&to->network) || from->dim || to->dim)
        return false;
    if (strcmp(text_or_empty(from->surface), text_or_empty(to->surface)) != 0 ||
        from->n_racers != to->n_racers)
        return false;
    for (int i = 0; i < to->n_racers; i++)
        if (strcmp(from->racers[i].optimizer->name, to->racers[i].optimizer->name) != 0 ||
            from->racers[i].n_changes || to->racers[i].n_changes)
            return false;
    return true;
}

/* The value of the surface's parameter of this name; `otherwise` where there is none. */
static double surface_value(const Surface *surface, const char *name, double otherwise) {
    for (int i = 0; i < surface->formula->n_parameters; i++)
        if (strcmp(surface->formula->parameters[i].name, name) == 0)
            return surface->values[surface->formula->parameters[i].symbol];
    return otherwise;
}

bool morph_begin(Morph *morph, const Scene *from, const Surface *surface, const Scene *to) {
    morph_finish(morph);
    if (!are_alike(from, to)) return false;
    bool differs = false;
    for (int i = 0; i < to->n_settings; i++) {
        morph->from_settings[i] = to->settings[i];
        double value = surface_value(surface, to->settings[i].name, to->settings[i].value);
        morph->from_settings[i].value = value;
        differs |= value != to->settings[i].value;
    }
    const double *start = from->has_start ? from->start : to->start;
    memcpy(morph->from_start, start, sizeof morph->from_start);
    differs |= to->has_start && memcmp(start, to->start, sizeof to->start) != 0;
    for (int i = 0; i < to->n_racers; i++) {
        memcpy(morph->from_values[i], from->racers[i].values, sizeof morph->from_values[i]);
        for (int k = 0; k < optimizer_parameter_count(to->racers[i].optimizer); k++)
            differs |= from->racers[i].values[k] != to->racers[i].values[k];
    }
    if (!differs) return false;
    morph->to = scene_copy(to);
    morph->elapsed_s = 0;
    morph->on = true;
    return true;
}

void morph_finish(Morph *morph) {
    if (morph->on) scene_finish(&morph->to);
    morph->on = false;
}

bool morph_advance(Morph *morph, double seconds, Scene *scene) {
    morph->elapsed_s += seconds;
    double t = fmin(fmax((morph->elapsed_s - WAIT_S) / DURATION_S, 0), 1), smooth = t * t * (3 - 2 * t);
    const Scene *to = &morph->to;
    for (int i = 0; i < to->n_settings && i < scene->n_settings; i++)
        scene->settings[i].value = blend(morph->from_settings[i].value, to->settings[i].value, smooth);
    for (int i = 0; i < 2 && to->has_start; i++)
        scene->start[i] =
            smooth < 1 ? morph->from_start[i] + (to->start[i] - morph->from_start[i]) * smooth : to->start[i];
    for (int i = 0; i < to->n_racers && i < scene->n_racers; i++)
        for (int k = 0; k < optimizer_parameter_count(to->racers[i].optimizer); k++) {
            const OptimizerParameter *parameter = &to->racers[i].optimizer->parameters[k];
            double value = blend(morph->from_values[i][k], to->racers[i].values[k], smooth);
            if (parameter->domain == DOMAIN_COUNT || parameter->scale == SCALE_SWITCH)
                value = smooth < 1 ? morph->from_values[i][k] : to->racers[i].values[k];
            scene->racers[i].values[k] = value;
        }
    if (t < 1) return true;
    morph_finish(morph);
    return false;
}
