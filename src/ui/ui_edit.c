/* The life of the one text that is edited. Where its characters are is left to the fields. */
#include "ui_edit.h"

#include <stdio.h>
#include <string.h>

void ui_edit_want(Ui *ui, const char *name) {
    snprintf(ui->edit.wanted, sizeof ui->edit.wanted, "%s", name);
    ui->changed = true;
}

static bool is_name(const char *name, const UiControl *control) {
    return control && strcmp(name, control->name) == 0;
}

/* A field that is edited must let go before another can begin, so that nothing typed is lost. */
bool ui_edit_is_on(Ui *ui, const UiControl *control, const char *text, bool many_lines) {
    UiEdit *edit = &ui->edit;
    if (is_name(edit->wanted, control) && edit->name[0] == '\0') {
        memcpy(edit->name, edit->wanted, sizeof edit->name);
        edit->wanted[0] = '\0';
        memcpy(ui->focus, edit->name, sizeof ui->focus);
        text_edit_start(&edit->text, text, many_lines);
        text_clear(&edit->before);
        text_append(&edit->before, "%s", edit->text.bytes);
        edit->problem = status_ok();
        edit->first = 0;
        edit->gesture = ++ui->gesture;
        ui->changed = true;
    }
    return is_name(edit->name, control);
}

void ui_edit_end(Ui *ui) {
    ui->edit.name[0] = '\0';
    ui->changed = true;
}

const char *ui_edit_text(const Ui *ui) {
    return ui->edit.text.bytes;
}

/* What is not allowed to reach anybody else while a text is typed: undoing a change of the race would be a
 * surprise, and so would be a jump. */
static bool is_withheld(const Event *event) {
    if (event->control) return event->key == 'z' || event->key == 'y';
    return event->key == KEY_PAGE_UP || event->key == KEY_PAGE_DOWN;
}

static void copy_selection(Ui *ui) {
    const TextEdit *text = &ui->edit.text;
    size_t begin, end;
    if (!text_edit_selection(text, &begin, &end)) return;
    text_clear(&ui->copied);
    text_append_bytes(&ui->copied, text->bytes + begin, end - begin);
}

static UiEditStep step_text(Ui *ui) {
    TextEdit *text = &ui->edit.text;
    TextEditResult result = text_edit_handle(text, ui->event);
    switch (result) {
    case TEXT_EDIT_PASSED:
        if (is_withheld(ui->event)) ui_take(ui);
        return UI_EDIT_NONE;
    case TEXT_EDIT_COPY:
    case TEXT_EDIT_CUT: copy_selection(ui); break;
    case TEXT_EDIT_FULL:
        status_fail(
            &ui->edit.problem, STATUS_BAD_INPUT, "too long: there is room for %d bytes", TEXT_EDIT_BYTES - 1);
        break;
    default: break;
    }
    if (result == TEXT_EDIT_CUT) text_edit_delete_selection(text);
    ui_take(ui);
    return result == TEXT_EDIT_CHANGED || result == TEXT_EDIT_CUT ? UI_EDIT_CHANGED : UI_EDIT_NONE;
}

UiEditStep ui_edit_step(Ui *ui, const UiControl *control) {
    const Event *event = ui->event;
    if (ui->draws) return UI_EDIT_NONE;
    if (!ui_is_focused(ui, control)) return UI_EDIT_LEFT;
    if (!event) return UI_EDIT_NONE;
    if (event->type == EVENT_POINTER_DOWN && !rect_contains(control->seen, event->x, event->y))
        return UI_EDIT_LEFT;
    if (event->type != EVENT_KEY && event->type != EVENT_PASTE) return UI_EDIT_NONE;
    if (event->type == EVENT_KEY) {
        switch (event->key) {
        case KEY_TAB: return event->control ? UI_EDIT_NONE : UI_EDIT_TAB;
        case KEY_ENTER: return UI_EDIT_ENTER;
        case KEY_ESCAPE: return UI_EDIT_ESCAPE;
        case KEY_UP: return UI_EDIT_UP;
        case KEY_DOWN: return UI_EDIT_DOWN;
        default: break;
        }
    }
    return step_text(ui);
}
