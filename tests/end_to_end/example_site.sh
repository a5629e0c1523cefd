# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Two kernels that have something of all kinds, and the site of them: for tests of sites.

old=5.3.0-18-generic-amd64
new=5.4.0-26-generic-amd64

write_two_kernels() {
    cat >kernel.c <<'END'
enum color { RED = 1, GREEN
#ifdef NEW
    , BLUE = -3
#endif
};
typedef struct { int counter; } atomic_t;
typedef struct { int foo; int bar; } foo;
foo foo_object;
struct device;
typedef int (*notify_t)(struct device *, atomic_t *);
#ifdef NEW
struct lock { long owner; int depth; } lock_object;
struct arrived { char a; } arrived_object;
#else
struct lock { int owner; } lock_object;
struct gone { char a; } gone_object;
#endif
struct big { char before[60]; long after_line; } big_object;
struct device {
    int id;
    struct lock lock;
#ifdef NEW
    unsigned long name;
#else
    const char *name;
#endif
#ifdef NEW
    unsigned kind:3, state:4;
#else
    unsigned kind:3, state:5;
#endif
    struct { int x; int length; } header;
    union { enum color color; atomic_t users; };
    notify_t notify;
    struct device *parent;
} device_object;
struct holder { struct device device; } holder_object;
struct same { char a; long b; } same_object;
END
    read_old_and_new kernel.c "$old" "$new"
}

write_site() { # OUTPUT [ARGUMENT...]
    kstruct 0 -l kernels.list -d data "${@:2}" report -o "$1" --format html
}
