/* The table at the end of a training with several seeds: how much of who did what is chance. */
#ifndef SLALOM_SEEDS_SUMMARY_H
#define SLALOM_SEEDS_SUMMARY_H

#include "network_scene.h"
#include "text.h"
#include "training.h"

#include <stdbool.h>
#include <stdint.h>

/* How one racer ended with one seed. */
typedef struct SeedResult {
    MlpScore training, validation; /* at the end; of one that diverged all are NAN */
    MlpScore best, test;           /* the best validation, and as training_test has it */
    TrainingStatus status;
} SeedResult;

typedef struct SeedResults {
    SeedResult *results; /* (n, n_racers); owned */
    uint64_t first;      /* the first seed */
    int n, n_racers;
} SeedResults;

/* Adds a training that has ended. False where memory is out. */
bool seed_results_add(SeedResults *results, Training *training, uint64_t seed);
void seed_results_finish(SeedResults *results);

/* Mean and sample standard deviation of what is finite. */
typedef struct SeedSpread {
    double mean, deviation; /* NAN where there are none, or no two */
    int n;
} SeedSpread;
SeedSpread seed_spread(const double *values, int n);

/* training: one of them; seconds: how long all of it took. */
void seeds_summary_append(Text *out, const SeedResults *results, const Training *training,
    const NetworkScene *scene, const Data *data, double seconds);

#endif
