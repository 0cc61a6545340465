// What the platform offers beside WASI: see executor/GUEST.md. Include it, and call; there is nothing to link.
#pragma once

#define PHOTON(name) __attribute__((import_module("photon"), import_name(#name)))

enum { PHOTON_DEBUG = -1, PHOTON_INFO = 0, PHOTON_WARN = 1, PHOTON_ERROR = 2 };

enum {
    PHOTON_BAD_REQUEST = -1,
    PHOTON_NOT_ALLOWED = -2,
    PHOTON_FAILED = -3,
    PHOTON_TIMED_OUT = -4,
    PHOTON_TOO_LARGE = -5,
    PHOTON_TOO_MANY_CALLS = -6
};

// One line of the function's log.
PHOTON(log) void photon_log(int level, const char *text, int length);

// Milliseconds until this run is stopped.
PHOTON(deadline) long long photon_deadline(void);

// Calls out, and waits for the whole answer. The head is "METHOD url" and header lines, each ended by '\n'.
// The answer's status, or a negative number of the above.
PHOTON(fetch) int photon_fetch(const char *head, int head_length, const void *body, int body_length);

// The last answer's header lines, or why there is none. Its length; nothing is written when that is over the limit.
PHOTON(fetch_head) int photon_fetch_head(char *buffer, int limit);

// The next bytes of the last answer's body. How many; 0 at its end.
PHOTON(fetch_body) int photon_fetch_body(void *buffer, int limit);

// Has an event published once this run has ended well. The head is the topic and lines "ce-type: …", "kafka-key: …",
// "content-type: …", each ended by '\n'. 0, or a negative number of the above; the log says why.
PHOTON(emit) int photon_emit(const char *head, int head_length, const void *data, int data_length);
