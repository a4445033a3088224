/* A film's pictures, drawn by several threads ahead of who takes them. Each thread has a viewer and a canvas
 * of its own; a picture depends on its step and its shot alone, so that how many there are makes no
 * difference. */
#ifndef SLALOM_FRAMES_H
#define SLALOM_FRAMES_H

#include "film_plan.h"
#include "record.h"

typedef struct Frames Frames;

/* What a picture becomes, on the thread that drew it. */
typedef void FrameMake(void *context, const FilmPicture *picture, const uint32_t *pixels, uint8_t *out);
/* Takes what was made of a picture, on the caller's thread, in order. */
typedef bool FrameTake(void *context, const FilmPicture *picture, const uint8_t *bytes, Status *status);

/* Viewers of the job's scene; the race is run in each. */
Frames *frames_create(const RecordJob *job, Status *status);
void frames_destroy(Frames *frames);
Viewer *frames_viewer(Frames *frames); /* one of them, while nothing is drawn */

/* Draws one picture here. */
void frames_draw(
    Frames *frames, const FilmPlan *plan, int64_t picture, FrameMake *make, void *context, uint8_t *out);
/* Draws all of them; what is made of each takes `bytes`. */
bool frames_run(Frames *frames, const FilmPlan *plan, size_t bytes, FrameMake *make, FrameTake *take,
    void *context, Status *status);

#endif
