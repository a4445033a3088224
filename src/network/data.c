/* From the words of --data to data. Reading, making and splitting them is left to the modules for that. */
#include "data.h"

#include "bytes.h"
#include "csv.h"
#include "data_words.h"
#include "embedded_data.h"
#include "idx.h"
#include "names.h"
#include "text.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 1024 };

const SplitShares data_shares_usual = {.test = 0.15, .validation = 0.15};

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
    "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"};
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

/* Nothing but what is put there by hand. */
static const DataRow canvas = {
    "points", "an empty plane, for points by hand (--points)", "classes, validation"};

int data_count(void) {
    return generator_count + SHIPPED_COUNT + 1;
}

DataRow data_row(int i) {
#define KEYS "seed, validation, test, standardise, copies, sorted"
    assert(i >= 0 && i < data_count());
    if (i == generator_count + SHIPPED_COUNT) return canvas;
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

/* Generators. */

static bool open_generator(
    Data *data, const GeneratorRow *row, const DataWords *words, uint64_t seed, Status *status) {
    enum { N_MAX = 10000000 };
    GeneratorSpec spec = generator_defaults(row);
    unsigned meant = KEYS_COMMON | 1 << KEY_N | 1 << KEY_NOISE;
    if (row->n_classes_max > row->n_classes) meant |= 1 << KEY_CLASSES;
    if (row->turns > 0) meant |= 1 << KEY_TURNS;
    if (!row->curve) meant |= 1 << KEY_RARE;
    int n = DATA_MADE_USUAL;
    if (!data_words_check(words, meant, status) || !data_words_count(words, KEY_N, 1, N_MAX, &n, status) ||
        !data_words_count(words, KEY_CLASSES, 2, row->n_classes_max, &spec.n_classes, status) ||
        !data_words_number(words, KEY_NOISE, 0, 1e6, &spec.noise, "0 to 1e6", status) ||
        !data_words_number(words, KEY_TURNS, 1e-3, 100, &spec.turns, "0.001 to 100", status) ||
        !data_words_share(words, KEY_RARE, &spec.rare, status))
        return false;
    data->generator = generator_create(&spec, status);
    if (!data->generator) return false;
    data->dataset = generator_dataset(data->generator, (size_t)n, seed, status);
    return data->dataset != NULL;
}

static bool open_canvas(Data *data, const DataWords *words, Status *status) {
    enum { CLASSES_USUAL = 2, CLASSES_MAX = 100 };
    int n_classes = CLASSES_USUAL;
    data->is_canvas = true;
    if (!data_words_check(words, 1 << KEY_CLASSES | 1 << KEY_VALIDATION, status) ||
        !data_words_count(words, KEY_CLASSES, 2, CLASSES_MAX, &n_classes, status))
        return false;
    data->dataset = dataset_create(0, 2, n_classes, false, status);
    return data->dataset != NULL;
}

/* Files. */

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool open_csv(Data *data, const DataWords *words, Status *status) {
    const char *label = words->values[KEY_LABEL], *target = words->values[KEY_TARGET];
    Bytes bytes;
    if (!data_words_check(words, KEYS_COMMON | 1 << KEY_LABEL | 1 << KEY_TARGET, status)) return false;
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

static bool open_idx(Data *data, const DataWords *words, int n_classes, Status *status) {
    const char *labels = words->values[KEY_LABELS];
    if (!labels)
        return status_fail(
            status, STATUS_BAD_INPUT, "%.100s: say where its labels are, with labels=FILE", words->name);
    OpenFiles files = {0};
    if (!data_words_check_inside(words, labels, status)) return false;
    char *labels_path = data_words_path(words, labels);
    const int lengths[] = {snprintf(files.images_path, PATH_BYTES, "%s", words->path),
        snprintf(files.labels_path, PATH_BYTES, "%s", labels_path)};
    const bool fits = lengths[0] < PATH_BYTES && lengths[1] < PATH_BYTES;
    free(labels_path);
    if (!fits) return status_fail(status, STATUS_BAD_INPUT, "%.100s...: this path is too long", words->path);
    if (open_files(&files, status)) data->dataset = idx_read(&files.pair, NULL, n_classes, status);
    close_files(&files);
    return data->dataset != NULL;
}

static bool open_path(Data *data, const DataWords *words, Status *status) {
    struct stat found;
    int n_classes = 0;
    if (!data_words_check_inside(words, words->name, status)) return false;
    if (!data_words_count(words, KEY_CLASSES, 2, DATASET_CLASSES_MAX, &n_classes, status)) return false;
    bool folder = stat(words->path, &found) == 0 && S_ISDIR(found.st_mode);
    if (!folder && (ends_with(words->name, ".csv") || ends_with(words->name, ".csv.gz")))
        return open_csv(data, words, status);
    unsigned meant = KEYS_COMMON | 1 << KEY_CLASSES | (folder ? 0 : 1 << KEY_LABELS);
    if (!data_words_check(words, meant, status)) return false;
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

static bool open_shipped(Data *data, const ShippedRow *row, const DataWords *words, Status *status) {
    if (!data_words_check(words, KEYS_COMMON, status)) return false;
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

static bool is_path(const DataWords *words) {
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

/* As the training part will be copied; validation has no points by hand. */
static bool copy_origins(Data *data, size_t copies, Status *status) {
    const size_t n = data->split.training.n;
    int32_t *origins = malloc(copies * n * sizeof *origins);
    if (!origins) return status_fail(status, STATUS_FAILED, "out of memory");
    assert(!data->origins || data->n_origins == n);
    for (size_t i = 0; i < copies * n; i++)
        origins[i] = data->origins ? data->origins[i % n] : (int32_t)(i % n) + 1;
    free(data->origins);
    data->origins = origins;
    data->n_origins = copies * n;
    return true;
}

/* What becomes of the training part before anyone learns from it. */
static bool arrange(Data *data, const DataWords *words, Status *status) {
    enum { COPIES_MAX = 100000 };
    int copies = 1, sorted = 0;
    if (!data_words_count(words, KEY_COPIES, 1, COPIES_MAX, &copies, status) ||
        !data_words_count(words, KEY_SORTED, 0, 1, &sorted, status))
        return false;
    if (copies == 1 && !sorted) return true;
    return copy_origins(data, (size_t)copies, status) &&
           dataset_copy_training(data->dataset, (size_t)copies, &data->split, status) &&
           (!sorted || dataset_sort(data->dataset, data->split.training, data->origins, status));
}

/* Whether all inputs get the same weight: those of a file have any units. */
static bool standardise(Data *data, const DataWords *words, Status *status) {
    const Dataset *dataset = data->dataset;
    int wanted = dataset->features && !data->generator && !dataset->width;
    const size_t n_in = (size_t)dataset->n_in, in_plane = n_in < 2 ? n_in : 2;
    if (!data_words_count(words, KEY_STANDARDISE, 0, 1, &wanted, status)) return false;
    if (!wanted) return true;
    if (!dataset_standardise(data->dataset, data->split.training, status)) return false;
    for (size_t j = 0; j < in_plane; j++) {
        data->scale.shift[j] = data->dataset->means[j];
        data->scale.scale[j] = 1 / data->dataset->units[j];
    }
    return true;
}

static bool has_points(const HandPoints *points) {
    return points && points->n > 0;
}

/* Of inputs in the plane, or of an input and its target. */
static void measure_extent(Data *data) {
    const Dataset *dataset = data->dataset;
    double *extent = data->extent;
    const size_t n = data->split.training.n + data->split.validation.n;
    const bool plane = dataset->n_in == 2;
    if (!plane && (dataset->n_in != 1 || !dataset->targets)) return;
    extent[0] = extent[2] = INFINITY;
    extent[1] = extent[3] = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        const double x = dataset->inputs[plane ? 2 * i : i];
        const double y = plane ? dataset->inputs[2 * i + 1] : dataset->targets[i * (size_t)dataset->n_out];
        extent[0] = fmin(extent[0], x);
        extent[1] = fmax(extent[1], x);
        extent[2] = fmin(extent[2], y);
        extent[3] = fmax(extent[3], y);
    }
}

static bool join(Data *data, const HandPoints *points, double validation, Status *status) {
    const size_t most = data->split.training.n + (size_t)points->n, validated = data->split.validation.n;
    data->by_hand = hand_points_fingerprint(points);
    data->origins = malloc(most * sizeof *data->origins);
    if (!data->origins) return status_fail(status, STATUS_FAILED, "out of memory");
    bool good = hand_points_join(
        points, data->dataset, &data->split, &data->scale, validation, data->origins, status);
    data->n_origins = data->split.training.n + data->split.validation.n - validated;
    return good;
}

/* Without points there is one example that stands for none: a network has to be of something. */
static bool fill_canvas(Data *data, const DataWords *words, const HandPoints *points, Status *status) {
    static const double CANVAS[4] = {-1, 1, -1, 1};
    SplitShares shares = {0};
    memcpy(data->extent, CANVAS, sizeof CANVAS);
    if (!data_words_share(words, KEY_VALIDATION, &shares.validation, status)) return false;
    if (has_points(points)) return join(data, points, shares.validation, status);
    data->is_blank = true;
    data->split.training = (Part){0, 1};
    data->split.validation = data->split.test = (Part){1, 0};
    if (!dataset_resize(data->dataset, 1, status)) return false;
    data->dataset->inputs[0] = data->dataset->inputs[1] = 0;
    data->dataset->labels[0] = 0;
    return true;
}

static bool split_and_join(Data *data, const DataWords *words, const HandPoints *points, SplitShares shares,
    uint64_t seed, Status *status) {
    if (data->is_canvas) return fill_canvas(data, words, points, status);
    if (data->dataset->n_test > 0 && words->values[KEY_TEST])
        return status_fail(status, STATUS_BAD_INPUT,
            "%.100s has a test set of its own; test means nothing to it", words->name);
    if (!dataset_split(data->dataset, shares, seed, &data->split, status))
        return status_prefix(status, "%.100s", words->name);
    double white = 0; /* pixels of a file have any units, as all its columns */
    const bool may_be_images = !data->generator && !data->dataset->width;
    const int side = may_be_images ? dataset_find_pixels(data->dataset, &white) : 0;
    if (!standardise(data, words, status)) return false;
    if (side > 0) {
        data->dataset->width = data->dataset->height = side;
        data->dataset->white = white;
    }
    measure_extent(data);
    return (!has_points(points) || join(data, points, 0, status)) && arrange(data, words, status);
}

static bool read_shares(const DataWords *words, SplitShares *shares, Status *status) {
    *shares = data_shares_usual;
    return data_words_share(words, KEY_VALIDATION, &shares->validation, status) &&
           data_words_share(words, KEY_TEST, &shares->test, status);
}

static bool open_words(
    Data *data, const DataWords *words, const HandPoints *points, uint64_t seed, Status *status) {
    const GeneratorRow *generator = generator_find(words->name);
    const ShippedRow *shipped = find_shipped(words->name);
    SplitShares shares;
    int own_seed = -1;
    if (!read_shares(words, &shares, status) ||
        !data_words_count(words, KEY_SEED, 0, INT_MAX, &own_seed, status))
        return false;
    if (own_seed >= 0) seed = (uint64_t)own_seed;
    bool good = generator                               ? open_generator(data, generator, words, seed, status)
                : shipped                               ? open_shipped(data, shipped, words, status)
                : strcmp(words->name, canvas.name) == 0 ? open_canvas(data, words, status)
                : is_path(words)                        ? open_path(data, words, status)
                                                        : fail_unknown(words->name, status);
    return good && split_and_join(data, words, points, shares, seed, status);
}

bool data_open_in(Data *data, const char *folder, const char *text, const HandPoints *points, uint64_t seed,
    Status *status) {
    *data = (Data){.scale = {.scale = {1, 1}}};
    DataWords words;
    bool good =
        data_words_read(&words, text, folder, status) && open_words(data, &words, points, seed, status);
    data_words_finish(&words);
    if (!good) data_finish(data);
    return good;
}

bool data_open(Data *data, const char *text, uint64_t seed, Status *status) {
    return data_open_in(data, NULL, text, NULL, seed, status);
}

bool data_is_canvas(const char *text) {
    const size_t length = strlen(canvas.name);
    return strncmp(text, canvas.name, length) == 0 && strchr(":", text[length]);
}

int data_origin(const Data *data, size_t example) {
    if (data->is_blank) return 0;
    if (data->origins) return example < data->n_origins ? data->origins[example] : 0;
    return example < data->split.training.n ? (int)example + 1 : 0;
}

void data_finish(Data *data) {
    dataset_destroy(data->dataset);
    generator_destroy(data->generator);
    free(data->origins);
    *data = (Data){0};
}
