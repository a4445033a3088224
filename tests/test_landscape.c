/* Planes in the space of parameters against closed forms and LAPACK's singular values, and losses on them
 * against those of the network itself. */
#include "networks.h"

#include "allocations.h"
#include "landscape.h"

#include <lapacke.h>

enum { VECTORS = 7 };

static void free_vectors(Vec *vectors, int n) {
    for (int i = 0; i < n; i++) free(vectors[i].data);
}

/* A path that turns, with some noise, as training leaves them; far from zero. */
static void make_path(const Mlp *mlp, Vec *vectors) {
    const Vec start = random_parameters(mlp, 1), one = random_parameters(mlp, 2),
              other = random_parameters(mlp, 3);
    for (int i = 0; i < VECTORS; i++) {
        const double t = (double)i / (VECTORS - 1);
        vectors[i] = random_parameters(mlp, 10 + (uint64_t)i);
        vec_combine(&vectors[i], 0.03, &vectors[i], 1, &start);
        vec_combine(&vectors[i], 1, &vectors[i], t, &one);
        vec_combine(&vectors[i], 1, &vectors[i], 0.4 * sin(3 * t), &other);
    }
    free(start.data), free(one.data), free(other.data);
}

static void components_of(Precision precision) {
    const MlpSpec spec = network("30-40-3", "tanh", "cross_entropy", precision);
    Mlp *mlp = create(&spec);
    Vec vectors[VECTORS];
    make_path(mlp, vectors);
    Plane plane;
    Status status = status_ok();
    if (!plane_principal(&plane, vectors, VECTORS, &status)) fail_msg("%s", status.message);

    /* The singular vectors of the centred rows. */
    const size_t n = vectors[0].n;
    double *rows = malloc(VECTORS * n * sizeof *rows), *right = malloc(VECTORS * n * sizeof *right);
    double left[VECTORS * VECTORS], values[VECTORS], rest[VECTORS], total = 0;
    PlaneFoot feet[VECTORS];
    for (size_t k = 0; k < n; k++) {
        double mean = 0;
        for (int i = 0; i < VECTORS; i++) mean += vec_get(&vectors[i], k) / VECTORS;
        for (int i = 0; i < VECTORS; i++) rows[(size_t)i * n + k] = vec_get(&vectors[i], k) - mean;
        assert_near(vec_get(&plane.origin, k), mean, 1e-6);
    }
    assert_int_equal(LAPACKE_dgesvd(LAPACK_ROW_MAJOR, 'S', 'S', VECTORS, (lapack_int)n, rows, (lapack_int)n,
                         values, left, VECTORS, right, (lapack_int)n, rest),
        0);
    for (int i = 0; i < VECTORS; i++) total += values[i] * values[i];
    for (int c = 0; c < 2; c++) {
        /* The first vector's coordinate is the left one's number. */
        const double sign = left[c] > 0 ? -1 : 1;
        for (size_t k = 0; k < n; k++)
            if (!(fabs(vec_get(&plane.along[c], k) - sign * right[(size_t)c * n + k]) <= 1e-6))
                fail_msg("component %d is off at %zu", c, k);
        for (int i = 0; i < VECTORS; i++) {
            feet[i] = plane_project(&plane, &vectors[i]);
            assert_near(c ? feet[i].v : feet[i].u, sign * left[i * VECTORS + c] * values[c], 1e-6);
        }
    }
    assert_near(plane_explained(&plane, vectors, feet, VECTORS),
        (values[0] * values[0] + values[1] * values[1]) / total, 1e-6);
    free(rows), free(right);
    free_vectors(vectors, VECTORS);
    plane_destroy(&plane);
    mlp_destroy(mlp);
}

static void principal_components_are_lapacks(void **state) {
    (void)state;
    components_of(PRECISION_F64);
    components_of(PRECISION_F32);
}

static void components_need_a_plane(void **state) {
    (void)state;
    const MlpSpec spec = network("3-4-3", "tanh", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    Vec vectors[3];
    for (int i = 0; i < 3; i++) vectors[i] = random_parameters(mlp, 1);
    Plane plane;
    Status status = status_ok();
    assert_false(plane_principal(&plane, vectors, 3, &status));
    for (int i = 0; i < 3; i++) vec_set(&vectors[i], 2, i);
    assert_false(plane_principal(&plane, vectors, 3, &status));
    assert_false(plane_principal(&plane, vectors, 2, &status));
    assert_non_null(strstr(status.message, "3 to"));
    assert_false(plane_through(&plane, &vectors[0], &vectors[0], NULL, &status));
    assert_false(plane_through(&plane, &vectors[0], &vectors[1], &vectors[2], &status));
    assert_non_null(strstr(status.message, "one line"));
    assert_null(plane.block);
    free_vectors(vectors, 3);
    mlp_destroy(mlp);
}

static void three_points_lie_in_their_plane(void **state) {
    (void)state;
    const MlpSpec spec = network("30-40-3", "tanh", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    Vec points[3];
    for (uint64_t i = 0; i < 3; i++) points[i] = random_parameters(mlp, 5 + i);
    Plane plane;
    Status status = status_ok();
    assert_true(plane_through(&plane, &points[0], &points[1], &points[2], &status));
    const Vec side = vec_like(&points[0]);
    double sides[3];
    PlaneFoot feet[3];
    for (int i = 0; i < 3; i++) {
        feet[i] = plane_project(&plane, &points[i]);
        assert_near(feet[i].off, 0, 1e-12);
        vec_combine(&side, 1, &points[i], -1, &points[(i + 1) % 3]);
        sides[i] = vec_norm(&side);
    }
    assert_near(feet[0].u, 0, 1e-13);
    assert_near(feet[0].v, 0, 1e-13);
    assert_near(feet[1].u, 1, 1e-13);
    assert_near(feet[1].v, 0, 1e-13);
    /* The triangle has its shape. */
    for (int i = 0; i < 3; i++) {
        const PlaneFoot *a = &feet[i], *b = &feet[(i + 1) % 3];
        assert_near(hypot(a->u - b->u, a->v - b->v), sides[i] / sides[0], 1e-12);
    }
    plane_destroy(&plane);

    assert_true(plane_through(&plane, &points[0], &points[1], NULL, &status));
    vec_combine(&side, 0.75, &points[0], 0.25, &points[1]);
    const PlaneFoot foot = plane_project(&plane, &side);
    assert_near(foot.u, 0.25, 1e-13);
    assert_near(foot.v, 0, 0);
    assert_near(foot.off, 0, 1e-12);
    plane_destroy(&plane);
    free(side.data);
    free_vectors(points, 3);
    mlp_destroy(mlp);
}

static double column_norm(const Vec *x, size_t first, int n_in, int n_out, int unit) {
    double sum = 0;
    for (int i = 0; i < n_in; i++) {
        const double number = vec_get(x, first + (size_t)(i * n_out + unit));
        sum += number * number;
    }
    return sqrt(sum);
}

static void random_directions_are_as_long_as_their_filters(void **state) {
    (void)state;
    const MlpSpec spec = network("30-40-3", "tanh", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    const Vec x = random_parameters(mlp, 4);
    Plane plane, again, other;
    Status status = status_ok();
    assert_true(plane_random(&plane, &spec, &x, 8, &status));
    assert_true(plane_random(&again, &spec, &x, 8, &status));
    assert_true(plane_random(&other, &spec, &x, 9, &status));
    for (int k = 0; k < 2; k++) {
        size_t first = 0;
        for (int l = 0; l < spec.n_layers; l++) {
            const int n_in = spec.sizes[l], n_out = spec.sizes[l + 1];
            for (int unit = 0; unit < n_out; unit++)
                assert_near(column_norm(&plane.along[k], first, n_in, n_out, unit),
                    column_norm(&x, first, n_in, n_out, unit), 1e-12);
            first += (size_t)(n_in * n_out);
            for (int unit = 0; unit < n_out; unit++)
                assert_near(vec_get(&plane.along[k], first + (size_t)unit), 0, 0);
            first += (size_t)n_out;
        }
        assert_true(vec_is_same(&plane.along[k], &again.along[k]));
        assert_false(vec_is_same(&plane.along[k], &other.along[k]));
    }
    /* Directions of their own: nearly orthogonal among so many numbers. */
    assert_true(fabs(vec_dot(&plane.along[0], &plane.along[1])) <
                0.2 * vec_norm(&plane.along[0]) * vec_norm(&plane.along[1]));
    plane_destroy(&plane), plane_destroy(&again), plane_destroy(&other);
    free(x.data);
    mlp_destroy(mlp);
}

static void feet_and_distances_are_those_of_geometry(void **state) {
    (void)state;
    const MlpSpec spec = network("3-4-3", "tanh", "cross_entropy", PRECISION_F64);
    Mlp *mlp = create(&spec);
    const Vec x = random_parameters(mlp, 4);
    Plane plane;
    Status status = status_ok();
    assert_true(plane_random(&plane, &spec, &x, 8, &status));
    /* Directions that are far from orthogonal: e0 and e0 + 2 e1; e2 leads away. */
    vec_fill(&plane.along[0], 0), vec_fill(&plane.along[1], 0);
    vec_set(&plane.along[0], 0, 1);
    vec_set(&plane.along[1], 0, 1), vec_set(&plane.along[1], 1, 2);
    Vec vectors[4];
    PlaneFoot feet[4];
    const double u[] = {0.5, -2, 1, 0.25}, v[] = {1, 0.5, -3, 2}, off[] = {0, 1e-7, 3, 5};
    for (int i = 0; i < 4; i++) {
        vectors[i] = vec_like(&x);
        plane_point(&plane, u[i], v[i], &vectors[i]);
        vec_set(&vectors[i], 2, vec_get(&vectors[i], 2) + off[i]);
        feet[i] = plane_project(&plane, &vectors[i]);
        assert_near(feet[i].u, u[i], 1e-14);
        assert_near(feet[i].v, v[i], 1e-14);
        if (!(fabs(feet[i].off - off[i]) <= 1e-14)) fail_msg("off by %g, not %g", feet[i].off, off[i]);
    }
    /* Variances of e0: u + v, of e1: 2 v, of e2: off. */
    double all[3] = {0}, means[3] = {0};
    for (int i = 0; i < 4; i++) {
        means[0] += (u[i] + v[i]) / 4, means[1] += 2 * v[i] / 4, means[2] += off[i] / 4;
    }
    for (int i = 0; i < 4; i++) {
        all[0] += pow(u[i] + v[i] - means[0], 2);
        all[1] += pow(2 * v[i] - means[1], 2);
        all[2] += pow(off[i] - means[2], 2);
    }
    assert_near(
        plane_explained(&plane, vectors, feet, 4), (all[0] + all[1]) / (all[0] + all[1] + all[2]), 1e-13);
    assert_true(isnan(plane_explained(&plane, vectors, feet, 1)));
    free_vectors(vectors, 4);
    free(x.data);
    plane_destroy(&plane);
    mlp_destroy(mlp);
}

static Landscape *create_landscape(
    const MlpSpec *spec, const Plane *plane, const Batch *batch, const LandscapeGrid *grid, Pool *pool) {
    Status status = status_ok();
    Landscape *landscape = landscape_create(spec, plane, batch, grid, pool, &status);
    if (!landscape) fail_msg("%s", status.message);
    return landscape;
}

/* Every cell against the network at that point, with everything on that a landscape leaves out. */
static void losses_of(
    const char *sizes, const char *activation, const char *loss, Precision precision, double tolerance) {
    MlpSpec spec = network(sizes, activation, loss, precision);
    spec.l2 = 0.1, spec.dropout = 0.3, spec.label_noise = 0.2;
    if (spec.sizes[spec.n_layers] < spec.loss->outputs_min) return;
    Mlp *mlp = create(&spec);
    const Batch batch = random_batch(&spec, 301, 6);
    const Vec x = random_parameters(mlp, 4), at = vec_like(&x);
    const LandscapeGrid grid = {.cols = 5, .rows = 3, .u_min = -1, .u_max = 1, .v_min = -0.5, .v_max = 2};
    Plane plane;
    Status status = status_ok();
    assert_true(plane_random(&plane, &spec, &x, 8, &status));
    /* Biases move as well. */
    for (size_t i = 0; i < x.n; i++) vec_set(&plane.along[1], i, 0.1 * sin((double)i));
    Landscape *landscape = create_landscape(&spec, &plane, &batch, &grid, NULL);
    assert_false(landscape_advance(landscape, 100));
    for (int row = 0; row < grid.rows; row++)
        for (int col = 0; col < grid.cols; col++) {
            plane_point(&plane, -1 + 0.5 * col, -0.5 + 1.25 * row, &at);
            assert_near(landscape_at(landscape, row, col), mlp_score(mlp, &at, &batch).loss, tolerance);
        }
    /* A point that was never on the grid. */
    plane_point(&plane, 0.123, 0.456, &at);
    const PlaneFoot foot = plane_project(&plane, &at);
    assert_near(landscape_loss(landscape, foot.u, foot.v), mlp_score(mlp, &at, &batch).loss, tolerance);
    landscape_destroy(landscape);
    plane_destroy(&plane);
    batch_free(&batch);
    free(x.data), free(at.data);
    mlp_destroy(mlp);
}

static void losses_on_the_plane_are_the_networks(void **state) {
    (void)state;
    static const char *const shapes[] = {"3-5-4-3", "2-7-1", "70-9-3", "4-2"};
    for (int s = 0; s < 4; s++)
        for (int l = 0; l < loss_count; l++)
            for (int a = 0; a < activation_count; a++) {
                losses_of(shapes[s], activation_table[a].name, loss_table[l].name, PRECISION_F64, 1e-12);
                losses_of(shapes[s], activation_table[a].name, loss_table[l].name, PRECISION_F32, 1e-5);
            }
}

static void slices_go_from_coarse_to_fine(void **state) {
    (void)state;
    const MlpSpec spec = network("2-7-3", "tanh", "cross_entropy", PRECISION_F32);
    Mlp *mlp = create(&spec);
    const Batch batch = random_batch(&spec, 700, 6);
    const Vec x = random_parameters(mlp, 4);
    const LandscapeGrid grid = {.cols = 51, .rows = 21, .u_min = -1, .u_max = 1, .v_min = -1, .v_max = 1};
    Plane plane;
    Status status = status_ok();
    assert_true(plane_random(&plane, &spec, &x, 8, &status));
    Landscape *whole = create_landscape(&spec, &plane, &batch, &grid, NULL);
    landscape_advance(whole, landscape_cells(whole));
    assert_int_equal(landscape_done(whole), 51 * 21);

    Pool *pool = pool_create(2);
    Landscape *landscape = create_landscape(&spec, &plane, &batch, &grid, pool);
    assert_true(isnan(landscape_at(landscape, 0, 0)));
    /* Every eighth cell first: each stands for its block. */
    assert_true(landscape_advance(landscape, 7 * 3));
    for (int row = 0; row < grid.rows; row++)
        for (int col = 0; col < grid.cols; col++)
            assert_true(landscape_at(landscape, row, col) == landscape_at(whole, row / 8 * 8, col / 8 * 8));
    /* Then every fourth. */
    landscape_advance(landscape, 13 * 6 - 7 * 3);
    for (int row = 0; row < grid.rows; row++)
        for (int col = 0; col < grid.cols; col++)
            assert_true(landscape_at(landscape, row, col) == landscape_at(whole, row / 4 * 4, col / 4 * 4));
    const int before = allocations;
    while (landscape_advance(landscape, 17)) continue;
    assert_int_equal(allocations, before);
    assert_int_equal(landscape_done(landscape), landscape_cells(landscape));
    for (int row = 0; row < grid.rows; row++)
        for (int col = 0; col < grid.cols; col++)
            assert_true(landscape_at(landscape, row, col) == landscape_at(whole, row, col));
    landscape_destroy(landscape), landscape_destroy(whole);

    const LandscapeGrid bad[] = {{.cols = 0, .rows = 1}, {.cols = 1, .rows = LANDSCAPE_SIDE_MAX + 1},
        {.cols = 2, .rows = 2, .u_min = NAN}};
    for (int i = 0; i < 3; i++) assert_null(landscape_create(&spec, &plane, &batch, &bad[i], pool, &status));
    pool_destroy(pool);
    plane_destroy(&plane);
    batch_free(&batch);
    free(x.data);
    mlp_destroy(mlp);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(principal_components_are_lapacks),
        cmocka_unit_test(components_need_a_plane),
        cmocka_unit_test(three_points_lie_in_their_plane),
        cmocka_unit_test(random_directions_are_as_long_as_their_filters),
        cmocka_unit_test(feet_and_distances_are_those_of_geometry),
        cmocka_unit_test(losses_on_the_plane_are_the_networks),
        cmocka_unit_test(slices_go_from_coarse_to_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
