/* What the command palette offers: every action, surface, optimizer, schedule, theme and speed, from their
 * tables. */
#ifndef SLALOM_PALETTE_ITEMS_H
#define SLALOM_PALETTE_ITEMS_H

#include "file_list.h"

#include <stdbool.h>

typedef enum PaletteKind {
    PALETTE_NONE,
    PALETTE_ACTION,    /* index: an Action */
    PALETTE_SURFACE,   /* of surface_table */
    PALETTE_OPTIMIZER, /* of optimizer_table: one more racer */
    PALETTE_SCHEDULE,  /* of schedule_table, for the racer that is chosen */
    PALETTE_THEME,     /* of palette_themes */
    PALETTE_SPEED,     /* of the arena */
    PALETTE_FILE,      /* of the palette's files, or PALETTE_TYPED: to open */
    PALETTE_SAVE,      /* PALETTE_TYPED: to write to */
} PaletteKind;

typedef struct PaletteItem {
    PaletteKind kind;
    int index;
    int score; /* how well it is what was typed */
} PaletteItem;

enum { PALETTE_ITEMS_MAX = 512, PALETTE_THEMES = 2, PALETTE_TYPED = -1 /* what was typed */ };

struct Arena;
struct Theme;
extern const struct Theme *const palette_themes[PALETTE_THEMES];

/* All items of a kind (PALETTE_NONE: of every kind) that there are in an arena and that what was typed
 * abbreviates, the best first, equals in the order of their tables. Returns how many. */
int palette_collect(
    const struct Arena *arena, PaletteKind only, const char *typed, PaletteItem items[PALETTE_ITEMS_MAX]);

/* The same for files: those whose names what was typed abbreviates, and what was typed itself. */
int palette_collect_files(
    PaletteKind only, const FileList *files, const char *typed, PaletteItem items[PALETTE_ITEMS_MAX]);

/* How an item is shown. Borrowed strings live as long as the tables. */
typedef struct PaletteText {
    char kind[16];       /* what it is: "surface" */
    char title[96];      /* for people */
    char key[32];        /* of an action; "" for none */
    const char *formula; /* NULL for none */
    const char *note;    /* where it comes from; NULL for none */
} PaletteText;
void palette_describe(const struct Arena *arena, const PaletteItem *item, PaletteText *text);

#endif
