/* What the person does: events to the part of the picture that they belong to, and actions to changes. */
#include "viewer_state.h"

static const double ZOOM_PER_KEY = 1.25;
static const double PAN_PER_KEY_PX = 60, TURN_PER_KEY = 0.2;

/* The start may lie anywhere in the surface's own box, whatever part of it is in sight. */
static void start_at_random(Viewer *viewer) {
    const Box *box = &viewer->surface->box;
    double x = rng_uniform(&viewer->rng, box->x_min, box->x_max);
    double y = rng_uniform(&viewer->rng, box->y_min, box->y_max);
    viewer_move_start(viewer, (double[]){x, y});
}

/* Whether keys that move the picture mean the one in space. */
static bool is_in_space(const Viewer *viewer) {
    return viewer->mode == VIEW_TERRAIN;
}

static void zoom(Viewer *viewer, double factor) {
    if (is_in_space(viewer)) {
        orbit_zoom(&viewer->space.orbit, factor);
        return;
    }
    const Rect *plot = &viewer->layout.plot;
    camera_zoom(&viewer->plane.camera, factor, plot->x + 0.5 * plot->width, plot->y + 0.5 * plot->height);
}

/* Looks in a direction: of the plane, or round the picture in space. */
static void look(Viewer *viewer, int right, int down) {
    if (is_in_space(viewer))
        orbit_turn_by(&viewer->space.orbit, TURN_PER_KEY * right, -TURN_PER_KEY * down);
    else
        camera_pan(&viewer->plane.camera, -PAN_PER_KEY_PX * right, -PAN_PER_KEY_PX * down);
}

static void reset_view(Viewer *viewer) {
    camera_reset(&viewer->plane.camera);
    orbit_reset(&viewer->space.orbit);
    viewer->space.follow = false;
}

static void toggle_mode(Viewer *viewer, ViewMode mode) {
    viewer_set_mode(viewer, viewer->mode == mode ? VIEW_PLANE : mode);
}

static void change_speed(Viewer *viewer, int by) {
    int speed = viewer->speed + by;
    if (speed >= 0 && speed < viewer_speed_count) viewer->speed = speed;
}

static void change_step(Viewer *viewer, int64_t by) {
    viewer_set_step(viewer, viewer_step(viewer) + by);
}

static void toggle_theme(Viewer *viewer) {
    viewer->subject.theme = viewer->subject.theme == &theme_dark ? &theme_light : &theme_dark;
}

bool viewer_act(Viewer *viewer, Action action) {
    int64_t end = race_step_count(viewer->race), tenth = end >= 10 ? end / 10 : 1;
    switch (action) {
    case ACTION_NONE: return false;
    case ACTION_PLAY: viewer_play(viewer, !viewer->playing); break;
    case ACTION_STEP_FORWARD: change_step(viewer, 1); break;
    case ACTION_STEP_BACK: change_step(viewer, -1); break;
    case ACTION_JUMP_FORWARD: change_step(viewer, tenth); break;
    case ACTION_JUMP_BACK: change_step(viewer, -tenth); break;
    case ACTION_FIRST: viewer_set_step(viewer, 0); break;
    case ACTION_LAST: viewer_set_step(viewer, end); break;
    case ACTION_FASTER: change_speed(viewer, 1); break;
    case ACTION_SLOWER: change_speed(viewer, -1); break;
    case ACTION_RANDOM_START: start_at_random(viewer); break;
    case ACTION_OWN_START: viewer_move_start(viewer, viewer->first_start); break;
    case ACTION_ZOOM_IN: zoom(viewer, ZOOM_PER_KEY); break;
    case ACTION_ZOOM_OUT: zoom(viewer, 1 / ZOOM_PER_KEY); break;
    case ACTION_PAN_LEFT: look(viewer, -1, 0); break;
    case ACTION_PAN_RIGHT: look(viewer, 1, 0); break;
    case ACTION_PAN_UP: look(viewer, 0, -1); break;
    case ACTION_PAN_DOWN: look(viewer, 0, 1); break;
    case ACTION_RESET_VIEW: reset_view(viewer); break;
    case ACTION_VIEW_FLAT: viewer_set_mode(viewer, VIEW_PLANE); break;
    case ACTION_VIEW_SPACE: toggle_mode(viewer, VIEW_TERRAIN); break;
    case ACTION_VIEW_BOTH: toggle_mode(viewer, VIEW_BOTH); break;
    case ACTION_FOLLOW: viewer->space.follow = !viewer->space.follow; break;
    case ACTION_THEME: toggle_theme(viewer); break;
    case ACTION_SCREENSHOT: viewer->request = VIEWER_REQUEST_SCREENSHOT; break;
    case ACTION_FULLSCREEN: viewer->request = VIEWER_REQUEST_FULLSCREEN; break;
    case ACTION_HELP: viewer->help_open = !viewer->help_open; break;
    case ACTION_CLOSE: viewer->help_open = false; break;
    case ACTION_QUIT: viewer->request = VIEWER_REQUEST_QUIT; break;
    }
    return true;
}

/* The speed button goes round: after the fastest comes the slowest; the right button goes the other way. */
static bool press_button(Viewer *viewer, Action action, int button) {
    if (action != ACTION_FASTER) return viewer_act(viewer, action);
    int by = button == 3 ? viewer_speed_count - 1 : 1;
    viewer->speed = (viewer->speed + by) % viewer_speed_count;
    return true;
}

/* A picture gets what happens in it, and every move of a drag that began there. */
static bool is_about(const Event *event, Rect plot, bool dragging) {
    if (plot.width <= 0) return dragging;
    return event->type == EVENT_POINTER_MOVE || dragging || rect_contains(plot, event->x, event->y);
}

static bool handle_surface(Viewer *viewer, const Event *event) {
    SurfaceResponse responses[2] = {{false}, {false}};
    if (is_about(event, viewer->flat_plot, viewer->plane.drag != SURFACE_DRAG_NONE))
        responses[0] = surface_view_handle(&viewer->plane, event, &viewer->subject);
    if (is_about(event, viewer->space_plot, viewer->space.drag != TERRAIN_DRAG_NONE))
        responses[1] = terrain_view_handle(&viewer->space, event, &viewer->subject);
    for (int i = 0; i < 2; i++)
        if (responses[i].start_moved) viewer_move_start(viewer, responses[i].start);
    return responses[0].redraw || responses[1].redraw;
}

static bool handle_timeline(Viewer *viewer, const Event *event) {
    int64_t step;
    if (!timeline_view_handle(&viewer->timeline, event, race_step_count(viewer->race), &step)) return false;
    bool changed = viewer->playing || step != viewer_step(viewer);
    viewer_set_step(viewer, step);
    return changed;
}

/* A drag goes on where it began, wherever the pointer is by now. */
static bool handle_pointer(Viewer *viewer, const Event *event) {
    if (event->type == EVENT_POINTER_DOWN) {
        if (viewer->help_open) return viewer_act(viewer, ACTION_CLOSE);
        Action action = bar_view_hit(&viewer->bar, event->x, event->y);
        if (action != ACTION_NONE) return press_button(viewer, action, event->button);
    }
    bool changed = event->type == EVENT_POINTER_MOVE && bar_view_hover(&viewer->bar, event->x, event->y);
    changed |= handle_timeline(viewer, event);
    changed |= handle_surface(viewer, event);
    return changed;
}

static bool handle_wheel(Viewer *viewer, const Event *event) {
    if (rect_contains(viewer->layout.plot, event->x, event->y)) return handle_surface(viewer, event);
    if (rect_contains(viewer->layout.cards, event->x, event->y))
        return cards_view_scroll(&viewer->cards, event->scroll);
    if (!rect_contains(viewer->layout.timeline, event->x, event->y)) return false;
    return viewer_act(viewer, event->scroll > 0 ? ACTION_STEP_FORWARD : ACTION_STEP_BACK);
}

bool viewer_handle(Viewer *viewer, const Event *event) {
    switch (event->type) {
    case EVENT_POINTER_MOVE:
    case EVENT_POINTER_DOWN:
    case EVENT_POINTER_UP: return handle_pointer(viewer, event);
    case EVENT_WHEEL: return handle_wheel(viewer, event);
    case EVENT_KEY: return viewer_act(viewer, key_action(event));
    case EVENT_RESIZE: return true;
    }
    return false;
}
