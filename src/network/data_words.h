/* What is said of data: a name and keys with their values. Which of them mean something is known to data.c.
 */
#ifndef SLALOM_DATA_WORDS_H
#define SLALOM_DATA_WORDS_H

#include "status.h"

#include <stdbool.h>

typedef enum DataKey {
    KEY_N,
    KEY_NOISE,
    KEY_CLASSES,
    KEY_TURNS,
    KEY_LABEL,
    KEY_TARGET,
    KEY_LABELS,
    KEY_VALIDATION,
    KEY_TEST,
    KEY_STANDARDISE,
    KEY_RARE,
    KEY_SEED,
    KEY_COPIES,
    KEY_SORTED,
    KEY_COUNT,
} DataKey;

enum {
    KEYS_COMMON = 1 << KEY_VALIDATION | 1 << KEY_TEST | 1 << KEY_STANDARDISE | 1 << KEY_COPIES |
                  1 << KEY_SORTED | 1 << KEY_SEED
};

typedef struct DataWords {
    char *copy; /* cut up; owned */
    const char *name;
    const char *folder;            /* where files are; NULL: anywhere */
    char *path;                    /* of the file that the name may mean; owned */
    const char *values[KEY_COUNT]; /* NULL where it was not given */
} DataWords;

/* Reads NAME[:key=value,...]. folder: where files are; NULL: anywhere. To be finished also where it fails. */
bool data_words_read(DataWords *words, const char *text, const char *folder, Status *status);
void data_words_finish(DataWords *words);

/* The path of a file by its name in the folder, where there is one; the caller frees it. */
char *data_words_path(const DataWords *words, const char *name);
/* Fails for one that leads out of the folder. */
bool data_words_check_inside(const DataWords *words, const char *name, Status *status);
/* Fails where a key was given that is not among `meant`, bits by DataKey. */
bool data_words_check(const DataWords *words, unsigned meant, Status *status);

/* They leave the value alone where the key was not given. range: what it must be, for people. */
bool data_words_number(const DataWords *words, DataKey key, double min, double max, double *value,
    const char *range, Status *status);
bool data_words_count(const DataWords *words, DataKey key, int min, int max, int *value, Status *status);
bool data_words_share(
    const DataWords *words, DataKey key, double *share, Status *status); /* from 0 to below 1 */

#endif
