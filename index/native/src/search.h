/* Top-k over coded rows: everything, a range of rows, or the lists of a clustering. */
#ifndef DUIBIAO_SEARCH_H
#define DUIBIAO_SEARCH_H

#include "kernels.h"

/* Rows in both forms. */
typedef struct {
    coded_rows coded;
    const float *exact;   /* (rows, dimension); NULL: answers are screened values */
    const int64_t *order; /* row of each place in the panels; NULL: places are rows */
    int64_t rows;         /* candidates that `order` sends beyond them are passed over */
    int32_t dimension;
    float error;   /* greatest length of a row's rounding error */
    float longest; /* greatest length of a row */
} row_store;

typedef struct {
    const float *vectors; /* (count, dimension) */
    int32_t count, k;
    float slack; /* standard deviations of the error that are allowed for; INFINITY: the bound that always holds */
} question;

typedef struct {
    int64_t *rows;       /* (count, k), -1 where there is none */
    float *similarities; /* (count, k), -INFINITY where there is none */
} answer;

typedef struct {
    const int64_t *panels; /* first panel of each list */
    const int64_t *sizes;  /* rows of each list */
    const int64_t *probed; /* (queries, probes) lists of each query, nearest first; -1: none */
    int32_t lists, probes;
} probing;

/* All return 0, or -1 when memory ran out. */
int search_range(const instruction_set *set, const row_store *store, int64_t start, int64_t stop, const question *asked,
                 answer *out);
int search_lists(const instruction_set *set, const row_store *store, const probing *lists, const question *asked,
                 answer *out);
void encode_rows(const instruction_set *set, const float *vectors, int64_t count, int32_t dimension, int64_t place,
                 uint8_t *panels, float *scales, float *error, float *longest);

#endif
