/* BFGS with a dense inverse Hessian (Nocedal & Wright, algorithm 6.1), or with the curvature at the end of
 * each step instead of its mean (Biggs 1971). The matrix is float64 whatever the vectors are. */
#include "descent.h"
#include "methods.h"

#include <float.h>
#include <math.h>

enum { VALUE_C2 = 1, VALUE_BIGGS = 2 };

struct MethodState {
    Descent descent;
    bool biggs;         /* curvature at the end of a step */
    bool has_matrix;    /* without it the direction is the negative gradient */
    double *s, *y, *hy; /* (n): step, change of gradient, inverse Hessian times y */
    double *matrix;     /* (n, n): the inverse Hessian, symmetric */
};

static double state_bytes(const Space *space, const double *values) {
    (void)values;
    const size_t n = space->n;
    double row = (double)descent_vec_bytes(n, PRECISION_F64);
    return (double)((sizeof(MethodState) + 63) / 64 * 64) + descent_bytes(space) + 3 * row +
           sizeof(double) * (double)n * (double)n;
}

static void forget(MethodState *state) {
    state->has_matrix = false;
}

static void place(MethodState *state, const Space *space, const double *values) {
    (void)values;
    const size_t n = space->n;
    char *next = (char *)state + (sizeof *state + 63) / 64 * 64;
    descent_place(&state->descent, &next, space);
    state->s = descent_take(&next, n, PRECISION_F64).f64;
    state->y = descent_take(&next, n, PRECISION_F64).f64;
    state->hy = descent_take(&next, n, PRECISION_F64).f64;
    state->matrix = (double *)(void *)next;
}

static void reset(MethodState *state, const Space *space, const double *values) {
    *state = (MethodState){0};
    place(state, space, values);
}

/* out = H v; (n), not v itself */
static void multiply(const MethodState *state, double *v, double *out) {
    const size_t n = state->descent.point.n;
    const Vec vec = vec_of_f64(v, n);
    for (size_t i = 0; i < n; i++) {
        const Vec row = vec_of_f64(state->matrix + i * n, n);
        out[i] = vec_dot(&row, &vec);
    }
}

static void aim(MethodState *state, Descent *descent) {
    if (!state->has_matrix) {
        descent_aim_steepest(descent);
        return;
    }
    vec_read(&descent->gradient, state->y);
    multiply(state, state->y, state->hy);
    vec_write(&descent->direction, state->hy);
    vec_combine(&descent->direction, -1, &descent->direction, 0, &descent->direction);
    descent->slope = vec_dot(&descent->gradient, &descent->direction);
    descent->first = 1;
    descent->is_steepest = false;
}

/* The first matrix is a multiple of I with the size of the true one along y (6.20). */
static void begin_matrix(MethodState *state, double scale) {
    const size_t n = state->descent.point.n;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) state->matrix[i * n + k] = i == k ? scale : 0;
    state->has_matrix = true;
}

/* H = (I - rho s y')H(I - rho y s') + rho s s' (6.17), multiplied out into H + s w' + w s' with
 * w = (rho + rho^2 y'Hy)/2 s - rho Hy. */
static void update(MethodState *state, double sy) {
    const size_t n = state->descent.point.n;
    double *const s = state->s, *const y = state->y, *const w = state->hy, *matrix = state->matrix;
    multiply(state, y, w);
    const Vec y_vec = vec_of_f64(y, n), hy_vec = vec_of_f64(w, n), s_vec = vec_of_f64(s, n);
    const double rho = 1 / sy, half = (rho + rho * rho * vec_dot(&y_vec, &hy_vec)) / 2;
    vec_combine(&hy_vec, half, &s_vec, -rho, &hy_vec);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) matrix[i * n + k] += s[i] * w[k] + w[i] * s[k];
}

static void learn(MethodState *state, Descent *descent, const Vec *x) {
    const size_t n = x->n;
    vec_read(&descent->point, state->s);
    vec_read(x, state->hy);
    for (size_t i = 0; i < n; i++) state->s[i] -= state->hy[i];
    vec_read(descent->gradient_ahead, state->y);
    vec_read(&descent->gradient, state->hy);
    const double scale = state->biggs ? descent_end_curvature(descent) : 1;
    for (size_t i = 0; i < n; i++) state->y[i] = scale * (state->y[i] - state->hy[i]);
    const Vec s = vec_of_f64(state->s, n), y = vec_of_f64(state->y, n);
    const double sy = vec_dot(&s, &y), yy = vec_dot(&y, &y);
    if (!(sy > DBL_MIN && isfinite(yy))) return; /* no positive curvature: no update */
    if (!state->has_matrix) begin_matrix(state, sy / yy);
    update(state, sy);
}

static const DescentKind kind = {.aim = aim, .learn = learn, .forget = forget};

static bool step(MethodState *state, MethodStep *method_step) {
    state->biggs = method_step->values[VALUE_BIGGS] != 0;
    return descent_step(state, &state->descent, &kind, method_step, method_step->values[VALUE_C2]);
}

static void try_aim(MethodState *state, const Vec *gradient, const Vec *direction) {
    descent_try_aim(state, &state->descent, &kind, gradient, direction);
}

const Method method_bfgs = {
    .state_bytes = state_bytes, .reset = reset, .place = place, .step = step, .aim = try_aim};
