/* A scene: what races on what, and how it is shown. One set of command line arguments, or one window. */
#ifndef SLALOM_SCENE_H
#define SLALOM_SCENE_H

#include "field.h"
#include "network_scene.h"
#include "own.h"
#include "race.h"
#include "status.h"
#include "surface.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* A parameter of the surface, as --set gives it. */
typedef struct Setting {
    char name[SYMBOL_NAME_BYTES];
    double value;
} Setting;

typedef enum ViewMode { VIEW_PLANE, VIEW_TERRAIN, VIEW_BOTH, VIEW_MODES } ViewMode;
extern const char *const view_mode_names[VIEW_MODES + 1]; /* "2d", ...; NULL */

/* Pictures of networks in training, in the order in which they are offered. */
typedef enum NetworkPicture {
    NETWORK_PICTURE_BOUNDARY,
    NETWORK_PICTURE_IMAGES,
    NETWORK_PICTURE_UNITS,
    NETWORK_PICTURE_LAYERS,
    NETWORK_PICTURE_LANDSCAPE,
    NETWORK_PICTURE_CURVATURE,
    NETWORK_PICTURE_CURVES,
    NETWORK_PICTURES,
    NETWORK_PICTURE_USUAL = 0, /* or the first after it that has something to show */
} NetworkPicture;
extern const char *const network_picture_names[NETWORK_PICTURES + 1]; /* "boundary", ...; NULL */

/* Of the landscape: where its plane, or the line, lies in the space of weights. */
typedef enum NetworkPlane {
    NETWORK_PLANE_PRINCIPAL, /* along the two principal components of the racers' ways */
    NETWORK_PLANE_RANDOM,    /* along two random directions, from where one racer is */
    NETWORK_PLANE_POINTS,    /* through the start and where two racers are */
    NETWORK_PLANE_LINE,      /* the line through where two racers are */
    NETWORK_PLANES,
} NetworkPlane;
extern const char *const network_plane_names[NETWORK_PLANES + 1]; /* "principal", ...; NULL */

enum {
    TEXT_SIZE_MIN = 80,
    TEXT_SIZE_USUAL = 100,
    TEXT_SIZE_MAX = 200,
    LOOK_ELEVATION_MIN = 8, /* degrees */
    LOOK_ELEVATION_MAX = 85,
    SCENE_STEPS_USUAL = 200,
    SCENE_SEED_USUAL = 1,
};

/* The horizontal axis of the chart; where there is no such axis it is the usual one. */
typedef enum ChartLookAxis {
    CHART_LOOK_AXIS_USUAL, /* steps, or epochs of networks */
    CHART_LOOK_AXIS_STEPS,
    CHART_LOOK_AXIS_EVALUATIONS,
    CHART_LOOK_AXIS_TIME,
    CHART_LOOK_AXIS_EPOCHS,
    CHART_LOOK_AXIS_EXAMPLES,
    CHART_LOOK_AXES,
} ChartLookAxis;

/* How the chart is set; {0}: as it opens. Networks have two of them, of which the upper one is of the loss.
 */
typedef struct ChartLook {
    int quantity; /* a row of quantity_table (series.h); of networks it is that of the lower one */
    ChartLookAxis axis;
    int scale, lower_scale;        /* a ChartScale of the view */
    double x[2], y[2], lower_y[2]; /* the part that is shown; without extent: everything */
} ChartLook;

/* How the race is shown. */
/* How the sharpness is shown: as each racer's rule scales gradients, of the loss itself, or as a share of
 * what is stable. */
typedef enum LookSharpness { LOOK_SHARPNESS_SCALED, LOOK_SHARPNESS_LOSS, LOOK_SHARPNESS_SHARE } LookSharpness;

typedef struct Look {
    bool light;       /* the light theme */
    bool names_theme; /* it was asked for; otherwise what is for paper is light */
    ViewMode view;
    NetworkPicture picture;    /* of networks */
    NetworkPlane plane;        /* of their landscape */
    bool has_orbit;            /* otherwise the view's own */
    double azimuth, elevation; /* where the terrain is seen from, in degrees */
    bool has_box;              /* otherwise all of the surface's own box */
    Box box;                   /* the part of the plane that is shown */
    int think;                 /* the racer, from 1, whose step is worked out; 0: none */
    int cloud;                 /* so many gradients are drawn around each racer; 0: none */
    int basins;                /* the racer, from 1, the map of whose basins is drawn; 0: none */
    int beside;                /* the racer, from 1, beside the first in images, or a line's end; 0: none */
    bool gradients;            /* lines between a network's neurons are gradients; otherwise weights */
    int compare[2];            /* racers, from 1, whose neurons are shown; {0, 0}: as it comes, {n, 0}: one */
    LookSharpness sharpness;   /* of networks' curvature */
    int text_size;             /* how large everything is drawn, in percent; 0: as usual */
    int64_t at;                /* the step that is shown; -1: the last */
    ChartLook chart;
} Look;

typedef struct Scene {
    char *title;   /* what it is called; NULL: nothing; owned */
    char *notes;   /* free text; NULL: none; owned */
    char *surface; /* a shipped name or a formula; owned */
    Setting settings[FORMULA_PARAMETERS_MAX];
    int n_settings;
    int64_t dim;     /* 0: a surface in the plane; otherwise a field of so many dimensions (field.h) */
    bool has_start;  /* otherwise the surface's own */
    double start[2]; /* in a field repeated along the coordinates */
    RacerSpec racers[RACE_RACERS_MAX];
    OwnOptimizer
        *own[RACE_RACERS_MAX]; /* of a racer whose optimizer is typed; NULL for a shipped one; owned */
    int n_racers;
    int64_t steps;
    int64_t batch; /* examples that a step sees of a surface with a table of them; 0: all */
    ExampleOrder order;
    uint64_t seed;
    NetworkScene network; /* where it is on, the racers train it and the surface is not looked at */
    Look look;
    struct Lesson *lesson; /* lesson.h; NULL: none; shared */
} Scene;

/* The race that opens when nothing is asked for. */
Scene scene_default(void);
void scene_finish(Scene *scene);
Scene scene_copy(const Scene *scene);

void scene_clear_racers(Scene *scene);
/* Those that train a network when nobody says which. */
void scene_set_network_racers(Scene *scene);

/* Another surface; takes the string over. */
void scene_set_surface(Scene *scene, char *surface);

/* Reads a racer (racer_text.h) and puts it behind the others. */
bool scene_add_racer(Scene *scene, const char *text, Status *status);
/* Reads key=value,... and gives it to every racer that is here and has such a key. */
bool scene_set_all(Scene *scene, const char *text, Status *status);
/* Reads NAME=VALUE; takes the place of what was set under this name. */
bool scene_add_setting(Scene *scene, const char *text, Status *status);
/* Reads N[,ORDER] for --batch, an order being one of example_order_names. */
bool scene_set_batch(Scene *scene, const char *text, Status *status);
/* Reads X,Y for --start. */
bool scene_set_start(Scene *scene, const char *text, Status *status);

/* Appends the command line that recreates the scene, without its words and its lesson, as one line for a
 * POSIX shell: slalom --surface ... Read by the app's arguments_read it gives a scene that is written the
 * same and races the same. The scene has a racer. */
void scene_write(const Scene *scene, Text *line);

/* A surface with the scene's settings, and a race on it from the scene's start. The surface must outlive
 * the race. */
Surface *scene_surface(const Scene *scene, Status *status);
/* The same for a scene with a dimension. */
Field *scene_field(const Scene *scene, Status *status);
Race *scene_field_race(const Scene *scene, Field *field, Status *status);

Race *scene_race(const Scene *scene, Surface *surface, Status *status);

#endif
