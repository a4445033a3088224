/* A landscape of networks in training, worked out beside the window: the plane is fitted, the racers' ways
 * are projected on it, the losses over it come from coarse to fine, and where racers are their own losses.
 *
 * The owner says what it wants and takes what there is, whenever it likes and without waiting: a slice of the
 * work may take long where networks are large. */
#ifndef SLALOM_LANDSCAPE_WORK_H
#define SLALOM_LANDSCAPE_WORK_H

#include "canvas.h"
#include "data.h"
#include "landscape_fit.h"
#include "live_training.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LANDSCAPE_EXAMPLES_MAX = 2000, /* of larger data so many are taken, evenly */
    LANDSCAPE_SIDE_CELLS_MAX = 97, /* points along a side of the finest grid, at most */
    LINE_POINTS = 61,
};
#define LINE_BEYOND 0.25 /* a line goes on so far behind both ends, of its length */

/* A racer's way. */
typedef struct LandscapePath {
    int n;
    int64_t steps[LIVE_KEPT_MAX]; /* (n), rising: the kept states; */
    double x[2 * LIVE_KEPT_MAX];  /* (n, 2): their feet on the plane */
} LandscapePath;

/* Where a racer is that the window looks at. */
typedef struct LandscapeHead {
    int64_t step; /* -1: nothing is known */
    PlaneFoot foot;
    int64_t losses_step; /* that the losses are of; -1: unknown */
    double on_plane;     /* of its foot, on the landscape's examples; NAN where that is not known */
    double loss;         /* its own, on the same */
} LandscapeHead;

/* Losses between two racers; NAN where they are not known yet, or there is no such thing. */
typedef enum LinePart { LINE_TRAINING, LINE_VALIDATION, LINE_PARTS } LinePart;
typedef struct LandscapeLine {
    double at[LINE_POINTS]; /* 0: where the first racer is, 1: the second */
    double losses[LINE_PARTS][LINE_POINTS], errors[LINE_PARTS][LINE_POINTS];
    int done;
} LandscapeLine;

/* What there is. */
typedef struct LandscapeResult {
    uint32_t fit; /* the one that was asked for; 0: none yet. Of it: */
    NetworkPlane kind;
    LandscapeWish wish;
    double explained;
    int64_t fit_step;
    int fit_steps;
    Box home;
    LandscapePath paths[RACE_RACERS_MAX];
    LandscapeHead heads[RACE_RACERS_MAX];
    LandscapeLine line;
    /* Losses over a box, as finely as they are known; cols 0: not yet. */
    uint32_t heights_version;
    int cols, rows, cols_finest, rows_finest;
    Box box;
    double heights[LANDSCAPE_SIDE_CELLS_MAX * LANDSCAPE_SIDE_CELLS_MAX]; /* (rows, cols) */
    int examples, examples_validation;                                   /* that losses are of */
    char problem[STATUS_MESSAGE_BYTES];                                  /* why there is no landscape; "" */
} LandscapeResult;

/* What is wanted. */
typedef struct LandscapeOrder {
    LandscapeWish wish;
    uint32_t fit;           /* above 0; another number than before: it is fitted anew */
    bool gently;            /* the processors are wanted by others */
    Rect plot;              /* where the home of a new plane will be in sight; without width: not yet known */
    uint32_t box_fit;       /* the plane on which losses are wanted over: */
    Box box;                /* on any other they are of what is in sight at first */
    const LiveState *state; /* borrowed during the exchange; NULL: none */
    int64_t state_step;     /* set by the exchange: of the state that was given */
} LandscapeOrder;

typedef struct LandscapeWork LandscapeWork;

/* Training and data are borrowed. `threaded`: on threads of its own, where they can be started. */
LandscapeWork *landscape_work_create(LiveTraining *live, const Data *data, bool threaded, Status *status);
void landscape_work_destroy(LandscapeWork *work);

/* Whether an exchange would bring something new. */
bool landscape_work_has_news(const LandscapeWork *work);
/* Gives the order, which the next slice follows, and takes what there is. */
void landscape_work_exchange(LandscapeWork *work, LandscapeOrder *order, LandscapeResult *result);

void landscape_work_go(LandscapeWork *work, double budget_s); /* without a thread: works for so long */
void landscape_work_finish(LandscapeWork *work);              /* all that was ordered */
bool landscape_work_is_busy(const LandscapeWork *work);

#endif
