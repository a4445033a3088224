/* How the eigenvalues of a Hessian are spread, and what that says of the place, in words. */
#ifndef SLALOM_SPREAD_PANEL_H
#define SLALOM_SPREAD_PANEL_H

#include "live_curvature.h"
#include "subject.h"
#include "ui.h"

enum { SPREAD_CELLS = 512 };

/* Directions are counted in so many parts of the axis. */
enum { SPREAD_PARTS = 60 };

/* All eigenvalues, and those of them that are below 0 and not flat. */
typedef enum SpreadSet { SPREAD_ALL, SPREAD_DOWN, SPREAD_SETS } SpreadSet;

/* What is drawn of the spread that it was made of. */
typedef struct SpreadPanel {
    const CurvatureSpread *of;                    /* borrowed; NULL: nothing yet */
    double low, width;                            /* of the cells */
    int n;                                        /* of them; 0: nothing is finite */
    double directions[SPREAD_SETS][SPREAD_CELLS]; /* how many lie in a part of the axis around a cell */
    float read_x;                                 /* that the pointer is at; below 0: none */
} SpreadPanel;

/* Once for every spread. dim: of the network. */
void spread_panel_read(SpreadPanel *panel, const CurvatureSpread *of, size_t dim);
/* Draws, or lets the event act. */
void spread_panel(SpreadPanel *panel, Ui *ui, Rect rect, const Subject *subject, size_t dim);

#endif
