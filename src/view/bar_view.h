/* The bar along the top: whose picture this is, what is raced on, and the buttons. */
#ifndef SLALOM_BAR_VIEW_H
#define SLALOM_BAR_VIEW_H

#include "canvas.h"
#include "keys.h"
#include "subject.h"

#include <stdbool.h>

enum { BAR_BUTTONS_MAX = 8 };

typedef struct BarButton {
    Rect rect;
    Action action;
} BarButton;

typedef struct BarView {
    BarButton buttons[BAR_BUTTONS_MAX]; /* as drawn last, from left to right */
    int n_buttons;
    Action hovered; /* ACTION_NONE: none */
} BarView;

typedef struct BarState {
    bool playing;
    bool help_open;
    double speed;
} BarState;

void bar_view_draw(BarView *bar, Canvas *canvas, Rect rect, const Subject *subject, const BarState *state);

/* The action of the button there, or ACTION_NONE. */
Action bar_view_hit(const BarView *bar, float x, float y);
/* The pointer is there now. True where that changes the picture. */
bool bar_view_hover(BarView *bar, float x, float y);

#endif
