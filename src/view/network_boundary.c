/* What networks have learned of data in the plane, in the plot. */
#include "network_view.h"
#include "viewer_state.h"

#include <stdio.h>

static bool suits(const NetworkStage *stage) {
    return stage->boundary.kind != BOUNDARY_NONE;
}

static bool begin(NetworkStage *stage, Status *status) {
    return boundary_view_begin(&stage->boundary, live_training_network(stage->live), stage->data,
        live_training_racer_count(stage->live), status);
}

static void finish(NetworkStage *stage) {
    boundary_view_finish(&stage->boundary);
}

static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    boundary_view_draw(
        &stage->boundary, canvas, plot, &viewer->subject, live_training_state(stage->live), budget_s);
}

static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    (void)plot;
    boundary_view_refresh(
        &stage->boundary, canvas, &viewer->subject, live_training_state(stage->live), budget_s);
}

/* A panel is pressed to choose its racer. */
static void pass(Viewer *viewer, Rect plot, Rect tools) {
    const BoundaryView *boundary = &viewer->network->boundary;
    (void)plot, (void)tools;
    for (int i = 0; i < boundary->n_panels; i++) {
        char name[UI_NAME_BYTES];
        snprintf(name, sizeof name, "panel %d", i + 1);
        if (boundary->panels[i].rect.width <= 0) continue;
        if (ui_area(&viewer->ui, name, boundary->panels[i].rect, NULL))
            viewer->editor.selected = viewer->editor.selected == i ? -1 : i;
    }
}

static bool is_behind(const Viewer *viewer) {
    const NetworkStage *stage = viewer->network;
    return !boundary_view_is_finished(&stage->boundary, live_training_state(stage->live));
}

const NetworkView boundary_network_view = {
    .tip = "what each racer has learned of the data",
    .suits = suits,
    .begin = begin,
    .finish = finish,
    .draw = draw,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
};
