package link

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
)

// How rare a value is decides how much agreeing on it says: Diallo little, Tchoupo
// much; a residence card's number nearly all, unless forty persons have it, and
// then it is the form's.

// weigh is how many records the prior frequency counts for.
const weigh = 200

// frequencies adds to each record the rarity of its values: -log2 of the chance
// that another person has it, q<feature>. The pair itself is left out of the
// count, and the shipped prior stands for 200 records, so that a name seen twice
// among fifty mentions isn't taken for a rare one.
func (e *engine) frequencies(ctx context.Context) error {
	var columns, joins []string
	e.typical, e.along, e.crowds = map[string]float64{}, map[int][]int{}, nil
	for i, f := range e.fields {
		crowd, err := e.crowd(ctx, i)
		if err != nil {
			return fmt.Errorf("frequencies: %w", err)
		}
		e.crowds = append(e.crowds, crowd)
		for _, ft := range features(f.Kind) {
			if !ft.frequency {
				continue
			}
			name := prefix(i) + ft.name
			typical, err := e.count(ctx, name, crowd, e.holders(f.Kind), weigh*ft.prior)
			if err != nil {
				return fmt.Errorf("frequencies: %w", err)
			}
			e.typical[name] = typical
			columns = append(columns, fmt.Sprintf("q_%s.bits as q%s", name, name))
			joins = append(joins, fmt.Sprintf("left join %s q_%s on q_%s.v = b.%s and q_%s.crowd = %s", e.table("count_"+name), name, name, name, name, crowd))
		}
	}
	columns = append([]string{"b.*"}, columns...)
	err := e.exec(ctx, e.create("record")+" as select "+strings.Join(columns, ", ")+" from link_base b "+strings.Join(joins, " ")+" order by n")
	if err != nil {
		return fmt.Errorf("frequencies: %w", err)
	}
	if err := e.showRecords(ctx); err != nil {
		return fmt.Errorf("frequencies: %w", err)
	}
	return e.drop(ctx, "link_base")
}

// crowd is the SQL of the crowd field i's names are counted in: who agrees on the
// country is compared with its people, half of whom may bear ten names; and a given
// name says the sex, so agreeing on both is agreeing once. Any other column of few
// values may turn out to go with names as well (a region, a language, a camp).
func (e *engine) crowd(ctx context.Context, i int) (string, error) {
	kind := e.fields[i].Kind
	if kind != GivenName && kind != FamilyName {
		return "''", nil
	}
	var parts []string
	for k, f := range e.fields {
		goes := f.Kind == Nationality || f.Kind == Sex && kind == GivenName
		if !goes && e.n >= telltale && (f.Kind == Category || f.Kind == Locality || f.Kind == Postcode) {
			var err error
			if goes, err = e.goesWith(ctx, prefix(i)+"x", prefix(k)+"x"); err != nil {
				return "", err
			}
		}
		if goes {
			e.along[i] = append(e.along[i], k)
			parts = append(parts, "coalesce("+prefix(k)+"x, '')")
		}
	}
	if len(parts) == 0 {
		return "''", nil
	}
	return strings.Join(parts, " || '|' || "), nil
}

// What it takes to find that a column goes with names.
const (
	telltale = 1000 // records
	together = 50   // records a value of the column, on average
	lift     = 1.5  // how much more often two records share a name when they share the column
)

// goesWith says whether sharing a column's value makes sharing a name likelier. Two
// records of one person share both, whatever goes with what: a name shared by no
// more than a few records says nothing.
func (e *engine) goesWith(ctx context.Context, name, column string) (bool, error) {
	var yes sql.NullBool
	err := e.conn.QueryRowContext(ctx, fmt.Sprintf(`
		with common as (select %[1]s as v, %[2]s as g from link_base where %[1]s is not null and %[2]s is not null
			qualify count(*) over (partition by %[1]s) >= greatest(20, count(*) over () // 2000)),
		crowds as (select count(*) as size from common group by g),
		cells as (select v, count(*) as n from common group by v, g)
		select (select count(*) from common) >= %[3]d * (select count(*) from crowds)
			and (select sum(n * (n - 1)) from cells) / (select sum(size * (size - 1)) from crowds)
				>= %[4]g * (select sum(n * (n - 1)) from (select sum(n) as n from cells group by v)) / ((select count(*) from common) * ((select count(*) from common) - 1))`,
		name, column, together, lift)).Scan(&yes)
	return yes.Bool, err
}

// holders is the SQL of who holds a number or was born on a day, told apart by
// name: one person on ten lists is one holder, ten names on one number are ten. ""
// when records themselves are counted.
func (e *engine) holders(kind Kind) string {
	g, f := firstOf(e.fields, GivenName), firstOf(e.fields, FamilyName)
	if g < 0 || f < 0 {
		return ""
	}
	switch kind {
	case Identifier, Phone, Email, Date:
		given, family := "coalesce("+prefix(g)+"s, '')", "coalesce("+prefix(f)+"s, '')"
		return fmt.Sprintf("least(%[1]s, %[2]s) || '|' || greatest(%[1]s, %[2]s)", given, family)
	}
	return ""
}

// own is how many records, or spellings, of a value are the pair's that agrees.
const own = 2

// count makes link_count_<name> (v, crowd, c, k, total, size, bits), c and k how many
// have the value v of all and of its crowd, total and size how many there are, and
// returns the chance that two persons taken at random share a value. A value is as
// frequent as it is in the crowd, when that is more than overall.
func (e *engine) count(ctx context.Context, name, crowd, holders string, prior float64) (float64, error) {
	counted := "count(*)"
	if holders != "" {
		counted = "count(distinct " + holders + ")"
	}
	others := fmt.Sprintf("greatest(c - %d, 0)", own)
	err := e.exec(ctx, e.create("count_"+name)+fmt.Sprintf(` as
		with counted as (select %[1]s as v, %[2]s as crowd, %[3]s as k from link_base where v is not null group by v, crowd),
		summed as (select v, crowd, k, sum(k) over (partition by v) as c, sum(k) over (partition by crowd) as size, sum(k) over () as total from counted)
		select v, crowd, c::bigint as c, k::bigint as k, total::bigint as total, size::bigint as size, -log2(greatest((%[4]s + %[5]g) / (total + %[7]d), (greatest(k - %[6]d, 0) + %[5]g) / (size + %[7]d), 1e-9)) as bits from summed`,
		name, crowd, counted, others, prior, own, weigh))
	if err != nil {
		return 0, err
	}
	// The sum is of integers, for a sum of floats depends on its order.
	var sum, total float64
	err = e.conn.QueryRowContext(ctx, "select coalesce(sum(c * "+others+"), 0)::double, coalesce(max(total), 0)::double from (select distinct v, c, total from "+e.table("count_"+name)+")").Scan(&sum, &total)
	if err != nil {
		return 0, err
	}
	return math.Max((sum/max(total, 1)+prior)/(total+weigh), 1e-9), nil
}
