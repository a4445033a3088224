/* The column of cards: the racers', then the surface's. They are shown as fully as there is room for all of
 * them, and scroll where there is none; the card of the racer that is chosen is always whole. */
#ifndef SLALOM_CARDS_VIEW_H
#define SLALOM_CARDS_VIEW_H

#include "editor.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>

typedef struct CardsView {
    float scroll; /* how far the cards are pushed up */
    float scroll_max;
    bool devices;                     /* what stands around the gradient is unfolded, too */
    char focus_before[UI_NAME_BYTES]; /* brought into sight once */
    int selected_before;
    size_t caret_before;        /* of a text that is edited */
    char wanted[UI_NAME_BYTES]; /* a control that shall be brought into sight, once */
} CardsView;

void cards_view(CardsView *cards, Ui *ui, Rect rect, const Subject *subject, Editor *editor);

#endif
