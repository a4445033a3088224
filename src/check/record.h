/* What one scene did with one seed: everything that expectations measure of it, by step. */
#ifndef SLALOM_CHECK_RECORD_H
#define SLALOM_CHECK_RECORD_H

#include "expect_tree.h"

/* Start from {0}. A row is a step of a race or a report of a training. */
typedef struct Record {
    int64_t n_rows;
    double *steps;                 /* (n_rows), rising; owned, as all */
    double planned;                /* steps that it would have had */
    double epoch_steps;            /* NAN for a race */
    int64_t last[RACE_RACERS_MAX]; /* the last row of a racer: it may have ended before the others */
    int64_t best[RACE_RACERS_MAX]; /* the row of its lowest loss, of validation where there is such */
    int n_measures;
    double **
        values; /* (n_measures): (n_rows), or 1 of a measure of one step; NULL where it is of another scene */
} Record;
void record_finish(Record *record);

/* Runs the scene with this seed and records the measures of `act` among the list. */
bool record_run(
    Record *record, const Scene *scene, uint64_t seed, int act, const MeasureList *measures, Status *status);

/* The value of a measure at a step: of the racer's last row at or before it. NAN where there is none. */
double record_value(const Record *record, const Measure *measure, int index, double step);

#endif
