"""The calls on files: what they do, and how they refuse."""

import pytest

from cluster_engine.runtime.container import FileContent, MountSpec
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.layer import layer, link
from cluster_engine.runtime.system import O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY
from cluster_engine.simulation.limits import Limits
from tests.engine.runtime.bench import Bench


@pytest.fixture
def bench():
    bench = Bench()
    bench.start("idle")
    return bench


def refused(bench, job):
    with pytest.raises(Errno) as caught:
        bench.do(job)
    return caught.value.name


def test_what_a_container_writes_does_not_reach_its_image(bench):
    bench.do(lambda s: s.write_file("/etc/motd", b"mine"))
    bench.start("idle", id="c2", pod="p2")
    assert bench.do(lambda s: s.read_file("/etc/motd")) == b"mine"
    assert bench.do(lambda s: s.read_file("/etc/motd"), "c2") == b"welcome\n"


def test_changing_one_file_copies_only_its_directories(bench):
    bench.do(lambda s: s.write_file("/home/ann/notes", b"x"))
    root = bench.kernel.find("c1")[1].layer.root
    shared = bench.image.layer.root
    assert root.entries["etc"] is shared.entries["etc"]
    assert root.entries["home"] is not shared.entries["home"]


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (lambda s: s.read_file("/none"), "ENOENT"),
        (lambda s: s.read_file("/etc/motd/x"), "ENOTDIR"),
        (lambda s: s.read_file("/etc"), "EISDIR"),
        (lambda s: s.write_file("/etc", b""), "EISDIR"),
        (lambda s: s.write_file("/none/x", b""), "ENOENT"),
        (lambda s: s.mkdir("/etc"), "EEXIST"),
        (lambda s: s.rmdir("/etc"), "ENOTEMPTY"),
        (lambda s: s.rmdir("/etc/motd"), "ENOTDIR"),
        (lambda s: s.unlink("/etc"), "EISDIR"),
        (lambda s: s.open("/etc/motd", O_WRONLY | O_CREAT | O_EXCL), "EEXIST"),
        (lambda s: s.rename("/etc", "/etc/inside"), "EINVAL"),
        (lambda s: s.rename("/tmp", "/etc"), "ENOTEMPTY"),
        (lambda s: s.rmdir("/proc"), "ENOTEMPTY"),
        (lambda s: s.rename("/dev", "/d"), "EBUSY"),
        (lambda s: s.readlink("/etc"), "EINVAL"),
        (lambda s: s.chdir("/etc/motd"), "ENOTDIR"),
        (lambda s: s.link("/etc", "/e"), "EPERM"),
        (lambda s: s.link("/etc/motd", "/dev/m"), "EXDEV"),
        (lambda s: s.read(99), "EBADF"),
        (lambda s: s.write(s.open("/etc/motd", O_RDONLY), b"x"), "EBADF"),
        (lambda s: s.stat("/" + "n" * 300), "ENAMETOOLONG"),
        (lambda s: s.write_file("/proc/new", b""), "ENOENT"),
        (lambda s: s.write(s.open("/dev/full", O_WRONLY), b"x"), "ENOSPC"),
    ],
)
def test_calls_are_refused_with_the_right_error(bench, job, name):
    assert refused(bench, job) == name


def as_ann(job):
    def run(system):
        system.set_user(1000, 1000)
        return job(system)

    return run


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (lambda s: s.write_file("/etc/motd", b""), "EACCES"),
        (lambda s: s.list_directory("/root"), "EACCES"),
        (lambda s: s.mkdir("/etc/new"), "EACCES"),
        (lambda s: s.unlink("/etc/motd"), "EACCES"),
        (lambda s: s.chmod("/etc/motd", 0o777), "EPERM"),
        (lambda s: s.chown("/home/ann", 0, 0), "EPERM"),
        (lambda s: s.unlink("/tmp/roots"), "EPERM"),
        (lambda s: s.kill(1, 15), "EPERM"),
    ],
)
def test_other_users_may_not(bench, job, name):
    bench.do(lambda s: s.write_file("/tmp/roots", b""))
    assert refused(bench, as_ann(job)) == name


def test_the_umask_takes_permissions_away(bench):
    def job(system):
        system.umask(0o077)
        system.write_file("/tmp/f", b"")
        return system.stat("/tmp/f").mode

    assert bench.do(job) == 0o600


def test_links_lead_on_and_loops_are_found(bench):
    def job(system):
        system.symlink("motd", "/etc/link")
        system.symlink("/etc", "/tmp/etc")
        system.symlink("loop", "/tmp/loop")
        return system.read_file("/tmp/etc/link"), system.realpath("/tmp/etc/link")

    assert bench.do(job) == (b"welcome\n", "/etc/motd")
    assert refused(bench, lambda s: s.stat("/tmp/loop")) == "ELOOP"


def test_a_hard_link_is_the_same_file(bench):
    def job(system):
        system.link("/etc/motd", "/etc/twin")
        system.write_file("/etc/twin", b"both")
        status = system.stat("/etc/motd")
        return system.read_file("/etc/motd"), status.links, status.inode

    content, links, inode = bench.do(job)
    assert (content, links) == (b"both", 2)
    assert inode == bench.do(lambda s: s.stat("/etc/twin").inode)


def test_appending_and_seeking(bench):
    def job(system):
        fd = system.open("/tmp/f", O_WRONLY | O_CREAT | O_APPEND)
        system.write(fd, b"one")
        system.write(fd, b"two")
        reading = system.open("/tmp/f")
        system.seek(reading, 2)
        return system.read(reading, 2)

    assert bench.do(job) == b"et"


def test_a_file_lives_on_while_it_is_open(bench):
    def job(system):
        system.write_file("/tmp/f", b"still")
        fd = system.open("/tmp/f")
        system.unlink("/tmp/f")
        return system.read(fd)

    assert bench.do(job) == b"still"
    assert bench.kernel.volumes.quota.bytes_used == 0


def test_zeros_cost_no_memory(bench):
    def job(system):
        fd = system.open("/tmp/big", O_WRONLY | O_CREAT)
        for _ in range(100):
            system.write(fd, bytes(1024 * 1024))
        return system.stat("/tmp/big").size

    assert bench.do(job) == 100 * 1024 * 1024
    assert bench.kernel.volumes.quota.bytes_used == 0


def test_a_volume_s_limit_is_its_end():
    bench = Bench()
    bench.kernel.add_empty_directory("v", bytes_max=1000)
    bench.start("idle", mounts=(MountSpec("/data", "v"),))
    assert refused(bench, lambda s: s.write_file("/data/f", b"x" * 2000)) == "ENOSPC"


@pytest.mark.parametrize(
    ("limits", "job", "name"),
    [
        (Limits(file_bytes_max=100), lambda s: s.write_file("/tmp/f", b"x" * 200), "EFBIG"),
        (Limits(stored_bytes_max=100), lambda s: s.write_file("/tmp/f", b"x" * 200), "ENOSPC"),
        (
            Limits(files_per_container_max=5),
            lambda s: [s.write_file(f"/tmp/{n}", b"") for n in range(9)],
            "ENOSPC",
        ),
    ],
    ids=["bytes of a file", "bytes of the cluster", "files of a container"],
)
def test_limits_are_reached(limits, job, name):
    bench = Bench(limits=limits)
    bench.start("idle")
    assert refused(bench, job) == name


def test_a_read_only_root_is_one():
    bench = Bench()
    bench.kernel.add_empty_directory("v")
    bench.start("idle", is_read_only_root=True, mounts=(MountSpec("/data", "v"),))
    assert refused(bench, lambda s: s.write_file("/etc/new", b"")) == "EROFS"
    bench.do(lambda s: s.write_file("/data/new", b""))
    bench.do(lambda s: s.write_file("/dev/shm/new", b""))


def test_a_mount_point_shows_without_being_made(bench):
    bench.kernel.add_empty_directory("v")
    bench.start("idle", id="c2", pod="p2", mounts=(MountSpec("/a/b/c", "v"),))
    assert "a" in bench.do(lambda s: s.list_directory("/"), "c2")
    assert bench.do(lambda s: s.list_directory("/a/b"), "c2") == ["c"]
    bench.do(lambda s: s.write_file("/a/x", b"beside"), "c2")
    assert bench.do(lambda s: s.list_directory("/a"), "c2") == ["b", "x"]


def test_a_piece_of_a_volume_is_mounted(bench):
    bench.kernel.add_empty_directory("v")
    mounts = (MountSpec("/data", "v", sub_path="in/side"), MountSpec("/all", "v"))
    bench.start("idle", id="c2", pod="p2", mounts=mounts)
    bench.do(lambda s: s.write_file("/data/f", b"x"), "c2")
    assert bench.do(lambda s: s.read_file("/all/in/side/f"), "c2") == b"x"


def test_one_file_of_a_projection_is_mounted_and_stays(bench):
    bench.kernel.add_projection("p", {"conf": FileContent(b"old")})
    bench.start("idle", id="c2", pod="p2", mounts=(MountSpec("/etc/motd", "p", "conf"),))
    bench.kernel.add_projection("p", {"conf": FileContent(b"new")})
    assert bench.do(lambda s: s.read_file("/etc/motd"), "c2") == b"old"


def test_a_node_s_path_is_shared_by_its_pods(bench):
    for number in (2, 3):
        bench.kernel.add_host_directory(f"h{number}", "node-1", "/srv/x", "DirectoryOrCreate")
        mounts = (MountSpec("/host", f"h{number}"),)
        bench.start("idle", id=f"c{number}", pod=f"p{number}", mounts=mounts)
    bench.do(lambda s: s.write_file("/host/f", b"shared"), "c2")
    assert bench.do(lambda s: s.read_file("/host/f"), "c3") == b"shared"


def test_proc_tells_of_processes(bench):
    assert bench.do(lambda s: s.read_file("/proc/1/cmdline")) == b"idle\0"
    status = bench.do(lambda s: s.read_file("/proc/self/status")).decode()
    assert status.startswith("Name:\tdo\n")
    assert "1" in bench.do(lambda s: s.list_directory("/proc"))
    mounts = bench.do(lambda s: s.read_file("/proc/mounts")).decode()
    assert mounts.startswith("overlay / overlay rw,relatime 0 0\nproc /proc proc ")


def test_dev_stdout_is_the_descriptor_itself(bench):
    assert bench.do(lambda s: s.readlink("/dev/stdout")) == "/proc/self/fd/1"

    def job(system):
        fd = system.open("/dev/stdout", O_WRONLY)
        return system.write(fd, b"out")

    assert bench.do(job) == 3


def test_a_layer_shares_what_it_does_not_change():
    base = layer("base", {"/etc/a": "1", "/usr/bin/b": "2"})
    upper = layer("upper", {"/etc/c": "3", "/etc/a": None, "/l": link("etc")}, base)
    assert upper.root.entries["usr"] is base.root.entries["usr"]
    assert sorted(upper.node("/etc").entries) == ["c"]
    assert sorted(base.node("/etc").entries) == ["a"]
    with pytest.raises(KeyError):
        upper.node("/etc/a")


def test_a_binary_is_still_one_after_it_was_copied(bench):
    copy = "/tmp/say"
    bench.do(lambda s: s.write_file(copy, s.read_file("/bin/say"), mode=0o755))
    number = bench.kernel.run("c1", (copy, "x"))
    bench.run()
    assert bench.listener.results[number].output == b"x\n"


@pytest.mark.parametrize(
    ("source", "target"),
    [("/etc/motd", "/etc/other"), ("/etc/motd", "/tmp/motd"), ("/opt", "/tmp/opt"), ("/opt", "/o")],
)
def test_renaming_moves_and_leaves_nothing_behind(bench, source, target):
    def job(system):
        system.rename(source, target)
        return system.exists(source), system.exists(target)

    assert bench.do(job) == (False, True)
    assert bench.do(lambda s: "passwd" in s.list_directory("/etc"))


def test_renaming_over_a_file_replaces_it(bench):
    def job(system):
        system.write_file("/etc/new", b"new")
        system.rename("/etc/new", "/etc/motd")
        return system.read_file("/etc/motd"), sorted(system.list_directory("/etc"))

    content, names = bench.do(job)
    assert content == b"new"
    assert "new" not in names
