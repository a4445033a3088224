/* What ffmpeg is asked for, the names that a film has before and after, and what is told where it fails.
 * Frames come from others, ready-made. */
#include "encoder.h"

#include "process.h"
#include "text.h"
#include "yuv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* A film's largest picture: what H.264's highest level takes, and a processor's memory, for encoders look at
 * dozens of frames at a time. */
static const double PIXELS_MAX = 139264.0 * 16 * 16;

/* What a player must know about the numbers in yuv.h, for both sides of ffmpeg. */
#define COLOURS                                                                                              \
    "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"
/* Each second stands for itself: what was written can be played whatever happens afterwards. */
#define FRAGMENTS                                                                                            \
    "-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "1000000",                 \
        "-flush_packets", "1"

static const char *const colours[] = {COLOURS, NULL};
static const char *const mp4[] = {
    "-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p", COLOURS, FRAGMENTS, NULL};
static const char *const mp4_live[] = {
    "-c:v", "libx264", "-preset", "superfast", "-crf", "18", "-pix_fmt", "yuv420p", COLOURS, FRAGMENTS, NULL};
static const char *const webm[] = {"-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-deadline", "good",
    "-cpu-used", "4", "-row-mt", "1", "-tile-columns", "2", "-pix_fmt", "yuv420p", COLOURS,
    "-cluster_time_limit", "1000", NULL};
static const char *const gif[] = {"-filter_complex",
    "[0:v][1:v]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle", "-loop", "0", NULL};
static const char *const palette[] = {
    "-vf", "palettegen=reserve_transparent=0", "-frames:v", "1", "-c:v", "png", NULL};

static const FilmKind kinds[] = {
    {.ending = "mp4",
        .muxer = "mp4",
        .takes_yuv = true,
        .arguments = mp4,
        .live = mp4_live,
        .mark = "moof",
        .fps = 30,
        .fps_max = 240},
    {.ending = "webm",
        .muxer = "webm",
        .takes_yuv = true,
        .arguments = webm,
        .mark = "\x1f\x43\xb6\x75",
        .fps = 30,
        .fps_max = 240},
    /* A GIF counts in hundredths of a second, and browsers slow down what shows a frame for one of them. */
    {.ending = "gif",
        .muxer = "gif",
        .has_palette = true,
        .arguments = gif,
        .mark = "\x21\xf9",
        .fps = 25,
        .fps_max = 50},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct Encoder {
    const FilmKind *kind;
    int width_px, height_px;
    double fps;
    Process *process;
    char *path, *partial, *palette; /* owned; partial: the name until the film is whole */
    int64_t frames;
};

const FilmKind *film_kind_of(const char *path) {
    const char *dot = strrchr(path, '.');
    for (int i = 0; dot && i < KINDS; i++)
        if (strcasecmp(dot + 1, kinds[i].ending) == 0) return &kinds[i];
    return NULL;
}

bool film_kind_check(const FilmKind *kind, int width_px, int height_px, double fps, Status *status) {
    if ((double)width_px * height_px > PIXELS_MAX)
        return status_fail(status, STATUS_BAD_INPUT,
            "%d x %d pixels are too many for a film; 8192x4320 is about the most. A sequence of pictures "
            "(--output frame-%%04d.png) takes any size",
            width_px, height_px);
    if (!(fps > 0) || fps > kind->fps_max)
        return status_fail(status, STATUS_BAD_INPUT, "a %s film has at most %g frames a second", kind->ending,
            kind->fps_max);
    return true;
}

size_t film_frame_bytes(const FilmKind *kind, int width_px, int height_px) {
    return kind->takes_yuv ? yuv_bytes(width_px, height_px) : 3 * (size_t)width_px * (size_t)height_px;
}

void film_frame(const FilmKind *kind, const uint32_t *pixels, int width_px, int height_px, uint8_t *out) {
    if (kind->takes_yuv) {
        yuv_convert(pixels, width_px, height_px, out);
        return;
    }
    const size_t n = (size_t)width_px * (size_t)height_px;
    for (size_t i = 0; i < n; i++) {
        out[3 * i] = (uint8_t)(pixels[i] >> 16);
        out[3 * i + 1] = (uint8_t)(pixels[i] >> 8);
        out[3 * i + 2] = (uint8_t)pixels[i];
    }
}

/* A command under construction. */
typedef struct Command {
    const char *words[64];
    int n;
    char size[32], fps[32];
    Text output;
} Command;

static void add(Command *command, const char *const *words) {
    for (; *words; words++) command->words[command->n++] = *words;
}

/* ffmpeg up to its input. */
static void begin_command(Command *command, const Encoder *encoder) {
    const FilmKind *kind = encoder->kind;
    *command = (Command){.n = 0};
    const int width = kind->takes_yuv ? yuv_side(encoder->width_px) : encoder->width_px;
    const int height = kind->takes_yuv ? yuv_side(encoder->height_px) : encoder->height_px;
    snprintf(command->size, sizeof command->size, "%dx%d", width, height);
    snprintf(command->fps, sizeof command->fps, "%.9g", encoder->fps);
    add(command, (const char *const[]){"ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f",
                     "rawvideo", "-pix_fmt", kind->takes_yuv ? "yuv420p" : "rgb24", "-video_size",
                     command->size, "-framerate", command->fps, NULL});
    if (kind->takes_yuv) add(command, colours);
    add(command, (const char *const[]){"-i", "pipe:0", NULL});
}

/* Whatever its name is, it is a file. */
static Process *start(Command *command, const char *muxer, const char *path, Status *status) {
    bool is_missing;
    text_append(&command->output, "file:%s", path);
    add(command, (const char *const[]){"-f", muxer, text_string(&command->output), NULL});
    command->words[command->n] = NULL;
    Process *process = process_start(command->words, &is_missing, status);
    text_finish(&command->output);
    if (!process && is_missing)
        status_fail(status, STATUS_FAILED,
            "films are made by the program ffmpeg, which is not here; its package is called ffmpeg "
            "(apt install ffmpeg). A sequence of pictures (--output frame-%%04d.png) needs none");
    return process;
}

/* Puts `what` before the ending of a path; NULL where memory is out. */
static char *name_with(const char *path, const char *what) {
    const char *dot = strrchr(path, '.');
    Text name = {0};
    text_append(&name, "%.*s%s%s", (int)(dot - path), path, what, dot);
    return name.bytes;
}

/* A file that was not there; its path, or NULL and a status. */
static char *create_beside(const char *path, const char *what, Status *status) {
    char numbered[32];
    for (int number = 1; number < 1000; number++) {
        snprintf(numbered, sizeof numbered, number > 1 ? ".%s-%d" : ".%s", what, number);
        char *name = name_with(path, numbered);
        int descriptor = name ? open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666) : -1;
        if (descriptor >= 0) {
            close(descriptor);
            return name;
        }
        int error = errno;
        free(name);
        if (error == EEXIST) continue;
        status_fail(status, STATUS_BAD_INPUT, "cannot write here: %s", strerror(error));
        return NULL;
    }
    status_fail(status, STATUS_BAD_INPUT, "there are too many unfinished films beside it");
    return NULL;
}

static bool find_palette(Encoder *encoder, const uint8_t *samples, int n, Status *status) {
    Command command;
    begin_command(&command, encoder);
    add(&command, palette);
    Process *process = start(&command, "image2pipe", encoder->palette, status);
    if (!process) return false;
    const size_t bytes = film_frame_bytes(encoder->kind, encoder->width_px, encoder->height_px);
    for (int i = 0; i < n && process_write(process, samples + (size_t)i * bytes, bytes); i++) continue;
    Text said = {0};
    bool good =
        process_finish(process, &said) ||
        status_fail(status, STATUS_FAILED, "no palette could be found: ffmpeg: %s", text_string(&said));
    text_finish(&said);
    return good;
}

static void forget(Encoder *encoder) {
    if (encoder->palette) unlink(encoder->palette);
    free(encoder->palette);
    free(encoder->partial);
    free(encoder->path);
    free(encoder);
}

static bool begin(Encoder *encoder, bool live, const uint8_t *samples, int n_samples, Status *status) {
    const FilmKind *kind = encoder->kind;
    struct stat existing;
    if (stat(encoder->path, &existing) == 0 && !S_ISREG(existing.st_mode))
        return status_fail(status, STATUS_BAD_INPUT, "cannot write here: it is no file");
    encoder->partial = create_beside(encoder->path, "partial", status);
    if (!encoder->partial) return false;
    Text input = {0};
    if (kind->has_palette) {
        encoder->palette = create_beside(encoder->path, "palette", status);
        if (!encoder->palette || !find_palette(encoder, samples, n_samples, status)) return false;
        text_append(&input, "file:%s", encoder->palette);
    }
    Command command;
    begin_command(&command, encoder);
    /* What it is shows in its bytes: the name ends as the film's does. */
    if (kind->has_palette)
        add(&command, (const char *const[]){"-f", "png_pipe", "-i", text_string(&input), NULL});
    add(&command, live ? kind->live : kind->arguments);
    encoder->process = start(&command, kind->muxer, encoder->partial, status);
    text_finish(&input);
    return encoder->process != NULL;
}

Encoder *encoder_open(const FilmKind *kind, const char *path, int width_px, int height_px, double fps,
    bool live, const uint8_t *samples, int n_samples, Status *status) {
    Encoder *encoder = calloc(1, sizeof *encoder);
    if (encoder)
        *encoder = (Encoder){
            .kind = kind, .width_px = width_px, .height_px = height_px, .fps = fps, .path = strdup(path)};
    if (!encoder || !encoder->path) {
        free(encoder);
        status_fail(status, STATUS_FAILED, "out of memory for a film");
        return NULL;
    }
    if (begin(encoder, live, samples, n_samples, status)) return encoder;
    status_prefix(status, "%s", path);
    if (encoder->partial) unlink(encoder->partial);
    forget(encoder);
    return NULL;
}

bool encoder_write(Encoder *encoder, const uint8_t *frame) {
    if (!process_write(
            encoder->process, frame, film_frame_bytes(encoder->kind, encoder->width_px, encoder->height_px)))
        return false;
    encoder->frames++;
    return true;
}

int64_t encoder_frames(const Encoder *encoder) {
    return encoder->frames;
}

/* Whether there is something to play in it: its kind's mark is near its beginning. */
static bool is_playable(const Encoder *encoder) {
    static const size_t LOOKED_AT = 1 << 16;
    const char *mark = encoder->kind->mark;
    const size_t length = strlen(mark);
    char *bytes = malloc(LOOKED_AT);
    FILE *file = bytes ? fopen(encoder->partial, "rb") : NULL;
    bool found = false;
    size_t n = file ? fread(bytes, 1, LOOKED_AT, file) : 0;
    for (size_t i = 0; !found && i + length < n; i++) found = memcmp(bytes + i, mark, length) == 0;
    if (file) fclose(file);
    free(bytes);
    return found;
}

/* Keeps what is there of a film that was cut off, or takes it away, and adds that to the message. */
static void keep_partial(const Encoder *encoder, Status *status) {
    if (!is_playable(encoder)) {
        unlink(encoder->partial);
        return;
    }
    Text message = {0};
    text_append(
        &message, "%s; what was recorded before can be played: %s", status->message, encoder->partial);
    status_fail(status, status->code, "%s", text_string(&message));
    text_finish(&message);
}

bool encoder_close(Encoder *encoder, bool whole, Status *status) {
    Text said = {0};
    bool good = process_finish(encoder->process, &said);
    if (!good)
        status_fail(status, STATUS_FAILED, "%s: ffmpeg has stopped: %.*s", encoder->path,
            said.length > 0 ? (int)strcspn(text_string(&said), "\r\n") : INT_MAX,
            said.length > 0 ? text_string(&said) : "it does not say why");
    else if (!whole && status->code == STATUS_OK)
        status_fail(status, STATUS_FAILED, "%s: the film was cut off", encoder->path);
    good = good && whole;
    if (good && rename(encoder->partial, encoder->path) != 0)
        good = status_fail(
            status, STATUS_BAD_INPUT, "%s: cannot write here: %s", encoder->path, strerror(errno));
    if (!good) keep_partial(encoder, status);
    text_finish(&said);
    forget(encoder);
    return good;
}
