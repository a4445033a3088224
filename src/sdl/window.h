/* The window: shows a pixel canvas, hands out events, sleeps when there is nothing to do. */
#ifndef SLALOM_WINDOW_H
#define SLALOM_WINDOW_H

#include "canvas.h"
#include "event.h"
#include "pixel_canvas.h"
#include "status.h"

typedef struct Window Window;

/* A resizable, high-DPI aware window of width x height logical pixels. Fails with a status where there is no
 * display. */
Window *window_create(const char *title, int width, int height, Status *status);
void window_destroy(Window *window);

/* The canvas to draw the next picture on: as large as the window is now. */
Canvas *window_canvas(Window *window);
PixelCanvas *window_pixels(Window *window);
/* Puts the canvas on the screen, of which `changed` is new; waits for the display's beat. */
void window_present(Window *window, Rect changed);

/* The next event. Waits for one at most `timeout_s` seconds (0: does not wait; negative: for ever). False
 * where none came. *quit becomes true when the person closes the window. */
bool window_next_event(Window *window, double timeout_s, Event *event, bool *quit);

/* The text that other programs have copied, "" where there is none; borrowed until the next call or event. */
const char *window_clipboard(Window *window);
/* Puts UTF-8 text where other programs can paste it. */
bool window_set_clipboard(Window *window, const char *text, Status *status);

/* As window_create takes it; false while the size is not the person's choice (full screen, maximized). */
bool window_size(const Window *window, int *width, int *height);

/* Draws everything so many times as large as usual, on a canvas of so many times fewer logical pixels. */
void window_set_zoom(Window *window, float zoom);

void window_toggle_fullscreen(Window *window);

#endif
