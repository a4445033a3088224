/* What a person does, as the views see it. Positions are in logical pixels of the canvas. */
#ifndef SLALOM_EVENT_H
#define SLALOM_EVENT_H

#include <stdbool.h>

typedef enum EventType {
    EVENT_POINTER_MOVE,
    EVENT_POINTER_DOWN,
    EVENT_POINTER_UP,
    EVENT_WHEEL,  /* scroll: positive zooms in */
    EVENT_KEY,    /* a key went down, repeats included */
    EVENT_PASTE,  /* the clipboard's text shall be put where text is typed */
    EVENT_DROP,   /* a file was dropped on the window */
    EVENT_RESIZE, /* the canvas has a new size */
} EventType;

enum { EVENT_TEXT_BYTES = 32 };

/* Keys without a character of their own; others are their Unicode character, letters in lower case. */
typedef enum Key {
    KEY_NONE = 0,
    KEY_LEFT = 0x110000,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_ENTER,
    KEY_ESCAPE,
    KEY_TAB,
    KEY_BACKSPACE,
    KEY_DELETE,
    KEY_F1,
    KEY_F5 = KEY_F1 + 4,
    KEY_F9 = KEY_F1 + 8,
    KEY_F11 = KEY_F1 + 10,
    KEY_F12,
} Key;

typedef struct Event {
    EventType type;
    float x, y;   /* pointer events and the wheel */
    int button;   /* 1 left, 2 middle, 3 right */
    int clicks;   /* 2 for a double click */
    float scroll; /* wheel: notches */
    int key;      /* a Key or a Unicode character */
    bool shift, control, alt;
    char text[EVENT_TEXT_BYTES]; /* what the key types, UTF-8 as it was written: "" for keys that type
                                    nothing; an input method may type several characters at once */
    const char *pasted; /* EVENT_PASTE: UTF-8, of any length; EVENT_DROP: a path; borrowed until the next event */
} Event;

#endif
