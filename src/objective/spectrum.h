/* What the eigenvalues of an objective's Hessian are like, without the Hessian: Lanczos' method on its
 * products with vectors, one product a step, so that a caller may stop at any time. The extreme eigenvalues
 * are found first; the others in outline. */
#ifndef SLALOM_SPECTRUM_H
#define SLALOM_SPECTRUM_H

#include "objective.h"

typedef struct Spectrum Spectrum;

enum { SPECTRUM_STEPS_MAX = 1000 };

/* For vectors of `dim` numbers and at most so many steps, 1..SPECTRUM_STEPS_MAX; so many vectors are kept.
 * Fails where the memory does not fit. */
Spectrum *spectrum_create(size_t dim, Precision precision, int steps_max, Status *status);
void spectrum_destroy(Spectrum *spectrum);

/* Begins, or begins again, with a random vector. Comes before the first step. */
void spectrum_start(Spectrum *spectrum, uint64_t seed);

/* One step at x. From the start to the last step x, the objective and its batch must stay the same; it has
 * hessian_vector, and its curvature is reserved. Returns whether another step would say more; where not, does
 * nothing. */
bool spectrum_advance(Spectrum *spectrum, Objective *objective, const Vec *x);

int spectrum_steps(const Spectrum *spectrum); /* since the start */

/* What stands for the eigenvalues near `value`. */
typedef struct Ritz {
    double value;
    double off;    /* some eigenvalue is no farther from the value */
    double weight; /* what share of all: an estimate, right in the mean over seeds. They add up to 1. */
} Ritz;

/* As known after the steps so far, in rising order: ritz[0] is at or above the smallest eigenvalue and the
 * last one at or below the largest. ritz: (steps so far). Returns how many: the steps, or 0 where a product
 * was not finite. */
int spectrum_read(Spectrum *spectrum, Ritz *ritz);

/* How dense eigenvalues lie, each one blurred to a normal distribution of a standard deviation `blur` > 0: at
 * the middles of cells of a width, the first of which begins at `low`. Over all numbers it integrates to the
 * sum of the weights. density: (cells). */
void spectrum_density(
    const Ritz *ritz, int n, double blur, double low, double width, int cells, double *density);

#endif
