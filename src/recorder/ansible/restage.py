# Writes a record of each run of Ansible, from which Restage can run it again for the hosts that failed.
#
# Ansible itself never logs its command line. Put this file into a folder of `callback_plugins` and enable it:
#
#   [defaults]
#   callback_plugins = /usr/local/lib/restage
#   callbacks_enabled = restage
#
# It writes JSON lines to LOG_DIR/YYYY-MM-DD.jsonl (the date of the start, in UTC), never stands in the way of the run, and
# needs nothing but ansible-core 2.12 or later on Linux.

from __future__ import annotations

import base64
import datetime
import fcntl
import json
import os
import pwd
import re
import socket
import sys

from ansible import context
from ansible.executor.play_iterator import PlayIterator
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.callback import CallbackBase
from ansible.release import __version__
from ansible.template import Templar
from ansible.utils.vars import load_extra_vars

DOCUMENTATION = r"""
    name: restage
    type: notification
    short_description: writes a record of each run, from which Restage can run it again
    description:
      - One line each for the start with its command line, the hosts of a play, a host that failed, and the recap.
      - The recap says of each host whether it came to the end of every play that concerns it. One that did not never got all
        of it, though nothing failed there (C(any_errors_fatal), C(max_fail_percentage), C(serial)).
      - The job is the extra variable C(restage_job), else the playbook's file name without its ending.
      - The packages are the extra variable C(restage_package) (a name, names with commas, or a list), else the tags given
        with C(--tags), else the job.
      - What restage-record put into the environment goes before all of these.
    options:
      log_dir:
        description: Where the records are written.
        default: /var/log/restage-ansible
        env: [{name: RESTAGE_ANSIBLE_LOG_DIR}]
        ini: [{section: callback_restage, key: log_dir}]
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "restage"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, display=None, options=None):
        super().__init__(display=display, options=options)
        self._file = None
        self._common = {}
        self._hosts = []
        self._plays = Plays()
        self._playbooks = 0

    def v2_playbook_on_start(self, playbook):
        self._guard(self._start, playbook)

    def v2_playbook_on_play_start(self, play):
        self._guard(self._begin_play, play)

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._guard(self._plays.see_task)

    def v2_playbook_on_handler_task_start(self, task):
        self._guard(self._plays.see_task)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if not ignore_errors:
            self._guard(self._fail, result, "failed")

    def v2_runner_on_unreachable(self, result):
        self._guard(self._fail, result, "unreachable")
        # With ignore_unreachable the host goes on, and nobody knows what of the play it missed.
        self._guard(self._plays.doubt, result._host.name)

    def v2_playbook_on_stats(self, stats):
        self._guard(self._end, stats)

    def _guard(self, write, *args):
        try:
            write(*args)
        except Exception as error:  # Whatever is wrong here, the distribution goes on.
            self._display.warning("restage: no record of this run: %s" % error)

    def _start(self, playbook):
        now = datetime.datetime.now(datetime.timezone.utc)
        folder = self.get_option("log_dir")
        os.makedirs(folder, mode=0o750, exist_ok=True)
        self._hosts = []
        self._plays = Plays(playbook.get_plays())
        self._playbooks += 1
        self._file = os.path.join(folder, now.strftime("%Y-%m-%d.jsonl"))
        name = os.path.splitext(os.path.basename(playbook._file_name))[0]
        variables = read_extra_variables()
        job = os.environ.get("RESTAGE_JOB") or str(variables.get("restage_job") or name)
        self._id = "%s.%d.%d" % (clean(job), os.getpid(), int(now.timestamp() * 1e6))
        self._common = {
            "server": socket.getfqdn(),
            "job": clean(job),
            "attempt": int(os.environ.get("RESTAGE_ATTEMPT") or 1),
            "packages": find_packages(variables, job),
            "argv": [encode(os.fsencode(word)) for word in sys.argv],
            "cwd": encode(os.fsencode(os.getcwd())),
            "check": bool(context.CLIARGS.get("check")),
            "limit": context.CLIARGS.get("subset"),
            "inventory": [str(one) for one in context.CLIARGS.get("inventory") or []],
            "startedAt": stamp(now),
            "env": dict(read_environment()),
            "user": clean(name_user()),
            "umask": read_umask(),
            "version": clean("ansible-core " + __version__),
        }
        self._write("start", self._common)

    def _begin_play(self, play):
        self._write("play", {"hosts": self._add_hosts(self._plays.begin(play))})

    # Returns those that are new.
    def _add_hosts(self, names):
        known = set(self._hosts)
        new = [name for name in names if name not in known]
        self._hosts += new
        return [clean(name) for name in new]

    def _fail(self, result, how):
        cause = clean("%s: %s" % (result._task.get_name().strip(), explain(result._result)))
        self._write("host", {"host": clean(result._host.name), "result": how, "cause": cause})

    def _end(self, stats):
        self._plays.finish()
        self._add_hosts(self._plays.concerned)
        self._add_hosts(stats.processed)
        recap = {clean(name): stats.summarize(name) for name in self._hosts if name in stats.processed}
        # A playbook that fails ends the command: the playbooks after it, and their plays, are not even read.
        is_last = self._playbooks >= len(context.CLIARGS.get("args") or [])
        is_failed = any(one["failures"] or one["unreachable"] for one in recap.values())
        ends = is_failed and not is_last
        reached = {clean(name): False if ends else self._plays.has_ended(name) for name in self._hosts}
        hosts = [clean(name) for name in self._hosts]
        self._write(
            "end", dict(self._common, hosts=hosts, recap=recap, reached=reached, whole=self._plays.is_whole)
        )

    def _write(self, event, members):
        if self._file is None:
            return
        now = datetime.datetime.now(datetime.timezone.utc)
        line = dict({"v": 1, "event": event, "id": self._id, "at": stamp(now)}, **members)
        text = json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"
        descriptor = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            # A line that a crash left torn is closed first.
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            data = (b"\n" if torn else b"") + text
            while data:
                data = data[os.write(descriptor, data) :]
        finally:
            os.close(descriptor)


# Knows of each host which plays concern it, and whether it came to the end of them.
class Plays:
    def __init__(self, plays=()):
        self._to_come = {play._uuid: play for play in plays}
        self._begun = set()
        # Plays by host: those that it has not come to the end of.
        self._open = {}
        # Hosts of which it cannot be known.
        self._unclear = set()
        self._play = None
        self._iterator = None
        self._has_tasks = False
        # Whether the hosts of every play are known.
        self.is_whole = True

    # In the order in which they were first named.
    @property
    def concerned(self):
        return list(self._open)

    # Begins a play, or with `serial` its next batch; returns the names of all hosts of a play that is new.
    def begin(self, play):
        self._close()
        self._play = play
        if play._uuid in self._begun:
            return []
        self._begun.add(play._uuid)
        self._to_come.pop(play._uuid, None)
        return self._concern(play)

    # The strategy, which calls this, knows how far each host has come. No callback tells it.
    def see_task(self):
        self._has_tasks = True
        frame = sys._getframe()
        while frame is not None and self._iterator is None:
            found = frame.f_locals.get("iterator")
            self._iterator = found if isinstance(found, PlayIterator) else None
            frame = frame.f_back

    def doubt(self, name):
        self._unclear.add(name)

    # What has not begun by now never will.
    def finish(self):
        self._close()
        for play in self._to_come.values():
            self._concern(play)

    # Whether the host came to the end of every play that concerns it; None if that cannot be known.
    def has_ended(self, name):
        if self._open.get(name):
            return False
        return None if name in self._unclear else True

    def _concern(self, play):
        try:
            names = find_hosts(play)
        except Exception:  # A variable in its pattern that only the plays before it would have set.
            names = self.concerned
            self.is_whole = False
        for name in names:
            self._open.setdefault(name, set()).add(play._uuid)
        return names

    def _close(self):
        play, iterator, has_tasks = self._play, self._iterator, self._has_tasks
        self._play, self._iterator, self._has_tasks = None, None, False
        if play is None:
            return
        # The hosts of this batch, as the inventory restricts them now or did when the batch was made.
        for name in list(iterator._host_states) if iterator else self._open:
            unsettled = self._open.setdefault(name, set())
            if iterator is None and has_tasks:
                self._unclear.add(name)
            if iterator is None or is_at_end(iterator, name):
                unsettled.discard(play._uuid)


# All of them, where the play goes through them batch by batch. The pattern of a play that has not begun may hold variables.
def find_hosts(play):
    manager = play.get_variable_manager()
    pattern = play.hosts
    if "{{" in str(pattern):
        pattern = Templar(loader=play.get_loader(), variables=manager.get_vars(play=play)).template(pattern)
    return [host.name for host in manager._inventory.get_hosts(pattern, ignore_restrictions=True)]


def is_at_end(iterator, name):
    host = iterator._play.get_variable_manager()._inventory.get_host(name)
    if host is None or iterator.is_failed(host):
        return False
    return iterator.get_next_task_for_host(host, peek=True)[1] is None


def read_extra_variables():
    try:
        return load_extra_vars(DataLoader())
    except Exception:  # A file in a vault, for instance.
        return {}


# What of the environment decides what a run does. Of secrets only that they were set.
def read_environment():
    for name, value in sorted(os.environ.items()):
        if not MATTERS.match(name) or IGNORED.match(name):
            continue
        is_hidden = SECRET.search(name) or len(value) > 4096
        yield name, None if is_hidden else encode(os.fsencode(value))


MATTERS = re.compile(r"(?:ANSIBLE_\w+|LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|PYTHONPATH)$")
IGNORED = re.compile(r"ANSIBLE_(?:FORCE_COLOR|NOCOLOR|NOCOWS|DISPLAY_\w+)$")
SECRET = re.compile(r"(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL)(?!.*_FILE$)|_KEY$", re.IGNORECASE)


def name_user():
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def read_umask():
    mask = os.umask(0o022)
    os.umask(mask)
    return "%04o" % mask


def find_packages(variables, job):
    given = variables.get("restage_package") or variables.get("restage_packages")
    if os.environ.get("RESTAGE_PACKAGES"):
        given = os.environ["RESTAGE_PACKAGES"].split("\n")
    if isinstance(given, str):
        given = given.split(",")
    if not given:
        # Ansible keeps them without their order.
        given = sorted({tag for tags in context.CLIARGS.get("tags") or [] for tag in tags.split(",")} - {"all"})
    return [clean(str(name).strip()) for name in given if str(name).strip()] or [clean(job)]


def explain(result):
    if result.get("_ansible_no_log"):
        return "its output is hidden (no_log)"
    for item in result.get("results") or []:
        if isinstance(item, dict) and (item.get("failed") or item.get("unreachable")):
            return "%s: %s" % (item.get("item"), explain(item))
    words = [result.get("msg"), result.get("stderr"), result.get("stdout")]
    return " | ".join(str(one).strip() for one in words if one) or "failed without a word"


def clean(text):
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+", " ", text).strip()[:200]


def encode(value):
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode("ascii")}


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)
