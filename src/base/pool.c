/* Threads that wait for a loop, take its turns one by one, and wait again. */
#include "pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_WORKERS = 63 };

struct Pool {
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    pthread_t threads[MAX_WORKERS];
    int n_threads;
    int numbered; /* how many threads have taken their worker number */
    bool ending;
    PoolTask *task; /* the loop under way: */
    void *context;
    int next, n, finished;
};

/* Takes turns until the loop has none left. Called and left with the mutex held. */
static void take_turns(Pool *pool, int worker) {
    while (pool->next < pool->n) {
        int index = pool->next++;
        PoolTask *task = pool->task;
        void *context = pool->context;
        pthread_mutex_unlock(&pool->mutex);
        task(context, index, worker);
        pthread_mutex_lock(&pool->mutex);
        if (++pool->finished == pool->n) pthread_cond_signal(&pool->done);
    }
}

static void *worker_main(void *argument) {
    Pool *pool = argument;
    pthread_mutex_lock(&pool->mutex);
    int worker = ++pool->numbered;
    while (!pool->ending) {
        take_turns(pool, worker);
        if (!pool->ending) pthread_cond_wait(&pool->work, &pool->mutex);
    }
    pthread_mutex_unlock(&pool->mutex);
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

void pool_destroy(Pool *pool) {
    if (!pool) return;
    pthread_mutex_lock(&pool->mutex);
    pool->ending = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    for (int i = 0; i < pool->n_threads; i++) pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

int pool_width(const Pool *pool) {
    return pool->n_threads + 1;
}

void pool_run(Pool *pool, int n, PoolTask *task, void *context) {
    pthread_mutex_lock(&pool->mutex);
    pool->task = task;
    pool->context = context;
    pool->next = pool->finished = 0;
    pool->n = n;
    if (n > 1) pthread_cond_broadcast(&pool->work);
    take_turns(pool, 0);
    while (pool->finished < pool->n) pthread_cond_wait(&pool->done, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}
