/* view/text_edit.h and view/ui_field.h: carets, selections and clipboards; numbers, names and scripts that
 * are typed, without a window. */
#include "test.h"

#include "record_canvas.h"
#include "text_edit.h"
#include "ui_edit.h"
#include "ui_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static Event key_event(int key) {
    return (Event){.type = EVENT_KEY, .key = key};
}

static Event text_event(const char *text) {
    Event event = {.type = EVENT_KEY, .key = (unsigned char)text[0]};
    snprintf(event.text, sizeof event.text, "%s", text);
    return event;
}

static Event paste_event(const char *text) {
    return (Event){.type = EVENT_PASTE, .key = 'v', .control = true, .pasted = text};
}

static TextEditResult press(TextEdit *edit, int key, bool shift, bool control) {
    Event event = key_event(key);
    event.shift = shift;
    event.control = control;
    return text_edit_handle(edit, &event);
}

static void type(TextEdit *edit, const char *text) {
    Event event = text_event(text);
    text_edit_handle(edit, &event);
}

static TextEdit *begin(const char *text, size_t caret) {
    static TextEdit edit;
    text_edit_start(&edit, text, true);
    text_edit_place(&edit, caret, false);
    return &edit;
}

static void typing_replaces_the_selection(void **state) {
    (void)state;
    TextEdit *edit = begin("x + y", 0);
    text_edit_select_all(edit);
    type(edit, "s");
    type(edit, "in");
    assert_string_equal(edit->bytes, "sin");
    assert_int_equal(edit->caret, 3);
    text_edit_place(edit, 1, true);
    type(edit, "(");
    assert_string_equal(edit->bytes, "s(");
    assert_int_equal(edit->length, 2);
}

/* κ is two bytes, 漢 three, 🂡 four: a key goes over each at once. */
static void characters_are_whole(void **state) {
    (void)state;
    TextEdit *edit = begin("aκ漢🂡", 0);
    const size_t ends[] = {1, 3, 6, 10, 10};
    for (size_t i = 0; i < 5; i++) {
        press(edit, KEY_RIGHT, false, false);
        assert_int_equal(edit->caret, ends[i]);
    }
    press(edit, KEY_LEFT, false, false);
    assert_int_equal(edit->caret, 6);
    assert_int_equal(press(edit, KEY_BACKSPACE, false, false), TEXT_EDIT_CHANGED);
    assert_string_equal(edit->bytes, "aκ🂡");
    press(edit, KEY_DELETE, false, false);
    assert_string_equal(edit->bytes, "aκ");
    press(edit, KEY_BACKSPACE, false, false);
    press(edit, KEY_BACKSPACE, false, false);
    assert_int_equal(press(edit, KEY_BACKSPACE, false, false), TEXT_EDIT_MOVED);
    assert_int_equal(press(edit, KEY_DELETE, false, false), TEXT_EDIT_MOVED);
    assert_string_equal(edit->bytes, "");
    /* An offset inside a character is that of the character. */
    edit = begin("κ", 1);
    assert_int_equal(edit->caret, 0);
}

static void words_and_lines(void **state) {
    (void)state;
    TextEdit *edit = begin("x -= lr*m_hat\n  v", 0);
    const size_t stops[] = {1, 4, 7, 8, 13, 17, 17};
    for (size_t i = 0; i < 7; i++) {
        press(edit, KEY_RIGHT, false, true);
        assert_int_equal(edit->caret, stops[i]);
    }
    const size_t back[] = {16, 8, 7, 5, 2, 0, 0};
    for (size_t i = 0; i < 7; i++) {
        press(edit, KEY_LEFT, false, true);
        assert_int_equal(edit->caret, back[i]);
    }
    press(edit, KEY_END, false, false);
    assert_int_equal(edit->caret, 13);
    press(edit, KEY_HOME, true, false);
    size_t from, to;
    assert_true(text_edit_selection(edit, &from, &to));
    assert_int_equal(from, 0);
    assert_int_equal(to, 13);
    press(edit, KEY_END, false, true);
    assert_int_equal(edit->caret, 17);
    press(edit, KEY_BACKSPACE, false, true);
    assert_string_equal(edit->bytes, "x -= lr*m_hat\n  ");
    text_edit_select_word(edit, 9);
    text_edit_selection(edit, &from, &to);
    assert_int_equal(from, 8);
    assert_int_equal(to, 13);
    edit = begin("0.05*g", 0);
    text_edit_select_word(edit, 2);
    text_edit_selection(edit, &from, &to);
    assert_int_equal(to, 4);
}

static void arrows_leave_a_selection_at_its_ends(void **state) {
    (void)state;
    TextEdit *edit = begin("abcdef", 1);
    text_edit_place(edit, 4, true);
    press(edit, KEY_LEFT, false, false);
    assert_int_equal(edit->caret, 1);
    text_edit_place(edit, 4, true);
    press(edit, KEY_RIGHT, false, false);
    assert_int_equal(edit->caret, 4);
    assert_int_equal(edit->anchor, 4);
}

static void what_comes_in_is_clean(void **state) {
    (void)state;
    TextEdit *edit = begin("", 0);
    Event event = paste_event("a\tb\r\nc\rd\x01"
                              "e\xff\xc3z");
    assert_int_equal(text_edit_handle(edit, &event), TEXT_EDIT_CHANGED);
    assert_string_equal(edit->bytes, "a b\nc\nd?e??z");
    static TextEdit line;
    text_edit_start(&line, "", false);
    text_edit_handle(&line, &event);
    assert_string_equal(line.bytes, "a b c d?e??z");
}

static void a_text_too_long_is_refused_whole(void **state) {
    (void)state;
    TextEdit *edit = begin("keep", 4);
    char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    Event event = paste_event(text);
    assert_int_equal(text_edit_handle(edit, &event), TEXT_EDIT_FULL);
    assert_string_equal(edit->bytes, "keep");
    text[TEXT_EDIT_BYTES - 1 - 4] = '\0';
    assert_int_equal(text_edit_handle(edit, &event), TEXT_EDIT_CHANGED);
    assert_int_equal(edit->length, TEXT_EDIT_BYTES - 1);
    event = text_event("y");
    assert_int_equal(text_edit_handle(edit, &event), TEXT_EDIT_FULL);
    /* But it may replace what is selected. */
    press(edit, KEY_LEFT, true, false);
    assert_int_equal(text_edit_handle(edit, &event), TEXT_EDIT_CHANGED);
    assert_int_equal(edit->bytes[edit->length - 1], 'y');
    free(text);
}

/* Fields, on a canvas where a character of any text is equally wide. */

typedef struct Screen {
    RecordCanvas *record;
    Ui ui;
    double value;
    char name[16];
    int changes;
    UiScriptResult script_result;
    const char *script;
} Screen;

static bool at_most_one(const void *context, double value, Status *status) {
    (void)context;
    return value <= 1 || status_fail(status, STATUS_BAD_INPUT, "it must be 1 or less");
}

/* Three fields and a button; the script fails where it has an exclamation mark. */
static void run_pass(Screen *screen, const Event *event) {
    Ui *ui = &screen->ui;
    if (!event) record_canvas_clear(screen->record);
    ui_begin(ui, record_canvas_canvas(screen->record), &theme_dark, event);
    UiRange range = {.min = 0, .max = 1, .normal = 0.5};
    UiNumber number = {&range, at_most_one, NULL};
    screen->changes += ui_number(ui, "number", (Rect){10, 10, 80, 20}, &number, &screen->value, "a number");
    screen->changes += ui_text(
        ui, "text", (Rect){10, 40, 120, 20}, screen->name, sizeof screen->name, (UiLook){false}, "a name");
    UiScript script = {.text = screen->script, .max_lines = 4};
    UiScriptResult result = ui_script(ui, "script", (Rect){10, 80, 300, 110}, &script);
    if (result == UI_SCRIPT_CHANGED) {
        const char *bad = strchr(ui_edit_text(ui), '!');
        ui->edit.problem = status_ok();
        if (bad) {
            status_fail(&ui->edit.problem, STATUS_BAD_INPUT, "own:1:1: no '!' here\n  quoted");
            ui->edit.problem.place = bad - ui_edit_text(ui);
        }
    }
    if (result != UI_SCRIPT_NONE) screen->script_result = result;
    ui_button(ui, "button", (Rect){10, 200, 80, 20}, "press", (UiLook){false}, NULL);
    ui_end(ui);
}

static void send(Screen *screen, Event event) {
    run_pass(screen, &event);
    run_pass(screen, NULL);
}

static void send_text(Screen *screen, const char *text) {
    for (; *text; text++) send(screen, text_event((char[]){*text, '\0'}));
}

static void click(Screen *screen, float x, float y, int clicks) {
    Event event = {.type = EVENT_POINTER_DOWN, .x = x, .y = y, .button = 1, .clicks = clicks};
    send(screen, event);
    event.type = EVENT_POINTER_UP;
    send(screen, event);
}

static int open_screen(void **state) {
    Screen *screen = calloc(1, sizeof *screen);
    screen->record = record_canvas_create(400, 300);
    screen->value = 0.5;
    strcpy(screen->name, "adam");
    screen->script = "first\nsecond";
    ui_init(&screen->ui);
    run_pass(screen, NULL);
    *state = screen;
    return 0;
}

static int close_screen(void **state) {
    Screen *screen = *state;
    ui_finish(&screen->ui);
    record_canvas_destroy(screen->record);
    free(screen);
    return 0;
}

static bool is_edited(const Screen *screen, const char *name) {
    return strcmp(screen->ui.edit.name, name) == 0;
}

static void a_number_is_typed(void **state) {
    Screen *screen = *state;
    click(screen, 50, 20, 1);
    assert_true(is_edited(screen, "number"));
    send_text(screen, "0.25");
    assert_near(screen->value, 0.5, 0);
    send(screen, key_event(KEY_ENTER));
    assert_near(screen->value, 0.25, 0);
    assert_int_equal(screen->changes, 1);
    assert_false(is_edited(screen, "number"));
    /* A press elsewhere takes it as well. */
    click(screen, 50, 20, 1);
    send_text(screen, "1e-3");
    click(screen, 300, 20, 1);
    assert_near(screen->value, 1e-3, 0);
    /* Escape does not. */
    click(screen, 50, 20, 1);
    send_text(screen, "7");
    send(screen, key_event(KEY_ESCAPE));
    assert_near(screen->value, 1e-3, 0);
    assert_false(is_edited(screen, "number"));
}

static void a_bad_number_is_told_and_not_taken(void **state) {
    Screen *screen = *state;
    click(screen, 50, 20, 1);
    send_text(screen, "0.2x");
    send(screen, key_event(KEY_ENTER));
    assert_true(is_edited(screen, "number"));
    const Call *told = record_canvas_find_text(screen->record, "'0.2x' is not a number");
    assert_non_null(told);
    assert_int_equal(told->colour.r, theme_dark.warning.r);
    send(screen, key_event(KEY_BACKSPACE));
    assert_null(record_canvas_find_text(screen->record, "not a number"));
    send(screen, key_event(KEY_HOME));
    send(screen, text_event("3"));
    assert_non_null(record_canvas_find_text(screen->record, "it must be 1 or less"));
    send(screen, key_event(KEY_TAB));
    assert_true(is_edited(screen, "number"));
    click(screen, 300, 20, 1); /* what cannot be taken is dropped */
    assert_false(is_edited(screen, "number"));
    assert_near(screen->value, 0.5, 0);
    assert_int_equal(screen->changes, 0);
}

static void the_keyboard_alone_does_it(void **state) {
    Screen *screen = *state;
    send(screen, key_event(KEY_TAB));
    assert_string_equal(screen->ui.focus, "number");
    send(screen, key_event(KEY_UP));
    assert_near(screen->value, 0.51, 1e-12);
    send(screen, text_event("0"));
    send_text(screen, ".75");
    send(screen, key_event(KEY_TAB));
    assert_near(screen->value, 0.75, 0);
    assert_string_equal(screen->ui.focus, "text");
    send(screen, key_event(KEY_ENTER));
    assert_true(is_edited(screen, "text"));
    send_text(screen, "my q");
    Event event = text_event("r");
    run_pass(screen, &event);
    assert_null(screen->ui.event); /* no letter is left for the keys of the program */
    run_pass(screen, NULL);
    send(screen, key_event(KEY_BACKSPACE));
    send(screen, key_event(KEY_ENTER));
    assert_string_equal(screen->name, "my q");
    assert_string_equal(screen->ui.focus, "text");
}

static void another_field_loses_nothing(void **state) {
    Screen *screen = *state;
    click(screen, 50, 50, 1);
    send_text(screen, "momentum");
    click(screen, 50, 20, 1); /* a field that is asked before the one that is edited */
    assert_string_equal(screen->name, "momentum");
    assert_true(is_edited(screen, "number"));
    click(screen, 50, 50, 1);
    send_text(screen, "a name that is too long");
    send(screen, key_event(KEY_ENTER));
    assert_non_null(record_canvas_find_text(screen->record, "too long: 23 of 15 bytes"));
    send(screen, key_event(KEY_ESCAPE));
    assert_string_equal(screen->name, "momentum");
}

static void the_clipboard(void **state) {
    Screen *screen = *state;
    click(screen, 50, 50, 1);
    Event event = key_event('x');
    event.control = true;
    run_pass(screen, &event);
    assert_string_equal(text_string(&screen->ui.copied), "adam");
    run_pass(screen, NULL);
    assert_string_equal(ui_edit_text(&screen->ui), "");
    send(screen, paste_event("κ\n2"));
    assert_string_equal(ui_edit_text(&screen->ui), "κ 2");
    char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    send(screen, paste_event(text));
    assert_string_equal(ui_edit_text(&screen->ui), "κ 2");
    assert_non_null(record_canvas_find_text(screen->record, "too long"));
    free(text);
}

/* Mono type is as wide for each character: the pointer finds them by arithmetic. */
static void the_pointer_places_and_selects(void **state) {
    Screen *screen = *state;
    ui_edit_want(&screen->ui, "script");
    run_pass(screen, NULL);
    assert_true(is_edited(screen, "script"));
    float advance = canvas_text_width(record_canvas_canvas(screen->record), FONT_MONO, 11, "0");
    const Call *second = record_canvas_find_text(screen->record, "second");
    assert_non_null(second);
    click(screen, second->box.x + 2.1f * advance, second->box.y + 4, 1);
    assert_int_equal(screen->ui.edit.text.caret, strlen("first\nse"));
    Event event = {.type = EVENT_POINTER_DOWN, .x = second->box.x, .y = second->box.y + 4, .button = 1};
    send(screen, event);
    second = record_canvas_find_text(screen->record, "second");
    event = (Event){.type = EVENT_POINTER_MOVE, .x = second->box.x + 3 * advance, .y = second->box.y + 4};
    send(screen, event);
    size_t from, to;
    assert_true(text_edit_selection(&screen->ui.edit.text, &from, &to));
    assert_int_equal(from, strlen("first\n"));
    assert_int_equal(to, strlen("first\nsec"));
    event.type = EVENT_POINTER_UP;
    send(screen, event);
    click(screen, second->box.x + 3 * advance, second->box.y + 4, 2);
    text_edit_selection(&screen->ui.edit.text, &from, &to);
    assert_int_equal(from, strlen("first\n"));
    assert_int_equal(to, strlen("first\nsecond"));
}

static void a_script_goes_over_lines(void **state) {
    Screen *screen = *state;
    ui_edit_want(&screen->ui, "script");
    run_pass(screen, NULL);
    send_text(screen, "!"); /* behind what is there */
    assert_string_equal(ui_edit_text(&screen->ui), "first\nsecond!");
    text_edit_select_all(&screen->ui.edit.text);
    send_text(screen, "one");
    send(screen, key_event(KEY_ENTER));
    send_text(screen, "t");
    assert_string_equal(ui_edit_text(&screen->ui), "one\nt");
    send(screen, key_event(KEY_UP));
    assert_int_equal(screen->ui.edit.text.caret, 1);
    send(screen, key_event(KEY_DOWN));
    assert_int_equal(screen->ui.edit.text.caret, 5);
    send(screen, text_event("!"));
    assert_non_null(record_canvas_find_text(screen->record, "no '!' here"));
    assert_null(record_canvas_find_text(screen->record, "quoted"));
    /* The mark is under the character: the only line of the picture with points. */
    const Call *mark = NULL, *line = record_canvas_find_text(screen->record, "t!");
    for (int i = 0; i < record_canvas_count(screen->record); i++)
        if (record_canvas_call(screen->record, i)->type == CALL_POLYLINE)
            mark = record_canvas_call(screen->record, i);
    assert_non_null(mark);
    float advance = canvas_text_width(record_canvas_canvas(screen->record), FONT_MONO, 11, "0");
    assert_near(mark->box.x + 0.5f * mark->box.width, line->box.x + 1.5f * advance, 0.2);
    Event event = key_event(KEY_ENTER);
    event.control = true;
    send(screen, event);
    assert_int_equal(screen->script_result, UI_SCRIPT_DONE);
    ui_edit_want(&screen->ui, "script");
    run_pass(screen, NULL);
    send_text(screen, "z");
    send(screen, key_event(KEY_ESCAPE));
    assert_int_equal(screen->script_result, UI_SCRIPT_CANCELLED);
    assert_string_equal(text_string(&screen->ui.edit.before), "first\nsecond");
}

/* Long lines go on in the next, all characters are shown once, and the caret stays in sight. */
static void long_scripts_wrap_and_scroll(void **state) {
    Screen *screen = *state;
    screen->script = "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp qqqq "
                     "rrrr ssss tttt uuuu vvvv wwww xxxx yyyy zzzz";
    ui_edit_want(&screen->ui, "script");
    run_pass(screen, NULL);
    for (int i = 0; i < 200; i++) {
        size_t caret = screen->ui.edit.text.caret;
        const Call *cut[4];
        assert_int_equal(record_canvas_cut_texts(screen->record, cut, 4), 0);
        send(screen, key_event(KEY_LEFT));
        if (screen->ui.edit.text.caret == 0 && caret == 0) break;
    }
    assert_int_equal(screen->ui.edit.first, 0);
    assert_non_null(record_canvas_find_text(screen->record, "aaaa bbbb"));
    for (int i = 0; i < 6; i++) send(screen, key_event(KEY_DOWN));
    assert_int_equal(screen->ui.edit.text.caret, strlen(screen->script));
    assert_non_null(record_canvas_find_text(screen->record, "zzzz"));
}

/* Whatever is pressed, what is kept is whole characters. */
static void no_keys_break_a_character(void **state) {
    (void)state;
    TextEdit *edit = begin("κ漢x🂡 = y\né", 0);
    const int keys[] = {KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_BACKSPACE, KEY_DELETE};
    const char *const texts[] = {"κ", "a", " ", "漢字", "🂡", "."};
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525u + 1013904223u;
        unsigned choice = random >> 24;
        if (choice % 3 == 0 && edit->length < 200)
            type(edit, texts[choice / 3 % 6]);
        else
            press(edit, keys[choice / 3 % 6], (random >> 20) & 1, (random >> 21) & 1);
        char copy[TEXT_EDIT_BYTES];
        memcpy(copy, edit->bytes, edit->length + 1);
        text_make_printable(copy);
        assert_int_equal(strlen(edit->bytes), edit->length);
        assert_null(strchr(copy, '?'));
        assert_true(edit->caret <= edit->length && edit->anchor <= edit->length);
        assert_true(((unsigned char)edit->bytes[edit->caret] & 0xC0) != 0x80);
    }
}

#define FIELD_TEST(test) cmocka_unit_test_setup_teardown(test, open_screen, close_screen)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_replaces_the_selection),
        cmocka_unit_test(characters_are_whole),
        cmocka_unit_test(words_and_lines),
        cmocka_unit_test(arrows_leave_a_selection_at_its_ends),
        cmocka_unit_test(what_comes_in_is_clean),
        cmocka_unit_test(a_text_too_long_is_refused_whole),
        cmocka_unit_test(no_keys_break_a_character),
        FIELD_TEST(a_number_is_typed),
        FIELD_TEST(a_bad_number_is_told_and_not_taken),
        FIELD_TEST(the_keyboard_alone_does_it),
        FIELD_TEST(another_field_loses_nothing),
        FIELD_TEST(the_clipboard),
        FIELD_TEST(the_pointer_places_and_selects),
        FIELD_TEST(a_script_goes_over_lines),
        FIELD_TEST(long_scripts_wrap_and_scroll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
