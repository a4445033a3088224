/* The command palette: type a few letters, choose from what they abbreviate. Over everything else; opened for
 * all there is, or for one kind of it. */
#ifndef SLALOM_PALETTE_H
#define SLALOM_PALETTE_H

#include "palette_items.h"
#include "text.h"
#include "thumbnails.h"
#include "ui.h"

#include <stdbool.h>

/* Start from {0}. */
typedef struct Palette {
    bool open;
    bool is_new; /* it has just been opened */
    PaletteKind only;
    const struct Arena *arena;            /* whose items are offered; borrowed */
    PaletteItem items[PALETTE_ITEMS_MAX]; /* by what is typed */
    int n_items, chosen;
    float scroll;           /* how far the list is pushed up */
    Thumbnails *thumbnails; /* owned; made when they are needed first */
    FileList files;         /* owned: those that are offered */
    Text typed;             /* owned: a path, in place of them */
} Palette;

void palette_finish(Palette *palette);

/* Opens it for one kind, or for everything (PALETTE_NONE), that there is in an arena. */
void palette_open(Palette *palette, const struct Arena *arena, PaletteKind only);

/* Opens it for files to open, and takes the list over; or for a path to write to. */
void palette_open_files(Palette *palette, FileList *files);
void palette_open_save(Palette *palette);
/* The path of an item of these kinds; borrowed until the palette is opened again. */
const char *palette_path(const Palette *palette, const PaletteItem *item);

/* A pass. What was chosen, once; its kind is PALETTE_NONE where nothing was. Closes itself on that, on Escape
 * and on a press beside it. */
PaletteItem palette_view(Palette *palette, Ui *ui);

#endif
