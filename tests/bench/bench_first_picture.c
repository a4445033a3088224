/* How long a person waits for the landscape of 784-256-128-10 on fashion-mnist, four racers: from the moment
 * the view is asked for until its ground is drawn, at 1280x800 with 60 frames a second. Every start is cold:
 * a viewer of its own, which nobody has asked for a landscape before.
 *
 *   bench_first_picture [STARTS [STEPS]]   STEPS: that are done when it is asked for
 *
 * Prints medians while the race rests and while it is played at full speed: of the wait, and of how much of
 * it was for the plane. The processors' time beside it is the whole program's, and says the same on a busy
 * machine where the race rests. */
#include "pixel_canvas.h"
#include "viewer_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 800, STARTS = 7, STARTS_MAX = 100, STEPS = 200 };
static const double FRAME_MS = 1000.0 / 60, PATIENCE_MS = 60e3;
static const char *const racers[] = {"sgd:lr=0.1", "momentum:lr=0.05", "rmsprop:lr=0.001", "adam:lr=0.001"};

static double clock_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void sleep_ms(double ms) {
    if (!(ms > 0)) return;
    struct timespec time = {.tv_sec = (time_t)(ms / 1e3)};
    time.tv_nsec = (long)(1e6 * (ms - 1e3 * (double)time.tv_sec));
    nanosleep(&time, NULL);
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *numbers, int n) {
    qsort(numbers, (size_t)n, sizeof *numbers, ascending);
    return numbers[n / 2];
}

static bool make_scene(Scene *scene, Status *status) {
    *scene = scene_default();
    scene->look.picture = NETWORK_PICTURE_CURVES;
    scene_clear_racers(scene);
    for (size_t i = 0; i < sizeof racers / sizeof *racers; i++)
        if (!scene_add_racer(scene, racers[i], status)) return false;
    NetworkScene *network = &scene->network;
    network->data = strdup("fashion-mnist");
    network->mlp.activation = activation_find("relu");
    network->sampling.batch = 64;
    network->steps = 500000; /* more than there is time for */
    network->every = 938;
    return network->data && mlp_sizes_read(&network->mlp, "784-256-128-10", status);
}

typedef struct Times {
    double plane_ms, picture_ms, work_ms;
    int cols, rows; /* of the first picture */
} Times;

/* A frame whenever it is time for one, as a window draws them. */
static bool wait_for_ground(Viewer *viewer, Canvas *canvas, Times *times) {
    const LandscapeView *view = &viewer->network->landscape;
    const double begun_ms = clock_ms(CLOCK_MONOTONIC), begun_work_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    double last_ms = begun_ms, now_ms = begun_ms;
    *times = (Times){0};
    viewer->network->picture = NETWORK_PICTURE_LANDSCAPE;
    viewer_draw(viewer, canvas);
    for (int frame = 1; now_ms - begun_ms < PATIENCE_MS; frame++) {
        sleep_ms(begun_ms + frame * FRAME_MS - clock_ms(CLOCK_MONOTONIC));
        const double frame_ms = clock_ms(CLOCK_MONOTONIC);
        if (viewer_advance(viewer, 1e-3 * (frame_ms - last_ms))) viewer_refresh(viewer, canvas);
        last_ms = frame_ms;
        now_ms = clock_ms(CLOCK_MONOTONIC);
        if (view->result->fit > 0 && times->plane_ms == 0) times->plane_ms = now_ms - begun_ms;
        if (!view->shows_ground) continue;
        times->picture_ms = now_ms - begun_ms;
        times->work_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - begun_work_ms;
        times->cols = view->result->cols;
        times->rows = view->result->rows;
        return true;
    }
    return false;
}

static bool start(Pool *pool, Canvas *canvas, int64_t steps, bool plays, Times *times, Status *status) {
    Scene scene;
    Viewer *viewer = make_scene(&scene, status) ? viewer_create(&scene, pool, status) : NULL;
    scene_finish(&scene);
    if (!viewer) return false;
    LiveTraining *live = viewer->network->live;
    viewer->speed = network_arena.n_speeds - 1;
    viewer_draw(viewer, canvas);
    live_training_reach(live, steps);
    viewer_set_step(viewer, steps);
    viewer_draw(viewer, canvas);
    if (plays) {
        viewer_play(viewer, true);
        live_training_aim(live, INT64_MAX);
    }
    const bool came = wait_for_ground(viewer, canvas, times);
    viewer_destroy(viewer);
    return came || status_fail(status, STATUS_FAILED, "the ground never came");
}

int main(int argc, char **argv) {
    Status status = status_ok();
    const int starts = argc > 1 ? atoi(argv[1]) : STARTS, steps = argc > 2 ? atoi(argv[2]) : STEPS;
    Pool *pool = pool_create(-1);
    PixelCanvas *pixels = pixel_canvas_create(WIDTH, HEIGHT, 1, &status);
    bool good = pixels && starts > 0 && starts <= STARTS_MAX && steps > 0;
    for (int plays = 0; good && plays < 2; plays++) {
        double planes[STARTS_MAX], pictures[STARTS_MAX], works[STARTS_MAX];
        Times times = {0};
        for (int i = 0; good && i < starts; i++) {
            good = start(pool, pixel_canvas_canvas(pixels), steps, plays, &times, &status);
            planes[i] = times.plane_ms;
            pictures[i] = times.picture_ms;
            works[i] = times.work_ms;
        }
        if (good)
            printf(
                "first picture of a landscape (%d x %d points), 784-256-128-10, %s: after %.0f ms, of them "
                "%.0f ms for the plane; %.0f ms of the processors\n",
                times.cols, times.rows, plays ? "played at full speed" : "the race rests",
                median(pictures, starts), median(planes, starts), median(works, starts));
    }
    if (!good) fprintf(stderr, "%s\n", status.message);
    pixel_canvas_destroy(pixels);
    pool_destroy(pool);
    return good ? 0 : 1;
}
