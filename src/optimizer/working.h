/* A rule's script worked out by hand: each statement with the numbers that one step had, for two coordinates.
 *
 * The script is parsed once more, statement by statement, and evaluated node by node with the functions that
 * its program runs on: what is shown is what was computed, but for the rounding of a last bit. The same graph
 * tells how a step answers to the gradient, by its derivatives. */
#ifndef SLALOM_WORKING_H
#define SLALOM_WORKING_H

#include "optimizer.h"
#include "text.h"

enum { WORKING_DIM = 2, WORKING_LINES_MAX = 40 };

/* What a step had before it; (WORKING_DIM) of each vector. What a rule does not read is ignored. */
typedef struct WorkingInputs {
    double x[WORKING_DIM];
    double gradient[WORKING_DIM]; /* g of the update */
    double here[WORKING_DIM];     /* at x: g of a probe */
    double ahead[WORKING_DIM];    /* where the probe took the gradient */
    double u[WORKING_DIM], hu[WORKING_DIM];
    double state[OPTIMIZER_STATE_MAX][WORKING_DIM];
    double scalars[SYMBOLS_MAX]; /* in the row's order */
    double noises[NOISES_MAX][WORKING_DIM];
    double values[OPTIMIZER_PARAMETERS_MAX];
    double lr;
    double t;
} WorkingInputs;

/* One statement, or what comes before the first: where the gradient is taken, the direction u and Hu. */
typedef struct WorkingLine {
    const char *text; /* as written; not terminated */
    size_t length;
    char name[SYMBOL_NAME_BYTES]; /* what it sets; "" for the place of the gradient */
    bool is_vector;
    bool is_given;             /* it is known what came of it, not how */
    double value[WORKING_DIM]; /* what it set; of one number both are it */
} WorkingLine;

typedef struct Working Working;

/* NULL and a status where the row is a method, or does not parse. The row is borrowed. */
Working *working_create(const Optimizer *optimizer, Status *status);
void working_destroy(Working *working); /* NULL is fine */

/* How many randn() the update has. */
int working_noise_count(const Working *working);

/* Computes every line. Allocates nothing. */
void working_evaluate(Working *working, const WorkingInputs *inputs);

int working_line_count(const Working *working);
const WorkingLine *working_line(const Working *working, int line);

/* Appends a line's right-hand side with numbers for names, as a person would: "0.9·(−0.0123) − 0.01·4.56". */
void working_print(const Working *working, int line, int coordinate, Text *out);
/* A number to so many significant digits: "−0.05670", "1.234e−5", "∞". */
void working_print_number(Text *out, double value, int digits);

/* How the step answers to the gradient where what it has learned of the gradient's size stays as it is (what
 * is not linear in g: Adam's r), each coordinate by itself: own:    to this step's gradient alone, -d step/d
 * g; Adam: lr (1 - beta1)/(1 - beta1^t)/(eps + sqrt(r_hat)). steady: had it been the same in all steps so
 * far; Adam: lr/(eps + sqrt(r_hat)), descent: lr. False where the step does not follow the gradient in size:
 * both are 0 (signs) or not finite. */
bool working_response(const Working *working, double own[WORKING_DIM], double steady[WORKING_DIM]);

#endif
