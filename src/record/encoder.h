/* Films: what ffmpeg is asked for each kind of file, and a film under way, which is a process fed with
 * frames.
 *
 * Until it is whole a film has another name (race.partial.mp4 for race.mp4). What is cut off stays there
 * where it can be played up to its last second, and the message says so; otherwise nothing stays. */
#ifndef SLALOM_ENCODER_H
#define SLALOM_ENCODER_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A kind of film. */
typedef struct FilmKind {
    const char *ending;
    const char *muxer;            /* ffmpeg's name */
    bool takes_yuv;               /* frames are yuv.h's; otherwise the canvas's pixels */
    bool has_palette;             /* one is found before, from some of the frames */
    const char *const *arguments; /* ffmpeg's, ending with NULL */
    const char *const *live;      /* the same where it must keep up with a person; NULL: not for that */
    const char *mark;             /* bytes that a file has as soon as there is something to play */
    double fps, fps_max;          /* usual, and the most that the format can say */
} FilmKind;

/* NULL where the ending is not that of a film. */
const FilmKind *film_kind_of(const char *path);

/* Whether frames of a size can be: false and a status where not. */
bool film_kind_check(const FilmKind *kind, int width_px, int height_px, double fps, Status *status);

size_t film_frame_bytes(const FilmKind *kind, int width_px, int height_px);
/* Makes a frame of (height_px, width_px) pixels 0xAARRGGBB. */
void film_frame(const FilmKind *kind, const uint32_t *pixels, int width_px, int height_px, uint8_t *out);

typedef struct Encoder Encoder;

/* Begins a film that will be at `path`. A kind with a palette finds it in `n_samples` of the frames, one
 * behind the other at `samples`. NULL and a status where it cannot: no ffmpeg, no place to write to. */
Encoder *encoder_open(const FilmKind *kind, const char *path, int width_px, int height_px, double fps,
    bool live, const uint8_t *samples, int n_samples, Status *status);
/* The next frame. False where ffmpeg has ended; encoder_close tells why. */
bool encoder_write(Encoder *encoder, const uint8_t *frame);
int64_t encoder_frames(const Encoder *encoder); /* written by now */
/* Ends the film and forgets it. `whole`: it has all its frames and shall get its name; otherwise it is kept
 * as one that was cut off. False and a status where it could not be made whole. */
bool encoder_close(Encoder *encoder, bool whole, Status *status);

#endif
