# SPDX-License-Identifier: ISC
EXTRA_DIST += %D%/README %D%/make-sample %D%/sample-access.log.gz
