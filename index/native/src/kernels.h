/* Exact top-k by inner product through an 8-bit screen: types shared by the parts.
 *
 * Rows and queries are rounded to 8-bit codes. The inner product of the codes differs from the true one by at most a
 * bound that follows from the rounding errors (Cauchy-Schwarz), so that only rows whose screened value lies within
 * twice the bound of the k-th best can belong to the k best; those few are multiplied again in 32-bit floating point.
 */
#ifndef DUIBIAO_KERNELS_H
#define DUIBIAO_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Rows side by side in a panel: 4 bytes of each row, then the next 4 bytes of each, and so on. */
#define PANEL 16
/* Panels of one chunk: its codes (512 KiB at 256 dimensions) stay in the second-level cache for a block of queries. */
#define CHUNK_PANELS 128
#define CHUNK_ROWS (PANEL * CHUNK_PANELS)
/* Queries whose screened values are held at once, and the most that any tile multiplies. */
#define TILE_QUERIES 6

typedef struct {
    float screened;
    int32_t position;
} candidate;

/* Candidates that a contest has room for without asking for memory. */
#define ROOM 256

/* The best rows of one query so far. Screened values are in units of the query's scale. */
typedef struct {
    candidate *held, *room;
    int32_t count, capacity, k;
    float floor;  /* a row below it cannot be among the k best */
    float window; /* twice the bound on the error of a screened value */
} contest;

/* A query in codes. */
typedef struct {
    int8_t *codes;      /* groups * 4 of them */
    int32_t correction; /* minus 128 times their sum: rows are stored with 128 added */
    float scale;
    float norm;  /* length of the vector that the codes stand for */
    float error; /* length of what rounding left over */
} coded_query;

/* Rows in codes. */
typedef struct {
    const uint8_t *panels;
    const float *scales; /* of every row */
    int32_t groups;      /* of 4 dimensions */
} coded_rows;

/* What differs between instruction sets. */
typedef struct {
    const char *name;
    int32_t largest; /* code of a query: 127, or 63 where sums of two products must fit 16 bits */
    /* Code a vector: codes, scale, length of the coded vector and of the error. */
    void (*encode_query)(const float *vector, int32_t dimension, coded_query *out);
    void (*encode_row)(const float *vector, int32_t dimension, int8_t *codes, float *scale, float *error, float *norm);
    /* Screened values of queries (at most TILE_QUERIES) for `panels` panels from `first` on, one array a query. */
    void (*screen)(const coded_rows *rows, int32_t first, int32_t panels, const coded_query *const *queries,
                   int32_t count, float *const *values);
    /* Enter every value at or above the contest's floor, as row base + i. Returns 0, or -1 when memory ran out. */
    int (*enter)(contest *contest, const float *values, int32_t count, int32_t base);
    float (*inner_product)(const float *a, const float *b, int32_t dimension);
} instruction_set;

/* `room` is the caller's, for ROOM candidates. Returns 0, or -1 when memory ran out. */
int contest_open(contest *contest, int32_t k, float window, candidate *room);
void contest_close(contest *contest);
/* Make room: raise the floor to what the held candidates prove, drop those below. 0, or -1 when memory ran out. */
int contest_thin(contest *contest);
/* Candidates that can still win, best first. */
void contest_rank(contest *contest);

#endif
