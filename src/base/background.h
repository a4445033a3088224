/* Work that goes on beside somebody who does not wait for it, in slices: on a thread of its own, or in slices
 * of the owner's time where there are no threads.
 *
 * What the slices work on belongs to the lock: a slice runs with it held, and the owner takes it to change
 * what shall be worked on or to copy what was found. A slice takes a few milliseconds, the longest that the
 * owner is held up. All functions are for one thread, the owner's. */
#ifndef SLALOM_BACKGROUND_H
#define SLALOM_BACKGROUND_H

#include <stdbool.h>

/* The share of work that nobody waits for while others want the processors. */
#define BACKGROUND_GENTLE_SHARE (1.0 / 16)

typedef struct Background Background;

/* Does a slice; returns whether anything is left to do. Of what is declared here it may
 * call background_set_share alone. */
typedef bool BackgroundSlice(void *context);

/* Begins asleep. NULL where memory is out. `threaded`: on a thread of its own, where one can be started. */
Background *background_create(BackgroundSlice *slice, void *context, bool threaded);
/* Waits for the slice under way. */
void background_destroy(Background *background);

/* The owner goes first: no slice begins while it waits. */
void background_lock(Background *background);
/* `more`: there is something to do, and slices go on. Otherwise as before. */
void background_unlock(Background *background, bool more);
/* For an owner that never waits, where a slice may take long: there is something to do, and the next slice
 * finds it behind a lock of the owner's own. A slice that began before says nothing of it. */
void background_wake(Background *background);

/* How much of one processor's time a thread of its own takes, from now on; at first and with 1 all it gets.
 * Less: after each slice it rests for so long, and the owner gets in meanwhile as at any time; what ends or
 * is finished rests no more. A slice may say it too. */
void background_set_share(Background *background, double share);

/* Without a thread: slices for about so long. With one it does nothing. */
void background_work(Background *background, double budget_s);
/* Goes on until nothing is left, with the lock given back. */
void background_finish(Background *background);

/* Whether anything is left to do. */
bool background_is_busy(Background *background);

#endif
