/* Data: how they are split, what generators make, and what is opened by its name. Reading files is tested in
 * test_data_files.c, points by hand in test_hand_points.c. */
#include "test.h"

#include "data_case.h"

#include <stdlib.h>
#include <string.h>

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
    assert_true(dataset_sort(dataset, (Part){10, 70}, NULL, &status)); /* not the first and the last ones */
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
    int32_t origins[] = {7, -3, 9};
    memcpy(dataset->targets, targets, sizeof targets);
    assert_true(dataset_sort(dataset, (Part){0, 3}, origins, &status));
    assert_memory_equal(dataset->targets, sorted, sizeof sorted);
    assert_true(origins[0] == -3 && origins[1] == 9 && origins[2] == 7);
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

/* By name. */

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_is_stratified),
        cmocka_unit_test(test_split_keeps_a_given_test_set),
        cmocka_unit_test(test_copies_are_of_training_alone),
        cmocka_unit_test(test_sorting_is_by_class_and_stable),
        cmocka_unit_test(test_standardise_uses_training_only),
        cmocka_unit_test(test_generators),
        cmocka_unit_test(test_generator_examples_do_not_depend_on_the_count),
        cmocka_unit_test(test_a_rare_class_has_its_share),
        cmocka_unit_test(test_a_sample_is_even),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_every_generator_by_name),
        cmocka_unit_test(test_data_may_have_a_seed_of_their_own),
        cmocka_unit_test(test_data_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
