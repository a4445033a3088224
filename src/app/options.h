/* The options of the commands themselves; what can be said of a scene is a table of its own (scene_keys.h).
 */
#ifndef SLALOM_OPTIONS_H
#define SLALOM_OPTIONS_H

#include "arguments.h"

enum {
    SCENES = COMMAND_WINDOW | COMMAND_RUN | COMMAND_RENDER | COMMAND_SCENE, /* what takes a scene */
    SHOWN = COMMAND_WINDOW | COMMAND_RENDER,
    SEVERAL = COMMAND_CHECK | COMMAND_NEW, /* what takes several words */
};

/* One option. `value` names what follows it, NULL for a plain switch (then text is NULL). */
typedef struct Option {
    const char *name;
    const char *value;
    int commands;
    bool (*read)(Arguments *arguments, const char *text, Status *status);
    const char *help;
} Option;

enum { COMMAND_OPTIONS_MAX = 64 };
extern const Option command_options[]; /* (command_option_count), no more than the maximum */
extern const int command_option_count;

#endif
