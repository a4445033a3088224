/* Nonlinear conjugate gradients after Polak and Ribière (Nocedal & Wright 5.2), and steepest descent with the same
 * line search, which is the same without the memory of a direction. */
#include "descent.h"
#include "methods.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>

enum { VALUE_C2 = 1 };

struct MethodState {
    Descent descent;
    double c2;
    bool has_step;          /* there has been a step to continue from */
    double beta;            /* of the direction before in the next one; 0 restarts */
    double before, step, slope;     /* of the step before */
};

static double state_bytes(size_t n, Precision precision, const double *values) {
    (void)values;
    return (double)((sizeof(MethodState) + 63) / 64 * 64) + descent_bytes(n, precision);
}

static void forget(MethodState *state) {
    state->has_step = false;
    state->beta = 0;
}

static void reset(MethodState *state, size_t n, Precision precision, const double *values) {
    *state = (MethodState){.c2 = values[VALUE_C2]};
    char *next = (char *)state + (sizeof *state + 63) / 64 * 64;
    descent_init(&state->descent, &next, n, precision);
}

/* The first trial promises the same decrease as the step before brought the slope (Nocedal & Wright 3.5). */
static void aim(MethodState *state, Descent *descent) {
    const Vec *gradient = &descent->gradient, *direction = &descent->direction;
    if (state->beta > 0) {
        vec_combine(direction, -1, gradient, state->beta, direction);
        descent->slope = vec_dot(gradient, direction);
        descent->is_steepest = false;
    }
    if (state->beta == 0 || !(descent->slope < 0)) descent_aim_steepest(descent);
    if (state->has_step) descent->first = getenv("QI")? fmax(1e-300,atof(getenv("QI"))*2*(descent->loss-state->before)/descent->slope): (getenv("SF")?atof(getenv("SF")):1)*state->step * state->slope / descent->slope;
}

/* beta of Polak-Ribière+ (5.44, 5.45). */
static void learn_conjugate(MethodState *state, Descent *descent, const Vec *x) {
    (void)x;
    const Vec *gradient = &descent->gradient, *ahead = descent->gradient_ahead;
    const double square = vec_dot(gradient, gradient), square_ahead = vec_dot(ahead, ahead);
    const double across = vec_dot(ahead, gradient);
    state->beta = fmax(0, (square_ahead - across) / square);
    state->has_step = true; state->before = descent->loss;
    state->step = descent->found.step;
    state->slope = descent->slope;
}

static void learn_steepest(MethodState *state, Descent *descent, const Vec *x) {
    (void)x;
    state->has_step = true; state->before = descent->loss;
    state->step = descent->found.step;
    state->slope = descent->slope;
}

static bool step_conjugate(MethodState *state, MethodStep *method_step) {
    static const DescentKind kind = {.aim = aim, .learn = learn_conjugate, .forget = forget};
    return descent_step(state, &state->descent, &kind, method_step, state->c2);
}

static bool step_steepest(MethodState *state, MethodStep *method_step) {
    static const DescentKind kind = {.aim = aim, .learn = learn_steepest, .forget = forget};
    return descent_step(state, &state->descent, &kind, method_step, state->c2);
}

const Method method_conjugate_gradient = {.state_bytes = state_bytes, .reset = reset, .step = step_conjugate};
const Method method_steepest_line = {.state_bytes = state_bytes, .reset = reset, .step = step_steepest};
