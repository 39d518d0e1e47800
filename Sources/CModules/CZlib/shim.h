#include <zlib.h>

// deflateInit2 is a macro, which Swift does not see.

/// Prepares a stream of raw deflate blocks: no header, no checksum.
static inline int sidelong_deflate_init(z_stream *stream, int level, int window_bits, int memory_level) {
    return deflateInit2(stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
}
