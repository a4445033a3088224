/* A step length along a line that descends: Moré & Thuente, "Line search algorithms with guaranteed
 * sufficient decrease", ACM TOMS 20 (1994). It sees a function of one number; whose line it is does not
 * matter to it. */
#ifndef SLALOM_LINE_SEARCH_H
#define SLALOM_LINE_SEARCH_H

#include <stdbool.h>

typedef struct LinePoint {
    double step; /* along the line, from 0 */
    double loss;
    double slope; /* of the loss along the line */
} LinePoint;

typedef struct Line {
    /* Returns the loss at `step` and sets *slope. Either may be not finite: that is too far. */
    double (*evaluate)(void *context, double step, double *slope);
    void *context;
    LinePoint start; /* at step 0; finite, with a slope below 0 */
    /* The strong Wolfe conditions: loss <= start.loss + c1 step start.slope and |slope| <= c2
     * |start.slope|. */
    double c1, c2;
    double noise; /* losses that differ by no more than this may differ by rounding alone */
} Line;

/* Looks for a point that satisfies the strong Wolfe conditions, first at `first` > 0. Where rounding or
 * the shape of the function permits none, the lowest point met is taken, if it is lower than the start.
 * *found is the point that was evaluated last. False where no lower point was met. */
bool line_search(const Line *line, double first, LinePoint *found);

#endif
