/* The window while six networks 2-16-16-1 train at full speed: the time of a frame by the software renderer
 * at 1280x800, 60 of them a second, and what of its speed the training loses by being watched, as the median
 * of paired ratios in one run. */
#include "pixel_canvas.h"
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 800, PAIRS = 5, FRAMES = 180, FRAME_MS = 1000 / 60 };

static const char *const racers[] = {
    "sgd:lr=0.3", "momentum:lr=0.1", "adagrad:lr=0.1", "rmsprop:lr=0.01", "adam:lr=0.01", "nesterov:lr=0.1"};

static double now_ms(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* What this thread has computed, whatever else the machine is busy with. */
static double work_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void sleep_ms(double ms) {
    if (!(ms > 0)) return;
    struct timespec time = {.tv_sec = (time_t)(ms / 1e3)};
    time.tv_nsec = (long)(1e6 * (ms - 1e3 * (double)time.tv_sec));
    nanosleep(&time, NULL);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool make_scene(Scene *scene, Status *status) {
    *scene = scene_default();
    scene_clear_racers(scene);
    for (size_t i = 0; i < sizeof racers / sizeof *racers; i++)
        if (!scene_add_racer(scene, racers[i], status)) return false;
    NetworkScene *network = &scene->network;
    network->data = strdup("spirals:n=500");
    network->mlp.activation = activation_find("tanh");
    network->steps = 500000; /* more than there is time for */
    network->every = 1000;
    return network->data && mlp_sizes_read(&network->mlp, "2-16-16-1", status);
}

/* Of each frame. */
typedef struct Times {
    double total_ms[PAIRS * FRAMES], work_ms[PAIRS * FRAMES];
    int n;
} Times;

/* Steps a second over FRAMES frames; times: NULL: nobody watches. */
static double run(const Scene *scene, Pool *pool, Times *times, Status *status) {
    Viewer *viewer = viewer_create(scene, pool, status);
    PixelCanvas *pixels = viewer ? pixel_canvas_create(WIDTH, HEIGHT, 1, status) : NULL;
    if (!pixels) {
        viewer_destroy(viewer);
        return NAN;
    }
    LiveTraining *live = viewer->network->live;
    viewer->speed = network_arena.n_speeds - 1;
    viewer_play(viewer, true);
    viewer_draw(viewer, pixel_canvas_canvas(pixels));
    live_training_aim(live, INT64_MAX);
    sleep_ms(200); /* until it is in full swing */
    int64_t begun = live_training_done(live);
    double begin_ms = now_ms(), last_ms = begin_ms;
    for (int frame = 0; frame < FRAMES; frame++) {
        double frame_ms = now_ms(), began_ms = work_ms();
        if (times) {
            if (viewer_advance(viewer, 1e-3 * (frame_ms - last_ms))) {
                viewer_draw(viewer, pixel_canvas_canvas(pixels));
                times->total_ms[times->n] = now_ms() - frame_ms;
                times->work_ms[times->n++] = work_ms() - began_ms;
            }
            last_ms = frame_ms;
        }
        sleep_ms(begin_ms + (frame + 1) * (double)FRAME_MS - now_ms());
    }
    double per_s = 1e3 * (double)(live_training_done(live) - begun) / (now_ms() - begin_ms);
    pixel_canvas_destroy(pixels);
    viewer_destroy(viewer);
    return per_s;
}

int main(void) {
    Status status = status_ok();
    Scene scene;
    Pool *pool = pool_create(-1);
    static Times times;
    double ratios[PAIRS];
    bool good = make_scene(&scene, &status);
    for (int i = 0; good && i < PAIRS; i++) {
        double alone = run(&scene, pool, NULL, &status);
        double watched = run(&scene, pool, &times, &status);
        good = alone > 0 && watched > 0;
        ratios[i] = watched / alone;
        if (good) printf("%8.0f steps/s alone, %8.0f watched: %.2f\n", alone, watched, ratios[i]);
    }
    if (good) {
        qsort(times.total_ms, (size_t)times.n, sizeof(double), ascending);
        qsort(times.work_ms, (size_t)times.n, sizeof(double), ascending);
        qsort(ratios, PAIRS, sizeof *ratios, ascending);
        printf("frame: median %.2f ms, 99%% %.2f ms; of it work: median %.2f ms, 99%% %.2f ms\n",
            times.total_ms[times.n / 2], times.total_ms[times.n * 99 / 100], times.work_ms[times.n / 2],
            times.work_ms[times.n * 99 / 100]);
        printf("speed that is left: %.2f\n", ratios[PAIRS / 2]);
    } else {
        fprintf(stderr, "%s\n", status.message);
    }
    scene_finish(&scene);
    pool_destroy(pool);
    return good ? 0 : 1;
}
