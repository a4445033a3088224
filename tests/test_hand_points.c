/* Points by hand: where they stand among the data, and what is refused. */
#include "test.h"

#include "data_case.h"

#include <stdio.h>
#include <string.h>

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

/* Also where they have copies, or another order. */
static void test_origins_are_where_examples_come_from(void **state) {
    (void)state;
    static const char *const texts[] = {
        "moons:n=40,copies=3", "moons:n=40,sorted=1", "moons:n=40,copies=2,sorted=1"};
    static const float added[] = {0.5F, 0.25F};
    Data plain;
    open_good(&plain, "moons:n=40");
    for (int k = 0; k < 6; k++) {
        Data data;
        open_with(&data, texts[k / 2], k % 2 ? "0.5,0.25,1; 3=none" : "");
        int by_hand = 0;
        for (size_t i = 0; i < data.split.training.n; i++) {
            const int origin = data_origin(&data, i);
            const float *from = origin < 0 ? added : plain.dataset->inputs + 2 * (origin - 1);
            assert_true(origin == -1 || (origin > 0 && (size_t)origin <= plain.split.training.n));
            assert_memory_equal(data.dataset->inputs + 2 * i, from, 2 * sizeof *from);
            if (k % 2) assert_int_not_equal(origin, 3);
            by_hand += origin < 0;
        }
        assert_int_equal(by_hand, k % 2 == 0 ? 0 : k == 1 ? 3 : k == 3 ? 1 : 2);
        assert_int_equal(data_origin(&data, data.split.training.n), 0);
        data_finish(&data);
    }
    data_finish(&plain);
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
        cmocka_unit_test(test_points_are_a_file_of_them),
        cmocka_unit_test(test_points_join_the_training_part),
        cmocka_unit_test(test_origins_are_where_examples_come_from),
        cmocka_unit_test(test_points_are_standardised_with_the_data),
        cmocka_unit_test(test_points_of_a_curve),
        cmocka_unit_test(test_canvas_has_validation),
        cmocka_unit_test(test_points_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
