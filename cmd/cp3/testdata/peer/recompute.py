"""Published numbers, opened and counted again with openpyxl alone. Standard input:
a list of explanations (cp3 explain --json); argument: the archive's folder. A count
from lists is its units, each with rows that are there in the archived workbook; a
declared total is the sum of its cells. Prints how many numbers and rows were opened."""
import functools
import json
import os
import sys

import openpyxl


@functools.lru_cache(maxsize=None)
def book(sha):
    for folder, _, names in os.walk(sys.argv[1]):
        for name in names:
            if name.split(".")[0] == sha:
                with open(os.path.join(folder, name), "rb") as f:
                    return openpyxl.load_workbook(f, data_only=True)
    raise SystemExit("no file of the archive has the fingerprint " + sha)


def row(place):
    sheets = book(place["sha256"])
    if place["feuille"] not in sheets.sheetnames:
        raise SystemExit("no sheet of that name: receipt %d" % place["numero"])
    return [c.value for c in sheets[place["feuille"]][place["ligne"]] if c.value not in (None, "")]


numbers = rows = 0
for e in json.load(sys.stdin):
    where = "%s %s T%s %s %s" % (e["code"], e["annee"], e.get("trimestre", ""), e.get("region", ""), e["sexe"])
    for role, published in (("N", e["numerateur"]), ("D", e["denominateur"])):
        units = [u for u in e["unites"] or [] if u["role"] == role]
        for u in units:
            for place in u["lignes"]:
                if len(row(place)) < 2:
                    raise SystemExit("%s: row %d of receipt %d says nothing" % (where, place["ligne"], place["numero"]))
                rows += 1
        if e["origine"] == "nominative" and published is not None and units:
            seen = {(p["sha256"], p["feuille"], p["ligne"]) for u in units for p in u["lignes"]}
            if len(seen) < len(units) and e["code"][0] != "3":
                raise SystemExit("%s: %d units on %d rows" % (where, len(units), len(seen)))
            if e["compte"] and len(units) != published:
                raise SystemExit("%s: %d units, %g is published" % (where, len(units), published))
    for d in e["declarations"] or []:
        value = book(d["sha256"])[d["feuille"]][d["cellule"]].value if d["cellule"] else d["valeur"]
        try:
            value = float(str(value).replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".").rstrip("%"))
        except ValueError:
            continue  # written in words or formulas the reader accounts for
        if value not in (d["valeur"], d["valeur"] / 100):
            raise SystemExit("%s: a declared cell doesn't hold what is said" % where)
        rows += 1
    numbers += 1
print(json.dumps({"numbers": numbers, "rows": rows}))
