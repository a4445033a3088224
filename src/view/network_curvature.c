/* How the loss of networks curves, in the plot. */
#include "network_view.h"
#include "viewer_state.h"

static bool begin(NetworkStage *stage, Status *status) {
    (void)status;
    const Part part = stage->data->split.training;
    const Batch examples = dataset_batch(stage->data->dataset, part.first, part.n);
    curvature_view_begin(&stage->curvature, stage->live, &examples, stage->pool != NULL);
    return true;
}

static void finish(NetworkStage *stage) {
    curvature_view_finish(&stage->curvature);
}

/* What there is to be drawn is the pass's. */
static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    (void)canvas, (void)plot;
    curvature_view_follow(&stage->curvature, &viewer->subject, budget_s, stage->strains);
}

/* The name of a racer is pressed to choose it. */
static void pass(Viewer *viewer, Rect plot, Rect tools) {
    (void)tools;
    const int racer = curvature_view(&viewer->network->curvature, &viewer->ui, plot, &viewer->subject);
    if (racer >= 0) viewer->editor.selected = viewer->editor.selected == racer ? -1 : racer;
}

static bool is_behind(const Viewer *viewer) {
    return curvature_view_is_behind(&viewer->network->curvature);
}

static bool act(Viewer *viewer, Action action) {
    CurvatureView *view = &viewer->network->curvature;
    if (action == ACTION_CHART_AXIS)
        curvature_view_next_axis(view);
    else if (action == ACTION_CHART_SCALE)
        curvature_view_next_scale(view);
    else
        return false;
    return true;
}

static void show_look(NetworkStage *stage, const Look *look) {
    stage->curvature.sharpness = (CurvatureKind)look->sharpness;
}

static void tell_look(const NetworkStage *stage, Look *look) {
    look->sharpness = (LookSharpness)stage->curvature.sharpness;
}

const NetworkView curvature_network_view = {
    .tip = "how the loss curves where each racer is",
    .begin = begin,
    .release = finish,
    .finish = finish,
    .draw = draw,
    .refresh = draw,
    .pass = pass,
    .is_behind = is_behind,
    .act = act,
    .show_look = show_look,
    .tell_look = tell_look,
};
