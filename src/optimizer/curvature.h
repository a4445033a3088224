/* Products of a Hessian with a vector, for those who need no more of it. */
#ifndef SLALOM_CURVATURE_H
#define SLALOM_CURVATURE_H

#include "optimizer.h"

/* product = H v at x: exact where the evaluator can, else by the difference of two gradients, one on either
 * side. point: room, (n), apart from the others. The gradient that was given last may be gone. */
void curvature_product(
    const Evaluator *evaluator, const Vec *x, const Vec *v, const Vec *product, const Vec *point);

#endif
