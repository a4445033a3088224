/* What follows from a choice in the palette, and how typing a formula begins. */
#include "formula_field.h"
#include "ui_edit.h"
#include "viewer_state.h"

#include <stdio.h>
#include <string.h>

/* Something to begin with that uses every part there is. */
static const char *const NEW_OPTIMIZER = "mine:state = m\n"
                                         "m = beta*m + (1 - beta)*g\n"
                                         "x -= lr*m\n"
                                         "where lr = 0.02 in [1e-5, 1] log,\n"
                                         "    beta = 0.9 in [0, 0.999]";

/* Formulas are typed in the panel. */
static void show_panel(Viewer *viewer) {
    if (viewer->layout.panel.width <= 0) viewer->panel = PANEL_SHOWN;
}

void viewer_edit_formula(Viewer *viewer) {
    show_panel(viewer);
    ui_edit_want(&viewer->ui, SURFACE_FORMULA);
}

void viewer_edit_script(Viewer *viewer, int racer) {
    const Scene *scene = &viewer->editor.scene;
    if (!has_script(scene, racer)) {
        char message[NOTICE_BYTES];
        snprintf(message, sizeof message, "%s is more than formulas: it cannot be changed by typing",
            scene->racers[racer].optimizer->title);
        viewer_notify(viewer, message);
        return;
    }
    char name[UI_NAME_BYTES];
    script_field_name(racer, name);
    show_panel(viewer);
    viewer->editor.selected = racer;
    ui_edit_want(&viewer->ui, name);
}

static bool add_racer(Viewer *viewer, const char *text) {
    Status status = status_ok();
    bool good = editor_add_racer(&viewer->editor, text, &status);
    if (!good) viewer_notify(viewer, status.message);
    return good;
}

void viewer_new_optimizer(Viewer *viewer) {
    if (add_racer(viewer, NEW_OPTIMIZER)) viewer_edit_script(viewer, viewer->editor.selected);
}

static void choose_schedule(Viewer *viewer, int index) {
    int racer = viewer->editor.selected;
    if (racer < 0 && viewer->editor.scene.n_racers > 1) {
        viewer_notify(viewer, "choose a racer first: press its name, or . and ,");
        return;
    }
    Status status = status_ok();
    Scene *scene = editor_change(&viewer->editor, "schedule", ++viewer->ui.gesture);
    if (!schedule_read(&scene->racers[racer < 0 ? 0 : racer].schedule, schedule_table[index].name, &status))
        viewer_notify(viewer, status.message);
}

void viewer_offer_files(Viewer *viewer, FileList *files) {
    palette_open_files(&viewer->palette, files);
}

void viewer_ask_path(Viewer *viewer) {
    palette_open_save(&viewer->palette);
}

const char *viewer_path(const Viewer *viewer) {
    return text_string(&viewer->path);
}

static void request_path(Viewer *viewer, const PaletteItem *item) {
    text_clear(&viewer->path);
    text_append(&viewer->path, "%s", palette_path(&viewer->palette, item));
    viewer->request = item->kind == PALETTE_FILE ? VIEWER_REQUEST_OPEN : VIEWER_REQUEST_SAVE;
}

void viewer_choose(Viewer *viewer, const PaletteItem *item) {
    switch (item->kind) {
    case PALETTE_NONE: break;
    case PALETTE_ACTION: viewer_act(viewer, (Action)item->index); break;
    case PALETTE_SURFACE: viewer_choose_surface(viewer, surface_table[item->index].name); break;
    case PALETTE_OPTIMIZER: add_racer(viewer, optimizer_table[item->index].name); break;
    case PALETTE_SCHEDULE: choose_schedule(viewer, item->index); break;
    case PALETTE_THEME: viewer->subject.theme = palette_themes[item->index]; break;
    case PALETTE_SPEED: viewer->speed = item->index; break;
    case PALETTE_FILE:
    case PALETTE_SAVE: request_path(viewer, item); break;
    }
    viewer_apply(viewer);
}
