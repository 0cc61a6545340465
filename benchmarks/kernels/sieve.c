// The sieve of Eratosthenes, with a byte for each number below two million.
#include "kernel.h"
#include <string.h>

enum { LIMIT = 2000000 };

static uint8_t composite[LIMIT];

uint32_t kernel(void) {
    uint32_t primes = 0;
    memset(composite, 0, sizeof composite);
    for (uint32_t i = 2; i < LIMIT; i++) {
        if (composite[i]) continue;
        primes++;
        if (i > LIMIT / i) continue;
        for (uint32_t j = i * i; j < LIMIT; j += i) composite[j] = 1;
    }
    return primes;
}
