# Everything that tsir takes from outside, in one place: LibTorch, and Debian's libraries.
find_package(LibTorch 2.11 REQUIRED)
message(STATUS "LibTorch ${LibTorch_VERSION} at ${LibTorch_ROOT} (CUDA: ${LibTorch_CUDA})")

find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(GRAPHVIZ REQUIRED libgvc libcgraph)
pkg_check_modules(LIBZIP REQUIRED libzip)
pkg_check_modules(XXHASH REQUIRED libxxhash)

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
