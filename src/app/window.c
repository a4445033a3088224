/* slalom: the race in a window. The loop: draw when something changed, sleep when nothing does, and keep what
 * is on screen for the next start. */
#include "clock.h"
#include "command.h"

#include "document.h"
#include "file.h"
#include "filming.h"
#include "last.h"
#include "record.h"
#include "viewer.h"
#include "window.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The window, and what is kept of it for the next start. */
typedef struct App {
    Viewer *viewer; /* owned */
    Window *window; /* owned */
    Document document;
    Text kept, line;  /* the text that was kept last; one under work */
    bool has_news;    /* something was done since it was looked at */
    double news_s;    /* when */
    bool cannot_keep; /* the person was told */
    Filming filming;
} App;

/* So long nothing is done before it is kept, which takes a fraction of a millisecond. */
static const double QUIET_S = 1;

static const char *const PROGRESS = "lessons";

/* The beat where the display has none of its own. */
static const double frame_s = 1.0 / 60;

/* Writes what is on screen to the first free name slalom-N.png in the current folder, and says so. */
static void take_screenshot(Viewer *viewer, PixelCanvas *canvas) {
    char path[32], message[STATUS_MESSAGE_BYTES + 16];
    int number = 1;
    do snprintf(path, sizeof path, "slalom-%d.png", number++);
    while (access(path, F_OK) == 0);
    Status status = status_ok();
    const PictureLook look = {
        .width_px = pixel_canvas_width_px(canvas),
        .height_px = pixel_canvas_height_px(canvas),
        .scale = pixel_canvas_canvas(canvas)->scale / (0.01f * (float)viewer_text_size(viewer)),
    };
    const char *const no_grid[] = {NULL};
    Scene scene = viewer_scene(viewer);
    bool good = record_pixels(path, pixel_canvas_pixels(canvas), &look, &scene, no_grid, &status);
    scene_finish(&scene);
    snprintf(message, sizeof message, good ? "saved %s" : "not saved: %s", good ? path : status.message);
    viewer_notify(viewer, message);
}

static void copy(App *app, const char *text, const char *what) {
    Status status = status_ok();
    bool good = window_set_clipboard(app->window, text, &status);
    if (!good || what) viewer_notify(app->viewer, good ? what : status.message);
}

static void copy_scene(App *app) {
    Scene scene = viewer_scene(app->viewer);
    text_clear(&app->line);
    scene_write(&scene, &app->line);
    scene_finish(&scene);
    copy(app, text_string(&app->line), "copied as a command line");
}

static void follow_text_size(App *app) {
    window_set_zoom(app->window, 0.01f * (float)viewer_text_size(app->viewer));
}

static void paste_scene(App *app) {
    Status status = status_ok();
    Opening opening;
    if (!opening_read(&opening, window_clipboard(app->window), &status)) {
        text_make_printable(status.message);
        viewer_notify(app->viewer, status.message);
        return;
    }
    if (viewer_set_scene(app->viewer, &opening.scene)) document_set(&app->document, "");
    opening_finish(&opening);
    follow_text_size(app);
}

static void save_scene(App *app) {
    if (!document_save(&app->document, app->viewer, viewer_path(app->viewer))) viewer_ask_path(app->viewer);
}

static void open_scene(App *app, const char *path) {
    document_open(&app->document, app->viewer, path);
    follow_text_size(app);
}

/* Which lessons were finished, in a file of its own. */
static void keep_progress(App *app) {
    Status status = status_ok();
    Text progress = {0};
    viewer_write_progress(app->viewer, &progress);
    if (!kept_write(PROGRESS, text_string(&progress), &status)) viewer_notify(app->viewer, status.message);
    text_finish(&progress);
}

static void read_progress(App *app) {
    Text progress = {0};
    if (kept_read(PROGRESS, &progress)) viewer_read_progress(app->viewer, text_string(&progress));
    text_finish(&progress);
}

/* Answers what the viewer asks for. False when it asks to quit. */
static bool answer_request(App *app) {
    Viewer *viewer = app->viewer;
    Window *window = app->window;
    switch (viewer_take_request(viewer)) {
    case VIEWER_REQUEST_NONE: return true;
    case VIEWER_REQUEST_SCREENSHOT:
        viewer_draw_finished(viewer, window_canvas(window));
        take_screenshot(viewer, window_pixels(window));
        return true;
    case VIEWER_REQUEST_RECORD:
        filming_toggle(&app->filming, viewer, window_pixels(window), clock_now_s());
        return true;
    case VIEWER_REQUEST_FULLSCREEN: window_toggle_fullscreen(window); return true;
    case VIEWER_REQUEST_PRESENT:
        window_toggle_fullscreen(window);
        window_set_zoom(window, 0.01f * (float)viewer_text_size(viewer));
        return true;
    case VIEWER_REQUEST_TEXT_SIZE:
        window_set_zoom(window, 0.01f * (float)viewer_text_size(viewer));
        return true;
    case VIEWER_REQUEST_COPY: copy(app, viewer_copied(viewer), NULL); return true;
    case VIEWER_REQUEST_COPY_SCENE: copy_scene(app); return true;
    case VIEWER_REQUEST_PASTE: paste_scene(app); return true;
    case VIEWER_REQUEST_PROGRESS: keep_progress(app); return true;
    case VIEWER_REQUEST_LIST: document_offer(viewer); return true;
    case VIEWER_REQUEST_OPEN: open_scene(app, viewer_path(viewer)); return true;
    case VIEWER_REQUEST_SAVE: save_scene(app); return true;
    case VIEWER_REQUEST_ASK_PATH: viewer_ask_path(viewer); return true;
    case VIEWER_REQUEST_QUIT: return false;
    }
    return true;
}

/* Where it cannot be kept the person is told once; true then, for it must be drawn. */
static bool keep(App *app) {
    int width, height;
    app->has_news = false;
    Scene scene = viewer_scene(app->viewer);
    text_clear(&app->line);
    if (!window_size(app->window, &width, &height)) width = 0;
    last_describe(&scene, text_string(&app->document.path), width, height, &app->line);
    scene_finish(&scene);
    if (strcmp(text_string(&app->line), text_string(&app->kept)) == 0) return false;
    text_clear(&app->kept);
    text_append(&app->kept, "%s", text_string(&app->line));
    Status status = status_ok();
    if (last_write(text_string(&app->kept), &status) || app->cannot_keep) return false;
    app->cannot_keep = true;
    viewer_notify(app->viewer, status.message);
    return true;
}

/* How long to sleep when the next frame would be due at `due_s`. */
static double wait_s(const App *app, double due_s) {
    const double now = clock_now_s();
    double until_s = filming_due_s(&app->filming, now);
    if (viewer_is_animating(app->viewer))
        until_s = fmin(until_s, due_s);
    else if (app->has_news)
        until_s = fmin(until_s, app->news_s + QUIET_S);
    if (document_has_file(&app->document)) until_s = fmin(until_s, app->document.looked_s + DOCUMENT_LOOK_S);
    return until_s < INFINITY ? fmax(until_s - now, 0) : -1;
}

/* A film takes whole pictures, and leaves its mark on them. */
static void draw(App *app, double now) {
    Canvas *canvas = window_canvas(app->window);
    Rect changed = {0, 0, canvas->width, canvas->height};
    if (filming_is_on(&app->filming))
        viewer_draw(app->viewer, canvas);
    else
        changed = viewer_refresh(app->viewer, canvas);
    filming_take(&app->filming, app->viewer, window_pixels(app->window), now);
    window_present(app->window, changed);
}

static void show(App *app) {
    bool quit = false, dirty = true;
    double last_s = clock_now_s(), due_s = last_s;
    while (!quit) {
        double begun_s = clock_now_s();
        if (dirty) draw(app, begun_s);
        dirty = false;
        Event event;
        /* On the beat: a sleep that is some time too long makes no later picture late. */
        due_s = (begun_s - due_s < frame_s ? fmin(due_s, begun_s) : begun_s) + frame_s;
        double timeout_s = wait_s(app, due_s);
        while (!quit && window_next_event(app->window, timeout_s, &event, &quit)) {
            if (event.type == EVENT_DROP)
                open_scene(app, event.pasted), dirty = true;
            else if (viewer_handle(app->viewer, &event))
                dirty = true;
            if (!answer_request(app)) quit = true;
            timeout_s = 0;
            app->has_news = true;
            app->news_s = clock_now_s();
        }
        double now = clock_now_s();
        if (document_look(&app->document, app->viewer, now)) {
            follow_text_size(app);
            app->has_news = dirty = true;
            app->news_s = now;
        }
        if (viewer_advance(app->viewer, now - last_s)) dirty = true;
        if (filming_advance(&app->filming, app->viewer, now)) dirty = true;
        last_s = now;
        if (app->has_news && now >= app->news_s + QUIET_S) dirty |= keep(app);
    }
    keep(app);
}

/* The viewer of what was on screen last; NULL where there is no such thing, with a status where that is a
 * mistake. */
static Viewer *reopen(Opening *opening, Pool *pool, Status *status) {
    Opening last;
    if (!last_read(&last, status)) return NULL;
    Viewer *viewer = viewer_create(&last.scene, pool, status);
    if (!viewer) {
        opening_finish(&last);
        return NULL;
    }
    if (last.width <= 0) last.width = opening->width, last.height = opening->height;
    opening_finish(opening);
    *opening = last;
    return viewer;
}

/* The file that a command line names. */
static Opening opening_of(const Arguments *arguments) {
    Opening opening = {scene_copy(&arguments->scene), arguments->width, arguments->height, {0}};
    if (arguments->word) text_append(&opening.file, "%s", arguments->word);
    return opening;
}

static bool open_window(const Arguments *arguments, bool shows_lessons, Status *status) {
    Opening opening = opening_of(arguments);
    Status problem = status_ok();
    Pool *pool = pool_create(-1);
    App app = {.viewer = arguments->is_bare ? reopen(&opening, pool, &problem) : NULL};
    if (!app.viewer) app.viewer = viewer_create(&opening.scene, pool, status);
    if (app.viewer)
        app.window = window_create(viewer_title(app.viewer), opening.width, opening.height, status);
    if (app.window) {
        read_progress(&app);
        document_set(&app.document, text_string(&opening.file));
        follow_text_size(&app);
        viewer_begin(app.viewer, opening.scene.look.at);
        if (shows_lessons) viewer_show_lessons(app.viewer);
        if (problem.code != STATUS_OK) {
            text_make_printable(problem.message);
            viewer_notify(app.viewer, problem.message);
        }
        show(&app);
        filming_finish(&app.filming);
    }
    bool good = app.window != NULL;
    window_destroy(app.window);
    viewer_destroy(app.viewer);
    pool_destroy(pool);
    opening_finish(&opening);
    document_finish(&app.document);
    text_finish(&app.kept);
    text_finish(&app.line);
    return good;
}

bool command_window(const Arguments *arguments, Status *status) {
    return open_window(arguments, false, status);
}

bool command_lessons(const Arguments *arguments, Status *status) {
    return open_window(arguments, true, status);
}
