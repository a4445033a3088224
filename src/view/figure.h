/* Pictures for paper: the plot or the chart alone, without what is for hands, with axes around it, thin lines
 * and racers that are told apart without colours too. */
#ifndef SLALOM_FIGURE_H
#define SLALOM_FIGURE_H

#include "canvas.h"
#include "viewer.h"

typedef enum Figure {
    FIGURE_WINDOW, /* everything, as in the window */
    FIGURE_PLOT,   /* the surface from above, in space or both, as the look says */
    FIGURE_CHART,
    FIGURES,
} Figure;
extern const char *const figure_names[FIGURES]; /* "window", ... */

/* Draws it to its end, however long that takes. */
void viewer_draw_figure(Viewer *viewer, Canvas *canvas, Figure figure);

#endif
