/* What was on screen last, kept from one start to the next as its command line; and such lines read. */
#ifndef SLALOM_LAST_H
#define SLALOM_LAST_H

#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>

/* What a line says for the window. */
typedef struct Opening {
    Scene scene; /* owned */
    int width, height;
} Opening;

/* Reads `slalom [options]`, quoted as for a shell; a prompt ($) before it is passed over. On failure nothing
 * needs to be finished. */
bool opening_read(Opening *opening, const char *line, Status *status);

/* The line that was kept; false where there is none. */
bool last_read(Text *line);
/* Keeps a line, whole or not at all; makes the folder where there is none. */
bool last_write(const char *line, Status *status);

/* The same of other texts, by the name of their file in that folder. */
bool kept_read(const char *name, Text *text);
bool kept_write(const char *name, const char *text, Status *status);

#endif
