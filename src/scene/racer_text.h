/* A racer as text, the same on the command line, in a scene file and on the clipboard:
 *
 *   NAME[:key=value,...]             a shipped optimizer
 *   NAME: SCRIPT [| key=value,...]   an own one (own.h)
 *
 * Keys are the optimizer's hyperparameters, the devices (devices.h), and
 *   label=TEXT    how it is called
 *   schedule=...  of its rate (schedule.h)
 *   warmup=N      steps before the schedule
 *   change=STEP:parameter=value:...   from that step on; may be given several times, with rising steps
 *   style=N       colour and marker, from 1
 *   hidden=1, solo=1, ghost=1         how it is drawn (race.h) */
#ifndef SLALOM_RACER_TEXT_H
#define SLALOM_RACER_TEXT_H

#include "own.h"
#include "race.h"
#include "status.h"

#include <stdbool.h>

/* Fills in *racer, and *own with the optimizer that it has typed, or NULL; whoever calls owns that. */
bool racer_read(const char *text, RacerSpec *racer, OwnOptimizer **own, Status *status);

/* Whether a key means something to this racer, and reading one. */
bool racer_has_key(RacerSpec *racer, const char *key);
bool racer_read_key(RacerSpec *racer, const char *key, const char *text, Status *status);

/* Where a key=value pair ends: at the next comma outside parentheses, which a formula may have inside, or at
 * the end of the text. */
char *racer_pair_end(char *text);

#endif
