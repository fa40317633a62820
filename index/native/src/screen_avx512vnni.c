/* AVX-512 with VNNI: Intel from Ice Lake on (servers), AMD from Zen 4 on. */
#include "kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma,prefer-vector-width=512")
#endif
#include <immintrin.h>
#include <math.h>
#include <string.h>

/* _mm512_dpbusd_epi32, written so that gcc 12 leaves the sums in their registers. */
static inline __attribute__((always_inline)) __m512i add_products(__m512i sums, __m512i rows, __m512i query) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(rows), "v"(query));
    return sums;
}

#define NAME set_avx512vnni
#define TEXT "avx512vnni"
#define LARGEST 127
#define LANES 16
#define TILE_PANELS 4
#define INTS __m512i
#define FLOATS __m512
#define ALL _mm512_set1_epi32
#define LOAD_INTS(from) _mm512_loadu_si512(from)
#define ADD_PRODUCTS add_products
#define ADD_INTS _mm512_add_epi32
#define TO_FLOATS _mm512_cvtepi32_ps
#define MULTIPLY _mm512_mul_ps
#define MULTIPLY_ADD _mm512_fmadd_ps
#define ADD_FLOATS _mm512_add_ps
#define SUM _mm512_reduce_add_ps
#define NO_FLOATS _mm512_setzero_ps()
#define GREATER _mm512_max_ps
#define LOAD_FLOATS _mm512_loadu_ps
#define STORE_FLOATS _mm512_storeu_ps
#define AT_LEAST(values, floor) _mm512_cmp_ps_mask(values, _mm512_set1_ps(floor), _CMP_GE_OQ)

#include "screen.inc"

#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
