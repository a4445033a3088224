/* The table at the end of a training, and in words who won, why and how fast. */
#ifndef SLALOM_TRAIN_SUMMARY_H
#define SLALOM_TRAIN_SUMMARY_H

#include "network_scene.h"
#include "text.h"
#include "training.h"

/* Every report of a training, in rows of one for each racer; a racer that had ended repeats its last. */
typedef struct TrainHistory {
    TrainingReport *reports; /* (n_rows, n_racers); owned */
    int n_rows, n_racers, room;
} TrainHistory;

/* Adds the reports as they stand. False where memory is out. */
bool train_history_add(TrainHistory *history, const Training *training);
void train_history_finish(TrainHistory *history);

/* seconds: how long all of it took. */
void train_summary_append(Text *out, Training *training, const TrainHistory *history,
    const NetworkScene *scene, const Data *data, double seconds);

#endif
