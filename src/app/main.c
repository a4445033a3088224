/* Which command; help; exit status. Everything else is in the commands' own files. */
#include "command.h"

#include "columns.h"
#include "names.h"
#include "shipped.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const Command commands[] = {
    {NULL, COMMAND_WINDOW, "slalom [SCENE] [options]", "opens a race in a window", command_window},
    {"lessons", COMMAND_WINDOW, "slalom lessons [options]",
        "opens the window with all lessons to choose from", command_lessons},
    {"run", COMMAND_RUN, "slalom run [SCENE] [options]", "runs a race and writes it as CSV", command_run},
    {"render", COMMAND_RENDER, "slalom render [SCENE] [options] --output FILE",
        "records a race: a picture, a film, a figure, its numbers", command_render},
    {"scene", COMMAND_SCENE, "slalom scene [SCENE] [options]", "writes a race as a scene file",
        command_scene},
    {"check", COMMAND_CHECK, "slalom check [LESSON ...] [options]",
        "runs lessons and tells whether what they claim is true", command_check},
    {"new", COMMAND_NEW, "slalom new lesson [FILE]", "writes a lesson to begin with", command_new},
    {"schema", COMMAND_SCHEMA, "slalom schema", "writes a JSON schema of scene files, for editors",
        command_schema},
    {"list", COMMAND_LIST, "slalom list SUBJECT [--json]", "says what there is", command_list},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(const Command *command) {
    Text out = {0};
    text_append(&out, "usage: %s\n%s\n", command->usage, command->summary);
    if (!command->name) {
        text_append(&out, "\ncommands\n");
        for (int i = 1; i < COMMAND_COUNT; i++)
            text_append(&out, "  %-34s %s\n", commands[i].name, commands[i].summary);
        text_append(&out, "\n'slalom COMMAND --help' tells more; --version prints the version.\n");
    }
    text_append(&out, "\noptions\n");
    arguments_help(command->set, &out);
    if (command->set == COMMAND_RUN) {
        text_append(&out, "\ncolumns\n");
        columns_help(&out);
    }
    if (command->set == COMMAND_CHECK)
        text_append(&out, "\n'slalom list expectations' tells what a lesson may claim.\n");
    text_append(&out,
        "\nexit status: 0; 2 for bad input or an output that cannot be written; 1 for what failed "
        "while running\n");
    fputs(text_string(&out), stdout);
    text_finish(&out);
}

static const Command *find_command(int argc, char **argv) {
    for (int i = 1; argc > 1 && i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return &commands[i];
    return &commands[0];
}

/* What is neither a command nor a path may be a misspelt command. */
static bool is_scene(const char *word) {
    return strpbrk(word, "/.") || shipped_find(word) >= 0 || access(word, F_OK) == 0;
}

static bool run(int argc, char **argv, Status *status) {
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("slalom " SLALOM_VERSION);
        return true;
    }
    const Command *command = find_command(argc, argv);
    if (!command->name && argc > 1 && argv[1][0] != '-' && !is_scene(argv[1]))
        return names_fail(status, "there is no command or scene", argv[1], "There are",
            NAMES_OF(commands + 1, COMMAND_COUNT - 1),
            ", scene files by their paths, and lessons by number or name");
    int skipped = command->name ? 1 : 0;
    Arguments arguments;
    if (!arguments_read(&arguments, command->set, argc - skipped, argv + skipped, status)) return false;
    bool good = true;
    if (arguments.asks_help)
        print_help(command);
    else
        good = command->run(&arguments, status);
    arguments_finish(&arguments);
    return good;
}

int main(int argc, char **argv) {
    Status status = status_ok();
    if (run(argc, argv, &status)) return 0;
    text_make_printable(status.message); /* it may quote what was typed */
    fprintf(stderr, "slalom: %s\n", status.message);
    return status.code;
}
