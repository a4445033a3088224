/* A plane that is raced on: the relief, the points worth knowing, the trails with their heads and labels, and
 * the start that a person drags; panning and zooming. */
#ifndef SLALOM_SURFACE_VIEW_H
#define SLALOM_SURFACE_VIEW_H

#include "basins_view.h"
#include "camera.h"
#include "canvas.h"
#include "cloud_view.h"
#include "event.h"
#include "level_curves.h"
#include "pool.h"
#include "relief.h"
#include "status.h"
#include "subject.h"
#include "think_view.h"
#include "trails.h"

#include <stdbool.h>

typedef enum SurfaceDrag { SURFACE_DRAG_NONE, SURFACE_DRAG_START, SURFACE_DRAG_PAN } SurfaceDrag;

/* Where a racer is on the screen. */
typedef struct Head {
    Point point;
    bool visible, diverged;
    bool hidden; /* in space: behind a hill */
} Head;

typedef struct SurfaceView {
    Camera camera;
    Relief *relief; /* owned */
    BasinsView basins;
    CloudView cloud;
    TrailBuffer trail;  /* of the racer being drawn */
    LevelCurves curves; /* of a picture of shapes */
    Head heads[RACE_RACERS_MAX];
    int label_choices[RACE_RACERS_MAX]; /* see placer_place */
    int start_choice;
    ThinkView *think; /* borrowed: what is drawn of a racer's thoughts; NULL: nothing */
    SurfaceDrag drag;
    float pointer_x, pointer_y; /* at the last event of a drag */
    float grip_x, grip_y;       /* from the pointer to the start that it holds */
    bool start_hovered;
    bool start_touched; /* the person knows that it can be moved */
} SurfaceView;

/* Of what a source (taken over, as in relief_create) has in a box at first. The pool is borrowed. */
bool surface_view_init(SurfaceView *view, HeightSource *source, Box home, Pool *pool, Status *status);
void surface_view_finish(SurfaceView *view);

/* Labels find their places anew, as in a first picture. */
void surface_view_forget_labels(SurfaceView *view);

/* Refines the relief for about `budget_s` and draws. `covered`: a part of the plot that labels keep out of.
 */
void surface_view_draw(
    SurfaceView *view, Canvas *canvas, Rect plot, const Subject *subject, Rect covered, double budget_s);

/* What an event in the plot (or of a drag that began there) has changed. */
typedef struct SurfaceResponse {
    bool redraw;
    bool start_moved; /* to: */
    double start[2];
} SurfaceResponse;
SurfaceResponse surface_view_handle(SurfaceView *view, const Event *event, const Subject *subject);

#endif
