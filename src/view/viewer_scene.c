/* The viewer as a scene, and a scene put in its place: what is on screen, to be copied, kept and brought
 * back. */
#include "viewer_state.h"

static Look look_of(const Viewer *viewer) {
    Look look = {.light = viewer->subject.theme == &theme_light, .at = viewer_step(viewer)};
    if (viewer->text_size != TEXT_SIZE_USUAL) look.text_size = viewer->text_size;
    look.chart = chart_view_look(&viewer->chart);
    viewer->arena->tell_look(viewer, &look);
    return look;
}

Scene viewer_scene(const Viewer *viewer) {
    Scene scene = scene_copy(&viewer->editor.scene);
    scene.look = look_of(viewer);
    return scene;
}

void viewer_show_look(Viewer *viewer, const Look *look) {
    viewer->subject.theme = look->light ? &theme_light : &theme_dark;
    viewer->text_size = look->text_size > 0 ? look->text_size : TEXT_SIZE_USUAL;
    chart_view_show_look(&viewer->chart, &look->chart);
    viewer->arena->show_look(viewer, look);
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
