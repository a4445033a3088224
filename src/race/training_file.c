/* A training in a file: what it is a training of, in words; every number that its rest depends on; a
 * checksum. Numbers are as this machine has them, which the file says and a reader checks. */
#include "training_inner.h"

#include "bytes.h"
#include "file.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

static const char magic[] = "slalom training\n";
enum { MAGIC = sizeof magic - 1, VERSION = 1, NATIVE = 0x01020304 };

/* In front of everything. */
typedef struct Head {
    uint32_t version, native;
    uint64_t words; /* bytes of the description */
} Head;

/* What it is a training of. */

static void append_setting(Text *out, const char *name, double value) {
    char number[32];
    text_format_number(number, sizeof number, value);
    text_append(out, "%s\t%s\n", name, number);
}

static void append_racer(Text *out, const RacerSpec *spec) {
    text_append(out, "racer\t%s %s schedule %s warmup %g", spec->label, spec->optimizer->name,
        spec->schedule.text, spec->schedule.warmup);
    for (int i = 0; i < spec->schedule.n_settings; i++)
        text_append(out, " %s %.17g", spec->schedule.settings[i].name, spec->schedule.settings[i].value);
    for (int i = 0; i < optimizer_parameter_count(spec->optimizer); i++)
        text_append(out, " %.17g", spec->values[i]);
    for (int i = 0; i < DEVICE_COUNT; i++) text_append(out, " %.17g", spec->devices[i]);
    for (int i = 0; i < spec->n_changes; i++) {
        text_append(out, " from %" PRId64, spec->changes[i].step);
        for (int j = 0; j < optimizer_parameter_count(spec->optimizer); j++)
            text_append(out, " %.17g", spec->changes[i].values[j]);
    }
    text_append(out, "\n");
}

/* A line for each thing; how long the training is may differ. */
static void describe(const Training *training, Text *out) {
    const TrainingSpec *spec = &training->spec;
    text_append(out, "network\t");
    for (int i = 0; i <= spec->network.n_layers; i++)
        text_append(out, "%s%d", i ? "-" : "", spec->network.sizes[i]);
    text_append(out, "\nactivation\t%s\nloss\t%s\ninitialisation\t%s %.17g %.17g\ndata\t%s\n",
        spec->network.activation->name, spec->network.loss->name, spec->init.row->name, spec->init.value,
        spec->init.bias, spec->data_text);
    if (training->data->by_hand)
        text_append(out, "points by hand\t%016" PRIx64 "\n", training->data->by_hand);
    text_append(out, "sampling\t%s\n", sampling_table[spec->sampling.kind].name);
    append_setting(out, "batch", (double)spec->sampling.batch);
    append_setting(out, "examples", (double)training->data->split.training.n);
    append_setting(out, "seed", (double)spec->seed);
    append_setting(out, "steps from row to row", (double)training->every);
    append_setting(out, "l2", spec->network.l2);
    append_setting(out, "l1", spec->network.l1);
    append_setting(out, "dropout", spec->network.dropout);
    append_setting(out, "label noise", spec->network.label_noise);
    append_setting(out, "precision", spec->network.precision == PRECISION_F32 ? 32 : 64);
    append_setting(out, "stopping", spec->stop);
    append_setting(out, "patience", spec->patience);
    append_setting(out, "number of racers", spec->n_racers);
    for (int i = 0; i < spec->n_racers; i++) append_racer(out, race_spec(training->race, i));
}

/* Every number. */

static void visit_vec(const Vec *vec, StateVisit *visit, void *context) {
    visit(context, vec->data, vec->n * precision_bytes(vec->precision));
}

static void visit_report(TrainingReport *report, StateVisit *visit, void *context) {
    int32_t status = (int32_t)report->status;
    visit(context, &report->step, sizeof report->step);
    visit(context, &report->epoch, sizeof report->epoch);
    visit(context, &report->examples, sizeof report->examples);
    visit(context, &report->training, sizeof report->training);
    visit(context, &report->validation, sizeof report->validation);
    visit(context, &report->grad_norm, sizeof report->grad_norm);
    visit(context, &report->lr, sizeof report->lr);
    visit(context, &status, sizeof status);
    report->status = (TrainingStatus)status;
}

static void visit_runner(Runner *runner, StateVisit *visit, void *context) {
    int32_t status = (int32_t)runner->status;
    visit(context, &status, sizeof status);
    visit(context, &runner->since_best, sizeof runner->since_best);
    runner->status = (TrainingStatus)status;
    visit_report(&runner->report, visit, context);
    visit_report(&runner->best, visit, context);
    if (runner->best_weights.data) visit_vec(&runner->best_weights, visit, context);
}

/* False where the race says so; `order` is hardest-first's, or NULL. */
static bool visit_all(
    Training *training, uint64_t *epoch, uint32_t *order, StateVisit *visit, void *context) {
    visit(context, &training->reported, sizeof training->reported);
    visit(context, epoch, sizeof *epoch);
    if (order) visit(context, order, training->data->split.training.n * sizeof *order);
    for (int i = 0; i < training->spec.n_racers; i++) visit_runner(&training->runners[i], visit, context);
    return race_visit(training->race, visit, context);
}

/* A copy of hardest-first's order to visit; *order is NULL for another sampling. */
static bool copy_order(const Training *training, uint64_t *epoch, uint32_t **order, Status *status) {
    size_t n = 0;
    const uint32_t *kept = sampler_order(training->sampler, epoch, &n);
    *order = NULL;
    if (!kept) return true;
    *order = calloc(n, sizeof **order);
    if (!*order) return status_fail(status, STATUS_FAILED, "out of memory");
    if (*epoch != UINT64_MAX) memcpy(*order, kept, n * sizeof **order);
    return true;
}

/* Writing. */

typedef struct Sink {
    FILE *file;
    uLong checksum;
} Sink;

static void write_bytes(void *context, void *bytes, size_t size) {
    Sink *sink = context;
    fwrite(bytes, 1, size, sink->file);
    for (size_t at = 0; at < size;) { /* zlib counts in a smaller type */
        size_t some = size - at < (1U << 30) ? size - at : 1U << 30;
        sink->checksum = crc32(sink->checksum, (const Bytef *)bytes + at, (uInt)some);
        at += some;
    }
}

static bool fail_unkept(const Training *training, Status *status) {
    for (int i = 0; i < training->spec.n_racers; i++) {
        const Optimizer *optimizer = race_spec(training->race, i)->optimizer;
        if (optimizer->method && !optimizer->method->place)
            return status_fail(
                status, STATUS_BAD_INPUT, "%s cannot be kept in a file of a training", optimizer->name);
    }
    return true;
}

bool training_save(Training *training, const char *path, Status *status) {
    Output output;
    Text words = {0};
    uint64_t epoch = 0;
    uint32_t *order;
    if (!fail_unkept(training, status) || !copy_order(training, &epoch, &order, status)) return false;
    if (!output_open(&output, path, status)) {
        free(order);
        return false;
    }
    Sink sink = {.file = output.file, .checksum = crc32(0, NULL, 0)};
    describe(training, &words);
    Head head = {.version = VERSION, .native = NATIVE, .words = words.length};
    char begin[MAGIC];
    memcpy(begin, magic, MAGIC);
    write_bytes(&sink, begin, MAGIC);
    write_bytes(&sink, &head, sizeof head);
    write_bytes(&sink, words.bytes, words.length);
    visit_all(training, &epoch, order, write_bytes, &sink);
    uint32_t checksum = (uint32_t)sink.checksum;
    fwrite(&checksum, 1, sizeof checksum, output.file);
    text_finish(&words);
    free(order);
    return output_commit(&output, status);
}

/* Reading. */

static void count_bytes(void *context, void *bytes, size_t size) {
    (void)bytes;
    *(size_t *)context += size;
}

static void read_bytes(void *context, void *bytes, size_t size) {
    const uint8_t **at = context;
    memcpy(bytes, *at, size);
    *at += size;
}

static bool check_head(const Bytes *bytes, const char *path, Status *status) {
    Head head;
    if (bytes->size < MAGIC || memcmp(bytes->data, magic, MAGIC) != 0)
        return status_fail(status, STATUS_BAD_INPUT, "%s: is not a training that slalom has kept", path);
    if (bytes->size < MAGIC + sizeof head + sizeof(uint32_t))
        return status_fail(status, STATUS_BAD_INPUT, "%s: ends early", path);
    memcpy(&head, bytes->data + MAGIC, sizeof head);
    if (head.native != NATIVE)
        return status_fail(status, STATUS_BAD_INPUT, "%s: was kept by another kind of machine", path);
    if (head.version != VERSION)
        return status_fail(status, STATUS_BAD_INPUT,
            "%s: is of version %" PRIu32 "; this is slalom's version %d", path, head.version, VERSION);
    uint32_t kept, checksum = (uint32_t)crc32(0, NULL, 0);
    size_t size = bytes->size - sizeof kept;
    memcpy(&kept, bytes->data + size, sizeof kept);
    checksum = (uint32_t)crc32(checksum, bytes->data, (uInt)size);
    if (kept != checksum || head.words > size - MAGIC - sizeof head)
        return status_fail(status, STATUS_BAD_INPUT, "%s: is damaged or not whole", path);
    return true;
}

static int line_length(const char *text, const char *end) {
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    return (int)((newline ? newline : end) - text);
}

/* Names the first line in which two descriptions differ. */
static bool fail_difference(
    const char *path, const char *theirs, const char *their_end, const char *ours, Status *status) {
    const char *our_end = ours + strlen(ours);
    for (;;) {
        int a = line_length(theirs, their_end), b = line_length(ours, our_end);
        if (a != b || memcmp(theirs, ours, (size_t)a) != 0) {
            const char *tab = memchr(ours, '\t', (size_t)b), *their_tab = memchr(theirs, '\t', (size_t)a);
            int name = tab ? (int)(tab - ours) : b, their_name = their_tab ? (int)(their_tab - theirs) : a;
            bool same = name == their_name && memcmp(theirs, ours, (size_t)name) == 0;
            if (!same || name >= a || name >= b) break;
            enum { SHOWN = 200 };
            int c = a - name - 1 < SHOWN ? a - name - 1 : SHOWN,
                d = b - name - 1 < SHOWN ? b - name - 1 : SHOWN;
            status_fail(status, STATUS_BAD_INPUT, "%s: is of another training: its %.*s is %.*s, not %.*s",
                path, name, ours, c, theirs + name + 1, d, ours + name + 1);
            text_make_printable(status->message);
            return false;
        }
        theirs += a;
        ours += b;
        if (theirs == their_end || ours == our_end) break;
        theirs++;
        ours++;
    }
    return status_fail(status, STATUS_BAD_INPUT, "%s: is of another training", path);
}

static bool is_status(TrainingStatus status) {
    return (int)status >= 0 && status <= TRAINING_DIVERGED;
}

/* Whether numbers that index something can be believed. */
static bool is_sound(const Training *training, const uint32_t *order, uint64_t epoch) {
    const int64_t done = race_steps_done(training->race);
    bool sound = training->reported >= -1 && training->reported <= training->n_steps;
    for (size_t i = 0; order && i < training->data->split.training.n; i++)
        sound = sound && order[i] < training->data->split.training.n;
    for (int i = 0; i < training->spec.n_racers; i++) {
        const Runner *runner = &training->runners[i];
        sound = sound && is_status(runner->status) && is_status(runner->report.status) &&
                is_status(runner->best.status);
    }
    /* Hardest-first has ranked the epoch that is under way. */
    if (order && training->reported >= 0) sound = sound && (uint64_t)(done / training->epoch_steps) == epoch;
    return sound;
}

/* What follows from the numbers. */
static void settle(Training *training, const uint32_t *order, uint64_t epoch) {
    static const char *const reasons[] = {
        "", "validation no longer got better", "it diverged before the training was gone on with"};
    if (order && epoch != UINT64_MAX) sampler_set_order(training->sampler, epoch, order);
    for (int i = 0; i < training->spec.n_racers; i++) {
        Runner *runner = &training->runners[i];
        runner->reason = runner->report.reason = reasons[runner->status];
        runner->best.reason = "";
    }
    training->resumed = race_steps_done(training->race);
}

static bool read_all(Training *training, const Bytes *bytes, const char *path, Status *status) {
    Text words = {0};
    Head head;
    uint64_t epoch = 0;
    uint32_t *order;
    memcpy(&head, bytes->data + MAGIC, sizeof head);
    const char *theirs = (const char *)bytes->data + MAGIC + sizeof head;
    describe(training, &words);
    bool same = head.words == words.length && memcmp(theirs, words.bytes, words.length) == 0;
    if (!same) fail_difference(path, theirs, theirs + head.words, words.bytes, status);
    text_finish(&words);
    if (!same || !fail_unkept(training, status) || !copy_order(training, &epoch, &order, status))
        return false;
    size_t expected = MAGIC + sizeof head + head.words + sizeof(uint32_t);
    visit_all(training, &epoch, order, count_bytes, &expected);
    const uint8_t *at = (const uint8_t *)theirs + head.words;
    bool good = expected == bytes->size;
    good = good && visit_all(training, &epoch, order, read_bytes, &at) && is_sound(training, order, epoch);
    if (good)
        settle(training, order, epoch);
    else
        status_fail(status, STATUS_BAD_INPUT,
            "%s: does not fit this training; is it already longer than the %" PRId64 " steps of this one?",
            path, training->n_steps);
    free(order);
    return good;
}

bool training_resume(Training *training, const char *path, Status *status) {
    Bytes bytes;
    if (!bytes_load(&bytes, path, status)) return false;
    bool good = check_head(&bytes, path, status) && read_all(training, &bytes, path, status);
    bytes_finish(&bytes);
    return good;
}
