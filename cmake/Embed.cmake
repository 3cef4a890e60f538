# senda_embed(TARGET FILES…): compiles text files into TARGET as the table that daemon/base/embedded.h declares.
# A file is named by its path below scripts/.
function(senda_embed target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_files.c)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DROOT=${PROJECT_SOURCE_DIR}/scripts "-DFILES=${ARGN}"
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
