/* The scrub bar: which step is shown. */
#ifndef SLALOM_TIMELINE_VIEW_H
#define SLALOM_TIMELINE_VIEW_H

#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

/* True where the person has chosen a step, which may be the one that is shown. prefix: what stands before it,
 * always as long; "": nothing. */
bool timeline_view(Ui *ui, Rect rect, int64_t *step, int64_t steps, const char *prefix);

#endif
