/* Text, numbers, names, vectors, random numbers, the thread pool, output files. */
#include "test.h"

#include "file.h"
#include "pool.h"
#include "rng.h"
#include "status.h"
#include "text.h"
#include "vec.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void numbers_are_read_strictly(void **state) {
    (void)state;
    double value = 0;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"1", 1}, {"-2.5", -2.5}, {"+3", 3}, {".5", 0.5}, {"1e-3", 1e-3}, {"2.", 2}, {"1E4", 1e4}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(text_parse_number(good[i].text, &value));
        assert_true(value == good[i].value);
    }
    static const char *const bad[] = {
        "", " 1", "1 ", "1x", "nan", "inf", "-inf", "0x10", "1e999", "--1", "e5", "1,5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(text_parse_number(bad[i], &value));
}

static void integers_are_read_strictly(void **state) {
    (void)state;
    long long value = 0;
    assert_true(text_parse_integer("42", 0, 100, &value) && value == 42);
    assert_true(text_parse_integer("1e6", 0, 10000000, &value) && value == 1000000);
    assert_true(text_parse_integer("9007199254740993", 0, INT64_MAX, &value) && value == 9007199254740993);
    assert_false(text_parse_integer("1.5", 0, 100, &value));
    assert_false(text_parse_integer("-1", 0, 100, &value));
    assert_false(text_parse_integer("101", 0, 100, &value));
    assert_false(text_parse_integer("", 0, 100, &value));
}

static void shortest_number_reads_back(void **state) {
    (void)state;
    static const double values[] = {0.1, 1e-8, 1.0 / 3, 123456789, 1e300, DBL_MIN, -2.5, 0};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char text[32];
        text_format_number(text, sizeof text, values[i]);
        assert_true(strtod(text, NULL) == values[i]);
    }
    char text[32];
    text_format_number(text, sizeof text, 0.1);
    assert_string_equal(text, "0.1");
}

static void json_strings_are_escaped(void **state) {
    (void)state;
    Text text = {0};
    text_append_json(&text, "a\"b\\c\n");
    assert_string_equal(text_string(&text), "\"a\\\"b\\\\c\\u000a\"");
    text_finish(&text);
}

static void nearest_name_is_found_or_none(void **state) {
    (void)state;
    static const char *const names[] = {"adam", "adagrad", "rmsprop", "momentum"};
    assert_string_equal(text_nearest("adm", names, 4, sizeof names[0]), "adam");
    assert_string_equal(text_nearest("Rmsprp", names, 4, sizeof names[0]), "rmsprop");
    assert_string_equal(text_nearest("mom", names, 4, sizeof names[0]), "momentum");
    assert_string_equal(text_nearest("adma", names, 4, sizeof names[0]), "adam");
    assert_null(text_nearest("zzzzzz", names, 4, sizeof names[0]));
}

static void printable_is_utf8_without_controls(void **state) {
    (void)state;
    assert_true(text_is_printable("Adam κ=5"));
    assert_false(text_is_printable("a\nb"));
    assert_false(text_is_printable("\xff"));
    assert_false(text_is_printable("\xc3"));
    assert_false(text_is_printable("\x7f"));
    char text[] = "a\xff\xce\xba\x01\nb\xc3";
    text_make_printable(text);
    assert_string_equal(text, "a?\xce\xba?\nb?");
}

static void status_prefix_goes_in_front(void **state) {
    (void)state;
    Status status = status_ok();
    assert_false(status_fail(&status, STATUS_BAD_INPUT, "no %s", "luck"));
    assert_false(status_prefix(&status, "--start"));
    assert_string_equal(status.message, "--start: no luck");
    assert_int_equal(status.code, STATUS_BAD_INPUT);
}

static void norm_survives_the_ends_of_the_range(void **state) {
    (void)state;
    double plain[] = {3, 4}, huge[] = {3e200, 4e200}, tiny[] = {3e-200, 4e-200}, bad[] = {1, NAN},
           none[] = {0, 0};
    Vec vec = vec_of_f64(plain, 2);
    assert_true(vec_norm(&vec) == 5);
    assert_true(vec_largest(&vec) == 4);
    assert_true(vec_distance_from(&vec, (double[]){2.5, 7}) == 3);
    vec = vec_of_f64(huge, 2);
    assert_near(vec_norm(&vec) / 1e200, 5, 1e-15);
    vec = vec_of_f64(tiny, 2);
    assert_near(vec_norm(&vec) * 1e200, 5, 1e-15);
    vec = vec_of_f64(bad, 2);
    assert_true(isnan(vec_norm(&vec)));
    assert_true(isnan(vec_largest(&vec)));
    assert_true(isnan(vec_distance_from(&vec, plain)));
    vec = vec_of_f64(none, 2);
    assert_true(vec_norm(&vec) == 0);
}

/* 1, 2, .. m: the squares add up to m (m + 1)(2 m + 1)/6. */
static void long_norms_are_the_same_on_any_number_of_threads(void **state) {
    (void)state;
    static const size_t lengths[] = {1, 65535, 65536, 65537, 200003, 5000001};
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
        const size_t n = lengths[k];
        const Vec vec = {.n = n, .precision = PRECISION_F32, .data = malloc(n * sizeof(float))};
        for (size_t i = 0; i < n; i++) vec.f32[i] = (float)(i + 1);
        const double m = (double)n, norm = vec_norm(&vec);
        assert_near(norm / sqrt(m * (m + 1) * (2 * m + 1) / 6), 1, 1e-13);
        for (int workers = 0; workers < 4; workers++) {
            Pool *pool = pool_create(workers);
            assert_true(vec_norm_shared(&vec, pool) == norm);
            pool_destroy(pool);
        }
        free(vec.data);
    }
}

/* The first numbers of splitmix64 from seed 0, as its authors' reference code gives them. */
static void rng_is_splitmix64(void **state) {
    (void)state;
    Rng rng = rng_seed(0);
    assert_true(rng_next(&rng) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(rng_next(&rng) == UINT64_C(0x6e789e6aa1b965f4));
    for (int i = 0; i < 1000; i++) {
        double u = rng_uniform(&rng, -2, 3);
        assert_true(u >= -2 && u < 3);
    }
}

static void count_turn(void *context, int index, int worker) {
    (void)worker;
    ((int *)context)[index]++;
}

static void pool_does_every_turn_once(void **state) {
    (void)state;
    for (int workers = 0; workers <= 3; workers++) {
        Pool *pool = pool_create(workers);
        assert_true(pool_width(pool) >= 1 && pool_width(pool) <= workers + 1);
        for (int n = 0; n < 200; n += 13) {
            int counts[200] = {0};
            pool_run(pool, n, count_turn, counts);
            for (int i = 0; i < n; i++) assert_int_equal(counts[i], 1);
        }
        pool_destroy(pool);
    }
    pool_destroy(NULL);
}

/* Loop after loop, each over what the one before has written: none begins early, no turn is lost. */
static void pool_keeps_loops_apart(void **state) {
    (void)state;
    for (int workers = 0; workers < 4; workers++) {
        for (int alert = 0; alert < 2; alert++) {
            Pool *pool = pool_create(workers);
            pool_set_alert(pool, alert);
            int counts[8] = {0};
            for (int loop = 0; loop < 5000; loop++) pool_run(pool, 2 + loop % 7, count_turn, counts);
            for (int i = 0, expected = 0; i < 8; i++, expected = 0) {
                for (int loop = 0; loop < 5000; loop++) expected += i < 2 + loop % 7;
                assert_int_equal(counts[i], expected);
            }
            pool_destroy(pool);
        }
    }
}

static void output_appears_whole_or_not_at_all(void **state) {
    (void)state;
    char folder[] = "slalom-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out.txt", folder);
    Status status = status_ok();
    Output output;
    assert_true(output_open(&output, path, &status));
    fputs("half", output.file);
    assert_int_not_equal(access(path, F_OK), 0);
    output_abandon(&output);
    assert_int_not_equal(access(path, F_OK), 0);

    assert_true(output_open(&output, path, &status));
    fputs("whole", output.file);
    assert_true(output_commit(&output, &status));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 5);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left behind */
}

static void output_reports_a_full_disk(void **state) {
    (void)state;
    Status status = status_ok();
    Output output;
    if (access("/dev/full", W_OK) != 0) skip();
    assert_true(output_open(&output, "/dev/full", &status));
    fputs("bytes", output.file);
    assert_false(output_commit(&output, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    assert_false(output_open(&output, "/no/such/folder/file", &status));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(integers_are_read_strictly),
        cmocka_unit_test(shortest_number_reads_back),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(nearest_name_is_found_or_none),
        cmocka_unit_test(printable_is_utf8_without_controls),
        cmocka_unit_test(status_prefix_goes_in_front),
        cmocka_unit_test(norm_survives_the_ends_of_the_range),
        cmocka_unit_test(long_norms_are_the_same_on_any_number_of_threads),
        cmocka_unit_test(rng_is_splitmix64),
        cmocka_unit_test(pool_does_every_turn_once),
        cmocka_unit_test(pool_keeps_loops_apart),
        cmocka_unit_test(output_appears_whole_or_not_at_all),
        cmocka_unit_test(output_reports_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
