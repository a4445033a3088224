/* A lesson in the window: question, steps and explanation come one after the other and back, what a step
 * changes and points at is so, and texts stay legible in windows of any size. */
#include "stage.h"

#include "lesson.h"
#include "lesson_point.h"
#include "scene_file.h"

static const char lesson_text[] =
    "slalom: 1\n"
    "title: Ill-conditioning\n"
    "surface: ravine\n"
    "start: [-4, 1]\n"
    "steps: 200\n"
    "racers:\n"
    "  - sgd: {lr: 0.02, label: slow}\n"
    "  - momentum: {lr: 0.02}\n"
    "lesson:\n"
    "  number: 11\n"
    "  topic: Conditioning\n"
    "  question: |\n"
    "    Both follow the gradient, $\\nabla f = (x, \\kappa y)$. Which of the two arrives first?\n"
    "  steps:\n"
    "    - say: The valley is $\\kappa = 50$ times *steeper* across than along.\n"
    "      point: chart\n"
    "    - say: Now $\\kappa \\to 90$.\n"
    "      point: kappa\n"
    "      change: {set: {kappa: 90}, start: [-3, 1]}\n"
    "    - point: slow.lr\n"
    "      change: {all: {lr: 0.005}, view: both}\n"
    "    - say: A racer more.\n"
    "      point: momentum\n"
    "      change: {racers: [adam, momentum]}\n"
    "  explanation: |\n"
    "    The error along an eigenvector shrinks by $1 - \\eta\\lambda_i$ a step:\n"
    "\n"
    "    $e_i^{(t)} = (1 - \\eta \\lambda_i)^t \\, e_i^{(0)}, \\qquad \\rho = \\frac{\\kappa - 1}{\\kappa + "
    "1}$\n"
    "\n"
    "    With the best rate, $\\eta = \\frac{2}{\\lambda_{\\min} + \\lambda_{\\max}}$, the slowest direction "
    "still keeps\n"
    "    $\\rho$ of its error: the larger $\\kappa$, the closer $\\rho$ is to 1. Momentum averages the "
    "gradient; what\n"
    "    points to and fro across the valley cancels, what points along it adds up.\n"
    "\n"
    "    - Gradient descent needs about $\\kappa$ steps,\n"
    "    - momentum about $\\sqrt{\\kappa}$.\n"
    "  reference: A book, section 8.2.1\n"
    "  expect: [slow.loss(200) > momentum.loss(200)]\n";
enum { EXPLANATION = 5 };

static Scene lesson_scene(void) {
    Status status = status_ok();
    Scene scene;
    if (!scene_read_text(&scene, "lesson.yaml", NULL, lesson_text, strlen(lesson_text), &status))
        fail_msg("%s", status.message);
    return scene;
}

static Stage open_lesson(float width, float height) {
    Stage stage = stage_open_on(lesson_scene(), width, height, NULL);
    viewer_begin(stage.viewer, -1);
    draw(&stage);
    return stage;
}

static int stage_of(const Stage *stage) {
    return stage->viewer->course.stage;
}

/* Presses a key, and lets what it begins come to its end. */
static void go(Stage *stage, int which) {
    key(stage, which, false, false);
    draw(stage);
    for (int i = 0; i < 40; i++) viewer_advance(stage->viewer, 0.05);
    draw(stage);
}

/* To the first page of the next stage. */
static void go_on(Stage *stage) {
    int before = stage_of(stage);
    for (int i = 0; i < LESSON_PAGES_MAX && stage_of(stage) == before; i++) go(stage, KEY_RIGHT);
    assert_int_equal(stage_of(stage), before + 1);
}

static double kappa_of(const Stage *stage) {
    const Surface *surface = stage->viewer->running.surface;
    return surface->values[surface->formula->parameters[0].symbol];
}

static void the_question_comes_first(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    assert_int_equal(stage_of(&stage), 0);
    assert_true(stage.viewer->subject.veiled && !stage.viewer->playing);
    assert_non_null(record_canvas_find_text(stage.record, "Ill-conditioning"));
    assert_non_null(record_canvas_find_text(stage.record, "expect?"));
    assert_non_null(record_canvas_find_text(stage.record, "arrives"));
    assert_null(record_canvas_find_text(stage.record, "eigenvector"));
    go_on(&stage);
    assert_false(stage.viewer->subject.veiled);
    assert_true(stage.viewer->playing && viewer_step(stage.viewer) > 0);
    assert_non_null(record_canvas_find_text(stage.record, "steeper"));
    stage_close(&stage);
    stage = open_lesson(1280, 800); /* whoever presses Space wants to see it, too */
    key(&stage, ' ', false, false);
    assert_true(stage_of(&stage) == 1 && !stage.viewer->subject.veiled && stage.viewer->playing);
    stage_close(&stage);
}

static void steps_change_the_scene_and_back(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    const Scene *scene = &stage.viewer->editor.scene;
    go_on(&stage);
    assert_near(kappa_of(&stage), 50, 0);
    key(&stage, KEY_RIGHT, false, false); /* glides: */
    viewer_advance(stage.viewer, 0.8);
    assert_true(kappa_of(&stage) > 50 && kappa_of(&stage) < 90);
    assert_true(scene->start[0] > -4 && scene->start[0] < -3);
    for (int i = 0; i < 40; i++) viewer_advance(stage.viewer, 0.05);
    assert_near(kappa_of(&stage), 90, 0);
    assert_near(scene->start[0], -3, 0);
    assert_true(stage.viewer->playing); /* the new race is shown */
    go_on(&stage);
    assert_near(scene->racers[0].values[0], 0.005, 0);
    assert_int_equal(stage.viewer->ground.mode, VIEW_BOTH);
    go_on(&stage);
    assert_int_equal(scene->n_racers, 2);
    assert_string_equal(scene->racers[0].optimizer->name, "adam");
    go_on(&stage);
    assert_int_equal(stage_of(&stage), EXPLANATION);
    for (int i = 0; i < LESSON_PAGES_MAX && stage_of(&stage) > 3; i++) go(&stage, KEY_LEFT);
    assert_string_equal(scene->racers[0].label, "slow");
    assert_near(kappa_of(&stage), 90, 0);
    go(&stage, KEY_LEFT);
    assert_near(scene->racers[0].values[0], 0.02, 0);
    assert_int_equal(stage.viewer->ground.mode, VIEW_PLANE);
    go(&stage, KEY_LEFT);
    assert_near(kappa_of(&stage), 50, 0);
    assert_near(scene->start[0], -4, 0);
    go(&stage, KEY_LEFT);
    assert_true(stage_of(&stage) == 0 && stage.viewer->subject.veiled);
    stage_close(&stage);
}

/* What a person has changed meanwhile is there again on the way back; and a step is one change to undo. */
/* A step that says at which step the race shall be seen: it is played up to there. */
static void steps_stop_where_they_say(void **state) {
    (void)state;
    static const char text[] = "slalom: 1\n"
                               "title: Stops\n"
                               "surface: ravine\n"
                               "steps: 100\n"
                               "racers: [sgd]\n"
                               "lesson:\n"
                               "  question: Where?\n"
                               "  steps:\n"
                               "    - {say: Here., change: {at: 6}}\n"
                               "    - {say: And there., change: {at: 30}}\n"
                               "    - {say: Back., change: {at: 2}}\n"
                               "    - {say: Steeper., change: {set: {kappa: 90}, at: 4}}\n"
                               "    - {say: As before., change: {racers: [adam]}}\n"
                               "  explanation: So.\n";
    static const int64_t ends[] = {6, 30, 2, 4, 4};
    Status status = status_ok();
    Scene scene;
    if (!scene_read_text(&scene, "stops.yaml", NULL, text, strlen(text), &status))
        fail_msg("%s", status.message);
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    viewer_begin(stage.viewer, -1);
    draw(&stage);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        go_on(&stage);
        assert_int_equal(viewer_step(stage.viewer), ends[i]);
        assert_false(stage.viewer->playing);
    }
    key(&stage, ' ', false, false); /* a person who plays on sees all of it */
    for (int i = 0; i < 80; i++) viewer_advance(stage.viewer, 0.05);
    assert_int_equal(viewer_step(stage.viewer), 100);
    stage_close(&stage);
}

static void what_was_done_meanwhile_stays(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    go_on(&stage);
    viewer_move_start(stage.viewer, (double[]){-2, 0.5});
    draw(&stage);
    go_on(&stage);
    assert_near(stage.viewer->editor.scene.start[0], -3, 0);
    key(&stage, 'z', false, true);
    assert_near(stage.viewer->editor.scene.start[0], -2, 0);
    assert_near(kappa_of(&stage), 50, 0);
    key(&stage, 'y', false, true);
    go(&stage, KEY_LEFT);
    assert_near(stage.viewer->editor.scene.start[0], -2, 0);
    assert_near(kappa_of(&stage), 50, 0);
    stage_close(&stage);
}

static double steps_per_s(const Stage *stage) {
    return stage->viewer->arena->speeds[stage->viewer->speed].steps_per_s;
}

/* As slowly as can be for a race that a class waits for; who chooses another speed keeps it. */
static void a_long_race_is_played_faster(void **state) {
    (void)state;
    Scene scene = lesson_scene();
    scene.steps = 2000; /* 67 s at 30 a second: at x16 about 4 */
    Stage stage = stage_open_on(scene, 1280, 800, NULL);
    viewer_begin(stage.viewer, -1);
    go_on(&stage);
    assert_near(steps_per_s(&stage), 480, 0);
    stage.viewer->speed--;
    go_on(&stage);
    assert_near(steps_per_s(&stage), 240, 0);
    stage_close(&stage);
    stage = open_lesson(1280, 800); /* 200 steps: 7 s */
    go_on(&stage);
    assert_near(steps_per_s(&stage), 30, 0);
    stage_close(&stage);
}

static void single_steps_are_still_there(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    go_on(&stage);
    viewer_set_step(stage.viewer, 10);
    key(&stage, KEY_RIGHT, false, true);
    assert_int_equal(viewer_step(stage.viewer), 11);
    key(&stage, KEY_LEFT, false, true);
    assert_int_equal(viewer_step(stage.viewer), 10);
    press_control(&stage, "lesson.close");
    draw(&stage);
    assert_false(viewer_is_in_lesson(stage.viewer));
    assert_null(ui_find(&stage.viewer->ui, "lesson.next"));
    key(&stage, KEY_RIGHT, false, false);
    assert_int_equal(viewer_step(stage.viewer), 11);
    stage_close(&stage);
}

static void what_is_pointed_at_is_marked(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    const WindowLayout *layout = &stage.viewer->layout;
    Rect rect;
    assert_false(viewer_mark_rect(stage.viewer, &rect));
    go_on(&stage);
    assert_true(viewer_mark_rect(stage.viewer, &rect));
    assert_true(rect_contains(layout->chart, rect.x, rect.y));
    static const char *const controls[] = {"surface.kappa", "racer 1.lr", "racer 2.title"};
    for (int i = 0; i < 3; i++) {
        go_on(&stage);
        assert_true(viewer_mark_rect(stage.viewer, &rect));
        Rect control = control_of(&stage, controls[i])->seen;
        assert_true(rect_contains(rect, control.x + 1, control.y + 0.5f * control.height));
        assert_true(rect.height < 40);
    }
    go_on(&stage);
    assert_false(viewer_mark_rect(stage.viewer, &rect));
    stage_close(&stage);
}

static void check_texts_at(float width, float height) {
    Stage stage = open_lesson(width, height);
    float plot = stage.viewer->layout.plot.height;
    for (int i = 0; i < 60; i++) {
        check_texts(&stage, "lesson");
        assert_near(stage.viewer->layout.plot.height, plot, 0); /* nothing jumps */
        bool last = stage_of(&stage) == EXPLANATION &&
                    stage.viewer->course.page + 1 == stage.viewer->lesson_view.n_pages;
        if (last) break;
        go(&stage, KEY_RIGHT);
        assert_true(i < 59);
    }
    assert_non_null(record_canvas_find_text(stage.record, "A book"));
    stage_close(&stage);
}

static void texts_are_legible_in_any_window(void **state) {
    (void)state;
    static const float sizes[][2] = {
        {1280, 800}, {1920, 1080}, {800, 600}, {853, 533}, {640, 480}, {400, 300}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) check_texts_at(sizes[i][0], sizes[i][1]);
}

/* Every page together says all of the text, each line once. */
static void pages_say_everything(void **state) {
    (void)state;
    Stage stage = open_lesson(800, 600);
    while (stage_of(&stage) < EXPLANATION) go_on(&stage);
    LessonView *view = &stage.viewer->lesson_view;
    assert_true(view->n_pages > 1);
    assert_int_equal(view->first_lines[0], 0);
    for (int i = 0; i < view->n_pages; i++) assert_true(view->first_lines[i + 1] > view->first_lines[i]);
    assert_int_equal(view->first_lines[view->n_pages], view->body.n_lines);
    go(&stage, KEY_RIGHT);
    assert_int_equal(stage.viewer->course.page, 1);
    go(&stage, KEY_LEFT);
    assert_int_equal(stage.viewer->course.page, 0);
    assert_int_equal(stage_of(&stage), EXPLANATION);
    stage_close(&stage);
}

static void names_of_what_can_be_pointed_at(void **state) {
    (void)state;
    Scene scene = lesson_scene();
    static const struct {
        const char *text;
        LessonPointKind kind;
        int racer;
    } good[] = {{"start", POINT_PLACE, 0}, {"view", POINT_PLACE, 0}, {"kappa", POINT_SURFACE, 0},
        {"slow", POINT_RACER, 0}, {"momentum", POINT_HYPERPARAMETER, 1},
        {"momentum.momentum", POINT_HYPERPARAMETER, 1}, {"slow.lr", POINT_HYPERPARAMETER, 0},
        {"lr", POINT_HYPERPARAMETER, 0}, {"momentum.schedule", POINT_DEVICE, 1}, {"batch", POINT_KEY, 0}};
    static const char *const bad[] = {"", "kapa", "slow.kappa", "adam", "slow.", "starts", "momentum.lr.lr"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Status status = status_ok();
        LessonPoint point;
        if (!lesson_point_read(&scene, good[i].text, &point, &status)) fail_msg("%s", status.message);
        if (i == 4) continue; /* a racer and a hyperparameter are called the same: the racer is meant */
        assert_int_equal(point.kind, good[i].kind);
        assert_int_equal(point.racer, good[i].racer);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Status status = status_ok();
        LessonPoint point;
        if (lesson_point_read(&scene, bad[i], &point, &status)) fail_msg("'%s' is there", bad[i]);
        assert_non_null(strstr(status.message, "timeline"));
        assert_non_null(strstr(status.message, "slow.lr"));
    }
    scene_finish(&scene);
}

/* Cards may be cut by the page's edges, but no text lies over another, and the chosen one is wholly in sight.
 */
static void check_browser(const Stage *stage) {
    TextPair pair;
    if (record_canvas_overlaps(stage->record, &pair, 1))
        fail_msg("%gx%g: '%s' lies over '%s'", stage->canvas->width, stage->canvas->height,
            pair.second->string, pair.first->string);
    const Browser *browser = &stage->viewer->browser;
    char name[UI_NAME_BYTES];
    snprintf(name, sizeof name, "browser %d",
        stage->viewer->lessons.entries[browser->items[browser->chosen]].number);
    const UiControl *control = control_of(stage, name);
    if (control->rect.height < stage->canvas->height - 80)
        assert_near(control->seen.height, control->rect.height, 1e-3);
}

/* The page of all lessons: topics together, or numbers in their order; typing, arrows, Enter. */
static void lessons_are_chosen_from_a_page(void **state) {
    (void)state;
    static const float sizes[][2] = {{1280, 800}, {1920, 1080}, {800, 600}, {640, 480}, {400, 300}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Stage stage = open_lesson(sizes[i][0], sizes[i][1]);
        key(&stage, 'j', false, false);
        draw(&stage);
        const Browser *browser = &stage.viewer->browser;
        assert_int_equal(browser->n_items, stage.viewer->lessons.n);
        for (int way = 0; way < 2; way++) {
            for (int n = 0; n < 12; n++) {
                for (int frame = 0; frame < 3; frame++) draw_finished(&stage);
                check_browser(&stage);
                key(&stage, KEY_DOWN, false, false);
            }
            key(&stage, KEY_TAB, false, false);
        }
        key(&stage, KEY_ESCAPE, false, false);
        assert_false(browser->open);
        stage_close(&stage);
    }
}

static void a_number_is_enough(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    key(&stage, 'j', false, false);
    draw(&stage);
    for (int i = 0; i < 2; i++) send(&stage, (Event){.type = EVENT_KEY, .key = '1', .text = "1"});
    draw(&stage);
    key(&stage, KEY_ENTER, false, false);
    draw(&stage);
    assert_false(stage.viewer->browser.open);
    assert_true(viewer_is_in_lesson(stage.viewer));
    assert_int_equal(stage.viewer->course.lesson->number, 11);
    assert_int_equal(stage.viewer->lessons.entries[stage.viewer->lesson].number, 11);
    assert_true(stage.viewer->subject.veiled);
    stage_close(&stage);
}

/* From the end of one lesson to the beginning of the next, and back to that end. */
static void the_arrow_goes_from_lesson_to_lesson(void **state) {
    (void)state;
    Stage stage = open_lesson(1280, 800);
    viewer_show_lessons(stage.viewer);
    key(&stage, KEY_ESCAPE, false, false);
    LessonList *list = &stage.viewer->lessons;
    int from = 0;
    while (list->entries[from].number != 13) from++;
    assert_true(viewer_open_lesson(stage.viewer, from));
    draw(&stage);
    for (int i = 0; i < 60 && stage.viewer->lesson == from; i++) go(&stage, KEY_RIGHT);
    assert_int_equal(stage.viewer->course.lesson->number, 14);
    assert_true(stage_of(&stage) == 0 && stage.viewer->subject.veiled);
    assert_true(list->entries[from].done);
    assert_int_equal(viewer_take_request(stage.viewer), VIEWER_REQUEST_TEXT_SIZE);
    go(&stage, KEY_LEFT);
    assert_int_equal(stage.viewer->course.lesson->number, 13);
    assert_int_equal(course_beside(&stage.viewer->course, 1), -1);
    assert_int_equal(stage.viewer->course.page + 1, stage.viewer->lesson_view.n_pages);
    Text progress = {0};
    viewer_write_progress(stage.viewer, &progress);
    assert_non_null(strstr(text_string(&progress), "13-"));
    LessonList again = {0};
    lesson_list_read_progress(&again, text_string(&progress));
    assert_int_equal(lesson_list_done(&again), 1);
    assert_true(again.entries[from].done);
    text_finish(&progress);
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_comes_first),
        cmocka_unit_test(steps_change_the_scene_and_back),
        cmocka_unit_test(steps_stop_where_they_say),
        cmocka_unit_test(what_was_done_meanwhile_stays),
        cmocka_unit_test(a_long_race_is_played_faster),
        cmocka_unit_test(single_steps_are_still_there),
        cmocka_unit_test(what_is_pointed_at_is_marked),
        cmocka_unit_test(texts_are_legible_in_any_window),
        cmocka_unit_test(pages_say_everything),
        cmocka_unit_test(lessons_are_chosen_from_a_page),
        cmocka_unit_test(a_number_is_enough),
        cmocka_unit_test(the_arrow_goes_from_lesson_to_lesson),
        cmocka_unit_test(names_of_what_can_be_pointed_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
