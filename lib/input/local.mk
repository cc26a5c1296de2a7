lib_libsst_a_SOURCES +=
