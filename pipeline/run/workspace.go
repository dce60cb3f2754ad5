package run

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cp3/pipeline"
)

// Workspace is the folder a cp3 installation works in.
type Workspace struct {
	Root string
}

// The places of a workspace.
func (w Workspace) path(elem ...string) string {
	return filepath.Join(append([]string{w.Root}, elem...)...)
}

// ConfigFile is the one configuration file.
func (w Workspace) ConfigFile() string { return w.path("cp3.yaml") }

// Depot is where focal points drop workbooks; cp3 only ever reads it.
func (w Workspace) Depot() string { return w.path("depot") }

// Answers is where focal points read the answers.
func (w Workspace) Answers() string { return w.path("retours") }

// Publication is what analysts read.
func (w Workspace) Publication() string { return w.path("publication") }

// Private is the private area: names, papers, phones never leave it.
func (w Workspace) Private() string { return w.path("prive") }

// Archive keeps every file received.
func (w Workspace) Archive() string { return w.path("prive", "archive") }

// LedgerFile lists what came when.
func (w Workspace) LedgerFile() string { return w.path("prive", "ledger", "ledger.jsonl") }

// RevisionsFile holds what changed with one edition.
func (w Workspace) RevisionsFile(edition int) string {
	return w.path("prive", "ledger", fmt.Sprintf("revisions-%06d.json", edition))
}

// ToldFile holds what the public knows once an edition is published.
func (w Workspace) ToldFile(edition int) string {
	return w.path("prive", "ledger", fmt.Sprintf("public-%06d.json.gz", edition))
}

// EditionFolder is where an edition stays readable while it is kept.
func (w Workspace) EditionFolder(edition int) string {
	return w.path("publication", "editions", fmt.Sprint(edition))
}

// Warehouse is the private DuckDB file.
func (w Workspace) Warehouse() string { return w.path("prive", "entrepot.duckdb") }

// KeyFile holds the secret that person ids are keyed with.
func (w Workspace) KeyFile() string { return w.path("prive", "secret.key") }

// Journal holds the logs.
func (w Workspace) Journal() string { return w.path("prive", "journal") }

// scratch holds what only matters while a process works; the next run empties it.
func (w Workspace) scratch() string { return w.path("prive", "tmp") }

// Schedules holds one YAML file per schedule.
func (w Workspace) Schedules() string { return w.path("schedules") }

// Declarations holds those of members that cp3 does not ship, one YAML file each.
func (w Workspace) Declarations() string { return w.path("membres") }

// NotWorkspace says that a folder isn't one.
type NotWorkspace struct{ Root string }

func (e *NotWorkspace) Error() string {
	return fmt.Sprintf("%s: no cp3.yaml here: give the workspace with --workspace, or make one with: cp3 init DIR", e.Root)
}

// BadName says that a folder's name can't be a workspace's.
type BadName struct{ Root string }

func (e *BadName) Error() string {
	return fmt.Sprintf("%s: a workspace can't have ?, # or %% in its path (DuckDB's driver would read options there): rename the folder", e.Root)
}

func checkName(root string) error {
	whole, err := filepath.Abs(root)
	if err != nil {
		return fmt.Errorf("workspace: %w", err)
	}
	if strings.ContainsAny(whole, "?#%") {
		return &BadName{root}
	}
	return nil
}

// OpenWorkspace finds the workspace at root.
func OpenWorkspace(root string) (Workspace, error) {
	w := Workspace{Root: root}
	if err := checkName(root); err != nil {
		return w, err
	}
	if _, err := os.Stat(w.ConfigFile()); errors.Is(err, fs.ErrNotExist) {
		return w, &NotWorkspace{Root: root}
	} else if err != nil {
		return w, fmt.Errorf("open workspace: %w", err)
	}
	return w, nil
}

// InitWorkspace makes an empty workspace at root, or completes one: what is
// there already, the configuration and the secret key above all, is left alone.
// shipped maps schedule file names to their content.
func InitWorkspace(root, config string, members []pipeline.Member, shipped map[string]string, entropy io.Reader) (Workspace, error) {
	w := Workspace{Root: root}
	if err := checkName(root); err != nil {
		return w, err
	}
	folders := []string{w.Publication(), w.Schedules()}
	for _, m := range members {
		folders = append(folders, filepath.Join(w.Depot(), string(m)), filepath.Join(w.Answers(), string(m)))
	}
	for _, dir := range folders {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return w, fmt.Errorf("init workspace: %w", err)
		}
	}
	for _, dir := range []string{w.Private(), w.Archive(), filepath.Dir(w.LedgerFile()), w.Journal()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return w, fmt.Errorf("init workspace: %w", err)
		}
	}
	if err := os.Chmod(w.Private(), 0o700); err != nil {
		return w, fmt.Errorf("init workspace: %w", err)
	}
	key, err := newKey(entropy)
	if err != nil {
		return w, fmt.Errorf("init workspace: %w", err)
	}
	files := map[string]newFile{w.KeyFile(): {key, 0o600}}
	for name, text := range shipped {
		files[filepath.Join(w.Schedules(), name)] = newFile{text, 0o644}
	}
	for name, f := range files {
		if err := f.create(name); err != nil {
			return w, fmt.Errorf("init workspace: %w", err)
		}
	}
	// Last: its presence is what makes the folder a workspace.
	if err := (newFile{config, 0o644}).create(w.ConfigFile()); err != nil {
		return w, fmt.Errorf("init workspace: %w", err)
	}
	return w, nil
}

// born is when the workspace was made, zero when nothing tells.
func (w Workspace) born() time.Time {
	info, err := os.Stat(w.KeyFile())
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// close takes from everybody else what rights they were given on the private area, by
// a copy that kept none or a hasty chmod. (The secret key is no matter of rights any
// more once it could be read: see Secret.)
func (w Workspace) close(log *slog.Logger) error {
	info, err := os.Stat(w.Private())
	if err != nil {
		return fmt.Errorf("private area: %w", err)
	}
	if !exposed(info.Mode()) {
		return nil
	}
	if err := os.Chmod(w.Private(), 0o700); err != nil {
		return fmt.Errorf("private area: others can enter it: %w", err)
	}
	log.Warn("others could enter the private area: closed again", "mode", info.Mode().Perm().String())
	return nil
}

// sweep removes what killed processes left: what DuckDB and LibreOffice put aside,
// and restores that never came to an end.
func (w Workspace) sweep() error {
	left, err := listed(w.Root, restoring, "")
	for _, name := range append(left, w.scratch()) {
		err = errors.Join(err, os.RemoveAll(name))
	}
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}

type newFile struct {
	text string
	mode fs.FileMode
}

// create writes the file whole unless there is one.
func (f newFile) create(name string) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	return WriteFile(name, []byte(f.text), f.mode)
}

func newKey(entropy io.Reader) (string, error) {
	if entropy == nil {
		entropy = rand.Reader
	}
	b := make([]byte, 32)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", fmt.Errorf("secret key: %w", err)
	}
	return hex.EncodeToString(b) + "\n", nil
}

// Secret reads the workspace's key.
func (w Workspace) Secret() ([]byte, error) {
	info, err := os.Stat(w.KeyFile())
	if err != nil {
		return nil, fmt.Errorf("secret key: %w: restore prive/ from a backup", err)
	}
	if exposed(info.Mode()) {
		return nil, fmt.Errorf("secret key: %s can be read by others: chmod 600 it", w.KeyFile())
	}
	b, err := os.ReadFile(w.KeyFile())
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) < 32 {
		return nil, fmt.Errorf("secret key: %s is damaged: restore prive/ from a backup", w.KeyFile())
	}
	return key, nil
}
