/* The ground that is raced on, be it a surface or a plane in the space of weights: seen from above, in space,
 * or both side by side; moving about there by pointer and keys. */
#ifndef SLALOM_GROUND_VIEW_H
#define SLALOM_GROUND_VIEW_H

#include "keys.h"
#include "scene.h"
#include "surface_view.h"
#include "terrain_view.h"

#include <stdbool.h>

typedef struct GroundView {
    ViewMode mode;
    SurfaceView plane;
    TerrainView space; /* without a terrain: there is no ground yet */
    /* Of the picture drawn last: all of it, and its two parts, without width where it has none. */
    Rect plot, flat_plot, space_plot;
} GroundView;

/* Other ground, with the whole of `home` in sight; the first begins with {0}. The source is taken over as in
 * relief_create, the pool is borrowed. On failure there is none. */
bool ground_view_show(GroundView *view, HeightSource *source, Box home, Pool *pool, Status *status);
void ground_view_finish(GroundView *view);

void ground_view_set_mode(GroundView *view, ViewMode mode);
/* The whole of a box in sight, and the first pose in space. */
void ground_view_reset(GroundView *view, Box home);

/* A picture: the plot is divided, then drawn, computed for about `budget_s`. `covered`: a part that labels
 * keep out of. */
void ground_view_lay_out(GroundView *view, const Canvas *canvas, Rect plot);
void ground_view_draw(
    GroundView *view, Canvas *canvas, const Subject *subject, Rect covered, double budget_s);
/* For a picture that is kept: every move is at its end, and labels find their places anew. */
void ground_view_settle(GroundView *view);

/* An event that nobody else took. */
SurfaceResponse ground_view_handle(GroundView *view, const Event *event, const Subject *subject);
/* False where the action moves nothing here. Going back to where all is in sight is left to the caller. */
bool ground_view_act(GroundView *view, Action action);

/* Time passes. True where the picture changes. */
bool ground_view_advance(GroundView *view, const Subject *subject, double seconds);
bool ground_view_is_moving(const GroundView *view, const Subject *subject); /* time alone changes it */

/* What a look says of it: mode, pose and the part that is in sight. */
void ground_view_show_look(GroundView *view, const Look *look);
void ground_view_tell_look(const GroundView *view, Look *look);

#endif
