/* Newton's method: x -= lr H^-1 g. As it stands it goes to the nearest point where the gradient vanishes,
 * a saddle or a maximum as well ("Deep Learning" 8.6.1); with the absolute values of the eigenvalues of H
 * it leaves them (Dauphin et al. 2014). Solving is left to dense.c. */
#include "dense.h"
#include "methods.h"

#include <math.h>

enum { VALUE_DAMPING = 1, VALUE_SADDLE_FREE = 2 };

struct MethodState {
    size_t n;
    double *step, *hessian; /* (n), (n, n) */
    void *work;
};

static double padded(double bytes) {
    return ceil(bytes / 64) * 64;
}

static double state_bytes(const Space *space, const double *values) {
    (void)values;
    const size_t n = space->n;
    const double size = (double)n * sizeof(double);
    if (n > DENSE_N_MAX)
        return 2 * size * (double)n; /* beyond LAPACK's indices, and any memory limit of ours */
    return padded(sizeof(MethodState)) + padded(size) + padded(size * (double)n) +
           padded(dense_work_bytes(n));
}

static void place(MethodState *state, const Space *space, const double *values) {
    const double n = (double)space->n;
    state->n = space->n;
    (void)values;
    char *next = (char *)state + (size_t)padded(sizeof *state);
    state->step = (double *)(void *)next;
    next += (size_t)padded(n * sizeof *state->step);
    state->hessian = (double *)(void *)next;
    next += (size_t)padded(n * n * sizeof *state->hessian);
    state->work = next;
}

static void reset(MethodState *state, const Space *space, const double *values) {
    *state = (MethodState){0};
    place(state, space, values);
}

static bool is_finite(const double *numbers, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(numbers[i])) return false;
    return true;
}

/* Turns the gradient into the step, H^-1 g. */
static bool solve(MethodState *state, const double *values) {
    const size_t n = state->n;
    const double damping = values[VALUE_DAMPING];
    if (values[VALUE_SADDLE_FREE] != 0)
        return dense_solve_absolute(n, state->hessian, damping, state->step, state->work);
    for (size_t i = 0; i < n; i++) state->hessian[i * n + i] += damping;
    return dense_solve(n, state->hessian, state->step, state->work);
}

static const char *take_step(MethodState *state, const MethodStep *step) {
    const Evaluator *evaluator = step->evaluator;
    const size_t n = state->n;
    const Vec *gradient;
    if (!evaluator->hessian) return "the objective has no Hessian";
    evaluator->evaluate(evaluator->context, step->x, &gradient);
    vec_read(gradient, state->step);
    if (!is_finite(state->step, n)) return "the gradient is not finite";
    if (vec_largest(gradient) == 0) return NULL; /* there already, whatever the Hessian is */
    evaluator->hessian(evaluator->context, step->x, state->hessian);
    if (!is_finite(state->hessian, n * n)) return "the Hessian is not finite";
    if (!solve(state, step->values)) return "the Hessian is singular";
    if (!is_finite(state->step, n)) return "the Newton step is not finite";
    for (size_t i = 0; i < n; i++) vec_set(step->x, i, vec_get(step->x, i) - step->lr * state->step[i]);
    return NULL;
}

static bool step(MethodState *state, MethodStep *method_step) {
    method_step->failure = take_step(state, method_step);
    return !method_step->failure;
}

const Method method_newton = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step, .takes_curvature = true};
