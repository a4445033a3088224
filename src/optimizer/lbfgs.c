/* Limited-memory BFGS: the last few steps s and changes of gradient y stand for the inverse Hessian (Nocedal &
 * Wright, algorithms 7.4 and 7.5), each y with the curvature at the end of its step where asked for (Biggs 1971).
 *
 * Every vector that the two-loop recursion 7.4 meets is a combination of g and the pairs, so the recursion runs on
 * the coefficients, with the dot products as a table (the compact form of Byrd, Nocedal & Schnabel 1994; Chen et
 * al. 2014). In exact arithmetic it is the same direction; the pairs are read twice an iteration and not four
 * times, which is what the time goes into when n is large. */
#include "descent.h"
#include "methods.h"

#include <float.h>
#include <math.h>

enum { VALUE_HISTORY = 1, VALUE_C2 = 2, VALUE_BIGGS = 3 };

/* The pairs are in a ring; pair k has the rows 2k, its s, and 2k + 1, its y. */
struct MethodState {
    Descent descent;
    size_t history, n_pairs;
    size_t next;          /* where the next pair goes: once the ring is full, the oldest one's place */
    bool biggs;           /* curvature at the end of a step */
    double c2, gamma;     /* gamma: the initial inverse Hessian is gamma I (7.20) */
    Vec *rows;            /* (2 history) */
    double *dot_gradient; /* (2 history): of each row with the gradient */
    double *dot_before;   /* (2 history): with the gradient before */
    double *coefficient;  /* (2 history): of each row in the direction */
    double *rho;          /* (history): 1/dot(s, y) of each pair (7.17) */
    double *sum, *sum2;   /* (history) */
    /* Tables of dot products, (history, history). sy: [i][k] of s i with y k, 0 where i is newer than k, which is
     * not needed; ys: the same, transposed. */
    double *sy, *ys, *yy;
};

static double count_doubles(double history) {
    return 9 * history + 3 * history * history;
}

static double state_bytes(size_t n, Precision precision, const double *values) {
    double history = values[VALUE_HISTORY];
    double vecs = 2 * history * (double)descent_vec_bytes(n, precision) + descent_bytes(n, precision);
    return sizeof(MethodState) + sizeof(double) * count_doubles(history) + sizeof(Vec) * 2 * history + 64 + vecs;
}

static double *take_doubles(char **next, size_t count) {
    double *doubles = (double *)(void *)*next;
    *next += count * sizeof *doubles;
    return doubles;
}

static void forget(MethodState *state) {
    state->n_pairs = 0;
    state->next = 0;
}

static void reset(MethodState *state, size_t n, Precision precision, const double *values) {
    size_t m = (size_t)values[VALUE_HISTORY];
    *state = (MethodState){.history = m, .c2 = values[VALUE_C2], .biggs = values[VALUE_BIGGS] != 0};
    char *next = (char *)(state + 1);
    state->dot_gradient = take_doubles(&next, 2 * m);
    state->dot_before = take_doubles(&next, 2 * m);
    state->coefficient = take_doubles(&next, 2 * m);
    state->rho = take_doubles(&next, m);
    state->sum = take_doubles(&next, m);
    state->sum2 = take_doubles(&next, m);
    state->sy = take_doubles(&next, m * m);
    state->ys = take_doubles(&next, m * m);
    state->yy = take_doubles(&next, m * m);
    state->rows = (Vec *)(void *)next;
    next += 2 * m * sizeof *state->rows;
    next += (64 - (uintptr_t)next % 64) % 64;
    descent_init(&state->descent, &next, n, precision);
    for (size_t i = 0; i < 2 * m; i++) state->rows[i] = descent_take(&next, n, precision);
}

/* The pair that came after pair k, or before. */
static size_t after(const MethodState *state, size_t k) {
    return k + 1 == state->history ? 0 : k + 1;
}

static size_t before(const MethodState *state, size_t k) {
    return k == 0 ? state->history - 1 : k - 1;
}

/* Algorithm 7.4 for -H g in coefficients: from -g, its first loop gives each y the coefficient alpha, its second
 * each s the coefficient alpha - beta, here with the signs of the direction. */
static void recurse(MethodState *state) {
    const size_t k = state->n_pairs, m = state->history;
    double *s_q = state->sum, *y_q = state->sum2, *coefficient = state->coefficient;
    for (size_t i = 0; i < k; i++) {
        s_q[i] = -state->dot_gradient[2 * i];
        y_q[i] = -state->dot_gradient[2 * i + 1];
    }
    size_t pair = before(state, state->next);
    for (size_t count = 0; count < k; count++, pair = before(state, pair)) {
        const double alpha = state->rho[pair] * s_q[pair];
        const double *s_y = state->ys + pair * m, *y_y = state->yy + pair * m;
        for (size_t i = 0; i < k; i++) s_q[i] -= alpha * s_y[i];
        for (size_t i = 0; i < k; i++) y_q[i] -= alpha * y_y[i];
        coefficient[2 * pair] = alpha;
        coefficient[2 * pair + 1] = -state->gamma * alpha;
    }
    double *y_r = y_q;
    for (size_t i = 0; i < k; i++) y_r[i] *= state->gamma;
    for (size_t count = 0; count < k; count++) {
        pair = after(state, pair);
        const double beta = state->rho[pair] * y_r[pair], *y_s = state->sy + pair * m;
        const double more = coefficient[2 * pair] - beta;
        for (size_t i = 0; i < k; i++) y_r[i] += more * y_s[i];
        coefficient[2 * pair] = more;
    }
}

static void aim(MethodState *state, Descent *descent) {
    if (state->n_pairs == 0) {
        descent_aim_steepest(descent);
        return;
    }
    const Vec *gradient = &descent->gradient;
    if (descent->asked_again) vec_dot_rows(state->rows, 2 * state->n_pairs, gradient, state->dot_gradient);
    recurse(state);
    vec_combine_rows(
        &descent->direction, -state->gamma, gradient, state->coefficient, state->rows, 2 * state->n_pairs);
    descent->slope = vec_dot(gradient, &descent->direction);
    descent->first = 1;
    descent->is_steepest = false;
}

/* Enters a new pair's dot products. Its y is the difference of two gradients times `scale`, and so are they. */
static void enter(MethodState *state, size_t pair, double scale, double sy, double yy) {
    const size_t m = state->history;
    const double *now = state->dot_gradient, *then = state->dot_before;
    for (size_t i = 0; i < state->n_pairs; i++) {
        state->ys[i * m + pair] = state->sy[pair * m + i] = 0;
        state->sy[i * m + pair] = state->ys[pair * m + i] = scale * (now[2 * i] - then[2 * i]);
        state->yy[i * m + pair] = state->yy[pair * m + i] = scale * (now[2 * i + 1] - then[2 * i + 1]);
    }
    state->sy[pair * m + pair] = state->ys[pair * m + pair] = sy;
    state->yy[pair * m + pair] = yy;
    state->rho[pair] = 1 / sy;
    state->gamma = sy / yy;
}

static void learn(MethodState *state, Descent *descent, const Vec *x) {
    double *swap = state->dot_before;
    state->dot_before = state->dot_gradient;
    state->dot_gradient = swap;
    const size_t pair = state->next;
    Vec *s = &state->rows[2 * pair], *y = s + 1;
    const double scale = state->biggs ? descent_end_curvature(descent) : 1;
    double sy = 0, yy = 0;
    const bool curves_up = descent->found.slope > descent->slope; /* dot(s, y) > 0, before a pair is overwritten */
    if (curves_up) {
        vec_combine(s, 1, &descent->point, -1, x);
        vec_combine(y, scale, descent->gradient_ahead, -scale, &descent->gradient);
        sy = vec_dot(s, y);
        yy = vec_dot(y, y);
        if (!(sy > DBL_MIN && isfinite(yy))) { /* but for rounding it would be */
            forget(state);
            return;
        }
        state->next = after(state, pair);
        if (state->n_pairs < state->history) state->n_pairs++;
    }
    vec_dot_rows(state->rows, 2 * state->n_pairs, descent->gradient_ahead, state->dot_gradient);
    if (curves_up) enter(state, pair, scale, sy, yy);
}

static bool step(MethodState *state, MethodStep *method_step) {
    static const DescentKind kind = {.aim = aim, .learn = learn, .forget = forget};
    return descent_step(state, &state->descent, &kind, method_step, state->c2);
}

const Method method_lbfgs = {.state_bytes = state_bytes, .reset = reset, .step = step};
