/* From one scene to another so that eyes can follow: numbers that both have glide, the rest changes at once.
 */
#ifndef SLALOM_MORPH_H
#define SLALOM_MORPH_H

#include "scene.h"
#include "surface.h"

#include <stdbool.h>

/* Start from {0}. */
typedef struct Morph {
    bool on;
    Scene to;                                      /* where it ends; owned while it is on */
    Setting from_settings[FORMULA_PARAMETERS_MAX]; /* of to.settings; what does not glide is there already */
    double from_start[2];
    double from_values[RACE_RACERS_MAX][OPTIMIZER_PARAMETERS_MAX];
    double elapsed_s;
} Morph;

/* surface: of `from`. False, with nothing begun, where no number of theirs differs that can glide. */
bool morph_begin(Morph *morph, const Scene *from, const Surface *surface, const Scene *to);
void morph_finish(Morph *morph);

/* How the scene is after so many seconds more: writes its numbers. False when it has arrived; morph->on is
 * false then. */
bool morph_advance(Morph *morph, double seconds, Scene *scene);

#endif
