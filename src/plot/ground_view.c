/* Puts the two pictures side by side or one in the other's place. Each draws itself. */
#include "ground_view.h"

#include "text.h"

#include <math.h>
#include <stdio.h>

static const double ZOOM_PER_KEY = 1.25;
static const double PAN_PER_KEY_PX = 60, TURN_PER_KEY = 0.2;

bool ground_view_show(GroundView *view, HeightSource *source, Box home, Pool *pool, Status *status) {
    surface_view_finish(&view->plane);
    if (!surface_view_init(&view->plane, source, home, pool, status)) return false;
    if (!view->space.terrain && !terrain_view_init(&view->space, &view->plane, pool, status)) return false;
    view->space.grid_version = 0;
    Rect plot = view->flat_plot.width > 0 ? view->flat_plot : view->plot;
    if (plot.width > 0) camera_resize(&view->plane.camera, plot);
    return true;
}

void ground_view_finish(GroundView *view) {
    terrain_view_finish(&view->space);
    surface_view_finish(&view->plane);
}

void ground_view_set_mode(GroundView *view, ViewMode mode) {
    /* What stood beside the flat picture does not come out of it. */
    if (view->mode == VIEW_BOTH || mode == VIEW_BOTH) view->space.orbit.rise = mode != VIEW_PLANE;
    view->mode = mode;
    view->space.beside = mode == VIEW_BOTH;
    orbit_rise(&view->space.orbit, mode != VIEW_PLANE);
}

void ground_view_reset(GroundView *view, Box home) {
    Camera *camera = &view->plane.camera;
    Rect plot = camera->plot;
    camera_init(camera, home);
    camera_resize(camera, plot);
    orbit_reset(&view->space.orbit);
    view->space.follow = false;
}

void ground_view_lay_out(GroundView *view, const Canvas *canvas, Rect plot) {
    Rect none = {plot.x, plot.y, 0, 0};
    view->plot = view->flat_plot = view->space_plot = plot;
    if (view->mode == VIEW_BOTH) {
        float half = roundf(0.5f * plot.width * canvas->scale) / canvas->scale;
        view->flat_plot.width = half;
        view->space_plot.x += half;
        view->space_plot.width -= half;
    } else if (orbit_is_flat(&view->space.orbit)) {
        view->space_plot = none;
    } else {
        view->flat_plot = none;
    }
}

void ground_view_draw(
    GroundView *view, Canvas *canvas, const Subject *subject, Rect covered, double budget_s) {
    Rect space = view->space_plot;
    surface_view_draw(&view->plane, canvas, view->flat_plot, subject, covered, budget_s);
    terrain_view_draw(&view->space, canvas, space, subject, covered, budget_s);
    if (view->mode == VIEW_BOTH)
        canvas_segments(canvas, (Point[]){{space.x, space.y}, {space.x, space.y + space.height}}, 1, 1,
            subject->theme->line);
}

void ground_view_settle(GroundView *view) {
    camera_settle(&view->plane.camera);
    orbit_settle(&view->space.orbit);
    surface_view_forget_labels(&view->plane);
    terrain_view_forget_labels(&view->space);
}

/* A picture gets what happens in it, and every move of a drag that began there. */
static bool is_about(const Event *event, Rect plot, bool dragging) {
    if (plot.width <= 0) return dragging;
    return event->type == EVENT_POINTER_MOVE || dragging || rect_contains(plot, event->x, event->y);
}

SurfaceResponse ground_view_handle(GroundView *view, const Event *event, const Subject *subject) {
    SurfaceResponse flat = {false}, space = {false};
    if (is_about(event, view->flat_plot, view->plane.drag != SURFACE_DRAG_NONE))
        flat = surface_view_handle(&view->plane, event, subject);
    if (is_about(event, view->space_plot, view->space.drag != TERRAIN_DRAG_NONE))
        space = terrain_view_handle(&view->space, event, subject);
    space.redraw |= flat.redraw;
    flat.redraw = space.redraw;
    return space.start_moved ? space : flat;
}

/* Whether keys that move the picture mean the one in space. */
static bool is_in_space(const GroundView *view) {
    return view->mode == VIEW_TERRAIN;
}

static void zoom(GroundView *view, double factor) {
    if (is_in_space(view)) {
        orbit_zoom(&view->space.orbit, factor);
        return;
    }
    const Rect *plot = &view->plot;
    camera_zoom(&view->plane.camera, factor, plot->x + 0.5 * plot->width, plot->y + 0.5 * plot->height);
}

/* Looks in a direction: of the plane, or round the picture in space. */
static void look(GroundView *view, int right, int down) {
    if (is_in_space(view))
        orbit_turn_by(&view->space.orbit, TURN_PER_KEY * right, -TURN_PER_KEY * down);
    else
        camera_pan(&view->plane.camera, -PAN_PER_KEY_PX * right, -PAN_PER_KEY_PX * down);
}

static void toggle_mode(GroundView *view, ViewMode mode) {
    ground_view_set_mode(view, view->mode == mode ? VIEW_PLANE : mode);
}

bool ground_view_act(GroundView *view, Action action) {
    switch (action) {
    case ACTION_ZOOM_IN: zoom(view, ZOOM_PER_KEY); break;
    case ACTION_ZOOM_OUT: zoom(view, 1 / ZOOM_PER_KEY); break;
    case ACTION_PAN_LEFT: look(view, -1, 0); break;
    case ACTION_PAN_RIGHT: look(view, 1, 0); break;
    case ACTION_PAN_UP: look(view, 0, -1); break;
    case ACTION_PAN_DOWN: look(view, 0, 1); break;
    case ACTION_VIEW_FLAT: ground_view_set_mode(view, VIEW_PLANE); break;
    case ACTION_VIEW_SPACE: toggle_mode(view, VIEW_TERRAIN); break;
    case ACTION_VIEW_BOTH: toggle_mode(view, VIEW_BOTH); break;
    case ACTION_FOLLOW: view->space.follow = !view->space.follow; break;
    default: return false;
    }
    return true;
}

/* The relief of the flat picture, or as much of it as the one in space needs. */
static bool is_finished(const GroundView *view) {
    const Relief *relief = view->plane.relief;
    bool flat = view->mode == VIEW_BOTH || orbit_is_flat(&view->space.orbit);
    return flat ? relief_is_finished(relief) && basins_view_is_finished(&view->plane.basins)
                : relief_grid_is_final(relief);
}

/* Whom the flat camera follows; false where it follows nobody. */
static bool followed(const GroundView *view, const Subject *subject, double x[2]) {
    return view->space.follow && view->mode != VIEW_TERRAIN && subject_leader(subject, x);
}

bool ground_view_advance(GroundView *view, const Subject *subject, double seconds) {
    Camera *camera = &view->plane.camera;
    bool changed = !is_finished(view);
    changed |= camera_advance(camera, seconds);
    changed |= terrain_view_advance(&view->space, subject, seconds);
    double leader[2];
    if (followed(view, subject, leader)) changed |= camera_follow(camera, leader[0], leader[1], seconds);
    return changed;
}

bool ground_view_is_moving(const GroundView *view, const Subject *subject) {
    const Camera *camera = &view->plane.camera;
    double leader[2];
    return camera_is_moving(camera) || orbit_is_moving(&view->space.orbit) || !is_finished(view) ||
           (followed(view, subject, leader) && !camera_is_at(camera, leader[0], leader[1]));
}

/* To `digits` digits of something as large as `size`, as a person would write it. */
static double rounded(double value, double size, int digits) {
    char text[64];
    int decimals = digits - 1 - (int)floor(log10(size));
    double read;
    if (decimals < 0 || decimals > 15) return value;
    snprintf(text, sizeof text, "%.*f", decimals, value);
    return text_parse_number(text, &read) ? read : value;
}

/* Free of what is far smaller than a pixel. */
static Box rounded_box(Box box) {
    enum { DIGITS = 6 };
    double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    return (Box){rounded(box.x_min, width, DIGITS), rounded(box.x_max, width, DIGITS),
        rounded(box.y_min, height, DIGITS), rounded(box.y_max, height, DIGITS)};
}

static double tenths_of_degrees(double radians) {
    return nearbyint(radians / ORBIT_DEGREE * 10) / 10;
}

void ground_view_tell_look(const GroundView *view, Look *look) {
    look->view = view->mode;
    const Orbit *orbit = &view->space.orbit;
    if (view->mode != VIEW_PLANE && orbit_is_turned(orbit)) {
        look->has_orbit = true;
        look->azimuth = tenths_of_degrees(remainder(orbit->target.azimuth, 360 * ORBIT_DEGREE));
        look->elevation = tenths_of_degrees(orbit->target.elevation);
    }
    Camera camera = view->plane.camera;
    if (camera_is_home(&camera)) return;
    look->has_box = true;
    camera_settle(&camera);
    if (!camera_still_shows(&camera, &look->box)) look->box = rounded_box(camera_box(&camera));
}

void ground_view_show_look(GroundView *view, const Look *look) {
    Orbit *orbit = &view->space.orbit;
    orbit_reset(orbit);
    orbit_settle(orbit);
    if (look->has_orbit) orbit_set(orbit, look->azimuth * ORBIT_DEGREE, look->elevation * ORBIT_DEGREE);
    ground_view_set_mode(view, look->view);
    orbit->rise = orbit->rise_target;
    camera_reset(&view->plane.camera);
    if (look->has_box) camera_show(&view->plane.camera, look->box);
}
