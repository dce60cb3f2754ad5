"""The nightly job on an archive of workbooks, as a good Python programmer writes it
with today's libraries: calamine (or openpyxl) to read, pandas to clean, DuckDB to
hold and publish, Splink to link, openpyxl to answer. docs/performance.md compares
cp3 with it; it does less of everything: no forms, no account of the cells, no
provenance, five tables published instead of all.

    python3 archive_peer.py DEPOT OUT [--reader calamine|openpyxl] [--link splink|none]
                                      [--answers copy|sheet|none]

Prints one line a stage: its seconds on the clock and of processor.
"""
import argparse, pathlib, resource, time, unicodedata

import duckdb, openpyxl, pandas as pd
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

# Headers as the generated workbooks have them, by field.
HEADERS = {
    "family_name": ["nom", "nom du beneficiaire", "nom de famille", "الاسم العائلي"],
    "given_name": ["prenom", "prenoms du beneficiaire", "prenom(s)", "الاسم الشخصي"],
    "sex": ["sexe", "genre", "f/h", "الجنس"],
    "birth_date": ["date de naissance", "ne(e) le", "ddn", "تاريخ الازدياد"],
    "nationality": ["nationalite", "pays d'origine", "pays", "الجنسية"],
    "status": ["situation administrative", "statut", "statut administratif", "الوضعية الإدارية"],
    "doc_type": ["type de document", "type de piece", "piece d'identite", "document", "نوع الوثيقة"],
    "doc_number": ["n° du document", "n° de la piece", "numero de la piece", "n° piece", "رقم الوثيقة"],
    "phone": ["telephone", "n° de telephone", "tel.", "الهاتف"],
    "locality": ["ville / province", "ville", "ville de residence", "المدينة"],
    "date": ["date d'accueil", "accueilli(e) le", "date", "date d'inscription", "date d'entree", "inscrit le", "date inscription",
             "date de la prestation", "date d'accompagnement", "date du service", "date d'insertion", "date de l'insertion",
             "date de debut", "debut", "تاريخ البداية"],
}
SEX = {"f": "F", "femme": "F", "2": "F", "أنثى": "F", "h": "H", "m": "H", "homme": "H", "1": "H", "ذكر": "H"}
MONTHS = {"janv.": 1, "fevr.": 2, "mars": 3, "avr.": 4, "mai": 5, "juin": 6, "juil.": 7, "aout": 8, "sept.": 9, "oct.": 10, "nov.": 11, "dec.": 12}
ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def fold(s):
    s = unicodedata.normalize("NFD", str(s).strip().lower())
    return "".join(c for c in s if not unicodedata.combining(c))


FIELD = {fold(h): f for f, hs in HEADERS.items() for h in hs}


def sheets(path, reader):
    """Yields (sheet, rows) with typed cells."""
    if reader == "calamine":
        from python_calamine import CalamineWorkbook
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python()
    else:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for ws in book.worksheets:
            yield ws.title, [list(r) for r in ws.iter_rows(values_only=True)]
        book.close()


def read(depot, reader):
    frames, files = [], []
    for path in sorted(depot.rglob("*.xlsx")):
        files.append(path)
        for name, rows in sheets(path, reader):
            if len(rows) < 2 or fold(name) == "identification":
                continue
            fields = [FIELD.get(fold(h)) for h in rows[0]]
            if "family_name" not in fields:
                continue
            keep = [i for i, f in enumerate(fields) if f]
            columns = {}
            for i in keep:  # the first column of a field
                columns.setdefault(fields[i], [r[i] if i < len(r) else None for r in rows[1:]])
            frame = pd.DataFrame(columns, dtype=object)
            frame["file"], frame["sheet"], frame["row"] = len(files) - 1, name, range(2, len(rows) + 1)
            frame["member"] = path.relative_to(depot).parts[0]
            frame["date_column"] = fields.index("date") + 1 if "date" in fields else 0
            frames.append(frame)
    return pd.concat(frames, ignore_index=True), files


def by_value(column, f):
    """Applies f to each distinct value only."""
    texts = column.astype(str)
    return texts.map({v: f(v) for v in texts.unique()})


def parse_date(s):
    s = s.translate(ARABIC).strip()
    if s in ("", "None", "nan", "-"):
        return None
    words = fold(s).split()
    try:
        if len(words) == 3 and words[1] in MONTHS:
            return pd.Timestamp(int(words[2]), MONTHS[words[1]], int(words[0]))
        if s[4:5] == "-":
            return pd.Timestamp(int(s[:4]), int(s[5:7]), int(s[8:10]))
        if s.isdigit():
            return pd.Timestamp(int(s), 1, 1) if len(s) == 4 else None
        d, m, y = (int(p) for p in s.replace("-", "/").split("/"))
        return pd.Timestamp(y if y > 99 else (2000 + y if y < 30 else 1900 + y), m, d)
    except ValueError:
        return None


def clean(raw):
    out = raw[["file", "member", "sheet", "row", "date_column"]].copy()
    for f in ("family_name", "given_name", "status", "doc_type", "locality", "nationality"):
        out[f] = by_value(raw[f].fillna(""), lambda v: fold(v) or None)
    out["sex"] = by_value(raw["sex"].fillna(""), lambda v: SEX.get(fold(v).removesuffix(".0"), "ND"))
    out["doc_number"] = by_value(raw["doc_number"].fillna(""), lambda v: "".join(c for c in v.upper() if c.isalnum()) or None)
    out["phone"] = by_value(raw["phone"].fillna(""), lambda v: "".join(c for c in v.translate(ARABIC).removesuffix(".0") if c.isdigit())[-9:] or None)
    out["birth_date"] = by_value(raw["birth_date"].fillna(""), parse_date)
    out["date"] = by_value(raw["date"].fillna(""), parse_date)
    out["refused"] = out["date"].isna()
    out["unique_id"] = range(len(out))
    return out


def link(db, how):
    if how == "none":
        db.execute("create table person as select unique_id, unique_id as person_id from mention where not refused")
        return
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    people = db.execute("""select unique_id, family_name, given_name, sex, strftime(birth_date, '%Y-%m-%d') as birth_date,
        nationality, doc_number, phone, locality from mention where not refused""").df()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.JaroWinklerAtThresholds("family_name"), cl.JaroWinklerAtThresholds("given_name"), cl.ExactMatch("sex"),
                     cl.LevenshteinAtThresholds("birth_date", 1), cl.ExactMatch("nationality"), cl.LevenshteinAtThresholds("doc_number", 1),
                     cl.ExactMatch("phone"), cl.ExactMatch("locality")],
        blocking_rules_to_generate_predictions=[block_on("doc_number"), block_on("birth_date", "phone"), block_on("birth_date", "family_name"),
                                                block_on("birth_date", "given_name"), block_on("phone", "given_name")],
    )
    api = DuckDBAPI(db)
    try:
        linker = Linker(people, settings, api)
    except (TypeError, AttributeError, ValueError):  # Splink 5 registers tables first
        linker = Linker(api.register(people), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("doc_number")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=400_000)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date", "family_name"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("doc_number"))
    edges = linker.inference.predict(threshold_match_probability=0.9)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(edges, threshold_match_probability=0.9)
    result = clusters.as_pandas_dataframe()
    db.register("clusters", result)
    db.execute("create table person as select unique_id, cluster_id as person_id from clusters")


def publish(db, out):
    db.execute("""create table valeurs as
        select member, sheet, year(date) as annee, quarter(date) as trimestre, grouping_id(sex) as total, sex, count(distinct person_id) as personnes, count(*) as prestations
        from mention join person using (unique_id) where not refused
        group by grouping sets ((member, sheet, year(date), quarter(date), sex), (member, sheet, year(date), quarter(date)))""")
    db.execute("""create table activites as
        select member, sheet, locality, nationality, status, sex, year(date) as annee, count(distinct person_id) as personnes
        from mention join person using (unique_id) where not refused group by all order by all""")
    db.execute("create table referencements as select a.member as de, b.member as vers, count(distinct person_id) as personnes from (select distinct member, person_id from mention join person using (unique_id)) a join (select distinct member, person_id from mention join person using (unique_id)) b using (person_id) where a.member <> b.member group by all")
    db.execute("create table soumissions as select file, count(*) as lignes, count(*) filter (refused) as refusees from mention group by all order by file")
    db.execute("create table anomalies as select file, sheet, row from mention where refused order by all")
    for t in ("valeurs", "activites", "referencements", "soumissions", "anomalies"):
        db.execute(f"copy {t} to '{out}/{t}.csv' (header)")
        db.execute(f"copy {t} to '{out}/{t}.parquet'")
    db.execute("select * from valeurs where total = 0").df().to_excel(out / "suivi.xlsx", index=False)


RED = PatternFill("solid", fgColor="FFC7CE")


def answer(db, files, out, how):
    if how == "none":
        return
    bad, tally = {}, {}
    for f, sheet, row, col in db.execute("select file, sheet, row, date_column from mention where refused order by all").fetchall():
        bad.setdefault(f, []).append((sheet, row, col))
    for f, n, refused in db.execute("select * from soumissions").fetchall():
        tally[f] = (n, refused)
    for i, path in enumerate(files):
        book = openpyxl.load_workbook(path) if how == "copy" else openpyxl.Workbook()
        page = book.create_sheet("Accusé de réception", 0)
        page.append(["Fichier", path.name])
        page.append(["Lignes lues", tally[i][0]])
        page.append(["Lignes refusées", tally[i][1]])
        for sheet, row, col in bad.get(i, []):
            page.append([sheet, f"ligne {row}", "la date n'existe pas"])
            if how == "copy":
                cell = book[sheet].cell(row, col)
                cell.fill, cell.comment = RED, Comment("la date n'existe pas", "cp3")
        book.save(out / f"{i}.{path.stem}.xlsx")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("depot", type=pathlib.Path)
    p.add_argument("out", type=pathlib.Path)
    p.add_argument("--reader", default="calamine", choices=["calamine", "openpyxl"])
    p.add_argument("--link", default="splink", choices=["splink", "none"])
    p.add_argument("--answers", default="copy", choices=["copy", "sheet", "none"])
    a = p.parse_args()
    for d in (a.out, a.out / "retours"):
        d.mkdir(parents=True, exist_ok=True)
    last = [time.time(), time.process_time()]

    def lap(name, detail=""):
        now = [time.time(), time.process_time()]
        print(f"{name:9s} {now[0] - last[0]:8.2f} s {now[1] - last[1]:8.2f} s of processor  {detail}", flush=True)
        last[:] = now

    began = list(last)
    raw, files = read(a.depot, a.reader)
    lap("read", f"{len(files)} files, {len(raw)} rows")
    mention = clean(raw)
    db = duckdb.connect(str(a.out / "peer.duckdb"))
    db.register("cleaned", mention)
    db.execute("create table mention as select * from cleaned")
    lap("clean", f"{int(mention.refused.sum())} refused")
    link(db, a.link)
    lap("link", "%d persons" % db.execute("select count(distinct person_id) from person").fetchone()[0])
    publish(db, a.out)
    lap("publish")
    answer(db, files, a.out / "retours", a.answers)
    lap("answer")
    last[:] = began
    lap("all", f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


main()
