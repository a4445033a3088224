/* When a picture is whole and what it costs are known here; what a part of it is knows the arena. */
#include "refresh.h"

#include "clock.h"
#include "viewer_state.h"

#include <math.h>

/* What is around the race follows it so soon, or, where that takes long, as often as takes so little. */
static const double WHOLE_S = 0.08, WHOLE_SHARE = 0.04, WHOLE_MAX_S = 0.25;
static const double AHEAD_S = 0.008; /* pictures may spend so much before it is theirs: they come evenly */

void refresh_is_whole(Refresh *refresh, const Canvas *canvas) {
    refresh->is_stale = refresh->waits = false;
    refresh->part_s = 0;
    refresh->canvas = canvas;
    refresh->width = canvas->width;
    refresh->height = canvas->height;
    refresh->scale = canvas->scale;
}

bool refresh_is_due(Refresh *refresh, bool changed, double seconds, double share) {
    refresh->part_s += seconds;
    refresh->spent_s = share < 1 ? fmax(refresh->spent_s - share * seconds, 0) : 0;
    if (!changed && !refresh->waits) return false;
    refresh->waits = true;
    return refresh->spent_s <= AHEAD_S;
}

static bool has_same_canvas(const Refresh *refresh, const Canvas *canvas) {
    return refresh->canvas == canvas && refresh->width == canvas->width &&
           refresh->height == canvas->height && refresh->scale == canvas->scale;
}

/* Something that is not the race's lies over the picture, or may. */
static bool is_covered(const Viewer *viewer) {
    const Ui *ui = &viewer->ui;
    return viewer->notice_s > 0 || viewer->told || viewer->countdown_s > 0 || viewer->has_mark ||
           viewer->browser.open || viewer->palette.open || viewer->help_open || ui->tip_shown ||
           ui->edit.name[0];
}

static double whole_after_s(const Refresh *refresh) {
    return fmin(fmax(WHOLE_S, refresh->whole_s / WHOLE_SHARE), WHOLE_MAX_S);
}

/* The last picture of all is whole. */
static bool is_part_enough(const Viewer *viewer, const Canvas *canvas) {
    const Refresh *refresh = &viewer->refresh;
    bool goes_on = viewer->playing || viewer->arena->is_moving(viewer);
    return viewer->arena->refresh && goes_on && !refresh->is_stale &&
           refresh->part_s < whole_after_s(refresh) && has_same_canvas(refresh, canvas) &&
           !is_covered(viewer) && viewer->arena->refreshes(viewer);
}

Rect viewer_refresh(Viewer *viewer, Canvas *canvas) {
    double begun_s = clock_work_s();
    bool is_part = is_part_enough(viewer, canvas);
    if (is_part) {
        viewer_prepare(viewer, canvas);
        viewer->arena->refresh(viewer, canvas);
        viewer->refresh.waits = true; /* for the rest of the picture */
    } else {
        viewer_draw(viewer, canvas);
    }
    double took_s = clock_work_s() - begun_s;
    viewer->refresh.spent_s += took_s;
    if (!is_part) viewer->refresh.whole_s = took_s;
    return is_part ? viewer->layout.plot : (Rect){0, 0, canvas->width, canvas->height};
}
