/* What a step of a lesson can point at:
 *
 *     start, timeline, chart, play, surface, view, racers   parts of the window
 *     kappa                                                 a parameter of the surface
 *     adam   adam.lr   'slow one.lr'                         a racer, and a hyperparameter or device of it
 *     lr                                                    the first racer's that has it
 *     batch, init, ...                                      a key of scene files */
#ifndef SLALOM_LESSON_POINT_H
#define SLALOM_LESSON_POINT_H

#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>

typedef enum LessonPlace {
    PLACE_START,
    PLACE_TIMELINE,
    PLACE_CHART,
    PLACE_PLAY,
    PLACE_SURFACE,
    PLACE_VIEW,
    PLACE_RACERS,
    PLACES,
} LessonPlace;
extern const char *const lesson_place_names[PLACES];

typedef enum LessonPointKind {
    POINT_PLACE,
    POINT_SURFACE, /* a parameter of the surface */
    POINT_RACER,
    POINT_HYPERPARAMETER,
    POINT_DEVICE, /* of a racer, its schedule included */
    POINT_KEY,
} LessonPointKind;

typedef struct LessonPoint {
    LessonPointKind kind;
    LessonPlace place;
    int racer;
    const char
        *name; /* of the parameter, the hyperparameter, the device or the key; of the text that was read */
} LessonPoint;

/* Fails, and says what there is, where the scene has nothing of that name. */
bool lesson_point_read(const Scene *scene, const char *text, LessonPoint *point, Status *status);

/* Appends the names of all that can be pointed at but keys, with commas between. */
void lesson_point_list(const Scene *scene, Text *out);

#endif
