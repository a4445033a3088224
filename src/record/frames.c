/* Viewers on threads. */
#include "frames.h"

#include "pipeline.h"

#include <stdlib.h>

enum { DRAWERS_MAX = 16 };
/* So much memory more threads may take than one. */
static const double BYTES_MAX = 1 << 30;
enum { BYTES_A_PIXEL = 16 }; /* of a canvas and a relief, about */

typedef struct Drawer {
    Viewer *viewer; /* owned */
    Canvas *canvas; /* owned */
} Drawer;

struct Frames {
    const RecordJob *job; /* borrowed */
    Drawer drawers[DRAWERS_MAX];
    int n;
};

static bool open_drawer(Drawer *drawer, const RecordJob *job, Status *status) {
    RecordJob own = *job;
    own.pool = NULL; /* the drawers are the threads */
    drawer->viewer = record_viewer(&own, status);
    if (drawer->viewer)
        drawer->canvas = job->pixels->create(
            job->look.width_px, job->look.height_px, record_scale(job, drawer->viewer), status);
    return drawer->canvas != NULL;
}

Frames *frames_create(const RecordJob *job, Status *status) {
    Frames *frames = calloc(1, sizeof *frames);
    if (!frames) {
        status_fail(status, STATUS_FAILED, "out of memory for a film");
        return NULL;
    }
    frames->job = job;
    double most = BYTES_MAX / BYTES_A_PIXEL / job->look.width_px / job->look.height_px;
    int wanted = job->pool ? pool_width(job->pool) : 1;
    if (wanted > DRAWERS_MAX) wanted = DRAWERS_MAX;
    if (wanted > most) wanted = most < 1 ? 1 : (int)most;
    while (frames->n < wanted) {
        if (open_drawer(&frames->drawers[frames->n++], job, status)) continue;
        frames_destroy(frames);
        return NULL;
    }
    return frames;
}

void frames_destroy(Frames *frames) {
    if (!frames) return;
    for (int i = 0; i < frames->n; i++) {
        frames->job->pixels->destroy(frames->drawers[i].canvas);
        viewer_destroy(frames->drawers[i].viewer);
    }
    free(frames);
}

Viewer *frames_viewer(Frames *frames) {
    return frames->drawers[0].viewer;
}

/* What all threads know. */
typedef struct Run {
    Frames *frames;
    const FilmPlan *plan;
    FrameMake *make;
    FrameTake *take;
    void *context;
} Run;

static void make_piece(void *context, int worker, int64_t piece, uint8_t *out) {
    const Run *run = context;
    const Drawer *drawer = &run->frames->drawers[worker];
    const FilmPicture *picture = &run->plan->pictures[piece];
    viewer_set_step(drawer->viewer, picture->step);
    if (run->plan->has_shots) viewer_set_shot(drawer->viewer, &picture->shot);
    viewer_draw_finished(drawer->viewer, drawer->canvas);
    run->make(run->context, picture, run->frames->job->pixels->pixels(drawer->canvas), out);
}

static bool take_piece(void *context, int64_t piece, const uint8_t *bytes, Status *status) {
    const Run *run = context;
    const RecordJob *job = run->frames->job;
    const FilmPicture *picture = &run->plan->pictures[piece];
    if (!run->take(run->context, picture, bytes, status)) return false;
    if (job->progress)
        job->progress(job->progress_context, picture->frame + picture->repeats, run->plan->frames);
    return true;
}

void frames_draw(
    Frames *frames, const FilmPlan *plan, int64_t picture, FrameMake *make, void *context, uint8_t *out) {
    Run run = {.frames = frames, .plan = plan, .make = make, .context = context};
    make_piece(&run, 0, picture, out);
}

bool frames_run(Frames *frames, const FilmPlan *plan, size_t bytes, FrameMake *make, FrameTake *take,
    void *context, Status *status) {
    Run run = {.frames = frames, .plan = plan, .make = make, .take = take, .context = context};
    Pipeline pipeline = {
        .n = plan->n_pictures,
        .bytes = bytes,
        .workers = frames->n,
        .context = &run,
        .make = make_piece,
        .take = take_piece,
    };
    return pipeline_run(&pipeline, status);
}
