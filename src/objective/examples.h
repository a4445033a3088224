/* The examples of a surface that is a mean over a table of data, taken a few at a time: minibatches, or one
 * by one as they come (online). */
#ifndef SLALOM_EXAMPLES_H
#define SLALOM_EXAMPLES_H

#include "parse.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* Which examples a step gets. */
typedef enum ExampleOrder {
    EXAMPLES_SHUFFLED, /* every example once an epoch, each epoch in another order */
    EXAMPLES_DRAWN,    /* each drawn from all, with replacement */
    EXAMPLES_LISTED,   /* in the table's order, again and again */
    EXAMPLES_ORDERS,
} ExampleOrder;
extern const char *const example_order_names[EXAMPLES_ORDERS];

typedef struct Examples Examples;

/* From a formula of two variables with one table of data. Step 0's batch is taken. Fails where there is no
 * such table, or fewer rows than a batch has. */
Examples *examples_create(const char *formula, const char *const axes[2], size_t batch, ExampleOrder order,
    uint64_t seed, Status *status);
void examples_destroy(Examples *examples);

/* The parameters of the formula, as another reading of the same text has them. Once before an evaluation. */
void examples_bind(Examples *examples, const Formula *formula, const double *values);

size_t examples_count(const Examples *examples); /* rows of the table */
size_t examples_batch(const Examples *examples); /* rows in a batch */

/* Takes the batch of a step; the same step gets the same batch. */
void examples_take(Examples *examples, uint64_t step);
const size_t *examples_taken(const Examples *examples); /* (batch): its rows of the table */

/* The mean loss of the batch at (x, y); where not NULL also gradient[2] and hessian[3] = fxx, fxy, fyy. */
double examples_evaluate(Examples *examples, double x, double y, double *gradient, double *hessian);

/* The same for the sum of all rows, each times its weight; NULL: 1/count each, the mean. */
double examples_weigh(
    Examples *examples, const double *weights, double x, double y, double *gradient, double *hessian);

#endif
