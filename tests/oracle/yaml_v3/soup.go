package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What stands for a value in the plain files of tests/formats/soup.rs.
const word = "Qw7plain"

// soup compares scraps of YAML rendered with a plain word and with a value: both must say the same, with the value at
// the place of the word. What yaml.v3 does not take with the plain word is passed over.
func soup(lines *bufio.Scanner) {
	cases, broken, unread := 0, 0, 0
	for lines.Scan() {
		var one struct {
			Seed                   uint64
			Plain, Rendered, Value []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			panic(err)
		}
		want, err := documents(one.Plain, string(one.Value))
		if err != nil {
			unread++
			continue
		}
		cases++
		found, err := documents(one.Rendered, string(one.Value))
		if err != nil || fmt.Sprint(want) != fmt.Sprint(found) {
			broken++
			if broken <= 5 {
				fmt.Printf("yaml.v3 seed %d: broken: %v\n%.1500s\nwant  %.1500q\nfound %.1500q\n", one.Seed, err, one.Rendered, want, found)
			}
		}
	}
	fmt.Printf("yaml soup: %d files read by yaml.v3, %d broken; %d templates are wrong for yaml.v3\n", cases, broken, unread)
	if broken > 0 || lines.Err() != nil {
		os.Exit(1)
	}
}

// documents reads all documents of a file, with the value in place of the word.
func documents(text []byte, value string) ([]string, error) {
	leaves := map[string]string{}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	for number := 0; ; number++ {
		var document any
		err := decoder.Decode(&document)
		if err != nil && err.Error() == "EOF" {
			break
		}
		if err != nil {
			return nil, err
		}
		flat(document, []string{fmt.Sprint(number)}, leaves)
	}
	said := map[string]string{}
	for name, leaf := range leaves {
		said[strings.ReplaceAll(name, word, value)] = strings.ReplaceAll(leaf, word, value)
	}
	return sorted(said), nil
}
