/* The help over everything else: every key of the table of keys, and what the pointer does. */
#ifndef SLALOM_HELP_VIEW_H
#define SLALOM_HELP_VIEW_H

#include "ui.h"

/* How far it is scrolled. Start from {0}. */
typedef struct HelpView {
    float scroll;
} HelpView;

/* True where it shall close: a press anywhere, or Escape. */
bool help_view(HelpView *help, Ui *ui);

#endif
