/* Somebody who presses, drags, types and resizes at random for a long time: nothing fails, what is on screen
 * can always be written down and read back, and memory stays as it was.
 *
 * SLALOM_RANDOM_EVENTS says how many events, SLALOM_RANDOM_SEED which. The sanitizers see the rest. */
#include "stage.h"

#include "arguments.h"
#include "rng.h"
#include "words.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

enum { EVENTS = 400, LOOKS = 50, STEPS_MAX = 600 };

static const char *const begun_with[] = {
    "adam:lr=0.1", "momentum:lr=0.01", "mine: x -= lr*g | lr=0.02", NULL};

/* Bytes in use; 0 where the C library does not tell. */
static size_t bytes_in_use(void) {
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

static int64_t number_from(const char *variable, int64_t otherwise) {
    const char *text = getenv(variable);
    return text ? strtoll(text, NULL, 10) : otherwise;
}

static bool chance(Rng *rng, double p) {
    return rng_uniform(rng, 0, 1) < p;
}

static int pick(Rng *rng, int n) {
    return (int)rng_below(rng, (uint64_t)n);
}

/* Inside or a little outside; often on a control. */
static void random_point(const Stage *stage, Rng *rng, float *x, float *y) {
    const Ui *ui = &stage->viewer->ui;
    *x = (float)rng_uniform(rng, -20, stage->canvas->width + 20);
    *y = (float)rng_uniform(rng, -20, stage->canvas->height + 20);
    if (ui->n_controls == 0 || chance(rng, 0.4)) return;
    Rect rect = ui->controls[pick(rng, ui->n_controls)].seen;
    *x = rect.x + (float)rng_uniform(rng, 0, 1) * rect.width;
    *y = rect.y + (float)rng_uniform(rng, 0, 1) * rect.height;
}

static void send_pointer(Stage *stage, Rng *rng, EventType type, float x, float y) {
    send(stage, (Event){.type = type,
                    .x = x,
                    .y = y,
                    .button = chance(rng, 0.9) ? 1 : 1 + pick(rng, 3),
                    .clicks = 1 + pick(rng, 2),
                    .shift = chance(rng, 0.1),
                    .control = chance(rng, 0.1)});
}

static void press_or_drag(Stage *stage, Rng *rng) {
    float x, y;
    random_point(stage, rng, &x, &y);
    send_pointer(stage, rng, EVENT_POINTER_MOVE, x, y);
    send_pointer(stage, rng, EVENT_POINTER_DOWN, x, y);
    for (int moves = chance(rng, 0.5) ? 0 : pick(rng, 12); moves > 0; moves--) {
        x += (float)rng_uniform(rng, -60, 60);
        y += (float)rng_uniform(rng, -60, 60);
        send_pointer(stage, rng, EVENT_POINTER_MOVE, x, y);
        if (chance(rng, 0.3)) draw(stage);
    }
    /* Now and then it is let go outside of the window, and nobody hears of it. */
    if (chance(rng, 0.95)) send_pointer(stage, rng, EVENT_POINTER_UP, x, y);
}

static void press_key(Stage *stage, Rng *rng) {
    Event event = {.type = EVENT_KEY};
    if (chance(rng, 0.6)) {
        const KeyBinding *binding = &key_bindings[pick(rng, key_binding_count)];
        event.key = binding->key;
        event.shift = binding->shift;
        event.control = binding->control;
    } else {
        event.key = KEY_LEFT + pick(rng, KEY_F12 - KEY_LEFT + 1);
        event.shift = chance(rng, 0.3);
        event.control = chance(rng, 0.2);
    }
    if (!event.control && event.key >= ' ' && event.key < KEY_LEFT) snprintf(event.text, 2, "%c", event.key);
    send(stage, event);
}

static void type(Stage *stage, Rng *rng) {
    static const char *const texts[] = {"x^2 + y^2", "rosen", "0.1", "-", "1e-3", "(", ")", "*",
        "where a = 2", "\n", "é", "∇", "x", "lr", "; ", "99999", "adam", "beale"};
    const char *text = texts[pick(rng, sizeof texts / sizeof *texts)];
    if (chance(rng, 0.1)) {
        send(stage, (Event){.type = EVENT_PASTE, .pasted = text});
        return;
    }
    for (; *text; text += strcspn(text + 1, "\x7f"
                                            " !()*+-./0123456789;=^abcdefghijklmnopqrstuvwxyz") +
                          1) {
        Event event = {.type = EVENT_KEY, .key = (unsigned char)*text};
        size_t length = (unsigned char)*text < 0x80 ? 1 : strlen(text);
        snprintf(event.text, sizeof event.text, "%.*s", (int)length, text);
        send(stage, event);
    }
    if (chance(rng, 0.4)) key(stage, KEY_ENTER, false, chance(rng, 0.3));
    if (chance(rng, 0.2)) key(stage, KEY_ESCAPE, false, false);
}

static void turn_wheel(Stage *stage, Rng *rng) {
    Event event = {.type = EVENT_WHEEL, .scroll = (float)(pick(rng, 7) - 3)};
    random_point(stage, rng, &event.x, &event.y);
    send(stage, event);
}

static const float sizes[][2] = {{1280, 800}, {800, 600}, {2560, 1440}, {480, 320}, {640, 1200}, {60, 40}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void resize(Stage *stage, int size) {
    record_canvas_destroy(stage->record);
    stage->record = record_canvas_create(sizes[size][0], sizes[size][1]);
    stage->canvas = record_canvas_canvas(stage->record);
    draw(stage); /* as the window does before it hands on what the person does */
    send(stage, (Event){.type = EVENT_RESIZE});
}

/* Everything that grows to its size once has it afterwards. */
static void see_everything(Stage *stage) {
    static const Action actions[] = {ACTION_VIEW_SPACE, ACTION_VIEW_BOTH, ACTION_VIEW_FLAT, ACTION_PALETTE,
        ACTION_CLOSE, ACTION_HELP, ACTION_CLOSE, ACTION_NEXT_RACER, ACTION_THINK, ACTION_THINK};
    for (int size = 0; size < SIZES; size++) {
        resize(stage, size);
        for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
            viewer_act(stage->viewer, actions[i]);
            draw_finished(stage);
        }
    }
}

/* What is on screen, written down, is a command line that says the same. */
static void check_line(const Stage *stage) {
    Status status = status_ok();
    Text line = {0}, again = {0};
    Words words;
    Arguments arguments;
    Scene scene = viewer_scene(stage->viewer);
    scene_write(&scene, &line);
    if (!words_split(&words, text_string(&line), &status) ||
        !arguments_read(&arguments, COMMAND_WINDOW, words.n, words.words, &status))
        fail_msg("%s\n%s", status.message, text_string(&line));
    scene_write(&arguments.scene, &again);
    assert_string_equal(text_string(&line), text_string(&again));
    arguments_finish(&arguments);
    words_finish(&words);
    scene_finish(&scene);
    text_finish(&line);
    text_finish(&again);
}

/* A race of many steps takes time and shows nothing new. */
static void keep_it_short(Stage *stage) {
    Editor *editor = &stage->viewer->editor;
    if (editor->scene.steps <= STEPS_MAX && editor->scene.n_racers <= 12) return;
    Scene scene = make_scene("himmelblau", begun_with, STEPS, NULL);
    viewer_set_scene(stage->viewer, &scene);
    scene_finish(&scene);
}

static void act(Stage *stage, Rng *rng) {
    switch (pick(rng, 16)) {
    case 0: resize(stage, pick(rng, SIZES)); break;
    case 1:
    case 2: turn_wheel(stage, rng); break;
    case 3:
    case 4: type(stage, rng); break;
    case 5:
    case 6:
    case 7:
    case 8: press_key(stage, rng); break;
    default: press_or_drag(stage, rng); break;
    }
    viewer_take_request(stage->viewer);
    keep_it_short(stage);
    viewer_advance(stage->viewer, rng_uniform(rng, 0, 0.3));
    draw(stage);
}

/* The scene it began with, without its past: what is in use then should not depend on what was done. */
static size_t bytes_at_rest(Stage *stage) {
    Scene scene = make_scene("himmelblau", begun_with, STEPS, NULL);
    for (int i = 0; i <= EDITOR_PAST_MAX; i++) assert_true(viewer_set_scene(stage->viewer, &scene));
    key(stage, KEY_ESCAPE, false, false);
    key(stage, KEY_ESCAPE, false, false);
    resize(stage, 0);
    draw_finished(stage);
    scene_finish(&scene);
    return bytes_in_use();
}

static void random_use_breaks_nothing(void **state) {
    (void)state;
    int64_t events = number_from("SLALOM_RANDOM_EVENTS", is_quick() ? EVENTS / 2 : EVENTS);
    Rng rng = rng_seed((uint64_t)number_from("SLALOM_RANDOM_SEED", 1));
    Stage stage = stage_open("himmelblau", begun_with, 1280, 800);
    if (!is_quick()) see_everything(&stage);
    size_t before = bytes_at_rest(&stage);
    for (int64_t i = 0; i < events; i++) {
        act(&stage, &rng);
        if (i % LOOKS == 0) check_line(&stage);
    }
    size_t after = bytes_at_rest(&stage);
    if (!is_quick() && after > before + (1u << 20))
        fail_msg("%zu bytes at the beginning, %zu at the end", before, after);
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_use_breaks_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
