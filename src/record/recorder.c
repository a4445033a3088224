/* A bounded queue of pictures between a window and an encoder. */
#include "recorder.h"

#include "encoder.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FPS = 30, QUEUE = 20 };

/* Memory for a picture. */
typedef struct Sheet {
    uint32_t *pixels; /* owned; NULL: not yet */
    size_t room;      /* pixels that fit */
} Sheet;

/* A picture, and the frame from which on it is shown. */
typedef struct Shown {
    Sheet sheet;
    int width, height;
    int64_t frame;
} Shown;

struct Recorder {
    const FilmKind *kind;
    Encoder *encoder;
    int width, height;
    double began_s;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    Shown queue[QUEUE];
    int first, n;          /* of the queue */
    Sheet spare[QUEUE];    /* a stack: what was used last is used next */
    int n_spare, n_sheets; /* sheets in all: spare, in the queue, and one that is being copied into */
    int64_t last_frame;    /* of the picture that was added last; -1: none */
    int64_t late;
    int64_t end; /* frames in all; -1: it goes on */
    atomic_bool done;
    bool whole; /* of the thread, read after its end: */
    Status status;
    uint32_t *fitted; /* owned: a picture of the film's size */
    uint8_t *frame;   /* owned */
};

double recorder_frame_s(void) {
    return 1.0 / FPS;
}

/* The mean of a box of pixels. */
static uint32_t mean(const Shown *from, int x0, int y0, int x1, int y1) {
    uint32_t sum[3] = {0, 0, 0}, n = 0;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++, n++)
            for (int c = 0; c < 3; c++)
                sum[c] += from->sheet.pixels[(size_t)y * (size_t)from->width + (size_t)x] >> (8 * c) & 0xff;
    return (sum[0] / n) | (sum[1] / n) << 8 | (sum[2] / n) << 16;
}

/* In the middle of the film's picture, shrunk as far as it must be. */
static const uint32_t *fit(Recorder *recorder, const Shown *shown) {
    if (shown->width == recorder->width && shown->height == recorder->height) return shown->sheet.pixels;
    double scale =
        fmin(1, fmin((double)recorder->width / shown->width, (double)recorder->height / shown->height));
    const int width = (int)fmax(floor(shown->width * scale), 1),
              height = (int)fmax(floor(shown->height * scale), 1);
    const int left = (recorder->width - width) / 2, top = (recorder->height - height) / 2;
    memset(
        recorder->fitted, 0, (size_t)recorder->width * (size_t)recorder->height * sizeof *recorder->fitted);
    for (int y = 0; y < height; y++) {
        const int y0 = (int)((int64_t)y * shown->height / height),
                  y1 = (int)((int64_t)(y + 1) * shown->height / height);
        uint32_t *row = recorder->fitted + (size_t)(top + y) * (size_t)recorder->width + left;
        for (int x = 0; x < width; x++) {
            const int x0 = (int)((int64_t)x * shown->width / width),
                      x1 = (int)((int64_t)(x + 1) * shown->width / width);
            row[x] = mean(shown, x0, y0, x1, y1);
        }
    }
    return recorder->fitted;
}

/* Shows the picture that there is up to a frame. */
static bool write_until(Recorder *recorder, int64_t frame) {
    while (encoder_frames(recorder->encoder) < frame)
        if (!encoder_write(recorder->encoder, recorder->frame)) return false;
    return true;
}

/* The first of the queue, which nobody else touches while it stands there. False where the film has ended. */
static bool wait_for_picture(Recorder *recorder) {
    pthread_mutex_lock(&recorder->mutex);
    while (recorder->n == 0 && recorder->end < 0) pthread_cond_wait(&recorder->news, &recorder->mutex);
    bool there = recorder->n > 0;
    pthread_mutex_unlock(&recorder->mutex);
    return there;
}

static void drop_picture(Recorder *recorder) {
    pthread_mutex_lock(&recorder->mutex);
    recorder->spare[recorder->n_spare++] = recorder->queue[recorder->first].sheet;
    recorder->first = (recorder->first + 1) % QUEUE;
    recorder->n--;
    pthread_mutex_unlock(&recorder->mutex);
}

/* Memory is slow at its first use, and while the encoder starts the queue fills: here it is used for the
 * first time by the thread that has time. */
static void warm_sheets(Recorder *recorder) {
    const size_t n = (size_t)recorder->width * (size_t)recorder->height;
    for (bool wanted = true; wanted;) {
        pthread_mutex_lock(&recorder->mutex);
        wanted = recorder->n_sheets < QUEUE;
        recorder->n_sheets += wanted;
        pthread_mutex_unlock(&recorder->mutex);
        if (!wanted) break;
        Sheet sheet = {malloc(n * sizeof *sheet.pixels), n};
        if (sheet.pixels) memset(sheet.pixels, UINT8_MAX, n * sizeof *sheet.pixels);
        if (!sheet.pixels) sheet.room = 0;
        pthread_mutex_lock(&recorder->mutex);
        recorder->spare[recorder->n_spare++] = sheet;
        pthread_mutex_unlock(&recorder->mutex);
    }
}

static void *write_film(void *argument) {
    Recorder *recorder = argument;
    bool good = true, any = false;
    warm_sheets(recorder);
    while (good && wait_for_picture(recorder)) {
        const Shown *shown = &recorder->queue[recorder->first];
        good = !any || write_until(recorder, shown->frame);
        film_frame(recorder->kind, fit(recorder, shown), recorder->width, recorder->height, recorder->frame);
        any = true;
        drop_picture(recorder);
    }
    if (good && any) good = write_until(recorder, recorder->end);
    recorder->whole = encoder_close(recorder->encoder, good && any, &recorder->status);
    atomic_store(&recorder->done, true);
    return NULL;
}

static void forget(Recorder *recorder) {
    for (int i = 0; i < recorder->n; i++) free(recorder->queue[(recorder->first + i) % QUEUE].sheet.pixels);
    for (int i = 0; i < recorder->n_spare; i++) free(recorder->spare[i].pixels);
    free(recorder->fitted);
    free(recorder->frame);
    pthread_cond_destroy(&recorder->news);
    pthread_mutex_destroy(&recorder->mutex);
    free(recorder);
}

static bool begin(Recorder *recorder, const char *path, Status *status) {
    const size_t n = (size_t)recorder->width * (size_t)recorder->height;
    recorder->fitted = malloc(n * sizeof *recorder->fitted);
    recorder->frame = malloc(film_frame_bytes(recorder->kind, recorder->width, recorder->height));
    if (!recorder->fitted || !recorder->frame)
        return status_fail(status, STATUS_FAILED, "out of memory for a film");
    if (!film_kind_check(recorder->kind, recorder->width, recorder->height, FPS, status)) return false;
    recorder->encoder =
        encoder_open(recorder->kind, path, recorder->width, recorder->height, FPS, true, NULL, 0, status);
    if (!recorder->encoder) return false;
    if (pthread_create(&recorder->thread, NULL, write_film, recorder) == 0) return true;
    status_fail(status, STATUS_FAILED, "%s: no thread can be started", path);
    encoder_close(recorder->encoder, false, status);
    return false;
}

Recorder *recorder_start(const char *path, int width_px, int height_px, double now_s, Status *status) {
    Recorder *recorder = calloc(1, sizeof *recorder);
    if (!recorder) {
        status_fail(status, STATUS_FAILED, "out of memory for a film");
        return NULL;
    }
    recorder->kind = film_kind_of(path);
    recorder->width = width_px;
    recorder->height = height_px;
    recorder->began_s = now_s;
    recorder->last_frame = recorder->end = -1;
    recorder->status = status_ok();
    pthread_mutex_init(&recorder->mutex, NULL);
    pthread_cond_init(&recorder->news, NULL);
    if (begin(recorder, path, status)) return recorder;
    forget(recorder);
    return NULL;
}

/* The frame that is on at a time. */
static int64_t frame_at(const Recorder *recorder, double now_s) {
    return (int64_t)floor((now_s - recorder->began_s) * FPS + 1e-6);
}

/* False where there is no memory for it. */
static bool copy_picture(Sheet *sheet, const uint32_t *pixels, size_t n) {
    if (n > sheet->room) { /* the first use, or the window has grown */
        uint32_t *more = realloc(sheet->pixels, n * sizeof *more);
        if (!more) return false;
        *sheet = (Sheet){more, n};
    }
    memcpy(sheet->pixels, pixels, n * sizeof *pixels);
    return true;
}

/* Memory for one more picture; false where the queue is full. */
static bool take_sheet(Recorder *recorder, Sheet *sheet) {
    *sheet = (Sheet){0};
    pthread_mutex_lock(&recorder->mutex);
    const bool there = recorder->n_spare > 0 || recorder->n_sheets < QUEUE;
    if (recorder->n_spare > 0)
        *sheet = recorder->spare[--recorder->n_spare];
    else
        recorder->n_sheets += there;
    pthread_mutex_unlock(&recorder->mutex);
    return there;
}

bool recorder_add(Recorder *recorder, const uint32_t *pixels, int width_px, int height_px, double now_s) {
    const int64_t frame = frame_at(recorder, now_s);
    if (frame <= recorder->last_frame || recorder->end >= 0) return recorder->end >= 0;
    Sheet sheet;
    if (!take_sheet(recorder, &sheet)) {
        recorder->late++;
        return false;
    }
    const bool copied = copy_picture(&sheet, pixels, (size_t)width_px * (size_t)height_px);
    const Shown shown = {sheet, width_px, height_px, recorder->last_frame < 0 ? 0 : frame};
    if (copied) recorder->last_frame = frame;
    pthread_mutex_lock(&recorder->mutex);
    if (copied)
        recorder->queue[(recorder->first + recorder->n++) % QUEUE] = shown;
    else
        recorder->spare[recorder->n_spare++] = sheet;
    pthread_cond_signal(&recorder->news);
    pthread_mutex_unlock(&recorder->mutex);
    return copied;
}

void recorder_end(Recorder *recorder, double now_s) {
    if (recorder->end >= 0) return;
    const int64_t end = frame_at(recorder, now_s);
    pthread_mutex_lock(&recorder->mutex);
    /* The last picture is seen for a frame at least. */
    recorder->end = end > recorder->last_frame ? end : recorder->last_frame + 1;
    pthread_cond_signal(&recorder->news);
    pthread_mutex_unlock(&recorder->mutex);
}

bool recorder_is_done(const Recorder *recorder) {
    return atomic_load(&recorder->done);
}

bool recorder_finish(Recorder *recorder, int64_t *late, Status *status) {
    recorder_end(recorder, recorder->began_s + (double)(recorder->last_frame + 1) / FPS);
    pthread_join(recorder->thread, NULL);
    if (late) *late = recorder->late;
    bool whole = recorder->whole;
    if (!whole) *status = recorder->status;
    forget(recorder);
    return whole;
}
