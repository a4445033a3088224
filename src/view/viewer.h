/* Everything that is on screen for one race: the surface with its trails, the chart, the cards, the timeline
 * and the bar of buttons. Drawn on any canvas, driven by events and by time, and knowing no window. */
#ifndef SLALOM_VIEWER_H
#define SLALOM_VIEWER_H

#include "canvas.h"
#include "event.h"
#include "file_list.h"
#include "pool.h"
#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>

typedef struct Viewer Viewer;

/* The scene is copied; the pool is borrowed and may be NULL (then the caller's thread does all the work). */
Viewer *viewer_create(const Scene *scene, Pool *pool, Status *status);
void viewer_destroy(Viewer *viewer);

/* What is on screen, with its look; the caller finishes it. */
Scene viewer_scene(const Viewer *viewer);
/* Puts another scene in its place, as one change that can be undone, and begins it. False, with nothing
 * changed, where it cannot run; the person is told why. */
bool viewer_set_scene(Viewer *viewer, const Scene *scene);
/* Shows a step; -1: plays the race from its start, or begins the scene's lesson. */
void viewer_begin(Viewer *viewer, int64_t at);

/* Draws the whole picture. What takes longer than a frame (a long race, a slow surface) is shown as far as it
 * has come and goes on with the next call, while viewer_is_animating. Once it is done the same viewer and
 * canvas size give the same calls. */
void viewer_draw(Viewer *viewer, Canvas *canvas);

/* The same, or, where nothing but the race goes on, what that has changed over the picture that was drawn
 * last: on the same canvas, where it must still be. Returns the part of the canvas that is new. What is
 * around the race follows some pictures later. */
Rect viewer_refresh(Viewer *viewer, Canvas *canvas);

/* The same for a picture that is kept: all work is done to its end, however long that takes, and hints that
 * are for hands only are left out. */
void viewer_draw_finished(Viewer *viewer, Canvas *canvas);

/* What the person did. The canvas that was drawn last must still be there: text is measured on it. True where
 * the picture must be drawn again. */
bool viewer_handle(Viewer *viewer, const Event *event);

/* From above, in space, or both: what is on the screen turns into it smoothly. */
void viewer_set_mode(Viewer *viewer, ViewMode mode);

/* Time passes: plays the race on. True where the picture must be drawn again. */
bool viewer_advance(Viewer *viewer, double seconds);

/* True while time alone changes the picture (playing, or a surface still being refined); otherwise the
 * window may sleep until the next event. */
bool viewer_is_animating(const Viewer *viewer);

/* The surface alone: without bar, panel and timeline. */
void viewer_set_bare(Viewer *viewer, bool bare);
/* Another colour behind everything than the theme's. */
void viewer_set_backdrop(Viewer *viewer, Colour colour);

void viewer_set_step(Viewer *viewer, int64_t step); /* the step that is shown; stops playing */
int64_t viewer_step(const Viewer *viewer);
int64_t viewer_step_count(const Viewer *viewer); /* how long the race is */
void viewer_play(Viewer *viewer, bool playing);

/* What the viewer asks of the program around it; each is answered once. */
typedef enum ViewerRequest {
    VIEWER_REQUEST_NONE,
    VIEWER_REQUEST_SCREENSHOT,
    VIEWER_REQUEST_RECORD, /* begin a film of the window, or end it */
    VIEWER_REQUEST_FULLSCREEN,
    VIEWER_REQUEST_PRESENT,    /* full screen or not, and the text size */
    VIEWER_REQUEST_TEXT_SIZE,  /* draw at viewer_text_size from now on */
    VIEWER_REQUEST_COPY,       /* put viewer_copied on the clipboard */
    VIEWER_REQUEST_COPY_SCENE, /* put viewer_scene on it as a command line */
    VIEWER_REQUEST_PASTE,      /* viewer_set_scene to the command line that is there */
    VIEWER_REQUEST_PROGRESS,   /* keep viewer_write_progress */
    VIEWER_REQUEST_LIST,       /* viewer_offer_files to open */
    VIEWER_REQUEST_OPEN,       /* the scene at viewer_path */
    VIEWER_REQUEST_SAVE,       /* viewer_scene there; "": where it is kept, or viewer_ask_path */
    VIEWER_REQUEST_ASK_PATH,   /* viewer_ask_path, in any case */
    VIEWER_REQUEST_QUIT,
} ViewerRequest;
ViewerRequest viewer_take_request(Viewer *viewer);

const char *viewer_copied(const Viewer *viewer); /* borrowed until the next event */
const char *viewer_path(const Viewer *viewer);   /* the same */

/* Lets the person choose a file, and takes the list over; or type the path of one to write. */
void viewer_offer_files(Viewer *viewer, FileList *files);
void viewer_ask_path(Viewer *viewer);

/* A part of the scene's lesson, if it has one, as it is at its end: 0 the question, 1 the first step, ... */
void viewer_show_stage(Viewer *viewer, int stage);
/* Opens the page with all lessons. */
void viewer_show_lessons(Viewer *viewer);

/* The shipped lessons that were finished, as a text to be kept (lesson_list.h). */
void viewer_write_progress(const Viewer *viewer, Text *out);
void viewer_read_progress(Viewer *viewer, const char *text);

/* In percent: how much larger than usual everything shall be drawn. */
int viewer_text_size(const Viewer *viewer);

/* Over a picture that was drawn: that a film is recorded, and for how long. */
void viewer_draw_record_mark(const Viewer *viewer, Canvas *canvas, double seconds);

/* Shows a short message to the person for a few seconds ("saved slalom-1.png"). */
void viewer_notify(Viewer *viewer, const char *message);

/* Shows one that stays until it is NULL: what is wrong with the file that is open. */
void viewer_tell(Viewer *viewer, const char *message);

/* The title of the window. */
const char *viewer_title(const Viewer *viewer);

#endif
