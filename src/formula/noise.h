/* Standard normal numbers by the engine's own functions: the same on every machine. */
#ifndef SLALOM_NOISE_H
#define SLALOM_NOISE_H

#include "rng.h"

double noise_normal(Rng *rng);

/* Student's t with 2 degrees of freedom: a finite mean and no variance. */
double noise_student(Rng *rng);

#endif
