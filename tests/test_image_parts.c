/* What the view of images is made of: the class that outputs mean, the order in which images are shown, and
 * their pixels. */
#include "test.h"

#include "image_order.h"
#include "image_pixels.h"

#include <math.h>

/* A class by one output, and what speaks for both. */
static void test_classes_of_outputs(void **state) {
    (void)state;
    double beliefs[3];
    assert_int_equal(image_class_of(loss_find("logistic"), (const float[]){1}, 1, 2, beliefs), 1);
    assert_near(beliefs[1], 1 / (1 + exp(-1)), 1e-12);
    assert_near(beliefs[0] + beliefs[1], 1, 1e-12);
    assert_int_equal(image_class_of(loss_find("squared_class"), (const float[]){0.25F}, 1, 2, beliefs), 0);
    assert_near(beliefs[0], 0.75, 1e-12);
    const float outputs[] = {-1, 2, 0.5F};
    assert_int_equal(image_class_of(loss_find("cross_entropy"), outputs, 3, 3, beliefs), 1);
    const double sum = exp(-1) + exp(2) + exp(0.5);
    assert_near(beliefs[2], exp(0.5) / sum, 1e-12);
    assert_int_equal(image_class_of(loss_find("squared_class"), outputs, 3, 3, beliefs), 1);
    assert_true(beliefs[0] == 0 && beliefs[1] == 1 && beliefs[2] == 0.5);
}

/* Eight images of two classes, with these losses. */
static float order_losses[8] = {8, 7, 6, 5, 4, 3, 2, 1};
static int16_t order_classes[8] = {0, 1, 0, 1, 1, 1, 0, 1};

static void check_order(const ImageOrder *order, const int32_t *expected, int n) {
    assert_int_equal(order->n, n);
    for (int i = 0; i < n; i++) assert_int_equal(order->images[i], expected[i]);
}

/* While it is not settled an image stays in its place until it is no longer among twice as many. */
static void test_order_is_steady(void **state) {
    (void)state;
    Status status = status_ok();
    Dataset *dataset = dataset_create(8, 4, 2, false, &status);
    for (int i = 0; i < 8; i++) dataset->labels[i] = i / 4;
    const ImageSet set = {.dataset = dataset, .part = {0, 8}, .n = 8, .n_classes = 2};
    const ImageReview review = {.losses = order_losses, .classes = order_classes};
    const ImageCell none = {-1, -1};
    ImageOrder order = {.n = 0};
    image_order_follow(&order, &review, &set, none, 3, false);
    check_order(&order, (const int32_t[]){0, 1, 2}, 3);
    order_losses[1] = 3.5F; /* the fifth now: it stays */
    image_order_follow(&order, &review, &set, none, 3, false);
    check_order(&order, (const int32_t[]){0, 1, 2}, 3);
    order_losses[0] = 0.5F; /* the last: the hardest that is not there takes its place */
    image_order_follow(&order, &review, &set, none, 3, false);
    check_order(&order, (const int32_t[]){3, 1, 2}, 3);
    image_order_follow(&order, &review, &set, none, 3, true);
    check_order(&order, (const int32_t[]){2, 3, 4}, 3);
    image_order_follow(&order, &review, &set, none, 5, false);
    check_order(&order, (const int32_t[]){2, 3, 4, 1, 5}, 5);
    image_order_follow(&order, &review, &set, none, 2, false);
    check_order(&order, (const int32_t[]){2, 3}, 2);
    order_losses[6] = NAN; /* nothing is harder */
    image_order_follow(&order, &review, &set, none, 2, true);
    check_order(&order, (const int32_t[]){6, 2}, 2);
    image_order_follow(&order, &review, &set, (ImageCell){0, 1}, 5, true);
    check_order(&order, (const int32_t[]){3, 1}, 2);
    image_order_follow(&order, &review, &set, (ImageCell){1, 0}, 5, false);
    check_order(&order, (const int32_t[]){6}, 1);
    image_order_sample(&order, &set, 5);
    check_order(&order, (const int32_t[]){0, 4, 1, 5, 2}, 5);
    image_order_sample(&order, &set, 20); /* there are no more */
    assert_int_equal(order.n, 8);
    dataset_destroy(dataset);
}

/* Numbers become rectangles of pixels, and where there are fewer pixels, means. */
static void test_pixels(void **state) {
    (void)state;
    const float numbers[] = {0, 1, 0.5F, -3};
    const ImageNumbers image = {numbers, 2, 2};
    uint32_t pixels[36], shades[IMAGE_SHADES];
    image_shades_grey(shades);
    image_pixels(&image, 0, 1, shades, pixels, 6, 6);
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 6; x++) {
            const uint32_t grey = y < 3 ? (x < 3 ? 0 : 255) : (x < 3 ? 127 : 0);
            assert_int_equal(pixels[6 * y + x], 0xff000000u | grey * 0x10101u);
        }
    const float pair[] = {0.25F, 0.75F};
    const ImageNumbers line = {pair, 2, 1};
    image_pixels(&line, 0, 1, shades, pixels, 1, 1);
    assert_int_equal(pixels[0] & 0xff, 127);
    const Theme *themes[] = {&theme_dark, &theme_light};
    for (int i = 0; i < 2; i++) {
        const float signs[] = {-2, 0, 2};
        const ImageNumbers weights = {signs, 3, 1};
        image_shades_signed(themes[i], shades);
        image_pixels(&weights, -2, 2, shades, pixels, 3, 1);
        for (int j = 0; j < 3; j++) {
            const Colour colour = image_sign_colour(themes[i], j - 1);
            assert_int_equal(
                pixels[j], 0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b);
        }
        assert_true((pixels[0] & 0xff) < (pixels[0] >> 16 & 0xff)); /* orange */
        assert_true((pixels[2] & 0xff) > (pixels[2] >> 16 & 0xff)); /* blue */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes_of_outputs),
        cmocka_unit_test(test_order_is_steady),
        cmocka_unit_test(test_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
