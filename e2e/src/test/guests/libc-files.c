// Uses /tmp as programs do, and answers "ok", or the line of the first surprise.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPECT(what) do { if (!(what)) { printf("Content-Type: text/plain\n\nline %d, error %d", __LINE__, errno); return 0; } } while (0)

int main(void) {
    char text[100] = "";
    struct stat found;

    FILE *file = fopen("/tmp/a.txt", "w+");
    EXPECT(file != NULL);
    EXPECT(fwrite("hello, file", 1, 11, file) == 11);
    EXPECT(fseek(file, 7, SEEK_SET) == 0 && ftell(file) == 7);
    EXPECT(fread(text, 1, sizeof text, file) == 4 && strcmp(text, "file") == 0);
    EXPECT(fclose(file) == 0);
    EXPECT((file = fopen("/tmp/a.txt", "a")) != NULL && fputs("!", file) >= 0 && fclose(file) == 0);
    EXPECT(stat("/tmp/a.txt", &found) == 0 && found.st_size == 12 && S_ISREG(found.st_mode));
    EXPECT(truncate("/tmp/a.txt", 5) == 0 && stat("/tmp/a.txt", &found) == 0 && found.st_size == 5);

    EXPECT(mkdir("/tmp/d", 0700) == 0);
    EXPECT(mkdir("/tmp/d", 0700) == -1 && errno == EEXIST);
    EXPECT(rename("/tmp/a.txt", "/tmp/d/b.txt") == 0);
    EXPECT(link("/tmp/d/b.txt", "/tmp/d/c.txt") == 0);
    EXPECT(access("/tmp/a.txt", F_OK) == -1 && errno == ENOENT);
    DIR *directory = opendir("/tmp/d");
    EXPECT(directory != NULL);
    int entries = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL; entries++) {
        if (entry->d_name[0] != '.') EXPECT(unlinkat(dirfd(directory), entry->d_name, 0) == 0);
    }
    EXPECT(entries == 4 && closedir(directory) == 0);
    EXPECT(rmdir("/tmp/d") == 0);

    EXPECT(fopen("/tmp/../etc/passwd", "r") == NULL && errno == ENOTCAPABLE);
    EXPECT(fopen("/etc/passwd", "r") == NULL && errno == ENOTCAPABLE);
    EXPECT(symlink("a", "/tmp/link") == -1 && errno == ENOTSUP);

    // More than the megabyte that the test allows.
    char block[4096] = {0};
    EXPECT((file = fopen("/tmp/full", "w")) != NULL);
    for (errno = 0; errno == 0;) fwrite(block, 1, sizeof block, file);
    EXPECT(errno == ENOSPC);
    fclose(file);
    EXPECT(stat("/tmp/full", &found) == 0 && found.st_size == 1 << 20);
    EXPECT(remove("/tmp/full") == 0);

    EXPECT(freopen("/tmp/err", "w", stderr) != NULL);
    EXPECT(fputs("kept", stderr) >= 0 && fclose(stderr) == 0);
    int err = open("/tmp/err", O_RDONLY);
    EXPECT(err >= 0 && read(err, text, sizeof text) == 4 && memcmp(text, "kept", 4) == 0);

    puts("Content-Type: text/plain\n\nok");
    return 0;
}
