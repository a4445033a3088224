/* What a Viewer is made of. For the viewer's own files and the tests; everybody else sees viewer.h. */
#ifndef SLALOM_VIEWER_STATE_H
#define SLALOM_VIEWER_STATE_H

#include "apply.h"
#include "arena.h"
#include "bar_view.h"
#include "browser.h"
#include "cards_view.h"
#include "chart_view.h"
#include "course.h"
#include "editor.h"
#include "ground_view.h"
#include "help_view.h"
#include "keys.h"
#include "lesson_list.h"
#include "lesson_point.h"
#include "lesson_view.h"
#include "morph.h"
#include "network_stage.h"
#include "palette.h"
#include "refresh.h"
#include "rng.h"
#include "shot.h"
#include "subject.h"
#include "think_view.h"
#include "ui.h"
#include "viewer.h"
#include "window_layout.h"
#include "working_view.h"

#include <stdbool.h>
#include <stdint.h>

enum { NOTICE_BYTES = 200 };

struct Viewer {
    Editor editor;            /* the scene as it shall be */
    const Arena *arena;       /* of it */
    Running running;          /* and what runs by it on a surface, */
    NetworkStage *network;    /* or of networks; NULL: nothing; owned */
    uint64_t applied_version; /* of the editor's scene */
    Subject subject;          /* what is shown; the views see nothing else of the viewer */
    double first_start[2];
    Rng rng; /* for random starts */

    bool playing;
    int64_t play_end;   /* where it stops, if the race is as long */
    double position;    /* the step that is shown, with its fraction while playing */
    int speed;          /* index into the arena's */
    double countdown_s; /* until the race is played; 0: none */

    Ui ui;
    Canvas *canvas;      /* borrowed: of the picture drawn last */
    WindowLayout layout; /* of it */
    Pool *pool;          /* borrowed */
    bool has_shot;              /* a film's camera says where from: */
    Shot shot;
    GroundView ground; /* of a surface */
    ChartView chart;
    CardsView cards;
    int cloud;   /* gradients around each racer; 0: none */
    int basins;  /* the racer, from 1, whose basins are shown; 0: none */
    bool thinks; /* the chosen racer's step is shown and worked out */
    ThinkView think;
    WorkingView working;
    Rect working_rect; /* of the picture drawn last; without width: none */
    HelpView help;
    Palette palette;
    bool help_open;
    Browser browser;
    Course course;      /* the lesson that is on */
    LessonList lessons; /* all of them, */
    int lesson;         /* and which of them it is; -1: none, or one of its own */
    LessonView lesson_view;
    Rect lesson_rect; /* of the picture drawn last; without width: none */
    Morph morph;      /* a change of the lesson under way, */
    uint32_t morph_gesture;
    int lesson_speed; /* that was chosen for the stage */
    bool has_mark;    /* something is pointed at: */
    LessonPoint mark;
    double mark_fresh_s; /* for how long it glows */
    PanelChoice panel;
    bool bare;         /* there is nothing but the plot */
    Theme backdrop[2]; /* themes with another background: the one in use, and the one before */
    bool draws_again;  /* the last picture has found out that it should be another one */
    Refresh refresh;
    int text_size;     /* percent */
    bool presents;
    int text_size_before; /* it was presented */
    char notice[NOTICE_BYTES];
    double notice_s; /* for how long it is still shown */
    bool told;       /* there is one that stays */
    char told_text[NOTICE_BYTES];
    ViewerRequest request;
    Text copied; /* for VIEWER_REQUEST_COPY; owned */
    Text path;   /* for VIEWER_REQUEST_OPEN and _SAVE; owned */
};

/* Does what a key or a button asks for (controls.c). True where the picture must be drawn again. */
bool viewer_act(Viewer *viewer, Action action);

/* Lessons (viewer_lesson.c). A scene that has one begins it with viewer_begin. */
bool viewer_is_in_lesson(const Viewer *viewer);
void viewer_begin_lesson(Viewer *viewer);
void viewer_leave_lesson(Viewer *viewer); /* the scene stays */
void viewer_lesson_next(Viewer *viewer);  /* the next page, stage or lesson */
void viewer_lesson_back(Viewer *viewer);
/* One of viewer->lessons. False, with nothing changed, where it cannot be; the person is told why. */
bool viewer_open_lesson(Viewer *viewer, int lesson);
/* Takes the panel's room from the layout. */
void viewer_place_lesson(Viewer *viewer, Canvas *canvas);
/* Where that is which is pointed at; false where it is not in sight. */
bool viewer_mark_rect(const Viewer *viewer, Rect *rect);
void viewer_draw_mark(const Viewer *viewer, Canvas *canvas);
bool viewer_advance_lesson(Viewer *viewer, double seconds); /* true where the picture changes */
bool viewer_lesson_is_moving(const Viewer *viewer);

/* Asks for a text to be put on the clipboard. */
void viewer_copy(Viewer *viewer, const char *text);

/* Does what was chosen in the palette (choices.c), and what its actions begin with. */
void viewer_choose(Viewer *viewer, const PaletteItem *item);
void viewer_edit_formula(Viewer *viewer);
void viewer_edit_script(Viewer *viewer, int racer);
void viewer_new_optimizer(Viewer *viewer);

/* Before each picture on a canvas: the race run on, and what is shown of it. */
void viewer_prepare(Viewer *viewer, Canvas *canvas);

/* A figure of a race on a surface (figure.c). */
void viewer_draw_surface_figure(Viewer *viewer, Canvas *canvas, Figure figure, Rect rect);

/* Makes what runs follow the editor's scene. Where that cannot be done the change is withdrawn, and
 * the person is told why; false then. */
bool viewer_apply(Viewer *viewer);

/* Shows the race so, at once; the step is left to others (viewer_scene.c). */
void viewer_show_look(Viewer *viewer, const Look *look);

/* The plot (plot.c). Another surface begins with the whole of it in sight. */
bool viewer_show_surface(Viewer *viewer, Status *status);
void viewer_draw_plot(Viewer *viewer, Canvas *canvas, Rect covered);
void viewer_handle_plot(Viewer *viewer);

/* Races on another surface, a shipped name or a formula, from its own start. */
void viewer_choose_surface(Viewer *viewer, const char *name_or_formula);

/* Moves the start, as one change a gesture; the step that is shown stays. */
void viewer_move_start(Viewer *viewer, const double start[2]);

#endif
