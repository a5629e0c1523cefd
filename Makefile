# SPDX-License-Identifier: MIT
# What each target does: `make help`.

VERSION := 0.1.0

# Where things are built: `make BUILD=/elsewhere` leaves the source tree as it is.
BUILD ?= build
CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SYSCONFDIR ?= $(if $(filter /usr,$(PREFIX)),/etc,$(PREFIX)/etc)
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
DOCDIR ?= $(DATADIR)/doc/kstruct
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
BASH_COMPLETION_DIR ?= $(DATADIR)/bash-completion/completions
# Debian's zsh looks into the former below /usr, and into the latter below /usr/local.
ZSH_COMPLETION_DIR ?= $(DATADIR)/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
INSTALL ?= install
PKG_CONFIG ?= pkg-config

ifeq ($(V),1)
Q :=
say :=
else
Q := @
say = @printf '  %-7s %s\n'
endif

# libdwarf has no pkg-config file in Debian 12, and one that names a wrong directory in Debian 13.
LIBRARIES := libseccomp libbpf libcurl libmicrohttpd libarchive libelf libzstd zlib liblzma sqlite3 \
	jansson libcrypto inih
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARIES) 2>/dev/null)
PACKAGE_LIBS := $(shell $(PKG_CONFIG) --libs $(LIBRARIES) 2>/dev/null)
DWARF_CFLAGS := $(shell $(PKG_CONFIG) --cflags libdwarf 2>/dev/null) -I/usr/include/libdwarf
DWARF_LIBS := $(shell $(PKG_CONFIG) --libs libdwarf 2>/dev/null || echo -ldwarf)

WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wvla -Wformat=2 -Wstrict-prototypes \
	-Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings
ALL_CPPFLAGS := -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DKSTRUCT_VERSION='"$(VERSION)"' \
	-DKSTRUCT_SYSCONFDIR='"$(SYSCONFDIR)/kstruct"' $(PACKAGE_CFLAGS) $(DWARF_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS := -std=c11 $(WARNINGS) -fvisibility=hidden -pthread $(CFLAGS)
ALL_LIBS := $(PACKAGE_LIBS) $(DWARF_LIBS) -pthread $(LDLIBS)

# A part's sources are in its folder, and in folders in there up to two deep.
sources_of = $(sort $(wildcard $(foreach depth,/*.c /*/*.c /*/*/*.c,$(addsuffix $(depth),$(1)))))
STAGES := base model config fetch extract analyze dataset report check export
LIBRARY_SOURCES := $(call sources_of,$(STAGES))
CLI_SOURCES := $(call sources_of,run cli)
UNIT_TEST_SOURCES := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_TESTS := $(UNIT_TEST_SOURCES:%.c=$(BUILD)/%)

LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libkstruct.a
# What unit tests have of run/ and cli/.
CLI_LIBRARY := $(BUILD)/libcli.a

.PHONY: all
all: $(BUILD)/kstruct

$(BUILD)/kstruct: $(CLI_OBJECTS) $(LIBRARY)
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

# What the site and the server have of files is embedded.
$(BUILD)/report/site/site_assets.o: $(wildcard report/site/assets/*)
$(BUILD)/run/serving/api/api_documents.o: run/serving/api/openapi.json $(wildcard report/schemas/*)

$(LIBRARY): $(LIBRARY_OBJECTS)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(CLI_LIBRARY): $(filter-out $(BUILD)/cli/main.o,$(CLI_OBJECTS))
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Everything is built anew when the flags change, not only when a source does.
FLAGS_STAMP := $(BUILD)/flags
$(shell mkdir -p $(BUILD) && printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS))' \
	> $(FLAGS_STAMP).new && (cmp -s $(FLAGS_STAMP).new $(FLAGS_STAMP) \
	&& rm $(FLAGS_STAMP).new || mv $(FLAGS_STAMP).new $(FLAGS_STAMP)))

$(BUILD)/%.o: %.c $(FLAGS_STAMP)
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Where the time goes; elsewhere it makes no difference.
$(BUILD)/analyze/%.o: ALL_CFLAGS += $(if $(filter -O2,$(CFLAGS)),-O3)

-include $(LIBRARY_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(UNIT_TESTS:=.d)

$(BUILD)/tests/unit/%: tests/unit/%.c $(CLI_LIBRARY) $(LIBRARY)
	$(say) TEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< \
		$(CLI_LIBRARY) $(LIBRARY) $(ALL_LIBS) -lcmocka

# What makes use of all processors also where nobody says -j.
PARALLEL_MAKE = $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: check unit-tests end-to-end-tests
check:
	@echo 'This builds kstruct and runs its tests: a quarter of an hour with two processors.'
	$(Q)install/setup/install_packages.sh build test
	$(Q)$(PARALLEL_MAKE) all $(UNIT_TESTS)
	$(Q)$(MAKE) --no-print-directory unit-tests
	$(Q)$(MAKE) --no-print-directory end-to-end-tests

unit-tests: $(UNIT_TESTS)
	$(Q)tests/unit/run.sh $(UNIT_TESTS)

# END_TO_END: only these, as tests/end_to_end/run.sh takes them.
end-to-end-tests: $(BUILD)/kstruct
	$(Q)KSTRUCT=$(abspath $(BUILD)/kstruct) KSTRUCT_KILLS=$${KSTRUCT_KILLS:-10} \
		tests/end_to_end/run.sh $(END_TO_END)

.PHONY: check-real
check-real:
	$(Q)install/setup/install_packages.sh build real
	$(Q)$(PARALLEL_MAKE) all
	$(Q)KSTRUCT=$(abspath $(BUILD)/kstruct) tests/real/check_real.sh $(KERNELS)
	$(Q)test -z "$$PACKAGES" || KSTRUCT=$(abspath $(BUILD)/kstruct) tests/real/check_order.sh

# Node.js may be there from elsewhere.
.PHONY: check-site
check-site:
	$(Q)install/setup/install_packages.sh build test site $$(command -v npm >/dev/null || echo npm)
	$(Q)$(PARALLEL_MAKE) all
	$(Q)mkdir -p $(BUILD)/browser && cp tests/end_to_end/browser/package.json $(BUILD)/browser/
	$(Q)cd $(BUILD)/browser && npm install --no-audit --no-fund --silent
	$(Q)KSTRUCT=$(abspath $(BUILD)/kstruct) KSTRUCT_NODE_MODULES=$(abspath $(BUILD)/browser) \
		tests/end_to_end/run.sh site_browser.sh

# One build under the sanitizers is for tests and fuzzers; only clang has the latter.
SANITIZED := $(BUILD)/sanitized
SANITIZED_BUILD := BUILD=$(SANITIZED) CC=clang CFLAGS='-O1 -g \
	-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined'

.PHONY: asan
asan:
	$(Q)install/setup/install_packages.sh build test
	$(Q)$(PARALLEL_MAKE) $(SANITIZED_BUILD) all $(UNIT_TESTS:$(BUILD)/%=$(SANITIZED)/%)
	$(Q)$(MAKE) --no-print-directory $(SANITIZED_BUILD) unit-tests
	$(Q)KSTRUCT_TEST_SECONDS=$${KSTRUCT_TEST_SECONDS:-1200} \
		$(MAKE) --no-print-directory $(SANITIZED_BUILD) end-to-end-tests

.PHONY: lint
lint:
	$(Q)install/setup/install_packages.sh build test lint
	$(Q)tests/lint/lint.sh
	$(Q)$(PARALLEL_MAKE) BUILD=$(BUILD)/lint-gcc CFLAGS='-O2 -Werror' all $(LINT_TESTS:%=$(BUILD)/lint-gcc/%)
	$(Q)$(PARALLEL_MAKE) BUILD=$(BUILD)/lint-clang CC=clang CFLAGS=-Werror all $(LINT_TESTS:%=$(BUILD)/lint-clang/%)
LINT_TESTS := $(UNIT_TEST_SOURCES:%.c=%.o)

# Seconds for each target.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS := $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c)))

.PHONY: fuzz
fuzz:
	$(Q)install/setup/install_packages.sh build fuzz
	$(Q)$(PARALLEL_MAKE) all # makes seeds
	$(Q)$(PARALLEL_MAKE) $(SANITIZED_BUILD) fuzz-run

.PHONY: fuzz-run
fuzz-run: $(FUZZ_TARGETS:%=$(BUILD)/%)
	$(Q)tests/fuzz/run.sh $(BUILD) $(FUZZ_SECONDS) $(FUZZ_TARGETS)

$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(CLI_LIBRARY) $(LIBRARY)
	$(say) FUZZ $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(CLI_LIBRARY) \
		$(LIBRARY) $(ALL_LIBS)

.PHONY: bench
bench:
	$(Q)install/setup/install_packages.sh build real bench
	$(Q)$(PARALLEL_MAKE) all
	$(Q)KSTRUCT=$(abspath $(BUILD)/kstruct) tests/bench/bench.sh

.PHONY: quickstart
quickstart:
	$(Q)install/setup/install_packages.sh build
	$(Q)$(PARALLEL_MAKE) all
	$(Q)KSTRUCT=$(abspath $(BUILD)/kstruct) install/setup/quickstart.sh

# What is installed, as FILE:DIRECTORY/NAME. Those of the first kind name places that are known only
# here.
FILES_WITH_PLACES := install/man/kstruct.1:$(MANDIR)/man1/kstruct.1 \
	install/man/kstruct.ini.5:$(MANDIR)/man5/kstruct.ini.5 \
	install/systemd/kstruct.service:$(UNITDIR)/kstruct.service \
	install/systemd/kstruct.timer:$(UNITDIR)/kstruct.timer \
	install/systemd/kstruct-serve.service:$(UNITDIR)/kstruct-serve.service \
	install/systemd/kstruct.sysusers:$(SYSUSERSDIR)/kstruct.conf \
	install/contrib/crontab.example:$(DOCDIR)/examples/crontab \
	install/contrib/logrotate.example:$(DOCDIR)/examples/logrotate
FILES := install/completions/kstruct.bash:$(BASH_COMPLETION_DIR)/kstruct \
	install/completions/_kstruct:$(ZSH_COMPLETION_DIR)/_kstruct \
	README.md:$(DOCDIR)/README.md LICENSE:$(DOCDIR)/LICENSE \
	$(foreach page,$(sort $(wildcard docs/*.md)),$(page):$(DOCDIR)/$(page)) \
	$(foreach example,$(sort $(wildcard install/slurm/* install/kubernetes/*)),\
		$(example):$(DOCDIR)/examples/$(example:install/%=%)) \
	$(foreach schema,$(sort $(wildcard report/schemas/*.json)),\
		$(schema):$(DATADIR)/kstruct/schemas/$(notdir $(schema)))
SETTINGS := kernels.list kernels-extended.list kstruct.ini

# The shell's variable of that name as FILE:DIRECTORY/NAME.
source_of = "$${$(1)%%:*}"
target_of = "$(DESTDIR)$${$(1)\#*:}"

.PHONY: install
install: all
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(SYSCONFDIR)/kstruct"
	$(INSTALL) -m 755 $(BUILD)/kstruct "$(DESTDIR)$(BINDIR)/kstruct"
	$(Q)set -e; for file in $(FILES); do \
		$(INSTALL) -D -m 644 $(call source_of,file) $(call target_of,file); \
	done
	$(Q)set -e; for file in $(FILES_WITH_PLACES); do \
		sed -e 's|@BINDIR@|$(BINDIR)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' \
			-e 's|@DATADIR@|$(DATADIR)|g' -e 's|@DOCDIR@|$(DOCDIR)|g' -e 's|@UNITDIR@|$(UNITDIR)|g' \
			$(call source_of,file) >$(BUILD)/installing; \
		$(INSTALL) -D -m 644 $(BUILD)/installing $(call target_of,file); \
	done; rm -f $(BUILD)/installing
	$(Q)set -e; for file in $(SETTINGS); do \
		target="$(DESTDIR)$(SYSCONFDIR)/kstruct/$$file"; \
		test -e "$$target" || $(INSTALL) -m 644 config/$$file "$$target"; \
	done

# Settings that somebody edited stay; so do the data set and the report. Directories go if they are
# the program's own and empty.
.PHONY: uninstall
uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/kstruct"
	$(Q)set -e; for file in $(FILES) $(FILES_WITH_PLACES); do rm -f $(call target_of,file); done
	$(Q)for file in $(SETTINGS); do \
		target="$(DESTDIR)$(SYSCONFDIR)/kstruct/$$file"; \
		if cmp -s config/$$file "$$target"; then rm -f "$$target"; \
		elif test -e "$$target"; then echo "$$target stays"; fi; \
	done
	$(Q)for directory in "$(DOCDIR)/examples/slurm" "$(DOCDIR)/examples/kubernetes" \
		"$(DOCDIR)/examples" "$(DOCDIR)/docs" "$(DOCDIR)" "$(DATADIR)/kstruct/schemas" \
		"$(DATADIR)/kstruct" "$(SYSCONFDIR)/kstruct"; do \
		rmdir "$(DESTDIR)$$directory" 2>/dev/null || true; \
	done

# Made in a copy of the tree, as it needs a debian/ at its top.
DEB_TREE := $(BUILD)/deb/kstruct-$(VERSION)

.PHONY: deb
deb:
	$(Q)install/setup/install_packages.sh build deb
	$(Q)rm -rf $(BUILD)/deb && mkdir -p $(DEB_TREE)
	$(Q)tar --exclude=./build --exclude=./.git -cf - . | tar -xf - -C $(DEB_TREE)
	$(Q)cp -r install/debian $(DEB_TREE)/debian
	$(Q)cd $(DEB_TREE) && DEB_BUILD_OPTIONS="$${DEB_BUILD_OPTIONS:+$$DEB_BUILD_OPTIONS }noautodbgsym parallel=$$(nproc)" \
		dpkg-buildpackage -b -us -uc
	$(Q)mv $(BUILD)/deb/kstruct_*.deb $(BUILD)/
	$(Q)rm -rf $(BUILD)/deb
	@ls $(BUILD)/kstruct_*.deb

.PHONY: clean
clean:
	rm -rf $(BUILD)

.PHONY: help
help:
	@printf '%s\n' \
		'make               build $(BUILD)/kstruct' \
		'make quickstart    install what is needed, build, and make pages of two real kernels' \
		'make check         install what is needed, build, and run the tests' \
		'make check-real    compare real kernels with pahole, field by field (KERNELS="…" for some);' \
		'                   with PACKAGES="FILE…" also whether rebuilding these always gives the same' \
		'make check-site    the site in a browser, by axe-core and by a validator of HTML' \
		'make asan          the tests under the address and undefined-behaviour sanitizers' \
		'make lint          style, layering, shell scripts, and warnings of gcc and clang as errors' \
		'make fuzz          fuzz the readers of foreign bytes (FUZZ_SECONDS=$(FUZZ_SECONDS) each)' \
		'make bench         speed and memory as ratios to other programs' \
		'make deb           a Debian package, $(BUILD)/kstruct_$(VERSION)_ARCH.deb' \
		'make install       into PREFIX=$(PREFIX) (DESTDIR; BINDIR, SYSCONFDIR, DATADIR, MANDIR, UNITDIR)' \
		'make uninstall     remove that again, but for settings that were edited' \
		'make clean         remove $(BUILD)' \
		'' \
		'V=1 shows the commands, BUILD=DIR builds elsewhere, CC and CFLAGS are honoured.'
