/* The symbols and functions that formulas can name. A new one is a new row. */
#include "tex.h"

#include <string.h>

#define LETTER(name, string)                                                                                 \
    { name, TEX_ORDINARY, FONT_ITALIC, string, TEX_GLYPH, false, false }
#define UPRIGHT(name, string)                                                                                \
    { name, TEX_ORDINARY, FONT_TEXT, string, TEX_GLYPH, false, false }
#define SIGN(name, class, string)                                                                            \
    { name, class, FONT_TEXT, string, TEX_GLYPH, false, false }
#define MONO(name, class, string)                                                                            \
    { name, class, FONT_MONO, string, TEX_GLYPH, false, false }
#define DRAWN(name, class, string, shape)                                                                    \
    { name, class, FONT_TEXT, string, shape, false, false }
#define FUNCTION(name)                                                                                       \
    { name, TEX_OPERATOR, FONT_TEXT, name, TEX_GLYPH, false, false }
#define LIMIT(name, string)                                                                                  \
    { name, TEX_OPERATOR, FONT_TEXT, string, TEX_GLYPH, false, true }

/* Where two rows write the same string the first is the one that tex_find_string finds. */
const TexSymbol tex_symbols[] = {
    LETTER("alpha", "α"),
    LETTER("beta", "β"),
    LETTER("gamma", "γ"),
    LETTER("delta", "δ"),
    LETTER("epsilon", "ε"),
    LETTER("varepsilon", "ε"),
    LETTER("zeta", "ζ"),
    LETTER("eta", "η"),
    LETTER("theta", "θ"),
    LETTER("iota", "ι"),
    LETTER("kappa", "κ"),
    LETTER("lambda", "λ"),
    LETTER("mu", "μ"),
    LETTER("nu", "ν"),
    LETTER("xi", "ξ"),
    LETTER("pi", "π"),
    LETTER("rho", "ρ"),
    LETTER("sigma", "σ"),
    LETTER("tau", "τ"),
    LETTER("upsilon", "υ"),
    LETTER("phi", "φ"),
    LETTER("varphi", "φ"),
    LETTER("chi", "χ"),
    LETTER("psi", "ψ"),
    LETTER("omega", "ω"),
    UPRIGHT("Gamma", "Γ"),
    UPRIGHT("Delta", "Δ"),
    UPRIGHT("Theta", "Θ"),
    UPRIGHT("Lambda", "Λ"),
    UPRIGHT("Xi", "Ξ"),
    UPRIGHT("Pi", "Π"),
    UPRIGHT("Sigma", "Σ"),
    UPRIGHT("Phi", "Φ"),
    UPRIGHT("Psi", "Ψ"),
    UPRIGHT("Omega", "Ω"),
    LETTER("ell", "ℓ"),
    UPRIGHT("partial", "∂"),
    UPRIGHT("infty", "∞"),
    UPRIGHT("prime", "′"),
    UPRIGHT("ldots", "…"),
    UPRIGHT("dots", "…"),
    UPRIGHT("%", "%"),
    UPRIGHT("$", "$"),
    UPRIGHT("#", "#"),
    UPRIGHT("&", "&"),
    UPRIGHT("_", "_"),
    UPRIGHT("deg", "°"),
    MONO("cdots", TEX_ORDINARY, "⋯"),
    MONO("top", TEX_ORDINARY, "⊤"),
    MONO("forall", TEX_ORDINARY, "∀"),
    MONO("exists", TEX_ORDINARY, "∃"),
    DRAWN("nabla", TEX_ORDINARY, "∇", TEX_NABLA),
    SIGN("cdot", TEX_BINARY, "·"),
    SIGN("times", TEX_BINARY, "×"),
    SIGN("div", TEX_BINARY, "÷"),
    SIGN("pm", TEX_BINARY, "±"),
    MONO("odot", TEX_BINARY, "⊙"),
    MONO("circ", TEX_BINARY, "∘"),
    SIGN("le", TEX_RELATION, "≤"),
    SIGN("leq", TEX_RELATION, "≤"),
    SIGN("ge", TEX_RELATION, "≥"),
    SIGN("geq", TEX_RELATION, "≥"),
    SIGN("approx", TEX_RELATION, "≈"),
    SIGN("neq", TEX_RELATION, "≠"),
    SIGN("ne", TEX_RELATION, "≠"),
    MONO("equiv", TEX_RELATION, "≡"),
    MONO("sim", TEX_RELATION, "∼"),
    MONO("in", TEX_RELATION, "∈"),
    SIGN("to", TEX_RELATION, "→"),
    SIGN("rightarrow", TEX_RELATION, "→"),
    SIGN("leftarrow", TEX_RELATION, "←"),
    SIGN("gets", TEX_RELATION, "←"),
    SIGN("Rightarrow", TEX_RELATION, "⇒"),
    DRAWN("propto", TEX_RELATION, "∝", TEX_PROPORTIONAL),
    DRAWN("ll", TEX_RELATION, "≪", TEX_MUCH_LESS),
    DRAWN("gg", TEX_RELATION, "≫", TEX_MUCH_GREATER),
    SIGN("{", TEX_OPEN, "{"),
    SIGN("}", TEX_CLOSE, "}"),
    SIGN("|", TEX_ORDINARY, "‖"),
    SIGN("Vert", TEX_ORDINARY, "‖"),
    SIGN("lVert", TEX_OPEN, "‖"),
    SIGN("rVert", TEX_CLOSE, "‖"),
    SIGN("vert", TEX_ORDINARY, "|"),
    SIGN("mid", TEX_RELATION, "|"),
    SIGN("lvert", TEX_OPEN, "|"),
    SIGN("rvert", TEX_CLOSE, "|"),
    DRAWN("langle", TEX_OPEN, "⟨", TEX_LEFT_ANGLE),
    DRAWN("rangle", TEX_CLOSE, "⟩", TEX_RIGHT_ANGLE),
    {"sum", TEX_OPERATOR, FONT_TEXT, "∑", TEX_GLYPH, true, true},
    {"prod", TEX_OPERATOR, FONT_TEXT, "∏", TEX_GLYPH, true, true},
    {"int", TEX_OPERATOR, FONT_TEXT, "∫", TEX_GLYPH, true, false},
    LIMIT("max", "max"),
    LIMIT("min", "min"),
    LIMIT("lim", "lim"),
    LIMIT("argmax", "argmax"),
    LIMIT("argmin", "argmin"),
    FUNCTION("log"),
    FUNCTION("ln"),
    FUNCTION("exp"),
    FUNCTION("sin"),
    FUNCTION("cos"),
    FUNCTION("tan"),
    FUNCTION("tanh"),
    FUNCTION("sign"),
    FUNCTION("det"),
    FUNCTION("tr"),
    FUNCTION("diag"),
    FUNCTION("dim"),
    FUNCTION("Var"),
    /* What is typed without a backslash. */
    SIGN("", TEX_BINARY, "+"),
    SIGN("", TEX_RELATION, "="),
    SIGN("", TEX_RELATION, "<"),
    SIGN("", TEX_RELATION, ">"),
    SIGN("", TEX_RELATION, ":"),
    SIGN("", TEX_OPEN, "("),
    SIGN("", TEX_CLOSE, ")"),
    SIGN("", TEX_OPEN, "["),
    SIGN("", TEX_CLOSE, "]"),
    SIGN("", TEX_PUNCTUATION, ","),
    SIGN("", TEX_PUNCTUATION, ";"),
    SIGN("", TEX_BINARY, "−"),
    UPRIGHT("", "*"),
    UPRIGHT("", "/"),
    UPRIGHT("", "!"),
    UPRIGHT("", "?"),
    UPRIGHT("", "."),
};
const int tex_symbol_count = (int)(sizeof tex_symbols / sizeof *tex_symbols);

static bool is(const char *string, const char *bytes, size_t length) {
    return strlen(string) == length && memcmp(string, bytes, length) == 0;
}

const TexSymbol *tex_find(const char *name, size_t length) {
    for (int i = 0; i < tex_symbol_count && length > 0; i++)
        if (is(tex_symbols[i].name, name, length)) return &tex_symbols[i];
    return NULL;
}

const TexSymbol *tex_find_string(const char *string, size_t length) {
    for (int i = 0; i < tex_symbol_count; i++)
        if (is(tex_symbols[i].string, string, length)) return &tex_symbols[i];
    return NULL;
}
