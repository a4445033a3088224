/* What the line-search methods share: one iteration is a direction, a search along it, and what is learned
 * at the point that was found. A method says how it aims and learns; descent_step does the rest. */
#ifndef SLALOM_DESCENT_H
#define SLALOM_DESCENT_H

#include "line_search.h"
#include "optimizer.h"

/* Vectors are in the method's own block. */
typedef struct Descent {
    Vec point;    /* x between two steps; in one, where the loss was asked last */
    Vec gradient; /* at x */
    Vec direction;
    double loss;      /* at x */
    bool known;       /* point, loss and gradient are of one place: the last step's end */
    bool asked_again; /* in this step the loss and gradient at x were evaluated, not kept from the last one */

    /* A method sets these when it aims. */
    double slope;     /* of the loss along the direction */
    double first;     /* the first step to try along it, before it is multiplied by lr */
    bool is_steepest; /* the direction is the negative gradient, and nothing is left to forget */

    double noise; /* losses no farther apart than this may differ by rounding alone */

    /* For a method that learns: the way from x, still where it was, to point. */
    const Vec *gradient_ahead; /* at point */
    LinePoint found;           /* the loss and the slope at point, and the step that led there */
} Descent;

typedef struct DescentKind {
    void (*aim)(MethodState *state, Descent *descent);
    void (*learn)(MethodState *state, Descent *descent, const Vec *x);
    void (*forget)(MethodState *state);
} DescentKind;

/* The strong Wolfe conditions' constant of sufficient decrease (Nocedal & Wright 3.1). */
#define DESCENT_C1 1e-4

size_t descent_vec_bytes(size_t n, Precision precision); /* of one vector, padded to a boundary of 64 bytes */
double descent_bytes(const Space *space);                /* of the vectors of a Descent */
/* Cuts a vector off the block at *next. */
Vec descent_take(char **next, size_t n, Precision precision);
/* Cuts its vectors off the block at *next; everything else stays. */
void descent_place(Descent *descent, char **next, const Space *space);

/* Aims down the gradient, at first by a step of length min(1, |gradient|). */
void descent_aim_steepest(Descent *descent);

/* The curvature along the step that was found, relative to dot(s, y)'s, the mean over the step: that of
 * the cubic through the losses and slopes at both ends, at the new one (Biggs 1971, "Minimization
 * algorithms making use of non-quadratic properties of the objective function"). 1 on a quadratic; kept
 * within 3 times, and 1 where the losses are too close to tell. Multiplied by it, y is the change of
 * gradient of a step as curved as the end is. */
double descent_end_curvature(const Descent *descent);

/* For a Method's aim. */
void descent_try_aim(
    MethodState *state, Descent *descent, const DescentKind *kind, const Vec *gradient, const Vec *direction);

/* One iteration of a Method, with the line search's c2. A search that fails is tried once more down the
 * gradient after the method has forgotten. A gradient of zero is no failure: x stays. */
bool descent_step(MethodState *state, Descent *descent, const DescentKind *kind, MethodStep *step, double c2);

#endif
