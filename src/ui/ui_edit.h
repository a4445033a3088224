/* What all fields share: which of them is edited, and what keyboard and clipboard do to its text. For the
 * fields; views see ui_field.h. */
#ifndef SLALOM_UI_EDIT_H
#define SLALOM_UI_EDIT_H

#include "ui.h"

#include <stdbool.h>
#include <stddef.h>

/* Edits a field from its next pass on, with all of its text selected. */
void ui_edit_want(Ui *ui, const char *name);

/* Whether this field is edited; begins where it was wanted, with `text`. */
bool ui_edit_is_on(Ui *ui, const UiControl *control, const char *text, bool many_lines);

/* What a pass did to the field that is edited. */
typedef enum UiEditStep {
    UI_EDIT_NONE,
    UI_EDIT_CHANGED, /* the text */
    UI_EDIT_LEFT,    /* the person is elsewhere now; the event is not taken */
    UI_EDIT_TAB,     /* the same by Tab: whoever does not let go takes the event */
    UI_EDIT_ENTER,   /* with the event still there: what these keys mean is known to the field */
    UI_EDIT_ESCAPE,
    UI_EDIT_UP,
    UI_EDIT_DOWN,
} UiEditStep;
UiEditStep ui_edit_step(Ui *ui, const UiControl *control);

void ui_edit_end(Ui *ui);

/* The typed text as it stands. Borrowed until it is changed. */
const char *ui_edit_text(const Ui *ui);

#endif
