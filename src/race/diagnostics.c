/* Curvature, limits and predictions at a point of a trace. */
#include "diagnostics.h"

#include <math.h>

static void describe_step(Diagnostics *out, Surface *surface, const double *from, const double *to) {
    double g[2], h[3], step[2] = {to[0] - from[0], to[1] - from[1]};
    surface_evaluate(surface, from[0], from[1], g, h);
    out->step_length = hypot(step[0], step[1]);
    for (int i = 0; i < 2; i++) out->effective_rate[i] = g[i] != 0 ? -step[i] / g[i] : NAN;
    double determinant = h[0] * h[2] - h[1] * h[1];
    double newton[2] = {(h[1] * g[1] - h[2] * g[0]) / determinant, (h[1] * g[0] - h[0] * g[1]) / determinant};
    double across = step[0] * newton[1] - step[1] * newton[0],
           along = step[0] * newton[0] + step[1] * newton[1];
    static const double degrees = 57.29577951308232;
    bool exists = out->step_length > 0 && isfinite(across) && isfinite(along);
    out->newton_angle = exists ? degrees * fabs(atan2(across, along)) : NAN;
}

static double nearest_minimum(const Surface *surface, const double *x) {
    double nearest = NAN;
    for (int i = 0; i < surface->n_stationary; i++) {
        const StationaryPoint *point = &surface->stationary[i];
        if (point->kind != STATIONARY_MINIMUM) continue;
        nearest = fmin(nearest, hypot(x[0] - point->x, x[1] - point->y));
    }
    return nearest;
}

Diagnostics race_diagnose(const Race *race, int racer, int64_t row, Surface *surface) {
    const Trace *trace = race_trace(race, racer);
    const RacerSpec *spec = race_spec(race, racer);
    const double *x = trace->x + 2 * row;
    double g[2], h[3], eigenvalues[2];
    Diagnostics out = {.step_length = NAN, .effective_rate = {NAN, NAN}, .newton_angle = NAN};
    if (row > 0) describe_step(&out, surface, x - 2, x);
    surface_evaluate(surface, x[0], x[1], g, h);
    symmetric_eigenvalues(h, eigenvalues);
    double lr = race_rate(race, racer, row);
    out.curvature = h[0] * g[0] * g[0] + 2 * h[1] * g[0] * g[1] + h[2] * g[1] * g[1];
    out.predicted_rise = 0.5 * lr * lr * out.curvature;
    out.predicted_fall = lr * (g[0] * g[0] + g[1] * g[1]);
    out.smallest = eigenvalues[0];
    out.largest = eigenvalues[1];
    out.condition = out.smallest > 0 ? out.largest / out.smallest : NAN;
    out.descent_limit = out.largest > 0 ? 2 / out.largest : NAN;
    const Optimizer *optimizer = spec->optimizer;
    const bool is_known = optimizer->stability && !optimizer->scaling;
    double factor = is_known ? optimizer->stability(racer_values(spec, row)) : NAN;
    out.method_limit = out.largest > 0 ? factor / out.largest : NAN;
    out.distance = nearest_minimum(surface, x);
    return out;
}
