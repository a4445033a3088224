/* The surface in space: the lit terrain, the trails on it and what lies behind hills faint, heads as balls,
 * axes, and the start that a person drags over it; turning, moving and coming closer.
 *
 * It shows what the flat picture's camera shows, on the grid of its relief, and rises from it smoothly. */
#ifndef SLALOM_TERRAIN_VIEW_H
#define SLALOM_TERRAIN_VIEW_H

#include "canvas.h"
#include "drape.h"
#include "event.h"
#include "orbit.h"
#include "pool.h"
#include "relief.h"
#include "status.h"
#include "subject.h"
#include "surface_view.h"
#include "terrain.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum TerrainDrag {
    TERRAIN_DRAG_NONE,
    TERRAIN_DRAG_START,
    TERRAIN_DRAG_TURN,
    TERRAIN_DRAG_PAN,
} TerrainDrag;

typedef struct TerrainView {
    SurfaceView *flat; /* borrowed: its camera and relief */
    Pool *pool;        /* borrowed */
    Terrain *terrain;  /* owned */
    Orbit orbit;
    bool beside; /* the flat picture is drawn too, in a place of its own: this one leaves its camera alone */
    bool follow; /* the camera looks at the best racer */
    Rect plot;   /* as drawn last: */
    Projection projection;
    uint64_t grid_version; /* of the relief's grid that the terrain has; 0: none */
    bool drawn;
    Drape drapes[RACE_RACERS_MAX];
    Head heads[RACE_RACERS_MAX];
    int label_choices[RACE_RACERS_MAX]; /* see placer_place */
    int start_choice;
    TerrainDrag drag;
    float pointer_x, pointer_y; /* at the last event of a drag */
    float grip_x, grip_y;       /* from the pointer to the start that it holds */
    bool start_hovered;
} TerrainView;

/* The flat picture's view and the pool are borrowed; the pool may be NULL. */
bool terrain_view_init(TerrainView *view, SurfaceView *flat, Pool *pool, Status *status);
void terrain_view_finish(TerrainView *view);

/* Labels find their places anew, as in a first picture. */
void terrain_view_forget_labels(TerrainView *view);

/* Evaluates heights for about `budget_s` where the picture needs new ones, and draws. `covered`: a part of
 * the plot that labels keep out of. */
void terrain_view_draw(
    TerrainView *view, Canvas *canvas, Rect plot, const Subject *subject, Rect covered, double budget_s);

/* An event in the plot, or of a drag that began there. */
SurfaceResponse terrain_view_handle(TerrainView *view, const Event *event, const Subject *subject);

/* Time passes: moves under way, and following the leader. True where something moved. */
bool terrain_view_advance(TerrainView *view, const Subject *subject, double seconds);

#endif
