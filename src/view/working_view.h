/* A panel that works the step of the chosen racer out with its numbers: each statement of its script as it is
 * written, and below it the same with the numbers of this step; then whether the rate is stable here, what
 * was predicted and what happened. It stands beside the plot, and scrolls where there is no room for all of
 * it. */
#ifndef SLALOM_WORKING_VIEW_H
#define SLALOM_WORKING_VIEW_H

#include "think_view.h"
#include "ui.h"

typedef struct WorkingView {
    float scroll, scroll_max;
    Text text; /* of the line under way; owned */
    /* What is worked out. While the race plays it stays for a moment, since nobody reads numbers that change
     * with every frame, and new ones are what a frame spends most on. */
    ReplayStep step;
    LocalModel model;
    int racer; /* whose it is */
    uint64_t race_version;
    double stays_s;
    bool plays; /* set by whoever draws it */
} WorkingView;

void working_view_finish(WorkingView *working);

/* Time passes. */
void working_view_advance(WorkingView *working, double seconds);

/* Cuts the panel off the plot: from its right where it is wide, from its bottom otherwise. Returns the panel.
 */
Rect working_view_place(const Canvas *canvas, Rect *plot);

void working_view(WorkingView *working, Ui *ui, Rect rect, const Subject *subject, const ThinkView *think);

#endif
