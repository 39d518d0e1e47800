// ISA-L, 2.30 or newer. A machine without it, or without its header when this is built, has zlib.

#include <stdlib.h>

#pragma GCC visibility push(hidden)
#include "isal.h"
#include "loading.h"

#if __has_include(<isa-l/igzip_lib.h>)
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

// clang-format off
#define FUNCTIONS(EACH) \
    EACH(uint32_t, crc32_gzip_refl, (uint32_t start, const unsigned char *bytes, uint64_t length), (start, bytes, length)) \
    EACH(int, isal_deflate_stateless, (struct isal_zstream *stream), (stream)) \
    EACH(void, isal_deflate_stateless_init, (struct isal_zstream *stream), (stream))
// clang-format on

FUNCTIONS(SIDELONG_POINTER)
FUNCTIONS(SIDELONG_FUNCTION)

/// The level with matches that are looked for, and room for 16 Ki symbols in a block. Measured on a page of 91 kB, with
/// 1 Ki, 16 Ki and 64 Ki of them: 14.3, 14.2 and 14.2 kB in 103, 73 and 63 microseconds.
enum { level = 1, level_memory = ISAL_DEF_LVL1_SMALL };

struct sidelong_isal {
    struct isal_zstream stream;
    uint8_t level_memory[level_memory];
};

const char *sidelong_load_isal(void) {
    static const struct sidelong_symbol symbols[] = {FUNCTIONS(SIDELONG_SYMBOL)};
    return sidelong_load("libisal.so.2", symbols, sizeof symbols / sizeof *symbols);
}

struct sidelong_isal *sidelong_isal_new(void) {
    // The hash table stands at the beginning of a line of the cache.
    size_t size = (sizeof(struct sidelong_isal) + 63) / 64 * 64;
    return aligned_alloc(64, size);
}

void sidelong_isal_free(struct sidelong_isal *compressor) { free(compressor); }

size_t sidelong_isal_compress(
    struct sidelong_isal *compressor, const uint8_t *input, size_t length, uint8_t *output, size_t room) {
    struct isal_zstream *stream = &compressor->stream;
    if (length > UINT32_MAX) return 0;
    isal_deflate_stateless_init(stream);
    stream->level = level;
    stream->level_buf = compressor->level_memory;
    stream->level_buf_size = level_memory;
    stream->flush = FULL_FLUSH;
    stream->end_of_stream = 0;
    stream->next_in = (uint8_t *)input;
    stream->avail_in = (uint32_t)length;
    stream->next_out = output;
    stream->avail_out = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room;
    if (isal_deflate_stateless(stream) != COMP_OK || stream->avail_in != 0) return 0;
    return stream->total_out;
}

uint32_t sidelong_isal_checksum(const uint8_t *input, size_t length) { return crc32_gzip_refl(0, input, length); }

#else

const char *sidelong_load_isal(void) { return "built without ISA-L"; }
struct sidelong_isal *sidelong_isal_new(void) { return NULL; }
void sidelong_isal_free(struct sidelong_isal *compressor) { (void)compressor; }
size_t sidelong_isal_compress(
    struct sidelong_isal *compressor, const uint8_t *input, size_t length, uint8_t *output, size_t room) {
    (void)compressor, (void)input, (void)length, (void)output, (void)room;
    return 0;
}
uint32_t sidelong_isal_checksum(const uint8_t *input, size_t length) {
    (void)input, (void)length;
    return 0;
}

#endif
