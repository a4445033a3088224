/* What stands between an objective and an optimizer: noise, accumulation, bias, coupled penalties and
 * clipping of the gradient, in this order; and averaging of the iterates. All are off unless a racer says
 * otherwise, so that every departure from the plain gradient is visible. */
#ifndef SLALOM_DEVICES_H
#define SLALOM_DEVICES_H

#include "optimizer.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum Device {
    DEVICE_NOISE,       /* Gaussian: standard deviation of one example's gradient, each coordinate */
    DEVICE_STATE_NOISE, /* Gaussian: so many times the gradient's norm, so that it vanishes with it */
    DEVICE_HEAVY_NOISE, /* Student's t with 2 degrees of freedom: a finite mean and no variance */
    DEVICE_BATCH,       /* examples averaged: all noise is divided by its square root */
    DEVICE_OWN_NOISE,   /* 1: a noise stream of the racer's own; 0: the one that all racers share */
    DEVICE_ACCUMULATE,  /* so many gradients at a point, each with noise and a minibatch of its own, averaged
                         */
    DEVICE_BIAS,        /* added to every coordinate: an inexact gradient */
    DEVICE_L2,          /* l2*x added to the gradient, l2/2 |x|^2 to the loss that the optimizer sees */
    DEVICE_L1,          /* l1*sign(x), and l1 |x|_1 */
    DEVICE_CLIP_NORM,   /* the gradient scaled down to this norm where it is longer; 0: off */
    DEVICE_CLIP_VALUE,  /* every coordinate cut to [-clip, clip]; 0: off */
    DEVICE_POLYAK,      /* 1: the mean of all iterates is kept beside them */
    DEVICE_EMA,         /* their exponential moving average with this decay, without polyak; 0: off */
    DEVICE_COUNT,
} Device;

/* Name, default, range and domain of each, in the order of the enum: keys of --optimizer. */
extern const OptimizerParameter device_table[DEVICE_COUNT];

void devices_defaults(double devices[DEVICE_COUNT]);
int device_find(const char *name); /* -1 where there is none */

/* Whether the gradient that the optimizer sees differs from the objective's. */
bool devices_change_gradient(const double devices[DEVICE_COUNT]);

/* Whether the same point gives another gradient the next time. */
bool devices_are_noisy(const double devices[DEVICE_COUNT]);

/* Turns the objective's gradient at x (already in `gradient`) into the one that the optimizer sees, in place,
 * in two parts: the noise, of which the same stream gives the same; and the others, which return the penalty
 * that belongs to the loss. Accumulation, between them, is whose the objective is. */
void devices_add_noise(const double devices[DEVICE_COUNT], const Vec *gradient, uint64_t stream);
double devices_shape(const double devices[DEVICE_COUNT], const Vec *x, const Vec *gradient);
double devices_apply(
    const double devices[DEVICE_COUNT], const Vec *x, const Vec *gradient, uint64_t stream); /* both */

/* The noise stream of a step, the same for all that a rule evaluates in it, as a minibatch would be; racer: 0
 * for the shared one. */
uint64_t noise_stream(uint64_t seed, uint64_t racer, uint64_t step);

#endif
