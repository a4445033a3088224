/* The window by SDL: a texture that shows the pixel canvas, and a person's doings as events. What is drawn
 * and what the events mean is up to the views. */
#include "window.h"

#include <SDL.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_MESSAGES_MS = 50 };

struct Window {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture; /* as large as the canvas */
    PixelCanvas *canvas;
    char *pasted, *dropped; /* SDL's; of the last event */
    bool fullscreen;
    bool keeps_picture; /* the renderer, when it has shown one */
    float zoom;
    SDL_Keymod keymod; /* what was held when the last key went down: text comes after it, maybe late */
};

static bool fail(Status *status, const char *what) {
    return status_fail(status, STATUS_FAILED, "%s: %s", what, SDL_GetError());
}

/* By the processor: what is shown is one picture that is ready. A graphics driver would take longer to load
 * than all the rest of the start. */
static SDL_Renderer *create_renderer(SDL_Window *window) {
    SDL_Renderer *renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
    return renderer ? renderer : SDL_CreateRenderer(window, -1, 0);
}

/* Makes the canvas and the texture as large as the window is now. */
static bool follow_size(Window *window, Status *status) {
    int units = 0, units_high = 0, width_px = 0, height_px = 0;
    SDL_GetWindowSize(window->window, &units, &units_high);
    if (SDL_GetRendererOutputSize(window->renderer, &width_px, &height_px) != 0)
        return fail(status, "cannot tell the window's size");
    if (width_px < 1) width_px = 1;
    if (height_px < 1) height_px = 1;
    float scale = window->zoom * (units > 0 ? (float)width_px / (float)units : 1);
    bool same = window->canvas && window->texture && pixel_canvas_width_px(window->canvas) == width_px &&
                pixel_canvas_height_px(window->canvas) == height_px &&
                pixel_canvas_canvas(window->canvas)->scale == scale;
    if (same) return true;
    if (!window->canvas)
        window->canvas = pixel_canvas_create(width_px, height_px, scale, status);
    else if (!pixel_canvas_resize(window->canvas, width_px, height_px, scale, status))
        return false;
    if (!window->canvas) return false;
    if (window->texture) SDL_DestroyTexture(window->texture);
    window->texture = SDL_CreateTexture(
        window->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, width_px, height_px);
    return window->texture || fail(status, "cannot create a texture");
}

static void set_hints(void) {
    SDL_SetHint(SDL_HINT_APP_NAME, "slalom");
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "nearest");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
}

/* SDL falls back on drivers that show nothing. That serves whoever asks for one by name; a person without a
 * display should be told instead. */
static bool start_video(Status *status) {
    if (SDL_Init(SDL_INIT_VIDEO) != 0) return fail(status, "no display");
    const char *driver = SDL_GetCurrentVideoDriver();
    bool shows_nothing = strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0;
    if (!shows_nothing || SDL_getenv("SDL_VIDEODRIVER")) return true;
    status_fail(
        status, STATUS_FAILED, "no display: neither X11 nor Wayland answers (SDL has only \"%s\")", driver);
    SDL_Quit();
    return false;
}

Window *window_create(const char *title, int width, int height, Status *status) {
    set_hints();
    if (!start_video(status)) return NULL;
    Window *window = calloc(1, sizeof *window);
    if (!window) {
        status_fail(status, STATUS_FAILED, "out of memory for a window");
        SDL_Quit();
        return NULL;
    }
    window->window = SDL_CreateWindow(title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, width, height,
        SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window->window) {
        fail(status, "cannot open a window");
        window_destroy(window);
        return NULL;
    }
    window->zoom = 1;
    SDL_SetWindowMinimumSize(window->window, 480, 320);
    SDL_StartTextInput();
    window->renderer = create_renderer(window->window);
    SDL_RendererInfo info;
    if (!window->renderer)
        fail(status, "cannot draw in a window");
    else if (SDL_GetRendererInfo(window->renderer, &info) == 0)
        window->keeps_picture = (info.flags & SDL_RENDERER_SOFTWARE) != 0;
    if (!window->renderer || !follow_size(window, status)) {
        window_destroy(window);
        return NULL;
    }
    return window;
}

/* On X11 SDL wakes itself by messages to its window, on a connection of its own. A server that comes to read
 * one only when it has read on the other that the window is gone answers with an error, and that ends the
 * program. So there is time between the last message and the end, in which nobody sees the window any more.
 */
static void hide(Window *window) {
    SDL_HideWindow(window->window);
    SDL_Delay(LAST_MESSAGES_MS);
}

void window_destroy(Window *window) {
    if (!window) return;
    if (window->window) hide(window);
    SDL_free(window->pasted);
    SDL_free(window->dropped);
    pixel_canvas_destroy(window->canvas);
    if (window->texture) SDL_DestroyTexture(window->texture);
    if (window->renderer) SDL_DestroyRenderer(window->renderer);
    if (window->window) SDL_DestroyWindow(window->window);
    free(window);
    SDL_Quit();
}

Canvas *window_canvas(Window *window) {
    Status status = status_ok();
    /* Where memory is out the last size stays, and is stretched over the window. */
    follow_size(window, &status);
    return pixel_canvas_canvas(window->canvas);
}

PixelCanvas *window_pixels(Window *window) {
    return window->canvas;
}

/* The pixels that a part of the canvas touches. */
static SDL_Rect pixels_of(Rect part, const PixelCanvas *canvas) {
    float scale = pixel_canvas_canvas((PixelCanvas *)canvas)->scale;
    int width = pixel_canvas_width_px(canvas), height = pixel_canvas_height_px(canvas);
    int x0 = (int)fmaxf(floorf(part.x * scale), 0), y0 = (int)fmaxf(floorf(part.y * scale), 0);
    int x1 = (int)fminf(ceilf((part.x + part.width) * scale), (float)width);
    int y1 = (int)fminf(ceilf((part.y + part.height) * scale), (float)height);
    return (SDL_Rect){x0, y0, x1 - x0, y1 - y0};
}

void window_present(Window *window, Rect changed) {
    if (!window->texture) return;
    const PixelCanvas *canvas = window->canvas;
    int width = pixel_canvas_width_px(canvas);
    SDL_Rect part = pixels_of(changed, canvas);
    /* Only of this renderer it is known that the last picture is still there. */
    if (!window->keeps_picture) part = (SDL_Rect){0, 0, width, pixel_canvas_height_px(canvas)};
    if (part.w > 0 && part.h > 0) {
        const uint32_t *pixels = pixel_canvas_pixels(canvas) + (size_t)part.y * (size_t)width + part.x;
        SDL_UpdateTexture(window->texture, &part, pixels, width * (int)sizeof *pixels);
        SDL_RenderCopy(window->renderer, window->texture, &part, &part);
    }
    SDL_RenderPresent(window->renderer);
}

/* SDL's key, and the Key of event.h. */
typedef struct KeyName {
    SDL_Keycode sdl;
    int key;
} KeyName;

static int key_of(SDL_Keycode sym) {
    static const KeyName names[] = {
        {SDLK_LEFT, KEY_LEFT},
        {SDLK_RIGHT, KEY_RIGHT},
        {SDLK_UP, KEY_UP},
        {SDLK_DOWN, KEY_DOWN},
        {SDLK_HOME, KEY_HOME},
        {SDLK_END, KEY_END},
        {SDLK_PAGEUP, KEY_PAGE_UP},
        {SDLK_PAGEDOWN, KEY_PAGE_DOWN},
        {SDLK_RETURN, KEY_ENTER},
        {SDLK_KP_ENTER, KEY_ENTER},
        {SDLK_ESCAPE, KEY_ESCAPE},
        {SDLK_TAB, KEY_TAB},
        {SDLK_BACKSPACE, KEY_BACKSPACE},
        {SDLK_DELETE, KEY_DELETE},
        {SDLK_KP_PLUS, '+'},
        {SDLK_KP_MINUS, '-'},
        {SDLK_KP_MULTIPLY, '*'},
        {SDLK_KP_DIVIDE, '/'},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].sdl == sym) return names[i].key;
    if (sym >= SDLK_F1 && sym <= SDLK_F12) return KEY_F1 + (int)(sym - SDLK_F1);
    return sym > 0 && !(sym & SDLK_SCANCODE_MASK) ? (int)sym : KEY_NONE;
}

static bool is_held(SDL_Keymod keymod, int which) {
    return (keymod & which) != 0;
}

static void set_modifiers(Event *event, SDL_Keymod keymod) {
    event->shift = is_held(keymod, KMOD_SHIFT);
    event->control = is_held(keymod, KMOD_CTRL | KMOD_GUI);
    event->alt = is_held(keymod, KMOD_LALT);
}

/* With these held a key is a command, and makes no text. */
static bool is_command(SDL_Keymod keymod) {
    return is_held(keymod, KMOD_CTRL | KMOD_GUI | KMOD_LALT);
}

/* The first character of UTF-8 text. */
static int first_character(const char *text) {
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80) return byte[0];
    int bytes = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2, character = byte[0] & (0x7f >> bytes);
    for (int i = 1; i < bytes; i++) {
        if ((byte[i] & 0xc0) != 0x80) return KEY_NONE;
        character = character << 6 | (byte[i] & 0x3f);
    }
    return character;
}

/* Ctrl+V, and Shift+Insert. */
static bool asks_to_paste(const SDL_KeyboardEvent *from) {
    SDL_Keymod keymod = (SDL_Keymod)from->keysym.mod;
    if (from->keysym.sym == SDLK_INSERT) return is_held(keymod, KMOD_SHIFT);
    return from->keysym.sym == SDLK_v && is_held(keymod, KMOD_CTRL | KMOD_GUI) && !is_held(keymod, KMOD_LALT);
}

/* A character comes as text, so that "?" is found wherever the person's keyboard has it; other keys, and
 * characters that make no text since a command key is held, come as themselves. */
static bool translate_key(const SDL_KeyboardEvent *from, Event *event) {
    SDL_Keymod keymod = (SDL_Keymod)from->keysym.mod;
    event->type = asks_to_paste(from) ? EVENT_PASTE : EVENT_KEY;
    event->key = key_of(from->keysym.sym);
    set_modifiers(event, keymod);
    if (event->type == EVENT_PASTE) return true;
    bool is_character = event->key >= ' ' && event->key < KEY_LEFT;
    return event->key != KEY_NONE && (!is_character || is_command(keymod));
}

static bool translate_text(const SDL_TextInputEvent *from, SDL_Keymod keymod, Event *event) {
    event->type = EVENT_KEY;
    event->key = first_character(from->text);
    SDL_strlcpy(event->text, from->text, sizeof event->text);
    if (event->key >= 'A' && event->key <= 'Z') event->key += 'a' - 'A';
    set_modifiers(event, keymod);
    return event->key >= ' ' && !is_command(keymod);
}

static void set_position(Event *event, int x, int y) {
    event->x = (float)x;
    event->y = (float)y;
    set_modifiers(event, SDL_GetModState());
}

static bool translate_button(const SDL_MouseButtonEvent *from, Event *event) {
    event->type = from->type == SDL_MOUSEBUTTONDOWN ? EVENT_POINTER_DOWN : EVENT_POINTER_UP;
    event->button = from->button;
    event->clicks = from->clicks;
    set_position(event, from->x, from->y);
    return from->button <= 3;
}

static bool translate_wheel(const SDL_MouseWheelEvent *from, Event *event) {
    int x, y;
    SDL_GetMouseState(&x, &y);
    event->type = EVENT_WHEEL;
    event->scroll = from->preciseY;
    set_position(event, x, y);
    return event->scroll != 0;
}

/* The window has another size, or what it showed is lost: either way it must be drawn. */
static bool needs_picture(const SDL_Event *from) {
    if (from->type == SDL_RENDER_TARGETS_RESET || from->type == SDL_RENDER_DEVICE_RESET) return true;
    if (from->type != SDL_WINDOWEVENT) return false;
    Uint8 event = from->window.event;
    return event == SDL_WINDOWEVENT_SIZE_CHANGED || event == SDL_WINDOWEVENT_EXPOSED ||
           event == SDL_WINDOWEVENT_RESTORED || event == SDL_WINDOWEVENT_DISPLAY_CHANGED;
}

/* The pointer left: nothing is under it any more. While a button is held it still belongs to the window. */
static bool translate_leave(const SDL_WindowEvent *from, Event *event) {
    if (from->event != SDL_WINDOWEVENT_LEAVE || SDL_GetMouseState(NULL, NULL) != 0) return false;
    event->type = EVENT_POINTER_MOVE;
    event->x = -1;
    event->y = -1;
    return true;
}

static bool take_dropped(Window *window, const SDL_DropEvent *from, Event *event) {
    SDL_free(window->dropped);
    window->dropped = from->file;
    event->type = EVENT_DROP;
    event->pasted = window->dropped;
    return event->pasted != NULL;
}

/* False where the event means nothing to the views. */
static bool translate(Window *window, const SDL_Event *from, Event *event) {
    *event = (Event){0};
    if (needs_picture(from)) {
        event->type = EVENT_RESIZE;
        return true;
    }
    switch (from->type) {
    case SDL_MOUSEMOTION:
        event->type = EVENT_POINTER_MOVE;
        set_position(event, from->motion.x, from->motion.y);
        return true;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP: return translate_button(&from->button, event);
    case SDL_MOUSEWHEEL: return translate_wheel(&from->wheel, event);
    case SDL_KEYDOWN:
        window->keymod = (SDL_Keymod)from->key.keysym.mod;
        return translate_key(&from->key, event);
    case SDL_TEXTINPUT: return translate_text(&from->text, window->keymod, event);
    case SDL_WINDOWEVENT: return translate_leave(&from->window, event);
    case SDL_DROPFILE: return take_dropped(window, &from->drop, event);
    default: return false;
    }
}

/* Of several motions, or several reasons to draw, in a row only the last counts: a slow picture must not make
 * the pointer lag. */
static void skip_to_last(SDL_Event *event) {
    SDL_Event next;
    while (SDL_PeepEvents(&next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1) {
        bool both_motions = event->type == SDL_MOUSEMOTION && next.type == SDL_MOUSEMOTION;
        if (!both_motions && !(needs_picture(event) && needs_picture(&next))) return;
        SDL_PeepEvents(event, 1, SDL_GETEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT);
    }
}

static bool wait_for_event(SDL_Event *event, double timeout_s) {
    if (timeout_s < 0) return SDL_WaitEvent(event) == 1;
    if (timeout_s == 0) return SDL_PollEvent(event) == 1;
    return SDL_WaitEventTimeout(event, (int)ceil(fmin(timeout_s, 1e6) * 1000)) == 1;
}

const char *window_clipboard(Window *window) {
    SDL_free(window->pasted);
    window->pasted = SDL_GetClipboardText();
    return window->pasted ? window->pasted : "";
}

bool window_next_event(Window *window, double timeout_s, Event *event, bool *quit) {
    Uint64 begin = SDL_GetTicks64();
    double left_s = timeout_s;
    SDL_Event from;
    while (wait_for_event(&from, left_s)) {
        if (from.type == SDL_QUIT) {
            *quit = true;
            return false;
        }
        if (from.type == SDL_RENDER_DEVICE_RESET && window->texture) { /* the driver lost it */
            SDL_DestroyTexture(window->texture);
            window->texture = NULL;
        }
        skip_to_last(&from);
        if (translate(window, &from, event)) {
            if (event->type == EVENT_PASTE) event->pasted = window_clipboard(window);
            event->x /= window->zoom;
            event->y /= window->zoom;
            return true;
        }
        if (timeout_s > 0) left_s = fmax(0, timeout_s - (double)(SDL_GetTicks64() - begin) / 1000);
    }
    return false;
}

bool window_set_clipboard(Window *window, const char *text, Status *status) {
    (void)window; /* SDL has one for all of them */
    return SDL_SetClipboardText(text) == 0 || fail(status, "cannot copy");
}

bool window_size(const Window *window, int *width, int *height) {
    const Uint32 other = SDL_WINDOW_FULLSCREEN | SDL_WINDOW_MAXIMIZED | SDL_WINDOW_MINIMIZED;
    SDL_GetWindowSize(window->window, width, height);
    return (SDL_GetWindowFlags(window->window) & other) == 0;
}

void window_set_zoom(Window *window, float zoom) {
    window->zoom = zoom;
}

void window_toggle_fullscreen(Window *window) {
    window->fullscreen = !window->fullscreen;
    SDL_SetWindowFullscreen(window->window, window->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
}
