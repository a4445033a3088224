/* A film as numbered pictures: race-%04d.png. Each thread writes what it has drawn; no ffmpeg is needed. */
#include "film_plan.h"
#include "frames.h"
#include "record.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* %d or %0Nd, the number in a name. */
typedef struct Placeholder {
    size_t at, length;
    int digits; /* at least so many */
} Placeholder;

static bool find_placeholder(const char *path, Placeholder *found) {
    const char *percent = strchr(path, '%');
    if (!percent) return false;
    const char *next = percent + 1;
    found->digits = 1;
    if (next[0] == '0' && next[1] >= '1' && next[1] <= '9') {
        found->digits = next[1] - '0';
        next += 2;
    }
    found->at = (size_t)(percent - path);
    found->length = (size_t)(next + 1 - percent);
    return *next == 'd' && !strchr(next, '%');
}

bool record_is_sequence(const char *path) {
    Placeholder found;
    return find_placeholder(path, &found);
}

typedef struct Sequence {
    const RecordJob *job;
    Placeholder number;
    bool has_shots;
} Sequence;

static bool write_frame(const Sequence *sequence, const FilmPicture *picture, int64_t frame,
    const uint32_t *pixels, Status *status) {
    const Placeholder *number = &sequence->number;
    const char *path = sequence->job->path;
    Text name = {0};
    text_append(&name, "%.*s%0*lld%s", (int)number->at, path, number->digits, (long long)frame,
        path + number->at + number->length);
    Scene scene = *sequence->job->scene; /* borrows all that it has */
    scene.look.at = picture->step;
    /* What a moving camera sees is no scene. */
    bool good = record_pixels(text_string(&name), pixels, &sequence->job->look,
        sequence->has_shots ? NULL : &scene, sequence->job->grid, status);
    text_finish(&name);
    return good;
}

/* What became of a picture is what is handed on of it. */
static void make(void *context, const FilmPicture *picture, const uint32_t *pixels, uint8_t *out) {
    const Sequence *sequence = context;
    Status status = status_ok();
    for (int64_t i = 0; i < picture->repeats && status.code == STATUS_OK; i++)
        write_frame(sequence, picture, picture->frame + i, pixels, &status);
    memcpy(out, &status, sizeof status);
}

static bool take(void *context, const FilmPicture *picture, const uint8_t *bytes, Status *status) {
    (void)context, (void)picture;
    Status made;
    memcpy(&made, bytes, sizeof made);
    return made.code == STATUS_OK || status_fail(status, made.code, "%s", made.message);
}

bool record_sequence(const RecordJob *job, Status *status) {
    static const double FPS = 30;
    Sequence sequence = {.job = job};
    find_placeholder(job->path, &sequence.number);
    const double fps = job->film.fps > 0 ? job->film.fps : FPS;
    Frames *frames = frames_create(job, status);
    FilmPlan plan;
    bool good = frames && film_plan_init(&plan, &job->film, fps, frames_viewer(frames), status);
    if (good) {
        sequence.has_shots = plan.has_shots;
        good = frames_run(frames, &plan, sizeof(Status), make, take, &sequence, status);
        film_plan_finish(&plan);
    }
    frames_destroy(frames);
    return good;
}
