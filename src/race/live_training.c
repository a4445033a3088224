/* One who trains and one who watches. The one who trains works in chunks, after each of which the other may
 * have a state; states go from hand to hand by changing places, and a lock is held for no longer than that
 * takes, or a copy of one state. Where there is no thread the watcher does both in turn. */
#include "live_training.h"

#include "clock.h"
#include "live_log.h"
#include "live_states.h"

#include <pthread.h>
#include <stdlib.h>

/* A chunk takes about so long, where a step does not. */
static const double CHUNK_S = 0.002;

enum { ROOM_BACK, ROOM_READY, ROOM_FRONT, ROOM_KEPT, ROOMS };

struct LiveTraining {
    Training *training; /* owned */
    StateShape shape;
    int64_t n_steps, epoch_steps;
    LiveLog log;
    bool threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work, progress;
    /* Under the mutex: */
    bool ending, over, wanted, fresh; /* wanted: the newest state; fresh: there is one in ROOM_READY */
    int64_t aim, done;                /* aim: -1: it has not begun */
    LiveStates kept;
    StateRoom *rooms[ROOMS]; /* BACK is the trainer's, FRONT and KEPT are the watcher's */
    /* The trainer's. */
    int64_t chunk; /* steps */
    /* The watcher's. */
    const LiveState *looked;
    bool has_front;
    StateRoom room[ROOMS];
};

/* Training. */

static bool has_work(const LiveTraining *live) {
    return !live->over && live->aim >= 0 && (live->done < live->aim || live_log_count(&live->log) == 0);
}

/* No further than to the next state that is kept. */
static int64_t chunk_end(const LiveTraining *live, int64_t done, int64_t aim) {
    int64_t spacing = live->kept.spacing, next = (done / spacing + 1) * spacing;
    int64_t end = done + live->chunk < aim ? done + live->chunk : aim;
    return next < end ? next : end;
}

static void adapt_chunk(LiveTraining *live, int64_t steps, double took_s) {
    if (took_s > CHUNK_S && live->chunk > 1) live->chunk /= 2;
    if (took_s < 0.5 * CHUNK_S && steps == live->chunk && live->chunk < INT32_MAX) live->chunk *= 2;
}

static void swap_rooms(LiveTraining *live, int a, int b) {
    StateRoom *room = live->rooms[a];
    live->rooms[a] = live->rooms[b];
    live->rooms[b] = room;
}

/* A state that is not in the list while it is being filled. */
static void keep_state(LiveTraining *live) {
    pthread_mutex_lock(&live->mutex);
    StateRoom *room = live_states_free(&live->kept);
    pthread_mutex_unlock(&live->mutex);
    state_room_fill(room, &live->shape, live->training);
    pthread_mutex_lock(&live->mutex);
    live_states_add(&live->kept);
    pthread_mutex_unlock(&live->mutex);
}

static void publish(LiveTraining *live, int64_t done, bool over) {
    pthread_mutex_lock(&live->mutex);
    bool shows = live->wanted || done >= live->aim || over;
    pthread_mutex_unlock(&live->mutex);
    if (shows) state_room_fill(live->rooms[ROOM_BACK], &live->shape, live->training);
    pthread_mutex_lock(&live->mutex);
    if (shows) {
        swap_rooms(live, ROOM_BACK, ROOM_READY);
        live->fresh = true;
        live->wanted = false;
    }
    live->done = done;
    live->over = over;
    pthread_cond_signal(&live->progress);
    pthread_mutex_unlock(&live->mutex);
}

static void train_chunk(LiveTraining *live, int64_t aim) {
    Training *training = live->training;
    int64_t begun = training_steps_done(training);
    double begun_s = clock_now_s();
    TrainingProgress progress = training_advance_within(training, chunk_end(live, begun, aim));
    int64_t done = training_steps_done(training);
    adapt_chunk(live, done - begun, clock_now_s() - begun_s);
    bool reported = progress == TRAINING_REPORTED, lost = reported && !live_log_add(&live->log, training);
    bool over = lost || progress == TRAINING_ENDED || (reported && done == live->n_steps);
    const StateRoom *last = live_states_find(&live->kept, done);
    bool is_kept = last && last->state.step == done;
    if (!is_kept && (over || live_states_want(&live->kept, done))) keep_state(live);
    publish(live, done, over);
}

static void *train(void *context) {
    LiveTraining *live = context;
    pthread_mutex_lock(&live->mutex);
    while (!live->ending) {
        if (!has_work(live)) {
            pthread_cond_wait(&live->work, &live->mutex);
            continue;
        }
        int64_t aim = live->aim;
        pthread_mutex_unlock(&live->mutex);
        train_chunk(live, aim);
        pthread_mutex_lock(&live->mutex);
    }
    pthread_mutex_unlock(&live->mutex);
    return NULL;
}

/* Making one. */

static StateShape shape_of(Training *training) {
    const MlpSpec *spec = training_network(training);
    const Vec *weights = training_weights(training, 0);
    Batch batch;
    training_batch(training, &batch);
    bool keeps_batch = batch.size <= LIVE_BATCH_MAX && batch.n_in <= LIVE_INPUTS_MAX;
    StateShape shape = {
        .n_racers = training_racer_count(training),
        .dim = weights->n,
        .precision = weights->precision,
        .batch_max = keeps_batch ? (size_t)batch.size : 0,
        .n_in = batch.n_in,
        .n_out = spec->sizes[spec->n_layers],
        .has_labels = batch.labels != NULL,
        .has_targets = batch.targets != NULL,
    };
    for (int i = 0; i < shape.n_racers; i++)
        shape.scales[i] = training_racer(training, i)->optimizer->scaling != NULL;
    return shape;
}

static bool set_up(LiveTraining *live, Status *status) {
    bool good = live_states_create(&live->kept, &live->shape);
    for (int i = 0; i < ROOMS; i++) {
        live->rooms[i] = &live->room[i];
        good = good && state_room_create(&live->room[i], &live->shape);
    }
    return good || status_fail(status, STATUS_FAILED, "out of memory");
}

LiveTraining *live_training_create(Training *training, bool threaded, Status *status) {
    LiveTraining *live = calloc(1, sizeof *live);
    if (!live) {
        training_destroy(training);
        status_fail(status, STATUS_FAILED, "out of memory");
        return NULL;
    }
    live->training = training;
    live->shape = shape_of(training);
    live->n_steps = training_steps(training);
    live->epoch_steps = training_epoch_steps(training);
    live->log = (LiveLog){.n_racers = live->shape.n_racers, .n_layers = training_layer_count(training)};
    live->chunk = 1;
    live->aim = -1;
    live->wanted = true;
    pthread_mutex_init(&live->mutex, NULL);
    pthread_cond_init(&live->work, NULL);
    pthread_cond_init(&live->progress, NULL);
    if (!set_up(live, status)) {
        live_training_destroy(live);
        return NULL;
    }
    live->threaded = threaded && pthread_create(&live->thread, NULL, train, live) == 0;
    return live;
}

void live_training_destroy(LiveTraining *live) {
    if (!live) return;
    if (live->threaded) {
        training_leave_off(live->training);
        pthread_mutex_lock(&live->mutex);
        live->ending = true;
        pthread_cond_signal(&live->work);
        pthread_mutex_unlock(&live->mutex);
        pthread_join(live->thread, NULL);
    }
    pthread_cond_destroy(&live->progress);
    pthread_cond_destroy(&live->work);
    pthread_mutex_destroy(&live->mutex);
    for (int i = 0; i < ROOMS; i++) state_room_destroy(&live->room[i]);
    live_states_destroy(&live->kept);
    live_log_finish(&live->log);
    training_destroy(live->training);
    free(live);
}

/* Going on. */

void live_training_aim(LiveTraining *live, int64_t step) {
    pthread_mutex_lock(&live->mutex);
    live->aim = step < live->n_steps ? step : live->n_steps;
    if (has_work(live)) pthread_cond_signal(&live->work);
    pthread_mutex_unlock(&live->mutex);
}

void live_training_work(LiveTraining *live, double budget_s) {
    if (live->threaded) return;
    double end_s = clock_now_s() + budget_s;
    while (has_work(live)) {
        train_chunk(live, live->aim);
        if (clock_now_s() >= end_s) break;
    }
}

void live_training_reach(LiveTraining *live, int64_t step) {
    live_training_aim(live, step);
    while (!live->threaded && has_work(live)) train_chunk(live, live->aim);
    pthread_mutex_lock(&live->mutex);
    while (has_work(live)) pthread_cond_wait(&live->progress, &live->mutex);
    pthread_mutex_unlock(&live->mutex);
}

int64_t live_training_done(LiveTraining *live) {
    pthread_mutex_lock(&live->mutex);
    int64_t done = live->done;
    pthread_mutex_unlock(&live->mutex);
    return done;
}

bool live_training_is_over(LiveTraining *live) {
    pthread_mutex_lock(&live->mutex);
    bool over = live->over;
    pthread_mutex_unlock(&live->mutex);
    return over;
}

bool live_training_is_busy(LiveTraining *live) {
    pthread_mutex_lock(&live->mutex);
    bool busy = has_work(live);
    pthread_mutex_unlock(&live->mutex);
    return busy;
}

int live_training_racer_count(const LiveTraining *live) {
    return live->shape.n_racers;
}

int live_training_layer_count(const LiveTraining *live) {
    return live->log.n_layers;
}

int64_t live_training_steps(const LiveTraining *live) {
    return live->n_steps;
}

int64_t live_training_epoch_steps(const LiveTraining *live) {
    return live->epoch_steps;
}

size_t live_training_parameters(const LiveTraining *live) {
    return live->shape.dim;
}

const MlpSpec *live_training_network(const LiveTraining *live) {
    return training_network(live->training);
}

int64_t live_training_report_count(const LiveTraining *live) {
    return live_log_count(&live->log);
}

const LiveReport *live_training_report(const LiveTraining *live, int64_t report, int racer) {
    return live_log_report(&live->log, report, racer);
}

const TrainingLayer *live_training_layers(const LiveTraining *live, int64_t report, int racer) {
    return live_log_layers(&live->log, report, racer);
}

/* Looking. */

/* The newest state that was published. */
static const LiveState *look_at_newest(LiveTraining *live) {
    live->wanted = true;
    if (live->fresh) {
        swap_rooms(live, ROOM_READY, ROOM_FRONT);
        live->fresh = false;
        live->has_front = true;
    }
    return live->has_front ? &live->rooms[ROOM_FRONT]->state : NULL;
}

static const LiveState *look_back(LiveTraining *live, int64_t step) {
    const StateRoom *found = live_states_find(&live->kept, step);
    StateRoom *room = live->rooms[ROOM_KEPT];
    const LiveState *front = live->has_front ? &live->rooms[ROOM_FRONT]->state : NULL;
    bool front_is_nearer = front && front->step <= step && (!found || front->step >= found->state.step);
    if (front_is_nearer) return front;
    if (!found) return NULL;
    bool has_it = room->state.weights && room->state.step == found->state.step;
    if (!has_it) state_room_copy(room, found, &live->shape);
    return &room->state;
}

bool live_training_look(LiveTraining *live, int64_t step) {
    const LiveState *before = live->looked;
    int64_t step_before = before ? before->step : -1;
    pthread_mutex_lock(&live->mutex);
    const LiveState *state = step >= live->done ? look_at_newest(live) : look_back(live, step);
    pthread_mutex_unlock(&live->mutex);
    if (state) live->looked = state;
    return live->looked && live->looked->step != step_before;
}

const LiveState *live_training_state(const LiveTraining *live) {
    return live->looked;
}

int live_training_kept(LiveTraining *live, int64_t *steps) {
    pthread_mutex_lock(&live->mutex);
    const LiveStates *kept = &live->kept;
    int n = kept->n;
    for (int i = 0; i < n; i++) steps[i] = kept->rooms[kept->order[i]].state.step;
    pthread_mutex_unlock(&live->mutex);
    return n;
}

static int64_t copy_kept(LiveTraining *live, int64_t step, int racer, bool scaling, const Vec *to) {
    pthread_mutex_lock(&live->mutex);
    const StateRoom *found = live_states_find(&live->kept, step);
    if (found) vec_copy(to, scaling ? &found->scalings[racer] : &found->weights[racer]);
    pthread_mutex_unlock(&live->mutex);
    return found ? found->state.step : -1;
}

int64_t live_training_copy_kept(LiveTraining *live, int64_t step, int racer, const Vec *weights) {
    return copy_kept(live, step, racer, false, weights);
}

bool live_training_scales(const LiveTraining *live, int racer) {
    return live->shape.scales[racer];
}

int64_t live_training_copy_scaling(LiveTraining *live, int64_t step, int racer, const Vec *scaling) {
    return copy_kept(live, step, racer, true, scaling);
}
