# Run by senda_embed: writes the C source that holds FILES (paths) as byte arrays, sorted by name.
list(SORT FILES)
set(arrays "")
set(table "")
set(number 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const unsigned char file_${number}[] = {${bytes}0};\n")
  string(APPEND table "    {\"${name}\", (const char *)file_${number}, sizeof file_${number} - 1},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/EmbedFiles.cmake. */
#include \"base/embedded.h\"

${arrays}
const struct embedded_file embedded_files[] = {
${table}    {NULL, NULL, 0},
};
")
