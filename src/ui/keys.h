/* Every action a person can ask for, and the one table of the keys that ask for it. The help overlay and the
 * tests are made from the same table. */
#ifndef SLALOM_KEYS_H
#define SLALOM_KEYS_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum Action {
    ACTION_NONE,
    ACTION_PLAY,
    ACTION_STEP_FORWARD,
    ACTION_STEP_BACK,
    ACTION_JUMP_FORWARD,
    ACTION_JUMP_BACK,
    ACTION_FIRST,
    ACTION_LAST,
    ACTION_FASTER,
    ACTION_SLOWER,
    ACTION_SPEED, /* the next one; after the fastest the slowest */
    ACTION_RANDOM_START,
    ACTION_OWN_START,
    ACTION_ZOOM_IN,
    ACTION_ZOOM_OUT,
    ACTION_PAN_LEFT,
    ACTION_PAN_RIGHT,
    ACTION_PAN_UP,
    ACTION_PAN_DOWN,
    ACTION_RESET_VIEW,
    ACTION_VIEW_FLAT,
    ACTION_VIEW_SPACE,
    ACTION_VIEW_BOTH,
    ACTION_FOLLOW,
    ACTION_NEXT_VIEW, /* of networks */
    ACTION_PREVIOUS_VIEW,
    ACTION_NEXT_TOOL,  /* of the view of networks, */
    ACTION_NEXT_CLASS, /* and of what class it is */
    ACTION_NEXT_PLANE, /* of a landscape, */
    ACTION_NEXT_OTHER, /* and the racer that it leads to */
    ACTION_CHART_QUANTITY,
    ACTION_CHART_BACK,
    ACTION_CHART_AXIS,
    ACTION_CHART_SCALE,
    ACTION_THEME,
    ACTION_SCREENSHOT,
    ACTION_RECORD,
    ACTION_FULLSCREEN,
    ACTION_HELP,
    ACTION_UNDO,
    ACTION_REDO,
    ACTION_NEXT_RACER,
    ACTION_PREVIOUS_RACER,
    ACTION_ADD_RACER,
    ACTION_DUPLICATE,
    ACTION_REMOVE,
    ACTION_MOVE_UP,
    ACTION_MOVE_DOWN,
    ACTION_HIDE,
    ACTION_SOLO,
    ACTION_STYLE,
    ACTION_DEVICES,
    ACTION_THINK,
    ACTION_BASINS,
    ACTION_CLOUD,
    ACTION_BRANCH,
    ACTION_PALETTE,
    ACTION_SURFACE,      /* choose one */
    ACTION_NEXT_SURFACE, /* the next of the table */
    ACTION_FORMULA,
    ACTION_SCRIPT,
    ACTION_NEW_OPTIMIZER,
    ACTION_SCHEDULE,
    ACTION_PREDICT,
    ACTION_COUNTDOWN,
    ACTION_LARGER,
    ACTION_SMALLER,
    ACTION_NORMAL_SIZE,
    ACTION_PRESENT,
    ACTION_PANEL,
    ACTION_LESSONS, /* choose one */
    ACTION_LESSON_NEXT,
    ACTION_LESSON_BACK,
    ACTION_LESSON_CLOSE,
    ACTION_CLOSE,
    ACTION_COPY,
    ACTION_PASTE,
    ACTION_SAVE,
    ACTION_SAVE_AS,
    ACTION_OPEN,
    ACTION_QUIT,
} Action;

/* Rows of one action follow each other; the first of them has the description. */
typedef struct KeyBinding {
    int key; /* a Key or a Unicode character */
    bool shift, control;
    Action action;
    const char *description; /* NULL: as the row before */
} KeyBinding;

extern const KeyBinding key_bindings[];
extern const int key_binding_count;

/* What a key event asks for. Where a character needs shift depends on the keyboard, so that shift counts only
 * for letters and for keys without a character. In a lesson the keys of ACTION_LESSON_NEXT and
 * ACTION_LESSON_BACK mean those, and otherwise whatever else they mean. */
Action key_action(const Event *event, bool in_lesson);

/* What an action does and the first of its keys: "play or pause (Space)"; "" for one without a key. */
void action_tip(Action action, char *out, size_t out_size);

/* "Shift+Left", "Space", "?" */
void key_name(const KeyBinding *binding, char *out, size_t out_size);

#endif
