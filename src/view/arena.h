/* A kind of race, as the viewer sees it: on a surface (surface_arena.c) or of networks (network_arena.c). The
 * viewer leaves to its arena all that is not the same for both. For the viewer's own files. */
#ifndef SLALOM_ARENA_H
#define SLALOM_ARENA_H

#include "canvas.h"
#include "figure.h"
#include "ground_view.h"
#include "keys.h"
#include "scene.h"
#include "status.h"
#include "viewer.h"

#include <stdbool.h>
#include <stdint.h>

/* How fast a race is played. */
typedef struct ArenaSpeed {
    double steps_per_s; /* INFINITY: as fast as it goes */
    const char *text;   /* on the button */
} ArenaSpeed;

typedef struct Arena {
    const ArenaSpeed *speeds; /* the slowest first */
    int n_speeds;
    int (*usual_speed)(const Viewer *viewer); /* that a race is opened with */

    /* Makes what runs follow the editor's scene. On failure nothing has changed. */
    bool (*apply)(Viewer *viewer, Status *status);
    /* The viewer shows another kind from now on. */
    void (*leave)(Viewer *viewer);
    /* The part of a look that is its own, to be shown at once and to be told. */
    void (*show_look)(Viewer *viewer, const Look *look);
    void (*tell_look)(const Viewer *viewer, Look *look);

    /* Runs the race on before a picture: as far as there is time for in a frame, or, where the subject is
     * still, as far as the picture needs. */
    void (*work)(Viewer *viewer);
    int64_t (*step_count)(const Viewer *viewer); /* how long the race is */
    double (*pace)(const Viewer *viewer);        /* steps a second, where it is played now */
    int64_t (*reached)(const Viewer *viewer);    /* playing gets no further than this for now */
    /* Time passes. True where the picture must be drawn again. */
    bool (*advance)(Viewer *viewer, double seconds);
    bool (*is_moving)(
        const Viewer *viewer); /* time alone changes the picture, though the race is not played */

    /* How much of a processor's time pictures may take where time alone asks for them, so that what runs
     * keeps it. NULL: all. */
    double (*share)(const Viewer *viewer);
    /* What has changed with the race is drawn over the picture that was drawn last, where `refreshes`; both
     * NULL: never. */
    bool (*refreshes)(const Viewer *viewer);
    void (*refresh)(Viewer *viewer, Canvas *canvas);

    void (*prepare)(Viewer *viewer); /* fills in the subject, before every pass */
    void (*settle)(Viewer *viewer);  /* what else a picture needs, where it is still at its end */
    /* Divides its parts of the layout, before a picture. */
    void (*lay_out)(Viewer *viewer, const Canvas *canvas);
    void (*draw_plot)(Viewer *viewer, Canvas *canvas, Rect covered);
    void (*pass_panel)(Viewer *viewer);                   /* in a pass of the ui, as are the next two */
    bool (*pass_timeline)(Viewer *viewer, int64_t *step); /* true where a step was chosen */
    void (*pass_plot)(Viewer *viewer);
    /* The plot or the chart by itself. */
    void (*draw_figure)(Viewer *viewer, Canvas *canvas, Figure figure, Rect rect);
    /* What is shown to be seen from above and in space; NULL: nothing is. */
    const GroundView *(*ground)(const Viewer *viewer);
    /* False where the action is not one of this arena. */
    bool (*act)(Viewer *viewer, Action action);
    const char *(*title)(const Viewer *viewer);
} Arena;

extern const Arena surface_arena, network_arena;

/* The arena of a scene. */
static inline const Arena *arena_of(const Scene *scene) {
    return network_scene_is_on(&scene->network) ? &network_arena : &surface_arena;
}

#endif
