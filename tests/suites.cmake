# The suites that are no C and need no daemon: the sites that ship, Lua specs, clients of others against the mock.
foreach(site shop software)
  add_test(NAME site_${site}_check COMMAND sendactl check ${PROJECT_SOURCE_DIR}/scripts/${site})
  add_test(NAME site_${site}_tests COMMAND sendactl test ${PROJECT_SOURCE_DIR}/scripts/${site})
endforeach()

if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/lua/run)
  add_test(NAME lua_specs COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/lua/run)
endif()
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/thirdparty/run)
  add_test(NAME thirdparty_mock COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/thirdparty/run)
endif()
