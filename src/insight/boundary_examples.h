/* The examples of a boundary view: which of them are shown, what lies in sight, and how they are marked in
 * the pixels of a panel. For boundary_view.c alone. */
#ifndef SLALOM_BOUNDARY_EXAMPLES_H
#define SLALOM_BOUNDARY_EXAMPLES_H

#include "batch.h"
#include "boundary_view.h"

/* The plane as it lies under a panel's pixels: the place of the first one, and from one to the next. */
typedef struct Sight {
    double x0, dx, y0, dy;
} Sight;

/* Takes those of view->data, and finds the box. False where memory is out. */
bool boundary_examples_take(BoundaryView *view, int n_out, Status *status);
void boundary_examples_drop(BoundaryView *view);

/* Marks into a panel those of a minibatch, and all examples; view->outputs are the racer's of them. */
void boundary_examples_stamp(
    const BoundaryView *view, BoundaryPanel *panel, const Sight *sight, const Batch *batch);

/* While a class guesses: what is to be learned, and nothing of who learns it. */
void boundary_examples_draw(const BoundaryView *view, Canvas *canvas, Rect plot);

/* A line that says how examples are marked. */
void boundary_examples_legend(const BoundaryView *view, Canvas *canvas, Rect line);

#endif
