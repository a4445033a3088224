/* The card of the race itself: how long it is, and what its random numbers begin with. */
#ifndef SLALOM_RACE_CARD_H
#define SLALOM_RACE_CARD_H

#include "editor.h"
#include "pen.h"

void race_card(Pen *pen, Editor *editor);

#endif
