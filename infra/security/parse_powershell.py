"""Whether PowerShell scripts can be read as PowerShell: there is none here to run them.

``python parse_powershell.py FILE...`` prints every place that is no PowerShell; ends with 1 then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser


def find_errors(node: Node) -> Iterator[Node]:
    """The places below ``node`` that the grammar does not know."""
    if node.type == "ERROR" or node.is_missing:
        yield node
    for child in node.children:
        yield from find_errors(child)


def main() -> int:
    """Parse every file that is named."""
    parser = Parser(Language(tree_sitter_powershell.language()))
    wrong = 0
    for name in sys.argv[1:]:
        for node in find_errors(parser.parse(Path(name).read_bytes()).root_node):
            wrong += 1
            sys.stdout.write(f"{name}:{node.start_point.row + 1}: this is no PowerShell\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
