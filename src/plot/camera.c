/* The map between the plane and the screen, and its smooth zoom. Leaves to others what is drawn. */
#include "camera.h"

#include <math.h>

/* Sides of a home whose ratio is below this are of the same kind, and get the same scale. */
static const double EQUAL_SIDES = 1.6;
/* Closer than this a double has no digits left for a pixel; farther away there is nothing to see. */
static const double ZOOM_MIN = 1e-3, ZOOM_MAX = 1e9;
static const double ZOOM_RATE = 22;     /* 1/s: how fast what is left of a zoom goes away */
static const double FOLLOW_RATE = 5;    /* the same of the way to a point that is followed */
static const double FOLLOWED_PX = 0.25; /* so near is there */

void camera_init(Camera *camera, Box home) {
    *camera = (Camera){.home = home, .plot = {0, 0, 1, 1}};
    camera_reset(camera);
    camera_resize(camera, camera->plot);
}

static void show_wanted(Camera *camera) {
    const Box *box = &camera->wanted;
    double zoom = fmin(camera->plot.width * camera->unit_x / (box->x_max - box->x_min),
        camera->plot.height * camera->unit_y / (box->y_max - box->y_min));
    camera->zoom = camera->zoom_target = fmin(fmax(zoom, ZOOM_MIN), ZOOM_MAX);
    camera->centre_x = 0.5 * box->x_min + 0.5 * box->x_max;
    camera->centre_y = 0.5 * box->y_min + 0.5 * box->y_max;
    camera->has_wanted = false;
}

static bool has_plot(const Camera *camera) {
    return camera->plot.width > 1;
}

void camera_show(Camera *camera, Box box) {
    camera->wanted = box;
    camera->has_wanted = true;
    if (has_plot(camera)) show_wanted(camera);
}

bool camera_still_shows(const Camera *camera, Box *box) {
    Camera shown = *camera;
    *box = camera->wanted;
    if (camera->has_wanted) return true;
    if (!(box->x_min < box->x_max)) return false;
    show_wanted(&shown);
    return camera->zoom_target == shown.zoom && camera->centre_x == shown.centre_x &&
           camera->centre_y == shown.centre_y;
}

bool camera_is_home(const Camera *camera) {
    Camera home = *camera;
    camera_reset(&home);
    return !camera->has_wanted && camera->zoom_target == home.zoom && camera->centre_x == home.centre_x &&
           camera->centre_y == home.centre_y;
}

void camera_resize(Camera *camera, Rect plot) {
    const Box *home = &camera->home;
    double width = home->x_max - home->x_min, height = home->y_max - home->y_min;
    camera_settle(camera);
    camera->plot = plot;
    camera->unit_x = width / fmax(plot.width, 1);
    camera->unit_y = height / fmax(plot.height, 1);
    if (fmax(width, height) < EQUAL_SIDES * fmin(width, height))
        camera->unit_x = camera->unit_y = fmax(camera->unit_x, camera->unit_y);
    if (camera->has_wanted && has_plot(camera)) show_wanted(camera);
}

void camera_reset(Camera *camera) {
    camera->centre_x = 0.5 * (camera->home.x_min + camera->home.x_max);
    camera->centre_y = 0.5 * (camera->home.y_min + camera->home.y_max);
    camera->zoom = camera->zoom_target = 1;
    camera->has_wanted = false;
}

static double middle_x_px(const Camera *camera) {
    return (double)camera->plot.x + 0.5 * camera->plot.width;
}

static double middle_y_px(const Camera *camera) {
    return (double)camera->plot.y + 0.5 * camera->plot.height;
}

double camera_x_px(const Camera *camera, double x) {
    return middle_x_px(camera) + (x - camera->centre_x) * camera->zoom / camera->unit_x;
}

double camera_y_px(const Camera *camera, double y) {
    return middle_y_px(camera) - (y - camera->centre_y) * camera->zoom / camera->unit_y;
}

double camera_x(const Camera *camera, double x_px) {
    return camera->centre_x + (x_px - middle_x_px(camera)) * camera->unit_x / camera->zoom;
}

double camera_y(const Camera *camera, double y_px) {
    return camera->centre_y - (y_px - middle_y_px(camera)) * camera->unit_y / camera->zoom;
}

Box camera_box(const Camera *camera) {
    const Rect *plot = &camera->plot;
    return (Box){
        .x_min = camera_x(camera, plot->x),
        .x_max = camera_x(camera, (double)plot->x + plot->width),
        .y_min = camera_y(camera, (double)plot->y + plot->height),
        .y_max = camera_y(camera, plot->y),
    };
}

void camera_pan(Camera *camera, double dx_px, double dy_px) {
    camera_settle(camera);
    camera->centre_x -= dx_px * camera->unit_x / camera->zoom;
    camera->centre_y += dy_px * camera->unit_y / camera->zoom;
}

void camera_zoom(Camera *camera, double factor, double x_px, double y_px) {
    camera->anchor_x_px = x_px;
    camera->anchor_y_px = y_px;
    camera->anchor_x = camera_x(camera, x_px);
    camera->anchor_y = camera_y(camera, y_px);
    camera->zoom_target = fmin(fmax(camera->zoom_target * factor, ZOOM_MIN), ZOOM_MAX);
}

/* The centre that leaves the anchor in its place is found from the anchor anew each time: nothing drifts. */
static void set_zoom(Camera *camera, double zoom) {
    camera->zoom = zoom;
    camera->centre_x = camera->anchor_x - (camera->anchor_x_px - middle_x_px(camera)) * camera->unit_x / zoom;
    camera->centre_y = camera->anchor_y + (camera->anchor_y_px - middle_y_px(camera)) * camera->unit_y / zoom;
}

bool camera_is_moving(const Camera *camera) {
    return camera->zoom != camera->zoom_target;
}

bool camera_advance(Camera *camera, double seconds) {
    if (!camera_is_moving(camera)) return false;
    double left = log(camera->zoom_target / camera->zoom) * exp(-ZOOM_RATE * seconds);
    set_zoom(camera, fabs(left) < 2e-3 ? camera->zoom_target : camera->zoom_target * exp(-left));
    return true;
}

bool camera_is_at(const Camera *camera, double x, double y) {
    double dx_px = (x - camera->centre_x) * camera->zoom / camera->unit_x;
    double dy_px = (y - camera->centre_y) * camera->zoom / camera->unit_y;
    return !(hypot(dx_px, dy_px) > FOLLOWED_PX);
}

bool camera_follow(Camera *camera, double x, double y, double seconds) {
    if (camera_is_at(camera, x, y)) return false;
    double share = 1 - exp(-FOLLOW_RATE * seconds);
    camera->centre_x += share * (x - camera->centre_x);
    camera->centre_y += share * (y - camera->centre_y);
    /* A zoom under way goes on around where its anchor is now. */
    camera->anchor_x += share * (x - camera->anchor_x);
    camera->anchor_y += share * (y - camera->anchor_y);
    return true;
}

void camera_settle(Camera *camera) {
    if (camera_is_moving(camera)) set_zoom(camera, camera->zoom_target);
}
