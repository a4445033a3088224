/* Nonlinear conjugate gradients after Polak and Ribière (Nocedal & Wright 5.2), and steepest descent with
 * the same line search, which is the same without the memory of a direction. */
#include "descent.h"
#include "methods.h"

#include <math.h>

enum { VALUE_C2 = 1 };

struct MethodState {
    Descent descent;
    double beta; /* how much of the direction before is in the next; 0: nothing */
    double fall; /* of the loss in the step before; 0 where there is none */
};

static double state_bytes(const Space *space, const double *values) {
    (void)values;
    return (double)((sizeof(MethodState) + 63) / 64 * 64) + descent_bytes(space);
}

static void forget(MethodState *state) {
    state->beta = 0;
    state->fall = 0;
}

static void place(MethodState *state, const Space *space, const double *values) {
    (void)values;
    char *next = (char *)state + (sizeof *state + 63) / 64 * 64;
    descent_place(&state->descent, &next, space);
}

static void reset(MethodState *state, const Space *space, const double *values) {
    *state = (MethodState){0};
    place(state, space, values);
}

/* The first trial is the minimum of the quadratic with the slope at x that falls as much as the step
 * before did (Nocedal & Wright 3.60). */
static void aim(MethodState *state, Descent *descent) {
    const Vec *gradient = &descent->gradient, *direction = &descent->direction;
    bool conjugate = state->beta > 0;
    if (conjugate) {
        vec_combine(direction, -1, gradient, state->beta, direction);
        descent->slope = vec_dot(gradient, direction);
        descent->first = 1;
        descent->is_steepest = false;
        conjugate = descent->slope < 0;
    }
    if (!conjugate) descent_aim_steepest(descent);
    const double like_before = -2 * state->fall / descent->slope;
    if (like_before > 0 && isfinite(like_before)) descent->first = like_before;
}

static void learn_fall(MethodState *state, Descent *descent, const Vec *x) {
    (void)x;
    state->fall = descent->loss - descent->found.loss;
}

/* beta of Polak-Ribière+ (5.44, 5.45): where it would be negative it is 0, a restart. */
static void learn_conjugate(MethodState *state, Descent *descent, const Vec *x) {
    const Vec *gradient = &descent->gradient, *ahead = descent->gradient_ahead;
    const double beta = (vec_dot(ahead, ahead) - vec_dot(ahead, gradient)) / vec_dot(gradient, gradient);
    state->beta = isfinite(beta) ? fmax(0, beta) : 0;
    learn_fall(state, descent, x);
}

static const DescentKind kind_conjugate = {.aim = aim, .learn = learn_conjugate, .forget = forget};
static const DescentKind kind_steepest = {.aim = aim, .learn = learn_fall, .forget = forget};

static bool step_conjugate(MethodState *state, MethodStep *method_step) {
    return descent_step(state, &state->descent, &kind_conjugate, method_step, method_step->values[VALUE_C2]);
}

static bool step_steepest(MethodState *state, MethodStep *method_step) {
    return descent_step(state, &state->descent, &kind_steepest, method_step, method_step->values[VALUE_C2]);
}

/* The two kinds aim alike. */
static void try_aim(MethodState *state, const Vec *gradient, const Vec *direction) {
    descent_try_aim(state, &state->descent, &kind_conjugate, gradient, direction);
}

const Method method_conjugate_gradient = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step_conjugate, .aim = try_aim};
const Method method_steepest_line = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step_steepest, .aim = try_aim};
