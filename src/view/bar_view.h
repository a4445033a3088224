/* The bar along the top: whose picture this is, what is raced on, and the buttons. */
#ifndef SLALOM_BAR_VIEW_H
#define SLALOM_BAR_VIEW_H

#include "scene.h"
#include "ui.h"

#include <stdbool.h>

typedef struct BarState {
    bool playing;
    bool branches;
    bool help_open;
    bool panel_hidden;
    const char *speed; /* on its button */
    const char *title; /* what is raced on */
    ViewMode mode;
    bool trains;   /* networks */
    bool has_mode; /* what is shown can be seen from above and in space */
} BarState;

/* A button posts its action to the Ui. */
void bar_view(Ui *ui, Rect rect, const BarState *state);

#endif
