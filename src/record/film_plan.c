/* Paces, and a film laid out frame by frame before any is drawn. */
#include "film_plan.h"

#include "camera_moves.h"
#include "names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SECONDS = 8; /* of a film when nobody says how long */
enum { FRAMES_MAX = 1000000 };

static double share_steps(double time, double steps) {
    (void)steps;
    return time;
}

/* As many frames for the steps from 1 to 10 as for those from 10 to 100. */
static double share_log(double time, double steps) {
    return steps > 0 ? expm1(time * log1p(steps)) / steps : time;
}

static double share_ease(double time, double steps) {
    (void)steps;
    return time * time * (3 - 2 * time);
}

const Pace paces[] = {
    {"steps", "every step as long as the others", share_steps},
    {"log", "the first steps slowly, then faster and faster", share_log},
    {"ease", "a soft beginning and a soft end", share_ease},
};
const int pace_count = (int)(sizeof paces / sizeof *paces);

static const Pace *find_pace(const char *name, Status *status) {
    if (!name) return &paces[0];
    for (int i = 0; i < pace_count; i++)
        if (strcmp(name, paces[i].name) == 0) return &paces[i];
    names_fail(status, "--pace: there is no pace", name, "There are", NAMES_OF(paces, pace_count), NULL);
    return NULL;
}

/* The leaders that key frames ask for. */
static void find_leaders(CameraPath *path, const Pace *pace, int64_t steps, Viewer *viewer) {
    for (int i = 0; i < path->n; i++) {
        CameraKey *key = &path->keys[i];
        double x[2];
        int64_t step = (int64_t)nearbyint(pace->share(key->time, (double)steps) * (double)steps);
        if (!key->leader || !viewer_leader(viewer, step, x)) continue;
        key->shot.x = x[0];
        key->shot.y = x[1];
    }
}

static bool same_shot(const Shot *a, const Shot *b) {
    return a->rise == b->rise && a->azimuth == b->azimuth && a->elevation == b->elevation &&
           a->zoom == b->zoom && a->x == b->x && a->y == b->y;
}

static void lay_out(FilmPlan *plan, const CameraPath *path, const Pace *pace, int64_t steps) {
    FilmPicture *last = NULL;
    for (int64_t frame = 0; frame < plan->frames; frame++) {
        double time = plan->frames > 1 ? (double)frame / (double)(plan->frames - 1) : 1;
        FilmPicture picture = {.frame = frame, .repeats = 1};
        /* A hair more, so that a step whose time has come is not missed by a rounding. */
        picture.step = (int64_t)floor(pace->share(time, (double)steps) * (double)steps + 1e-9);
        if (picture.step > steps) picture.step = steps;
        if (plan->has_shots) picture.shot = camera_path_at(path, time);
        if (last && last->step == picture.step && same_shot(&last->shot, &picture.shot)) {
            last->repeats++;
            continue;
        }
        last = &plan->pictures[plan->n_pictures++];
        *last = picture;
    }
}

bool film_plan_init(FilmPlan *plan, const FilmLook *look, double fps, Viewer *viewer, Status *status) {
    const int64_t steps = viewer_step_count(viewer);
    const double seconds = look->seconds > 0 ? look->seconds : SECONDS;
    const double frames = fmax(nearbyint(seconds * fps), 1);
    const Pace *pace = find_pace(look->pace, status);
    if (!pace) return false;
    if (frames > FRAMES_MAX)
        return status_fail(status, STATUS_BAD_INPUT,
            "--seconds: %g seconds at %g frames a second are %.0f frames; %d is the most", seconds, fps,
            frames, FRAMES_MAX);
    CameraPath path = {.n = 0};
    Shot first;
    if (look->camera) first = viewer_shot(viewer);
    if (look->camera && !camera_path_read(&path, look->camera, seconds, &first, status))
        return status_prefix(status, "--camera");
    find_leaders(&path, pace, steps, viewer);
    *plan = (FilmPlan){.frames = (int64_t)frames, .has_shots = path.n > 0};
    plan->pictures = calloc((size_t)plan->frames, sizeof *plan->pictures);
    if (!plan->pictures)
        return status_fail(status, STATUS_FAILED, "out of memory for a film of %.0f frames", frames);
    lay_out(plan, &path, pace, steps);
    return true;
}

void film_plan_finish(FilmPlan *plan) {
    free(plan->pictures);
}
