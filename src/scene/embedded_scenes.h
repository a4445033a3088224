/* The scene files inside the program, by name; made from assets/scenes by the build. */
#ifndef SLALOM_EMBEDDED_SCENES_H
#define SLALOM_EMBEDDED_SCENES_H

#include "embedded.h"

extern const EmbeddedFile embedded_scenes[]; /* the one without bytes ends it */

#endif
