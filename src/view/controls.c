/* What each action does. Which key or button asks for it is in keys.c and in the views. */
#include "viewer_state.h"

static const double COUNTDOWN_S = 3;
enum { TEXT_SIZE_STEP = 10, TEXT_SIZE_PRESENTED = 150 };

static void change_speed(Viewer *viewer, int by) {
    int speed = viewer->speed + by;
    if (speed >= 0 && speed < viewer->arena->n_speeds) viewer->speed = speed;
}

static void change_step(Viewer *viewer, int64_t by) {
    viewer_set_step(viewer, viewer_step(viewer) + by);
}

static void toggle_theme(Viewer *viewer) {
    viewer->subject.theme = viewer->subject.theme == &theme_dark ? &theme_light : &theme_dark;
}

static void tell(Viewer *viewer, bool good, const char *message) {
    if (!good) viewer_notify(viewer, message);
}

static void choose_racer(Viewer *viewer, int by) {
    Editor *editor = &viewer->editor;
    int n = editor->scene.n_racers;
    int from = editor->selected < 0 ? (by > 0 ? -1 : n) : editor->selected;
    editor->selected = (from + by + n) % n;
}

/* The racer that an action is about: the one that is chosen, or the only one. */
static int chosen(Viewer *viewer) {
    if (viewer->editor.selected < 0 && viewer->editor.scene.n_racers == 1) return 0;
    if (viewer->editor.selected < 0)
        viewer_notify(viewer, "choose a racer first: press its name, or . and ,");
    return viewer->editor.selected;
}

static void act_on_racer(Viewer *viewer, Action action) {
    Editor *editor = &viewer->editor;
    int racer = chosen(viewer);
    if (racer < 0) return;
    Status status = status_ok();
    uint32_t gesture = ++viewer->ui.gesture;
    switch (action) {
    case ACTION_DUPLICATE: tell(viewer, editor_duplicate(editor, racer, &status), status.message); break;
    case ACTION_REMOVE: tell(viewer, editor_remove(editor, racer), "a race has at least one racer"); break;
    case ACTION_SCRIPT: viewer_edit_script(viewer, racer); break;
    case ACTION_SCHEDULE: palette_open(&viewer->palette, viewer->arena, PALETTE_SCHEDULE); break;
    case ACTION_MOVE_UP: editor_move(editor, racer, -1); break;
    case ACTION_MOVE_DOWN: editor_move(editor, racer, 1); break;
    case ACTION_HIDE: {
        RacerLook *look = &editor_change(editor, "hide", gesture)->racers[racer].look;
        look->hidden = !look->hidden;
        break;
    }
    case ACTION_SOLO: {
        RacerLook *look = &editor_change(editor, "solo", gesture)->racers[racer].look;
        look->solo = !look->solo;
        break;
    }
    case ACTION_STYLE: {
        RacerLook *look = &editor_change(editor, "style", gesture)->racers[racer].look;
        int style = look->style > 0 ? look->style : racer + 1;
        look->style = style % RACER_STYLES + 1;
        break;
    }
    default: break;
    }
}

static void toggle_branching(Viewer *viewer) {
    viewer->editor.branches = !viewer->editor.branches;
    viewer_notify(viewer, viewer->editor.branches
                              ? "branch on: a changed racer goes on from this step and leaves a ghost"
                              : "branch off: a change begins the race anew");
}

/* The class guesses while nothing of the race is seen; the next press starts it. */
static void predict(Viewer *viewer) {
    viewer->subject.veiled = !viewer->subject.veiled;
    viewer_set_step(viewer, 0);
    if (viewer->subject.veiled) viewer_notify(viewer, "who gets there first? Space starts the race");
}

static void count_down(Viewer *viewer) {
    viewer_set_step(viewer, 0);
    viewer->subject.veiled = false;
    viewer->countdown_s = COUNTDOWN_S;
    viewer->notice_s = 0;
}

static void play(Viewer *viewer) {
    if (viewer_is_in_lesson(viewer) && viewer->subject.veiled) {
        viewer_lesson_next(viewer);
    } else if (viewer->subject.veiled || viewer->countdown_s > 0) {
        viewer->subject.veiled = false;
        viewer_set_step(viewer, 0);
        viewer_play(viewer, true);
    } else {
        viewer_play(viewer, !viewer->playing);
    }
}

static void set_text_size(Viewer *viewer, int size) {
    viewer->text_size = size < TEXT_SIZE_MIN ? TEXT_SIZE_MIN : size > TEXT_SIZE_MAX ? TEXT_SIZE_MAX : size;
    viewer->request = VIEWER_REQUEST_TEXT_SIZE;
}

static void present(Viewer *viewer) {
    viewer->presents = !viewer->presents;
    if (viewer->presents) viewer->text_size_before = viewer->text_size;
    set_text_size(viewer, viewer->presents ? TEXT_SIZE_PRESENTED : viewer->text_size_before);
    viewer->request = VIEWER_REQUEST_PRESENT;
}

/* Closes what is open, the topmost first; nothing left, nothing chosen. */
static void close_topmost(Viewer *viewer) {
    if (viewer->help_open)
        viewer->help_open = false;
    else if (viewer->presents)
        present(viewer);
    else
        viewer->editor.selected = -1;
}

static void act_in_arena(Viewer *viewer, Action action) {
    if (!viewer->arena->act(viewer, action)) viewer_notify(viewer, "there is nothing of that kind here");
}

bool viewer_act(Viewer *viewer, Action action) {
    int64_t end = viewer_step_count(viewer), tenth = end >= 10 ? end / 10 : 1;
    switch (action) {
    case ACTION_NONE: return false;
    case ACTION_PLAY: play(viewer); break;
    case ACTION_STEP_FORWARD: change_step(viewer, 1); break;
    case ACTION_STEP_BACK: change_step(viewer, -1); break;
    case ACTION_JUMP_FORWARD: change_step(viewer, tenth); break;
    case ACTION_JUMP_BACK: change_step(viewer, -tenth); break;
    case ACTION_FIRST: viewer_set_step(viewer, 0); break;
    case ACTION_LAST: viewer_set_step(viewer, end); break;
    case ACTION_FASTER: change_speed(viewer, 1); break;
    case ACTION_SLOWER: change_speed(viewer, -1); break;
    case ACTION_SPEED: viewer->speed = (viewer->speed + 1) % viewer->arena->n_speeds; break;
    case ACTION_THEME: toggle_theme(viewer); break;
    case ACTION_UNDO: tell(viewer, editor_undo(&viewer->editor), "there is nothing to undo"); break;
    case ACTION_REDO: tell(viewer, editor_redo(&viewer->editor), "there is nothing to redo"); break;
    case ACTION_NEXT_RACER: choose_racer(viewer, 1); break;
    case ACTION_PREVIOUS_RACER: choose_racer(viewer, -1); break;
    case ACTION_ADD_RACER: palette_open(&viewer->palette, viewer->arena, PALETTE_OPTIMIZER); break;
    case ACTION_NEW_OPTIMIZER: viewer_new_optimizer(viewer); break;
    case ACTION_SCRIPT:
    case ACTION_SCHEDULE:
    case ACTION_DUPLICATE:
    case ACTION_REMOVE:
    case ACTION_MOVE_UP:
    case ACTION_MOVE_DOWN:
    case ACTION_HIDE:
    case ACTION_SOLO:
    case ACTION_STYLE: act_on_racer(viewer, action); break;
    case ACTION_DEVICES: viewer->cards.devices = chosen(viewer) >= 0 && !viewer->cards.devices; break;
    case ACTION_BRANCH: toggle_branching(viewer); break;
    case ACTION_PALETTE: palette_open(&viewer->palette, viewer->arena, PALETTE_NONE); break;
    case ACTION_SURFACE: palette_open(&viewer->palette, viewer->arena, PALETTE_SURFACE); break;
    case ACTION_PREDICT: predict(viewer); break;
    case ACTION_COUNTDOWN: count_down(viewer); break;
    case ACTION_LARGER: set_text_size(viewer, viewer->text_size + TEXT_SIZE_STEP); break;
    case ACTION_SMALLER: set_text_size(viewer, viewer->text_size - TEXT_SIZE_STEP); break;
    case ACTION_NORMAL_SIZE: set_text_size(viewer, TEXT_SIZE_USUAL); break;
    case ACTION_PANEL: viewer->panel = viewer->layout.panel.width > 0 ? PANEL_HIDDEN : PANEL_SHOWN; break;
    case ACTION_PRESENT: present(viewer); break;
    case ACTION_SCREENSHOT: viewer->request = VIEWER_REQUEST_SCREENSHOT; break;
    case ACTION_RECORD: viewer->request = VIEWER_REQUEST_RECORD; break;
    case ACTION_FULLSCREEN: viewer->request = VIEWER_REQUEST_FULLSCREEN; break;
    case ACTION_HELP: viewer->help_open = !viewer->help_open; break;
    case ACTION_LESSONS: viewer_show_lessons(viewer); break;
    case ACTION_LESSON_NEXT: viewer_lesson_next(viewer); break;
    case ACTION_LESSON_BACK: viewer_lesson_back(viewer); break;
    case ACTION_LESSON_CLOSE: viewer_leave_lesson(viewer); break;
    case ACTION_CLOSE: close_topmost(viewer); break;
    case ACTION_COPY: viewer->request = VIEWER_REQUEST_COPY_SCENE; break;
    case ACTION_SAVE:
        text_clear(&viewer->path);
        viewer->request = VIEWER_REQUEST_SAVE;
        break;
    case ACTION_SAVE_AS: viewer->request = VIEWER_REQUEST_ASK_PATH; break;
    case ACTION_OPEN: viewer->request = VIEWER_REQUEST_LIST; break;
    case ACTION_PASTE: viewer->request = VIEWER_REQUEST_PASTE; break;
    case ACTION_QUIT: viewer->request = VIEWER_REQUEST_QUIT; break;
    default: act_in_arena(viewer, action); break;
    }
    viewer_apply(viewer);
    return true;
}
