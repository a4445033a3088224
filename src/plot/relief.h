/* The relief: the picture of heights in a box of the plane, of a surface or of a network's losses, with its
 * lines of equal height.
 *
 * It is computed in passes, each on a finer grid: the coarse ones are shown at once where the whole would
 * take longer than a frame, and the last one has exactly one height for each device pixel. Nothing is
 * computed or allocated while heights, box and size stay. What is shown at the end does not depend on the
 * passes before. */
#ifndef SLALOM_RELIEF_H
#define SLALOM_RELIEF_H

#include "canvas.h"
#include "contour_lines.h"
#include "heatmap.h"
#include "height_source.h"
#include "pool.h"
#include "status.h"
#include "surface.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Relief Relief;

/* Takes the source over, also where it fails; NULL: there was no memory for it. The pool is borrowed and may
 * be NULL. */
Relief *relief_create(HeightSource *source, Pool *pool, Status *status);
void relief_destroy(Relief *relief);

/* The source's heights are others from now on. `lowest`: the lowest that is known of all, or NAN. */
void relief_heights_changed(Relief *relief, double lowest);

/* What is to be shown: a box of the plane over a part of the canvas. */
typedef struct ReliefView {
    Box box;
    Rect plot;   /* its edges between device pixels */
    float scale; /* device pixels in a logical one */
    const Theme *theme;
    bool grid_only; /* only what relief_grid has is wanted; there is no picture then */
} ReliefView;

/* Goes on with the picture of a view for about `budget_s` seconds: to its end for INFINITY. Afterwards there
 * is a picture of this view, maybe a coarse one. True where it is the final one. Out of memory: the old one
 * stays, and true. */
bool relief_update(Relief *relief, const ReliefView *view, double budget_s);
bool relief_is_finished(const Relief *relief);
/* Whether each device pixel shows its own height already: all but the last refinement of the lines is done.
 */
bool relief_is_exact(const Relief *relief);

/* The coarse grid that decides the scale, for those who need heights rather than a picture. */
typedef struct ReliefGrid {
    const double *heights;    /* (height, width), row 0 at the top; borrowed until the next update */
    int width, height;        /* cells may reach beyond the right and lower edge of the plot */
    float cell;               /* logical pixels of the plot */
    const HeightScale *scale; /* borrowed, as are the lines, of which only the heights may be asked for */
    const ContourLines *lines;
    uint64_t version; /* another one where anything has changed */
} ReliefGrid;
/* The finest one that there is yet; false before the first update. */
bool relief_grid(const Relief *relief, ReliefGrid *grid);
bool relief_grid_is_final(const Relief *relief);

/* Draws the picture as it stands. */
void relief_draw(const Relief *relief, Canvas *canvas);
/* Draws its colours alone, without the lines. The relief is finished. */
void relief_draw_colours(const Relief *relief, Canvas *canvas);

/* What the lines are at, and where the picture lies. Borrowed. */
const ContourLines *relief_lines(const Relief *relief);
Rect relief_plot(const Relief *relief);

/* The point of the plane in the middle of cell i of n over [min, max]. */
double relief_cell(double min, double max, int i, int n);

/* The heights of the finished picture, (*height_px, *width_px), row 0 at the top; NULL where it is not
 * finished. */
const double *relief_heights(const Relief *relief, int *width_px, int *height_px);

#endif
