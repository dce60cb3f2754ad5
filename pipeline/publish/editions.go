package publish

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// editionsDir holds the editions kept, each in a folder named by its number.
const editionsDir = "editions"

// Kept are the numbers of the editions kept under dir, the publication, ascending.
func Kept(dir string) ([]int, error) {
	numbers, err := keptEditions(dir)
	if err != nil {
		return nil, fmt.Errorf("editions kept: %w", err)
	}
	return numbers, nil
}

// keptEditions are the numbers under dir/editions, ascending.
func keptEditions(dir string) ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(dir, editionsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil && n > 0 && e.IsDir() {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// keepEditions fills staged/editions with the edition just staged and the keep-1
// latest before it: those the old publication keeps, and the old publication
// itself. The same number published again takes the older one's place.
func keepEditions(old, staged string, m Manifest, keep int) error {
	if keep < 1 {
		return nil
	}
	from := map[int]string{}
	numbers, err := keptEditions(old)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		from[n] = filepath.Join(old, editionsDir, strconv.Itoa(n))
	}
	if past, err := ReadManifest(old); err == nil {
		from[past.Edition] = old
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	from[m.Edition] = staged
	for _, n := range latest(from, m.Edition, keep) {
		if err := linkEdition(from[n], filepath.Join(staged, editionsDir, strconv.Itoa(n))); err != nil {
			return err
		}
	}
	return nil
}

// latest are the keep highest numbers of from up to last.
func latest(from map[int]string, last, keep int) []int {
	var numbers []int
	for n := range from {
		if n <= last {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers[max(0, len(numbers)-keep):]
}

// linkEdition gives the files of the edition in from a second place. A folder
// without a manifest is no edition and is left out.
func linkEdition(from, to string) error {
	m, err := ReadManifest(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range append(m.Files, File{Path: ManifestName}) {
		name := filepath.FromSlash(f.Path)
		err := linkOrCopy(filepath.Join(from, name), filepath.Join(to, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // Verify tells of what is missing
			return err
		}
	}
	return nil
}

// linkOrCopy links where the file system can; shares often can't. A copy is durable, as
// what is linked is already.
func linkOrCopy(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	if err == nil {
		err = dst.Sync()
	}
	return errors.Join(err, dst.Close())
}
