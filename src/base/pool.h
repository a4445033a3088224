/* A pool of worker threads for loops whose turns do not depend on each other. The result never depends on
 * how many workers there are; with none the caller does all the work itself, in order. */
#ifndef SLALOM_POOL_H
#define SLALOM_POOL_H

#include <stdbool.h>

typedef struct Pool Pool;

/* One turn: `index` in [0, n); `worker` in [0, pool_width) tells which scratch memory to use. */
typedef void PoolTask(void *context, int index, int worker);

/* `workers` threads beside the caller; -1 takes one fewer than the machine has processors. Threads that
 * cannot be started are done without. Never NULL unless memory is out. */
Pool *pool_create(int workers);
void pool_destroy(Pool *pool);

int pool_width(const Pool *pool); /* workers + 1: how many may be inside a task at once */

/* Whether waiting workers keep looking for the next loop for about 0.2 ms before they sleep: for a series of
 * short loops that follow each other closely. At first they do not. */
void pool_set_alert(Pool *pool, bool alert);

/* Runs task(context, i, worker) for every i in [0, n) and returns when all are done. Not reentrant. */
void pool_run(Pool *pool, int n, PoolTask *task, void *context);

#endif
