/* A race as a film: its frames, in order, into an encoder. */
#include "encoder.h"
#include "film_plan.h"
#include "frames.h"
#include "record.h"

#include <stdlib.h>

enum { PALETTE_SAMPLES = 8 }; /* of a film whose colours are counted before it begins */

typedef struct Film {
    const RecordJob *job;
    const FilmKind *kind;
    double fps;
    Encoder *encoder;
} Film;

static void make(void *context, const FilmPicture *picture, const uint32_t *pixels, uint8_t *out) {
    const Film *film = context;
    (void)picture;
    film_frame(film->kind, pixels, film->job->look.width_px, film->job->look.height_px, out);
}

static bool take(void *context, const FilmPicture *picture, const uint8_t *bytes, Status *status) {
    const Film *film = context;
    (void)status; /* the encoder tells it when it is closed */
    for (int64_t i = 0; i < picture->repeats; i++)
        if (!encoder_write(film->encoder, bytes)) return false;
    return true;
}

/* Opens the encoder; where a palette must be found, from pictures spread over the film. */
static Encoder *open_encoder(Film *film, Frames *frames, const FilmPlan *plan, size_t bytes, Status *status) {
    const RecordJob *job = film->job;
    const int n = !film->kind->has_palette             ? 0
                  : plan->n_pictures < PALETTE_SAMPLES ? (int)plan->n_pictures
                                                       : PALETTE_SAMPLES;
    uint8_t *samples = n > 0 ? malloc((size_t)n * bytes) : NULL;
    if (n > 0 && !samples) {
        status_fail(status, STATUS_FAILED, "out of memory for a film");
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        int64_t picture = n > 1 ? i * (plan->n_pictures - 1) / (n - 1) : 0;
        frames_draw(frames, plan, picture, make, film, samples + (size_t)i * bytes);
    }
    Encoder *encoder = encoder_open(
        film->kind, job->path, job->look.width_px, job->look.height_px, film->fps, false, samples, n, status);
    free(samples);
    return encoder;
}

static bool shoot(Film *film, Frames *frames, const FilmPlan *plan, Status *status) {
    const size_t bytes = film_frame_bytes(film->kind, film->job->look.width_px, film->job->look.height_px);
    film->encoder = open_encoder(film, frames, plan, bytes, status);
    if (!film->encoder) return false;
    bool whole = frames_run(frames, plan, bytes, make, take, film, status);
    return encoder_close(film->encoder, whole, status);
}

bool record_film(const RecordJob *job, Status *status) {
    Film film = {.job = job, .kind = film_kind_of(job->path)};
    film.fps = job->film.fps > 0 ? job->film.fps : film.kind->fps;
    if (!film_kind_check(film.kind, job->look.width_px, job->look.height_px, film.fps, status)) return false;
    Frames *frames = frames_create(job, status);
    FilmPlan plan;
    Viewer *viewer = frames ? frames_viewer(frames) : NULL;
    bool good = frames && film_plan_init(&plan, &job->film, film.fps, viewer, status);
    if (good) {
        good = shoot(&film, frames, &plan, status);
        film_plan_finish(&plan);
    }
    frames_destroy(frames);
    return good;
}
