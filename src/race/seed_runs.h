/* A training once more with further seeds, to see how much of it is chance: the same data, racers and network
 * from other initial weights, in another order of examples and with other noise. They go on beside the first
 * one, on a thread of their own or in slices of the watcher's time where there are no threads, each to its
 * end before the next; only their reports are kept.
 *
 * All functions are for one thread, the watcher's, which is held up by seed_runs_reach and seed_runs_destroy
 * alone. */
#ifndef SLALOM_SEED_RUNS_H
#define SLALOM_SEED_RUNS_H

#include "data.h"
#include "live_training.h"
#include "status.h"
#include "training.h"

#include <stdbool.h>
#include <stdint.h>

enum { SEEDS_MAX = 64 }; /* the first one among them */

typedef struct SeedRuns SeedRuns;

/* The spec, that of the first training, is copied but for its optimizers; these and the data are borrowed.
 * None is wanted yet. */
SeedRuns *seed_runs_create(const TrainingSpec *spec, const Data *data, bool threaded, Status *status);
void seed_runs_destroy(SeedRuns *runs);

/* Trains `n` of them, below SEEDS_MAX, up to a step at least, in their own time. The reports of those that
 * are no longer wanted stay. */
void seed_runs_aim(SeedRuns *runs, int n, int64_t step);
/* Without a thread of its own: works for about so long. With one it does nothing. */
void seed_runs_work(SeedRuns *runs, double budget_s);
/* Aims, and waits until it is there. */
void seed_runs_reach(SeedRuns *runs, int n, int64_t step);
/* On the way to what is aimed at. */
bool seed_runs_are_busy(SeedRuns *runs);

/* Of one of them: 0 is that with the seed after the first one's. The reports so far stay where they are; a
 * `reason` in them is not to be read. */
int64_t seed_runs_report_count(const SeedRuns *runs, int run);
const LiveReport *seed_runs_report(const SeedRuns *runs, int run, int64_t report, int racer);
/* No report comes any more: all steps are done, or no racer goes on. What was counted after this has been
 * seen is all there is. */
bool seed_runs_is_over(const SeedRuns *runs, int run);

#endif
