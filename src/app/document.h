/* The scene file that a window has open: opened, saved whole or not at all, and followed when it changes on
 * the disk. What the person is told is told by the viewer. */
#ifndef SLALOM_DOCUMENT_H
#define SLALOM_DOCUMENT_H

#include "text.h"
#include "viewer.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Start from {0}. */
typedef struct Document {
    Text path;         /* absolute; "": there is no file */
    struct stat stamp; /* of the file as it was read or written */
    double looked_s;   /* when it was looked at last */
} Document;

void document_finish(Document *document);

/* So often a file is looked at. */
#define DOCUMENT_LOOK_S 0.5

/* Takes a path as that of what is on screen; a shipped scene or a picture is no file to write to. */
void document_set(Document *document, const char *path);
bool document_has_file(const Document *document);

/* Opens a scene file, a shipped scene or a picture in the viewer. True where it is on screen. */
bool document_open(Document *document, Viewer *viewer, const char *path);

/* Writes what is on screen: "" where it is kept. False where there is no such file. */
bool document_save(Document *document, Viewer *viewer, const char *path);

/* Puts what the file says on screen where it has changed since. True where something must be drawn. */
bool document_look(Document *document, Viewer *viewer, double now_s);

/* Offers recent scenes, those in the current folder and shipped ones. */
void document_offer(Viewer *viewer);

#endif
