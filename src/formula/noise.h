/* Random numbers of the shapes that noise has, by the engine's own functions: the same on every machine. */
#ifndef SLALOM_NOISE_H
#define SLALOM_NOISE_H

#include "rng.h"
#include "vec.h"

#include <stdint.h>

/* One standard normal number. */
double noise_normal(Rng *rng);

/* Many at once, each known by its stream and its place in it, so that any part of a stream can be had, in any
 * order. Streams are made in blocks of so many numbers. */
enum { NOISE_BLOCK = 32 };

/* out[i] becomes number first + i. first: a multiple of NOISE_BLOCK. The numbers of
 * the two precisions are not roundings of each other. */
void noise_fill(const Vec *out, uint64_t stream, uint64_t first);
/* The same on a named instruction set ("baseline", ...), for tests; false where it is not there. */
bool noise_fill_by(const char *set, const Vec *out, uint64_t stream, uint64_t first);

/* Student's t with 2 degrees of freedom: a finite mean and no variance. Number `at` of the stream. */
double noise_student(uint64_t stream, uint64_t at);

#endif
