/* How racers and surfaces are named and coloured, the same in every view. */
#include "subject.h"

#include <math.h>
#include <string.h>

static const float GHOST_ALPHA = 0.5f, GHOST_TEXT_ALPHA = 0.8f, GHOST_WIDTH = 0.7f;
static const float PRINTED_WIDTH = 0.8f; /* of a line on the screen */

int subject_racer_count(const Subject *subject) {
    return subject->networks ? subject->networks->n : race_racer_count(subject->race);
}

const RacerSpec *subject_racer(const Subject *subject, int racer) {
    return subject->networks ? &subject->networks->specs[racer] : race_spec(subject->race, racer);
}

const char *subject_racer_title(const Subject *subject, int racer) {
    const RacerSpec *spec = subject_racer(subject, racer);
    bool own = spec->label[0] && strcmp(spec->label, spec->optimizer->name) != 0;
    return own ? spec->label : spec->optimizer->title;
}

bool subject_racer_visible(const Subject *subject, int racer) {
    if (subject->veiled) return false;
    const RacerLook *look = &subject_racer(subject, racer)->look;
    if (look->hidden || look->solo) return !look->hidden;
    for (int i = 0; i < subject_racer_count(subject); i++)
        if (subject_racer(subject, i)->look.solo) return false;
    return true;
}

int subject_racer_style(const Subject *subject, int racer) {
    int style = subject_racer(subject, racer)->look.style;
    return style > 0 ? style : racer + 1;
}

static Colour colour_of(const Subject *subject, int racer, float ghost_alpha) {
    Colour colour = subject->theme->racers[(subject_racer_style(subject, racer) - 1) % RACER_COLOURS];
    bool ghost = subject_racer(subject, racer)->look.ghost;
    return ghost ? colour_with_alpha(colour, ghost_alpha) : colour;
}

Colour subject_racer_colour(const Subject *subject, int racer) {
    return colour_of(subject, racer, GHOST_ALPHA);
}

Colour subject_racer_text_colour(const Subject *subject, int racer) {
    return colour_of(subject, racer, GHOST_TEXT_ALPHA);
}

Dash subject_racer_dash(const Subject *subject, int racer) {
    int style = subject_racer_style(subject, racer) - 1;
    return (Dash)((subject->printed ? style : style / RACER_COLOURS) % DASH_COUNT);
}

Marker subject_racer_marker(const Subject *subject, int racer) {
    if (subject_racer_status(subject, racer) == RACER_DIVERGED) return MARKER_CROSS;
    return marker_of_style(subject_racer_style(subject, racer));
}

float subject_racer_width(const Subject *subject, int racer, float width) {
    if (subject->printed) width *= PRINTED_WIDTH;
    return subject_racer(subject, racer)->look.ghost ? GHOST_WIDTH * width : width;
}

Dash subject_trail_dash(const Subject *subject, int racer) {
    return subject->printed ? subject_racer_dash(subject, racer) : DASH_SOLID;
}

Colour subject_trail_edge(const Subject *subject, float alpha) {
    const Theme *theme = subject->theme;
    return colour_with_alpha(subject->printed ? theme->marker_edge : theme->trail_edge, alpha);
}

SubjectPath subject_path(const Subject *subject, int racer) {
    const SubjectPlane *plane = subject->plane;
    if (plane)
        return (SubjectPath){plane->paths[racer], NULL, plane->rows[racer] - 1, plane->rows[racer] - 1};
    const Trace *trace = race_trace(subject->race, racer);
    return (SubjectPath){trace->x, trace->average, trace_row(trace, subject->step), trace->last};
}

const char *const *subject_axes(const Subject *subject) {
    return subject->plane ? subject->plane->axes : subject->surface->axes;
}

bool subject_start_moves(const Subject *subject) {
    return subject->surface != NULL;
}

const double *subject_read_point(const Subject *subject) {
    int racer = subject->read_racer;
    if (racer < 0 || racer >= subject_racer_count(subject) || !subject_racer_visible(subject, racer))
        return NULL;
    return race_trace(subject->race, racer)->x +
           2 * trace_row(race_trace(subject->race, racer), subject->read_row);
}

int64_t subject_row(const Subject *subject, int racer) {
    return trace_row(race_trace(subject->race, racer), subject->step);
}

static TrainingStatus training_status(const Subject *subject, int racer) {
    const LiveReport *report = subject->networks->reports[racer];
    return report ? report->report.status : TRAINING_RUNNING;
}

RacerStatus subject_racer_status(const Subject *subject, int racer) {
    if (subject->networks)
        return training_status(subject, racer) == TRAINING_DIVERGED ? RACER_DIVERGED : RACER_RUNNING;
    return (RacerStatus)race_trace(subject->race, racer)->status[subject_row(subject, racer)];
}

const char *subject_racer_status_name(const Subject *subject, int racer) {
    if (subject->networks) {
        TrainingStatus status = training_status(subject, racer);
        return status == TRAINING_RUNNING ? "" : training_status_name(status);
    }
    RacerStatus status = subject_racer_status(subject, racer);
    return status == RACER_RUNNING ? "" : racer_status_name(status);
}

double subject_racer_loss(const Subject *subject, int racer) {
    if (!subject->networks) return race_trace(subject->race, racer)->loss[subject_row(subject, racer)];
    const LiveReport *report = subject->networks->reports[racer];
    return report ? report->report.training.loss : NAN;
}

bool subject_leader(const Subject *subject, double x[2]) {
    double lowest = INFINITY;
    for (int i = 0; i < subject_racer_count(subject); i++) {
        SubjectPath path = subject_path(subject, i);
        double loss = subject_racer_loss(subject, i);
        if (!path.x || subject_racer_status(subject, i) == RACER_DIVERGED || !(loss < lowest)) continue;
        lowest = loss;
        memcpy(x, path.x + 2 * path.row, 2 * sizeof *x);
    }
    return lowest < INFINITY;
}

const char *subject_surface_title(const Subject *subject) {
    return subject->surface->row ? subject->surface->row->title : subject->surface->text;
}
