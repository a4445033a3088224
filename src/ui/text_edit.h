/* A text that is being typed: UTF-8 of a bounded length, a caret and a selection. What keys do to it is here;
 * where its characters are on the screen is known to the widget that shows it (ui_field.h). */
#ifndef SLALOM_TEXT_EDIT_H
#define SLALOM_TEXT_EDIT_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_EDIT_BYTES = 16384 }; /* the final NUL included */

typedef struct TextEdit {
    char bytes[TEXT_EDIT_BYTES]; /* valid UTF-8 without control characters but line ends; NUL-terminated */
    size_t length;
    /* Offsets at the beginnings of characters, or the end; what lies between them is selected. */
    size_t caret, anchor;
    bool many_lines; /* otherwise a line end that comes in becomes a space */
} TextEdit;

/* Begins with a text, all of it selected. What is too long is cut. */
void text_edit_start(TextEdit *edit, const char *text, bool many_lines);

/* The characters before and after an offset; the offset itself at the ends of the text. */
size_t text_edit_before(const TextEdit *edit, size_t offset);
size_t text_edit_after(const TextEdit *edit, size_t offset);

/* Puts the caret somewhere; `extends`: the selection's other end stays. */
void text_edit_place(TextEdit *edit, size_t offset, bool extends);
void text_edit_select_all(TextEdit *edit);
void text_edit_select_word(TextEdit *edit, size_t offset); /* or the spaces, or the signs, that are there */
/* The selection is bytes[*begin, *end). False where it is empty. */
bool text_edit_selection(const TextEdit *edit, size_t *begin, size_t *end);

/* Replaces the selection. What is no printable UTF-8 comes in as question marks, tabs as spaces. False, with
 * nothing changed, where there is no room for all of it. */
bool text_edit_insert(TextEdit *edit, const char *text);
void text_edit_delete_selection(TextEdit *edit);

/* Line by line: where the line of an offset begins and ends. */
size_t text_edit_line_begin(const TextEdit *edit, size_t offset);
size_t text_edit_line_end(const TextEdit *edit, size_t offset);

typedef enum TextEditResult {
    TEXT_EDIT_PASSED,  /* the event means nothing to a text */
    TEXT_EDIT_MOVED,   /* the caret or the selection */
    TEXT_EDIT_CHANGED, /* the text */
    TEXT_EDIT_COPY,    /* what is selected shall be copied */
    TEXT_EDIT_CUT,     /* the same, and then text_edit_delete_selection */
    TEXT_EDIT_FULL,    /* there was no room */
} TextEditResult;

/* A key or a paste. Up, down, Enter, Tab and Escape are left to the widget, which knows what they mean. */
TextEditResult text_edit_handle(TextEdit *edit, const Event *event);

#endif
