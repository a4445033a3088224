/* Threads that wait for a loop, take its turns one by one, and wait again. */
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_WORKERS = 63 };

/* How long an alert thread looks before it sleeps, about 0.2 ms: longer than what lies between two loops of a
 * series, much shorter than what a person or a battery notices. */
enum { ALERT_LOOKS = 100, ALERT_PAUSES = 64 };

struct Pool {
    pthread_mutex_t mutex;
    pthread_cond_t work, done; /* for those who sleep */
    pthread_t threads[MAX_WORKERS];
    int n_threads;
    int numbered; /* how many threads have taken their worker number */
    atomic_bool ending, alert;
    atomic_int sleepers;    /* workers that must be woken */
    atomic_bool is_awaited; /* the caller sleeps until the loop is done */
    /* Which loop it is, and how many turns nobody has taken yet: one word, so that a worker that comes late
     * takes no turn of the next loop for one of its own. */
    _Atomic uint64_t turns;
    atomic_int finished;
    PoolTask *task; /* the loop under way: */
    void *context;
    int n;
};

static uint32_t loop_of(uint64_t turns) {
    return (uint32_t)(turns >> 32);
}

static void pause_briefly(void) {
#if defined(__x86_64__) || defined(__i386__)
    for (int i = 0; i < ALERT_PAUSES; i++) __builtin_ia32_pause();
#endif
    sched_yield();
}

/* Takes turns of a loop until it has none left. While one is left the loop's task stands: its caller waits.
 */
static void take_turns(Pool *pool, uint32_t loop, int worker) {
    uint64_t turns = atomic_load(&pool->turns);
    while (loop_of(turns) == loop && (uint32_t)turns > 0) {
        if (!atomic_compare_exchange_weak(&pool->turns, &turns, turns - 1)) continue;
        const int n = pool->n;
        pool->task(pool->context, n - (int)(uint32_t)turns, worker);
        if (atomic_fetch_add(&pool->finished, 1) + 1 == n && atomic_load(&pool->is_awaited)) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->mutex);
        }
        turns = atomic_load(&pool->turns);
    }
}

/* Whether there is something else to do than wait for a loop after `loop`. */
static bool is_called(Pool *pool, uint32_t loop) {
    return loop_of(atomic_load(&pool->turns)) != loop || atomic_load(&pool->ending);
}

static void wait_for_loop(Pool *pool, uint32_t loop) {
    for (int i = 0; i < ALERT_LOOKS && atomic_load(&pool->alert); i++) {
        if (is_called(pool, loop)) return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (!is_called(pool, loop)) pthread_cond_wait(&pool->work, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
}

static void *worker_main(void *argument) {
    Pool *pool = argument;
    pthread_mutex_lock(&pool->mutex);
    const int worker = ++pool->numbered;
    pthread_mutex_unlock(&pool->mutex);
    uint32_t loop = 0;
    while (!atomic_load(&pool->ending)) {
        take_turns(pool, loop, worker);
        wait_for_loop(pool, loop);
        loop = loop_of(atomic_load(&pool->turns));
    }
    return NULL;
}

Pool *pool_create(int workers) {
    Pool *pool = calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    if (workers < 0) workers = (int)sysconf(_SC_NPROCESSORS_ONLN) - 1;
    if (workers > MAX_WORKERS) workers = MAX_WORKERS;
    while (pool->n_threads < workers &&
           pthread_create(&pool->threads[pool->n_threads], NULL, worker_main, pool) == 0)
        pool->n_threads++;
    return pool;
}

static void wake_workers(Pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
}

void pool_destroy(Pool *pool) {
    if (!pool) return;
    atomic_store(&pool->ending, true);
    wake_workers(pool);
    for (int i = 0; i < pool->n_threads; i++) pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

int pool_width(const Pool *pool) {
    return pool->n_threads + 1;
}

void pool_set_alert(Pool *pool, bool alert) {
    atomic_store(&pool->alert, alert);
}

static void wait_until_done(Pool *pool, int n) {
    for (int i = 0; i < ALERT_LOOKS && atomic_load(&pool->alert); i++) {
        if (atomic_load(&pool->finished) == n) return;
        pause_briefly();
    }
    atomic_store(&pool->is_awaited, true);
    pthread_mutex_lock(&pool->mutex);
    while (atomic_load(&pool->finished) != n) pthread_cond_wait(&pool->done, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
    atomic_store(&pool->is_awaited, false);
}

void pool_run(Pool *pool, int n, PoolTask *task, void *context) {
    if (n <= 1 || pool->n_threads == 0) {
        for (int i = 0; i < n; i++) task(context, i, 0);
        return;
    }
    const uint32_t loop = loop_of(atomic_load(&pool->turns)) + 1;
    pool->task = task;
    pool->context = context;
    pool->n = n;
    atomic_store(&pool->finished, 0);
    atomic_store(&pool->turns, (uint64_t)loop << 32 | (uint32_t)n);
    if (atomic_load(&pool->sleepers) > 0) wake_workers(pool);
    take_turns(pool, loop, 0);
    if (atomic_load(&pool->finished) != n) wait_until_done(pool, n);
}
