/* Texts to sums of token vectors: the tokenizer of a Unigram model and the sum of its rows, for ordinary characters.
 *
 * A text is cut into runs of letters and digits; the tokens of a run are its best path (Viterbi) through the words of
 * the vocabulary, each with the logarithm of its probability. Paths are compared in the order in which the `tokenizers`
 * library compares them, so that equal ones are decided alike. Sums are made in the order of index/summing.py, run by
 * run, without fused multiplication, so that they are equal to the last bit. Texts with other characters are left out.
 */
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHARACTERS 65536
#define NAME "duibiao vocabulary"
/* What a character is when it has no normal form: one that only the library handles, or one between runs. */
enum { ODD = 0, GAP = 1 };
/* The library's penalty of a character that no word begins with. */
#define UNKNOWN_PENALTY 10.0

typedef struct {
    uint16_t normal[CHARACTERS];
    int32_t first[CHARACTERS]; /* node of a word's first character, 0 for none */
    uint64_t *keys;            /* node and character, 0 for an empty place */
    int32_t *children;
    uint64_t mask;
    int32_t *words; /* by node: id of the word that ends there, -1 for none */
    double *scores;
    int64_t count, nodes;
    int32_t unknown;
    double unknown_score;
} vocabulary;

typedef struct {
    double score;
    int32_t start, id; /* start -1: no path yet */
} place;

typedef struct {
    const vocabulary *words;
    const int8_t *rows;
    const float *scales;
    int32_t dimension;
    uint16_t *run;
    place *best;
    int32_t *ids;
    float *sum;
} work;

static uint64_t slot_of(const vocabulary *words, uint64_t key) {
    uint64_t slot = (key * 0x9E3779B97F4A7C15u) >> 20 & words->mask;
    while (words->keys[slot] && words->keys[slot] != key) slot = (slot + 1) & words->mask;
    return slot;
}

static int32_t child(const vocabulary *words, int32_t node, uint16_t character) {
    return words->children[slot_of(words, (uint64_t)node << 16 | character)];
}

static void enter(vocabulary *words, const Py_UCS4 *word, Py_ssize_t length, int32_t id) {
    int32_t node = 0;
    for (Py_ssize_t n = 0; n < length; n++)
        if (word[n] >= CHARACTERS || !word[n]) return; /* does not occur in a run */
    for (Py_ssize_t n = 0; n < length; n++) {
        int32_t *next = &words->first[word[n]];
        if (n) {
            uint64_t key = (uint64_t)node << 16 | word[n], slot = slot_of(words, key);
            words->keys[slot] = key;
            next = &words->children[slot];
        }
        if (!*next) {
            *next = (int32_t)++words->nodes;
            words->words[*next] = -1;
        }
        node = *next;
    }
    if (length) words->words[node] = id;
}

static void offer(place *target, double score, int32_t start, int32_t id) {
    if (target->start >= 0 && score <= target->score) return;
    target->score = score;
    target->start = start;
    target->id = id;
}

/* Ids of a run's tokens, in reverse order; neighbouring unknown characters are one token. Returns their number. */
static int32_t tokens_of(const work *at, int32_t length) {
    const vocabulary *words = at->words;
    place *best = at->best;
    for (int32_t n = 0; n <= length; n++) best[n] = (place){0.0, -1, -1};
    for (int32_t start = 0; start < length; start++) {
        double before = best[start].score;
        int single = 0;
        int32_t node = words->first[at->run[start]];
        for (int32_t end = start + 1; node; end++) {
            int32_t id = words->words[node];
            if (id >= 0) {
                offer(&best[end], words->scores[id] + before, start, id);
                single |= end == start + 1;
            }
            node = end < length ? child(words, node, at->run[end]) : 0;
        }
        if (!single) offer(&best[start + 1], words->unknown_score + before, start, words->unknown);
    }
    int32_t count = 0;
    for (int32_t end = length; end > 0; end = best[end].start) {
        int32_t id = best[end].id;
        if (!(count && id == words->unknown && at->ids[count - 1] == id)) at->ids[count++] = id;
    }
    return count;
}

static void add_run(const work *at, int32_t length, float *out) {
    float *sum = at->sum;
    int32_t dimension = at->dimension;
    memset(sum, 0, sizeof(float) * (size_t)dimension);
    for (int32_t n = tokens_of(at, length); n-- > 0;) {
        const int8_t *row = at->rows + (size_t)at->ids[n] * (size_t)dimension;
        float scale = at->scales[at->ids[n]];
        for (int32_t i = 0; i < dimension; i++) sum[i] += (float)row[i] * scale;
    }
    for (int32_t i = 0; i < dimension; i++) out[i] += sum[i];
}

/* Adds a text's vectors to `out`; 0 when it has a character that only the library handles. */
static int add_text(const work *at, const Py_UCS4 *text, Py_ssize_t length, float *out) {
    const uint16_t *normal = at->words->normal;
    int32_t held = 0;
    for (Py_ssize_t n = 0; n < length; n++)
        if (text[n] >= CHARACTERS || normal[text[n]] == ODD) return 0;
    for (Py_ssize_t n = 0; n < length; n++) {
        uint16_t character = normal[text[n]];
        if (character != GAP) at->run[held++] = character;
        else if (held) add_run(at, held, out), held = 0;
    }
    if (held) add_run(at, held, out);
    return 1;
}

static void release(vocabulary *words) {
    if (!words) return;
    free(words->keys), free(words->children), free(words->words), free(words->scores), free(words);
}

static void destroy(PyObject *capsule) { release(PyCapsule_GetPointer(capsule, NAME)); }

/* Copies a buffer's bytes; -1 with an error set when it has not that many. */
static int copy_of(PyObject *object, void *to, size_t bytes) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE)) return -1;
    int right = (size_t)view.len == bytes;
    if (right) memcpy(to, view.buf, bytes);
    else PyErr_Format(PyExc_ValueError, "an array of %zd bytes, not %zu", view.len, bytes);
    PyBuffer_Release(&view);
    return right ? 0 : -1;
}

static int enter_all(vocabulary *words, PyObject *tokens) {
    Py_UCS4 *word = NULL;
    Py_ssize_t room = 0;
    int failed = 0;
    for (Py_ssize_t n = 0; n < words->count && !failed; n++) {
        PyObject *token = PyList_GetItem(tokens, n);
        Py_ssize_t length = token ? PyUnicode_GetLength(token) : -1;
        if (length < 0) failed = 1;
        else if (length >= room) {
            Py_UCS4 *larger = realloc(word, sizeof(Py_UCS4) * (size_t)(room = length + 64));
            if (larger) word = larger;
            else PyErr_NoMemory(), failed = 1;
        }
        if (failed || !PyUnicode_AsUCS4(token, word, room, 0)) failed = 1;
        else enter(words, word, length, (int32_t)n);
    }
    free(word);
    return failed ? -1 : 0;
}

static int allocate(vocabulary *words, PyObject *tokens) {
    size_t characters = 1, places = 1024;
    for (Py_ssize_t n = 0; n < words->count; n++) {
        Py_ssize_t length = PyUnicode_GetLength(PyList_GetItem(tokens, n));
        if (length < 0) return -1;
        characters += (size_t)length;
    }
    while (places < characters + characters / 2) places *= 2;
    words->mask = places - 1;
    words->keys = calloc(places, sizeof(uint64_t));
    words->children = calloc(places, sizeof(int32_t));
    words->words = malloc(characters * sizeof(int32_t));
    words->scores = malloc((size_t)words->count * sizeof(double));
    if (words->keys && words->children && words->words && words->scores) return 0;
    PyErr_NoMemory();
    return -1;
}

PyDoc_STRVAR(open_doc, "open(tokens, scores, normal, unknown) -> vocabulary: float64 scores, uint16 normal forms of characters");

static PyObject *open_vocabulary(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *tokens, *scores, *normal;
    int unknown;
    if (!PyArg_ParseTuple(args, "O!OOi", &PyList_Type, &tokens, &scores, &normal, &unknown)) return NULL;
    vocabulary *words = calloc(1, sizeof(vocabulary));
    if (!words) return PyErr_NoMemory();
    words->count = PyList_Size(tokens);
    words->unknown = unknown;
    if (unknown < 0 || unknown >= words->count || words->count > INT32_MAX / 2)
        PyErr_SetString(PyExc_ValueError, "no such unknown token");
    else if (!allocate(words, tokens) && !copy_of(normal, words->normal, sizeof words->normal) &&
             !copy_of(scores, words->scores, sizeof(double) * (size_t)words->count) && !enter_all(words, tokens)) {
        double least = words->scores[0];
        for (int64_t n = 1; n < words->count; n++) least = words->scores[n] < least ? words->scores[n] : least;
        words->unknown_score = least - UNKNOWN_PENALTY;
        PyObject *capsule = PyCapsule_New(words, NAME, destroy);
        if (capsule) return capsule;
    }
    release(words);
    return NULL;
}

/* All texts one after the other, and where each begins; NULL with an error set. */
static Py_UCS4 *characters_of(PyObject *texts, Py_ssize_t count, Py_ssize_t *starts, Py_ssize_t *longest) {
    *longest = 0;
    starts[0] = 0;
    for (Py_ssize_t n = 0; n < count; n++) {
        Py_ssize_t length = PyUnicode_GetLength(PyList_GetItem(texts, n));
        if (length < 0) return NULL;
        starts[n + 1] = starts[n] + length;
        if (length > *longest) *longest = length;
    }
    Py_UCS4 *all = malloc(sizeof(Py_UCS4) * (size_t)(starts[count] + 1));
    if (!all) PyErr_NoMemory();
    for (Py_ssize_t n = 0; all && n < count; n++)
        if (!PyUnicode_AsUCS4(PyList_GetItem(texts, n), all + starts[n], starts[n + 1] - starts[n], 0)) {
            free(all);
            return NULL;
        }
    return all;
}

/* Does the work of `sum` on arrays that are known to be large enough. */
static int sum_all(work *at, const Py_UCS4 *all, const Py_ssize_t *starts, Py_ssize_t count, Py_ssize_t longest,
                   float *out, uint8_t *odd) {
    at->run = malloc(sizeof(uint16_t) * (size_t)(longest + 1));
    at->best = malloc(sizeof(place) * (size_t)(longest + 1));
    at->ids = malloc(sizeof(int32_t) * (size_t)(longest + 1));
    at->sum = malloc(sizeof(float) * (size_t)at->dimension);
    int ready = at->run && at->best && at->ids && at->sum;
    for (Py_ssize_t n = 0; ready && n < count; n++) {
        float *row = out + (size_t)n * (size_t)at->dimension;
        memset(row, 0, sizeof(float) * (size_t)at->dimension);
        odd[n] = !add_text(at, all + starts[n], starts[n + 1] - starts[n], row);
    }
    free(at->run), free(at->best), free(at->ids), free(at->sum);
    return ready ? 0 : -1;
}

PyDoc_STRVAR(sum_doc, "sum(vocabulary, texts, rows, scales, dimension, out, odd): int8 rows and float32 scales of tokens, "
                      "float32 sums of texts; odd marks the texts that were left out");

static PyObject *sum(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsule, *texts;
    Py_buffer rows, scales, out, odd;
    int dimension;
    if (!PyArg_ParseTuple(args, "OO!y*y*iw*w*", &capsule, &PyList_Type, &texts, &rows, &scales, &dimension, &out, &odd))
        return NULL;
    vocabulary *words = PyCapsule_GetPointer(capsule, NAME);
    Py_ssize_t count = PyList_Size(texts), longest = 0;
    Py_ssize_t *starts = malloc(sizeof(Py_ssize_t) * (size_t)(count + 1));
    Py_UCS4 *all = NULL;
    int failed = 1;
    if (!starts) PyErr_NoMemory();
    else if (words && (dimension < 1 || dimension > CHARACTERS || rows.len != words->count * dimension ||
                       scales.len != words->count * (Py_ssize_t)sizeof(float) || odd.len != count ||
                       out.len != count * dimension * (Py_ssize_t)sizeof(float)))
        PyErr_SetString(PyExc_ValueError, "arrays that do not belong together");
    else if (words && (all = characters_of(texts, count, starts, &longest))) {
        if (longest > INT32_MAX / 2) PyErr_SetString(PyExc_ValueError, "a text of more than a thousand million characters");
        else {
            work at = {.words = words, .rows = rows.buf, .scales = scales.buf, .dimension = dimension};
            Py_BEGIN_ALLOW_THREADS
            failed = sum_all(&at, all, starts, count, longest, out.buf, odd.buf);
            Py_END_ALLOW_THREADS
            if (failed) PyErr_NoMemory();
        }
    }
    free(all), free(starts);
    PyBuffer_Release(&rows), PyBuffer_Release(&scales), PyBuffer_Release(&out), PyBuffer_Release(&odd);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"open", open_vocabulary, METH_VARARGS, open_doc},
    {"sum", sum, METH_VARARGS, sum_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_texts", "Texts to sums of token vectors.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__texts(void) { return PyModule_Create(&definition); }
