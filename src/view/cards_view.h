/* The cards: for each racer its marker, name, loss, running formula and hyperparameters; then the surface.
 * They are drawn as fully as there is room for all of them, and scroll where there is none. */
#ifndef SLALOM_CARDS_VIEW_H
#define SLALOM_CARDS_VIEW_H

#include "canvas.h"
#include "subject.h"

#include <stdbool.h>

typedef struct CardsView {
    float scroll; /* how far the cards are pushed up */
    float scroll_max;
} CardsView;

void cards_view_draw(CardsView *cards, Canvas *canvas, Rect rect, const Subject *subject);
/* True where something moved. */
bool cards_view_scroll(CardsView *cards, float notches);

#endif
