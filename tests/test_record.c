/* record: the ending of a name chooses the format; PNG files come back, the same bytes. */
#include "test.h"

#include "png_file.h"
#include "record.h"

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
    Status status = status_ok();
    FILE *first = tmpfile(), *second = tmpfile();
    assert_true(png_write(first, pixels, WIDTH, HEIGHT, &status));
    assert_true(png_write(second, pixels, WIDTH, HEIGHT, &status));
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
    assert_false(png_write(full, pixels, 400, 300, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    assert_non_null(strstr(status.message, "space"));
    fclose(full);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endings_choose),
        cmocka_unit_test(png_files_come_back),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
