# SPDX-License-Identifier: ISC
lib_libsst_a_SOURCES +=
