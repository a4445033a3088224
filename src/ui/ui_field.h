/* Fields to type in. Only one is edited at a time; its text lives in the Ui (ui_edit.h). A press or Enter
 * begins with all of it selected; Escape gives it back as it was; while it is edited letters are letters and
 * nothing else. */
#ifndef SLALOM_UI_FIELD_H
#define SLALOM_UI_FIELD_H

#include "status.h"
#include "ui.h"

#include <stdbool.h>
#include <stddef.h>

/* A number in its range, or beyond what a slider offers as far as `check` accepts it. */
typedef struct UiNumber {
    const UiRange *range; /* of the arrow keys, which move it as they move a slider */
    bool (*check)(const void *context, double value, Status *status); /* NULL: any finite number */
    const void *context;
} UiNumber;

/* At the right of rect, in figures of one width. True where *value has changed: Enter, Tab or a press
 * elsewhere take what was typed if it is good; where it is not, the colour and the tip say so. */
bool ui_number(Ui *ui, const char *name, Rect rect, const UiNumber *number, double *value, const char *tip);

/* One line; text has room for `size` bytes, and what does not fit is not taken. `look.dim` and `look.small`
 * count. True where it has changed, by the same keys. */
bool ui_text(Ui *ui, const char *name, Rect rect, char *text, size_t size, UiLook look, const char *tip);

/* The same for whoever needs each keystroke, as a search does: it is edited as long as it is called. `hint`
 * is shown while it is empty. True where the text, ui_edit_text, has changed. Enter, Escape, Tab, up, down
 * and the Page keys are left to whoever calls. */
bool ui_search(Ui *ui, const char *name, Rect rect, const char *hint, const char *tip);

/* Several lines of mono type, wrapped, with what is wrong with them underneath and marked at its place.
 * Whoever calls looks at the text after each change and says what is wrong with it in ui->edit.problem. */
typedef enum UiScriptResult {
    UI_SCRIPT_NONE,
    UI_SCRIPT_CHANGED,   /* ui_edit_text is another one now */
    UI_SCRIPT_DONE,      /* no longer edited */
    UI_SCRIPT_CANCELLED, /* the same, and the text should be ui->edit.before again */
} UiScriptResult;

typedef struct UiScript {
    const char *text; /* that is shown while it is not edited, and with which editing begins */
    int max_lines;    /* that are shown at once; the text scrolls beyond them */
    bool enter_ends;  /* otherwise Enter is a new line, and Ctrl+Enter ends */
    const char *tip;
} UiScript;
float ui_script_height(Ui *ui, const char *name, float width, const UiScript *script);
UiScriptResult ui_script(Ui *ui, const char *name, Rect rect, const UiScript *script);

/* A message of formulas without its place and its quotation, which a field shows by itself. */
void status_headline(const Status *status, char *out, size_t out_size);

#endif
