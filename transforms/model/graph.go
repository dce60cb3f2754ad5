package model

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// statement is what DuckDB's parser says of one query.
type statement struct {
	reads   []string // tables, in lower case, sorted; CTEs left out
	ordered bool     // the outermost SELECT has an ORDER BY
}

// parse has DuckDB's own parser read every query, in one round trip.
func parse(ctx context.Context, db DB, queries []*query) (map[*query]statement, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	var b strings.Builder
	b.WriteString("select json_serialize_sql(text, skip_null := true, skip_empty := true, skip_default := true)::varchar from (values ")
	for i, q := range queries {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(%d, %s)", i, literal(q.sql))
	}
	b.WriteString(") as t(n, text) order by n")
	found := map[*query]statement{}
	var faults []error
	n := 0
	err := scan(ctx, db, b.String(), func(row []string) {
		q := queries[n]
		n++
		s, err := readTree(row[0], q.sql)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", q.path, err))
		}
		found[q] = s
	})
	return found, errors.Join(append(faults, err)...)
}

// readTree finds the tables in a syntax tree as json_serialize_sql writes it.
func readTree(tree, text string) (statement, error) {
	var root struct {
		Error      bool   `json:"error"`
		Message    string `json:"error_message"`
		Position   string `json:"position"`
		Statements []struct {
			Node map[string]any `json:"node"`
		} `json:"statements"`
	}
	if err := json.Unmarshal([]byte(tree), &root); err != nil {
		return statement{}, err
	}
	if root.Error {
		return statement{}, fmt.Errorf("line %d: %s", lineAt(text, root.Position), root.Message)
	}
	if len(root.Statements) != 1 {
		return statement{}, fmt.Errorf("a file holds one SELECT; this one holds %d statements", len(root.Statements))
	}
	node := root.Statements[0].Node
	reads := map[string]bool{}
	tables(node, nil, reads)
	return statement{reads: slices.Sorted(maps.Keys(reads)), ordered: ordered(node)}, nil
}

// lineAt is the line of a byte offset written as a decimal number.
func lineAt(text, position string) int {
	var at int
	_, _ = fmt.Sscan(position, &at)
	return 1 + strings.Count(text[:min(max(at, 0), len(text))], "\n")
}

// ordered reports whether a select node has an ORDER BY of its own.
func ordered(node map[string]any) bool {
	modifiers, _ := node["modifiers"].([]any)
	return slices.ContainsFunc(modifiers, func(m any) bool {
		o, _ := m.(map[string]any)
		return o["type"] == "ORDER_MODIFIER"
	})
}

// tables collects the names of the tables read under a node. A name bound by a
// WITH in scope is not a table; a CTE sees those before it, and not itself (that
// is how an import CTE can bear the name of its table).
func tables(node any, scope []string, reads map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			tables(child, scope, reads)
		}
	case map[string]any:
		if n["type"] == "BASE_TABLE" {
			name, _ := n["table_name"].(string)
			if name = strings.ToLower(name); !slices.Contains(scope, name) {
				reads[name] = true
			}
			return
		}
		scope = bindCTEs(n, scope, reads)
		for key, child := range n {
			if key != "cte_map" {
				tables(child, scope, reads)
			}
		}
	}
}

// bindCTEs reads the WITH clause of a node and returns the scope it makes.
func bindCTEs(node map[string]any, scope []string, reads map[string]bool) []string {
	ctes, _ := node["cte_map"].(map[string]any)
	entries, _ := ctes["map"].([]any)
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		name, _ := entry["key"].(string)
		tables(entry["value"], scope, reads)
		scope = append(slices.Clip(scope), strings.ToLower(name))
	}
	return scope
}

// step is one thing to derive: a query, or the union of a family.
type step struct {
	name  string
	query *query // nil for a family
	needs []string
}

// order sorts the steps so that each comes after what it needs; among those that
// could come next, the first by name, so the order never varies.
func order(steps []step) ([]step, error) {
	waiting := slices.SortedFunc(slices.Values(steps), func(a, b step) int { return cmp.Compare(a.name, b.name) })
	pending := map[string]bool{}
	for _, s := range waiting {
		pending[s.name] = true
	}
	var sorted []step
	for len(waiting) > 0 {
		next := slices.IndexFunc(waiting, func(s step) bool {
			return !slices.ContainsFunc(s.needs, func(n string) bool { return pending[n] })
		})
		if next < 0 {
			return nil, cycle(waiting, pending)
		}
		sorted = append(sorted, waiting[next])
		delete(pending, waiting[next].name)
		waiting = slices.Delete(waiting, next, next+1)
	}
	return sorted, nil
}

// cycle names one circle among steps that all wait for another.
func cycle(waiting []step, pending map[string]bool) error {
	byName := map[string]step{}
	for _, s := range waiting {
		byName[s.name] = s
	}
	var path []string
	for at := waiting[0].name; ; {
		if i := slices.Index(path, at); i >= 0 {
			return fmt.Errorf("these read each other in a circle: %s", strings.Join(append(path[i:], at), " reads "))
		}
		path = append(path, at)
		s := byName[at]
		at = s.needs[slices.IndexFunc(s.needs, func(n string) bool { return pending[n] })]
	}
}
