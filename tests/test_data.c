/* Data from files and generators: what is read, what is refused and where, how it is split. */
#include "test.h"

#include "bytes.h"
#include "csv.h"
#include "data.h"
#include "idx.h"
#include "text.h"

#include <stdbool.h>
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

/* Splitting. */

/* Every example has its number as input; classes of 60, 30 and 10. */
static Dataset *numbered(Status *status) {
    Dataset *dataset = dataset_create(100, 1, 3, false, status);
    for (int i = 0; i < 100; i++) {
        dataset->inputs[i] = (float)i;
        dataset->labels[i] = i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2;
    }
    return dataset;
}

static int count_class(const Dataset *dataset, Part part, int label) {
    int n = 0;
    for (size_t i = part.first; i < part.first + part.n; i++) n += dataset->labels[i] == label;
    return n;
}

static void test_split_is_stratified(void **state) {
    (void)state;
    Status status = status_ok();
    const SplitShares shares = {.test = 0.2, .validation = 0.25};
    float first[100];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        Dataset *dataset = numbered(&status);
        Split split;
        assert_true(dataset_split(dataset, shares, seed, &split, &status));
        assert_int_equal(split.test.n, 20);
        assert_int_equal(split.validation.n, 20);
        assert_int_equal(split.training.n, 60);
        const Part parts[] = {split.training, split.validation, split.test};
        const int expected[3][3] = {{36, 18, 6}, {12, 6, 2}, {12, 6, 2}};
        bool seen[100] = {false};
        for (int p = 0; p < 3; p++) {
            for (int k = 0; k < 3; k++) assert_int_equal(count_class(dataset, parts[p], k), expected[p][k]);
            for (size_t i = parts[p].first; i < parts[p].first + parts[p].n; i++) {
                int number = (int)dataset->inputs[i];
                assert_false(seen[number]);
                seen[number] = true;
                assert_int_equal(dataset->labels[i], number % 10 < 6 ? 0 : number % 10 < 9 ? 1 : 2);
                if (i > parts[p].first) assert_true(dataset->inputs[i] > dataset->inputs[i - 1]);
            }
        }
        if (seed == 1) memcpy(first, dataset->inputs, sizeof first);
        if (seed > 1) assert_memory_not_equal(first, dataset->inputs, sizeof first);
        dataset_destroy(dataset);
        if (seed > 1) continue;
        dataset = numbered(&status);
        assert_true(dataset_split(dataset, shares, seed, &split, &status));
        assert_memory_equal(first, dataset->inputs, sizeof first);
        dataset_destroy(dataset);
    }
}

static void test_split_keeps_a_given_test_set(void **state) {
    (void)state;
    Status status = status_ok();
    Dataset *dataset = numbered(&status);
    dataset->n_test = 10;
    Split split;
    assert_true(dataset_split(dataset, (SplitShares){.test = 0.5, .validation = 0}, 1, &split, &status));
    assert_int_equal(split.training.n, 90);
    assert_int_equal(split.validation.n, 0);
    assert_int_equal(split.test.first, 90);
    assert_int_equal(split.test.n, 10);
    for (int i = 0; i < 100; i++) assert_int_equal((int)dataset->inputs[i], i);
    dataset_destroy(dataset);
    dataset = dataset_create(1, 1, 2, false, &status);
    assert_false(dataset_split(dataset, (SplitShares){.test = 0.9, .validation = 0}, 1, &split, &status));
    assert_string_equal(status.message,
        "of 1 examples none is left to train with; the shares of validation and test are too large");
    dataset_destroy(dataset);
}

static void test_copies_are_of_training_alone(void **state) {
    (void)state;
    Status status = status_ok();
    const SplitShares shares = {.test = 0.2, .validation = 0.25};
    Dataset *once = numbered(&status), *copied = numbered(&status);
    Split a, b;
    assert_true(dataset_split(once, shares, 1, &a, &status) && dataset_split(copied, shares, 1, &b, &status));
    assert_true(dataset_copy_training(copied, 3, &b, &status));
    assert_int_equal(copied->n, 100 + 2 * 60);
    assert_int_equal(b.training.n, 3 * a.training.n);
    assert_int_equal(b.validation.first, b.training.n);
    assert_int_equal(b.validation.n, a.validation.n);
    assert_int_equal(b.test.first, b.validation.first + b.validation.n);
    assert_int_equal(b.test.n, a.test.n);
    for (size_t i = 0; i < b.training.n; i++) {
        assert_true(copied->inputs[i] == once->inputs[i % a.training.n]);
        assert_int_equal(copied->labels[i], once->labels[i % a.training.n]);
    }
    for (size_t i = 0; i < 40; i++)
        assert_true(copied->inputs[b.validation.first + i] == once->inputs[a.validation.first + i]);
    dataset_destroy(once);
    dataset_destroy(copied);
}

static void test_sorting_is_by_class_and_stable(void **state) {
    (void)state;
    Status status = status_ok();
    Dataset *dataset = numbered(&status);
    assert_true(dataset_sort(dataset, (Part){10, 70}, &status)); /* not the first and the last ones */
    assert_int_equal(dataset->n, 100);
    for (int i = 0; i < 100; i++) {
        const int number = (int)dataset->inputs[i];
        assert_int_equal(dataset->labels[i], number % 10 < 6 ? 0 : number % 10 < 9 ? 1 : 2);
        if (i < 10 || i >= 80) assert_int_equal(number, i);
        if (i <= 10 || i >= 80) continue;
        const bool same = dataset->labels[i] == dataset->labels[i - 1];
        assert_true(
            same ? number > (int)dataset->inputs[i - 1] : dataset->labels[i] > dataset->labels[i - 1]);
    }
    dataset_destroy(dataset);
    dataset = dataset_create(3, 1, 1, true, &status);
    const float targets[] = {2, -1, 0.5F}, sorted[] = {-1, 0.5F, 2};
    memcpy(dataset->targets, targets, sizeof targets);
    assert_true(dataset_sort(dataset, (Part){0, 3}, &status));
    assert_memory_equal(dataset->targets, sorted, sizeof sorted);
    dataset_destroy(dataset);
}

static void test_standardise_uses_training_only(void **state) {
    (void)state;
    Status status = status_ok();
    Dataset *dataset = dataset_create(4, 2, 2, false, &status);
    const float inputs[] = {1, 7, 3, 7, 100, 8, -100, 7};
    memcpy(dataset->inputs, inputs, sizeof inputs);
    assert_true(dataset_standardise(dataset, (Part){0, 2}, &status));
    const float expected[] = {-1, 0, 1, 0, 98, 1, -102, 0}; /* mean 2, deviation 1; the other does not vary */
    for (int i = 0; i < 8; i++) assert_near(dataset->inputs[i], expected[i], 1e-6);
    for (size_t i = 0; i < 4; i++) { /* and back */
        float original[2];
        dataset_original(dataset, i, original);
        for (size_t j = 0; j < 2; j++) assert_near(original[j], inputs[2 * i + j], 1e-5);
    }
    dataset_destroy(dataset);
}

/* Generators: what their definitions say of noiseless points. */

static double shape_error(const char *name, const float *p, int label) {
    double radius = hypot(p[0], p[1]), pi = acos(-1);
    if (strcmp(name, "moons") == 0) {
        double x = label ? 1 - p[0] : p[0], y = label ? 0.5 - p[1] : p[1];
        return fabs(hypot(x, y) - 1) + (y < -1e-6);
    }
    if (strcmp(name, "circles") == 0) return fabs(radius - (label + 1) / 2.0);
    if (strcmp(name, "xor") == 0)
        return fabs(fabs(p[0]) - 1) + fabs(fabs(p[1]) - 1) + ((p[0] * p[1] < 0) != (label == 1));
    if (strcmp(name, "gaussians") == 0)
        return hypot(p[0] - cos(2 * pi * label / 3), p[1] - sin(2 * pi * label / 3));
    if (strcmp(name, "spirals") == 0) {
        double turn = atan2(p[1], p[0]) / (2 * pi) - 1.5 * radius - label / 2.0;
        return fabs(turn - round(turn)) * radius + (radius > 1 + 1e-6);
    }
    fail_msg("no definition of %s", name);
    return 1;
}

static double curve_value(const char *name, double x) {
    double pi = acos(-1);
    if (strcmp(name, "sine") == 0) return sin(2 * pi * x);
    if (strcmp(name, "step") == 0) return x < 0 ? -0.5 : 0.5;
    if (strcmp(name, "polynomial") == 0) return cos(3 * acos(x));
    if (strcmp(name, "kink") == 0) return x < 0 ? -2 * x - 1 : 2 * x - 1;
    if (strcmp(name, "chirp") == 0) return sin(3 * pi * (x + 1) * (x + 1));
    fail_msg("no definition of %s", name);
    return 0;
}

static void test_generators(void **state) {
    (void)state;
    enum { N = 3000 };
    for (int r = 0; r < generator_count; r++) {
        Status status = status_ok();
        GeneratorSpec spec = generator_defaults(&generator_table[r]);
        spec.noise = 0;
        Generator *clean = generator_create(&spec, &status);
        spec.noise = 0.25;
        Generator *noisy = generator_create(&spec, &status);
        assert_non_null(clean);
        Dataset *a = generator_dataset(clean, N, 5, &status), *b = generator_dataset(noisy, N, 5, &status);
        const char *name = spec.row->name;
        double mean = 0, square = 0, count = 0;
        for (size_t i = 0; i < N; i++) {
            size_t n_in = (size_t)a->n_in;
            if (a->targets) {
                assert_near(a->targets[i], curve_value(name, a->inputs[i]), 1e-5);
                assert_true(fabsf(a->inputs[i]) <= 1);
            } else {
                assert_int_equal(a->labels[i], (int)(i % (size_t)spec.n_classes));
                assert_true(shape_error(name, a->inputs + i * n_in, a->labels[i]) < 2e-6);
            }
            for (size_t j = 0; j < (a->targets ? 1 : n_in); j++) {
                double noise = a->targets ? (double)b->targets[i] - (double)a->targets[i]
                                          : (double)b->inputs[i * n_in + j] - (double)a->inputs[i * n_in + j];
                mean += noise;
                square += noise * noise;
                count++;
            }
        }
        /* Four standard errors. */
        assert_true(fabs(mean / count) < 4 * 0.25 / sqrt(count));
        assert_true(fabs(sqrt(square / count) - 0.25) < 4 * 0.25 / sqrt(2 * count));
        dataset_destroy(a);
        dataset_destroy(b);
        generator_destroy(clean);
        generator_destroy(noisy);
    }
}

static void test_generator_examples_do_not_depend_on_the_count(void **state) {
    (void)state;
    Status status = status_ok();
    GeneratorSpec spec = generator_defaults(generator_find("spirals"));
    Generator *generator = generator_create(&spec, &status);
    Dataset *a = generator_dataset(generator, 10, 7, &status),
            *b = generator_dataset(generator, 50, 7, &status);
    Dataset *c = generator_dataset(generator, 10, 8, &status);
    assert_memory_equal(a->inputs, b->inputs, 20 * sizeof(float));
    assert_memory_not_equal(a->inputs, c->inputs, 20 * sizeof(float));
    dataset_destroy(a);
    dataset_destroy(b);
    dataset_destroy(c);
    generator_destroy(generator);
}

static void test_a_rare_class_has_its_share(void **state) {
    (void)state;
    Status status = status_ok();
    GeneratorSpec spec = generator_defaults(generator_find("gaussians"));
    spec.rare = 0.07;
    Generator *generator = generator_create(&spec, &status);
    int counts[3] = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        float point[2];
        int32_t label;
        generator_example(generator, 4, i, point, &label, NULL);
        counts[label]++;
        /* The share holds all the time, and the others are as many. */
        assert_int_equal(counts[2], (int)((double)(i + 1) * 0.07));
        assert_true(counts[0] == counts[1] || counts[0] == counts[1] + 1);
    }
    generator_destroy(generator);
}

/* By name. */

static void open_good(Data *data, const char *text) {
    Status status = status_ok();
    if (!data_open(data, text, 1, &status)) fail_msg("%s: %s", text, status.message);
}

static void test_shipped(void **state) {
    (void)state;
    Data data;
    open_good(&data, "iris:validation=0,test=0,standardise=0");
    assert_int_equal(data.dataset->n, 150);
    assert_int_equal(data.dataset->n_in, 4);
    assert_int_equal(data.dataset->n_out, 3);
    assert_string_equal(data.dataset->classes[2].text, "virginica");
    /* Fisher's paper: means of the first species 5.006, 3.428, 1.462, 0.246. */
    const double expected[] = {5.006, 3.428, 1.462, 0.246};
    for (int j = 0; j < 4; j++) {
        double mean = 0;
        for (int i = 0; i < 50; i++) mean += (double)data.dataset->inputs[4 * i + j] / 50;
        assert_near(mean, expected[j], 1e-6);
    }
    data_finish(&data);
    open_good(&data, "digits");
    assert_int_equal(data.dataset->n, 1797);
    assert_int_equal(data.dataset->n_in, 64);
    assert_int_equal(data.dataset->n_out, 10);
    assert_int_equal(data.dataset->width, 8);
    float largest = 0;
    for (size_t i = 0; i < 1797 * 64; i++) largest = fmaxf(largest, data.dataset->inputs[i]);
    assert_true(largest == 1);
    int counts[10] = {0};
    const int documented[10] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
    for (size_t i = 0; i < 1797; i++) counts[data.dataset->labels[i]]++;
    assert_memory_equal(counts, documented, sizeof counts);
    assert_int_equal(data.split.training.n + data.split.validation.n + data.split.test.n, 1797);
    data_finish(&data);
}

static void test_every_generator_by_name(void **state) {
    (void)state;
    for (int i = 0; i < generator_count; i++) {
        Data data;
        char text[64];
        snprintf(text, sizeof text, "%s:n=50,noise=0.5", generator_table[i].name);
        open_good(&data, text);
        assert_int_equal(data.dataset->n, 50);
        assert_non_null(data.generator);
        data_finish(&data);
    }
}

static void test_data_may_have_a_seed_of_their_own(void **state) {
    (void)state;
    Status status = status_ok();
    const char *const texts[] = {"moons:n=20,seed=4", "moons:n=20,seed=4", "moons:n=20", "moons:n=20"};
    const uint64_t seeds[] = {1, 2, 4, 2};
    Data data[4];
    for (int i = 0; i < 4; i++) assert_true(data_open(&data[i], texts[i], seeds[i], &status));
    for (int i = 1; i < 4; i++) {
        const bool same = memcmp(data[0].dataset->inputs, data[i].dataset->inputs, 40 * sizeof(float)) == 0;
        assert_true(same == (i < 3));
    }
    for (int i = 0; i < 4; i++) data_finish(&data[i]);
}

static void test_data_refuses(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"moon", "there are no data 'moon'; did you mean 'moons'?"},
        {"moons:k=3", "data have no key 'k'"},
        {"moons:n", "moons: expected key=value, not 'n'"},
        {"moons:n=3,n=4", "n of moons is given twice"},
        {"moons:n=0", "n of moons is '0'; it must be a whole number from 1 to 10000000"},
        {"moons:n=1e9", "n of moons is '1e9'; it must be a whole number from 1 to 10000000"},
        {"moons:noise=-1", "noise of moons is -1; it must be 0 to 1e6"},
        {"moons:noise=x", "noise of moons is 'x', which is not a number"},
        {"moons:classes=3", "classes means nothing to moons"},
        {"sine:rare=0.1", "rare means nothing to sine"},
        {"moons:rare=1", "rare of moons is 1; it must be a share from 0 to below 1"},
        {"moons:copies=0", "copies of moons is '0'; it must be a whole number from 1 to 100000"},
        {"moons:sorted=2", "sorted of moons is '2'; it must be a whole number from 0 to 1"},
        {"circles:classes=11", "classes of circles is '11'; it must be a whole number from 2 to 10"},
        {"moons:label=x", "label means nothing to moons"},
        {"moons:test=1", "test of moons is 1; it must be a share from 0 to below 1"},
        {"moons:standardise=2", "standardise of moons is '2'; it must be a whole number from 0 to 1"},
        {"no/such.csv", "no/such.csv: cannot be read: No such file or directory"},
        {"no/such", "no/such: say where its labels are, with labels=FILE"},
        {"moons:n=2,test=0.9", "moons: of 2 examples none is left to train with"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Status status = status_ok();
        Data data;
        assert_false(data_open(&data, rows[i].text, 1, &status));
        if (strncmp(status.message, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("%s: '%s', not '%s'", rows[i].text, status.message, rows[i].message);
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_null(data.dataset);
    }
}

/* Points by hand. */

static HandPoints read_points(const char *text) {
    Status status = status_ok();
    HandPoints points = {0};
    if (!hand_points_read(&points, text, &status)) fail_msg("%s: %s", text, status.message);
    return points;
}

static void open_with(Data *data, const char *text, const char *by_hand) {
    Status status = status_ok();
    HandPoints points = read_points(by_hand);
    if (!data_open_in(data, NULL, text, &points, 1, &status)) fail_msg("%s: %s", text, status.message);
    hand_points_finish(&points);
}

/* The file that somebody would write by hand, without its folder. */
static void write_file(const char *name, const char *text) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void check_same_part(const Data *a, Part of_a, const Data *b, Part of_b) {
    assert_int_equal(of_a.n, of_b.n);
    if (of_a.n == 0) return;
    assert_memory_equal(
        a->dataset->inputs + 2 * of_a.first, b->dataset->inputs + 2 * of_b.first, 2 * of_a.n * sizeof(float));
    assert_memory_equal(
        a->dataset->labels + of_a.first, b->dataset->labels + of_b.first, of_a.n * sizeof(int32_t));
}

/* Nothing but points is the file with the same rows. */
static void test_points_are_a_file_of_them(void **state) {
    (void)state;
    Data file, canvas;
    write_file("slalom-by-hand.csv", "x,y,class\n0.25,-1,1\n1e-3,0.5,0\n-0.1,0.7,1\n");
    open_good(&file, "slalom-by-hand.csv:validation=0,test=0,standardise=0");
    remove("slalom-by-hand.csv");
    open_with(&canvas, "points", "0.25,-1,1; 0.001,0.5,0;\n-0.1, 0.7, 1;");
    check_same_part(&file, file.split.training, &canvas, canvas.split.training);
    assert_int_equal(canvas.split.validation.n + canvas.split.test.n, 0);
    assert_true(canvas.is_canvas && !canvas.is_blank);
    data_finish(&file);
    data_finish(&canvas);
}

/* They stand behind the training examples, and all else is as it was. */
static void test_points_join_the_training_part(void **state) {
    (void)state;
    Data alone, data;
    open_good(&alone, "moons:n=40");
    open_with(&data, "moons:n=40", "0.5,0.25,1; 3=none; 1=1; -2,2,0; 2=0");
    const size_t n = alone.split.training.n;
    assert_int_equal(data.split.training.n, n + 1);
    check_same_part(&alone, alone.split.validation, &data, data.split.validation);
    check_same_part(&alone, alone.split.test, &data, data.split.test);
    check_same_part(&alone, (Part){3, n - 3}, &data, (Part){2, n - 3});
    assert_memory_equal(alone.dataset->inputs, data.dataset->inputs, 4 * sizeof(float));
    assert_int_equal(data.dataset->labels[0], 1);
    assert_int_equal(data.dataset->labels[1], 0);
    const float added[] = {0.5F, 0.25F, -2, 2};
    assert_memory_equal(data.dataset->inputs + 2 * (n - 1), added, sizeof added);
    assert_int_equal(data.dataset->labels[n - 1], 1);
    assert_int_equal(data.dataset->labels[n], 0);
    assert_int_equal(data_origin(&data, 0), 1);
    assert_int_equal(data_origin(&data, 2), 4);
    assert_int_equal(data_origin(&data, n - 1), -1);
    assert_int_equal(data_origin(&data, n), -4);
    assert_int_equal(data_origin(&data, n + 1), 0); /* of validation */
    assert_int_equal(data_origin(&alone, n - 1), n);
    data_finish(&alone);
    data_finish(&data);
}

/* In the file's units, by its own examples' mean and deviation, which they do not move. */
static void test_points_are_standardised_with_the_data(void **state) {
    (void)state;
    Data data;
    write_file("slalom-by-hand.csv", "x,y,class\n10,1,0\n30,1,1\n10,3,0\n30,3,1\n");
    open_with(&data, "slalom-by-hand.csv:validation=0,test=0", "40,2,1");
    remove("slalom-by-hand.csv");
    const float expected[] = {-1, -1, 1, -1, -1, 1, 1, 1, 2, 0};
    for (int i = 0; i < 10; i++) assert_near((double)data.dataset->inputs[i], (double)expected[i], 1e-6);
    assert_near(data.scale.shift[0], 20, 1e-12);
    assert_near(data.scale.scale[1], 1, 1e-12);
    data_finish(&data);
}

static void test_points_of_a_curve(void **state) {
    (void)state;
    Data alone, data;
    open_good(&alone, "sine:n=20");
    open_with(&data, "sine:n=20", "0.5,3; 2=none");
    const size_t n = alone.split.training.n;
    assert_int_equal(data.split.training.n, n);
    assert_true(data.dataset->inputs[n - 1] == 0.5F && data.dataset->targets[n - 1] == 3);
    assert_true(data.dataset->targets[0] == alone.dataset->targets[0]);
    assert_memory_equal(data.dataset->targets + 1, alone.dataset->targets + 2, (n - 2) * sizeof(float));
    assert_memory_equal(data.dataset->targets + n, alone.dataset->targets + n, (20 - n) * sizeof(float));
    data_finish(&alone);
    data_finish(&data);
}

/* One in so many is kept for validation, and stays there when more points come. */
static void test_canvas_has_validation(void **state) {
    (void)state;
    Data data;
    open_with(&data, "points:validation=0.4,classes=3", "1,0,0; 2,0,1; 3,0,2; 4,0,0; 5,0,1; 6,0,2; 7,0,2");
    const float learnt[] = {1, 2, 4, 6, 7}, kept[] = {3, 5};
    assert_int_equal(data.split.training.n, 5);
    assert_int_equal(data.split.validation.n, 2);
    for (int i = 0; i < 5; i++) assert_true(data.dataset->inputs[2 * i] == learnt[i]);
    for (int i = 0; i < 2; i++) assert_true(data.dataset->inputs[2 * (5 + i)] == kept[i]);
    assert_int_equal(data_origin(&data, 5), -3);
    data_finish(&data);
    open_with(&data, "points", "");
    assert_true(data.is_blank);
    assert_int_equal(data.split.training.n, 1);
    data_finish(&data);
}

/* One from each of as many equal stretches, with all that belongs to it, and not all of one class where
 * classes take turns. */
static void test_a_sample_is_even(void **state) {
    (void)state;
    enum { N = 1000, FIRST = 100, PART = 800, MOST = 100, STRETCH = PART / MOST };
    Status status = status_ok();
    Dataset *all = dataset_create(N, 1, 2, false, &status);
    for (int i = 0; i < N; i++) {
        all->inputs[i] = (float)i;
        all->labels[i] = i % 2;
    }
    Dataset *some = dataset_sample(all, (Part){FIRST, PART}, MOST, &status);
    assert_int_equal(some->n, MOST);
    int ones = 0;
    for (int i = 0; i < MOST; i++) {
        const int from = (int)some->inputs[i];
        assert_in_range(from, FIRST + i * STRETCH, FIRST + (i + 1) * STRETCH - 1);
        assert_int_equal(some->labels[i], from % 2);
        ones += some->labels[i];
    }
    assert_in_range(ones, 40, 60);
    dataset_destroy(some);
    some = dataset_sample(all, (Part){FIRST, MOST}, PART, &status);
    assert_int_equal(some->n, MOST);
    for (int i = 0; i < MOST; i++) assert_true(some->inputs[i] == (float)(FIRST + i));
    dataset_destroy(some);
    dataset_destroy(all);
}

static void test_points_refuse(void **state) {
    (void)state;
    static const struct {
        const char *data, *points, *message;
    } rows[] = {
        {"moons", "1,2", "point 1 has no class: X,Y,CLASS"},
        {"moons", "0,0,1; 1,2,2", "point 2 is of class 2; there are 0 to 1"},
        {"sine", "1,2,0", "point 1 has a class; a curve has none"},
        {"iris", "1,2,0", "points by hand need data with two inputs and classes, or"},
        {"moons:n=10", "9=0", "there is no training example 9; there are 7"},
        {"moons:n=2,validation=0,test=0", "1=none;2=none", "of 2 training examples none is left"},
        {"points", "1=0", "there is no training example 1; there are 0"},
    };
    static const char *const texts[] = {"1", "1,2,x", "1,2,1.5", "1,2,-1", "x=1", "0=1", "1=", "1=x",
        "1,2,3,4", "nan,1,1", "1e10,0,1", ";", "1,2,1;;1,2,1", "1=0;1=1", "1,2,1 1,2,1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Status status = status_ok();
        Data data;
        HandPoints points = read_points(rows[i].points);
        assert_false(data_open_in(&data, NULL, rows[i].data, &points, 1, &status));
        if (strncmp(status.message, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("%s: '%s', not '%s'", rows[i].points, status.message, rows[i].message);
        hand_points_finish(&points);
    }
    HandPoints points = read_points("1,2,1");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Status status = status_ok();
        if (hand_points_read(&points, texts[i], &status)) fail_msg("'%s' was read", texts[i]);
        assert_int_equal(status.code, STATUS_BAD_INPUT);
        assert_int_equal(points.n, 1);
    }
    while (hand_points_put(&points, (HandPoint){.label = 1})) continue;
    assert_int_equal(points.n, HAND_POINTS_MAX);
    assert_false(hand_points_put(&points, (HandPoint){.example = 1}));
    hand_points_finish(&points);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_reads),
        cmocka_unit_test(test_csv_classes_sort_as_numbers),
        cmocka_unit_test(test_csv_regression),
        cmocka_unit_test(test_csv_refuses),
        cmocka_unit_test(test_csv_refuses_many_classes),
        cmocka_unit_test(test_idx_reads),
        cmocka_unit_test(test_idx_refuses),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_split_is_stratified),
        cmocka_unit_test(test_split_keeps_a_given_test_set),
        cmocka_unit_test(test_copies_are_of_training_alone),
        cmocka_unit_test(test_sorting_is_by_class_and_stable),
        cmocka_unit_test(test_a_rare_class_has_its_share),
        cmocka_unit_test(test_standardise_uses_training_only),
        cmocka_unit_test(test_generators),
        cmocka_unit_test(test_generator_examples_do_not_depend_on_the_count),
        cmocka_unit_test(test_points_are_a_file_of_them),
        cmocka_unit_test(test_points_join_the_training_part),
        cmocka_unit_test(test_points_are_standardised_with_the_data),
        cmocka_unit_test(test_points_of_a_curve),
        cmocka_unit_test(test_canvas_has_validation),
        cmocka_unit_test(test_points_refuse),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_every_generator_by_name),
        cmocka_unit_test(test_data_may_have_a_seed_of_their_own),
        cmocka_unit_test(test_a_sample_is_even),
        cmocka_unit_test(test_data_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
