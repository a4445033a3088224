/* A camera without time. What moves it through a film is left to others. */
#include "shot.h"

#include "viewer_state.h"

#include <math.h>

/* What the scene's look shows: its box, or all of the surface. Networks have no such place. */
static Box own_box(const Viewer *viewer) {
    const Look *look = &viewer->editor.scene.look;
    const Surface *surface = viewer->subject.surface;
    return look->has_box ? look->box : surface ? surface->box : (Box){0, 1, 0, 1};
}

Shot viewer_shot(const Viewer *viewer) {
    const Orbit *orbit = &viewer->ground.space.orbit;
    Box box = own_box(viewer);
    return (Shot){
        .rise = viewer->ground.mode != VIEW_PLANE,
        .azimuth = orbit->target.azimuth / ORBIT_DEGREE,
        .elevation = orbit->target.elevation / ORBIT_DEGREE,
        .zoom = 1,
        .x = 0.5 * box.x_min + 0.5 * box.x_max,
        .y = 0.5 * box.y_min + 0.5 * box.y_max,
    };
}

void viewer_set_shot(Viewer *viewer, const Shot *shot) {
    viewer->has_shot = true;
    viewer->shot = *shot;
    if (viewer->ground.mode == VIEW_BOTH) return;
    viewer->ground.mode = shot->rise > 0 ? VIEW_TERRAIN : VIEW_PLANE;
    viewer->ground.space.orbit.rise = viewer->ground.space.orbit.rise_target = shot->rise;
}

/* The flat camera comes closer while the picture is flat, the one in space while it is in space, and between
 * the two each as far as it is so: there is no jump where one takes over from the other. */
void viewer_aim(Viewer *viewer) {
    if (!viewer->has_shot) return;
    const Shot *shot = &viewer->shot;
    Orbit *orbit = &viewer->ground.space.orbit;
    Camera *camera = &viewer->ground.plane.camera;
    Box box = own_box(viewer);
    const bool both = viewer->ground.mode == VIEW_BOTH;
    const double lift = both ? 0 : orbit_lift(orbit), closer = pow(shot->zoom, 1 - lift);
    const double middle_x = 0.5 * box.x_min + 0.5 * box.x_max, middle_y = 0.5 * box.y_min + 0.5 * box.y_max;
    const double x = middle_x + (1 - lift) * (shot->x - middle_x),
                 y = middle_y + (1 - lift) * (shot->y - middle_y);
    const double half_x = 0.5 * (box.x_max - box.x_min) / closer,
                 half_y = 0.5 * (box.y_max - box.y_min) / closer;
    camera_resize(
        camera, viewer->ground.flat_plot.width > 0 ? viewer->ground.flat_plot : viewer->ground.space_plot);
    camera_show(camera, (Box){x - half_x, x + half_x, y - half_y, y + half_y});
    orbit->width = camera->plot.width;
    orbit->height = camera->plot.height;
    orbit_set(orbit, shot->azimuth * ORBIT_DEGREE, shot->elevation * ORBIT_DEGREE);
    orbit->target.log_zoom = 0;
    orbit_zoom(orbit, shot->zoom / closer);
    orbit_look_at(orbit, orbit_x(camera, shot->x), orbit_y(camera, shot->y));
    orbit->pose = orbit->target;
}

bool viewer_leader(Viewer *viewer, int64_t step, double x[2]) {
    Race *race = viewer->running.race;
    if (viewer->arena != &surface_arena) return false;
    while (race_steps_done(race) < step && race_step(race)) continue;
    Subject at = viewer->subject;
    at.step = step;
    return subject_leader(&at, x);
}
