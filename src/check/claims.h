/* Claims about what scenes do, and whether they are true: every scene that a claim names is run once for each
 * seed, and all claims are held against that. */
#ifndef SLALOM_CHECK_CLAIMS_H
#define SLALOM_CHECK_CLAIMS_H

#include "expect_tree.h"
#include "pool.h"
#include "text.h"

typedef struct Claims Claims;

/* The first act is the scene as it opens. Borrowed, with the scenes. NULL when memory is out. */
Claims *claims_create(const Act *acts, int n_acts);
void claims_destroy(Claims *claims);

/* Adds one; before claims_run. What is wrong with it is said with its column. Its number, from 0, or -1. With
 * `any` a number may stand for a claim: then it is only told. */
int claims_add(Claims *claims, const char *text, bool any, Status *status);
int claims_count(const Claims *claims);
const char *claims_text(const Claims *claims, int claim);

/* Adds the opposite of one, and where it counts seeds by `share` that of what it counts: two numbers, -1
 * where there is none. Each must turn out not to hold. */
void claims_add_opposites(Claims *claims, int claim, int opposites[2], Status *status);

/* Runs what is needed, with seeds first_seed, first_seed + 1, ... pool: NULL for none. */
bool claims_run(Claims *claims, uint64_t first_seed, int n_seeds, Pool *pool, Status *status);
/* How long all runs of a scene took, in seconds; 0 where none was needed. */
double claims_seconds(const Claims *claims, int act);

/* Whether it holds on every seed; *seed is the first where it does not. */
bool claims_holds(const Claims *claims, int claim, int *seed);
/* Whether it is neither true nor false for a seed: something in it has no number. */
bool claims_is_unknown(const Claims *claims, int claim, int seed);
/* Appends what was measured with a seed. */
void claims_measured(const Claims *claims, int claim, int seed, Text *out);
/* The value of one that was added with `any`. */
double claims_value(const Claims *claims, int claim, int seed);

#endif
