# `cmake --install`: bin/tsir, the library with its headers, and the files by which find_package(tsir) finds them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Components: `runtime` is all that a user of the program needs, and what tools/bundle takes; `development` is the library.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME runtime)
install(TARGETS tsir tsir_complete RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS tsir_lib tsir_plugin EXPORT tsirTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY lib passes DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tsir COMPONENT development
  FILES_MATCHING PATTERN "*.h")
install(EXPORT tsirTargets NAMESPACE tsir:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tsir COMPONENT development)
configure_package_config_file(cmake/tsirConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/tsirConfig.cmake"
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tsir)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/tsirConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/tsirConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/tsirConfigVersion.cmake"
  cmake/FindLibTorch.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tsir COMPONENT development)
# Only tools/bundle takes the launcher, and makes it bin/tsir.
install(TARGETS tsir_launcher RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR} COMPONENT launcher EXCLUDE_FROM_ALL)
install(DIRECTORY "${TSIR_MAN_PAGES}" DESTINATION ${CMAKE_INSTALL_MANDIR})
install(PROGRAMS tools/rivals/compile.py tools/rivals/eager.py tools/rivals/onnx_runtime.py
  tools/rivals/optimize_for_inference.py tools/rivals/torchscript.py DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir/rivals)
install(FILES tools/rivals/tsir_rival.py tools/rivals/tsir_train.py DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir/rivals)
install(FILES "${TSIR_COMPLETIONS}" DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir)
install(DIRECTORY tools/completions DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir)
# Where the shells look by themselves.
install(FILES tools/completions/tsir.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tsir)
install(FILES tools/completions/tsir.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _tsir)
install(FILES tools/completions/tsir.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# lit's configuration for tests of IR; the same place below the build tree, so that `tsir --lit-config` works there.
foreach(file IN ITEMS tsir.cfg.py test_tools.py)
  configure_file(tools/lit/${file} "${CMAKE_BINARY_DIR}/share/tsir/lit/${file}" COPYONLY)
endforeach()
install(FILES tools/lit/tsir.cfg.py DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir/lit)
install(PROGRAMS tools/lit/test_tools.py DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir/lit)
# The JSON Schemas of all --json outputs.
file(GLOB TSIR_SCHEMAS CONFIGURE_DEPENDS share/schemas/*.json)
install(FILES ${TSIR_SCHEMAS} DESTINATION ${CMAKE_INSTALL_DATADIR}/tsir/schemas)
