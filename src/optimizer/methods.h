/* The optimizers that are code. Their rows in rules.c give them names, hyperparameters and text. */
#ifndef SLALOM_METHODS_H
#define SLALOM_METHODS_H

#include "optimizer.h"

/* Each takes its hyperparameters in this order; lr, the first, comes with the step. */
extern const Method method_newton;             /* lr, damping, saddle_free */
extern const Method method_newton_cg;          /* lr, damping, iterations, c2 */
extern const Method method_bfgs;               /* lr, c2, biggs */
extern const Method method_lbfgs;              /* lr, history, c2, biggs, dense */
extern const Method method_conjugate_gradient; /* lr, c2 */
extern const Method method_steepest_line;      /* lr, c2 */

/* On matrices: lr, momentum, nesterov, iterations, bias_lr, weight_decay. */
extern const Method method_muon;
/* On matrices: lr, eps, every, momentum. */
extern const Method method_shampoo;

#endif
