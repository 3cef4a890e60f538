/* The configuration file: refused with a reason, or read; and what is printed of it reads as the same again.
 */
#include "config_text.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct config config;
    struct error error = {0};
    bool read = config_text_read(&config, bytes, length, &error);
    REQUIRE(read || error.message[0] != '\0');
    if (read && config.token[0] == '\0') /* a token is masked */
        config_text_check(&config);
    config_destroy(&config);
    return 0;
}
