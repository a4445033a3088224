/* What views draw over a picture, piece by piece as a training goes on, ends as the picture that is drawn at
 * once, pixel by pixel. */
#include "test.h"

#include "network_view.h"
#include "pixel_canvas.h"
#include "stage.h"

#include <string.h>

enum { STEPS_MAX = 400, FRAMES = 60, ROUNDS_MAX = 5000, PARTS = 32 };
static const double FRAME_S = 1.0 / 60, BUDGET_S = 0.001;
static const char *const racers[] = {"sgd:lr=0.3", "momentum:lr=0.1", "adam:lr=0.02", NULL};

/* A viewer on a canvas of pixels. */
typedef struct Window {
    Viewer *viewer;
    PixelCanvas *pixels;
    Canvas *canvas;
} Window;

static Window open_window(NetworkPicture picture, ViewMode view, float scale) {
    Status status = status_ok();
    Scene scene = make_scene("rosenbrock", racers, STEPS_MAX, NULL);
    if (!mlp_sizes_read(&scene.network.mlp, "2-8-8-1", &status)) fail_msg("%s", status.message);
    scene.network.data = strdup("spirals:n=100");
    scene.network.mlp.activation = activation_find("relu");
    scene.network.steps = STEPS_MAX;
    scene.network.every = 7;
    scene.look.picture = picture;
    scene.look.view = view;
    Window window = {.viewer = viewer_create(&scene, NULL, &status),
        .pixels = pixel_canvas_create((int)(1280 * scale), (int)(800 * scale), scale, &status)};
    scene_finish(&scene);
    if (!window.viewer || !window.pixels) fail_msg("%s", status.message);
    window.canvas = pixel_canvas_canvas(window.pixels);
    window.viewer->speed = 4; /* 100 steps a second */
    viewer_play(window.viewer, true);
    return window;
}

static void close_window(Window *window) {
    viewer_destroy(window->viewer);
    pixel_canvas_destroy(window->pixels);
}

static void refresh(Window *window) {
    Viewer *viewer = window->viewer;
    viewer_prepare(viewer, window->canvas);
    network_views[viewer->network->picture]->refresh(viewer, window->canvas, viewer->layout.plot, BUDGET_S);
}

/* The pixels of the plot; free them. */
static uint32_t *copy_plot(const Window *window) {
    const Rect *plot = &window->viewer->layout.plot;
    const float scale = window->canvas->scale;
    const int x = (int)ceilf(plot->x * scale), y = (int)ceilf(plot->y * scale);
    const int width = (int)(plot->width * scale) - 1, height = (int)(plot->height * scale) - 1;
    uint32_t *copy = calloc((size_t)width * (size_t)height + 1, sizeof *copy);
    const uint32_t *pixels = pixel_canvas_pixels(window->pixels);
    copy[0] = (uint32_t)(width * height);
    for (int row = 0; row < height; row++)
        memcpy(copy + 1 + (size_t)row * (size_t)width,
            pixels + (size_t)(y + row) * (size_t)pixel_canvas_width_px(window->pixels) + x,
            (size_t)width * sizeof *copy);
    return copy;
}

static int count_differences(const uint32_t *a, const uint32_t *b) {
    int n = 0;
    assert_int_equal(a[0], b[0]);
    for (uint32_t i = 1; i <= a[0]; i++) n += a[i] != b[i];
    return n;
}

static void play(Window *window, int frames, bool whole) {
    for (int i = 0; i < frames; i++) {
        viewer_advance(window->viewer, FRAME_S);
        if (whole)
            viewer_draw(window->viewer, window->canvas);
        else
            refresh(window);
    }
}

/* Until nothing of the picture is behind the training, and every part had its turn. */
static void rest(Window *window) {
    int rounds = 0;
    viewer_play(window->viewer, false);
    while (window->viewer->arena->is_moving(window->viewer) && rounds++ < ROUNDS_MAX) play(window, 1, false);
    assert_true(rounds < ROUNDS_MAX);
    for (int i = 0; i < PARTS; i++) refresh(window);
}

static void check_view(NetworkPicture picture, ViewMode view, float scale) {
    Window window = open_window(picture, view, scale);
    play(&window, FRAMES, true);
    assert_int_equal(network_view_shown(window.viewer->network), picture);
    uint32_t *before = copy_plot(&window);
    play(&window, FRAMES, false);
    rest(&window);
    uint32_t *refreshed = copy_plot(&window);
    viewer_draw(window.viewer, window.canvas);
    uint32_t *whole = copy_plot(&window);
    assert_true(count_differences(before, whole) > 100);
    const int n = count_differences(refreshed, whole);
    if (n > 0)
        fail_msg("%s: %d pixels are others at scale %g", network_picture_names[picture], n, (double)scale);
    free(before);
    free(refreshed);
    free(whole);
    close_window(&window);
}

static void test_refreshed_is_whole(void **state) {
    (void)state;
    static const struct {
        NetworkPicture picture;
        ViewMode view;
    } rows[] = {{NETWORK_PICTURE_BOUNDARY, VIEW_PLANE}, {NETWORK_PICTURE_LAYERS, VIEW_PLANE},
        {NETWORK_PICTURE_LANDSCAPE, VIEW_PLANE}, {NETWORK_PICTURE_LANDSCAPE, VIEW_BOTH},
        {NETWORK_PICTURE_LANDSCAPE, VIEW_TERRAIN}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_view(rows[i].picture, rows[i].view, 1);
        check_view(rows[i].picture, rows[i].view, 1.3f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refreshed_is_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
