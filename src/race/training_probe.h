/* What may be asked of a training between two advances beside its reports: dearer than what those have, and
 * worked out only when it is asked for. The training goes on as if it had not been. */
#ifndef SLALOM_TRAINING_PROBE_H
#define SLALOM_TRAINING_PROBE_H

#include "hessian.h"
#include "training.h"

/* The share of a class's examples that a racer takes for another one: of the validation part, or without one
 * of the training part. By its averaged weights where it averages them. NAN where there is no such class or
 * no example of it, and for a racer that diverged. */
double training_class_error(Training *training, int racer, int label);

/* How far the mean of many minibatches' gradients, as this training samples them, is from the gradient of the
 * population, which fresh examples of the generator stand for; in standard errors of that difference. About 1
 * where minibatches are drawn from the population, and hardly above 2; large where they are not. NAN where
 * the data are not made by a generator, where there are not two minibatches to take, for a racer that
 * diverged, and where memory is out. */
double training_gradient_gap(Training *training, int racer);

/* The training loss of the same network with the units of every hidden layer in the opposite order: a unit
 * takes what comes in and what goes out with it, so that the function is the same and only sums are added up
 * in another order. NAN for a racer that diverged, and where memory is out. */
double training_permuted_loss(Training *training, int racer);

/* How far the training loss on the straight line from a racer's weights to another's rises above the higher of
 * both ends, at the highest of the TRAINING_BARRIER_POINTS points between them; 0 where it does not. NAN where
 * one has diverged, and where memory is out. */
enum { TRAINING_BARRIER_POINTS = 19 };
double training_barrier(Training *training, int racer, int other);

/* How far the mean of the gradients of an epoch's minibatches, all at the point where the racer is now, is
 * from the gradient of all training examples; as a share of that one's length. 0, but for rounding, where an
 * epoch takes every example once. Draws that depend on chance have many epochs. NAN where the rest of an
 * epoch is all that can be said (hardest-first in the middle of one), for an endless stream, for a racer that
 * diverged, and where memory is out. */
double training_gradient_bias(Training *training, int racer);

/* The ends of the spectrum of the training loss's Hessian (hessian.h) at the weights that are used of a
 * racer. NAN for one that diverged, and where memory is out. */
HessianExtremes training_curvature(Training *training, int racer);

#endif
