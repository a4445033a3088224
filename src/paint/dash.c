/* Cuts a line into its dashes. They are handed on as one line with breaks, so that a long one takes few
 * calls. */
#include "dash.h"

#include <math.h>

enum { POINTS_MAX = 512 };

/* Lengths in logical pixels, for a line of width 1; round ends add the width to what is drawn. */
static const struct {
    float on[2], off, least_off; /* dashes of two lengths in turn, and what is between */
} patterns[DASH_COUNT] = {
    [DASH_DASHED] = {{4, 4}, 3, 5},
    [DASH_DOTTED] = {{0.1f, 0.1f}, 2.4f, 4},
    [DASH_DASH_DOT] = {{5, 0.1f}, 2.6f, 4.5f},
    [DASH_LONG] = {{10, 10}, 3, 5},
};

typedef struct Dasher {
    Canvas *canvas;
    float width, on[2], off;
    Colour colour;
    float left; /* of the dash or the gap that is under way */
    bool draws;
    int turn; /* which of the two dashes it is */
    Point points[POINTS_MAX];
    int n;
} Dasher;

static void flush(Dasher *dasher) {
    if (dasher->n > 0)
        canvas_polyline(dasher->canvas, dasher->points, dasher->n, dasher->width, dasher->colour);
    dasher->n = 0;
}

static void end_dash(Dasher *dasher) {
    if (dasher->n > 0 && isfinite(dasher->points[dasher->n - 1].x))
        dasher->points[dasher->n++] = (Point){NAN, NAN};
    if (dasher->n > POINTS_MAX - 2) flush(dasher);
}

static void add(Dasher *dasher, Point point) {
    dasher->points[dasher->n++] = point;
    if (dasher->n < POINTS_MAX - 1) return;
    flush(dasher);
    dasher->points[dasher->n++] = point;
}

static void begin(Dasher *dasher, Point point) {
    end_dash(dasher);
    dasher->draws = true;
    dasher->turn = 0;
    dasher->left = dasher->on[0];
    add(dasher, point);
}

static void go(Dasher *dasher, Point from, Point to) {
    float dx = to.x - from.x, dy = to.y - from.y, length = hypotf(dx, dy), done = 0;
    /* What is longer than any canvas is not worth its dashes. */
    if (!(length < 1e5f)) {
        begin(dasher, to);
        return;
    }
    while (length - done > dasher->left) {
        done += dasher->left;
        Point at = {from.x + dx * done / length, from.y + dy * done / length};
        dasher->draws = !dasher->draws;
        if (dasher->draws) dasher->turn = !dasher->turn;
        dasher->left = dasher->draws ? dasher->on[dasher->turn] : dasher->off;
        add(dasher, at);
        if (!dasher->draws) end_dash(dasher);
    }
    dasher->left -= length - done;
    if (dasher->draws) add(dasher, to);
}

void dash_polyline(Canvas *canvas, const Point *points, int n, float width, Dash dash, Colour colour) {
    if (dash == DASH_SOLID) {
        canvas_polyline(canvas, points, n, width, colour);
        return;
    }
    Dasher dasher = {.canvas = canvas, .width = width, .colour = colour};
    for (int i = 0; i < 2; i++) dasher.on[i] = patterns[dash].on[i] * width;
    dasher.off = fmaxf(patterns[dash].off * width, patterns[dash].least_off);
    bool open = false;
    for (int i = 0; i < n; i++) {
        bool finite = isfinite(points[i].x) && isfinite(points[i].y);
        if (finite && open)
            go(&dasher, points[i - 1], points[i]);
        else if (finite)
            begin(&dasher, points[i]);
        else
            end_dash(&dasher);
        open = finite;
    }
    flush(&dasher);
}
