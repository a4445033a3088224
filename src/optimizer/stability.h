/* Beyond which rate, times the largest eigenvalue of a quadratic, a rule diverges. */
#ifndef SLALOM_STABILITY_H
#define SLALOM_STABILITY_H

/* A scaling counts as fixed: those that change slowly are (Cohen et al. 2022, "Adaptive gradient methods at
 * the edge of stability"). What decays beside the gradient counts as none.
 *
 * values: the rule's hyperparameters in the order of its row. */
double stability_descent(const double *values);
double stability_momentum(const double *values);
double stability_dampened(const double *values);
double stability_nesterov(const double *values);
double stability_qhm(const double *values);
double stability_schedule_free(const double *values);
double stability_langevin(const double *values);
/* Rows whose values go on with rho, momentum; with beta1; with beta1, beta2, nu1, nu2. */
double stability_scaled_momentum(const double *values);
double stability_averaged(const double *values);
double stability_qhadam(const double *values);
double stability_adan(const double *values);

#endif
