/* Tables as comma-separated values (RFC 4180): a header, then one example a row. */
#ifndef SLALOM_CSV_H
#define SLALOM_CSV_H

#include "dataset.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct CsvSpec {
    const char *answer; /* the column to be predicted; NULL: the last */
    bool regression;    /* it is a number, not a class */
} CsvSpec;

/* Every other column is an input, a number. A class may be any text: its label is its place among all
 * classes, sorted as numbers where all are numbers. Empty lines are passed over. Mistakes are named as
 * "name:LINE:COLUMN: ..." with the byte in the line, from 1. NULL where it fails. */
Dataset *csv_read(const char *bytes, size_t size, const char *name, const CsvSpec *spec, Status *status);

#endif
