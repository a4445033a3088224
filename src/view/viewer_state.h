/* What a Viewer is made of. For viewer.c, controls.c and the tests; everybody else sees viewer.h. */
#ifndef SLALOM_VIEWER_STATE_H
#define SLALOM_VIEWER_STATE_H

#include "bar_view.h"
#include "cards_view.h"
#include "chart_view.h"
#include "keys.h"
#include "layout.h"
#include "rng.h"
#include "subject.h"
#include "surface_view.h"
#include "terrain_view.h"
#include "timeline_view.h"
#include "viewer.h"

#include <stdbool.h>
#include <stdint.h>

enum { NOTICE_BYTES = 200 };

struct Viewer {
    Surface *surface; /* owned, and borrowed by the race */
    Race *race;       /* owned */
    Subject subject;  /* what is shown; the views see nothing else of the viewer */
    double first_start[2];
    Rng rng; /* for random starts */

    bool playing;
    double position; /* the step that is shown, with its fraction while playing */
    int speed;       /* index into viewer_speeds */

    Layout layout; /* of the picture drawn last */
    ViewMode mode;
    Rect flat_plot, space_plot; /* of the picture drawn last; without width where it has none */
    SurfaceView plane;
    TerrainView space;
    ChartView chart;
    CardsView cards;
    TimelineView timeline;
    BarView bar;
    bool help_open;
    char notice[NOTICE_BYTES];
    double notice_s; /* for how long it is still shown */
    ViewerRequest request;
};

extern const double viewer_speeds[];
extern const int viewer_speed_count;

/* Does what a key or a button asks for (controls.c). True where the picture must be drawn again. */
bool viewer_act(Viewer *viewer, Action action);

/* Moves the start and begins the race anew; the step that is shown stays. */
void viewer_move_start(Viewer *viewer, const double start[2]);

#endif
