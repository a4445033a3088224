/* A picture of networks in training that fills the plot: a row of the table network_views. For the viewer's
 * own files. What a view remembers is in the NetworkStage; how it is drawn is in src/insight. */
#ifndef SLALOM_NETWORK_VIEW_H
#define SLALOM_NETWORK_VIEW_H

#include "canvas.h"
#include "ground_view.h"
#include "keys.h"
#include "network_stage.h"
#include "scene.h"
#include "status.h"

#include <stdbool.h>

typedef struct Viewer Viewer;

/* While training goes on as fast as it can, the window takes little from it: pictures together no more than
 * an eighth of one processor, for which each is computed for 0.75 ms and otherwise for 4; and work beside the
 * window no more than a sixteenth of one. Where a view takes more than its `budget_s` its pictures come less
 * often.
 *
 * Only `tip`, `begin` or nothing, `pass` and `is_behind` are asked for of all; the others may be NULL. */
typedef struct NetworkView {
    const char *tip; /* what it shows, for people */
    /* Whether it has anything to show of these networks and their data. NULL: of any. */
    bool (*suits)(const NetworkStage *stage);
    /* Shows another training from now on. Comes at every drag of a slider: what takes long is left to the
     * first picture. */
    bool (*begin)(NetworkStage *stage, Status *status);
    /* The training, and maybe its data, are about to go, and `begin` will come or nothing any more: what
     * works on them beside the window stops. NULL: nothing does. */
    void (*release)(NetworkStage *stage);
    void (*finish)(NetworkStage *stage);
    /* A picture that is kept is of the whole race, whichever step it shows: all of it is trained first. */
    bool (*needs_all)(const NetworkStage *stage);
    /* The picture behind everything that lies over the plot, computed for about `budget_s`: INFINITY: to its
     * end. */
    void (*draw)(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s);
    /* Draws over the picture that was drawn last what the training has changed since, for about `budget_s`;
     * everything around it, and what `pass` draws, stays and follows in a whole picture soon. NULL: all
     * pictures are whole, which costs another 1 or 2 ms each: with less than 60 of them a second while the
     * training takes all the time there is. */
    void (*refresh)(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s);
    /* A pass of the ui over it (ui.h): draws what is left, or lets an event act. tools: at the right of the
     * tabs, for what can be chosen of this view; without width where there is no room. */
    void (*pass)(Viewer *viewer, Rect plot, Rect tools);
    /* Time alone brings the picture on: it does not show yet what it will of the state that is looked at. */
    bool (*is_behind)(const Viewer *viewer);
    /* Time passes; true where something moved. */
    bool (*advance)(Viewer *viewer, double seconds);
    /* Its ground, where it is one to be seen from above and in space. */
    const GroundView *(*ground)(const NetworkStage *stage);
    /* False where the action is not one of this view. */
    bool (*act)(Viewer *viewer, Action action);
    /* The part of a look that is its own, to be shown at once and to be told. */
    void (*show_look)(NetworkStage *stage, const Look *look);
    void (*tell_look)(const NetworkStage *stage, Look *look);
    bool has_curves; /* it is the curves: they do not stand beside it once more */
} NetworkView;

/* By NetworkPicture; NULL where there is none. */
extern const NetworkView *const network_views[NETWORK_PICTURES];
extern const NetworkView boundary_network_view, curves_network_view;
extern const NetworkView layers_network_view;
extern const NetworkView curvature_network_view;
extern const NetworkView images_network_view;
extern const NetworkView units_network_view;
extern const NetworkView landscape_network_view;

/* A pass over the learning curves: the whole picture, or beside another. */
void network_curves_pass(Viewer *viewer, Rect rect, bool whole);

bool network_view_suits(const NetworkStage *stage, NetworkPicture picture);
/* The one that is chosen, or where that has nothing to show the first that has. */
NetworkPicture network_view_shown(const NetworkStage *stage);
/* The next that suits, forwards (1) or back (-1), round and round. */
void network_view_go(NetworkStage *stage, int way);

/* For all views. */
bool network_views_begin(NetworkStage *stage, Status *status);
void network_views_release(NetworkStage *stage);
void network_views_finish(NetworkStage *stage);

#endif
