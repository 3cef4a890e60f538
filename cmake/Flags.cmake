# Warnings, sanitizers and coverage that every target shares, as the interface library senda_flags.
add_library(senda_flags INTERFACE)
target_include_directories(senda_flags INTERFACE ${PROJECT_SOURCE_DIR}/daemon ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(senda_flags INTERFACE _GNU_SOURCE SENDA_VERSION="${PROJECT_VERSION}")
target_compile_options(senda_flags INTERFACE
  -Wall -Wextra $<$<BOOL:${SENDA_WERROR}>:-Werror> -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wwrite-strings -Wundef -Wvla -Wformat=2 $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation> -Wimplicit-fallthrough -Wnull-dereference
  -fno-strict-aliasing -fstack-protector-strong)
if(SENDA_TESTS OR SENDA_FUZZ)
  # Faults can be injected where tests are built: the n-th allocation of a script.
  target_compile_definitions(senda_flags INTERFACE SENDA_TESTING)
endif()
if(SENDA_SANITIZE)
  target_compile_options(senda_flags INTERFACE -fsanitize=${SENDA_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(senda_flags INTERFACE -fsanitize=${SENDA_SANITIZE})
  # Sanitizers confuse the flow analysis behind this warning.
  target_compile_options(senda_flags INTERFACE -Wno-null-dereference)
endif()
if(SENDA_FUZZ)
  # libFuzzer sees which branches were taken; its main comes in where a target is linked.
  target_compile_options(senda_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SENDA_COVERAGE)
  target_compile_options(senda_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(senda_flags INTERFACE --coverage)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(senda_flags INTERFACE -O2 -g1 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
    $<$<NOT:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>>:-fPIE>)
  target_link_options(senda_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro,-z,now)
endif()
