/* record: the ending of a name chooses the format; PNG files come back, the same bytes; frames are converted
 * as BT.709 says, made in order, and show what pace and camera say; a program that is fed can fail in any
 * way. */
#include "test.h"

#include "camera_moves.h"
#include "film_plan.h"
#include "pipeline.h"
#include "png_file.h"
#include "process.h"
#include "record.h"
#include "recorder.h"
#include "rng.h"
#include "yuv.h"

#include <png.h>

#include <stdlib.h>
#include <string.h>

static void endings_choose(void **state) {
    (void)state;
    Status status = status_ok();
    assert_ptr_equal(record_format_of("race.png", &status)->write, record_png);
    assert_ptr_equal(record_format_of("some.where/race.PNG", &status)->write, record_png);
    /* Devices, pipes and standard output have no ending. */
    assert_ptr_equal(record_format_of("some.where/race", &status)->write, record_png);
    assert_ptr_equal(record_format_of("-", &status)->write, record_png);
    assert_null(record_format_of("race.pgn", &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    assert_non_null(strstr(status.message, "png"));
}

static long file_bytes(FILE *file, unsigned char *bytes, long most) {
    rewind(file);
    return (long)fread(bytes, 1, (size_t)most, file);
}

static void png_files_come_back(void **state) {
    (void)state;
    enum { WIDTH = 97, HEIGHT = 31, MOST = 1 << 16 };
    static uint32_t pixels[WIDTH * HEIGHT];
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++) pixels[i] = 0xff000000 | i * 2654435761u >> 8;
    const PngPicture picture = {.pixels = pixels, .width = WIDTH, .height = HEIGHT};
    Status status = status_ok();
    FILE *first = tmpfile(), *second = tmpfile();
    assert_true(png_write(first, &picture, &status));
    assert_true(png_write(second, &picture, &status));
    static unsigned char a[MOST], b[MOST];
    long n = file_bytes(first, a, MOST);
    assert_int_equal(n, file_bytes(second, b, MOST));
    assert_memory_equal(a, b, (size_t)n);

    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, a, (size_t)n));
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    assert_int_equal(image.format, PNG_FORMAT_RGB);
    static unsigned char rgb[WIDTH * HEIGHT * 3];
    assert_true(png_image_finish_read(&image, NULL, rgb, 0, NULL));
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        uint32_t pixel =
            0xff000000 | (uint32_t)rgb[3 * i] << 16 | (uint32_t)rgb[3 * i + 1] << 8 | rgb[3 * i + 2];
        assert_int_equal(pixel, pixels[i]);
    }
    fclose(first);
    fclose(second);
}

static void a_full_disk_is_told(void **state) {
    (void)state;
    FILE *full = fopen("/dev/full", "wb");
    if (!full) skip();
    static uint32_t pixels[400 * 300];
    for (int i = 0; i < 400 * 300; i++) pixels[i] = (uint32_t)i * 2654435761u;
    Status status = status_ok();
    assert_false(png_write(full, &(PngPicture){.pixels = pixels, .width = 400, .height = 300}, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    assert_non_null(strstr(status.message, "space"));
    fclose(full);
}

/* A channel, 0 to 1, of the picture continued over its edges. */
static double channel(const uint32_t *pixels, int width, int height, int x, int y, int shift) {
    x = x < 0 ? 0 : x < width ? x : width - 1;
    y = y < height ? y : height - 1;
    return (double)(pixels[y * width + x] >> shift & 0xff) / 255;
}

/* BT.709, items 3.2 and 3.3, from R, G, B: brightness and the two differences of colour. */
static void by_definition(const double rgb[3], double ypp[3]) {
    ypp[0] = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    ypp[1] = (rgb[2] - ypp[0]) / 1.8556;
    ypp[2] = (rgb[0] - ypp[0]) / 1.5748;
}

static void check_conversion(const uint32_t *pixels, int width, int height) {
    uint8_t out[80 * 80 * 3 / 2];
    assert_true(yuv_bytes(width, height) <= sizeof out);
    yuv_convert(pixels, width, height, out);
    const int wide = yuv_side(width), high = yuv_side(height);
    const uint8_t *cb = out + wide * high, *cr = cb + wide * high / 4;
    for (int y = 0; y < high; y++) {
        for (int x = 0; x < wide; x++) {
            double rgb[3], ypp[3];
            for (int c = 0; c < 3; c++) rgb[c] = channel(pixels, width, height, x, y, 16 - 8 * c);
            by_definition(rgb, ypp);
            assert_true(fabs(out[y * wide + x] - (16 + 219 * ypp[0])) <= 0.75);
            if (x % 2 || y % 2) continue;
            for (int c = 0; c < 3; c++) {
                rgb[c] = 0;
                for (int j = 0; j < 2; j++)
                    for (int i = -1; i <= 1; i++)
                        rgb[c] +=
                            (2 - abs(i)) / 8.0 * channel(pixels, width, height, x + i, y + j, 16 - 8 * c);
            }
            by_definition(rgb, ypp);
            const int sample = y / 2 * (wide / 2) + x / 2;
            assert_true(fabs(cb[sample] - (128 + 224 * ypp[1])) <= 0.75);
            assert_true(fabs(cr[sample] - (128 + 224 * ypp[2])) <= 0.75);
        }
    }
}

static void frames_are_converted_by_definition(void **state) {
    (void)state;
    static const int sizes[][2] = {{2, 2}, {1, 1}, {3, 5}, {64, 7}, {65, 8}, {63, 3}, {80, 80}};
    uint32_t pixels[80 * 80];
    Rng rng = rng_seed(3);
    for (size_t i = 0; i < sizeof pixels / sizeof *pixels; i++)
        pixels[i] = 0xff000000 | (uint32_t)rng_next(&rng);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_conversion(pixels, sizes[i][0], sizes[i][1]);
    static const uint32_t corners[] = {0, 0xffffff, 0xff0000, 0xff00, 0xff, 0xffff00, 0xffff, 0xff00ff};
    for (size_t i = 0; i < sizeof corners / sizeof *corners; i++) {
        for (int j = 0; j < 64; j++) pixels[j] = 0xff000000 | corners[i];
        check_conversion(pixels, 8, 8);
    }
}

/* Pieces that say which they are. */
typedef struct Pieces {
    int64_t taken, refused;
} Pieces;

static void make_number(void *context, int worker, int64_t piece, uint8_t *out) {
    (void)context;
    assert_in_range(worker, 0, 4);
    memcpy(out, &piece, sizeof piece);
}

static bool take_number(void *context, int64_t piece, const uint8_t *bytes, Status *status) {
    Pieces *pieces = context;
    int64_t made;
    memcpy(&made, bytes, sizeof made);
    assert_int_equal(made, piece);
    assert_int_equal(pieces->taken++, piece);
    return piece != pieces->refused || status_fail(status, STATUS_FAILED, "refused");
}

static void pieces_come_in_order(void **state) {
    (void)state;
    for (int workers = 0; workers <= 4; workers++) {
        Pieces pieces = {.refused = -1};
        Pipeline pipeline = {.n = 1000,
            .bytes = sizeof(int64_t),
            .workers = workers,
            .context = &pieces,
            .make = make_number,
            .take = take_number};
        Status status = status_ok();
        assert_true(pipeline_run(&pipeline, &status));
        assert_int_equal(pieces.taken, pipeline.n);
        pieces = (Pieces){.refused = 10};
        assert_false(pipeline_run(&pipeline, &status));
        assert_int_equal(pieces.taken, 11);
        assert_string_equal(status.message, "refused");
        pipeline.n = 0;
        assert_true(pipeline_run(&pipeline, &status));
    }
}

/* Feeds a shell's command more than any pipe holds; what it said, and whether it took all and ended well. */
static bool feed(const char *command, bool *took, Text *said) {
    static const char bytes[1 << 16];
    Status status = status_ok();
    Process *process = process_start((const char *const[]){"sh", "-c", command, NULL}, NULL, &status);
    if (!process) fail_msg("%s", status.message);
    *took = true;
    for (int i = 0; *took && i < 64; i++) *took = process_write(process, bytes, sizeof bytes);
    return process_finish(process, said);
}

static void programs_fail_in_any_way(void **state) {
    (void)state;
    Text said = {0};
    bool took, is_missing;
    assert_true(feed("test $(wc -c) = 4194304", &took, &said));
    assert_true(took);
    assert_int_equal(said.length, 0);
    assert_false(feed("head -c 100000 >/dev/null; echo no more >&2; exit 3", &took, &said));
    assert_false(took);
    assert_string_equal(text_string(&said), "no more");
    /* It talks more than a pipe holds before it listens. */
    text_clear(&said);
    assert_true(feed("seq 100000 >&2; cat >/dev/null", &took, &said));
    assert_true(took);
    assert_true(said.length <= 1024);
    assert_string_equal(text_string(&said) + said.length - 13, "\n99999\n100000");
    text_clear(&said);
    assert_false(feed("kill -KILL $$", &took, &said));
    assert_non_null(strstr(text_string(&said), "signal 9"));
    text_finish(&said);
    Status status = status_ok();
    assert_null(process_start((const char *const[]){"no-such-program", NULL}, &is_missing, &status));
    assert_true(is_missing);
    assert_non_null(strstr(status.message, "no-such-program"));
}

static Viewer *bowl(int64_t steps) {
    Scene scene = scene_default();
    Status status = status_ok();
    scene_set_surface(&scene, strdup("bowl"));
    scene_clear_racers(&scene);
    assert_true(scene_add_racer(&scene, "sgd:lr=0.1", &status));
    scene.steps = steps;
    Viewer *viewer = viewer_create(&scene, NULL, &status);
    if (!viewer) fail_msg("%s", status.message);
    scene_finish(&scene);
    return viewer;
}

static void paces_are_what_they_say(void **state) {
    (void)state;
    enum { STEPS = 99 };
    Viewer *viewer = bowl(STEPS);
    Status status = status_ok();
    FilmPlan plan;
    /* As many frames as steps: each is a picture. */
    assert_true(film_plan_init(&plan, &(FilmLook){.seconds = 4}, 25, viewer, &status));
    assert_int_equal(plan.frames, 100);
    assert_int_equal(plan.n_pictures, 100);
    for (int i = 0; i < 100; i++) assert_int_equal(plan.pictures[i].step, i);
    film_plan_finish(&plan);
    /* Half as many steps as frames: pictures stay, and none is left out. */
    assert_true(film_plan_init(&plan, &(FilmLook){.seconds = 4}, 50, viewer, &status));
    int64_t frames = 0;
    for (int i = 0; i < plan.n_pictures; i++) {
        assert_int_equal(plan.pictures[i].step, i);
        assert_int_equal(plan.pictures[i].frame, frames);
        frames += plan.pictures[i].repeats;
    }
    assert_int_equal(plan.n_pictures, 100);
    assert_int_equal(frames, 200);
    film_plan_finish(&plan);
    /* 1 + step is 100^time, rounded down. */
    assert_true(film_plan_init(&plan, &(FilmLook){.seconds = 10.1, .pace = "log"}, 100, viewer, &status));
    for (int i = 0; i < plan.n_pictures; i++) {
        double time = (double)plan.pictures[i].frame / 1009,
               before = (double)(plan.pictures[i].frame - 1) / 1009;
        assert_true(pow(100, time) >= (double)plan.pictures[i].step + 1 - 1e-6);
        assert_true(i == 0 || pow(100, before) < (double)plan.pictures[i].step + 1 + 1e-6);
    }
    assert_int_equal(plan.pictures[plan.n_pictures - 1].step, STEPS);
    film_plan_finish(&plan);
    assert_false(film_plan_init(&plan, &(FilmLook){.pace = "logg"}, 100, viewer, &status));
    assert_non_null(strstr(status.message, "'log'"));
    viewer_destroy(viewer);
}

static void cameras_go_from_key_to_key(void **state) {
    (void)state;
    const Shot first = {.rise = 0, .azimuth = 10, .elevation = 30, .zoom = 1, .x = 1, .y = 2};
    CameraPath path;
    Status status = status_ok();
    assert_true(camera_path_read(
        &path, "1: 2d; 3: 3d turn=90 zoom=4 at=3,6; 100%: orbit=0,80 steadily", 5, &first, &status));
    assert_int_equal(path.n, 3);
    Shot shot = camera_path_at(&path, 0);
    assert_memory_equal(&shot, &first, sizeof shot);
    shot = camera_path_at(&path, 0.4); /* half way: */
    assert_near(shot.rise, 0.5, 1e-12);
    assert_near(shot.azimuth, 55, 1e-12);
    assert_near(shot.zoom, 2, 1e-12);
    /* The point that is zoomed to, (3, 6), goes straight to the middle: 2/3 of the way at half the zoom. */
    assert_near(shot.x, 1 + 2 * 2.0 / 3, 1e-12);
    assert_near(shot.y, 2 + 4 * 2.0 / 3, 1e-12);
    shot = camera_path_at(&path, 0.7); /* a quarter of the way, steadily */
    assert_near(shot.azimuth, 75, 1e-12);
    assert_near(shot.elevation, 42.5, 1e-12);
    for (int i = 0; i < camera_move_count; i++)
        assert_true(camera_path_read(&path, camera_moves[i].name, 5, &first, &status));
    static const char *const refused[] = {"", "; 0", "6: 3d", "50%: 3d; 1: 2d", "-1: 2d", "0: 2d=1",
        "0: turn", "0: turn=x", "0: zoom=0", "0: orbit=0,3", "0: orbit=1", "0: at=1,nan", "0: wobble", "zom",
        "1e400: 2d"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(camera_path_read(&path, refused[i], 5, &first, &status));
}

/* The film's frames as ffmpeg decodes them: (n, height, width) of brightness; NULL where ffmpeg is not there.
 */
static uint8_t *decode(const char *path, int bytes, int *n) {
    char command[300];
    snprintf(command, sizeof command, "ffmpeg -v error -nostdin -i %s -f rawvideo -pix_fmt gray -", path);
    FILE *pipe = popen(command, "r");
    enum { ROOM = 1 << 24 };
    uint8_t *frames = malloc(ROOM);
    size_t length = fread(frames, 1, ROOM, pipe);
    pclose(pipe);
    *n = (int)(length / (size_t)bytes);
    return frames;
}

static void fill(uint32_t *pixels, int n, uint32_t pixel) {
    for (int i = 0; i < n; i++) pixels[i] = pixel;
}

/* Pictures are shown from their time on, for as long as nothing else is, and fit where the window has another
 * size. */
static void recordings_keep_time(void **state) {
    (void)state;
    enum { WIDTH = 96, HEIGHT = 64 };
    static uint32_t pixels[4 * WIDTH * HEIGHT];
    char folder[] = "slalom-record-XXXXXX", path[64];
    if (system("ffmpeg -version >/dev/null 2>&1") != 0 || !mkdtemp(folder)) skip();
    snprintf(path, sizeof path, "%s/film.mp4", folder);
    Status status = status_ok();
    Recorder *recorder = recorder_start(path, WIDTH, HEIGHT, 100, &status);
    if (!recorder) fail_msg("%s", status.message);
    fill(pixels, WIDTH * HEIGHT, 0xff000000);
    assert_true(recorder_add(recorder, pixels, WIDTH, HEIGHT, 100.005));
    fill(pixels, 2 * WIDTH * HEIGHT, 0xffffffff);
    assert_false(recorder_add(recorder, pixels, WIDTH, HEIGHT, 100.01)); /* the same frame */
    assert_true(recorder_add(recorder, pixels, WIDTH, HEIGHT, 100 + 10.5 / 30));
    /* Twice as wide: it is half as large, with black over and under it. */
    assert_true(recorder_add(recorder, pixels, 2 * WIDTH, HEIGHT, 100 + 20.5 / 30));
    fill(pixels, WIDTH * HEIGHT, 0xff808080);
    assert_true(recorder_add(recorder, pixels, WIDTH, HEIGHT, 100 + 30.5 / 30));
    recorder_end(recorder, 100 + 40.5 / 30);
    int64_t late;
    assert_true(recorder_finish(recorder, &late, &status));
    assert_int_equal(late, 0);
    int n;
    uint8_t *frames = decode(path, WIDTH * HEIGHT, &n);
    assert_int_equal(n, 40);
    for (int i = 0; i < n; i++) {
        const uint8_t *frame = frames + i * WIDTH * HEIGHT, middle = frame[HEIGHT / 2 * WIDTH + WIDTH / 2],
                      top = frame[WIDTH / 2];
        const int wanted = i < 10 ? 0 : i < 30 ? 255 : 128;
        assert_in_range(middle, wanted < 8 ? 0 : wanted - 8, wanted + 8);
        assert_in_range(top, 0, i < 10 || (i >= 20 && i < 30) ? 8 : 255);
        if (i >= 10 && i < 20) assert_in_range(top, 247, 255);
    }
    free(frames);
    remove(path);
    remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endings_choose),
        cmocka_unit_test(png_files_come_back),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(frames_are_converted_by_definition),
        cmocka_unit_test(pieces_come_in_order),
        cmocka_unit_test(programs_fail_in_any_way),
        cmocka_unit_test(paces_are_what_they_say),
        cmocka_unit_test(cameras_go_from_key_to_key),
        cmocka_unit_test(recordings_keep_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
