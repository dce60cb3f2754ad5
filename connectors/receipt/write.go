package receipt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"

	"cp3/connectors"
	"cp3/connectors/receipt/patch"
	"cp3/pipeline/wording"
)

// Write writes the answer to one submission. original is the path of the archived
// bytes; "" when there is nothing to copy. Whatever is wrong with the original,
// the answer is written, with the page alone if need be; an error means that w, or
// the context, gave up.
func Write(ctx context.Context, w io.Writer, original string, a Answer, lim Limits) error {
	lim = lim.withDefaults()
	book, err := annotated(ctx, original, a, lim)
	if ctx.Err() != nil {
		return fmt.Errorf("write answer: %w", ctx.Err())
	}
	if err != nil {
		if book, err = alone(a, lim); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

var errNoCopy = errors.New("nothing to copy")

// annotated is a copy of the original with its page and marks.
func annotated(ctx context.Context, original string, a Answer, lim Limits) (book *patch.Workbook, err error) {
	defer func() {
		// The original can be anything at all. A mistake of ours in reading it costs
		// the copy, not the answer.
		if r := recover(); r != nil {
			err = fmt.Errorf("copy the original: %v", r)
		}
	}()
	if original == "" {
		return nil, errNoCopy
	}
	info, err := os.Stat(original)
	if err != nil {
		return nil, err
	}
	if info.Size() > lim.CopyBytes {
		return nil, fmt.Errorf("%w: %d bytes", errNoCopy, info.Size())
	}
	b, err := os.ReadFile(original)
	if err != nil {
		return nil, err
	}
	if book, err = patch.Open(b, lim.PartBytes); err != nil {
		return nil, err
	}
	if _, err := book.Clean(connectors.ReceiptName, connectors.ReceiptSheet, ours); err != nil {
		return nil, err
	}
	v := voiceOf(a.Lang)
	list := problems(a, book.Sheets())
	bySheet := marks(list, v, signature(a, v).main, lim)
	sheets := make([]string, 0, len(bySheet))
	for s := range bySheet {
		sheets = append(sheets, s)
	}
	sort.Strings(sheets)
	for _, s := range sheets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !book.HasSheet(s) {
			continue // a place the reader made up; the page still names it
		}
		if err := book.Mark(s, connectors.CommentAuthor, bySheet[s]); err != nil {
			return nil, err
		}
	}
	return book, putPage(book, a, list, true, lim)
}

// alone is a workbook with the page and nothing else.
func alone(a Answer, lim Limits) (*patch.Workbook, error) {
	book, err := patch.New()
	if err != nil {
		return nil, err
	}
	return book, putPage(book, a, problems(a, nil), false, lim)
}

func putPage(book *patch.Workbook, a Answer, list []*problem, copied bool, lim Limits) error {
	p := layout(a, list, copied, book.FreeName(connectors.ReceiptSheet), lim)
	return book.AddPage(patch.Page{Name: p.name, Mark: connectors.ReceiptName, Title: p.title, XML: p.xml(book)})
}

// signature is the last line of a comment.
func signature(a Answer, v voice) phrase {
	if a.checked() {
		return v.say("receipt.checked.signature")
	}
	return v.say("receipt.comment.signature", "number", a.Received.Seq)
}

// signatures recognise the last line of our comments, in any language, for
// programs that forget who wrote a comment.
var signatures = sync.OnceValue(func() *regexp.Regexp {
	var all []string
	for _, lang := range wording.Languages {
		all = append(all, regexp.QuoteMeta(wording.Text(lang, "receipt.checked.signature", nil)))
		text := wording.Text(lang, "receipt.comment.signature", map[string]string{"number": "\x00"})
		all = append(all, strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", `\d+`))
	}
	return regexp.MustCompile(`(?:` + strings.Join(all, "|") + `)\s*$`)
})

// ours reports whether a comment is one an answer put.
func ours(author, text string) bool {
	return author == connectors.CommentAuthor || signatures().MatchString(text)
}
