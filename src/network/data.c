/* From the words of --data to data. Reading, making and splitting them is left to the modules for that. */
#include "data.h"

#include "bytes.h"
#include "csv.h"
#include "embedded_data.h"
#include "idx.h"
#include "names.h"
#include "text.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GENERATED_N = 400, PATH_BYTES = 1024 };

/* Unless said otherwise. */
static const SplitShares default_shares = {.test = 0.15, .validation = 0.15};

/* Data sets that come with the program or with the system. */

typedef struct ShippedRow {
    const char *name, *title;
    const char *folder;    /* with MNIST's four files; NULL: it is a part of the program */
    const char *package;   /* of Debian, that has the folder */
    EmbeddedData embedded; /* a CSV file, whose last column is the class */
    float scale;           /* of its inputs; 0: they are standardised */
    int width, height;
    const char *const *classes; /* their names; NULL: as the file has them */
} ShippedRow;

static const char *const clothes[] = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
enum { CLOTHES = sizeof clothes / sizeof clothes[0] };

static const ShippedRow shipped_table[] = {
    {"iris", "150 irises of three species by four lengths (Fisher 1936)", .embedded = EMBEDDED_IRIS},
    {"digits", "1797 handwritten digits, 8x8 pixels (Alpaydin & Kaynak 1998)", .embedded = EMBEDDED_DIGITS,
        .scale = 1.0F / 16, .width = 8, .height = 8},
    {"fashion-mnist", "70000 pictures of clothes, 28x28 pixels (Xiao, Rasul & Vollgraf 2017)",
        .folder = "/usr/share/datasets/fashion-mnist", .package = "dataset-fashion-mnist",
        .classes = clothes},
};
enum { SHIPPED_COUNT = sizeof shipped_table / sizeof shipped_table[0] };

static const ShippedRow *find_shipped(const char *name) {
    for (int i = 0; i < SHIPPED_COUNT; i++)
        if (strcmp(shipped_table[i].name, name) == 0) return &shipped_table[i];
    return NULL;
}

int data_count(void) {
    return generator_count + SHIPPED_COUNT;
}

DataRow data_row(int i) {
#define KEYS "seed, validation, test, standardise, copies, sorted"
    assert(i >= 0 && i < data_count());
    if (i >= generator_count) {
        const ShippedRow *row = &shipped_table[i - generator_count];
        return (DataRow){row->name, row->title, KEYS};
    }
    const GeneratorRow *row = &generator_table[i];
    const char *keys = row->curve               ? "n, noise, " KEYS
                       : row->turns > 0         ? "n, noise, classes, turns, rare, " KEYS
                       : row->n_classes_max > 2 ? "n, noise, classes, rare, " KEYS
                                                : "n, noise, rare, " KEYS;
    return (DataRow){row->name, row->title, keys};
#undef KEYS
}

/* Words. */

typedef enum Key {
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
} Key;

static const char *const key_names[KEY_COUNT] = {"n", "noise", "classes", "turns", "label", "target",
    "labels", "validation", "test", "standardise", "rare", "seed", "copies", "sorted"};

typedef struct Words {
    char *copy; /* cut up; owned */
    const char *name;
    const char *folder;            /* where files are; NULL: anywhere */
    char *path;                    /* of the file that the name may mean; owned */
    const char *values[KEY_COUNT]; /* NULL where it was not given */
} Words;

static bool read_pair(Words *words, char *pair, Status *status) {
    char *equals = strchr(pair, '=');
    if (!equals)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.100s: expected key=value, not '%.60s'", words->name, pair);
    *equals = '\0';
    for (int i = 0; i < KEY_COUNT; i++) {
        if (strcmp(key_names[i], pair) != 0) continue;
        if (words->values[i])
            return status_fail(status, STATUS_BAD_INPUT, "%s of %.100s is given twice", pair, words->name);
        words->values[i] = equals + 1;
        return true;
    }
    return names_fail(status, "data have no key", pair, "There are", NAMES_OF(key_names, KEY_COUNT), NULL);
}

/* Whether a path stays in the folder that it is relative to: no root, no drive, no step up. */
static bool is_inside(const char *path) {
    if (*path == '/' || strpbrk(path, ":\\")) return false;
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2])) return false;
    }
    return true;
}

/* The path of a file by its name in the folder, where there is one; the caller frees it. */
static char *path_of(const Words *words, const char *name) {
    Text path = {0};
    if (words->folder) text_append(&path, "%s/", words->folder);
    text_append(&path, "%s", name);
    return path.bytes;
}

static bool check_inside(const Words *words, const char *name, Status *status) {
    return !words->folder || is_inside(name) ||
           status_fail(status, STATUS_BAD_INPUT,
               "'%.100s' leads away: a scene's files are beside it, by a path without '..'", name);
}

static bool read_words(Words *words, const char *text, const char *folder, Status *status) {
    struct stat ignored;
    *words = (Words){.copy = strdup(text), .folder = folder};
    if (!words->copy) return status_fail(status, STATUS_FAILED, "out of memory");
    words->name = words->copy;
    words->path = path_of(words, text);
    const bool whole = (!folder || is_inside(text)) && stat(words->path, &ignored) == 0;
    char *rest = whole ? NULL : strrchr(words->copy, ':'); /* a path may have a colon */
    if (rest) *rest++ = '\0';
    free(words->path);
    words->path = path_of(words, words->name);
    while (rest) {
        char *next = strchr(rest, ',');
        if (next) *next++ = '\0';
        if (!read_pair(words, rest, status)) return false;
        rest = next;
    }
    return true;
}

/* Leaves *value alone where the key was not given. */
static bool read_number(
    const Words *words, Key key, double min, double max, double *value, const char *range, Status *status) {
    const char *text = words->values[key];
    double number;
    if (!text) return true;
    if (!text_parse_number(text, &number))
        return status_fail(status, STATUS_BAD_INPUT, "%s of %.100s is '%.40s', which is not a number",
            key_names[key], words->name, text);
    if (!(number >= min && number <= max))
        return status_fail(status, STATUS_BAD_INPUT, "%s of %.100s is %g; it must be %s", key_names[key],
            words->name, number, range);
    *value = number;
    return true;
}

static bool read_count(const Words *words, Key key, int min, int max, int *value, Status *status) {
    const char *text = words->values[key];
    long long number;
    if (!text) return true;
    if (!text_parse_integer(text, min, max, &number))
        return status_fail(status, STATUS_BAD_INPUT,
            "%s of %.100s is '%.40s'; it must be a whole number from %d to %d", key_names[key], words->name,
            text, min, max);
    *value = (int)number;
    return true;
}

static const char share_range[] = "a share from 0 to below 1";
static const double below_one = 1 - 1e-9;

static bool read_shares(const Words *words, SplitShares *shares, Status *status) {
    *shares = default_shares;
    return read_number(words, KEY_VALIDATION, 0, below_one, &shares->validation, share_range, status) &&
           read_number(words, KEY_TEST, 0, below_one, &shares->test, share_range, status);
}

/* Whether only keys that mean something here were given. */
static bool check_keys(const Words *words, unsigned meant, Status *status) {
    for (int i = 0; i < KEY_COUNT; i++)
        if (words->values[i] && !(meant >> i & 1))
            return status_fail(
                status, STATUS_BAD_INPUT, "%s means nothing to %.100s", key_names[i], words->name);
    return true;
}

enum {
    KEYS_COMMON = 1 << KEY_VALIDATION | 1 << KEY_TEST | 1 << KEY_STANDARDISE | 1 << KEY_COPIES |
                  1 << KEY_SORTED | 1 << KEY_SEED
};

/* Generators. */

static bool open_generator(
    Data *data, const GeneratorRow *row, const Words *words, uint64_t seed, Status *status) {
    enum { N_MAX = 10000000 };
    GeneratorSpec spec = generator_defaults(row);
    unsigned meant = KEYS_COMMON | 1 << KEY_N | 1 << KEY_NOISE;
    if (row->n_classes_max > row->n_classes) meant |= 1 << KEY_CLASSES;
    if (row->turns > 0) meant |= 1 << KEY_TURNS;
    if (!row->curve) meant |= 1 << KEY_RARE;
    int n = GENERATED_N;
    if (!check_keys(words, meant, status) || !read_count(words, KEY_N, 1, N_MAX, &n, status) ||
        !read_count(words, KEY_CLASSES, 2, row->n_classes_max, &spec.n_classes, status) ||
        !read_number(words, KEY_NOISE, 0, 1e6, &spec.noise, "0 to 1e6", status) ||
        !read_number(words, KEY_TURNS, 1e-3, 100, &spec.turns, "0.001 to 100", status) ||
        !read_number(words, KEY_RARE, 0, below_one, &spec.rare, share_range, status))
        return false;
    data->generator = generator_create(&spec, status);
    if (!data->generator) return false;
    data->dataset = generator_dataset(data->generator, (size_t)n, seed, status);
    return data->dataset != NULL;
}

/* Files. */

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool open_csv(Data *data, const Words *words, Status *status) {
    const char *label = words->values[KEY_LABEL], *target = words->values[KEY_TARGET];
    Bytes bytes;
    if (!check_keys(words, KEYS_COMMON | 1 << KEY_LABEL | 1 << KEY_TARGET, status)) return false;
    if (label && target)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.100s: label is a class and target a number; give one", words->name);
    if (!bytes_load(&bytes, words->path, status)) return false;
    const CsvSpec spec = {.answer = target ? target : label, .regression = target != NULL};
    data->dataset = csv_read((const char *)bytes.data, bytes.size, words->path, &spec, status);
    bytes_finish(&bytes);
    return data->dataset != NULL;
}

/* A pair of files and the names that messages call them by. */
typedef struct OpenFiles {
    IdxPair pair;
    char images_path[PATH_BYTES], labels_path[PATH_BYTES];
} OpenFiles;

static void close_files(OpenFiles *files) {
    bytes_finish(&files->pair.images);
    bytes_finish(&files->pair.labels);
}

static bool open_files(OpenFiles *files, Status *status) {
    files->pair.images_name = files->images_path;
    files->pair.labels_name = files->labels_path;
    return bytes_load(&files->pair.images, files->images_path, status) &&
           bytes_load(&files->pair.labels, files->labels_path, status);
}

/* FOLDER/STEM, or with .gz where that is what is there. */
static bool find_file(char path[PATH_BYTES], const char *folder, const char *stem, Status *status) {
    struct stat ignored;
    if (strlen(folder) + strlen(stem) + 5 > PATH_BYTES)
        return status_fail(status, STATUS_BAD_INPUT, "%.100s...: this path is too long", folder);
    snprintf(path, PATH_BYTES, "%s/%s", folder, stem);
    if (stat(path, &ignored) != 0) snprintf(path, PATH_BYTES, "%s/%s.gz", folder, stem);
    return true;
}

static bool open_folder(Data *data, const char *folder, int n_classes, Status *status) {
    OpenFiles training = {0}, test = {0};
    bool good = find_file(training.images_path, folder, "train-images-idx3-ubyte", status) &&
                find_file(training.labels_path, folder, "train-labels-idx1-ubyte", status) &&
                find_file(test.images_path, folder, "t10k-images-idx3-ubyte", status) &&
                find_file(test.labels_path, folder, "t10k-labels-idx1-ubyte", status) &&
                open_files(&training, status) && open_files(&test, status);
    if (good) data->dataset = idx_read(&training.pair, &test.pair, n_classes, status);
    close_files(&training);
    close_files(&test);
    return data->dataset != NULL;
}

static bool open_idx(Data *data, const Words *words, int n_classes, Status *status) {
    const char *labels = words->values[KEY_LABELS];
    if (!labels)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.100s: say where its labels are, with labels=FILE", words->name);
    OpenFiles files = {0};
    if (!check_inside(words, labels, status)) return false;
    char *labels_path = path_of(words, labels);
    const int lengths[] = {snprintf(files.images_path, PATH_BYTES, "%s", words->path),
        snprintf(files.labels_path, PATH_BYTES, "%s", labels_path)};
    const bool fits = lengths[0] < PATH_BYTES && lengths[1] < PATH_BYTES;
    free(labels_path);
    if (!fits) return status_fail(status, STATUS_BAD_INPUT, "%.100s...: this path is too long", words->path);
    if (open_files(&files, status)) data->dataset = idx_read(&files.pair, NULL, n_classes, status);
    close_files(&files);
    return data->dataset != NULL;
}

static bool open_path(Data *data, const Words *words, Status *status) {
    struct stat found;
    int n_classes = 0;
    if (!check_inside(words, words->name, status)) return false;
    if (!read_count(words, KEY_CLASSES, 2, DATASET_CLASSES_MAX, &n_classes, status)) return false;
    bool folder = stat(words->path, &found) == 0 && S_ISDIR(found.st_mode);
    if (!folder && (ends_with(words->name, ".csv") || ends_with(words->name, ".csv.gz")))
        return open_csv(data, words, status);
    unsigned meant = KEYS_COMMON | 1 << KEY_CLASSES | (folder ? 0 : 1 << KEY_LABELS);
    if (!check_keys(words, meant, status)) return false;
    return folder ? open_folder(data, words->path, n_classes, status)
                  : open_idx(data, words, n_classes, status);
}

/* Shipped ones. */

static bool open_embedded(Data *data, const ShippedRow *row, Status *status) {
    const EmbeddedFile *file = &embedded_data[row->embedded];
    const CsvSpec spec = {.answer = NULL};
    Bytes bytes;
    if (!bytes_unpack(&bytes, file->bytes, file->size, row->name, status)) return false;
    Dataset *dataset = csv_read((const char *)bytes.data, bytes.size, row->name, &spec, status);
    bytes_finish(&bytes);
    data->dataset = dataset;
    if (!dataset) return false;
    dataset->width = row->width;
    dataset->height = row->height;
    for (size_t i = 0; row->scale > 0 && i < dataset->n * (size_t)dataset->n_in; i++)
        dataset->inputs[i] *= row->scale;
    return true;
}

static bool open_shipped(Data *data, const ShippedRow *row, const Words *words, Status *status) {
    if (!check_keys(words, KEYS_COMMON, status)) return false;
    if (!row->folder) return open_embedded(data, row, status);
    if (!open_folder(data, row->folder, row->classes ? CLOTHES : 0, status)) {
        struct stat ignored;
        if (stat(row->folder, &ignored) == 0) return false;
        return status_fail(status, STATUS_BAD_INPUT, "%s is not installed: Debian's package %s has it",
            row->name, row->package);
    }
    for (int i = 0; row->classes && i < CLOTHES; i++)
        dataset_name(&data->dataset->classes[i], row->classes[i], strlen(row->classes[i]));
    return true;
}

/* All of them. */

static bool is_path(const Words *words) {
    struct stat ignored;
    return strchr(words->name, '/') || strchr(words->name, '.') || stat(words->path, &ignored) == 0;
}

static bool fail_unknown(const char *name, Status *status) {
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    int n = data_count() < NAMES_MAX ? data_count() : NAMES_MAX;
    for (int i = 0; i < n; i++) names[i] = data_row(i).name;
    return names_fail(
        status, "there are no data", name, "There are", NAMES_OF(names, n), ", and files by their paths");
}

/* What becomes of the training part before anyone learns from it. */
static bool arrange(Data *data, const Words *words, Status *status) {
    enum { COPIES_MAX = 100000 };
    int copies = 1, sorted = 0;
    return read_count(words, KEY_COPIES, 1, COPIES_MAX, &copies, status) &&
           read_count(words, KEY_SORTED, 0, 1, &sorted, status) &&
           dataset_copy_training(data->dataset, (size_t)copies, &data->split, status) &&
           (!sorted || dataset_sort(data->dataset, data->split.training, status));
}

static bool open_words(Data *data, const Words *words, uint64_t seed, Status *status) {
    const GeneratorRow *generator = generator_find(words->name);
    const ShippedRow *shipped = find_shipped(words->name);
    SplitShares shares;
    int own_seed = -1;
    if (!read_shares(words, &shares, status) || !read_count(words, KEY_SEED, 0, INT_MAX, &own_seed, status))
        return false;
    if (own_seed >= 0) seed = (uint64_t)own_seed;
    bool good = generator        ? open_generator(data, generator, words, seed, status)
                : shipped        ? open_shipped(data, shipped, words, status)
                : is_path(words) ? open_path(data, words, status)
                                 : fail_unknown(words->name, status);
    if (!good) return false;
    const Dataset *dataset = data->dataset;
    if (dataset->n_test > 0 && words->values[KEY_TEST])
        return status_fail(status, STATUS_BAD_INPUT,
            "%.100s has a test set of its own; test means nothing to it", words->name);
    bool standardised = dataset->features && !generator && !dataset->width;
    int wanted = standardised;
    if (!read_count(words, KEY_STANDARDISE, 0, 1, &wanted, status)) return false;
    if (!dataset_split(data->dataset, shares, seed, &data->split, status))
        return status_prefix(status, "%.100s", words->name);
    return (!wanted || dataset_standardise(data->dataset, data->split.training, status)) &&
           arrange(data, words, status);
}

bool data_open_in(Data *data, const char *folder, const char *text, uint64_t seed, Status *status) {
    *data = (Data){0};
    Words words;
    bool good = read_words(&words, text, folder, status) && open_words(data, &words, seed, status);
    free(words.copy);
    free(words.path);
    if (!good) data_finish(data);
    return good;
}

bool data_open(Data *data, const char *text, uint64_t seed, Status *status) {
    return data_open_in(data, NULL, text, seed, status);
}

void data_finish(Data *data) {
    dataset_destroy(data->dataset);
    generator_destroy(data->generator);
    *data = (Data){0};
}
