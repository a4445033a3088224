/* Cumulative regret of the racers on a surface: what they have lost, step by step, beyond what the best fixed
 * point would have lost on the same sequence of losses (Zinkevich 2003).
 *
 *     R(T) = sum over t < T of f_t(x_t) - min over x of sum over t < T of f_t(x)
 *
 * f_t is the loss that step t saw: that of its batch, or the surface itself. The best point is that of the
 * T losses there were, found anew for every T by Newton's method from the lowest known minimum of the
 * surface; on a convex surface it is the true one. NAN where none is found. */
#ifndef SLALOM_REGRET_H
#define SLALOM_REGRET_H

#include "race.h"
#include "surface.h"

typedef struct Regret Regret;

/* The race must be on this surface. Both are borrowed. */
Regret *regret_create(const Race *race, Surface *surface, Status *status);
void regret_destroy(Regret *regret);

/* A racer's after `step` steps, 0..the last row of its trace. Cheap where steps are asked for in ascending
 * order. Takes other batches on the surface and leaves it with that of the race's present step. */
double regret_at(Regret *regret, int racer, int64_t step);

#endif
