# What is installed beside the programs, the library and the manual: the configuration, sites to copy from, the units of
# systemd with the user and the folders they need, and the pages of docs.

# The service's configuration shows every option, and sets what a service needs. Until there is a site of one's own it
# serves the example shop.
file(STRINGS ${PROJECT_SOURCE_DIR}/conf/minimal.lua settings REGEX "^[a-z_]+ = ")
file(READ ${PROJECT_SOURCE_DIR}/conf/sendad.lua configuration)
foreach(setting IN LISTS settings)
  string(REGEX REPLACE " = .*" "" name "${setting}")
  if(name STREQUAL "site")
    set(setting "site = \"{SENDA_DATADIR}/senda/shop\" -- an example; put your own into {SENDA_SYSCONFDIR}/senda/site")
  endif()
  string(REGEX REPLACE "\n-- ${name} = [^\n]*" "\n${setting}" configuration "${configuration}")
endforeach()
file(WRITE ${CMAKE_BINARY_DIR}/sendad.lua "${configuration}")
install_placed(${CMAKE_BINARY_DIR}/sendad.lua ${CMAKE_INSTALL_SYSCONFDIR}/senda sendad.lua ONCE)

install(DIRECTORY scripts/shop scripts/software scripts/journeys DESTINATION ${CMAKE_INSTALL_DATADIR}/senda)

# Units name the programs and the configuration where they are installed.
file(GLOB units CONFIGURE_DEPENDS systemd/*.service systemd/*.socket)
foreach(unit IN LISTS units)
  get_filename_component(name ${unit} NAME)
  file(READ ${unit} text)
  string(REPLACE "/usr/bin/" "{SENDA_BINDIR}/" text "${text}")
  string(REPLACE "/etc/senda/" "{SENDA_SYSCONFDIR}/senda/" text "${text}")
  file(WRITE ${CMAKE_BINARY_DIR}/units/${name} "${text}")
  install_placed(${CMAKE_BINARY_DIR}/units/${name} lib/systemd/system ${name})
endforeach()
install(DIRECTORY systemd/sysusers.d systemd/tmpfiles.d DESTINATION lib)

file(GLOB pages CONFIGURE_DEPENDS docs/*.md docs/*.svg)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY conf DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY clients DESTINATION ${CMAKE_INSTALL_DOCDIR}
  PATTERN node_modules EXCLUDE PATTERN CMakeLists.txt EXCLUDE PATTERN __pycache__ EXCLUDE)
