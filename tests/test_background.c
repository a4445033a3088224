/* Work beside its owner: nothing is lost, the owner gets in between slices, and no thread does the same. */
#include "background.h"
#include "clock.h"
#include "test.h"

#include <sched.h>
#include <stdatomic.h>

typedef struct Count {
    int done, aim;
    bool inside; /* a slice is under way */
} Count;

static bool count_on(void *context) {
    Count *count = context;
    count->inside = true;
    if (count->done < count->aim) count->done++;
    count->inside = false;
    return count->done < count->aim;
}

static void test_goes_on_to_the_end(void **state) {
    (void)state;
    for (int threaded = 0; threaded < 2; threaded++) {
        Count count = {0};
        Background *background = background_create(count_on, &count, threaded == 1);
        assert_non_null(background);
        assert_false(background_is_busy(background));
        background_lock(background);
        count.aim = 1000;
        background_unlock(background, true);
        background_finish(background);
        assert_false(background_is_busy(background));
        assert_int_equal(count.done, 1000);
        background_destroy(background);
    }
}

/* While the lock is held no slice runs and nothing moves; between two times it is held something may. */
static void test_stands_still_while_it_is_locked(void **state) {
    (void)state;
    Count count = {.aim = 1000000000};
    Background *background = background_create(count_on, &count, true);
    assert_non_null(background);
    background_lock(background);
    background_unlock(background, true);
    for (int i = 0; i < 200; i++) {
        background_lock(background);
        assert_false(count.inside);
        volatile const int *done = &count.done;
        int before = *done;
        for (int wait = 0; wait < 1000; wait++) assert_int_equal(*done, before);
        background_unlock(background, false);
    }
    assert_true(background_is_busy(background));
    background_destroy(background); /* in the middle of it */
}

/* An owner that never waits says again and again that there is more, in the middle of slices and between
 * them: none of it is lost. */
typedef struct Orders {
    atomic_int given, done;
} Orders;

static bool carry_out(void *context) {
    Orders *orders = context;
    atomic_store(&orders->done, atomic_load(&orders->given));
    return false;
}

static void test_is_woken_without_waiting(void **state) {
    (void)state;
    for (int threaded = 0; threaded < 2; threaded++) {
        Orders orders;
        atomic_init(&orders.given, 0);
        atomic_init(&orders.done, 0);
        Background *background = background_create(carry_out, &orders, threaded == 1);
        assert_non_null(background);
        for (int i = 1; i <= 20000; i++) {
            atomic_store(&orders.given, i);
            background_wake(background);
            if (i % 7) continue;
            background_finish(background);
            assert_int_equal(atomic_load(&orders.done), i);
        }
        background_destroy(background);
    }
}

static void test_works_in_the_owners_time(void **state) {
    (void)state;
    Count count = {.aim = 3};
    Background *background = background_create(count_on, &count, false);
    assert_non_null(background);
    background_work(background, 1);
    assert_int_equal(count.done, 0); /* asleep */
    background_lock(background);
    background_unlock(background, true);
    background_work(background, 0);
    assert_int_equal(count.done, 0);
    background_work(background, 10);
    assert_int_equal(count.done, 3);
    background_destroy(background);
}

/* A slice of a millisecond's work. */
static bool work_a_while(void *context) {
    Count *count = context;
    for (const double end_s = clock_work_s() + 1e-3; clock_work_s() < end_s;) continue;
    return count_on(count);
}

/* Work that takes a tenth is for nine tenths at rest, in which the owner gets in, however busy the machine
 * is; what is finished, or gets all the time there is, rests no more. */
static void test_takes_its_share(void **state) {
    (void)state;
    Count count = {.aim = 30};
    Background *background = background_create(work_a_while, &count, true);
    assert_non_null(background);
    background_set_share(background, 0.1);
    double begun_s = clock_now_s();
    background_lock(background);
    background_unlock(background, true);
    while (background_is_busy(background)) {
        background_lock(background);
        assert_false(count.inside);
        background_unlock(background, false);
        sched_yield();
    }
    assert_int_equal(count.done, 30);
    assert_true(clock_now_s() - begun_s >= 30e-3 + 29 * 9e-3);
    background_set_share(background, 1e-6); /* a rest of a second after each */
    for (int i = 0; i < 2; i++) {
        background_lock(background);
        count.aim += 20;
        background_unlock(background, true);
        begun_s = clock_now_s();
        if (i == 1) background_set_share(background, 1);
        background_finish(background);
        assert_int_equal(count.done, count.aim);
        assert_true(clock_now_s() - begun_s < 19);
    }
    background_lock(background);
    count.aim += 20;
    background_set_share(background, 1e-6);
    background_unlock(background, true);
    background_destroy(background);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goes_on_to_the_end),
        cmocka_unit_test(test_stands_still_while_it_is_locked),
        cmocka_unit_test(test_is_woken_without_waiting),
        cmocka_unit_test(test_works_in_the_owners_time),
        cmocka_unit_test(test_takes_its_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
