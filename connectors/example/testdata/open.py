"""Opens workbooks with openpyxl and prints, for each, its sheets and how many
cells of each hold something: an opinion on the example from outside Go."""
import sys

import openpyxl

for path in sys.argv[1:]:
    book = openpyxl.load_workbook(path, data_only=True)
    counts = ["%s=%d" % (s.title, sum(c.value is not None for row in s.iter_rows() for c in row)) for s in book]
    print(path, book.properties.modified.date(), book.epoch.year, *counts, sep="\t")
