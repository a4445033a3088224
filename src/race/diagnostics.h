/* What can be said of a racer on a surface at one step beyond its trace: how the surface curves there, and
 * what that means for its rate. Computed on demand from the trace, the same for the window and for CSV. */
#ifndef SLALOM_DIAGNOSTICS_H
#define SLALOM_DIAGNOSTICS_H

#include "race.h"
#include "surface.h"

/* Numbers that do not exist are NAN. "The step" is the one that led here; g, H and the predictions are at the
 * point itself, for the step that comes next. */
typedef struct Diagnostics {
    double step_length;       /* Euclidean */
    double effective_rate[2]; /* of each coordinate: -(change of x)/g before the step */
    double newton_angle;      /* degrees between the step and Newton's, -H^-1 g before the step */
    double curvature;         /* gᵀHg */
    double predicted_rise;    /* lr^2/2 gᵀHg: what curvature adds to the loss in a step along -g */
    double predicted_fall; /* lr gᵀg: what the slope takes from it; less than the rise: the loss goes up */
    double smallest, largest; /* eigenvalues of H */
    double condition;         /* largest/smallest where both are positive */
    double descent_limit;     /* 2/largest: gradient descent diverges beyond this rate */
    double method_limit;      /* the optimizer's own, where its row gives one and scales nothing */
    double distance;          /* to the nearest known minimum */
} Diagnostics;

/* `row` is a row of the racer's trace. The race must be on this surface. */
Diagnostics race_diagnose(const Race *race, int racer, int64_t row, Surface *surface);

#endif
