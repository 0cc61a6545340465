// Publishes an event for each line of the body, with the line as its key, and then answers; or traps after "trap".

#include <stdio.h>
#include <string.h>

#include "../../../../examples/photon/photon.h"

int main(void) {
    char line[256];
    int refused = 0;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (!strcmp(line, "trap")) __builtin_trap();
        char head[512];
        int length = snprintf(head, sizeof head,
            "orders.c\nce-type: order.created\nce-subject: %s\nkafka-key: %s\ncontent-type: text/plain\n", line, line);
        int result = photon_emit(head, length, line, (int) strlen(line));
        if (result) refused = result;
    }
    printf("Content-Type: text/plain\n\n%d", refused);
    return 0;
}
