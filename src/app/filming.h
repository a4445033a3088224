/* A film of the window: begun and ended by a key, told of, with a mark on the screen meanwhile. */
#ifndef SLALOM_FILMING_H
#define SLALOM_FILMING_H

#include "pixel_canvas.h"
#include "recorder.h"
#include "viewer.h"

#include <stdbool.h>

/* Start from {0}. */
typedef struct Filming {
    Recorder *recorder; /* NULL: nothing is recorded */
    char path[32];
    double began_s;
    double due_s; /* when the picture must be drawn again: for the mark, or since it had no time */
    bool ends;    /* what there is is still being written */
} Filming;

/* Begins a film of the canvas to the first free name slalom-N.mp4 in the current folder, or ends it; says so.
 */
void filming_toggle(Filming *filming, Viewer *viewer, const PixelCanvas *canvas, double now_s);
bool filming_is_on(const Filming *filming);
/* A picture is complete: it becomes a part of the film, and then gets the mark. */
void filming_take(Filming *filming, const Viewer *viewer, PixelCanvas *canvas, double now_s);
/* Time passes. True where the picture must be drawn again; the person is told how a film has ended. */
bool filming_advance(Filming *filming, Viewer *viewer, double now_s);
/* When filming_advance wants to be called next; INFINITY: never. */
double filming_due_s(const Filming *filming, double now_s);
/* Ends the film that there may be, and waits for it. */
void filming_finish(Filming *filming);

#endif
