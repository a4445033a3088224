/* What each frame of a film shows: the step by its pace, and where the camera stands. */
#ifndef SLALOM_FILM_PLAN_H
#define SLALOM_FILM_PLAN_H

#include "record.h"
#include "shot.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* The step that is shown at a share of a film, 0 to 1, of a race of so many: 0 at its beginning, all at its
 * end. */
typedef struct Pace {
    const char *name;
    const char *summary;
    double (*share)(double time, double steps); /* of the steps */
} Pace;
extern const Pace paces[];
extern const int pace_count;

/* Frames that follow each other and are one picture. */
typedef struct FilmPicture {
    int64_t frame, repeats; /* the first of them, and how many there are */
    int64_t step;
    Shot shot;
} FilmPicture;

typedef struct FilmPlan {
    int64_t frames;
    FilmPicture *pictures; /* owned */
    int64_t n_pictures;
    bool has_shots; /* the camera moves */
} FilmPlan;

/* A film of the viewer's race at so many frames a second. Nothing needs to be finished
 * on failure. */
bool film_plan_init(FilmPlan *plan, const FilmLook *look, double fps, Viewer *viewer, Status *status);
void film_plan_finish(FilmPlan *plan);

#endif
