/* Networks in training, and what is shown of them: a race of networks as the viewer has it. */
#ifndef SLALOM_NETWORK_STAGE_H
#define SLALOM_NETWORK_STAGE_H

#include "boundary_view.h"
#include "curvature_view.h"
#include "curves_view.h"
#include "data.h"
#include "images_view.h"
#include "layers_view.h"
#include "landscape_view.h"
#include "live_training.h"
#include "network_brush.h"
#include "pool.h"
#include "scene.h"
#include "seed_runs.h"
#include "status.h"
#include "subject.h"
#include "units_view.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct NetworkStage {
    Scene scene; /* that it runs by; owned, like all that follows */
    Data *data;  /* that the training points at */
    Pool *pool;  /* the training's own; NULL: it has no threads */
    LiveTraining *live;
    SeedRuns *runs; /* the same with further seeds; NULL: none was ever wanted */
    SubjectNetworks networks;
    NetworkPicture picture; /* that was chosen (network_view.h) */
    Rect tabs;              /* of the picture drawn last, over the plot; without width: none */
    /* What each view remembers. */
    BoundaryView boundary;
    NetworkBrush brush;
    ImagesView images;
    CurvesView curves;
    LayersView layers;
    CurvatureView curvature;
    UnitsView units;
    LandscapeView landscape;
    int64_t steps; /* how long the race is: to its last step, or to where nobody goes on */
    bool strains;  /* the training takes all the time it gets: more was asked of it than it has done */
    bool follows;  /* what is shown is the newest state, as long as the race is played */
    char title[160];
} NetworkStage;

/* Makes a stage follow a scene: one that does not run yet, where *stage is NULL. What races begins anew where
 * the scene says another race; labels and looks alone change nothing. threads: beside the caller's; 0: it
 * trains in network_stage_work. On failure nothing has changed. */
bool network_stage_follow(NetworkStage **stage, const Scene *scene, int threads, Status *status);
void network_stage_destroy(NetworkStage *stage);

/* Trains the further seeds: of a picture that is kept to its step, otherwise to their end in their own time,
 * or for about so long without threads. */
void network_stage_train_seeds(NetworkStage *stage, int64_t step, bool still, double budget_s);

/* The last reports at a step or before, for the subject. */
void network_stage_report(NetworkStage *stage, int64_t step);

/* Looks how long the race is by now: it is cut short behind the window, once nobody goes on. */
void network_stage_measure(NetworkStage *stage);

#endif
