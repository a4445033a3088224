/* How the training loss curves where the racers of a live training have been: the ends of the Hessian's
 * spectrum at states that were kept, and all of it at the one that is looked at. Found out beside who
 * watches: first what is looked at, then the newest, then what lies farthest from all that is known.
 *
 * All functions are for one thread, the watcher's, and none waits for a product of the Hessian but
 * live_curvature_finish and live_curvature_destroy. Work goes on as long as it is wished for. */
#ifndef SLALOM_LIVE_CURVATURE_H
#define SLALOM_LIVE_CURVATURE_H

#include "hessian.h"
#include "live_training.h"

#include <stdbool.h>
#include <stdint.h>

enum { CURVATURE_POINTS_MAX = 1024 };

typedef struct CurvaturePoint {
    int64_t step;
    bool known; /* otherwise it will be: */
    HessianExtremes extremes;
} CurvaturePoint;

/* By rising step. */
typedef struct CurvatureCurve {
    CurvaturePoint points[CURVATURE_POINTS_MAX];
    int n;
} CurvatureCurve;

/* At one state of one racer. */
typedef struct CurvatureSpread {
    int64_t step;
    int racer; /* -1: there is none yet */
    HessianExtremes extremes;
    HessianSpread spread;
} CurvatureSpread;

typedef struct CurvatureWish {
    int64_t step;                 /* that is looked at */
    bool racers[RACE_RACERS_MAX]; /* whose curvature is wanted */
    bool gently; /* others want the processors: a thread of its own takes a small share of one */
    int chosen;  /* whose spread; -1: nobody's */
} CurvatureWish;

typedef struct LiveCurvature LiveCurvature;

/* The training is borrowed, and is asked for states by none but the functions below; the examples are copied.
 * `threaded`: on a thread of its own, where one can be started. */
LiveCurvature *live_curvature_create(
    LiveTraining *live, const Batch *examples, bool threaded, Status *status);
void live_curvature_destroy(LiveCurvature *curvature);

/* Takes what was found, and gives out what is to be found next. Returns whether anything has come. */
bool live_curvature_follow(LiveCurvature *curvature, const CurvatureWish *wish);
/* Without a thread of its own: works for about so long. With one it does nothing. */
void live_curvature_work(LiveCurvature *curvature, double budget_s);
/* The same until nothing is left to be found. */
void live_curvature_finish(LiveCurvature *curvature, const CurvatureWish *wish);
/* Whether anything was left at the last follow. */
bool live_curvature_is_behind(const LiveCurvature *curvature);

/* Of a racer, as far as was found out. Borrowed until the next follow. */
const CurvatureCurve *live_curvature_curve(const LiveCurvature *curvature, int racer);
/* The last one that was found. */
const CurvatureSpread *live_curvature_spread(const LiveCurvature *curvature);
/* Examples and parameters that it is of. */
int live_curvature_examples(const LiveCurvature *curvature);
size_t live_curvature_dim(const LiveCurvature *curvature);

#endif
