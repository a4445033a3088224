/* Immediate-mode widgets over the canvas.
 *
 * A view is one function that names its widgets, and it is called for two reasons: to draw, and to let one
 * event act. In a pass for an event the canvas is mute: it measures and draws nothing. A widget returns what
 * the event did to it, so that whoever calls it changes its own things there and then. From pass to pass a
 * widget is known by its name ("racer 1.lr"): by it the focus stays, a drag goes on, and a test finds it.
 *
 * An event belongs to the first widget that takes it. The keyboard goes to the widget in focus first; Tab and
 * Shift+Tab move the focus in the order in which widgets are called, and Escape drops it. */
#ifndef SLALOM_UI_H
#define SLALOM_UI_H

#include "canvas.h"
#include "event.h"
#include "keys.h"
#include "mute_canvas.h"
#include "status.h"
#include "text.h"
#include "text_edit.h"
#include "theme.h"

#include <stdbool.h>
#include <stdint.h>

enum { UI_NAME_BYTES = 64, UI_TIP_BYTES = 96, UI_TOLD_BYTES = 200, UI_CONTROLS_MAX = 768 };

/* UI_POINTER: the keyboard passes it by, since keys of its own do what it does. */
typedef enum UiKind { UI_BUTTON, UI_SLIDER, UI_FIELD, UI_AREA, UI_POINTER } UiKind;

typedef struct UiControl {
    char name[UI_NAME_BYTES];
    UiKind kind;
    Rect rect;
    Rect seen; /* rect cut to the clip: where the pointer meets it; without width: not in sight */
    char tip[UI_TIP_BYTES]; /* what it does, for people; "": none */
} UiControl;

/* The one field that is edited. */
typedef struct UiEdit {
    char name[UI_NAME_BYTES];   /* of its control; "": no field is edited */
    char wanted[UI_NAME_BYTES]; /* the field that is edited from its next pass on; "": none */
    TextEdit text;
    Text before;      /* what it began with; owned */
    Status problem;   /* what is wrong with the text as it stands; whoever calls the field may say so */
    uint32_t gesture; /* of all changes that follow from one edit */
    size_t first;     /* what is in sight begins at this byte of one line, or at this one of many lines */
    bool tells;       /* its problem is shown beside it at the end of the pass */
} UiEdit;

typedef struct Ui {
    /* For the views, during a pass. */
    Canvas *canvas;
    const Theme *theme;
    const Event *event;       /* NULL: none, or taken */
    bool draws;               /* this pass draws */
    char told[UI_TOLD_BYTES]; /* what a widget wants the person to know; "": nothing */
    Action posted;            /* what a widget asks the viewer to do after the pass */
    Text copied;              /* what a widget puts on the clipboard; owned; empty: nothing */

    /* From pass to pass. */
    MuteCanvas mute;
    Rect clip;
    UiControl controls[UI_CONTROLS_MAX]; /* of the last pass, in order */
    int n_controls;
    char focus[UI_NAME_BYTES];   /* "": none */
    char active[UI_NAME_BYTES];  /* the widget that holds the pointer */
    char hovered[UI_NAME_BYTES]; /* the widget under it */
    char hovered_before[UI_NAME_BYTES];
    double hovered_s; /* for how long */
    bool focus_seen;  /* reached by the keyboard: it is shown */
    float pointer_x, pointer_y;
    uint32_t gesture; /* counts presses: what changes in one press is one change */
    bool changed;     /* the picture is no longer what it was */
    bool tip_shown;
    bool lets_go; /* the event of this pass ends every drag */
    UiEdit edit;
} Ui;

void ui_init(Ui *ui);
void ui_finish(Ui *ui);

/* A pass on `canvas`, which must be as it was drawn last when an event comes. event: NULL to draw. */
void ui_begin(Ui *ui, Canvas *canvas, const Theme *theme, const Event *event);
/* Moves the focus where the event asked for that, and draws the tip of the widget under the pointer. */
void ui_end(Ui *ui);
/* Time passes. True where the picture changes by that. */
bool ui_advance(Ui *ui, double seconds);
bool ui_is_waiting(const Ui *ui); /* for a tip that is about to show */

/* What is called until ui_clip_all is cut to `rect`, for eyes and pointer. */
void ui_clip(Ui *ui, Rect rect);
void ui_clip_all(Ui *ui);

/* The event is dealt with: nobody else gets it, and the picture must be drawn again. */
void ui_take(Ui *ui);
void ui_drop_focus(Ui *ui);
void ui_focus(Ui *ui, const char *name);   /* as if the keyboard had reached it */
void ui_tell(Ui *ui, const char *message); /* to be shown to the person after the pass */

/* For widgets: registers one; the others need its control. tip: NULL for none. NULL where there are too many.
 */
const UiControl *ui_control(Ui *ui, const char *name, UiKind kind, Rect rect, const char *tip);
bool ui_is_hovered(const Ui *ui, const UiControl *control);
bool ui_is_active(const Ui *ui, const UiControl *control);
bool ui_is_focused(const Ui *ui, const UiControl *control); /* the keyboard is its */
bool ui_shows_focus(const Ui *ui, const UiControl *control);
/* The left button went down on it in this pass; it is active then, and has the focus. Does not take the
 * event. */
bool ui_is_pressed(Ui *ui, const UiControl *control);
bool ui_is_pressed_by(Ui *ui, const UiControl *control, int button); /* the same for another button */
/* This key went down while it has the focus. */
bool ui_has_key(const Ui *ui, const UiControl *control, int key);
void ui_draw_focus(Ui *ui, const UiControl *control, float radius);

/* Finds a control of the last pass; NULL where there is none. */
const UiControl *ui_find(const Ui *ui, const char *name);

/* Widgets. */

typedef struct UiLook {
    bool active; /* it is what is happening now */
    bool flat;   /* no box until the pointer is there */
    bool dim;
    bool small;
} UiLook;

/* True where it was pressed, by pointer or key. */
bool ui_button(Ui *ui, const char *name, Rect rect, const char *text, UiLook look, const char *tip);
/* A button without a face: whoever calls draws what is there. */
bool ui_area(Ui *ui, const char *name, Rect rect, const char *tip);

typedef struct UiRange {
    double min, max;
    bool logarithmic;
    bool whole;     /* whole numbers only */
    bool from_zero; /* the left end of a logarithmic range is 0 */
    double normal;  /* a double click brings this back; NAN: nothing */
} UiRange;
/* A hundredth of the range up (1) or down (-1), a thousandth where `fine`, but always to another value. False
 * at its end. */
bool ui_range_step(const UiRange *range, double *value, int way, bool fine);
/* The track runs through the middle of rect. True where *value has changed; it has three significant digits
 * then. The arrow keys move it while it has the focus, finely with shift. */
bool ui_slider(
    Ui *ui, const char *name, Rect rect, const UiRange *range, Colour fill, double *value, const char *tip);

#endif
