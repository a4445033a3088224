/* What is kept from one start to the next, beside one another in a folder of the person's: what was on screen
 * last, as a scene file, and which scene files were opened. And command lines read. */
#ifndef SLALOM_LAST_H
#define SLALOM_LAST_H

#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>

/* What a window opens with. */
typedef struct Opening {
    Scene scene; /* owned */
    int width, height;
    Text file; /* the path of the scene's file; "": it has none; owned */
} Opening;

void opening_finish(Opening *opening);

/* Reads `slalom [options]`, quoted as for a shell; a prompt ($) before it is passed over. On failure nothing
 * needs to be finished. */
bool opening_read(Opening *opening, const char *line, Status *status);

/* Appends what is kept of a window. file: of the scene, "" where it has none. width: 0 where it is not known.
 */
void last_describe(const Scene *scene, const char *file, int width, int height, Text *out);

/* What was kept; false where there is none, with a status where it cannot be read. */
bool last_read(Opening *opening, Status *status);
/* Keeps a text that last_describe made, whole or not at all; makes the folder where there is none. */
bool last_write(const char *text, Status *status);

/* Appends a path as it is meant here; "" where that cannot be said. */
void path_append_absolute(const char *path, Text *out);

/* Puts a path at the head of those that were opened. */
void last_add_recent(const char *path);
/* Appends them, a line each, the last one first. */
void last_read_recent(Text *paths);

/* The same of other texts, by the name of their file in that folder. */
bool kept_read(const char *name, Text *text);
bool kept_write(const char *name, const char *text, Status *status);

#endif
