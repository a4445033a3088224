/* The card of a racer: its marker, name and loss, what runs, and every number of it to be changed. */
#ifndef SLALOM_RACER_CARD_H
#define SLALOM_RACER_CARD_H

#include "editor.h"
#include "pen.h"
#include "subject.h"

#include <stdbool.h>

/* How much of a card is shown. */
typedef struct Form {
    int formula_lines; /* at most; 0: not even what happens to x */
    int rows;          /* hyperparameters with a slider of their own, at most; the others share a line */
    bool others;       /* whether that line is shown */
} Form;

/* What stands around the gradient has its sliders, too, where `devices`: of the racer that is chosen. */
void racer_card(Pen *pen, const Subject *subject, Editor *editor, int racer, const Form *form, bool devices);

#endif
