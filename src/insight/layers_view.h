/* The layers of networks in training: over time the norms of their gradients, weights and updates and the
 * size of what they give, a line a layer; how weights and gradients are distributed at the step that is
 * shown, and how many units no longer answer; and in words whether signal and gradient get through.
 *
 * One racer, or where there is room the chosen one and another beside it. What is over time comes with the
 * reports; the rest is worked out beside the window, a state after the other. */
#ifndef SLALOM_LAYERS_VIEW_H
#define SLALOM_LAYERS_VIEW_H

#include "data.h"
#include "layer_probe.h"
#include "live_training.h"
#include "status.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

enum { LAYERS_SHOWN_MAX = 2 };

typedef struct LayersWork LayersWork;

/* Whom the picture is of. */
typedef struct LayersCast {
    int racers[LAYERS_SHOWN_MAX]; /* rising */
    int n;
} LayersCast;

typedef struct LayersView {
    const LiveTraining *live; /* borrowed, like the data */
    const Data *data;
    bool threaded;
    LayersCast cast;
    Rect columns[LAYERS_SHOWN_MAX]; /* of the picture drawn last */
    bool reads;                     /* the pointer was on one of them */
    LayersWork *work;               /* owned; NULL: nothing was worked out yet */
} LayersView;

/* Shows another training. threaded: it works on a thread of its own. */
void layers_view_begin(LayersView *view, const LiveTraining *live, const Data *data, bool threaded);
void layers_view_finish(LayersView *view);

/* Works for about `budget_s`, INFINITY: to the end. state: NULL where there is none yet. */
void layers_view_work(
    LayersView *view, Rect plot, const Subject *subject, const LiveState *state, double budget_s);
/* Draws over the picture drawn last a part that has changed since. at: the pointer. */
void layers_view_refresh(LayersView *view, Canvas *canvas, const Subject *subject, Point at);
/* All that is worked out is of this state. */
bool layers_view_is_finished(const LayersView *view, const LiveState *state);

/* Draws, or lets the event act. tools: where racers can be chosen, if there is room; otherwise over the
 * picture. Returns the racer that was chosen; -1: none. */
int layers_view(LayersView *view, Ui *ui, Rect plot, Rect tools, const Subject *subject);

#endif
