/*
 * What the frame scanner ought to say of a message, told from the MessagePack specification and the limits
 * alone, value by value and all at once. Slow and plain; knows nothing of how the scanner does it.
 */
#ifndef SENDA_TESTS_FUZZ_FRAME_MODEL_H
#define SENDA_TESTS_FUZZ_FRAME_MODEL_H

#include "wire/frame.h"

struct frame_model_step {
    enum frame_status status; /* never FRAME_PARTIAL */
    enum frame_fault fault;
    size_t at; /* bytes from the message's beginning */
    uint32_t id;
    bool has_id;
};

/* Limits of its own. */
enum frame_model_decoder {
    FRAME_MODEL_DECODES,
    FRAME_MODEL_NO_FORMAT, /* finds the byte 0xc1 */
    FRAME_MODEL_TOO_DEEP,  /* has no room for so many containers inside each other */
};

struct frame_model {
    struct frame_model_step steps[2]; /* where it is refused, and where it ends */
    size_t count;                     /* of those that the bytes are enough for */
    bool over;                        /* the message ends at the last of them */
    enum frame_model_decoder decoder; /* what msgpack-c makes of it, if it is over */
};

struct frame_model frame_model_of(const uint8_t *bytes, size_t length, const struct frame_limits *limits);

#endif
