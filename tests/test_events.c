/* sdl/window.h: what is typed and pasted arrives whole. On SDL's driver that shows nothing. */
#include "test.h"

#include "window.h"

#include <SDL.h>

#include <stdlib.h>
#include <string.h>

static void type_text(const char *text) {
    SDL_Event event = {.type = SDL_TEXTINPUT};
    SDL_strlcpy(event.text.text, text, sizeof event.text.text);
    SDL_PushEvent(&event);
}

static void press_key(SDL_Keycode sym, Uint16 mod) {
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = sym;
    event.key.keysym.mod = mod;
    SDL_PushEvent(&event);
}

/* The next event that is not about the window itself. */
static Event next(Window *window) {
    Event event;
    bool quit = false;
    do assert_true(window_next_event(window, 1, &event, &quit));
    while (event.type == EVENT_RESIZE || event.type == EVENT_POINTER_MOVE);
    return event;
}

static void typed_text_keeps_its_case_and_its_characters(void **state) {
    Window *window = *state;
    const struct {
        const char *text;
        int key;
    } rows[] = {{"a", 'a'}, {"A", 'a'}, {"?", '?'}, {"é", 0xe9}, {"κ", 0x3ba}, {"漢字", 0x6f22}, {" ", ' '}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        type_text(rows[i].text);
        Event event = next(window);
        assert_int_equal(event.type, EVENT_KEY);
        assert_int_equal(event.key, rows[i].key);
        assert_string_equal(event.text, rows[i].text);
    }
    press_key(SDLK_LEFT, KMOD_NONE);
    Event event = next(window);
    assert_int_equal(event.key, KEY_LEFT);
    assert_string_equal(event.text, "");
}

static void what_was_copied_is_pasted(void **state) {
    Window *window = *state;
    Status status = status_ok();
    static char text[100001];
    memset(text, 'x', sizeof text - 1);
    assert_true(window_set_clipboard(window, text, &status));
    press_key(SDLK_v, KMOD_LCTRL);
    Event event = next(window);
    assert_int_equal(event.type, EVENT_PASTE);
    assert_string_equal(event.pasted, text);
    assert_true(window_set_clipboard(window, "sin(x) + κ·y", &status));
    press_key(SDLK_INSERT, KMOD_LSHIFT);
    assert_string_equal(next(window).pasted, "sin(x) + κ·y");
    press_key(SDLK_c, KMOD_LCTRL);
    event = next(window);
    assert_int_equal(event.type, EVENT_KEY);
    assert_int_equal(event.key, 'c');
    assert_true(event.control);
    assert_null(event.pasted);
}

static int open_one(void **state) {
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    Status status = status_ok();
    Window *window = window_create("test", 400, 300, &status);
    if (!window) fprintf(stderr, "%s\n", status.message);
    *state = window;
    return window ? 0 : -1;
}

static int close_it(void **state) {
    window_destroy(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_text_keeps_its_case_and_its_characters),
        cmocka_unit_test(what_was_copied_is_pasted),
    };
    return cmocka_run_group_tests(tests, open_one, close_it);
}
