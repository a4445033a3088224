/* Points in space to points on the screen: a camera that looks at a centre of interest from an azimuth, an
 * elevation and a distance, in perspective or (infinitely far away) without.
 *
 * Space: x to the right and y away from the viewer at azimuth 0, z up; one unit of length in all directions.
 * The screen: logical pixels, y down. */
#ifndef SLALOM_PROJECTION_H
#define SLALOM_PROJECTION_H

typedef struct Projection {
    double centre[3];          /* of interest */
    double middle_x, middle_y; /* where it lies on the screen */
    double cos_azimuth, sin_azimuth;
    double cos_elevation, sin_elevation; /* elevation 0: from the side, 90 degrees: from above */
    double scale;                        /* pixels in a unit at the centre */
    double perspective;                  /* 1 / the distance of the eye from the centre; 0: no perspective */
} Projection;

/* What lies nearer has the lower depth. Depth is linear along a line on the screen. */
typedef struct Projected {
    double x, y, depth;
} Projected;

/* The point must be in front of the eye. */
Projected project(const Projection *projection, double x, double y, double z);
/* The point in space that is seen at a place with a depth. */
void unproject(const Projection *projection, const Projected *seen, double point[3]);

#endif
