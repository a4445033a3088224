/* Data from files: CSV, IDX and gzip, what is read, and what is refused and where. */
#include "test.h"

#include "data_case.h"

#include "bytes.h"
#include "csv.h"
#include "idx.h"
#include "rng.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

/* CSV. */

static Dataset *read_csv(const char *text, const char *answer, bool regression, Status *status) {
    *status = status_ok();
    const CsvSpec spec = {.answer = answer, .regression = regression};
    return csv_read(text, strlen(text), "t.csv", &spec, status);
}

static void test_csv_reads(void **state) {
    (void)state;
    Status status;
    Dataset *dataset = read_csv("\xef\xbb\xbf"
                                "a, kind ,\"b, or \"\"c\"\"\"\r\n"
                                "1.5,pear,-2e-3\r\n"
                                "\r\n"
                                "  4 ,\"apple\",5\n"
                                "6,pear,7",
        "kind", false, &status);
    assert_non_null(dataset);
    assert_int_equal(dataset->n, 3);
    assert_int_equal(dataset->n_in, 2);
    assert_int_equal(dataset->n_out, 2);
    const float expected[] = {1.5F, -2e-3F, 4, 5, 6, 7};
    for (int i = 0; i < 6; i++) assert_true(dataset->inputs[i] == expected[i]);
    assert_string_equal(dataset->classes[0].text, "apple");
    assert_string_equal(dataset->classes[1].text, "pear");
    const int32_t labels[] = {1, 0, 1};
    assert_memory_equal(dataset->labels, labels, sizeof labels);
    assert_string_equal(dataset->features[0].text, "a");
    assert_string_equal(dataset->features[1].text, "b, or \"c\"");
    dataset_destroy(dataset);
}

static void test_csv_classes_sort_as_numbers(void **state) {
    (void)state;
    Status status;
    Dataset *dataset = read_csv("x,y\n1,10\n2,9\n3,-1\n", NULL, false, &status);
    assert_non_null(dataset);
    const int32_t labels[] = {2, 1, 0};
    assert_memory_equal(dataset->labels, labels, sizeof labels);
    assert_string_equal(dataset->classes[0].text, "-1");
    dataset_destroy(dataset);
}

static void test_csv_regression(void **state) {
    (void)state;
    Status status;
    Dataset *dataset = read_csv("y,x\n0.25,3\n-4,5\n", "y", true, &status);
    assert_non_null(dataset);
    assert_null(dataset->labels);
    assert_true(dataset->targets[0] == 0.25F && dataset->targets[1] == -4);
    assert_true(dataset->inputs[0] == 3 && dataset->inputs[1] == 5);
    dataset_destroy(dataset);
}

static void test_csv_refuses(void **state) {
    (void)state;
    static const struct {
        const char *text, *answer, *message;
    } rows[] = {
        {"", NULL, "t.csv:1:1: the file is empty; its first line should name the columns"},
        {"a,b\n", NULL, "t.csv: there is a header and no row"},
        {"a\n1\n", NULL, "t.csv:1:1: there is only one column; an example has an input and an answer"},
        {"a,,c\n1,2,3\n", NULL, "t.csv:1:3: a column has no name"},
        {"a,b,c\n1,2,x\n1,,y\n", NULL, "t.csv:3:3: the value of 'b' is missing"},
        {"a,b,c\n1,2,x\n1,NA,y\n", NULL, "t.csv:3:3: the value of 'b' is missing"},
        {"a,b,c\n1,2,x\n1,2,\n", NULL, "t.csv:3:5: the class is missing"},
        {"a,b,c\n1,2,x\n10,two,y\n", NULL, "t.csv:3:4: 'two' in column 'b' is not a number"},
        {"a,b,c\n1,inf,x\n", NULL, "t.csv:2:3: 'inf' in column 'b' is not a number"},
        {"a,b,c\n1,1e300,x\n", NULL, "t.csv:2:3: 1e300 in column 'b' is too large"},
        {"a,b,c\n1,2,x\n10,2\n", NULL,
            "t.csv:3:4: this row has fewer fields than the 3 columns of the header"},
        {"a,b,c\n1,2,x,9\n", NULL, "t.csv:2:5: this row has more fields than the 3 columns of the header"},
        {"a,b\n1,\"x\n", NULL, "t.csv:2:3: the quotes that begin here never end"},
        {"a,b\n1,\"x\"y\n", NULL, "t.csv:2:3: there is more after the closing quotes"},
        {"a,b\n1,x\ry\n", NULL, "t.csv:2:3: there is a carriage return inside of a line"},
        {"a,b\n1,x\n2,x\n", NULL, "t.csv: all rows are of one class"},
        {"size,kind\n1,x\n", "kin",
            "t.csv: there is no column 'kin'; did you mean 'kind'? There are size, kind"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Status status;
        assert_null(read_csv(rows[i].text, rows[i].answer, false, &status));
        assert_string_equal(status.message, rows[i].message);
        assert_int_equal(status.code, STATUS_BAD_INPUT);
    }
}

static void test_csv_refuses_many_classes(void **state) {
    (void)state;
    Text text = {0};
    text_append(&text, "a,b\n");
    for (int i = 0; i <= DATASET_CLASSES_MAX; i++) text_append(&text, "1,%d\n", i);
    Status status;
    assert_null(read_csv(text_string(&text), NULL, false, &status));
    assert_non_null(strstr(status.message, "t.csv:1002:3: there are more than 1000 classes"));
    text_finish(&text);
}

/* IDX: two images of 2x3 pixels. */

static const uint8_t images[] = {
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 5, 4, 3, 2, 1, 0};
static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 3, 0};

static Dataset *read_idx(const uint8_t *image_bytes, size_t image_size, const uint8_t *label_bytes,
    size_t label_size, int n_classes, Status *status) {
    *status = status_ok();
    const IdxPair pair = {.images = {(uint8_t *)image_bytes, image_size},
        .labels = {(uint8_t *)label_bytes, label_size},
        .images_name = "i",
        .labels_name = "l"};
    return idx_read(&pair, NULL, n_classes, status);
}

static void test_idx_reads(void **state) {
    (void)state;
    Status status = status_ok();
    const IdxPair pair = {.images = {(uint8_t *)images, sizeof images},
        .labels = {(uint8_t *)labels, sizeof labels},
        .images_name = "i",
        .labels_name = "l"};
    Dataset *dataset = idx_read(&pair, &pair, 0, &status);
    assert_non_null(dataset);
    assert_int_equal(dataset->n, 4);
    assert_int_equal(dataset->n_test, 2);
    assert_int_equal(dataset->n_in, 6);
    assert_int_equal(dataset->n_out, 4);
    assert_int_equal(dataset->height, 2);
    assert_int_equal(dataset->width, 3);
    for (int i = 0; i < 6; i++) assert_true(dataset->inputs[i] == (float)(51 * i) / 255.0F);
    assert_true(dataset->inputs[12 + 6] == 5.0F / 255.0F);
    const int32_t expected[] = {3, 0, 3, 0};
    assert_memory_equal(dataset->labels, expected, sizeof expected);
    dataset_destroy(dataset);
}

static void expect_idx_failure(const uint8_t *image_bytes, size_t image_size, const uint8_t *label_bytes,
    size_t label_size, int n_classes, const char *message) {
    Status status;
    assert_null(read_idx(image_bytes, image_size, label_bytes, label_size, n_classes, &status));
    assert_string_equal(status.message, message);
    assert_int_equal(status.code, STATUS_BAD_INPUT);
}

static void test_idx_refuses(void **state) {
    (void)state;
    uint8_t changed[sizeof images + 1];
    memcpy(changed, images, sizeof images);
    changed[0] = 1;
    expect_idx_failure(changed, sizeof images, labels, sizeof labels, 0,
        "i: is not an IDX file: it does not begin with its magic");
    changed[0] = 0;
    changed[2] = 0x0d;
    expect_idx_failure(changed, sizeof images, labels, sizeof labels, 0,
        "i: has values of IDX type 0x0d; images and labels are unsigned bytes, 0x08");
    changed[2] = 8;
    changed[3] = 0;
    expect_idx_failure(
        changed, sizeof images, labels, sizeof labels, 0, "i: has 0 dimensions; there are 1 to 8");
    changed[3] = 3;
    changed[4] = 0x80; /* 2^31 + 2 images */
    expect_idx_failure(changed, sizeof images, labels, sizeof labels, 0,
        "i: says that it holds 12884901900 values, and ends early: 12");
    changed[4] = 0;
    for (size_t size = 0; size < sizeof images; size++) {
        Status status;
        assert_null(read_idx(images, size, labels, sizeof labels, 0, &status));
        assert_int_equal(status.code, STATUS_BAD_INPUT);
    }
    expect_idx_failure(changed, sizeof images + 1, labels, sizeof labels, 0,
        "i: says that it holds 12 values, and holds more: 13");
    expect_idx_failure(
        images, sizeof images, labels, sizeof labels, 3, "l: label 1 is 3; there are 3 classes, from 0");
    expect_idx_failure(images, sizeof images, images, sizeof images, 0,
        "l: does not hold one label for each of the 2 images of i");
}

/* gzip. */

/* Compresses by zlib itself; returns the size. */
static size_t compress_bytes(const uint8_t *from, size_t n, uint8_t *to, size_t room) {
    z_stream stream = {
        .next_in = (Bytef *)from, .avail_in = (uInt)n, .next_out = to, .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static void test_gzip(void **state) {
    (void)state;
    enum { N = 200000 };
    uint8_t *plain = malloc(N), *packed = malloc(2 * N);
    Rng rng = rng_seed(1);
    for (int i = 0; i < N; i++) plain[i] = (uint8_t)(rng_next(&rng) & 15);
    size_t size = compress_bytes(plain, N, packed, N);
    Status status = status_ok();
    Bytes bytes;
    assert_true(bytes_unpack(&bytes, packed, size, "z", &status));
    assert_int_equal(bytes.size, N);
    assert_memory_equal(bytes.data, plain, N);
    bytes_finish(&bytes);
    /* Two members in a row are one file. */
    memcpy(packed + size, packed, size);
    assert_true(bytes_unpack(&bytes, packed, 2 * size, "z", &status));
    assert_int_equal(bytes.size, 2 * N);
    assert_memory_equal(bytes.data + N, plain, N);
    bytes_finish(&bytes);
    for (size_t cut = 2; cut < size; cut += cut < 40 || cut > size - 40 ? 1 : 997) {
        assert_false(bytes_unpack(&bytes, packed, cut, "z", &status));
        assert_string_equal(status.message, "z: the compressed data end in the middle");
    }
    packed[size - 6] ^= 1; /* the checksum */
    assert_false(bytes_unpack(&bytes, packed, size, "z", &status));
    assert_string_equal(status.message, "z: the compressed data are damaged");
    free(plain);
    free(packed);
}

/* One row of each of two classes, of which pixel k is (k + class) % n times `unit`, less `low`. */
static void write_pixels(const char *file, const char *column, int n, double unit, double low) {
    Text text = {0};
    for (int k = 0; k < n; k++) text_append(&text, "%s%d,", column, k);
    text_append(&text, "class\n");
    for (int row = 0; row < 2; row++) {
        for (int k = 0; k < n; k++) text_append(&text, "%g,", (k + row) % n * unit - low);
        text_append(&text, "%d\n", row);
    }
    write_file(file, text_string(&text));
    text_finish(&text);
}

/* Columns of a file that look like pixels are an image, and are standardised as all columns of files. */
static void test_columns_may_be_pixels(void **state) {
    (void)state;
    static const struct {
        const char *column;
        int n;
        double unit, low;
        int side;
        double white;
    } files[] = {{"x", 64, 1, 0, 8, 63}, {"pixel", 64, 1.0 / 64, 0, 8, 63.0 / 64}, {"pix_", 16, 1, 0, 4, 15},
        {"x", 16, 1, 0, 0, 0}, {"pixel", 63, 1, 0, 0, 0}, {"pixel", 9, 1, 0, 0, 0}, {"x", 64, 1, 1, 0, 0},
        {"x", 64, 1.5, 0, 0, 0}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        Data data;
        write_pixels("slalom-pixels.csv", files[i].column, files[i].n, files[i].unit, files[i].low);
        open_good(&data, "slalom-pixels.csv:validation=0,test=0");
        remove("slalom-pixels.csv");
        assert_int_equal(data.dataset->width, files[i].side);
        assert_int_equal(data.dataset->height, files[i].side);
        assert_near(data.dataset->white, files[i].white, 1e-6);
        assert_non_null(data.dataset->means);
        data_finish(&data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_may_be_pixels),
        cmocka_unit_test(test_csv_reads),
        cmocka_unit_test(test_csv_classes_sort_as_numbers),
        cmocka_unit_test(test_csv_regression),
        cmocka_unit_test(test_csv_refuses),
        cmocka_unit_test(test_csv_refuses_many_classes),
        cmocka_unit_test(test_idx_reads),
        cmocka_unit_test(test_idx_refuses),
        cmocka_unit_test(test_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
