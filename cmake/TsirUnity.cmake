# Nearly all of the time of a file goes into LibTorch's templates, so the files of a folder are compiled together, some at
# a time. A name in an unnamed namespace must then be its folder's only one.
option(TSIR_UNITY "Compile the files of a folder together: the whole build takes a third of the time" ON)

function(tsir_unity target)
  if(NOT TSIR_UNITY)
    return()
  endif()
  set(most 12) # files at a time: enough to save the time, and few enough to build on all processors
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set(last "")
  foreach(source IN LISTS ARGN)
    get_filename_component(folder "${source}" DIRECTORY)
    if(NOT folder STREQUAL last)
      set(last "${folder}")
      set(count 0)
    endif()
    file(RELATIVE_PATH name "${PROJECT_SOURCE_DIR}" "${folder}")
    string(REPLACE "/" "_" name "${name}")
    math(EXPR part "${count} / ${most}")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${name}_${part}")
    math(EXPR count "${count} + 1")
  endforeach()
endfunction()
