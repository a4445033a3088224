/* Data by name: what --data says, from a generator, from the program itself or from files. */
#ifndef SLALOM_DATA_H
#define SLALOM_DATA_H

#include "dataset.h"
#include "generator.h"
#include "hand_points.h"
#include "status.h"

#include <stdint.h>

/* Unless said otherwise: how many examples are made, and what is kept from training. */
enum { DATA_MADE_USUAL = 400 };
extern const SplitShares data_shares_usual;

/* What there is by name, for lists. */
typedef struct DataRow {
    const char *name;
    const char *title;
    const char *keys; /* those that mean something to it, with defaults */
} DataRow;
int data_count(void);
DataRow data_row(int i);

/* Data that are ready to be learned from: split, and standardised where they should be. */
typedef struct Data {
    Dataset *dataset;
    Split split;
    Generator *generator; /* NULL where they were not made */
    bool is_canvas;       /* they are nothing but points by hand, */
    bool is_blank;        /* of which there are none yet: the one example stands for none */
    HandScale scale;      /* of inputs in the plane */
    double extent[4];     /* of data in the plane: x from, to, y from, to, without points and the test */
    int32_t *origins;     /* (n_origins) as of hand_points_join; NULL: examples are as they were read; owned */
    size_t n_origins;
    uint64_t by_hand; /* hand_points_fingerprint */
} Data;

/* Where an example of the training part comes from, or a point by hand: the number of a training example of
 * the data, or -1 - i for point i; 0 for all others. Copies come from the same example. */
int data_origin(const Data *data, size_t example);

/* Reads NAME[:key=value,...], where NAME is a row or a path: of a CSV file (.csv, .csv.gz), of an IDX file of
 * images, or of a folder with the four files of MNIST. Keys:
 *
 * - n, noise, classes, turns: of a generator
 * - rare: the share of a generator's examples that are of the last class
 * - label, target: the CSV column to predict: a class, or a number; the last column is a class
 * - labels: the file of an IDX file's labels
 * - classes: how many there are in an IDX file (otherwise what the labels say), or of points
 * - validation, test: shares of the examples (dataset.h)
 * - standardise: 1: inputs get mean 0 and variance 1 (a CSV file's do); 0: they stay
 * - copies: every training example is there so many times; validation and test are not
 * - sorted: 1: the training part is in the order of its classes, or of the first target
 * - seed: of the examples and their split, in place of the one below
 *
 * All other chance comes from the seed. On failure nothing needs to be finished. */
bool data_open(Data *data, const char *text, uint64_t seed, Status *status);
/* The same where paths are relative to a folder; one that is absolute or leads out of it is refused. folder:
 * NULL for the current one, and any path. points: join the training part before it is copied or sorted; their
 * units are those of the data before these are standardised, which goes by the data's own examples. */
bool data_open_in(Data *data, const char *folder, const char *text, const HandPoints *points, uint64_t seed,
    Status *status);
void data_finish(Data *data);

/* Whether a text means data that are nothing but points by hand. */
bool data_is_canvas(const char *text);

#endif
