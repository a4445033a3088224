/* Limited-memory BFGS: the last few steps s and changes of gradient y stand for the inverse Hessian (Nocedal &
 * Wright, algorithms 7.4 and 7.5).
 *
 * Every vector that the two-loop recursion 7.4 meets is a combination of g and the pairs, so the recursion runs on
 * the coefficients, with the dot products as a table (the compact form of Byrd, Nocedal & Schnabel 1994; Chen et
 * al. 2014). In exact arithmetic it is the same direction; the pairs are read twice an iteration and not four
 * times, which is what the time goes into when n is large. */
#include "descent.h"
#include "methods.h"

#include <float.h>
#include <math.h>

enum { VALUE_HISTORY = 1, VALUE_C2 = 2 };

/* The pairs are in a ring: with m = history, rows 0..m-1 are the s, rows m..2m-1 the y, and pair k has rows k and
 * m + k. Arrays named by two letters hold dot products. */
struct MethodState {
    Descent descent;
    size_t history, n_pairs;
    size_t next;          /* where the next pair goes: once the ring is full, the oldest one's place */
    double c2, gamma;     /* gamma: the initial inverse Hessian is gamma I (7.20) */
    Vec *rows;            /* (2 history) */
    double *dot_gradient; /* (2 history): of each row with the gradient */
    double *dot_before;   /* (2 history): with the gradient before */
    double *sy;           /* (history, history): s of pair i with y of pair k, where i is not newer than k */
    double *yy;           /* (history, history) */
    double *coefficient;  /* (2 history): of each row in the direction */
};

/* The layout of a block: the state, the arrays of doubles, the rows, then the numbers of all vectors. */
static size_t count_doubles(size_t history) {
    return 2 * history * (history + 3);
}

static double state_bytes(size_t n, Precision precision, const double *values) {
    double history = values[VALUE_HISTORY], vec_bytes = (double)descent_vec_bytes(n, precision);
    return sizeof(MethodState) + sizeof(double) * 2 * history * (history + 3) + sizeof(Vec) * 2 * history +
           64 + vec_bytes * 2 * history + descent_bytes(n, precision);
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
    *state = (MethodState){.history = m, .c2 = values[VALUE_C2]};
    char *next = (char *)state + sizeof *state;
    state->dot_gradient = take_doubles(&next, 2 * m);
    state->dot_before = take_doubles(&next, 2 * m);
    state->coefficient = take_doubles(&next, 2 * m);
    state->sy = take_doubles(&next, m * m);
    state->yy = take_doubles(&next, m * m);
    state->rows = (Vec *)(void *)next;
    next += 2 * m * sizeof *state->rows;
    next += (size_t)(-(uintptr_t)next % 64);
    descent_init(&state->descent, &next, n, precision);
    for (size_t i = 0; i < 2 * m; i++) state->rows[i] = descent_take(&next, n, precision);
}
