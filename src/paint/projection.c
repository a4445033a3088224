/* The two directions of the map between space and screen. Where the camera stands is up to its owner. */
#include "projection.h"

Projected project(const Projection *p, double x, double y, double z) {
    double dx = x - p->centre[0], dy = y - p->centre[1], dz = z - p->centre[2];
    double right = dx * p->cos_azimuth + dy * p->sin_azimuth;
    double ahead = dy * p->cos_azimuth - dx * p->sin_azimuth;
    double up = ahead * p->sin_elevation + dz * p->cos_elevation;
    double away = ahead * p->cos_elevation - dz * p->sin_elevation;
    double shrink = 1 / (1 + away * p->perspective);
    return (Projected){
        .x = p->middle_x + p->scale * right * shrink,
        .y = p->middle_y - p->scale * up * shrink,
        .depth = away * shrink,
    };
}

void unproject(const Projection *p, const Projected *seen, double point[3]) {
    double grow = 1 / (1 - seen->depth * p->perspective);
    double right = (seen->x - p->middle_x) / p->scale * grow;
    double up = (p->middle_y - seen->y) / p->scale * grow;
    double away = seen->depth * grow;
    double ahead = up * p->sin_elevation + away * p->cos_elevation;
    point[0] = p->centre[0] + right * p->cos_azimuth - ahead * p->sin_azimuth;
    point[1] = p->centre[1] + right * p->sin_azimuth + ahead * p->cos_azimuth;
    point[2] = p->centre[2] + up * p->cos_elevation - away * p->sin_elevation;
}
