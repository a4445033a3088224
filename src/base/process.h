/* Another program, fed through its standard input; what it says on its standard error is kept for a message.
 * It can neither block nor kill us: a program that no longer listens is an answer, not a signal. */
#ifndef SLALOM_PROCESS_H
#define SLALOM_PROCESS_H

#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Process Process;

/* Starts argv[0], looked for on the PATH, with its standard output thrown away. argv ends with NULL. The
 * program is no part of our terminal's group: what interrupts us leaves it to end at the end of its input.
 * NULL and a status where it cannot be started; *is_missing, which may be NULL, tells that there is no such
 * program. */
Process *process_start(const char *const *argv, bool *is_missing, Status *status);

/* Feeds it; waits as long as it takes. False where it has stopped listening. */
bool process_write(Process *process, const void *bytes, size_t n);

/* Ends its input, waits for its end and forgets it. True where it ended with exit status 0. `said`, which may
 * be NULL, gets the last few lines of what it said, without a line end. */
bool process_finish(Process *process, Text *said);

#endif
