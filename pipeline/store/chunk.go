package store

import (
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// This file writes DuckDB's vectors in the memory DuckDB gave for them, laid out as
// duckdb.h documents: a vector of a plain type is an array of it, a VARCHAR is 16
// bytes (its length and its first 12 bytes, or its length, its first 4 and an
// address), a list an offset and a length in its child; a bit a row says what isn't
// NULL. go-duckdb does the same for numbers, but asks C once for each text: three
// million calls for a list of 200,000 rows.

// connection is the driver's connection as its own mapping takes it. The driver
// keeps it in a field of its own: when a later one has none of that name and type,
// rows go another way (TestRowsGoInChunks says so).
func connection(c any) (mapping.Connection, bool) {
	conn, ok := c.(*duckdb.Conn)
	if !ok {
		return mapping.Connection{}, false
	}
	field := reflect.ValueOf(conn).Elem().FieldByName("conn")
	if !field.IsValid() || field.Type() != reflect.TypeFor[mapping.Connection]() {
		return mapping.Connection{}, false
	}
	return mapping.Connection{Ptr: field.FieldByName("Ptr").UnsafePointer()}, true
}

// chunked tells the types that are written here. (JSON is a VARCHAR by another name
// of which the driver has its own idea.)
func chunked(kind mapping.Type, t mapping.LogicalType) bool {
	switch kind {
	case mapping.TypeVarchar:
		return mapping.LogicalTypeGetAlias(t) == ""
	case mapping.TypeInteger, mapping.TypeBigInt, mapping.TypeDouble, mapping.TypeBoolean, mapping.TypeDate, mapping.TypeTimestamp:
		return true
	case mapping.TypeList:
		child := mapping.ListTypeChildType(t)
		defer mapping.DestroyLogicalType(&child)
		return mapping.GetTypeId(child) == mapping.TypeVarchar && mapping.LogicalTypeGetAlias(child) == ""
	}
	return false
}

// chunk is up to 2,048 rows in the vectors of their columns.
type chunk struct {
	chunk   mapping.DataChunk
	columns []vector
	kinds   []mapping.Type
	rows    int
	room    int
	texts   arena
}

// vector is one column of a chunk.
type vector struct {
	vector mapping.Vector
	kind   mapping.Type
	data   unsafe.Pointer // of C
	valid  unsafe.Pointer // of C: uint64s, a bit a row
	// Of a list: what its child holds and has room for.
	child        unsafe.Pointer // of C
	listed, room int
}

func (a *appender) newChunk() *chunk {
	c := &chunk{chunk: mapping.CreateDataChunk(a.types), columns: make([]vector, len(a.types)), kinds: a.kinds, room: int(mapping.VectorSize())}
	c.place()
	return c
}

func (c *chunk) close() {
	mapping.DestroyDataChunk(&c.chunk)
	c.texts.close()
}

// reset makes room for other rows.
func (c *chunk) reset() {
	mapping.DataChunkReset(c.chunk)
	c.rows = 0
	c.texts.reset()
	c.place()
}

// place asks where the vectors are: elsewhere after each reset.
func (c *chunk) place() {
	for i := range c.columns {
		v := &c.columns[i]
		*v = vector{vector: mapping.DataChunkGetVector(c.chunk, mapping.IdxT(i)), kind: c.kinds[i]}
		mapping.VectorEnsureValidityWritable(v.vector)
		v.data, v.valid = mapping.VectorGetData(v.vector), mapping.VectorGetValidity(v.vector)
	}
}

func (c *chunk) full() bool { return c.rows == c.room }

// seal says how much of the vectors is filled.
func (c *chunk) seal() {
	mapping.DataChunkSetSize(c.chunk, mapping.IdxT(c.rows))
	for i := range c.columns {
		if v := &c.columns[i]; v.kind == mapping.TypeList {
			mapping.ListVectorSetSize(v.vector, mapping.IdxT(v.listed))
		}
	}
}

// add adds a row where there is room for one.
func (c *chunk) add(row []driver.Value) error {
	if len(row) != len(c.columns) {
		return fmt.Errorf("a row of %d values for %d columns", len(row), len(c.columns))
	}
	for i, value := range row {
		if !c.columns[i].put(c.rows, value, &c.texts) {
			return fmt.Errorf("column %d: a %T can't be a %s", i+1, value, typeNames[c.columns[i].kind])
		}
	}
	c.rows++
	return nil
}

var typeNames = map[mapping.Type]string{
	mapping.TypeVarchar: "VARCHAR", mapping.TypeInteger: "INTEGER", mapping.TypeBigInt: "BIGINT", mapping.TypeDouble: "DOUBLE",
	mapping.TypeBoolean: "BOOLEAN", mapping.TypeDate: "DATE", mapping.TypeTimestamp: "TIMESTAMP", mapping.TypeList: "VARCHAR[]",
}

// put puts a value in a row; false when it can't be one of the column's.
func (v *vector) put(row int, value driver.Value, texts *arena) bool {
	switch value := value.(type) {
	case nil:
		return v.null(row)
	case string:
		return v.text(row, value, texts)
	case *string:
		if value == nil {
			return v.null(row)
		}
		return v.text(row, *value, texts)
	case int32:
		return v.integer(row, int64(value))
	case int64:
		return v.integer(row, value)
	case int:
		return v.integer(row, int64(value))
	case float64:
		return v.kind == mapping.TypeDouble && set(v.data, row, value)
	case bool:
		return v.kind == mapping.TypeBoolean && set(v.data, row, value)
	case time.Time:
		return v.time(row, value)
	case []string:
		return v.list(row, value, texts)
	}
	return false
}

// set writes one of an array of C.
func set[T any](data unsafe.Pointer, i int, value T) bool {
	*(*T)(unsafe.Add(data, uintptr(i)*unsafe.Sizeof(value))) = value
	return true
}

func (v *vector) null(row int) bool {
	bits := (*uint64)(unsafe.Add(v.valid, row/64*8))
	*bits &^= 1 << (row % 64)
	if v.kind == mapping.TypeList {
		return set(v.data, row, [2]uint64{})
	}
	return true
}

func (v *vector) integer(row int, value int64) bool {
	switch v.kind {
	case mapping.TypeInteger:
		return int64(int32(value)) == value && set(v.data, row, int32(value))
	case mapping.TypeBigInt:
		return set(v.data, row, value)
	case mapping.TypeDouble:
		return set(v.data, row, float64(value))
	}
	return false
}

func (v *vector) time(row int, at time.Time) bool {
	switch v.kind {
	case mapping.TypeDate:
		const day = 24 * 60 * 60
		s := at.Unix()
		return set(v.data, row, int32((s-(s%day+day)%day)/day)) // the day before for what is before 1970
	case mapping.TypeTimestamp:
		return set(v.data, row, at.UnixMicro())
	}
	return false
}

func (v *vector) text(row int, s string, texts *arena) bool {
	return v.kind == mapping.TypeVarchar && putText(unsafe.Add(v.data, row*int(unsafe.Sizeof(varchar{}))), s, texts)
}

// list puts a list of texts: where it begins in the child, and how many they are.
func (v *vector) list(row int, list []string, texts *arena) bool {
	if v.kind != mapping.TypeList {
		return false
	}
	if v.listed+len(list) > v.room {
		v.room = max(2*v.room, v.listed+len(list), 1024)
		if mapping.ListVectorReserve(v.vector, mapping.IdxT(v.room)) == mapping.StateError {
			return false
		}
		v.child = mapping.VectorGetData(mapping.ListVectorGetChild(v.vector))
	}
	set(v.data, row, [2]uint64{uint64(v.listed), uint64(len(list))})
	for _, s := range list {
		if !putText(unsafe.Add(v.child, v.listed*int(unsafe.Sizeof(varchar{}))), s, texts) {
			return false
		}
		v.listed++
	}
	return true
}

// varchar is duckdb_string_t. What is longer than short is in the arena.
type varchar struct {
	length uint32
	begin  [4]byte
	rest   [8]byte // of the text, or the address of all of it
}

// putText writes a text at a place of C. What is no UTF-8 in it becomes U+FFFD.
func putText(at unsafe.Pointer, s string, texts *arena) bool {
	const short = 12
	v := (*varchar)(at)
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	switch {
	case len(s) <= short:
		begin, rest := shortText(b)
		if begin&0x80808080 == 0 && rest&0x8080808080808080 == 0 || utf8.ValidString(s) {
			v.length = uint32(len(s))
			binary.LittleEndian.PutUint32(v.begin[:], begin)
			binary.LittleEndian.PutUint64(v.rest[:], rest)
			return true
		}
	case len(s) > math.MaxUint32:
		return false
	case utf8.ValidString(s):
		v.length, v.begin = uint32(len(s)), [4]byte(b)
		*(*uintptr)(unsafe.Pointer(&v.rest)) = texts.keep(s)
		return true
	}
	return putText(at, strings.ToValidUTF8(s, "\uFFFD"), texts)
}

// shortText is up to 12 bytes as two numbers, the first byte the least, zeros after the
// last: read as one number or two that overlap, where copying would ask how many they
// are of each.
func shortText(b []byte) (begin uint32, rest uint64) {
	n := len(b)
	switch {
	case n >= 8:
		return binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint64(b[n-8:]) >> (8 * (12 - n))
	case n >= 4:
		return binary.LittleEndian.Uint32(b), uint64(binary.LittleEndian.Uint32(b[n-4:]) >> (8 * (8 - n)))
	case n > 0:
		return uint32(b[0]) | uint32(b[n/2])<<(8*(n/2)) | uint32(b[n-1])<<(8*(n-1)), 0
	}
	return 0, 0
}

// arena holds the longer texts of a chunk where they don't move, until DuckDB has
// copied them.
type arena struct {
	pins  runtime.Pinner
	block []byte // the last; full ones are only pinned
}

// keep copies a text and gives its address.
func (a *arena) keep(s string) uintptr {
	if len(a.block)+len(s) > cap(a.block) {
		a.block = make([]byte, 0, max(2*cap(a.block), len(s), 4<<10))
		a.pins.Pin(unsafe.SliceData(a.block))
	}
	a.block = append(a.block, s...)
	return uintptr(unsafe.Pointer(&a.block[len(a.block)-len(s)]))
}

// reset lets go of all texts, and keeps the last block, the largest.
func (a *arena) reset() {
	a.pins.Unpin()
	if a.block != nil {
		a.block = a.block[:0]
		a.pins.Pin(unsafe.SliceData(a.block))
	}
}

func (a *arena) close() { a.pins.Unpin() }
