/* Rooms of one size, made as they are first needed and used again; which of them are in use is an order of
 * their numbers. */
#include "live_states.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static size_t padded(size_t bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t weights_bytes(const StateShape *shape) {
    return padded(shape->dim * precision_bytes(shape->precision));
}

static size_t inputs_bytes(const StateShape *shape) {
    return padded(shape->batch_max * (size_t)shape->n_in * sizeof(float));
}

static size_t answers_bytes(const StateShape *shape) {
    size_t one = (shape->has_labels ? sizeof(int32_t) : 0) +
                 (shape->has_targets ? (size_t)shape->n_out * sizeof(float) : 0);
    return padded(shape->batch_max * one);
}

static size_t scalings_bytes(const StateShape *shape) {
    size_t bytes = 0;
    for (int i = 0; i < shape->n_racers; i++) bytes += shape->scales[i] ? weights_bytes(shape) : 0;
    return bytes;
}

/* Scalings are not counted: with them fewer states would be kept to be looked at. */
static size_t counted_bytes(const StateShape *shape) {
    return (size_t)shape->n_racers * weights_bytes(shape) + inputs_bytes(shape) + answers_bytes(shape);
}

size_t state_bytes(const StateShape *shape) {
    return counted_bytes(shape) + scalings_bytes(shape);
}

bool state_room_create(StateRoom *room, const StateShape *shape) {
    *room = (StateRoom){.block = aligned_alloc(ALIGNMENT, state_bytes(shape) + ALIGNMENT)};
    if (!room->block) return false;
    char *at = room->block;
    for (int i = 0; i < shape->n_racers; i++, at += weights_bytes(shape))
        room->weights[i] = (Vec){.n = shape->dim, .precision = shape->precision, .data = at};
    for (int i = 0; i < shape->n_racers; i++) {
        room->scalings[i] = (Vec){.n = shape->dim, .precision = shape->precision};
        if (!shape->scales[i]) continue;
        room->scalings[i].data = at;
        at += weights_bytes(shape);
    }
    return true;
}

void state_room_destroy(StateRoom *room) {
    free(room->block);
    *room = (StateRoom){0};
}

static char *batch_of(const StateRoom *room, const StateShape *shape) {
    return (char *)room->block + (size_t)shape->n_racers * weights_bytes(shape) + scalings_bytes(shape);
}

/* The batch as it lies in a room. */
static void place_batch(StateRoom *room, const StateShape *shape) {
    char *inputs = batch_of(room, shape);
    void *answers = inputs + inputs_bytes(shape);
    Batch *batch = &room->state.batch;
    batch->inputs = (void *)inputs;
    if (batch->labels) batch->labels = answers;
    if (batch->targets) batch->targets = answers;
}

void state_room_fill(StateRoom *room, const StateShape *shape, Training *training) {
    for (int i = 0; i < shape->n_racers; i++) {
        vec_copy(&room->weights[i], training_weights(training, i));
        if (shape->scales[i] && !training_scaling(training, i, &room->scalings[i]))
            vec_fill(&room->scalings[i], NAN);
    }
    Batch batch;
    training_batch(training, &batch);
    if ((size_t)batch.size > shape->batch_max) batch.size = 0;
    size_t n = (size_t)batch.size;
    char *inputs = batch_of(room, shape);
    memcpy(inputs, batch.inputs, n * (size_t)shape->n_in * sizeof(float));
    void *answers = inputs + inputs_bytes(shape);
    if (batch.labels) memcpy(answers, batch.labels, n * sizeof(int32_t));
    if (batch.targets) memcpy(answers, batch.targets, n * (size_t)shape->n_out * sizeof(float));
    room->state = (LiveState){training_steps_done(training), room->weights, room->scalings, batch};
    place_batch(room, shape);
}

void state_room_copy(StateRoom *to, const StateRoom *from, const StateShape *shape) {
    memcpy(to->block, from->block, state_bytes(shape));
    to->state = from->state;
    to->state.weights = to->weights;
    to->state.scalings = to->scalings;
    place_batch(to, shape);
}

bool live_states_create(LiveStates *states, const StateShape *shape) {
    double fits = LIVE_KEPT_BYTES_MAX / (double)counted_bytes(shape);
    int room = fits > LIVE_KEPT_MAX ? LIVE_KEPT_MAX : fits < LIVE_KEPT_LEAST ? LIVE_KEPT_LEAST : (int)fits;
    *states = (LiveStates){.room = room, .spacing = 1};
    states->rooms = calloc((size_t)room, sizeof *states->rooms);
    states->order = malloc((size_t)room * sizeof *states->order);
    if (!states->rooms || !states->order) return false;
    for (int i = 0; i < room; i++) states->order[i] = i;
    for (int i = 0; i < room; i++)
        if (!state_room_create(&states->rooms[i], shape)) return false;
    return true;
}

void live_states_destroy(LiveStates *states) {
    for (int i = 0; states->rooms && i < states->room; i++) state_room_destroy(&states->rooms[i]);
    free(states->rooms);
    free(states->order);
    *states = (LiveStates){0};
}

bool live_states_want(const LiveStates *states, int64_t step) {
    bool known = states->n > 0 && states->rooms[states->order[states->n - 1]].state.step >= step;
    return !known && step % states->spacing == 0;
}

/* Every second one stays, and with it the order of those that are free. */
static void thin_out(LiveStates *states) {
    int kept = 0;
    states->spacing *= 2;
    for (int i = 0; i < states->n; i++) {
        int room = states->order[i];
        if (states->rooms[room].state.step % states->spacing != 0) continue;
        states->order[i] = states->order[kept];
        states->order[kept++] = room;
    }
    states->n = kept;
}

StateRoom *live_states_free(LiveStates *states) {
    while (states->n == states->room) thin_out(states);
    return &states->rooms[states->order[states->n]];
}

void live_states_add(LiveStates *states) {
    assert(states->n < states->room);
    states->n++;
}

const StateRoom *live_states_find(const LiveStates *states, int64_t step) {
    int low = 0, high = states->n;
    while (low < high) { /* the first that is later */
        int middle = low + (high - low) / 2;
        if (states->rooms[states->order[middle]].state.step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &states->rooms[states->order[low - 1]] : NULL;
}
