/* What a person changes: the scene as it shall be, and its history. Views change it through this; the viewer
 * then makes race and surface follow (apply.h). */
#ifndef SLALOM_EDITOR_H
#define SLALOM_EDITOR_H

#include "scene.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

enum { EDITOR_PAST_MAX = 100, EDITOR_WHAT_BYTES = 64 };

typedef struct Editor {
    Scene scene;       /* owned */
    int selected;      /* the racer that is worked on; -1: none */
    bool branches;     /* a racer that is changed goes on from the step that is shown, and leaves a ghost */
    bool asks_for_box; /* the person wants to see this part of the plane */
    Box box;
    int64_t step; /* that is shown */

    Scene *past[EDITOR_PAST_MAX]; /* owned; the oldest first */
    int n_past, n_future;         /* past[0..n_past) can be undone, the n_future after them redone */
    char what[EDITOR_WHAT_BYTES]; /* the last change, */
    uint64_t version;             /* changes with the scene */
    uint32_t gesture;             /* and the press in which it happened */
} Editor;

/* The scene is copied. */
bool editor_init(Editor *editor, const Scene *scene, Status *status);
void editor_finish(Editor *editor);

/* The scene, to be changed now. Undo brings back how it is at this call; what has the same name in the same
 * gesture is one change. */
Scene *editor_change(Editor *editor, const char *what, uint32_t gesture);
/* Takes the last editor_change back, and nothing can be redone from there: it could not be done. */
void editor_withdraw(Editor *editor);

/* False where there is nothing left to undo or redo. */
bool editor_undo(Editor *editor);
bool editor_redo(Editor *editor);

/* One racer, to be changed now. Where editor->branches it is changed from editor->step on, with what it has
 * learned until then, and as it was it stays behind as a ghost, the racer after it. */
RacerSpec *editor_change_racer(Editor *editor, int racer, const char *what, uint32_t gesture);
/* Its hyperparameters that hold at the step that is shown. */
double *editor_values(Editor *editor, RacerSpec *racer);

/* Whole racers; each is one change. False, with nothing changed, where it cannot be. */
bool editor_add_racer(Editor *editor, const char *text, Status *status); /* as racer_read takes it */
bool editor_duplicate(Editor *editor, int racer, Status *status);
bool editor_remove(Editor *editor, int racer);
bool editor_move(Editor *editor, int racer, int by); /* up or down the list */

#endif
