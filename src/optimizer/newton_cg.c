/* Newton's method without the Hessian: its equations are solved by conjugate gradients, which need products
 * with it alone, no further than is worth it (Nocedal & Wright, algorithm 7.1; Martens 2010). */
#include "curvature.h"
#include "descent.h"
#include "methods.h"

#include <math.h>

enum { VALUE_DAMPING = 1, VALUE_ITERATIONS = 2, VALUE_C2 = 3 };

struct MethodState {
    Descent descent;
    Vec residual, along, product, room; /* of the conjugate gradients: r, d, (H + damping I)d */
    const MethodStep *step;             /* the one under way */
};

static double state_bytes(const Space *space, const double *values) {
    (void)values;
    return (double)((sizeof(MethodState) + 63) / 64 * 64) + descent_bytes(space) +
           4 * (double)descent_vec_bytes(space->n, space->precision);
}

static void place(MethodState *state, const Space *space, const double *values) {
    (void)values;
    char *next = (char *)state + (sizeof *state + 63) / 64 * 64;
    descent_place(&state->descent, &next, space);
    Vec *const vectors[] = {&state->residual, &state->along, &state->product, &state->room};
    for (int i = 0; i < 4; i++) *vectors[i] = descent_take(&next, space->n, space->precision);
}

static void reset(MethodState *state, const Space *space, const double *values) {
    *state = (MethodState){0};
    place(state, space, values);
}

static void forget(MethodState *state) {
    (void)state;
}

static void learn(MethodState *state, Descent *descent, const Vec *x) {
    (void)state, (void)descent, (void)x;
}

/* Solves (H + damping I) p = -g into the direction until the residual is as small as the gradient is worth:
 * in the end it shrinks faster and faster. Where the loss curves down along a direction of the search, p goes
 * along it as if it curved up as much, or as a hundredth of the most that was seen, and the search ends. */
static void aim(MethodState *state, Descent *descent) {
    const Vec *r = &state->residual, *d = &state->along, *product = &state->product, *p = &descent->direction;
    const double *const values = state->step->values, damping = values[VALUE_DAMPING];
    const double norm = vec_norm(&descent->gradient), enough = fmin(0.1, sqrt(norm)) * norm;
    descent_aim_steepest(descent);
    vec_copy(r, &descent->gradient);
    vec_combine(d, -1, r, 0, r);
    double squares = vec_dot(r, r), most = 0;
    bool curves_up = true;
    for (double k = 0; k < values[VALUE_ITERATIONS] && squares > enough * enough && curves_up; k++) {
        curvature_product(state->step->evaluator, state->step->x, d, product, &state->room);
        if (damping > 0) vec_combine(product, 1, product, damping, d);
        const double along = vec_dot(d, product), of_d = vec_dot(d, d);
        curves_up = along > 0;
        most = fmax(most, along / of_d);
        const double length = squares / (curves_up ? along : fmax(-along, 0.01 * most * of_d));
        if (!isfinite(length)) break;
        vec_combine(p, k > 0, p, length, d);
        vec_combine(r, 1, r, length, product);
        const double before = squares;
        squares = vec_dot(r, r);
        vec_combine(d, squares / before, d, -1, r);
        descent->first = 1;
        descent->is_steepest = false;
    }
    descent->slope = vec_dot(&descent->gradient, p);
}

static bool step(MethodState *state, MethodStep *method_step) {
    static const DescentKind kind = {.aim = aim, .learn = learn, .forget = forget};
    state->step = method_step;
    return descent_step(state, &state->descent, &kind, method_step, method_step->values[VALUE_C2]);
}

const Method method_newton_cg = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step, .takes_curvature = true};
