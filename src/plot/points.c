/* Looks and labels of single points. Where they are is known to the views. */
#include "points.h"

#include "marker.h"
#include "widgets.h"

#include <math.h>
#include <stdio.h>

static const float START_RADIUS = 9, READ_RADIUS = 4;
static const float LABEL_WIDTH_MAX = 170;
static const float PRINTED_START_RADIUS = 6;
static const float LEADER_FROM = 22; /* a label farther away than this is tied to its head by a line */
enum { EARLY_STEPS = 5 };

/* On the screen and printed. Printed ones are as wide on canvases that measure a little differently. */
typedef struct LabelLook {
    float height, padding, gap, corner_radius, round_to;
} LabelLook;
static const LabelLook label_looks[] = {{18, 5, 11, 4, 1}, {14, 3, 10.5f, 2, 2}};

void point_draw_stationary(
    Canvas *canvas, const Theme *theme, StationaryKind kind, Point point, float alpha) {
    static const struct {
        Marker marker;
        float radius;
    } looks[] = {
        [STATIONARY_MINIMUM] = {MARKER_STAR, 5.5f},
        [STATIONARY_SADDLE] = {MARKER_CROSS, 4},
        [STATIONARY_MAXIMUM] = {MARKER_TRIANGLE, 4},
        [STATIONARY_DEGENERATE] = {MARKER_DIAMOND, 4},
    };
    bool minimum = kind == STATIONARY_MINIMUM;
    marker_draw(canvas, looks[kind].marker, point, looks[kind].radius,
        colour_with_alpha(theme->marker, alpha * (minimum ? 0.95f : 0.7f)), 1,
        colour_with_alpha(theme->marker_edge, alpha * (minimum ? 0.9f : 0.6f)));
}

void point_draw_start(Canvas *canvas, const Subject *subject, Point centre, bool held) {
    const Theme *theme = subject->theme;
    float radius = subject->printed ? PRINTED_START_RADIUS : START_RADIUS + (held ? 1.5f : 0);
    Rect outer = {centre.x - radius - 1, centre.y - radius - 1, 2 * radius + 2, 2 * radius + 2};
    Rect inner = {centre.x - radius, centre.y - radius, 2 * radius, 2 * radius};
    canvas_stroke_rect(canvas, outer, radius + 1, 3.5f, colour_with_alpha(theme->marker_edge, 0.7f));
    canvas_stroke_rect(canvas, inner, radius, held ? 2.5f : 2, theme->marker);
}

void point_draw_read(Canvas *canvas, const Subject *subject, Point point, float alpha) {
    const Theme *theme = subject->theme;
    Colour colour = subject_racer_colour(subject, subject->read_racer);
    canvas_circle(canvas, point, READ_RADIUS + 3, colour_with_alpha(theme->marker_edge, 0.8f * alpha));
    canvas_circle(canvas, point, READ_RADIUS + 2, colour_with_alpha(theme->marker, alpha));
    canvas_circle(canvas, point, READ_RADIUS, colour_with_alpha(colour, alpha));
}

void point_draw_label(Canvas *canvas, LabelPlacer *placer, const Subject *subject, Point point, Colour colour,
    const char *text, int *choice) {
    char fitted[FITTED_BYTES];
    float width = text_fit(canvas, FONT_STRONG, SIZE_SMALL, text, LABEL_WIDTH_MAX, fitted);
    const LabelLook *look = &label_looks[subject->printed];
    width = look->round_to * ceilf(width / look->round_to) + 2 * look->padding;
    Rect place;
    if (!placer_place(placer, point, width, look->height, look->gap, choice, &place)) return;
    float middle = place.y + 0.5f * place.height;
    float end_x = place.x > point.x ? place.x : place.x + place.width;
    if (fabsf(middle - point.y) > LEADER_FROM && (place.x > point.x || end_x < point.x))
        canvas_segments(canvas, (Point[]){point, {end_x, middle}}, 1, 1, colour_with_alpha(colour, 0.6f));
    canvas_fill_rect(canvas, place, look->corner_radius, subject->theme->label_back);
    canvas_text(canvas, place.x + look->padding, text_baseline(middle, SIZE_SMALL), ALIGN_LEFT, FONT_STRONG,
        SIZE_SMALL, colour, fitted);
}

void point_label_racer(Canvas *canvas, LabelPlacer *placer, const Subject *subject, int racer, Point point,
    bool diverged, int *choice) {
    char text[RACER_LABEL_BYTES + sizeof " diverged"];
    snprintf(text, sizeof text, "%s%s", subject_racer_title(subject, racer), diverged ? " diverged" : "");
    point_draw_label(canvas, placer, subject, point, subject_racer_text_colour(subject, racer), text, choice);
}

/* The start's label goes to the side that the racers leave by less. */
static int start_side(const Subject *subject) {
    double to_right = 0;
    for (int i = 0; i < subject_racer_count(subject); i++) {
        SubjectPath path = subject_path(subject, i);
        if (!path.x) continue;
        int64_t early = path.last < EARLY_STEPS ? path.last : EARLY_STEPS;
        to_right += path.x[2 * early] > subject->start[0] ? 1 : -1;
    }
    return to_right > 0 ? PLACE_LEFT : PLACE_RIGHT;
}

void point_label_start(
    Canvas *canvas, LabelPlacer *placer, const Subject *subject, Point point, int *choice) {
    if (*choice < 0) *choice = start_side(subject);
    point_draw_label(canvas, placer, subject, point, subject->theme->text,
        subject->still || !subject_start_moves(subject) ? "start" : "start (drag me)", choice);
}
