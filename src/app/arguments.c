/* Options on a command line, and their help. What to do with them is left to the commands. */
#include "arguments.h"

#include "lesson.h"
#include "names.h"
#include "options.h"
#include "png_file.h"
#include "record.h"
#include "scene_file.h"
#include "scene_keys.h"
#include "shipped.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What can be said of a scene is a table of its own: which commands take which part of it. */
static bool takes_key(CommandSet command, const SceneKey *key) {
    static const int commands[] = {
        [SCENE_PART_RACE] = SCENES,
        [SCENE_PART_FIELD] = COMMAND_RUN | COMMAND_SCENE,
        [SCENE_PART_NETWORK] = SCENES,
        [SCENE_PART_LOOK] = COMMAND_WINDOW | COMMAND_RENDER | COMMAND_SCENE,
        [SCENE_PART_WORDS] = 0,
    };
    return commands[key->part] & (int)command;
}

static bool is_called(const char *name, const char *given, size_t length) {
    return strlen(name) == length && memcmp(name, given, length) == 0;
}

/* An option of the command itself, or a row of the scene's table: one of them, or neither. */
typedef struct Meaning {
    const Option *option;
    const SceneKey *key;
} Meaning;

static Meaning find_meaning(const char *given, size_t length, CommandSet command) {
    enum { DASHES = 2 };
    for (int i = 0; i < command_option_count; i++)
        if (command_options[i].commands & (int)command && is_called(command_options[i].name, given, length))
            return (Meaning){.option = &command_options[i]};
    for (int i = 0; length > DASHES && memcmp(given, "--", DASHES) == 0 && i < scene_key_count(); i++) {
        const SceneKey *key = scene_key(i);
        if (takes_key(command, key) && is_called(scene_key_option(key), given + DASHES, length - DASHES))
            return (Meaning){.key = key};
    }
    return (Meaning){NULL, NULL};
}

static bool fail_unknown_option(const char *name, CommandSet command, Status *status) {
    enum { KEYS_MAX = 64, NAME_BYTES = 32 };
    const char *names[COMMAND_OPTIONS_MAX + KEYS_MAX];
    char spelt[KEYS_MAX][NAME_BYTES];
    size_t n = 0;
    for (int i = 0; i < scene_key_count() && i < KEYS_MAX; i++) {
        if (!takes_key(command, scene_key(i))) continue;
        snprintf(spelt[i], NAME_BYTES, "--%s", scene_key_option(scene_key(i)));
        names[n++] = spelt[i];
    }
    for (int i = 0; i < command_option_count; i++)
        if (command_options[i].commands & (int)command) names[n++] = command_options[i].name;
    return names_fail(status, "there is no option", name, "There are", NAMES_OF(names, n), NULL);
}

/* An option of the command line, taken apart. */
typedef struct Given {
    const char *name; /* `length` bytes of it */
    int length;
    const char *text; /* its value; NULL where it takes none */
    Meaning meaning;
} Given;

/* The option at argv[*at], with its value after it or behind an equals sign. */
static bool take_option(Given *given, CommandSet command, int argc, char **argv, int *at, Status *status) {
    const char *name = strcmp(argv[*at], "-h") == 0 ? "--help" : argv[*at];
    const int length = (int)strcspn(name, "=");
    *given = (Given){name, length, NULL, find_meaning(name, (size_t)length, command)};
    const Option *option = given->meaning.option;
    const SceneKey *key = given->meaning.key;
    if (!option && !key) return fail_unknown_option(name, command, status);
    const char *value = key ? key->value : option->value;
    if (value && name[length])
        given->text = name + length + 1;
    else if (value && *at + 1 < argc)
        given->text = argv[++*at];
    if (value && !given->text)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.*s needs a value: %.*s %s", length, name, length, name, value);
    if (!value && name[length])
        return status_fail(status, STATUS_BAD_INPUT, "%s takes no value", option->name);
    return true;
}

static bool is_word(const char *argument) {
    return argument[0] != '-' || !argument[1];
}

/* The word among the options. */
static bool find_word(Arguments *arguments, CommandSet command, int argc, char **argv, Status *status) {
    for (int at = 1; at < argc; at++) {
        Given given;
        if (!is_word(argv[at])) {
            if (!take_option(&given, command, argc, argv, &at, status)) return false;
            continue;
        }
        if (command & SEVERAL && arguments->n_words < ARGUMENT_WORDS_MAX)
            arguments->words[arguments->n_words++] = argv[at];
        else if (!arguments->word && command & (SCENES | COMMAND_LIST))
            arguments->word = argv[at];
        else
            return status_fail(status, STATUS_BAD_INPUT, "unexpected word '%.60s'", argv[at]);
    }
    return true;
}

static bool read_options(
    Arguments *arguments, SceneDraft *draft, CommandSet command, int argc, char **argv, Status *status) {
    for (int at = 1; at < argc; at++) {
        Given given;
        if (is_word(argv[at])) continue;
        if (!take_option(&given, command, argc, argv, &at, status)) return false;
        const SceneKey *key = given.meaning.key;
        if (key ? scene_draft_read(draft, key, given.text, status)
                : given.meaning.option->read(arguments, given.text, status))
            continue;
        return status_prefix(status, "%.*s", given.length, given.name);
    }
    return true;
}

/* What the options say, on top of the scene that is there. */
static bool read_scene(Arguments *arguments, CommandSet command, int argc, char **argv, Status *status) {
    SceneDraft draft = scene_draft(&arguments->scene, NULL);
    if (!read_options(arguments, &draft, command, argc, argv, status)) {
        scene_draft_abandon(&draft);
        return false;
    }
    if (scene_draft_settle(&draft, status)) return true;
    return draft.culprit ? status_prefix(status, "--%s", scene_key_option(draft.culprit)) : false;
}

/* A line each. */
static void take_grid(Arguments *arguments, const char *lines) {
    char *rest = arguments->own_grid = strdup(lines);
    for (int i = 0; rest && *rest && i < RECORD_GRID_MAX; i++) {
        arguments->grid[i] = rest;
        rest = strchr(rest, '\n');
        if (rest) *rest++ = '\0';
    }
}

/* A picture that slalom has drawn says what it shows, and how. */
static bool read_picture(Arguments *arguments, Status *status) {
    const char *path = arguments->word;
    PictureLook look = {arguments->width, arguments->height, 1, false, false, FIGURES};
    Text text = {0};
    bool good =
        png_read_text(path, RECORD_SCENE_KEY, &text) ||
        status_fail(status, STATUS_BAD_INPUT, "%.1000s: this picture does not say what it shows", path);
    good = good && scene_read_text(&arguments->scene, path, NULL, text_string(&text), text.length, status);
    text_clear(&text);
    if (good && png_read_text(path, RECORD_LOOK_KEY, &text)) picture_look_read(&look, text_string(&text));
    text_clear(&text);
    if (good && png_read_text(path, RECORD_GRID_KEY, &text)) take_grid(arguments, text_string(&text));
    arguments->width = look.width_px;
    arguments->height = look.height_px;
    arguments->scale = look.scale;
    arguments->bare = look.bare;
    arguments->figure = look.figure;
    arguments->transparent = look.transparent;
    text_finish(&text);
    return good;
}

/* A shipped scene by its name, where there is no file of this name. */
static bool open_scene(Arguments *arguments, Status *status) {
    const char *word = arguments->word;
    Scene *scene = &arguments->scene;
    const int shipped = shipped_find(word);
    if (shipped >= 0 && access(word, F_OK) != 0) return shipped_read(shipped, scene, status);
    if (png_is(word)) return read_picture(arguments, status);
    return scene_read_file(scene, word, status);
}

bool arguments_read(Arguments *arguments, CommandSet command, int argc, char **argv, Status *status) {
    *arguments = (Arguments){
        .is_bare = argc <= 1,
        .target = NAN,
        .width = 1280,
        .height = 800,
        .scale = 1,
        .figure = FIGURES,
    };
    if (!find_word(arguments, command, argc, argv, status)) return false;
    if (!arguments->word || command == COMMAND_LIST)
        arguments->scene = scene_default();
    else if (!open_scene(arguments, status))
        return false;
    if (read_scene(arguments, command, argc, argv, status)) return true;
    arguments_finish(arguments);
    return false;
}

void arguments_finish(Arguments *arguments) {
    free(arguments->own_grid);
    scene_finish(&arguments->scene);
}

static void append_option(
    Text *out, const char *dashes, const char *name, const char *value, const char *help) {
    char left[64];
    snprintf(left, sizeof left, "%s%s%s%s", dashes, name, value ? " " : "", value ? value : "");
    text_append(out, "  %-34s %s\n", left, help);
}

static void append_keys(Text *out, CommandSet command, SceneKeyPart part) {
    for (int i = 0; i < scene_key_count(); i++) {
        const SceneKey *key = scene_key(i);
        if (key->part == part && takes_key(command, key))
            append_option(out, "--", scene_key_option(key), key->value, key->help);
    }
}

void arguments_help(CommandSet command, Text *out) {
    append_keys(out, command, SCENE_PART_RACE);
    append_keys(out, command, SCENE_PART_FIELD);
    append_keys(out, command, SCENE_PART_LOOK);
    for (int i = 0; i < command_option_count; i++)
        if (command_options[i].commands & (int)command)
            append_option(
                out, "", command_options[i].name, command_options[i].value, command_options[i].help);
    append_keys(out, command, SCENE_PART_NETWORK);
}
