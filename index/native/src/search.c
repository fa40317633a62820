#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Queries whose contests are open at once: few where all of them meet every row, many where lists are shared. */
#define RANGE_BLOCK 192
#define LISTS_BLOCK 2048
/* Rounding of 32-bit sums, relative to the lengths of the vectors. */
#define ROUNDING 1e-6f

typedef struct {
    coded_query *queries;
    contest *contests;
    candidate *rooms; /* ROOM for each */
    int8_t *codes;
    float *values; /* TILE_QUERIES arrays of CHUNK_ROWS */
    int32_t size, count, opened;
} block;

void encode_rows(const instruction_set *set, const float *vectors, int64_t count, int32_t dimension, int64_t place,
                 uint8_t *panels, float *scales, float *error, float *longest) {
    int32_t groups = (dimension + 3) / 4;
    int8_t codes[4096];
    for (int64_t n = 0; n < count; n++, place++) {
        float lost, norm;
        memset(codes, 0, (size_t)groups * 4);
        set->encode_row(vectors + n * dimension, dimension, codes, scales + place, &lost, &norm);
        uint8_t *panel = panels + (size_t)(place / PANEL) * groups * PANEL * 4 + (place % PANEL) * 4;
        for (int32_t g = 0; g < groups; g++)
            for (int32_t b = 0; b < 4; b++) panel[(size_t)g * PANEL * 4 + b] = (uint8_t)(codes[4 * g + b] + 128);
        if (lost > *error) *error = lost;
        if (norm + lost > *longest) *longest = norm + lost;
    }
}

/* Twice the bound on |true - screened| of any row, in units of the query's scale: the query's codes times the rows'
 * errors, and the query's error times the rows. With slack, errors are taken as independent of the vectors. */
static float window_of(const coded_query *query, const row_store *store, float slack) {
    float a = query->norm * store->error, b = query->error * store->longest;
    float bound = a + b, likely = slack * sqrtf((a * a + b * b) / (float)store->dimension);
    float rounding = ROUNDING * (query->norm + query->error) * store->longest;
    return 2 * ((likely < bound ? likely : bound) + rounding) / query->scale;
}

static void close_block(block *block) {
    for (int32_t q = 0; q < block->opened; q++) contest_close(&block->contests[q]);
    block->opened = 0;
}

static int open_block(const instruction_set *set, const row_store *store, const question *asked, int32_t first,
                      block *block) {
    int32_t left = asked->count - first, length = store->coded.groups * 4;
    block->count = left < block->size ? left : block->size;
    memset(block->codes, 0, (size_t)block->count * length);
    for (int32_t q = 0; q < block->count; q++) {
        coded_query *query = &block->queries[q];
        query->codes = block->codes + (size_t)q * length;
        set->encode_query(asked->vectors + (size_t)(first + q) * store->dimension, store->dimension, query);
        if (contest_open(&block->contests[q], asked->k, window_of(query, store, asked->slack),
                         block->rooms + (size_t)q * ROOM))
            return -1;
        block->opened = q + 1;
    }
    return 0;
}

/* Insert into the k best so far, behind those that are equal. */
static int32_t place_answer(int64_t *rows, float *similarities, int32_t found, int32_t k, int64_t row, float value) {
    if (found == k && !(value > similarities[k - 1])) return found;
    int32_t at = found < k ? found : k - 1;
    for (; at > 0 && value > similarities[at - 1]; at--) {
        rows[at] = rows[at - 1];
        similarities[at] = similarities[at - 1];
    }
    rows[at] = row;
    similarities[at] = value;
    return found < k ? found + 1 : k;
}

/* Multiply the candidates anew, best first, until none that is left can enter the k best. */
static void settle(const instruction_set *set, const row_store *store, const float *vector, const coded_query *query,
                   contest *contest, int64_t *rows, float *similarities) {
    int32_t k = contest->k, found = 0;
    contest_rank(contest);
    for (int32_t n = 0; n < contest->count; n++) {
        candidate held = contest->held[n];
        int64_t row = store->order ? store->order[held.position] : held.position;
        if (row < 0 || row >= store->rows) continue;
        if (!store->exact) {
            found = place_answer(rows, similarities, found, k, row, held.screened * query->scale);
            if (found == k) break;
            continue;
        }
        if (found == k && (held.screened + contest->window / 2) * query->scale < similarities[k - 1]) break;
        float value = set->inner_product(vector, store->exact + (size_t)row * store->dimension, store->dimension);
        found = place_answer(rows, similarities, found, k, row, value);
    }
    for (; found < k; found++) {
        rows[found] = -1;
        similarities[found] = -INFINITY;
    }
}

static void settle_block(const instruction_set *set, const row_store *store, const question *asked, int32_t first,
                         block *block, answer *out) {
    for (int32_t q = 0; q < block->count; q++) {
        size_t place = (size_t)(first + q) * asked->k;
        settle(set, store, asked->vectors + (size_t)(first + q) * store->dimension, &block->queries[q],
               &block->contests[q], out->rows + place, out->similarities + place);
    }
}

/* Screen up to TILE_QUERIES queries of a block, by number, over `rows` places from panel `first` on; `skip` places at
 * the beginning do not count. */
static int screen_some(const instruction_set *set, const row_store *store, block *block, const int32_t *numbers,
                       int32_t count, int64_t first, int32_t skip, int32_t rows) {
    const coded_query *queries[TILE_QUERIES];
    float *values[TILE_QUERIES];
    for (int32_t q = 0; q < count; q++) {
        queries[q] = &block->queries[numbers[q]];
        values[q] = block->values + (size_t)q * CHUNK_ROWS;
    }
    set->screen(&store->coded, (int32_t)first, (rows + PANEL - 1) / PANEL, queries, count, values);
    for (int32_t q = 0; q < count; q++) {
        int32_t base = (int32_t)(first * PANEL) + skip;
        if (set->enter(&block->contests[numbers[q]], values[q] + skip, rows - skip, base)) return -1;
    }
    return 0;
}

static int screen_places(const instruction_set *set, const row_store *store, block *block, const int32_t *numbers,
                         int32_t count, int64_t start, int64_t stop) {
    for (int64_t panel = start / PANEL; panel * PANEL < stop; panel += CHUNK_PANELS) {
        int64_t begin = panel * PANEL, rows = stop - begin < CHUNK_ROWS ? stop - begin : CHUNK_ROWS;
        int32_t skip = begin < start ? (int32_t)(start - begin) : 0;
        for (int32_t q = 0; q < count; q += TILE_QUERIES) {
            int32_t some = count - q < TILE_QUERIES ? count - q : TILE_QUERIES;
            if (screen_some(set, store, block, numbers + q, some, panel, skip, (int32_t)rows)) return -1;
        }
    }
    return 0;
}

static block *new_block(const row_store *store, int32_t size) {
    size_t query = sizeof(coded_query) + sizeof(contest) + sizeof(candidate) * ROOM + (size_t)store->coded.groups * 4;
    block *block = malloc(sizeof *block + query * size + sizeof(float) * CHUNK_ROWS * TILE_QUERIES);
    if (!block) return NULL;
    block->queries = (coded_query *)(block + 1);
    block->contests = (contest *)(block->queries + size);
    block->rooms = (candidate *)(block->contests + size);
    block->values = (float *)(block->rooms + (size_t)size * ROOM);
    block->codes = (int8_t *)(block->values + CHUNK_ROWS * TILE_QUERIES);
    block->size = size;
    block->opened = 0;
    return block;
}

int search_range(const instruction_set *set, const row_store *store, int64_t start, int64_t stop, const question *asked,
                 answer *out) {
    int32_t numbers[RANGE_BLOCK];
    block *block = new_block(store, asked->count < RANGE_BLOCK ? asked->count : RANGE_BLOCK);
    if (!block) return -1;
    for (int32_t q = 0; q < block->size; q++) numbers[q] = q;
    int failed = 0;
    for (int32_t first = 0; first < asked->count && !failed; first += block->size) {
        failed = open_block(set, store, asked, first, block) ||
                 screen_places(set, store, block, numbers, block->count, start, stop);
        if (!failed) settle_block(set, store, asked, first, block, out);
        close_block(block);
    }
    free(block);
    return failed ? -1 : 0;
}

/* Screen the lists of ranks [from, to) of a block's queries, list by list, so that a list is read once for all of
 * them. `heads` has room for lists + 1 numbers, `members` for a block's pairs. */
static int screen_ranks(const instruction_set *set, const row_store *store, const probing *lists, block *block,
                        int32_t first, int32_t from, int32_t to, int32_t *heads, int32_t *members) {
    memset(heads, 0, sizeof(int32_t) * ((size_t)lists->lists + 1));
    const int64_t *probed = lists->probed + (size_t)first * lists->probes;
    for (int32_t q = 0; q < block->count; q++)
        for (int32_t r = from; r < to; r++) {
            int64_t list = probed[(size_t)q * lists->probes + r];
            if (list >= 0) heads[list + 1]++;
        }
    for (int32_t list = 0; list < lists->lists; list++) heads[list + 1] += heads[list];
    for (int32_t q = 0; q < block->count; q++)
        for (int32_t r = from; r < to; r++) {
            int64_t list = probed[(size_t)q * lists->probes + r];
            if (list >= 0) members[heads[list]++] = q;
        }
    for (int32_t list = 0, begin = 0; list < lists->lists; begin = heads[list++]) {
        int64_t start = lists->panels[list] * PANEL;
        if (heads[list] > begin && lists->sizes[list] &&
            screen_places(set, store, block, members + begin, heads[list] - begin, start, start + lists->sizes[list]))
            return -1;
    }
    return 0;
}

static int screen_one(const instruction_set *set, const row_store *store, const probing *lists, block *block,
                      int32_t first) {
    const int32_t number = 0;
    for (int32_t r = 0; r < lists->probes; r++) {
        int64_t list = lists->probed[(size_t)first * lists->probes + r];
        if (list < 0) continue;
        int64_t start = lists->panels[list] * PANEL;
        if (screen_places(set, store, block, &number, 1, start, start + lists->sizes[list])) return -1;
    }
    return 0;
}

int search_lists(const instruction_set *set, const row_store *store, const probing *lists, const question *asked,
                 answer *out) {
    int32_t size = asked->count < LISTS_BLOCK ? asked->count : LISTS_BLOCK;
    block *block = new_block(store, size);
    int32_t *heads = malloc(sizeof(int32_t) * ((size_t)lists->lists + 1 + (size_t)size * lists->probes));
    int failed = !block || !heads;
    for (int32_t first = 0; first < asked->count && !failed; first += size) {
        int32_t *members = heads + lists->lists + 1;
        failed = open_block(set, store, asked, first, block);
        if (!failed && block->count == 1) failed = screen_one(set, store, lists, block, first);
        else if (!failed)
            failed = screen_ranks(set, store, lists, block, first, 0, 1, heads, members) ||
                     screen_ranks(set, store, lists, block, first, 1, lists->probes, heads, members);
        if (!failed) settle_block(set, store, asked, first, block, out);
        close_block(block);
    }
    free(heads);
    free(block);
    return failed ? -1 : 0;
}
