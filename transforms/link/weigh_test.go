package link

import (
	"testing"

	"cp3/pipeline/store"
)

// Two records weigh the same whichever comes first: what was kept of a night in one
// order is explained in another.
func TestPairsHaveNoOrder(t *testing.T) {
	db, err := store.Open(t.Context(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	spec := Spec{ID: "id", Columns: []Column{{Name: "given", Kind: GivenName}, {Name: "family", Kind: FamilyName}, {Name: "born", Kind: Date}, {Name: "nat", Kind: Nationality},
		{Name: "number", Kind: Identifier, Within: "type", Exclusive: true}, {Name: "mail", Kind: Email}, {Name: "street", Kind: Address}, {Name: "town", Kind: Locality}}}
	e := newEngine(db, spec, Options{})
	_, err = e.run(t.Context(), Input{From: `(values
		(1, 'Aminata', 'Diallo', '1994-03-12', 'GIN', 'A', 'AB112233', 'ami.d@example.org', '12 rue des Fleurs', 'Rabat'),
		(2, 'Dialo', 'Aminatta', '1994-12-03', 'GIN', 'A', 'AB112332', 'ami.d@example.com', 'rue Fleurs 12', 'الرباط'),
		(3, 'Jallow', 'Aminata', '1994', 'GIN', 'B', 'AB112233', null, '12, rue de la Fleur', 'Rabatt'),
		(4, 'Yao', 'Kouassi', '1990-07-30', 'CIV', 'B', 'AB112234', 'ya@example.org', null, 'Salé'),
		(5, 'Kouassi', 'Yao Serge', '1990-07-03', 'CIV', null, 'AB112234', 'yao@example.org', '1 rue 2', 'Sala'),
		(6, null, 'Kwassi', '1991', null, 'A', 'AC112233', null, '2 rue 1', null),
		(7, 'محمد', 'الإدريسي', '01/01/1992', 'SYR', 'A', '1', 'm@example.org', 'ben', 'Fès'),
		(8, 'El Idrissi', 'Mohammed', '1992-09-09', 'SYR', 'A', '1', 'm@example.net', 'bin', 'Fez'),
		(9, 'Aminata', 'Yao', null, 'CIV', null, null, null, 'bni', 'Rabat')
		) t(id, given, family, born, nat, type, number, mail, street, town)`})
	if err != nil {
		t.Fatal(err)
	}
	w := e.newWeigher().take(e.model)
	crossings := 0
	for a := range int32(9) {
		for b := range a {
			w.weigh(a, b)
			one := w.pair(b, a)
			if w.levels[len(w.levels)-1] == crossed {
				crossings++
			}
			w.weigh(b, a)
			if other := w.pair(b, a); one != other {
				t.Errorf("records %d and %d: %+v; exchanged %+v", a+1, b+1, one, other)
			}
		}
	}
	if crossings < 3 {
		t.Errorf("%d pairs with crossed names only", crossings)
	}
}
