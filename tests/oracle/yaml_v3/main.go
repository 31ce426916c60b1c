// Reads the finished YAML files of a dump (see tests/formats/main.rs) with yaml.v3 and compares. A file named
// soup-yaml.jsonl holds pairs of tests/formats/soup.rs.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

type testCase struct {
	Text   []byte
	Leaves [][]json.RawMessage
}

func flat(value any, path []string, leaves map[string]string) {
	switch value := value.(type) {
	case nil:
	case map[string]any:
		for name, inner := range value {
			flat(inner, append(path[:len(path):len(path)], name), leaves)
		}
	case map[any]any:
		for name, inner := range value {
			flat(inner, append(path[:len(path):len(path)], fmt.Sprint(name)), leaves)
		}
	case []any:
		for i, inner := range value {
			flat(inner, append(path[:len(path):len(path)], strconv.Itoa(i)), leaves)
		}
	default:
		leaves[strings.Join(path, "\xff")] = fmt.Sprintf("%T %v", value, value)
	}
}

func expected(raw json.RawMessage) string {
	var leaf struct {
		Text  *[]byte
		Int   *string
		Float *string
		Bool  *bool
	}
	if err := json.Unmarshal(raw, &leaf); err != nil {
		panic(err)
	}
	switch {
	case leaf.Text != nil:
		return "string " + string(*leaf.Text)
	case leaf.Bool != nil:
		return fmt.Sprintf("bool %v", *leaf.Bool)
	case leaf.Int != nil:
		if _, err := strconv.ParseInt(*leaf.Int, 10, 64); err != nil {
			return "uint64 " + *leaf.Int
		}
		return "int " + *leaf.Int
	}
	number, err := strconv.ParseFloat(*leaf.Float, 64)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("float64 %v", number)
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	if strings.HasPrefix(filepath.Base(os.Args[1]), "soup-") {
		soup(lines)
		return
	}
	cases, broken := 0, 0
	for lines.Scan() {
		var one testCase
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			panic(err)
		}
		cases++
		want, found := map[string]string{}, map[string]string{}
		for _, leaf := range one.Leaves {
			var path [][]byte
			if err := json.Unmarshal(leaf[0], &path); err != nil {
				panic(err)
			}
			names := make([]string, len(path))
			for i, name := range path {
				names[i] = string(name)
			}
			want[strings.Join(names, "\xff")] = expected(leaf[1])
		}
		var value any
		err := yaml.Unmarshal(one.Text, &value)
		flat(value, nil, found)
		if err != nil || fmt.Sprint(sorted(want)) != fmt.Sprint(sorted(found)) {
			broken++
			if broken <= 3 {
				fmt.Printf("yaml.v3: broken: %v\n%.1500s\nwant  %.1500q\nfound %.1500q\n", err, one.Text, sorted(want), sorted(found))
			}
		}
	}
	fmt.Printf("yaml: %d files read by yaml.v3, %d broken\n", cases, broken)
	if broken > 0 || lines.Err() != nil {
		os.Exit(1)
	}
}

func sorted(leaves map[string]string) []string {
	var all []string
	for name, value := range leaves {
		all = append(all, name+" = "+value)
	}
	sort.Strings(all)
	return all
}
