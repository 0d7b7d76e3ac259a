#!/usr/bin/env python3
"""Brings the public API files of the libraries up to date with the code: src/*/PublicAPI.Unshipped.txt gets what is public and not in
PublicAPI.Shipped.txt, and *REMOVED* for what was shipped and is gone. Look at the difference before you commit it: it is what others build on.

    src/public-api.py              after a change of what is public
    src/public-api.py --ship       with a release: all of it becomes shipped
"""
import os
import re
import subprocess
import sys

SRC = os.path.dirname(os.path.abspath(__file__))
HEAD = "#nullable enable\n"
LIBRARIES = ["FlowEngine", "FlowEngine.ElsaFormat", "FlowEngine.Elsa", "FlowEngine.Storage", "FlowEngine.AspNetCore"]
LIBRARIES += ["Activities.HttpConnector", "Activities.Database"]
MESSAGE = re.compile(r"warning (RS0016|RS0017): Symbol '(.*)' is (?:not )?part of the declared .*\[(.+?\.csproj)")


def path(library, which):
    return os.path.join(SRC, library, f"PublicAPI.{which}.txt")


def read(library, which):
    if not os.path.exists(path(library, which)):
        return set()
    with open(path(library, which), encoding="utf-8-sig") as file:
        return {line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")}


def write(library, which, symbols):
    with open(path(library, which), "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(symbol + "\n" for symbol in sorted(symbols)))


def messages():
    """What the analyzer says of the code as it is."""
    found = {library: (set(), set()) for library in LIBRARIES}
    # Together they bring all the others; what both bring is told by the first.
    for project in ["FlowEngine.AspNetCore", "FlowEngine.Elsa"]:
        build = ["dotnet", "build", os.path.join(SRC, project), "-v", "quiet", "-nologo", "-p:TreatWarningsAsErrors=false"]
        done = subprocess.run(build, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
        if done.returncode != 0:
            sys.exit("\n".join(line for line in done.stdout.splitlines() if "error" in line))
        for rule, symbol, project in MESSAGE.findall(done.stdout):
            found[os.path.basename(os.path.dirname(project))][rule == "RS0017"].add(symbol)
    return found


if "--ship" in sys.argv[1:]:
    for library in LIBRARIES:
        since = read(library, "Unshipped")
        gone = {symbol.removeprefix("*REMOVED*") for symbol in since if symbol.startswith("*REMOVED*")}
        write(library, "Shipped", (read(library, "Shipped") | since) - gone - {"*REMOVED*" + symbol for symbol in gone})
        write(library, "Unshipped", set())
else:
    for library in LIBRARIES:
        write(library, "Shipped", read(library, "Shipped"))
        write(library, "Unshipped", set())
    for library, (added, removed) in messages().items():
        write(library, "Unshipped", added | {"*REMOVED*" + symbol for symbol in removed})
        print(f"{library}: {len(added)} since the last release, {len(removed)} removed")
