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

# Pages find each other as in the tree; what is installed elsewhere they find there.
function(install_page page folder)
  set(own ${CMAKE_INSTALL_FULL_DOCDIR}${folder})
  file(RELATIVE_PATH sites ${own} ${CMAKE_INSTALL_FULL_DATADIR}/senda)
  file(RELATIVE_PATH headers ${own} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
  get_filename_component(name ${page} NAME)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
  file(READ ${page} text)
  string(REGEX REPLACE "\\]\\((\\.\\./)?scripts/" "](${sites}/" text "${text}")
  string(REGEX REPLACE "\\]\\((\\.\\./)?include/" "](${headers}/" text "${text}")
  file(WRITE ${CMAKE_BINARY_DIR}/pages${folder}/${name} "${text}")
  install(FILES ${CMAKE_BINARY_DIR}/pages${folder}/${name} DESTINATION ${CMAKE_INSTALL_DOCDIR}${folder})
endfunction()

file(GLOB pages CONFIGURE_DEPENDS docs/*.md)
file(GLOB drawings CONFIGURE_DEPENDS docs/*.svg)
install_page(${PROJECT_SOURCE_DIR}/README.md "")
foreach(page IN LISTS pages)
  install_page(${page} /docs)
endforeach()
install(FILES ${drawings} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY conf DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY clients DESTINATION ${CMAKE_INSTALL_DOCDIR}
  PATTERN node_modules EXCLUDE PATTERN CMakeLists.txt EXCLUDE PATTERN __pycache__ EXCLUDE)
