/* The loss surface that networks really walk on, in the plot. */
#include "network_view.h"
#include "viewer_state.h"

static bool begin(NetworkStage *stage, Status *status) {
    (void)status;
    landscape_view_begin(&stage->landscape, stage->live, stage->data);
    return true;
}

static void release(NetworkStage *stage) {
    landscape_view_release(&stage->landscape);
}

static void finish(NetworkStage *stage) {
    landscape_view_finish(&stage->landscape);
}

/* Pictures of a race at different steps, as in a film, lie on one plane. */
static bool needs_all(const NetworkStage *stage) {
    return !landscape_view_has_plane(&stage->landscape);
}

static LandscapeAsk ask_of(const Viewer *viewer, double budget_s) {
    return (LandscapeAsk){
        .subject = &viewer->subject,
        .pool = viewer->pool,
        .threaded = viewer->network->pool != NULL,
        .plays = viewer->playing,
        .seed = viewer->network->scene.seed,
        .budget_s = budget_s,
    };
}

static void draw(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    const LandscapeAsk ask = ask_of(viewer, budget_s);
    landscape_view_draw(&viewer->network->landscape, canvas, plot, &ask);
}

/* The ground has half of the time: ways and numbers take as long. */
static void refresh(Viewer *viewer, Canvas *canvas, Rect plot, double budget_s) {
    const LandscapeAsk ask = ask_of(viewer, 0.5 * budget_s);
    landscape_view_refresh(&viewer->network->landscape, canvas, plot, &ask);
}

/* A row is pressed to choose its racer. */
static void pass(Viewer *viewer, Rect plot, Rect tools) {
    (void)plot;
    const int racer = landscape_view_pass(&viewer->network->landscape, &viewer->ui, tools, &viewer->subject);
    if (racer >= 0) viewer->editor.selected = viewer->editor.selected == racer ? -1 : racer;
}

static bool is_behind(const Viewer *viewer) {
    return landscape_view_is_behind(&viewer->network->landscape, &viewer->subject);
}

static bool advance(Viewer *viewer, double seconds) {
    return landscape_view_advance(&viewer->network->landscape, &viewer->subject, seconds);
}

static bool act(Viewer *viewer, Action action) {
    return landscape_view_act(&viewer->network->landscape, &viewer->subject, action);
}

static const GroundView *ground(const NetworkStage *stage) {
    return stage->landscape.plane == NETWORK_PLANE_LINE ? NULL : &stage->landscape.ground;
}

static void show_look(NetworkStage *stage, const Look *look) {
    landscape_view_show_look(&stage->landscape, look);
}

static void tell_look(const NetworkStage *stage, Look *look) {
    landscape_view_tell_look(&stage->landscape, look);
    /* The images have one of their own. */
    if (network_view_shown(stage) == NETWORK_PICTURE_LANDSCAPE) look->beside = stage->landscape.beside;
}

const NetworkView landscape_network_view = {
    .tip = "the loss over a plane in the space of weights, and the racers' ways on it",
    .begin = begin,
    .release = release,
    .finish = finish,
    .needs_all = needs_all,
    .draw = draw,
    .refresh = refresh,
    .pass = pass,
    .is_behind = is_behind,
    .advance = advance,
    .act = act,
    .ground = ground,
    .show_look = show_look,
    .tell_look = tell_look,
};
