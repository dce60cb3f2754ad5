package patch

import "strings"

// namespaces are the URIs a workbook is written with: the usual ("transitional")
// ones, or those of the strict variant of the format.
type namespaces struct {
	main          string // of the elements of workbook, sheets, styles
	relationships string // of r:id, and the start of relationship types
}

func namespacesOf(book *document) namespaces {
	if strings.Contains(string(book.src[book.root.start:book.root.end]), "purl.oclc.org/ooxml") {
		return namespaces{
			main:          "http://purl.oclc.org/ooxml/spreadsheetml/main",
			relationships: "http://purl.oclc.org/ooxml/officeDocument/relationships",
		}
	}
	return namespaces{
		main:          "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
		relationships: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
	}
}

const (
	sheetType    = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
	stylesType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
	commentsType = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
	vmlType      = "application/vnd.openxmlformats-officedocument.vmlDrawing"
	coreType     = "application/vnd.openxmlformats-package.core-properties+xml"
	coreKind     = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)
