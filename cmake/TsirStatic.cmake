# Links a program statically, as far as the system has the libraries for it: those of C and C++, only that of C++, or
# none (Fedora has them in packages of their own). Such a program starts sooner, and on other systems too.
include(CheckCXXSourceCompiles)

function(tsir_links_with result)
  set(CMAKE_REQUIRED_LINK_OPTIONS ${ARGN})
  check_cxx_source_compiles("#include <string>\nint main(int argc, char** argv) { return std::string(argv[0]).size() < argc; }"
    ${result})
endfunction()

function(tsir_link_statically target)
  if(TSIR_SANITIZE) # a sanitizer's library is shared
    return()
  endif()
  tsir_links_with(TSIR_STATIC_PROGRAMS -static)
  tsir_links_with(TSIR_STATIC_CXX_LIBRARY -static-libstdc++ -static-libgcc)
  if(TSIR_STATIC_PROGRAMS AND NOT "ONLY_CXX" IN_LIST ARGN)
    target_link_options(${target} PRIVATE -static)
  elseif(TSIR_STATIC_CXX_LIBRARY)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()
