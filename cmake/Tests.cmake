# label_tests(): gives each test of this directory the first part of its name as its label, so that `ctest -L unit` and
# `./dev test unit` run those. Called last in a directory that adds tests.
function(label_tests)
  get_property(names DIRECTORY PROPERTY TESTS)
  foreach(name IN LISTS names)
    string(REGEX REPLACE "_.*" "" label ${name})
    set_property(TEST ${name} APPEND PROPERTY LABELS ${label})
  endforeach()
endfunction()

# test_programs(NAME SECONDS [VARIABLE=VALUE]...): a test of the programs as they ship is told where they are, whether
# they are sanitized, and what else is named; it has so many seconds, and those that have the most begin first.
function(test_programs name seconds)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds} COST ${seconds} ENVIRONMENT
    "SENDAD=$<TARGET_FILE:sendad>;SENDACTL=$<TARGET_FILE:sendactl>;SENDA_SANITIZED=${SENDA_SANITIZE};${ARGN}")
endfunction()
