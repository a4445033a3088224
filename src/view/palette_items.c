/* Items from tables. Each kind is one row here: how many there are, how they read and how they are found. */
#include "palette_items.h"

#include "fuzzy.h"
#include "keys.h"
#include "optimizer.h"
#include "schedule.h"
#include "surface.h"
#include "theme.h"
#include "viewer_state.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

const Theme *const palette_themes[PALETTE_THEMES] = {&theme_dark, &theme_light};

/* Actions are the rows of keys with a description. */
static int count_actions(const Arena *arena) {
    (void)arena;
    return key_binding_count;
}

static bool describe_action(const Arena *arena, int index, PaletteItem *item, PaletteText *text) {
    const KeyBinding *binding = &key_bindings[index];
    (void)arena;
    if (!binding->description || binding->action == ACTION_CLOSE || binding->action == ACTION_PALETTE)
        return false;
    item->index = (int)binding->action;
    snprintf(text->title, sizeof text->title, "%s", binding->description);
    key_name(binding, text->key, sizeof text->key);
    return true;
}

static int count_surfaces(const Arena *arena) {
    (void)arena;
    return surface_count;
}

static bool describe_surface(const Arena *arena, int index, PaletteItem *item, PaletteText *text) {
    const SurfaceRow *row = &surface_table[index];
    (void)arena, (void)item;
    snprintf(text->title, sizeof text->title, "%s", row->title);
    text->formula = row->formula;
    text->note = row->note;
    return true;
}

static int count_optimizers(const Arena *arena) {
    (void)arena;
    return optimizer_count;
}

static bool describe_optimizer(const Arena *arena, int index, PaletteItem *item, PaletteText *text) {
    const Optimizer *row = &optimizer_table[index];
    (void)item;
    if (optimizer_takes_matrices(row) && arena != &network_arena) return false; /* a surface has none */
    snprintf(text->title, sizeof text->title, "%s", row->title);
    text->formula = row->update;
    text->note = row->reference;
    return true;
}

static int count_schedules(const Arena *arena) {
    (void)arena;
    return schedule_count;
}

static bool describe_schedule(const Arena *arena, int index, PaletteItem *item, PaletteText *text) {
    const Schedule *row = &schedule_table[index];
    (void)arena, (void)item;
    snprintf(text->title, sizeof text->title, "%s", row->title);
    text->formula = row->formula;
    text->note = row->reference;
    return true;
}

static int count_themes(const Arena *arena) {
    (void)arena;
    return PALETTE_THEMES;
}

static bool describe_theme(const Arena *arena, int index, PaletteItem *item, PaletteText *text) {
    (void)arena, (void)item;
    snprintf(text->title, sizeof text->title, "%s theme", palette_themes[index]->name);
    return true;
}

static int count_speeds(const Arena *arena) {
    return arena->n_speeds;
}

static bool describe_speed(const Arena *arena, int index, PaletteItem *item, PaletteText *text) {
    (void)item;
    snprintf(text->title, sizeof text->title, "%s", arena->speeds[index].text);
    return true;
}

static const char *surface_name(int index) {
    return surface_table[index].name;
}

static const char *optimizer_name(int index) {
    return optimizer_table[index].name;
}

static const char *schedule_name(int index) {
    return schedule_table[index].name;
}

static const struct {
    PaletteKind kind;
    const char *word, *prefix; /* what it is, and what may be typed before its name */
    int (*count)(const Arena *arena);
    bool (*describe)(
        const Arena *arena, int index, PaletteItem *item, PaletteText *text); /* false: it is not offered */
    const char *(*name)(int index); /* on the command line; NULL: none */
    Action own;                     /* offered beside them where nothing else is: to type one */
} kinds[] = {
    {PALETTE_ACTION, "", "", count_actions, describe_action, NULL, ACTION_NONE},
    {PALETTE_SURFACE, "surface", "surface ", count_surfaces, describe_surface, surface_name, ACTION_FORMULA},
    {PALETTE_OPTIMIZER, "add", "add ", count_optimizers, describe_optimizer, optimizer_name,
        ACTION_NEW_OPTIMIZER},
    {PALETTE_SCHEDULE, "schedule", "schedule ", count_schedules, describe_schedule, schedule_name,
        ACTION_NONE},
    {PALETTE_THEME, "look", "", count_themes, describe_theme, NULL, ACTION_NONE},
    {PALETTE_SPEED, "speed", "speed ", count_speeds, describe_speed, NULL, ACTION_NONE},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int greater(int a, int b) {
    return a > b ? a : b;
}

/* By its name, its title, or what it is and its name, or its title. */
static int score_of(int kind, int index, const char *typed, const PaletteText *text) {
    int score = fuzzy_score(typed, text->title);
    const char *name = kinds[kind].name ? kinds[kind].name(index) : text->title;
    char whole[160];
    snprintf(whole, sizeof whole, "%s%s", kinds[kind].prefix, name);
    score = greater(score, fuzzy_score(typed, name));
    return greater(score, fuzzy_score(typed, whole));
}

static void insert_by_score(PaletteItem *items, int n, PaletteItem item) {
    int at = n;
    for (; at > 0 && items[at - 1].score < item.score; at--) items[at] = items[at - 1];
    items[at] = item;
}

/* Whether a row of a kind is offered where only one kind is. */
static bool is_wanted(PaletteKind only, int kind, const PaletteItem *item) {
    if (only == PALETTE_NONE || only == kinds[kind].kind) return true;
    if (kinds[kind].kind != PALETTE_ACTION) return false;
    for (int i = 0; i < KINDS; i++)
        if (kinds[i].kind == only && kinds[i].own != ACTION_NONE) return item->index == (int)kinds[i].own;
    return false;
}

int palette_collect(
    const Arena *arena, PaletteKind only, const char *typed, PaletteItem items[PALETTE_ITEMS_MAX]) {
    int n = 0;
    for (int k = 0; k < KINDS; k++) {
        int kind =
            only == PALETTE_NONE ? k : (k + 1) % KINDS; /* what is asked for stands before the action */
        int count = kinds[kind].count(arena);
        for (int i = 0; i < count && n < PALETTE_ITEMS_MAX; i++) {
            PaletteItem item = {.kind = kinds[kind].kind, .index = i};
            PaletteText text = {.formula = NULL};
            if (!kinds[kind].describe(arena, i, &item, &text) || !is_wanted(only, kind, &item)) continue;
            item.score = score_of(kind, i, typed, &text);
            if (item.score >= 0) insert_by_score(items, n++, item);
        }
    }
    return n;
}

int palette_collect_files(
    PaletteKind only, const FileList *files, const char *typed, PaletteItem items[PALETTE_ITEMS_MAX]) {
    int n = 0;
    for (int i = 0; only == PALETTE_FILE && i < files->n && n < PALETTE_ITEMS_MAX - 1; i++) {
        const FileEntry *entry = &files->entries[i];
        const int score = greater(fuzzy_score(typed, entry->title), fuzzy_score(typed, entry->path));
        if (score >= 0) insert_by_score(items, n++, (PaletteItem){PALETTE_FILE, i, score});
    }
    if (!*typed) return n;
    /* A path is meant as it is. */
    const bool path = only == PALETTE_SAVE || strpbrk(typed, "/.");
    insert_by_score(items, n++, (PaletteItem){only, PALETTE_TYPED, path ? INT_MAX : 0});
    return n;
}

/* An action is found by itself, anything else by its place in its table. */
static int row_of(const PaletteItem *item) {
    if (item->kind != PALETTE_ACTION) return item->index;
    for (int i = 0; i < key_binding_count; i++)
        if ((int)key_bindings[i].action == item->index && key_bindings[i].description) return i;
    return 0;
}

void palette_describe(const Arena *arena, const PaletteItem *item, PaletteText *text) {
    *text = (PaletteText){.formula = NULL};
    for (int kind = 0; kind < KINDS; kind++) {
        if (kinds[kind].kind != item->kind) continue;
        PaletteItem ignored;
        snprintf(text->kind, sizeof text->kind, "%s", kinds[kind].word);
        kinds[kind].describe(arena, row_of(item), &ignored, text);
    }
}
