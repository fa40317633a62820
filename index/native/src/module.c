/* The Python side: arrays come as buffers, are checked for their sizes, and the work is done without the GIL. */
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <math.h>
#include <string.h>

#include "search.h"

extern const instruction_set set_avx512vnni, set_avx2;

static const instruction_set *usable[4];

static void find_instruction_sets(void) {
    int count = 0;
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        usable[count++] = &set_avx512vnni;
    if (avx2) usable[count++] = &set_avx2;
#endif
    usable[count] = NULL;
}

#define MOST_BUFFERS 12

typedef struct {
    Py_buffer views[MOST_BUFFERS];
    int count;
} buffers;

static void *take(buffers *held, PyObject *object, size_t bytes, int writable) {
    Py_buffer *view = &held->views[held->count];
    if (PyObject_GetBuffer(object, view, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE)) return NULL;
    held->count++;
    if ((size_t)view->len < bytes) {
        PyErr_Format(PyExc_ValueError, "an array of %zd bytes, at least %zu are needed", view->len, bytes);
        return NULL;
    }
    return view->buf;
}

static void release(buffers *held) {
    while (held->count) PyBuffer_Release(&held->views[--held->count]);
}

static const instruction_set *set_named(PyObject *name) {
    const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
    for (int n = 0; text && usable[n]; n++)
        if (!strcmp(usable[n]->name, text)) return usable[n];
    if (text) PyErr_Format(PyExc_ValueError, "instruction set %s is not usable here", text);
    return NULL;
}

static int arity(Py_ssize_t given, Py_ssize_t wanted) {
    if (given == wanted) return 0;
    PyErr_Format(PyExc_TypeError, "%zd arguments, %zd expected", given, wanted);
    return -1;
}

static PyObject *ended(int failed) {
    if (failed) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static size_t panel_bytes(int64_t places, int32_t dimension) {
    return (size_t)((places + PANEL - 1) / PANEL) * ((dimension + 3) / 4) * PANEL * 4;
}

/* What the arguments say: numbers are read in the order of a format's letters, l (whole) or f (fraction). */
static int read_numbers(PyObject *const *args, const char *letters, int64_t *whole, double *fractions) {
    for (; *letters; letters++, args++) {
        if (*letters == 'l') *whole++ = PyLong_AsLongLong(*args);
        else *fractions++ = PyFloat_AsDouble(*args);
        if (PyErr_Occurred()) return -1;
    }
    return 0;
}

PyDoc_STRVAR(encode_doc, "encode(set, vectors, count, dimension, place, panels, scales) -> (error, longest)");

static PyObject *encode(PyObject *self, PyObject *const *args, Py_ssize_t given) {
    (void)self;
    int64_t whole[3];
    if (arity(given, 7) || read_numbers(args + 2, "lll", whole, NULL)) return NULL;
    const instruction_set *set = set_named(args[0]);
    if (!set) return NULL;
    int64_t count = whole[0], place = whole[2];
    int32_t dimension = (int32_t)whole[1];
    if (count < 0 || place < 0 || dimension < 1 || dimension > 4096)
        return PyErr_Format(PyExc_ValueError, "count %lld, place %lld, dimension %d", count, place, dimension);
    buffers held = {.count = 0};
    float error = 0, longest = 0, *vectors, *scales;
    uint8_t *panels;
    PyObject *result = NULL;
    if ((vectors = take(&held, args[1], sizeof(float) * (size_t)count * dimension, 0)) &&
        (panels = take(&held, args[5], panel_bytes(place + count, dimension), 1)) &&
        (scales = take(&held, args[6], sizeof(float) * (size_t)(place + count), 1))) {
        Py_BEGIN_ALLOW_THREADS
        encode_rows(set, vectors, count, dimension, place, panels, scales, &error, &longest);
        Py_END_ALLOW_THREADS
        result = Py_BuildValue("(dd)", (double)error, (double)longest);
    }
    release(&held);
    return result;
}

/* The arguments that both searches begin with: set, panels, scales, exact, order, rows, places, dimension, error,
 * longest; then queries, count, k, slack, out_rows, out_similarities. */
#define COMMON 16

static const instruction_set *read_common(PyObject *const *args, buffers *held, row_store *store, question *asked,
                                          answer *out, int64_t *places) {
    int64_t whole[5];
    double fractions[3];
    const instruction_set *set = set_named(args[0]);
    if (!set || read_numbers(args + 5, "lllff", whole, fractions) ||
        read_numbers(args + 11, "llf", whole + 3, fractions + 2))
        return NULL;
    int64_t rows = whole[0], dimension = whole[2], count = whole[3], k = whole[4];
    *places = whole[1];
    if (rows < 0 || *places < 0 || *places > INT32_MAX - CHUNK_ROWS || dimension < 1 || dimension > 4096 || count < 0 ||
        count > INT32_MAX || k < 1 || k > *places) {
        PyErr_Format(PyExc_ValueError, "%lld rows, %lld places, dimension %lld, %lld queries, k %lld", rows, *places,
                     dimension, count, k);
        return NULL;
    }
    size_t vector = sizeof(float) * (size_t)dimension;
    store->coded.groups = (int32_t)((dimension + 3) / 4);
    store->rows = rows;
    store->dimension = (int32_t)dimension;
    store->error = (float)fractions[0];
    store->longest = (float)fractions[1];
    asked->count = (int32_t)count;
    asked->k = (int32_t)k;
    asked->slack = (float)fractions[2];
    size_t padded = (size_t)((*places + PANEL - 1) / PANEL) * PANEL;
    if (!(store->coded.panels = take(held, args[1], panel_bytes(*places, (int32_t)dimension), 0)) ||
        !(store->coded.scales = take(held, args[2], sizeof(float) * padded, 0)) ||
        (args[3] != Py_None && !(store->exact = take(held, args[3], vector * (size_t)rows, 0))) ||
        (args[4] != Py_None && !(store->order = take(held, args[4], sizeof(int64_t) * (size_t)*places, 0))) ||
        !(asked->vectors = take(held, args[10], vector * (size_t)count, 0)) ||
        !(out->rows = take(held, args[14], sizeof(int64_t) * (size_t)(count * k), 1)) ||
        !(out->similarities = take(held, args[15], sizeof(float) * (size_t)(count * k), 1)))
        return NULL;
    return set;
}

PyDoc_STRVAR(search_doc, "search(set, panels, scales, exact, order, rows, places, dimension, error, longest, queries, "
                         "count, k, slack, out_rows, out_similarities, start, stop)");

static PyObject *search(PyObject *self, PyObject *const *args, Py_ssize_t given) {
    (void)self;
    int64_t places, range[2];
    buffers held = {.count = 0};
    row_store store = {0};
    question asked;
    answer out;
    PyObject *result = NULL;
    if (arity(given, COMMON + 2)) return NULL;
    const instruction_set *set = read_common(args, &held, &store, &asked, &out, &places);
    if (set && !read_numbers(args + COMMON, "ll", range, NULL)) {
        if (range[0] < 0 || range[0] > range[1] || range[1] > places)
            PyErr_Format(PyExc_ValueError, "places %lld to %lld of %lld", range[0], range[1], places);
        else {
            int failed;
            Py_BEGIN_ALLOW_THREADS
            failed = search_range(set, &store, range[0], range[1], &asked, &out);
            Py_END_ALLOW_THREADS
            result = ended(failed);
        }
    }
    release(&held);
    return result;
}

/* Whether every list lies within the places and every probe names a list. */
static int consistent(const probing *lists, int64_t queries, int64_t places) {
    for (int32_t n = 0; n < lists->lists; n++)
        if (lists->panels[n] < 0 || lists->sizes[n] < 0 || lists->panels[n] * PANEL + lists->sizes[n] > places) return 0;
    for (int64_t n = 0; n < queries * lists->probes; n++)
        if (lists->probed[n] >= lists->lists) return 0;
    return 1;
}

PyDoc_STRVAR(search_lists_doc, "search_lists(set, panels, scales, exact, order, rows, places, dimension, error, longest, "
                               "queries, count, k, slack, out_rows, out_similarities, list_panels, list_sizes, lists, "
                               "probed, probes)");

static PyObject *search_clusters(PyObject *self, PyObject *const *args, Py_ssize_t given) {
    (void)self;
    int64_t places, lists, probes;
    buffers held = {.count = 0};
    row_store store = {0};
    question asked;
    answer out;
    probing probing = {0};
    PyObject *result = NULL;
    if (arity(given, COMMON + 5)) return NULL;
    const instruction_set *set = read_common(args, &held, &store, &asked, &out, &places);
    if (set && !read_numbers(args + COMMON + 2, "l", &lists, NULL) && !read_numbers(args + COMMON + 4, "l", &probes, NULL)) {
        if (lists < 1 || probes < 1 || probes > lists || lists > INT32_MAX - 1)
            PyErr_Format(PyExc_ValueError, "%lld probes of %lld lists", probes, lists);
        else if ((probing.panels = take(&held, args[COMMON], sizeof(int64_t) * (size_t)lists, 0)) &&
                 (probing.sizes = take(&held, args[COMMON + 1], sizeof(int64_t) * (size_t)lists, 0)) &&
                 (probing.probed = take(&held, args[COMMON + 3], sizeof(int64_t) * (size_t)(asked.count * probes), 0))) {
            int failed = 0, sound;
            probing.lists = (int32_t)lists;
            probing.probes = (int32_t)probes;
            Py_BEGIN_ALLOW_THREADS
            sound = consistent(&probing, asked.count, places);
            if (sound) failed = search_lists(set, &store, &probing, &asked, &out);
            Py_END_ALLOW_THREADS
            if (sound) result = ended(failed);
            else PyErr_SetString(PyExc_ValueError, "a list or a probe lies outside");
        }
    }
    release(&held);
    return result;
}

PyDoc_STRVAR(instruction_sets_doc, "instruction_sets() -> names of those that this processor has, fastest first");

static PyObject *instruction_set_names(PyObject *self, PyObject *ignored) {
    (void)self, (void)ignored;
    int count = 0;
    while (usable[count]) count++;
    PyObject *names = PyTuple_New(count);
    for (int n = 0; names && n < count; n++)
        if (PyTuple_SetItem(names, n, PyUnicode_FromString(usable[n]->name))) return NULL;
    return names;
}

static PyMethodDef methods[] = {
    {"instruction_sets", instruction_set_names, METH_NOARGS, instruction_sets_doc},
    {"encode", (PyCFunction)(void (*)(void))encode, METH_FASTCALL, encode_doc},
    {"search", (PyCFunction)(void (*)(void))search, METH_FASTCALL, search_doc},
    {"search_lists", (PyCFunction)(void (*)(void))search_clusters, METH_FASTCALL, search_lists_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "Exact top-k by inner product through an 8-bit screen.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void) {
    find_instruction_sets();
    return PyModule_Create(&definition);
}
