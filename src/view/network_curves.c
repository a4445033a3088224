/* Learning curves in the whole of the plot; beside other views they stand in the panel. */
#include "network_view.h"
#include "viewer_state.h"

static bool begin(NetworkStage *stage, Status *status) {
    (void)status;
    curves_view_begin(&stage->curves, stage->live);
    return true;
}

static void finish(NetworkStage *stage) {
    curves_view_finish(&stage->curves);
}

/* Lines change where there are reports. */
static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    (void)viewer, (void)canvas, (void)plot, (void)budget_s;
}

static void pass(Viewer *viewer, Rect plot, Rect tools) {
    (void)tools;
    curves_view(&viewer->network->curves, &viewer->ui, plot, &viewer->subject);
}

static bool is_behind(const Viewer *viewer) {
    (void)viewer;
    return false;
}

const NetworkView curves_network_view = {
    .tip = "learning curves",
    .begin = begin,
    .finish = finish,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
    .has_curves = true,
};
