/* Works a cloud out where the race or the step is another one, and draws it. */
#include "cloud_view.h"

#include <math.h>
#include <stdlib.h>

enum { ELLIPSE_POINTS = 65 };
static const float DOT_RADIUS = 1.7f, ELLIPSE_WIDTH = 1.8f, EDGE_WIDTH = 3.4f, DOT_ALPHA = 0.6f;
static const double DEVIATIONS = 2; /* of the ellipse */

void cloud_view_init(CloudView *view) {
    *view = (CloudView){.step = -1};
}

void cloud_view_finish(CloudView *view) {
    free(view->points);
    cloud_view_init(view);
}

static double *points_of(const CloudView *view, int racer) {
    return view->points + (size_t)racer * CLOUD_MAX * CLOUD_DIM;
}

/* Gradients become the points that a step along them leads to. */
static void place(CloudView *view, const Subject *subject, int racer) {
    const Trace *trace = race_trace(subject->race, racer);
    const int64_t row = subject_row(subject, racer), next = row < trace->last ? row + 1 : row;
    double *points = points_of(view, racer);
    const double *x = trace->x + CLOUD_DIM * row;
    cloud_gradients(subject->race, racer, x, view->n, points);
    for (int i = 0; i < view->n; i++)
        for (int d = 0; d < CLOUD_DIM; d++) {
            double *point = &points[i * CLOUD_DIM + d];
            *point = x[d] - trace->lr[next] * *point;
        }
    view->shapes[racer] = cloud_shape(points, view->n);
}

static void draw_ellipse(
    const CloudShape *shape, Canvas *canvas, const Camera *camera, Colour colour, Colour edge) {
    /* A Cholesky factor of the covariance turns a circle into the ellipse. */
    const double a = sqrt(shape->covariance[0]), b = a > 0 ? shape->covariance[1] / a : 0;
    const double c = sqrt(fmax(shape->covariance[2] - b * b, 0)), tau = 6.283185307179586;
    Point points[ELLIPSE_POINTS];
    for (int i = 0; i < ELLIPSE_POINTS; i++) {
        const double angle = tau * i / (ELLIPSE_POINTS - 1);
        const double u = DEVIATIONS * cos(angle), v = DEVIATIONS * sin(angle);
        points[i] = (Point){(float)camera_x_px(camera, shape->mean[0] + a * u),
            (float)camera_y_px(camera, shape->mean[1] + b * u + c * v)};
    }
    canvas_polyline(canvas, points, ELLIPSE_POINTS, EDGE_WIDTH, edge);
    canvas_polyline(canvas, points, ELLIPSE_POINTS, ELLIPSE_WIDTH, colour);
}

static bool is_drawn(const Subject *subject, int racer) {
    return subject_racer_visible(subject, racer) && cloud_exists(subject->race, racer) &&
           subject_racer_status(subject, racer) != RACER_DIVERGED;
}

static void draw_dots(const CloudView *view, Canvas *canvas, const Camera *camera, int racer, Colour colour) {
    const double *points = points_of(view, racer);
    for (int i = 0; i < view->n; i++) {
        const Point at = {(float)camera_x_px(camera, points[i * CLOUD_DIM]),
            (float)camera_y_px(camera, points[i * CLOUD_DIM + 1])};
        if (rect_contains(camera->plot, at.x, at.y)) canvas_circle(canvas, at, DOT_RADIUS, colour);
    }
}

void cloud_view_draw(CloudView *view, Canvas *canvas, const Camera *camera, const Subject *subject) {
    if (view->n < 2) return;
    const int n_racers = race_racer_count(subject->race);
    if (!view->points)
        view->points = malloc((size_t)RACE_RACERS_MAX * CLOUD_MAX * CLOUD_DIM * sizeof *view->points);
    if (!view->points) return;
    const bool known =
        view->race_version == subject->race_version && view->step == subject->step && view->done == view->n;
    for (int i = 0; i < n_racers; i++) {
        if (!is_drawn(subject, i)) continue;
        if (!known) place(view, subject, i);
        draw_dots(view, canvas, camera, i, colour_with_alpha(subject_racer_colour(subject, i), DOT_ALPHA));
    }
    for (int i = 0; i < n_racers; i++)
        if (is_drawn(subject, i))
            draw_ellipse(&view->shapes[i], canvas, camera, subject_racer_colour(subject, i),
                subject->theme->trail_edge);
    view->race_version = subject->race_version;
    view->step = subject->step;
    view->done = view->n;
}
