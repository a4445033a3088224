/* The viewer as a scene, and a scene put in its place: what is on screen, to be copied, kept and brought
 * back. */
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>

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

static Look look_of(const Viewer *viewer) {
    Look look = {
        .light = viewer->subject.theme == &theme_light, .view = viewer->mode, .at = viewer_step(viewer)};
    if (viewer->text_size != TEXT_SIZE_USUAL) look.text_size = viewer->text_size;
    look.chart = chart_view_look(&viewer->chart);
    look.cloud = viewer->cloud;
    look.basins = viewer->basins;
    if (viewer->thinks) look.think = viewer->editor.selected + 1;
    const Orbit *orbit = &viewer->space.orbit;
    if (viewer->mode != VIEW_PLANE && orbit_is_turned(orbit)) {
        look.has_orbit = true;
        look.azimuth = tenths_of_degrees(remainder(orbit->target.azimuth, 360 * ORBIT_DEGREE));
        look.elevation = tenths_of_degrees(orbit->target.elevation);
    }
    Camera camera = viewer->plane.camera;
    if (camera_is_home(&camera)) return look;
    look.has_box = true;
    camera_settle(&camera);
    if (!camera_still_shows(&camera, &look.box)) look.box = rounded_box(camera_box(&camera));
    return look;
}

Scene viewer_scene(const Viewer *viewer) {
    Scene scene = scene_copy(&viewer->editor.scene);
    scene.look = look_of(viewer);
    return scene;
}

void viewer_show_look(Viewer *viewer, const Look *look) {
    Orbit *orbit = &viewer->space.orbit;
    viewer->subject.theme = look->light ? &theme_light : &theme_dark;
    viewer->text_size = look->text_size > 0 ? look->text_size : TEXT_SIZE_USUAL;
    chart_view_show_look(&viewer->chart, &look->chart);
    orbit_reset(orbit);
    orbit_settle(orbit);
    if (look->has_orbit) orbit_set(orbit, look->azimuth * ORBIT_DEGREE, look->elevation * ORBIT_DEGREE);
    viewer->cloud = look->cloud;
    viewer->basins = look->basins;
    viewer->thinks = look->think > 0;
    if (viewer->thinks) viewer->editor.selected = look->think - 1;
    viewer_set_mode(viewer, look->view);
    orbit->rise = orbit->rise_target;
    camera_reset(&viewer->plane.camera);
    if (look->has_box) camera_show(&viewer->plane.camera, look->box);
}

void viewer_begin(Viewer *viewer, int64_t at) {
    viewer->position = 0;
    if (viewer->editor.scene.lesson && at <= 0)
        viewer_begin_lesson(viewer);
    else if (at >= 0)
        viewer_set_step(viewer, at);
    else
        viewer_play(viewer, true);
}

bool viewer_set_scene(Viewer *viewer, const Scene *scene) {
    Scene *place = editor_change(&viewer->editor, "paste", ++viewer->ui.gesture);
    scene_finish(place);
    *place = scene_copy(scene);
    viewer->editor.selected = -1;
    if (!viewer_apply(viewer)) return false;
    viewer_show_look(viewer, &scene->look);
    viewer_begin(viewer, scene->look.at);
    viewer->request = VIEWER_REQUEST_TEXT_SIZE;
    return true;
}
