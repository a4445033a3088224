/* Limited-memory BFGS: the last few steps s and changes of gradient y stand for the inverse Hessian
 * (Nocedal & Wright, algorithms 7.4 and 7.5), each y with the curvature at the end of its step where asked
 * for (Biggs 1971).
 *
 * Every vector that the two-loop recursion 7.4 meets is a combination of g and the pairs, so the recursion
 * runs on the coefficients, with the dot products as a table (the compact form of Byrd, Nocedal & Schnabel
 * 1994; Chen et al. 2014). In exact arithmetic it is the same direction; the pairs are read twice an
 * iteration and not four times, which is what the time goes into when n is large. Where n is small the
 * table would cost more than it saves, and the recursion runs on the vectors as it stands in the book. */
#include "dense_past.h"
#include "descent.h"
#include "methods.h"

#include <float.h>
#include <math.h>

enum { N_SMALL = 4 };

enum { VALUE_HISTORY = 1, VALUE_C2 = 2, VALUE_BIGGS = 3, VALUE_DENSE = 4 };

/* After so many times `history` pairs nothing more is forgotten where n is at most `dense`: by then the
 * search is a long one, and evaluations saved are worth the work. */
enum { LONG_SEARCH = 4 };

/* The pairs are in a ring; pair k has the rows 2k, its s, and 2k + 1, its y. */
struct MethodState {
    Descent descent;
    size_t history, n_pairs;
    double dense_max; /* the largest n whose past is kept whole */
    size_t learned;   /* pairs since the last time that all was forgotten */
    bool is_whole;    /* the past is in `past`, and the pairs alone are no longer asked */
    DensePast past;
    size_t next;          /* where the next pair goes: once the ring is full, the oldest one's place */
    bool biggs;           /* curvature at the end of a step */
    double gamma;         /* the initial inverse Hessian is gamma I (7.20) */
    Vec *rows;            /* (2 history) */
    double *dot_gradient; /* (2 history): of each row with the gradient */
    double *dot_before;   /* (2 history): with the gradient before */
    double *coefficient;  /* (2 history): of each row in the direction */
    double *sum;          /* (2 history): of each row with the vector that the recursion has come to */
    double *rho;          /* (history): 1/dot(s, y) of each pair (7.17) */
    double *with_y;       /* (history, 2 history): [k][i] of row i with y k; 0 where that is a newer s */
    double *with_s;       /* (history, history): [k][i] of y i with s k; 0 where k is newer than i */
};

static double count_doubles(double history) {
    return 9 * history + 3 * history * history;
}

static bool may_be_whole(size_t n, double dense_max) {
    return n > N_SMALL && (double)n <= dense_max;
}

static double state_bytes(const Space *space, const double *values) {
    double history = values[VALUE_HISTORY];
    double vecs = 2 * history * (double)descent_vec_bytes(space->n, space->precision) + descent_bytes(space);
    if (may_be_whole(space->n, values[VALUE_DENSE])) vecs += dense_past_bytes(space->n);
    return sizeof(MethodState) + sizeof(double) * count_doubles(history) + sizeof(Vec) * 2 * history + 64 +
           vecs;
}

static double *take_doubles(char **next, size_t count) {
    double *doubles = (double *)(void *)*next;
    *next += count * sizeof *doubles;
    return doubles;
}

static void forget(MethodState *state) {
    state->n_pairs = 0;
    state->next = 0;
    state->learned = 0;
    state->is_whole = false;
}

static void place(MethodState *state, const Space *space, const double *values) {
    const size_t m = (size_t)values[VALUE_HISTORY];
    char *next = (char *)(state + 1);
    state->history = m;
    if (state->n_pairs > m || state->next >= m) state->n_pairs = state->next = 0;
    state->dot_gradient = take_doubles(&next, 2 * m);
    state->dot_before = take_doubles(&next, 2 * m);
    state->coefficient = take_doubles(&next, 2 * m);
    state->sum = take_doubles(&next, 2 * m);
    state->rho = take_doubles(&next, m);
    state->with_y = take_doubles(&next, 2 * m * m);
    state->with_s = take_doubles(&next, m * m);
    state->rows = (Vec *)(void *)next;
    next += 2 * m * sizeof *state->rows;
    next += (64 - (uintptr_t)next % 64) % 64;
    descent_place(&state->descent, &next, space);
    for (size_t i = 0; i < 2 * m; i++) state->rows[i] = descent_take(&next, space->n, space->precision);
    if (may_be_whole(space->n, state->dense_max)) dense_past_place(&state->past, &next, space->n);
}

static void reset(MethodState *state, const Space *space, const double *values) {
    *state = (MethodState){.dense_max = values[VALUE_DENSE]};
    place(state, space, values);
}

/* The pair that came after pair k, or before. */
static size_t after(const MethodState *state, size_t k) {
    return k + 1 == state->history ? 0 : k + 1;
}

static size_t before(const MethodState *state, size_t k) {
    return k == 0 ? state->history - 1 : k - 1;
}

static bool is_small(const MethodState *state) {
    return state->descent.point.n <= N_SMALL && state->descent.point.precision == PRECISION_F64;
}

static double dot_small(const double *x, const double *y, size_t n) {
    double sum = x[0] * y[0];
    for (size_t i = 1; i < n; i++) sum += x[i] * y[i];
    return sum;
}

/* The four numbers are named, since a loop of one or two turns costs more than what it does. */
static void add_small(double *to, double a, const double *x, size_t n) {
    to[0] += a * x[0];
    if (n > 1) to[1] += a * x[1];
    if (n > 2) to[2] += a * x[2];
    if (n > 3) to[3] += a * x[3];
}

/* Algorithm 7.4 on the vectors: d = -H g. */
static void recurse_small(MethodState *state) {
    const size_t n = state->descent.point.n, k = state->n_pairs;
    double d[N_SMALL] = {0}, *const alpha = state->coefficient;
    add_small(d, -1, state->descent.gradient.f64, n);
    size_t pair = before(state, state->next);
    for (size_t count = 0; count < k; count++, pair = before(state, pair)) {
        alpha[pair] = state->rho[pair] * dot_small(state->rows[2 * pair].f64, d, n);
        add_small(d, -alpha[pair], state->rows[2 * pair + 1].f64, n);
    }
    for (size_t i = 0; i < n; i++) d[i] *= state->gamma;
    for (size_t count = 0; count < k; count++) {
        pair = after(state, pair);
        const double beta = state->rho[pair] * dot_small(state->rows[2 * pair + 1].f64, d, n);
        add_small(d, alpha[pair] - beta, state->rows[2 * pair].f64, n);
    }
    vec_write(&state->descent.direction, d);
}

/* to[i stride] += a x[i]; (n). A stride of 2 is for numbers of the y alone among those of all rows. */
static void add(double *restrict to, size_t stride, double a, const double *restrict x, size_t n) {
    for (size_t i = 0; i < n; i++) to[i * stride] += a * x[i];
}

/* Algorithm 7.4 for -H g in coefficients: from q = -g, its first loop takes alpha y from q for each pair,
 * its second adds (alpha - beta) s to r = gamma q. */
static void recurse(MethodState *state) {
    const size_t k = state->n_pairs, m = state->history;
    double *const sum = state->sum, *const coefficient = state->coefficient;
    for (size_t i = 0; i < 2 * k; i++) sum[i] = -state->dot_gradient[i];
    size_t pair = before(state, state->next);
    for (size_t count = 0; count < k; count++, pair = before(state, pair)) {
        const double alpha = state->rho[pair] * sum[2 * pair];
        add(sum, 1, -alpha, state->with_y + pair * 2 * m, 2 * k);
        coefficient[2 * pair] = alpha;
        coefficient[2 * pair + 1] = -state->gamma * alpha;
    }
    for (size_t i = 0; i < k; i++) sum[2 * i + 1] *= state->gamma;
    for (size_t count = 0; count < k; count++) {
        pair = after(state, pair);
        const double beta = state->rho[pair] * sum[2 * pair + 1];
        coefficient[2 * pair] -= beta;
        add(sum + 1, 2, coefficient[2 * pair], state->with_s + pair * m, k);
    }
}

static void aim(MethodState *state, Descent *descent) {
    if (state->n_pairs == 0) {
        descent_aim_steepest(descent);
        return;
    }
    const Vec *gradient = &descent->gradient;
    if (state->is_whole) {
        dense_past_aim(&state->past, gradient, &descent->direction);
    } else if (is_small(state)) {
        recurse_small(state);
    } else {
        if (descent->asked_again)
            vec_dot_rows(state->rows, 2 * state->n_pairs, gradient, state->dot_gradient);
        recurse(state);
        vec_combine_rows(&descent->direction, -state->gamma, gradient, state->coefficient, state->rows,
            2 * state->n_pairs);
    }
    descent->slope = vec_dot(gradient, &descent->direction);
    descent->first = 1;
    descent->is_steepest = false;
}

/* Enters a new pair's dot products. Its y is the difference of two gradients times `scale`, and so are
 * they. */
static void enter(MethodState *state, size_t pair, double scale, double sy, double yy) {
    const size_t m = state->history;
    const double *now = state->dot_gradient, *then = state->dot_before;
    for (size_t i = 0; i < state->n_pairs; i++) {
        const double s_y = scale * (now[2 * i] - then[2 * i]),
                     y_y = scale * (now[2 * i + 1] - then[2 * i + 1]);
        double *const of_pair = state->with_y + pair * 2 * m, *const of_i = state->with_y + i * 2 * m;
        of_pair[2 * i] = state->with_s[i * m + pair] = s_y;
        of_pair[2 * i + 1] = of_i[2 * pair + 1] = y_y;
        of_i[2 * pair] = state->with_s[pair * m + i] = 0;
    }
    state->with_y[pair * 2 * m + 2 * pair] = state->with_s[pair * m + pair] = sy;
    state->with_y[pair * 2 * m + 2 * pair + 1] = yy;
}

/* Puts the step just found into the ring; its dot(s, y) and dot(y, y), or false where it curves down. */
static bool remember(
    MethodState *state, Descent *descent, const Vec *x, double scale, double *sy, double *yy) {
    const size_t pair = state->next;
    Vec *s = &state->rows[2 * pair], *y = s + 1;
    if (!(descent->found.slope > descent->slope)) return false; /* dot(s, y) before a pair is overwritten */
    vec_combine(s, 1, &descent->point, -1, x);
    vec_combine(y, scale, descent->gradient_ahead, -scale, &descent->gradient);
    *sy = vec_dot(s, y);
    *yy = vec_dot(y, y);
    if (!(*sy > DBL_MIN && isfinite(*yy))) { /* rounding; the oldest pair is lost by now */
        forget(state);
        return false;
    }
    state->rho[pair] = 1 / *sy;
    state->gamma = *sy / *yy;
    state->next = after(state, pair);
    if (state->n_pairs < state->history) state->n_pairs++;
    return true;
}

/* The newest pair, or all that there are where the past begins with them. */
static void keep_whole(MethodState *state, size_t newest) {
    const size_t first = state->is_whole ? newest : after(state, newest);
    if (!state->is_whole) dense_past_begin(&state->past, state->gamma);
    state->is_whole = true;
    for (size_t pair = first;; pair = after(state, pair)) {
        dense_past_add(
            &state->past, &state->rows[2 * pair], &state->rows[2 * pair + 1], 1 / state->rho[pair]);
        if (pair == newest) break;
    }
}

static void learn(MethodState *state, Descent *descent, const Vec *x) {
    const double scale = state->biggs ? descent_end_curvature(descent) : 1;
    const size_t pair = state->next;
    double sy = 0, yy = 0;
    const bool curves_up = remember(state, descent, x, scale, &sy, &yy);
    if (is_small(state)) return;
    if (curves_up) state->learned++;
    const bool is_long =
        state->learned >= LONG_SEARCH * state->history && may_be_whole(x->n, state->dense_max);
    if (curves_up && is_long) keep_whole(state, pair);
    if (state->is_whole) return;
    double *const swap = state->dot_before;
    state->dot_before = state->dot_gradient;
    state->dot_gradient = swap;
    vec_dot_rows(state->rows, 2 * state->n_pairs, descent->gradient_ahead, state->dot_gradient);
    if (curves_up) enter(state, pair, scale, sy, yy);
}

static const DescentKind kind = {.aim = aim, .learn = learn, .forget = forget};

static bool step(MethodState *state, MethodStep *method_step) {
    state->biggs = method_step->values[VALUE_BIGGS] != 0;
    return descent_step(state, &state->descent, &kind, method_step, method_step->values[VALUE_C2]);
}

static void try_aim(MethodState *state, const Vec *gradient, const Vec *direction) {
    descent_try_aim(state, &state->descent, &kind, gradient, direction);
}

const Method method_lbfgs = {.state_bytes = state_bytes,
    .reset = reset,
    .place = place,
    .step = step,
    .aim = try_aim,
    .sizes = 1U << VALUE_HISTORY | 1U << VALUE_DENSE};
