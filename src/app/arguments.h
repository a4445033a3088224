/* The command line: what can be said of a scene (scene_keys.h), on top of a scene file where one is named,
 * and one table of the commands' own options. Parsing and every --help are made from both. */
#ifndef SLALOM_ARGUMENTS_H
#define SLALOM_ARGUMENTS_H

#include "figure.h"
#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* The commands, as bits: an option says which of them take it. */
typedef enum CommandSet {
    COMMAND_WINDOW = 1,
    COMMAND_RUN = 2,
    COMMAND_RENDER = 4,
    COMMAND_LIST = 8,
    COMMAND_SCENE = 16,
    COMMAND_CHECK = 32,
    COMMAND_NEW = 64,
    COMMAND_SCHEMA = 128,
} CommandSet;

enum { ARGUMENT_WORDS_MAX = 256, ARGUMENT_VALUES_MAX = 16 };

/* What the options said. */
typedef struct Arguments {
    Scene scene;
    bool is_bare; /* nothing was given */
    bool asks_help;
    const char *csv;     /* a path, or "-"; NULL where none was given */
    const char *columns; /* as columns_read takes them; NULL: the usual ones */
    bool summary;
    double target;          /* NAN: none */
    const char *checkpoint; /* paths, NULL where they were not given */
    const char *resume;
    const char *layers;
    const char *list;       /* a subject, instead of a race; NULL where none was given */
    int threads;            /* that compute; 0: as many as there are processors */
    const char *output;     /* a path; NULL where none was given */
    int width, height;      /* of the window in logical pixels, of a picture in pixels */
    double scale;           /* of a picture: pixels to a logical one */
    bool bare, transparent; /* of the same: as PictureLook has it, as */
    int lesson_part;
    double fps, seconds;        /* of a film; 0: as usual */
    const char *pace, *camera;  /* as src/record takes them; NULL where they were not given */
    const char *grid[3];        /* KEY=a,b,c: of a sheet, at most two; NULL ends them */
    char *own_grid;             /* where a picture has said them; owned */
    double width_mm, height_mm; /* on paper, instead; 0: in pixels */
    Figure figure;              /* FIGURES: none was named */
    bool json;
    bool as_line;     /* the command line that gives the scene */
    const char *word; /* the argument that is no option: a scene file, or what to list; NULL: there is none */
    /* Of check and new, which take several: */
    const char *words[ARGUMENT_WORDS_MAX];
    int n_words;
    int seeds; /* 0: as many as a lesson says */
    bool inverts, verbose;
    const char *values[ARGUMENT_VALUES_MAX]; /* expressions to be told */
    int n_values;
} Arguments;

/* Reads argv[1..argc) for a command. The default race stands where nothing is said about it. Strings are
 * borrowed from argv. On failure nothing needs to be finished. */
bool arguments_read(Arguments *arguments, CommandSet command, int argc, char **argv, Status *status);
void arguments_finish(Arguments *arguments);

/* Appends the options that a command takes, a line each. */
void arguments_help(CommandSet command, Text *out);

#endif
