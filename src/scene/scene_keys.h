/* Everything that can be said of a scene: a row each. The command line (--key TEXT), the scene file (key:
 * ...), its schema and what is written down of a scene are made from these rows. */
#ifndef SLALOM_SCENE_KEYS_H
#define SLALOM_SCENE_KEYS_H

#include "names.h"
#include "scene.h"
#include "status.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* What a scene is about to become: what was said of it so far. */
typedef struct SceneDraft SceneDraft;

/* How a value looks in a scene file, beside its text. */
typedef enum SceneKeyKind {
    SCENE_KEY_TEXT,
    SCENE_KEY_NUMBER, /* 0 or more */
    SCENE_KEY_COUNT,  /* a whole number, 0 or more */
    SCENE_KEY_LIST,   /* numbers with `joint` between; a sequence in a file */
    SCENE_KEY_CHOICE, /* one of `choices` */
    SCENE_KEY_NAMED,  /* NAME[:key=value...] with `joint` between; a map of one name and its keys in a file */
    SCENE_KEY_PAIRS,  /* key=value with commas between; a map in a file */
    SCENE_KEY_SETTINGS, /* the same, said one by one */
    SCENE_KEY_RACERS,   /* said one by one; a sequence in a file */
} SceneKeyKind;

typedef enum SceneKeyPart {
    SCENE_PART_WORDS,   /* in files only */
    SCENE_PART_RACE,    /* of all races */
    SCENE_PART_FIELD,   /* in more than two dimensions */
    SCENE_PART_NETWORK, /* of a network in training */
    SCENE_PART_LOOK,    /* of the picture */
} SceneKeyPart;

typedef struct SceneKey {
    const char *name;   /* in a file; --name on the command line */
    const char *option; /* on the command line, where it is another one; otherwise NULL */
    const char *value;  /* what it looks like, for people */
    SceneKeyPart part;
    SceneKeyKind kind;
    char joint;                 /* between the parts of a list; 0: it has none */
    const char *const *choices; /* NULL ends them; NULL: any */
    bool (*read)(SceneDraft *draft, const char *text, Status *status);
    /* Appends value number i, from 0, as `read` takes it; false where there is none, or it says what is so
     * anyway. NULL: what it does is said by other rows. */
    bool (*write)(const Scene *scene, int i, Text *out);
    const char *help;
    Names (*names)(void); /* that it may be, or begin with; NULL: none that are known */
} SceneKey;

int scene_key_count(void);
const SceneKey *scene_key(int i);
const SceneKey *scene_key_find(const char *name);  /* by its name in a file; NULL where there is none */
const char *scene_key_option(const SceneKey *key); /* without the dashes */

/* The parts of the table. */
extern const SceneKey race_keys[], network_keys[], look_keys[], chart_keys[];
extern const int race_key_count, network_key_count, look_key_count, chart_key_count;

/* A draft of what is said on top of a scene, by a command line, a file or a step of a lesson. What depends on
 * the rest is settled at the end: another surface begins with its own start and parameters, and a network
 * with racers that suit one, unless they are said too. */
struct SceneDraft {
    Scene *scene; /* borrowed */
    const char
        *folder; /* borrowed: where the files are that are named from now on (data_open_in); NULL: anywhere */
    uint64_t said;     /* bit i: row i was */
    char *batch, *all; /* as they were said; owned */
    bool was_network;
    Setting settings[FORMULA_PARAMETERS_MAX]; /* of the scene as it was */
    int n_settings;
    const SceneKey *culprit; /* the row that a settling that failed is about; NULL: none */
};

SceneDraft scene_draft(Scene *scene, const char *folder);
bool scene_draft_read(SceneDraft *draft, const SceneKey *key, const char *text, Status *status);
/* Ends the draft. Where it fails the scene can only be finished. */
bool scene_draft_settle(SceneDraft *draft, Status *status);
void scene_draft_abandon(SceneDraft *draft);
bool scene_draft_has(const SceneDraft *draft, const char *name); /* whether a row was said */

/* For writers: appends numbers with the joint between. */
void scene_key_append_numbers(Text *out, const double *values, int n, char joint);

#endif
