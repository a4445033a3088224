/* From a point that is kept, the line goes on as long as one direction passes all points since within the
 * tolerance (a cone that narrows, after Williams 1978) and the distance grows: one walk, whatever the
 * length. */
#include "simplify.h"

#include <math.h>
#include <stdbool.h>

/* The directions that are still open, as angles from the first one. */
typedef struct Cone {
    Point apex;
    bool open; /* a direction is known */
    float axis, low, high, distance;
} Cone;

static bool is_finite(Point point) {
    return isfinite(point.x) && isfinite(point.y);
}

static float angle_from(const Cone *cone, float dx, float dy) {
    const float tau = 6.2831853f;
    return remainderf(atan2f(dy, dx) - cone->axis, tau);
}

/* Whether the line may pass by this point; narrows the cone for it. */
static bool passes(Cone *cone, Point point, float tolerance) {
    float dx = point.x - cone->apex.x, dy = point.y - cone->apex.y, distance = hypotf(dx, dy);
    if (!cone->open && distance <= tolerance) return true;
    if (distance < cone->distance) return false;
    float half = asinf(fminf(tolerance / distance, 1));
    if (!cone->open) {
        *cone = (Cone){cone->apex, true, atan2f(dy, dx), -half, half, distance};
        return true;
    }
    float angle = angle_from(cone, dx, dy);
    if (angle < cone->low || angle > cone->high) return false;
    cone->low = fmaxf(cone->low, angle - half);
    cone->high = fminf(cone->high, angle + half);
    cone->distance = distance;
    return true;
}

int simplify(Point *points, int n, float tolerance) {
    int kept = 0;
    for (int i = 0; i < n;) {
        points[kept++] = points[i];
        if (!is_finite(points[i++])) continue;
        Cone cone = {.apex = points[kept - 1]};
        int last = -1; /* the point before, which stands for those that are dropped */
        for (; i < n && is_finite(points[i]) && passes(&cone, points[i], tolerance); i++) last = i;
        if (last < 0) continue;
        if (i < n && is_finite(points[i]))
            i = last; /* the line goes on from there */
        else
            points[kept++] = points[last];
    }
    return kept;
}
