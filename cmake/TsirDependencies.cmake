# Everything that tsir takes from outside, in one place: LibTorch, and Debian's libraries.
find_package(LibTorch REQUIRED)
if(LibTorch_VERSION VERSION_LESS 2.5)
  message(FATAL_ERROR "LibTorch ${LibTorch_VERSION} in ${LibTorch_ROOT} is too old: tsir needs 2.5 or newer")
endif()
message(STATUS "LibTorch ${LibTorch_VERSION} at ${LibTorch_ROOT} (CUDA: ${LibTorch_CUDA})")
if(LibTorch_OLD_STRINGS)
  # For all code, also that which sees nothing of LibTorch: a std::string must be the same everywhere in a program. The
  # libraries below have interfaces in C, or are headers only.
  add_compile_definitions(_GLIBCXX_USE_CXX11_ABI=0)
endif()

# All that is missing is named in one message, with the packages of Debian that have it.
set(TSIR_MISSING_PACKAGES "")
function(tsir_missing_unless found package)
  if(NOT found)
    set(TSIR_MISSING_PACKAGES "${TSIR_MISSING_PACKAGES} ${package}" PARENT_SCOPE)
  endif()
endfunction()
find_package(fmt QUIET)
tsir_missing_unless("${fmt_FOUND}" libfmt-dev)
find_package(nlohmann_json QUIET)
tsir_missing_unless("${nlohmann_json_FOUND}" nlohmann-json3-dev)
find_package(CLI11 QUIET)
tsir_missing_unless("${CLI11_FOUND}" libcli11-dev)
find_package(Boost QUIET)
tsir_missing_unless("${Boost_FOUND}" libboost-dev)
find_package(PkgConfig QUIET)
tsir_missing_unless("${PKG_CONFIG_FOUND}" pkg-config)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(GRAPHVIZ QUIET libgvc libcgraph)
  pkg_check_modules(LIBZIP QUIET libzip)
  pkg_check_modules(XXHASH QUIET libxxhash)
endif()
tsir_missing_unless("${GRAPHVIZ_FOUND}" libgraphviz-dev)
tsir_missing_unless("${LIBZIP_FOUND}" libzip-dev)
tsir_missing_unless("${XXHASH_FOUND}" libxxhash-dev)
if(TSIR_MISSING_PACKAGES)
  message(FATAL_ERROR "tsir is built with libraries that are not installed here. On Debian and Ubuntu:\n"
    "  sudo apt-get install${TSIR_MISSING_PACKAGES}")
endif()

# Only .cpp files include these, so users of the library never see them. Boost by its folder, not its target: the target
# adds a definition that would keep the tools from sharing the precompiled header.
add_library(tsir_private_headers INTERFACE)
target_include_directories(tsir_private_headers SYSTEM INTERFACE
  ${GRAPHVIZ_INCLUDE_DIRS} ${LIBZIP_INCLUDE_DIRS} ${XXHASH_INCLUDE_DIRS} ${Boost_INCLUDE_DIRS})

# fmt as LibTorch brings it, for files that see nothing else of LibTorch: one fmt in the whole program.
add_library(tsir_fmt INTERFACE)
if(EXISTS "${LibTorch_ROOT}/include/fmt/format.h")
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/fmt_of_libtorch")
  file(CREATE_LINK "${LibTorch_ROOT}/include/fmt" "${CMAKE_BINARY_DIR}/fmt_of_libtorch/fmt" SYMBOLIC)
  target_include_directories(tsir_fmt SYSTEM INTERFACE "${CMAKE_BINARY_DIR}/fmt_of_libtorch")
endif()
set(TSIR_PRIVATE_LIBRARIES ${GRAPHVIZ_LINK_LIBRARIES} ${LIBZIP_LINK_LIBRARIES} ${XXHASH_LINK_LIBRARIES} ${CMAKE_DL_LIBS})

# Warnings are errors; LibTorch's own headers are system headers and keep theirs to themselves.
function(tsir_compile_options target)
  target_compile_options(${target} PRIVATE
    # Files that are compiled together see each other's local names.
    -Wall -Wextra -Wpedantic $<IF:$<BOOL:${TSIR_UNITY}>,-Wshadow=local;-Wno-subobject-linkage,-Wshadow>
    -Wnon-virtual-dtor -Woverloaded-virtual -Werror -Winvalid-pch
    # GCC's own false alarms on inlined LibTorch and libstdc++ code.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds;-Wno-maybe-uninitialized;-Wno-dangling-pointer;-Wno-restrict>)
  if(TSIR_FUZZ)
    # The warnings are those that GCC knows, and the release build heeds them.
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link -w)
  endif()
  if(TSIR_SANITIZE)
    # vptr checks need type information that LibTorch's libraries do not export.
    target_compile_options(${target} PUBLIC -fsanitize=${TSIR_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${TSIR_SANITIZE})
  endif()
endfunction()
