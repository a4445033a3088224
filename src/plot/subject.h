/* What all views show: one race on one surface, at one step. Filled in by the viewer before each picture. */
#ifndef SLALOM_SUBJECT_H
#define SLALOM_SUBJECT_H

#include "dash.h"
#include "live_training.h"
#include "marker.h"
#include "race.h"
#include "surface.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

/* What is shown of a race of networks instead of traces. */
typedef struct SubjectNetworks {
    const RacerSpec *specs; /* (n) */
    int n;
    size_t parameters, examples; /* of each; in the training part */
    /* (n): the last report at the step that is shown, or before; NULL: there is none yet. */
    const LiveReport *reports[RACE_RACERS_MAX];
} SubjectNetworks;

/* The plane in the space of weights that a race of networks is looked at on. */
typedef struct SubjectPlane {
    const double *paths[RACE_RACERS_MAX]; /* (rows, 2), to the step that is shown; NULL: there is none */
    int64_t rows[RACE_RACERS_MAX];        /* 1 or more */
    const char *axes[2];
} SubjectPlane;

typedef struct Subject {
    const Theme *theme;
    Surface *surface; /* this and the next are NULL for networks */
    const Race *race;
    const SubjectNetworks *networks; /* NULL for a surface */
    const SubjectPlane *plane;       /* of networks; NULL: they are looked at otherwise */
    uint64_t race_version;           /* changes whenever the traces have changed */
    double lowest;                   /* the lowest known loss of the surface; NAN where none is known */
    double start[2];
    Box seen;         /* the part of the plane that is in sight */
    int64_t step;     /* the step that is shown */
    bool still;       /* a picture that is kept: no hints for hands */
    bool printed;     /* a figure: thin lines, racers told apart without colours */
    bool veiled;      /* the class has not guessed yet: nothing of the race but its start is shown */
    int selected;     /* the racer that is worked on; -1: none */
    int read_racer;   /* whose row a person points at; -1: nobody's */
    int64_t read_row; /* no later than the one that is shown */
} Subject;

int subject_racer_count(const Subject *subject);
const RacerSpec *subject_racer(const Subject *subject, int racer);

/* How a racer is called on the screen: its own label, or the title of its optimizer where it has none. */
const char *subject_racer_title(const Subject *subject, int racer);

/* How a racer is drawn: not at all where it is hidden or others are shown alone. A ghost is fainter and its
 * lines are thinner; its name stays legible. */
bool subject_racer_visible(const Subject *subject, int racer);
int subject_racer_style(const Subject *subject, int racer); /* 1 is the first */
Colour subject_racer_colour(const Subject *subject, int racer);
Colour subject_racer_text_colour(const Subject *subject, int racer);
Dash subject_racer_dash(
    const Subject *subject, int racer); /* solid as long as colours suffice, if not printed */
Marker subject_racer_marker(const Subject *subject, int racer); /* a cross where it has diverged */
float subject_racer_width(
    const Subject *subject, int racer, float width); /* of a line that is usually so wide */
/* Of its trail: solid, if not printed. */
Dash subject_trail_dash(const Subject *subject, int racer);
/* What lies around a trail, against the surface. */
Colour subject_trail_edge(const Subject *subject, float alpha);

/* A racer's way over the surface or the plane. */
typedef struct SubjectPath {
    const double *x;       /* (last + 1, 2); NULL: it is not there */
    const double *average; /* of its iterates, the same; NULL: there is none */
    int64_t row, last;     /* the one that is shown, and the last that is known */
} SubjectPath;
SubjectPath subject_path(const Subject *subject, int racer);
const char *const *subject_axes(const Subject *subject); /* [2]; of the same */
bool subject_start_moves(const Subject *subject);        /* a hand may drag it */

/* Where the racer was that is pointed at in a chart; NULL where nothing is. */
const double *subject_read_point(const Subject *subject);

/* The row of a racer's trace that is shown. */
int64_t subject_row(const Subject *subject, int racer);
/* At the step that is shown. A word for the status, "" while running; the loss is NAN where it is not known.
 */
RacerStatus subject_racer_status(const Subject *subject, int racer);
const char *subject_racer_status_name(const Subject *subject, int racer);
double subject_racer_loss(const Subject *subject, int racer);

/* Where the racer with the lowest loss is at the step that is shown; false where none has a finite one. */
bool subject_leader(const Subject *subject, double x[2]);

/* The surface's title, or its formula. */
const char *subject_surface_title(const Subject *subject);

#endif
