# install_placed(TEMPLATE FOLDER NAME [ONCE]): installs a file in which {SENDA_PREFIX}, {SENDA_BINDIR}, {SENDA_DATADIR},
# {SENDA_INCLUDEDIR}, {SENDA_LIBDIR} and {SENDA_SYSCONFDIR} stand for what these are called where it is installed.
# ONCE: a file that is there stays.
configure_file(${PROJECT_SOURCE_DIR}/cmake/Place.cmake.in ${CMAKE_BINARY_DIR}/place.cmake @ONLY)

function(install_placed template folder name)
  set(place senda_place)
  if("ONCE" IN_LIST ARGN)
    set(place senda_place_once)
  endif()
  install(CODE "include([[${CMAKE_BINARY_DIR}/place.cmake]])\n${place}([[${template}]] [[${folder}]] [[${name}]])")
endfunction()
