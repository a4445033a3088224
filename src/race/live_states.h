/* States of a training that are kept, thinned out so that they never take more memory than was said. Only
 * live_training.c includes this. */
#ifndef SLALOM_LIVE_STATES_H
#define SLALOM_LIVE_STATES_H

#include "live_training.h"

/* Room for one state, in one block. */
typedef struct StateRoom {
    LiveState state;
    Vec weights[RACE_RACERS_MAX], scalings[RACE_RACERS_MAX];
    void *block; /* owns the numbers */
} StateRoom;

/* How large a state is. */
typedef struct StateShape {
    int n_racers;
    size_t dim;
    Precision precision;
    size_t batch_max; /* examples of the largest minibatch that is kept with it; a larger one is left out */
    int n_in, n_out;
    bool has_labels, has_targets;
    bool scales[RACE_RACERS_MAX]; /* whose scalings are kept */
} StateShape;
size_t state_bytes(const StateShape *shape);

bool state_room_create(StateRoom *room, const StateShape *shape); /* false where memory is out */
void state_room_destroy(StateRoom *room);
/* How the training is now. */
void state_room_fill(StateRoom *room, const StateShape *shape, Training *training);
void state_room_copy(StateRoom *to, const StateRoom *from, const StateShape *shape);

/* By rising step. */
typedef struct LiveStates {
    StateRoom *rooms; /* (room); owned */
    int *order;       /* (room): order[0..n) are the rooms in use by step, the others are free; owned */
    int n, room;
    int64_t spacing; /* states are of its multiples, or the last */
} LiveStates;
bool live_states_create(LiveStates *states, const StateShape *shape);
void live_states_destroy(LiveStates *states);

/* Whether a step belongs to those that are kept. */
bool live_states_want(const LiveStates *states, int64_t step);
/* A room to fill, which nobody sees until it is added; thins out where there is none left. */
StateRoom *live_states_free(LiveStates *states);
void live_states_add(LiveStates *states);
/* The last state at or before a step; NULL where there is none. */
const StateRoom *live_states_find(const LiveStates *states, int64_t step);

#endif
