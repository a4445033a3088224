/* Learning curves in the whole of the plot; beside other views they stand in the panel. */
#include "network_view.h"
#include "viewer_state.h"

static void finish(NetworkStage *stage) {
    curves_view_finish(&stage->curves);
}

/* Lines change where there are reports. */
static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    (void)viewer, (void)canvas, (void)plot, (void)budget_s;
}

void network_curves_pass(Viewer *viewer, Rect rect, bool whole) {
    CurvesView *curves = &viewer->network->curves;
    curves_view(curves, &viewer->ui, rect, &viewer->subject, whole);
    if (curves->wanted_seeds > 0)
        editor_change(&viewer->editor, "seeds", ++viewer->ui.gesture)->network.seeds = curves->wanted_seeds;
    curves->wanted_seeds = 0;
}

static void pass(Viewer *viewer, Rect plot, Rect tools) {
    (void)tools;
    network_curves_pass(viewer, plot, true);
}

static bool is_behind(const Viewer *viewer) {
    (void)viewer;
    return false;
}

static void show_look(NetworkStage *stage, const Look *look) {
    curves_view_show_look(&stage->curves, &look->chart);
}

static void tell_look(const NetworkStage *stage, Look *look) {
    look->chart = curves_view_look(&stage->curves);
}

const NetworkView curves_network_view = {
    .tip = "learning curves",
    .finish = finish,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
    .show_look = show_look,
    .tell_look = tell_look,
    .has_curves = true,
};
