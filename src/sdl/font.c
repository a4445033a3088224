/* Text by SDL_ttf (FreeType and HarfBuzz) from the fonts inside the program: faces by size, strings as
 * coverages. Blending them is the raster's; colours take no part in the cache. */
#include "font.h"

#include "embedded_fonts.h"

#include <SDL_ttf.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SDL_ttf has one FreeType for the whole program, which opens and closes one face at a time; films are drawn by
 * several threads. Held only where a string is not kept yet. */
static SDL_SpinLock library_lock;

enum {
    QUARTERS = 4, /* sizes are kept in quarters of a pixel */
    SIZE_MAX_PX = 400,
    FACES = 32, /* open at a time: a picture uses about a dozen */
    SETS = 512,
    WAYS = 4,                /* kept strings: four for each value of the hash */
    BYTES_MAX = 8 << 20,     /* of kept strings; all are dropped where they would take more */
    STRING_BYTES_MAX = 1000, /* the rest of a longer string is not drawn */
};

typedef struct Face {
    TTF_Font *ttf; /* NULL: free */
    Font font;
    int quarters;
    float advance; /* of any character of the mono font, else 0 */
    uint64_t used; /* the clock when it was last asked for */
} Face;

/* One rendered string. */
typedef struct Run {
    char *string; /* NULL: free */
    Font font;
    int quarters;
    float advance;               /* how far the pen goes */
    int width, height, baseline; /* of the coverages; baseline: rows above it */
    uint8_t *coverage;           /* (height, width); NULL where there is no ink */
    size_t bytes;
    uint64_t used;
} Run;

struct Fonts {
    uint64_t clock;
    size_t bytes;
    Face faces[FACES];
    Run runs[SETS][WAYS];
};

/* The mono font's advance to a fraction of a pixel. */
static float measure_advance(TTF_Font *ttf) {
    static const char figures[] = "0123456789012345678901234567890123456789";
    int width = 0, height;
    TTF_SizeUTF8(ttf, figures, &width, &height);
    return (float)width / (float)(sizeof figures - 1);
}

/* A face whose `ttf` is NULL where it cannot be opened. */
static Face open_face(Font font, int quarters) {
    Face face = {.font = font, .quarters = quarters};
    const EmbeddedFile *file = &embedded_fonts[font];
    SDL_RWops *memory = SDL_RWFromConstMem(file->bytes, (int)file->size);
    /* Points of 1/72 inch at 18 pixels to the inch: a quarter of a pixel each. */
    if (memory) face.ttf = TTF_OpenFontDPIRW(memory, 1, quarters, 72 / QUARTERS, 72 / QUARTERS);
    if (!face.ttf) return face;
    TTF_SetFontKerning(face.ttf, 1);
    /* Snaps to whole pixels upright, where it makes letters sharp, and leaves their distances alone. */
    TTF_SetFontHinting(face.ttf, TTF_HINTING_LIGHT_SUBPIXEL);
    if (font == FONT_MONO) face.advance = measure_advance(face.ttf);
    return face;
}

Fonts *fonts_create(Status *status) {
    if (TTF_Init() != 0) {
        status_fail(status, STATUS_FAILED, "cannot start the font library: %s", TTF_GetError());
        return NULL;
    }
    Fonts *fonts = calloc(1, sizeof *fonts);
    for (int font = 0; fonts && font < FONT_COUNT; font++) {
        Face *face = &fonts->faces[font];
        *face = open_face((Font)font, 13 * QUARTERS);
        if (face->ttf) continue;
        status_fail(status, STATUS_FAILED, "cannot open an embedded font: %s", TTF_GetError());
        fonts_destroy(fonts);
        return NULL;
    }
    if (!fonts) {
        status_fail(status, STATUS_FAILED, "out of memory for the fonts");
        TTF_Quit();
    }
    return fonts;
}

static void drop_run(Fonts *fonts, Run *run) {
    fonts->bytes -= run->bytes;
    free(run->string);
    free(run->coverage);
    *run = (Run){0};
}

static void drop_all_runs(Fonts *fonts) {
    for (int set = 0; set < SETS; set++)
        for (int way = 0; way < WAYS; way++) drop_run(fonts, &fonts->runs[set][way]);
}

void fonts_destroy(Fonts *fonts) {
    if (!fonts) return;
    drop_all_runs(fonts);
    for (int i = 0; i < FACES; i++)
        if (fonts->faces[i].ttf) TTF_CloseFont(fonts->faces[i].ttf);
    free(fonts);
    TTF_Quit();
}

static const Face *face_of(Fonts *fonts, Font font, int quarters) {
    Face *oldest = &fonts->faces[0];
    for (int i = 0; i < FACES; i++) {
        Face *face = &fonts->faces[i];
        if (face->ttf && face->font == font && face->quarters == quarters) {
            face->used = fonts->clock;
            return face;
        }
        if (!face->ttf || (oldest->ttf && face->used < oldest->used)) oldest = face;
    }
    if (oldest->ttf) TTF_CloseFont(oldest->ttf);
    *oldest = open_face(font, quarters);
    oldest->used = fonts->clock;
    return oldest;
}

static int characters_of(const char *string) {
    int n = 0;
    for (; *string; string++) n += ((unsigned char)*string & 0xc0) != 0x80; /* UTF-8: not a continuation */
    return n;
}

/* Renders run->string. Without memory, or with a string that cannot be drawn, there is no ink. */
static void render_run(Fonts *fonts, Run *run) {
    const Face *face = face_of(fonts, run->font, run->quarters);
    TTF_Font *ttf = face->ttf;
    if (!ttf || TTF_SizeUTF8(ttf, run->string, &run->width, &run->height) != 0 || run->width <= 0) return;
    /* SDL_ttf's width includes ink beyond the pen, so that figures would jump as they change. */
    run->advance = face->advance > 0 ? (float)characters_of(run->string) * face->advance : (float)run->width;
    run->baseline = TTF_FontAscent(ttf);
    SDL_Surface *surface = TTF_RenderUTF8_Blended(ttf, run->string, (SDL_Color){255, 255, 255, 255});
    if (!surface) return;
    size_t n = (size_t)surface->w * (size_t)surface->h;
    run->coverage = malloc(n);
    if (run->coverage) {
        run->width = surface->w;
        run->height = surface->h;
        run->bytes += n;
        const SDL_PixelFormat *format = surface->format;
        for (int y = 0; y < surface->h; y++) {
            const Uint32 *row =
                (const Uint32 *)(const void *)((const Uint8 *)surface->pixels + y * surface->pitch);
            for (int x = 0; x < surface->w; x++)
                run->coverage[(size_t)y * (size_t)surface->w + (size_t)x] =
                    (uint8_t)((row[x] & format->Amask) >> format->Ashift);
        }
    }
    SDL_FreeSurface(surface);
}

static uint64_t hash_of(Font font, int quarters, const char *string, size_t length) {
    uint64_t hash = 0xcbf29ce484222325 ^ ((uint64_t)font << 32 | (uint64_t)quarters); /* FNV-1a */
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)string[i]) * 0x100000001b3;
    return hash ^ hash >> 29;
}

/* Bytes of the string that are drawn: whole characters of at most STRING_BYTES_MAX. */
static size_t drawn_length(const char *string) {
    size_t length = strlen(string);
    if (length <= STRING_BYTES_MAX) return length;
    length = STRING_BYTES_MAX;
    while (length > 0 && ((unsigned char)string[length] & 0xc0) == 0x80) length--;
    return length;
}

/* The rendered string, from the cache or new. NULL for an empty one, and where memory is out. */
static const Run *run_of(Fonts *fonts, Font font, float size_px, const char *string) {
    assert(font < FONT_COUNT);
    size_t length = drawn_length(string);
    if (length == 0) return NULL;
    int quarters = (int)lrintf(fminf(fmaxf(size_px, 1), SIZE_MAX_PX) * QUARTERS);
    Run *set = fonts->runs[hash_of(font, quarters, string, length) % SETS], *oldest = set;
    fonts->clock++;
    for (Run *run = set; run < set + WAYS; run++) {
        if (run->string && run->font == font && run->quarters == quarters &&
            strncmp(run->string, string, length) == 0 && run->string[length] == '\0') {
            run->used = fonts->clock;
            return run;
        }
        if (run->used < oldest->used) oldest = run;
    }
    drop_run(fonts, oldest);
    if (fonts->bytes > BYTES_MAX) drop_all_runs(fonts);
    char *copy = malloc(length + 1);
    if (!copy) return NULL;
    memcpy(copy, string, length);
    copy[length] = '\0';
    *oldest =
        (Run){.string = copy, .font = font, .quarters = quarters, .bytes = length + 1, .used = fonts->clock};
    SDL_AtomicLock(&library_lock);
    render_run(fonts, oldest);
    SDL_AtomicUnlock(&library_lock);
    fonts->bytes += oldest->bytes;
    return oldest;
}

float fonts_width(Fonts *fonts, Font font, float size_px, const char *string) {
    const Run *run = run_of(fonts, font, size_px, string);
    return run ? run->advance : 0;
}

void fonts_draw(Fonts *fonts, Raster *raster, float x_px, float y_px, Font font, float size_px, Colour colour,
    const char *string) {
    /* Beyond any canvas, or nowhere; compared before the conversion to whole pixels. */
    if (!(fabsf(x_px) < 1e6f) || !(fabsf(y_px) < 1e6f)) return;
    const Run *run = run_of(fonts, font, size_px, string);
    if (!run || !run->coverage) return;
    int x = (int)lrintf(x_px), y = (int)lrintf(y_px) - run->baseline;
    raster_coverage(raster, run->coverage, run->width, run->height, x, y, colour);
}

size_t fonts_cached_bytes(const Fonts *fonts) {
    return fonts->bytes;
}

size_t fonts_cached_bytes_max(void) {
    return BYTES_MAX;
}
