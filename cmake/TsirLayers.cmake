# The layers of the library, bottom up. Each is a CMake target of its own, compiled against the layers that it names and
# nothing else: tests/CMakeLists.txt links each by itself (tsir_check_layers), so a call into a layer above is an
# undefined symbol. What is PLAIN is compiled without LibTorch's headers on the include path.
#
#   tsir_layer(NAME [PLAIN] FOLDERS folder… [DEPENDS layer…])
set(TSIR_LAYERS "")

function(tsir_layer name)
  cmake_parse_arguments(layer "PLAIN" "" "FOLDERS;DEPENDS" ${ARGN})
  set(sources "")
  foreach(folder IN LISTS layer_FOLDERS)
    file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
    list(APPEND sources ${found})
  endforeach()
  set(target tsir_${name})
  add_library(${target} OBJECT ${sources})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE nlohmann_json::nlohmann_json tsir_private_headers)
  if(layer_PLAIN)
    target_link_libraries(${target} PRIVATE tsir_fmt)
    tsir_share_header(${target} cmake/plain_headers.h TSIR_PLAIN_HEADER_OWNER)
  else()
    target_link_libraries(${target} PRIVATE LibTorch::LibTorch)
    tsir_share_header(${target} lib/compat/libtorch.h TSIR_LIBTORCH_HEADER_OWNER)
  endif()
  tsir_compile_options(${target})
  tsir_unity(${target} ${sources})
  set_target_properties(${target} PROPERTIES TSIR_PLAIN "${layer_PLAIN}" TSIR_DEPENDS "${layer_DEPENDS}")
  set(TSIR_LAYERS ${TSIR_LAYERS} ${name} PARENT_SCOPE)
endfunction()

# The first target precompiles the header, the others use what it made.
function(tsir_share_header target header owner)
  get_property(first GLOBAL PROPERTY ${owner})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/${header}")
    set_property(GLOBAL PROPERTY ${owner} ${target})
  endif()
endfunction()

# A shared library of each layer and of those that it names, nothing left undefined: for tests only, never loaded.
function(tsir_check_layers)
  add_custom_target(layer_checks ALL)
  foreach(name IN LISTS TSIR_LAYERS)
    get_target_property(plain tsir_${name} TSIR_PLAIN)
    get_target_property(depends tsir_${name} TSIR_DEPENDS)
    set(check tsir_layer_${name})
    add_library(${check} SHARED $<TARGET_OBJECTS:tsir_${name}>)
    set_target_properties(${check} PROPERTIES LINKER_LANGUAGE CXX LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/layers")
    target_link_options(${check} PRIVATE LINKER:-z,defs)
    if(NOT name STREQUAL "compat") # where fmt's functions are, which all use
      list(APPEND depends compat)
    endif()
    foreach(below IN LISTS depends)
      target_link_libraries(${check} PRIVATE tsir_layer_${below})
    endforeach()
    target_link_libraries(${check} PRIVATE ${TSIR_PRIVATE_LIBRARIES})
    if(NOT plain)
      target_link_libraries(${check} PRIVATE LibTorch::LibTorch)
    endif()
    add_dependencies(layer_checks ${check})
  endforeach()
endfunction()

tsir_layer(compat PLAIN FOLDERS lib/compat)
tsir_layer(base PLAIN FOLDERS lib/base DEPENDS compat)
tsir_layer(process PLAIN FOLDERS lib/process DEPENDS base)
tsir_layer(completion PLAIN FOLDERS lib/completion DEPENDS base process)
tsir_layer(checks PLAIN FOLDERS lib/checks DEPENDS base process)
tsir_layer(ir FOLDERS lib/ir lib/ir/text DEPENDS base compat)
tsir_layer(archive FOLDERS lib/archive DEPENDS base)
tsir_layer(input FOLDERS lib/input DEPENDS archive ir base compat process)
tsir_layer(model FOLDERS lib/model/load lib/model DEPENDS input archive ir base compat process)
tsir_layer(run FOLDERS lib/run DEPENDS model ir base compat process)
tsir_layer(analysis FOLDERS lib/analysis DEPENDS run model ir base process)
tsir_layer(pass FOLDERS lib/pass lib/pass/observers DEPENDS run model ir base compat process)
tsir_layer(passes FOLDERS passes passes/host DEPENDS pass analysis run model input ir base compat process)
tsir_layer(host FOLDERS lib/host DEPENDS pass run model ir base compat process)
# What a program without tsir includes, as texts in the program (passes/host).
function(tsir_host_files)
  set(folder "${PROJECT_SOURCE_DIR}/passes/host")
  foreach(name IN ITEMS to_channels_last bf16 dynamic_int8 onednn_overflow onednn_prepare onednn_layouts fuse
          pack_linear types_seen)
    file(READ "${folder}/${name}.h" text)
    string(TOUPPER "TSIR_${name}" variable)
    set(${variable} "${text}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/${name}.h")
  endforeach()
  configure_file("${folder}/host_texts.cpp.in" "${PROJECT_BINARY_DIR}/host_passes/host_texts.cpp" @ONLY)
  target_sources(tsir_passes PRIVATE "${PROJECT_BINARY_DIR}/host_passes/host_texts.cpp")
endfunction()
tsir_host_files()
tsir_layer(dump FOLDERS lib/dump DEPENDS run model archive ir base process)
tsir_layer(workload FOLDERS lib/workload DEPENDS pass run input model archive ir base process)
tsir_layer(opt FOLDERS lib/opt DEPENDS workload pass run model archive ir checks base process)
tsir_layer(diff FOLDERS lib/diff DEPENDS workload pass analysis run model ir base process)
tsir_layer(verify FOLDERS lib/verify DEPENDS workload pass run model ir base process)
tsir_layer(reduce FOLDERS lib/reduce DEPENDS verify workload pass analysis run model input ir base process)
tsir_layer(plot PLAIN FOLDERS lib/render/plot DEPENDS base process)
tsir_layer(bench_outcome PLAIN
  FOLDERS lib/bench/stats lib/bench/timing lib/bench/estimate lib/bench/outcome lib/bench/report lib/bench/export
          lib/bench/plot lib/bench/across_time
  DEPENDS plot base)
tsir_layer(bench
  FOLDERS lib/bench/machine lib/bench/variants lib/bench/operators lib/bench/job
  DEPENDS bench_outcome plot workload pass run model input ir base compat process)
tsir_layer(measure
  FOLDERS lib/measure DEPENDS bench bench_outcome diff analysis workload pass run model ir base process)
tsir_layer(dot
  FOLDERS lib/render/dot DEPENDS measure bench bench_outcome diff analysis workload pass run model ir base process)
tsir_layer(serve
  FOLDERS lib/serve DEPENDS bench bench_outcome workload pass run model input ir base compat process)
# The page's style and script are files of their own, which become texts in the program.
tsir_layer(report_page PLAIN FOLDERS lib/report/page DEPENDS base)
function(tsir_report_page_files)
  set(folder "${PROJECT_SOURCE_DIR}/lib/report/page")
  file(READ "${folder}/report.css" TSIR_REPORT_CSS)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/report.css")
  foreach(name pane viewer report) # in the order in which the page has them
    string(TOUPPER ${name} upper)
    file(READ "${folder}/${name}.js" TSIR_${upper}_JS)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/${name}.js")
  endforeach()
  configure_file("${folder}/page_files.cpp.in" "${PROJECT_BINARY_DIR}/report_page/page_files.cpp" @ONLY)
  target_sources(tsir_report_page PRIVATE "${PROJECT_BINARY_DIR}/report_page/page_files.cpp")
endfunction()
tsir_report_page_files()
tsir_layer(tune
  FOLDERS lib/tune
  DEPENDS report_page host serve bench bench_outcome workload pass run model input ir base compat process)
tsir_layer(bisect
  FOLDERS lib/bisect DEPENDS bench bench_outcome reduce verify workload pass model ir base process)
tsir_layer(report
  FOLDERS lib/report
  DEPENDS report_page bench bench_outcome plot verify dot measure diff analysis workload pass run model ir base process)
