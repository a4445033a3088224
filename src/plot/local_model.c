/* Eigenvalues, the Newton point and the conic through x. */
#include "local_model.h"

#include <math.h>
#include <string.h>

/* Where one eigenvalue is this small beside the other, the Newton point is rounding. */
static const double FLAT = 1e-12;
static const double TAU = 6.283185307179586;

LocalModel local_model_of(const double x[2], double loss, const double gradient[2], const double hessian[3]) {
    LocalModel model = {.loss = loss, .kind = STATIONARY_DEGENERATE, .stationary = {NAN, NAN}};
    memcpy(model.x, x, sizeof model.x);
    memcpy(model.gradient, gradient, sizeof model.gradient);
    memcpy(model.hessian, hessian, sizeof model.hessian);
    symmetric_eigenvalues(hessian, model.eigenvalues);
    double angle = 0.5 * atan2(2 * hessian[1], hessian[0] - hessian[2]); /* of the largest one's axis */
    double c = cos(angle), s = sin(angle);
    memcpy(model.axes, (double[2][2]){{-s, c}, {c, s}}, sizeof model.axes);
    double low = model.eigenvalues[0], high = model.eigenvalues[1];
    double size = fmax(fabs(low), fabs(high));
    if (!(fmin(fabs(low), fabs(high)) > FLAT * size) || !isfinite(size)) return model;
    model.kind = low > 0 ? STATIONARY_MINIMUM : high < 0 ? STATIONARY_MAXIMUM : STATIONARY_SADDLE;
    for (int k = 0; k < 2; k++) model.stationary[k] = x[k];
    for (int i = 0; i < 2; i++) {
        const double *axis = model.axes[i];
        double slope = axis[0] * gradient[0] + axis[1] * gradient[1];
        for (int k = 0; k < 2; k++) model.stationary[k] -= slope / model.eigenvalues[i] * axis[k];
    }
    return model;
}

double local_model_at(const LocalModel *model, const double point[2]) {
    const double *g = model->gradient, *h = model->hessian;
    double dx = point[0] - model->x[0], dy = point[1] - model->x[1];
    return model->loss + g[0] * dx + g[1] * dy + 0.5 * (h[0] * dx * dx + 2 * h[1] * dx * dy + h[2] * dy * dy);
}

bool local_model_curve(
    const LocalModel *model, double reach, int branch, double points[LOCAL_MODEL_POINTS][2]) {
    if (model->kind == STATIONARY_DEGENERATE) return false;
    const double *value = model->eigenvalues;
    /* Along the axes from the stationary point: value[0] a^2 + value[1] b^2 is the same everywhere. */
    double at[2], level = 0, half[2];
    for (int i = 0; i < 2; i++) {
        at[i] = model->axes[i][0] * (model->x[0] - model->stationary[0]) +
                model->axes[i][1] * (model->x[1] - model->stationary[1]);
        level += value[i] * at[i] * at[i];
    }
    for (int i = 0; i < 2; i++) half[i] = sqrt(fabs(level / value[i]));
    bool closed = model->kind != STATIONARY_SADDLE;
    if (!(half[0] > 0 && half[1] > 0) || !isfinite(half[0] + half[1]) || (closed && branch > 0)) return false;
    int through = level * value[1] > 0; /* a hyperbola's branches cross this axis */
    double sign = branch > 0 ? -1 : 1, most = asinh(reach / half[!through]);
    for (int i = 0; i < LOCAL_MODEL_POINTS; i++) {
        double part = i / (double)(LOCAL_MODEL_POINTS - 1), along[2];
        if (closed) {
            along[0] = half[0] * cos(TAU * part);
            along[1] = half[1] * sin(TAU * part);
        } else {
            along[through] = sign * half[through] * cosh(most * (2 * part - 1));
            along[!through] = half[!through] * sinh(most * (2 * part - 1));
        }
        for (int k = 0; k < 2; k++)
            points[i][k] = model->stationary[k] + along[0] * model->axes[0][k] + along[1] * model->axes[1][k];
    }
    return true;
}
