/* Beyond which rate, times the largest eigenvalue of a quadratic, a rule diverges. */
#ifndef SLALOM_STABILITY_H
#define SLALOM_STABILITY_H

/* values: the rule's hyperparameters in the order of its row. */
double stability_descent(const double *values);
double stability_momentum(const double *values);
double stability_dampened(const double *values);
double stability_nesterov(const double *values);
double stability_qhm(const double *values);
double stability_schedule_free(const double *values);
double stability_langevin(const double *values);

#endif
