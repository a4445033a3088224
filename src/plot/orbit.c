/* Poses and how one becomes the other; what is drawn is left to terrain_view.c. */
#include "orbit.h"

#include <math.h>

static const double PI = 3.141592653589793;
static const OrbitPose FIRST = {.azimuth = -0.55, .elevation = 0.84};
static const double TURN_PER_PX = 0.0075;
static const double LOG_ZOOM_MIN = -0.7, LOG_ZOOM_MAX = 2.2;
static const double RATE = 14;     /* 1/s: how fast what is left of a move goes away */
static const double RISE_S = 0.7;  /* from flat to space */
static const double HEIGHT = 0.31; /* of the mean side of the plot */
static const double BASE = 0.05;
static const double DISTANCE = 4; /* of the eye, in diagonals */
static const double MARGIN_X = 44, MARGIN_Y = 30;

void orbit_init(Orbit *orbit) {
    *orbit = (Orbit){.pose = FIRST, .target = FIRST, .width = 1, .height = 1};
}

void orbit_reset(Orbit *orbit) {
    /* The short way round. */
    orbit->pose.azimuth -= 2 * PI * nearbyint((orbit->pose.azimuth - FIRST.azimuth) / (2 * PI));
    orbit->target = FIRST;
}

void orbit_rise(Orbit *orbit, bool rise) {
    orbit->rise_target = rise ? 1 : 0;
}

bool orbit_is_flat(const Orbit *orbit) {
    return orbit->rise == 0 && orbit->rise_target == 0;
}

static double clamp(double value, double min, double max) {
    return fmin(fmax(value, min), max);
}

void orbit_turn_by(Orbit *orbit, double azimuth, double elevation) {
    orbit->target.azimuth += azimuth;
    orbit->target.elevation =
        clamp(orbit->target.elevation + elevation, ORBIT_ELEVATION_MIN, ORBIT_ELEVATION_MAX);
}

/* The hand is followed at once: what lags behind it feels heavy. */
void orbit_turn(Orbit *orbit, double dx_px, double dy_px) {
    orbit_turn_by(orbit, -TURN_PER_PX * dx_px, TURN_PER_PX * dy_px);
    orbit->pose.azimuth = orbit->target.azimuth;
    orbit->pose.elevation = orbit->target.elevation;
}

bool orbit_is_turned(const Orbit *orbit) {
    return orbit->target.azimuth != FIRST.azimuth || orbit->target.elevation != FIRST.elevation;
}

void orbit_set(Orbit *orbit, double azimuth, double elevation) {
    orbit->target.azimuth = orbit->pose.azimuth = azimuth;
    orbit->target.elevation = orbit->pose.elevation =
        clamp(elevation, ORBIT_ELEVATION_MIN, ORBIT_ELEVATION_MAX);
}

void orbit_look_at(Orbit *orbit, double x, double y) {
    orbit->target.centre_x = clamp(x, -0.5 * orbit->width, 0.5 * orbit->width);
    orbit->target.centre_y = clamp(y, -0.5 * orbit->height, 0.5 * orbit->height);
}

void orbit_pan(Orbit *orbit, const Projection *p, double dx_px, double dy_px) {
    double right = -dx_px / p->scale, ahead = dy_px / (p->scale * fmax(p->sin_elevation, 0.3));
    orbit_look_at(orbit, orbit->target.centre_x + right * p->cos_azimuth - ahead * p->sin_azimuth,
        orbit->target.centre_y + right * p->sin_azimuth + ahead * p->cos_azimuth);
    orbit->pose.centre_x = orbit->target.centre_x;
    orbit->pose.centre_y = orbit->target.centre_y;
}

void orbit_zoom(Orbit *orbit, double factor) {
    orbit->target.log_zoom = clamp(orbit->target.log_zoom + log(factor), LOG_ZOOM_MIN, LOG_ZOOM_MAX);
}

/* Brings a number nearer to its target, at last onto it. True where it moved. */
static bool ease(double *value, double target, double share, double least) {
    if (*value == target) return false;
    *value = fabs(target - *value) < least ? target : *value + (target - *value) * share;
    return true;
}

bool orbit_advance(Orbit *orbit, double seconds) {
    OrbitPose *pose = &orbit->pose;
    const OrbitPose *target = &orbit->target;
    double share = 1 - exp(-RATE * seconds), step = seconds / RISE_S;
    bool moved = ease(&pose->azimuth, target->azimuth, share, 5e-4);
    moved |= ease(&pose->elevation, target->elevation, share, 5e-4);
    moved |= ease(&pose->log_zoom, target->log_zoom, share, 5e-4);
    moved |= ease(&pose->centre_x, target->centre_x, share, 0.1);
    moved |= ease(&pose->centre_y, target->centre_y, share, 0.1);
    moved |= orbit->rise != orbit->rise_target;
    orbit->rise += clamp(orbit->rise_target - orbit->rise, -step, step);
    return moved;
}

bool orbit_is_moving(const Orbit *orbit) {
    const OrbitPose *pose = &orbit->pose, *target = &orbit->target;
    return orbit->rise != orbit->rise_target || pose->azimuth != target->azimuth ||
           pose->elevation != target->elevation || pose->log_zoom != target->log_zoom ||
           pose->centre_x != target->centre_x || pose->centre_y != target->centre_y;
}

void orbit_settle(Orbit *orbit) {
    orbit->pose = orbit->target;
    orbit->rise = orbit->rise_target;
}

double orbit_lift(const Orbit *orbit) {
    double t = orbit->rise;
    return t * t * (3 - 2 * t);
}

double orbit_height(const Orbit *orbit) {
    return HEIGHT * sqrt(orbit->width * orbit->height);
}

double orbit_base(const Orbit *orbit) {
    return BASE * sqrt(orbit->width * orbit->height);
}

static double eye_distance(const Orbit *orbit) {
    return DISTANCE * hypot(orbit->width, orbit->height);
}

/* The block, turned all the way round, fills the plot: its scale, and how far its base is below the middle.
 */
static void fit(const Orbit *orbit, Rect plot, double cos_e, double sin_e, double *scale, double *below) {
    double radius = 0.5 * hypot(orbit->width, orbit->height), top = orbit_height(orbit);
    double distance = eye_distance(orbit), near = radius * cos_e / distance;
    double back = 1 + (radius * cos_e - top * sin_e) / distance;
    double half_width = radius / sqrt(1 - near * near);
    double down = (radius * sin_e + orbit_base(orbit) * cos_e) / (1 - near);
    double up = fmax((radius * sin_e + top * cos_e) / back, top * cos_e);
    double room_x = fmax(plot.width - 2 * MARGIN_X, 0.5 * plot.width);
    double room_y = fmax(plot.height - 2 * MARGIN_Y, 0.5 * plot.height);
    *scale = fmin(0.5 * room_x / half_width, room_y / (up + down));
    *below = 0.5 * (up - down) * *scale;
}

static double mix(double from, double to, double share) {
    return from + (to - from) * share;
}

Projection orbit_projection(Orbit *orbit, const Camera *flat, Rect plot) {
    const OrbitPose *pose = &orbit->pose;
    double lift = orbit_lift(orbit), scale, below;
    double azimuth = lift * pose->azimuth, elevation = mix(0.5 * PI, pose->elevation, lift);
    orbit->width = fmax(flat->plot.width, 1);
    orbit->height = fmax(flat->plot.height, 1);
    fit(orbit, plot, cos(pose->elevation), sin(pose->elevation), &scale, &below);
    return (Projection){
        .centre = {lift * pose->centre_x, lift * pose->centre_y, 0},
        .middle_x = plot.x + 0.5 * plot.width,
        .middle_y = plot.y + 0.5 * plot.height + lift * below,
        .cos_azimuth = cos(azimuth),
        .sin_azimuth = sin(azimuth),
        .cos_elevation = cos(elevation),
        .sin_elevation = sin(elevation),
        .scale = exp(lift * (log(scale) + pose->log_zoom)),
        .perspective = lift / eye_distance(orbit),
    };
}

double orbit_x(const Camera *flat, double x) {
    return (x - flat->centre_x) * flat->zoom / flat->unit_x;
}

double orbit_y(const Camera *flat, double y) {
    return (y - flat->centre_y) * flat->zoom / flat->unit_y;
}

double orbit_plane_x(const Camera *flat, double x) {
    return flat->centre_x + x * flat->unit_x / flat->zoom;
}

double orbit_plane_y(const Camera *flat, double y) {
    return flat->centre_y + y * flat->unit_y / flat->zoom;
}
