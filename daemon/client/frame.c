/* Encoding messages; see frame.h. */
#include "client/frame.h"

#include <string.h>

/* A str's head in its shortest form; methods are far below 64 KiB, longer ones are cut by no one and so take
 * the widest form. */
static size_t string_head(size_t length, unsigned char *out)
{
    if (length < 32) {
        out[0] = (unsigned char)(0xA0U | length);
        return 1;
    }
    out[0] = 0xDB;
    for (unsigned i = 0; i < 4; i++)
        out[1 + i] = (unsigned char)(length >> (24 - 8 * i));
    return 5;
}

/* What stands before the method's bytes: the array, the kind, the number, the str's head. */
static size_t frame_head(const struct client_frame *frame, unsigned char *out)
{
    size_t used = 2;
    out[0] = frame->notification ? 0x93 : 0x94;
    out[1] = frame->notification ? 2 : 0;
    if (!frame->notification) {
        out[used++] = 0xCE;
        for (unsigned i = 0; i < 4; i++)
            out[used++] = (unsigned char)(frame->id >> (24 - 8 * i));
    }
    return used + string_head(frame->method_length, out + used);
}

size_t client_frame_length(const struct client_frame *frame)
{
    unsigned char head[16];
    return frame_head(frame, head) + frame->method_length + 1 + frame->params_length;
}

void client_frame_encode(const struct client_frame *frame, unsigned char *out)
{
    out += frame_head(frame, out);
    memcpy(out, frame->method, frame->method_length);
    out += frame->method_length;
    *out++ = frame->params != NULL ? 0x91 : 0x90;
    if (frame->params != NULL)
        memcpy(out, frame->params, frame->params_length);
}
