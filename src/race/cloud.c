/* Gradients drawn over and over at one point. How they are shown is left to view/cloud_view.c. */
#include "cloud.h"

#include "race_inner.h"

#include <assert.h>
#include <math.h>

/* Numbers of draws that no race reaches; so far apart that two of them share no epoch of a small table. */
static const uint64_t FIRST_DRAW = UINT64_C(1) << 40, DRAW_STRIDE = 7919;

bool cloud_exists(const Race *race, int racer) {
    return race->objective->type->resample || devices_are_noisy(race->racers[racer].spec.devices);
}

/* One gradient with its minibatch and its noise. */
static void draw(const Race *race, const Racer *racer, const Vec *x, uint64_t number, const Vec *gradient) {
    const Objective *objective = race->objective;
    const double *devices = racer->spec.devices;
    number = FIRST_DRAW + number * DRAW_STRIDE;
    if (objective->type->resample) objective->type->resample(race->objective, number);
    objective->type->evaluate(race->objective, x, gradient);
    uint64_t stream = devices[DEVICE_OWN_NOISE] > 0 ? racer->noise : 0;
    devices_add_noise(devices, gradient, noise_stream(race->seed, stream, number));
}

void cloud_gradients(const Race *race, int racer, const double x[CLOUD_DIM], int n, double *gradients) {
    assert(race->objective->dim == CLOUD_DIM && race->objective->precision == PRECISION_F64);
    const Racer *of = &race->racers[racer];
    const double accumulate = of->spec.devices[DEVICE_ACCUMULATE];
    const uint64_t count = accumulate > 1 ? (uint64_t)accumulate : 1;
    double at[CLOUD_DIM] = {x[0], x[1]}, one[CLOUD_DIM];
    const Vec point = {.n = CLOUD_DIM, .precision = PRECISION_F64, .data = at};
    const Vec drawn = {.n = CLOUD_DIM, .precision = PRECISION_F64, .data = one};
    for (int i = 0; i < n; i++) {
        double *sum = gradients + (size_t)i * CLOUD_DIM;
        sum[0] = sum[1] = 0;
        for (uint64_t k = 0; k < count; k++) {
            draw(race, of, &point, (uint64_t)i * count + k, &drawn);
            for (int d = 0; d < CLOUD_DIM; d++) sum[d] += one[d] / (double)count;
        }
        const Vec mean = {.n = CLOUD_DIM, .precision = PRECISION_F64, .data = sum};
        devices_shape(of->spec.devices, &point, &mean);
    }
    if (race->objective->type->resample)
        race->objective->type->resample(race->objective, (uint64_t)race->done);
}

CloudShape cloud_shape(const double *gradients, int n) {
    CloudShape shape = {.mean = {0}};
    for (int i = 0; i < n; i++)
        for (int d = 0; d < CLOUD_DIM; d++) shape.mean[d] += gradients[i * CLOUD_DIM + d] / n;
    for (int i = 0; i < n; i++) {
        double dx = gradients[i * CLOUD_DIM] - shape.mean[0],
               dy = gradients[i * CLOUD_DIM + 1] - shape.mean[1];
        shape.covariance[0] += dx * dx / (n - 1);
        shape.covariance[1] += dx * dy / (n - 1);
        shape.covariance[2] += dy * dy / (n - 1);
    }
    return shape;
}

double cloud_spread(const CloudShape *shape) {
    return sqrt(shape->covariance[0] + shape->covariance[2]);
}
