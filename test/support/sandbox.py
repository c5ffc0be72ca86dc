"""Runs a program under a seccomp filter as systemd builds it from a unit: sandbox.py SETTINGS PROGRAM ARGUMENTS…"""

import ctypes
import errno
import json
import os
import socket
import sys

ALLOW = 0x7FFF0000
CMP_EQ, CMP_MASKED_EQ = 4, 7
CLONE_NEW = 0x7E020080


def refuse(error):
    return 0x00050000 | error


class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
seccomp.seccomp_init.restype = ctypes.c_void_p
seccomp.seccomp_rule_add_array.argtypes = [
    ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(Compare)
]
seccomp.seccomp_load.argtypes = [ctypes.c_void_p]


def check(result):
    if result < 0:
        raise OSError(-result, os.strerror(-result))


def load(default, rules):
    context = seccomp.seccomp_init(ctypes.c_uint32(default))
    for name, action, comparison in rules:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number < 0:  # Another machine's.
            continue
        compared = [Compare(*comparison)] if comparison else []
        array = (Compare * len(compared))(*compared)
        check(seccomp.seccomp_rule_add_array(context, action, number, len(compared), array))
    check(seccomp.seccomp_load(context))


with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)
families = {int(getattr(socket, name)) for name in settings["families"]}
load(ALLOW, [("socket", refuse(errno.EAFNOSUPPORT), (0, CMP_EQ, f, 0)) for f in range(46) if f not in families])
load(ALLOW, [("unshare", refuse(errno.EPERM), None), ("setns", refuse(errno.EPERM), None)] + [
    ("clone", refuse(errno.EPERM), (0, CMP_MASKED_EQ, 1 << bit, 1 << bit)) for bit in range(32) if CLONE_NEW >> bit & 1
])
load(refuse(errno.EPERM), [(name, ALLOW, None) for name in settings["allowed"]])
os.execvp(sys.argv[2], sys.argv[2:])
