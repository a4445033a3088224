/* Scenes as YAML files, read and written.
 *
 *   slalom: 1                   the version of the format
 *   surface: ravine             any row of scene_keys.h
 *   racers: [sgd, adam: {lr: 0.1}]
 *   lesson: {...}               lesson.h
 *
 * Nothing is executed, and no file is opened but this one: data that the scene names are opened when it is
 * run, and only beside it (data_open_in). */
#ifndef SLALOM_SCENE_FILE_H
#define SLALOM_SCENE_FILE_H

#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

enum { SCENE_FILE_VERSION = 1 };

/* Reads a file; what it does not say is as in scene_default. Messages name FILE:LINE:COLUMN. On failure
 * nothing needs to be finished. */
bool scene_read_file(Scene *scene, const char *path, Status *status);
/* The same from memory. name: what messages call it. folder: what data files are relative to; NULL: the
 * current one; "": they may be anywhere, as from a command line. */
bool scene_read_text(
    Scene *scene, const char *name, const char *folder, const char *text, size_t length, Status *status);

/* Appends the file that gives this scene: what differs from the usual, in a fixed order; surface or network,
 * and racers, in any case. Read back it is written as the same bytes. The scene has a racer. */
void scene_write_file(const Scene *scene, Text *out);

#endif
