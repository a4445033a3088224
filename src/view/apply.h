/* The race and the surface follow the scene: the least that has to be made anew for a change. */
#ifndef SLALOM_APPLY_H
#define SLALOM_APPLY_H

#include "race.h"
#include "scene.h"
#include "status.h"
#include "surface.h"

#include <stdbool.h>

/* What runs, and the scene that it runs by. Start from {0}. */
typedef struct Running {
    Scene scene;      /* owned copy */
    Surface *surface; /* owned */
    Race *race;       /* owned; on the surface */
} Running;

typedef enum Renewal {
    RENEWAL_NONE,
    RENEWAL_RACE,       /* the traces are others: the race begins anew */
    RENEWAL_PARAMETERS, /* so is the shape of the surface */
    RENEWAL_SURFACE,    /* surface and race are other ones, at other addresses */
} Renewal;

/* Makes `running` run as the scene says; *renewal says what became new. On failure nothing has changed. */
bool running_apply(Running *running, const Scene *scene, Renewal *renewal, Status *status);
void running_finish(Running *running);

#endif
