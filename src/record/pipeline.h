/* Pieces of equal size, made by several threads ahead of the one that takes them, in order. */
#ifndef SLALOM_PIPELINE_H
#define SLALOM_PIPELINE_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Pipeline {
    int64_t n;    /* pieces */
    size_t bytes; /* of each */
    int workers;  /* threads that make them; 0: the caller makes each before it takes it */
    void *context;
    /* Makes piece `piece`; worker in [0, max(workers, 1)) tells which scratch memory to use. */
    void (*make)(void *context, int worker, int64_t piece, uint8_t *out);
    /* Takes the next one, on the caller's thread. False and a status ends it all. */
    bool (*take)(void *context, int64_t piece, const uint8_t *bytes, Status *status);
} Pipeline;

/* Returns when all pieces are taken, or one was refused. */
bool pipeline_run(const Pipeline *pipeline, Status *status);

#endif
