/* A ring of pieces between the threads that make them and the one that takes them. */
#include "pipeline.h"

#include <pthread.h>
#include <stdlib.h>

enum { AHEAD = 3, WORKERS_MAX = 64 }; /* pieces that may be ready beyond those being made */

typedef struct Ring Ring;

typedef struct Maker {
    Ring *ring;
    int worker;
    pthread_t thread;
} Maker;

struct Ring {
    const Pipeline *pipeline;
    pthread_mutex_t mutex;
    pthread_cond_t made, taken;
    int slots;
    uint8_t *bytes;     /* (slots, pipeline->bytes) */
    bool *ready;        /* (slots): the slot has its piece */
    int64_t next, done; /* the next to be made; how many are taken */
    bool ending;
};

static uint8_t *slot_of(const Ring *ring, int64_t piece) {
    return ring->bytes + (size_t)(piece % ring->slots) * ring->pipeline->bytes;
}

static void *make_pieces(void *argument) {
    const Maker *maker = argument;
    Ring *ring = maker->ring;
    const Pipeline *pipeline = ring->pipeline;
    pthread_mutex_lock(&ring->mutex);
    for (;;) {
        while (!ring->ending && ring->next < pipeline->n && ring->next >= ring->done + ring->slots)
            pthread_cond_wait(&ring->taken, &ring->mutex);
        if (ring->ending || ring->next >= pipeline->n) break;
        const int64_t piece = ring->next++;
        pthread_mutex_unlock(&ring->mutex);
        pipeline->make(pipeline->context, maker->worker, piece, slot_of(ring, piece));
        pthread_mutex_lock(&ring->mutex);
        ring->ready[piece % ring->slots] = true;
        pthread_cond_signal(&ring->made);
    }
    pthread_mutex_unlock(&ring->mutex);
    return NULL;
}

static bool take_pieces(Ring *ring, Status *status) {
    const Pipeline *pipeline = ring->pipeline;
    bool good = true;
    for (int64_t piece = 0; good && piece < pipeline->n; piece++) {
        pthread_mutex_lock(&ring->mutex);
        while (!ring->ready[piece % ring->slots]) pthread_cond_wait(&ring->made, &ring->mutex);
        pthread_mutex_unlock(&ring->mutex);
        good = pipeline->take(pipeline->context, piece, slot_of(ring, piece), status);
        pthread_mutex_lock(&ring->mutex);
        ring->ready[piece % ring->slots] = false;
        ring->done++;
        ring->ending = !good;
        pthread_cond_broadcast(&ring->taken);
        pthread_mutex_unlock(&ring->mutex);
    }
    return good;
}

/* Without threads. */
static bool make_and_take(const Pipeline *pipeline, uint8_t *bytes, Status *status) {
    for (int64_t piece = 0; piece < pipeline->n; piece++) {
        pipeline->make(pipeline->context, 0, piece, bytes);
        if (!pipeline->take(pipeline->context, piece, bytes, status)) return false;
    }
    return true;
}

static bool run(Ring *ring, Status *status) {
    Maker makers[WORKERS_MAX];
    int n = 0;
    while (n < ring->pipeline->workers && n < WORKERS_MAX) {
        makers[n] = (Maker){.ring = ring, .worker = n};
        if (pthread_create(&makers[n].thread, NULL, make_pieces, &makers[n]) != 0) break;
        n++;
    }
    bool good = n > 0 ? take_pieces(ring, status) : make_and_take(ring->pipeline, ring->bytes, status);
    for (int i = 0; i < n; i++) pthread_join(makers[i].thread, NULL);
    return good;
}

bool pipeline_run(const Pipeline *pipeline, Status *status) {
    const int slots = pipeline->workers > 0 ? pipeline->workers + AHEAD : 1;
    Ring ring = {
        .pipeline = pipeline,
        .slots = slots,
        .bytes = malloc((size_t)slots * pipeline->bytes),
        .ready = calloc((size_t)slots, sizeof *ring.ready),
    };
    pthread_mutex_init(&ring.mutex, NULL);
    pthread_cond_init(&ring.made, NULL);
    pthread_cond_init(&ring.taken, NULL);
    bool good =
        ring.bytes && ring.ready ? run(&ring, status) : status_fail(status, STATUS_FAILED, "out of memory");
    pthread_cond_destroy(&ring.taken);
    pthread_cond_destroy(&ring.made);
    pthread_mutex_destroy(&ring.mutex);
    free(ring.ready);
    free(ring.bytes);
    return good;
}
