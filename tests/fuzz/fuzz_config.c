/* The configuration file: refused with a reason, or read; and what is printed of it reads as the same again.
 */
#include "base/text.h"
#include "config_text.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct config config;
    struct faults faults;
    faults_create(&faults);
    bool read = config_text_read(&config, bytes, length, &faults);
    REQUIRE(read == (faults.count == 0) && text_is_utf8(text_from(faults_text(&faults))));
    if (read && config.token[0] == '\0') /* a token is masked */
        config_text_check(&config);
    faults_destroy(&faults);
    config_destroy(&config);
    return 0;
}
