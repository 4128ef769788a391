"""Runs every notebook and writes it, with output, to ``build/notebooks``."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BUILT = PROJECT / "build" / "notebooks"


def main() -> None:
    import jupytext
    import nbformat
    from nbclient import NotebookClient

    BUILT.mkdir(parents=True, exist_ok=True)
    for path in sorted((PROJECT / "notebooks").glob("*.py")):
        notebook = jupytext.read(path)
        NotebookClient(notebook, timeout=900, kernel_name="python3").execute()
        built = BUILT / f"{path.stem}.ipynb"
        nbformat.write(notebook, built)
        print(built.relative_to(PROJECT))


if __name__ == "__main__":
    main()
