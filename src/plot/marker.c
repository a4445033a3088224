/* The shapes as polygons. An edge is the same outline drawn as a thick line below the shape. */
#include "marker.h"

#include <math.h>

enum { CORNERS_MAX = 12 };
static const float TAU = 6.2831853f;

Marker marker_of_style(int style) {
    return (Marker)((style - 1) % MARKER_COUNT);
}

/* Corners at two radii in turn (equal ones for a convex shape), the first one up, turned by `turn`. */
static int spokes(Point *points, int n, float outer, float inner, float turn) {
    for (int i = 0; i < n; i++) {
        float radius = i % 2 ? inner : outer, angle = turn + TAU * (float)i / (float)n;
        points[i] = (Point){radius * sinf(angle), -radius * cosf(angle)};
    }
    return n;
}

static int plus(Point *points, float radius, float turn) {
    static const float arms[CORNERS_MAX][2] = {{-1, -3}, {1, -3}, {1, -1}, {3, -1}, {3, 1}, {1, 1}, {1, 3},
        {-1, 3}, {-1, 1}, {-3, 1}, {-3, -1}, {-1, -1}};
    float c = cosf(turn) * radius / 3, s = sinf(turn) * radius / 3;
    for (int i = 0; i < CORNERS_MAX; i++)
        points[i] = (Point){c * arms[i][0] - s * arms[i][1], s * arms[i][0] + c * arms[i][1]};
    return CORNERS_MAX;
}

static int outline(Point *points, Marker marker, float r) {
    switch (marker) {
    case MARKER_SQUARE: return spokes(points, 4, 1.25f * r, 1.25f * r, TAU / 8);
    case MARKER_TRIANGLE: return spokes(points, 3, 1.4f * r, 1.4f * r, 0);
    case MARKER_DIAMOND: return spokes(points, 4, 1.3f * r, 1.3f * r, 0);
    case MARKER_TRIANGLE_DOWN: return spokes(points, 3, 1.4f * r, 1.4f * r, TAU / 2);
    case MARKER_PENTAGON: return spokes(points, 5, 1.15f * r, 1.15f * r, 0);
    case MARKER_PLUS: return plus(points, 1.25f * r, 0);
    case MARKER_STAR: return spokes(points, 10, 1.45f * r, 0.62f * r, 0);
    case MARKER_HEXAGON: return spokes(points, 6, 1.12f * r, 1.12f * r, TAU / 12);
    case MARKER_CROSS: return plus(points, 1.25f * r, TAU / 8);
    default: return 0;
    }
}

void marker_draw(
    Canvas *canvas, Marker marker, Point centre, float radius, Colour fill, float edge_width, Colour edge) {
    Point points[CORNERS_MAX + 1];
    int n = outline(points, marker, radius);
    if (n == 0) {
        if (edge_width > 0) canvas_circle(canvas, centre, radius + edge_width, edge);
        canvas_circle(canvas, centre, radius, fill);
        return;
    }
    for (int i = 0; i < n; i++) points[i] = (Point){points[i].x + centre.x, points[i].y + centre.y};
    points[n] = points[0];
    if (edge_width > 0) canvas_polyline(canvas, points, n + 1, 2 * edge_width, edge);
    canvas_polygon(canvas, points, n, fill);
}
