/* How the training loss of a network curves at some weights, by the Hessian of the loss over many examples at
 * once, whatever a race's minibatches are: its extreme eigenvalues, or how all of them are spread. In slices,
 * so that a caller may stop at any time.
 *
 * The loss is that of the network as it is used, without dropout and noise, and with the penalties that it is
 * trained with; |W|_1 has a slope, but does not curve. */
#ifndef SLALOM_HESSIAN_H
#define SLALOM_HESSIAN_H

#include "mlp.h"
#include "spectrum.h"

#include <stddef.h>

/* At most so many examples: of more, as many as are spread evenly over them, and fewer of a large network. */
enum { HESSIAN_EXAMPLES_MAX = 2000, HESSIAN_EXAMPLES_LEAST = 200 };
/* Up to so many parameters all eigenvalues are found; of more they are estimated. */
enum { HESSIAN_EXACT_MAX = 600 };
/* An estimate is the mean over so many runs of Lanczos' method, of so many steps each. */
enum { HESSIAN_RUNS = 4, HESSIAN_RUN_STEPS = 60 };
enum { HESSIAN_RITZ_MAX = HESSIAN_EXACT_MAX };

typedef struct Hessian Hessian;

/* The examples are copied. Parameters have the spec's precision. Fails where a number is out of its range or
 * the memory does not fit. */
Hessian *hessian_create(const MlpSpec *spec, const Batch *examples, Status *status);
void hessian_destroy(Hessian *hessian);

size_t hessian_dim(const Hessian *hessian);
int hessian_examples(const Hessian *hessian);
bool hessian_is_exact(const Hessian *hessian); /* its spread will be */

typedef enum HessianTask {
    HESSIAN_EXTREMES, /* the smallest and the largest eigenvalue */
    HESSIAN_SPREAD,   /* all of them */
} HessianTask;

/* Where to write the parameters before a beginning. */
const Vec *hessian_at(const Hessian *hessian);
void hessian_begin(Hessian *hessian, HessianTask task);
/* Where to write numbers p before: the extremes, and then the largest eigenvalue of P^-1 H as well, P being
 * the diagonal matrix of p. */
const Vec *hessian_scaling(const Hessian *hessian);
void hessian_begin_scaled(Hessian *hessian);
/* Goes on by about one product of the Hessian with a vector. Returns whether anything is left. */
bool hessian_advance(Hessian *hessian);

/* How the eigenvalues are spread. One is flat where it is within a share of the one that is largest in size:
 * HESSIAN_FLAT. */
#define HESSIAN_FLAT 1e-3
typedef struct HessianSpread {
    bool exact;
    int n;                       /* 0: something is not finite */
    Ritz ritz[HESSIAN_RITZ_MAX]; /* rising; weights add up to 1; exact ones are all eigenvalues */
    double down, flat, up;       /* how many are negative, flat, positive */
} HessianSpread;

/* How many of the ritz, the first of them, are negative and not flat. */
int hessian_down(const HessianSpread *spread);

/* What was found. NAN where something is not finite. */
typedef struct HessianExtremes {
    double smallest, largest;
    double scaled; /* the largest of P^-1 H; NAN also where it was not asked for, and where a p is
                      not above 0 */
    double loss, gradient_norm; /* of the same loss */
} HessianExtremes;
HessianExtremes hessian_extremes(const Hessian *hessian);
/* After HESSIAN_SPREAD. Borrowed until the next beginning. */
const HessianSpread *hessian_spread(const Hessian *hessian);

/* What stands near a value: where the gradient is so small that the best step along it, a rate of 1/largest,
 * wins less than a share of the loss, HESSIAN_CRITICAL, the point is near a critical one. */
#define HESSIAN_CRITICAL 1e-3
typedef enum HessianPlace {
    HESSIAN_SLOPE,  /* not near a critical point */
    HESSIAN_SADDLE, /* near one with a direction that leads down */
    HESSIAN_VALLEY, /* near one without */
} HessianPlace;
HessianPlace hessian_place(const HessianExtremes *extremes, double down);

#endif
