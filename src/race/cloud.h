/* A cloud of gradients: what a racer might have been given at one point, had chance chosen other examples and
 * other noise. For display and for measuring how far chance scatters them; of races on two coordinates. */
#ifndef SLALOM_CLOUD_H
#define SLALOM_CLOUD_H

#include "race.h"

enum { CLOUD_DIM = 2, CLOUD_MAX = 1000 };

/* n gradients (n, CLOUD_DIM) at x, each as the racer's optimizer would see it: of minibatches and noise that
 * no step of the race has, as many averaged as the racer accumulates, with its bias, penalties and clipping.
 * The same arguments give the same cloud. The objective is left with the minibatch of the race's present
 * step. */
void cloud_gradients(const Race *race, int racer, const double x[CLOUD_DIM], int n, double *gradients);

/* Whether they differ from one another: the racer has noise, or the objective minibatches. */
bool cloud_exists(const Race *race, int racer);

/* Mean and covariance (xx, xy, yy) of n gradients, n > 1. */
typedef struct CloudShape {
    double mean[CLOUD_DIM], covariance[3];
} CloudShape;
CloudShape cloud_shape(const double *gradients, int n);

/* The root of their mean squared distance from their mean: the standard error of one gradient. */
double cloud_spread(const CloudShape *shape);

#endif
