/* The table of key bindings. A new binding is a new row; a new action also needs its case in viewer_act. */
#include "keys.h"

#include <stdio.h>

const KeyBinding key_bindings[] = {
    {' ', false, false, ACTION_PLAY, "play or pause"},
    {KEY_RIGHT, false, false, ACTION_STEP_FORWARD, "one step on"},
    {KEY_RIGHT, false, true, ACTION_STEP_FORWARD, NULL},
    {KEY_LEFT, false, false, ACTION_STEP_BACK, "one step back"},
    {KEY_LEFT, false, true, ACTION_STEP_BACK, NULL},
    {KEY_PAGE_DOWN, false, false, ACTION_JUMP_FORWARD, "a tenth of the race on"},
    {KEY_PAGE_DOWN, false, true, ACTION_JUMP_FORWARD, NULL},
    {KEY_PAGE_UP, false, false, ACTION_JUMP_BACK, "a tenth of the race back"},
    {KEY_PAGE_UP, false, true, ACTION_JUMP_BACK, NULL},
    {'j', false, false, ACTION_LESSONS, "choose a lesson"},
    {KEY_RIGHT, false, false, ACTION_LESSON_NEXT, "in a lesson: go on"},
    {KEY_PAGE_DOWN, false, false, ACTION_LESSON_NEXT, NULL},
    {KEY_LEFT, false, false, ACTION_LESSON_BACK, "in a lesson: go back"},
    {KEY_PAGE_UP, false, false, ACTION_LESSON_BACK, NULL},
    {KEY_HOME, false, false, ACTION_FIRST, "to the start of the race"},
    {KEY_BACKSPACE, false, false, ACTION_FIRST, NULL},
    {KEY_END, false, false, ACTION_LAST, "to its end"},
    {KEY_UP, false, false, ACTION_FASTER, "play faster"},
    {KEY_DOWN, false, false, ACTION_SLOWER, "play slower"},
    {'x', true, false, ACTION_SPEED, "the next speed"},
    {'r', false, false, ACTION_RANDOM_START, "start from a random point"},
    {'r', true, false, ACTION_OWN_START, "back to the first start"},
    {'+', false, false, ACTION_ZOOM_IN, "zoom in"},
    {'=', false, false, ACTION_ZOOM_IN, NULL},
    {'-', false, false, ACTION_ZOOM_OUT, "zoom out"},
    {KEY_LEFT, true, false, ACTION_PAN_LEFT, "look left"},
    {KEY_RIGHT, true, false, ACTION_PAN_RIGHT, "look right"},
    {KEY_UP, true, false, ACTION_PAN_UP, "look up"},
    {KEY_DOWN, true, false, ACTION_PAN_DOWN, "look down"},
    {'0', false, false, ACTION_RESET_VIEW, "the whole surface"},
    {'2', false, false, ACTION_VIEW_FLAT, "from above (2-D)"},
    {'3', false, false, ACTION_VIEW_SPACE, "in space (3-D), or back"},
    {'b', false, false, ACTION_VIEW_BOTH, "both side by side"},
    {'f', false, false, ACTION_FOLLOW, "follow the leader"},
    {']', false, false, ACTION_NEXT_VIEW, "networks: the next view"},
    {'[', false, false, ACTION_PREVIOUS_VIEW, "networks: the view before"},
    {'z', false, false, ACTION_NEXT_TOOL, "networks: paint, erase"},
    {'z', true, false, ACTION_NEXT_CLASS, "networks: the class to paint"},
    {'g', true, false, ACTION_NEXT_PLANE, "landscape: the next plane"},
    {'n', true, false, ACTION_NEXT_OTHER, "landscape: to another racer"},
    {'l', false, false, ACTION_CHART_QUANTITY, "chart something else"},
    {'l', true, false, ACTION_CHART_BACK, "chart what was before it"},
    {'x', false, false, ACTION_CHART_AXIS, "by steps, gradients, time"},
    {'g', false, false, ACTION_CHART_SCALE, "logarithmic or linear"},
    {'t', false, false, ACTION_THEME, "dark or light"},
    {'z', false, true, ACTION_UNDO, "undo the last change"},
    {'y', false, true, ACTION_REDO, "redo it"},
    {'z', true, true, ACTION_REDO, NULL},
    {'s', false, true, ACTION_SAVE, "save it as a scene file"},
    {'s', true, true, ACTION_SAVE_AS, "save it under another name"},
    {'o', false, true, ACTION_OPEN, "open a scene"},
    {'c', false, true, ACTION_COPY, "copy it as a command line"},
    {'v', false, true, ACTION_PASTE, "paste a command line"},
    {'.', false, false, ACTION_NEXT_RACER, "choose the next racer"},
    {',', false, false, ACTION_PREVIOUS_RACER, "choose the one before"},
    {'a', false, false, ACTION_ADD_RACER, "add an optimizer"},
    {'d', false, false, ACTION_DUPLICATE, "duplicate the chosen racer"},
    {KEY_DELETE, false, false, ACTION_REMOVE, "remove it"},
    {'u', false, false, ACTION_MOVE_UP, "move it up"},
    {'u', true, false, ACTION_MOVE_DOWN, "move it down"},
    {'h', false, false, ACTION_HIDE, "hide or show it"},
    {'s', false, false, ACTION_SOLO, "show it alone"},
    {'c', false, false, ACTION_STYLE, "another colour for it"},
    {'n', false, false, ACTION_DEVICES, "its noise, clipping, ..."},
    {'k', false, false, ACTION_THINK, "see it think: its numbers"},
    {'y', false, false, ACTION_BASINS, "where it ends, from any start"},
    {'y', true, false, ACTION_CLOUD, "where chance may lead it"},
    {'v', false, false, ACTION_BRANCH, "changes branch off here"},
    {'k', false, true, ACTION_PALETTE, "find anything by typing"},
    {'o', false, false, ACTION_SURFACE, "choose a surface"},
    {'o', true, false, ACTION_NEXT_SURFACE, "the next surface"},
    {'e', false, false, ACTION_FORMULA, "type the surface's formula"},
    {'e', true, false, ACTION_SCRIPT, "change the racer's formula"},
    {'a', true, false, ACTION_NEW_OPTIMIZER, "new optimizer: type one"},
    {'w', false, false, ACTION_SCHEDULE, "choose its schedule"},
    {'p', false, false, ACTION_PREDICT, "predict first: hide it"},
    {'p', true, false, ACTION_COUNTDOWN, "three, two, one, go"},
    {'+', false, true, ACTION_LARGER, "larger type"},
    {'=', false, true, ACTION_LARGER, NULL},
    {'-', false, true, ACTION_SMALLER, "smaller type"},
    {'0', false, true, ACTION_NORMAL_SIZE, "type of normal size"},
    {'i', false, false, ACTION_PANEL, "show or hide the panel"},
    {'m', false, false, ACTION_PRESENT, "present: large, full screen"},
    {KEY_F5, false, false, ACTION_PRESENT, NULL},
    {KEY_F12, false, false, ACTION_SCREENSHOT, "save a picture (PNG)"},
    {KEY_F9, false, false, ACTION_RECORD, "record a film, or end it"},
    {KEY_F11, false, false, ACTION_FULLSCREEN, "full screen"},
    {'?', false, false, ACTION_HELP, "this help"},
    {'/', false, false, ACTION_HELP, NULL},
    {KEY_F1, false, false, ACTION_HELP, NULL},
    {KEY_ESCAPE, false, false, ACTION_CLOSE, "close what is open"},
    {'q', false, false, ACTION_QUIT, "quit"},
    {'q', false, true, ACTION_QUIT, NULL},
};
const int key_binding_count = (int)(sizeof key_bindings / sizeof *key_bindings);

static bool is_letter(int key) {
    return key >= 'a' && key <= 'z';
}

static bool has_character(int key) {
    return key > ' ' && key < KEY_LEFT;
}

static bool is_of_lesson(Action action) {
    return action == ACTION_LESSON_NEXT || action == ACTION_LESSON_BACK;
}

static bool fits(const KeyBinding *binding, const Event *event) {
    bool shift_counts = is_letter(binding->key) || !has_character(binding->key);
    return binding->key == event->key && binding->control == event->control &&
           (!shift_counts || binding->shift == event->shift);
}

Action key_action(const Event *event, bool in_lesson) {
    if (event->type != EVENT_KEY || event->alt) return ACTION_NONE;
    for (int lesson = in_lesson; lesson >= 0; lesson--)
        for (int i = 0; i < key_binding_count; i++)
            if (is_of_lesson(key_bindings[i].action) == lesson && fits(&key_bindings[i], event))
                return key_bindings[i].action;
    return ACTION_NONE;
}

void action_tip(Action action, char *out, size_t out_size) {
    out[0] = '\0';
    for (int i = 0; i < key_binding_count; i++) {
        const KeyBinding *binding = &key_bindings[i];
        if (binding->action != action || !binding->description) continue;
        char key[32];
        key_name(binding, key, sizeof key);
        snprintf(out, out_size, "%s (%s)", binding->description, key);
        return;
    }
}

static const struct {
    int key;
    const char *name;
} names[] = {
    {' ', "Space"},
    {KEY_LEFT, "←"},
    {KEY_RIGHT, "→"},
    {KEY_UP, "↑"},
    {KEY_DOWN, "↓"},
    {KEY_HOME, "Home"},
    {KEY_END, "End"},
    {KEY_PAGE_UP, "PgUp"},
    {KEY_PAGE_DOWN, "PgDn"},
    {KEY_ENTER, "Enter"},
    {KEY_ESCAPE, "Esc"},
    {KEY_TAB, "Tab"},
    {KEY_BACKSPACE, "Backspace"},
    {KEY_DELETE, "Del"},
    {'-', "−"},
};

void key_name(const KeyBinding *binding, char *out, size_t out_size) {
    const char *modifier = binding->control && binding->shift ? "Ctrl+Shift+"
                           : binding->control                 ? "Ctrl+"
                           : binding->shift                   ? "Shift+"
                                                              : "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].key == binding->key) {
            snprintf(out, out_size, "%s%s", modifier, names[i].name);
            return;
        }
    }
    if (binding->key >= KEY_F1 && binding->key <= KEY_F12)
        snprintf(out, out_size, "%sF%d", modifier, binding->key - KEY_F1 + 1);
    else
        snprintf(out, out_size, "%s%c", modifier, is_letter(binding->key) ? binding->key - 32 : binding->key);
}
