/* Whether an expectation holds in what was recorded. */
#ifndef SLALOM_CHECK_EVALUATE_H
#define SLALOM_CHECK_EVALUATE_H

#include "expect_tree.h"
#include "record.h"

/* All that was recorded of a lesson: records of each seed, one for each scene. */
typedef struct Evidence {
    const Record *records; /* (n_seeds, n_acts) */
    int n_seeds, n_acts;
    const MeasureList *measures;
} Evidence;

/* The value for a seed: of a claim 1 or 0. NAN where it is not known; then *unknown, where not NULL, is the
 * step of an expression over steps that had no value, or NAN. */
double expectation_value(const Expectation *expectation, const Evidence *evidence, int seed, double *unknown);

/* Appends what was measured, for a seed: "sgd.loss(200) is 0.01; adam.loss(200) is 3". */
void expectation_measured(const Expectation *expectation, const Evidence *evidence, int seed, Text *out);

/* Appends the text of the opposite claim. */
void expectation_invert(const Expectation *expectation, Text *out);
/* The same with only the claims inside of each share(...) turned round; false where there is none. */
bool expectation_invert_shares(const Expectation *expectation, Text *out);

#endif
