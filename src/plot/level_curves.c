/* Curves by paint/curves.h on the relief's finest heights. A label is level text in a gap of its line: found
 * by walking along the curves, the strong ones first. */
#include "level_curves.h"

#include "widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const float THIN = 0.6f; /* of the width on the screen: two fifths and half a point on paper */
static const float LABEL_SIZE = 10, LABEL_PADDING = 2;
static const float PX_PER_LABEL = 420; /* of a long curve, one label each */
static const float LENGTH_MIN = 90;    /* of a curve that has one */
static const float SAME_LEVEL_APART = 110, EDGE = 4;
static const float STEEP = 0.45f; /* slope of a line that a level label does not suit */

void level_curves_finish(LevelCurves *curves) {
    for (int i = 0; i < CONTOUR_LEVELS_MAX; i++) curves_finish(&curves->curves[i]);
    free(curves->line);
    *curves = (LevelCurves){0};
}

bool level_curves_trace(LevelCurves *curves, const Relief *relief) {
    int width, height;
    const double *heights = relief_heights(relief, &width, &height);
    if (!heights) return false;
    const ContourLines *lines = relief_lines(relief);
    Rect plot = relief_plot(relief);
    double per_column = (double)plot.width / width, per_row = (double)plot.height / height;
    curves->n_levels = lines->n_levels;
    curves->n_labels = 0;
    for (int i = 0; i < lines->n_levels; i++) {
        Curves *of_level = &curves->curves[i];
        curves->levels[i] = lines->levels[i];
        curves->strong[i] = lines->strong[i];
        if (!curves_trace(of_level, heights, width, height, lines->levels[i])) return false;
        for (int k = 0; k < of_level->n_points; k++) {
            CurvePoint *point = &of_level->points[k];
            *point = (CurvePoint){
                (double)plot.x + (point->x + 0.5) * per_column, (double)plot.y + (point->y + 0.5) * per_row};
        }
    }
    return true;
}

/* Labels. */

static double length_of(const CurvePoint *points, int n) {
    double length = 0;
    for (int i = 1; i < n; i++) length += hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    return length;
}

/* A height as a person would write it; false where it is no round number. */
static bool write_level(double level, char text[LEVEL_LABEL_BYTES]) {
    enum { DIGITS = 3 };
    double read;
    snprintf(text, LEVEL_LABEL_BYTES, "%.*g", DIGITS, level);
    sscanf(text, "%lf", &read);
    if (fabs(read - level) > 1e-9 * fabs(level)) return false;
    number_short(level, text);
    return true;
}

static bool overlaps(Rect rect, CurvePoint a, CurvePoint b) {
    const double x0 = (double)rect.x, x1 = x0 + (double)rect.width, y0 = (double)rect.y,
                 y1 = y0 + (double)rect.height;
    if (fmax(a.x, b.x) < x0 || fmin(a.x, b.x) > x1 || fmax(a.y, b.y) < y0 || fmin(a.y, b.y) > y1)
        return false;
    /* Both of the box's diagonals on one side of the line: it passes by. */
    double dx = b.x - a.x, dy = b.y - a.y;
    double sides[4] = {dx * (y0 - a.y) - dy * (x0 - a.x), dx * (y0 - a.y) - dy * (x1 - a.x),
        dx * (y1 - a.y) - dy * (x0 - a.x), dx * (y1 - a.y) - dy * (x1 - a.x)};
    bool all_above = true, all_below = true;
    for (int i = 0; i < 4; i++) {
        all_above &= sides[i] > 0;
        all_below &= sides[i] < 0;
    }
    return !all_above && !all_below;
}

static bool crosses_trail(const TrailBuffer *trails, Rect rect) {
    int begin = 0;
    for (int piece = 0; piece < trails->n_pieces; piece++) {
        for (int i = begin + 1; i < trails->ends[piece]; i++) {
            const Point *a = &trails->points[i - 1], *b = &trails->points[i];
            if (overlaps(
                    rect, (CurvePoint){(double)a->x, (double)a->y}, (CurvePoint){(double)b->x, (double)b->y}))
                return true;
        }
        begin = trails->ends[piece];
    }
    return false;
}

/* Whether another curve than the one at [begin, end) of its level runs through. */
static bool crosses_curve(const LevelCurves *curves, Rect rect, int level, int begin, int end) {
    for (int k = 0; k < curves->n_levels; k++) {
        const Curves *other = &curves->curves[k];
        for (int i = 0, first = 0; i < other->n; first = other->ends[i++]) {
            if (k == level && first == begin && other->ends[i] == end) continue;
            for (int p = first + 1; p < other->ends[i]; p++)
                if (overlaps(rect, other->points[p - 1], other->points[p])) return true;
        }
    }
    return false;
}

static bool near_same_level(const LevelCurves *curves, int level, Point centre) {
    for (int i = 0; i < curves->n_labels; i++) {
        const LevelLabel *label = &curves->labels[i];
        if (label->level == level &&
            hypotf(label->centre.x - centre.x, label->centre.y - centre.y) < SAME_LEVEL_APART)
            return true;
    }
    return false;
}

/* How steep the line is over the width of a label around point i; 1 where it ends before. */
static float steepness(const CurvePoint *points, int n, int i, float width) {
    int a = i, b = i;
    while (a > 0 && hypot(points[a].x - points[i].x, points[a].y - points[i].y) < (double)width) a--;
    while (b + 1 < n && hypot(points[b].x - points[i].x, points[b].y - points[i].y) < (double)width) b++;
    double dx = fabs(points[b].x - points[a].x), dy = fabs(points[b].y - points[a].y);
    bool short_of = hypot(dx, dy) < 1.2 * (double)width;
    return short_of ? 1 : (float)(dy / hypot(dx, dy));
}

typedef struct Labelling {
    LevelCurves *curves;
    Canvas *canvas;
    LabelPlacer *placer;
    const TrailBuffer *trails;
} Labelling;

/* The best place on one curve. */
static bool find_place(const Labelling *labelling, int level, int begin, int end, LevelLabel *label) {
    enum { PLACES = 160 };
    const LevelCurves *curves = labelling->curves;
    const CurvePoint *points = curves->curves[level].points;
    /* Rounded up, so that canvases that measure a little differently agree. */
    float width = 2 * ceilf(0.5f * canvas_text_width(labelling->canvas, FONT_TEXT, LABEL_SIZE, label->text));
    float best = STEEP;
    int stride = (end - begin) / PLACES + 1;
    for (int i = begin; i < end; i += stride) {
        float steep = steepness(points + begin, end - begin, i - begin, 0.5f * width + LABEL_PADDING);
        if (steep >= best) continue;
        Point centre = {(float)points[i].x, (float)points[i].y};
        Rect rect = {centre.x - 0.5f * width - LABEL_PADDING, centre.y - 0.5f * LABEL_SIZE,
            width + 2 * LABEL_PADDING, LABEL_SIZE};
        if (!placer_is_free(labelling->placer, rect, EDGE) || near_same_level(curves, level, centre) ||
            crosses_trail(labelling->trails, rect) || crosses_curve(curves, rect, level, begin, end))
            continue;
        best = steep;
        label->rect = rect;
        label->centre = centre;
    }
    return best < STEEP;
}

static void label_curve(const Labelling *labelling, int level, int begin, int end) {
    LevelCurves *curves = labelling->curves;
    double length = length_of(curves->curves[level].points + begin, end - begin);
    if (length < (double)LENGTH_MIN) return;
    int wanted = (int)(length / (double)PX_PER_LABEL) + 1;
    for (int i = 0; i < wanted && curves->n_labels < LEVEL_LABELS_MAX; i++) {
        LevelLabel label = {.level = level};
        if (!write_level(curves->levels[level], label.text) ||
            !find_place(labelling, level, begin, end, &label))
            return;
        curves->labels[curves->n_labels++] = label;
        placer_block(labelling->placer, label.rect);
    }
}

void level_curves_label(LevelCurves *curves, Canvas *canvas, LabelPlacer *placer, const TrailBuffer *trails) {
    const Labelling labelling = {curves, canvas, placer, trails};
    curves->n_labels = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int level = 0; level < curves->n_levels; level++) {
            const Curves *of_level = &curves->curves[level];
            if (curves->strong[level] != (pass == 0)) continue;
            for (int i = 0, begin = 0; i < of_level->n; begin = of_level->ends[i++])
                label_curve(&labelling, level, begin, of_level->ends[i]);
        }
    }
}

/* Drawing. */

static bool is_in_gap(const LevelCurves *curves, int level, const CurvePoint *point) {
    for (int i = 0; i < curves->n_labels; i++)
        if (curves->labels[i].level == level &&
            rect_contains(curves->labels[i].rect, (float)point->x, (float)point->y))
            return true;
    return false;
}

static bool make_room(LevelCurves *curves, int n) {
    if (n <= curves->line_room) return true;
    Point *line = realloc(curves->line, (size_t)n * sizeof *line);
    if (!line) return false;
    curves->line = line;
    curves->line_room = n;
    return true;
}

void level_curves_block(const LevelCurves *curves, LabelPlacer *placer) {
    for (int i = 0; i < curves->n_labels; i++) placer_block(placer, curves->labels[i].rect);
}

/* A hairline has to be darker to be seen as well. */
static Colour thin_colour(const Theme *theme, bool strong) {
    Colour colour = theme->contour_strong;
    if (strong) colour.a = (uint8_t)lrintf(fminf(1.8f * (float)colour.a, 255));
    return colour;
}

void level_curves_draw(LevelCurves *curves, Canvas *canvas, const Theme *theme, bool thin) {
    const float share = thin ? THIN : 1;
    for (int level = 0; level < curves->n_levels; level++) {
        const Curves *of_level = &curves->curves[level];
        bool strong = curves->strong[level];
        int n = 0;
        if (!make_room(curves, of_level->n_points + of_level->n)) return;
        for (int i = 0, begin = 0; i < of_level->n; begin = of_level->ends[i++]) {
            for (int k = begin; k < of_level->ends[i]; k++) {
                const CurvePoint *point = &of_level->points[k];
                curves->line[n++] = is_in_gap(curves, level, point)
                                        ? (Point){NAN, NAN}
                                        : (Point){(float)point->x, (float)point->y};
            }
            curves->line[n++] = (Point){NAN, NAN};
        }
        Colour colour = strong ? theme->contour_strong : theme->contour;
        if (thin) colour = thin_colour(theme, strong);
        canvas_polyline(
            canvas, curves->line, n, share * (strong ? CONTOUR_STRONG_WIDTH : CONTOUR_WIDTH), colour);
    }
    for (int i = 0; i < curves->n_labels; i++) {
        const LevelLabel *label = &curves->labels[i];
        canvas_text(canvas, label->centre.x, label->centre.y + 0.36f * LABEL_SIZE, ALIGN_CENTRE, FONT_TEXT,
            LABEL_SIZE, colour_with_alpha(theme->text, 0.8f), label->text);
    }
}
