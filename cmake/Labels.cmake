# label_tests(): gives each test of this directory the first part of its name as its label, so that `ctest -L unit` and
# `./dev test unit` run those. Called last in a directory that adds tests.
function(label_tests)
  get_property(names DIRECTORY PROPERTY TESTS)
  foreach(name IN LISTS names)
    string(REGEX REPLACE "_.*" "" label ${name})
    set_property(TEST ${name} APPEND PROPERTY LABELS ${label})
  endforeach()
endfunction()
