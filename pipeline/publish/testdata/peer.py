"""Reads a whole publication as an analyst's tools do and checks that data are typed.

usage: peer.py read PUBLICATION      every file, once
       peer.py loop PUBLICATION      the database, until standard input closes
"""
import json
import pathlib
import sys


def read(root):
    import duckdb
    import openpyxl
    import pandas
    import pyarrow.parquet

    manifest = json.loads((root / "MANIFEST.json").read_text(encoding="utf-8"))
    db = duckdb.connect(str(root / "snia.duckdb"), read_only=True)
    files = 0
    for f in manifest["files"]:
        path = root / f["path"]
        if path.suffix == ".parquet":
            table = pyarrow.parquet.read_table(path)
            frame = pandas.read_csv(root / "csv" / (f["table"] + ".csv"), dtype={"code": str, "region": str})
            own = db.sql(f'from "{f["table"]}"').arrow()
            own = own.read_all() if hasattr(own, "read_all") else own
            assert table.num_rows == len(frame) == own.num_rows == f["rows"], f["path"]
            assert table.schema.names == list(frame.columns) == own.schema.names, f["path"]
            assert table.to_pylist() == own.to_pylist(), f["path"]
            for column in table.schema:
                numeric = str(column.type).startswith(("int", "double", "decimal", "float", "uint"))
                if column.name.startswith(("valeur", "cible", "annee", "lignes")):
                    assert numeric, f"{f['path']}: {column.name} is {column.type}"
                if column.name.endswith("_le"):
                    assert str(column.type).startswith("date"), f"{f['path']}: {column.name} is {column.type}"
                if numeric and frame[column.name].notna().any():
                    assert frame[column.name].dtype.kind in "if", f"{f['path']}: CSV {column.name} is {frame[column.name].dtype}"
                    mine = [v for v in table[column.name].to_pylist() if v is not None]
                    assert abs(sum(map(float, mine)) - frame[column.name].sum()) < 1e-6, f"{f['path']}: {column.name}"
                    assert len(mine) == frame[column.name].notna().sum(), f"{f['path']}: NULLs of {column.name}"
        elif path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            sheet = book["Tableau de suivi"]
            numbers = sum(isinstance(c.value, (int, float)) for row in sheet.iter_rows() for c in row)
            assert numbers > 40, f"{f['path']}: {numbers} numbers"
            # Without a rate there is no progress to draw.
            year = int(path.stem.rsplit("_", 1)[1])
            rates = db.execute("select count(*) from tableau_de_suivi where annee = ? and taux_realisation is not null", [year]).fetchall()[0][0]
            charts = sum(len(s._charts) for s in book)
            assert charts == (3 if rates else 2), f"{f['path']}: {charts} charts, {rates} rates of progress"
        elif path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            assert text.startswith("<!DOCTYPE html>\n<html lang=\"") and text.endswith("</html>\n"), f["path"]
        files += 1
    comments = db.execute("select count(*) from duckdb_columns() where comment is null and not internal").fetchall()[0][0]
    assert comments == 0, f"{comments} columns without a comment"
    print(json.dumps({"files": files, "tables": len(db.execute("show tables").fetchall())}))


def loop(root):
    """Each query must see one whole edition: its number is the same in all rows."""
    import duckdb
    import threading

    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    editions, queries = set(), 0
    print("ready", flush=True)
    while not done.is_set():
        with duckdb.connect(str(root / "snia.duckdb"), read_only=True) as db:
            for _ in range(3):
                seen = db.execute("select min(edition), max(edition), count(*) from executions").fetchall()[0]
                assert seen[0] == seen[1] and seen[2] == 1000, seen
                editions.add(seen[0])
                queries += 1
    print(json.dumps({"editions": len(editions), "queries": queries}))


{"read": read, "loop": loop}[sys.argv[1]](pathlib.Path(sys.argv[2]))
