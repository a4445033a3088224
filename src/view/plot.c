/* The middle of the window: the surface from above, in space, or both; what is drawn of it, and what the
 * pointer does there. */
#include "viewer_state.h"

#include <math.h>

static const double RELIEF_SLICE_S = 0.008; /* of a frame; what is left comes in the next */

bool viewer_show_surface(Viewer *viewer, Status *status) {
    surface_view_finish(&viewer->plane);
    if (!surface_view_init(&viewer->plane, viewer->running.surface, viewer->pool, status)) return false;
    if (!viewer->space.terrain && !terrain_view_init(&viewer->space, &viewer->plane, viewer->pool, status))
        return false;
    viewer->space.grid_version = 0;
    Rect plot = viewer->flat_plot.width > 0 ? viewer->flat_plot : viewer->layout.plot;
    if (plot.width > 0) camera_resize(&viewer->plane.camera, plot);
    return true;
}

void viewer_set_mode(Viewer *viewer, ViewMode mode) {
    /* What stood beside the flat picture does not come out of it. */
    if (viewer->mode == VIEW_BOTH || mode == VIEW_BOTH) viewer->space.orbit.rise = mode != VIEW_PLANE;
    viewer->mode = mode;
    viewer->space.beside = mode == VIEW_BOTH;
    orbit_rise(&viewer->space.orbit, mode != VIEW_PLANE);
}

/* Divides the plot between the flat picture and the one in space. */
static void lay_out(Viewer *viewer, const Canvas *canvas) {
    Rect plot = viewer->layout.plot, none = {plot.x, plot.y, 0, 0};
    viewer->flat_plot = viewer->space_plot = plot;
    if (viewer->mode == VIEW_BOTH) {
        float half = roundf(0.5f * plot.width * canvas->scale) / canvas->scale;
        viewer->flat_plot.width = half;
        viewer->space_plot.x += half;
        viewer->space_plot.width -= half;
    } else if (orbit_is_flat(&viewer->space.orbit)) {
        viewer->space_plot = none;
    } else {
        viewer->flat_plot = none;
    }
}

void viewer_draw_plot(Viewer *viewer, Canvas *canvas, Rect covered) {
    const Subject *subject = &viewer->subject;
    double budget_s = subject->still ? INFINITY : RELIEF_SLICE_S;
    lay_out(viewer, canvas);
    viewer_aim(viewer);
    Rect space = viewer->space_plot;
    viewer->plane.think = viewer->thinks ? &viewer->think : NULL;
    viewer->plane.cloud.n = viewer->cloud;
    viewer->plane.basins.racer = viewer->basins - 1;
    surface_view_draw(&viewer->plane, canvas, viewer->flat_plot, subject, covered, budget_s);
    terrain_view_draw(&viewer->space, canvas, space, subject, covered, budget_s);
    if (viewer->mode == VIEW_BOTH)
        canvas_segments(canvas, (Point[]){{space.x, space.y}, {space.x, space.y + space.height}}, 1, 1,
            subject->theme->line);
}

/* A picture gets what happens in it, and every move of a drag that began there. */
static bool is_about(const Event *event, Rect plot, bool dragging) {
    if (plot.width <= 0) return dragging;
    return event->type == EVENT_POINTER_MOVE || dragging || rect_contains(plot, event->x, event->y);
}

void viewer_handle_plot(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    const Event *event = ui->event;
    if (!event || event->type == EVENT_KEY || ui->active[0]) return;
    SurfaceResponse responses[2] = {{false}, {false}};
    if (is_about(event, viewer->flat_plot, viewer->plane.drag != SURFACE_DRAG_NONE))
        responses[0] = surface_view_handle(&viewer->plane, event, &viewer->subject);
    if (is_about(event, viewer->space_plot, viewer->space.drag != TERRAIN_DRAG_NONE))
        responses[1] = terrain_view_handle(&viewer->space, event, &viewer->subject);
    for (int i = 0; i < 2; i++) {
        if (responses[i].start_moved) viewer_move_start(viewer, responses[i].start);
        ui->changed |= responses[i].redraw;
    }
}

/* The relief of the flat picture, or as much of it as the one in space needs. */
static bool is_finished(const Viewer *viewer) {
    const Relief *relief = viewer->plane.relief;
    bool flat = viewer->mode == VIEW_BOTH || orbit_is_flat(&viewer->space.orbit);
    return flat ? relief_is_finished(relief) && basins_view_is_finished(&viewer->plane.basins)
                : relief_grid_is_final(relief);
}

/* Whom the flat camera follows; false where it follows nobody. */
static bool followed(const Viewer *viewer, double x[2]) {
    return viewer->space.follow && viewer->mode != VIEW_TERRAIN && subject_leader(&viewer->subject, x);
}

bool viewer_advance_plot(Viewer *viewer, double seconds) {
    Camera *camera = &viewer->plane.camera;
    bool changed = !is_finished(viewer);
    changed |= camera_advance(camera, seconds);
    changed |= terrain_view_advance(&viewer->space, &viewer->subject, seconds);
    double leader[2];
    if (followed(viewer, leader)) changed |= camera_follow(camera, leader[0], leader[1], seconds);
    return changed;
}

bool viewer_plot_is_moving(const Viewer *viewer) {
    const Camera *camera = &viewer->plane.camera;
    double leader[2];
    return camera_is_moving(camera) || orbit_is_moving(&viewer->space.orbit) || !is_finished(viewer) ||
           (followed(viewer, leader) && !camera_is_at(camera, leader[0], leader[1]));
}
