/* Counting and refusing allocations; see scarce.h. */
#include "scarce.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whose allocator there is behind ours: a sanitizer's if the program has one, else the C library's. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);
__attribute__((weak)) void *__interceptor_malloc(size_t size);
__attribute__((weak)) void *__interceptor_calloc(size_t count, size_t size);
__attribute__((weak)) void *__interceptor_realloc(void *block, size_t size);
__attribute__((weak)) void *__interceptor_memalign(size_t alignment, size_t size);
__attribute__((weak)) void __interceptor_free(void *block);

static struct scarce_control own_control; /* of a program that is linked with us */
static struct scarce_control *control = &own_control;
static struct scarce_slot *slot = &own_control.slots[0];
static uint64_t struck_before; /* at scarce_begin */

/* ---- Control ---- */

/* A process that finds no slot left shares the last one. */
static void take_slot(void)
{
    uint32_t place = atomic_fetch_add(&control->used, 1);
    slot = &control->slots[place < SCARCE_SLOTS ? place : SCARCE_SLOTS - 1];
    atomic_store(&slot->left, atomic_load(&control->next_left));
    atomic_store(&slot->mode, atomic_exchange(&control->next_mode, SCARCE_OFF));
    atomic_store(&slot->pid, (int32_t)getpid());
}

/* What a child inherited is its own to free. */
static void take_slot_of_child(void)
{
    int64_t blocks = atomic_load(&slot->blocks);
    if (control == &own_control)
        return;
    take_slot();
    atomic_fetch_add(&slot->blocks, blocks);
}

static void map_control(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    long mapped = syscall(SYS_mmap, NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
    close(fd);
    if (mapped == -1)
        return;
    control = (struct scarce_control *)mapped;
    take_slot();
}

__attribute__((constructor)) static void scarce_start(void)
{
    const char *path = getenv("SENDA_SCARCE_CONTROL");
    if (path != NULL)
        map_control(path);
    pthread_atfork(NULL, NULL, take_slot_of_child);
}

void scarce_begin(enum scarce_mode mode, int64_t left)
{
    struck_before = atomic_load(&slot->struck);
    atomic_store(&slot->left, left);
    atomic_store(&slot->mode, mode);
}

uint64_t scarce_end(void)
{
    atomic_store(&slot->mode, SCARCE_OFF);
    return atomic_load(&slot->struck) - struck_before;
}

int64_t scarce_blocks(void)
{
    return atomic_load(&slot->blocks);
}

uint64_t scarce_calls(void)
{
    return atomic_load(&slot->calls);
}

/* Whether this allocation is to fail. */
static bool strikes(void)
{
    atomic_fetch_add_explicit(&slot->calls, 1, memory_order_relaxed);
    uint32_t mode = atomic_load_explicit(&slot->mode, memory_order_relaxed);
    if (mode == SCARCE_OFF || atomic_fetch_sub(&slot->left, 1) > 1)
        return false;
    if (mode == SCARCE_ONCE)
        atomic_store(&slot->mode, SCARCE_OFF);
    atomic_fetch_add(&slot->struck, 1);
    errno = ENOMEM;
    return true;
}

static void *counted(void *block)
{
    if (block != NULL)
        atomic_fetch_add_explicit(&slot->blocks, 1, memory_order_relaxed);
    return block;
}

/* ---- What stands in ---- */

void *malloc(size_t size)
{
    if (strikes())
        return NULL;
    return counted(__interceptor_malloc != NULL ? __interceptor_malloc(size) : __libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    if (strikes())
        return NULL;
    return counted(__interceptor_calloc != NULL ? __interceptor_calloc(count, size)
                                                : __libc_calloc(count, size));
}

void free(void *block)
{
    if (block == NULL)
        return;
    atomic_fetch_sub_explicit(&slot->blocks, 1, memory_order_relaxed);
    if (__interceptor_free != NULL)
        __interceptor_free(block);
    else
        __libc_free(block);
}

void *realloc(void *block, size_t size)
{
    if (block == NULL)
        return malloc(size);
    if (size == 0) {
        free(block);
        return NULL;
    }
    if (strikes())
        return NULL;
    return __interceptor_realloc != NULL ? __interceptor_realloc(block, size) : __libc_realloc(block, size);
}

void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!__builtin_mul_overflow(count, size, &bytes))
        return realloc(block, bytes);
    errno = ENOMEM;
    return NULL;
}

void *memalign(size_t alignment, size_t size)
{
    if (strikes())
        return NULL;
    return counted(__interceptor_memalign != NULL ? __interceptor_memalign(alignment, size)
                                                  : __libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = memalign(alignment, size);
    if (block == NULL)
        return ENOMEM;
    *out = block;
    return 0;
}

char *strndup(const char *text, size_t most)
{
    size_t length = strnlen(text, most);
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, strlen(text));
}

/* Files as well as memory: both want address space. */
void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset)
{
    if (strikes())
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset)
    __attribute__((alias("mmap")));
