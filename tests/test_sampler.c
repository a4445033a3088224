/* Every way of sampling: which examples a step gets, against what the way promises. */
#include "test.h"

#include "sampler.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { N = 103, FIRST = 5, ALL = FIRST + N + 4 };

/* Every example has its number in the part as input; class 2 is rare, class 1 has none. */
static Dataset *numbered(void) {
    Status status = status_ok();
    Dataset *dataset = dataset_create(ALL, 1, 3, false, &status);
    assert_non_null(dataset);
    for (int i = 0; i < ALL; i++) {
        dataset->inputs[i] = (float)(i - FIRST);
        dataset->labels[i] = i % 20 == 7 ? 2 : 0;
    }
    return dataset;
}

static Sampler *create(const Dataset *dataset, SamplingKind kind, size_t batch, uint64_t seed) {
    Status status = status_ok();
    const SamplerSpec spec = {.kind = kind, .batch = batch, .seed = seed};
    Sampler *sampler = sampler_create(dataset, (Part){FIRST, N}, NULL, &spec, &status);
    if (!sampler) fail_msg("%s", status.message);
    return sampler;
}

/* The examples of an epoch, in order; checks that rows are whole. */
static size_t take_epoch(Sampler *sampler, const Dataset *dataset, uint64_t epoch, int *examples) {
    size_t n = 0;
    uint64_t steps = sampler_epoch_steps(sampler);
    for (uint64_t k = 0; k < steps; k++) {
        Batch batch;
        sampler_take(sampler, epoch * steps + k, &batch);
        assert_int_equal(batch.n_in, 1);
        uint64_t before = sampler_examples(sampler, epoch * steps + k);
        assert_int_equal(sampler_examples(sampler, epoch * steps + k + 1) - before, batch.size);
        for (int i = 0; i < batch.size; i++) {
            int example = (int)batch.inputs[i];
            assert_in_range(example, 0, N - 1);
            assert_int_equal(batch.labels[i], dataset->labels[FIRST + example]);
            examples[n++] = example;
        }
    }
    return n;
}

static bool is_permutation(const int *examples, size_t n) {
    bool seen[N] = {false};
    for (size_t i = 0; i < n; i++) {
        if (seen[examples[i]]) return false;
        seen[examples[i]] = true;
    }
    return n == N;
}

/* Long rows, which a pool's threads bring together, are the same examples as without it. */
static void test_threads(void **state) {
    (void)state;
    enum { WIDE = 700 };
    Status status = status_ok();
    Dataset *dataset = dataset_create(ALL, WIDE, 3, false, &status);
    assert_non_null(dataset);
    for (int i = 0; i < ALL * WIDE; i++) dataset->inputs[i] = (float)i;
    for (int i = 0; i < ALL; i++) dataset->labels[i] = i % 3;
    Pool *pool = pool_create(2);
    for (SamplingKind kind = SAMPLING_SHUFFLE; kind <= SAMPLING_BALANCED; kind++) {
        Sampler *alone = create(dataset, kind, 99, 4), *shared = create(dataset, kind, 99, 4);
        sampler_set_pool(shared, pool);
        for (uint64_t step = 0; step < 6; step++) {
            Batch expected, batch;
            sampler_take(alone, step, &expected);
            sampler_take(shared, step, &batch);
            assert_int_equal(batch.size, expected.size);
            for (int i = 0; i < batch.size; i++) {
                const int example = (int)expected.inputs[i * WIDE] / WIDE;
                assert_int_equal(batch.labels[i], example % 3);
                assert_memory_equal(
                    batch.inputs + i * WIDE, dataset->inputs + example * WIDE, WIDE * sizeof(float));
            }
        }
        sampler_destroy(alone), sampler_destroy(shared);
    }
    pool_destroy(pool);
    dataset_destroy(dataset);
}

static void test_epochs(void **state) {
    (void)state;
    Dataset *dataset = numbered();
    static const size_t batches[] = {1, 10, 103, 102, 0};
    for (size_t b = 0; b < sizeof batches / sizeof batches[0]; b++)
        for (SamplingKind kind = SAMPLING_SHUFFLE; kind <= SAMPLING_NEVER; kind++) {
            Sampler *sampler = create(dataset, kind, batches[b], 1);
            size_t size = batches[b] ? batches[b] : N;
            assert_int_equal(sampler_batch_max(sampler), size);
            assert_int_equal(sampler_epoch_steps(sampler), (N + size - 1) / size);
            int first[N], second[N];
            assert_true(is_permutation(first, take_epoch(sampler, dataset, 0, first)));
            assert_true(is_permutation(second, take_epoch(sampler, dataset, 1, second)));
            bool same = memcmp(first, second, sizeof first) == 0, sorted = true;
            for (int i = 0; i < N; i++) sorted = sorted && first[i] == i;
            bool whole = size == N;
            assert_int_equal(same, whole || kind != SAMPLING_SHUFFLE);
            assert_int_equal(sorted, whole || kind == SAMPLING_NEVER);
            sampler_destroy(sampler);
        }
    dataset_destroy(dataset);
}

/* Any step at any time gives the same batch; another seed another. */
static void test_a_step_is_a_step(void **state) {
    (void)state;
    Dataset *dataset = numbered();
    for (SamplingKind kind = SAMPLING_SHUFFLE; kind <= SAMPLING_BALANCED; kind++) {
        Sampler *a = create(dataset, kind, 10, 1), *b = create(dataset, kind, 10, 1);
        Sampler *other = create(dataset, kind, 10, 2);
        int differ = 0;
        static const uint64_t steps[] = {7, 40, 0, 39, 40, 1000000, 3};
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            Batch x, y, z;
            for (uint64_t k = 0; k < 3; k++) sampler_take(b, k + i, &y);
            sampler_take(a, steps[i], &x);
            sampler_take(b, steps[i], &y);
            sampler_take(other, steps[i], &z);
            assert_int_equal(x.size, y.size);
            assert_memory_equal(x.inputs, y.inputs, (size_t)x.size * sizeof(float));
            differ += memcmp(x.inputs, z.inputs, (size_t)x.size * sizeof(float)) != 0;
        }
        assert_int_equal(differ > 0, kind != SAMPLING_NEVER);
        sampler_destroy(a);
        sampler_destroy(b);
        sampler_destroy(other);
    }
    dataset_destroy(dataset);
}

/* Each example comes about as often as any other: chi squared within 5 deviations of its mean. */
static void test_replacement_is_uniform(void **state) {
    (void)state;
    enum { EPOCHS = 400 };
    Dataset *dataset = numbered();
    Sampler *sampler = create(dataset, SAMPLING_REPLACEMENT, 10, 3);
    int counts[N] = {0}, examples[N], repeated = 0;
    for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
        assert_int_equal(take_epoch(sampler, dataset, epoch, examples), N);
        repeated += !is_permutation(examples, N);
        for (int i = 0; i < N; i++) counts[examples[i]]++;
    }
    double chi = 0;
    for (int i = 0; i < N; i++) chi += pow(counts[i] - EPOCHS, 2) / EPOCHS;
    assert_true(fabs(chi - (N - 1)) < 5 * sqrt(2 * (N - 1)));
    assert_int_equal(repeated, EPOCHS);
    sampler_destroy(sampler);
    dataset_destroy(dataset);
}

static void test_shuffle_is_uniform(void **state) {
    (void)state;
    enum { EPOCHS = 4000 };
    Dataset *dataset = numbered();
    Sampler *sampler = create(dataset, SAMPLING_SHUFFLE, 1, 3);
    int counts[N] = {0};
    for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
        Batch batch;
        sampler_take(sampler, epoch * N + 50, &batch);
        counts[(int)batch.inputs[0]]++;
    }
    double chi = 0, mean = (double)EPOCHS / N;
    for (int i = 0; i < N; i++) chi += pow(counts[i] - mean, 2) / mean;
    assert_true(fabs(chi - (N - 1)) < 5 * sqrt(2 * (N - 1)));
    sampler_destroy(sampler);
    dataset_destroy(dataset);
}

static void test_balanced(void **state) {
    (void)state;
    Dataset *dataset = numbered();
    Sampler *sampler = create(dataset, SAMPLING_BALANCED, 9, 1);
    int rare = 0;
    for (uint64_t step = 0; step < 11; step++) {
        Batch batch;
        sampler_take(sampler, step, &batch);
        int here = 0;
        for (int i = 0; i < batch.size; i++) here += batch.labels[i] == 2;
        assert_true(here == 4 || here == 5);
        rare += here;
    }
    assert_in_range(rare, 44, 55);
    sampler_destroy(sampler);
    dataset_destroy(dataset);
}

static void test_hardest_first(void **state) {
    (void)state;
    Dataset *dataset = numbered();
    Sampler *sampler = create(dataset, SAMPLING_HARDEST, 10, 1),
            *other = create(dataset, SAMPLING_HARDEST, 10, 1);
    uint64_t steps = sampler_epoch_steps(sampler);
    assert_int_equal(steps, 6);
    for (int epoch = 0; epoch < 3; epoch++) {
        float losses[N];
        int examples[N];
        for (int i = 0; i < N; i++) losses[i] = (float)((i * 37 + epoch) % N);
        losses[4] = NAN;
        sampler_rank(sampler, (uint64_t)epoch, losses);
        assert_int_equal(take_epoch(sampler, dataset, (uint64_t)epoch, examples), (N + 1) / 2);
        int expected = N - 1, missed = (4 * 37 + epoch) % N; /* the one without a number */
        for (int i = 0; i < (N + 1) / 2; i++, expected--) {
            if (expected == missed) expected--;
            assert_int_equal((examples[i] * 37 + epoch) % N, expected);
        }
    }
    uint64_t epoch;
    size_t n;
    const uint32_t *order = sampler_order(sampler, &epoch, &n);
    assert_int_equal(epoch, 2);
    assert_int_equal(n, N);
    sampler_set_order(other, epoch, order);
    Batch a, b;
    sampler_take(sampler, 2 * steps + 1, &a);
    sampler_take(other, 2 * steps + 1, &b);
    assert_memory_equal(a.inputs, b.inputs, 10 * sizeof(float));
    sampler_destroy(sampler);
    sampler_destroy(other);
    dataset_destroy(dataset);
}

static void test_endless(void **state) {
    (void)state;
    Status status = status_ok();
    GeneratorSpec row = generator_defaults(generator_find("moons"));
    Generator *generator = generator_create(&row, &status);
    Dataset *dataset = generator_dataset(generator, 40, 9, &status);
    const SamplerSpec spec = {.kind = SAMPLING_ENDLESS, .batch = 8, .seed = 9};
    Sampler *sampler = sampler_create(dataset, (Part){0, 28}, generator, &spec, &status);
    assert_int_equal(sampler_epoch_steps(sampler), 4);
    /* Together with the data set they are the first examples of the stream. */
    Dataset *longer = generator_dataset(generator, 40 + 56, 9, &status);
    size_t at = 40;
    for (uint64_t step = 0; step < 8; step++) {
        Batch batch;
        sampler_take(sampler, step, &batch);
        assert_int_equal(batch.size, step % 4 == 3 ? 4 : 8);
        size_t size = (size_t)batch.size;
        assert_memory_equal(batch.inputs, longer->inputs + 2 * at, 2 * size * sizeof(float));
        assert_memory_equal(batch.labels, longer->labels + at, size * sizeof(int32_t));
        at += size;
    }
    dataset_destroy(longer);
    sampler_destroy(sampler);
    dataset_destroy(dataset);
    generator_destroy(generator);
}

/* So many steps in a row stay as they are together. */
static void test_stays_together(void **state) {
    (void)state;
    Dataset *dataset = numbered();
    for (int kind = SAMPLING_SHUFFLE; kind <= SAMPLING_BALANCED; kind++) {
        Sampler *sampler = create(dataset, (SamplingKind)kind, 7, 3),
                *other = create(dataset, (SamplingKind)kind, 7, 3);
        enum { MOST = 64 };
        Batch batches[MOST], batch;
        int ahead = sampler_source(sampler).ahead;
        assert_in_range(ahead, 2, MOST);
        for (int i = 0; i < ahead; i++) sampler_take(sampler, 5 + (uint64_t)i, &batches[i]);
        for (int i = 0; i < ahead; i++) {
            sampler_take(other, 5 + (uint64_t)i, &batch);
            assert_int_equal(batch.size, batches[i].size);
            assert_memory_equal(batch.inputs, batches[i].inputs,
                (size_t)batch.size * (size_t)batch.n_in * sizeof *batch.inputs);
            assert_memory_equal(batch.labels, batches[i].labels, (size_t)batch.size * sizeof *batch.labels);
            sampler_take(sampler, 5 + (uint64_t)i, &batch);
            assert_ptr_equal(batch.inputs, batches[i].inputs);
        }
        sampler_destroy(sampler);
        sampler_destroy(other);
    }
    dataset_destroy(dataset);
}

static void test_refuses(void **state) {
    (void)state;
    Status status = status_ok();
    Dataset *dataset = numbered(), *curve = dataset_create(ALL, 1, 1, true, &status);
    SamplerSpec spec = {.kind = SAMPLING_SHUFFLE, .batch = N + 1};
    const Part part = {FIRST, N};
    assert_null(sampler_create(dataset, part, NULL, &spec, &status));
    assert_string_equal(status.message, "a batch of 104 is larger than the 103 examples to train with");
    spec = (SamplerSpec){.kind = SAMPLING_BALANCED, .batch = 1};
    assert_null(sampler_create(curve, part, NULL, &spec, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    spec.kind = SAMPLING_ENDLESS;
    assert_null(sampler_create(dataset, part, NULL, &spec, &status));
    assert_int_equal(status.code, STATUS_BAD_INPUT);
    dataset_destroy(dataset);
    dataset_destroy(curve);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_epochs),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_a_step_is_a_step),
        cmocka_unit_test(test_replacement_is_uniform),
        cmocka_unit_test(test_shuffle_is_uniform),
        cmocka_unit_test(test_balanced),
        cmocka_unit_test(test_hardest_first),
        cmocka_unit_test(test_endless),
        cmocka_unit_test(test_stays_together),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
