/* Each change of the text is tried at once; what it makes of the scene is one change of the history from the
 * first letter to the last. */
#include "formula_field.h"

#include "own.h"
#include "ui_edit.h"
#include "ui_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMULA_LINES = 8, SCRIPT_LINES = 16 };
static const float FIELD_EXTRA = 60; /* what a field is higher than its lines, and some air */
static const char *const FORMULA_CHANGE = "formula", *const SCRIPT_CHANGE = "script";

void script_field_name(int racer, char name[UI_NAME_BYTES]) {
    snprintf(name, UI_NAME_BYTES, "racer %d.script", racer + 1);
}

static bool is_edited(const Ui *ui, const char *name) {
    return strcmp(ui->edit.name, name) == 0 || (!ui->edit.name[0] && strcmp(ui->edit.wanted, name) == 0);
}

void formula_area(Pen *pen, float top, const char *name, const char *tip) {
    if (pen->measures || pen->y <= top) return;
    Rect rect = {pen->column.x + PEN_INDENT - 4, top, pen->column.width - PEN_INDENT + 8, pen->y - top};
    char area[UI_NAME_BYTES];
    snprintf(area, sizeof area, "%s text", name);
    if (ui_area(pen->ui, area, rect, tip)) ui_edit_want(pen->ui, name);
    if (pen->ui->draws && ui_is_hovered(pen->ui, ui_find(pen->ui, area)) && rect.y >= pen->column.y)
        canvas_stroke_rect(pen->ui->canvas, rect, 4, 1, pen->ui->theme->line);
}

/* A field where the pen is, not higher than what is in sight of the column; false where it is not the one
 * that is edited. */
static bool put_field(Pen *pen, const char *name, UiScript *script, UiScriptResult *result) {
    *result = UI_SCRIPT_NONE;
    if (!is_edited(pen->ui, name)) return false;
    int room = (int)((pen->column.height - FIELD_EXTRA) / PEN_LINE_HEIGHT);
    if (script->max_lines > room) script->max_lines = room > 1 ? room : 1;
    float x = pen->column.x + PEN_INDENT - 6, width = pen->column.width - PEN_INDENT + 12;
    float height = ui_script_height(pen->ui, name, width, script);
    Rect rect = {x, pen->y + 2, width, height};
    pen->y += height + 6;
    if (!pen->measures) *result = ui_script(pen->ui, name, rect, script);
    return true;
}

static void withdraw(Editor *editor, const Ui *ui, const char *what) {
    if (editor->gesture == ui->edit.gesture && strcmp(editor->what, what) == 0) editor_withdraw(editor);
}

/* Parameters that the new formula has as well, and takes, keep their values. */
static void keep_settings(Scene *scene, Surface *surface) {
    int n = 0;
    for (int i = 0; i < scene->n_settings; i++) {
        Status ignored = status_ok();
        const Setting *setting = &scene->settings[i];
        if (surface_set(surface, setting->name, setting->value, &ignored)) scene->settings[n++] = *setting;
    }
    scene->n_settings = n;
}

/* A shipped formula is the shipped surface, with all that belongs to it. */
static const char *name_of(const char *formula) {
    for (int i = 0; i < surface_count; i++)
        if (strcmp(surface_table[i].formula, formula) == 0) return surface_table[i].name;
    return formula;
}

static void try_formula(Editor *editor, Ui *ui, const Subject *subject) {
    ui->edit.problem = status_ok();
    const char *text = name_of(ui_edit_text(ui));
    Surface *surface = surface_create(text, &ui->edit.problem);
    char *copy = surface ? strdup(text) : NULL;
    if (copy) {
        Scene *scene = editor_change(editor, FORMULA_CHANGE, ui->edit.gesture);
        keep_settings(scene, surface);
        scene_set_surface(scene, copy);
        scene->has_start = true;
        memcpy(scene->start, subject->start, sizeof scene->start);
    }
    surface_destroy(surface);
}

bool surface_formula_field(Pen *pen, const Subject *subject, Editor *editor) {
    Ui *ui = pen->ui;
    UiScript script = {subject->surface->text, FORMULA_LINES, true,
        "any formula of x and y, with its parameters behind where"};
    UiScriptResult result;
    bool edited = put_field(pen, SURFACE_FORMULA, &script, &result);
    if (result == UI_SCRIPT_CHANGED) try_formula(editor, ui, subject);
    if (result == UI_SCRIPT_CANCELLED) withdraw(editor, ui, FORMULA_CHANGE);
    return edited;
}

bool has_script(const Scene *scene, int racer) {
    return scene->racers[racer].optimizer->method == NULL;
}

/* Values go by their names. Where the text says another default than before, that is what is meant. */
static void carry_over(const Optimizer *from, const double *values, const Optimizer *to, double *carried) {
    optimizer_defaults(to, carried);
    for (int i = 0; i < optimizer_parameter_count(to); i++) {
        int before = optimizer_parameter_find(from, to->parameters[i].name);
        if (before >= 0 && from->parameters[before].value == to->parameters[i].value)
            carried[i] = values[before];
    }
}

/* An own optimizer is called as the one that it was made from, but not the same: the names of the shipped
 * ones are theirs. */
static void name_own(const RacerSpec *spec, const OwnOptimizer *own, char name[SYMBOL_NAME_BYTES]) {
    if (own)
        snprintf(name, SYMBOL_NAME_BYTES, "%s", spec->optimizer->name);
    else
        snprintf(name, SYMBOL_NAME_BYTES, "my_%.*s", SYMBOL_NAME_BYTES - 4, spec->optimizer->name);
}

static void set_script(Editor *editor, int racer, OwnOptimizer *own, uint32_t gesture) {
    Scene *scene = editor_change(editor, SCRIPT_CHANGE, gesture);
    RacerSpec *spec = &scene->racers[racer];
    const Optimizer *from = spec->optimizer, *to = own_optimizer_row(own);
    RacerSpec before = *spec;
    carry_over(from, before.values, to, spec->values);
    for (int i = 0; i < spec->n_changes; i++)
        carry_over(from, before.changes[i].values, to, spec->changes[i].values);
    if (strcmp(spec->label, from->name) == 0) snprintf(spec->label, sizeof spec->label, "%s", to->name);
    spec->optimizer = to;
    own_optimizer_release(scene->own[racer]);
    scene->own[racer] = own;
}

static void try_script(Editor *editor, Ui *ui, int racer) {
    char name[SYMBOL_NAME_BYTES];
    name_own(&editor->scene.racers[racer], editor->scene.own[racer], name);
    ui->edit.problem = status_ok();
    OwnOptimizer *own = own_optimizer_create(name, ui_edit_text(ui), &ui->edit.problem);
    if (own) set_script(editor, racer, own, ui->edit.gesture);
}

bool racer_script_field(Pen *pen, Editor *editor, int racer) {
    char name[UI_NAME_BYTES];
    script_field_name(racer, name);
    if (!is_edited(pen->ui, name) || !has_script(&editor->scene, racer)) return false;
    Text text = {0};
    const OwnOptimizer *own = editor->scene.own[racer];
    if (own)
        text_append(&text, "%s", own_optimizer_text(own));
    else
        optimizer_as_script(editor->scene.racers[racer].optimizer, &text);
    UiScript script = {text_string(&text), SCRIPT_LINES, false,
        "one step: statements about x, g, t, lr and state of its own"};
    UiScriptResult result;
    put_field(pen, name, &script, &result);
    text_finish(&text);
    if (result == UI_SCRIPT_CHANGED) try_script(editor, pen->ui, racer);
    if (result == UI_SCRIPT_CANCELLED) withdraw(editor, pen->ui, SCRIPT_CHANGE);
    return true;
}
