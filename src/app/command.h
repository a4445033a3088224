/* The commands: one file and one row of main.c each. */
#ifndef SLALOM_COMMAND_H
#define SLALOM_COMMAND_H

#include "arguments.h"
#include "status.h"

typedef struct Command {
    const char *name; /* NULL: what runs when no command is named */
    CommandSet set;
    const char *usage;
    const char *summary;
    bool (*run)(const Arguments *arguments, Status *status);
} Command;

bool command_window(const Arguments *arguments, Status *status);
/* The same, with the lessons to choose from. */
bool command_lessons(const Arguments *arguments, Status *status);
bool command_run(const Arguments *arguments, Status *status);
/* The same command where a network is trained. */
bool run_training(const Arguments *arguments, Status *status);
bool command_render(const Arguments *arguments, Status *status);
bool command_scene(const Arguments *arguments, Status *status);
bool command_check(const Arguments *arguments, Status *status);
bool command_new(const Arguments *arguments, Status *status);
bool command_schema(const Arguments *arguments, Status *status);
/* Prints what there is of a subject, for people or as JSON. */
bool list_subject(const char *subject, bool json, Status *status);
bool command_list(const Arguments *arguments, Status *status);

#endif
