/* The landscape that networks in training walk on: their loss over a plane in the space of weights as the
 * ground, with their ways projected on it, or the loss along the line between two of them. Beside it is said
 * what such a picture hides: how much of the ways the plane holds, how far off it each racer is, and how the
 * loss there differs from its own. */
#ifndef SLALOM_LANDSCAPE_VIEW_H
#define SLALOM_LANDSCAPE_VIEW_H

#include "data.h"
#include "ground_view.h"
#include "landscape_work.h"
#include "subject.h"
#include "ui.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct LandscapeView {
    NetworkPlane plane; /* that is wanted */
    int beside;         /* the racer, from 1, that a line leads to from the chosen or first one; 0: the first
                           other one */
    Look look;          /* of the ground, until there is one */
    bool has_look;
    LiveTraining *live; /* borrowed, as are the next two */
    const Data *data;
    Pool *pool;          /* for pictures */
    LandscapeWork *work; /* owned, like what follows; NULL: nobody has looked yet */
    LandscapeResult *result;
    LandscapeOrder order;
    GroundView ground;
    HeightSource *heights;         /* the ground's; NULL: there is none yet */
    uint32_t fit, heights_version; /* that the ground shows */
    double fitted_s;               /* when it was asked for last */
    SubjectPlane on_plane;         /* what is shown of the result: */
    double *paths;                 /* (racers, LIVE_KEPT_MAX + 1, 2) */
    double start[2];
    char axes[2][96];
    bool shows_ground;          /* there are heights of the plane */
    bool fits_again;            /* a hand asked for it */
    bool tools_inside;          /* they do not fit beside the tabs */
    Rect rows[RACE_RACERS_MAX]; /* of the picture drawn last: what is said of each racer */
    Rect tools;                 /* where tools are, if inside, */
    int64_t drawn_step;         /* and the step that it shows */
} LandscapeView;

/* Shows another training, with nothing worked out before somebody looks. Training, data and the pool for
 * pictures are borrowed. */
void landscape_view_begin(LandscapeView *view, LiveTraining *live, const Data *data);
/* The training is about to go. */
void landscape_view_release(LandscapeView *view);
void landscape_view_finish(LandscapeView *view);

/* How a picture is asked for. */
typedef struct LandscapeAsk {
    const Subject *subject;
    Pool *pool;    /* for pictures; NULL: none */
    bool threaded; /* landscapes come on a thread of their own */
    bool plays;    /* the race is under way: the plane stays as long as it can */
    uint64_t seed; /* of random directions */
    double budget_s;
} LandscapeAsk;
void landscape_view_draw(LandscapeView *view, Canvas *canvas, Rect plot, const LandscapeAsk *ask);
/* Draws over the picture drawn last, where something has changed since. */
void landscape_view_refresh(LandscapeView *view, Canvas *canvas, Rect plot, const LandscapeAsk *ask);
/* A pass of the ui over it. Returns the racer that was pressed; -1: none. */
int landscape_view_pass(LandscapeView *view, Ui *ui, Rect tools, const Subject *subject);

/* A plane was laid out, or will be from what is known by now. */
bool landscape_view_has_plane(const LandscapeView *view);
/* Time alone brings the picture on, or moves it. */
bool landscape_view_is_behind(const LandscapeView *view, const Subject *subject);
bool landscape_view_advance(LandscapeView *view, const Subject *subject, double seconds); /* it moved */
/* False where the action is none of its. */
bool landscape_view_act(LandscapeView *view, const Subject *subject, Action action);

void landscape_view_show_look(LandscapeView *view, const Look *look);
void landscape_view_tell_look(const LandscapeView *view, Look *look);

#endif
