/* One mutex, and a wish that lets the owner in before the next slice. */
#include "background.h"

#include "clock.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static const double REST_MAX_S = 2;

struct Background {
    BackgroundSlice *slice;
    void *context; /* borrowed */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work, idle;
    atomic_bool busy; /* written under the mutex */
    /* Under the mutex: */
    bool ending;
    bool wanted, running; /* by the owner; a slice is under way, and the rest is its */
    bool woken;           /* since the last slice began */
    bool hurries;         /* the owner waits for the end */
    double share;         /* of a processor's time, below 1: it rests */
    double rest_until_s;
};

/* Until the rest that a slice was followed by is over, or there is something else to look at. */
static bool rests(Background *background) {
    const double rest_s = background->rest_until_s - clock_now_s();
    if (background->share >= 1 || background->hurries || !(rest_s > 0)) return false;
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    const double until_ns = (double)until.tv_nsec + 1e9 * rest_s;
    until.tv_sec += (time_t)(until_ns / 1e9);
    until.tv_nsec = (long)fmod(until_ns, 1e9);
    pthread_cond_timedwait(&background->work, &background->mutex, &until);
    return true;
}

static void plan_rest(Background *background, double worked_s) {
    background->rest_until_s = clock_now_s() + fmin((1 / background->share - 1) * worked_s, REST_MAX_S);
}

/* The mutex is free while a slice runs, so that the owner's wish is seen. */
static void *work(void *context) {
    Background *background = context;
    pthread_mutex_lock(&background->mutex);
    while (!background->ending) {
        if (background->wanted || !atomic_load(&background->busy)) {
            pthread_cond_wait(&background->work, &background->mutex);
            continue;
        }
        if (rests(background)) continue;
        background->running = true;
        background->woken = false;
        pthread_mutex_unlock(&background->mutex);
        const double begun_s = clock_work_s();
        bool more = background->slice(background->context);
        const double worked_s = clock_work_s() - begun_s;
        pthread_mutex_lock(&background->mutex);
        background->running = false;
        plan_rest(background, worked_s);
        atomic_store(&background->busy, more || background->woken);
        pthread_cond_signal(&background->idle);
    }
    pthread_mutex_unlock(&background->mutex);
    return NULL;
}

Background *background_create(BackgroundSlice *slice, void *context, bool threaded) {
    Background *background = calloc(1, sizeof *background);
    if (!background) return NULL;
    background->slice = slice;
    background->context = context;
    background->share = 1;
    atomic_init(&background->busy, false);
    pthread_mutex_init(&background->mutex, NULL);
    pthread_cond_init(&background->work, NULL);
    pthread_cond_init(&background->idle, NULL);
    background->threaded = threaded && pthread_create(&background->thread, NULL, work, background) == 0;
    return background;
}

void background_destroy(Background *background) {
    if (!background) return;
    if (background->threaded) {
        pthread_mutex_lock(&background->mutex);
        background->ending = true;
        pthread_cond_signal(&background->work);
        pthread_mutex_unlock(&background->mutex);
        pthread_join(background->thread, NULL);
    }
    pthread_cond_destroy(&background->idle);
    pthread_cond_destroy(&background->work);
    pthread_mutex_destroy(&background->mutex);
    free(background);
}

void background_lock(Background *background) {
    if (!background->threaded) return;
    pthread_mutex_lock(&background->mutex);
    background->wanted = true;
    while (background->running) pthread_cond_wait(&background->idle, &background->mutex);
    pthread_mutex_unlock(&background->mutex);
}

void background_unlock(Background *background, bool more) {
    pthread_mutex_lock(&background->mutex);
    background->wanted = false;
    if (more) atomic_store(&background->busy, true);
    pthread_cond_signal(&background->work);
    pthread_mutex_unlock(&background->mutex);
}

void background_wake(Background *background) {
    pthread_mutex_lock(&background->mutex);
    background->woken = true;
    atomic_store(&background->busy, true);
    pthread_cond_signal(&background->work);
    pthread_mutex_unlock(&background->mutex);
}

void background_set_share(Background *background, double share) {
    pthread_mutex_lock(&background->mutex);
    background->share = share;
    pthread_cond_signal(&background->work);
    pthread_mutex_unlock(&background->mutex);
}

void background_work(Background *background, double budget_s) {
    if (background->threaded) return;
    for (double end_s = clock_now_s() + budget_s; atomic_load(&background->busy) && clock_now_s() < end_s;)
        atomic_store(&background->busy, background->slice(background->context));
}

void background_finish(Background *background) {
    while (!background->threaded && atomic_load(&background->busy))
        atomic_store(&background->busy, background->slice(background->context));
    pthread_mutex_lock(&background->mutex);
    background->hurries = true;
    pthread_cond_signal(&background->work);
    while (atomic_load(&background->busy)) pthread_cond_wait(&background->idle, &background->mutex);
    background->hurries = false;
    pthread_mutex_unlock(&background->mutex);
}

bool background_is_busy(Background *background) {
    return atomic_load(&background->busy);
}
