/* What can be said of a racer at a report of a training, and the columns of its CSV: one row of a table each.
 */
#ifndef SLALOM_TRAINING_COLUMNS_H
#define SLALOM_TRAINING_COLUMNS_H

#include "training.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct TrainingColumn {
    const char *name;
    const char *meaning;
    bool whole;                                     /* the number is whole */
    const char *(*word)(int number);                /* what the numbers from 0 are called, and NULL beyond the
                                                       last; NULL: they are numbers */
    double (*number)(const TrainingReport *report); /* NULL: the racer's label */
} TrainingColumn;
extern const TrainingColumn training_columns[];
extern const int training_column_count;

/* The same of one layer. */
typedef struct LayerColumn {
    const char *name;
    const char *meaning;
    double (*number)(const TrainingLayer *layer);
} LayerColumn;
extern const LayerColumn layer_columns[];
extern const int layer_column_count;

/* Rows of those racers that the last advance has news of. They begin with the seed where there is one to
 * tell; seed: NULL otherwise. */
void training_write_header(FILE *file, bool has_seed);
void training_write_rows(FILE *file, const Training *training, const uint64_t *seed);
void training_write_layer_header(FILE *file, bool has_seed);
void training_write_layer_rows(FILE *file, const Training *training, const uint64_t *seed);

#endif
