/* What networks make of images, in the plot. */
#include "network_view.h"
#include "viewer_state.h"

static bool suits(const NetworkStage *stage) {
    return images_view_suits(stage->data);
}

static bool begin(NetworkStage *stage, Status *status) {
    (void)status;
    images_view_begin(&stage->images, live_training_network(stage->live), stage->data, stage->pool != NULL);
    return true;
}

static void release(NetworkStage *stage) {
    images_view_release(&stage->images);
}

static void finish(NetworkStage *stage) {
    images_view_finish(&stage->images);
}

static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    NetworkStage *stage = viewer->network;
    const bool rests = !viewer->playing || viewer->subject.still;
    images_view_prepare(
        &stage->images, canvas, plot, &viewer->subject, live_training_state(stage->live), rests, budget_s);
}

/* Nothing but the numbers: what they change is drawn with the whole picture. */
static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    draw(viewer, canvas, plot, budget_s);
}

static void pass(Viewer *viewer, Rect plot, Rect tools) {
    images_view_pass(
        &viewer->network->images, &viewer->ui, plot, tools, &viewer->subject, &viewer->editor.selected);
}

static bool is_behind(const Viewer *viewer) {
    const NetworkStage *stage = viewer->network;
    return !images_view_is_finished(&stage->images, live_training_state(stage->live));
}

static void show_look(NetworkStage *stage, const Look *look) {
    stage->images.beside = look->beside;
}

static void tell_look(const NetworkStage *stage, Look *look) {
    look->beside = stage->images.beside;
}

const NetworkView images_network_view = {
    .tip = "which images each racer gets right and wrong",
    .suits = suits,
    .begin = begin,
    .release = release,
    .finish = finish,
    .draw = draw,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
    .show_look = show_look,
    .tell_look = tell_look,
};
