/* Marching squares that remember which two edges each square joins: every edge that the level crosses has at
 * most two neighbours, and a curve is followed from edge to edge, first those that end, then the rings. */
#include "curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = -1 };

/* Edges by number: of cell (x, y) first the one to the right, then the one below. links[2e] and links[2e + 1]
 * are the edges that e is joined with; NONE where there is none. */
typedef struct Tracing {
    Curves *curves;
    const double *heights;
    int width, height;
    double level;
} Tracing;

void curves_finish(Curves *curves) {
    free(curves->points);
    free(curves->ends);
    free(curves->links);
    *curves = (Curves){0};
}

static bool grow(void *array, int *room, int needed, size_t size) {
    void **pointer = array;
    if (needed <= *room) return true;
    int more = *room ? 2 * *room : 1024;
    if (more < needed) more = needed;
    void *larger = realloc(*pointer, (size_t)more * size);
    if (!larger) return false;
    *pointer = larger;
    *room = more;
    return true;
}

static int edge_right(const Tracing *tracing, int x, int y) {
    return 2 * (y * tracing->width + x);
}

static int edge_below(const Tracing *tracing, int x, int y) {
    return edge_right(tracing, x, y) + 1;
}

static void join(const Tracing *tracing, int a, int b) {
    int *links = tracing->curves->links;
    links[2 * a + (links[2 * a] != NONE)] = b;
    links[2 * b + (links[2 * b] != NONE)] = a;
}

/* The square whose upper left cell is (x, y): corners a b above c d. */
static void join_square(const Tracing *tracing, int x, int y) {
    const double *upper = tracing->heights + (size_t)y * (size_t)tracing->width + x;
    const double *lower = upper + tracing->width;
    double a = upper[0], b = upper[1], c = lower[0], d = lower[1], level = tracing->level;
    bool above[] = {a >= level, b >= level, c >= level, d >= level};
    int sum = above[0] + above[1] + above[2] + above[3];
    if (sum == 0 || sum == 4 || !isfinite(a + b + c + d)) return;
    int north = edge_right(tracing, x, y), south = edge_right(tracing, x, y + 1);
    int west = edge_below(tracing, x, y), east = edge_below(tracing, x + 1, y);
    if (above[0] == above[3] && above[1] == above[2]) {
        bool joins_a_d = ((a + b + c + d) / 4 >= level) == above[0];
        join(tracing, north, joins_a_d ? east : west);
        join(tracing, south, joins_a_d ? west : east);
        return;
    }
    int crossed[4], n = 0;
    if (above[0] != above[1]) crossed[n++] = north;
    if (above[0] != above[2]) crossed[n++] = west;
    if (above[1] != above[3]) crossed[n++] = east;
    if (above[2] != above[3]) crossed[n++] = south;
    join(tracing, crossed[0], crossed[1]);
}

/* Where the level crosses an edge. */
static CurvePoint crossing(const Tracing *tracing, int edge) {
    int cell = edge / 2, x = cell % tracing->width, y = cell / tracing->width;
    bool below = edge % 2 == 1;
    double from = tracing->heights[cell], to = tracing->heights[cell + (below ? tracing->width : 1)];
    double share = (tracing->level - from) / (to - from);
    return below ? (CurvePoint){x, y + share} : (CurvePoint){x + share, y};
}

static bool add_point(const Tracing *tracing, int edge) {
    Curves *curves = tracing->curves;
    if (!grow(&curves->points, &curves->points_room, curves->n_points + 1, sizeof *curves->points))
        return false;
    CurvePoint point = crossing(tracing, edge);
    int begin = curves->n ? curves->ends[curves->n - 1] : 0;
    /* Where a curve passes through a cell's centre all edges around it cross there. */
    if (curves->n_points > begin) {
        const CurvePoint *last = &curves->points[curves->n_points - 1];
        if (last->x == point.x && last->y == point.y) return true;
    }
    curves->points[curves->n_points++] = point;
    return true;
}

/* Follows the curve that begins at an edge, and takes it apart on the way. */
static bool follow(const Tracing *tracing, int first) {
    Curves *curves = tracing->curves;
    int *links = curves->links, begin = curves->n_points;
    for (int edge = first, next; edge != NONE; edge = next) {
        if (!add_point(tracing, edge)) return false;
        next = links[2 * edge] != NONE ? links[2 * edge] : links[2 * edge + 1];
        links[2 * edge + (links[2 * edge] == NONE)] = NONE;
        if (next != NONE) links[2 * next + (links[2 * next] != edge)] = NONE;
    }
    if (curves->n_points - begin < 2) {
        curves->n_points = begin;
        return true;
    }
    if (!grow(&curves->ends, &curves->room, curves->n + 1, sizeof *curves->ends)) return false;
    curves->ends[curves->n++] = curves->n_points;
    return true;
}

bool curves_trace(Curves *curves, const double *heights, int width, int height, double level) {
    const Tracing tracing = {curves, heights, width, height, level};
    int n_edges = 2 * width * height;
    curves->n_points = curves->n = 0;
    if (!grow(&curves->links, &curves->links_room, 2 * n_edges, sizeof *curves->links)) return false;
    memset(curves->links, 0xff, 2 * (size_t)n_edges * sizeof *curves->links); /* NONE */
    for (int y = 0; y + 1 < height; y++)
        for (int x = 0; x + 1 < width; x++) join_square(&tracing, x, y);
    const int *links = curves->links;
    for (int edge = 0; edge < n_edges; edge++) /* those that end */
        if ((links[2 * edge] == NONE) != (links[2 * edge + 1] == NONE) && !follow(&tracing, edge))
            return false;
    for (int edge = 0; edge < n_edges; edge++) /* rings */
        if (links[2 * edge] != NONE && !follow(&tracing, edge)) return false;
    return true;
}
