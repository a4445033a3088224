/* The bar along the top: whose picture this is, what is raced on, and the buttons. */
#ifndef SLALOM_BAR_VIEW_H
#define SLALOM_BAR_VIEW_H

#include "scene.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>

typedef struct BarState {
    bool playing;
    bool branches;
    bool help_open;
    bool panel_hidden;
    double speed;
    ViewMode mode;
} BarState;

/* A button posts its action to the Ui. */
void bar_view(Ui *ui, Rect rect, const Subject *subject, const BarState *state);

#endif
