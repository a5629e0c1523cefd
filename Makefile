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
INSTALL ?= install
PKG_CONFIG ?= pkg-config

ifeq ($(V),1)
Q :=
say :=
else
Q := @
say = @printf '  %-7s %s\n'
endif

# Libraries with a pkg-config file everywhere; libdwarf has none in Debian 12 and inih's may miss.
PACKAGES := libcurl libarchive libelf libzstd liblzma sqlite3 jansson libcrypto inih
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)
DWARF_CFLAGS := $(shell $(PKG_CONFIG) --cflags libdwarf 2>/dev/null || echo -I/usr/include/libdwarf)
DWARF_LIBS := $(shell $(PKG_CONFIG) --libs libdwarf 2>/dev/null || echo -ldwarf)

WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wvla -Wformat=2 -Wstrict-prototypes \
	-Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings
ALL_CPPFLAGS := -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DKSTRUCT_VERSION='"$(VERSION)"' \
	-DKSTRUCT_SYSCONFDIR='"$(SYSCONFDIR)/kstruct"' $(PACKAGE_CFLAGS) $(DWARF_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS := -std=c11 $(WARNINGS) -fvisibility=hidden -pthread $(CFLAGS)
ALL_LIBS := $(PACKAGE_LIBS) $(DWARF_LIBS) -pthread $(LDLIBS)

STAGES := base model config fetch extract analyze dataset report
LIBRARY_SOURCES := $(sort $(wildcard $(addsuffix /*.c,$(STAGES))))
CLI_SOURCES := $(sort $(wildcard cli/*.c))
UNIT_TEST_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
UNIT_TESTS := $(UNIT_TEST_SOURCES:%.c=$(BUILD)/%)

LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libkstruct.a

.PHONY: all
all: $(BUILD)/kstruct

$(BUILD)/kstruct: $(CLI_OBJECTS) $(LIBRARY)
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(LIBRARY): $(LIBRARY_OBJECTS)
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

-include $(LIBRARY_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(UNIT_TESTS:=.d)

$(BUILD)/tests/unit/%: tests/unit/%.c $(LIBRARY)
	$(say) TEST $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) \
		$(ALL_LIBS) -lcmocka

.PHONY: unit-tests
unit-tests: $(UNIT_TESTS)
	$(Q)for test in $(UNIT_TESTS); do ./$$test || exit 1; done

.PHONY: clean
clean:
	rm -rf $(BUILD)
