/* The contract of what can be minimised.
 *
 * An implementer embeds Objective as its first member, points `type` at its constant table, and fills in
 * `dim` and `precision`. An optimizer never sees this type: it sees a vector, a gradient and a callback. */
#ifndef SLALOM_OBJECTIVE_H
#define SLALOM_OBJECTIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "pool.h"
#include "status.h"
#include "vec.h"

typedef struct Objective Objective;

typedef struct ObjectiveType {
    const char *name;
    /* The loss at x, and where `gradient` is not NULL its gradient there. x, gradient: (dim). May return or
     * write non-finite numbers; never fails otherwise. */
    double (*evaluate)(Objective *objective, const Vec *x, const Vec *gradient);
    /* The Hessian at x, (dim, dim), symmetric; NULL where the objective has none that fits. */
    void (*hessian)(Objective *objective, const Vec *x, double *hessian);
    /* The smallest and largest eigenvalue of the Hessian at x; NULL where the objective has no cheap one. */
    void (*curvature)(Objective *objective, const Vec *x, double *smallest, double *largest);
    /* Takes the minibatch of a step, from 0: until the next call the loss, its gradient and its Hessian are
     * of that batch. The same step gives the same batch, whatever was asked for before. NULL where the
     * objective is always the same. */
    void (*resample)(Objective *objective, uint64_t step);
    /* So many steps in a row, at least 1, may be taken by racers that share their minibatches without waiting
     * for each other: once they were all taken on one of their objectives, `resample` to one of them may be
     * called by several threads, each on an objective of its own. NULL: 1. */
    int (*ahead)(const Objective *objective);
    /* Like evaluate, but of everything whatever the batch: what is shown of an objective where that is cheap.
     * NULL: what is shown is of the batch. */
    double (*whole)(Objective *objective, const Vec *x, const Vec *gradient);
    /* product = H v at x, exactly; (dim) each, product apart from v. NULL where the objective has no way that
     * is cheaper than its Hessian. */
    void (*hessian_vector)(Objective *objective, const Vec *x, const Vec *v, const Vec *product);
    /* Threads that its work may be split over, the numbers the same; NULL, as at first: none. Not from inside
     * a task of the same pool. NULL where it has no use for them. */
    void (*share)(Objective *objective, Pool *pool);
    /* Takes the memory that `hessian` and `hessian_vector` need, before the first of them; once is enough.
     * Fails where it does not fit. NULL where they need none. */
    bool (*reserve_curvature)(Objective *objective, Status *status);
} ObjectiveType;

struct Objective {
    const ObjectiveType *type;
    size_t dim;
    Precision precision;
    const Layout *layout; /* the matrices that x is made of; NULL: it is one vector */
};

#endif
