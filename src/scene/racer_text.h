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
 *   hidden=1, solo=1, ghost=1         how it is drawn (race.h)
 *
 * A pair ends at a comma outside of parentheses; a backslash takes the character after it as it is. */
#ifndef SLALOM_RACER_TEXT_H
#define SLALOM_RACER_TEXT_H

#include "own.h"
#include "race.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>

/* Fills in *racer, and *own with the optimizer that it has typed, or NULL; whoever calls owns that. */
bool racer_read(const char *text, RacerSpec *racer, OwnOptimizer **own, Status *status);

/* Appends the text that reads back as this racer, on one line: only what differs from the defaults. `own` is
 * its typed optimizer, NULL for a shipped one. */
void racer_write(const RacerSpec *racer, const OwnOptimizer *own, Text *out);

/* The keys that every racer has beside the devices, by number from 0; NULL behind the last. */
const char *racer_key_name(int i);

/* Tells every key=value by which a racer differs from its optimizer as it is, in a fixed order; values as
 * racer_read_key takes them. */
typedef void RacerPair(void *context, const char *key, const char *value);
void racer_pairs(const RacerSpec *racer, RacerPair *tell, void *context);
/* Appends a pair as it stands among others, on one line. */
void racer_write_pair(Text *out, const char *key, const char *value);

/* Whether a key means something to this racer, and when it is said to all; and reading one. */
bool racer_knows_key(RacerSpec *racer, const char *key);
bool racer_has_key(RacerSpec *racer, const char *key);
bool racer_read_key(RacerSpec *racer, const char *key, const char *text, Status *status);

/* Cuts the first of several pairs off `text`, in place: *key and *value, which is NULL where there is no
 * equals sign. Returns the pairs that are left, NULL for none. */
char *racer_cut_pair(char *text, char **key, char **value);

#endif
