/* Limits of the rates of those rules for which they are known, times the largest eigenvalue of a quadratic.
 */
#include "stability.h"

#include <math.h>

/* Rates at which a quadratic's steepest direction neither shrinks nor grows, times its eigenvalue. */
double stability_descent(const double *values) {
    (void)values;
    return 2;
}

double stability_momentum(const double *values) {
    return 2 * (1 + values[1]);
}

double stability_dampened(const double *values) {
    return values[2] < 1 ? 2 * (1 + values[1]) / (1 - values[2]) : NAN;
}

double stability_nesterov(const double *values) {
    return 2 * (1 + values[1]) / (1 + 2 * values[1]);
}

double stability_qhm(const double *values) {
    double beta = values[1], nu = values[2];
    return nu <= 1 ? 2 * (1 + beta) / (1 + beta - 2 * nu * beta) : NAN;
}

/* In the long run: x stands still, and z moves by lr (1 - beta) of its own slope. */
double stability_schedule_free(const double *values) {
    return 2 / (1 - values[1]);
}

double stability_langevin(const double *values) {
    (void)values;
    return 4;
}

double stability_scaled_momentum(const double *values) {
    return 2 * (1 + values[2]);
}

/* A mean of gradients moves x. */
double stability_averaged(const double *values) {
    return 2 * (1 + values[1]) / (1 - values[1]);
}

/* With nu2 = 1 alone the scaling is of state alone. */
double stability_qhadam(const double *values) {
    return values[4] == 1 ? stability_momentum(values) : NAN;
}

/* Where x and g change their sign with each step, m is beta1/(2 - beta1) and v is 2 beta2/(2 - beta2) of g.
 */
double stability_adan(const double *values) {
    const double m = values[1] / (2 - values[1]), v = 2 * values[2] / (2 - values[2]);
    return 2 / (m + (1 - values[2]) * v);
}
