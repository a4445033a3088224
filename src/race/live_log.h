/* Reports of a training as they come: written by one thread and read by another, without locks, since what is
 * written stays where it is. Only live_training.c and seed_runs.c include this. */
#ifndef SLALOM_LIVE_LOG_H
#define SLALOM_LIVE_LOG_H

#include "live_training.h"

#include <stdatomic.h>

enum { LOG_BLOCKS_MAX = 40, LOG_FIRST_BLOCK = 64 };

/* Block b has room for LOG_FIRST_BLOCK 2^b reports of all racers. */
typedef struct LiveLog {
    int n_racers, n_layers;                /* n_layers: 0: they are not kept */
    LiveReport *reports[LOG_BLOCKS_MAX];   /* (reports, racers); owned */
    TrainingLayer *layers[LOG_BLOCKS_MAX]; /* (reports, racers, layers); owned */
    _Atomic int64_t n;
} LiveLog;
void live_log_finish(LiveLog *log);

/* The last report of all racers; false where memory is out. */
bool live_log_add(LiveLog *log, const Training *training);

int64_t live_log_count(const LiveLog *log);
const LiveReport *live_log_report(const LiveLog *log, int64_t report, int racer);
const TrainingLayer *live_log_layers(const LiveLog *log, int64_t report, int racer);

#endif
