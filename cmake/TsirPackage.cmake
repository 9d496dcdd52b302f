# `cpack --config build/release/CPackConfig.cmake -B DIR`: a Debian package of what tools/bundle makes.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tsir)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(TSIR_PACKAGE_CONTACT "tsir <tsir@localhost>" CACHE STRING "Maintainer of the Debian package: NAME <ADDRESS>")
set(CPACK_PACKAGE_CONTACT "${TSIR_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "inspect, optimise, time and draw TorchScript models")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "tsir shows what a TorchScript file contains, runs LibTorch's JIT passes one
by one, checks that the results stay the same, measures the speed before and
after each pass, and draws graphs.
.
This package needs LibTorch ${TSIR_BUILT_FOR}, which is not in Debian: see
/usr/share/doc/tsir/README.Debian.")
# One package for each minor version of LibTorch: the version tells which.
set(CPACK_DEBIAN_PACKAGE_VERSION "${PROJECT_VERSION}+torch${TSIR_BUILT_FOR}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-dejavu-core, gnuplot-nox, python3")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF) # tools/bundle has stripped them

# The files come from a script, which also says what they depend on.
set(CPACK_INSTALL_CMAKE_PROJECTS "")
set(CPACK_INSTALL_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/stage_package.cmake")
set(CPACK_TSIR_SOURCE "${PROJECT_SOURCE_DIR}")
set(CPACK_TSIR_BUILD "${PROJECT_BINARY_DIR}")
include(CPack)
