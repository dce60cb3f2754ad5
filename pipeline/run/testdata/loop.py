"""What a focal point does in a spreadsheet, done with openpyxl. One JSON request on
standard input, one JSON answer on standard output."""
import json
import sys

import openpyxl


def fill(ask):
    """Copy rows of a template down, type values over cells, save."""
    book = openpyxl.load_workbook(ask["in"])
    for c in ask.get("rows") or []:
        sheet = book[c["sheet"]]
        for col in range(2, c["columns"] + 1):
            sheet.cell(c["to"], col).value = sheet.cell(c["from"], col).value
    for s in ask.get("cells") or []:
        book[s["sheet"]][s["cell"]].value = s["value"] if s["value"] != "" else None
    book.save(ask["out"])
    return {}


def page(ask):
    """Every problem the answer lists, and every cell it commented."""
    book = openpyxl.load_workbook(ask["in"])
    first = book.worksheets[0]
    rows = [[str(c.value or "") for c in r] for r in first.iter_rows()]
    header = next((i for i, r in enumerate(rows) if "Cellule" in r[1] and "Feuille" in r[0]), len(rows))
    problems = []
    for r in rows[header + 1:]:
        if not r[2]:
            break
        problems.append({"sheet": r[0], "cell": r[1], "severity": r[2], "problem": r[4], "action": r[5]})
    comments = [{"sheet": s.title, "cell": c.coordinate} for s in book.worksheets[1:] for r in s.iter_rows() for c in r
                if c.comment and c.comment.author == "cp3"]
    return {"status": rows[0][0], "problems": problems, "comments": comments, "rtl": bool(first.sheet_view.rightToLeft)}


def correct(ask):
    """Give cells of an answer the values they have in another workbook."""
    book, right = openpyxl.load_workbook(ask["in"]), openpyxl.load_workbook(ask["from"])
    for c in ask.get("cells") or []:
        book[c["sheet"]][c["cell"]].value = right[c["sheet"]][c["cell"]].value
    book.save(ask["out"])
    return {}


request = json.load(sys.stdin)
json.dump({"fill": fill, "page": page, "correct": correct}[request["do"]](request), sys.stdout)
