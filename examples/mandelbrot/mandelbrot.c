// Draws the Mandelbrot set as a PNG: ?width=&height=&iterations=
// Each row is an IDAT chunk with one stored (uncompressed) deflate block, so that the picture streams out as it is computed.

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLOURS = 256, MAX_SIDE = 2048, MAX_ITERATIONS = 5000 };

typedef struct {
    const char *name;
    uint32_t value, most;
} Parameter;

// Reads `name=number` pairs into the parameters; false for an unknown name or a number out of bounds.
static bool parse_query(const char *query, Parameter *parameters, size_t count) {
    while (*query != '\0') {
        size_t name = strcspn(query, "=&");
        size_t i = 0;
        while (i < count && (strlen(parameters[i].name) != name || memcmp(parameters[i].name, query, name) != 0)) i++;
        query += name;
        if (i == count || *query++ != '=') return false;

        uint32_t value = 0;
        while (*query >= '0' && *query <= '9' && value <= parameters[i].most) value = value * 10 + (*query++ - '0');
        if (value < 1 || value > parameters[i].most || (*query != '&' && *query != '\0')) return false;
        parameters[i].value = value;
        if (*query == '&') query++;
    }
    return true;
}

// The colour of a point: 0 inside the set, else by how fast it escapes.
static uint8_t colour_at(double re, double im, uint32_t iterations) {
    double x = 0, y = 0, xx = 0, yy = 0;
    uint32_t n = 0;
    while (n < iterations && xx + yy <= 64) {
        y = 2 * x * y + im;
        x = xx - yy + re;
        xx = x * x;
        yy = y * y;
        n++;
    }
    if (xx + yy <= 64) return 0;
    double smooth = n + 1 - log2(log2(xx + yy) / 2);
    return 1 + (uint32_t) (24 * sqrt(smooth > 0 ? smooth : 0)) % (COLOURS - 1);
}

static void fill_palette(uint8_t *rgb) {
    for (int i = 1; i < COLOURS; i++) {
        double angle = 2 * M_PI * i / (COLOURS - 1);
        for (int channel = 0; channel < 3; channel++) {
            rgb[3 * i + channel] = 255 * (0.5 - 0.5 * cos(angle + 0.5 * channel));
        }
    }
}

static uint8_t *put_u32(uint8_t *to, uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) *to++ = value >> shift;
    return to;
}

static uint32_t crc_table[256];

static void fill_crc_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        crc_table[i] = crc;
    }
}

static void write_chunk(const char *type, const uint8_t *data, uint32_t length) {
    uint8_t word[4];
    uint32_t crc = ~0u;
    for (int i = 0; i < 4; i++) crc = crc_table[(crc ^ type[i]) & 0xFF] ^ (crc >> 8);
    for (uint32_t i = 0; i < length; i++) crc = crc_table[(crc ^ data[i]) & 0xFF] ^ (crc >> 8);
    put_u32(word, length);
    fwrite(word, 1, 4, stdout);
    fwrite(type, 1, 4, stdout);
    fwrite(data, 1, length, stdout);
    put_u32(word, ~crc);
    fwrite(word, 1, 4, stdout);
}

static void write_png(uint32_t width, uint32_t height, uint32_t iterations) {
    static uint8_t header[13], palette[3 * COLOURS], data[2 + 5 + 1 + MAX_SIDE + 4];
    static const uint8_t depth_and_type[] = {8, 3, 0, 0, 0}; // 8 bits, palette

    fill_crc_table();
    fill_palette(palette);
    memcpy(put_u32(put_u32(header, width), height), depth_and_type, sizeof depth_and_type);
    fputs("\x89PNG\r\n\x1a\n", stdout);
    write_chunk("IHDR", header, sizeof header);
    write_chunk("PLTE", palette, sizeof palette);

    double step = fmax(3.2 / width, 2.6 / height);
    uint32_t adler_a = 1, adler_b = 0;
    uint16_t length = 1 + width;
    for (uint32_t row = 0; row < height; row++) {
        uint8_t *out = data;
        if (row == 0) { // zlib's header
            *out++ = 0x78;
            *out++ = 0x01;
        }
        *out++ = row == height - 1; // the last block?
        *out++ = length & 0xFF;
        *out++ = length >> 8;
        *out++ = ~length & 0xFF;
        *out++ = (uint16_t) ~length >> 8;
        *out++ = 0; // no filter
        adler_b = (adler_b + adler_a) % 65521;

        double im = (height / 2.0 - row - 0.5) * step;
        for (uint32_t column = 0; column < width; column++) {
            double re = (column + 0.5 - width / 2.0) * step - 0.7;
            *out = colour_at(re, im, iterations);
            adler_a = (adler_a + *out++) % 65521;
            adler_b = (adler_b + adler_a) % 65521;
        }
        if (row == height - 1) out = put_u32(out, adler_b << 16 | adler_a);
        write_chunk("IDAT", data, out - data);
    }
    write_chunk("IEND", NULL, 0);
}

int main(void) {
    Parameter parameters[] = {{"width", 256, MAX_SIDE}, {"height", 256, MAX_SIDE}, {"iterations", 200, MAX_ITERATIONS}};
    const char *query = getenv("QUERY_STRING");
    if (!parse_query(query != NULL ? query : "", parameters, 3)) {
        printf("Status: 400 Bad Request\nContent-Type: text/plain; charset=utf-8\n\n"
               "usage: ?width=1..%d&height=1..%d&iterations=1..%d\n", MAX_SIDE, MAX_SIDE, MAX_ITERATIONS);
        return 0;
    }
    fputs("Content-Type: image/png\nCache-Control: public, max-age=86400\n\n", stdout);
    write_png(parameters[0].value, parameters[1].value, parameters[2].value);
    return 0;
}
