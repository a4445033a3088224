/* Random numbers of the shapes that noise has. */
#include "noise.h"

#include "evaluate.h"

#include <math.h>

double noise_normal(Rng *rng) { /* Box & Muller 1958 */
    static const double two_pi = 6.283185307179586;
    double radius = sqrt(-2 * operation_compute(OPERATION_LOG, 1 - rng_uniform(rng, 0, 1), 0, 0));
    return radius * operation_compute(OPERATION_COS, two_pi * rng_uniform(rng, 0, 1), 0, 0);
}

double noise_student(Rng *rng) { /* a normal over the root of an exponential */
    double normal = noise_normal(rng);
    return normal / sqrt(-operation_compute(OPERATION_LOG, 1 - rng_uniform(rng, 0, 1), 0, 0));
}
