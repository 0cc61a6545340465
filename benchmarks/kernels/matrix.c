// The product of two 160 x 160 matrices of doubles, by three loops.
#include "kernel.h"

enum { N = 160 };

static double a[N][N], b[N][N], c[N][N];

uint32_t kernel(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (i * 7 + j) % 13;
            b[i][j] = (i + j * 5) % 11;
        }
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    }
    double trace = 0;
    for (int i = 0; i < N; i++) trace += c[i][i] + c[i][N - 1 - i];
    return (uint32_t) trace;
}
