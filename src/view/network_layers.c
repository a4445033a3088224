/* What goes on in the layers of networks, in the plot. */
#include "network_view.h"
#include "viewer_state.h"

static bool begin(NetworkStage *stage, Status *status) {
    (void)status;
    layers_view_begin(&stage->layers, stage->live, stage->data, stage->pool != NULL);
    return true;
}

static void finish(NetworkStage *stage) {
    layers_view_finish(&stage->layers);
}

static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    (void)canvas;
    layers_view_work(&stage->layers, plot, &viewer->subject, live_training_state(stage->live), budget_s);
}

static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    draw(viewer, canvas, plot, budget_s);
    const Point at = {viewer->ui.pointer_x, viewer->ui.pointer_y};
    layers_view_refresh(&viewer->network->layers, canvas, &viewer->subject, at);
}

static void pass(Viewer *viewer, Rect plot, Rect tools) {
    const int pressed = layers_view(&viewer->network->layers, &viewer->ui, plot, tools, &viewer->subject);
    if (pressed < 0) return;
    viewer->editor.selected = viewer->editor.selected == pressed ? -1 : pressed;
}

static bool is_behind(const Viewer *viewer) {
    const NetworkStage *stage = viewer->network;
    return !layers_view_is_finished(&stage->layers, live_training_state(stage->live));
}

const NetworkView layers_network_view = {
    .tip = "whether signal and gradient get through the layers",
    .begin = begin,
    .finish = finish,
    .draw = draw,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
};
