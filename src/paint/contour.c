/* Lines of equal height by marching squares (Lorensen and Cline 1987, in two dimensions). The levels are
 * chosen in heatmap.c; drawing the segments is up to the caller. */
#include "heatmap.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 1024, SKIP = 8 }; /* columns handled at a time; squares passed over at a time */

/* above[i] = 1 where the height is at or above the level, else 0 (also where it is not a number). */
static void mark_above(const double *heights, int n, double level, uint8_t *above) {
    for (int i = 0; i < n; i++) above[i] = heights[i] >= level;
}

/* Where the level lies between two heights, 0..1. */
static float crossing(double from, double to, double level) {
    return (float)((level - from) / (to - from));
}

/* The ends of the segments in one square, whose corners lie on both sides of the level, written to `points`:
 * how many (0, 2 or 4). Corners: a b above c d. */
static int square_segments(
    const double *upper, const double *lower, int x, int y, double level, Point *points) {
    double a = upper[x], b = upper[x + 1], c = lower[x], d = lower[x + 1];
    if (!isfinite(a + b + c + d)) return 0;
    float left = (float)x, top = (float)y;
    bool above[] = {a >= level, b >= level, c >= level, d >= level};
    Point north = {left + crossing(a, b, level), top}, south = {left + crossing(c, d, level), top + 1};
    Point west = {left, top + crossing(a, c, level)}, east = {left + 1, top + crossing(b, d, level)};
    int n = 0;
    if (above[0] == above[3] && above[1] == above[2]) { /* a saddle: the mean tells what is connected */
        bool joins_a_d = ((a + b + c + d) / 4 >= level) == above[0];
        points[n++] = north;
        points[n++] = joins_a_d ? east : west;
        points[n++] = south;
        points[n++] = joins_a_d ? west : east;
        return n;
    }
    if (above[0] != above[1]) points[n++] = north;
    if (above[0] != above[2]) points[n++] = west;
    if (above[1] != above[3]) points[n++] = east;
    if (above[2] != above[3]) points[n++] = south;
    return n;
}

/* True where the eight squares from column x on have all corners on one side. */
static bool is_uniform(const uint8_t *upper, const uint8_t *lower, int x) {
    uint64_t corners[4];
    memcpy(&corners[0], upper + x, SKIP);
    memcpy(&corners[1], upper + x + 1, SKIP);
    memcpy(&corners[2], lower + x, SKIP);
    memcpy(&corners[3], lower + x + 1, SKIP);
    return corners[0] == corners[1] && corners[0] == corners[2] && corners[0] == corners[3];
}

int contour_segments(const double *grid, int width, int height, double level, Point *points, int max_points) {
    enum { MOST = 4 };
    uint8_t marks[2][COLUMNS + 1 + SKIP];
    memset(marks, 0, sizeof marks);
    int n = 0;
    for (int begin = 0; begin + 1 < width; begin += COLUMNS) {
        int squares = width - 1 - begin < COLUMNS ? width - 1 - begin : COLUMNS;
        mark_above(grid + begin, squares + 1, level, marks[0]);
        for (int y = 0; y + 1 < height; y++) {
            const double *upper = grid + (size_t)y * (size_t)width, *lower = upper + width;
            const uint8_t *marks_upper = marks[y % 2];
            uint8_t *marks_lower = marks[(y + 1) % 2];
            mark_above(lower + begin, squares + 1, level, marks_lower);
            for (int x = 0; x < squares; x++) {
                while (x + SKIP <= squares && is_uniform(marks_upper, marks_lower, x)) x += SKIP;
                if (x >= squares) break;
                int sum = marks_upper[x] + marks_upper[x + 1] + marks_lower[x] + marks_lower[x + 1];
                if (sum == 0 || sum == 4) continue;
                Point found[MOST];
                int n_found = square_segments(upper, lower, begin + x, y, level, found);
                if (n + n_found > max_points) return n;
                memcpy(points + n, found, (size_t)n_found * sizeof *found);
                n += n_found;
            }
        }
    }
    return n;
}
