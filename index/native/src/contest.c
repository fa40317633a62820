/* The best rows of one query: candidates come in, a rising floor throws most of them out again. */
#include "kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INSERTION 48

int contest_open(contest *contest, int32_t k, float window, candidate *room) {
    contest->count = 0;
    contest->capacity = k > ROOM / 4 ? 4 * k : ROOM;
    contest->k = k;
    contest->floor = -INFINITY;
    contest->window = window;
    contest->room = room;
    contest->held = contest->capacity > ROOM ? malloc(sizeof(candidate) * (size_t)contest->capacity) : room;
    return contest->held ? 0 : -1;
}

void contest_close(contest *contest) {
    if (contest->held != contest->room) free(contest->held);
    contest->held = NULL;
}

static inline int before(candidate a, candidate b) {
    return a.screened > b.screened || (a.screened == b.screened && a.position < b.position);
}

static void insertion_sort(candidate *held, int32_t count) {
    for (int32_t i = 1; i < count; i++) {
        candidate moved = held[i];
        int32_t j = i;
        for (; j > 0 && before(moved, held[j - 1]); j--) held[j] = held[j - 1];
        held[j] = moved;
    }
}

/* Move the k best to the front, in any order (Hoare's selection, median of three). */
static void select_best(candidate *held, int32_t count, int32_t k) {
    int32_t low = 0, high = count - 1;
    while (high - low > INSERTION) {
        candidate a = held[low], b = held[low + (high - low) / 2], c = held[high];
        candidate pivot = before(a, b) ? (before(b, c) ? b : before(a, c) ? c : a) : (before(a, c) ? a : before(b, c) ? c : b);
        int32_t i = low - 1, j = high + 1;
        for (;;) {
            do i++; while (before(held[i], pivot));
            do j--; while (before(pivot, held[j]));
            if (i >= j) break;
            candidate swapped = held[i];
            held[i] = held[j];
            held[j] = swapped;
        }
        if (k - 1 <= j) high = j;
        else low = j + 1;
    }
    insertion_sort(held + low, high - low + 1);
}

static int by_rank(const void *left, const void *right) {
    candidate a = *(const candidate *)left, b = *(const candidate *)right;
    return before(a, b) ? -1 : before(b, a) ? 1 : 0;
}

/* Drop what cannot win any more; afterwards the k best are in front. */
static void drop_losers(contest *contest) {
    if (contest->count <= contest->k) return;
    select_best(contest->held, contest->count, contest->k);
    float last = contest->held[0].screened;
    for (int32_t i = 1; i < contest->k; i++) {
        if (contest->held[i].screened < last) last = contest->held[i].screened;
    }
    if (last - contest->window > contest->floor) contest->floor = last - contest->window;
    if (contest->window == 0) { /* nothing to decide: rows that are equal to the last one may go */
        contest->count = contest->k;
        contest->floor = nextafterf(last, INFINITY);
        return;
    }
    int32_t kept = contest->k;
    for (int32_t i = contest->k; i < contest->count; i++) {
        if (contest->held[i].screened >= contest->floor) contest->held[kept++] = contest->held[i];
    }
    contest->count = kept;
}

int contest_thin(contest *contest) {
    drop_losers(contest);
    if (contest->count <= contest->capacity / 2) return 0;
    candidate *larger = malloc(sizeof(candidate) * 2 * (size_t)contest->capacity);
    if (!larger) return -1;
    memcpy(larger, contest->held, sizeof(candidate) * (size_t)contest->count);
    contest_close(contest);
    contest->held = larger;
    contest->capacity *= 2;
    return 0;
}

void contest_rank(contest *contest) {
    if (contest->count > INSERTION) drop_losers(contest);
    if (contest->count > INSERTION) qsort(contest->held, (size_t)contest->count, sizeof(candidate), by_rank);
    else insertion_sort(contest->held, contest->count);
}
