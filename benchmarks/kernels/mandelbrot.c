// The Mandelbrot set on 160 x 120 points, at most 200 steps each.
#include "kernel.h"

uint32_t kernel(void) {
    uint32_t total = 0;
    for (int y = 0; y < 120; y++) {
        for (int x = 0; x < 160; x++) {
            double cr = x * 3.0 / 160 - 2, ci = y * 2.0 / 120 - 1, zr = 0, zi = 0;
            int step = 0;
            while (step < 200 && zr * zr + zi * zi < 4) {
                double next = zr * zr - zi * zi + cr;
                zi = 2 * zr * zi + ci;
                zr = next;
                step++;
            }
            total = total * 31 + (uint32_t) step;
        }
    }
    return total;
}
