/* Random words: eight xoshiro256++ generators (Blackman and Vigna 2019) side by side, a block
 * of words at a time, so that the compiler can use wide registers. */
#ifndef RANDOM_H
#define RANDOM_H

#include <math.h>
#include <stdint.h>

enum { STREAMS = 8, ROUNDS = 64, WORDS = 2 * STREAMS * ROUNDS };

struct source {
    uint64_t s[4][STREAMS];
    union {
        uint64_t pairs[ROUNDS][STREAMS];
        uint32_t words[WORDS];
    };
    int next;
};

static inline uint64_t rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static void seed_source(struct source *source, uint64_t seed)
{
    for (int k = 0; k < STREAMS; k++)
        for (int q = 0; q < 4; q++) { /* splitmix64 */
            uint64_t z = seed += 0x9E3779B97F4A7C15u;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
            source->s[q][k] = z ^ (z >> 31);
        }
    source->next = WORDS;
}

static __attribute__((noinline)) void refill(struct source *source)
{
    uint64_t(*s)[STREAMS] = source->s;
    for (int r = 0; r < ROUNDS; r++)
        for (int k = 0; k < STREAMS; k++) {
            source->pairs[r][k] = rotated(s[0][k] + s[3][k], 23) + s[0][k];
            uint64_t t = s[1][k] << 17;
            s[2][k] ^= s[0][k];
            s[3][k] ^= s[1][k];
            s[1][k] ^= s[2][k];
            s[0][k] ^= s[3][k];
            s[2][k] ^= t;
            s[3][k] = rotated(s[3][k], 45);
        }
    source->next = 0;
}

static inline uint32_t word(struct source *source)
{
    if (__builtin_expect(source->next == WORDS, 0))
        refill(source);
    return source->words[source->next++];
}

/* Uniform in (0, 1). */
static inline double uniform(struct source *source)
{
    return (word(source) + 0.5) * 0x1p-32;
}

/* How many of the 2^32 words mean yes to a probability. */
static inline int64_t threshold(double probability)
{
    return (int64_t)(probability * 0x1p32 + 0.5);
}

static inline int happens(struct source *source, double probability)
{
    return word(source) < threshold(probability);
}

#endif
