/* Data that are made: shapes of classes in the plane, and curves for regression. One row each. */
#ifndef SLALOM_GENERATOR_H
#define SLALOM_GENERATOR_H

#include "dataset.h"
#include "rng.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct GeneratorRow {
    const char *name;  /* on the command line */
    const char *title; /* for people */
    /* Classes: a point of class `label` before noise, as far as possible with the engine's own functions, so
     * that it is the same everywhere. turns: the row's own number. NULL: a curve. */
    void (*place)(Rng *rng, int label, int n_classes, double turns, double point[2]);
    const char *curve; /* a formula of x in [-1, 1]; NULL: classes */
    int n_classes;     /* unless said otherwise */
    int n_classes_max; /* as n_classes where nothing else has a meaning */
    double noise;      /* the standard deviation, unless said otherwise; of a curve, that of the target */
    double turns;      /* unless said otherwise; 0: the row has no such number */
} GeneratorRow;

extern const GeneratorRow generator_table[];
extern const int generator_count;
const GeneratorRow *generator_find(const char *name); /* NULL where there is none */

typedef struct GeneratorSpec {
    const GeneratorRow *row;
    int n_classes;
    double noise, turns;
    double rare; /* in [0, 1): the share of examples that are of the last class; 0: all come equally often */
} GeneratorSpec;

/* What the row says. */
GeneratorSpec generator_defaults(const GeneratorRow *row);

/* A generator that is ready to make examples; for one thread at a time. */
typedef struct Generator Generator;
Generator *generator_create(const GeneratorSpec *spec, Status *status);
void generator_destroy(Generator *generator);

int generator_inputs(const Generator *generator);
int generator_outputs(const Generator *generator); /* classes, or 1 for a curve */
bool generator_is_regression(const Generator *generator);

/* Example `index` of the endless stream of a seed: the same numbers always. Classes take turns, but that a
 * rare one only comes when its share is due. inputs: (generator_inputs); of label and target the one that
 * applies is set. */
void generator_example(
    Generator *generator, uint64_t seed, uint64_t index, float *inputs, int32_t *label, float *target);

/* The first n examples. */
Dataset *generator_dataset(Generator *generator, size_t n, uint64_t seed, Status *status);

#endif
