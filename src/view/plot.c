/* The middle of the window where a race is on a surface: what is drawn of it, and what the pointer does
 * there.
 */
#include "viewer_state.h"

#include "surface_heights.h"

#include <math.h>

static const double RELIEF_SLICE_S = 0.008; /* of a frame; what is left comes in the next */

bool viewer_show_surface(Viewer *viewer, Status *status) {
    const Surface *surface = viewer->running.surface;
    HeightSource *source = surface_heights_create(surface, viewer->pool ? pool_width(viewer->pool) : 1);
    return ground_view_show(&viewer->ground, source, surface->box, viewer->pool, status);
}

void viewer_set_mode(Viewer *viewer, ViewMode mode) {
    ground_view_set_mode(&viewer->ground, mode);
}

void viewer_draw_plot(Viewer *viewer, Canvas *canvas, Rect covered) {
    const Subject *subject = &viewer->subject;
    GroundView *ground = &viewer->ground;
    ground_view_lay_out(ground, canvas, viewer->layout.plot);
    viewer_aim(viewer);
    ground->plane.think = viewer->thinks ? &viewer->think : NULL;
    ground->plane.cloud.n = viewer->cloud;
    ground->plane.basins.racer = viewer->basins - 1;
    ground_view_draw(ground, canvas, subject, covered, subject->still ? INFINITY : RELIEF_SLICE_S);
}

void viewer_handle_plot(Viewer *viewer) {
    Ui *ui = &viewer->ui;
    const Event *event = ui->event;
    if (!event || event->type == EVENT_KEY || ui->active[0]) return;
    SurfaceResponse response = ground_view_handle(&viewer->ground, event, &viewer->subject);
    if (response.start_moved) viewer_move_start(viewer, response.start);
    ui->changed |= response.redraw;
}
