/* What recording costs the window: 1280x800, a race of five that is played at 60 pictures a second while a
 * film of it is recorded. The time that recorder_add takes in the window's loop, and how many pictures came
 * late for their frame. Nothing is measured without ffmpeg. */
#include "pixel_canvas.h"
#include "recorder.h"
#include "viewer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 1280, HEIGHT = 800, PICTURES = 900, STEPS = 900 };

static const char *const racers[] = {
    "sgd:lr=0.0005", "momentum:lr=0.0001", "adagrad:lr=0.3", "rmsprop:lr=0.01", "adam:lr=0.03"};

static double clock_s(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double now_s(void) {
    return clock_s(CLOCK_MONOTONIC);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void wait_until(double s) {
    double left_s = s - now_s();
    if (left_s > 0) nanosleep(&(struct timespec){.tv_nsec = (long)(1e9 * left_s)}, NULL);
}

static int measure(Viewer *viewer, PixelCanvas *canvas, const char *path, Status *status) {
    static double times_ms[PICTURES], processor_ms[PICTURES];
    int n = 0;
    const double began_s = now_s();
    Recorder *recorder = recorder_start(path, WIDTH, HEIGHT, began_s, status);
    if (!recorder) return 0;
    for (int i = 0; i < PICTURES; i++) {
        viewer_set_step(viewer, i * STEPS / PICTURES);
        viewer_draw(viewer, pixel_canvas_canvas(canvas));
        const double before_s = now_s(), worked_s = clock_s(CLOCK_THREAD_CPUTIME_ID);
        if (recorder_add(recorder, pixel_canvas_pixels(canvas), WIDTH, HEIGHT, before_s)) {
            processor_ms[n] = 1e3 * (clock_s(CLOCK_THREAD_CPUTIME_ID) - worked_s);
            times_ms[n++] = 1e3 * (now_s() - before_s);
        }
        wait_until(began_s + (i + 1) / 60.0);
    }
    int64_t late;
    recorder_end(recorder, now_s());
    if (!recorder_finish(recorder, &late, status)) return 0;
    qsort(times_ms, (size_t)n, sizeof *times_ms, ascending);
    qsort(processor_ms, (size_t)n, sizeof *processor_ms, ascending);
    printf(
        "recording 1280x800 at 30 frames a second: a picture costs %.2f ms (median), %.2f ms (99%%), of the "
        "processor %.2f and %.2f ms; %d pictures, %lld of them late\n",
        times_ms[n / 2], times_ms[n * 99 / 100], processor_ms[n / 2], processor_ms[n * 99 / 100], n,
        (long long)late);
    return 1;
}

int main(void) {
    Status status = status_ok();
    Scene scene = scene_default();
    scene_clear_racers(&scene);
    for (size_t i = 0; i < sizeof racers / sizeof *racers; i++) scene_add_racer(&scene, racers[i], &status);
    scene.steps = STEPS;
    Viewer *viewer = viewer_create(&scene, NULL, &status);
    PixelCanvas *canvas = viewer ? pixel_canvas_create(WIDTH, HEIGHT, 1, &status) : NULL;
    char path[64];
    snprintf(path, sizeof path, "bench-recorder-%ld.mp4", (long)getpid());
    if (!canvas || !measure(viewer, canvas, path, &status))
        printf("nothing was measured: %s\n", status.message);
    remove(path);
    pixel_canvas_destroy(canvas);
    viewer_destroy(viewer);
    scene_finish(&scene);
    return 0;
}
