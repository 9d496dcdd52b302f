# Finds LibTorch without its own CMake package, because that one fails on the CUDA wheel where no CUDA toolkit is
# installed. Serves the CPU wheel, the CUDA wheel and an unpacked LibTorch archive alike.
#
# Looks, in this order, at: -DTSIR_LIBTORCH=DIR (or the environment variable), TORCH_DIR, CMAKE_PREFIX_PATH, and the
# torch package of the Python that is active. DIR is the folder that holds include/ and lib/.
#
# Defines LibTorch_FOUND, LibTorch_VERSION, LibTorch_ROOT, LibTorch_LIBRARY_DIR, LibTorch_CUDA (ON where libtorch_cuda
# exists), LibTorch_OLD_STRINGS (ON where it was compiled with the std::string that GCC had before version 5, as PyPI's
# wheels of 2.5 and 2.6 were) and the target LibTorch::LibTorch.
include(FindPackageHandleStandardArgs)

set(_candidates "")
foreach(_given IN ITEMS "${TSIR_LIBTORCH}" "$ENV{TSIR_LIBTORCH}" "${TORCH_DIR}" "$ENV{TORCH_DIR}")
  if(_given)
    list(APPEND _candidates "${_given}")
  endif()
endforeach()
list(APPEND _candidates ${CMAKE_PREFIX_PATH})
if(DEFINED ENV{CMAKE_PREFIX_PATH})
  string(REPLACE ":" ";" _env_prefixes "$ENV{CMAKE_PREFIX_PATH}")
  list(APPEND _candidates ${_env_prefixes})
endif()

# A given folder may be LibTorch itself, its share/cmake (what torch.utils.cmake_prefix_path says), or share/cmake/Torch.
set(LibTorch_ROOT "")
foreach(_dir IN LISTS _candidates)
  foreach(_up IN ITEMS "." ".." "../.." "../../.." "torch")
    get_filename_component(_root "${_dir}/${_up}" ABSOLUTE)
    if(NOT LibTorch_ROOT AND EXISTS "${_root}/include/torch/csrc/jit/ir/ir.h" AND EXISTS "${_root}/lib/libtorch_cpu.so")
      set(LibTorch_ROOT "${_root}")
    endif()
  endforeach()
endforeach()

if(NOT LibTorch_ROOT)
  set(_isolated "")
  if(SKBUILD) # pip hides the installed packages from the builds of wheels, by variables of the environment
    set(_python "${Python_EXECUTABLE}")
    set(_isolated -I)
  else()
    find_program(_python NAMES python3 python)
  endif()
  if(_python)
    # find_spec does not import torch: importing it takes seconds.
    execute_process(
      COMMAND "${_python}" ${_isolated} -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
      OUTPUT_VARIABLE _root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(_root AND EXISTS "${_root}/lib/libtorch_cpu.so")
      set(LibTorch_ROOT "${_root}")
    endif()
  endif()
endif()

if(LibTorch_ROOT)
  # Remembered, so that a later reconfiguration does not depend on the environment of that moment.
  set(TSIR_LIBTORCH "${LibTorch_ROOT}" CACHE PATH "LibTorch: the folder with include/ and lib/" FORCE)
  set(LibTorch_LIBRARY_DIR "${LibTorch_ROOT}/lib")
  if(EXISTS "${LibTorch_ROOT}/include/torch/headeronly/version.h")
    set(_version_header "${LibTorch_ROOT}/include/torch/headeronly/version.h")
  else()
    set(_version_header "${LibTorch_ROOT}/include/torch/csrc/api/include/torch/version.h")
  endif()
  if(EXISTS "${_version_header}")
    file(STRINGS "${_version_header}" _lines REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
    string(REGEX REPLACE ".*_MAJOR ([0-9]+).*_MINOR ([0-9]+).*_PATCH ([0-9]+).*" "\\1.\\2.\\3" LibTorch_VERSION "${_lines}")
  endif()
  set(LibTorch_OLD_STRINGS OFF)
  if(EXISTS "${LibTorch_ROOT}/share/cmake/Torch/TorchConfig.cmake")
    file(STRINGS "${LibTorch_ROOT}/share/cmake/Torch/TorchConfig.cmake" _flags REGEX "_GLIBCXX_USE_CXX11_ABI=0")
    if(_flags)
      set(LibTorch_OLD_STRINGS ON)
    endif()
  endif()
endif()

find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_ROOT LibTorch_LIBRARY_DIR
  VERSION_VAR LibTorch_VERSION
  FAIL_MESSAGE "no LibTorch found: run tools/setup, or give -DTSIR_LIBTORCH=DIR (the folder with include/ and lib/)")

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  set(LibTorch_CUDA OFF)
  set(_libraries torch torch_cpu c10)
  if(EXISTS "${LibTorch_LIBRARY_DIR}/libtorch_cuda.so")
    set(LibTorch_CUDA ON)
    list(APPEND _libraries torch_cuda c10_cuda)
  endif()
  list(TRANSFORM _libraries PREPEND "${LibTorch_LIBRARY_DIR}/lib")
  list(TRANSFORM _libraries APPEND ".so")

  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  # libtorch.so and libtorch_cuda.so are needed for what they register when loaded, though nothing names their symbols.
  # The CUDA wheel's own needs (libcudart, libcudnn, …) lie in sibling packages: its libraries find them by themselves.
  # The C++ library comes first, because a program takes each symbol from the first library that has it: libtorch.so 2.11
  # brings some of std::filesystem, and its remove_all() crashes.
  set_target_properties(LibTorch::LibTorch PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_ROOT}/include;${LibTorch_ROOT}/include/torch/csrc/api/include"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${LibTorch_ROOT}/include;${LibTorch_ROOT}/include/torch/csrc/api/include"
    INTERFACE_LINK_LIBRARIES "-Wl,--push-state,--no-as-needed;-lstdc++;${_libraries};-Wl,--pop-state"
    INTERFACE_LINK_OPTIONS "-Wl,--allow-shlib-undefined"
    INTERFACE_COMPILE_DEFINITIONS "$<$<BOOL:${LibTorch_OLD_STRINGS}>:_GLIBCXX_USE_CXX11_ABI=0>")
  find_package(Threads REQUIRED)
  set_property(TARGET LibTorch::LibTorch APPEND PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
