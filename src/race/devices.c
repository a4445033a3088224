/* The gradient on its way from the objective to the optimizer. */
#include "devices.h"

#include "noise.h"

#include "rng.h"

#include <math.h>
#include <string.h>

const OptimizerParameter device_table[DEVICE_COUNT] = {
    [DEVICE_NOISE] = {"noise", 0, 1e-3, 100, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_STATE_NOISE] = {"state_noise", 0, 1e-3, 10, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_HEAVY_NOISE] = {"heavy_noise", 0, 1e-3, 100, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_BATCH] = {"batch", 1, 1, 1e4, SCALE_LOG, DOMAIN_POSITIVE},
    [DEVICE_OWN_NOISE] = {"own_noise", 0, 0, 1, SCALE_SWITCH, DOMAIN_SWITCH},
    [DEVICE_ACCUMULATE] = {"accumulate", 1, 1, 100, SCALE_LOG, DOMAIN_COUNT},
    [DEVICE_BIAS] = {"bias", 0, -10, 10, SCALE_LINEAR, DOMAIN_ANY},
    [DEVICE_L2] = {"l2", 0, 1e-5, 10, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_L1] = {"l1", 0, 1e-5, 10, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_CLIP_NORM] = {"clip_norm", 0, 1e-3, 1000, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_CLIP_VALUE] = {"clip_value", 0, 1e-3, 1000, SCALE_LOG, DOMAIN_NOT_NEGATIVE},
    [DEVICE_POLYAK] = {"polyak", 0, 0, 1, SCALE_SWITCH, DOMAIN_SWITCH},
    [DEVICE_EMA] = {"ema", 0, 0, 0.9999, SCALE_LINEAR, DOMAIN_DECAY},
};

void devices_defaults(double devices[DEVICE_COUNT]) {
    for (int i = 0; i < DEVICE_COUNT; i++) devices[i] = device_table[i].value;
}

int device_find(const char *name) {
    for (int i = 0; i < DEVICE_COUNT; i++)
        if (strcmp(device_table[i].name, name) == 0) return i;
    return -1;
}

bool devices_are_noisy(const double devices[DEVICE_COUNT]) {
    return devices[DEVICE_NOISE] > 0 || devices[DEVICE_STATE_NOISE] > 0 || devices[DEVICE_HEAVY_NOISE] > 0;
}

bool devices_change_gradient(const double devices[DEVICE_COUNT]) {
    return devices_are_noisy(devices) || devices[DEVICE_BIAS] != 0 || devices[DEVICE_L2] > 0 ||
           devices[DEVICE_L1] > 0 || devices[DEVICE_CLIP_NORM] > 0 || devices[DEVICE_CLIP_VALUE] > 0;
}

uint64_t noise_stream(uint64_t seed, uint64_t racer, uint64_t step) {
    Rng rng = rng_stream(seed, racer, step);
    return rng_next(&rng);
}

/* gradient += size * normal */
static void add_normal(const Vec *gradient, double size, uint64_t stream) {
    enum { CHUNK = 16 * NOISE_BLOCK };
    union {
        double f64[CHUNK];
        float f32[CHUNK];
    } numbers;
    Vec part = *gradient, noise = {.precision = gradient->precision, .data = &numbers};
    for (size_t start = 0; start < gradient->n; start += CHUNK) {
        part.n = noise.n = gradient->n - start < CHUNK ? gradient->n - start : CHUNK;
        part.data = (char *)gradient->data + start * precision_bytes(gradient->precision);
        noise_fill(&noise, stream, start);
        vec_combine(&part, 1, &part, size, &noise);
    }
}

void devices_add_noise(const double devices[DEVICE_COUNT], const Vec *gradient, uint64_t stream) {
    if (!devices_are_noisy(devices)) return;
    /* Each kind has a stream of its own: racers share each whatever other kinds they have. */
    Rng rng = rng_seed(stream);
    uint64_t gaussian_stream = rng_next(&rng), state_stream = rng_next(&rng), heavy_stream = rng_next(&rng);
    double batch = devices[DEVICE_BATCH] > 0 ? devices[DEVICE_BATCH] : 1, root = sqrt(batch);
    double gaussian = devices[DEVICE_NOISE] / root, heavy = devices[DEVICE_HEAVY_NOISE] / root;
    double state =
        devices[DEVICE_STATE_NOISE] > 0 ? devices[DEVICE_STATE_NOISE] * vec_norm(gradient) / root : 0;
    if (gaussian > 0) add_normal(gradient, gaussian, gaussian_stream);
    if (state > 0) add_normal(gradient, state, state_stream);
    for (size_t i = 0; heavy > 0 && i < gradient->n; i++)
        vec_set(gradient, i, vec_get(gradient, i) + heavy * noise_student(heavy_stream, i));
}

static double add_l2(double l2, const Vec *x, const Vec *gradient) {
    if (l2 == 0) return 0;
    vec_combine(gradient, 1, gradient, l2, x);
    return 0.5 * l2 * vec_dot(x, x);
}

static double add_l1(double l1, const Vec *x, const Vec *gradient) {
    double sizes = 0;
    for (size_t i = 0; l1 > 0 && i < x->n; i++) {
        double at = vec_get(x, i), sign = (at > 0) - (at < 0);
        vec_set(gradient, i, vec_get(gradient, i) + l1 * sign);
        sizes += fabs(at);
    }
    return l1 * sizes;
}

static void clip(const double *devices, const Vec *gradient) {
    double longest = devices[DEVICE_CLIP_NORM], largest = devices[DEVICE_CLIP_VALUE];
    double norm = longest > 0 ? vec_norm(gradient) : 0;
    if (norm > longest) vec_combine(gradient, longest / norm, gradient, 0, gradient);
    for (size_t i = 0; largest > 0 && i < gradient->n; i++) {
        double value = vec_get(gradient, i);
        if (fabs(value) > largest) vec_set(gradient, i, copysign(largest, value));
    }
}

double devices_shape(const double devices[DEVICE_COUNT], const Vec *x, const Vec *gradient) {
    if (devices[DEVICE_BIAS] != 0)
        for (size_t i = 0; i < gradient->n; i++)
            vec_set(gradient, i, vec_get(gradient, i) + devices[DEVICE_BIAS]);
    double penalty = add_l2(devices[DEVICE_L2], x, gradient);
    penalty += add_l1(devices[DEVICE_L1], x, gradient);
    clip(devices, gradient);
    return penalty;
}

double devices_apply(const double devices[DEVICE_COUNT], const Vec *x, const Vec *gradient, uint64_t stream) {
    devices_add_noise(devices, gradient, stream);
    return devices_shape(devices, x, gradient);
}
