"""Prints the Kubernetes manifests of an overlay, by whichever kustomize this machine has.

Run `python tools/render_manifests.py production` (or `dev`, or any folder with a kustomization.yaml). kubectl carries a
kustomize, the kustomize command is one, and with Go installed the pinned release is built from the module proxy.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KUBERNETES = ROOT / "deploy/kubernetes"
GO_MODULE = "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1"
_CANDIDATES = (
    ("kubectl", ("kubectl", "kustomize")),
    ("kustomize", ("kustomize", "build")),
    ("go", ("go", "run", GO_MODULE, "build")),
)


class NoRenderer(RuntimeError):
    """Neither kubectl nor kustomize nor Go is installed."""


class RenderFailed(RuntimeError):
    """kustomize refuses the folder; the text is its own."""


def find_renderer() -> tuple[str, ...] | None:
    """The command that renders a folder given as its last argument; None where there is none."""
    return next((command for name, command in _CANDIDATES if shutil.which(name)), None)


def render(folder: Path) -> str:
    """The manifests of a folder as one YAML stream.

    Raises:
        NoRenderer: nothing here can render.
        RenderFailed: the folder cannot be rendered.
    """
    command = find_renderer()
    if command is None:
        raise NoRenderer("kubectl, kustomize or go is needed to render manifests")
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RenderFailed(done.stderr.strip())
    return done.stdout


def main() -> int:
    """Runs the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("overlay", help="dev, production, or a folder")
    name = parser.parse_args().overlay
    folder = KUBERNETES / "overlays" / name
    try:
        sys.stdout.write(render(folder if folder.is_dir() else Path(name)))
    except (NoRenderer, RenderFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
