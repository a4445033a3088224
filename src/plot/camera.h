/* The camera: which part of the plane is shown, and where a point of it lies on the screen.
 *
 * Pixels are logical ones, as doubles: a float has too few digits once a person has zoomed in. */
#ifndef SLALOM_CAMERA_H
#define SLALOM_CAMERA_H

#include "canvas.h"
#include "surface.h"

#include <stdbool.h>

typedef struct Camera {
    Rect plot;             /* where on the canvas */
    Box home;              /* what is shown at first */
    double unit_x, unit_y; /* lengths of the plane in a pixel at zoom 1 */
    double centre_x, centre_y;
    double zoom;        /* 1: home fills the plot */
    double zoom_target; /* where a zoom under way will end */
    double anchor_x_px, anchor_y_px, anchor_x,
        anchor_y; /* the point that a zoom under way keeps in its place */
    bool has_wanted;
    Box wanted; /* what was shown last by camera_show; to be in sight once there is a plot */
} Camera;

/* A home whose sides are about as long is shown at equal scale, with more to see along the longer side of the
 * plot; any other is stretched over the plot. */
void camera_init(Camera *camera, Box home);
void camera_resize(Camera *camera, Rect plot); /* keeps centre and zoom */
void camera_reset(Camera *camera);             /* back to home, at once */
bool camera_is_home(const Camera *camera);

/* Puts a box in the middle, as large as the plot allows, at once or as soon as there is a plot. */
void camera_show(Camera *camera, Box box);
bool camera_still_shows(const Camera *camera, Box *box); /* that box, and nobody has moved since */

Box camera_box(const Camera *camera); /* the part of the plane that the plot shows */
double camera_x_px(const Camera *camera, double x);
double camera_y_px(const Camera *camera, double y);
double camera_x(const Camera *camera, double x_px);
double camera_y(const Camera *camera, double y_px);

/* Moves the picture by so many pixels. */
void camera_pan(Camera *camera, double dx_px, double dy_px);

/* Starts to zoom by a factor (> 1: closer), keeping the point under (x_px, y_px) where it is all the while.
 */
void camera_zoom(Camera *camera, double factor, double x_px, double y_px);
/* Time passes: the zoom goes on. True where something moved. */
bool camera_advance(Camera *camera, double seconds);
/* Looks at a point more and more while time passes: the leader of a race. True where something moved. */
bool camera_follow(Camera *camera, double x, double y, double seconds);
bool camera_is_at(const Camera *camera, double x, double y); /* and there is no way left to follow */
bool camera_is_moving(const Camera *camera);
void camera_settle(Camera *camera); /* ends a zoom under way at its target */

#endif
