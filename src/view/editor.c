/* Changes to a scene and their history. That a change is possible is found out by whoever applies it. */
#include "editor.h"

#include "racer_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool editor_init(Editor *editor, const Scene *scene, Status *status) {
    *editor = (Editor){.scene = scene_copy(scene), .selected = -1};
    return editor->scene.surface || status_fail(status, STATUS_FAILED, "out of memory");
}

static void drop(Scene *scene) {
    if (!scene) return;
    scene_finish(scene);
    free(scene);
}

static void drop_future(Editor *editor) {
    for (int i = 0; i < editor->n_future; i++) drop(editor->past[editor->n_past + i]);
    editor->n_future = 0;
}

void editor_finish(Editor *editor) {
    drop_future(editor);
    for (int i = 0; i < editor->n_past; i++) drop(editor->past[i]);
    scene_finish(&editor->scene);
}

static Scene *new_copy(const Scene *scene) {
    Scene *copy = malloc(sizeof *copy);
    if (!copy) return NULL;
    *copy = scene_copy(scene);
    return copy;
}

/* Without memory the change happens all the same, and cannot be undone. */
Scene *editor_change(Editor *editor, const char *what, uint32_t gesture) {
    editor->version++;
    bool goes_on = editor->gesture == gesture && strcmp(editor->what, what) == 0 && editor->n_future == 0;
    snprintf(editor->what, sizeof editor->what, "%s", what);
    editor->gesture = gesture;
    if (goes_on && editor->n_past > 0) return &editor->scene;
    drop_future(editor);
    Scene *copy = new_copy(&editor->scene);
    if (!copy) return &editor->scene;
    if (editor->n_past == EDITOR_PAST_MAX) {
        drop(editor->past[0]);
        memmove(editor->past, editor->past + 1, (EDITOR_PAST_MAX - 1) * sizeof editor->past[0]);
        editor->n_past--;
    }
    editor->past[editor->n_past++] = copy;
    return &editor->scene;
}

static void keep_selection(Editor *editor) {
    if (editor->selected >= editor->scene.n_racers) editor->selected = editor->scene.n_racers - 1;
}

/* Puts the scene of the past at `at` in the place of the present one, which takes that place. */
static void swap(Editor *editor, int at) {
    Scene present = editor->scene;
    editor->scene = *editor->past[at];
    *editor->past[at] = present;
    editor->what[0] = '\0';
    editor->version++;
    keep_selection(editor);
}

bool editor_undo(Editor *editor) {
    if (editor->n_past == 0) return false;
    swap(editor, --editor->n_past);
    editor->n_future++;
    return true;
}

bool editor_redo(Editor *editor) {
    if (editor->n_future == 0) return false;
    swap(editor, editor->n_past++);
    editor->n_future--;
    return true;
}

void editor_withdraw(Editor *editor) {
    if (editor_undo(editor)) drop_future(editor);
}

/* Racers keep colour and marker when others come and go. */
static void fix_styles(Scene *scene) {
    for (int i = 0; i < scene->n_racers; i++)
        if (scene->racers[i].look.style == 0) scene->racers[i].look.style = i + 1;
}

static int free_style(const Scene *scene) {
    for (int style = 1; style <= RACER_STYLES; style++) {
        bool taken = false;
        for (int i = 0; i < scene->n_racers && !taken; i++) taken = scene->racers[i].look.style == style;
        if (!taken) return style;
    }
    return 1;
}

static bool is_label_taken(const Scene *scene, int racer, const char *label) {
    for (int i = 0; i < scene->n_racers; i++)
        if (i != racer && strcmp(scene->racers[i].label, label) == 0) return true;
    return false;
}

/* "adam", "adam 2", ...: so that no other racer is called the same. */
static void make_label_new(Scene *scene, int racer) {
    char *label = scene->racers[racer].label, stem[RACER_LABEL_BYTES - 4];
    snprintf(stem, sizeof stem, "%.*s", (int)sizeof stem - 1, label);
    size_t length = strlen(stem);
    while (length > 1 && stem[length - 1] >= '0' && stem[length - 1] <= '9') length--;
    if (length > 1 && stem[length] && stem[length - 1] == ' ') stem[length - 1] = '\0';
    for (int n = 2; is_label_taken(scene, racer, label); n++)
        snprintf(label, RACER_LABEL_BYTES, "%s %d", stem, n);
}

/* Puts a copy of a racer behind it. */
static RacerSpec *insert_copy(Scene *scene, int racer) {
    for (int i = scene->n_racers++; i > racer + 1; i--) {
        scene->racers[i] = scene->racers[i - 1];
        scene->own[i] = scene->own[i - 1];
    }
    scene->racers[racer + 1] = scene->racers[racer];
    scene->own[racer + 1] = scene->own[racer] ? own_optimizer_share(scene->own[racer]) : NULL;
    return &scene->racers[racer + 1];
}

static bool has_room(const Scene *scene, Status *status) {
    return scene->n_racers < RACE_RACERS_MAX ||
           status_fail(status, STATUS_BAD_INPUT, "a race has at most %d racers", RACE_RACERS_MAX);
}

bool editor_add_racer(Editor *editor, const char *text, Status *status) {
    if (!has_room(&editor->scene, status)) return false;
    RacerSpec racer;
    OwnOptimizer *own;
    if (!racer_read(text, &racer, &own, status)) return false;
    Scene *scene = editor_change(editor, "add a racer", ++editor->gesture);
    fix_styles(scene);
    racer.look.style = free_style(scene);
    scene->own[scene->n_racers] = own;
    scene->racers[scene->n_racers] = racer;
    editor->selected = scene->n_racers++;
    make_label_new(scene, editor->selected);
    return true;
}

bool editor_duplicate(Editor *editor, int racer, Status *status) {
    if (!has_room(&editor->scene, status)) return false;
    Scene *scene = editor_change(editor, "duplicate", ++editor->gesture);
    fix_styles(scene);
    int style = free_style(scene);
    RacerSpec *copy = insert_copy(scene, racer);
    copy->look = (RacerLook){.style = style};
    make_label_new(scene, racer + 1);
    editor->selected = racer + 1;
    return true;
}

bool editor_remove(Editor *editor, int racer) {
    if (editor->scene.n_racers <= 1) return false;
    Scene *scene = editor_change(editor, "remove", ++editor->gesture);
    fix_styles(scene);
    own_optimizer_release(scene->own[racer]);
    scene->n_racers--;
    for (int i = racer; i < scene->n_racers; i++) {
        scene->racers[i] = scene->racers[i + 1];
        scene->own[i] = scene->own[i + 1];
    }
    scene->own[scene->n_racers] = NULL;
    keep_selection(editor);
    return true;
}

bool editor_move(Editor *editor, int racer, int by) {
    int to = racer + by;
    if (to < 0 || to >= editor->scene.n_racers) return false;
    Scene *scene = editor_change(editor, "move", ++editor->gesture);
    fix_styles(scene);
    RacerSpec spec = scene->racers[racer];
    OwnOptimizer *own = scene->own[racer];
    scene->racers[racer] = scene->racers[to];
    scene->own[racer] = scene->own[to];
    scene->racers[to] = spec;
    scene->own[to] = own;
    if (editor->selected == racer) editor->selected = to;
    return true;
}

/* Whether the racer's last change is at this very step: then it is the branch, and is changed itself. */
static bool branched_here(const RacerSpec *racer, int64_t step) {
    return racer->n_changes > 0 && racer->changes[racer->n_changes - 1].step == step;
}

RacerSpec *editor_change_racer(Editor *editor, int racer, const char *what, uint32_t gesture) {
    Scene *scene = editor_change(editor, what, gesture);
    RacerSpec *spec = &scene->racers[racer];
    int64_t step = editor->step;
    bool later = spec->n_changes > 0 && spec->changes[spec->n_changes - 1].step > step;
    bool over = step == 0 || step >= scene->steps;
    bool full = spec->n_changes == RACER_CHANGES_MAX || scene->n_racers == RACE_RACERS_MAX;
    if (!editor->branches || over || later || branched_here(spec, step) || full) return spec;
    fix_styles(scene);
    RacerSpec *ghost = insert_copy(scene, racer);
    if (editor->selected > racer) editor->selected++;
    ghost->look.ghost = true;
    char label[RACER_LABEL_BYTES];
    snprintf(label, sizeof label, "%.*s (old)", RACER_LABEL_BYTES - 7, spec->label);
    memcpy(ghost->label, label, sizeof label);
    make_label_new(scene, racer + 1);
    RacerChange *change = &spec->changes[spec->n_changes];
    change->step = step;
    memcpy(change->values, racer_values(spec, step), sizeof change->values);
    spec->n_changes++;
    return spec;
}

double *editor_values(Editor *editor, RacerSpec *racer) {
    int i = racer->n_changes;
    while (i > 0 && racer->changes[i - 1].step > editor->step) i--;
    return i > 0 ? racer->changes[i - 1].values : racer->values;
}
