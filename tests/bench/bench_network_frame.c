/* The window while networks train at full speed, six of 2-16-16-1 on spirals or four of 784-256-128-10 on
 * fashion-mnist: the time of a frame by the software renderer at 1280x800, 60 of them a second, and what of
 * its speed the training loses by being watched, as the median of paired ratios in one run.
 *
 *   bench_network_frame [CASE [PAIRS [VIEW]]]   CASE: spirals or fashion-mnist; otherwise both
 *                                               VIEW: as for --show; otherwise the curves of fashion-mnist
 *
 * Work is the processor's time of the window's thread alone, and says the same on a busy machine. */
#include "pixel_canvas.h"
#include "viewer_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 800, PAIRS = 12, PAIRS_MAX = 100, FRAMES = 60, RACERS_MAX = 6 };
static const double FRAME_MS = 1000.0 / 60;

typedef struct Case {
    const char *name, *data, *sizes, *activation;
    NetworkPicture picture;
    int64_t batch;
    int64_t every; /* steps between reports */
    const char *racers[RACERS_MAX + 1];
} Case;

static const Case cases[] = {
    {"spirals", "spirals:n=500", "2-16-16-1", "tanh", NETWORK_PICTURE_BOUNDARY, 32, 1000,
        {"sgd:lr=0.3", "momentum:lr=0.1", "adagrad:lr=0.1", "rmsprop:lr=0.01", "adam:lr=0.01",
            "nesterov:lr=0.1"}},
    {"fashion-mnist", "fashion-mnist", "784-256-128-10", "relu", NETWORK_PICTURE_CURVES, 64, 938,
        {"sgd:lr=0.1", "momentum:lr=0.05", "rmsprop:lr=0.001", "adam:lr=0.001"}},
};
enum { CASES = sizeof cases / sizeof *cases };

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

static bool make_scene(const Case *of, Scene *scene, Status *status) {
    *scene = scene_default();
    scene->look.picture = of->picture;
    scene_clear_racers(scene);
    for (const char *const *racer = of->racers; *racer; racer++)
        if (!scene_add_racer(scene, *racer, status)) return false;
    NetworkScene *network = &scene->network;
    network->data = strdup(of->data);
    network->mlp.activation = activation_find(of->activation);
    network->sampling.batch = of->batch;
    network->steps = 500000; /* more than there is time for */
    network->every = of->every;
    return network->data && mlp_sizes_read(&network->mlp, of->sizes, status);
}

/* Of each frame. */
typedef struct Times {
    double total_ms[PAIRS_MAX * FRAMES], work_ms[PAIRS_MAX * FRAMES];
    int n;
} Times;

static Viewer *open_viewer(const Scene *scene, Pool *pool, Canvas *canvas, Status *status) {
    Viewer *viewer = viewer_create(scene, pool, status);
    if (!viewer) return NULL;
    LiveTraining *live = viewer->network->live;
    viewer->speed = network_arena.n_speeds - 1;
    viewer_play(viewer, true);
    viewer_draw(viewer, canvas);
    live_training_aim(live, INT64_MAX);
    while (live_training_report_count(live) == 0) sleep_ms(10);
    sleep_ms(200); /* until it is in full swing */
    return viewer;
}

/* Steps a second over FRAMES frames; times: NULL: nobody watches. */
static double run(Viewer *viewer, Canvas *canvas, Times *times) {
    LiveTraining *live = viewer->network->live;
    int64_t begun = live_training_done(live);
    double begin_ms = now_ms(), last_ms = begin_ms;
    for (int frame = 0; frame < FRAMES; frame++) {
        double frame_ms = now_ms(), began_ms = work_ms();
        if (times && viewer_advance(viewer, 1e-3 * (frame_ms - last_ms))) {
            viewer_refresh(viewer, canvas);
            times->total_ms[times->n] = now_ms() - frame_ms;
            times->work_ms[times->n++] = work_ms() - began_ms;
        }
        last_ms = frame_ms;
        sleep_ms(begin_ms + (frame + 1) * FRAME_MS - now_ms());
    }
    return 1e3 * (double)(live_training_done(live) - begun) / (now_ms() - begin_ms);
}

static void tell(Times *times, double *ratios, int pairs) {
    const double seconds = pairs * FRAMES * 1e-3 * FRAME_MS;
    double work = 0;
    for (int i = 0; i < times->n; i++) work += times->work_ms[i];
    qsort(times->total_ms, (size_t)times->n, sizeof(double), ascending);
    qsort(times->work_ms, (size_t)times->n, sizeof(double), ascending);
    qsort(ratios, (size_t)pairs, sizeof *ratios, ascending);
    printf("%.0f frames/s: median %.2f ms, 99%% %.2f ms; of it work: median %.2f ms, 99%% %.2f ms, "
           "%.0f ms a second\n",
        times->n / seconds, times->total_ms[times->n / 2], times->total_ms[times->n * 99 / 100],
        times->work_ms[times->n / 2], times->work_ms[times->n * 99 / 100], work / seconds);
    printf("speed that is left: %.2f\n", ratios[pairs / 2]);
}

static bool measure(const Case *of, Pool *pool, PixelCanvas *pixels, int pairs, Status *status) {
    static Times times;
    Scene scene;
    double ratios[PAIRS_MAX];
    Canvas *canvas = pixel_canvas_canvas(pixels);
    Viewer *viewer = make_scene(of, &scene, status) ? open_viewer(&scene, pool, canvas, status) : NULL;
    scene_finish(&scene);
    if (!viewer) return false;
    times.n = 0;
    printf("%s, %s\n", of->name, of->sizes);
    for (int i = 0; i < pairs; i++) {
        double steps[2]; /* a second: alone, watched; in turns the one and the other first */
        for (int k = 0; k < 2; k++) {
            bool watched = (k + i) % 2 == 1;
            steps[watched] = run(viewer, canvas, watched ? &times : NULL);
        }
        ratios[i] = steps[1] / steps[0];
        printf("%8.0f steps/s alone, %8.0f watched: %.2f\n", steps[0], steps[1], ratios[i]);
    }
    tell(&times, ratios, pairs);
    viewer_destroy(viewer);
    return true;
}

static int picture_of(const char *name) {
    int i = 0;
    while (network_picture_names[i] && strcmp(network_picture_names[i], name) != 0) i++;
    return network_picture_names[i] ? i : -1;
}

int main(int argc, char **argv) {
    Status status = status_ok();
    Pool *pool = pool_create(-1);
    int pairs = argc > 2 ? atoi(argv[2]) : PAIRS;
    PixelCanvas *pixels = pixel_canvas_create(WIDTH, HEIGHT, 1, &status);
    int picture = argc > 3 ? picture_of(argv[3]) : -1;
    bool good = pixels && pairs > 0 && pairs <= PAIRS_MAX && (argc <= 3 || picture >= 0);
    for (int i = 0; good && i < CASES; i++) {
        Case of = cases[i];
        if (picture >= 0) of.picture = (NetworkPicture)picture;
        if (argc < 2 || strcmp(argv[1], of.name) == 0) good = measure(&of, pool, pixels, pairs, &status);
    }
    if (!good) fprintf(stderr, "%s\n", status.message);
    pixel_canvas_destroy(pixels);
    pool_destroy(pool);
    return good ? 0 : 1;
}
