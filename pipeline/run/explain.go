package run

import (
	"context"
	"fmt"
	"strconv"

	"cp3/pipeline"
)

// Question names one published number.
type Question struct {
	Code    string
	Year    int
	Quarter int          // 0: the whole year
	Region  string       // HCP code; "": the nation
	Sex     pipeline.Sex // Total when not asked
}

// Explanation opens a published number down to the rows that made it. It holds
// private places (file, sheet, row), never a name.
type Explanation struct {
	Code        string          `json:"code"`
	Label       string          `json:"libelle"`
	Unit        string          `json:"unite"`
	Definition  string          `json:"definition"`
	Numerator   string          `json:"numerateur_texte"`
	Denominator string          `json:"denominateur_texte"`
	Year        int             `json:"annee"`
	Quarter     int             `json:"trimestre,omitempty"`
	Region      string          `json:"region,omitempty"`
	Sex         string          `json:"sexe"`
	Value       *float64        `json:"valeur"`
	N           *float64        `json:"numerateur"`
	D           *float64        `json:"denominateur"`
	Declared    *float64        `json:"valeur_declaree"`
	Gap         *float64        `json:"ecart"`
	Origin      string          `json:"origine"`
	Flags       string          `json:"drapeaux"`
	Units       []Unit          `json:"unites"`
	Linked      Linked          `json:"rapprochement"`
	Totals      []DeclaredTotal `json:"declarations"`
	Refused     []RefusedRow    `json:"refusees"`
}

// Unit is one person, company or institution counted, with every row that
// mentions it: several rows are what linkage or the counting rule made one.
type Unit struct {
	Role   string  `json:"role"` // N numerator, D denominator
	Key    string  `json:"unite"`
	Weight float64 `json:"poids"`
	Rows   []Place `json:"lignes"`
}

// DeclaredTotal is a total a member declared for the number asked for, used or
// set beside it.
type DeclaredTotal struct {
	Place
	Cell  string  `json:"cellule"`
	Value float64 `json:"valeur"`
}

// Place is a row of an archived workbook.
type Place struct {
	Submission string `json:"soumission"`
	Number     int    `json:"numero"` // receipt number
	File       string `json:"fichier"`
	SHA256     string `json:"sha256"`
	Sheet      string `json:"feuille"`
	Row        int    `json:"ligne"`
}

// String names the row as the command line does: file!sheet!row.
func (p Place) String() string { return p.File + "!" + p.Sheet + "!" + strconv.Itoa(p.Row) }

// RefusedRow is a row that would have spoken of the indicator and was refused.
type RefusedRow struct {
	Place
	Cell string `json:"cellule"`
	Rule string `json:"regle"`
}

// NoSuchNumber says that nothing is published under these coordinates.
type NoSuchNumber struct{ Question Question }

func (e *NoSuchNumber) Error() string {
	return fmt.Sprintf("nothing is published for %s in %d (quarter %d, region %q, sex %s): see the tables indicateurs and valeurs",
		e.Question.Code, e.Question.Year, e.Question.Quarter, e.Question.Region, e.Question.Sex)
}

// Explain opens one number of the edition in place.
func Explain(ctx context.Context, o Options, q Question) (Explanation, error) {
	e := Explanation{Code: q.Code, Year: q.Year, Quarter: q.Quarter, Region: q.Region, Sex: string(q.Sex)}
	r, err := look(o)
	if err != nil {
		return e, err
	}
	db, err := r.view(ctx)
	if err != nil {
		return e, err
	}
	if db == nil || len(r.editions) == 0 {
		return e, ErrNothingPublished
	}
	defer db.Close()
	r.db = db
	if err := r.explainValue(ctx, q, &e); err != nil {
		return e, err
	}
	if e.Units, err = r.explainUnits(ctx, q); err != nil {
		return e, fmt.Errorf("explain: %w", err)
	}
	if err := r.explainLinked(ctx, &e); err != nil {
		return e, fmt.Errorf("explain: %w", err)
	}
	if e.Totals, err = r.explainTotals(ctx, q); err != nil {
		return e, fmt.Errorf("explain: %w", err)
	}
	if e.Refused, err = r.explainRefused(ctx, q); err != nil {
		return e, fmt.Errorf("explain: %w", err)
	}
	return e, nil
}

func (r *runner) explainValue(ctx context.Context, q Question, e *Explanation) error {
	found, err := r.db.Conn().QueryContext(ctx, `
		select i.libelle, i.unite, coalesce(i.definition, ''), coalesce(i.numerateur, ''), coalesce(i.denominateur, ''),
			v.valeur, v.numerateur, v.denominateur, v.valeur_declaree, v.ecart, coalesce(v.origine, ''), coalesce(v.drapeaux, '')
		from valeurs v join indicateurs i using (code)
		where v.code = ? and v.annee = ? and coalesce(v.trimestre, 0) = ? and coalesce(v.region, '') = ? and v.sexe = ?`,
		q.Code, q.Year, q.Quarter, q.Region, string(q.Sex))
	if err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	defer found.Close()
	if !found.Next() {
		if err := found.Err(); err != nil {
			return fmt.Errorf("explain: %w", err)
		}
		return &NoSuchNumber{q}
	}
	err = found.Scan(&e.Label, &e.Unit, &e.Definition, &e.Numerator, &e.Denominator, &e.Value, &e.N, &e.D, &e.Declared, &e.Gap, &e.Origin, &e.Flags)
	if err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	return nil
}

// explainUnits lists what was counted, each unit with all its rows in the cell
// asked for.
func (r *runner) explainUnits(ctx context.Context, q Question) ([]Unit, error) {
	found, err := r.db.Conn().QueryContext(ctx, `
		select c.role, c.unit, c.weight, c.submission_id, s.seq, s.path, s.sha256, c.sheet, coalesce(c.row, 0)
		from indicators c join submission s using (submission_id)
		where c.code = ? and c.annee = ? and c.role in ('N', 'D')
		  and (? = 0 or c.trimestre = ?) and (? = '' or c.region = ?) and (? = 'T' or c.sexe = ?)
		order by c.role desc, c.unit, s.seq, c.sheet, c.row`,
		q.Code, q.Year, q.Quarter, q.Quarter, q.Region, q.Region, string(q.Sex), string(q.Sex))
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var units []Unit
	for found.Next() {
		var u Unit
		var p Place
		if err := found.Scan(&u.Role, &u.Key, &u.Weight, &p.Submission, &p.Number, &p.File, &p.SHA256, &p.Sheet, &p.Row); err != nil {
			return nil, err
		}
		if n := len(units); n == 0 || units[n-1].Role != u.Role || units[n-1].Key != u.Key {
			units = append(units, u)
		}
		last := &units[len(units)-1]
		last.Weight = max(last.Weight, u.Weight)
		if n := len(last.Rows); n == 0 || last.Rows[n-1] != p {
			last.Rows = append(last.Rows, p)
		}
	}
	return units, found.Err()
}

// explainTotals lists the totals members declared for the cell asked for.
func (r *runner) explainTotals(ctx context.Context, q Question) ([]DeclaredTotal, error) {
	found, err := r.db.Conn().QueryContext(ctx, `
		select d.submission_id, s.seq, s.path, s.sha256, d.sheet, coalesce(d.row, 0), coalesce(d.cell, ''), d.valeur
		from declared_used d join submission s using (submission_id)
		where d.code = ? and d.annee = ? and d.sexe = ? and (? = 0 and d.in_year or d.trimestre = ?) and (? = '' or d.region = ?)
		order by s.seq, d.sheet, d.row, d.cell`,
		q.Code, q.Year, string(q.Sex), q.Quarter, q.Quarter, q.Region, q.Region)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var totals []DeclaredTotal
	for found.Next() {
		var d DeclaredTotal
		if err := found.Scan(&d.Submission, &d.Number, &d.File, &d.SHA256, &d.Sheet, &d.Row, &d.Cell, &d.Value); err != nil {
			return nil, err
		}
		totals = append(totals, d)
	}
	return totals, found.Err()
}

// explainRefused lists refused rows on the sheets that feed the indicator that
// year.
func (r *runner) explainRefused(ctx context.Context, q Question) ([]RefusedRow, error) {
	found, err := r.db.Conn().QueryContext(ctx, `
		with feeding as (
			select distinct submission_id, sheet from indicators where code = ? and annee = ?
		)
		select i.submission_id, s.seq, s.path, s.sha256, i.sheet, coalesce(i.row, 0), coalesce(i.cell, ''), i.code
		from issue i join feeding using (submission_id, sheet) join submission s using (submission_id)
		where i.severity = 'erreur'
		order by s.seq, i.sheet, i.row, i.n`, q.Code, q.Year)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var rows []RefusedRow
	for found.Next() {
		var l RefusedRow
		if err := found.Scan(&l.Submission, &l.Number, &l.File, &l.SHA256, &l.Sheet, &l.Row, &l.Cell, &l.Rule); err != nil {
			return nil, err
		}
		rows = append(rows, l)
	}
	return rows, found.Err()
}
