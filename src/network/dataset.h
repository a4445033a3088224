/* Examples in memory, and which of them are for what. Where they come from is left to the readers (csv.h,
 * idx.h) and the generators (generator.h); in which order they are learned, to the sampler. */
#ifndef SLALOM_DATASET_H
#define SLALOM_DATASET_H

#include "batch.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DATASET_NAME_BYTES = 48, DATASET_CLASSES_MAX = 1000, DATASET_INPUTS_MAX = 1000000 };

/* More examples than a batch can count, or more memory than this, is refused. */
#define DATASET_BYTES_MAX 8e9

typedef struct DatasetName {
    char text[DATASET_NAME_BYTES]; /* printable UTF-8 */
} DatasetName;

typedef struct Dataset {
    size_t n;
    int n_in, n_out;       /* n_out: classes, or numbers in a target */
    float *inputs;         /* (n, n_in), row-major; owned, like all that follows */
    int32_t *labels;       /* (n), in [0, n_out); NULL for regression */
    float *targets;        /* (n, n_out); NULL for classes */
    DatasetName *classes;  /* (n_out): what the classes, or the targets, are called */
    DatasetName *features; /* (n_in); NULL where they have no names, as pixels */
    int width, height;     /* of an image whose pixels the inputs are; 0: they are none */
    double white;          /* the largest value that a pixel was, the smallest being 0; 0: 1 */
    double *means, *units; /* (n_in): an input is what it was less the mean, by the unit; NULL: as it was */
    size_t n_test;         /* so many at the end are a test set that the data came with */
} Dataset;

/* Everything zero, classes named by their numbers. n may be 0 for one that grows. */
Dataset *dataset_create(size_t n, int n_in, int n_out, bool regression, Status *status);
void dataset_destroy(Dataset *dataset);

/* Room for n examples; those that are there stay. `n` of the data set becomes n. */
bool dataset_resize(Dataset *dataset, size_t n, Status *status);

/* Cuts a name to what fits, at a whole character, and makes it printable. */
void dataset_name(DatasetName *name, const char *bytes, size_t length);

/* Some examples in a row. */
typedef struct Part {
    size_t first, n;
} Part;

/* What the examples are for. Training learns from its part; validation decides when to stop; test is looked
 * at once, at the end. */
typedef struct Split {
    Part training, validation, test;
} Split;

typedef struct SplitShares {
    double test;       /* of all examples; not looked at where the data came with a test set */
    double validation; /* of the examples that are not for the test; both in [0, 1) */
} SplitShares;

/* Assigns examples to parts by chance, each class in the same shares (to within one example), and brings
 * each part together; within a part the order stays. A share above 0 gives one example at least. Fails where
 * nothing is left to train with. */
bool dataset_split(Dataset *dataset, SplitShares shares, uint64_t seed, Split *split, Status *status);

/* Repeats the training part so that every example is in it `copies` times, 1 or more; the other parts stay as
 * they are, behind it. */
bool dataset_copy_training(Dataset *dataset, size_t copies, Split *split, Status *status);

/* Brings the examples of a part into the order of their classes, or of their first target; equal ones stay in
 * the order that they had. origins: numbers of theirs that go with them, (part.n); NULL: none. Fails only for
 * memory. */
bool dataset_sort(Dataset *dataset, Part part, int32_t *origins, Status *status);

/* Brings every input to mean 0 and variance 1 over the training part; one that does not vary there becomes
 * that much less its mean. Once for a data set. Fails only for memory. */
bool dataset_standardise(Dataset *dataset, Part training, Status *status);
/* Whether the inputs of data that were not standardised yet, with names of their own, are the pixels of
 * square images: nothing below 0 and whole numbers, or nothing above 1, a square number of them, of 8 a side
 * or of 4 where their names begin with "pix". Returns how many a side; 0: they are none. white: the largest.
 */
int dataset_find_pixels(const Dataset *dataset, double *white);
/* The inputs of an example as they were before they were standardised. inputs: (n_in) */
void dataset_original(const Dataset *dataset, size_t example, float *inputs);

/* A copy of at most so many examples of a part, one from each of as many equal stretches; and yet in step
 * with nothing that repeats, as classes that take turns do. NULL where memory is out. */
Dataset *dataset_sample(const Dataset *dataset, Part part, size_t most, Status *status);

/* The examples first .. first + n - 1, without a copy. */
Batch dataset_batch(const Dataset *dataset, size_t first, size_t n);

#endif
