/* SPDX-License-Identifier: MIT */
/*
 * What a bug in a parser does, for unattended.sh to put into LD_PRELOAD: where libelf is to read a
 * file with one of the texts below in it, in the process that reads a kernel, this happens instead.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <libelf.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void crash(void)
{
    raise(SIGSEGV);
}

static void hang(void)
{
    for (;;)
        pause();
}

static void spin(void)
{
    for (volatile bool goes_on = true; goes_on;)
        ;
}

/* Nothing is heard of it any more, and it lives on. */
static void hide(void)
{
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    hang();
}

static void leave(void)
{
    _exit(7);
}

/* All there is, but for crumbs that an error's text still fits in. */
static void eat(void)
{
    for (size_t size = 1 << 20; size >= 1 << 12; size /= 2) {
        void *piece;
        while ((piece = malloc(size)))
            memset(piece, 1, size);
    }
}

/* Says that all went well, and hands over what no kstruct does. */
static void lie(void)
{
    if (write(STDOUT_FILENO, "trust me", 8) < 0)
        _exit(8);
    _exit(0);
}

static void flood(void)
{
    static const char noise[1 << 16] = "noise";

    while (write(STDOUT_FILENO, noise, sizeof(noise)) > 0)
        ;
    _exit(9);
}

/* As if it were the data set or the disk that is at fault, not the file. */
static void blame(void)
{
    static const char text[] = "data set\n/elsewhere\n0\nall is lost\n";

    if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
        _exit(8);
    _exit(1);
}

static void stop(void)
{
    raise(SIGSTOP);
    _exit(0);
}

/* What bytes that have taken the process over would want next. */
static void escape(void)
{
    bool is_free = open("/etc/passwd", O_RDONLY) >= 0 || socket(AF_INET, SOCK_STREAM, 0) >= 0 ||
                   fork() >= 0 || kill(getppid(), 0) == 0;

    execl("/bin/true", "true", (char *)NULL);
    _exit(is_free ? 20 : 21);
}

static const struct bug {
    const char *text;
    void (*happen)(void);
} bugs[] = {
    {"parser bug: crash", crash}, {"parser bug: hang", hang},     {"parser bug: spin", spin},
    {"parser bug: leave", leave}, {"parser bug: eat", eat},       {"parser bug: hide", hide},
    {"parser bug: lie", lie},     {"parser bug: flood", flood},   {"parser bug: blame", blame},
    {"parser bug: stop", stop},   {"parser bug: escape", escape},
};

/* Found out at once: a process that reads a kernel cannot open anything later on. */
static bool is_child;
static bool checks_programs;

__attribute__((constructor)) static void find_role(void)
{
    char words[4096];
    int file_descriptor = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t count = read(file_descriptor, words, sizeof(words));

    close(file_descriptor);
    is_child = count > 0 && memmem(words, (size_t)count, "child-of-kstruct", 16);
    checks_programs = count > 0 && memmem(words, (size_t)count, "check", 6);
}

static const struct bug *find_bug_in(const void *bytes, size_t size)
{
    const struct bug *found = NULL;

    for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]) && !found; i++) {
        if (memmem(bytes, size, bugs[i].text, strlen(bugs[i].text)))
            found = &bugs[i];
    }
    return found;
}

static const struct bug *find_bug(int file_descriptor)
{
    struct stat status;

    if (fstat(file_descriptor, &status) != 0 || status.st_size == 0)
        return NULL;
    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file_descriptor, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    const struct bug *found = find_bug_in(bytes, size);
    munmap(bytes, size);
    return found;
}

__attribute__((visibility("default"))) Elf *elf_begin(int file_descriptor, Elf_Cmd command,
                                                      Elf *reference)
{
    union {
        void *symbol;
        Elf *(*function)(int, Elf_Cmd, Elf *);
    } real = {dlsym(RTLD_NEXT, "elf_begin")};
    const struct bug *bug = is_child ? find_bug(file_descriptor) : NULL;

    if (bug)
        bug->happen();
    return real.function(file_descriptor, command, reference);
}

__attribute__((visibility("default"))) Elf *elf_memory(char *bytes, size_t size)
{
    union {
        void *symbol;
        Elf *(*function)(char *, size_t);
    } real = {dlsym(RTLD_NEXT, "elf_memory")};
    const struct bug *bug = checks_programs ? find_bug_in(bytes, size) : NULL;

    if (bug)
        bug->happen();
    return real.function(bytes, size);
}
