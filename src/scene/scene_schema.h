/* What a scene file may say, for editors that complete and check. */
#ifndef SLALOM_SCENE_SCHEMA_H
#define SLALOM_SCENE_SCHEMA_H

#include "text.h"

/* Appends a JSON schema (2020-12) of scene files, made from the tables that they are read by. */
void scene_schema(Text *out);

#endif
