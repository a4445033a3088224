/* How the weights and biases of a network begin: one row each. */
#ifndef SLALOM_INIT_H
#define SLALOM_INIT_H

#include "mlp.h"
#include "optimizer.h"

typedef struct InitMethod InitMethod;

typedef struct InitRow {
    const char *name;             /* on the command line */
    const char *title;            /* for people */
    const char *formula;          /* of a weight: n_in and n_out are of its layer */
    const char *reference;        /* author and year; "" for none */
    OptimizerParameter parameter; /* its one number; without a name where it has none */
    const InitMethod *method;
} InitRow;

extern const InitRow init_table[];
extern const int init_count;
const InitRow *init_find(const char *name); /* NULL where there is none */

typedef struct InitSpec {
    const InitRow *row;
    double value; /* of the row's parameter */
    double bias;  /* every bias of every layer */
} InitSpec;

/* Reads NAME[:parameter=value][:bias=value], with a comma or a colon between the two. */
bool init_read(InitSpec *spec, const char *text, Status *status);

/* Fills x, float32 or float64, (parameters); the same seed gives the same numbers in either, rounded. LSUV
 * looks at the batch that the network has been given; without one, and for what a row cannot do with these
 * layers, it fails. */
bool init_fill(const InitSpec *spec, Mlp *mlp, const Vec *x, uint64_t seed, Status *status);

#endif
