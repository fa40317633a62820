/* AVX2 alone: products of two bytes are added in 16 bits, which codes of queries up to 63 keep from overflowing. */
#include "kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#include <immintrin.h>
#include <math.h>
#include <string.h>

static inline __attribute__((always_inline)) float sum_of(__m256 values) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

#define NAME set_avx2
#define TEXT "avx2"
#define LARGEST 63
#define ADD_PRODUCTS(sums, rows, query) \
    _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_maddubs_epi16(rows, query), _mm256_set1_epi16(1)))
#define LANES 8
#define TILE_PANELS 1
#define INTS __m256i
#define FLOATS __m256
#define ALL _mm256_set1_epi32
#define LOAD_INTS(from) _mm256_loadu_si256((const __m256i *)(from))
#define ADD_INTS _mm256_add_epi32
#define TO_FLOATS _mm256_cvtepi32_ps
#define MULTIPLY _mm256_mul_ps
#define MULTIPLY_ADD _mm256_fmadd_ps
#define ADD_FLOATS _mm256_add_ps
#define SUM sum_of
#define NO_FLOATS _mm256_setzero_ps()
#define GREATER _mm256_max_ps
#define LOAD_FLOATS _mm256_loadu_ps
#define STORE_FLOATS _mm256_storeu_ps
#define AT_LEAST(values, floor) \
    (uint32_t) _mm256_movemask_ps(_mm256_cmp_ps(values, _mm256_set1_ps(floor), _CMP_GE_OQ))

#include "screen.inc"

#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
