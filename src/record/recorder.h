/* A film of what is on a screen while it happens. Pictures are copied and left to a thread of its own, which
 * converts and feeds them to the encoder, each for as long as it was shown; who shows them never waits. */
#ifndef SLALOM_RECORDER_H
#define SLALOM_RECORDER_H

#include "status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Recorder Recorder;

/* A film of width_px x height_px at `path`, an MP4, that begins at now_s, seconds of any clock. NULL and a
 * status where it cannot begin. */
Recorder *recorder_start(const char *path, int width_px, int height_px, double now_s, Status *status);

/* (height_px, width_px) 0xAARRGGBB: what is shown from now on. Of another size than the film's it is shrunk
 * to fit and stands in its middle. False where there is no time for it now: the picture is wanted again, a
 * frame later. */
bool recorder_add(Recorder *recorder, const uint32_t *pixels, int width_px, int height_px, double now_s);

double recorder_frame_s(void); /* how long a frame is */

/* Ends the film at now_s; the encoder is left to finish what it has. */
void recorder_end(Recorder *recorder, double now_s);
/* Whether nothing more will be written: it was ended and is complete, or the encoder has failed. */
bool recorder_is_done(const Recorder *recorder);
/* Waits for that, ends the film if nobody has, and forgets the recorder. False and a status where it is not
 * whole. *late, which may be NULL: how many pictures had to wait for their frame, since the encoder was too
 * slow. */
bool recorder_finish(Recorder *recorder, int64_t *late, Status *status);

#endif
