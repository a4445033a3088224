/* The scenes that are a part of the program: the lessons, in the order of their file names. */
#ifndef SLALOM_SHIPPED_H
#define SLALOM_SHIPPED_H

#include "scene.h"
#include "status.h"

#include <stdbool.h>

int shipped_count(void);
const char *shipped_name(int i); /* of its file: "11-ill-conditioning.yaml" */
/* By the name of the file, with or without its ending or its number, or by the number alone; -1 where there
 * is none. */
int shipped_find(const char *name);
/* The text of the file; *size: its bytes. */
const char *shipped_text(int i, size_t *size);
/* The caller finishes *scene, unless it fails. */
bool shipped_read(int i, Scene *scene, Status *status);

#endif
