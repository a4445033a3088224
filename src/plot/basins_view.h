/* The map of a racer's basins over the relief: each start has the colour of where the racer ends from it. */
#ifndef SLALOM_BASINS_VIEW_H
#define SLALOM_BASINS_VIEW_H

#include "basins.h"
#include "camera.h"
#include "canvas.h"
#include "subject.h"

typedef struct BasinsView {
    int racer;       /* whose, from 0; -1: nobody's, and nothing is drawn */
    Pool *pool;      /* borrowed; may be NULL */
    Basins *basins;  /* owned; NULL before the first picture */
    BasinsWish wish; /* of it */
    bool finished;   /* the picture is complete */
} BasinsView;

/* Of one surface: another one begins anew. */
void basins_view_init(BasinsView *view, Pool *pool);
void basins_view_finish(BasinsView *view);

/* Works on the map of what the plot shows for about `budget_s`, and draws it. Basins of minima have a colour
 * each; where none are known, ends have one by their height. A start from which it diverges has none. */
void basins_view_draw(
    BasinsView *view, Canvas *canvas, const Camera *camera, const Subject *subject, double budget_s);

/* Whether a next picture would be finer. */
bool basins_view_is_finished(const BasinsView *view);

#endif
