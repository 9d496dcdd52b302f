# The parts of a wheel: `pip wheel .` (pyproject.toml) installs the program below the Python package, as tsir/bin/tsir. It
# takes LibTorch from the package torch beside it, and brings the other libraries in tsir/lib.
#
# auditwheel is not used for that: it gives libraries other names, and Graphviz finds its plugins beside a file whose
# name begins with libgvc.so.

# DT_RPATH: unlike DT_RUNPATH, it also holds for what these libraries need in turn. (tsir-complete needs no library.)
target_link_options(tsir PRIVATE LINKER:--disable-new-dtags)
set_target_properties(tsir PROPERTIES INSTALL_RPATH "$ORIGIN/../lib:$ORIGIN/../../torch/lib")

# The console script compares this version with that of the torch that it finds.
file(WRITE "${CMAKE_BINARY_DIR}/built_with_torch" "${LibTorch_VERSION}\n")
install(FILES "${CMAKE_BINARY_DIR}/built_with_torch" DESTINATION .)

# Graphviz opens its plugins by the names in a file beside them. Without those that draw on a display or read other
# formats, which need libraries of some 20 MB: a wheel draws SVG and DOT.
list(GET GRAPHVIZ_LINK_LIBRARIES 0 TSIR_GVC_LIBRARY)
get_filename_component(TSIR_GRAPHVIZ_FOLDER "${TSIR_GVC_LIBRARY}" DIRECTORY)
string(APPEND TSIR_GRAPHVIZ_FOLDER /graphviz)
file(GLOB TSIR_GRAPHVIZ_CONFIG "${TSIR_GRAPHVIZ_FOLDER}/config[0-9]*")
if(NOT TSIR_GRAPHVIZ_CONFIG)
  message(FATAL_ERROR "the list of Graphviz's plugins was not found in ${TSIR_GRAPHVIZ_FOLDER}: apt-get install graphviz")
endif()
file(READ "${TSIR_GRAPHVIZ_CONFIG}" TSIR_GRAPHVIZ_PLUGINS)
set(TSIR_PLUGIN "libgvplugin_(core|dot_layout|neato_layout)\\.so[.0-9]*")
string(REGEX MATCHALL "${TSIR_PLUGIN} [^\n]*\n(\t[^\n]*\n)*}\n" TSIR_GRAPHVIZ_PLUGINS "${TSIR_GRAPHVIZ_PLUGINS}")
list(JOIN TSIR_GRAPHVIZ_PLUGINS "" TSIR_GRAPHVIZ_PLUGINS)
get_filename_component(TSIR_GRAPHVIZ_CONFIG "${TSIR_GRAPHVIZ_CONFIG}" NAME)
file(WRITE "${CMAKE_BINARY_DIR}/graphviz/${TSIR_GRAPHVIZ_CONFIG}" "${TSIR_GRAPHVIZ_PLUGINS}")
install(FILES "${CMAKE_BINARY_DIR}/graphviz/${TSIR_GRAPHVIZ_CONFIG}" DESTINATION lib/graphviz)
string(REGEX MATCHALL "${TSIR_PLUGIN}" TSIR_GRAPHVIZ_PLUGINS "${TSIR_GRAPHVIZ_PLUGINS}")
list(TRANSFORM TSIR_GRAPHVIZ_PLUGINS PREPEND "${TSIR_GRAPHVIZ_FOLDER}/")

# The libraries that the program and the plugins need, without LibTorch, glibc and GCC's, which every Linux with torch has.
# A wheel cannot hold links: each library is installed once, by the name that the loader looks for.
install(CODE "
  set(program \"${CMAKE_BINARY_DIR}/bin/tsir\")
  set(plugins \"${TSIR_GRAPHVIZ_PLUGINS}\")")
install(CODE [[
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES "${program}" LIBRARIES ${plugins}
    RESOLVED_DEPENDENCIES_VAR libraries
    PRE_EXCLUDE_REGEXES "^lib(torch|c10|gomp|shm)" "^lib(c|m|dl|rt|pthread|resolv|util|stdc\\+\\+|gcc_s)\\.so" "^ld-linux")
  set(folder "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib")
  file(MAKE_DIRECTORY "${folder}/graphviz")
  foreach(library IN LISTS libraries)
    get_filename_component(name "${library}" NAME)
    file(COPY_FILE "${library}" "${folder}/${name}")
  endforeach()
  foreach(library IN LISTS plugins)
    get_filename_component(name "${library}" NAME)
    file(COPY_FILE "${library}" "${folder}/graphviz/${name}")
  endforeach()
]])
