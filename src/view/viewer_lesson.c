/* A lesson in the window: what its stages do to the scene and to the race, and where that is which they point
 * at. */
#include "viewer_state.h"

#include "lesson_point.h"
#include "pointer_mark.h"
#include "shipped.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double RACE_S = 8;  /* the race of a stage takes no longer */
static const double FRESH_S = 1; /* a mark that has just come glows for so long */

bool viewer_is_in_lesson(const Viewer *viewer) {
    return viewer->course.lesson != NULL;
}

/* What the stage points at, chosen and unfolded so that it can be seen. */
static void choose_mark(Viewer *viewer) {
    const LessonStep *step = course_step(&viewer->course);
    Status status = status_ok();
    viewer->has_mark =
        step && step->point && lesson_point_read(&viewer->editor.scene, step->point, &viewer->mark, &status);
    viewer->mark_fresh_s = FRESH_S;
    if (!viewer->has_mark) return;
    const LessonPoint *mark = &viewer->mark;
    char *wanted = viewer->cards.wanted;
    size_t size = sizeof viewer->cards.wanted;
    bool of_racer =
        mark->kind == POINT_RACER || mark->kind == POINT_HYPERPARAMETER || mark->kind == POINT_DEVICE;
    if (of_racer) viewer->editor.selected = mark->racer;
    if (mark->kind == POINT_DEVICE) viewer->cards.devices = true;
    if (of_racer)
        snprintf(wanted, size, "racer %d.%s", mark->racer + 1, mark->name ? mark->name : "title");
    else if (mark->kind == POINT_SURFACE)
        snprintf(wanted, size, "surface.%s", mark->name);
    else if (mark->kind == POINT_KEY)
        snprintf(wanted, size, "network.%s", mark->name);
    else
        wanted[0] = '\0';
}

static void finish_lesson(Viewer *viewer) {
    if (viewer->lesson < 0 || viewer->lessons.entries[viewer->lesson].done) return;
    viewer->lessons.entries[viewer->lesson].done = true;
    viewer->request = VIEWER_REQUEST_PROGRESS;
}

/* The step at which the scene wants to be seen, or the last. */
static int64_t end_of_stage(const Viewer *viewer) {
    int64_t at = viewer->editor.scene.look.at, last = viewer_step_count(viewer);
    return at >= 0 && at < last ? at : last;
}

/* The slowest speed, but not below the usual one, at which the stage is over in time; unless the person has
 * chosen another one since. */
static void choose_speed(Viewer *viewer) {
    if (viewer->speed != viewer->lesson_speed) return;
    const Arena *arena = viewer->arena;
    double steps = (double)end_of_stage(viewer);
    viewer->speed = arena->usual_speed(viewer);
    while (viewer->speed + 1 < arena->n_speeds && steps / arena->speeds[viewer->speed].steps_per_s > RACE_S)
        viewer->speed++;
    viewer->lesson_speed = viewer->speed;
}

/* From the start to there. */
static void play_stage(Viewer *viewer) {
    choose_speed(viewer);
    viewer_set_step(viewer, 0);
    viewer_play(viewer, true);
    viewer->play_end = end_of_stage(viewer);
}

/* From where the race is seen now. */
static void play_on(Viewer *viewer) {
    int64_t end = end_of_stage(viewer);
    if (viewer_step(viewer) >= end)
        viewer_set_step(viewer, end);
    else
        viewer_play(viewer, true);
    viewer->play_end = end;
}

static bool says_at(const LessonStep *step) {
    for (int i = 0; i < step->n_changes; i++)
        if (strcmp(step->changes[i].key->name, "at") == 0) return true;
    return false;
}

static void show_stage(Viewer *viewer, bool replays) {
    Course *course = &viewer->course;
    course->page = 0;
    bool was_veiled = viewer->subject.veiled;
    viewer->subject.veiled = course->stage == 0;
    viewer->notice_s = 0;
    choose_mark(viewer);
    if (course->stage == 0) {
        viewer_set_step(viewer, 0);
    } else if (was_veiled || replays) {
        play_stage(viewer);
    }
    if (course_beside(course, 1) < 0) finish_lesson(viewer);
}

void viewer_leave_lesson(Viewer *viewer) {
    course_finish(&viewer->course);
    morph_finish(&viewer->morph);
    viewer->has_mark = false;
    viewer->subject.veiled = false;
    viewer->lesson = -1;
}

void viewer_begin_lesson(Viewer *viewer) {
    viewer_leave_lesson(viewer);
    course_begin(&viewer->course, &viewer->editor.scene);
    lesson_list_read(&viewer->lessons);
    const char *title = viewer->course.opening.title;
    for (int i = 0; i < viewer->lessons.n && title; i++)
        if (viewer->lessons.entries[i].number == viewer->course.lesson->number &&
            strcmp(viewer->lessons.entries[i].title, title) == 0)
            viewer->lesson = i;
    viewer->lesson_speed = viewer->speed;
    viewer->subject.veiled = viewer->course.stage == 0;
    show_stage(viewer, true);
}

/* The theme and the size of type are the room's, not the lesson's. */
static void show_look(Viewer *viewer, Look look) {
    look.light = viewer->subject.theme == &theme_light;
    look.text_size = viewer->text_size;
    viewer_show_look(viewer, &look);
}

/* Of the look, what a step says: a view turns into another one smoothly. */
static void change_look(Viewer *viewer, const LessonStep *step, const Look *look) {
    bool others = false;
    for (int i = 0; i < step->n_changes; i++) {
        const SceneKey *key = step->changes[i].key;
        bool view = strcmp(key->name, "view") == 0 && viewer->arena == &surface_arena;
        others |= key->part == SCENE_PART_LOOK && !view;
        if (view) viewer_set_mode(viewer, look->view);
    }
    if (others) show_look(viewer, *look);
}

/* The scene as a stage has it, at once. False where it cannot be shown; the person is told why. */
static bool put_scene(Viewer *viewer, int stage) {
    Status status = status_ok();
    Scene scene;
    if (!course_scene(&viewer->course, stage, &scene, &status)) {
        viewer_notify(viewer, status.message);
        return false;
    }
    Scene *place = editor_change(&viewer->editor, "lesson", ++viewer->ui.gesture);
    scene_finish(place);
    *place = scene;
    Look look = scene.look;
    if (!viewer_apply(viewer)) return false;
    show_look(viewer, look);
    return true;
}

/* The changes of the stage that has come, on top of the scene as it is, or where that cannot be, of the
 * lesson's. The race begins anew when they are done, if it is another one. */
static void make_changes(Viewer *viewer) {
    const LessonStep *step = course_step(&viewer->course);
    if (!step || step->n_changes == 0) return;
    Status status = status_ok();
    Scene next = scene_copy(&viewer->editor.scene);
    if (!scene_change(&next, step->changes, step->n_changes, &status)) {
        scene_finish(&next);
        if (!course_scene(&viewer->course, viewer->course.stage, &next, &status)) {
            viewer_notify(viewer, status.message);
            return;
        }
    }
    Look look = next.look;
    uint64_t race = viewer->subject.race_version;
    viewer->morph_gesture = ++viewer->ui.gesture;
    bool glides = morph_begin(&viewer->morph, &viewer->editor.scene, viewer->running.surface, &next);
    Scene *place = editor_change(&viewer->editor, "lesson", viewer->morph_gesture);
    scene_finish(place);
    *place = next;
    if (glides) morph_advance(&viewer->morph, 0, place);
    viewer->playing &= !glides;
    if (!viewer_apply(viewer)) {
        morph_finish(&viewer->morph);
        return;
    }
    change_look(viewer, step, &look);
    if (glides) return;
    if (viewer->subject.race_version != race)
        play_stage(viewer);
    else if (says_at(step))
        play_on(viewer);
}

/* The next or the last lesson of the list, at its beginning or its end. */
static void change_lesson(Viewer *viewer, int way) {
    int lesson = viewer->lesson + way;
    if (viewer->lesson < 0)
        viewer_notify(viewer, way > 0 ? "the lesson ends here" : "the lesson begins here");
    else if (lesson < 0 || lesson >= viewer->lessons.n)
        viewer_notify(viewer, way > 0 ? "that was the last lesson" : "this is the first lesson");
    else if (viewer_open_lesson(viewer, lesson) && way < 0) {
        Course *course = &viewer->course;
        int last = course_stage_count(course) - 1;
        course->stage = last;
        if (!course_text(course, last)[0]) course->stage = course_beside(course, -1);
        put_scene(viewer, course->stage);
        show_stage(viewer, false);
        course->ends = true;
        viewer_set_step(viewer, end_of_stage(viewer));
    }
}

/* A change that still glides is done at once. */
static void finish_morph(Viewer *viewer) {
    if (!viewer->morph.on) return;
    morph_advance(&viewer->morph, INFINITY, editor_change(&viewer->editor, "lesson", viewer->morph_gesture));
    viewer_apply(viewer);
}

void viewer_lesson_next(Viewer *viewer) {
    Course *course = &viewer->course;
    finish_morph(viewer);
    if (course->page + 1 < viewer->lesson_view.n_pages) {
        course->page++;
        return;
    }
    int next = course_beside(course, 1);
    if (next < 0) {
        change_lesson(viewer, 1);
        return;
    }
    Scene scene = viewer_scene(viewer);
    course_leave(course, &scene);
    scene_finish(&scene);
    course->stage = next;
    show_stage(viewer, false);
    make_changes(viewer);
    choose_mark(viewer); /* of the scene as it is now */
}

void viewer_lesson_back(Viewer *viewer) {
    Course *course = &viewer->course;
    finish_morph(viewer);
    if (course->page > 0) {
        course->page--;
        return;
    }
    int before = course_beside(course, -1);
    if (before < 0) {
        change_lesson(viewer, -1);
        return;
    }
    course->stage = before;
    put_scene(viewer, before);
    show_stage(viewer, false);
    course->ends = true;
    if (before > 0) viewer_set_step(viewer, end_of_stage(viewer));
}

bool viewer_open_lesson(Viewer *viewer, int lesson) {
    Status status = status_ok();
    Scene scene;
    if (!shipped_read(viewer->lessons.entries[lesson].shipped, &scene, &status)) {
        viewer_notify(viewer, status.message);
        return false;
    }
    scene.look.light = viewer->subject.theme == &theme_light;
    scene.look.text_size = viewer->text_size;
    scene.look.at = -1;
    bool good = viewer_set_scene(viewer, &scene);
    scene_finish(&scene);
    return good;
}

bool viewer_advance_lesson(Viewer *viewer, double seconds) {
    bool changed = false;
    if (viewer->has_mark && viewer->mark_fresh_s > 0) {
        viewer->mark_fresh_s = fmax(viewer->mark_fresh_s - seconds, 0);
        changed = true;
    }
    if (!viewer->morph.on) return changed;
    Scene *scene = editor_change(&viewer->editor, "lesson", viewer->morph_gesture);
    bool arrived = !morph_advance(&viewer->morph, seconds, scene);
    viewer_apply(viewer);
    if (arrived) play_stage(viewer);
    return true;
}

bool viewer_lesson_is_moving(const Viewer *viewer) {
    return viewer->morph.on || (viewer->has_mark && viewer->mark_fresh_s > 0);
}

void viewer_place_lesson(Viewer *viewer, Canvas *canvas) {
    /* Undone, pasted, opened: another scene has come. */
    if (viewer->course.lesson && viewer->editor.scene.lesson != viewer->course.lesson)
        viewer_leave_lesson(viewer);
    WindowLayout *layout = &viewer->layout;
    viewer->lesson_rect = (Rect){layout->plot.x, layout->plot.y + layout->plot.height, 0, 0};
    if (!viewer_is_in_lesson(viewer) || viewer->bare) return;
    Rect column = layout->plot;
    column.height += layout->timeline.height;
    float height = lesson_view_height(&viewer->lesson_view, canvas, column, &viewer->course);
    layout->plot.height -= height;
    layout->timeline.y -= height;
    viewer->lesson_rect =
        (Rect){column.x, layout->timeline.y + layout->timeline.height, column.width, height};
}

static Rect around(Point point) {
    const float reach = 13;
    return (Rect){point.x - reach, point.y - reach, 2 * reach, 2 * reach};
}

static bool control_rect(const Viewer *viewer, const char *name, Rect *rect) {
    const UiControl *control = ui_find(&viewer->ui, name);
    if (!control || control->seen.width <= 0 || control->seen.height <= 0) return false;
    *rect = control->seen;
    return true;
}

static bool place_rect(const Viewer *viewer, LessonPlace place, Rect *rect) {
    const WindowLayout *layout = &viewer->layout;
    switch (place) {
    case PLACE_START: {
        if (viewer->ground.flat_plot.width <= 0) return false;
        float x = (float)camera_x_px(&viewer->ground.plane.camera, viewer->subject.start[0]);
        float y = (float)camera_y_px(&viewer->ground.plane.camera, viewer->subject.start[1]);
        if (!rect_contains(viewer->ground.flat_plot, x, y)) return false;
        *rect = around((Point){x, y});
        return true;
    }
    case PLACE_TIMELINE: *rect = layout->timeline; break;
    case PLACE_CHART: *rect = layout->chart; break;
    case PLACE_PLAY: return control_rect(viewer, "bar.play", rect);
    case PLACE_SURFACE: return control_rect(viewer, "surface.title", rect);
    case PLACE_VIEW: return control_rect(viewer, "bar.3d", rect);
    case PLACE_RACERS: *rect = layout->cards; break;
    case PLACES: return false;
    }
    const float inset = 8;
    *rect = (Rect){rect->x + inset, rect->y + inset, rect->width - 2 * inset, rect->height - 2 * inset};
    return rect->width > 0 && rect->height > 0;
}

bool viewer_mark_rect(const Viewer *viewer, Rect *rect) {
    const LessonPoint *mark = &viewer->mark;
    char name[UI_NAME_BYTES];
    if (!viewer->has_mark || !viewer_is_in_lesson(viewer)) return false;
    switch (mark->kind) {
    case POINT_PLACE: return place_rect(viewer, mark->place, rect);
    case POINT_SURFACE: snprintf(name, sizeof name, "surface.%s", mark->name); break;
    case POINT_KEY: snprintf(name, sizeof name, "network.%s", mark->name); break;
    default: snprintf(name, sizeof name, "racer %d.%s", mark->racer + 1, mark->name ? mark->name : "title");
    }
    if (!control_rect(viewer, name, rect)) return false;
    /* All of its row, with name and number. */
    const Rect *cards = &viewer->layout.cards;
    const float side = 9;
    rect->x = cards->x + side;
    rect->width = cards->width - 2 * side;
    return true;
}

void viewer_draw_mark(const Viewer *viewer, Canvas *canvas) {
    Rect rect;
    if (viewer->bare || !viewer_mark_rect(viewer, &rect)) return;
    pointer_mark_draw(canvas, viewer->subject.theme, rect, (float)(viewer->mark_fresh_s / FRESH_S));
}

void viewer_show_stage(Viewer *viewer, int stage) {
    if (!viewer->editor.scene.lesson) return;
    viewer_begin_lesson(viewer);
    int last = course_stage_count(&viewer->course) - 1;
    viewer->course.stage = stage < last ? stage : last;
    put_scene(viewer, viewer->course.stage);
    show_stage(viewer, false);
    viewer->mark_fresh_s = 0;
    viewer_set_step(viewer, viewer->course.stage > 0 ? end_of_stage(viewer) : 0);
}

void viewer_show_lessons(Viewer *viewer) {
    browser_open(&viewer->browser, &viewer->lessons, viewer->lesson);
}

void viewer_write_progress(const Viewer *viewer, Text *out) {
    lesson_list_write_progress(&viewer->lessons, out);
}

void viewer_read_progress(Viewer *viewer, const char *text) {
    lesson_list_read_progress(&viewer->lessons, text);
}
