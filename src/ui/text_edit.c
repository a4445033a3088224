/* Carets move by characters, words and lines; nothing here can leave half a character behind. */
#include "text_edit.h"

#include "text.h"

#include <string.h>

static bool is_inside_character(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t text_edit_before(const TextEdit *edit, size_t offset) {
    if (offset > 0) offset--;
    while (offset > 0 && is_inside_character(edit->bytes[offset])) offset--;
    return offset;
}

size_t text_edit_after(const TextEdit *edit, size_t offset) {
    if (offset < edit->length) offset++;
    while (offset < edit->length && is_inside_character(edit->bytes[offset])) offset++;
    return offset;
}

void text_edit_place(TextEdit *edit, size_t offset, bool extends) {
    if (offset > edit->length) offset = edit->length;
    while (offset > 0 && is_inside_character(edit->bytes[offset])) offset--;
    edit->caret = offset;
    if (!extends) edit->anchor = offset;
}

void text_edit_select_all(TextEdit *edit) {
    edit->anchor = 0;
    edit->caret = edit->length;
}

bool text_edit_selection(const TextEdit *edit, size_t *begin, size_t *end) {
    bool forward = edit->anchor <= edit->caret;
    *begin = forward ? edit->anchor : edit->caret;
    *end = forward ? edit->caret : edit->anchor;
    return *begin < *end;
}

/* What belongs together in a word; a point belongs to a number. */
typedef enum CharacterClass { CLASS_SPACE, CLASS_SIGN, CLASS_WORD } CharacterClass;

static CharacterClass class_at(const TextEdit *edit, size_t offset) {
    unsigned char byte = (unsigned char)edit->bytes[offset];
    if (byte == ' ' || byte == '\n') return CLASS_SPACE;
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return letter || (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte >= 0x80 ? CLASS_WORD
                                                                                                : CLASS_SIGN;
}

void text_edit_select_word(TextEdit *edit, size_t offset) {
    if (edit->length == 0) return;
    if (offset >= edit->length) offset = text_edit_before(edit, edit->length);
    CharacterClass class = class_at(edit, offset);
    size_t begin = offset, end = text_edit_after(edit, offset);
    while (begin > 0 && class_at(edit, text_edit_before(edit, begin)) == class)
        begin = text_edit_before(edit, begin);
    while (end < edit->length && class_at(edit, end) == class) end = text_edit_after(edit, end);
    edit->anchor = begin;
    edit->caret = end;
}

/* Over spaces, then over what is of one kind. */
static size_t word_before(const TextEdit *edit, size_t offset) {
    while (offset > 0 && class_at(edit, text_edit_before(edit, offset)) == CLASS_SPACE)
        offset = text_edit_before(edit, offset);
    if (offset == 0) return 0;
    CharacterClass class = class_at(edit, text_edit_before(edit, offset));
    while (offset > 0 && class_at(edit, text_edit_before(edit, offset)) == class)
        offset = text_edit_before(edit, offset);
    return offset;
}

static size_t word_after(const TextEdit *edit, size_t offset) {
    while (offset < edit->length && class_at(edit, offset) == CLASS_SPACE)
        offset = text_edit_after(edit, offset);
    if (offset == edit->length) return offset;
    CharacterClass class = class_at(edit, offset);
    while (offset < edit->length && class_at(edit, offset) == class) offset = text_edit_after(edit, offset);
    return offset;
}

size_t text_edit_line_begin(const TextEdit *edit, size_t offset) {
    while (offset > 0 && edit->bytes[offset - 1] != '\n') offset--;
    return offset;
}

size_t text_edit_line_end(const TextEdit *edit, size_t offset) {
    while (offset < edit->length && edit->bytes[offset] != '\n') offset++;
    return offset;
}

/* Makes room for `length` bytes in the place of the selection and returns where; NULL where there is none. */
static char *open_gap(TextEdit *edit, size_t length) {
    size_t begin, end;
    text_edit_selection(edit, &begin, &end);
    if (edit->length - (end - begin) + length >= TEXT_EDIT_BYTES) return NULL;
    memmove(edit->bytes + begin + length, edit->bytes + end, edit->length - end + 1);
    edit->length = edit->length - (end - begin) + length;
    edit->caret = edit->anchor = begin + length;
    return edit->bytes + begin;
}

void text_edit_delete_selection(TextEdit *edit) {
    open_gap(edit, 0);
}

/* Copies text with its tabs and line ends as they are kept here; returns the bytes, without the final NUL. */
static size_t clean(char *to, const char *from, size_t room, bool many_lines) {
    size_t length = 0;
    for (; *from && length < room; from++) {
        char byte = *from;
        if (byte == '\r' && from[1] == '\n') continue;
        if (byte == '\r') byte = '\n';
        if (byte == '\t' || (byte == '\n' && !many_lines)) byte = ' ';
        to[length++] = byte;
    }
    to[length] = '\0';
    text_make_printable(to);
    return length;
}

bool text_edit_insert(TextEdit *edit, const char *text) {
    char cleaned[TEXT_EDIT_BYTES];
    if (strnlen(text, TEXT_EDIT_BYTES) == TEXT_EDIT_BYTES) return false;
    size_t length = clean(cleaned, text, TEXT_EDIT_BYTES - 1, edit->many_lines);
    char *gap = open_gap(edit, length);
    if (gap) memcpy(gap, cleaned, length);
    return gap != NULL;
}

void text_edit_start(TextEdit *edit, const char *text, bool many_lines) {
    edit->many_lines = many_lines;
    edit->length = clean(edit->bytes, text, TEXT_EDIT_BYTES - 1, many_lines);
    text_edit_select_all(edit);
}

/* Where a key takes the caret; false where it does not. */
static bool find_move(const TextEdit *edit, const Event *event, size_t *to) {
    size_t begin, end;
    bool selected = text_edit_selection(edit, &begin, &end) && !event->shift;
    switch (event->key) {
    case KEY_LEFT:
        *to = event->control ? word_before(edit, edit->caret)
              : selected     ? begin
                             : text_edit_before(edit, edit->caret);
        return true;
    case KEY_RIGHT:
        *to = event->control ? word_after(edit, edit->caret)
              : selected     ? end
                             : text_edit_after(edit, edit->caret);
        return true;
    case KEY_HOME: *to = event->control ? 0 : text_edit_line_begin(edit, edit->caret); return true;
    case KEY_END: *to = event->control ? edit->length : text_edit_line_end(edit, edit->caret); return true;
    default: return false;
    }
}

/* Backspace and Delete: the selection, or a character or a word beside the caret. */
static TextEditResult delete_beside(TextEdit *edit, const Event *event) {
    size_t begin, end;
    if (!text_edit_selection(edit, &begin, &end)) {
        bool back = event->key == KEY_BACKSPACE;
        edit->anchor = back ? (event->control ? word_before : text_edit_before)(edit, edit->caret)
                            : (event->control ? word_after : text_edit_after)(edit, edit->caret);
    }
    if (edit->anchor == edit->caret) return TEXT_EDIT_MOVED;
    text_edit_delete_selection(edit);
    return TEXT_EDIT_CHANGED;
}

static TextEditResult handle_command(TextEdit *edit, int key) {
    size_t begin, end;
    bool selected = text_edit_selection(edit, &begin, &end);
    switch (key) {
    case 'a': text_edit_select_all(edit); return TEXT_EDIT_MOVED;
    case 'c': return selected ? TEXT_EDIT_COPY : TEXT_EDIT_MOVED;
    case 'x': return selected ? TEXT_EDIT_CUT : TEXT_EDIT_MOVED;
    default: return TEXT_EDIT_PASSED;
    }
}

TextEditResult text_edit_handle(TextEdit *edit, const Event *event) {
    if (event->type == EVENT_PASTE)
        return text_edit_insert(edit, event->pasted) ? TEXT_EDIT_CHANGED : TEXT_EDIT_FULL;
    if (event->type != EVENT_KEY) return TEXT_EDIT_PASSED;
    size_t to;
    if (find_move(edit, event, &to)) {
        text_edit_place(edit, to, event->shift);
        return TEXT_EDIT_MOVED;
    }
    if (event->key == KEY_BACKSPACE || event->key == KEY_DELETE) return delete_beside(edit, event);
    if (event->control) return handle_command(edit, event->key);
    if (event->alt || event->text[0] == '\0') return TEXT_EDIT_PASSED;
    return text_edit_insert(edit, event->text) ? TEXT_EDIT_CHANGED : TEXT_EDIT_FULL;
}
