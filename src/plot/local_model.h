/* The quadratic model of a surface at a point: its second-order Taylor polynomial. */
#ifndef SLALOM_LOCAL_MODEL_H
#define SLALOM_LOCAL_MODEL_H

#include "surface.h"

#include <stdbool.h>

typedef struct LocalModel {
    double x[2], loss, gradient[2], hessian[3]; /* where it is made; xx, xy, yy */
    double eigenvalues[2];                      /* smallest first */
    double axes[2][2];                          /* unit vectors of the eigenvalues */
    StationaryKind kind;                        /* degenerate: there is no single stationary point */
    double stationary[2];                       /* where its gradient vanishes: the Newton point */
} LocalModel;

LocalModel local_model_of(const double x[2], double loss, const double gradient[2], const double hessian[3]);

double local_model_at(const LocalModel *model, const double point[2]);

/* The curve where the model is as high as at x: an ellipse (closed, one branch) or a hyperbola (two
 * branches), which ends about `reach` from the stationary point. Writes LOCAL_MODEL_POINTS points of branch 0
 * or 1, along the curve. False where there is no such branch. */
enum { LOCAL_MODEL_POINTS = 129 };
bool local_model_curve(
    const LocalModel *model, double reach, int branch, double points[LOCAL_MODEL_POINTS][2]);

#endif
