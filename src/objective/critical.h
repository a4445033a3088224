/* Critical points of random functions of n variables: how many are saddles, and how that goes with n and with
 * the height (Bray & Dean 2007; Dauphin et al. 2014).
 *
 * A function is a sum of cosine waves in random directions with random phases,
 *
 *     f(x) = sqrt(2/m) * sum over k < m of cos(w_k . x + p_k),   w_k normal, p_k uniform,
 *
 * which for many waves is as good as a Gaussian process of variance 1 and covariance exp(-|x - y|^2/2). */
#ifndef SLALOM_CRITICAL_H
#define SLALOM_CRITICAL_H

#include <stdint.h>

enum { CRITICAL_DIM_MAX = 8, CRITICAL_POINTS_MAX = 4096 };

/* Where a gradient vanishes. */
typedef struct CriticalPoint {
    double height;
    int index; /* directions that curve down: 0 a minimum, n a maximum, a saddle between them */
} CriticalPoint;

/* Looks for critical points of `functions` functions of n variables, 1..CRITICAL_DIM_MAX, by Newton's method
 * on the gradient from `starts` random points of each. Each is counted once. Returns how many there are in
 * `points`, at most CRITICAL_POINTS_MAX. The same arguments give the same points. */
int critical_points(int n, int functions, int starts, uint64_t seed, CriticalPoint *points);

typedef struct CriticalSurvey {
    int found;
    double saddles;     /* their share; NAN where nothing was found */
    double correlation; /* of index and height; NAN where one of them is always the same */
} CriticalSurvey;
CriticalSurvey critical_survey(int n, const CriticalPoint *points, int found);

#endif
